"""The overview as a page shows it."""

from dataclasses import dataclass
from uuid import UUID

from barnetsbog.contacts.model import Contact, Involved
from barnetsbog.directory.model import ChildName
from barnetsbog.record.entries import EntryRow, VersionRow
from barnetsbog.responsibility.model import Ball


@dataclass(frozen=True, slots=True)
class Person:
    """Fact 1: who it is."""

    name: ChildName
    age: int | None
    custody: str
    language: str  # BCP 47, empty = Danish
    interpreter: str  # language, empty = none needed
    protected_address: bool
    joined: bool = False  # there were two books about it (ADR 39)


@dataclass(frozen=True, slots=True)
class Status:
    """Fact 2: why now, in the coordinator's words. `aged`: older than 30 days, perhaps out of date."""

    entry_id: UUID
    text: str
    written_at: int
    by: Contact | None
    aged: bool
    version: int
    recorded_at: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the status said in one version."""

    text: str
    at: int
    by: Contact | None


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The status now and before, the newest first, and whether the reader may write it."""

    now: Status | None
    said: tuple[Said, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class OwnGoal:
    """A goal in the child's own words, never altered."""

    entry_id: UUID
    quote: str
    said_at: int
    said_to: Contact | None
    may_be_shared: bool | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there yet: an open task other than the ball, or an answer about sharing."""

    entry_id: UUID
    title: str
    what: str  # task or consent
    who: Contact | None
    due: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """Something new or changed since the reader's mark."""

    entry: EntryRow
    author: Contact | None


@dataclass(frozen=True, slots=True)
class News:
    """One entry that is new or changed. `before`: as it stood when the reader marked the book as read, None when it was
    not there; `now`: None where the reader may see the heading only. `came_at`: when it came here. `last`: nothing
    above it on the page came in the same moment, so one can have read up to it."""

    entry: EntryRow
    author: Contact | None
    before: VersionRow | None
    now: VersionRow | None
    came_at: int
    last: bool


@dataclass(frozen=True, slots=True)
class NewsPage:
    """What is new since `since`, the newest first: one page of it."""

    since: int
    first_visit: bool
    news: tuple[News, ...]
    total: int
    page: int
    pages: int
    status: Status | None  # when it was written since


@dataclass(frozen=True, slots=True)
class Overview:
    child: Person
    status: Status | None
    may_write_status: bool
    ball: Ball | None
    coordinator: Contact | None
    substitute: Contact | None
    last: Change | None
    appointments: tuple[EntryRow, ...]
    missing: tuple[Missing, ...]
    goals: tuple[OwnGoal, ...]
    more_goals: int
    changes: tuple[Change, ...]
    changes_total: int
    since: int  # the reader's mark, or 90 days back at the first visit
    first_visit: bool
    involved: tuple[Involved, ...]
    relatives: tuple[tuple[Contact, bool], ...]  # with whether they hold custody
