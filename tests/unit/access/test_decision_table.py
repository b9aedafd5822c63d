"""The decision table of the law (law-and-access §3), row by row: what each relation opens and what it does not.

`TI/H@bup` is what BUP wrote about conditions, class health; `TI/H@ppr-unit` is what the reader's own unit wrote.
"""

from typing import Any

import pytest

from barnetsbog.access.facts import Fostering, Glass
from barnetsbog.access.roles import role_named, roles
from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.ages import days_after
from barnetsbog.law.model import Custody, Matter, Placement, Status
from barnetsbog.record.rights import CONTENT
from barnetsbog.record.shelves import BLOCKS, CLASSES, EVERYTHING, mask
from tests.unit.access.families import (
    ALMA,
    FATHER,
    MOTHER,
    NOW,
    PPR,
    answer,
    both,
    care,
    derived,
    held,
    known,
    law,
    level,
    opened,
    sharing,
    yes,
)
from tests.unit.law.family import FOSTER, STEPFATHER, at

PLACED = (Placement(0, NOW + 1),)

UNITS = [
    # row, sector, opens, does not open
    (1, "family_dept", "IN/O@ppr GO/O@school TI/O@ppr AK/O@school KO/F@other ST/O PE/O SA/O IN/F@family_dept TI/F@other",
     "IN/H@gp TI/H@bup TI/H@health_visitor AK/P@school IN/P@family IN/X TI/X SA/X"),
    (1, "family_dept", "KO/X ST/X AK/X PE/X TI/H@family_dept-unit AK/P@family_dept-unit", "TI/H@family_dept-other"),
    (3, "ppr", "IN/O@school GO/O@school AK/O KO/O ST/O PE/O SA/O TI/O@ppr KO/X",
     "TI/H@bup TI/H@gp AK/H@bup IN/F@family_dept KO/F TI/O@school TI/F@ppr AK/P@school IN/P IN/X TI/X SA/X"),
    (3, "ppr", "TI/H@ppr-unit AK/P@ppr-unit IN/F@ppr-unit", "TI/H@ppr-other AK/P@ppr-other"),
    (4, "school", "AK/O@ppr KO/O GO/O ST/O PE/O TI/O@school-unit",
     "TI/O@ppr TI/O@school IN/O@ppr IN/F@family_dept AK/F AK/H@bup KO/F KO/H TI/H@bup AK/P SA/O GO/P GO/X SA/X"),
    (6, "bup", "TI/H@bup IN/H@hospital AK/H@adult KO/H@bup GO/H@bup SA/H@bup ST/O PE/O ST/X TI/O@bup-unit",
     "IN/O@ppr TI/O@ppr AK/O@school KO/O@school IN/F@family_dept TI/H@gp TI/H@ltt TI/H@health_visitor TI/P@bup AK/X"),
    (6, "hospital", "TI/H@bup ST/O", "TI/H@gp IN/O@ppr AK/O@school"),
    (7, "gp", "TI/H@gp TI/H@bup IN/H@hospital AK/O@school KO/O@school ST/O KO/X AK/X",
     "IN/O@ppr IN/F@family_dept TI/F@family_dept TI/O@school TI/H@health_visitor TI/H@ltt AK/P GO/O SA/O"),
    (8, "health_visitor", "TI/H@health_visitor-unit AK/O@school KO/O ST/O PE/O",
     "TI/H@health_visitor TI/H@bup TI/H@gp IN/O@ppr IN/F GO/O TI/O SA/O AK/P"),
    (0, "ltt", "KO/O ST/O PE/O TI/H@ltt-unit", "KO/X ST/X AK/O IN/O TI/H@bup TI/H@ltt SA/O"),
    (0, "adult", "ST/O PE/O TI/H@adult-unit", "ST/X KO/O AK/O IN/O TI/H@bup"),
    (0, "other", "ST/O TI/F@other-unit", "ST/X ST/F PE/O KO/O AK/O IN/O TI/F@other"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "sector", "opens", "closed"), UNITS)
def test_what_a_task_opens(row: int, sector: str, opens: str, closed: str) -> None:
    rights = derived(cares=(care(sector),))
    unit = f"{sector}-unit"
    assert [place for place in opens.split() if level(rights, unit, place) != CONTENT] == []
    assert [place for place in closed.split() if level(rights, unit, place)] == []


