"""What passes between the steps of the intake. Everything here can be sent from one process to another."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from barnetsbog.kernel.sentences import say
from barnetsbog.record.promotion import Promoted
from barnetsbog.record.rows import Rows

OWN_SOURCE = "barnetsbog"
"""The source of what is written here."""

LINE = "line "
"""What the place of a line of NDJSON begins with. The first of its unit is `line 1`."""

WENT_ALONG = say(
    "Ikke gemt: en anden del af samme transaktion er afvist.",
    "Not stored: another part of the same transaction is refused.",
)
"""Why what was right in a transaction is refused."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of work: it is stored whole or not at all. `first_line` is set for lines of an NDJSON file.

    `own`: it was written here, so its ids and references are those of the book already; no file can say so of itself.
    """

    file: str
    payload: bytes
    source: str
    first_line: int | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not stored, and why. `path` is where in the resource, in the words of FHIR."""

    file: str
    resource: str
    path: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        return {"file": self.file, "resource": self.resource, "path": self.path, "reason": self.reason}


class Item(NamedTuple):
    """One resource, ready to be filed and stored. Ids are the 16 bytes of the UUID."""

    place: str
    kind: str
    source_ref: str
    entry_id: bytes
    body: bytes
    fingerprint: int
    promoted: Promoted
    rows: Rows
    subjects: tuple[bytes, ...]  # the Patients it says it is about
    others: tuple[bytes, ...]  # entries it refers to otherwise, directory apart
    facts: dict[str, Any] | None  # what the directory or the grants need of it
    numbers: tuple[tuple[str, str], ...] = ()  # whom it is about, where it says so by person numbers (system, number)


@dataclass(slots=True)
class Prepared:
    """A unit after the pure steps. `whole`: a transaction, in which one refusal refuses all."""

    file: str
    source: str
    payload: bytes  # zlib
    fingerprint: bytes  # SHA-256 of the payload as it came
    read: int = 0
    whole: bool = False
    items: list[Item] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    first_line: int | None = None
    """Of lines: which line of the file the unit begins with."""
    replay: bool | None = None
    """Of what is left of a unit and has waited: whether the unit had been received before. None: nobody has looked."""

    def where(self, place: str) -> str:
        """A place in the unit as whoever has the file finds it: lines are counted from the beginning of the file."""
        if self.first_line is None or not place.startswith(LINE):
            return place
        return f"{LINE}{self.first_line + int(place.removeprefix(LINE)) - 1}"


@dataclass(slots=True)
class Report:
    """What became of everything: read = stored + unchanged + refused."""

    read: int = 0
    stored: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    already_received: int = 0

    @property
    def refused(self) -> int:
        return len(self.refusals)

    def add(self, other: "Report") -> None:
        self.read += other.read
        self.stored += other.stored
        self.unchanged += other.unchanged
        self.already_received += other.already_received
        self.refusals.extend(other.refusals)
        self.warnings.extend(other.warnings)

    def as_dict(self) -> dict[str, Any]:
        return {
            "read": self.read, "stored": self.stored, "unchanged": self.unchanged, "refused": self.refused,
            "refusals": [r.as_dict() for r in self.refusals], "warnings": self.warnings,
        }  # fmt: skip
