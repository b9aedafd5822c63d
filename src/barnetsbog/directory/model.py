"""What the directory hands out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from barnetsbog.kernel.sentences import Sentence
from barnetsbog.kernel.time import FOREVER

SECTORS = (
    "family", "school", "ppr", "health_visitor", "gp", "bup", "ltt", "family_dept", "hospital", "adult", "police",
    "other",
)  # fmt: skip
"""The lanes of the timeline, child and family first."""

MUNICIPAL = ("ppr", "family_dept", "ltt", "health_visitor")
"""Sectors that only a municipality has. (Schools may be private, and an authority may call anything "other".)"""

SYSTEM_ROLES = ("system", "master_data", "record_system", "log_reader")
"""Roles that a program acts in and nobody works in (`access/roles.yaml`)."""


@dataclass(frozen=True, slots=True)
class ChildName:
    """Who a book is about. `called`: never empty, whatever is known of the name (`nameless.py`)."""

    id: UUID
    given: str
    family: str
    called: str
    born: date | None
    gender: str

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}".strip() or self.called

    @property
    def initials(self) -> str:
        """What paper and the title of a window say; of a child without a name the same words as everywhere."""
        name = self.full
        return name if isinstance(name, Sentence) else "".join(part[0] for part in name.split())


@dataclass(frozen=True, slots=True)
class UnitName:
    id: UUID
    name: str
    sector: str
    phone: str
    parent: str  # name of the organisation it is part of
    veiled: bool = False
    """It goes by what kind of place it is: the reader must not learn where that is."""


class Gone(StrEnum):
    """Why somebody does not do their work now."""

    ABSENT = "absent"
    STOPPED = "stopped"
    CLOSED = "closed"  # the whole unit


@dataclass(frozen=True, slots=True)
class Away:
    """A job, or a unit, in which nobody does the work now, and who does it instead. `until`: UTC microseconds."""

    id: UUID
    why: Gone
    unit_id: UUID | None
    until: int | None = None
    substitute_id: UUID | None = None
    successor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RoleName:
    """A professional in a unit."""

    id: UUID
    professional_id: UUID | None
    name: str
    title: str
    code: str
    phone: str
    active: bool
    """Neither the job nor the person is taken out of use. Whether it is their job now: `works`."""
    unit_id: UUID | None
    unit: str
    sector: str
    organisation: str
    start: int = 0
    end: int = FOREVER
    """From when until when (not included) it is their job, in UTC microseconds."""

    def works(self, at: int) -> bool:
        return self.active and self.start <= at < self.end

    @property
    def with_unit(self) -> str:
        return ", ".join(part for part in (self.name, self.title, self.unit) if part)
