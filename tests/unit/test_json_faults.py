"""What is no JSON is told in the reader's language, whatever is wrong with it."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.kernel import json_faults

SOUND = rb'{"navn": ["Ib", "\u00e6\n"], "tal": [1, -2.5e3, true, false, null], "i": {"x": {}}}'


@pytest.mark.parametrize(
    ("text", "danish", "english"),
    [
        ('{"a": 1,}', "et komma for meget (linje 1, tegn 8)", "one comma too many (line 1, column 8)"),
        ('{"a": [1, 2', "teksten holder op, før den er færdig (linje 1, tegn 12)", "the text ends before it is complete (line 1, column 12)"),
        ('{"a":\n 01}', "et tal, der begynder med 0 (linje 2, tegn 2)", "a number with a leading zero (line 2, column 2)"),
        (" ", "der står ikke noget (linje 1, tegn 1)", "there is nothing (line 1, column 1)"),
        ("\ufeff{}", "et mærke for byterækkefølge (BOM) for meget (linje 1, tegn 1)", "one byte order mark (BOM) too many (line 1, column 1)"),
        ('{"a": 1e400}', "et tal, der er for stort (linje 1, tegn 7)", "a number that is too large (line 1, column 7)"),
        ('{"a": "\\ud800"}', "et halvt tegn i en tekst (surrogat) (linje 1, tegn 8)", "half a character in a string (surrogate) (line 1, column 8)"),
        ("[" * 2000 + "]" * 2000, "for mange niveauer inde i hinanden (linje 1, tegn 1026)", "too many levels within each other (line 1, column 1026)"),
    ],
)  # fmt: skip
def test_it_says_what_and_where(text: str, danish: str, english: str) -> None:
    assert (str(_why(text.encode())), _why(text.encode()).english) == (danish, english)


@given(st.integers(0, len(SOUND) - 1), st.sampled_from([b"", b",", b'"', b"\\", b"0", b".", b"e", b"-", b"\x01", b"\xff", b"}", b"nul", b"\\ud800", b"\\udc00x", b"\\u12", b"  x"]), st.booleans())  # fmt: skip
def test_nothing_is_left_in_the_parsers_words(at: int, put: bytes, whole: bool) -> None:
    text = SOUND[:at] + put + (SOUND[at + 1 :] if whole else b"")
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        assert error.msg not in json_faults.why(error), error.msg


def _why(text: bytes) -> json_faults.Sentence:
    with pytest.raises(orjson.JSONDecodeError) as told:
        orjson.loads(text)
    return json_faults.why(told.value)
