"""An analyst has the numbers of every unit of the organisation, as their leaders see them, and nothing behind them."""

import csv
from dataclasses import replace
from typing import Any

import pytest

from barnetsbog.access.reading import open_book, open_to_count
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import all_children
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.measures import queries
from barnetsbog.measures.model import OfUnit
from barnetsbog.portal.measure_words import compared, sheet_of_units
from tests.builders import unit
from tests.conftest import BOTH_DATABASES

from .conftest import Unit

pytestmark = BOTH_DATABASES
SINCE = "2026-09-01T10:00:00+02:00"


@pytest.fixture
def town(ppr: Unit) -> Unit:
    """PPR and the school are the town's, and BUP the region's. PPR has tasks with seven children, two of them late."""
    places: list[Any] = [unit("by"), unit("region"), unit("tom", "school") | _part_of("by")]
    places += [unit("ppr") | _part_of("by"), unit("skole", "school") | _part_of("by")]
    ppr.sends(*places, unit("bup", "bup") | _part_of("region"))
    for number in range(7):
        ppr.has_a_task(number, due="2026-10-15" if number < 2 else "2027-01-15", since=SINCE)
    return ppr


def _part_of(whole: str) -> dict[str, Any]:
    return {"partOf": {"reference": f"Organization/{whole}"}}


def _across(town: Unit) -> dict[str, OfUnit]:
    return {one.unit.name: one for one in queries.of_units(town.scope("tal"))}


def test_each_unit_s_numbers_are_those_that_its_leader_sees(town: Unit) -> None:
    found = _across(town)
    assert list(found) == ["Enhed ppr", "Enhed skole"]  # by name, and none of those without a number
    for leader, name in (("leder", "Enhed ppr"), ("rektor", "Enhed skole")):
        with open_book(town.scope(leader), "measures") as book:
            assert found[name].measures == queries.of_unit(book)
        assert queries.of_one(town.scope("tal"), found[name].unit.id) == found[name]


def test_a_small_number_is_hidden_and_nothing_is_added_up_over_units(town: Unit) -> None:
    late = next(one for one in compared(list(_across(town).values())) if one.definition.id == "overdue")
    told = {place.name: [number.text for number in numbers] for place, numbers in late.lines}
    assert told["Enhed ppr"] == ["skjult", "7", "skjult"]
    assert set(told) == {"Enhed ppr", "Enhed skole"}


def test_the_file_has_a_line_for_each_unit_and_month(town: Unit) -> None:
    lines = list(
        csv.reader(sheet_of_units(queries.of_units(town.scope("tal"))).lstrip("\ufeff").splitlines(), delimiter=";")
    )
    assert lines[0][:3] == ["unit", "month", "load.balls"]
    assert [line[:2] for line in lines[1:]] == [
        [name, month] for name in ("Enhed ppr", "Enhed skole") for month in [*_months(), "2025"]
    ]
    assert lines[1][2] == "7" and {len(line) for line in lines} == {len(lines[0])}


def _months() -> list[str]:
    return [f"2026-{month:02}" for month in range(11, 0, -1)] + ["2025-12"]


@pytest.mark.parametrize("name", ["leder", "rektor", "kim", "ida"])
def test_nobody_else_counts_across(town: Unit, name: str) -> None:
    with pytest.raises(NotFound):
        queries.of_units(town.scope(name))


def test_nothing_is_told_of_another_organisation(town: Unit) -> None:
    bup = town.scope("ida").unit_id
    assert bup is not None
    for ident in (bup, all_children()[0]):
        with pytest.raises(NotFound):
            queries.of_one(town.scope("tal"), ident)
    with pytest.raises(NotFound), open_to_count(replace(town.scope("tal"), unit_id=None), "measures-across", [bup]):
        pytest.fail("somebody without a unit counts")


def test_counting_opens_no_book(town: Unit) -> None:
    """What is lent to count with ends with it: the analyst's own scope is as empty as before."""
    _across(town)
    with open_book(town.scope("tal"), "find") as book:
        assert book.children() == [] and not any(book.sees(child) for child in all_children())


def test_the_log_says_who_counted_in_which_units_and_names_no_child(town: Unit) -> None:
    found = _across(town)
    event = Event.objects.latest("id")
    units = {str(one.unit.id) for one in found.values()}
    assert (event.action, event.person_id, event.child_id) == ("measures-across", town.ident("tal"), None)
    assert units < set(event.detail["units"]) and "children" not in event.detail
    queries.of_units(town.scope("tal"), export=True)
    taken = Event.objects.latest("id")
    assert (taken.action, taken.detail["what"]) == ("export", "measures-across")
