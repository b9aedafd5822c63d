"""Choosing somebody to help, ending it, excluding: what the helper reads at once after it, on both databases."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.audit.models import Event
from barnetsbog.consent import closing
from barnetsbog.consent.operations import block_entry
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import DAY
from barnetsbog.mandates import operations, queries
from barnetsbog.mandates.model import Helper, Kind, Wanted
from barnetsbog.portal.family.closing import shutting
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, care, observation, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import NOON, Clock, Family, clock

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

__all__ = ["clock"]
ACTIVITY = {"resourceType": "Appointment", "id": "a1", "status": "fulfilled", "description": "Møde om planen",
            "start": "2026-11-20T10:00:00+01:00", "end": "2026-11-20T11:00:00+01:00",
            "participant": [{"actor": {"reference": "Patient/alma"}, "status": "accepted"},
                            {"actor": {"reference": "PractitionerRole/kim"}, "status": "accepted"}]}  # fmt: skip
LAY = Wanted("Birgitte Medgang", date(1984, 4, 17), Kind.LAY, frozenset(("AK",)), NOON + 100 * DAY)
MANDATE = replace(LAY, kind=Kind.MANDATE)


def family(born: str = "2013-10-01") -> Family:
    found = Family(birthDate=born)
    case = [unit("familie", "family_dept"), *role("rikke", "familie", "caseworker"), care("c5", unit_id="familie")]
    secret = observation("o9", meta={"security": [{"code": "child-private"}]}, code={"text": "I fortrolighed"})
    assert not send(bundle(*case, {**ACTIVITY, "meta": {"security": [{"code": "ordinary"}]}}, secret)).refusals
    return found


def helper(found: Family, ident: UUID) -> Scope | None:
    return scope_for_person(ident, found.child, level=LoginLevel.SUBSTANTIAL)


def reads(found: Family, ident: UUID) -> set[str]:
    scope = helper(found, ident)
    if scope is None:
        return set()
    with open_book(scope, "timeline", found.child) as book:
        return {row.title for row in book.entries(found.child, Filter(on_timeline=False)) if row.readable}


def chosen(found: Family, name: str) -> list[Helper]:
    with open_book(found.person(name), "mandate", found.child) as book:
        return queries.helpers(book, found.child)


def test_a_child_chooses_a_bisidder_without_its_parents_and_stops_it(clock: Clock) -> None:
    found = family()
    ident = operations.choose(by=found.person("alma"), child_id=found.child, wanted=LAY)
    assert reads(found, ident) == {"Møde om planen"}
    scope = helper(found, ident)
    assert scope and scope.role == "lay-representative"
    (one,) = chosen(found, "alma")
    assert (one.name, one.blocks, one.now) == ("Birgitte Medgang", ("AK",), True)
    assert chosen(found, "mother") == [], "it is the child's own choice"
    clock.at += 1
    operations.end(by=found.person("alma"), child_id=found.child, person_id=ident)
    assert helper(found, ident) is None and not chosen(found, "alma")[0].now
    with pytest.raises(Refused, match="slut"):
        operations.end(by=found.person("alma"), child_id=found.child, person_id=ident)


def test_a_young_person_is_told_that_their_helper_loses_what_they_close(clock: Clock) -> None:
    found = family("2011-11-01")
    row = Entry.objects.get(title="Møde om planen")
    ident = operations.choose(by=found.person("alma"), child_id=found.child, wanted=MANDATE)
    assert row.title in reads(found, ident)
    with open_book(found.person("alma"), "consent", found.child) as book:
        one = closing.one(book, found.child, row.id)
    assert one.helper
    told = shutting(one._replace(readers=(), glancers=(), family=False))
    assert told[0] == "Den, du har valgt til at hjælpe dig, kan ikke længere læse det."
    block_entry(by=found.person("alma"), child_id=found.child, entry_id=row.id)
    assert row.title not in reads(found, ident)


def test_it_ends_by_itself_on_the_day_that_was_said(clock: Clock) -> None:
    found = family()
    ident = operations.choose(by=found.person("alma"), child_id=found.child, wanted=LAY)
    clock.days_later(99)
    assert helper(found, ident)
    clock.days_later(100)
    assert helper(found, ident) is None


def test_a_holder_gives_a_mandate_for_what_they_see_themselves(clock: Clock) -> None:
    found = family()
    wanted = replace(MANDATE, blocks=frozenset(("AK", "TI", "ST")))
    ident = operations.choose(by=found.person("mother"), child_id=found.child, wanted=wanted)
    assert {"Møde om planen", "Sad ved vinduet"} <= reads(found, ident)
    assert "I fortrolighed" not in reads(found, ident)
    assert [one.name for one in chosen(found, "mother")] == ["Birgitte Medgang"]
    assert chosen(found, "father") == chosen(found, "alma") == []


@pytest.mark.parametrize(
    ("name", "born", "wanted"),
    [
        ("alma", "2013-10-01", MANDATE),
        ("mother", "2013-10-01", LAY),
        ("kim", "2013-10-01", MANDATE),
        ("alma", "2008-10-01", LAY),
    ],
)
def test_whoever_may_not_choose_such_a_helper_is_told_nothing(
    clock: Clock, name: str, born: str, wanted: Wanted
) -> None:
    found = family(born)
    by = found.professional(name) if name == "kim" else found.person(name)
    with pytest.raises(NotFound):
        operations.choose(by=by, child_id=found.child, wanted=wanted)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"born": date(2011, 11, 26)}, "fyldt 15 år"), ({"name": " "}, "hedder"), ({"blocks": frozenset()}, "mindst én"),
        ({"blocks": frozenset(("SA",))}, "mindst én"), ({"until": NOON}, "efter i dag"), ({"until": NOON + 400 * DAY}, "højst gælde et år"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_choice_is_told_and_nothing_is_stored(
    clock: Clock, change: dict[str, object], why: str
) -> None:
    found = family()
    with pytest.raises(Refused, match=why):
        operations.choose(by=found.person("alma"), child_id=found.child, wanted=replace(LAY, **change))  # type: ignore[arg-type]
    assert chosen(found, "alma") == []


def test_the_family_department_excludes_a_bisidder_with_a_reason_that_the_child_reads(clock: Clock) -> None:
    found = family()
    ident = operations.choose(by=found.person("alma"), child_id=found.child, wanted=LAY)
    clock.at += 1
    for by in (found.professional("kim"), found.person("mother"), found.person("alma")):
        with pytest.raises(NotFound):
            operations.exclude(by=by, child_id=found.child, person_id=ident, reason="Fordi")
    rikke = found.professional("rikke")
    with pytest.raises(Refused, match="hvorfor"):
        operations.exclude(by=rikke, child_id=found.child, person_id=ident, reason=" ")
    operations.exclude(by=rikke, child_id=found.child, person_id=ident, reason="Hun er selv part i sagen.")
    assert helper(found, ident) is None
    (one,) = chosen(found, "alma")
    assert not one.now and one.reason == "Hun er selv part i sagen."
    acts = list(
        Event.objects.filter(action__startswith="mandate-", allowed=True)
        .order_by("id")
        .values_list("action", flat=True)
    )
    assert acts == ["mandate-choose", "mandate-exclude"]
    for name in ("mother", "alma"):  # whom the child had chosen is not the parents' to know
        with open_book(found.person(name), "log-read", found.child) as book:
            told = [row.action for row in own_log(book, found.child, since=0).rows]
        assert ("mandate-exclude" in told) is (name == "alma"), name


def test_whoever_is_excluded_is_not_chosen_again_while_they_would_have_helped(clock: Clock) -> None:
    found, numbered = family(), replace(LAY, number="170484-1234")
    alma, rikke = found.person("alma"), found.professional("rikke")
    ident = operations.choose(by=alma, child_id=found.child, wanted=numbered)
    clock.at += 1
    operations.exclude(by=rikke, child_id=found.child, person_id=ident, reason="Hun er selv part i sagen.")
    with pytest.raises(Refused, match="ikke må være din bisidder"):
        operations.choose(by=found.person("alma"), child_id=found.child, wanted=numbered)
    another = replace(LAY, name="Ane Medgang", number="170484-1235")
    assert helper(found, operations.choose(by=found.person("alma"), child_id=found.child, wanted=another))
    clock.days_later(101)
    later = replace(numbered, until=NOON + 200 * DAY)
    assert helper(found, operations.choose(by=found.person("alma"), child_id=found.child, wanted=later))


def test_a_mandate_is_not_the_municipalitys_to_exclude(clock: Clock) -> None:
    found = family()
    ident = operations.choose(by=found.person("mother"), child_id=found.child, wanted=MANDATE)
    with pytest.raises(NotFound):
        operations.exclude(by=found.professional("rikke"), child_id=found.child, person_id=ident, reason="Fordi")


def test_somebody_elses_helper_does_not_exist(clock: Clock) -> None:
    found = family()
    ident = operations.choose(by=found.person("mother"), child_id=found.child, wanted=MANDATE)
    for by, one in (
        (found.person("father"), ident),
        (found.person("mother"), uuid4()),
        (found.professional("kim"), ident),
    ):
        with pytest.raises(NotFound):
            operations.end(by=by, child_id=found.child, person_id=one)
    assert helper(found, ident)


def test_a_helper_chooses_nobody_and_reads_nobodys_choice(clock: Clock) -> None:
    found = family()
    ident = operations.choose(by=found.person("alma"), child_id=found.child, wanted=LAY)
    scope = helper(found, ident)
    assert scope and queries.kinds(scope, found.child) == ()
    with pytest.raises(NotFound):
        operations.choose(by=scope, child_id=found.child, wanted=LAY)


def test_rights_derived_from_scratch_are_the_same(clock: Clock) -> None:
    found = family()
    operations.choose(by=found.person("alma"), child_id=found.child, wanted=LAY)
    operations.choose(by=found.person("mother"), child_id=found.child, wanted=MANDATE)
    assert not differing(found.child)
