"""What is hidden leaves no trace: with and without it every answer is the same, byte for byte (law-and-access §5)."""

from collections.abc import Iterator

import pytest

from barnetsbog.record import instance
from tests.builders import Json, observation, patient, send, unit
from tests.conftest import BOTH_DATABASES

from .conftest import FORM, World, entry, past

pytestmark = BOTH_DATABASES


def questions(world: World) -> Iterator[tuple[str, str, bytes | None, str]]:
    """Everything that PPR might ask, about what it knows and what it doesn't: method, address, body, kind."""
    alma, noah = world.ref("alma"), world.ref("noah")
    for path in (
        "Observation", "Observation?_total=accurate", "Observation?_count=1&_sort=-date", "Observation?_summary=count", "Observation?_sort=_lastUpdated",
        "Observation?subject:Patient.birthdate=2017", "Observation?code:missing=false", "Patient", "Patient?_has:Observation:subject:status=final", "Patient?_revinclude=Observation:subject&_total=accurate",
        "Observation?_include=*", "Encounter?_total=accurate", "_history", "Observation/_history", "Observation/_history?_count=1", "Patient/_history",
        f"{alma}/Observation", f"{noah}/Observation", world.ref("o1"), f"{world.ref('o1')}/_history", world.ref("o2"), alma, noah, f"{noah}/_history",
        "Observation?identifier=http://x|hemmelig", "Observation?value-string=Hemmeligt", "Observation?performer=" + world.ref("gp-staff"), "Organization", "metadata",
        "Observation?based-on:missing=true&_sort=status", "Observation?_lastUpdated=ge2020-01-01&_total=accurate",
    ):  # fmt: skip
        yield "GET", path, None, ""
    yield "POST", "Observation/_search", b"_total=accurate", FORM
    yield "POST", "Patient/_search", b"identifier=1402149903", FORM
    yield "DELETE", world.ref("o2"), None, ""
    yield "GET", past(f"Observation/{world.id('o2')}", 1), None, ""


def everything(world: World) -> list[tuple[str, int, bytes, str]]:
    found = []
    for method, path, body, kind in questions(world):
        answer = world("ppr").send(method, path, body, kind) if kind else world("ppr").send(method, path)
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
        found.append((f"{method} {path}", answer.status, answer.bytes, str(sorted(headers.items()))))
    batch = world("ppr").transaction(
        entry("GET", "Observation?_total=accurate"), entry("GET", world.ref("o2")), kind="batch"
    )
    return [*found, ("batch", batch.status, batch.bytes, "")]


