"""Where somebody wants to be told that there is something new, and when it may be said."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.delivery.model import Channel

SUBJECT = "Barnets Bog"
TEXT = "Der er nyt i Barnets Bog. Log ind for at se det."
"""All that is ever said. It is the same for everybody and everything."""

CODE = "Din kode er {code}. Den virker i 15 minutter. Har du ikke bedt om den, så gør ingenting."


class Noticing(StrEnum):
    """What is done with notifications, as the log names it."""

    LOOK = "notice-look"
    CHOOSE = "notice-choose"
    CONFIRM = "notice-confirm"
    STOP = "notice-stop"
    SEND = "notice-send"


class Way(StrEnum):
    """By what somebody is told."""

    MAIL = "mail"
    SMS = "sms"

    @property
    def channel(self) -> Channel:
        return Channel(self.value)


class Quiet(NamedTuple):
    """The hours (0-23, Danish clock) in which nothing is sent: from the beginning of the one to that of the other, over
    midnight when the first is later. Two that are the same: there are none."""

    since: int = 20
    until: int = 8


class Wanted(NamedTuple):
    """What somebody asks for. `address`: as they wrote it."""

    way: Way
    address: str
    quiet: Quiet


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody has chosen. `confirmed`: the address has been shown to be theirs, and is used."""

    id: UUID
    child_id: UUID
    person_id: UUID
    way: Way
    address: str
    quiet: Quiet
    confirmed: bool


class Standing(NamedTuple):
    """What waits for somebody: how many of each kind, in a fixed order; and whether it can't wait till tomorrow."""

    counts: tuple[int, ...]
    acute: bool

    @property
    def total(self) -> int:
        return sum(self.counts)


class Told(NamedTuple):
    """What was counted at the last look, and when somebody was last told: of anything, and of something acute."""

    counts: tuple[int, ...] = ()
    at: int | None = None
    acute_at: int | None = None
