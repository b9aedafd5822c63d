"""When something that failed is tried again. Pure."""

from barnetsbog.kernel.time import SECOND

FIRST, LONGEST, MOST = 60 * SECOND, 6 * 3600 * SECOND, 8
"""The first wait, the longest one, and how often something is tried: nearly eighteen hours in all."""

LEASE = 300 * SECOND
"""How long a row is a worker's. One whose worker was killed is another's after that."""


ENDED = 3
"""So often something may be begun by a worker that ends in the middle of it: the fourth time it is set aside."""


def wait(attempts: int) -> int:
    """How long to wait after so many attempts (1 and up): four times as long each time."""
    return min(FIRST << 2 * (attempts - 1), LONGEST)


def is_last(attempts: int) -> bool:
    return attempts >= MOST


def ends_workers(begun: int) -> bool:
    """Whether what has been begun so often, this time with it, is what ends those that begin it."""
    return begun > ENDED
