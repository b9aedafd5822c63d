"""Patches: what each operation does, and what can't be done is said with its place and changes nothing."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir.patching import MOST, PatchFault, json_patched, path_patched
from tests.builders import observation, patient

Json = dict[str, Any]


def named() -> Json:
    name = {"use": "official", "given": ["Alma", "Maja"], "family": "Prøvegaard"}
    return patient(name=[name, {"use": "usual", "given": ["Alma"]}], gender="female")


JSON_PATCHES: list[tuple[list[Json], Any]] = [
    ([{"op": "replace", "path": "/gender", "value": "other"}], lambda p: p["gender"] == "other"),
    ([{"op": "add", "path": "/name/0/given/1", "value": "Bo"}], lambda p: p["name"][0]["given"] == ["Alma", "Bo", "Maja"]),
    ([{"op": "add", "path": "/name/0/given/-", "value": "Bo"}], lambda p: p["name"][0]["given"][-1] == "Bo"),
    ([{"op": "remove", "path": "/name/1"}], lambda p: len(p["name"]) == 1),
    ([{"op": "move", "from": "/name/1", "path": "/name/0"}], lambda p: p["name"][0]["use"] == "usual"),
    ([{"op": "copy", "from": "/name/0/family", "path": "/name/1/family"}], lambda p: p["name"][1]["family"] == "Prøvegaard"),
    ([{"op": "test", "path": "/gender", "value": "female"}, {"op": "remove", "path": "/gender"}], lambda p: "gender" not in p),
    ([{"op": "add", "path": "/a~1b", "value": {"m~n": 1}}, {"op": "remove", "path": "/a~1b/m~0n"}], lambda p: p["a/b"] == {}),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "holds"), JSON_PATCHES)
def test_a_json_patch_does_what_its_operations_say(operations: list[Json], holds: Any) -> None:
    before = named()
    kept = copy.deepcopy(before)
    assert holds(json_patched(before, operations))
    assert before == kept


JSON_FAULTS: list[tuple[Any, str, bool]] = [
    ({"op": "add"}, "", True),
    ([{"op": "grow", "path": "/x"}], "[0]", True),
    ([{"op": "add", "path": "/x"}], "[0]", True),
    ([{"op": "add", "path": "x", "value": 1}], "[0]", True),
    ([{"op": "add", "path": "/x~2", "value": 1}], "[0]", True),
    ([{"op": "remove", "path": "/name/7"}], "[0]", False),
    ([{"op": "remove", "path": "/name/-1"}], "[0]", False),
    ([{"op": "remove", "path": "/name/01"}], "[0]", False),
    ([{"op": "remove", "path": "/name/99999999999999999999"}], "[0]", False),
    ([{"op": "remove", "path": ""}], "[0]", False),
    ([{"op": "replace", "path": "", "value": []}], "", False),
    ([{"op": "replace", "path": "/telecom", "value": []}], "[0]", False),
    ([{"op": "add", "path": "/name/3", "value": {}}], "[0]", False),
    ([{"op": "remove", "path": "/gender"}, {"op": "test", "path": "/gender", "value": "female"}], "[1]", False),
    ([{"op": "test", "path": "/name/0/given", "value": ["Maja", "Alma"]}], "[0]", False),
    ([{"op": "move", "from": "/name", "path": "/name/0/x"}], "[0]", False),
    ([{"op": "test", "path": "/gender", "value": "female"}] * (MOST + 1), "", True),
    ([{"op": "add", "path": "/x", "value": []}, *[{"op": "copy", "from": "", "path": "/x/-"}] * 60], "[1", False),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "place", "malformed"), JSON_FAULTS)
def test_what_a_json_patch_cannot_do_is_said_with_its_place(operations: Any, place: str, malformed: bool) -> None:
    before = named()
    kept = copy.deepcopy(before)
    with pytest.raises(PatchFault) as fault:
        json_patched(before, operations)
    assert fault.value.place.startswith(place)
    assert fault.value.malformed is malformed
    assert before == kept


def test_true_is_not_one() -> None:
    with pytest.raises(PatchFault):
        json_patched({"resourceType": "Patient", "active": True}, [{"op": "test", "path": "/active", "value": 1}])


def step(kind: str, path: str, **parts: Any) -> Json:
    found: list[Json] = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    for name, value in parts.items():
        if name == "pieces":
            found.append({"name": "value", "part": value})
        elif isinstance(value, int):
            found.append({"name": name, "valueInteger": value})
        elif isinstance(value, dict):
            found.append({"name": "value", **value})
        else:
            found.append({"name": name, "valueString": value})
    return {"name": "operation", "part": found}


def parameters(*steps: Json) -> Json:
    return {"resourceType": "Parameters", "parameter": list(steps)}


PATH_PATCHES: list[tuple[Json, Json, Any]] = [
    (named(), step("replace", "Patient.gender", v={"valueCode": "other"}), lambda p: p["gender"] == "other"),
    (named(), step("add", "Patient", name="active", v={"valueBoolean": True}), lambda p: p["active"] is True),
    (named(), step("add", "Patient.name.where(use = 'usual')", name="given", v={"valueString": "Bo"}), lambda p: p["name"][1]["given"] == ["Alma", "Bo"]),
    (named(), step("add", "Patient", name="contact", pieces=[{"name": "name", "valueHumanName": {"text": "Mor"}}]), lambda p: p["contact"] == [{"name": {"text": "Mor"}}]),
    (named(), step("delete", "Patient.name[1]"), lambda p: len(p["name"]) == 1),
    (named(), step("delete", "Patient.telecom.where(system='phone')"), lambda p: p == named()),
    (named(), step("delete", "Patient.name.where(use='usual').given.first()"), lambda p: "given" not in p["name"][1]),
    (named(), step("insert", "Patient.name[0].given", index=1, v={"valueString": "Bo"}), lambda p: p["name"][0]["given"] == ["Alma", "Bo", "Maja"]),
    (named(), step("move", "Patient.name", source=0, destination=1), lambda p: p["name"][0]["use"] == "usual"),
    (observation(), step("replace", "Observation.value", v={"valueQuantity": {"value": 1}}), lambda o: "valueString" not in o and o["valueQuantity"] == {"value": 1}),
    (observation(), step("delete", "Observation.value.ofType(string)"), lambda o: "valueString" not in o),
    (patient(extension=[{"url": "http://x", "valueCode": "a"}]), step("replace", "Patient.extension('http://x').value", v={"valueCode": "b"}), lambda p: p["extension"][0]["valueCode"] == "b"),
]  # fmt: skip


NICK, UNKNOWN = ({"extension": [{"url": f"http://{one}", "valueCode": "x"}]} for one in ("nick", "unknown"))


def called(*given: Json | str | None, **more: Any) -> Json:
    """Somebody's given names: a text, or one with an extension beside it."""
    plain = [one if isinstance(one, str) else "Bo" for one in given]
    beside = [None if isinstance(one, str) else one for one in given]
    name = {"given": plain, **({"_given": beside} if any(beside) else {})}
    return {"resourceType": "Patient", "name": [name], **more}


