"""Choosing somebody to help, ending it, and the municipality's decision that somebody may not be a bisidder.

Rights follow in the same transaction. A mandate is never changed into a wider one: it ends, and a new one is given.
"""

from dataclasses import replace
from uuid import UUID

from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import role_named
from barnetsbog.consent.answering import latest
from barnetsbog.directory.queries import sectors
from barnetsbog.intake.writing import write, writing
from barnetsbog.kernel import exact
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS, is_demo_number, normalise
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.law.ages import turned
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.instance import is_demo
from barnetsbog.record.scope import Scope

from . import queries
from .mapping import changed, helper
from .model import BLOCKS, HELPER_AGE, Choosing, Helper, Kind, Mandate, Wanted
from .rules import is_number_of

TOO_YOUNG = "Den, der skal hjælpe, skal være fyldt 15 år."
OVER = "Det er slut allerede."
NOT_THEIRS = "CPR-nummeret passer ikke med personen. Skriv alle ti cifre, og tjek, hvornår personen er født."
EXCLUDED = "Kommunen har besluttet, at personen ikke må være din bisidder. Spørg familieafdelingen, hvis du er uenig."
INVENTED = "Skriv kun et opdigtet nummer her i demonstrationen."


def choose(*, by: Scope, child_id: UUID, wanted: Wanted) -> UUID:
    """Lets somebody help. `NotFound` for whoever may not choose such a helper; `Refused` with the reason."""
    with writing(by, Choosing.CHOOSE, child_id, kind=wanted.kind):
        if wanted.kind not in queries.kinds(by, child_id):
            raise NotFound
        must_fit(wanted, by.at)
        ident = new_id()
        mandate = Mandate(
            str(ident), str(by.role_id), wanted.kind, wanted.blocks, wanted.born, by.at, wanted.until
        )  # fmt: skip
        facts, name = facts_of(child_id), " ".join(wanted.name.split())[:120]
        child, phone, number = facts.child.id, wanted.phone.strip()[:30], wanted.number.strip()
        them = _numbered(child_id, number)
        if them & {UUID(child), by.role_id}:
            raise Refused(NOT_THEIRS)
        if wanted.kind is Kind.LAY and them & _excluded(facts, by.at):
            raise Refused(EXCLUDED)
        write(by, helper(mandate, child=child, name=name, phone=phone, number=number))
    return ident


def must_fit(wanted: Wanted, at: int) -> None:
    """`Refused` with what is wrong with a choice."""
    if not wanted.name.strip():
        raise Refused("Skriv, hvad personen hedder.")
    if not turned(wanted.born, HELPER_AGE, at):
        raise Refused(TOO_YOUNG)
    if wanted.number.strip() and not is_number_of(wanted.number, wanted.born):
        raise Refused(NOT_THEIRS)
    if wanted.number.strip() and is_demo_number(wanted.number) is not is_demo():
        raise Refused(INVENTED if is_demo() else NOT_THEIRS)
    if not wanted.blocks or not wanted.blocks <= set(BLOCKS):
        raise Refused("Vælg mindst én ting.")
    if wanted.until <= at:
        raise Refused("Slutdagen skal ligge efter i dag.")
    if wanted.until > latest(at):
        raise Refused("Det kan højst gælde et år. Så kan du vælge igen.")


def _numbered(child_id: UUID, number: str) -> set[UUID]:
    """Who has a number in the book. Nobody learns of it but that it is the child's own, the giver's, or somebody's who
    was excluded: the child has been told of that."""
    found = store.people_numbered(normalise(number), PERSON_NUMBER_SYSTEMS) if number else []
    return {person for child, person in found if child == child_id}


def _excluded(facts: Facts, at: int) -> set[UUID]:
    """Whom the municipality has decided against, for as long as they would have helped: to choose them again would undo
    its decision."""
    decided = (one for one in facts.mandates if one.kind is Kind.LAY and one.excluded_at is not None)
    return {UUID(one.person) for one in decided if at < one.end}


def end(*, by: Scope, child_id: UUID, person_id: UUID) -> None:
    """The giver ends it. `NotFound` for everybody else."""
    with writing(by, Choosing.END, child_id, helper=str(person_id)) as book:
        if by.unit_id is not None:
            raise NotFound
        found = queries.helper(book, child_id, person_id)
        _must_last(found)
        _store(by, book, child_id, found, replace(found.mandate, end=by.at))


def exclude(*, by: Scope, child_id: UUID, person_id: UUID, reason: str) -> None:
    """The municipality decides that somebody may not be the child's bisidder, and says why (barnets lov § 6)."""
    with writing(by, Choosing.EXCLUDE, child_id, helper=str(person_id)) as book:
        if not may_exclude(by):
            raise NotFound
        found = queries.helper(book, child_id, person_id)
        if found.mandate.kind is not Kind.LAY:
            raise NotFound
        if not reason.strip():
            raise Refused("Skriv, hvorfor kommunen har besluttet det. Barnet kan læse det.")
        _must_last(found)
        _store(by, book, child_id, found, replace(found.mandate, excluded_at=by.at), reason.strip()[:2000])


def may_exclude(by: Scope) -> bool:
    """The family department, in a role that decides such things."""
    return (
        by.unit_id is not None
        and "consent" in role_named(by.role).may
        and sectors([by.unit_id]).get(by.unit_id) == "family_dept"
    )


def _must_last(found: Helper) -> None:
    if not found.now:
        raise Refused(OVER)


def _store(by: Scope, book: Book, child_id: UUID, found: Helper, after: Mandate, reason: str = "") -> None:
    row = book.entry(child_id, UUID(found.id))
    person = exact.loads(book.bodies([row])[row.id])
    write(by, changed(person, found.mandate, after, reason=reason))
