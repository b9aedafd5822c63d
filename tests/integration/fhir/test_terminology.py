"""Definitions are read, searched and asked about: those of loaded packages, our own, and the forms of the catalogue."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from barnetsbog.fhir import check
from barnetsbog.fhir.packages import add_package
from barnetsbog.forms.loading import catalogue
from barnetsbog.intake import profiled
from tests.conftest import BOTH_DATABASES
from tests.packages import COLOURS, HERE, SIZES, Json, code_system, colours, concept, el, package, profile, value_set

from .conftest import World

pytestmark = BOTH_DATABASES

SET = f"{HERE}/ValueSet/"
MAP: Json = {
    "resourceType": "ConceptMap", "id": "sizes", "url": f"{HERE}/ConceptMap/sizes", "status": "active", "name": "Sizes",
    "group": [{"source": COLOURS, "target": SIZES, "element": [
        {"code": "red", "target": [{"code": "large", "equivalence": "wider"}]},
        {"code": "blue", "target": [{"equivalence": "unmatched"}]},
    ]}],
}  # fmt: skip


GRADES = f"{HERE}/CodeSystem/grades"


def graded(version: str, *concepts: Json) -> Json:
    return code_system(GRADES, *concepts, id="grades", name=f"Grades{version[0]}", version=version, content="complete")


@pytest.fixture
def asked(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same world in an instance with packages of colours."""
    strict = profile("Observation", el("valueString", 1, "1"), name="told")
    many = code_system(f"{HERE}/CodeSystem/many", *(concept(f"c{number}") for number in range(5_001)))
    sets = [
        value_set("half", {"system": COLOURS}, {"system": "http://not-loaded"}),
        value_set("many", {"system": many["url"]}),
    ]
    named = [
        {"id": one["url"].rpartition("/")[2], "name": one["url"].rpartition("/")[2].title(), **one}
        for one in (*colours(), *sets, many)
    ]
    grades = (concept("a", concept("b", display="Beta")), concept("a"))
    add_package(package(*named, MAP, strict, graded("1.0.0", grades[0])), tmp_path)
    add_package(package(*colours()[:1], graded("2.0.0", grades[1]), name="x.test", version="2.0.0"), tmp_path)
    monkeypatch.setattr(profiled, "settings", SimpleNamespace(DATA=tmp_path))
    yield world


def values(answer: Any, *names: str) -> list[Any]:
    assert answer.status == 200, answer.json
    return [
        next((v for k, v in one.items() if k.startswith("value")), one.get("part"))
        for one in answer.json["parameter"]
        if one["name"] in names
    ]


def test_definitions_are_found_and_read(asked: World) -> None:
    ppr = asked("ppr")
    (found,) = ppr.get(f"ValueSet?url={SET}reds").entries
    assert found["resource"]["url"] == f"{SET}reds"
    assert ppr.get(found["fullUrl"].partition("/fhir/")[2]).json == found["resource"]
    assert [one["resource"]["url"] for one in ppr.get("ConceptMap?name=siz").entries] == [MAP["url"]]
    assert ppr.get("ConceptMap?name:exact=siz").entries == []
    assert (
        ppr.send("POST", "ValueSet/_search", f"url={SET}reds".encode(), "application/x-www-form-urlencoded").json[
            "total"
        ]
        == 1
    )
    versions = ppr.get(f"CodeSystem?url={COLOURS}").entries
    assert len({one["fullUrl"] for one in versions}) == 2
    assert ppr.get(f"CodeSystem?status=active&_summary=count&url={COLOURS}").json["total"] == 2
    (own,) = ppr.get("CodeSystem?url=https://barnetsbog.example/fhir/CodeSystem/sector").entries
    assert own["resource"]["concept"]
    (told,) = ppr.get(f"StructureDefinition?url={HERE}/StructureDefinition/told").entries
    assert told["resource"]["meta"]["tag"][0]["code"] == "SUBSETTED"
    assert ppr.get("ValueSet/nobody.1").status == 404
    assert ppr.get("ValueSet?farve=blaa").where == "http.farve"
    assert ppr.get("NamingSystem?url=x").status == 400
    assert ppr.post("ValueSet", {"resourceType": "ValueSet"}).status == 405
    assert ppr.get("ValueSet/x/_history").status == 404
    asked.allowed["ppr"] = {"Observation": frozenset("rs")}
    assert ppr.get("ValueSet").status == 403 and ppr.get(f"ValueSet/$expand?url={SET}reds").status == 403


