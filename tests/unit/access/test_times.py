"""When rights begin and end: birthdays in Danish time, custody, deaths, placements, rules that end."""

from datetime import date

import pytest

from barnetsbog.access.deriving import Span, in_custody
from barnetsbog.access.facts import Blocked, Facts, Fostering, Glass
from barnetsbog.access.waiting import are_kept_waiting
from barnetsbog.kernel.time import FOREVER, SECOND
from barnetsbog.law.model import Child, Custody, Holder, HolderKind, Placement
from barnetsbog.mandates.model import Kind, Mandate
from barnetsbog.record.rights import CONTENT
from tests.unit.access.families import (
    ALMA,
    FATHER,
    JOINT,
    MOTHER,
    NOW,
    both,
    care,
    child,
    derived,
    facts,
    held,
    known,
    law,
    level,
)
from tests.unit.law.family import FOSTER, GRANDMOTHER, REPRESENTATIVE, at

HOUR = 3600 * SECOND

BIRTHDAYS = [
    # born, age, the moment it begins
    ("2017-10-01", 10, at("2027-10-01")),
    ("2013-10-01", 15, at("2028-10-01")),
    ("2013-10-01", 18, at("2031-10-01")),
    ("2016-02-29", 10, at("2026-03-01")),
    ("2012-02-29", 15, at("2027-03-01")),
    ("2012-02-29", 16, at("2028-02-29")),
    ("2012-02-29", 18, at("2030-03-01")),
    # the nights when the clocks change: the day still begins at Danish midnight
    ("2011-03-29", 15, at("2026-03-29")),
    ("2011-03-30", 15, at("2026-03-30")),
    ("2010-10-25", 15, at("2025-10-25")),
    ("2010-10-26", 15, at("2025-10-26")),
    ("2010-10-27", 15, at("2025-10-27")),
]  # fmt: skip


@pytest.mark.parametrize(("born", "age", "moment"), BIRTHDAYS)
def test_a_birthday_begins_at_danish_midnight(born: str, age: int, moment: int) -> None:
    """What changes at each: 10 own plan, 15 own health in place of the holders', 18 the holders have nothing."""
    rights = derived(born=born)
    before, after = moment - 1, moment
    if age == 10:
        assert (level(rights, ALMA, "IN/O", before), level(rights, ALMA, "IN/O", after)) == (0, CONTENT)
    elif age == 15:
        assert (level(rights, ALMA, "TI/H", before), level(rights, ALMA, "TI/H", after)) == (0, CONTENT)
        assert (level(rights, MOTHER, "TI/H", before), level(rights, MOTHER, "TI/H", after)) == (CONTENT, 0)
        assert level(rights, MOTHER, "IN/F", after) == CONTENT
    elif age == 18:
        assert (known(rights, MOTHER, before), known(rights, MOTHER, after)) == (True, False)
        assert level(rights, ALMA, "TI/H", after) == CONTENT


def test_born_on_29_february_turns_16_on_the_day_itself() -> None:
    assert in_force_of("2012-02-29", at("2028-02-29")) and at("2028-02-29") - at("2028-02-28") == 24 * HOUR


def in_force_of(born: str, moment: int) -> bool:
    return level(derived(born=born), ALMA, "TI/H", moment) == CONTENT


def test_the_days_of_the_clock_have_23_and_25_hours() -> None:
    assert at("2026-03-30") - at("2026-03-29") == 23 * HOUR
    assert at("2026-10-26") - at("2026-10-25") == 25 * HOUR


def test_of_an_unknown_birthday_nobody_in_the_family_has_a_right() -> None:
    unknown = derived(
        who=child(born="2013-10-01").__class__(id=ALMA, born=None), fostering=(Fostering(FOSTER),), cares=(care("ppr"),)
    )
    assert {one.grantee for one in unknown} == {"ppr-unit"}


def test_unknown_custody_is_nobodys() -> None:
    holders = (held(MOTHER, resident=True), held(FATHER))
    assert {one.grantee for one in derived(custody=Custody(holders, known=False))} == {ALMA}


# -- custody ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [NOW, at("2026-10-25", "02:30"), at("2026-03-29", "03:00")])
def test_custody_that_ends_at_an_instant(end: int) -> None:
    rights = derived(custody=Custody((held(MOTHER, resident=True), held(FATHER, valid_to=end))))
    assert (known(rights, FATHER, end - 1), known(rights, FATHER, end)) == (True, False)
    assert known(rights, MOTHER, end)
    assert level(rights, FATHER, "IN/O", end - 1) == CONTENT and not level(rights, FATHER, "IN/O", end)


