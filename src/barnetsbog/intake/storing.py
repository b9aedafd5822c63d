"""Units of work, stored in one transaction: all of the effects of each or none.

Delivery, entries, versions, search rows, directory, grants and the line in the log stand or fall together. A unit
that has been received before changes nothing of what is there (an old message sent again must not undo what came
later), but may still bring what could not be filed then.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, transaction

from barnetsbog.access.gathering import RIGHTS_FOLLOW_FROM, Told
from barnetsbog.access.operations import Ended, Sent, mail_follows, readers, rights_follow, sent
from barnetsbog.audit import operations as log
from barnetsbog.audit.encoding import Line
from barnetsbog.consent.addressing import NOTICE, SENT
from barnetsbog.consent.sent_again import still_answered
from barnetsbog.deadlines.in_use import counting
from barnetsbog.deadlines.opening import SETS_OFF
from barnetsbog.directory import operations as directory
from barnetsbog.directory.places import NOWHERE, Place, Places
from barnetsbog.directory.queries import children_by_numbers
from barnetsbog.fhir.own import members
from barnetsbog.kernel import exact
from barnetsbog.kernel.cpr import DEMO_SYSTEM, PERSON_NUMBER_SYSTEMS, is_demo_number
from barnetsbog.kernel.decisions import Conflict, LogDown
from barnetsbog.kernel.ids import DIRECTORY, bytes_of, new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.record import store
from barnetsbog.record.attending import still_coming
from barnetsbog.record.decided import still_decided
from barnetsbog.record.inserting import insert
from barnetsbog.record.instance import id_key, is_demo, now
from barnetsbog.record.models import Delivery
from barnetsbog.record.objections import still_objected_to
from barnetsbog.record.out_of_use import is_out, taken_out
from barnetsbog.record.promotion import FORMER, Promoted, stands
from barnetsbog.record.relocating import followed as followed_back
from barnetsbog.record.rows import placed
from barnetsbog.record.sources import said_last
from barnetsbog.record.store import Batch
from barnetsbog.responsibility.mapping import still_moved
from barnetsbog.subscriptions.happening import Happened, happened

from .filing import SHELF, Filed, file
from .following import besides, followed
from .joining import as_joined, saying
from .model import OWN_SOURCE, WENT_ALONG, Item, Prepared, Refusal, Report
from .preparing import OURS, prepare
from .telling import told

Resource = dict[str, Any]

program = logging.getLogger(__name__)

ONLY_FICTITIOUS = say(
    "Demonstrationen tager kun imod sin egen opdigtede nummerserie. Personer med andre numre hører ikke til her.",
    "The demonstration takes its own invented numbers only. Persons with other numbers do not belong here.",
)
TWICE = say(
    "Samme id står to gange i den samme del med forskelligt indhold.",
    "The same id stands twice in one unit with different contents.",
)
FIRST = say("{0} Den første er gemt.", "{0} The first is stored.", TWICE)
OTHER_CHILD = say(
    "Personnummeret hører til et andet barn end det, denne Patient før er gemt på. Et menneske skal se på det.",
    "The person number belongs to another child than this Patient was stored on before. A human must look at it.",
)
CHANGED = say(
    "Nogen anden blev ved med at ændre det samme imens. Intet fra denne leverance er gemt. Prøv igen.",
    "Somebody else kept changing the same meanwhile. Nothing of this delivery is stored. Try again.",
)
MOVED = say(
    "Samme id er før gemt i et andet barns bog. Et menneske skal se på, hvem den handler om.",
    "The same id has been stored in another child's book before. A person must look at whom it is about.",
)
NEWER_ANSWER = say(
    "Der står et nyere svar i bogen, og det gælder. Det, der blev sendt, er ikke gemt.",
    "There is a newer answer in the book, and it counts. What was sent is not stored.",
)
DIRECTORY_KINDS = frozenset(("Organization", "PractitionerRole"))
"""What says where professionals belong."""

_AT_WORK = ("Organization/", "Practitioner/", "PractitionerRole/")

_PERSONS = frozenset(("Patient", "RelatedPerson", "Practitioner", "Person"))

_PROJECTED = {
    "Organization": directory.organisation_changed,
    "Practitioner": directory.professional_changed,
    "PractitionerRole": directory.role_changed,
}
_DONE_HERE: dict[str, Callable[[Resource, Resource], Resource | None]] = {
    "Appointment": still_coming, "ServiceRequest": still_decided, "Task": still_moved,
}  # fmt: skip
"""What somebody has done here with what comes from elsewhere stays though its source, which knows nothing of it, sends
it again: of what is sent and what stands the two in one, or None where there is nothing to keep."""

_TRIES = 3
_BEATEN = (Conflict, IntegrityError)
"""Another process stored the same thing first: everything is undone, and one looks again."""


class Stored(NamedTuple):
    """What became of a unit, and what of it still waits for something else to arrive."""

    report: Report
    waiting: list[Item]
    replay: bool = False
    """Whether the unit had been received before."""


Keep = Callable[[list[Line]], None]


class Registrar(NamedTuple):
    """Who stores it here: None for the instance's own connectors and command line."""

    by_id: bytes | None = None
    on_behalf_of_id: bytes | None = None


