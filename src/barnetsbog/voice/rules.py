"""What a child has a right to, what its next birthdays change, and whom it asks about an appointment. Pure."""

from collections.abc import Sequence
from datetime import date

from barnetsbog.calendar.model import Meeting
from barnetsbog.law.ages import ADULT_AGE, PARTY_AGE, YOUNG_AGE, birthday, turned, within
from barnetsbog.law.rulebook import Rulebook
from barnetsbog.messages.model import Reader

from .model import Coming, Holding, Right, Rights

PLAN_AGE = 16
RIGHTS = (
    Right("speak", "BL5", 0, ADULT_AGE),
    Right("talk-alone", "BL5-TALK", 0, ADULT_AGE),
    Right("bisidder", "BL6", 0, ADULT_AGE),
    Right("party", "BL3", PARTY_AGE, ADULT_AGE),
    Right("informed", "SL-CHILD", 0, YOUNG_AGE),
    Right("answer", "SL17", YOUNG_AGE, ADULT_AGE),
    Right("access", "SL17-3", YOUNG_AGE),
    Right("youth-plan", "BL108", PLAN_AGE, ADULT_AGE),
    Right("seen", "LOG-CITIZEN"),
    Right("adult", "VML1", ADULT_AGE),
)
"""In the order of the page. What they are called is the pages' (`portal.voices`)."""


def rights(born: date | None, at: int, book: Rulebook) -> Rights:
    """The rights of whoever was born then. Of one whose birthday nobody knows, those of every age."""
    held = [(one, Holding(one, book.rule(one.rule).certain)) for one in RIGHTS if book.in_force(one.rule, at)]
    now = tuple(told for one, told in held if within(born, one.since, one.below, at))
    if born is None:
        return Rights(now, ())
    coming = (
        Coming(
            age, birthday(born, age), tuple(told for one, told in held if one.since == age),
            tuple(told for one, told in held if one.below == age),
        )
        for age in (PARTY_AGE, YOUNG_AGE, PLAN_AGE, ADULT_AGE) if not turned(born, age, at)
    )  # fmt: skip
    return Rights(now, tuple(one for one in coming if one.begins or one.ends))


def asked(meeting: Meeting, readers: Sequence[Reader]) -> Reader | None:
    """Who arranged an appointment, among those whom the child can write to: somebody invited of theirs, the unit, else
    whoever leads the work, who passes it on. None: there is nobody."""
    invited = {one.reference for one in meeting.guests}
    unit = f"Organization/{meeting.unit_id}"
    found = [one for one in readers if one.reference == unit or one.reference in invited]
    return next(iter(found or [one for one in readers if one.lead] or readers), None)
