"""The meaning of a grant in plain Python, and the condition that several of them make together."""

import sqlite3
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.record.rights import (
    BREAK_GLASS,
    CONTENT,
    EVERYBODY,
    FORBIDDEN,
    HEADINGS,
    NOTHING,
    PRIVATE,
    Condition,
    GrantRow,
    Rights,
    mine,
    of_child,
    opens,
    over_children,
    reads,
    rights,
    usable,
)
from barnetsbog.record.scope import LoginLevel, Scope, Seal
from barnetsbog.record.shelves import BLOCKS, CLASSES, EVERYTHING, mask, shelf

U, V, E, F = (UUID(int=number) for number in (3, 4, 5, 6))
IN_O, IN_P, TI_H = shelf("IN", "O"), shelf("IN", "P"), shelf("TI", "H")
SCOPE = Scope(U, None, U, "psychologist", "ppr", LoginLevel.SUBSTANTIAL, 100, Seal(), grantees=(U, V))


def grant(shelves: int = 1 << IN_O, level: int = CONTENT, source: UUID | None = None, lane: str = "", entry: UUID | None = None, rule: str = "R") -> GrantRow:  # fmt: skip
    return GrantRow(shelves, level, source, lane, entry, rule)


@pytest.mark.parametrize(("one", "on", "unit", "lane", "entry", "opened"), [
    (grant(), IN_O, U, "ppr", E, True), (grant(), TI_H, U, "ppr", E, False), (grant(), IN_O, None, "", E, True),
    (grant(source=U), IN_O, U, "ppr", E, True), (grant(source=U), IN_O, V, "ppr", E, False), (grant(source=U), IN_O, None, "ppr", E, False),
    (grant(lane="bup"), IN_O, U, "bup", E, True), (grant(lane="bup"), IN_O, U, "ppr", E, False),
    (grant(source=U, lane="bup"), IN_O, U, "bup", E, True), (grant(source=U, lane="bup"), IN_O, V, "bup", E, False),
    (grant(source=U, lane="bup"), IN_O, U, "ppr", E, False), (grant(0), IN_O, U, "ppr", E, False),
    (grant(0, entry=E), TI_H, V, "gp", E, True), (grant(EVERYTHING, entry=E), IN_O, U, "ppr", F, False),
    (grant(EVERYTHING, entry=E), IN_P, U, "ppr", E, False), (grant(1 << IN_P), IN_P, U, "ppr", E, True),
])  # fmt: skip
def test_what_a_grant_speaks_of(
    one: GrantRow, on: int, unit: UUID | None, lane: str, entry: UUID, opened: bool
) -> None:
    assert opens(one, entry_id=entry, shelf=on, unit_id=unit, lane=lane) is opened


@pytest.mark.parametrize("block", BLOCKS)
def test_being_sent_it_opens_every_class_but_confidential_talk(block: str) -> None:
    found = [
        letter
        for letter in CLASSES
        if opens(grant(0, entry=E), entry_id=E, shelf=shelf(block, letter), unit_id=U, lane="")
    ]
    assert found == ["O", "F", "H", "X", "M"]


# -- the condition, asked of a table that has every sort of entry ----------------------------------------------------

ENTRIES = list(product((IN_O, IN_P, TI_H), ("u", "v", None), ("ppr", "bup"), ("e", "f")))


def found(condition: Condition) -> set[tuple[Any, ...]]:
    """The entries for which a condition is true, as SQLite says. Units and ids by letter."""
    names = {U: "u", V: "v", E: "e", F: "f"}
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE entry (shelf, unit_id, lane, id)")
        connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", ENTRIES)
        sql = condition[0].replace("%s", "?")
        return set(
            connection.execute(f"SELECT * FROM entry e WHERE {sql}", [names.get(one, one) for one in condition[1]])
        )


def seen(*grants: GrantRow, scope: Scope = SCOPE) -> set[tuple[Any, ...]]:
    return found(rights(grants, scope).headings)


def every(*, on: tuple[int, ...] = (IN_O, IN_P, TI_H), **only: Any) -> set[tuple[Any, ...]]:
    names = ("shelf", "unit", "lane", "id")
    return {
        one
        for one in ENTRIES
        if one[0] in on and all(dict(zip(names, one, strict=True))[key] == value for key, value in only.items())
    }


