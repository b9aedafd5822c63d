"""Whose a note of medicine is to read, what can be written, and what is a visit. Pure."""

from collections.abc import Iterable

from barnetsbog.access.facts import Facts
from barnetsbog.calendar.model import Meeting
from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import DAY

from .model import Given

READERS = frozenset(("family_dept", "gp", "bup"))
"""The sectors that a note of medicine is for: who has placed the child and who treats it. The law that we have read
says nothing of it (REVIEW, ADR 31), so it is nobody else's."""

LONGEST = 200
NOTE = "OWN-MEDICINE-NOTE"
_IN_EACH_FIELD = f"Det er for langt. Der er plads til {LONGEST} tegn i hvert felt."
VISIT = "samvær"
"""The word by which an appointment is a visit to, or of, the child's own family."""


def readers(facts: Facts, writer: str, at: int) -> tuple[str, ...]:
    """References to those who read a note that somebody writes now, besides the writer: units, and who else has daily
    care."""
    units = (f"Organization/{one.unit}" for one in facts.cares if one.sector in READERS and one.start <= at < one.end)
    carers = (one.person for one in facts.fostering if one.start <= at < one.end and one.person != writer)
    return tuple(dict.fromkeys((*units, *(f"RelatedPerson/{one}" for one in carers))))


def can_be_kept(given: Given, now: int) -> Decision:
    """It says what, and it has happened within the last month."""
    more = (unfit(one, LONGEST) for one in (given.dose, given.by) if one.strip())
    if found := next(filter(None, (unfit(given.what, LONGEST, "Skriv, hvad barnet fik."), *more)), None):
        return refuse(_IN_EACH_FIELD if found.fault is Fault.LONG else found.reason, NOTE)
    if not now - 31 * DAY <= given.at <= now:
        return refuse("Skriv en tid, der er gået, og som er højst en måned siden.", NOTE)
    return allow("Noten kan gemmes.", NOTE)


def visits(meetings: Iterable[Meeting]) -> tuple[Meeting, ...]:
    return tuple(one for one in meetings if VISIT in one.title.casefold())