@pytest.mark.parametrize("sector", sorted({row[1] for row in UNITS} - {"bup"}))
def test_it_ends_with_the_task_to_the_microsecond(sector: str) -> None:
    """Row 7: a doctor's access ends with the list."""
    rights = derived(cares=(care(sector, NOW - 5, NOW),))
    unit = f"{sector}-unit"
    assert [known(rights, unit, at) for at in (NOW - 6, NOW - 5, NOW - 1, NOW)] == [False, True, True, False]


def test_a_special_school_sees_the_interventions_while_the_child_goes_there() -> None:
    """Row 5: as a school, and the interventions; conditions as far as they are agreed to."""
    there = care("school", NOW - 5, NOW + 5, task="special-school")
    rights, unit = derived(cares=(there,)), "school-unit"
    assert [
        place for place in ["AK/O@ppr", "KO/O", "GO/O", "ST/O", "IN/O@ppr", "KO/X"] if not level(rights, unit, place)
    ] == []
    closed = "TI/O@ppr TI/H@bup IN/H@bup IN/F@family_dept IN/P IN/X AK/P SA/O"
    assert [place for place in closed.split() if level(rights, unit, place)] == []
    assert not level(rights, unit, "IN/O@ppr", NOW + 5) and not known(rights, unit, NOW + 5)
    assert not level(derived(cares=(care("school"),)), unit, "IN/O@ppr")
    assert not level(derived(cares=(care("gp", task="special-school"),)), "gp-unit", "IN/O@ppr")
    agreed = Matter("ppr-to-school", frozenset({PPR}), unit, sharing("TI/O"))
    assert level(derived(cares=(there,), consents=both(agreed)), unit, f"TI/O@{PPR}")


@pytest.mark.parametrize(("days", "changes", "last"), [
    ("30", {}, "2026-12-31"), ("0", {}, "2026-12-01"), ("30", {"off": ["OWN-DISCHARGE-30"]}, "2026-12-01"),
    ("30", {"expire": {"OWN-DISCHARGE-30": at("2026-12-15")}}, "2026-12-01"), ("30", {"off": ["SL42A"]}, ""),
])  # fmt: skip
def test_bup_reads_on_for_thirty_days_after_discharge(days: str, changes: dict[str, Any], last: str) -> None:
    """Row 6, and the municipality's choice. Discharged on the last of November: through the thirtieth of December."""
    using = law(options={"discharge-days": days}, **changes)
    rights, unit = derived(cares=(care("bup", NOW - 5, at("2026-12-01")),), using=using), "bup-unit"
    assert {one.end for one in rights if one.grantee == unit and one.rule == "SL42A"} == ({at(last)} if last else set())
    if last:
        assert level(rights, unit, "TI/H@bup", at(last) - 1) and not known(rights, unit, at(last))
        assert {one.end for one in rights if one.rule == "OWN-RECORDS"} == {at(last)}
    assert {one.end for one in derived(cares=(care("bup"),)) if one.grantee == unit} == {FOREVER}
    assert not known(derived(cares=(care("bup", NOW, NOW),)), unit)


@pytest.mark.parametrize(("end", "days", "until"), [
    (at("2026-10-01", "14:00"), 30, "2026-11-01"),  # over the night when the clock goes back
    (at("2026-10-02"), 30, "2026-11-01"), (at("2028-02-29", "10:00"), 1, "2028-03-02"),
])  # fmt: skip
def test_days_after_are_danish_days(end: int, days: int, until: str) -> None:
    assert days_after(end, days) == at(until) and days_after(end, 0) == end