def test_one_grant() -> None:
    assert seen(grant(EVERYTHING)) == every()
    assert seen(grant()) == every(on=(IN_O,)) and seen(grant(source=U)) == every(on=(IN_O,), unit="u")
    assert seen(grant(lane="bup")) == every(on=(IN_O,), lane="bup")
    assert seen(grant(source=U, lane="bup")) == every(on=(IN_O,), unit="u", lane="bup")
    assert seen(grant(0)) == set() and rights([grant(0)], SCOPE).any


def test_several_of_one_sort_add_up() -> None:
    more = grant(1 << TI_H)
    assert seen(grant(), more) == every(on=(IN_O, TI_H))
    assert seen(grant(source=U), more._replace(source_id=U)) == every(on=(IN_O, TI_H), unit="u")
    assert seen(grant(lane="bup"), more._replace(lane="bup")) == every(on=(IN_O, TI_H), lane="bup")
    both = seen(grant(source=U, lane="bup"), more._replace(source_id=U, lane="bup"))
    assert both == every(on=(IN_O, TI_H), unit="u", lane="bup")
    assert seen(grant(source=U), more._replace(source_id=V)) == every(on=(IN_O,), unit="u") | every(
        on=(TI_H,), unit="v"
    )


def test_what_is_sent_needs_a_relation() -> None:
    sent = grant(0, entry=E)
    assert rights([sent], SCOPE) == NOTHING and not NOTHING.any and found(NOTHING.headings) == set()
    assert seen(sent, grant(0)) == every(on=(IN_O, TI_H), id="e")
    assert seen(sent, sent._replace(entry_id=F), grant(0)) == every(on=(IN_O, TI_H))
    assert seen(sent, grant(0), scope=replace(SCOPE, shelves=1 << TI_H | 1 << IN_P)) == every(on=(TI_H,), id="e")


def test_a_sectors_right_ends_at_the_border_of_the_municipality() -> None:
    here = replace(SCOPE, elsewhere=frozenset((V,)))
    assert seen(grant(EVERYTHING), scope=here) == every() - every(unit="v")
    assert seen(grant(EVERYTHING, lane="bup"), scope=here) == every(lane="bup") - every(unit="v")
    # What a consent, or a look-up in an emergency, opens is not of a sector
    assert seen(grant(EVERYTHING, source=V), scope=here) == every(unit="v")
    assert seen(grant(0), grant(0, entry=E), scope=here) == every(on=(IN_O, TI_H), id="e")
    broken = replace(here, break_glass=True)
    assert seen(grant(EVERYTHING, rule=BREAK_GLASS), grant(), scope=broken) == every()


@pytest.mark.parametrize(("block", "opened"), [("ST", True), ("PE", True), ("AK", False), ("SA", False)])
def test_who_the_child_is_is_the_same_in_every_municipality(block: str, opened: bool) -> None:
    on = shelf(block, "O")
    found = opens(grant(EVERYTHING), entry_id=E, shelf=on, unit_id=V, lane="ppr", elsewhere=frozenset((V,)))
    assert found is opened


def test_the_role_is_a_ceiling() -> None:
    narrow = replace(SCOPE, shelves=1 << IN_O)
    for one in (
        grant(EVERYTHING),
        grant(EVERYTHING, source=U),
        grant(EVERYTHING, lane="bup"),
        grant(EVERYTHING, source=U, lane="bup"),
    ):
        assert seen(one, scope=narrow) == {entry for entry in seen(one) if entry[0] == IN_O}
    assert rights([grant(EVERYTHING)], replace(SCOPE, shelves=0)) == NOTHING


def test_headings_and_contents() -> None:
    made = rights([grant(level=HEADINGS), grant(1 << TI_H)], SCOPE)
    assert found(made.headings) == every(on=(IN_O, TI_H)) and found(made.content) == every(on=(TI_H,))
    assert made.readable == (f"CASE WHEN {made.content[0]} THEN 1 ELSE 0 END", made.content[1])
    assert rights([grant()], SCOPE).readable == ("1", [])
    low = rights([grant()], replace(SCOPE, reach=HEADINGS))
    assert found(low.headings) == every(on=(IN_O,)) and found(low.content) == set()
    assert rights([grant(level=1)], SCOPE) == Rights(True, ("1 = 0", []), ("1 = 0", []), veiled=False)


