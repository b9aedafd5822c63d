"""Things planted in the demonstration's books, each with a word of its own that is looked for in every page.

What is planted goes through the import like everybody else's data. `KANARIE<number>T` stands in its title, which is a
heading; `KANARIE<number>B` in its words. Who may see which is read from the rights, plainly, one grant at a time.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import Q

from barnetsbog.demo.loading import SOURCE
from barnetsbog.directory.queries import all_children
from barnetsbog.fhir.own import BASE
from barnetsbog.intake.model import Unit
from barnetsbog.intake.operations import receive
from barnetsbog.record.models import Entry, Grant
from barnetsbog.record.rights import BREAK_GLASS, CONTENT, EVERYBODY, HEADINGS, GrantRow, opens
from barnetsbog.record.scope import Scope
from tests.builders import Json, bundle

WORD = re.compile(r"KANARIE\d+[TB]")
WRITERS = ("maja", "kim", "raadgiver", "ida-t", "laege-a", "sundplej", "ltt-psyk")
"""One of each sector; most children have some of them and not the others."""


class Planted(NamedTuple):
    """One thing in one child's book."""

    number: int
    child: UUID
    id: UUID
    shelf: int
    unit: UUID | None
    lane: str
    what: str

    @property
    def title(self) -> str:
        return f"KANARIE{self.number}T"

    @property
    def words(self) -> str:
        return f"KANARIE{self.number}B"


Make = Callable[[str, str, str, str], Json]
"""From the child's key, the id, the title and the words to a resource."""


def observation(by: str, label: str = "") -> Make:
    return lambda child, ident, title, words: _labelled(label, {
        "resourceType": "Observation", "id": ident, "status": "final", "code": {"text": title}, "valueString": words,
        "subject": {"reference": f"Patient/{child}"}, "effectiveDateTime": "2026-11-19",
        "performer": [{"reference": f"PractitionerRole/{by}"}],
    })  # fmt: skip


def task(by: str, label: str = "") -> Make:
    return lambda child, ident, title, words: _labelled(label, {
        "resourceType": "Task", "id": ident, "status": "in-progress", "intent": "order", "description": title,
        "for": {"reference": f"Patient/{child}"}, "authoredOn": "2026-11-12", "note": [{"text": words}],
        "requester": {"reference": f"PractitionerRole/{by}"}, "owner": {"reference": f"PractitionerRole/{by}"},
        "restriction": {"period": {"end": "2026-11-26"}},
    })  # fmt: skip


def letter(by: str, label: str = "", to: str = "") -> Make:
    return lambda child, ident, title, words: _labelled(label, {
        "resourceType": "Communication", "id": ident, "status": "completed", "sent": "2026-11-20",
        "subject": {"reference": f"Patient/{child}"}, "sender": {"reference": f"PractitionerRole/{by}"},
        "topic": {"text": title}, "payload": [{"contentString": words}],
        **({"recipient": [{"reference": to}]} if to else {}),
    })  # fmt: skip


def letter_copy(by: str, to: str) -> Make:
    """What one receiver got of a letter, which waits to be posted."""
    return lambda child, ident, title, words: letter(by, "ordinary", f"RelatedPerson/{child}-{to}")(
        child, ident, title, words
    ) | {
        "status": "in-progress", "category": _kind("letter-copy"), "extension": [
            {"url": f"{BASE}/StructureDefinition/letter-channel", "valueCode": "print"},
        ],
    }  # fmt: skip


def letter_draft(by: str) -> Make:
    """A letter that is being written."""
    return lambda child, ident, title, words: letter(by, "draft")(child, ident, title, words) | {
        "status": "preparation", "category": _kind("letter-draft"), "extension": [
            {"url": f"{BASE}/StructureDefinition/letter-template", "valueCode": "L23"},
            {"url": f"{BASE}/StructureDefinition/letter-answers", "valueString": orjson.dumps({"emne": words}).decode()},
        ],
    }  # fmt: skip


def record_request(by: str, asker: str) -> Make:
    """A parent has asked a unit for what it has written."""
    return lambda child, ident, title, words: letter(by, "draft")(child, ident, title, words) | {
        "status": "in-progress", "category": _kind("record-request"),
        "sender": {"reference": f"RelatedPerson/{child}-{asker}"}, "extension": [
            {"url": f"{BASE}/StructureDefinition/author", "valueReference": {"reference": f"PractitionerRole/{by}"}},
            {"url": f"{BASE}/StructureDefinition/request-ground", "valueCode": "access"},
        ],
    }  # fmt: skip


