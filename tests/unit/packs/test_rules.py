"""Which packs count (law-and-access §3, rows 9 and 10; §7, cases 15 and 16)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from barnetsbog.law.rulebook import Rulebook, standard
from barnetsbog.packs import rules
from barnetsbog.packs.mapping import pack_of, resource_of
from barnetsbog.packs.model import FOLLOW_UP, SSD, SSP, Pack
from barnetsbog.record.rights import CONTENT
from tests.unit.access.families import NOW, derived, known, law
from tests.unit.law.family import at

SCHOOL, FAMILY, BUP, GP, POLICE = (
    ("skole", "school"), ("familie", "family_dept"), ("bup", "bup"), ("laege", "gp"), ("politi", "police"),
)  # fmt: skip
BOOK = standard()


def pack(act: str = SSD, **more: Any) -> Pack:
    usual = {"id": act, "made_at": NOW, "until": NOW + 9, "to": (FAMILY,), "entries": ("e1", "e2")}
    return Pack(act=act, **{**usual, **more})


def why_not(wanted: Pack, before: Sequence[Pack], at: int = NOW, book: Rulebook = BOOK, by: str = "school") -> str:
    return rules.why_not(wanted, before, at, book, by=by)


def opened(*packs: Pack, who: str = "familie", when: int = NOW, **using: Any) -> set[str]:
    rights = derived(packs=packs, using=law(**using))
    assert not known(rights, who)  # it is no book to them
    mine = [one for one in rights if one.grantee == who and one.start <= when < one.end]
    assert {(one.level, one.shelves) for one in mine} <= {(CONTENT, 0)}
    return {one.entry for one in mine}


def test_a_pack_is_its_entries_until_the_meeting_is_over() -> None:
    assert opened(pack()) == {"ssd-meeting", "e1", "e2"}
    assert opened(pack(), when=NOW - 1) == opened(pack(), when=NOW + 9) == opened(pack(), who="skole") == set()
    assert opened(pack(), off=["SSD"]) == opened(pack(), expire={"SSD": NOW}) == set()


@pytest.mark.parametrize(("act", "who", "allowed"), [
    (SSD, SCHOOL, True), (SSD, FAMILY, True), (SSD, ("sund", "health_visitor"), True), (SSD, BUP, False), (SSD, GP, False),
    (SSD, POLICE, False), (SSD, ("ppr", "ppr"), False), (SSD, ("ukendt", ""), False),
    (SSP, POLICE, True), (SSP, BUP, True), (SSP, GP, False), (SSP, ("sted", "other"), False), (SSP, ("ltt", "ltt"), False),
])  # fmt: skip
def test_who_can_take_part(act: str, who: tuple[str, str], allowed: bool) -> None:
    """Also where another system says so: what doesn't fit tells nobody anything."""
    one = pack(act, to=(who,), reason="forebyggelse", approved_by="leder")
    assert bool(opened(one, who=who[0])) is allowed
    assert (why_not(one, (), NOW, BOOK) == "") is allowed


@pytest.mark.parametrize(("act", "by", "allowed"), [
    (SSD, "health_visitor", True), (SSD, "family_dept", True), (SSD, "bup", False), (SSD, "ppr", False), (SSD, "", False),
    (SSP, "bup", True), (SSP, "health_visitor", False), (SSP, "gp", False),
])  # fmt: skip
def test_who_can_tell_something(act: str, by: str, allowed: bool) -> None:
    to = POLICE if act == SSP else FAMILY
    assert why_not(pack(act, to=(to,), reason="forebyggelse"), (), by=by) == ("" if allowed else rules.NOT_ALLOWED_HERE)


def test_15_a_second_meeting_needs_a_special_reason_and_there_is_no_third() -> None:
    first = pack(id="1", made_at=NOW - 3, until=NOW - 1)
    again, special = pack(id="2"), pack(FOLLOW_UP, id="3", reason="Barnet er flyttet hjem igen")
    assert why_not(again, [first], NOW, BOOK) == rules.ALREADY and opened(first, again) == set()
    assert why_not(replace(special, reason=""), [first], NOW, BOOK) == rules.ALREADY
    assert why_not(special, [first], NOW, BOOK) == "" and opened(first, special) == {"3", "e1", "e2"}
    third = pack(FOLLOW_UP, id="4", made_at=NOW + 1, reason="Endnu en grund")
    assert why_not(third, [first, special], NOW, BOOK) == rules.NO_MORE
    assert "4" not in opened(first, special, third, when=NOW + 2)


@pytest.mark.parametrize(("reason", "why"), [
    ("", rules.NO_PURPOSE), ("Efterforskning af tyveri", rules.INVESTIGATION), ("criminal INVESTIGATION", rules.INVESTIGATION),
    ("Bekymring for bandemiljø", ""),
])  # fmt: skip
def test_16_never_to_an_investigation(reason: str, why: str) -> None:
    one = pack(SSP, to=(POLICE,), reason=reason, approved_by="leder")
    assert why_not(one, [pack()], NOW, BOOK) == why
    assert bool(opened(one, who="politi")) is not bool(why)


def test_the_police_are_told_nothing_before_a_leader_has_approved() -> None:
    assert opened(pack(SSP, to=(POLICE,), reason="forebyggelse"), who="politi") == set()


def test_a_rule_that_is_off_makes_no_packs() -> None:
    assert why_not(pack(), (), NOW, BOOK.with_changes(off=["SSD"])) == rules.OFF
    assert why_not(pack(SSP, reason="x"), (), NOW, BOOK.with_changes(expire={"RPL115": NOW})) == rules.OFF


# -- as a resource -------------------------------------------------------------------------------------------------------

A, B, C, D = (f"00000000-0000-7000-8000-00000000000{n}" for n in range(4))
WHOLE = Pack(A, FOLLOW_UP, at("2026-11-25"), at("2026-12-03"), ((B, ""),), (C, D), "en grund", D)


def test_read_back_it_is_the_same() -> None:
    for one in (WHOLE, replace(WHOLE, reason="", approved_by="")):
        found = resource_of(
            one, child="alma", author="PractitionerRole/x", title="t", entries=[f"Goal/{C}", f"Task/{D}"]
        )
        assert pack_of(found) == one


@pytest.mark.parametrize("wrong", [
    {"status": "entered-in-error"}, {"status": "retired"}, {"code": {"text": "en liste"}}, {"extension": []}, {"entry": []},
    {"entry": [{"item": {"reference": "Goal/x"}}]}, {"date": ""},
])  # fmt: skip
def test_what_cannot_be_read_is_no_pack(wrong: dict[str, Any]) -> None:
    found = resource_of(WHOLE, child="alma", author="PractitionerRole/x", title="t", entries=[f"Goal/{C}"])
    assert pack_of({**found, **wrong}) is None


@pytest.mark.parametrize(("part", "value"), [
    ("act", {"valueCode": "flyv"}), ("act", {}), ("meeting", {}), ("meeting", {"valueDate": "2026-02-31"}), ("for", {"valueReference": {"reference": "Organization/x"}}),
])  # fmt: skip
def test_nor_is_one_whose_parts_do_not_fit(part: str, value: dict[str, Any]) -> None:
    found = resource_of(WHOLE, child="alma", author="PractitionerRole/x", title="t", entries=[f"Goal/{C}"])
    parts = found["extension"][0]["extension"]
    found["extension"][0]["extension"] = [{"url": part, **value} if one["url"] == part else one for one in parts]
    assert pack_of(found) is None
