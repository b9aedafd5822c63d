"""$validate asks what a write would ask, and $meta tells and changes labels by the same rules."""

from pathlib import Path
from typing import Any

import pytest

from barnetsbog.audit.models import Event
from barnetsbog.fhir.packages import add_package
from barnetsbog.intake import profiled
from tests.builders import Json, observation, patient
from tests.conftest import BOTH_DATABASES
from tests.packages import el, package, profile, sd

from .conftest import World, lines, tag, version

pytestmark = BOTH_DATABASES


def asked(resource: Json | None = None, **more: str) -> Json:
    parameters: list[Json] = [{"name": "resource", "resource": resource}] if resource is not None else []
    parameters += [
        {"name": name, "valueUri" if name == "profile" else "valueCode": value} for name, value in more.items()
    ]
    return {"resourceType": "Parameters", "parameter": parameters}


def errors(answer: Any) -> list[str]:
    assert (answer.status, answer.json["resourceType"]) == (200, "OperationOutcome")
    return [one["code"] for one in answer.json["issue"] if one["severity"] == "error"]


def test_a_sound_resource_and_one_that_is_not(world: World) -> None:
    sound = world.observation()
    assert errors(world("ppr").post("Observation/$validate", sound)) == []
    assert errors(world("ppr").post("Observation/$validate", asked(sound))) == []
    found = world("ppr").post("Observation/$validate", {**sound, "status": "maaske", "component": [{}]})
    assert errors(found) and found.json["issue"][0]["expression"] == ["Observation.status"]
    assert "invalid" in errors(world("ppr").post("Observation/$validate", patient()))
    assert errors(world("ppr").post(f"{world.ref('o1')}/$validate", asked())) == []
    assert errors(world("ppr").get(f"{world.ref('o1')}/$validate")) == []


def test_whatever_a_write_is_refused_for_is_told_and_nothing_is_stored(world: World) -> None:
    before, events = world.stored(), Event.objects.filter(action__in=("fhir-create", "fhir-write")).count()
    stranger = world.observation("noah")
    foreign = world.observation(performer=[{"reference": world.ref("gp-staff")}])
    marked = {
        **world.observation(),
        "extension": [
            {
                "url": "https://barnetsbog.example/fhir/StructureDefinition/sent-to",
                "valueReference": {"reference": world.ref("gp")},
            }
        ],
    }
    for resource in (stranger, foreign, marked, {**world.observation(), "subject": {"reference": "Patient/nobody"}}):
        written = world("ppr").post("Observation", resource)
        tried = world("ppr").post("Observation/$validate", asked(resource, mode="create"))
        assert written.status in (403, 422)
        assert tried.json == written.json and errors(tried)
    assert errors(world("ppr").post("Observation/$validate", asked(world.observation(), mode="create"))) == []
    assert errors(
        world("ppr").post(
            "Task/$validate", asked({"resourceType": "Task", "status": "draft", "intent": "order"}, mode="create")
        )
    ) == ["business-rule"]
    assert world.stored() == before
    assert lines("fhir-validate")
    assert Event.objects.filter(action__in=("fhir-create", "fhir-write"), allowed=True).count() == events


def test_a_change_and_a_removal_are_tried_on_what_stands_there(world: World) -> None:
    own = world("ppr").post("Observation", world.observation())
    path, before = f"Observation/{own.ident}/$validate", world.stored()
    changed = {**world("ppr").get(f"Observation/{own.ident}").json, "valueString": "Andet"}
    assert errors(world("ppr").post(path, asked(changed, mode="update"))) == []
    assert errors(world("ppr").post(path, asked({**changed, "id": "1"}, mode="update"))) == ["invalid"]
    assert errors(world("ppr").post(path, asked(changed, mode="update"), If_Match='W/"9"')) == ["conflict"]
    assert errors(world("ppr").post(path, asked(mode="delete"))) == []
    assert errors(world("ppr").post(f"{world.ref('alma')}/$validate", asked(mode="delete"))) == ["forbidden"]
    assert world.stored() == before
    assert {line.child_id for line in lines("fhir-validate")} == {world.child("alma")}
    assert world("ppr").get(f"Observation/{own.ident}").headers["ETag"] == tag(f"Observation/{own.ident}", 1)


@pytest.mark.parametrize("mode", ("update", "delete", ""))
def test_what_may_not_be_known_is_what_does_not_exist(world: World, mode: str) -> None:
    answers = []
    for ident in (world.id("o2"), "01890000-0000-7000-8000-000000000000"):
        changed = {**observation(ident, about=world.ref("alma")), "performer": [{"reference": world.ref("ppr-staff")}]}
        sent = asked(changed if mode == "update" else None, **({"mode": mode} if mode else {}))
        answers.append(world("ppr").post(f"Observation/{ident}/$validate", sent))
    assert answers[0].bytes == answers[1].bytes and {one.status for one in answers} == {404}


