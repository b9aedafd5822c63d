"""Which units belong to another municipality than one's own, on both databases."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.directory.queries import elsewhere, municipalities, places, units
from tests.builders import bundle, send, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def part_of(ident: str, sector: str, parent: str) -> dict[str, Any]:
    return {**unit(ident, sector), "partOf": {"reference": f"Organization/{parent}"}}


def others(of: str, *directory: dict[str, Any]) -> set[str]:
    """The units elsewhere, by their names."""
    assert not send(bundle(*directory)).refusals
    names = {one.name.removeprefix("Enhed "): ident for ident, one in units().items()}
    by_id = {ident: name for name, ident in names.items()}
    return {by_id[ident] for ident in elsewhere(names[of])}


OLD = [unit("gammel", "other"), part_of("gppr", "ppr", "gammel"), part_of("gskole", "school", "gammel")]
NEW = [unit("ny", "other"), part_of("nfam", "family_dept", "ny"), part_of("team", "family_dept", "nfam"), part_of("nskole", "school", "ny")]  # fmt: skip
REGION = [unit("region", "other"), part_of("bup", "bup", "region"), unit("fri", "school"), unit("laege", "gp")]


def test_everything_of_the_other_municipality_and_nothing_else() -> None:
    assert others("nfam", *OLD, *NEW, *REGION) == {"gammel", "gppr", "gskole"}


def test_a_team_belongs_where_its_department_does() -> None:
    assert others("team", *OLD, *NEW, *REGION) == {"gammel", "gppr", "gskole"}


def test_a_school_belongs_to_its_municipality_too() -> None:
    assert others("gskole", *OLD, *NEW, *REGION) == {"ny", "nfam", "team", "nskole"}


@pytest.mark.parametrize("name", ["bup", "laege", "fri", "region"])
def test_who_is_of_no_municipality_has_no_border_of_one(name: str) -> None:
    assert others(name, *OLD, *NEW, *REGION) == set()


def test_a_service_that_says_of_no_municipality_is_nobody_s_neighbour() -> None:
    assert others("gppr", *OLD, unit("ppr", "ppr"), *REGION) == set()


def test_one_municipality_has_no_elsewhere() -> None:
    assert others("gppr", *OLD, *REGION) == set()


def test_who_is_elsewhere_to_me_to_them_am_i() -> None:
    assert not send(bundle(*OLD, *NEW, *REGION)).refusals
    away = {one: elsewhere(one) for one in units()}
    assert any(away.values())
    assert all((one in away[other]) is (other in away[one]) for one in away for other in away)


def test_whom_a_citizen_can_turn_to_in_which_municipality() -> None:
    """A team of a department is the municipality's; nobody is sent to a place that is closed."""
    closed = {**part_of("lukket", "family_dept", "ny"), "active": False}
    over = [unit("nedlagt", "other"), {**part_of("nppr", "ppr", "nedlagt"), "active": False}]
    assert not send(bundle(*OLD, *NEW, *REGION, closed, *over)).refusals
    towns = {one.name.removeprefix("Enhed "): one.id for one in municipalities()}
    assert list(towns) == ["gammel", "ny"]

    def there(town: UUID | None) -> list[str]:
        return [one.name.removeprefix("Enhed ") for one in places(("family_dept", "bup"), municipality=town)]

    assert there(towns["ny"]) == ["bup", "nfam", "team"] and there(towns["gammel"]) == there(None) == ["bup"]
