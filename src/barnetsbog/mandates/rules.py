"""How long a mandate lasts. Pure."""

from datetime import date

from barnetsbog.law.ages import ADULT_AGE, birthday

from .model import Kind


def lasts(kind: Kind, until: int, born: date | None) -> int:
    """A bisidder is for children: at 18 there is none. `born`: the child's day of birth. The end is not included."""
    return until if kind is not Kind.LAY or born is None else min(until, birthday(born, ADULT_AGE))
