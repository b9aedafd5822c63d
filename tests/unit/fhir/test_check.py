"""The base check: for each rule a resource that breaks it, and the place and the rule that are named."""

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir import check, check_bundle_envelope
from barnetsbog.fhir.invariants import interpreted_keys
from barnetsbog.fhir.messages import rules as worded_rules
from tests.builders import care, observation, patient, role, task, unit

Json = dict[str, Any]
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def condition(code: str = "active", **more: Any) -> Json:
    status = {"coding": [{"system": CLINICAL, "code": code}]}
    return {"resourceType": "Condition", "clinicalStatus": status, "subject": {"reference": "Patient/1"}, **more}


def care_plan(**activity: Any) -> Json:
    return {
        "resourceType": "CarePlan", "status": "active", "intent": "plan", "subject": {"reference": "Patient/1"}, "activity": [activity],
    }  # fmt: skip


def contained(**more: Any) -> Json:
    return {"resourceType": "Organization", "id": "o", "name": "Enhed", **more}


def with_contained(one: Json, reference: str = "#o") -> Json:
    return patient(contained=[one], managingOrganization={"reference": reference})


VALID = [
    patient(), observation(), care(), task(), unit(), *role(), condition(), care_plan(reference={"reference": "Task/1"}),
    with_contained(contained()),
    patient(birthDate="2017"), patient(birthDate="2017-05"), patient(birthDate="2024-02-29"), patient(deceasedBoolean=False),
    patient(name=[{"given": [None], "_given": [{"extension": [{"url": "x", "valueString": "y"}]}]}]),
    patient(_birthDate={"extension": [{"url": "http://x", "valueDateTime": "2017-05-07T10:00:00+02:00"}]}),
    patient(text={"status": "generated", "div": DIV.format("<p>Alma &amp; mor</p>")}),
    observation(effectiveDateTime="2026-11-18T10:00:00Z"), observation(effectiveDateTime="2026"),
    observation(subject={"reference": "https://x.example/fhir/Patient/1"}), observation(subject={"reference": "urn:uuid:x"}),
    observation(subject={"display": "Alma"}), observation(extension=[{"url": "http://foreign", "valueCode": "x"}]),
    {"resourceType": "Appointment", "status": "cancelled", "participant": [{"status": "accepted", "type": [{"text": "x"}]}]},
]  # fmt: skip

