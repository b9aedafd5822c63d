"""A suspicion of an honour-related conflict, and what the assessment of its risk says (barnets lov § 18).

Moments are UTC microseconds; references are FHIR's (`Organization/…`).
"""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.contacts.model import Contact


class Honour(StrEnum):
    """What is done with it, as the log names it."""

    READ = "honour"
    SUSPECT = "honour-suspect"
    ASSESS = "honour-assess"


class Stand(StrEnum):
    """How far it has come, in the words of a RiskAssessment's status."""

    WAITS = "preliminary"  # nothing goes to parents and network
    ASSESSED = "final"  # the risk is assessed, and they may be involved as it says
    UNFOUNDED = "cancelled"  # there is no such conflict


class Suspicion(NamedTuple):
    """`seen`: what it rests on; `found`: what the assessment says, empty before there is one; `since`: when it was
    suspected; `at`: of the last assessment; `basis`: reference to the form that it came with."""

    stand: Stand
    seen: str
    since: int
    found: str = ""
    at: int | None = None
    basis: str = ""


class Assessment(NamedTuple):
    """What was said of the risk at a moment, and by whom, as far as that is known."""

    stand: Stand
    found: str
    at: int
    by: Contact | None


class Told(NamedTuple):
    """A suspicion as its reader sees it. `by`: who told of it first, or the unit that was told; `assessments`: all that
    was said of its risk, the newest first."""

    id: UUID
    version: int
    suspicion: Suspicion
    by: Contact | None
    assessments: tuple[Assessment, ...]

    @property
    def waits(self) -> bool:
        return self.suspicion.stand is Stand.WAITS


class Pages(NamedTuple):
    """What the family department sees: the newest first. `hold`: nothing goes to parents and network now."""

    told: tuple[Told, ...]
    hold: bool

    @property
    def waiting(self) -> tuple[Told, ...]:
        return tuple(one for one in self.told if one.waits)

    @property
    def elsewhere(self) -> bool:
        """The hold follows from something that the reader may not read."""
        return self.hold and not self.waiting

    @property
    def version(self) -> int:
        """How often anything has been written here: what an assessment is written upon."""
        return sum(one.version for one in self.told)
