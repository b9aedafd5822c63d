"""What is wrong with a text that is no JSON, in Danish and English. The parser (orjson 3) says it in its own English."""

from orjson import JSONDecodeError

from .sentences import Sentence, say

_CHARACTER = ("et uventet tegn", "an unexpected character")
_HALF = ("et halvt tegn i en tekst (surrogat)", "half a character in a string (surrogate)")
_ESCAPE = ("en ugyldig sekvens med \\ i en tekst", "an invalid escape sequence in a string")
_NUMBER = ("et tal, der ikke er skrevet helt", "a number that is not whole")
_WORD = ("et ord, der ikke er true, false eller null", "a word that is not true, false or null")
_ENCODING = ("tegn, der ikke er UTF-8", "characters that are not UTF-8")
_WORDS = {
    "unexpected end of data": ("teksten holder op, før den er færdig", "the text ends before it is complete"),
    "unexpected content after document": ("der står mere efter slutningen", "there is more after the end"),
    "unexpected character, expected ':' after key": ("der mangler et : efter et feltnavn", "a : is missing after a key"),
    "unexpected character, expected a string key": ("her skulle stå et feltnavn i anførselstegn", "a key in quotes is expected here"),
    "unexpected character, expected ',' or '}'": ("der mangler et komma eller en }", "a comma or a } is missing"),
    "unexpected character, expected ',' or ']'": ("der mangler et komma eller en ]", "a comma or a ] is missing"),
    "unexpected character, expected a JSON value": ("her skulle stå en værdi", "a value is expected here"),
    "unexpected character": _CHARACTER,
    "unexpected control character in string": ("et styretegn midt i en tekst", "a control character in a string"),
    "trailing comma is not allowed": ("et komma for meget", "one comma too many"),
    "depth limit exceeded": ("for mange niveauer inde i hinanden", "too many levels within each other"),
    "no low surrogate in string": _HALF, "invalid low surrogate in string": _HALF, "invalid high surrogate in string": _HALF,
    "invalid escape in string": _ESCAPE, "invalid escaped sequence in string": _ESCAPE,
    "no digit after exponent sign": _NUMBER, "no digit after sign": _NUMBER, "no digit after decimal point": _NUMBER,
    "number is infinity when parsed as double": ("et tal, der er for stort", "a number that is too large"),
    "number with leading zero is not allowed": ("et tal, der begynder med 0", "a number with a leading zero"),
    "invalid literal, expected 'true'": _WORD, "invalid literal, expected 'false'": _WORD, "invalid literal, expected 'null'": _WORD,
    "invalid UTF-8 encoding in string": _ENCODING, "invalid utf-8 encoding in string": _ENCODING,
    "str is not valid UTF-8: surrogates not allowed": _ENCODING,
    "UTF-8 byte order mark (BOM) is not supported": ("et mærke for byterækkefølge (BOM) for meget", "one byte order mark (BOM) too many"),
    "input data is empty": ("der står ikke noget", "there is nothing"),
    "Input is a zero-length, empty document": ("der står ikke noget", "there is nothing"),
}  # fmt: skip


def why(error: JSONDecodeError) -> Sentence:
    """What is wrong, and where. What the parser says in words that are not known here is passed on as it is."""
    danish, english = _WORDS.get(error.msg, (error.msg, error.msg))
    where = say("linje {0}, tegn {1}", "line {0}, column {1}", error.lineno, error.colno)
    return say("{0} ({1})", "{0} ({1})", Sentence(danish, english), where)