BORN = {"birthDate": "2017-05-05", "_birthDate": NICK}

# what a primitive says beside itself goes where it goes
BESIDE: list[tuple[Json, Json, Json]] = [
    (called("Alma", NICK), step("delete", "Patient.name.given[0]"), called(NICK)),
    (called("Alma", NICK), step("delete", "Patient.name.given[1]"), called("Alma")),
    (called("Alma", NICK), step("insert", "Patient.name.given", index=0, v={"valueString": "Ida"}), called("Ida", "Alma", NICK)),
    (called("Alma", NICK), step("move", "Patient.name.given", source=1, destination=0), called(NICK, "Alma")),
    (called("Alma", NICK), step("replace", "Patient.name.given[1]", v={"valueString": "Ida"}), called("Alma", "Ida")),
    (called("Alma", NICK), step("add", "Patient.name", name="given", v={"valueString": "Bo", "_valueString": UNKNOWN}), called("Alma", NICK, UNKNOWN)),
    (called("Alma", NICK), step("delete", "Patient.name.given[1].extension('http://nick')"), called("Alma", "Bo")),
    (called("Alma", **BORN), step("delete", "Patient.birthDate"), called("Alma")),
    (called("Alma", **BORN), step("delete", "Patient.birthDate.extension[0]"), called("Alma", birthDate="2017-05-05")),
    (called("Alma", birthDate="2017-05-05"), step("add", "Patient.birthDate", name="extension", v={"valueExtension": NICK["extension"][0]}), called("Alma", **BORN)),
    (called("Alma", _birthDate=UNKNOWN), step("replace", "Patient.birthDate", v={"valueDate": "2017-05-05"}), called("Alma", birthDate="2017-05-05")),
    (called("Alma", _birthDate=UNKNOWN), step("delete", "Patient.birthDate"), called("Alma")),
    (observation(_valueString=NICK), step("replace", "Observation.value", v={"valueInteger": 1}), {**{k: v for k, v in observation().items() if k != "valueString"}, "valueInteger": 1}),
    (observation(contained=[{"resourceType": "Patient", "id": "p", "gender": "male"}]), step("replace", "Observation.contained[0].gender", v={"valueCode": "female"}),
     observation(contained=[{"resourceType": "Patient", "id": "p", "gender": "female"}])),
]  # fmt: skip


@pytest.mark.parametrize(("before", "operation", "after"), BESIDE)
def test_a_primitive_keeps_what_stands_beside_it(before: Json, operation: Json, after: Json) -> None:
    kept = copy.deepcopy(before)
    assert path_patched(before, parameters(operation)) == after
    assert before == kept


