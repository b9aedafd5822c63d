"""A mandate: who helps, for whom, with what, from when until when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from barnetsbog.kernel.time import FOREVER

HELPER_AGE = 15
"""Years that whoever helps must have turned (barnets lov § 6)."""

BLOCKS = ("IN", "TI", "AK", "KO", "ST")
"""The blocks that a mandate can be about. Who has said yes to what (SA) is each giver's own."""


class Kind(StrEnum):
    LAY = "lay-representative"
    """*Bisidder*: chosen by the child."""
    MANDATE = "mandate-holder"
    """*Fuldmagt*: given by a holder of custody, or by a young person from 15."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """Ids are UUIDs as text; `end` is not included. `excluded_at`: the municipality has decided against it."""

    person: str
    giver: str
    kind: Kind
    blocks: frozenset[str]
    born: date
    """The helper's day of birth."""
    start: int
    end: int = FOREVER
    excluded_at: int | None = None

    @property
    def ends(self) -> int:
        return self.end if self.excluded_at is None else min(self.end, self.excluded_at)


class Choosing(StrEnum):
    """What is done with mandates, as the log names it."""

    READ = "mandate"
    CHOOSE = "mandate-choose"
    END = "mandate-end"
    EXCLUDE = "mandate-exclude"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody wants to choose, as what, for what, until when (not included)."""

    name: str
    born: date
    kind: Kind
    blocks: frozenset[str]
    until: int
    phone: str = ""
    number: str = ""
    """Their CPR number: by it they are known when they log in. Without it they can't."""


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who has been chosen, for the reader. `reason`: the municipality's, when it has excluded them."""

    id: str
    name: str
    mandate: Mandate
    until: int
    """The end, not included: the mandate's own, or the child's eighteenth birthday."""
    now: bool
    """Helps at this moment."""
    phone: str = ""
    reason: str = ""
    numbered: bool = False
    """A number is known by which they can log in."""
    reads: bool = True
    """Helpers read in this book at all."""

    @property
    def blocks(self) -> tuple[str, ...]:
        return tuple(block for block in BLOCKS if block in self.mandate.blocks)
