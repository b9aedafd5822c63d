"""Carrying changes out, one or many, all or none.

Everything is judged before anything is stored, in one transaction with its line in the log, while nobody else changes
the books that it is about. When somebody else was first all the same, it is done over again from what they left.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from uuid import UUID

from django.db import OperationalError

from barnetsbog.access import writing_rules as rules
from barnetsbog.access.reading import open_book, whose
from barnetsbog.directory.queries import child_by_number
from barnetsbog.fhir import references
from barnetsbog.intake.facts import facts_of
from barnetsbog.intake.model import WENT_ALONG, Refusal
from barnetsbog.intake.storing import CHANGED
from barnetsbog.intake.writing import hold, hold_kinds, is_once, numbers, patient_of, stored, submit
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.kernel.sentences import say, sentence_of
from barnetsbog.record.book import Book
from barnetsbog.record.entries import DIRECTORY_TYPES
from barnetsbog.record.instance import now
from barnetsbog.record.out_of_use import taken_out
from barnetsbog.record.promotion import promote
from barnetsbog.record.restoring import restored
from barnetsbog.record.told import Gone, Told

from . import conditional, judging, searching
from .changes import Change, Done, How, Met
from .model import Ask, Exchanging, Resource
from .outcomes import NOT_FOUND, Fault, fault, not_found
from .reading import gone
from .serving import instant_of, present, shown, version_now, version_of, version_told

SAME_CHILD = say(
    "To dele er samme nye barn: de har samme CPR-nummer. Intet er gemt. Send barnet én gang, og lad andre pege på det.",
    "Two entries are the same new child: they have the same person number. Nothing is stored. Send the child once, and "
    "let others lead to it.",
)
SAME_CRITERIA = say(
    "To dele af samme transaktion passer på samme betingelse. Intet er gemt. Send den ene, og lad andre pege på dens "
    "fullUrl.",
    "Two entries of one transaction fit the same criteria. Nothing is stored. Send one, and let others lead to its "
    "fullUrl.",
)
SAME_ID = say("Et patch kan ikke ændre id.", "A patch cannot change the id.")
_TRIES = 4
_ACTS = {
    How.CREATE: Exchanging.CREATE, How.UPDATE: Exchanging.WRITE, How.PATCH: Exchanging.WRITE,
    How.RESTRICT: Exchanging.RESTRICT,
}  # fmt: skip
"""As the log names them. A transaction of several sorts is a write."""

After = Callable[[list[Done]], None]
"""What else belongs to the same transaction, once everything is stored."""


class _Beaten(Exception):
    """Somebody else stored the same first."""


class _Hidden(NotFound):
    """It isn't there, or may not be known of. What is answered."""

    def __init__(self, answer: Fault) -> None:
        super().__init__()
        self.answer = answer


def carried_out(ask: Ask, changes: Sequence[Change], after: After | None = None) -> list[Done]:
    """What became of each change, in order."""
    for change in changes:
        with _placed(change):
            judging.require_type(ask.who, change)
            if change.resource is not None:
                judging.require_sound(change, change.resource)
                judging.at_home(change.resource, ask.base)
    _require_each_child_once(changes)
    for _ in range(_TRIES):
        try:
            return _at_once(ask, [replace(one, resource=deepcopy(one.resource)) for one in changes], after)
        except (_Beaten, OperationalError):
            continue
    raise conditional.overtaken()


@contextmanager
def _placed(change: Change) -> Iterator[None]:
    """What is wrong with a change is said of its entry in the Bundle."""
    try:
        yield
    except Fault as error:
        raise error.placed(change.place.removesuffix(".resource")) from None


def _require_each_child_once(changes: Iterable[Change]) -> None:
    """Whether or not the child is in the book, which the answer must not tell."""
    brought = set[str]()
    for change in changes:
        if change.new and change.kind == "Patient":
            numbers = _person_numbers(change)
            if not brought.isdisjoint(numbers):
                raise fault(400, "duplicate", SAME_CHILD, change.path("identifier"))
            brought.update(numbers)


