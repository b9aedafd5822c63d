"""The result of the last full check of the log, kept for whoever oversees it.

It is vouched for with the key of the log, so that somebody who can write in the database only can't write there that
all is well. A result that nobody vouches for is told as such.
"""

from time import time_ns
from typing import NamedTuple

import orjson

from barnetsbog.kernel.time import DAY
from barnetsbog.record.instance import keep_log_check, log_check

from .diagnosis import Kind
from .keys import chain
from .verifying import Verdict

TOO_OLD = 7 * DAY


class Check(NamedTuple):
    """When it was made (UTC microseconds, by the clock), how many lines and checkpoints it went through, what was wrong
    (`seq`: the number of the first bad line, from 0), and whether the log's key vouches for the result."""

    at: int
    size: int
    checkpoints: int
    damage: Kind | None
    seq: int | None
    vouched: bool

    @property
    def alarming(self) -> bool:
        return self.damage is not None or not self.vouched

    @property
    def too_old(self) -> bool:
        """More than a week ago: nobody checks the log any longer."""
        return time_ns() // 1000 - self.at > TOO_OLD


def keep(verdict: Verdict) -> None:
    wrong = verdict.damage
    said = (wrong.kind, wrong.seq) if wrong else (None, None)
    content = orjson.dumps([time_ns() // 1000, verdict.size, verdict.checkpoints, *said]).decode()
    keep_log_check(orjson.dumps([content, _vouched(content)]).decode())


def last() -> Check | None:
    """None when the log has never been checked."""
    kept = log_check()
    if not kept:
        return None
    try:
        content, seal = orjson.loads(kept)
        at, size, checkpoints, damage, seq = orjson.loads(content)
        return Check(at, size, checkpoints, Kind(damage) if damage else None, seq, seal == _vouched(content))
    except (ValueError, TypeError):
        return Check(0, 0, 0, None, None, vouched=False)


def _vouched(content: str) -> str:
    return chain().checked(content.encode())
