"""The coming first visits of a unit: as many as it has cases, each of a child with two parents who have both answered.

They are written on the children of the scale, past the import, when this part is measured and not before.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.time import DAY, iso
from barnetsbog.record.shelves import shelf

from .figures import Figure, Result, in_turn, ratio
from .pages import Measured, browser, reader

WANTED = 100.0
"""Milliseconds that the page may take."""


def readiness(measured: Measured, runs: int) -> Result:
    """The page of a unit's coming visits, and the same without the page around it."""
    from barnetsbog.access.scopes import scope_for
    from barnetsbog.readiness.queries import of_unit
    from barnetsbog.record.book import Book
    from barnetsbog.record.scope import LoginLevel

    scope = scope_for(measured.role, level=LoginLevel.SUBSTANTIAL)
    assert scope and scope.unit_id
    children = Book(scope).children()
    _write(children, scope.unit_id, scope.role_id, scope.at)
    found = of_unit(Book(scope))
    assert len(found) == len(children), (len(found), len(children))
    page = f"første besøg, {len(found)} børn"
    work_list = f"arbejdsliste, {len(found)} sager, samme kørsel"
    get, read = browser(measured), reader(measured)
    acts = {page: get.page("/klar/"), work_list: get.page("/arbejdsliste/?fane=alle")}
    acts[f"{page}, kun opslaget"] = read.visits()
    taken = in_turn(runs, acts)
    figures = {
        name: Figure(name, "ms", values, most=WANTED if name == page else None) for name, values in taken.items()
    }
    return Result(list(figures.values()), [ratio(f"{page} / arbejdsliste", figures[page], figures[work_list])])


def _write(children: Sequence[UUID], unit: UUID, role: UUID, at: int) -> None:
    from django.db import transaction

    from barnetsbog.record import store

    patients = {
        child: orjson.loads(body)["id"] for child, _, body in store.bodies_of_many(_bytes(children), ("child",))
    }
    chance, batch = random.Random(17), store.Batch()
    for number, child in enumerate(_bytes(children)):
        for kind, what, block, title, start, body in _entries(patients[child], unit, at, number, chance):
            ident = UUID(body["id"]).bytes
            batch.entries.append((
                child, ident, kind, what, shelf(block, "O"), "bup", 202612, start, None, 0, 0, title,
                body.get("status", ""), role.bytes, unit.bytes, what == "appointment", None, None, None, False, False,
                1, number, at, "bench", f"{kind}/{body['id']}",
            ))  # fmt: skip
            batch.versions.append((child, ident, 1, orjson.dumps(body), at, None, None, None, ""))
    with transaction.atomic():
        store.write(batch)
    store.refresh_statistics()


def _bytes(children: Sequence[UUID]) -> list[bytes]:
    return [child.bytes for child in children]


Row = tuple[str, str, str, str, int, dict[str, Any]]


def _entries(patient: str, unit: UUID, at: int, number: int, chance: random.Random) -> Iterator[Row]:
    """An appointment, two parents, and what each has said."""
    start = at + (1 + number % 60) * DAY
    subject = {"reference": f"Patient/{patient}"}
    booked = {"resourceType": "Appointment", "id": _id(chance), "status": "booked", "start": iso(start),
              "description": "Første samtale", "participant": [{"actor": subject, "status": "accepted"}]}  # fmt: skip
    yield "Appointment", "appointment", "AK", "Første samtale", start, booked
    for one in range(2):
        parent = _parent(_id(chance), subject, f"Forælder {one + 1} til {number}")
        yield "RelatedPerson", "person", "PE", parent["name"][0]["text"], 0, parent
        said = _consent(_id(chance), parent["id"], patient, unit, at, answered=bool(one or number % 3))
        yield "Consent", "consent", "SA", "Udredning", at - DAY, said


def _id(chance: random.Random) -> str:
    return str(UUID(bytes=chance.randbytes(16)))


def _parent(ident: str, subject: dict[str, str], name: str) -> dict[str, Any]:
    parts = [{"url": "kind", "valueCode": "parent"}, {"url": "period", "valuePeriod": {"start": "2009-01-01"}}]
    return {
        "resourceType": "RelatedPerson", "id": ident, "patient": subject, "name": [{"text": name}],
        "telecom": [{"system": "phone", "value": "00 00 00 00"}],
        "extension": [{"url": f"{EXTENSION}custody", "extension": parts}],
    }  # fmt: skip


def _consent(ident: str, giver: str, child: str, unit: UUID, at: int, *, answered: bool) -> dict[str, Any]:
    from barnetsbog.consent.mapping import Asking, consent_resource
    from barnetsbog.law.model import Capacity, Consent, Kind, Level, Sharing, Status

    consent = Consent(
        id=ident, giver=giver, capacity=Capacity.HOLDER, act="bup-assessment", kind=Kind.TREATMENT,
        sharing=Sharing(frozenset(), Level.CONTENT), status=Status.GIVEN if answered else Status.ASKED,
        answered_at=at - DAY if answered else None, valid_from=at - DAY, valid_to=at + 300 * DAY, recipient=str(unit),
    )  # fmt: skip
    return consent_resource(consent, Asking(child, "Udredning"))
