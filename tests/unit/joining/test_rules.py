"""How much alike two books are, and who is the same in both."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.directory.model import ChildName
from barnetsbog.joining.model import Doubt, Identity, Sign, Sort
from barnetsbog.joining.people import same_people
from barnetsbog.joining.rules import has_room, likeness, may_decide, may_part, may_propose
from barnetsbog.kernel.cpr import CPR_SYSTEM, REPLACEMENT_SYSTEMS

BORN = date(2017, 5, 7)
MOTHER, OTHER_MOTHER = (CPR_SYSTEM, "0101809902"), (CPR_SYSTEM, "0303809904")
OWN, NEW, SUBSTITUTE = (CPR_SYSTEM, "0705170002"), (CPR_SYSTEM, "0705170010"), (REPLACEMENT_SYSTEMS[1], "070517TAA1")
LONG = "CPR-kontoret har givet barnet et nyt nummer."


def who(name: str = "Alma Sofie Prøvegaard", *numbers: tuple[str, str], born: date | None = BORN, gender: str = "female",
        **more: Any) -> Identity:  # fmt: skip
    given_names, _, family = name.rpartition(" ")
    called = ChildName(UUID(int=1), given_names, family, "", born, gender)
    return Identity(called, frozenset(numbers), **{name: frozenset(value) for name, value in more.items()})


ALMA = who("Alma Sofie Prøvegaard", OWN, parents=[MOTHER], addresses=["demovej 12 0000"])


@pytest.mark.parametrize(("other", "sort"), [
    (who("Alma Sofie Prøvegaard", SUBSTITUTE), Sort.SAME),
    (who("alma sofie prøvegaard", parents=[MOTHER]), Sort.SAME),
    (who("Alma Prøvegaard", SUBSTITUTE), Sort.LIKELY),
    (who("Alma Sofi Prøvegaard", SUBSTITUTE, gender="unknown"), Sort.LIKELY),
    (who("Alma Sofie Prøvegaard", SUBSTITUTE, parents=[OTHER_MOTHER]), Sort.LIKELY),
    (who("Alma Sofie Prøvegaard", NEW, parents=[MOTHER], addresses=["demovej 12 0000"]), Sort.TWINS),
    (who("Anna Sofie Prøvegaard", NEW, parents=[MOTHER], addresses=["demovej 12 0000"]), Sort.TWINS),
    (who("Anton Prøvegaard", SUBSTITUTE, parents=[MOTHER], gender="male"), Sort.TWINS),
    (who("Alma Sofie Prøvegaard", SUBSTITUTE, gender="male"), Sort.TWINS),
    (who("Ditte Andersby", SUBSTITUTE), Sort.OTHER),
    (who("Alma Sofie Prøvegaard", SUBSTITUTE, born=None), Sort.OTHER),
    (who("Alma Sofie Prøvegaard", SUBSTITUTE, born=date(2017, 5, 8)), Sort.OTHER),
])  # fmt: skip
def test_how_much_alike(other: Identity, sort: Sort) -> None:
    assert likeness(ALMA, other).sort is likeness(other, ALMA).sort is sort


def test_two_without_a_name_are_not_called_the_same() -> None:
    assert likeness(who("", addresses=["a"]), who("", addresses=["a"])).sort is Sort.TWINS


_NUMBERS = st.sets(st.sampled_from([OWN, NEW, SUBSTITUTE, MOTHER]), max_size=2)
_PEOPLE = st.builds(
    lambda name, numbers, parents, gender, born: who(name, *numbers, parents=parents, gender=gender, born=born),
    st.sampled_from(["Alma Prøvegaard", "Alma Sofie Prøvegaard", "Anna Prøvegaard", "Bo Prøvegaard", "Bo Ark"]),
    _NUMBERS, st.sets(st.sampled_from([MOTHER, OTHER_MOTHER])), st.sampled_from(["female", "male", ""]),
    st.sampled_from([BORN, date(2017, 5, 8), None]),
)  # fmt: skip


@given(_PEOPLE, _PEOPLE)
def test_two_with_a_cpr_number_each_are_never_taken_for_one(one: Identity, other: Identity) -> None:
    found = likeness(one, other)
    assert found == likeness(other, one)
    if Doubt.TWO_NUMBERS in found.doubts or Doubt.GENDER in found.doubts or Doubt.NAME in found.doubts:
        assert found.sort in (Sort.TWINS, Sort.OTHER)
    if found.sort in (Sort.SAME, Sort.LIKELY):
        assert one.name.born == other.name.born is not None
        assert found.signs != (Sign.BORN,)
    allowed = may_propose(found, itself=False, why=LONG, certain=False).allowed
    assert allowed == (found.sort in (Sort.SAME, Sort.LIKELY))


def test_twins_take_more_and_another_birth_date_is_never_joined() -> None:
    twins = likeness(ALMA, who("Alma Sofie Prøvegaard", NEW))
    assert may_propose(twins, itself=False, why=LONG, certain=True).allowed
    assert not may_propose(twins, itself=False, why=LONG, certain=False).allowed
    assert not may_propose(twins, itself=False, why="Nyt nummer.", certain=True).allowed
    assert not may_propose(twins, itself=True, why=LONG, certain=True).allowed
    later = likeness(ALMA, replace_born(ALMA, date(2017, 5, 8)))
    assert not may_propose(later, itself=False, why=LONG, certain=True).allowed


def replace_born(one: Identity, born: date) -> Identity:
    return one._replace(name=replace(one.name, born=born))


def test_two_persons_and_in_order() -> None:
    assert may_decide(UUID(int=1), UUID(int=2)).allowed
    assert not may_decide(UUID(int=1), UUID(int=1)).allowed
    assert not may_decide(None, UUID(int=1)).allowed
    assert may_part("Det var to børn.", inside=False).allowed
    assert not may_part("Det var to børn.", inside=True).allowed
    assert not may_part("Nej", inside=False).allowed


def test_a_reason_is_never_cut() -> None:
    assert has_room("x" * 500).allowed and has_room("").allowed
    assert not has_room("x" * 501).allowed and "Det er for langt." in has_room("x" * 501).reason


def person(ident: str, name: str = "Sara", number: str = "", **more: Any) -> dict[str, Any]:
    numbers = {"identifier": [{"system": CPR_SYSTEM, "value": number}]} if number else {}
    return {"resourceType": "RelatedPerson", "id": ident, "name": [{"text": name}], **numbers, **more}


@pytest.mark.parametrize(("kept", "coming", "one"), [
    ([person("a", number="0101809902")], [person("b", "S.", "010180-9902")], True),
    ([person("a", number="0101809902")], [person("b", number="0303809904")], False),
    ([person("a", number="0101809902")], [person("b")], True),
    ([person("a", "Sara")], [person("b", "Lone")], False),
    ([person("a"), person("c")], [person("b")], False),
    ([person("a")], [person("b"), person("c")], False),
    ([person("a", active=False)], [person("b")], False),
    ([person("a", "")], [person("b", "")], False),
    ([person("a", "Sara", "ukendt")], [person("b", "Lone", "Ukendt")], False),
])  # fmt: skip
def test_who_stands_in_both(kept: list[Any], coming: list[Any], one: bool) -> None:
    found = same_people("p", [{"id": "q"}, {"id": "r"}], kept, coming)
    assert {key: found[key] for key in ("Patient/q", "Patient/r")} == {
        "Patient/q": "Patient/p",
        "Patient/r": "Patient/p",
    }
    assert ("RelatedPerson/b" in found) is one