def test_custody_that_begins_at_an_instant() -> None:
    rights = derived(custody=Custody((held(MOTHER), held(FATHER, valid_from=NOW))))
    assert [known(rights, FATHER, moment) for moment in (NOW - 1, NOW)] == [False, True]


def test_it_says_until_when_and_not_until_the_next_change() -> None:
    """The mother's right is one, although the father's custody ends in the middle of it."""
    rights = derived(custody=Custody((held(MOTHER, resident=True), held(FATHER, valid_to=NOW))))
    ends = {one.end for one in rights if one.grantee == MOTHER and one.start < NOW}
    assert ends == {at("2028-10-01"), at("2031-10-01")}


@pytest.mark.parametrize("died", [NOW, 0, 1])
def test_the_death_of_a_holder(died: int) -> None:
    rights = derived(custody=Custody((held(MOTHER), held(FATHER, deceased_at=died))))
    assert (known(rights, FATHER, NOW - 1), known(rights, FATHER, NOW)) == (died == NOW, False)
    assert known(rights, MOTHER, NOW)


@pytest.mark.parametrize("died", [NOW, 0])
def test_the_death_of_the_child_ends_what_the_family_sees_by_machine(died: int) -> None:
    rights = derived(
        died_at=died,
        fostering=(Fostering(FOSTER),),
        placements=(Placement(0, FOREVER),),
        cares=(care("ppr"),),
        consents=both(),
    )
    for who in (ALMA, MOTHER, FATHER, FOSTER):
        assert (known(rights, who, died - 1), known(rights, who, died)) == (died > 0, False), who
    assert not known(rights, "bup-unit", died)
    assert known(rights, "ppr-unit", died)


def test_a_temporary_holder_takes_over_from_the_representative() -> None:
    """Law-and-access §7, case 12, as far as reading goes."""
    both_stand = Custody((
        held(REPRESENTATIVE, kind=HolderKind.REPRESENTATIVE),
        held(GRANDMOTHER, kind=HolderKind.TEMPORARY, valid_from=NOW),
    ))  # fmt: skip
    rights = derived(custody=both_stand)
    assert [known(rights, REPRESENTATIVE, moment) for moment in (NOW - 1, NOW)] == [True, False]
    assert [known(rights, GRANDMOTHER, moment) for moment in (NOW - 1, NOW)] == [False, True]


def test_a_parent_who_is_back_takes_over_from_a_temporary_holder() -> None:
    rights = derived(custody=Custody((held(MOTHER, valid_from=NOW), held(GRANDMOTHER, kind=HolderKind.TEMPORARY))))
    assert [known(rights, GRANDMOTHER, moment) for moment in (NOW - 1, NOW)] == [True, False]


def test_where_the_record_of_custody_contradicts_itself_nobody_holds_it() -> None:
    rights = derived(custody=Custody((held(MOTHER), held(GRANDMOTHER, kind=HolderKind.APPOINTED, valid_from=NOW))))
    assert [known(rights, MOTHER, moment) for moment in (NOW - 1, NOW)] == [True, False]
    assert not known(rights, GRANDMOTHER, NOW)


def test_times_that_follow_each_other_are_one() -> None:
    mother, father = held(MOTHER), held(FATHER, valid_from=5, valid_to=9)
    assert list(in_custody(Custody((mother, father)))) == [(mother, Span(0, FOREVER)), (father, Span(5, 9))]
    temporary = held(GRANDMOTHER, kind=HolderKind.TEMPORARY)
    broken = list(in_custody(Custody((temporary, Holder(FATHER, valid_from=5, valid_to=9)))))
    assert broken[0] == (temporary, Span(0, 5)) and (temporary, Span(9, FOREVER)) in broken
    assert list(in_custody(Custody((mother,), known=False))) == []


# -- protected addresses ---------------------------------------------------------------------------------------------


def test_a_holder_who_must_not_know_where_the_child_lives() -> None:
    """Knows of the book and answers for himself; sees nothing of what it says, but his own answers."""
    rights = derived(protected=True, consents=both())
    his = [one for one in rights if one.grantee == FATHER and not one.entry]
    assert [(one.shelves, one.rule, one.start, one.end) for one in his] == [
        (0, "FAL3", at("2013-10-01"), at("2031-10-01"))
    ]
    assert known(rights, FATHER) and not known(rights, FATHER, at("2031-10-01"))
    assert not any(level(rights, FATHER, place) for place in ("IN/O", "KO/O", "ST/O", "AK/O", "KO/X", "TI/H"))
    assert level(rights, FATHER, "SA/O", entry="father-ppr-to-bup") == CONTENT
    assert level(rights, MOTHER, "KO/X") == CONTENT


