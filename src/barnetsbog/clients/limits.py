"""How often a client may ask: in a minute, and in a day. Of an app's, each of those who have let it in may take a
quarter, so that one of them does not shut out the others.

The count is the database's, so that it holds over all server processes, and costs a request next to nothing: a process
takes a share of what is left, a twentieth of the minute's, and hands it out from memory. What a process that ends has
not handed out is lost to that minute, and what is handed out is never more than the limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from barnetsbog.kernel.time import DAY, SECOND

from .clock import wall
from .model import Client
from .models import Use

MINUTE = 60 * SECOND
_SHARES, _SHARES_OF_ONE = 20, 5
_OF_ONE = 4


@dataclass(slots=True)
class _Purse:
    """What a process has left of a client's window."""

    window: int = -1
    left: int = 0
    empty: bool = False
    """Nothing is left anywhere: no need to ask again in this window."""


_purses: dict[tuple[str, int], _Purse] = {}
_lock = Lock()


class _Limit(NamedTuple):
    """`name`: of a client, or of an approval of one; `most`: in a window of this `length`."""

    name: str
    length: int
    most: int
    shares: int


def wait(client: Client, approval: UUID | None = None) -> int:
    """Takes one request of a client's, an app's for whoever gave that approval. 0 when it may go on, else in how many
    whole seconds it may try again."""
    at = wall()
    with _lock:
        found = [(one.length, _filled(one, at)) for one in _limits(client, approval)]
        for length, purse in found:
            if not purse.left:
                return (length - at % length) // SECOND + 1
        for _, purse in found:
            purse.left -= 1
    return 0


def _limits(client: Client, approval: UUID | None) -> Iterator[_Limit]:
    for length, most in ((MINUTE, client.per_minute), (DAY, client.per_day)):
        yield _Limit(client.id, length, most, _SHARES)
        if approval:
            yield _Limit(str(approval), length, max(1, most // _OF_ONE), _SHARES_OF_ONE)


def _filled(of: _Limit, at: int) -> _Purse:
    purse = _purses.get((of.name, of.length)) or _new_purse(of, at)
    if purse.window != at // of.length:
        purse.window, purse.left, purse.empty = at // of.length, 0, False
    if not purse.left and not purse.empty:
        purse.left = _share(of, at)
        purse.empty = not purse.left
    return purse


def _new_purse(of: _Limit, at: int) -> _Purse:
    """Those of windows that are over go: approvals come and end for as long as the process lives."""
    for key in [key for key, one in _purses.items() if one.window != at // key[1]]:
        del _purses[key]
    return _purses.setdefault((of.name, of.length), _Purse())


def _share(of: _Limit, at: int) -> int:
    """A share of what is left of a window; a single request when a whole share is more than that; 0 at the end."""
    length, most = of.length, of.most
    key, ends = f"{of.name}/{length // SECOND}/{at // length}", (at // length + 1) * length
    share = max(1, most // of.shares)
    for wanted in dict.fromkeys((share, 1)):
        if wanted <= most and _taken(key, wanted, most, ends):
            return wanted
    return 0


def _taken(key: str, wanted: int, most: int, ends: int) -> bool:
    Use.objects.filter(ends_at__lt=wall()).delete()
    sql = """INSERT INTO client_use AS u (key, taken, ends_at) VALUES (%s, %s, %s)
      ON CONFLICT (key) DO UPDATE SET taken = u.taken + excluded.taken WHERE u.taken + excluded.taken <= %s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [key, wanted, ends, most])
        return bool(cursor.rowcount == 1)


def forget() -> None:
    """What this process has in hand is lost; for tests."""
    with _lock:
        _purses.clear()
