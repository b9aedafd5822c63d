"""Structured Data Capture: each rule finds its own fault, and a sound form and sound answers have none."""

from copy import deepcopy
from typing import Any

import pytest

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.messages import rules as worded
from barnetsbog.fhir.sdc import check_questionnaire, check_response
from barnetsbog.fhir.sdc.extensions import EXTENSIONS, HL7, OTHER_SDC, SDC

Json = dict[str, Any]
URL = "https://example.org/fhir/Questionnaire/sleep"
CODES = "https://example.org/fhir/CodeSystem/how"


def ext(url: str, **value: Any) -> Json:
    return {"url": url, **value}


def expression(name: str, said: str, language: str = "text/fhirpath") -> Json:
    return ext(SDC + name, valueExpression={"language": language, "expression": said})


def control(code: str) -> Json:
    coding = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": code}
    return ext(f"{HL7}questionnaire-itemControl", valueCodeableConcept={"coding": [coding]})


PATIENT = {
    "url": f"{SDC}launchContext",
    "extension": [{"url": "name", "valueCoding": {"code": "patient"}}, {"url": "type", "valueCode": "Patient"}],
}


def form(*items: Json, **more: Any) -> Json:
    return {
        "resourceType": "Questionnaire", "meta": {"profile": [f"{OTHER_SDC}sdc-questionnaire"]}, "url": URL,
        "version": "2", "status": "active", "extension": [PATIENT], "item": list(items), **more,
    }  # fmt: skip


def q(link: str, kind: str, *extensions: Json, **more: Any) -> Json:
    return {
        "linkId": link,
        "text": link,
        "type": kind,
        **({"extension": list(extensions)} if extensions else {}),
        **more,
    }


def group(link: str, *items: Json, **more: Any) -> Json:
    return {"linkId": link, "text": link, "type": "group", "item": list(items), **more}


HOW = q(
    "how", "choice", control("radio-button"), required=True,
    answerOption=[
        {"extension": [ext(f"{HL7}ordinalValue", valueDecimal=one)], "valueCoding": {"system": CODES, "code": code}}
        for one, code in ((0, "good"), (1, "bad"))
    ],
)  # fmt: skip
WHY = q(
    "why", "text", required=True, maxLength=20,
    enableWhen=[{"question": "how", "operator": "=", "answerCoding": {"system": CODES, "code": "bad"}}],
)  # fmt: skip
HOURS = q(
    "hours", "decimal", ext(f"{HL7}minValue", valueDecimal=0), ext(f"{HL7}maxValue", valueDecimal=24),
    ext(f"{HL7}questionnaire-unit", valueCoding={"display": "timer"}),
)  # fmt: skip
AWAKE = [{"question": "woke", "operator": "exists", "answerBoolean": True}]
NIGHT = group("night", q("woke", "boolean"), q("said", "string", enableWhen=AWAKE), repeats=True)
BORN = q("born", "date", expression("initialExpression", "%patient.birthDate"))
SOUND = form(group("sleep", HOW, WHY, HOURS, BORN), group("nights", NIGHT))


def test_a_sound_form_has_no_fault() -> None:
    assert check(SOUND) == [] == check_questionnaire(SOUND)


