"""The wall's clock: what somebody else has signed is dated by theirs, and a demonstration's day stands still."""

import time

MICROSECOND = 1000


def wall() -> int:
    """Now, in UTC microseconds."""
    return time.time_ns() // MICROSECOND
