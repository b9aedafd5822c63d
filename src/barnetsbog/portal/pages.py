"""Page numbers in addresses."""


def number(text: str) -> int:
    """A page number; nonsense is the first page."""
    return int(text) if text.isdecimal() and len(text) < 7 else 1
