"""What a story consists of, as frozen typed things.

`README.md` in this folder is the format as its writers see it; this module is the same format as the code sees it.
Nothing here knows YAML or FHIR. One class per kind of entry, so that a mapper never has to ask whether a field can be
there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar

Moment = date | datetime
"""A day, or a day with a clock time (always Danish local time; the offset is added when FHIR is written)."""

CHILD = "child"
"""The word that stands for the story's own child wherever a person is named."""


@dataclass(frozen=True)
class Organisation:
    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class Unit:
    key: str
    name: str
    of: str
    sector: str
    phone: str | None = None


@dataclass(frozen=True)
class Professional:
    key: str
    name: str
    title: str
    role: str
    unit: str


@dataclass(frozen=True)
class Cast:
    """Everybody who can appear in any story."""

    organisations: Mapping[str, Organisation]
    units: Mapping[str, Unit]
    professionals: Mapping[str, Professional]


@dataclass(frozen=True)
class Custody:
    """On what footing and how long somebody holds custody. Without dates: from birth, and still."""

    from_date: date | None = None
    to_date: date | None = None
    kind: str = "parent"
    evidence: str = "cpr"

    def holds(self, day: date) -> bool:
        """The last day is included."""
        return (self.from_date or day) <= day <= (self.to_date or day)


@dataclass(frozen=True)
class Mandate:
    """What somebody has been chosen to help with: as what, by whom (`child` or one of the people), from and to (the
    last day)."""

    kind: str
    by: str
    blocks: tuple[str, ...]
    from_date: date
    to_date: date


@dataclass(frozen=True)
class Person:
    """Somebody around the child who isn't there as a professional."""

    key: str
    name: str
    relation: str
    custody: tuple[Custody, ...] = ()
    lives_with_child: bool = False
    phone: str | None = None
    cpr: str | None = None
    deceased: date | None = None
    born: date | None = None
    mandate: Mandate | None = None

    def held_custody(self, day: date) -> Custody | None:
        """The custody this person holds that day; nobody holds it longer than they live."""
        alive = self.deceased is None or day <= self.deceased
        return next((held for held in self.custody if alive and held.holds(day)), None)


@dataclass(frozen=True)
class Name:
    given: str
    family: str
    called: str


@dataclass(frozen=True)
class Address:
    street: str
    postcode: str
    city: str


@dataclass(frozen=True)
class Care:
    """A unit's task with the child in a period: the ground for opening the book."""

    unit: str
    from_date: date
    to_date: date | None
    task: str
    kind: str | None = None
    """A sort of task that opens more: special-school, placement."""


@dataclass(frozen=True)
class Placement:
    """The child lives outside the home; `covers` are acts that the municipality may decide on (Barnets Lov § 97(2))."""

    from_date: date
    to_date: date | None = None
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class CapacityRecord:
    """A young person of 15-17 can't answer alone (sundhedsloven § 17(2)), with the reason."""

    from_date: date
    reason: str
    to_date: date | None = None


@dataclass(frozen=True)
class HonourConflict:
    suspected: date
    assessed: date | None = None


@dataclass(frozen=True)
class Status:
    at: Moment
    by: str
    text: str


@dataclass(frozen=True)
class Draft:
    """A form that somebody has begun and not sent. `answers`: what they have written, by question."""

    where: str
    by: str
    form: str
    answers: Mapping[str, tuple[str | int | float | bool, ...]]


@dataclass(frozen=True)
class BrokenImport:
    at: Moment
    from_unit: str
    fault: str


@dataclass(frozen=True)
class Change:
    """A later version of an entry: only what became different."""

    at: Moment
    by: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Event:
    """What all entries of a book have in common."""

    kind: ClassVar[str]

    id: str
    where: str
    at: Moment
    by: str
    title: str
    text: str
    important: bool = False
    key: str | None = None
    source: str | None = None
    private: bool = False
    imported: bool = False
    changed: tuple[Change, ...] = ()

    @property
    def between(self) -> bool:
        """It is for those it names, and for nobody else."""
        return False


@dataclass(frozen=True, kw_only=True)
class Meeting(Event):
    kind = "meeting"
    with_: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Observation(Event):
    kind = "observation"


@dataclass(frozen=True, kw_only=True)
class Measure(Event):
    kind = "measure"
    instrument: str
    value: int | float | str | None = None
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class Document(Event):
    kind = "document"
    type: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sent(Event):
    """Letters, messages and concerns: somebody told somebody else something."""

    to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter(Sent):
    kind = "letter"