def test_pages_of_definitions(asked: World) -> None:
    path, found = "ValueSet?_count=3&url:missing=", list[str]()
    assert asked("ppr").get(path).status == 400
    path = "ValueSet?_count=5"
    while path:
        answer = asked("ppr").get(path)
        found += [one["fullUrl"] for one in answer.entries]
        path = next((one["url"] for one in answer.json["link"] if one["relation"] == "next"), "").partition("/fhir/")[2]
    assert len(found) == len(set(found)) == answer.json["total"] > 10


def test_value_sets_are_expanded(asked: World) -> None:
    ppr = asked("ppr")
    found = ppr.get(f"ValueSet/$expand?url={SET}reds")
    assert [one["code"] for one in found.json["expansion"]["contains"]] == ["red", "crimson", "rust"]
    assert found.json["expansion"]["total"] == 3
    page = ppr.get(f"ValueSet/$expand?url={SET}reds&count=1&offset=1&activeOnly=true").json["expansion"]
    assert [one["code"] for one in page["contains"]] == ["crimson"] and (page["total"], page["offset"]) == (2, 1)
    assert ppr.get(f"ValueSet/$expand?url={SET}reds&filter=crim").json["expansion"]["total"] == 1
    assert "contains" not in ppr.get(f"ValueSet/$expand?url={SET}reds&filter=zzz").json["expansion"]
    assert (
        ppr.get("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status").json["expansion"]["total"] > 5
    )
    (one,) = ppr.get(f"ValueSet?url={SET}reds").entries
    assert ppr.get(f"ValueSet/{one['resource']['id']}/$expand").json["expansion"]["total"] == 3
    wanted = {
        "resourceType": "Parameters",
        "parameter": [{"name": "url", "valueUri": f"{SET}reds"}, {"name": "count", "valueInteger": 0}],
    }
    assert ppr.post("ValueSet/$expand", wanted).json["expansion"]["total"] == 3
    assert (ppr.get("ValueSet/$expand?url=http://nobody").status, ppr.get("ValueSet/$expand").where) == (
        404,
        "http.url",
    )
    half, many = ppr.get(f"ValueSet/$expand?url={SET}half"), ppr.get(f"ValueSet/$expand?url={SET}many")
    assert (half.status, "http://not-loaded" in half.said) == (422, True)
    assert (many.status, many.json["issue"][0]["code"]) == (422, "too-costly")
    assert len(ppr.get(f"ValueSet/$expand?url={SET}many&count=9999").json["expansion"]["contains"]) == 5_000
    assert ppr.get(f"ValueSet/$expand?url={SET}reds&count=-1").where == "http.count"


def test_codes_are_right_or_not_or_it_cant_be_told(asked: World) -> None:
    ppr = asked("ppr")
    for path, result in (
        (f"ValueSet/$validate-code?url={SET}reds&system={COLOURS}&code=crimson", [True]),
        (f"ValueSet/$validate-code?url={SET}reds&code=crimson", [True]),
        (f"ValueSet/$validate-code?url={SET}reds&system={COLOURS}&code=blue", [False]),
        (f"ValueSet/$validate-code?url={SET}reds&system={COLOURS}&code=red&display=Blaa", [False]),
        (f"CodeSystem/$validate-code?url={COLOURS}&code=blue&display=Bl%C3%A5", [True]),
        (f"CodeSystem/$validate-code?url={COLOURS}&code=green", [False]),
    ):
        assert values(ppr.get(path), "result") == result, path
    several = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "url", "valueUri": f"{SET}reds"},
            {
                "name": "codeableConcept",
                "valueCodeableConcept": {
                    "coding": [{"system": COLOURS, "code": "blue"}, {"system": COLOURS, "code": "red"}]
                },
            },
        ],
    }
    assert values(ppr.post("ValueSet/$validate-code", several), "result") == [True]
    assert ppr.get(f"ValueSet/$validate-code?url={SET}half&system=http://not-loaded&code=x").status in (200, 422)
    assert ppr.get(f"ValueSet/$validate-code?url={SET}foreign&system=http://snomed.info/sct&code=1").status == 422
    assert ppr.get("ValueSet/$validate-code?url=http://nobody&code=x").status == 404
    assert ppr.get("CodeSystem/$validate-code?url=http://nobody&code=x").status == 404
    assert ppr.get("CodeSystem/$validate-code?code=x").where == "http.system"
    assert ppr.get(f"CodeSystem/$validate-code?url={COLOURS}").where == "http.code"


