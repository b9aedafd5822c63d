"""The profile check: for each kind of rule a resource that keeps to it and one that breaks it, and what is said where."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir.issues import Issue
from barnetsbog.fhir.messages import rules as worded_rules
from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.profiling import Profiles
from barnetsbog.kernel.exact import Written
from tests.builders import bundle, observation, patient
from tests.packages import (
    COLOURS,
    CORE,
    SIZES,
    code_system,
    colours,
    concept,
    el,
    extension,
    package,
    profile,
    sd,
    value_set,
)

Json = dict[str, Any]


def coded(code: str, system: str = COLOURS, **more: Any) -> Json:
    return {"coding": [{"system": system, "code": code, **more}]}


def ident(system: str, value: str = "1", **more: Any) -> Json:
    return {"system": system, "value": value, **more}


def sent_with(practitioner: Json) -> Json:
    """A patient who claims a profile, and the practitioner it refers to."""
    return bundle(
        patient(meta={"profile": [sd("gp")]}, generalPractitioner=[{"reference": "Practitioner/b"}]), practitioner
    )


def ext(name: str, **value: Any) -> Json:
    return {"url": sd(name), **value}


def numbers(*found: Json, **more: Any) -> Json:
    return patient(number=None, identifier=list(found), **more)


def check(resource: Any, *definitions: Json, url: str = "p") -> list[Issue]:
    profiles = Profiles(Library.of(package(*colours(), *definitions)))
    return profiles.check(resource, [sd(url)] if url else ())


SYSTEM = "urn:a"
SLICED = (
    el("identifier", slicing="value:system"),
    el("identifier:a", 1, "1"),
    el("identifier:a.system", 1, "1", fixedUri=SYSTEM),
    el("identifier:a.value", 1, "1"),
    el("identifier:b", 0, "1"),
    el("identifier:b.system", 1, "1", patternUri="urn:b"),
)
OWN_NUMBER = profile(
    "Identifier", el("system", 1, "1", fixedUri=SYSTEM), el("value", rule="matches('^[0-9]+$')"), name="number"
)
NICK = extension("nick", el("value[x]", 1, "1", type="string", maxLength=4))
PARTS = extension(
    "parts", el("extension", slicing="value:url"), el("extension:a", 1, "1"), el("extension:a.url", 1, "1", fixedUri="a"),
    el("extension:a.value[x]", 1, "1", type="code"),
)  # fmt: skip
NAMED = profile("Practitioner", el("name", 1, "*"), name="named")
RED = profile("Observation", el("code", 1, "1", patternCodeableConcept=coded("red")), name="red")
ADULT = {"resourceType": "Practitioner", "id": "b"}
REDS = "https://x.example/fhir/ValueSet/reds"
GP = profile("Patient", el("generalPractitioner", type="Reference", of={"targetProfile": [sd("named")]}), name="gp")

# what it is about, the definitions (the first is asked for), what is right, what is wrong, the rule, the place
PLANTED: list[tuple[str, list[Json], Json, Json, str, str]] = [
    ("at least", [profile("Patient", el("telecom", 1))],
     patient(telecom=[{"system": "phone", "value": "1"}]), patient(), "profile-min", "Patient.telecom"),
    ("at most", [profile("Patient", el("name", 0, "1"))],
     patient(), patient(name=[{"text": "a"}, {"text": "b"}]), "profile-max", "Patient.name"),
    ("not at all", [profile("Patient", el("photo", 0, "0"))],
     patient(), patient(photo=[{"title": "x"}]), "profile-max", "Patient.photo"),
    ("within what is there", [profile("Patient", el("contact.name", 1, "1"))],
     patient(), patient(contact=[{"gender": "female"}]), "profile-min", "Patient.contact[0].name"),
    ("type of a choice", [profile("Observation", el("value[x]", type="Quantity"))],
     observation(valueString=None) | {"valueQuantity": {"value": 1}}, observation(), "profile-type", "Observation.valueString"),
    ("fixed", [profile("Patient", el("gender", fixedCode="female"))],
     patient(gender="female"), patient(gender="male"), "profile-fixed", "Patient.gender"),
    ("fixed is all of it", [profile("Patient", el("maritalStatus", fixedCodeableConcept={"text": "gift"}))],
     patient(maritalStatus={"text": "gift"}), patient(maritalStatus={"text": "gift", "id": "x"}), "profile-fixed", "Patient.maritalStatus"),
    ("pattern", [profile("Observation", el("code", patternCodeableConcept=coded("red")))],
     observation(code={**coded("red", display="Red"), "text": "x"}), observation(code=coded("blue")), "profile-pattern", "Observation.code"),
    ("length", [profile("Observation", el("value[x]", type="string", maxLength=5))],
     observation(valueString="12345"), observation(valueString="123456"), "profile-length", "Observation.valueString"),
    ("smallest", [profile("Patient", el("multipleBirth[x]", type="integer", minValueInteger=2))],
     patient(multipleBirthInteger=2), patient(multipleBirthInteger=1), "profile-minimum", "Patient.multipleBirthInteger"),
    ("largest", [profile("Patient", el("birthDate", maxValueDate="2020-01-01"))],
     patient(birthDate="2019-12"), patient(birthDate="2020-02-01"), "profile-maximum", "Patient.birthDate"),
    ("latest, by another clock", [profile("Observation", el("issued", maxValueInstant="2020-01-02T00:00:00Z"))],
     observation(issued="2020-01-02T01:00:00+02:00"), observation(issued="2020-01-01T23:30:00-02:00"), "profile-maximum", "Observation.issued"),
    ("latest of the day", [profile("Observation", el("value[x]", maxValueTime="12:00:00"))],
     observation(valueString=None, valueTime="11:59:59.9"), observation(valueString=None, valueTime="12:00:01"), "profile-maximum", "Observation.valueTime"),
    ("slice by value", [profile("Patient", *SLICED)],
     numbers(ident(SYSTEM), ident("urn:c")), numbers(ident("urn:c")), "profile-min", "Patient.identifier"),
    ("slice, at most", [profile("Patient", *SLICED)],
     numbers(ident(SYSTEM), ident("urn:b")), numbers(ident(SYSTEM), ident("urn:b"), ident("urn:b", "2")), "profile-max", "Patient.identifier"),
    ("within a slice", [profile("Patient", *SLICED)],
     numbers(ident(SYSTEM)), numbers({"system": SYSTEM}), "profile-min", "Patient.identifier[0].value"),
    ("closed slicing", [profile("Patient", el("identifier", slicing="value:system", rules="closed"), *SLICED[1:])],
     numbers(ident(SYSTEM)), numbers(ident(SYSTEM), ident("urn:c")), "profile-closed", "Patient.identifier[1]"),
    ("ordered slicing", [profile("Patient", el("identifier", slicing="value:system", ordered=True), *SLICED[1:])],
     numbers(ident(SYSTEM), ident("urn:b")), numbers(ident("urn:b"), ident(SYSTEM)), "profile-order", "Patient.identifier[1]"),
    ("open at its end", [profile("Patient", el("identifier", slicing="value:system", rules="openAtEnd"), *SLICED[1:])],
     numbers(ident(SYSTEM), ident("urn:c")), numbers(ident("urn:c"), ident(SYSTEM)), "profile-order", "Patient.identifier[1]"),
    ("slice of all others", [profile("Patient", el("identifier", slicing="value:system", rules="closed"), *SLICED[1:], el("identifier:@default", 0, "1"), el("identifier:@default.value", 1, "1"))],
     numbers(ident(SYSTEM), ident("urn:c")), numbers(ident(SYSTEM), {"system": "urn:c"}), "profile-min", "Patient.identifier[1].value"),
    ("slice by pattern of all", [profile("Observation", el("category", slicing="pattern:$this"), el("category:r", 1, "1", patternCodeableConcept=coded("red")))],
     observation(category=[coded("blue"), coded("red")]), observation(category=[coded("blue")]), "profile-min", "Observation.category"),
    ("slice by a value further in", [profile("Observation", el("category", slicing="value:coding.code"), el("category:r", 1, "1"), el("category:r.coding.code", 1, "1", fixedCode="red"))],
     observation(category=[coded("red")]), observation(category=[coded("blue")]), "profile-min", "Observation.category"),
    ("slice by codes", [profile("Observation", el("category", slicing="value:$this"), el("category:r", 1, "1", binding="required:reds"))],
     observation(category=[coded("crimson")]), observation(category=[coded("blue")]), "profile-min", "Observation.category"),
    ("slice by type", [profile("Observation", el("value[x]", slicing="type:$this"), el("value[x]:valueString", 0, "1", type="string", maxLength=3))],
     observation(valueString="abc"), observation(valueString="abcd"), "profile-length", "Observation.valueString"),
    ("closed slicing by type", [profile("Observation", el("value[x]", slicing="type:$this", rules="closed"), el("value[x]:valueQuantity", 0, "1", type="Quantity"))],
     observation(valueString=None) | {"valueQuantity": {"value": 1}}, observation(), "profile-closed", "Observation.valueString"),
    ("slice by profile", [profile("Patient", el("identifier", slicing="profile:$this"), el("identifier:n", 1, "1", type="Identifier", of={"profile": [sd("number")]})), OWN_NUMBER],
     numbers(ident(SYSTEM, "12")), numbers(ident(SYSTEM, "x")), "profile-min", "Patient.identifier"),
    ("slice by the type's profile", [profile("Patient", el("identifier", slicing="value:system"), el("identifier:n", 1, "1", type="Identifier", of={"profile": [sd("number")]})), OWN_NUMBER],
     numbers(ident(SYSTEM, "12")), numbers(ident(SYSTEM, "x")), "profile-invariant", "Patient.identifier[0].value"),
    ("slice by being there", [profile("Patient", el("identifier", slicing="exists:period"), el("identifier:old", 0, "1"), el("identifier:old.period", 1, "1"))],
     numbers(ident("urn:a", period={"start": "2020"}), ident("urn:b")),
     numbers(ident("urn:a", period={"start": "2020"}), ident("urn:b", period={"start": "2020"})), "profile-max", "Patient.identifier"),
    ("slices within slices", [profile("Patient", *SLICED[:3], el("identifier:a.type.coding", slicing="value:code"), el("identifier:a.type.coding:x", 1, "1"), el("identifier:a.type.coding:x.code", 1, "1", fixedCode="x"))],
     numbers(ident(SYSTEM, type=coded("x", "urn:t"))), numbers(ident(SYSTEM, type=coded("y", "urn:t"))), "profile-min", "Patient.identifier[0].type.coding"),
    ("reslices", [profile("Patient", el("identifier", slicing="value:system"), el("identifier:a", 1, "2", slicing="value:use"), el("identifier:a.system", 1, "1", fixedUri=SYSTEM), el("identifier:a/old", 1, "1"), el("identifier:a/old.use", 1, "1", fixedCode="old"))],
     numbers(ident(SYSTEM, use="old")), numbers(ident(SYSTEM, use="official")), "profile-min", "Patient.identifier"),
    ("extension that must be there", [profile("Patient", el("extension", slicing="value:url"), el("extension:nick", 1, "1", type="Extension", of={"profile": [sd("nick")]})), NICK],
     patient(extension=[ext("nick", valueString="Al")]), patient(extension=[{"url": "urn:x", "valueString": "Al"}]), "profile-min", "Patient.extension"),
    ("extension by its definition", [profile("Patient"), NICK],
     patient(extension=[ext("nick", valueString="Alma")]), patient(extension=[ext("nick", valueString="Almaa")]), "profile-length", "Patient.extension[0].valueString"),
    ("extension of the wrong type", [profile("Patient"), NICK],
     patient(extension=[ext("nick", valueString="Alma")]), patient(extension=[ext("nick", valueCode="alma")]), "profile-type", "Patient.extension[0].valueCode"),
    ("extension with parts", [profile("Patient"), PARTS],
     patient(extension=[ext("parts", extension=[{"url": "a", "valueCode": "x"}])]),
     patient(extension=[ext("parts", extension=[{"url": "b", "valueCode": "x"}])]), "profile-min", "Patient.extension[0].extension"),
    ("extension on a primitive", [profile("Patient", el("birthDate.extension", slicing="value:url"), el("birthDate.extension:nick", 1, "1", type="Extension", of={"profile": [sd("nick")]})), NICK],
     patient(_birthDate={"extension": [ext("nick", valueString="a")]}), patient(_birthDate={"id": "x", "extension": [{"url": "u:x", "valueCode": "x"}]}), "profile-min", "Patient.birthDate.extension"),
    ("required codes", [profile("Observation", el("code", binding="required:reds"))],
     observation(code=coded("rust")), observation(code=coded("blue")), "profile-binding", "Observation.code"),
    ("required codes, none", [profile("Observation", el("code", binding="required:reds"))],
     observation(code=coded("rust")), observation(), "profile-binding", "Observation.code"),
    ("codes under one", [profile("Observation", el("code", binding="required:under-red"))],
     observation(code=coded("rust")), observation(code=coded("red")), "profile-binding", "Observation.code"),
    ("codes by a property", [profile("Observation", el("code", binding="required:warm"))],
     observation(code=coded("red")), observation(code=coded("blue")), "profile-binding", "Observation.code"),
    ("codes by a pattern", [profile("Observation", el("code", binding="required:with-r"))],
     observation(code=coded("rust")), observation(code=coded("blue")), "profile-binding", "Observation.code"),
    ("codes but for some", [profile("Observation", el("code", binding="required:not-red"))],
     observation(code=coded("blue")), observation(code=coded("crimson")), "profile-binding", "Observation.code"),
    ("codes of other value sets", [profile("Observation", el("code", binding="required:all"))],
     observation(code=coded("small", SIZES)), observation(code=coded("large", SIZES)), "profile-binding", "Observation.code"),
    ("codes that are in both", [profile("Observation", el("code", binding="required:both"))],
     observation(code=coded("red")), observation(code=coded("crimson")), "profile-binding", "Observation.code"),
    ("rule, translated", [profile("Patient", el("", rule="birthDate.exists() and name.exists()"))],
     patient(), patient(birthDate=None), "profile-invariant", "Patient"),
    ("rule of a text", [profile("Observation", el("value[x]", type="string", rule="matches('^[a-z]+$')"))],
     observation(valueString="abc"), observation(valueString="a1"), "profile-invariant", "Observation.valueString"),
    ("rule, interpreted", [profile("Patient", el("", rule="name.given.first().substring(0, 1) = 'A'"))],
     patient(), patient(name=[{"given": ["Bo"]}]), "profile-invariant", "Patient"),
    ("rule about a decimal", [profile("Observation", el("", rule="value.value = 5.4 and (value.value in (1.1 | 5.4)) and %resource.value.value < 5.5"))],
     observation(valueString=None, valueQuantity={"value": Written("5.40")}), observation(valueString=None, valueQuantity={"value": 5.3}), "profile-invariant", "Observation"),
    ("rule about codes", [profile("Observation", el("", rule=f"code.memberOf('{REDS}')"))],
     observation(code=coded("red")), observation(code=coded("blue")), "profile-invariant", "Observation"),
    ("rule about a reference", [profile("Patient", el("", rule="generalPractitioner.resolve().name.exists()"))],
     patient(contained=[{**ADULT, "name": [{"text": "B"}]}], generalPractitioner=[{"reference": "#b"}]),
     patient(contained=[ADULT], generalPractitioner=[{"reference": "#b"}]), "profile-invariant", "Patient"),
    ("rule about a profile", [profile("Bundle", el("", rule=f"entry.resource.ofType(Observation).conformsTo('{sd('red')}')")), RED],
     bundle(observation(code=coded("red"))), bundle(observation(code=coded("blue"))), "profile-invariant", "Bundle"),
    ("profile of any resource", [profile("Bundle", el("entry.resource", type="Resource", of={"profile": [sd("red")]})), RED],
     bundle(observation(code=coded("red"))), bundle(observation(code=coded("blue"))), "profile-pattern", "Bundle.entry[0].resource.code"),
    ("profile of any resource, another type", [profile("Bundle", el("entry.resource", type="Resource", of={"profile": [sd("red")]})), RED],
     bundle(observation(code=coded("red"))), bundle(patient()), "profile-none", "Bundle.entry[0].resource"),
    ("type of a target", [profile("Observation", el("subject", type="Reference", of={"targetProfile": [f"{CORE}/Patient"]}))],
     observation(), observation(about="Group/1"), "reference-target", "Observation.subject"),
    ("type of a target, with its version", [profile("Observation", el("subject", type="Reference", of={"targetProfile": [f"{CORE}/Patient|4.0.1"]}))],
     observation(), observation(about="Group/1"), "reference-target", "Observation.subject"),
    ("profile of a target that is inside", [GP | {"url": sd("p")}, NAMED],
     patient(contained=[{**ADULT, "name": [{"text": "B"}]}], generalPractitioner=[{"reference": "#b"}]),
     patient(contained=[ADULT], generalPractitioner=[{"reference": "#b"}]), "profile-target", "Patient.generalPractitioner[0]"),
    ("profile of a target in the Bundle", [profile("Bundle"), GP, NAMED],
     sent_with({**ADULT, "name": [{"text": "B"}]}), sent_with(ADULT), "profile-target", "Bundle.entry[0].resource.generalPractitioner[0]"),
    ("a target that must be there", [profile("Observation", el("subject", type="Reference", of={"targetProfile": [f"{CORE}/Patient"], "aggregation": ["contained"]}))],
     observation(about="#alma", contained=[patient()]), observation(), "profile-aggregation", "Observation.subject"),
    ("slice by the type of a target", [profile("Observation", el("performer", slicing="type:resolve()"), el("performer:p", 1, "1", type="Reference", of={"targetProfile": [f"{CORE}/Patient"]}))],
     observation(performer=[{"reference": "Patient/alma"}]), observation(), "profile-min", "Observation.performer"),
    ("slice by what a target says", [profile("Observation", el("hasMember", slicing="value:resolve().code"), el("hasMember:r", 1, "1", type="Reference", of={"targetProfile": [sd("red")]})), RED],
     observation(hasMember=[{"reference": "#r"}], contained=[observation("r", code=coded("red"))]),
     observation(hasMember=[{"reference": "#r"}], contained=[observation("r", code=coded("blue"))]), "profile-min", "Observation.hasMember"),
    ("slice by the profile of a target", [profile("Observation", el("hasMember", slicing="profile:resolve()"), el("hasMember:r", 1, "1", type="Reference", of={"targetProfile": [sd("red")]})), RED],
     observation(hasMember=[{"reference": "#r"}], contained=[observation("r", code=coded("red"))]),
     observation(hasMember=[{"reference": "#r"}], contained=[observation("r", code=coded("blue"))]), "profile-min", "Observation.hasMember"),
    ("slice by an extension", [profile("Patient", el("name", slicing="value:extension('urn:n').value"), el("name:n", 1, "1"), el("name:n.extension", slicing="value:url"), el("name:n.extension:e", 1, "1", type="Extension", of={"profile": ["urn:n"]}), el("name:n.extension:e.value[x]", 1, "1", fixedCode="n"))],
     patient(name=[{"text": "a", "extension": [{"url": "urn:n", "valueCode": "n"}]}]), patient(), "profile-min", "Patient.name"),
    ("slice by a value in a slice", [profile("Patient", el("name", slicing="value:$this.extension.value"), el("name:n", 1, "1"), el("name:n.extension", slicing="value:url"), el("name:n.extension:e", 1, "1", type="Extension", of={"profile": ["urn:n"]}), el("name:n.extension:e.value[x]", 1, "1", fixedCode="n"))],
     patient(name=[{"text": "a", "extension": [{"url": "urn:n", "valueCode": "n"}]}]), patient(name=[{"text": "a", "extension": [{"url": "urn:n", "valueCode": "m"}]}]), "profile-min", "Patient.name"),
    ("one of several profiles", [profile("Patient", el("identifier", type="Identifier", of={"profile": [sd("number"), sd("other")]})), OWN_NUMBER, profile("Identifier", el("system", fixedUri="urn:o"), name="other")],
     numbers(ident("urn:o", "x"), ident(SYSTEM, "1")), numbers(ident("urn:u")), "profile-none", "Patient.identifier[0]"),
    ("what it builds on", [{**profile("Patient", el("name", 0, "1")), "baseDefinition": sd("base"), "differential": {"element": [el("Patient.name", 0, "1")]}, "snapshot": None}, profile("Patient", el("telecom", 1), name="base")],
     patient(telecom=[{"system": "phone", "value": "1"}]), patient(), "profile-min", "Patient.telecom"),
    ("a part like another", [profile("Questionnaire", el("item.text", 1, "1"), el("item.item", contentReference="#Questionnaire.item"))],
     {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "type": "group", "text": "a", "item": [{"linkId": "2", "type": "string", "text": "b"}]}]},
     {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "type": "group", "text": "a", "item": [{"linkId": "2", "type": "string"}]}]},
     "profile-min", "Questionnaire.item[0].item[0].text"),
    ("another type", [profile("Patient")], patient(), observation(), "profile-resource", "Observation"),
    ("a code that isn't", [profile("Observation")],
     observation(code=coded("red")), observation(code=coded("purple")), "code-unknown", "Observation.code.coding[0]"),
    ("a name that isn't", [profile("Observation")],
     observation(code={"coding": [*coded("blue", display="Blå")["coding"], *coded("blue", display="BLUE")["coding"]]}), observation(code=coded("blue", display="Red")), "display-wrong", "Observation.code.coding[0]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("definitions", "right", "wrong", "rule", "place"), [one[1:] for one in PLANTED], ids=[one[0] for one in PLANTED]
)
def test_what_keeps_to_a_profile_passes_and_what_breaks_it_is_named(
    definitions: list[Json], right: Json, wrong: Json, rule: str, place: str
) -> None:
    right, wrong = ({key: value for key, value in one.items() if value is not None} for one in (right, wrong))
    definitions = [{key: value for key, value in one.items() if value is not None} for one in definitions]
    assert [issue for issue in check(right, *definitions) if issue.severity == "error"] == []
    assert [(issue.rule, issue.path) for issue in check(wrong, *definitions) if issue.severity == "error"] == [
        (rule, place)
    ]
    assert {rule} <= worded_rules()


@pytest.mark.parametrize(
    ("rule", "code"),
    [("profile-min", "required"), ("profile-binding", "code-invalid"), ("profile-fixed", "value"), ("per-1", "invariant"),
     ("profile-not-loaded", "not-supported"), ("profile-closed", "structure"), ("unknown-element", "structure")],
)  # fmt: skip
def test_each_issue_has_a_type_of_the_standard(rule: str, code: str) -> None:
    assert Issue("error", "Patient", rule).code == code


def warned(resource: Json, *definitions: Json, url: str = "p") -> list[str]:
    issues = check(resource, *definitions, url=url)
    assert all(issue.severity == "warning" for issue in issues)
    return [issue.rule for issue in issues]


def test_what_is_not_loaded_is_a_warning_and_never_an_error() -> None:
    assert warned(patient(meta={"profile": ["urn:not-here"]}), url="") == ["profile-not-loaded"]
    foreign = profile("Observation", el("code", binding="required:foreign"))
    assert warned(observation(code=coded("1", "http://snomed.info/sct")), foreign) == ["terminology-not-loaded"]
    absent = profile("Observation", el("code", binding="required:absent"))
    assert warned(observation(code=coded("red")), absent) == ["terminology-not-loaded"]
    borrowed = profile("Patient", el("identifier", type="Identifier", of={"profile": [sd("not-here")]}))
    assert warned(patient(), borrowed) == ["profile-not-loaded"]
    entries = profile(
        "Bundle", el("entry", slicing="profile:resource", rules="closed"), el("entry:p", 1, "1"),
        el("entry:p.resource", 1, "1", type="Patient", of={"profile": [sd("not-here")]}),
    )  # fmt: skip
    assert warned(bundle(patient()), entries) == ["profile-not-loaded"]
    by_codes = profile(
        "Observation", el("category", slicing="value:$this"), el("category:r", 1, "1", binding="required:absent")
    )
    assert warned(observation(category=[coded("red")]), by_codes) == ["terminology-not-loaded"]
    bare = profile("Patient", el("name", 1)) | {"baseDefinition": "urn:not-here"}
    bare["differential"] = bare.pop("snapshot")
    assert warned(patient(), bare) == ["profile-not-loaded"]


def test_of_a_profile_that_is_asked_about_there_must_be_an_answer() -> None:
    found = check(patient(), url="not-here")
    assert [(issue.rule, issue.severity) for issue in found] == [("profile-not-loaded", "error")]
    for known, rules in (("Patient", []), ("DomainResource", []), ("Observation", ["profile-resource"])):
        for version in ("", "|4.0.1"):
            sent = patient(meta={"profile": [f"{CORE}/{known}{version}"]})
            assert [issue.rule for issue in check(sent, url="")] == rules


def test_a_code_of_a_system_that_nobody_defines_cannot_be_judged() -> None:
    reds = profile("Observation", el("code", binding="required:reds"))
    assert warned(observation(code=coded("x", "urn:nobody")), reds) == ["terminology-not-loaded"]


def test_another_code_may_be_right_where_the_codes_are_extensible() -> None:
    reds = profile("Observation", el("code", binding="extensible:reds"))
    assert warned(observation(code=coded("red")), reds) == []
    assert warned(observation(), reds) == []
    assert warned(observation(code=coded("blue")), reds) == ["profile-binding-extensible"]


def test_a_binding_of_a_choice_is_for_its_codes() -> None:
    plain = {name: value for name, value in observation().items() if name != "valueString"}
    for strength in ("required", "extensible"):
        reds = profile("Observation", el("value[x]", binding=f"{strength}:reds"))
        for value in ({"valueDateTime": "2020"}, {"valuePeriod": {"start": "2020"}}, {"valueInteger": 1}):
            assert check(plain | value, reds) == []
        assert len(check(plain | {"valueCodeableConcept": coded("blue")}, reds)) == 1


def test_a_slice_of_what_is_elsewhere_is_not_missed() -> None:
    members = profile(
        "Observation", el("hasMember", slicing="value:resolve().code", rules="closed"),
        el("hasMember:r", 1, "1", type="Reference", of={"targetProfile": [sd("red")]}),
    )  # fmt: skip
    assert warned(observation(hasMember=[{"reference": "Observation/elsewhere"}]), members, RED) == []
    for rules in ("openAtEnd", "closed"):
        members["snapshot"]["element"][1]["slicing"]["rules"] = rules
        sent = observation(
            hasMember=[{"reference": "Observation/elsewhere"}, {"reference": "#r"}],
            contained=[observation("r", code=coded("red"))],
        )
        assert warned(sent, members, RED) == []


def test_a_reference_by_a_number_alone_may_say_what_it_leads_to() -> None:
    unit = {"type": "Reference", "of": {"targetProfile": [f"{CORE}/Organization"]}}
    units = profile(
        "Observation", el("performer", slicing="type:resolve()", rules="closed"), el("performer:u", 1, "1", **unit)
    )
    by_number = {"identifier": ident("urn:a")}
    for told, rules in (
        ({"type": "Organization"}, []),
        ({}, []),
        ({"type": "Patient"}, ["profile-closed", "profile-min"]),
    ):
        found = check(observation(performer=[{**by_number, **told}]), units)
        assert [issue.rule for issue in found] == rules


def test_a_rule_that_cannot_be_evaluated_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    for rule in (
        "name.exists() name",
        "name.trace('x').exists() and extension('",
        "name.where(",
        "§",
        "x'",
        "name.nonsense('x')",
        "name[%x].exists()",
        f"{'(' * 99}not(name{')' * 100}",
    ):
        assert warned(patient(), profile("Patient", el("", rule=rule))) == ["rule-not-evaluated"]
    assert check(patient(), profile("Patient", el("", rule="name.trace('x').select($this).exists()"))) == []
    assert capfd.readouterr() == ("", "")


SAID = {"extension": [{"url": "urn:x", "valueCode": "x"}]}
RULES: list[tuple[str, Json, Json]] = [
    ("generalPractitioner.all(resolve() is Practitioner)", patient(contained=[ADULT], generalPractitioner=[{"reference": "#b"}]),
     patient(contained=[ADULT | {"resourceType": "Organization"}], generalPractitioner=[{"reference": "#b"}])),
    ("generalPractitioner.resolve().ofType(Practitioner).exists()", patient(contained=[ADULT], generalPractitioner=[{"reference": "#b"}]), patient()),
    ("identifier.all(period.start <= period.end)", numbers(ident("a", period={"start": "2026-01-01T10:00:00+01:00", "end": "2026-01-01T09:30:00Z"})),
     numbers(ident("a", period={"start": "2026-01-01T09:45:00Z", "end": "2026-01-01T10:30:00+01:00"}))),
    ("identifier.period.start < identifier.period.end", numbers(ident("a", period={"start": "2026-01-01T10:00:00+01:00", "end": "2026-01-01"})),
     numbers(ident("a", period={"start": "2026-02", "end": "2026-01-01"}))),
    ("birthDate >= @2000-01-01", patient(_birthDate=SAID), patient(birthDate="1999-12-31", _birthDate=SAID)),
    ("name.where(family = 'Prøvegaard').given.single() = 'Alma'", patient(name=[{"family": "Prøvegaard", "_family": SAID, "given": ["Alma"], "_given": [SAID]}]),
     patient(name=[{"family": "Prøvegaard", "_family": SAID, "given": ["Bo"]}])),
    ("identifier.where(system = 'a').value.matches('^[0-9]+$')", numbers(ident("a", "1", _value=SAID)), numbers(ident("a", "x", _value=SAID))),
    ("birthDate.hasValue() and name.family.hasValue()", patient(_birthDate=SAID), patient(birthDate=None, _birthDate=SAID)),
    ("iif(true, birthDate.hasValue(), false)", patient(_birthDate=SAID), patient(birthDate=None, _birthDate=SAID)),
    ("name.given.first().replaceMatches('l(m)', '$1') = 'Ama'", patient(), patient(name=[{"given": ["Bo"]}])),
    ("birthDate.extension('urn:x').value = 'x'", patient(_birthDate=SAID), patient(_birthDate={"extension": [{"url": "urn:x", "valueCode": "y"}]})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "right", "wrong"), RULES, ids=[one[0] for one in RULES])
def test_rules_that_the_interpreter_alone_would_misread(rule: str, right: Json, wrong: Json) -> None:
    asked = profile("Patient", el("", rule=rule))
    wrong = {key: value for key, value in wrong.items() if value is not None}
    assert check(right, asked) == []
    assert [issue.rule for issue in check(wrong, asked)] == ["profile-invariant"]


def test_a_pattern_that_python_would_take_for_ever_over_is_judged_and_one_that_can_not_be_is_told() -> None:
    sent = patient(birthDate="0" * 40 + "!", name=[{"given": ["a" * 40 + "!"]}])
    for element, met in (
        ("birthDate", "matches('{}^(0+)+$')"),
        ("", "name.given.all(matches('{}^(a+)+$'))"),
        ("", "name.given.first().replaceMatches('{}^(a+)+$', 'x') = 'x'"),
    ):
        judged, ahead = (profile("Patient", el(element, rule=met.format(more))) for more in ("", "(?!b)"))
        assert [issue.rule for issue in check(sent, judged)] == ["profile-invariant"]
        assert warned(sent, ahead) == ["rule-not-evaluated"]


def test_a_rule_may_be_long() -> None:
    one_of_many = profile("Patient", el("", rule=" or ".join(f"gender = 'x{number}'" for number in range(300))))
    assert check(patient(gender="x299"), one_of_many) == []
    assert [issue.rule for issue in check(patient(gender="male"), one_of_many)] == ["profile-invariant"]
    folded = profile("Patient", el("", rule=f"{'(' * 150}gender = 'x'{').not().not()' * 150}"))
    assert {issue.severity for issue in check(patient(gender="male"), folded)} <= {"warning"}


def test_slices_that_nothing_tells_apart_are_told() -> None:
    odd = profile("Patient", el("name", slicing="value:use"), el("name:a", 1))
    assert warned(patient(), odd) == ["profile-slices"]


def test_a_definition_that_is_not_made_as_the_standard_has_it_is_told() -> None:
    odd = profile("Patient", el("name", low="many"))  # type: ignore[arg-type]
    assert warned(patient(), odd) == ["profile-unreadable"]


def test_a_claim_is_obeyed_in_the_resource_inside_it_and_in_a_bundle() -> None:
    claim = {"profile": [sd("p")]}
    strict = profile("Patient", el("telecom", 1))
    found = check(patient(meta=claim), strict, url="")
    assert [(issue.rule, issue.path) for issue in found] == [("profile-min", "Patient.telecom")]
    found = check(observation(contained=[patient(meta=claim)], about="#alma"), strict, url="")
    assert [issue.path for issue in found] == ["Observation.contained[0].telecom"]
    found = check(bundle(patient(meta=claim)), strict, url="")
    assert [issue.path for issue in found] == ["Bundle.entry[0].resource.telecom"]


def test_references_within_a_bundle_are_followed_whatever_its_addresses_are() -> None:
    claim = {"profile": [sd("gp")]}
    for base in ("https://x.example/fhir/", "", "urn:uuid:"):
        other = "Practitioner/b" if base != "urn:uuid:" else "1f0c9f3e-0000-4000-8000-000000000001"
        address = other if base != "urn:uuid:" else f"urn:uuid:{other}"
        sent = {
            "resourceType": "Bundle", "type": "collection", "entry": [
                {"fullUrl": f"{base}Patient/alma" if base != "urn:uuid:" else "urn:uuid:1f0c9f3e-0000-4000-8000-000000000002",
                 "resource": patient(meta=claim, generalPractitioner=[{"reference": address}])},
                {"fullUrl": f"{base}{other}", "resource": ADULT},
            ],
        }  # fmt: skip
        assert [issue.rule for issue in check(sent, GP, NAMED, url="")] == ["profile-target"]
    inner = bundle(sent_with(ADULT) | {"id": "inner"})
    assert [issue.rule for issue in check(inner, GP, NAMED, url="")] == ["profile-target"]


BUNDLES: list[tuple[Json, str]] = [
    ({"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "https://x/Patient/2", "resource": patient()}]}, "bundle-id"),
    ({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": observation()}]}, "bundle-no-full-url"),
    ({"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "resource": observation(about="urn:uuid:2")}]}, "bundle-not-found"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "rule"), BUNDLES, ids=[rule for _, rule in BUNDLES])
def test_the_rules_of_a_bundle(sent: Json, rule: str) -> None:
    assert rule in [issue.rule for issue in check(sent, url="")]
    assert check(sent | {"type": "transaction"}, url="") == []


def test_another_version_than_was_meant_warns() -> None:
    strict = profile("Identifier", el("value", 1, rule="matches('^[0-9]+$')"), name="number")
    mine = profile("Patient", el("identifier", type="Identifier", of={"profile": [sd("number")]}))
    for there, severity in (("2.0.0", "warning"), ("1.0.3", "error"), ("1.0.0", "error")):
        library = Library.of(package(mine, x_base="1.0.0"), package(strict, name="x.base", version=there))
        found = Profiles(library).check(numbers(ident("urn:a", "x")), [sd("p")])
        assert [issue.severity for issue in found if issue.rule == "profile-invariant"] == [severity]


def test_names_of_another_version_warn_and_codes_of_an_older_one_are_not_judged() -> None:
    codes = [code_system(COLOURS, concept("red", display="Rød"))]
    for there, said in (("1.0.0", {"display-wrong": "error", "code-unknown": "error"}),
                        ("2.0.0", {"display-wrong": "warning", "code-unknown": "error"}),
                        ("0.9.0", {"display-wrong": "warning"})):  # fmt: skip
        library = Library.of(package(x_codes="1.0.0"), package(*codes, name="x.codes", version=there))
        sent = observation(
            code={"coding": [{"system": COLOURS, "code": "red", "display": "Red"}, {"system": COLOURS, "code": "new"}]}
        )
        found = Profiles(library).check(sent, within="x.test#1.0.0")
        assert {issue.rule: issue.severity for issue in found if issue.rule != "codes-other-version"} == said


def test_codes_of_a_version_that_is_not_loaded_cannot_be_judged() -> None:
    codes = code_system(COLOURS, concept("red"), version="1.0.0")
    pinned = value_set("pinned", {"system": COLOURS, "version": "2.0.0"})
    bound = profile("Observation", el("code", binding="required:pinned"))
    for version, said in (
        ("1.0.0", {"code-unknown", "terminology-not-loaded"}),
        ("2.0.0", {"codes-other-version", "terminology-not-loaded"}),
    ):
        sent = observation(code=coded("new", version=version))
        assert {one.rule for one in Profiles(Library.of(package(codes, pinned, bound))).check(sent, [sd("p")])} == said


def test_circles_and_depths_end() -> None:
    friends = profile("Patient", el("link.other", type="Reference", of={"targetProfile": [sd("p")]}))
    one = patient("a", link=[{"other": {"reference": "Patient/b"}, "type": "seealso"}], meta={"profile": [sd("p")]})
    other = patient("b", link=[{"other": {"reference": "Patient/a"}, "type": "seealso"}])
    assert check(bundle(one, other), friends, url="") == []
    deep: Json = {"url": "urn:x"}
    for _ in range(5000):
        deep = {"url": "urn:x", "extension": [deep]}
    assert [issue.severity for issue in check(patient(extension=[deep]), friends)] in ([], ["warning"])
    assert check(observation(code=coded("red")), profile("Observation", el("code", binding="required:round"))) != []


def test_depth_hides_no_fault() -> None:
    item: Json = {"linkId": "1", "type": "string"}
    for number in range(2000):
        item = {"linkId": f"g{number}", "type": "group", "item": [item]}
    asks = [el("title", 1), el("item.text", 1), el("item.item", contentReference="#Questionnaire.item")]
    deep = {
        "resourceType": "Questionnaire",
        "status": "draft",
        "item": [item],
        "meta": {"profile": [sd("p"), sd("other")]},
    }
    definitions = profile("Questionnaire", *asks), profile("Questionnaire", el("name", 1), name="other")
    found = check(deep, *definitions, url="")
    assert {"Questionnaire.title", "Questionnaire.name"} <= {one.path for one in found if one.severity == "error"}
    assert "too-deep-for-profiles" in [issue.rule for issue in found]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "#b", "red", COLOURS, "Patient/alma", sd("nick")]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["identifier", "system", "code", "coding", "reference", "extension", "url", "value", "contained", "entry",
             "resource", "resourceType", "fullUrl", "meta", "profile", "name", "generalPractitioner", "_birthDate", "id"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
MUCH = profile(
    "Patient", el("", rule="birthDate.exists() implies name.all(family.exists())"), el("identifier", slicing="exists:period"),
    el("identifier:old.period", 1), el("name", slicing="value:extension('urn:n').value"), el("name:n.family", 1, "1", patternString="x"),
    el("extension", slicing="value:url"), el("extension:nick", 1, "1", type="Extension", of={"profile": [sd("nick")]}),
    el("generalPractitioner", slicing="type:resolve()"), el("generalPractitioner:p", 1, type="Reference", of={"targetProfile": [sd("named")]}),
    el("birthDate.extension", slicing="value:url"), el("birthDate.extension:nick", 1, type="Extension", of={"profile": [sd("nick")]}),
    el("meta.profile", 1, maxLength=3), name="much",
)  # fmt: skip
EVERYTHING = Profiles(
    Library.of(package(*colours(), profile("Patient", *SLICED), NICK, PARTS, OWN_NUMBER, NAMED, GP, RED))
)


@given(
    st.dictionaries(st.sampled_from(["identifier", "meta", "extension", "generalPractitioner", "contained", "_birthDate", "entry"]), JSON_VALUES),
    st.sampled_from(["Patient", "Observation", "Bundle"]),
)  # fmt: skip
def test_no_content_whatever_makes_the_check_fail(content: Json, kind: str) -> None:
    for url in ("p", "gp", "red", "much"):
        EVERYTHING.check({"resourceType": kind, **content}, [sd(url)])
