"""SDC: a form is filled with what the asker may read, and what an answered one says comes back as entries."""

from typing import Any

import pytest

from barnetsbog.fhir.own import complex_extension, referring
from barnetsbog.forms.loading import catalogue
from barnetsbog.forms.model import Form, Item, Kind
from barnetsbog.record import instance
from tests.builders import observation, send
from tests.conftest import BOTH_DATABASES

from .conftest import Json, World
from .test_differential import HIDDEN

pytestmark = BOTH_DATABASES
URL = "https://barnetsbog.example/fhir/Questionnaire/"
FORM = "bup-referral-ppr"


def test_a_parameter_with_parts_is_named_and_may_be_left_out(world: World) -> None:
    """SDC's own clients send who is asking (`context`): they were told that a parameter must have a value."""
    who = {"name": "content", "valueReference": {"reference": world.ref("ppr-staff")}}
    sent = subject(world)
    sent["parameter"].append({"name": "context", "part": [{"name": "name", "valueString": "user"}, who]})
    refused = world("ppr").post(f"Questionnaire/{FORM}/$populate", sent)
    assert (refused.status, refused.where) == (400, "http.context")
    assert response(world("ppr").post(f"Questionnaire/{FORM}/$populate", sent, Prefer="handling=lenient"))
    sent["parameter"] = [{"name": "canonical", "part": [who]}, *sent["parameter"][:1]]
    assert world("ppr").post("Questionnaire/$populate", sent).where == "http.canonical"


def subject(world: World, child: str = "alma", **more: Any) -> Json:
    parameters: list[Json] = [{"name": "subject", "valueReference": {"reference": world.ref(child)}}]
    kinds = {"canonical": "valueUri", "questionnaire": "resource"}
    parameters += [{"name": name, kinds[name]: one} for name, one in more.items()]
    return {"resourceType": "Parameters", "parameter": parameters}


def response(answer: Any) -> Json:
    assert answer.status == 200, answer.json
    (found,) = answer.json["parameter"]
    return dict(found["resource"])


def answers(items: list[Json]) -> list[tuple[str, Json]]:
    return [
        pair for one in items
        for pair in ([(one["linkId"], one)] if "answer" in one else answers(one.get("item", [])))
    ]  # fmt: skip


def test_a_form_is_filled_with_what_the_asker_may_read_and_says_where_it_is_from(world: World) -> None:
    ppr, before = world("ppr"), world.stored()
    found = response(ppr.post(f"Questionnaire/{FORM}/$populate", subject(world)))
    assert (found["resourceType"], found["status"], found["subject"]) == (
        "QuestionnaireResponse",
        "in-progress",
        {"reference": world.ref("alma")},
    )
    told = answers(found["item"])
    name = next(one for _, one in told if one["answer"] == [{"valueString": "Alma Prøvegaard"}])
    (origin,) = name["extension"]
    assert origin["url"].endswith("/fetched")
    assert {"reference": world.ref("alma")} in [part.get("valueReference") for part in origin["extension"]]
    version = catalogue()[FORM].version
    for sent in (
        {"canonical": URL + FORM},
        {"canonical": f"{URL}{FORM}|{version}"},
        {"questionnaire": ppr.get(f"Questionnaire/{FORM}").json},
    ):
        assert response(ppr.post("Questionnaire/$populate", subject(world, **sent))) | {"authored": ""} == found | {
            "authored": ""
        }
    assert (
        response(ppr.get(f"Questionnaire/$populate?canonical={URL}{FORM}&subject={world.ref('alma')}"))["item"]
        == found["item"]
    )
    assert world.stored() == before


