"""Somebody who stands twice: how they are marked and unmarked, and what numbers versions get where they come to."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir import check
from barnetsbog.record.former import (
    Other,
    Said,
    arriving,
    as_former,
    as_kept,
    now_called,
    pointed,
    without_former,
    without_kept,
)
from barnetsbog.record.promotion import promote

CPR = "urn:oid:1.2.208.176.1.2"
_TAGS = st.lists(st.sampled_from([{"system": "x", "code": "important"}, {"code": "y"}]), max_size=2)


def _patient(kind: str, tags: list[Any], numbers: list[str], linked: bool, active: bool | None) -> dict[str, Any]:
    found: dict[str, Any] = {"resourceType": kind, "id": "p", "name": [{"family": "Prøve"}]}
    found |= {} if active is None else {"active": active}
    found |= {"meta": {"tag": tags}} if tags else {}
    found |= {"identifier": [{"system": CPR, "value": one} for one in numbers]} if numbers else {}
    found |= (
        {"link": [{"other": {"reference": "Patient/z"}, "type": "seealso"}]} if linked and kind == "Patient" else {}
    )
    return found | ({"patient": {"reference": "Patient/c"}} if kind == "RelatedPerson" else {})


_PEOPLE = st.builds(
    _patient, st.sampled_from(["Patient", "RelatedPerson"]), _TAGS, st.lists(st.sampled_from("12"), unique=True),
    st.booleans(), st.sampled_from([None, True, False]),
)  # fmt: skip


@given(_PEOPLE)
def test_a_former_one_is_sound_says_so_once_and_can_be_undone(said: dict[str, Any]) -> None:
    former = as_former(as_former(said, "Patient/old"), f"{said['resourceType']}/now")
    assert not [one for one in check(former) if one.severity == "error"]
    assert promote(former).what == "former" and former["active"] is False
    assert now_called(former) == f"{said['resourceType']}/now"
    assert without_former(former) == said
    assert without_former(said) is said


@given(_PEOPLE.filter(lambda one: one["resourceType"] == "Patient"), st.lists(st.sampled_from("345"), unique=True))
def test_one_that_counts_has_both_numbers_and_links_and_can_be_undone(said: dict[str, Any], numbers: list[str]) -> None:
    other = Other("Patient/o", tuple({"system": CPR, "value": one} for one in numbers))
    kept = as_kept(as_kept(said, [other]), [other])
    assert not [one for one in check(kept) if one.severity == "error"]
    assert promote(kept).what == "child"
    assert {one["value"] for one in kept.get("identifier", ())} >= set(numbers)
    assert [one for one in kept["link"] if one["type"] == "replaces"] == [
        {"other": {"reference": "Patient/o"}, "type": "replaces"}
    ]
    assert without_kept(kept, other) == said


def test_references_are_pointed_and_nothing_else() -> None:
    said = {"id": "a", "subject": {"reference": "Patient/a"}, "note": "Patient/a", "other": {"reference": "Patient/ab"}}
    told = orjson.loads(pointed(orjson.dumps(said), {"Patient/a": "Patient/b"}))
    assert told == {**said, "subject": {"reference": "Patient/b"}}


def _said(*texts: str) -> list[Said]:
    return [Said(number, text.encode(), number, None, None, None, "") for number, text in enumerate(texts, 1)]


@given(st.lists(st.sampled_from(["a", "bb", "ccc"]), min_size=1), st.integers(0, 3), st.lists(st.sampled_from("xyz")))
def test_what_comes_back_goes_on_from_what_was_there(texts: list[str], more: int, new: list[str]) -> None:
    """`more` versions were written where it stood before after it had gone, `new` where it was in between."""
    there = _said(*texts, *(["left"] * more))
    coming = _said(*texts, *new)
    added = arriving(there, coming)
    numbers = [one.number for one in (*there, *added)]
    assert numbers == list(range(1, len(numbers) + 1))
    present = (added or there)[-1]
    assert present.body == coming[-1].body
    if not new and not more:
        assert added == []
    assert arriving([], coming) == coming