def test_a_coding_says_of_which_system_it_is(asked: World) -> None:
    ppr, reds = asked("ppr"), {"name": "url", "valueUri": f"{SET}reds"}
    for coding, result in (({"code": "red"}, [False]), ({"system": COLOURS, "code": "red"}, [True])):
        sent = {"resourceType": "Parameters", "parameter": [reds, {"name": "coding", "valueCoding": coding}]}
        assert values(ppr.post("ValueSet/$validate-code", sent), "result") == result


def test_codes_are_looked_up_and_compared(asked: World) -> None:
    ppr = asked("ppr")
    found = ppr.get(f"CodeSystem/$lookup?system={COLOURS}&code=crimson")
    assert (values(found, "display"), values(found, "name")) == (["Crimson"], ["colours"])
    parent = next(one for one in values(found, "property") if one[0]["valueCode"] == "parent")
    assert parent[1]["valueCode"] == "red"
    assert values(ppr.get(f"CodeSystem/$lookup?system={COLOURS}&code=blue&displayLanguage=da"), "display") == ["Blå"]
    coding = {
        "resourceType": "Parameters",
        "parameter": [{"name": "coding", "valueCoding": {"system": COLOURS, "code": "red"}}],
    }
    assert values(ppr.post("CodeSystem/$lookup", coding), "display") == ["Red"]
    assert [
        ppr.get(f"CodeSystem/$lookup?system={s}&code={c}").status for s, c in ((COLOURS, "green"), ("http://no", "x"))
    ] == [404, 404]
    for one, other, outcome in (
        ("red", "crimson", "subsumes"),
        ("crimson", "red", "subsumed-by"),
        ("red", "red", "equivalent"),
        ("red", "blue", "not-subsumed"),
    ):
        assert values(ppr.get(f"CodeSystem/$subsumes?system={COLOURS}&codeA={one}&codeB={other}"), "outcome") == [
            outcome
        ]
    assert ppr.get(f"CodeSystem/$subsumes?system={COLOURS}&codeA=red&codeB=green").status == 404
    assert ppr.get(f"CodeSystem/$subsumes?system={COLOURS}&codeA=red").where == "http.codeB"


def test_the_version_that_is_asked_for_is_the_one_that_answers(asked: World) -> None:
    ppr = asked("ppr")
    for asks, told in (("", ["Grades2", "2.0.0"]), ("&version=1.0.0", ["Grades1", "1.0.0"]), ("&version=3", None)):
        found = ppr.get(f"CodeSystem/$lookup?system={GRADES}&code=a{asks}")
        assert (values(found, "name", "version") if found.status == 200 else None) == told
    for version, code, result in (("1.0.0", "b", [True]), ("2.0.0", "b", [False])):
        path = f"CodeSystem/$validate-code?url={GRADES}&code={code}&version={version}"
        assert values(ppr.get(path), "result") == result
    assert values(ppr.get(f"CodeSystem/$validate-code?url={GRADES}&code=b&version=1.0.0&display=Beta"), "display") == [
        "Beta"
    ]
    assert ppr.get(f"CodeSystem/$validate-code?url={GRADES}&code=a&version=3").status == 422
    assert values(ppr.get(f"CodeSystem/$lookup?system={GRADES}%7C1.0.0&code=b"), "version") == ["1.0.0"]
    asks = f"CodeSystem/$subsumes?system={GRADES}&codeA=a&codeB=b&version="
    assert values(ppr.get(f"{asks}1.0.0"), "outcome") == ["subsumes"]
    assert ppr.get(f"{asks}2.0.0").status == ppr.get(f"{asks}3").status == 404


def test_codes_are_translated(asked: World) -> None:
    ppr = asked("ppr")
    found = ppr.get(f"ConceptMap/$translate?system={COLOURS}&code=red&targetsystem={SIZES}")
    ((equivalence, to, source),) = values(found, "match")
    assert values(found, "result") == [True]
    assert (equivalence["valueCode"], to["valueCoding"], source["valueUri"]) == (
        "wider",
        {"system": SIZES, "code": "large"},
        MAP["url"],
    )
    assert values(ppr.get(f"ConceptMap/$translate?system={COLOURS}&code=blue&url={MAP['url']}"), "result") == [False]
    assert values(ppr.get(f"ConceptMap/$translate?system={SIZES}&code=large&reverse=true"), "result") == [True]
    assert ppr.get(f"ConceptMap/$translate?system={COLOURS}&code=red&url=http://nobody").status == 404
    assert ppr.get("ConceptMap/$translate?code=red").where == "http.system"


