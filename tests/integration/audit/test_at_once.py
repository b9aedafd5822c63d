"""Many at once: one chain, whoever seals, and nobody waits for somebody else's commit."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from barnetsbog.audit.models import Event, Link, Unsealed
from barnetsbog.audit.operations import note
from barnetsbog.audit.sealing import seal
from barnetsbog.audit.verifying import verify
from tests.at_once import ON_POSTGRESQL, at_once
from tests.conftest import on_postgresql

pytestmark = ON_POSTGRESQL


@pytest.fixture(autouse=True)
def postgresql(folder: Path) -> Iterator[None]:
    with on_postgresql():
        yield


def test_sealers_at_once_make_one_chain() -> None:
    def write() -> None:
        for number in range(60):
            with transaction.atomic():
                note("overview", at=number, by=None)

    def seal_often() -> None:
        for _ in range(40):
            seal(checkpoint=True)

    at_once(write, write, write, seal_often, seal_often, seal_often)
    seal(checkpoint=True)
    assert list(Link.objects.order_by("seq").values_list("seq", flat=True)) == list(range(180))
    verdict = verify(jobs=1)
    assert (verdict.damage, verdict.size, Unsealed.objects.count()) == (None, 180, 0)


def test_the_first_sealing_of_all_at_once() -> None:
    note("overview", at=1, by=None)
    at_once(*[seal] * 6)  # type: ignore[list-item]
    seal()
    verdict = verify(jobs=1)
    assert (verdict.damage, verdict.size) == (None, 1)


def test_an_open_transaction_stops_neither_writers_nor_sealers() -> None:
    """An act that has written its line and not yet committed holds nothing that others need."""
    written, finish = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            note("slow", at=1, by=None)
            written.set()
            assert finish.wait(30)

    def others() -> None:
        try:
            assert written.wait(30)
            note("quick", at=2, by=None)
            assert seal(checkpoint=True).sealed == 1
        finally:
            finish.set()

    at_once(slow, others)
    assert [Event.objects.get(id=ident).action for ident in Link.objects.values_list("event_id", flat=True)] == [
        "quick"
    ]
    assert seal().sealed == 1
    assert verify(jobs=1).damage is None


def test_what_a_process_did_not_live_to_seal_is_sealed_by_the_next() -> None:
    note("overview", at=1, by=None)
    verdict = verify(jobs=1)
    assert (verdict.damage, verdict.size, verdict.unsealed) == (None, 0, 1)
    at_once(lambda: _dies_while_sealing())
    assert (Link.objects.count(), Unsealed.objects.count()) == (0, 1)
    assert seal().sealed == 1
    assert verify(jobs=1).damage is None


def _dies_while_sealing() -> None:
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        seal()
        raise KeyboardInterrupt


def test_a_check_while_the_log_grows() -> None:
    for number in range(50):
        note("overview", at=number, by=None)
    seal(checkpoint=True)
    stop = threading.Event()

    def grow() -> None:
        while not stop.is_set():
            note("overview", at=1, by=None)
            seal(checkpoint=True)

    def check() -> None:
        try:
            for _ in range(15):
                assert verify(jobs=1).damage is None
        finally:
            stop.set()

    at_once(grow, check)