def _at_once(ask: Ask, changes: list[Change], after: After | None) -> list[Done]:
    known = whose({ident for change in changes for ident in _named(change)})
    children = set(known.values()) - {DIRECTORY}
    about = next(iter(children)) if len(children) == 1 else None
    hows = {one.how for one in changes}
    act = _ACTS[hows.pop()] if len(hows) == 1 else Exchanging.WRITE
    hidden: list[Fault] = []
    try:
        with open_book(ask.who.scope, act, about, knows=False, wrote=sorted({one.kind for one in changes})) as book:
            try:
                done = _Changes(ask, book, changes, known).carry_out()
            except _Hidden as error:
                hidden.append(error.answer)
                raise
            if after:
                after(done)
            return done
    except NotFound:
        raise hidden[0] if hidden else not_found() from None


def _named(change: Change) -> Iterable[UUID]:
    if not change.new:
        yield change.ident
    yield from (ident for _, ident in judging.led_to(change.resource or {}) if ident)


class _Changes:
    """Changes on their way into the book. `known`: whose book each entry is in that they name."""

    def __init__(self, ask: Ask, book: Book, changes: list[Change], known: Mapping[UUID, UUID]) -> None:
        self.ask, self.book, self.changes, self.known = ask, book, changes, dict(known)
        scope = ask.who.scope
        self.own = {f"PractitionerRole/{scope.role_id}", f"Organization/{scope.unit_id}"}
        self.moved: Mapping[str, str] = {}
        self.gone = {one.ident for one in changes if one.how is How.RESTRICT}
        self.at = 0
        self.late: list[Change] = []
        """What is judged when it is stored, because it comes with the task that it needs."""

    def carry_out(self) -> list[Done]:
        self._file()
        hold_kinds(one.kind for one in self.changes if one.unless and _is_nobodys(one))
        hold({one.child for one in self.changes if one.child and one.child != DIRECTORY})
        self.at = now()
        for change in self.changes:
            with _placed(change):
                self._meet(change)
        self._lead_to_what_is_there()
        self.around = judging.Around(self.ask.who, self.book, self.changes, self.known)
        made = []
        for change in self.changes:
            with _placed(change):
                made.append(self._made(change))
        self._store([(change, one) for change, one in zip(self.changes, made, strict=True) if one])
        self._judge_late(made)
        self._require_alone()
        return [self._done(*pair) for pair in zip(self.changes, made, strict=True)]

    # -- whose book --------------------------------------------------------------------------------------------------

    def _file(self) -> None:
        """Whose book each change is in. A child that is new here has none yet."""
        for change in self.changes:
            if not change.new:
                change.child = self.known.get(change.ident)
                if change.child is None or not self.book.sees(change.child):
                    raise _Hidden(_nothing(change))
        self._file_new()
        for child in {one.child for one in self.changes if one.child} - {DIRECTORY}:
            self.book.saw(child)

    def _file_new(self) -> None:
        """By whom they are about; else by what they lead to, through each other as far as it takes."""
        new = {one.ident: one for one in self.changes if one.new and not one.met and one.kind != "Patient"}
        found = True
        while found:
            found = False
            for change in new.values():
                if change.child is None:
                    change.child = self._found(change, new)
                    found = found or change.child is not None

    def _found(self, change: Change, new: Mapping[UUID, Change]) -> UUID | None:
        if change.kind in DIRECTORY_TYPES:
            return DIRECTORY
        resource = change.resource or {}
        subject = rules.subject_of(resource)
        led = [ident for address, ident in judging.led_to(resource) if ident and subject in ("", address)]
        children = {new[one].child if one in new else self.known.get(one) for one in led} - {None, DIRECTORY}
        return children.pop() if len(children) == 1 else None

    # -- what is there already ---------------------------------------------------------------------------------------

    def _meet(self, change: Change) -> None:
        if not change.new:
            change.before = self._told(change)
            self._read(change, change.before)
            there = version_told(change.before)
            if change.expected is not None and change.expected != there:
                raise conditional.overtaken() if change.chosen else conditional.stale(there)
            judging.require_own(self.book, change)
        elif change.kind == "Patient" and (child := _registered(change)):
            ident = UUID(patient_of(child))
            change.met = Met(ident, version_of(ident, 1), self.at)
        elif change.unless:
            change.met = self._matching(change)
            if change.met and change.chosen:  # what was sent is not what is there
                raise conditional.overtaken()

    def _read(self, change: Change, before: Told) -> None:
        """What the asker reads and what is stored, which is nearly always the same."""
        assert change.child
        whole = stored(change.child, change.ident)
        change.shown = exact.loads(before.body or b"{}")
        change.said = change.shown if whole == before.body else exact.loads(whole)

    def _told(self, change: Change) -> Told:
        assert change.child
        try:
            return self.book.told(change.child, change.kind, change.ident)
        except Gone as taken_out:
            raise gone(change.ident, taken_out) from None
        except NotFound:
            raise _Hidden(_nothing(change)) from None

    def _matching(self, change: Change) -> Met | None:
        judging.require_scope(self.ask.who, change.kind, "s")
        found = searching.matches(self.ask, self.book, change.kind, change.unless, self.gone)
        if conditional.one([hit.row.id for hit in found]) is None:
            return None
        row = found[0].row
        body = present(row, found[0].body)
        return Met(row.id, version_now(row), row.recorded_at, body)

    def _lead_to_what_is_there(self) -> None:
        """What leads to something that was to be created, and is there already, is led there."""
        self.moved = {one.reference: f"{one.kind}/{one.met.ident}" for one in self.changes if one.met}
        if not self.moved:
            return
        self.known |= whose([one.met.ident for one in self.changes if one.met])
        for change in self.changes:
            self._lead(change.resource or {})
        self._file_new()
        hold({one.child for one in self.changes if one.child and one.child != DIRECTORY})

    def _lead(self, resource: Resource) -> None:
        for holder in references(resource) if self.moved else ():
            holder["reference"] = self.moved.get(holder["reference"], holder["reference"])

    # -- what it becomes ---------------------------------------------------------------------------------------------

    def _made(self, change: Change) -> Resource | None:
        """The resource as it is to be stored; None when there is nothing to store."""
        if change.met:
            return None
        if change.how is How.RESTRICT:
            return self._stamped(change, taken_out(change.said or {}))
        resource = self._wanted(change)
        if refused := judging.first_unknown(change, resource, self.around):
            raise _Hidden(refused)
        self._require_child(change)
        if change.said and change.shown and change.said is not change.shown:
            resource = restored(_content(change.said), _content(change.shown), resource)
        resource = judging.signed(
            change, rules.labelled(resource, change.said, tags=change.how is How.UPDATE), self.around
        )
        if change.said and exact.same(_content(resource), _content(change.said)):
            return None
        read = promote({**resource, "id": str(change.ident)})
        judging.require_untouched(change, resource, read, self.own)
        if change not in self.late:
            judging.require_task(change, read, self.around)
        return self._stamped(change, resource)

    def _wanted(self, change: Change) -> Resource:
        """What the resource is to say: what was sent, or what the patch makes of what stands there."""
        if change.patch is None:
            return change.resource or {}
        assert change.before and change.before.body
        resource = change.patch(exact.loads(shown(change.before)))
        if resource.get("id") != str(change.ident):
            raise fault(422, "business-rule", SAME_ID, change.path("id"))
        judging.require_sound(change, resource, status=422)
        judging.at_home(resource, self.ask.base)
        self._lead(resource)
        self.around.learn(resource)
        return resource

    def _require_child(self, change: Change) -> None:
        """A child that the asker may not know of is as one that does not exist; but for whoever begins a task with it,
        and what comes together with that."""
        if change.kind == "Patient" or (change.child and self.book.sees(change.child)):
            return
        if change.child is None and not self.around.brings:
            raise fault(422, "required", judging.LOOSE, change.path("subject"))
        if change.child and change.child not in self.around.begun:
            resource = change.resource or {}
            raise _Hidden(judging.unknown(change, resource, rules.subject_of(resource)))
        self.late.append(change)

    def _stamped(self, change: Change, resource: Resource) -> Resource:
        """As it is served: with its version, and the moment of its registration."""
        app = judging.app_of(self.ask.who.scope)
        source = {"source": f"{rules.CLIENT}{app}"} if app else {}
        ours = {"versionId": version_of(change.ident, change.number), "lastUpdated": instant_of(self.at)}
        meta = {**ours, **rules.said_of(resource), **source}
        rest = {key: value for key, value in resource.items() if key not in ("resourceType", "meta", "id")}
        return {"resourceType": change.kind, "meta": meta, "id": str(change.ident), **rest}

    # -- storing -----------------------------------------------------------------------------------------------------

    def _store(self, made: list[tuple[Change, Resource]]) -> None:
        if not made:
            return
        report = submit(self.book, [resource for _, resource in made])
        if report.refusals:
            raise self._refused(report.refusals)
        wanted = {change.ident: change.number for change, _ in made}
        if numbers(wanted) != wanted:
            raise _Beaten

    def _refused(self, refusals: Sequence[Refusal]) -> Exception:
        """The first that says something of itself, and not that it went the way of another."""
        first = next((one for one in refusals if one.reason != WENT_ALONG), refusals[0])
        if first.reason == CHANGED:
            return _Beaten()
        change = next((one for one in self.changes if one.reference == first.resource), self.changes[0])
        return fault(422, "business-rule", sentence_of(first.reason), change.path())

    def _judge_late(self, made: list[Resource | None]) -> None:
        """Of a child that the asker did not know of before, what has just been written says who has a task."""
        stored = {one["id"]: one for one in made if one}
        new = [one for one in self.changes if one.new and not one.met and (one in self.late or one.kind == "Patient")]
        filed = whose([one.ident for one in new])
        for change in new:
            change.child = filed[change.ident]
            if change.child == DIRECTORY:  # a thing that is nobody's
                raise fault(422, "required", judging.LOOSE, change.path())
            if change.kind == "Patient" and not is_once(change.child):
                raise _Beaten
            self.book.anew(change.child)
            self.book.saw(change.child)
            judging.require_task(change, promote(stored[str(change.ident)]), self.around)

    def _require_alone(self) -> None:
        """What was created because nothing fitted is the only one that fits: from then on criteria that fit two choose
        nothing. Whoever stored the other first is met the next time."""
        new = [one for one in self.changes if one.new and not one.met]
        kinds = Counter(one.kind for one in new)
        for change in new:
            if change.unless and kinds[change.kind] > 1:
                found = searching.matches(self.ask, self.book, change.kind, change.unless, self.gone)
                if len(found) > 1:
                    raise fault(400, "duplicate", SAME_CRITERIA, change.place.removesuffix(".resource"))

    def _done(self, change: Change, made: Resource | None) -> Done:
        if change.met:
            quiet = change.kind == "Patient" and change.met.body is None
            return Done(200, change.kind, change.met.ident, change.met.version, change.met.at, change.met.body, quiet)
        if made is None:
            before = change.before
            assert before
            return Done(200, change.kind, change.ident, version_told(before), before.recorded_at, shown(before))
        version, status = made["meta"]["versionId"], 201 if change.new else 200
        if change.how is How.RESTRICT:
            return Done(204, change.kind, change.ident, version, self.at)
        quiet = change.new and change.kind == "Patient"
        body = exact.dumps(made)
        if change.before:
            body = self.book.as_served(change.before.row, body)
        return Done(status, change.kind, change.ident, version, self.at, body, quiet)


def _nothing(change: Change) -> Fault:
    return fault(404, "not-found", NOT_FOUND, change.place)


def _registered(change: Change) -> UUID | None:
    """The child that a person number leads to: it is in the book once, whoever brings it."""
    return next(filter(None, map(child_by_number, _person_numbers(change))), None)


def _is_nobodys(change: Change) -> bool:
    """Whether it is in no child's book, nor a child who is known by a number: two who look whether it is missing would
    not meet."""
    return change.child in (None, DIRECTORY) and not _person_numbers(change)


def _person_numbers(change: Change) -> list[str]:
    return [number for _, number in (facts_of(change.resource or {}) or {}).get("numbers", ())]


def _content(resource: Resource) -> Resource:
    """What a resource says, but for what the book says of it."""
    meta = rules.said_of(resource)
    rest = {key: value for key, value in resource.items() if key != "meta"}
    return {**rest, "meta": meta} if meta else rest