@dataclass(slots=True)
class Storing:
    """The state of one run of the intake."""

    places: Places
    registrar: Registrar = field(default_factory=Registrar)
    demo: bool = field(default_factory=is_demo)
    keep: Keep = log.write
    """Keeps the lines of what was stored, as the last thing of its transaction."""

    def store(self, units: Sequence[Prepared], *, last: bool) -> list[Stored]:
        """Stores what can be stored, several units in one transaction (ADR 21). Items that may be filed once something
        else has arrived are given back instead of refused, unless this is the `last` try."""
        if len(units) > 1:
            try:
                return self._together(units, last)
            except Exception as error:
                if not isinstance(error, _BEATEN) and not _is_ours(error, units[0]):
                    raise
        return [self._alone(one, last) for one in units]

    def _alone(self, prepared: Prepared, last: bool) -> Stored:
        for _ in range(_TRIES):
            try:
                return self._together([prepared], last)[0]
            except _BEATEN:
                continue
            except Exception as error:
                if not _is_ours(error, prepared):
                    raise
                program.exception("error in storing %s", prepared.file)
                return self._in_halves(prepared, last)
        return Stored(_given_up(prepared, CHANGED), [])

    def _in_halves(self, prepared: Prepared, last: bool) -> Stored:
        """What the program fails in is refused, and the rest is stored; a transaction is refused whole. Halves of
        halves, for each part that is stored keeps the whole of what came."""
        items, middle = prepared.items, len(prepared.items) // 2
        if prepared.whole or not middle:
            return Stored(_given_up(prepared, OURS), [])
        report = Report(prepared.read - len(items), refusals=list(prepared.refusals), warnings=list(prepared.warnings))
        waiting, replay = list[Item](), _is_replay(prepared)
        for part in (items[:middle], items[middle:]):
            half = replace(prepared, items=part, read=len(part), refusals=[], warnings=[], replay=replay)
            one = self._alone(half, last)
            report.add(one.report)
            waiting += one.waiting
        return Stored(report, waiting, replay)

    def _together(self, units: Sequence[Prepared], last: bool) -> list[Stored]:
        with transaction.atomic():
            store.none_joined_meanwhile()
            lines: list[Line] = []
            stored = [_Unit(self, one, last, lines).run() for one in units]
            self.keep(lines)
        return stored


def _is_stranger(item: Item) -> bool:
    """Whether somebody has a number that isn't of the fictitious series, or is a child without one."""
    if item.kind not in _PERSONS:
        return False
    told = members(exact.loads(item.body).get("identifier"))
    numbers = [(one.get("system"), str(one.get("value", ""))) for one in told]
    numbers = [(system, value) for system, value in numbers if system in PERSON_NUMBER_SYSTEMS]
    real = any(system != DEMO_SYSTEM or not is_demo_number(value) for system, value in numbers)
    return real or (item.kind == "Patient" and not numbers)


def _still_out(item: Item, said: bytes) -> Item:
    if not is_out(said) or is_out(item.body):
        return item
    told = taken_out(exact.loads(item.body))
    return saying(item, told, exact.dumps(told))


def _still(done_here: Callable[[Resource, Resource], Resource | None], item: Item, said: bytes) -> Item:
    """What is sent, with what somebody has done here since."""
    told = done_here(exact.loads(item.body), exact.loads(said))
    return saying(item, told, exact.dumps(told)) if told else item


