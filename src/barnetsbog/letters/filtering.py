"""One version of a letter for each receiver. Pure.

A part is left out that is for others (`only`), that is of a class its receiver may not read, that is the child's
confidential word (for the child alone), or that reveals where the child is, when they must not learn it. For them the
rest is read through the veil as well, and the sender is a sort of place and no name.
"""

from collections.abc import Sequence
from dataclasses import replace

from barnetsbog.record.veil import Veil

from .model import Audience, Filled, Sender, Standing


def told(
    blocks: Sequence[Filled], audience: Audience | None, standing: Standing, veil: Veil | None
) -> tuple[Filled, ...]:
    """The parts that a receiver is told, as they are told them. `audience` None: as it stands in the book for whoever
    may read the letter there. `veil`: what they must not read; None for somebody who may know where the child is."""
    kept = (one for one in blocks if _for(one, audience, standing))
    return tuple(_veiled(one, veil) if veil else one for one in kept)


def _for(block: Filled, audience: Audience | None, standing: Standing) -> bool:
    if block.only and audience not in block.only:
        return False
    if block.class_ == "P":
        return audience is Audience.CHILD
    if block.class_ == "X":
        return standing.cleared and audience is not None
    return not block.class_ or block.class_ in standing.classes


def _veiled(block: Filled, veil: Veil) -> Filled:
    return replace(
        block, lines=tuple(veil.text(one) for one in block.lines),
        rows=tuple(tuple(veil.text(one) for one in row) for row in block.rows),
    )  # fmt: skip


def hidden(sender: Sender, somewhere: str) -> Sender:
    """The sender of a letter to somebody who must not learn where the child is."""
    return Sender(somewhere, "", somewhere, "", "")