@dataclass(frozen=True, kw_only=True)
class Message(Sent):
    kind = "message"


@dataclass(frozen=True, kw_only=True)
class Concern(Sent):
    kind = "concern"


@dataclass(frozen=True, kw_only=True)
class Condition(Event):
    kind = "condition"
    until: Moment | None = None
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class Intervention(Event):
    kind = "intervention"
    until: Moment | None = None
    effect: str | None = None
    state: str | None = None


@dataclass(frozen=True, kw_only=True)
class Goal(Event):
    kind = "goal"
    quote: str | None = None
    said_to: str | None = None
    share: bool | None = None
    scale: int | None = None


@dataclass(frozen=True, kw_only=True)
class Appointment(Event):
    kind = "appointment"
    until: Moment | None = None
    place: str | None = None
    with_: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    state: str | None = None
    prepare: str | None = None
    part_of: str | None = None

    @property
    def between(self) -> bool:
        return self.part_of is not None


@dataclass(frozen=True, kw_only=True)
class Referral(Event):
    kind = "referral"
    to: str
    state: str = "sendt"
    taken_by: str | None = None
    because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Task(Event):
    kind = "task"
    holder: str | None = None
    offered_to: str | None = None
    due: Moment | None = None
    state: str | None = None
    done: Moment | None = None
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Consent(Event):
    kind = "consent"
    giver: str
    what: str
    answer: str
    from_unit: tuple[str, ...] = ()
    to_unit: str | None = None
    level: str | None = None
    from_: Moment | None = None
    until: Moment | None = None
    form: str | None = None
    act: str | None = None
    blocks: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    purpose: str | None = None
    capacity: str | None = None
    language: str | None = None
    text_version: str | None = None
    answers: str | None = None
    """In `script`: the key of the consent that this is a new version of."""


@dataclass(frozen=True, kw_only=True)
class Plan(Event):
    kind = "plan"
    type: str | None = None
    goals: tuple[str, ...] = ()
    follow_up: Moment | None = None


@dataclass(frozen=True, kw_only=True)
class CarerStatus(Event):
    """`text` is how it goes at home."""

    kind = "carer-status"
    to: tuple[str, ...]
    school: str | None = None
    friends: str | None = None
    health: str | None = None
    contact: str | None = None
    help: str | None = None
    quote: str | None = None

    @property
    def between(self) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Agreement(Event):
    """Who reads it is `to`; `until` and `call` as in the book."""

    to: tuple[str, ...]
    call: str | None = None
    until: Moment | None = None

    @property
    def between(self) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class ContactPlan(Agreement):
    kind = "contact-plan"
    about: str
    often: str
    support: str
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class CareAgreement(Agreement):
    kind = "care-agreement"


KINDS: Mapping[str, type[Event]] = {
    cls.kind: cls
    for cls in (
        Meeting, Observation, Measure, Document, Letter, Message, Concern, Condition,
        Intervention, Goal, Appointment, Referral, Task, Consent, Plan,
        CarerStatus, ContactPlan, CareAgreement,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Version:
    """An entry as it stood from `at` on, written by `by`."""

    at: Moment | None
    by: str
    event: Event


def versions(event: Event) -> list[Version]:
    """The entry as first written and after each change, oldest first; the first has no `at` of its own."""
    found = [Version(None, event.by, event)]
    for change in event.changed:
        found.append(Version(change.at, change.by, replace(found[-1].event, **change.values)))
    return found


@dataclass(frozen=True)
class Story:
    """One child's file (or files), complete."""

    number: int
    file: str
    name: Name
    cpr: str
    born: date
    gender: str
    municipality: str
    address: Address
    custody: str
    status: Status
    protected_address: bool = False
    language: str = "da"
    interpreter: str | None = None
    coordinator: str | None = None
    substitute: str | None = None
    broken_import: BrokenImport | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    actors: Mapping[str, Professional] = field(default_factory=dict)
    care: tuple[Care, ...] = ()
    placements: tuple[Placement, ...] = ()
    capacity: tuple[CapacityRecord, ...] = ()
    honour_conflict: HonourConflict | None = None
    drafts: tuple[Draft, ...] = ()
    events: tuple[Event, ...] = ()
    script: tuple[Event, ...] = ()

    def professional(self, key: str, cast: Cast) -> Professional | None:
        """A professional of this story or of the whole cast."""
        return self.actors.get(key) or cast.professionals.get(key)
