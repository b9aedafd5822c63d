"""How long a mandate lasts, and whose a number is. Pure."""

from datetime import date

from barnetsbog.kernel.cpr import is_demo_number, normalise
from barnetsbog.law.ages import ADULT_AGE, birthday

from .model import Kind


def lasts(kind: Kind, until: int, born: date | None, *, own: bool) -> int:
    """A bisidder is for children, and a parent's mandate for what the parent sees: at 18 there is neither, but whom a
    young person has given a mandate (`own`) stays. `born`: the child's day of birth. The end is not included."""
    if born is None or (kind is Kind.MANDATE and own):
        return until
    return min(until, birthday(born, ADULT_AGE))


def is_number_of(number: str, born: date) -> bool:
    """Whether a CPR number, or one of the demonstration's, can be that of somebody born on this day."""
    digits = normalise(number)
    if len(digits) != 10 or not (digits.isascii() and digits.isdecimal()):
        return False
    day = int(digits[:2]) - (60 if is_demo_number(digits) else 0)
    return (day, int(digits[2:4]), int(digits[4:6])) == (born.day, born.month, born.year % 100)
