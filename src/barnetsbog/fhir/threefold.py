"""Answers of three values: yes, no, and None, that it can't be told."""

from collections.abc import Iterable


def either(answers: Iterable[bool | None]) -> bool | None:
    """Whether any is a yes. A doubt counts only when there is none."""
    found = list(answers)
    return True if True in found else None if None in found else False


def every(answers: Iterable[bool | None]) -> bool | None:
    """Whether none is a no. A doubt counts only when there is none."""
    found = list(answers)
    return False if False in found else None if None in found else True
