"""Third-party Danish FHIR data as judge and as load: read from beside the checkout, never copied into it."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest

from barnetsbog.exchange.fhir.schemas import schemas
from barnetsbog.fhir import check, check_bundle_envelope, extract, narrowed, parameter_code, search_parameters
from barnetsbog.fhir.definitions import parameters
from barnetsbog.fhir.sdc import check_questionnaire, check_response
from barnetsbog.intake.exporting import export_all, export_directory
from barnetsbog.intake.model import Refusal
from barnetsbog.intake.operations import receive_files
from barnetsbog.record.models import Entry
from tests.conftest import BOTH_DATABASES, CORPUS
from tests.samples import ALL

pytestmark = pytest.mark.corpus

Json = dict[str, Any]
FILES = sorted(CORPUS.glob("*/*/example/*.json"))


def packages() -> list[Path]:
    return sorted({path.parents[1] for path in FILES})


def resources(files: list[Path], **how: Any) -> Iterator[tuple[str, Json]]:
    for path in files:
        content = json.loads(path.read_bytes(), **how)
        entries = content.get("entry", []) if content["resourceType"] == "Bundle" else [{"resource": content}]
        yield from ((path.name, entry["resource"]) for entry in entries if "resource" in entry)


def test_the_corpus_is_there(corpus: Path) -> None:
    assert len(FILES) == 542


@pytest.mark.parametrize("package", packages(), ids=lambda p: p.name)
def test_nothing_that_the_official_validator_calls_clean_is_called_wrong(package: Path) -> None:
    """A false alarm is a delivery lost. (Profile faults are not ours to find: this is the base.)"""
    verdicts = (
        json.loads((package / "validation-summary.json").read_bytes())
        if (package / "validation-summary.json").exists()
        else {}
    )
    alarms = []
    for path in sorted((package / "example").glob("*.json")):
        content = json.loads(path.read_bytes())
        clean = verdicts.get(f"{content['resourceType']}/{content.get('id')}", {}).get("errors", 0) == 0
        found = [*check(content), *(check_bundle_envelope(content) if content["resourceType"] == "Bundle" else [])]
        alarms += [
            f"{path.name}: {issue.path}: {issue.text('en')}" for issue in found if clean and issue.severity == "error"
        ]
    assert alarms == []


def test_structured_data_capture_calls_nothing_of_it_wrong() -> None:
    """Two questionnaires and eleven answers; they don't say that they keep to SDC, so what only SDC asks is told."""
    forms = [json.loads(path.read_bytes()) for path in sorted(CORPUS.rglob("Questionnaire-*.json"))]
    known = {one["url"]: one for one in forms if one["resourceType"] == "Questionnaire"}
    found = [(url, issue) for url, one in known.items() for issue in check_questionnaire(one)]
    answered = [(name, one) for name, one in resources(FILES) if one["resourceType"] == "QuestionnaireResponse"]
    assert len(known) == 2 and len(answered) == 11
    for name, one in answered:
        address = one["questionnaire"].partition("|")[0]
        found += [(name, issue) for issue in check_response(one, known.get(address))]
    assert [(name, issue.text().english) for name, issue in found if issue.severity == "error"] == []


ANY_SUBJECT = ("Composition", "QuestionnaireResponse", "DocumentReference", "Basic", "Account")
"""Types whose subject may be anything, or so much that hardly anything is forbidden."""


def _planted(content: Json) -> Iterator[tuple[str, Json]]:
    """Faults of the kinds that happen, planted in somebody else's good data."""
    text = json.dumps(content)

    def spoiled(**changes: Any) -> Json:
        return {**json.loads(text), **changes}

    yield "unknown element", spoiled(favouriteColour="blå")
    yield "wrong resource type", spoiled(resourceType="Elefant")
    yield "bad id", spoiled(id="æ ø")
    yield "empty list", spoiled(extension=[])
    yield "empty text", spoiled(language="")
    yield "list for one", spoiled(language=["da"])
    yield "extension without value", spoiled(extension=[{"url": "http://x"}])
    yield (
        "extension with both",
        spoiled(extension=[{"url": "http://x", "valueCode": "a", "extension": [{"url": "y", "valueCode": "b"}]}]),
    )
    yield "impossible moment", spoiled(meta={"lastUpdated": "2026-13-01T00:00:00Z"})
    yield "moment without zone", spoiled(meta={"lastUpdated": "2026-01-01T00:00:00"})
    yield (
        "script in the narrative",
        spoiled(text={"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'><script/>x</div>"}),
    )
    yield "unused contained resource", spoiled(contained=[{"resourceType": "Patient", "id": "ubrugt"}])
    for name in ("subject", "patient"):
        if isinstance(content.get(name), dict):
            if content["resourceType"] not in ANY_SUBJECT:
                yield f"{name} of a forbidden type", spoiled(**{name: {"reference": "ValueSet/1"}})
            yield f"{name} that leads nowhere", spoiled(**{name: {"reference": "#intet"}})
    if "status" in content:
        yield "status that is no code", spoiled(status="vist nok")
        yield "status missing", {k: v for k, v in spoiled().items() if k != "status"}