BROKEN: list[tuple[Any, str, str]] = [
    (None, "", "not-a-resource"),
    ([], "", "not-a-resource"),
    ({}, "Resource", "resource-type-missing"),
    ({"resourceType": "Hund"}, "Hund.resourceType", "resource-type-unknown"),
    ({"resourceType": 7}, "Resource.resourceType", "resource-type-unknown"),
    (patient(foo=1), "Patient.foo", "unknown-element"),
    (patient(name=[{"nick": "x"}]), "Patient.name[0].nick", "unknown-element"),
    (patient(birthDate=None), "Patient.birthDate", "null-value"),
    (patient(name=[]), "Patient.name", "empty-array"),
    (patient(name=[{}]), "Patient.name[0]", "empty-object"),
    (patient(name=[{"id": "x"}]), "Patient.name[0]", "ele-1"),
    (patient(name={"family": "x"}), "Patient.name", "cardinality-list"),
    (patient(gender=["female"]), "Patient.gender", "cardinality-single"),
    (patient(gender="pige"), "Patient.gender", "code-binding"),
    (patient(active="true"), "Patient.active", "json-type"),
    (patient(name=["Alma"]), "Patient.name[0]", "json-type"),
    (patient(name=[{"family": ""}]), "Patient.name[0].family", "string-empty"),
    (patient(name=[{"family": "a\x00b"}]), "Patient.name[0].family", "string-characters"),
    (patient(name=[{"given": [None]}]), "Patient.name[0].given[0]", "primitive-array-null"),
    (patient(birthDate="2026-02-30"), "Patient.birthDate", "format"),
    (patient(birthDate="2023-02-29"), "Patient.birthDate", "format"),
    (patient(birthDate="07.05.2017"), "Patient.birthDate", "format"),
    (patient(ident="a b"), "Patient.id", "format"),
    (patient(ident="x" * 65), "Patient.id", "format"),
    (patient(multipleBirthInteger=2**31), "Patient.multipleBirthInteger", "number-range"),
    (patient(multipleBirthInteger=True), "Patient.multipleBirthInteger", "json-type"),
    (patient(deceasedBoolean=True, deceasedDateTime="2026"), "Patient", "choice-many"),
    (patient(deceasedBoolean=True, _deceasedDateTime={"extension": [{"url": "http://x", "valueCode": "unknown"}]}), "Patient", "choice-many"),
    (patient(telecom=[{"value": "1"}]), "Patient.telecom[0]", "cpt-2"),
    (patient(contact=[{"gender": "male"}]), "Patient.contact[0]", "pat-1"),
    (patient(photo=[{"data": "aGVq"}]), "Patient.photo[0]", "att-1"),
    (patient(photo=[{"data": "%", "contentType": "x/y"}]), "Patient.photo[0].data", "format"),
    (patient(extension=[{"url": "x"}]), "Patient.extension[0]", "ext-1"),
    (patient(extension=[{"valueString": "x"}]), "Patient.extension[0].url", "cardinality-min"),
    (patient(managingOrganization={"reference": "Patient/1"}), "Patient.managingOrganization", "reference-target"),
    (patient(managingOrganization={"reference": "#x"}), "Patient.managingOrganization", "ref-1"),
    (with_contained(contained(), "Organization/1"), "Patient.contained[0]", "dom-3"),
    (with_contained(contained(meta={"versionId": "1"})), "Patient.contained[0]", "dom-4"),
    (with_contained(contained(meta={"security": [{"code": "x"}]})), "Patient.contained[0]", "dom-5"),
    (with_contained({"resourceType": "Organization", "name": "x"}), "Patient.contained[0]", "contained-id"),
    (with_contained(contained(name=None)), "Patient.contained[0].name", "null-value"),
    (patient(text={"status": "generated", "div": DIV.format("<script>x</script>")}), "Patient.text.div", "narrative-element"),
    (patient(text={"status": "generated", "div": DIV.format('<a href="javascript:x">y</a>')}), "Patient.text.div", "narrative-active"),
    (patient(text={"status": "generated", "div": DIV.format('<p onclick="x">y</p>')}), "Patient.text.div", "narrative-attribute"),
    (patient(text={"status": "generated", "div": DIV.format("<p>y")}), "Patient.text.div", "narrative-nesting"),
    (patient(text={"status": "generated", "div": DIV.format(" ")}), "Patient.text.div", "txt-2"),
    (patient(text={"status": "generated", "div": "<p>x</p>"}), "Patient.text.div", "narrative-namespace"),
    ({k: v for k, v in observation().items() if k != "code"}, "Observation.code", "cardinality-min"),
    (observation(status="færdig"), "Observation.status", "code-binding"),
    (observation(effectivePeriod={"start": "2026-02-02", "end": "2026-02-01"}, effectiveDateTime=None), "Observation.effectivePeriod", "per-1"),
    (observation(dataAbsentReason={"text": "x"}), "Observation", "obs-6"),
    (observation(referenceRange=[{"appliesTo": [{"text": "x"}]}]), "Observation.referenceRange[0]", "obs-3"),
    (observation(component=[{"code": {"coding": [{"code": "a"}]}}], code={"coding": [{"code": "a"}]}), "Observation", "obs-7"),
    (observation(valueString=None, valueQuantity={"value": 1, "code": "kg"}), "Observation.valueQuantity", "qty-3"),
    (condition(abatementString="x"), "Condition", "con-4"),
    (condition("hård"), "Condition.clinicalStatus", "concept-binding"),
    (care_plan(reference={"reference": "Task/1"}, detail={"status": "completed"}), "CarePlan.activity[0]", "cpl-3"),
    ({"resourceType": "Organization", "active": True}, "Organization", "org-1"),
    ({"resourceType": "Appointment", "status": "booked", "participant": [{"status": "accepted", "type": [{"text": "x"}]}]}, "Appointment", "app-3"),
    ({"resourceType": "Consent", "status": "active", "scope": {"text": "x"}, "category": [{"text": "y"}]}, "Consent", "ppc-1"),
    (task(authoredOn="2026-02-02", lastModified="2026-01-01"), "Task", "inv-1"),
]  # fmt: skip


@pytest.mark.parametrize("odd", [{}, [], 1, None, True])
def test_a_code_that_is_no_text_is_none_of_a_value_set(odd: Any) -> None:
    """A system or a code that cannot be looked up ended the check with an error of ours."""
    known = {"system": CLINICAL, "code": "active"}
    for coding in ({**known, "code": odd}, {**known, "system": odd}):
        rules = {issue.rule for issue in check({**condition("active"), "clinicalStatus": {"coding": [coding]}})}
        assert "concept-binding" in rules


@pytest.mark.parametrize("resource", VALID, ids=lambda r: str(r["resourceType"]))
def test_what_is_right_passes(resource: Json) -> None:
    assert check(resource) == []


@pytest.mark.parametrize(("resource", "path", "rule"), BROKEN, ids=[f"{rule} {path}" for _, path, rule in BROKEN])
def test_what_is_wrong_is_named_with_place_and_rule(resource: Any, path: str, rule: str) -> None:
    found = [(issue.path, issue.rule) for issue in check(resource)]
    assert (path, rule) in found


@pytest.mark.parametrize(
    ("resource", "rule"), [(r, rule) for r, _, rule in BROKEN], ids=[f"{r} {p}" for _, p, r in BROKEN]
)
def test_every_fault_has_a_sentence_in_both_languages(resource: Any, rule: str) -> None:
    issue = next(issue for issue in check(resource) if issue.rule == rule)
    danish, english = issue.text(), issue.text().english
    assert (danish.endswith(".") and english.endswith(".") and danish != english) or rule not in worded_rules()
    assert "{" not in danish + english


