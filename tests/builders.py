"""Small invented resources for tests, and a way to send them to the intake."""

import io
from typing import Any

import orjson
import pypdf
from django.db import connection

from barnetsbog.directory.models import Edition
from barnetsbog.fhir.own import BASE
from barnetsbog.intake.model import Report, Unit
from barnetsbog.intake.operations import receive

Json = dict[str, Any]
CPR = "urn:oid:1.2.208.176.1.2"


def patient(ident: str = "alma", *, number: str | None = "0505179902", **more: Any) -> Json:
    numbers = [{"system": CPR, "value": number}] if number else []
    return {
        "resourceType": "Patient", "id": ident, **({"identifier": numbers} if numbers else {}),
        "name": [{"use": "official", "given": ["Alma"], "family": "Prøvegaard"}], "birthDate": "2017-05-07", **more,
    }  # fmt: skip


def honour_conflict(assessed: str = "") -> Json:
    """The extension of a Patient that says that a conflict is suspected, and when its risk was assessed, if it was."""
    parts = [{"url": "suspected", "valueDate": "2026-11-20"}]
    parts += [{"url": "assessed", "valueDate": assessed}] if assessed else []
    return {"url": f"{BASE}/StructureDefinition/honour-conflict", "extension": parts}


def observation(ident: str = "o1", about: str = "Patient/alma", **more: Any) -> Json:
    return {
        "resourceType": "Observation", "id": ident, "status": "final", "code": {"text": "Sad ved vinduet"},
        "subject": {"reference": about}, "effectiveDateTime": "2026-11-18", "valueString": "Hun tegnede et hus.",
        "performer": [{"reference": "PractitionerRole/kim"}], **more,
    }  # fmt: skip


def unit(ident: str = "ppr", sector: str = "ppr") -> Json:
    coding = {"system": f"{BASE}/CodeSystem/sector", "code": sector}
    return {"resourceType": "Organization", "id": ident, "name": f"Enhed {ident}", "type": [{"coding": [coding]}]}


def role(ident: str = "kim", unit_id: str = "ppr", code: str = "psychologist") -> list[Json]:
    return [
        {"resourceType": "Practitioner", "id": f"p-{ident}", "name": [{"text": f"{ident.title()} Demosen"}]},
        {
            "resourceType": "PractitionerRole", "id": ident, "practitioner": {"reference": f"Practitioner/p-{ident}"},
            "organization": {"reference": f"Organization/{unit_id}"},
            "code": [{"coding": [{"system": f"{BASE}/CodeSystem/role", "code": code}], "text": "psykolog"}],
        },
    ]  # fmt: skip


def care(
    ident: str = "c1", about: str = "alma", unit_id: str = "ppr", start: str = "2026-01-01", end: str | None = None
) -> Json:
    return {
        "resourceType": "EpisodeOfCare", "id": ident, "status": "finished" if end else "active",
        "patient": {"reference": f"Patient/{about}"}, "managingOrganization": {"reference": f"Organization/{unit_id}"},
        "period": {"start": start, **({"end": end} if end else {})}, "type": [{"text": "Vurdering"}],
    }  # fmt: skip


def task(
    ident: str = "t1", about: str = "alma", holder: str | None = "kim", due: str | None = "2026-11-27", **more: Any
) -> Json:
    found: Json = {
        "resourceType": "Task", "id": ident, "status": "in-progress", "intent": "order", "description": "Ring til far",
        "for": {"reference": f"Patient/{about}"}, "authoredOn": "2026-11-12",
        "requester": {"reference": "PractitionerRole/kim"}, **more,
    }  # fmt: skip
    if holder:
        found["owner"] = {"reference": f"PractitionerRole/{holder}"}
    if due:
        found["restriction"] = {"period": {"end": due}}
    return found


def bundle(*resources: Json, kind: str = "collection", base: str = "https://x.example/fhir") -> Json:
    entries: list[Json] = []
    for resource in resources:
        address = f"{resource['resourceType']}/{resource.get('id', 'none')}"
        entry: Json = {"fullUrl": f"{base}/{address}", "resource": resource}
        if kind in ("transaction", "batch"):
            entry["request"] = {"method": "PUT", "url": address}
        entries.append(entry)
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def send(*contents: Any, source: str = "test", name: str = "fil.json") -> Report:
    """Sends each content as a file of its own."""
    payloads = [c if isinstance(c, bytes) else orjson.dumps(c) for c in contents]
    return receive(
        [Unit(f"{i}-{name}" if len(payloads) > 1 else name, payload, source) for i, payload in enumerate(payloads)],
        jobs=1,
    )


Statements = list[tuple[str, list[tuple[Any, ...]] | None]]

_LAID: dict[tuple[str, bytes], Statements] = {}
"""By database and what was sent: what lays back the rows that came of it."""


def begin_with(*contents: Json) -> None:
    """What a test begins with, in an instance where nothing is yet. It goes through the intake the first time that a
    process is asked for it; after that its rows are laid back as they were, for a tenth of the price."""
    asked = connection.vendor, orjson.dumps(contents)
    if asked in _LAID:
        lay(_LAID[asked])
        return
    report = send(*contents)
    assert not report.refusals, report.refusals
    _LAID[asked] = laid()


def laid() -> Statements:
    """What lays back all there is now."""
    return _in_one(_statements())


def _statements() -> Statements:
    found: Statements = []
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")
            if (rows := cursor.fetchall()) and table != Edition._meta.db_table:  # it is there from the first
                found.append((f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows))
    return found


def _in_one(statements: Statements) -> Statements:
    """PostgreSQL is another process: it is spoken to once, with one statement for a table. It reads and plans each, and
    one for each row would be a quarter of all it does in these tests."""
    if connection.vendor != "postgresql":
        return statements
    return [(";".join(_of_all(insert, rows or []) for insert, rows in statements), None)]


def _of_all(insert: str, rows: list[Any]) -> str:
    into, _, marks = insert.partition(" VALUES ")
    every = f"{into} VALUES {', '.join([marks] * len(rows))}"
    return str(connection.ops.compose_sql(every, [value for row in rows for value in row]))


def lay(kept: Statements) -> None:
    with connection.cursor() as cursor:
        for statement, rows in kept:
            cursor.execute(statement) if rows is None else cursor.executemany(statement, rows)


def pdf(says: str = "") -> bytes:
    """A paper of one page, as a scanner makes it."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": says})
    writer.write(out)
    return out.getvalue()