def _kind(code: str) -> list[Json]:
    return [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": code}]}]


def appointment(by: str, label: str = "") -> Make:
    return lambda child, ident, title, words: _labelled(label, {
        "resourceType": "Appointment", "id": ident, "status": "booked", "description": title, "comment": words,
        "start": "2026-12-04T10:00:00+01:00", "end": "2026-12-04T11:00:00+01:00",
        "participant": [
            {"actor": {"reference": one}, "status": "accepted"} for one in (f"Patient/{child}", f"PractitionerRole/{by}")
        ],
    })  # fmt: skip


def own_goal(told: str) -> Make:
    return lambda child, ident, title, words: {
        "resourceType": "Goal", "id": ident, "lifecycleStatus": "active", "description": {"text": f"{title} {words}"},
        "category": [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": "own-goal"}]}],
        "subject": {"reference": f"Patient/{child}"}, "startDate": "2026-11-15",
        "expressedBy": {"reference": f"Patient/{child}"},
        "extension": [
            {"url": f"{BASE}/StructureDefinition/said-to", "valueReference": {"reference": f"PractitionerRole/{told}"}},
            {"url": f"{BASE}/StructureDefinition/may-be-shared", "valueBoolean": False},
        ],
    }  # fmt: skip


def own_word(child: str, ident: str, title: str, words: str) -> Json:
    """What a child has written for itself in its house."""
    return _labelled("child-private", {
        "resourceType": "Observation", "id": ident, "status": "final", "category": _kind("own-word"),
        "code": {"text": title}, "subject": {"reference": f"Patient/{child}"}, "effectiveDateTime": "2026-11-15",
        "performer": [{"reference": f"Patient/{child}"}], "valueString": words,
        "extension": [{"url": f"{BASE}/StructureDefinition/room", "valueCode": "worry"}],
    })  # fmt: skip


def medicine_note(by: str) -> Make:
    """What somebody has noted of medicine that was given; nobody else was sent it."""
    return lambda child, ident, title, words: _labelled("between", {
        "resourceType": "MedicationAdministration", "id": ident, "status": "completed",
        "category": _kind("medicine-note")[0], "medicationCodeableConcept": {"text": title},
        "subject": {"reference": f"Patient/{child}"}, "effectiveDateTime": "2026-11-15T08:00:00+01:00",
        "performer": [{"actor": {"reference": f"PractitionerRole/{by}"}}], "note": [{"text": words}],
    })  # fmt: skip


def carer_status(by: str) -> Make:
    """How it goes where the child lives, told to nobody else."""
    return lambda child, ident, title, words: _labelled("between", {
        "resourceType": "Observation", "id": ident, "status": "final", "category": _kind("carer-status"),
        "code": {"text": title}, "subject": {"reference": f"Patient/{child}"}, "effectiveDateTime": "2026-11-15",
        "performer": [{"reference": f"PractitionerRole/{by}"}], "component": [{
            "code": {"coding": [{"system": f"{BASE}/CodeSystem/carer-topic", "code": "home"}]}, "valueString": words,
        }],
    })  # fmt: skip


def agreement(by: str, kind: str) -> Make:
    """What is agreed with somebody else than the reader."""
    return lambda child, ident, title, words: _labelled("between", care_plan(by, kind)(child, ident, title, words))


def care_plan(by: str, kind: str = "intervention") -> Make:
    """Something that is tried, or an authority's plan; with somebody who is responsible."""
    return lambda child, ident, title, words: {
        "resourceType": "CarePlan", "id": ident, "status": "active", "intent": "plan", "title": title,
        "category": [{"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": kind}], "text": words}],
        "description": words, "subject": {"reference": f"Patient/{child}"}, "period": {"start": "2026-11-10"},
        "author": {"reference": f"PractitionerRole/{by}"},
        "activity": [{"detail": {"status": "in-progress", "performer": [{"reference": f"PractitionerRole/{by}"}]}}],
    }  # fmt: skip


def follow_up(by: str) -> Make:
    """The ball that follows up an intervention: it stands where that stands."""
    return lambda child, ident, title, words: task(by)(child, ident, title, words) | {
        "extension": [{"url": f"{BASE}/StructureDefinition/follows-up", "valueReference": {"reference": f"CarePlan/{ident}-x"}}],
    }  # fmt: skip


def relative(child: str, ident: str, title: str, words: str) -> Json:
    """The other parent's name, telephone and address."""
    return {
        "resourceType": "RelatedPerson", "id": ident, "patient": {"reference": f"Patient/{child}"},
        "name": [{"text": title}], "telecom": [{"system": "phone", "value": words}], "address": [{"text": words}],
        "relationship": [{"text": "slægtning"}],
    }  # fmt: skip


def consent(giver: str) -> Make:
    """A question to one parent that nobody has answered: between two units, and nobody else's."""
    return lambda child, ident, title, words: {
        "resourceType": "Consent", "id": ident, "status": "proposed", "patient": {"reference": f"Patient/{child}"},
        "scope": {"coding": [{"code": "patient-privacy"}]}, "category": [{"text": title}], "dateTime": "2026-11-20",
        "performer": [{"reference": f"RelatedPerson/{child}-{giver}"}], "policyRule": {"text": words},
        "organization": [{"reference": "Organization/krise"}], "provision": {"type": "deny"},
    }  # fmt: skip