def test_and_nothing_at_all_when_custody_ends_or_its_rule_does() -> None:
    ended = Custody((held(MOTHER, resident=True), held(FATHER, valid_to=NOW)))
    assert not known(derived(protected=True, custody=ended), FATHER, NOW)
    assert not known(derived(protected=True, using=law(off=["FAL3"])), FATHER)
    expired = derived(protected=True, using=law(expire={"FAL3": NOW}))
    assert [known(expired, FATHER, moment) for moment in (NOW - 1, NOW)] == [True, False]


def test_without_protection_a_holder_elsewhere_sees_all_but_what_reveals_an_address() -> None:
    rights = derived()
    assert level(rights, FATHER, "ST/O") and not level(rights, FATHER, "ST/X")


# -- placements ------------------------------------------------------------------------------------------------------


def test_daily_care_begins_and_ends_with_the_placement() -> None:
    rights = derived(placements=(Placement(NOW - 9, NOW),), fostering=(Fostering(FOSTER),))
    assert [known(rights, FOSTER, moment) for moment in (NOW - 10, NOW - 9, NOW - 1, NOW)] == [False, True, True, False]


def test_an_earlier_foster_home_sees_nothing_of_the_present_placement() -> None:
    placements = (Placement(NOW - 90, NOW - 50), Placement(NOW - 40, FOREVER))
    carers = (Fostering("first", NOW - 90, NOW - 50), Fostering("second", NOW - 40))
    rights = derived(placements=placements, fostering=carers)
    assert [known(rights, "first", moment) for moment in (NOW - 60, NOW - 45, NOW)] == [True, False, False]
    assert [known(rights, "second", moment) for moment in (NOW - 60, NOW - 45, NOW)] == [False, False, True]


def test_no_placement_no_daily_care_and_none_of_a_grown_up() -> None:
    assert not known(derived(fostering=(Fostering(FOSTER),)), FOSTER)
    grown = derived(born="2008-10-20", placements=(Placement(0, FOREVER),), fostering=(Fostering(FOSTER),))
    assert [known(grown, FOSTER, moment) for moment in (at("2026-10-20") - 1, at("2026-10-20"))] == [True, False]


# -- what the young person has closed --------------------------------------------------------------------------------


def test_a_blocked_entry_is_closed_for_everybody_from_15() -> None:
    blocked = (Blocked("b", "shut", NOW, FOREVER),)
    rights = derived(born="2010-10-01", cares=(care("bup"),), blocked=blocked)
    assert [level(rights, "bup-unit", "TI/H@bup", moment, entry="shut") for moment in (NOW - 1, NOW)] == [CONTENT, 0]
    assert level(rights, "bup-unit", "TI/H@bup", NOW, entry="another") == CONTENT


def test_a_child_under_15_closes_nothing_yet_and_of_an_unknown_age_it_stays_closed() -> None:
    blocked = (Blocked("b", "shut", NOW, FOREVER),)
    young = derived(born="2011-10-25", cares=(care("bup"),), blocked=blocked)
    turning = at("2026-10-25")
    assert [level(young, "bup-unit", "TI/H@bup", moment, entry="shut") for moment in (turning - 1, turning)] == [
        CONTENT,
        0,
    ]
    unknown = derived(who=child().__class__(id=ALMA, born=None), cares=(care("bup"),), blocked=blocked)
    assert not level(unknown, "bup-unit", "TI/H@bup", entry="shut")
    assert not any(one.rule == "OWN-BLOCK" for one in derived(born="2010-10-01", blocked=(Blocked("b", "shut", 5, 5),)))


# -- rules that are switched off or end ------------------------------------------------------------------------------

RESTS_ON = [
    ("BL32", "family_dept-unit", "IN/F"), ("FSL-PPV", "ppr-unit", "IN/O"), ("FSL-CHOICE", "school-unit", "AK/O"),
    ("SL42A", "bup-unit", "TI/H@bup"), ("SL42A", "gp-unit", "TI/H@bup"), ("SL41", "gp-unit", "TI/H@bup"),
    ("SL126A", "ltt-unit", "KO/O"), ("SL40", "health_visitor-unit", "AK/O"), ("OWN-RECORDS", "ppr-unit", "TI/H@ppr-unit"),
    ("FAL3", MOTHER, "TI/H"), ("FAL3", MOTHER, "KO/X"), ("BL97", FOSTER, "AK/O"), ("BL3", ALMA, "IN/O"),
    ("OWN-BREAKGLASS-60", "role", "TI/H"),
]  # fmt: skip
SECTORS = ("family_dept", "ppr", "school", "bup", "gp", "ltt", "health_visitor")
EVERYBODY = {
    "cares": tuple(care(sector) for sector in SECTORS), "fostering": (Fostering(FOSTER),),
    "placements": (Placement(0, FOREVER),), "glass": (Glass("g", "role", NOW - 9, NOW + 9, False),),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "who", "what"), RESTS_ON)
