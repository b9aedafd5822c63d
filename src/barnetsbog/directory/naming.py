"""How names are compared."""

import unicodedata


def folded(name: str) -> str:
    """A name as it is searched: case, accents and the two spellings of å, æ and ø fall together."""
    text = name.casefold().replace("å", "aa").replace("æ", "ae").replace("ø", "oe")
    return " ".join("".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)).split())
