"""What the book hands out: typed rows, and the filter that asks for them."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from barnetsbog.kernel.time import Exactness

from .shelves import PART_OF, block_of, class_of

DIRECTORY_TYPES = frozenset(
    ("Organization", "Practitioner", "PractitionerRole", "Location", "HealthcareService", "Endpoint")
)
"""What belongs to no child and stands in the directory."""

PEOPLE = ("RelatedPerson",)
"""Who is named in what somebody may read is named to them, as those of the directory are: their own entry, with where
they live, may be closed all the same."""

THINGS = frozenset(("Device", "Medication", "Substance"))
"""What belongs to a child when it says so, and else to nobody in particular: then it stands with the directory."""


class EntryRow(NamedTuple):
    """One entry as a page needs it. `start`, `end`, `due` and `recorded_at` are UTC microseconds. A tuple, because a
    long list has thousands."""

    child_id: UUID
    id: UUID
    kind: str
    what: str
    shelf: int
    lane: str
    month: int
    start: int
    end: int | None
    exactness: int
    """Of `start` (`kernel.time.Exactness`)."""
    end_exactness: int
    title: str
    status: str
    author_id: UUID | None
    unit_id: UUID | None
    open: bool
    holder_id: UUID | None
    offered_id: UUID | None
    due: int | None
    important: bool
    imported: bool
    version: int
    recorded_at: int
    source: str
    readable: bool = True
    """Whether the reader may see what it says, and not only its heading."""

    @property
    def whole_day(self) -> bool:
        """Its source gave no clock time."""
        return self.exactness != Exactness.CLOCK

    @property
    def private(self) -> bool:
        """The child's confidential talk."""
        return class_of(self.shelf) == "P"

    @property
    def block(self) -> str:
        """One of the six blocks."""
        block = block_of(self.shelf)
        return PART_OF.get(block, block)


ENTRY_COLUMNS = EntryRow._fields[:-1]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """What an entry said at a time: `body` is the FHIR resource as bytes. `came_at`: when it came here, which may be
    long after its source registered it."""

    number: int
    body: bytes
    recorded_at: int
    came_at: int
    by_id: UUID | None
    on_behalf_of_id: UUID | None
    delivery_id: UUID | None
    place: str


@dataclass(frozen=True, slots=True)
class Received:
    """How a version came: from which system, in which file, when, and word for word what it said."""

    source: str
    name: str
    received_at: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries of a child's book. Empty means all."""

    what: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    """Not these FHIR types."""
    without: tuple[str, ...] = ()
    """Not what has one of these for its status."""
    blocks: tuple[str, ...] = ()
    """Of the six; their parts come along."""
    lanes: tuple[str, ...] = ()
    start_from: int | None = None
    start_to: int | None = None
    ends_after: int | None = None
    """Begins no earlier, or lasts until later."""
    author_id: UUID | None = None
    unit_id: UUID | None = None
    recorded_after: int | None = None
    came_after: int | None = None
    """What it says now came after this moment, whenever it was registered."""
    important: bool = False
    open: bool = False
    on_timeline: bool = True


class Tally(NamedTuple):
    """How many entries stand in one month of one lane. `month` as 202611. A tuple, because a long life has hundreds."""

    month: int
    lane: str
    number: int


Key = UUID | bytes | None
"""An id as the database has it: good for comparing and counting, and a fifth of the work."""


class OpenTask(NamedTuple):
    """A waiting task, as far as sorting and counting need it. Ids are compared with `Book.key`. `unit_id`: the unit of
    whoever opened it."""

    child_id: Key
    id: Key
    holder_id: Key
    offered_id: Key
    due: int | None
    start: int
    unit_id: Key
    what: str


class Stage(NamedTuple):
    """How a heading stood from `recorded_at` until the next stage of the same entry: ids and times, and nobody's words.
    Times are UTC microseconds."""

    child_id: UUID
    id: UUID
    what: str
    unit_id: UUID | None
    author_id: UUID | None
    holder_id: UUID | None
    due: int | None
    start: int
    end: int | None
    status: str
    open: bool
    recorded_at: int


class Coming(NamedTuple):
    """An entry with a day that comes by itself: the end of a consent, the follow-up of a plan. As `OpenTask`."""

    child_id: Key
    id: Key
    what: str
    start: int
    due: int
    lane: str
    author_id: Key
    title: str
    version: int
    recorded_at: int


class Sought(NamedTuple):
    """Entries of some kinds, as a list over many children asks for them. Empty means all. `read`: only those that the
    asker may read, and their words with them. `since`: that began no earlier. `units`: that these have written. `lanes`
    and `words`: only those that one of these sectors has written or that may have one of these words (small letters) in
    the heading. Whether the word is there, the asker must see: not every database knows the small letters past z."""

    what: tuple[str, ...]
    read: bool = False
    open: bool = False
    since: int = 0
    units: tuple[UUID, ...] = ()
    lanes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Heading(NamedTuple):
    """An entry, as far as a list over many children needs it. `body`: its words, when they were asked for."""

    child_id: UUID
    id: UUID
    what: str
    lane: str
    title: str
    start: int
    open: bool
    author_id: UUID | None
    unit_id: UUID | None
    holder_id: UUID | None
    offered_id: UUID | None
    due: int | None
    version: int
    status: str
    body: bytes | None = None


HEADING_COLUMNS = Heading._fields[:-1]