def test_a_place_of_placement_sees_the_daily_things_while_the_child_is_placed() -> None:
    """Row 15: what a foster family sees, and what the place itself has written; never the family's own affairs."""
    there, unit = care("other", NOW - 5, NOW + 5, task="placement"), "other-unit"
    rights = derived(cares=(there,), placements=(Placement(NOW - 2, NOW + 2),))
    assert [
        place for place in ["AK/O@school", "KO/O", "GO/O", "ST/O", "IN/F@other-unit"] if not level(rights, unit, place)
    ] == []
    closed = "IN/O IN/F@family_dept AK/F KO/F KO/X ST/X TI/H@bup AK/P PE/O SA/O"
    assert [place for place in closed.split() if level(rights, unit, place)] == []
    assert [bool(level(rights, unit, "AK/O@school", when)) for when in (NOW - 3, NOW - 2, NOW + 1, NOW + 2)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not level(derived(cares=(there,)), unit, "AK/O@school")
    assert not level(derived(cares=(care("other"),), placements=PLACED), unit, "AK/O@school")


def test_a_unit_without_a_task_gets_nothing() -> None:
    """Row 2: also when another unit of the same sector has one."""
    rights = derived(cares=(care("family_dept"),))
    assert opened(rights, "family_dept-neighbour") == set() and not known(rights, "family_dept-neighbour")


@pytest.mark.parametrize("end", [NOW, NOW - 1])
def test_a_task_that_ends_before_it_begins_opens_nothing(end: int) -> None:
    assert not any(one.grantee == "ppr-unit" for one in derived(cares=(care("ppr", NOW, end),)))


# -- statutes that let something be told once ------------------------------------------------------------------------

ONCE = ["ssd-meeting", "ssd-follow-up", "ssp-exchange", "concern-notification", "concern-notification-by-anyone",
        "transfer-between-municipalities", "childrens-house-exchange", "municipal-retrieval-without-consent"]  # fmt: skip


@pytest.mark.parametrize("act", ONCE)
@pytest.mark.parametrize("status", list(Status))
def test_a_statute_that_makes_consent_unnecessary_opens_no_browsing(act: str, status: Status) -> None:
    """Rows 9, 10, 20 and 21: somebody may tell something; nobody may look around."""
    matter = Matter(act, frozenset({"school-unit"}), "police", sharing("IN/O", "AK/O", "TI/F"), purpose="forebyggelse")
    rights = derived(consents=both(matter, status=status, purpose="forebyggelse"))
    assert not known(rights, "police") and opened(rights, "police", writers=["school-unit"]) == set()


# -- coordination ----------------------------------------------------------------------------------------------------

COORDINATION = Matter(
    "coordination", frozenset({"bup-unit", "school-unit"}), PPR, sharing("IN/O", "AK/O", "KO/O", "SA/O")
)


def test_the_coordinator_sees_what_the_family_has_agreed_to_and_the_own_role() -> None:
    """Row 11."""
    rights = derived(consents=both(COORDINATION))
    for unit in ("bup-unit", "school-unit"):
        assert all(level(rights, PPR, f"{place}@{unit}") for place in ("IN/O", "GO/O", "AK/O", "KO/O", "SA/O"))
        assert not any(level(rights, PPR, f"{place}@{unit}") for place in ("TI/O", "TI/H", "IN/H", "ST/O", "PE/O"))
    assert not level(rights, PPR, "IN/O@gp-unit")
    assert not known(derived(consents=both(COORDINATION)[:1]), PPR)


# -- the family ------------------------------------------------------------------------------------------------------

FAMILY = [
    # row, who, born (and so old), opens, does not open
    (12, MOTHER, "2013-10-01", "IN/O IN/F@family_dept GO/O TI/H@bup AK/H KO/O ST/O KO/X AK/X ST/X",
     "IN/P AK/P@school TI/P PE/O PE/X SA/O IN/X TI/X"),
    (12, FATHER, "2013-10-01", "IN/O TI/F TI/H@bup", "KO/X AK/X ST/X IN/P PE/O SA/O"),
    (13, MOTHER, "2010-10-01", "IN/O IN/F TI/O AK/F KO/X", "TI/H@bup IN/H AK/H KO/H ST/H GO/H IN/P PE/O SA/O"),
    (13, FATHER, "2010-10-01", "IN/O IN/F", "TI/H@bup AK/H KO/X IN/P"),
    (13, MOTHER, "2008-10-01", "", "IN/O TI/H KO/X ST/O AK/O"),
    (14, STEPFATHER, "2013-10-01", "", "IN/O ST/O KO/O AK/O"),
    (15, FOSTER, "2013-10-01", "AK/O@school KO/O GO/O", "IN/O IN/F AK/F KO/F ST/O KO/X TI/H AK/P PE/O SA/O"),
    (16, ALMA, "2013-10-01", "IN/O GO/O AK/O KO/O ST/O IN/P GO/P TI/P AK/P@school", "TI/O TI/H IN/F KO/X PE/O SA/O KO/P"),
    (16, ALMA, "2017-10-01", "GO/O AK/O KO/O GO/P", "IN/O ST/O TI/O TI/H IN/F PE/O"),
    (16, ALMA, "2019-10-01", "", "GO/O AK/O KO/O GO/P"),
    (17, ALMA, "2010-10-01", "IN/O TI/H@bup TI/F SA/O SA/H KO/X ST/X IN/P", "PE/O PE/F PE/H PE/P PE/X"),
    (17, ALMA, "2000-10-01", "IN/O TI/H@bup SA/O", "PE/O"),
    (18, "bisidder", "2010-10-01", "", "IN/O ST/O AK/O"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "who", "born", "opens", "closed"), FAMILY)
def test_what_being_of_the_family_opens(row: int, who: str, born: str, opens: str, closed: str) -> None:
    rights = derived(born=born, placements=PLACED, fostering=(Fostering(FOSTER),))
    assert [place for place in opens.split() if level(rights, who, place) != CONTENT] == []
    assert [place for place in closed.split() if level(rights, who, place)] == []
    assert known(rights, who) is bool(opens)


def test_a_consent_is_read_by_its_giver_and_the_units_it_is_between() -> None:
    """Row 12: SA own. The other parent's answer is the other parent's."""
    rights = derived(consents=(yes(MOTHER, id="hers"),))
    readers = {one.grantee for one in rights if one.entry == "hers"}
    assert readers == {MOTHER, PPR, "bup-unit"}
    assert not level(rights, FATHER, "SA/O@consent", entry="hers") and level(
        rights, MOTHER, "SA/O@consent", entry="hers"
    )
    assert {one.level for one in rights if one.entry} == {CONTENT}


def test_holding_custody_opens_no_health_of_a_young_person() -> None:
    """An SL92A item (row 18 is in `test_mandates`): what a young person has in health care is no holder's, whatever else they hold."""
    rights = derived(born="2010-10-01", consents=both(answer_for("holder-digital-record-access")))
    assert not level(rights, MOTHER, "TI/H@bup") and not level(rights, FATHER, "TI/H@bup")


def answer_for(act: str) -> Matter:
    return Matter(act, frozenset({"bup-unit"}), "bup-unit", sharing("TI/H"))


# -- emergencies and operations --------------------------------------------------------------------------------------


def test_breaking_the_glass_opens_what_is_needed_and_no_confidence() -> None:
    """Row 19."""
    shut, wide = (derived(glass=(Glass("g", "role", NOW, NOW + 3600, address),)) for address in (False, True))
    assert all(level(shut, "role", f"{block}/{letter}") == CONTENT for block in BLOCKS for letter in "OFH")
    assert not any(level(shut, "role", f"{block}/{letter}") for block in BLOCKS for letter in "PX")
    assert all(level(wide, "role", f"{block}/X") for block in BLOCKS)
    assert not any(level(wide, "role", f"{block}/P") for block in BLOCKS)
    assert [known(shut, "role", at) for at in (NOW - 1, NOW, NOW + 3599, NOW + 3600)] == [False, True, True, False]


@pytest.mark.parametrize("code", ["operations", "administrator", "analyst", "dpo", "somebody-new"])
def test_who_keeps_the_machine_running_sees_no_book(code: str) -> None:
    """Row 22."""
    assert role_named(code).shelves == 0
    assert not role_named(code).may & {"find", "break-glass", "answer"}


@pytest.mark.parametrize(("code", "closed"), [("bup_secretary", "P"), ("manager", "PXD")])
def test_what_a_role_never_uses_of_what_its_unit_may_see(code: str, closed: str) -> None:
    assert role_named(code).shelves == EVERYTHING & ~mask(BLOCKS, closed)


def test_a_carer_uses_the_daily_things_only() -> None:
    assert role_named("carer").shelves == mask(["AK", "KO", "GO"], "O")
    assert role_named("manager").reach == 2 and role_named("teacher").reach == 3


def test_who_may_break_the_glass() -> None:
    may = {code for code, role in roles().items() if "break-glass" in role.may}
    assert may == {"bup_clinician", "nurse", "gp"}
    assert {code for code, role in roles().items() if role.citizen} == {
        "holder", "child", "foster-carer", "lay-representative", "mandate-holder",
    }  # fmt: skip


def test_nobody_else_has_a_right() -> None:
    """Custody that nobody has established, an unknown birthday: nothing, and not a guess."""
    holders = (held(MOTHER, resident=True),)
    assert derived(custody=Custody(holders, known=False), born="2013-10-01") == [
        one for one in derived(custody=Custody(())) if one.grantee == ALMA
    ]
    assert CLASSES == ("O", "F", "H", "P", "X", "D", "M")
    assert answer(COORDINATION, MOTHER).recipient == PPR