FAULTS: dict[str, Json] = {
    "cardinality-min": {key: one for key, one in SOUND.items() if key != "url"},
    "sdc-place": form(q("a", "string"), extension=[ext(f"{HL7}entryFormat", valueString="x")]),
    "sdc-value": form(q("a", "string", ext(f"{HL7}entryFormat", valueCode="x"))),
    "sdc-once": form(q("a", "string", *[ext(f"{HL7}entryFormat", valueString=one) for one in "xy"])),
    "sdc-1": form(
        q("a", "choice", expression("answerExpression", "%patient.name"), answerOption=[{"valueString": "x"}])
    ),
    "sdc-behave-1": form(
        q("a", "string", expression("initialExpression", "%patient.name"), initial=[{"valueString": "x"}])
    ),
    "sdc-behave-2": form(
        HOW,
        q(
            "a", "string", expression("enableWhenExpression", "true"),
            enableWhen=[{"question": "how", "operator": "exists", "answerBoolean": True}],
        ),
    ),
    "sdc-calculated": form(q("a", "integer", expression("calculatedExpression", "1"), initial=[{"valueInteger": 1}])),
    "sdc-rend-1": form(group("g", group("p", q("a", "string"), extension=[control("page")]))),
    "sdc-rend-2": form(group("p", q("a", "string"), extension=[control("page")]), q("b", "string")),
    "sdc-min-occurs": form(q("a", "string", ext(f"{HL7}questionnaire-minOccurs", valueInteger=1), repeats=True)),
    "sdc-max-occurs": form(q("a", "string", ext(f"{HL7}questionnaire-maxOccurs", valueInteger=3))),
    "sdc-occurs": form(
        q(
            "a", "string", ext(f"{HL7}questionnaire-minOccurs", valueInteger=4),
            ext(f"{HL7}questionnaire-maxOccurs", valueInteger=3), required=True, repeats=True,
        )
    ),
    "sdc-unit": form(q("a", "string", ext(f"{HL7}questionnaire-unit", valueCoding={"code": "h"}))),
    "sdc-link-id": form(q("a" * 256, "string")),
    "sdc-control": form(q("a", "string", control("radio-button"))),
    "sdc-bound": form(q("a", "integer", ext(f"{HL7}minValue", valueDecimal=1.5))),
    "sdc-bounds": form(
        q("a", "integer", ext(f"{HL7}minValue", valueInteger=5), ext(f"{HL7}maxValue", valueInteger=3))
    ),
    "sdc-query": form(q("a", "integer", expression("calculatedExpression", "Patient", "application/x-fhir-query"))),
    "sdc-variable": form(q("a", "string", expression("initialExpression", "%user.name + ' 5 %patient'"))),
}  # fmt: skip
WARNINGS = {
    "sdc-unknown": form(q("a", "string", ext(f"{SDC}invented", valueString="x"))),
    "sdc-control-unknown": form(q("a", "string", control("hologram"))),
    "sdc-behave-3": form(q("a", "quantity")),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_planted_fault_of_a_form_is_found_and_no_other(rule: str) -> None:
    assert [(one.rule, one.severity) for one in check_questionnaire(FAULTS[rule])] == [(rule, "error")]


@pytest.mark.parametrize("rule", WARNINGS)
def test_what_is_only_advised_or_not_known_is_a_warning(rule: str) -> None:
    assert [(one.rule, one.severity) for one in check_questionnaire(WARNINGS[rule])] == [(rule, "warning")]


@pytest.mark.parametrize("url", EXTENSIONS)
def test_every_extension_is_refused_with_a_value_of_another_type(url: str) -> None:
    """A Money is none of theirs."""
    one = {"resourceType": "Questionnaire", "url": URL, "status": "active", "extension": [ext(url, valueMoney={})]}
    assert "sdc-value" in {issue.rule for issue in check_questionnaire(one)}


# -- answers -----------------------------------------------------------------------------------------------------------


def a(link: str, *values: Json, **more: Any) -> Json:
    return {"linkId": link, **({"answer": list(values)} if values else {}), **more}


BAD = {"valueCoding": {"system": CODES, "code": "bad"}}
GOOD = {"valueCoding": {"system": CODES, "code": "good"}}


def said(*items: Json, **more: Any) -> Json:
    return {
        "resourceType": "QuestionnaireResponse", "meta": {"profile": [f"{OTHER_SDC}sdc-questionnaireresponse"]},
        "questionnaire": f"{URL}|2", "status": "completed",
        "subject": {"reference": "Patient/1"}, "authored": "2026-11-25", "item": list(items), **more,
    }  # fmt: skip


def sleep(*items: Json, **more: Any) -> Json:
    return said(a("sleep", item=list(items)), **more)


ANSWERED = said(
    a("sleep", item=[a("how", BAD), a("why", {"valueString": "Det larmer"}), a("hours", {"valueDecimal": 7.5})]),
    a("nights", item=[
        a("night", item=[a("woke", {"valueBoolean": True}), a("said", {"valueString": "Hej"})]), a("night"),
    ]),
)  # fmt: skip


def without(response: Json, *names: str) -> Json:
    return {key: one for key, one in response.items() if key not in names}


def test_sound_answers_have_no_fault() -> None:
    assert check(ANSWERED) == [] == check_response(ANSWERED, SOUND)
    assert check_response(sleep(a("how", GOOD)), SOUND) == []


WRONG: dict[str, Json] = {
    "cardinality-min": without(sleep(a("how", GOOD)), "authored"),
    "sdc-version": sleep(a("how", GOOD), questionnaire=URL),
    "sdc-other-form": sleep(a("how", GOOD), questionnaire=f"{URL}|1"),
    "sdcqr-2": sleep(a("how", GOOD), a("hours", {"valueDecimal": 7}), a("hours", {"valueDecimal": 8})),
    "sdc-place": sleep(a("how", GOOD, extension=[ext(f"{HL7}entryFormat", valueString="x")])),
    "sdc-not-asked": sleep(a("how", GOOD), a("dreams", {"valueString": "x"})),
    "sdc-order": sleep(a("hours", {"valueDecimal": 7}), a("how", GOOD)),
    "sdc-repeats": sleep(a("how", GOOD), a("hours", {"valueDecimal": 7}, {"valueDecimal": 8})),
    "sdc-no-question": said(a("sleep", {"valueString": "x"}, item=[a("how", GOOD)])),
    "sdc-disabled": sleep(a("how", GOOD), a("why", {"valueString": "x"})),
    "sdc-required": sleep(a("how", BAD)),
    "sdc-type": sleep(a("how", GOOD), a("hours", {"valueInteger": 7})),
    "sdc-option": sleep(a("how", {"valueCoding": {"system": CODES, "code": "so-so"}})),
    "sdc-length": sleep(a("how", BAD), a("why", {"valueString": "x" * 21})),
    "sdc-outside": sleep(a("how", GOOD), a("hours", {"valueDecimal": 25})),
}


@pytest.mark.parametrize("rule", WRONG)
def test_a_planted_fault_of_answers_is_found(rule: str) -> None:
    found = {(one.rule, one.severity) for one in check_response(WRONG[rule], SOUND)}
    assert found in ({(rule, "error")}, {(rule, "error"), ("sdc-repeats", "error")})


def kg(value: float, **more: str) -> Json:
    return {"valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "kg", **more}}


def day(text: str) -> Json:
    return {"valueDateTime": text}


@pytest.mark.parametrize(
    ("kind", "operator", "wanted", "answer", "holds"),
    [
        ("quantity", ">", kg(5), kg(7), True), ("quantity", ">", kg(5), kg(5), False), ("quantity", "<=", kg(5), kg(5), True),
        ("quantity", ">", kg(5), kg(7, code="g"), False), ("dateTime", ">", day("2026-01-01T00:00:00Z"), day("2026-01-01T00:30:00+01:00"), False),
        ("dateTime", ">=", day("2026-01-01"), day("2026-01-01T10:00:00Z"), True), ("dateTime", "<", day("2026"), day("2025-12-31"), True),
        ("time", "<", {"valueTime": "10:00:00"}, {"valueTime": "09:30:00"}, True), ("integer", ">", {"valueInteger": 2}, {"valueInteger": 10}, True),
        ("string", ">", {"valueString": "2026-x"}, {"valueString": "2027-y"}, True), ("boolean", ">", {"valueBoolean": False}, {"valueBoolean": True}, False),
    ],
)  # fmt: skip
def test_a_condition_compares_what_has_an_order(
    kind: str, operator: str, wanted: Json, answer: Json, holds: bool
) -> None:
    ((name, value),) = wanted.items()
    when = [{"question": "x", "operator": operator, name.replace("value", "answer"): value}]
    asked = form(q("x", kind, ext(f"{HL7}questionnaire-unitOption", valueCoding={})), q("y", "string", enableWhen=when))
    found = check_response(said(a("x", answer), a("y", {"valueString": "z"})), asked)
    assert ("sdc-disabled" not in [one.rule for one in found]) is holds


@pytest.mark.parametrize(
    ("kind", "low", "answer", "outside"),
    [
        ("date", {"valueDate": "2026-01-01"}, {"valueDate": "2025-12-31"}, True), ("date", {"valueDate": "2026-01-01"}, {"valueDate": "2026-01-01"}, False),
        ("time", {"valueTime": "08:00:00"}, {"valueTime": "07:59:00"}, True), ("integer", {"valueInteger": 2}, {"valueInteger": 1}, True),
    ],
)  # fmt: skip
def test_an_answer_of_any_order_has_its_bounds(kind: str, low: Json, answer: Json, outside: bool) -> None:
    found = check_response(said(a("x", answer)), form(q("x", kind, ext(f"{HL7}minValue", **low))))
    assert ("sdc-outside" in [one.rule for one in found]) is outside


def test_bounds_of_any_value_are_compared_where_they_can_be() -> None:
    def rules(**values: tuple[Any, Any]) -> list[str]:
        ((name, (low, high)),) = values.items()
        kind = {"valueQuantity": "quantity", "valueDecimal": "decimal"}[name]
        bounds = [ext(f"{HL7}{bound}", **{name: one}) for bound, one in (("minValue", low), ("maxValue", high))]
        unit = ext(f"{HL7}questionnaire-unitOption", valueCoding={"code": "kg"})
        return [one.rule for one in check_questionnaire(form(q("a", kind, *bounds, unit)))]

    assert rules(valueDecimal=(2, 1.5)) == ["sdc-bounds"] and rules(valueDecimal=(1, 1.5)) == []
    assert "sdc-bounds" not in rules(valueQuantity=({"value": 2}, {"value": 1}))  # a fault of type, and no crash


def test_what_stands_more_or_less_often_than_the_form_says_is_told() -> None:
    bounds = [
        ext(f"{HL7}questionnaire-{name}", valueInteger=many) for name, many in (("minOccurs", 2), ("maxOccurs", 3))
    ]
    asked = form(
        q("a", "string", *bounds, repeats=True, required=True),
        group("g", q("b", "string"), extension=bounds, repeats=True, required=True),
    )

    def rules(answers: int, rows: int, status: str = "completed") -> list[str]:
        several = a("a", *[{"valueString": str(one)} for one in range(answers)])
        row = {"linkId": "g", "item": [a("b", {"valueString": "x"})]}
        return [one.rule for one in check_response(said(several, *[row] * rows, status=status), asked)]

    assert rules(2, 3) == [] and rules(1, 2) == ["sdc-too-few"] and rules(4, 4) == ["sdc-too-many"] * 2
    assert rules(1, 1, "in-progress") == []


def test_answers_that_have_a_name_and_no_code_are_told_apart_by_it() -> None:
    asked = form(q("a", "choice", answerOption=[{"valueCoding": {"display": one}} for one in ("Grøn", "Gul")]))
    for one, wrong in (("Gul", []), ("Rød", ["sdc-option"])):
        found = check_response(said(a("a", {"valueCoding": {"display": one}})), asked)
        assert [fault.rule for fault in found] == wrong


def test_a_form_without_its_answers_lacks_what_must_be_answered() -> None:
    assert [one.rule for one in check_response(said(a("nights")), SOUND)] == ["sdc-required"]
    assert check_response(said(a("nights")), SOUND, whole=False) == []


def test_a_draft_lacks_nothing_and_what_was_typed_is_a_warning() -> None:
    draft = sleep(a("why", {"valueString": "x"}), a("hours", {"valueString": "syv"}), status="in-progress")
    assert [(one.rule, one.severity) for one in check_response(draft, SOUND)] == [("sdc-type", "warning")]
    assert [one.rule for one in check_response(without(ANSWERED, "subject"), SOUND)] == ["sdcqr-1"]


def test_a_condition_in_a_row_asks_about_its_own_row() -> None:
    rows = deepcopy(ANSWERED)
    rows["item"][1]["item"].append(a("night", item=[a("woke"), a("said", {"valueString": "Hej"})]))
    found = check_response(rows, SOUND)
    assert [(one.rule, one.path) for one in found] == [
        ("sdc-disabled", "QuestionnaireResponse.item[1].item[2].item[1]")
    ]


def test_who_does_not_say_that_they_keep_to_sdc_are_only_told_what_it_would_have() -> None:
    found = [
        *check_questionnaire(without(SOUND, "url", "meta")), *check_response(without(ANSWERED, "authored", "meta")),
        *check_response(without({**ANSWERED, "questionnaire": URL}, "meta")),
    ]  # fmt: skip
    assert [(one.rule, one.severity) for one in found] == [
        ("cardinality-min", "warning"), ("cardinality-min", "warning"), ("sdc-version", "warning"),
    ]  # fmt: skip


def test_every_rule_has_its_sentence() -> None:
    assert {*FAULTS, *WARNINGS, *WRONG} <= worded()
