"""Whatever R4 allows can be taken in: of every type, the resources that nobody would think of as an example."""

import random

import orjson
import pytest

from barnetsbog.exchange.fhir.serving import http_date, instant_of
from barnetsbog.fhir import resource_types
from barnetsbog.intake import preparing
from barnetsbog.intake.model import Unit
from barnetsbog.intake.preparing import prepare
from barnetsbog.kernel.time import iso
from tests.builders import Json, bundle, observation, patient
from tests.inventing import invented
from tests.samples import EXAMPLES

KINDS = sorted(resource_types() - {"Bundle"})


def some_of(kind: str) -> list[Json]:
    found = (invented(kind, random.Random(f"{kind} {number}")) for number in range(EXAMPLES // 2))
    return [{**one, "id": f"{kind}-{number}"} for number, one in enumerate(found) if one]


def test_every_sort_of_resource_can_be_taken_in() -> None:
    rare = []
    for kind in KINDS:
        told = some_of(kind)
        rare += [] if told else [kind]
        prepared = prepare(Unit("alt.json", orjson.dumps(bundle(patient(), *told)), "test"), b"key")
        assert (prepared.refusals, len(prepared.items)) == ([], 1 + len(told)), kind
        for read in (item.promoted for item in prepared.items):
            for at in (read.start, read.end, read.due, read.recorded_at):
                assert at is None or (-(2**63) <= at < 2**63 and iso(at) and instant_of(at) and http_date(at)), kind
    assert len(rare) <= 3, "the rules of R4 can hardly be pleased by chance"


def test_what_the_program_stumbles_on_is_refused_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of ours in one resource loses none of the others, and says that it is ours."""

    def stumbling(resource: Json) -> object:
        if resource.get("valueString") == "x":
            raise KeyError("what we never thought of")
        return promote(resource)

    promote = preparing.promote
    monkeypatch.setattr(preparing, "promote", stumbling)
    told = bundle(patient(), observation(), observation("o2", valueString="x"))
    prepared = prepare(Unit("fil.json", orjson.dumps(told), "test"), b"key")
    assert [item.source_ref for item in prepared.items] == ["Patient/alma", "Observation/o1"]
    (refusal,) = prepared.refusals
    assert (refusal.resource, refusal.path) == ("Observation/o2", "entry[2].resource")
    assert "vores fejl" in refusal.reason
    assert "what we never thought of" in caplog.text
