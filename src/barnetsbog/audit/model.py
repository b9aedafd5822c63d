"""What the log is made of, for those who read it: actions, rows, and what one can ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID


class Action(StrEnum):
    """Every action that the log knows; docs/audit.md says what each carries."""

    OVERVIEW = "overview"
    TIMELINE = "timeline"
    ENTRY = "entry"
    WORK_LIST = "work-list"
    SEARCH = "search"
    WHY = "why"
    MARK_READ = "mark-read"
    NEWS = "news"
    STATUS = "status"
    STATUS_WRITE = "status-write"
    IMPORT = "import"
    EXPORT = "export"
    PRINT = "print"
    LOGIN = "login"
    LOGOUT = "logout"
    STEP_UP = "step-up"
    RIGHTS = "rights"
    BREAK_GLASS = "break-glass"
    LOG_READ = "log-read"
    SPOOL = "spool"
    ROUTING_RULES = "routing-rules"
    FORM_CATALOGUE = "form-catalogue"
    PACK = "pack"
    PACK_MAKE = "pack-make"
    PACK_APPROVE = "pack-approve"


READS = frozenset(
    (Action.OVERVIEW, Action.TIMELINE, Action.ENTRY, Action.NEWS, Action.STATUS, Action.WHY, Action.PRINT,
     Action.EXPORT, "ball", "calendar", "consent", "contacts", "letter", "plan")
)  # fmt: skip
"""Actions by which somebody sees what a child's book says and does nothing else: they are acute when the glass is
broken."""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the log. `person_id` is the role that acted."""

    id: UUID
    at: int
    action: str
    allowed: bool
    child_id: UUID | None
    person_id: UUID | None
    unit_id: UUID | None
    role: str
    purpose: str
    reason: str
    detail: dict[str, Any]


class Place(NamedTuple):
    """A place in the log, to go on from: rows are in the order of time, then id."""

    at: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, the newest first. `next`: where the next page begins; None when this is the last."""

    rows: list[LogRow]
    next: Place | None


class Sought(NamedTuple):
    """What somebody searched for, as the log keeps it: something to read, and a keyed digest to try against (ADR 7)."""

    criterion: str
    value: str
    digest: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a data protection officer looks for. What is not given is not asked about."""

    person_id: UUID | None = None
    people: tuple[UUID, ...] = ()
    """Any of these."""
    unit_id: UUID | None = None
    child_id: UUID | None = None
    action: str = ""
    actions: tuple[str, ...] = ()
    """Any of these."""
    none_of: tuple[str, ...] = ()
    """And none of these actions."""
    allowed: bool | None = None
    break_glass: bool = False
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What speaks for that somebody looked where they had no business: a reason to ask, not a verdict."""

    person_id: UUID
    score: int
    refused: int = 0
    searches_without_result: int = 0
    children_without_ties: int = 0
    same_surname: int = 0
    children: int = 0
