"""Several deliveries in the same moment: one child is one child (lessons-from-peers E: parallel "create if missing")."""

import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from django.db import connections

from barnetsbog.delivery import queue as letters
from barnetsbog.delivery.channels import carriers
from barnetsbog.delivery.models import Outbox
from barnetsbog.delivery.worker import work_once
from barnetsbog.directory.queries import all_children
from barnetsbog.exchange.fhir import notifying
from barnetsbog.letters import sending
from barnetsbog.record.models import Entry
from barnetsbog.subscriptions import queue
from barnetsbog.subscriptions.model import Parcel, Way
from barnetsbog.subscriptions.models import Happening, Subscribed, Waiting
from tests.at_once import COMMITTED, at_once
from tests.builders import patient, send
from tests.conftest import on_postgresql
from tests.instances import ROOT, environment, new_instance, run
from tests.integration.letters.conftest import Clock, Writing, clock
from tests.integration.subscriptions.worker_that_dies import written

__all__ = ["clock"]

SENDERS = 8
WORKERS = 3


@pytest.mark.postgresql
@COMMITTED
@pytest.mark.parametrize("number", ["0505179902", None], ids=["with a person number", "without"])
def test_a_new_child_in_eight_deliveries_at_once_is_one_child(number: str | None) -> None:
    def deliver(index: int) -> int:
        name = f"p{index}" if number else "p"  # without a number, it is one source that says it eight times
        return send(patient(name, number=number, gender="female" if index % 2 else "male")).refused

    refused = at_once(*(partial(deliver, index) for index in range(SENDERS)))
    with on_postgresql():
        assert refused == [0] * SENDERS
        assert len(all_children()) == 1
        assert {entry.child_id for entry in Entry.objects.filter(kind="Patient")} == set(all_children())


@pytest.fixture
def postgresql(db: None) -> Iterator[None]:
    with on_postgresql():
        yield


def works(work: Callable[[], int]) -> None:
    """Several workers begin in the same moment and go on until nothing is left."""

    def one() -> None:
        while work():
            pass

    at_once(*[one] * WORKERS)


@pytest.mark.postgresql
@COMMITTED
@pytest.mark.usefixtures("postgresql")
def test_several_workers_at_once_tell_each_subscription_of_each_event_once_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, str]] = []

    class Receives:
        def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
            told.append((str(parcel.to), parcel.key))
            time.sleep(0.002)

    monkeypatch.setattr(notifying, "carriers", lambda *_, **__: {Way.BROKER: Receives()})
    monkeypatch.setattr(queue, "_AT_ONCE", 2)
    written(subscriptions=3, entries=8)
    happened = list(Happening.objects.order_by("id").values_list("entry_id", flat=True))
    works(notifying.work)
    assert {*Counter(told).values()} == {1} and len(told) == 3 * 8
    assert not Happening.objects.exists() and not Waiting.objects.exclude(heard=True).exists()
    for ident in Subscribed.objects.values_list("id", flat=True):
        mine = [key for to, key in told if to == str(ident)]
        assert mine == sorted(mine)
        rows = Waiting.objects.filter(subscription_id=ident).order_by("number")
        assert list(rows.values_list("entry_id", flat=True)) == happened


@pytest.mark.postgresql
@COMMITTED
@pytest.mark.usefixtures("postgresql")
def test_what_one_worker_is_handing_out_another_does_not_overtake(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes just when the first is about to hand out the earlier of two: it waits."""
    written(entries=2)
    happened = list(Happening.objects.order_by("id").values_list("entry_id", flat=True))
    monkeypatch.setattr(queue, "_AT_ONCE", 1)
    makes, second = Waiting.objects.bulk_create, list[Future[None]]()

    def while_another(rows: list[Waiting]) -> object:
        if not second:
            second.append(pool.submit(work))
            wait(second, timeout=0.3)
        return makes(rows)

    def work() -> None:
        with on_postgresql():
            queue.hand_out()
            connections["postgresql"].close()

    monkeypatch.setattr(Waiting.objects, "bulk_create", while_another)
    with ThreadPoolExecutor(1) as pool:
        queue.hand_out()
    while queue.hand_out():
        pass
    assert list(Waiting.objects.order_by("id").values_list("entry_id", flat=True)) == happened


@pytest.mark.postgresql
@COMMITTED
@pytest.mark.usefixtures("postgresql")
def test_several_workers_at_once_send_each_letter_once(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "carriers", lambda _: carriers(tmp_path))
    claim = letters.claim
    monkeypatch.setattr(letters, "claim", lambda kinds, at: claim(kinds, at, 2))
    writing = Writing(clock, tmp_path)
    for _ in range(4):
        writing.sent("L4", writing.person("Sara"), writing.person("Jonas"))
    clock.later(1)
    works(lambda: work_once(sending.handlers()))
    assert list(Outbox.objects.values_list("state", "attempts")) == [("sent", 1)] * 8
    assert Entry.objects.filter(what="letter-copy").count() == 8


TOLD = {
    "subscriptions": (18, "SELECT count(*) FROM subscription_event WHERE heard = 1"),
    "delivery": (8, "SELECT count(*) FROM outbox WHERE state = 'sent' AND attempts = 1"),
}


@pytest.mark.parametrize("room", TOLD)
def test_two_processes_at_once_send_each_thing_once_on_a_disk(room: str, tmp_path: Path) -> None:
    module, (many, counted) = f"tests.integration.{room}.worker_that_dies", TOLD[room]
    folder = new_instance(tmp_path / "instans")
    assert run(module, "write-many", folder).returncode == 0
    given = [sys.executable, "-m", module, "work-beside", str(folder)]
    workers = [Popen(given, env=environment(), cwd=ROOT, stdout=PIPE, text=True) for _ in range(2)]
    said = "".join(one.communicate()[0] for one in workers)
    assert [one.returncode for one in workers] == [0, 0]
    told = Counter(line for line in said.splitlines() if line.startswith("told "))
    assert len(told) == many and {*told.values()} == {1}
    with closing(sqlite3.connect(folder / "bog.sqlite3")) as database:
        assert database.execute(counted).fetchone() == (many,)
