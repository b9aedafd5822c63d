"""Each sort of right, whole: every field of it, and the shelves that they are made of."""

from dataclasses import replace
from datetime import date

import pytest

from barnetsbog.access.facts import Blocked, Care, Fostering, Glass, Referred, Right
from barnetsbog.kernel.time import FOREVER, parse
from barnetsbog.law.model import Custody, Placement
from barnetsbog.mandates.model import Kind as MandateKind
from barnetsbog.mandates.model import Mandate
from barnetsbog.packs.model import Pack
from barnetsbog.record.rights import CONTENT, FORBIDDEN, HEADINGS
from barnetsbog.record.shelves import (
    BLOCKS,
    CLASSES,
    EVERYTHING,
    OUT,
    RESTRICTED,
    block_of,
    class_of,
    default_class,
    mask,
    numbers,
    shelf,
    standing_as,
)
from tests.unit.access.families import ALMA, BUP, FATHER, MOTHER, NOW, PPR, derived, held, law, yes
from tests.unit.law.family import JUNE, at

NOBODY = Custody(())
NEW_LAW = parse("2024-01-01")[0]
"""The first moment of barnets lov."""


def of(who: str, **facts: object) -> list[Right]:
    return [one for one in derived(custody=NOBODY, **facts) if one.grantee == who]


def test_a_task() -> None:
    found = of("u", cares=(Care("basis", "u", "adult", 5, 9),))
    assert found == [
        Right("u", "basis", mask(["ST", "PE"], "O"), CONTENT, "SL40", "overgang til voksen", 5, 9),
        Right("u", "basis", EVERYTHING, CONTENT, "OWN-RECORDS", "egne optegnelser", 5, 9, source="u"),
    ]
    assert of("u", cares=(Care("basis", "u", "adult", 5, 5),)) == []
    assert of("u", cares=(Care("basis", "u", "adult", 5, 6),))
    assert of("u", cares=(Care("basis", "u", "nowhere", 5, 9),)) == found[1:]
    only = of("u", cares=(Care("basis", "u", "adult", 5, 9),), using=law(off=["OWN-RECORDS"]))
    assert only == found[:1]


def test_a_task_that_was_ended_is_known_as_that_and_nothing_else() -> None:
    """So that whoever ended it can begin again; the book itself is closed."""
    ended = Care("basis", "u", "nowhere", 5, 9, closed=True)
    after = Right("u", "basis", 0, HEADINGS, "OWN-CLOSED", "genåbning", 9, FOREVER, entry="basis")
    assert [one for one in of("u", cares=(ended,)) if one.end > 9] == [after]
    assert after not in of("u", cares=(ended._replace(closed=False),))
    assert after not in of("u", cares=(ended,), using=law(off=["OWN-CLOSED"]))
    assert after._replace(end=NOW) in of("u", cares=(ended,), using=law(expire={"OWN-CLOSED": NOW}))


def test_a_pack_opens_what_is_in_it_until_the_meeting_is_over() -> None:
    pack = Pack("p", "ssd-meeting", NOW, JUNE, (("s", "school"), ("b", "bup")), ("e1", "e2"))
    assert of("s", packs=(pack,)) == [
        Right("s", "p", 0, CONTENT, "SSD", "møde", NOW, JUNE, entry=entry) for entry in ("e1", "e2", "p")
    ]
    assert of("b", packs=(pack,)) == []  # psychiatry takes no part
    assert of("s", packs=(replace(pack, until=NOW),)) == of("s", packs=(pack,), using=law(off=["SSD"])) == []
    ended = of("s", packs=(pack,), using=law(expire={"SSD": JUNE - 1}))
    assert [(one.start, one.end) for one in ended] == [(NOW, JUNE - 1)] * 3


def test_why_somebody_who_was_told_of_a_child_knows_of_it() -> None:
    told = Referred("basis", ("u",), True, NOW, JUNE, ("e",))
    for concern, rule, purpose in ((False, "OWN-REFERRED", "henvisning"), (True, "BL133", "underretning")):
        assert of("u", referred=(told._replace(concern=concern),)) == [
            Right("u", "basis", 0, CONTENT, rule, purpose, NOW, JUNE, entry="e"),
            Right("u", "basis", mask(["ST", "PE"], "O"), CONTENT, rule, purpose, NOW, JUNE),
        ]