def _is_the_same(body: bytes, last: bytes | None) -> bool:
    return last is not None and exact.same(exact.loads(body), exact.loads(last))


def _name_of(prepared: Prepared) -> str:
    """What a delivery is called to those who read what came in it: where its file lay is for whoever imported it."""
    own = prepared.source == OWN_SOURCE
    return (prepared.file if own else PurePath(prepared.file).name)[-200:]


def _is_ours(error: Exception, prepared: Prepared) -> bool:
    """Whether the program fails in what another system has sent, and not the machine. What is written here is told to
    whoever writes it, as any error of a page is."""
    of_the_machine = isinstance(error, DatabaseError | OSError | LogDown) and not isinstance(error, DataError)
    return prepared.source != OWN_SOURCE and not of_the_machine


def _is_replay(prepared: Prepared) -> bool:
    """Whether a unit has been received before. Who writes here what stood there before means it again."""
    if prepared.replay is not None:
        return prepared.replay
    return prepared.source != OWN_SOURCE and store.seen_before(prepared.fingerprint, prepared.source)


def _given_up(prepared: Prepared, reason: str) -> Report:
    """Nothing of the unit is stored, and it says so."""
    report = Report(read=prepared.read, refusals=list(prepared.refusals), warnings=list(prepared.warnings))
    report.refusals += [
        Refusal(prepared.file, item.source_ref, prepared.where(item.place), reason) for item in prepared.items
    ]
    return report


