"""Who stands in both of two books: whom references lead to when they are one. Pure."""

from collections.abc import Iterable, Sequence

from barnetsbog.fhir import folded
from barnetsbog.fhir.own import Resource, members, person_numbers, reference_of, written
from barnetsbog.mandates.mapping import mandates_of
from barnetsbog.record.former import Names
from barnetsbog.record.promotion import coordinator_of
from barnetsbog.responsibility.mapping import with_move
from barnetsbog.responsibility.model import Baton, Event

from .model import Number

COORDINATED = "Bogen er samlet med en anden, som har en tovholder."


def same_people(patient: str, others: Sequence[Resource], kept: Sequence[Resource], more: Sequence[Resource]) -> Names:
    """References in the other book by those of the book that is kept. `patient`: of the child in the one that is kept;
    `others`: the child in the other; `kept`, `more`: the RelatedPersons of the one and the other.

    Two are one person when they have a person number in common, or the same name when one of them has no number, and
    only when that picks out one of each: nobody is taken for another because it may be so. Somebody who has been chosen
    to help stays who they are, for their right says so.
    """
    found = {f"Patient/{one['id']}": f"Patient/{patient}" for one in others}
    known, coming = ([one for one in some if _may_be_one(one)] for some in (kept, more))
    for one in coming:
        alike = [mine for mine in known if _same(mine, one)]
        if len(alike) == 1 and sum(_same(alike[0], another) for another in coming) == 1:
            found[f"RelatedPerson/{one['id']}"] = f"RelatedPerson/{alike[0]['id']}"
    return found


def _may_be_one(person: Resource) -> bool:
    return person.get("active") is not False and not list(mandates_of(person))


def _same(one: Resource, other: Resource) -> bool:
    first, second = numbers_of([one]), numbers_of([other])
    if first and second:
        return not first.isdisjoint(second)
    return _called(one) == _called(other) != ""


def _called(person: Resource) -> str:
    name: Resource = next(iter(members(person.get("name"))), {})
    return folded(written(name))


def numbers_of(people: Iterable[Resource]) -> frozenset[Number]:
    """The person numbers of Patients or RelatedPersons."""
    return frozenset(number for person in people for number in person_numbers(person.get("identifier")))


def without_coordinator(team: Resource, at: int) -> Resource:
    """A team whose coordinator is one of the team from now on: the child has another."""
    return with_move(team, Event(None, at, "", Baton(), COORDINATED))


def is_coordinated(team: Resource) -> bool:
    return bool(coordinator_of(team))


def coordinator_in(teams: Iterable[Resource]) -> str:
    """A reference to the job that a child's coordinator has; '' when it has none."""
    return next((reference_of(coordinator_of(one).get("member")) for one in teams if is_coordinated(one)), "")