def test_an_extension_alone_is_there_already() -> None:
    with pytest.raises(PatchFault):
        path_patched(
            called("Alma", _birthDate=UNKNOWN),
            parameters(step("add", "Patient", name="birthDate", v={"valueDate": "2017-05-05"})),
        )


@pytest.mark.parametrize(("before", "operation", "holds"), PATH_PATCHES)
def test_a_fhirpath_patch_does_what_its_operations_say(before: Json, operation: Json, holds: Any) -> None:
    kept = copy.deepcopy(before)
    assert holds(path_patched(before, parameters(operation)))
    assert before == kept


PATH_FAULTS: list[tuple[Any, bool]] = [
    ([], True),
    ({"resourceType": "Patient"}, True),
    (parameters(), True),
    (parameters({"name": "operation"}), True),
    (parameters(step("grow", "Patient")), True),
    (parameters(step("replace", "Patient.gender")), True),
    (parameters(step("replace", "Patient.name.given", v={"valueString": "x"})), False),
    (parameters(step("replace", "Patient.gender", v={"valueCode": None})), True),
    (parameters(step("replace", "Patient.colour", v={"valueString": "x"})), True),
    (parameters(step("replace", "Patient", v={"valueString": "x"})), False),
    (parameters(step("delete", "Patient.name.given")), False),
    (parameters(step("delete", "Patient")), False),
    (parameters(step("add", "Patient", name="gender", v={"valueCode": "male"})), False),
    (parameters(step("add", "Patient", name="colour", v={"valueCode": "red"})), False),
    (parameters(step("insert", "Patient.name", index=9, v={"valueString": "x"})), False),
    (parameters(step("insert", "Patient.telecom", index=0, v={"valueString": "x"})), False),
    (parameters(step("move", "Patient.name", source=0, destination=9)), False),
    (parameters(step("delete", "Patient.name.where(")), True),
    (parameters(step("delete", "'Patient'")), True),
    (parameters(step("delete", "(" * 400 + "Patient" + ")" * 400)), True),
]  # fmt: skip


@pytest.mark.parametrize(("patch", "malformed"), PATH_FAULTS)
def test_what_a_fhirpath_patch_cannot_do_is_said(patch: Any, malformed: bool) -> None:
    before = named()
    kept = copy.deepcopy(before)
    with pytest.raises(PatchFault) as fault:
        path_patched(before, patch)
    assert fault.value.malformed is malformed
    assert before == kept


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3), max_leaves=8
)  # fmt: skip
POINTERS = st.sampled_from(
    ["", "/", "/name", "/name/0", "/name/-", "/name/0/given/1", "/gender/x", "/resourceType", "/id"]
)
OPERATIONS = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "x"]), "path": POINTERS | ANYTHING},
    optional={"value": ANYTHING, "from": POINTERS | ANYTHING},
)


@given(st.lists(OPERATIONS | ANYTHING, max_size=4) | ANYTHING)
def test_any_json_is_a_patch_or_a_fault(operations: Any) -> None:
    before = named()
    try:
        json_patched(before, operations)
    except PatchFault as fault:
        assert fault.reason
    assert before == named()


@given(
    ANYTHING | st.lists(ANYTHING, max_size=3).map(lambda parts: parameters(*({"name": "operation", "part": parts},)))
)
def test_any_json_is_a_fhirpath_patch_or_a_fault(content: Any) -> None:
    before = named()
    try:
        path_patched(before, content)
    except PatchFault as fault:
        assert fault.reason
    assert before == named()


@pytest.mark.parametrize(
    "operation", [{"op": [], "path": "/status"}, {"op": {}, "path": "/status"}, {"op": 1}, [], "add"]
)
def test_an_operation_that_is_none_of_them(operation: Any) -> None:
    with pytest.raises(PatchFault):
        json_patched(observation(), [operation])


def of_path(kind: str, *parts: tuple[str, str, Any]) -> Json:
    told = [{"name": "type", "valueCode": kind}, *({"name": name, f"value{of}": value} for name, of, value in parts)]
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": told}]}


@pytest.mark.parametrize(
    "patch",
    [
        of_path("insert", ("path", "String", "Observation"), ("index", "Integer", 0), ("value", "String", "x")),
        of_path("move", ("path", "String", "Observation"), ("source", "Integer", 0), ("destination", "Integer", 0)),
    ],
)
def test_a_path_that_leads_to_no_list(patch: Json) -> None:
    with pytest.raises(PatchFault):
        path_patched(observation(), patch)


def test_what_is_no_extension_has_no_url() -> None:
    told = observation(extension=["x"])
    assert path_patched(told, of_path("delete", ("path", "String", "Observation.extension('u')"))) == told