def test_whoever_chose_a_helper_reads_that_always() -> None:
    helper = Mandate("h", MOTHER, MandateKind.MANDATE, frozenset(("AK",)), date(1980, 1, 1), NOW, JUNE)
    kept = Right(MOTHER, "h", 0, CONTENT, "OWN-CONSENT-PARTY", "samtykke", 0, FOREVER, entry="h")
    assert kept in of(MOTHER, mandates=(helper,))
    assert kept not in of(MOTHER, mandates=(helper,), using=law(off=["OWN-CONSENT-PARTY"]))


def test_a_foster_carer_answers_from_the_day_a_newborn_comes() -> None:
    here = Placement(NOW, JUNE)
    found = of("f", born="2026-05-01", placements=(here,), fostering=(Fostering("f"),))
    assert [(one.start, one.end) for one in found if one.rule == "OWN-ANSWERS"] == [(NOW, JUNE)]


def test_written_by_certain_sectors() -> None:
    lanes = {one.lane: one for one in of("u", cares=(Care("basis", "u", "bup", 0, FOREVER),)) if one.lane}
    assert set(lanes) == {"bup", "hospital", "adult"}
    shelves = mask(["IN", "TI", "AK", "KO", "SA"], "H")
    assert lanes["bup"] == Right("u", "basis", shelves, CONTENT, "SL42A", "behandling", 0, FOREVER, lane="bup")


def test_a_holder_who_may_only_know() -> None:
    rights = derived(custody=Custody((held(FATHER, valid_to=NOW),)), protected=True)
    born = at("2013-10-01")
    assert [one for one in rights if one.grantee == FATHER] == [
        Right(FATHER, FATHER, 0, HEADINGS, "FAL3", "forældremyndighed", born, NOW)
    ]
    before = derived(custody=Custody((held(FATHER, valid_to=born),)), protected=True)
    assert not [one for one in before if one.grantee == FATHER]


def test_a_holder_and_what_follows_from_living_together() -> None:
    rights = [one for one in derived(custody=Custody((held(MOTHER, resident=True),))) if one.grantee == MOTHER]
    born, young, adult = at("2013-10-01"), at("2028-10-01"), at("2031-10-01")
    blocks = ["IN", "TI", "AK", "KO"]
    usual = mask(blocks, "OFH") | sum(1 << shelf("ST", letter) for letter in "OFH")
    later = mask(blocks, "OF") | sum(1 << shelf("ST", letter) for letter in "OF")
    address = sum(1 << shelf(block, "X") for block in ("AK", "KO", "ST"))
    assert set(rights) == {
        Right(MOTHER, MOTHER, usual, CONTENT, "FAL3", "forældremyndighed", born, young),
        Right(MOTHER, MOTHER, later, CONTENT, "FAL3", "forældremyndighed", young, adult),
        Right(MOTHER, MOTHER, address, CONTENT, "FAL3", "forældremyndighed", born, adult),
        Right(MOTHER, MOTHER, EVERYTHING, CONTENT, "OWN-ANSWERS", "egne svar", born, adult, source=MOTHER),
    }


def test_a_young_person_s_own_lasts_for_as_long_as_they_live() -> None:
    """And is not told as a day in another century."""
    assert {one.end for one in of(ALMA, born="2010-10-01") if one.rule == "SL17-3"} == {FOREVER}


def test_consents_blocks_and_emergencies() -> None:
    given = (yes(MOTHER, id="m"),)
    own = [one for one in derived(consents=given) if one.entry]
    assert own == [
        Right(who, "m", 0, CONTENT, "OWN-CONSENT-PARTY", "samtykke", 0, FOREVER, entry="m")
        for who in (BUP, MOTHER, PPR)
    ]
    assert not [one for one in derived(consents=given, using=law(off=["OWN-CONSENT-PARTY"])) if one.entry]
    ended = derived(consents=given, using=law(expire={"OWN-CONSENT-PARTY": NOW}))
    assert {one.end for one in ended if one.entry} == {NOW}
    everybody = "00000000-0000-0000-0000-000000000000"
    assert of(everybody, born="2001-01-01", blocked=(Blocked("b", "e", at("2020-01-01"), JUNE),)) == [
        Right(everybody, "b", 0, FORBIDDEN, "OWN-BLOCK", "spærring", at("2020-01-01"), JUNE, entry="e")
    ]
    assert of("r", glass=(Glass("g", "r", 5, 9, False), Glass("h", "r", 5, 9, True), Glass("i", "r", 9, 9, True))) == [
        Right("r", "g", mask(BLOCKS, "OFH"), CONTENT, "OWN-BREAKGLASS-60", "værdispring", 5, 9),
        Right("r", "h", mask(BLOCKS, "OFHX"), CONTENT, "OWN-BREAKGLASS-60", "værdispring", 5, 9),
    ]


