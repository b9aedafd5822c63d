"""How much a run looks at of what is much: a sample that is the same every time or, with `./bog test --all`, all of it.

A sample is for what is alike: the twentieth child of a page that nineteen were looked at on. Where each one is a case
of its own (a row of the law, a refusal, a right) all are looked at in every run.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

ALL = os.environ.get("BOG_ALL") == "1"
EXAMPLES = int(os.environ.get("BOG_EXAMPLES", "200" if ALL else "25"))
"""Of what a property is tried on. More of them find rarer things: BOG_EXAMPLES=5000."""

One = TypeVar("One")


def some(of: Sequence[One], most: int) -> list[One]:
    """`most` of these, spread evenly, the first and the last among them."""
    if ALL or len(of) <= most:
        return [*of]
    return [of[round(nth * (len(of) - 1) / max(1, most - 1))] for nth in range(most)]
