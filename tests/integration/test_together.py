"""Units of work that share a transaction (ADR 21): each is still whole or not there at all."""

from collections.abc import Sequence
from typing import Any

import pytest

from barnetsbog.audit.queries import all_events
from barnetsbog.intake import operations, storing
from barnetsbog.intake.model import Item, Prepared
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.record import store
from barnetsbog.record.models import Entry
from tests.builders import bundle, observation, patient, send, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def child(name: str, number: str, **more: Any) -> dict[str, Any]:
    about = {"reference": f"Patient/{name}"}
    return bundle(patient(name, number=number), observation(id=f"o-{name}", subject=about, **more), kind="transaction")


ALMA, BO = child("alma", "0505179902"), child("bo", "0505179903")
STRAY = bundle(observation(id="o-x", subject={"reference": "Patient/nobody"}), kind="transaction")


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many units each transaction was begun with."""
    begun: list[int] = []
    kept = storing.Storing._together

    def counted(self: storing.Storing, units: Sequence[Prepared], last: bool) -> list[storing.Stored]:
        begun.append(len(units))
        return kept(self, units, last)

    monkeypatch.setattr(storing.Storing, "_together", counted)
    return begun


def kinds() -> list[str]:
    return sorted(Entry.objects.values_list("source_ref", flat=True))


def test_a_refused_transaction_takes_no_other_down(groups: list[int]) -> None:
    report = send(ALMA, STRAY, BO)
    assert (report.stored, report.refused) == (4, 1)
    assert kinds() == ["Observation/o-alma", "Observation/o-bo", "Patient/alma", "Patient/bo"]
    assert groups == ([3] if store.one_writer() else [1, 1, 1])
    told = [(event.allowed, event.detail["stored"], event.detail["refused"]) for event in all_events()]
    assert sorted(told) == [(False, 0, 1), (True, 2, 0), (True, 2, 0)]


def test_one_that_somebody_else_was_before_is_given_up_alone(
    groups: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storing._Unit._add

    def beaten(self: storing._Unit, item: Item, child: bytes, version: int) -> None:
        if item.source_ref == "Observation/o-x":
            raise Conflict
        kept(self, item, child, version)

    monkeypatch.setattr(storing._Unit, "_add", beaten)
    report = send(ALMA, child("x", "0505179904"), BO)
    assert (report.stored, [one.reason for one in report.refusals]) == (4, [storing.CHANGED] * 2)
    assert kinds() == ["Observation/o-alma", "Observation/o-bo", "Patient/alma", "Patient/bo"]
    assert len(list(all_events())) == 2
    assert groups == ([3] if store.one_writer() else []) + [1] * 5


def test_the_next_in_the_same_transaction_knows_what_the_one_before_said(groups: list[int]) -> None:
    later = observation(id="o-alma", subject={"reference": "Patient/alma"}, valueString="Hun tegnede en båd.")
    assert send(ALMA, later, ALMA).stored == 3
    assert Entry.objects.get(source_ref="Observation/o-alma").version == 2
    assert groups == ([3] if store.one_writer() else [1, 1, 1])


def test_what_changes_the_directory_ends_the_transaction(groups: list[int]) -> None:
    send(ALMA, unit(), BO)
    assert groups == ([2, 1] if store.one_writer() else [1, 1, 1])


def test_a_transaction_is_no_longer_than_others_can_wait(groups: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "_TOGETHER", 4)
    send(ALMA, BO, child("x", "0505179904"))
    assert groups == ([2, 1] if store.one_writer() else [1, 1, 1])