HIDDEN = {
    "another child's": lambda: [observation("h1", about="Patient/noah", performer=[{"reference": "PractitionerRole/bup-staff"}])],
    "another shelf's": lambda: [observation("h2", performer=[{"reference": "PractitionerRole/gp-staff"}], valueString="Hemmeligt", identifier=[{"system": "http://x", "value": "hemmelig"}])],
    "a draft": lambda: [observation("h3", performer=[{"reference": "PractitionerRole/gp-staff"}], meta={"security": [{"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity", "code": "draft"}]})],
    "a child's confidence": lambda: [observation("h4", performer=[{"reference": "PractitionerRole/ppr-staff"}], meta={"security": [{"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity", "code": "child-private"}]})],
    "another child": lambda: [patient("ida", number="0303159933"), observation("h5", about="Patient/ida")],
    "a later version of what is hidden": lambda: [observation("o2", about="Patient/noah", performer=[{"reference": "PractitionerRole/bup-staff"}], valueString="Nyt")],
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_adding_what_is_hidden_changes_no_byte(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    moment = instance.now()
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: moment)
    before = everything(world)
    report = send(*HIDDEN[name]())
    assert report.stored, report.refusals
    for old, new in zip(before, everything(world), strict=True):
        assert old == new, old[0]
    assert {status for _, status, _, _ in before} == {200, 404}


def test_what_was_taken_out_of_use_is_as_if_it_had_never_been_for_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = instance.now()
    monkeypatch.setattr("barnetsbog.access.scopes.now", lambda: moment)
    before = everything(world)
    made = world("gp").post("Observation", world.observation())
    assert everything(world) == before
    assert world("gp").delete(f"Observation/{made.ident}").status == 204
    assert everything(world) == before
    own = world("ppr").post("Observation", world.observation())
    assert world("ppr").delete(f"Observation/{own.ident}").status == 204
    assert everything(world) == before


# -- the directory -----------------------------------------------------------------------------------------------------

REFUGE = {"resourceType": "Location", "id": "refuge-house", "name": "Huset", "managingOrganization": {"reference": "Organization/refuge"}}  # fmt: skip


def labelled(resource: Json, code: str) -> Json:
    label = {"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity", "code": code}
    return {**resource, "meta": {"security": [label]}}


def named_in_the_book(world: World) -> str:
    """A unit that something of Alma's names, before anybody has told of it: as it is called here."""
    send(
        observation("o9", performer=[{"reference": "PractitionerRole/ppr-staff"}, {"reference": "Organization/refuge"}])
    )
    return str(world("ppr").get(world.ref("o9")).json["performer"][1]["reference"])


def of_the_directory(world: World, refuge: str, who: str) -> list[tuple[str, int, bytes]]:
    """Everything that could tell of that unit, or of its house."""
    found = []
    for path in (
        refuge, f"{refuge}/_history", past(refuge, 1), f"{refuge}/$meta", "Organization/_history", "Organization/_history?_count=1",
        "Location/_history", "_history", "_history?_since=2020-01-01T00:00:00Z", f"{world.ref('alma')}/$everything",
        f"{world.ref('alma')}/$everything?_since=2020-01-01T00:00:00Z",
        "Organization?_total=accurate", "Location?_total=accurate", "Organization?name=Krise", "Observation?performer:Organization.name=Enhed&_include=*",
        f"Location?organization={refuge}",
    ):  # fmt: skip
        answer = world(who).get(path)
        found.append((path, answer.status, answer.bytes))
    answers = (
        world(who).put(refuge, {**unit("refuge"), "id": refuge.partition("/")[2]}),
        world(who).delete(refuge),
        world(who).post("Observation", world.observation(performer=[{"reference": refuge}])),
    )
    return found + [(answer.said, answer.status, answer.bytes) for answer in answers]


@pytest.mark.parametrize("code", ["address", "draft"])
def test_a_unit_that_somebody_has_marked_is_in_no_answer(world: World, code: str) -> None:
    refuge, askers = named_in_the_book(world), ("ppr", "ppr-master", "ppr-staff")
    world.allowed["ppr"] = {"*": frozenset("cruds")}
    before = {who: of_the_directory(world, refuge, who) for who in askers}
    report = send(labelled(unit("refuge"), code), labelled(REFUGE, code))
    assert report.stored == 2 and world.ref("refuge") == refuge, report.refusals
    for who, answers in before.items():
        for old, new in zip(answers, of_the_directory(world, refuge, who), strict=True):
            assert old == new, (who, old[0])
    send(unit("refuge"))  # it is no secret any more, and what it was before is not told
    found = world("ppr").get(f"{refuge}/_history").json
    assert (found["total"], found["entry"][0]["request"]["method"]) == (1, "POST")


def test_whose_unit_is_marked_may_name_it(world: World) -> None:
    send(labelled(unit("ppr"), "address"))
    own = [{"reference": world.ref("ppr")}]
    assert world("ppr").get(world.ref("ppr")).status == 404
    made = world("ppr").post("Observation", world.observation(performer=own))
    assert made.status == 201, made.json


def test_a_unit_that_was_taken_out_of_use_is_gone_and_has_no_place_in_histories(world: World) -> None:
    mark = {"tag": [{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-tag", "code": "restricted"}]}
    send(unit("old"))
    ref = world.ref("old")
    assert world("gp").get(ref).status == 200
    send({**unit("old"), "meta": mark})
    for who in ("ppr", "gp"):
        assert world(who).get(ref).status == 410
        assert ref.encode() not in world(who).get("Organization/_history").bytes


def test_when_it_is_taken_out_of_use_what_was_hidden_of_it_stays_hidden(world: World) -> None:
    mine = observation("told", performer=[{"reference": "PractitionerRole/ppr-staff"}])
    send(labelled(mine, "child-private"))
    send({**mine, "valueString": "Det må alle vide."})
    ref = world.ref("told")

    def methods() -> list[str]:
        return [one["request"]["method"] for one in world("ppr").get(f"{ref}/_history").entries]

    assert methods() == ["POST"]
    assert world("ppr").delete(ref).status == 204
    assert methods() == ["DELETE", "POST"]
