"""How often a client may ask: in a minute, and in a day.

The count is the database's, so that it holds over all server processes, and costs a request next to nothing: a process
takes a share of what is left, a twentieth of the minute's, and hands it out from memory. What a process that ends has
not handed out is lost to that minute, and what is handed out is never more than the limit.
"""

from dataclasses import dataclass
from threading import Lock

from django.db import connection

from barnetsbog.kernel.time import DAY, SECOND

from .clock import wall
from .model import Client
from .models import Use

MINUTE = 60 * SECOND
_SHARES = 20


@dataclass(slots=True)
class _Purse:
    """What a process has left of a client's window."""

    window: int = -1
    left: int = 0
    empty: bool = False
    """Nothing is left anywhere: no need to ask again in this window."""


_purses: dict[tuple[str, int], _Purse] = {}
_lock = Lock()


def wait(client: Client) -> int:
    """Takes one request of a client's. 0 when it may go on, else in how many whole seconds it may try again."""
    at = wall()
    with _lock:
        found = [(length, _filled(client, length, most, at)) for length, most in _limits(client)]
        for length, purse in found:
            if not purse.left:
                return (length - at % length) // SECOND + 1
        for _, purse in found:
            purse.left -= 1
    return 0


def _limits(client: Client) -> tuple[tuple[int, int], ...]:
    return (MINUTE, client.per_minute), (DAY, client.per_day)


def _filled(client: Client, length: int, most: int, at: int) -> _Purse:
    purse = _purses.setdefault((client.id, length), _Purse())
    if purse.window != at // length:
        purse.window, purse.left, purse.empty = at // length, 0, False
    if not purse.left and not purse.empty:
        purse.left = _share(client, length, most, at)
        purse.empty = not purse.left
    return purse


def _share(client: Client, length: int, most: int, at: int) -> int:
    """A share of what is left of a window; a single request when a whole share is more than that; 0 at the end."""
    key, ends = f"{client.id}/{length // SECOND}/{at // length}", (at // length + 1) * length
    share = max(1, most // _SHARES)
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
