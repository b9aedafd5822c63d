"""What rights follow from, about one child: the frozen facts that `deriving` turns into grants."""

from collections.abc import Container
from typing import NamedTuple

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.model import Child, Consent, Custody
from barnetsbog.mandates.model import Mandate
from barnetsbog.packs.model import Pack


class Care(NamedTuple):
    """A unit's task with the child. Ids are UUIDs as text; `end` is not included. `task`: what sort of task it is,
    where that matters for rights (`relations.TASKS`). `closed`: somebody of the unit has ended it here."""

    basis: str
    unit: str
    sector: str
    start: int
    end: int = FOREVER
    task: str = ""
    closed: bool = False


class Fostering(NamedTuple):
    """Somebody with daily care, while a placement lasts and the person stands as such."""

    person: str
    start: int = 0
    end: int = FOREVER


class Blocked(NamedTuple):
    """An entry that the young person has closed for others."""

    basis: str
    entry: str
    start: int
    end: int


class Glass(NamedTuple):
    """A break-glass look-up: one role, for an hour."""

    basis: str
    role: str
    start: int
    end: int
    with_address: bool


class Referred(NamedTuple):
    """A referral that has been sent. `deciding`: its receiver has not decided yet; else it has taken the child on.
    `package`: the entries that went with it."""

    basis: str
    units: tuple[str, ...]
    deciding: bool
    start: int
    end: int
    package: tuple[str, ...] = ()
    transfer: bool = False  # the family has moved, and this is its package
    concern: bool = False  # it is a notification of concern


class Facts(NamedTuple):
    child: Child
    custody: Custody
    protected: bool = False
    cares: tuple[Care, ...] = ()
    fostering: tuple[Fostering, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    consents: tuple[Consent, ...] = ()
    blocked: tuple[Blocked, ...] = ()
    glass: tuple[Glass, ...] = ()
    referred: tuple[Referred, ...] = ()
    packs: tuple[Pack, ...] = ()

    def units(self, sectors: Container[str], at: int) -> tuple[str, ...]:
        """References to the units of some sectors that have a task with the child at a moment, the longest first."""
        now = (one for one in self.cares if one.sector in sectors and one.start <= at < one.end)
        return tuple(f"Organization/{one.unit}" for one in sorted(now, key=lambda one: one.start))

    def carers(self, at: int) -> tuple[str, ...]:
        """Those with daily care at a moment: somebody stands as such while the child is placed, and no longer."""
        if not any(one.valid_from <= at < one.valid_to for one in self.child.placements):
            return ()
        return tuple(one.person for one in self.fostering if one.start <= at < one.end)


class Right(NamedTuple):
    """One grant, before it is a row: ids as text."""

    grantee: str
    basis: str
    shelves: int
    level: int
    rule: str
    purpose: str
    start: int
    end: int
    source: str = ""
    lane: str = ""
    entry: str = ""
