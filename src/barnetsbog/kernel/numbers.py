"""Numbers as they are written in Danish, and whether a text is one."""


def danish(number: float, decimals: int | None = None) -> str:
    """A number with a decimal comma: as short as it is, or with so many decimals."""
    return (f"{number:.12g}" if decimals is None else f"{number:.{decimals}f}").replace(".", ",")


def is_number(text: str, digits: int = 9) -> bool:
    """Whether a text is a whole number of so many digits at most. What others write may have any length, and of
    thousands of digits Python reads no number."""
    return text.isdecimal() and len(text) <= digits
