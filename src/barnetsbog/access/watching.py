"""A running server whose law changes derives everybody's rights anew, as a start does.

Each process of the server has a thread that looks at the law. When it has become another one, the thread waits until
every process has noticed, so that nobody writes rights by the old law any more, and one of them does the work: who gets
the lock in the instance's folder. If that one dies, the next look of another takes it up again.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connections

from barnetsbog.kernel.decisions import LogDown
from barnetsbog.kernel.folder import Made

from . import law_in_force
from .rebuilding import in_step, rebuild_all

log = logging.getLogger(__name__)

LOCK = Made.RIGHTS_LOCK.value
SETTLED = 2 * law_in_force.EVERY
"""Seconds after which every process has looked at the file."""


def start() -> threading.Thread:
    """Watches for as long as the process lives. The law is read first, so that there is one to fall back on."""
    law_in_force.law_in_use()
    thread = threading.Thread(target=_forever, name="law", daemon=True)
    thread.start()
    return thread


def _forever() -> None:
    while True:
        time.sleep(law_in_force.EVERY)
        try:
            once()
        except (DatabaseError, LogDown, OSError, ValueError) as error:  # the next look tries again
            log.error("rights could not be derived by the changed law: %s", error)
        finally:
            connections.close_all()


def once(settled: float = SETTLED) -> bool:
    """Derives all rights anew if the law has changed under this process and nobody has done it. Whether it did."""
    if not law_in_force.changes() or law_in_force.fault() or in_step():
        return False
    time.sleep(settled)
    with _alone() as mine:
        if not mine or in_step():
            return False
        done = rebuild_all()
    log.warning("the law has changed: the rights of %s of %s children are others", len(done.changes), done.children)
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this process may do the work; what another has begun, it finishes."""
    with law_in_force.local_file().with_name(LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
