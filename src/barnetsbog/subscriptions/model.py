"""What a subscription is, and what becomes of something that it is told of."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from barnetsbog.kernel.sentences import Sentence


class Status(StrEnum):
    """Of a Subscription (R4 §2.45). `REQUESTED`: nobody has answered its handshake yet."""

    REQUESTED = "requested"
    ACTIVE = "active"
    ERROR = "error"
    OFF = "off"


class Content(StrEnum):
    """How much a notification says (Subscriptions R5 Backport 1.1, payload content)."""

    EMPTY = "empty"
    ID_ONLY = "id-only"
    FULL = "full-resource"


class Way(StrEnum):
    """By which channel, as `Subscription.channel.type` says it."""

    REST_HOOK = "rest-hook"
    BROKER = "message"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client asks for. `headers`: lines that go with each notification, and are secrets; None: as before.
    `filters`: searches as `Type?parameter=value`; `heartbeat`: seconds, 0 for none; `end`: UTC microseconds."""

    topic: str
    reason: str
    status: Status
    content: Content
    way: Way
    endpoint: str
    filters: tuple[str, ...] = ()
    headers: tuple[str, ...] | None = ()
    heartbeat: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """As it stands. `approval_id`: an app's, as somebody has let it in; `base`: the address of the interface, as its
    client has it; `told`: the number of the last event that anybody may have been told of; `sealed`: its headers,
    unreadable without the instance's key; `begun`: rounds in a row of which nothing was heard. Moments are UTC
    microseconds by the wall's clock."""

    id: UUID
    client_id: str
    approval_id: UUID | None
    base: str
    wish: Wish
    status: Status
    error: Sentence
    version: int
    changed_at: int
    told: int
    attempts: int
    last_at: int
    sealed: bytes
    begun: int


class Stuck(NamedTuple):
    """A subscription that is tried no more, and how many events wait for it."""

    of: Subscription
    waits: int


class Event(NamedTuple):
    """Something that happened, waiting to be told or told: which version of which entry. `number`: None until it is
    told; `heard`: its receiver, or `$events`, certainly has it."""

    id: int
    child_id: UUID
    entry_id: UUID
    kind: str
    at: int
    number: int | None
    heard: bool


class Parcel(NamedTuple):
    """One notification on its way. `key` is the same each time the same is tried. `headers` are secrets."""

    key: str
    to: UUID
    endpoint: str
    headers: tuple[str, ...]
    body: bytes


class Failed(Exception):
    """A notification was not received, as far as is known: why."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why)
        self.why = why


class Unreached(Failed):
    """Nothing of the notification has left the house."""


class Trouble(Failed):
    """It may have been received, or not."""


class Carrier(Protocol):
    """An adapter of one channel."""

    def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
        """Hands it over. `origins`: where its client may be told, now. Raises `Unreached` or `Trouble`."""
