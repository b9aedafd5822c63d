"""Several at once: one child is one child, and of two who change the same, one is told (lessons-from-peers §3 E)."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from barnetsbog.directory.queries import all_children
from barnetsbog.exchange.fhir import callers
from barnetsbog.record.models import Entry, Version
from tests.at_once import ON_POSTGRESQL, at_once
from tests.builders import patient
from tests.conftest import on_postgresql

from .conftest import Answer, World, tag

pytestmark = ON_POSTGRESQL
MANY = 8


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with on_postgresql():
        made = World()
        monkeypatch.setattr(callers, "caller", made.caller)
        yield made


def many_at_once(act: Callable[[int], Answer]) -> list[Answer]:
    return at_once(*(partial(act, number) for number in range(MANY)))


def test_a_new_child_from_ppr_and_the_doctor_at_once_is_one_child(world: World) -> None:
    """HAPI#3141, #4597, medplum#4878: parallel "create if missing" makes doubles."""
    before, sent = len(all_children()), patient(number="0101159911")
    criteria = "identifier=urn:oid:1.2.208.176.1.2|0101159911"

    def bring(number: int) -> Answer:
        who = "ppr-record" if number % 2 else "gp-record"
        return world(who).post(
            "Patient", {**sent, "gender": "male" if number % 3 else "female"}, If_None_Exist=criteria
        )

    answers = many_at_once(bring)
    assert {one.status for one in answers} == {201}
    assert len({one.ident for one in answers}) == 1
    assert len(all_children()) == before + 1
    assert Entry.objects.filter(kind="Patient", id=answers[0].ident).count() == 1
    assert Version.objects.filter(entry_id=answers[0].ident).count() == 1


def test_what_is_created_if_missing_by_many_is_there_once(world: World) -> None:
    sent = world.observation(identifier=[{"system": "http://ppr.example/id", "value": "a"}])
    answers = many_at_once(
        lambda _: world("ppr").post("Observation", sent, If_None_Exist="identifier=http://ppr.example/id|a")
    )
    assert sorted(one.status for one in answers) == [200] * (MANY - 1) + [201]
    assert len({one.json["id"] for one in answers}) == 1


def test_what_belongs_to_no_child_is_created_once_too(world: World) -> None:
    sent = {"resourceType": "Organization", "name": "Ny", "identifier": [{"system": "http://cvr.dk", "value": "1"}]}
    criteria = "identifier=http://cvr.dk|1"
    answers = many_at_once(lambda _: world("bup-record").post("Organization", sent, If_None_Exist=criteria))
    assert sorted(one.status for one in answers) == [200] * (MANY - 1) + [201]


def test_whoever_updates_what_others_create_changes_it(world: World) -> None:
    """What was sent second was answered with what is there, as if it were that."""
    identifier, by = [{"system": "http://ppr.example/id", "value": "a"}], "identifier=http://ppr.example/id|a"
    answers = many_at_once(
        lambda number: world("ppr").put(f"Observation?{by}", world.observation(identifier=identifier, valueString=str(number)))
    )  # fmt: skip
    told = [(one.status, one.json.get("valueString")) for one in answers if one.status not in (409, 412)]
    assert [one for one, _ in told].count(201) == 1
    assert {said for _, said in told} == {str(n) for n, one in enumerate(answers) if one.status not in (409, 412)}
    ident = {one.json["id"] for one in answers if one.status not in (409, 412)}
    assert len(ident) == 1 and Version.objects.filter(entry_id=ident.pop()).count() == len(told)


def test_of_many_who_change_the_same_version_one_wins(world: World) -> None:
    made = world("ppr").post("Observation", world.observation())
    ref = f"Observation/{made.ident}"
    answers = many_at_once(
        lambda number: world("ppr").put(ref, {**made.json, "valueString": str(number)}, If_Match=tag(ref, 1))
    )
    assert sorted({one.status for one in answers}) == [200, 412]
    assert [one.status for one in answers].count(200) == 1
    (won,) = [one for one in answers if one.status == 200]
    assert world("ppr").get(ref).bytes == won.bytes
    assert Version.objects.filter(entry_id=made.ident).count() == 2


def test_who_says_no_version_comes_one_after_the_other(world: World) -> None:
    made = world("ppr").post("Observation", world.observation())
    ref = f"Observation/{made.ident}"
    answers = many_at_once(lambda number: world("ppr").put(ref, {**made.json, "valueString": str(number)}))
    told = {one.headers.get("ETag", "") for one in answers if one.status == 200}
    assert told == {tag(ref, n) for n in range(2, MANY + 2)}
    numbers = list(Version.objects.filter(entry_id=made.ident).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, MANY + 2))
