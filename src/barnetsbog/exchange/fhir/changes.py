"""What is to be written, resource by resource, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.kernel.ids import new_id, timeless_id
from barnetsbog.record.told import Told

from .model import Resource


class How(Enum):
    """The act, as a SMART scope names it."""

    CREATE = "c"
    UPDATE = "u"
    PATCH = "p"
    RESTRICT = "d"

    @property
    def scope(self) -> str:
        return "u" if self is How.PATCH else self.value


def id_of_new(kind: str) -> UUID:
    """A child's says nothing of when it was made: the answer must not tell whether it was in the book already."""
    return timeless_id() if kind == "Patient" else new_id()


class Met(NamedTuple):
    """What is there already instead of what was to be created. `body` None: it is not shown."""

    ident: UUID
    version: str
    at: int
    body: bytes | None = None


@dataclass(slots=True, eq=False)
class Change:
    """`place`: where the resource stands in a Bundle, empty when it came by itself. `expected`: the version that its
    writer began from. `unless`: criteria; when something meets them nothing is created. `chosen`: by criteria, and
    by no version that its writer has named, so that what was stored since then is chosen anew. `patch`: what is to be
    done to what stands there."""

    how: How
    kind: str
    ident: UUID
    place: str = ""
    resource: Resource | None = None
    expected: str | None = None
    unless: str = ""
    chosen: bool = False
    patch: Callable[[Resource], Resource] | None = None
    # what is found on the way
    child: UUID | None = None
    before: Told | None = None
    shown: Resource | None = None
    """What `before` says, parsed: as the asker reads it."""
    said: Resource | None = None
    """What is stored: with what the asker doesn't read."""
    met: Met | None = None

    @property
    def new(self) -> bool:
        return self.how is How.CREATE

    @property
    def number(self) -> int:
        """Of the version that this makes."""
        return self.before.number + 1 if self.before else 1

    @property
    def reference(self) -> str:
        return f"{self.kind}/{self.ident}"

    def path(self, rest: str = "") -> str:
        """A place in the resource, as an outcome names it."""
        return ".".join(filter(None, (self.place or self.kind, rest)))


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a change. `body` None: there is nothing to show. `quiet`: nothing of it is told."""

    status: int
    kind: str
    ident: UUID
    version: str
    at: int
    body: bytes | None = None
    quiet: bool = False
