"""A thousand letters on their way, in an instance and a process of their own: from the outbox to a folder on the disk,
each with its rights judged anew, its line in the log, its PDF and its copy.

python -m bench.posting FOLDER LETTERS ROUNDS    the seconds of each round
"""

import json
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.fhir.own import BASE, EXTENSION

Json = dict[str, Any]
FAMILIES = 50


def instance(folder: Path) -> None:
    """A unit with a leader and a psychologist, and its children, each with two parents who hold custody."""
    from barnetsbog.commands.instance import open_instance

    open_instance(folder)
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive

    resources = [*_unit(), *(one for number in range(FAMILIES) for one in _family(number))]
    entry = [
        {"fullUrl": f"https://bench.example/{one['resourceType']}/{one['id']}", "resource": one} for one in resources
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entry}
    report = receive([Unit("bench.json", orjson.dumps(bundle), "bench")], jobs=1)
    assert not report.refusals, report.refusals[0]


def _unit() -> list[Json]:
    sector = {"system": f"{BASE}/CodeSystem/sector", "code": "ppr"}
    role = {"system": f"{BASE}/CodeSystem/role", "code": "psychologist"}
    return [
        {"resourceType": "Organization", "id": "ppr", "name": "PPR Eksempelby", "type": [{"coding": [sector]}]},
        {"resourceType": "Practitioner", "id": "p-kim", "name": [{"text": "Kim Demosen"}]},
        {
            "resourceType": "PractitionerRole", "id": "kim", "practitioner": {"reference": "Practitioner/p-kim"},
            "organization": {"reference": "Organization/ppr"}, "code": [{"coding": [role], "text": "psykolog"}],
        },
    ]  # fmt: skip


def _family(number: int) -> Iterator[Json]:
    child = f"barn{number}"
    system = "urn:oid:1.2.208.176.1.2"
    yield {
        "resourceType": "Patient", "id": child, "birthDate": "2017-05-07",
        "identifier": [{"system": system, "value": f"050517{9000 + number}"}],
        "name": [{"use": "official", "given": [f"Barn{number}"], "family": "Prøvegaard"}],
    }  # fmt: skip
    for place, name in ((0, "Sara"), (1, "Jonas")):
        custody = {"url": f"{EXTENSION}custody", "extension": [
            {"url": "kind", "valueCode": "parent"}, {"url": "period", "valuePeriod": {"start": "2017-05-07"}},
            {"url": "evidence", "valueCode": "cpr"},
        ]}  # fmt: skip
        home = {"url": f"{EXTENSION}lives-with-child", "valueBoolean": True}
        yield {
            "resourceType": "RelatedPerson", "id": f"{child}-{name.lower()}", "name": [{"text": f"{name} {number}"}],
            "patient": {"reference": f"Patient/{child}"}, "extension": [custody, home],
            "identifier": [{"system": system, "value": f"0{place + 1}0180{9000 + number}"}],
        }  # fmt: skip
    yield {
        "resourceType": "EpisodeOfCare", "id": f"{child}-c", "status": "active", "type": [{"text": "Vurdering"}],
        "patient": {"reference": f"Patient/{child}"}, "managingOrganization": {"reference": "Organization/ppr"},
        "period": {"start": "2026-01-01"},
    }  # fmt: skip


def send(letters: int) -> None:
    """So many letters into the outbox: each child's in turn, to both parents by Digital Post."""
    from barnetsbog.access.scopes import scope_for
    from barnetsbog.delivery.model import Channel
    from barnetsbog.directory.queries import all_children, roles
    from barnetsbog.letters import operations
    from barnetsbog.letters.files import catalogue
    from barnetsbog.letters.filling import examples
    from barnetsbog.letters.model import Draft, Envelope
    from barnetsbog.record.models import Entry
    from barnetsbog.record.scope import LoginLevel

    (job,) = roles()
    parents: dict[UUID, list[str]] = {}
    for child, ident in Entry.objects.filter(what="person").values_list("child_id", "id"):
        parents.setdefault(child, []).append(f"RelatedPerson/{ident}")
    children = list(all_children())
    answers = examples(catalogue()["L2"])
    for number in count():
        if number * 2 >= letters:
            return
        child = children[number % len(children)]
        by = scope_for(job, level=LoginLevel.SUBSTANTIAL)
        assert by
        to = tuple(Envelope(one, Channel.DIGITAL_POST) for one in parents[child])
        ident = operations.write_draft(by=by, child_id=child, draft=Draft("L2", answers, to))
        approved = _approved(by, child, ident)
        operations.send(by=by, child_id=child, ident=ident, version=1, approved=approved)


def _approved(by: Any, child: UUID, ident: UUID) -> dict[str, str]:
    from barnetsbog.access.reading import open_book
    from barnetsbog.letters import queries

    with open_book(by, "letter", child) as book:
        page = queries.page(book, child, ident)
    return {one.candidate.person.reference: one.digest for one in page.previews}


def work() -> int:
    """One worker, until nothing waits."""
    from barnetsbog.delivery.worker import work_once
    from barnetsbog.letters.sending import handlers

    done = 0
    while found := work_once(handlers()):
        done += found
    return done


def main(folder: Path, letters: int, rounds: int) -> list[float]:
    instance(folder)
    seconds = []
    for _ in range(rounds):
        send(letters)
        started = time.perf_counter()
        done = work()
        seconds.append(time.perf_counter() - started)
        assert done == letters, (done, letters)
    from barnetsbog.delivery.models import Outbox

    assert not Outbox.objects.exclude(state="sent").exists()
    return seconds


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