def test_searches_and_validation_ask_what_is_loaded(asked: World) -> None:
    ppr = asked("ppr")
    coded = {**asked.observation(), "code": {"coding": [{"system": COLOURS, "code": "crimson"}]}}
    ident = ppr.post("Observation", coded).ident
    assert [one["resource"]["id"] for one in ppr.get(f"Observation?code:in={SET}reds").entries] == [ident]
    assert ident not in [one["resource"]["id"] for one in ppr.get(f"Observation?code:not-in={SET}reds").entries]
    assert ppr.get(f"Observation?code:below={COLOURS}|red").entries
    assert ppr.get("Observation?code:in=http://nobody").status == 400
    wanted = {name: one for name, one in asked.observation().items() if name != "valueString"}
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "resource", "resource": wanted},
            {"name": "profile", "valueUri": f"{HERE}/StructureDefinition/told"},
        ],
    }
    found = ppr.post("Observation/$validate", body).json["issue"]
    assert [one["expression"] for one in found if one["severity"] == "error"] == [["Observation.valueString"]]


def test_forms_of_the_catalogue_are_questionnaires(asked: World) -> None:
    ppr = asked("ppr")
    everything = ppr.get("Questionnaire?_count=500")
    assert everything.json["total"] == len(catalogue())
    form = next(iter(catalogue().values()))
    for query in (
        f"url={'https://barnetsbog.example/fhir/Questionnaire/' + form.id}",
        f"_id={form.id}",
        f"title:exact={quote(form.title)}",
        f"url=https://barnetsbog.example/fhir/Questionnaire/{form.id}|{form.version}&status=active",
    ):
        assert form.id in [one["resource"]["id"] for one in ppr.get(f"Questionnaire?{query}").entries], query
    found = ppr.get(f"Questionnaire/{form.id}")
    assert (found.json["title"], found.json["version"]) == (form.title, str(form.version))
    assert ppr.get(f"Questionnaire/{form.id}.v{form.version}").json == found.json
    assert [
        ppr.get(f"Questionnaire/{one}").status for one in ("nobody", f"{form.id}.v999", f"{form.id}.vx", "x.v1")
    ] == [404] * 4
    assert ppr.get("Questionnaire?version=999").entries == []


def test_several_versions_of_forms_are_asked_for_at_once(asked: World) -> None:
    ppr, base = asked("ppr"), "https://barnetsbog.example/fhir/Questionnaire/"
    one, other = [form for form in catalogue().values() if form.version > 1][:2]
    for query, found in {
        f"url={base}{one.id}|1,{base}{one.id}|{one.version}": {f"{one.id}.v1", one.id},
        f"_id={one.id}.v1,{other.id}": {f"{one.id}.v1", other.id},
        f"url={base}{one.id}&version=1,{one.version}": {f"{one.id}.v1", one.id},
        f"url={base}{one.id}&version=1": {f"{one.id}.v1"},
        f"url={base}{one.id}": {one.id},
    }.items():
        page = ppr.get(f"Questionnaire?{query}")
        assert {entry["resource"]["id"] for entry in page.entries} == found, query
        assert page.json["total"] == len(found)


def test_what_definitions_are_not_searched_by_is_refused_or_told(asked: World) -> None:
    ppr = asked("ppr")
    assert ppr.get("Questionnaire?_sort=name").where == "http._sort"
    page = ppr.get("Questionnaire?_sort=name&_count=1", Prefer="handling=lenient")
    (_, told) = page.entries
    assert (told["search"]["mode"], told["resource"]["issue"][0]["expression"]) == ("outcome", ["http._sort"])
    links = {one["relation"]: one["url"] for one in page.json["link"]}
    assert "_sort" not in links["self"]
    assert ppr.get(links["next"].partition("/fhir/")[2], Prefer="handling=lenient").entries


def test_the_capability_statement_says_so(asked: World) -> None:
    rest = asked("ppr").get("metadata").json["rest"][0]
    by_type = {one["type"]: one for one in rest["resource"]}
    assert {one["name"] for one in by_type["CodeSystem"]["operation"]} == {"lookup", "validate-code", "subsumes"}
    assert [one["code"] for one in by_type["ValueSet"]["interaction"]] == ["read", "search-type"]
    assert {one["name"] for one in by_type["Patient"]["operation"]} >= {"everything", "validate", "meta"}
    assert "everything" not in {one["name"] for one in by_type["Observation"]["operation"]}
    assert not [one for one in check(orjson.loads(asked("ppr").get("metadata").bytes)) if one.severity == "error"]