def test_profiles_of_loaded_packages_are_asked(
    world: World, tmp_path: Path, settings: Any, request: pytest.FixtureRequest
) -> None:
    unknown = world("ppr").post("Patient/$validate", asked(patient(), profile=sd("p")))
    assert errors(unknown) == ["not-supported"]
    claims = world("ppr").post("Patient/$validate", asked(patient(meta={"profile": [sd("p")]})))
    assert errors(claims) == []
    assert [one["code"] for one in claims.json["issue"] if one["severity"] == "warning"] == ["not-supported"]
    settings.DATA = tmp_path
    request.addfinalizer(profiled._opened.cache_clear)
    add_package(package(profile("Patient", el("telecom", 1, "1"))), tmp_path)
    assert errors(world("ppr").post("Patient/$validate", asked(patient(), profile=sd("p")))) == ["required"]
    rung = patient(telecom=[{"system": "phone", "value": "11111111"}])
    for sent in (asked(rung, profile=sd("p")), asked({**rung, "meta": {"profile": [sd("p")]}})):
        found = world("ppr").post("Patient/$validate", sent)
        assert errors(found) == [] and "not-supported" not in [one["code"] for one in found.json["issue"]]


def test_answers_are_held_against_a_questionnaire_that_is_loaded(
    world: World, tmp_path: Path, settings: Any, request: pytest.FixtureRequest
) -> None:
    url = "https://example.org/fhir/Questionnaire/sleep"
    question = {"linkId": "hours", "text": "Hours?", "type": "integer", "required": True}
    form = {"resourceType": "Questionnaire", "url": url, "version": "2", "status": "active", "item": [question]}
    settings.DATA = tmp_path
    request.addfinalizer(profiled._opened.cache_clear)
    add_package(package(form), tmp_path)
    sound = {
        "resourceType": "QuestionnaireResponse", "questionnaire": f"{url}|2", "status": "completed",
        "subject": {"reference": world.ref("alma")}, "authored": "2026-11-25",
        "item": [{"linkId": "hours", "answer": [{"valueInteger": 7}]}],
    }  # fmt: skip
    ppr = world("ppr")
    assert errors(ppr.post("QuestionnaireResponse/$validate", sound)) == []
    lacking = {key: one for key, one in sound.items() if key != "item"}
    assert errors(ppr.post("QuestionnaireResponse/$validate", lacking)) == ["required"]


def test_bad_questions(world: World) -> None:
    ppr = world("ppr")
    assert ppr.post("Observation/$validate", asked(world.observation(), mode="maaske")).where == "http.mode"
    assert ppr.post("Observation/$validate", asked(world.observation(), mode="update")).where == "http.mode"
    assert ppr.post("Observation/$validate", asked(world.observation(), mode="profile")).where == "http.profile"
    assert ppr.post("Observation/$validate", asked()).where == "http.resource"
    assert ppr.send("POST", "Observation/$validate").where == "http.resource"
    assert ppr.post("Observation/$validate", [1]).status == 400
    assert ppr.post("Observation/$validate", {"resourceType": "Parameters", "parameter": [{"name": "x"}]}).status == 400
    assert ppr.post("Slot/$validate", {"resourceType": "Slot"}).status == 404


# -- $meta -------------------------------------------------------------------------------------------------------------

TAG = {"system": "http://example.org/tags", "code": "blaa"}
SECRET = {"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity", "code": "health"}


def meta(**said: Any) -> Json:
    return {"resourceType": "Parameters", "parameter": [{"name": "meta", "valueMeta": said}]}


def of(answer: Any) -> Json:
    assert answer.status == 200, answer.json
    return dict(answer.json["parameter"][0]["valueMeta"])


def test_meta_is_told_and_changed_by_the_rules_of_a_write(world: World) -> None:
    ppr = world("ppr")
    own = f"Observation/{ppr.post('Observation', world.observation()).ident}"
    assert of(ppr.get(f"{own}/$meta"))["versionId"] == version(own, 1)
    assert of(ppr.post(f"{own}/$meta-add", meta(tag=[TAG])))["tag"] == [TAG]
    assert of(ppr.post(f"{own}/$meta-add", meta(tag=[TAG])))["versionId"] == version(own, 2)
    assert of(ppr.post(f"{own}/$meta-add", meta(security=[SECRET])))["security"] == [SECRET]
    refused = ppr.post(f"{own}/$meta-delete", meta(security=[SECRET]))
    assert (refused.status, refused.where) == (422, "Meta.security")
    assert "tag" not in of(ppr.post(f"{own}/$meta-delete", meta(tag=[TAG])))
    assert ppr.get(f"{own}/$meta-add").status == 405
    assert (
        ppr.post(
            f"{own}/$meta-add",
            meta(tag=[{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-tag", "code": "restricted"}]),
        ).status
        == 422
    )
    assert ppr.post(f"{own}/$meta-add", {"resourceType": "Parameters"}).where == "http.meta"
    assert world("gp").post(f"{own}/$meta-add", meta(tag=[TAG])).status in (403, 404)
    absent = ppr.get("Observation/01890000-0000-7000-8000-000000000000/$meta")
    assert ppr.get(f"{world.ref('o2')}/$meta").bytes == absent.bytes and absent.status == 404
