"""Row 18 of the decision table: somebody whom a child, a young person or a holder has chosen, and what it opens.

Alma is 13 on the day that the tests look at; with `YOUNG` she is 16.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.deriving import rights_of
from barnetsbog.access.facts import Facts
from barnetsbog.kernel.time import DAY, FOREVER
from barnetsbog.law.ages import birthday
from barnetsbog.law.model import Custody
from barnetsbog.mandates.model import BLOCKS, Kind, Mandate
from barnetsbog.record.shelves import BLOCKS as ALL_BLOCKS
from barnetsbog.record.shelves import CLASSES
from tests.unit.access.families import ALMA, FATHER, LAW, MOTHER, NOW, derived, facts, held, known, law, level, opened

HELPER = "helper"
YOUNG = "2010-10-01"
EVERY = frozenset(BLOCKS)


def chosen(kind: Kind = Kind.LAY, giver: str = ALMA, **more: object) -> Mandate:
    usual = Mandate(HELPER, giver, kind, EVERY, date(1980, 5, 7), NOW - 10 * DAY, NOW + 10 * DAY)
    return replace(usual, **more)  # type: ignore[arg-type]


def reads(mandate: Mandate, what: str, at: int = NOW, **more: object) -> bool:
    return bool(level(derived(mandates=(mandate,), **more), HELPER, what, at))


@pytest.mark.parametrize("what", ["IN/O@ppr", "GO/O", "AK/O@school", "KO/O", "ST/O"])
def test_a_childs_bisidder_reads_what_the_child_reads(what: str) -> None:
    assert reads(chosen(), what)


@pytest.mark.parametrize(
    "what", ["TI/O@ppr", "IN/F@family_dept", "AK/P@family", "PE/O", "SA/O", "ST/X", "TI/H@bup", "AK/H@bup"]
)
def test_and_nothing_that_the_child_does_not_or_that_no_mandate_opens(what: str) -> None:
    assert not reads(chosen(), what)


def test_only_the_blocks_that_were_chosen() -> None:
    found = opened(derived(mandates=(chosen(blocks=frozenset(("AK",))),)), HELPER)
    assert found and {one[:2] for one in found} == {"AK"}


@pytest.mark.parametrize("kind", [Kind.LAY, Kind.MANDATE])
def test_a_young_person_who_reads_everything_lends_no_health_no_confidence_and_no_address(kind: Kind) -> None:
    """SL92A stands among health and looks like the rest of it."""
    found = opened(derived(born=YOUNG, mandates=(chosen(kind),)), HELPER)
    assert {one[3] for one in found} == {"O", "F"}


def test_before_15_a_child_gives_no_mandate_and_nobody_else_chooses_its_bisidder() -> None:
    assert not known(derived(mandates=(chosen(Kind.MANDATE),)), HELPER)
    assert not known(derived(mandates=(chosen(Kind.LAY, MOTHER),)), HELPER)
    assert not known(derived(born=YOUNG, mandates=(chosen(Kind.LAY, MOTHER),)), HELPER)


def test_a_holders_mandate_ends_with_custody() -> None:
    mandate = chosen(Kind.MANDATE, MOTHER, end=FOREVER)
    until = Custody((held(MOTHER, valid_to=NOW + DAY, resident=True), held(FATHER)))
    assert reads(mandate, "AK/O", NOW, custody=until) and not reads(mandate, "AK/O", NOW + DAY, custody=until)
    assert not reads(mandate, "AK/O", custody=Custody((), known=False))


@pytest.mark.parametrize(
    ("at", "there"), [(-10 * DAY - 1, False), (-10 * DAY, True), (10 * DAY - 1, True), (10 * DAY, False)]
)
def test_a_mandate_lasts_to_the_microsecond(at: int, there: bool) -> None:
    assert known(derived(mandates=(chosen(),)), HELPER, NOW + at) is there


def test_a_helper_must_have_turned_15() -> None:
    young = chosen(born=date(2011, 11, 30), start=0, end=FOREVER)
    turns = birthday(young.born, 15)
    rights = derived(mandates=(young,))
    assert not known(rights, HELPER, turns - 1) and known(rights, HELPER, turns)


def test_a_bisidder_is_for_children() -> None:
    mandate = chosen(start=0, end=FOREVER)
    turns = birthday(date(2013, 10, 1), 18)
    assert known(derived(mandates=(mandate,)), HELPER, turns - 1)
    assert not known(derived(mandates=(mandate,)), HELPER, turns)


def test_whom_the_municipality_has_excluded_reads_nothing_from_then_on() -> None:
    rights = derived(mandates=(chosen(excluded_at=NOW),))
    assert known(rights, HELPER, NOW - 1) and not known(rights, HELPER, NOW)


def test_where_the_address_is_protected_a_helper_gets_nothing_by_machine() -> None:
    assert not known(derived(protected=True, mandates=(chosen(),)), HELPER)


def test_a_child_that_is_dead_or_whose_birthday_nobody_knows_has_no_helpers() -> None:
    assert not known(derived(died_at=NOW - DAY, mandates=(chosen(),)), HELPER)
    unknown = facts(mandates=(chosen(),))
    unborn = unknown._replace(child=replace(unknown.child, born=None))
    assert not known(rights_of(unborn, LAW), HELPER)


def test_nobody_is_their_own_helper() -> None:
    mandate = chosen(Kind.MANDATE, MOTHER, person=MOTHER)
    assert {one.rule for one in derived(mandates=(mandate,)) if one.grantee == MOTHER and not one.entry} == {
        "FAL3", "OWN-ANSWERS",
    }  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "giver"), [("BL6", Kind.LAY, ALMA), ("FVL8", Kind.MANDATE, MOTHER)])
def test_a_rule_switched_off_closes(rule: str, kind: Kind, giver: str) -> None:
    off = derived(using=law(off=[rule]), mandates=(chosen(kind, giver),))
    assert known(derived(mandates=(chosen(kind, giver),)), HELPER) and not known(off, HELPER)


@given(
    kind=st.sampled_from(Kind), giver=st.sampled_from([ALMA, MOTHER, FATHER, "stranger"]),
    blocks=st.frozensets(st.sampled_from(BLOCKS), min_size=1), born=st.sampled_from(["2018-10-01", "2013-10-01", YOUNG, "2007-01-01"]),
    at=st.integers(NOW - 20 * DAY, NOW + 20 * DAY),
)  # fmt: skip
def test_nobody_lets_another_see_more_than_they_see_themselves(
    kind: Kind, giver: str, blocks: frozenset[str], born: str, at: int
) -> None:
    rights = derived(born=born, mandates=(chosen(kind, giver, blocks=blocks),))
    for block in ALL_BLOCKS:
        for letter in CLASSES:
            for writer in ("", "bup", "ppr"):
                what = f"{block}/{letter}@{writer}"
                assert level(rights, HELPER, what, at) <= level(rights, giver, what, at), what
                assert not (letter in "PXH" and level(rights, HELPER, what, at)), what


def test_a_mandate_changes_nobody_elses_rights() -> None:
    def others(found: Facts) -> set[object]:
        return {one for one in rights_of(found, LAW) if one.grantee != HELPER and not one.entry}

    assert others(facts()) == others(facts(mandates=(chosen(), chosen(Kind.MANDATE, MOTHER))))