def test_a_narrow_token_fills_no_more_than_it_may_read(world: World) -> None:
    world.allowed["ppr"] = {"Questionnaire": frozenset("r"), "Patient": frozenset("r")}
    found = response(world("ppr").post(f"Questionnaire/{FORM}/$populate", subject(world)))
    origins = [
        part["valueReference"]["reference"]
        for _, one in answers(found["item"])
        for e in one.get("extension", ())
        for part in e["extension"]
        if part["url"] == "entry"
    ]
    assert origins and {one.partition("/")[0] for one in origins} == {"Patient"}
    world.allowed["ppr"] = {"Questionnaire": frozenset("r")}
    assert world("ppr").post(f"Questionnaire/{FORM}/$populate", subject(world)).status == 403


def test_unknown_forms_and_children(world: World) -> None:
    ppr = world("ppr")
    for path, sent in (
        ("Questionnaire/nobody/$populate", subject(world)),
        ("Questionnaire/$populate", subject(world, canonical="http://example.org/Questionnaire/x|1")),
        ("Questionnaire/$populate", subject(world, canonical=f"{URL}{FORM}|999")),
        (
            "Questionnaire/$populate",
            subject(world, questionnaire={"resourceType": "Questionnaire", "status": "active", "url": "http://x"}),
        ),
    ):
        found = ppr.post(path, sent)
        assert (found.status, found.where) == (404, "http.canonical") and "kataloget" in found.said, sent
    hidden = ppr.post(f"Questionnaire/{FORM}/$populate", subject(world, "noah"))
    absent = ppr.get(f"Questionnaire/{FORM}/$populate?subject=Patient/01890000-0000-7000-8000-000000000000")
    assert hidden.bytes == absent.bytes and hidden.status == 404
    assert ppr.get(f"Questionnaire/{FORM}/$populate").where == "http.subject"
    assert ppr.get(f"Questionnaire/{FORM}/$populate?subject={world.ref('o1')}").where == "http.subject"
    assert ppr.get(f"Questionnaire/$populate?subject={world.ref('alma')}").where == "http.canonical"


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_hidden_fills_nothing(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    moment = instance.now()
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: moment)
    before = world("ppr").post(f"Questionnaire/{FORM}/$populate", subject(world)).bytes
    assert send(*HIDDEN[name]()).stored
    assert world("ppr").post(f"Questionnaire/{FORM}/$populate", subject(world)).bytes == before


# -- what was answered -------------------------------------------------------------------------------------------------


def becoming(what: str) -> tuple[Form, str, Item, Item]:
    """A form with a group that becomes such an entry, its section, and where the group says what it is."""
    return next(
        (form, section.id, item, one)
        for form in catalogue().values() for section in form.sections for item in section.items
        if item.kind is Kind.GROUP and item.becomes and item.becomes.what == what
        for one in item.items
        if one.kind in (Kind.LINE, Kind.WORDS) and item.becomes.parts.get(one.id, one.id) in ("what", "title", "words")
    )  # fmt: skip


def answered(world: World, form: Form, section: str, *items: Json, **more: Any) -> Json:
    return {
        "resourceType": "QuestionnaireResponse", "questionnaire": f"{URL}{form.id}|{form.version}", "status": "completed",
        "subject": {"reference": world.ref("alma")},
        **({"item": [{"linkId": section, "item": list(items)}]} if items else {}), **more,
    }  # fmt: skip


def test_what_an_answered_form_says_comes_back_as_entries(world: World) -> None:
    form, section, group, what = becoming("condition")
    said = {"linkId": group.id, "item": [{"linkId": what.id, "answer": [{"valueString": "Sover dårligt"}]}]}
    before = world.stored()
    sent = answered(world, form, section, said)
    for content in (
        sent,
        {"resourceType": "Parameters", "parameter": [{"name": "questionnaire-response", "resource": sent}]},
    ):
        found = response(world("ppr").post("QuestionnaireResponse/$extract", content))
        assert found["type"] == "transaction"
        (one,) = found["entry"]
        assert (one["resource"]["resourceType"], one["resource"]["code"]["text"]) == ("Condition", "Sover dårligt")
        assert one["request"] == {"method": "POST", "url": "Condition"}
        assert one["resource"]["evidence"][0]["detail"][0]["reference"].startswith("urn:uuid:")
    assert world.stored() == before
    stored = world("ppr").post("QuestionnaireResponse", sent)
    again = response(world("ppr").get(f"QuestionnaireResponse/{stored.ident}/$extract"))
    assert (
        again["entry"][0]["resource"]["evidence"][0]["detail"][0]["reference"]
        == f"QuestionnaireResponse/{stored.ident}"
    )


