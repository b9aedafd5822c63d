"""The worker: claims what is due and has it carried out, until it is stopped.

It runs by itself (`./bog worker`) or beside the web server (`beside`). Several may run at once: each row is claimed by
one.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

from django.db import close_old_connections, transaction

from barnetsbog.record.instance import now

from . import queue, rules
from .model import Handler, Job, State

PAUSE = 2.0
"""Seconds between looks at an outbox with nothing in it."""

Round = Callable[[], int]
"""One round of somebody else's own queue: how much was done."""

SET_ASIDE = "Programmet stoppede hver gang, det skulle sendes. Det prøves ikke mere."

_log = logging.getLogger(__name__)


def work_once(handlers: Mapping[str, Handler]) -> int:
    """Carries out what is due now; how many rows that were. What another worker was ended by, perhaps, comes last."""
    kinds = tuple(handlers)
    found = queue.claim(kinds, now())
    for kind, jobs in groupby(sorted(found, key=lambda one: one.kind), key=lambda one: one.kind):
        _carry_out(handlers[kind], list(jobs))
    ended = queue.claim_ended(kinds, now())
    for one in ended:
        if rules.ends_workers(one.begun):
            _set_aside(handlers[one.kind], one)
        else:
            _carry_out(handlers[one.kind], [one])
    return len(found) + len(ended)


def _set_aside(handler: Handler, job: Job) -> None:
    """Nobody knows why, so it is for whoever runs the machine, who is told here, and each time the book is started."""
    with transaction.atomic():
        if queue.finish(job, State.DEAD, SET_ASIDE):
            handler.buried(job._replace(why=SET_ASIDE))
    _log.error("%s %s of the outbox is set aside: the program was ended each time it was sent", job.kind, job.id)


def _carry_out(handler: Handler, jobs: list[Job]) -> None:
    """What a handler does not finish has failed, and the others with it are tried again one by one."""
    try:
        handler.carry_out(jobs)
    except Exception as fault:  # a fault of the program: what it was about must not be lost by it
        _log.exception("delivery failed")
        for one in jobs:
            if queue.is_waiting(one):
                tried(handler, one, f"Fejl i programmet: {type(fault).__name__}")


def tried(handler: Handler, job: Job, why: str) -> None:
    """It was tried and failed. The last time somebody is told, in the same transaction: a worker that is killed, or
    can't tell, leaves it to be tried once more, and never one that nobody knows of."""
    with transaction.atomic():
        if queue.failed(job, now(), why) is State.DEAD:
            handler.buried(job._replace(why=why))


def work(handlers: Mapping[str, Handler], stopped: threading.Event, rounds: Sequence[Round] = ()) -> None:
    """Works until it is stopped."""
    while not stopped.is_set():
        close_old_connections()
        if not work_once(handlers) + sum(one() for one in rounds):
            stopped.wait(PAUSE)


@contextmanager
def beside(handlers: Mapping[str, Handler], rounds: Sequence[Round] = ()) -> Iterator[None]:
    """Works beside whatever is done in the block: for one machine that needs no more. It waits a moment before it
    begins, because a web server forks its own processes first, and those must not inherit a database in use."""
    stopped = threading.Event()
    thread = threading.Thread(target=_work_quietly, args=(handlers, stopped, rounds), daemon=True, name="worker")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(timeout=10)


def _work_quietly(handlers: Mapping[str, Handler], stopped: threading.Event, rounds: Sequence[Round]) -> None:
    """A database that is away for a moment must not end the worker of a running server."""
    while not stopped.wait(PAUSE):
        try:
            work(handlers, stopped, rounds)
        except Exception:
            _log.exception("the worker beside the server stopped, and begins again")