def test_what_is_forbidden() -> None:
    shut = grant(0, FORBIDDEN, entry=E, rule="OWN-BLOCK")
    wide, glass = grant(EVERYTHING), grant(EVERYTHING, rule=BREAK_GLASS)
    broken = replace(SCOPE, break_glass=True)
    assert seen(shut, wide) == every(id="f") and found(rights([shut, wide], SCOPE).content) == every(id="f")
    assert seen(shut, shut._replace(entry_id=F), wide) == set()
    assert seen(shut, wide, scope=replace(SCOPE, own=True)) == every()
    assert seen(shut, wide, scope=broken) == every(id="f") and seen(shut, wide, glass, scope=broken) == every()
    assert (
        seen(shut, wide, glass) == every(id="f")
        and rights([glass], SCOPE) == NOTHING
        and seen(glass, scope=broken) == every()
    )
    assert rights([shut], SCOPE) == NOTHING


SHUT, GLASS = grant(0, FORBIDDEN, entry=E, rule="OWN-BLOCK"), grant(EVERYTHING, rule=BREAK_GLASS)


@pytest.mark.parametrize("scope", [
    SCOPE, replace(SCOPE, own=True), replace(SCOPE, break_glass=True), replace(SCOPE, reach=HEADINGS),
    replace(SCOPE, shelves=1 << IN_O), replace(SCOPE, elsewhere=frozenset((V,))), replace(SCOPE, pack=True),
])  # fmt: skip
@pytest.mark.parametrize("grants", [
    (), (grant(),), (grant(EVERYTHING),), (grant(EVERYTHING, HEADINGS),), (grant(EVERYTHING, source=U), grant(lane="bup")),
    (grant(EVERYTHING), SHUT), (grant(EVERYTHING), SHUT._replace(entry_id=F)), (SHUT,), (grant(EVERYTHING), SHUT, GLASS),
    (grant(0), grant(0, entry=E)), (grant(0, entry=E, rule="SSD"),), (grant(0, HEADINGS, entry=E), grant()),
])  # fmt: skip
def test_read_in_plain_python_is_read_in_the_table(scope: Scope, grants: tuple[GrantRow, ...]) -> None:
    known, ids = rights(grants, scope), {"u": U, "v": V, "e": E, "f": F, None: None}
    read = {
        (on, unit, lane, entry) for on, unit, lane, entry in ENTRIES
        if reads(known, scope, entry_id=ids[entry] or E, shelf=on, unit_id=ids[unit], lane=lane)
    }  # fmt: skip
    assert read == found(known.content)


def test_what_is_sent_can_be_used_by_the_role_that_gets_it() -> None:
    assert found((usable(SCOPE), [])) == every(on=(IN_O, TI_H))
    assert found((usable(replace(SCOPE, shelves=1 << TI_H | 1 << IN_P)), [])) == every(on=(TI_H,))


def test_which_grants_are_the_askers_at_all() -> None:
    """Packs count where packs are read and there alone. The plus: see `mine`."""
    (plain, _), (packs, _) = mine(SCOPE), mine(replace(SCOPE, pack=True))
    assert "g.rule NOT IN ('SSD', 'RPL115')" in plain and "g.rule IN ('SSD', 'RPL115')" in packs
    assert " g.valid_to > " in plain and " +g.valid_to > " in mine(SCOPE, of_one=True)[0]
    assert mine(replace(SCOPE, child=E)) == (f"{plain} AND g.child_id = %s", [U, V, 100, 100, E])


def test_the_queries_that_find_them() -> None:
    sql, values = of_child(E, SCOPE)
    assert values == [E, U, V, EVERYBODY, 100, 100] and sql.count("%s") == len(values)
    known, who = mine(SCOPE)
    assert who == [U, V, 100, 100] and BREAK_GLASS in known
    assert BREAK_GLASS not in mine(replace(SCOPE, break_glass=True))[0]
    assert mine(replace(SCOPE, grantees=())) == mine(replace(SCOPE, shelves=0)) == ("1 = 0", [])
    assert over_children(replace(SCOPE, reach=HEADINGS), CONTENT) == ("1 = 0", [])
    for scope in (SCOPE, replace(SCOPE, own=True), replace(SCOPE, break_glass=True)):
        for among in (True, False):
            sql, values = over_children(scope, HEADINGS, among_mine=among)
            assert sql.count("%s") == len(values)
    assert mask(BLOCKS, "PD") == PRIVATE
