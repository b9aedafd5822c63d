"""Whose a note, a status and an agreement are to read, what can be written, and what is a visit. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from barnetsbog.access.facts import Facts
from barnetsbog.calendar.model import Meeting
from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import DAY, local_day
from barnetsbog.law.ages import PARTY_AGE, turned
from barnetsbog.law.custody import contradicts_itself, holding

from .model import Agreement, Given, Report, Sort

DEPARTMENT = "family_dept"
READERS = frozenset((DEPARTMENT, "gp", "bup"))
"""The sectors that a note of medicine is for: who has placed the child and who treats it. The law that we have read
says nothing of it (REVIEW, ADR 31), so it is nobody else's."""

LONGEST, LONGEST_TEXT = 200, 2000
NOTE, STATUS, AGREEMENT = "OWN-MEDICINE-NOTE", "OWN-CARER-STATUS", "OWN-CARER-AGREEMENT"
_IN_EACH_FIELD = f"Det er for langt. Der er plads til {LONGEST} tegn i hvert felt."
VISIT = "samvær"
"""The word by which an appointment is a visit to, or of, the child's own family."""
OLD = 30 * DAY
LONGEST_TIME = timedelta(days=366)


# -- who reads ---------------------------------------------------------------------------------------------------------


def readers(facts: Facts, writer: str, at: int) -> tuple[str, ...]:
    """References to those who read a note of medicine that somebody writes now, besides the writer: units, and who else
    has daily care."""
    return tuple(dict.fromkeys((*facts.units(READERS, at), *_carers(facts, at, but=writer))))


def status_readers(facts: Facts, writer: str, at: int) -> tuple[str, ...]:
    """References to those who read a status besides its writer: the family department, the unit that has had the child
    longest first (it is asked for help), and who else has daily care. Nobody else, not a parent nor a school."""
    return tuple(dict.fromkeys((*facts.units({DEPARTMENT}, at), *_carers(facts, at, but=writer))))


def agreement_readers(facts: Facts, agreed: Agreement, at: int) -> tuple[str, ...]:
    """References to those who read an agreement: the family department and those with daily care; of contact also the
    one whom the child sees, if they hold custody now, and the child when it is a party (10 years, barnets lov § 3).

    So neither parent reads the other's, and a parent without custody reads none."""
    found = [*facts.units({DEPARTMENT}, at), *_carers(facts, at)]
    if agreed.sort is Sort.CONTACT:
        sure = facts.custody.known and not contradicts_itself(facts.custody, at)
        holders = {f"RelatedPerson/{one.person}" for one in holding(facts.custody, at)} if sure else set()
        found += [agreed.who] if agreed.who in holders else []
        found += [f"Patient/{facts.child.id}"] if turned(facts.child.born, PARTY_AGE, at) else []
    return tuple(dict.fromkeys(found))


def may_agree(facts: Facts, unit: str, at: int) -> bool:
    """Whether a unit writes what is agreed: of the family department, with a task with the child while it is placed."""
    works = any(one.unit == unit and one.sector == DEPARTMENT and one.start <= at < one.end for one in facts.cares)
    return works and any(one.valid_from <= at < one.valid_to for one in facts.child.placements)


def _carers(facts: Facts, at: int, *, but: str = "") -> list[str]:
    return [f"RelatedPerson/{person}" for person in facts.carers(at) if person != but]


# -- what can be written -----------------------------------------------------------------------------------------------


def can_be_kept(given: Given, now: int) -> Decision:
    """It says what, and it has happened within the last month."""
    more = (unfit(one, LONGEST) for one in (given.dose, given.by) if one.strip())
    if found := next(filter(None, (unfit(given.what, LONGEST, "Skriv, hvad barnet fik."), *more)), None):
        return refuse(_IN_EACH_FIELD if found.fault is Fault.LONG else found.reason, NOTE)
    if not now - 31 * DAY <= given.at <= now:
        return refuse("Skriv en tid, der er gået, og som er højst en måned siden.", NOTE)
    return allow("Noten kan gemmes.", NOTE)


def can_be_reported(report: Report, *, child_agrees: bool) -> Decision:
    """It says something, and the child's own words go along only when the child has said yes to it."""
    if not report.told:
        return refuse("Skriv mindst én ting om, hvordan det går.", STATUS)
    texts = (*report.told.values(), *([report.words] if report.words else []))
    if found := next(filter(None, (unfit(one, LONGEST_TEXT) for one in texts)), None):
        return refuse(found.reason, STATUS)
    if report.words and not child_agrees:
        return refuse("Spørg barnet, om kommunen må læse dets ord. Siger barnet nej, så slet dem.", STATUS)
    return allow("Statussen kan sendes.", STATUS)


def can_be_agreed(agreed: Agreement) -> Decision:
    """It says what is agreed, and from when. A last day is a year ahead at most, so that it is looked at again; without
    one it holds until somebody ends it."""
    contact = agreed.sort is Sort.CONTACT
    wanted = [(agreed.title, LONGEST, "Skriv, hvad aftalen handler om.")]
    if contact:
        wanted += [(agreed.who, LONGEST, "Vælg, hvem barnet skal se."), (agreed.often, LONGEST, "Skriv, hvor tit.")]
    else:
        wanted += [(agreed.text, LONGEST_TEXT, "Skriv, hvad I har aftalt.")]
    more = [(one, most, "") for one, most in ((agreed.place, LONGEST), (agreed.text, LONGEST_TEXT)) if one.strip()]
    if found := next(filter(None, (unfit(*one) for one in (*wanted, *more))), None):
        return refuse(found.reason, AGREEMENT)
    if contact and agreed.support is None:
        return refuse("Vælg, om der skal være en voksen med.", AGREEMENT)
    if agreed.since is None:
        return refuse("Skriv den første dag.", AGREEMENT)
    if agreed.until and not agreed.since <= agreed.until <= agreed.since + LONGEST_TIME:
        return refuse("Skriv en slutdag, der ligger efter den første dag og højst et år frem.", AGREEMENT)
    return allow("Aftalen kan gemmes.", AGREEMENT)


def can_be_ended(reason: str) -> Decision:
    found = unfit(reason, LONGEST, "Skriv, hvorfor aftalen slutter.")
    return refuse(found.reason, AGREEMENT) if found else allow("Aftalen kan afsluttes.", AGREEMENT)


# -- what it is --------------------------------------------------------------------------------------------------------


def is_over(until: date | None, at: int) -> bool:
    return until is not None and until < local_day(at)


def is_old(written_at: int, at: int) -> bool:
    """A status that may no longer be true, as the coordinator's own (screens.md §3)."""
    return at - written_at > OLD


def visits(meetings: Iterable[Meeting], agreements: Iterable[str] = ()) -> tuple[Meeting, ...]:
    """The appointments at which the child is with its own family. `agreements`: references to those on contact."""
    known = frozenset(agreements)
    return tuple(one for one in meetings if one.part_of in known or VISIT in one.title.casefold())
