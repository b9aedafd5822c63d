"""Numbers as they are written in Danish."""


def danish(number: float, decimals: int | None = None) -> str:
    """A number with a decimal comma: as short as it is, or with so many decimals."""
    return (f"{number:.12g}" if decimals is None else f"{number:.{decimals}f}").replace(".", ",")
