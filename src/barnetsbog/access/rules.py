"""What follows from a care relation. Pure: no clock, no database."""

from typing import NamedTuple

from barnetsbog.kernel.time import FOREVER, parse

CARE = "care-relation"
"""Rule id. A unit sees a child while it has a task with it (databeskyttelsesloven § 6 with the unit's own statute;
the full table of bases is docs/law.md and comes with the consent engine)."""

_RELATED = frozenset(("active", "onhold", "finished", "waitlist"))


class Period(NamedTuple):
    """From and to (not including), UTC microseconds."""

    start: int
    end: int


def opened_by_care(status: str | None, start: str | None, end: str | None) -> Period | None:
    """The time in which a care relation opens the book; None when it never does.

    A relation without a beginning opens nothing: nobody has said when the task began. One without an end lasts. A
    relation that is planned, cancelled or entered in error opens nothing.
    """
    if status not in _RELATED or not start or (status == "finished" and not end):
        return None
    begins = parse(start)[0]
    ends = parse(end, end=True)[0] + 1 if end else FOREVER
    return Period(begins, ends) if begins < ends else None
