"""The Danish alphabet. Pure."""

import unicodedata

_LAST = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})
"""The signs after z, in the order of the letters that come last. Foreign letters stand with those that sound alike."""


def alphabetical(text: str) -> str:
    """What words are sorted by: æ, ø and å last, aa as å, capitals and accents as if they were not there
    (Retskrivningsordbogen, on alphabetical order)."""
    last = unicodedata.normalize("NFC", text).lower().replace("aa", "å").translate(_LAST)
    return "".join(ch for ch in unicodedata.normalize("NFD", last) if not unicodedata.combining(ch))


def is_called(name: str, sought: str) -> bool:
    """Whether each of the words sought begins a word of the name, capitals and accents as if they were not there."""
    words = alphabetical(name).replace("-", " ").split()
    return all(any(word.startswith(one) for word in words) for one in alphabetical(sought).replace("-", " ").split())