class _Unit:
    """One unit of work on its way into the tables."""

    def __init__(self, storing: Storing, prepared: Prepared, last: bool, lines: list[Line]) -> None:
        self.storing, self.prepared, self.last, self.lines = storing, prepared, last, lines
        self.report = Report(read=prepared.read, refusals=list(prepared.refusals), warnings=list(prepared.warnings))
        self.replay = _is_replay(prepared)
        self.at = now()
        self.places = storing.places  # with what this unit of work says of the directory, once that is written
        self.delivery_id = new_id().bytes
        self.new_children: list[directory.NewChild] = []
        self.known_children: set[bytes] = set()
        self.fresh: dict[tuple[str, str], bytes] = {}  # what leads to the children of this unit's Patients
        self.before: dict[bytes, store.Present] = {}
        self.batch = Batch()
        self.changed: list[tuple[Item, bytes]] = []
        self.given = self.ended = 0
        self.sharings: list[tuple[UUID, Ended]] = []
        self.ways: dict[bytes, list[tuple[UUID, UUID]]] = {}

    def run(self) -> Stored:
        items, self.ways = as_joined(self._without_doubles(self._without_strangers(self.prepared.items)))
        self.before = store.present([item.entry_id for item in items])
        patients = self._patients(items)
        items = [item for item in items if item.kind != "Patient" or item.entry_id in patients]
        filed = file(items, patients, store.filed_on, self._numbered(items))
        waiting = self._refuse_unfiled(items, filed)
        self._rows(items, filed)
        if self.prepared.whole and self.report.refusals:
            return self._nothing(filed, waiting)
        if self.changed:
            self._write(filed)
        if self.replay:
            self.report.already_received = self.report.unchanged
        self._log(filed)
        self._tell()
        self._follow_up()
        return Stored(self.report, waiting, self.replay)

    # -- what is not stored --------------------------------------------------------------------------------------

    def _refuse(self, item: Item, reason: str) -> None:
        where = self.prepared.where(item.place)
        self.report.refusals.append(Refusal(self.prepared.file, item.source_ref, where, reason))

    def _without_strangers(self, items: list[Item]) -> list[Item]:
        """The guard of the demonstration: nobody real may be in it, and nobody fictitious may look real."""
        if not self.storing.demo:
            return items
        kept = []
        for item in items:
            if _is_stranger(item):
                self._refuse(item, ONLY_FICTITIOUS)
            else:
                kept.append(item)
        return kept

    def _without_doubles(self, items: list[Item]) -> list[Item]:
        first: dict[bytes, Item] = {}
        for item in items:
            earlier = first.setdefault(item.entry_id, item)
            if earlier is not item:
                if earlier.fingerprint == item.fingerprint:
                    self.report.unchanged += 1
                else:
                    self._refuse(item, TWICE if self.prepared.whole else FIRST)
        return list(first.values())

    def _refuse_unfiled(self, items: list[Item], filed: Filed) -> list[Item]:
        waiting = []
        for index, reason in filed.faults.items():
            if index in filed.waiting and not self.last and not self.prepared.whole:
                waiting.append(items[index])
            else:
                self._refuse(items[index], reason)
        self.report.read -= len(waiting)
        return waiting

    def _nothing(self, filed: Filed, waiting: list[Item]) -> Stored:
        """A transaction in which anything is refused: what is right in it is refused, too, and nothing is written."""
        refused = {one.path for one in self.report.refusals}
        self.report.stored = self.report.unchanged = 0
        for item in self.prepared.items:
            if self.prepared.where(item.place) not in refused:
                self._refuse(item, WENT_ALONG)
        self._log(filed)
        return Stored(self.report, waiting, self.replay)

    # -- whose book ----------------------------------------------------------------------------------------------

    def _patients(self, items: list[Item]) -> dict[bytes, bytes]:
        """The child of each Patient: the one it was filed on before, the one its number leads to, or a new one."""
        patients = [item for item in items if item.kind == "Patient" and item.facts]
        wanted = [key for item in patients for key in self._keys(item)]
        numbers = children_by_numbers(wanted) if wanted else {}
        found: dict[bytes, bytes] = {}
        fresh = self.fresh
        for item in patients:
            mine = self._keys(item)
            known = {numbers[n].bytes for n in mine if n in numbers} | {fresh[n] for n in mine if n in fresh}
            before = self.before.get(item.entry_id)
            filed = before.child_id if before else None
            if len(known | ({filed} if filed else set())) > 1:
                self._refuse(item, OTHER_CHILD)
                continue
            child = filed or (known.pop() if known else self._new_child(item, mine))
            fresh.update((n, child) for n in mine)
            found[item.entry_id] = child
        self.known_children = {one.child_id for one in self.before.values()} | {
            ident.bytes for ident in numbers.values()
        }
        return found

    def _numbered(self, items: list[Item]) -> dict[tuple[str, str], bytes]:
        """The children that person numbers lead to by which these say whom they are about."""
        wanted = {number for item in items for number in item.numbers} - self.fresh.keys()
        known = {number: child.bytes for number, child in children_by_numbers(wanted).items()} if wanted else {}
        return known | self.fresh

    def _keys(self, item: Item) -> list[tuple[str, str]]:
        """What leads to the child: its person numbers, or else what its source calls it."""
        numbers = [(system, value) for system, value in (item.facts or {})["numbers"]]
        return numbers or [(f"source:{self.prepared.source}"[:80], item.source_ref)]

    def _new_child(self, item: Item, keys: list[tuple[str, str]]) -> bytes:
        """Of two deliveries that bring the same new child at once, the second finds its key taken and looks again."""
        child = new_id().bytes
        self.new_children.append((child, item.facts or {}, keys))
        return child

    # -- rows ----------------------------------------------------------------------------------------------------

    def _rows(self, items: list[Item], filed: Filed) -> None:
        changes: list[tuple[Item, bytes]] = []
        for index, child in filed.child.items():
            item, before = items[index], self.before.get(items[index].entry_id)
            if before and before.child_id != child:
                self._refuse(item, MOVED)
            elif before and (self.replay or before.fingerprint == item.fingerprint):
                self.report.unchanged += 1
            elif before:
                changes.append((item, child))
            else:
                self._add(item, child, 1)
        changes = self._without_old_news(changes)
        said = store.words_of([(child, item.entry_id) for item, child in changes])
        words = {ident: body for _, ident, body in said}
        for item, child in changes:
            self._change(item, child, words[item.entry_id])

    def _without_old_news(self, changes: list[tuple[Item, bytes]]) -> list[tuple[Item, bytes]]:
        """Those of which their source says something else than last time. What it only says once more undoes nothing of
        what somebody has written here since."""
        if not changes or self.prepared.source == OWN_SOURCE:
            return changes
        last = said_last([item.entry_id for item, _ in changes], self.prepared.source)
        news = [(item, child) for item, child in changes if not _is_the_same(item.body, last.get(item.entry_id))]
        self.report.unchanged += len(changes) - len(news)
        return news

    def _change(self, item: Item, child: bytes, said: bytes) -> None:
        """`said`: what it says now."""
        from_elsewhere = self.prepared.source != OWN_SOURCE
        if item.kind == "Consent" and from_elsewhere and still_answered(exact.loads(item.body), exact.loads(said)):
            self.report.warnings.append(f"{self.prepared.file}: {item.source_ref}: {NEWER_ANSWER}")
            self.report.unchanged += 1
            return
        kept = _still_out(item, said)
        if from_elsewhere and item.kind in _DONE_HERE:
            kept = _still(_DONE_HERE[item.kind], kept, said)
        kept = kept._replace(body=still_objected_to(kept.body, said))
        if kept.body is not item.body and exact.same(exact.loads(kept.body), exact.loads(said)):
            self.report.unchanged += 1
        else:
            self._add(kept, child, self.before[item.entry_id].version + 1)

    def _add(self, item: Item, child: bytes, version: int) -> None:
        read, rows, batch = item.promoted, item.rows, self.batch
        unit_id, lane = self._place(read)
        recorded_at = self._registered(item)
        placed(
            rows, child, shelf=stands(read, lane), lane=lane, unit_id=unit_id, version=version, recorded_at=recorded_at
        )
        (batch.entries if version == 1 else batch.updates).append(rows.entry)
        by, unit = self.storing.registrar
        where = self.delivery_id, item.place
        batch.versions.append((child, item.entry_id, version, item.body, recorded_at, by, unit, *where))
        batch.tokens += rows.tokens
        batch.dates += rows.dates
        batch.references += rows.references
        batch.strings += rows.strings
        batch.quantities += rows.quantities
        self.changed.append((item, child))
        self.report.stored += 1

    def _place(self, read: Promoted) -> Place:
        """Where an entry belongs. One whose author works somewhere that has not come yet belongs nowhere until it has,
        and not to whoever it was sent to."""
        places = self.storing.places
        unit_id, lane = places.at(read.author)
        if read.author.startswith(_AT_WORK) and not (unit_id and places.knows(unit_id)):
            return NOWHERE
        if unit_id is None and read.heard_by:
            unit_id = places.at(read.heard_by).unit_id
        if unit_id is None and read.own_words:  # what somebody of the family answers is theirs (ADR 18)
            unit_id = bytes_of(read.author)
        return Place(unit_id, lane)

    def _registered(self, item: Item) -> int:
        """When its source says that it was registered, but no later than it came: a clock may be ahead."""
        return min(item.promoted.recorded_at or self.at, self.at)

    def _write(self, filed: Filed) -> None:
        directory.children_added(self.new_children)
        for child in sorted(self._whose_rights_follow()):
            store.lock_book(child)
        store.write(self.batch)
        self._keep_delivery(filed)
        for item, _ in self.changed:
            if item.entry_id in self.ways and item.entry_id not in self.before:
                followed_back(item.entry_id, self.ways[item.entry_id])
        for item, child in self.changed:
            if item.facts is not None:
                self._follow(item, child, item.facts)
        self.places = self._places()
        sent([self._sent(item, child, self.places) for item, child in self.changed if self._may_be_sent(item)])
        self._rights()
        happened((self._happened(*one) for one in self.changed), self.at)

    def _places(self) -> Places:
        """Where professionals belong, with what this unit of work says of it; the mail of those who moved follows."""
        before = self.storing.places
        if not any(item.kind in DIRECTORY_KINDS for item, _ in self.changed):
            return before
        places = Places()
        mail_follows(places.moved(before), places)
        return places

    def _follow(self, item: Item, child: bytes, facts: dict[str, Any]) -> None:
        """What else changes when this resource does."""
        if item.kind == "Patient" and child in self.known_children:
            follow = directory.numbers_added if item.promoted.what == FORMER else directory.child_changed
            follow(UUID(bytes=child), facts)
        elif (changed := _PROJECTED.get(item.kind)) is not None:
            changed(UUID(bytes=item.entry_id), facts)

    def _may_be_sent(self, item: Item) -> bool:
        """To somebody now, or before."""
        return item.kind in SENT and (item.facts is not None or item.entry_id in self.before)

    def _sent(self, item: Item, child: bytes, places: Places) -> Sent:
        """Whom an entry is sent to: units, units of professionals (who may have come in the same unit of work),
        relatives."""
        to = readers((item.facts or {}).get("to", ()), places)
        return Sent(child, item.entry_id, to, item.entry_id not in self.before, told=item.promoted.what == NOTICE)

    def _happened(self, item: Item, child: bytes) -> Happened:
        version = self.before[item.entry_id].version + 1 if item.entry_id in self.before else 1
        return Happened(UUID(bytes=child), UUID(bytes=item.entry_id), version, item.kind, item.promoted.what)

    def _rights(self) -> None:
        """Everybody's rights are derived anew for a child of whom something has changed that rights follow from."""
        fresh = {child for child, *_ in self.new_children}
        for child in sorted(self._whose_rights_follow()):
            changed = rights_follow(UUID(bytes=child), new=self._told(child) if child in fresh else None)
            self.given += len(changed.given)
            self.ended += len(changed.ended)
            self.sharings += [(UUID(bytes=child), ended) for ended in changed.sharings]

    def _told(self, child: bytes) -> Told:
        """What a new child's book says: all of it is in this unit of work."""
        here = [item for item, of in self.changed if of == child and item.promoted.what in RIGHTS_FOLLOW_FROM]
        here.sort(key=lambda item: (self._registered(item), item.entry_id))
        return [(item.promoted.what, item.body) for item in here]

    def _whose_rights_follow(self) -> set[bytes]:
        return {child for item, child in self.changed if item.promoted.what in RIGHTS_FOLLOW_FROM} - {SHELF}

    def _tell(self) -> None:
        """A unit whose sharing has ended is told so, in the same transaction, by nobody in particular."""
        for child_id, ended in self.sharings:
            nobody = replace(self.storing, registrar=Registrar(), places=self.places)
            _Unit(nobody, prepare(told(child_id, ended), id_key()), True, self.lines).run()

    def _follow_up(self) -> None:
        """What is new here, or is so only now, may have set a deadline off, and what somebody has answered may ask for
        more: those balls are opened in the same transaction, by nobody in particular (ADR 14)."""
        events = [(item, child) for item, child in self.changed if item.promoted.what in SETS_OFF]
        answers = [(item, child) for item, child in self.changed if item.promoted.what == "consent"]
        deadlines = counting(self.at) if events or answers else []
        place = self.places.at
        before = {ident: one.version for ident, one in self.before.items()}
        balls = [
            one for item, child in events
            for one in followed(item, child, place, deadlines, received=self.at, before=before.get(item.entry_id))
        ]  # fmt: skip
        nobody = replace(self.storing, registrar=Registrar(), places=self.places)
        for ball in balls:
            _Unit(nobody, prepare(ball, id_key()), True, self.lines).run()
        for item, child in answers:
            is_new = item.entry_id not in self.before
            for ball in besides(item, child, place, deadlines, received=self.at, is_new=is_new):
                _Unit(nobody, prepare(ball, id_key()), True, self.lines).run()

    def _keep_delivery(self, filed: Filed) -> None:
        prepared = self.prepared
        row = (
            self._shelf(filed), self.delivery_id, prepared.source, _name_of(prepared), prepared.fingerprint,
            prepared.payload, self.at, self.storing.registrar.by_id, "[]",
        )  # fmt: skip
        insert(Delivery, [row])

    def _shelf(self, filed: Filed) -> bytes:
        """A delivery about one child stands with that child; any other on the directory's shelf."""
        children = set(filed.child.values()) - {SHELF}
        return children.pop() if len(children) == 1 else DIRECTORY.bytes

    def _log(self, filed: Filed) -> None:
        shelf, report = self._shelf(filed), self.report
        child_id = None if shelf == SHELF else UUID(bytes=shelf)
        self.lines.append(log.line(
            "import", at=self.at, by=None, child_id=child_id, allowed=not report.refusals,
            reason=report.refusals[0].reason if report.refusals else "", source=self.prepared.source,
            delivery=str(UUID(bytes=self.delivery_id)), read=report.read, stored=report.stored,
            unchanged=report.unchanged, refused=report.refused, rights_given=self.given, rights_ended=self.ended,
        ))  # fmt: skip