def test_a_protected_address_is_marked_for_all_of_time() -> None:
    everybody = "00000000-0000-0000-0000-000000000000"
    mark = Right(everybody, "alma", 0, FORBIDDEN, "OWN-NO-UNMASK", "beskyttet adresse", 0, FOREVER)
    assert of(everybody, protected=True) == of(everybody, protected=True, using=law(off=["OWN-NO-UNMASK"])) == [mark]
    assert of(everybody) == []


# -- shelves -----------------------------------------------------------------------------------------------------------


def test_a_shelf_is_a_block_and_a_class() -> None:
    every = [shelf(block, letter) for block in BLOCKS for letter in CLASSES]
    assert len(set(every)) == 56 and numbers(EVERYTHING) == sorted(every) and max(every) < 63
    assert [(block_of(one), class_of(one)) for one in every] == [
        (block, letter) for block in BLOCKS for letter in CLASSES
    ]
    assert shelf("", "O") == shelf("TI", "O") and (shelf("IN", "O"), shelf("GO", "F"), shelf("SA", "X")) == (0, 9, 60)
    assert numbers(0) == [] and numbers(1 << 60 | 1) == [0, 60]


def test_an_entry_of_another_class_stays_in_its_block() -> None:
    for block in BLOCKS:
        for before in CLASSES:
            assert {standing_as(shelf(block, before), after) - shelf(block, after) for after in CLASSES} == {0}
    assert (
        class_of(OUT + shelf("TI", "H")) == class_of(OUT) == RESTRICTED != class_of(max(map(shelf, BLOCKS, "MMMMMMMM")))
    )


def test_a_block_brings_its_parts_along() -> None:
    assert numbers(mask(["IN"], "O")) == [shelf("IN", "O"), shelf("GO", "O")]
    assert numbers(mask(["ST"], "X")) == [shelf("ST", "X"), shelf("PE", "X")]
    assert numbers(mask(["GO", "KO"], "FH")) == sorted(
        shelf(block, letter) for block in ("GO", "KO") for letter in "FH"
    )
    assert mask([], "O") == mask(["IN"], "") == 0


@pytest.mark.parametrize(("what", "lanes", "letter"), [
    ("child person team consent", "bup gp school family_dept", "O"),
    ("observation care concern", "health_visitor gp bup ltt hospital adult", "H"),
    ("observation care", "family_dept family other", "F"), ("observation care letter", "school ppr", "O"),
    ("concern", "school ppr family_dept", "F"),
])  # fmt: skip
def test_how_sensitive_something_is_when_its_source_does_not_say(what: str, lanes: str, letter: str) -> None:
    assert {default_class(one, lane) for one in what.split() for lane in lanes.split()} == {letter}


@pytest.mark.parametrize("deciding", [True, False])
def test_a_package_to_a_new_municipality(deciding: bool) -> None:
    sent = Referred("basis", ("u",), deciding, NEW_LAW, NEW_LAW + 9, ("e",), transfer=True)
    assert of("u", referred=(sent,)) == [
        Right("u", "basis", 0, CONTENT, "OWN-MOVED", "flytning", NEW_LAW, NEW_LAW + 9, entry="e"),
        Right("u", "basis", mask(["ST", "PE"], "O"), CONTENT, "OWN-MOVED", "flytning", NEW_LAW, NEW_LAW + 9),
    ]
    for rule in ("OWN-MOVED", "BL132"):
        assert of("u", referred=(sent,), using=law(off=[rule])) == []
