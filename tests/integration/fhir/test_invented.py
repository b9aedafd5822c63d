"""Whatever R4 allows is stored or refused when it is sent, and what is stored can be read in every way there is."""

import random

import pytest

from barnetsbog.exchange.fhir import callers, kinds
from barnetsbog.fhir import references
from tests.inventing import invented
from tests.samples import EXAMPLES

from .conftest import World

ABOUT = "subject", "patient", "for"


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(callers, "caller", made.caller)
    return made


def test_whatever_is_allowed_is_stored_or_refused_and_can_be_read(world: World) -> None:
    alma, ppr = world.ref("alma"), world("ppr-record")
    stored = set()
    for kind in kinds.SERVED:
        for number in range(EXAMPLES // 8):
            told = invented(kind, random.Random(f"{kind} {number}"))
            if told is None:
                continue
            for holder in references(told):
                holder["display"] = holder.pop("reference")
            about = {name: {"reference": alma} for name in ABOUT if isinstance(told.get(name), dict)}
            answer = ppr.post(kind, {**told, **about})
            assert answer.status in (201, 400, 403, 409, 422), answer.json
            if answer.status == 201 and kind != "Patient":  # whose unit has no task with it yet
                stored.add(kind)
                assert ppr.get(f"{kind}/{answer.ident}").status == 200
    assert len(stored) > 20, stored
    for kind in stored:
        for question in (kind, f"{kind}/_history", f"{kind}?_sort=-_lastUpdated"):
            assert ppr.get(question).status == 200, question
    assert ppr.get(f"{alma}/$everything").status == 200