def test_a_bundle_is_judged_apart_from_what_it_carries() -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": "urn:uuid:1", "resource": observation(status="x")}],
    }
    assert [issue.path for issue in check(bundle)] == ["Bundle.entry[0].resource.status"]
    assert check_bundle_envelope(bundle) == []
    twice = {
        **bundle,
        "entry": [{"fullUrl": "urn:x:1", "resource": patient()}, {"fullUrl": "urn:x:1", "resource": patient()}],
    }
    assert [issue.rule for issue in check_bundle_envelope(twice)] == ["bdl-7"]
    lacking = {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": patient()}]}
    assert [issue.rule for issue in check_bundle_envelope(lacking)] == ["bdl-3"]


def test_only_known_rules_are_left_to_the_interpreter() -> None:
    """None of them stands on a type that a child's book is made of."""
    assert not [
        key
        for key in interpreted_keys()
        if key.partition("-")[0] in ("obs", "con", "app", "cpl", "gol", "pat", "ppc", "org", "per", "tim")
    ]


def test_a_check_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Some official rules say `trace()`, which fhirpathpy would print among the program's own output."""
    shape = {
        "resourceType": "StructureDefinition", "url": "https://example.org/a", "name": "A", "status": "draft",
        "kind": "logical", "abstract": False, "type": "https://example.org/a",
    }  # fmt: skip
    elements = [{"id": "a", "path": "A"}, {"id": "a", "path": "A.b"}]
    assert "sdf-17" in [issue.rule for issue in check({**shape, "differential": {"element": elements}})]
    assert capfd.readouterr() == ("", "")


TO_READ = {"linkId": "2", "type": "display", "text": "Til forældre"}


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ({"type": "display"}, []),
        ({"type": "display", "item": [TO_READ]}, ["que-1"]),
        ({"type": "group", "item": [TO_READ]}, []),
        ({"type": "group"}, ["que-1"]),
        ({"type": "string", "enableWhen": [{"question": "2", "operator": "exists", "answerBoolean": False}]}, []),
        ({"type": "string", "enableWhen": [{"question": "2", "operator": "exists", "answerInteger": 1}]}, ["que-7"]),
        ({"type": "string", "enableWhen": [{"question": "2", "operator": ">", "answerInteger": 1}]}, []),
    ],
)  # fmt: skip
def test_what_an_item_of_a_questionnaire_may_be(said: dict[str, Any], broken: list[str]) -> None:
    form = {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "text": "Hvad?", **said}]}
    assert [issue.rule for issue in check(form)] == broken


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "id", "status", "code", "extension", "url", "text", "div", "reference", "contained", "resourceType", "_given", "given", "meta", "subject", "period", "start", "coding"]) | st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip
_RESOURCES = st.builds(
    lambda kind, rest: {**rest, "resourceType": kind},
    st.sampled_from(["Patient", "Observation", "Bundle", "Task", "Questionnaire", "Consent", "Condition", "CarePlan", "Parameters"]),
    st.dictionaries(st.sampled_from(["id", "name", "status", "code", "subject", "contained", "entry", "item", "extension", "meta", "text", "type", "effectivePeriod", "component", "activity"]), _VALUES, max_size=6),
)  # fmt: skip


@given(_VALUES | _RESOURCES)
def test_any_json_gets_an_answer_and_stays_as_it_was(value: Any) -> None:
    before = copy.deepcopy(value)
    for issue in check(value):
        assert issue.text() and issue.text().english
    check_bundle_envelope(value)
    assert value == before


@given(st.sampled_from(VALID), st.data())
def test_an_unknown_element_anywhere_is_found(resource: Json, data: st.DataObject) -> None:
    spoiled = orjson.loads(orjson.dumps(resource))
    objects = list(_objects(spoiled))
    data.draw(st.sampled_from(objects))["zzz"] = 1
    assert "unknown-element" in {issue.rule for issue in check(spoiled)}


def _objects(value: Any) -> list[Json]:
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in _objects(inner))]
    return [found for inner in value for found in _objects(inner)] if isinstance(value, list) else []


def test_depth_gets_an_answer_too() -> None:
    deep: Json = {"resourceType": "Patient", "extension": []}
    inner = deep
    for _ in range(3000):
        inner["extension"] = [{"url": "x", "extension": []}]
        inner = inner["extension"][0]
    assert [issue.rule for issue in check(deep)] == ["too-deep"]


@pytest.mark.parametrize(
    "inside",
    [5, "x", {"a": 1}, [[]], [{"fullUrl": "x", "resource": []}], [{"fullUrl": "x", "resource": {"meta": True}}]],
)
def test_a_bundle_whose_entries_are_none_is_told_so(inside: Any) -> None:
    assert check_bundle_envelope({"resourceType": "Bundle", "type": "batch", "entry": inside})