@pytest.mark.parametrize("package", packages(), ids=lambda p: p.name)
def test_every_planted_fault_is_found(package: Path) -> None:
    missed = []
    for name, content in list(resources(sorted((package / "example").glob("*.json"))))[:40]:
        if content["resourceType"] in ("Bundle", "Basic", "CapabilityStatement"):
            continue
        required = {"status missing"} if content["resourceType"] in ("Location", "CareTeam", "EpisodeOfCare") else set()
        missed += [
            f"{name}: {what}" for what, spoiled in _planted(content) if what not in required and not check(spoiled)
        ]
    assert missed == []


def test_what_is_sound_is_valid_by_the_schemas_of_the_openapi_description(corpus: Path) -> None:
    sound = [one for _, one in resources(FILES) if not check(one)]
    kinds = {one["resourceType"] for one in sound}
    found = {"components": {"schemas": schemas(kinds)}}
    by_kind = {
        kind: jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{kind}", **found}) for kind in kinds
    }
    wrong = [(one["resourceType"], one.get("id")) for one in sound if not by_kind[one["resourceType"]].is_valid(one)]
    assert wrong == [] and len(sound) > 800


def test_search_values_are_those_that_an_interpreter_of_the_official_expressions_finds(corpus: Path) -> None:
    """Presence, parameter by parameter: what fhirpathpy finds we find, and nothing else."""
    wrong = []
    for name, content in list(resources(FILES))[::9]:
        kind = content["resourceType"]
        numbers = {row[0] for rows in extract(content) for row in rows}
        ours = {name for name in search_parameters(kind) if parameter_code(f"{kind}.{name}") in numbers}
        assert len(ours) == len(numbers), name
        for parameter in parameters(kind):
            if (
                parameter.kind in ("composite", "special")
                or parameter.name.startswith(("_", "phonetic"))
                or _foreign(parameter.expression)
                or parameter.name in narrowed(kind)
            ):
                continue
            values = _evaluated(parameter.expression)(content) if parameter.expression else []
            if any(map(_can_be_found_by, values)) and parameter.name not in ours:
                wrong.append(f"{name}: {kind}.{parameter.name}: {parameter.expression}")
    assert wrong == []


@cache
def _evaluated(expression: str) -> Callable[[Json], list[Any]]:
    """Taken apart once: that is nearly all of what it costs."""
    from fhirpathpy import compile as compiled

    found: Callable[[Json], list[Any]] = compiled(expression)
    return found


def _foreign(expression: str) -> bool:
    """What the interpreter itself does not know."""
    return "resolve()" in expression or "hasExtension" in expression


def _can_be_found_by(value: Any) -> bool:
    """A concept in words alone has no code, and a reference by name alone has no address: neither gives a row."""
    if not isinstance(value, dict):
        return True
    coded = any("code" in coding for coding in value.get("coding", ()))
    plain = (
        not value.keys() & {"coding", "text", "display", "identifier", "type"} or "value" in value or "family" in value
    )
    return coded or "reference" in value or plain


@BOTH_DATABASES
def test_the_whole_corpus_goes_in_and_comes_out(corpus: Path, database: str) -> None:
    """Read = stored + unchanged + refused; again nothing changes; and what was stored comes back as it was said."""
    first = receive_files(FILES, source="corpus", jobs=1)
    assert first.read == first.stored + first.unchanged + first.refused == len(list(resources(FILES)))
    assert first.refused <= 41
    assert all(refusal.reason and refusal.file and refusal.resource for refusal in first.refusals)
    before = sorted(Entry.objects.values_list("source_ref", "version"))

    files = FILES if ALL else FILES[database == "sqlite" :: 2]  # a half of them on each database
    again = receive_files(files, source="corpus", jobs=1)
    told = [_told(refusal) for refusal in first.refusals if Path(refusal.file) in files]
    assert sorted(told) == sorted(_told(refusal) for refusal in again.refusals)
    assert (again.read, again.stored, again.refused) == (len(list(resources(files))), 0, len(told))
    assert sorted(Entry.objects.values_list("source_ref", "version")) == before

    digits = {"parse_float": str}
    said = {_canonical(content) for _, content in resources(FILES, **digits)}
    out = [
        entry["resource"]
        for bundle in (export_directory(), *export_all(account="test", reason="test"))
        for entry in json.loads(orjson.dumps(bundle), **digits)["entry"]
    ]
    assert [one for one in out if _canonical(one) not in said] == []
    assert {(one["resourceType"], one["id"]) for one in out} == {tuple(ref.split("/")) for ref, _ in before}


def _told(refusal: Refusal) -> tuple[str, str, str]:
    return refusal.file, refusal.resource, refusal.reason


def _canonical(content: Json) -> str:
    return json.dumps(content, sort_keys=True)