def _labelled(label: str, resource: Json) -> Json:
    return {**resource, "meta": {"security": [{"code": label}]}} if label else resource


def everything(writers: Iterable[str] = WRITERS) -> list[Make]:
    """One of every sort: by each sector, confidential talk, what reveals an address, tasks, letters, people, consents."""
    found: list[Make] = [observation(by) for by in writers]
    for by in ("kim", "raadgiver", "ida-t"):
        found += [observation(by, "child-private"), observation(by, "address"), task(by), letter(by)]
    found += [task("krise-r", "child-private"), task("ida-t", "child-private"), appointment("raadgiver", "address")]
    found += [appointment("ida-t"), letter("ida-t", "child-private"), letter("raadgiver", "address"), own_goal("kim")]
    found += [care_plan("kim"), care_plan("raadgiver"), care_plan("ida-t", "plan"), follow_up("kim")]
    for by in ("kim", "raadgiver"):
        found += [letter_copy(by, "mor"), letter_draft(by), record_request(by, "mor")]
    return [*found, own_goal("raadgiver"), relative, consent("mor"), own_word, medicine_note("krise-r"),
            carer_status("krise-r"), agreement("raadgiver", "contact-plan")]  # fmt: skip


def plant(
    children: Iterable[UUID] | None = None, makes: Iterable[Make] | None = None, *, start: int = 0
) -> list[Planted]:
    """Plants one of each in each book. What the import refuses is a fault of the test."""
    made = list(makes) if makes is not None else everything()
    wanted, known = list(children if children is not None else all_children()), _keys()
    numbers: dict[str, int] = {}
    units, number = [], start
    for child in wanted:
        resources = []
        for make in made:
            number += 1
            resources.append(make(known[child], f"kanarie-{number}", f"KANARIE{number}T", f"KANARIE{number}B"))
            numbers[f"{resources[-1]['resourceType']}/kanarie-{number}"] = number
        units.append(Unit(f"kanarie-{number}.json", orjson.dumps(bundle(*resources)), SOURCE))
    report = receive(units, jobs=1)
    assert not report.refusals, report.refusals[0]
    return [_planted(row, numbers) for row in Entry.objects.filter(source_ref__in=list(numbers))]


def _keys() -> dict[UUID, str]:
    """What the stories call each child."""
    found = Entry.objects.filter(what="child").values_list("child_id", "source_ref")
    return {child: ref.partition("/")[2] for child, ref in found}


def _planted(row: Entry, numbers: dict[str, int]) -> Planted:
    return Planted(numbers[row.source_ref], row.child_id, row.id, row.shelf, row.unit_id, row.lane, row.what)


# -- who may see it, one grant at a time -----------------------------------------------------------------------------


class Eyes:
    """What one viewer may see, by a plain reading of the rows."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        wanted = Q(grantee_id__in=[*scope.grantees, EVERYBODY], valid_from__lte=scope.at, valid_to__gt=scope.at)
        self.grants: dict[UUID, list[Any]] = {}
        for row in Grant.objects.filter(wanted):
            self.grants.setdefault(row.child_id, []).append(row)

    @property
    def kind(self) -> frozenset[tuple[object, ...]]:
        """What they have rights to, whosever book it is: two with the same are alike."""
        rows = (row for grants in self.grants.values() for row in grants)
        return frozenset((row.shelves, row.level, row.lane, row.rule, row.entry_id is None) for row in rows)

    def knows(self, child: UUID) -> bool:
        mine = self.grants.get(child, ())
        return bool(self.scope.shelves) and any(
            row.entry_id is None and row.level and row.rule != BREAK_GLASS for row in mine
        )

    def level(self, child: UUID, entry: UUID, shelf: int, unit: UUID | None, lane: str) -> int:
        if not self.knows(child) or not self.scope.shelves >> shelf & 1:
            return 0
        mine = self.grants[child]
        if not self.scope.own and any(row.level == 0 and row.entry_id == entry for row in mine):
            return 0
        return max(
            (min(row.level, self.scope.reach) for row in mine if _opens(row, entry, shelf, unit, lane)), default=0
        )

    def words(self, planted: Iterable[Planted]) -> set[str]:
        """The words that may stand in this viewer's pages."""
        found: set[str] = set()
        for one in planted:
            level = self.level(one.child, one.id, one.shelf, one.unit, one.lane)
            found |= ({one.title} if level >= HEADINGS else set()) | ({one.words} if level >= CONTENT else set())
            if level >= HEADINGS and one.what == "own-goal":  # the words are its title
                found.add(one.words)
        return found


def _opens(row: Any, entry: UUID, shelf: int, unit: UUID | None, lane: str) -> bool:
    grant = GrantRow(row.shelves, row.level, row.source_id, row.lane, row.entry_id, row.rule)
    return (
        row.level > 0 and row.rule != BREAK_GLASS and opens(grant, entry_id=entry, shelf=shelf, unit_id=unit, lane=lane)
    )
