"""Group commit: many events get their places in the chain at once.

`seal` takes what waits, from the spool and from the table of unsealed events, and makes a checkpoint when one is due.
Any process may call it at any time: who gets the head of the chain first does the work, the others go home. A running
server does it every few seconds (`start`), an import when it ends, an operator by `./bog audit seal`.
"""

import logging
import threading
import time
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from barnetsbog.kernel.decisions import LogDown
from barnetsbog.record.fields import for_database
from barnetsbog.record.instance import now

from . import checkpoints, links, spool
from .encoding import Line, from_text, leaf_of
from .keys import chain
from .model import Action
from .models import Event, Unsealed
from .operations import note, write

log = logging.getLogger(__name__)

BATCH = 2000
EVERY = settings.SEAL_SECONDS


class Sealed(NamedTuple):
    """What a sealing did."""

    from_spool: int
    sealed: int
    checkpoint: checkpoints.Mark | None


def seal(*, checkpoint: bool = False) -> Sealed:
    """Everything that waits gets its place. `checkpoint`: make one even if none is due."""
    spooled = _take_in() if spool.waiting() else 0
    count, after = 0, b""
    while Unsealed.objects.exists():
        done, after = _batch(after)
        count += done
        if not after:
            break
    return Sealed(spooled, count, checkpoints.make(now=checkpoint))


def _batch(after: bytes) -> tuple[int, bytes]:
    """Seals the next events behind id `after`, oldest first. How many, and the id to go on behind (none: finished).

    What `note` did not write, or was changed since, is left where it is, for `verify` to name.
    """
    with transaction.atomic():
        end = links.lock_end(wait=False)
        if end is None:
            return 0, b""
        rows = _waiting(after)
        keyed = chain()
        leaves = [(line.id, leaf_of(line), mac) for line, mac in rows]
        good = [(ident, leaf) for ident, leaf, mac in leaves if keyed.unsealed(leaf) == mac]
        links.extend(end, good) if good else None
        _sealed([ident for ident, _ in good])
    return len(good), rows[-1][0].id if len(rows) == BATCH else b""


def _waiting(after: bytes) -> list[tuple[Line, bytes]]:
    sql = f"""SELECT u.mac, {links.columns()} FROM audit_unsealed u JOIN audit_event e ON e.id = u.event_id
      {"WHERE u.event_id > %s" if after else ""} ORDER BY u.event_id LIMIT {BATCH}"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_param(after)] if after else [])
        return [(from_text(row[1:]), bytes(row[0])) for row in cursor.fetchall()]


def _sealed(ids: list[bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM audit_unsealed WHERE event_id = %s", [[_param(ident)] for ident in ids])


def _param(ident: bytes) -> Any:
    return for_database(UUID(bytes=ident), connection)


def _take_in() -> int:
    """The spool's lines, each once, also when a process died between the commit and the removal of the file."""
    with spool.emptied() as found, transaction.atomic():
        there = set(Event.objects.filter(id__in=[_id(line) for line in found.lines]).values_list("id", flat=True))
        new = [line for line in found.lines if _id(line) not in there]
        write(new)
        if found.damaged is not None:
            reason = f"Linje {found.damaged} i {spool.FILE} er ikke, som den blev skrevet."
            note(Action.SPOOL, at=now(), by=None, allowed=False, reason=reason, lines=len(new))
    return len(new)


def _id(line: Line) -> Any:
    return UUID(bytes=line.id)


# -- the server's own --------------------------------------------------------------------------------------------------


def start(every: float = EVERY) -> threading.Thread:
    """Seals again and again, for as long as the process lives."""
    thread = threading.Thread(target=_forever, args=(every,), name="sealer", daemon=True)
    thread.start()
    return thread


def _forever(every: float) -> None:
    while True:
        time.sleep(every)
        once()


def once() -> None:
    """One sealing that never ends the thread: what can't be done now is tried again."""
    try:
        seal()
    except Exception as error:
        known = isinstance(error, DatabaseError | LogDown | OSError)
        log.error("the log could not be sealed: %s", error, exc_info=not known)
    finally:
        connections.close_all()
