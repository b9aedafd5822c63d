"""The words of the law: what may be shared, who the child is, who holds custody, what somebody answered, what follows.

Moments are UTC microseconds (`kernel.time`); days are Danish calendar days. Ids of people and units are opaque text.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum


class Block(StrEnum):
    """The six blocks of the joint project."""

    INTERVENTION = "IN"
    CONDITION = "TI"
    ACTIVITY = "AK"
    CONTACTS = "KO"
    MASTER = "ST"
    CONSENT = "SA"


class Class(StrEnum):
    """How sensitive something is (law-and-access §3)."""

    ORDINARY = "O"
    SOCIAL = "F"
    HEALTH = "H"
    PRIVATE = "P"
    """The child's own confidential talk."""
    ADDRESS = "X"
    """What could reveal a protected address."""


class Level(IntEnum):
    """How much of something is shared: that it is there, its headings, or its contents."""

    AT = 1
    HEADINGS = 2
    CONTENT = 3


Shelf = tuple[Block, Class]
"""Where something stands in the book, as far as rights go."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What may be shared: shelves, and how much of them. An empty sharing shares nothing."""

    shelves: frozenset[Shelf]
    level: Level

    def __and__(self, other: "Sharing") -> "Sharing":
        """What both allow. Never wider than either."""
        return Sharing(self.shelves & other.shelves, min(self.level, other.level))

    def covers(self, other: "Sharing") -> bool:
        return other.shelves <= self.shelves and other.level <= self.level


class Kind(StrEnum):
    """What a consent is a consent to."""

    TREATMENT = "treatment"
    DISCLOSURE = "disclosure"
    RETRIEVAL = "retrieval"
    PARTICIPATION = "participation"


class Weight(StrEnum):
    """How weighty an act is under joint custody: who of the holders must say yes (law-and-access §4)."""

    DAILY = "daily"  # the holder the child lives with
    ROUTINE = "routine"  # any one holder; a known objection makes it essential
    ESSENTIAL = "essential"  # every holder


class Capacity(StrEnum):
    """As what somebody answers."""

    CHILD = "child"
    HOLDER = "holder"
    PARENT = "parent"  # without custody
    FOSTER_CARER = "foster-carer"
    REPRESENTATIVE = "representative"  # of an unaccompanied minor, until the residence permit
    AUTHORITY = "authority"
    OTHER = "other"


class Status(StrEnum):
    """Where a consent record stands. Refusal and withdrawal are facts like any other and need no reason."""

    ASKED = "asked"  # sent, not answered
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Consent:
    """One giver's answer about one act. Never one record for two people."""

    id: str
    giver: str
    capacity: Capacity
    act: str  # id in acts.yaml
    kind: Kind
    sharing: Sharing
    status: Status
    answered_at: int | None  # None while nobody has answered
    valid_from: int
    valid_to: int
    disclosers: frozenset[str] = frozenset()  # units; empty where the act discloses nothing
    recipient: str = ""  # a unit, never a whole organisation
    withdrawn_at: int | None = None
    purpose: str = ""
    form: str = ""  # digital, paper, oral
    language: str = "da"
    text_version: str = ""  # hash of the words that were shown
    evidence: str = ""
    child: str = ""  # whom it is about; empty: the child in whose book it stands


class HolderKind(StrEnum):
    PARENT = "parent"
    APPOINTED = "appointed"  # FAL § 28
    REPRESENTATIVE = "representative"  # unaccompanied minor before the residence permit
    TEMPORARY = "temporary"  # unaccompanied minor after it


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds custody in a period. `valid_to` is not included."""

    person: str
    kind: HolderKind = HolderKind.PARENT
    valid_from: int = 0
    valid_to: int = 2**62
    resident: bool = False
    deceased_at: int | None = None


@dataclass(frozen=True, slots=True)
class Custody:
    """Who holds custody, on what evidence. `known` is False when nobody has established it: then everything that needs
    it is REVIEW."""

    holders: tuple[Holder, ...]
    known: bool = True
    evidence: str = ""
    checked_at: int | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The child lives outside the home by a decision of the municipality. `covers` are the acts that a decision under
    BL § 97(2) lets the municipality decide on."""

    valid_from: int
    valid_to: int
    covers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CapacityDecision:
    """A health person's reasoned record that a young person of 15-17 can't answer alone (SL § 17(2))."""

    valid_from: int
    valid_to: int
    reasoned: bool


@dataclass(frozen=True, slots=True)
class Child:
    id: str
    born: date | None
    died_at: int | None = None
    placements: tuple[Placement, ...] = ()
    capacity_decisions: tuple[CapacityDecision, ...] = ()
    view_recorded: bool = False  # the child has been heard on this matter
    suspected_honour_conflict: bool = False
    risk_assessed: bool = False

    @property
    def parents_wait(self) -> bool:
        """Nothing goes to parents or network yet: the risk of an honour-related conflict is not assessed (BL § 18)."""
        return self.suspected_honour_conflict and not self.risk_assessed


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be done: an act, between whom, sharing what."""

    act: str
    disclosers: frozenset[str] = frozenset()
    recipient: str = ""
    wanted: Sharing | None = None  # None: the act shares nothing by itself
    purpose: str = ""
    acute: bool = False


# -- the five results ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """Whose answer is lacking, and as what. Someone who was never asked and someone who is silent are both missing."""

    person: str
    capacity: Capacity
    asked: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What every result carries: the rules it used, an explanation in plain Danish, and what must also be done."""

    rules: tuple[str, ...]
    reason: str
    duties: tuple[str, ...] = field(default=(), kw_only=True)
    """Codes of what follows besides: `inform:PERSON`, `party-notice`, `child-view-missing`, `waiting-list-allowed` ...
    All of them stand in `duties`."""
    rejected: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    """Consents that count for nothing, with the reason: (consent id, why)."""


@dataclass(frozen=True, slots=True)
class Complete(Result):
    sharing: Sharing | None
    until: int
    consents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incomplete(Result):
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Blocked(Result):
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotRequired(Result):
    basis: str


@dataclass(frozen=True, slots=True)
class Review(Result):
    pass


Answer = Complete | Incomplete | Blocked | NotRequired | Review
