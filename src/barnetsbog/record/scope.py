"""Who is asking, for which unit, in which role, why and when.

A `Scope` opens the book, so it must not be made by whoever wants one: only `access` holds the seal. A test reads the
source tree and fails if anybody else does.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from .shelves import EVERYTHING


class LoginLevel(StrEnum):
    """NSIS levels; person data requires *Betydelig* (substantial)."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Seal:
    """The proof that a scope was made by `access`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The asker at one moment. `at` is the instant at which rights are judged (UTC microseconds)."""

    role_id: UUID
    person_id: UUID | None
    unit_id: UUID | None  # None for a person of the family
    role: str
    purpose: str
    level: LoginLevel
    at: int
    seal: Seal = field(repr=False)
    grantees: tuple[UUID, ...] = ()
    """In whose name rights are held: the unit, the role itself, or the person of the family."""
    shelves: int = EVERYTHING
    reach: int = 3
    """What the role can use at most of what the unit may see: shelves, and headings (2) or contents (3)."""
    break_glass: bool = False
    """Opens by value-leap (værdispring) what no ordinary right opens, for an hour and under review."""
    pack: bool = False
    """Reads what was put in meeting packs for its unit, and nothing else."""
    own: bool = False
    """The child itself: what it has blocked for others is not blocked for it."""
    at_home: bool = False
    """Lives with the child, so that where it is, is no secret: the child itself and its foster family."""
    elsewhere: frozenset[UUID] = frozenset()
    """The units of other municipalities than the asker's own. What they have written is not open to the asker by being
    of the same sector, only by consent or by having been sent (a family that moves: barnets lov § 132)."""
    child: UUID | None = None
    """Reads this child's book and no other: an app that was let into one."""
    client: str = ""
    """The client that acts, when it isn't a person at a page: for the log."""
    complete: bool = False
    """Reads the whole book, the child's confidential talk and the words of the sources too: for exports by the
    operator."""

    def __post_init__(self) -> None:
        if not isinstance(self.seal, Seal):
            raise TypeError("a Scope is made by access, not by its user")