def test_a_rule_that_is_off_or_over_closes_what_rests_on_it_from_that_instant(rule: str, who: str, what: str) -> None:
    assert level(derived(**EVERYBODY), who, what) == CONTENT
    assert not level(derived(**EVERYBODY, using=law(off=[rule])), who, what)
    ended = derived(**EVERYBODY, using=law(expire={rule: NOW}))
    assert (level(ended, who, what, NOW - 1), level(ended, who, what, NOW)) == (CONTENT, 0)


@pytest.mark.parametrize("rule", sorted({row[0] for row in RESTS_ON}))
def test_and_nothing_else(rule: str) -> None:
    """Every right by another rule is there as before, to the microsecond."""
    kept = {one for one in derived(**EVERYBODY) if one.rule != rule}
    left = set(derived(**EVERYBODY, using=law(off=[rule])))
    tied = {"SL41": {"SL42A"}, "SL42A": {"SL41"}}.get(rule, set())
    assert left <= kept and {one.rule for one in kept - left} <= tied


def test_the_restriction_of_15_holds_when_its_rule_is_off() -> None:
    """SL § 17(3) lets the young person in and the holders out of health: off, it lets nobody in."""
    rights = derived(born="2010-10-01", using=law(off=["SL17-3"]))
    assert not level(rights, MOTHER, "TI/H") and not level(rights, MOTHER, "IN/O")
    assert not level(rights, ALMA, "TI/H")


def test_a_block_holds_when_its_rule_is_off() -> None:
    blocked = (Blocked("b", "shut", NOW, FOREVER),)
    rights = derived(born="2010-10-01", cares=(care("bup"),), blocked=blocked, using=law(off=["OWN-BLOCK"]))
    assert not level(rights, "bup-unit", "TI/H@bup", entry="shut")


def test_the_day_a_child_is_born_is_the_day_the_facts_say() -> None:
    assert facts(born="2013-10-01").child.born == date(2013, 10, 1)
    assert JOINT.holders[0].person == MOTHER


@pytest.mark.parametrize(
    ("suspected", "assessed", "who", "waits"),
    [
        (True, False, {"mother"}, True), (True, True, {"mother"}, False), (False, False, {"mother"}, False),
        (True, False, {"carer"}, False), (True, False, {"former-carer"}, True), (True, False, {"bisidder"}, False),
        (True, False, {"mandate-holder"}, True), (True, False, {"carer", "aunt"}, True), (True, False, set(), False),
    ],
)  # fmt: skip
def test_whom_nothing_goes_to_before_the_risk_is_assessed(
    suspected: bool, assessed: bool, who: set[str], waits: bool
) -> None:
    """Case 17 of law-and-access § 7: parents and network; not those with daily care, nor whom the child has chosen."""
    moment, born = 1_000, date(1980, 5, 7)
    found = Facts(
        Child(
            "alma", None, placements=(Placement(0, moment + 1),), suspected_honour_conflict=suspected,
            risk_assessed=assessed,
        ), Custody(()), fostering=(Fostering("carer"), Fostering("former-carer", 0, moment)),
        mandates=tuple(Mandate(one, "alma", kind, frozenset(("AK",)), born, 0) for one, kind in (
            ("bisidder", Kind.LAY), ("mandate-holder", Kind.MANDATE))),
    )  # fmt: skip
    assert are_kept_waiting(found, who, moment) is waits


def test_who_had_daily_care_until_the_placement_ended_waits_as_the_rest_of_the_network() -> None:
    child = Child("alma", None, placements=(Placement(0, NOW),), suspected_honour_conflict=True)
    found = Facts(child, Custody(()), fostering=(Fostering(FOSTER),))
    assert [are_kept_waiting(found, {FOSTER}, at) for at in (NOW - 1, NOW)] == [False, True]
    assert [found.carers(at) for at in (NOW - 1, NOW)] == [(FOSTER,), ()]
