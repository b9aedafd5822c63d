"""Who counts as what around a child, row by row."""

import pytest

from barnetsbog.contacts import rules
from barnetsbog.contacts.model import Description, Involvement, NetworkPerson, Part
from barnetsbog.directory.model import Away, Gone
from barnetsbog.kernel.ids import new_id

ME, BO, IDA = "PractitionerRole/me", "PractitionerRole/bo", "PractitionerRole/ida"
PPR, BUP = "Organization/ppr", "Organization/bup"


def part(*roles: str, said: Involvement | None = None, who: str = BO) -> Part:
    return Part(who, frozenset(roles), Description(said))


@pytest.mark.parametrize(
    ("found", "has_ball", "involved"),
    [
        (part("member"), False, Involvement.TAKES_PART),
        (part("member", said=Involvement.KNOWS), False, Involvement.KNOWS),
        (part("member", said=Involvement.HAS_TASK), False, Involvement.HAS_TASK),
        (part("member", said=Involvement.KNOWS), True, Involvement.HAS_TASK),
        (part("coordinator", said=Involvement.KNOWS), False, Involvement.HAS_TASK),
        (part("substitute"), False, Involvement.HAS_TASK),
        (part(), False, Involvement.TAKES_PART),
    ],
)
def test_how_much_somebody_has_to_do_with_the_child(found: Part, has_ball: bool, involved: Involvement) -> None:
    assert rules.involvement_of(found, has_ball=has_ball) is involved


@pytest.mark.parametrize(
    ("found", "unit", "shown"),
    [
        (part("member"), PPR, True),
        (part("member"), BUP, False),
        (part("coordinator"), BUP, True),
        (part("substitute"), BUP, True),
        (part("member", who=ME), BUP, True),
    ],
)
def test_a_name_in_the_team_does_not_tell_of_a_hidden_unit(found: Part, unit: str, shown: bool) -> None:
    assert rules.shown(found, unit, {PPR}, ME) is shown


@pytest.mark.parametrize(
    ("coordinator", "why", "vacant"),
    [
        ("", None, True), (BO, None, False), (BO, Gone.ABSENT, False), (BO, Gone.STOPPED, True), (BO, Gone.CLOSED, True),
    ],
)  # fmt: skip
def test_a_child_without_a_coordinator(coordinator: str, why: Gone | None, vacant: bool) -> None:
    assert rules.vacant(coordinator, Away(new_id(), why, None) if why else None) is vacant


@pytest.mark.parametrize(
    ("about", "their_unit", "coordinator", "allowed"),
    [
        (ME, PPR, BO, True), (BO, PPR, IDA, True), (IDA, BUP, ME, True), (IDA, BUP, BO, False), (IDA, BUP, "", False),
    ],
)  # fmt: skip
def test_who_may_say_what_somebody_does(about: str, their_unit: str, coordinator: str, allowed: bool) -> None:
    assert rules.may_describe(ME, PPR, about, their_unit, coordinator).allowed is allowed


def test_without_a_unit_nobody_is_a_colleague() -> None:
    assert not rules.may_describe(ME, "", IDA, "", BO).allowed


@pytest.mark.parametrize(
    ("who", "unit", "allowed"),
    [("", "", True), (IDA, PPR, True), (IDA, BUP, False), (BO, PPR, False), (IDA, "", False)],
)
def test_a_stand_in_is_a_colleague(who: str, unit: str, allowed: bool) -> None:
    assert rules.may_stand_in(who, BO, unit, PPR).allowed is allowed


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        (NetworkPerson("Rut", "nabo"), True), (NetworkPerson(" ", "nabo"), False), (NetworkPerson("Rut", " "), False),
        (NetworkPerson("R" * 301, "nabo"), False), (NetworkPerson("R" * 300, "nabo"), True),
    ],
)  # fmt: skip
def test_a_person_has_a_name_and_is_something_to_the_child(wanted: NetworkPerson, allowed: bool) -> None:
    assert rules.complete(wanted).allowed is allowed


@pytest.mark.parametrize("network", [True, False])
def test_only_those_the_child_has_pointed_at_are_named_here(network: bool) -> None:
    assert rules.may_rename(network).allowed is network
