"""Children, units and everything that is written about them, and somebody who may read all of it."""

from urllib.parse import parse_qsl
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for
from barnetsbog.directory.queries import roles
from barnetsbog.exchange.fhir.asking import Asked, parse
from barnetsbog.kernel.time import parse as moment
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.record.searching.model import Cursor, Found

NOON = moment("2026-11-25T12:00:00+01:00")[0]
BASE = "https://bog.example/fhir"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon on the day of the stories."""
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: NOON)


def scope(name: str) -> Scope:
    found = next(r for r in roles().values() if r.name.startswith(name.title()))
    made = scope_for(found.id, level=LoginLevel.SUBSTANTIAL)
    assert made
    return made


def asked(address: str, **more: object) -> Asked:
    """A search as it is written: `Observation?code=a`."""
    kind, _, query = address.partition("?")
    return parse(kind, parse_qsl(query, keep_blank_values=True), base=BASE, **more)  # type: ignore[arg-type]


def search(who: Scope, address: str, *, after: Cursor | None = None, **more: object) -> Found:
    from dataclasses import replace

    found = asked(address, **more)
    assert found.search, [fault.text().english for fault in found.faults]
    with open_book(who, "search") as book:
        return book.search(replace(found.search, after=after))


def names(found: Found) -> list[str]:
    """What those that are found are called where they came from, without the type."""
    ids = [hit.row.id for hit in found.hits]
    told = dict(Entry.objects.filter(id__in=ids).values_list("id", "source_ref"))
    return [told[ident].partition("/")[2] for ident in ids]


def along(found: Found) -> list[str]:
    return sorted(called(hit.row.id) for hit in found.included)


def called(ident: UUID) -> str:
    return Entry.objects.filter(id=ident).values_list("source_ref", flat=True).get().partition("/")[2]


def here(name: str) -> str:
    """The id that something of the source has here."""
    return str(Entry.objects.filter(source_ref__endswith=f"/{name}").values_list("id", flat=True).get())
