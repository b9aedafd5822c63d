"""The wall's clock: a demonstration's day stands still, and a session must still run out in it."""

from datetime import UTC, datetime

from barnetsbog.kernel.time import instant


def wall() -> int:
    return instant(datetime.now(UTC))
