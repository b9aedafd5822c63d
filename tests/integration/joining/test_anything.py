"""Whatever stands in two books, joining them and taking them apart is as if nothing had happened; and whatever fails on
the way changes nothing."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from barnetsbog.joining import operations
from barnetsbog.record.models import Former, JoinedBook, MovedEntry, Version
from tests.builders import Json, bundle, care, observation, patient, send, task
from tests.conftest import BOTH_DATABASES

from .conftest import FATHER, MOTHER, SUBSTITUTE, WHY, Books, custody, relative

pytestmark = BOTH_DATABASES
EXTENSIONS = "https://barnetsbog.example/fhir/StructureDefinition"


def _person(about: str, name: str, number: str, of: list[Json]) -> Json:
    return relative(f"{name}-{about}", about, name, number, extension=of)


def _consent(about: str, giver: str) -> Json:
    to = {"actor": {"reference": "Organization/gp"}, "role": {"text": "modtager"}}
    return {
        "resourceType": "Consent", "id": f"samtykke-{about}", "status": "active", "dateTime": "2026-11-01",
        "scope": {"text": "deling"}, "category": [{"text": "deling"}], "patient": {"reference": f"Patient/{about}"},
        "performer": [{"reference": f"RelatedPerson/{giver}"}], "policyRule": {"text": "FAL"},
        "provision": {"type": "permit", "actor": [to]},
    }  # fmt: skip


def _things(about: str) -> st.SearchStrategy[Json]:
    who = {"alma": "mor", "ny": "mor-ny"}[about]
    staff = {"alma": "kim", "ny": "lone"}[about]
    flag = [{"url": f"{EXTENSIONS}/protected-address", "valueBoolean": True}]
    numbers = {"alma": {}, "ny": {"number": None, "identifier": [{"system": SUBSTITUTE, "value": "070517TAA1"}]}}[about]
    return st.one_of(
        st.builds(lambda n: observation(f"{about}-{n}", about=f"Patient/{about}",
                                        performer=[{"reference": f"PractitionerRole/{staff}"}]), st.integers(0, 3)),
        st.just(observation(f"{about}-selv", about=f"Patient/{about}", performer=[{"reference": f"Patient/{about}"}])),
        st.just(observation(f"{about}-hjem", about=f"Patient/{about}", performer=[{"reference": f"RelatedPerson/{who}"}])),
        st.builds(lambda holder: task(f"{about}-bold", about=about, holder=holder), st.sampled_from(["kim", "lone"])),
        st.builds(lambda unit, end: care(f"{about}-{unit}", about=about, unit_id=unit, end=end),
                  st.sampled_from(["ppr", "gp", "by-ppr"]), st.sampled_from([None, "2026-06-01"])),
        st.builds(lambda of: _person(about, "Bo", FATHER, of), st.sampled_from([[], [custody()], [custody("2020-01-01")]])),
        st.builds(lambda number: _person(about, "Sara Prøvegaard", number, []), st.sampled_from(["", MOTHER])),
        st.just(_consent(about, who)),
        st.builds(lambda more: patient(about, **numbers, **more),
                  st.sampled_from([{"extension": flag}, {"deceasedBoolean": True}, {"gender": "female"}, {"active": True}])),
    )  # fmt: skip


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
@given(st.lists(st.one_of(_things("alma"), _things("ny")), max_size=8), st.booleans())
def test_joined_and_apart_is_as_if_nothing_had_happened(books: Books, things: list[Json], the_other_way: bool) -> None:
    with transaction.atomic():
        for number, one in enumerate(things):  # each a version of its own, where it says something new
            send(bundle(one), name=f"{number}.json")
        kept, other = (books.other, books.kept) if the_other_way else (books.kept, books.other)
        rows, grants = books.entries(), books.grants()
        exports = [books.exported(child) for child in (kept, other)]
        for _ in range(2):
            books.part(books.join(kept, other, why=WHY))
        assert books.grants() == grants
        assert [books.exported(child) for child in (kept, other)] == exports
        changed = [one for one, row in books.entries().items() if row != rows[one]]
        assert {books.entries()[one]["kind"] for one in changed} == {"Patient"} and len(changed) == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize("step", ["relocate", "_says", "_followed", "_rights", "_note", "relocating.apart"])
def test_what_fails_on_the_way_changes_nothing(books: Books, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the process is killed: all of it is one transaction."""
    joined = books.join() if step == "relocating.apart" else None

    def fails(*_: Any, **__: Any) -> None:
        raise MemoryError

    def state() -> list[object]:
        counts = [model.objects.count() for model in (Version, JoinedBook, Former, MovedEntry)]
        return [books.entries(), books.grants(), counts]

    before = state()
    with monkeypatch.context() as patched, pytest.raises(MemoryError), transaction.atomic():
        ident = joined or operations.propose(books.kept, books.other, by=books.scope("ib"), why=WHY)
        patched.setattr(f"barnetsbog.joining.operations.{step}", fails)
        books.part(ident) if joined else operations.decide(ident, by=books.scope("vera"), approved=True)
    assert state() == before