def test_what_a_child_has_told_in_confidence_comes_back_as_confidential(world: World) -> None:
    form, section, group, what = becoming("own-goal")
    said = {"linkId": group.id, "item": [{"linkId": what.id, "answer": [{"valueString": "Jeg vil hjem"}]}]}
    turn = {
        "part": ("Code", form.parts[0].id), "who": ("Reference", {"reference": world.ref("alma")}),
        "state": ("Code", "finished"), "shared": ("Boolean", False),
    }  # fmt: skip
    ours = [referring("author", world.ref("alma")), complex_extension("form-turn", turn)]
    sent = answered(world, form, section, said, extension=ours)
    (one,) = response(world("ppr").post("QuestionnaireResponse/$extract", sent))["entry"]
    assert one["resource"]["description"]["text"] == "Jeg vil hjem"
    assert [label["code"] for label in one["resource"]["meta"]["security"]] == ["child-private"]


def test_what_cannot_be_read_as_an_answer_is_said(world: World) -> None:
    form, section, group, _ = becoming("condition")
    ppr = world("ppr")
    foreign = ppr.post(
        "QuestionnaireResponse/$extract", {**answered(world, form, section), "questionnaire": "http://x|1"}
    )
    assert (foreign.status, foreign.where) == (422, "QuestionnaireResponse.questionnaire")
    odd = {
        "url": "https://barnetsbog.example/fhir/StructureDefinition/fetched",
        "extension": [{"url": "version", "valueString": "x"}],
    }
    broken = answered(
        world,
        form,
        section,
        {"linkId": group.id, "item": [{"linkId": "x", "extension": [odd], "answer": [{"valueString": "y"}]}]},
    )
    assert ppr.post("QuestionnaireResponse/$extract", broken).where == "QuestionnaireResponse.item"
    assert ppr.post("QuestionnaireResponse/$extract", observation()).status == 400
    assert ppr.send("POST", "QuestionnaireResponse/$extract").status == 400
    assert ppr.get("QuestionnaireResponse/01890000-0000-7000-8000-000000000000/$extract").status == 404
    assert "entry" not in response(ppr.post("QuestionnaireResponse/$extract", answered(world, form, section)))


def test_what_is_filled_and_the_form_itself_keep_to_sdc_and_a_planted_fault_is_told(world: World) -> None:
    ppr = world("ppr")
    found = response(ppr.post(f"Questionnaire/{FORM}/$populate", subject(world)))
    form = ppr.get(f"Questionnaire/{FORM}").json

    def told(kind: str, resource: Json) -> list[tuple[str, str]]:
        issues = ppr.post(f"{kind}/$validate", resource).json["issue"]
        return [(one["severity"], one["expression"][0]) for one in issues if one["severity"] != "information"]

    assert told("QuestionnaireResponse", found) == [] == told("Questionnaire", form)
    assert ppr.get(f"Questionnaire/{FORM}/$validate").json["issue"][0]["severity"] == "information"
    assert ppr.get(f"Questionnaire/{FORM}/$validate?mode=delete").where == "http.mode"
    unasked = {**found, "item": [{"linkId": "nothing-of-ours"}, *found["item"]]}
    assert told("QuestionnaireResponse", unasked) == [("error", "QuestionnaireResponse.item[0]")]
    elsewhere = {**found, "questionnaire": "http://example.org/q|1"}
    assert told("QuestionnaireResponse", elsewhere) == [("warning", "QuestionnaireResponse.questionnaire")]
    undeclared = told("Questionnaire", {**form, "extension": form["extension"][:-1]})
    assert undeclared and {severity for severity, _ in undeclared} == {"error"}
