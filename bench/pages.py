"""How long the pages take at scale: timeline by the length of a life, work list and overview by the number of children.

The children of the scale are written by the store itself in large transactions, past the import, so that a hundred
thousand take minutes.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import orjson

from . import synthetic
from .figures import Figure, in_turn

CASES = 500
LENGTHS = (60, 1200, 10_000)
RUNS = 30


def prepare(scale: int) -> tuple[UUID, dict[int, UUID]]:
    """Children for the work list, three for the timeline; the role that is measured, and the three by length."""
    from barnetsbog.directory.queries import roles
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive
    from barnetsbog.record import store

    receive([Unit("katalog", orjson.dumps(synthetic.directory()), "bench")], jobs=1)
    role = next(one for one in roles().values() if one.sector == "ppr")
    assert role.unit_id
    _many(scale, role.unit_id, role.id)
    store.refresh_statistics()
    found = {}
    for length in LENGTHS:
        bundle = synthetic.child(1_000_000 + length, length, kind="collection", care=(0,))
        report = receive([Unit(f"l{length}", orjson.dumps(bundle), "bench")], jobs=1)
        assert report.stored == length, report.refusals[:1]
        found[length] = _child_named(bundle)
    return role.id, found


def _child_named(bundle: dict[str, Any]) -> UUID:
    from barnetsbog.kernel.ids import derived_id
    from barnetsbog.record.instance import id_key

    return derived_id(id_key(), "child", "bench", f"Patient/{bundle['entry'][0]['resource']['id']}")


def _many(scale: int, unit: UUID, role: UUID) -> None:
    """`scale` children with a task, care relations and ten observations each; the measured unit has 500 of them."""
    from django.db import transaction

    from barnetsbog.directory.models import Child
    from barnetsbog.record import store
    from barnetsbog.record.models import Grant

    chance = random.Random(7)
    for first in range(0, scale, 2000):
        batch, children, grants = store.Batch(), [], []
        for number in range(first, min(first + 2000, scale)):
            child = chance.randbytes(16)
            children.append(
                (child, f"Barn{number}", "Syntesen", f"Barn{number}", f"barn{number} syntesen", "2015-01-01", "female")
            )
            mine = number * CASES // scale != (number - 1) * CASES // scale
            holders = (unit.bytes if mine else chance.randbytes(16), chance.randbytes(16))
            grants += [(child, one, chance.randbytes(16), "care-relation", 0, 2**60) for one in holders]
            _book(batch, child, number, role.bytes, unit.bytes, chance)
        with transaction.atomic():
            store.insert(Child, children)
            store.insert(Grant, grants)
            store.write(batch)


def _book(batch: Any, child: bytes, number: int, role: bytes, unit: bytes, chance: random.Random) -> None:
    for index in range(11):
        ident, task = chance.randbytes(16), index == 0
        start = 1_700_000_000_000_000 + chance.randrange(90_000_000) * 1_000_000
        kind, what, block = ("Task", "task", "AK") if task else ("Observation", "observation", "TI")
        status = "in-progress" if task else "final"
        holder, due, title = (
            (role if task and number % 2 else None),
            (start if task else None),
            f"Opgave {index} for barn {number}",
        )
        columns = (
            child,
            ident,
            kind,
            what,
            block,
            "ppr",
            202311 + index % 2,
            start,
            None,
            False,
            title,
            status,
            role,
            unit,
        )
        rest = (task, holder, due, False, False, False, 1, number, start, "bench", f"{kind}/{number}-{index}")
        batch.entries.append((*columns, *rest))
        body = orjson.dumps({"resourceType": kind, "id": str(UUID(bytes=ident)), "status": status})
        batch.versions.append((child, ident, 1, body, start, None, None, None, ""))


def measure(role: UUID, timelines: dict[int, UUID]) -> tuple[list[Figure], dict[str, float]]:
    """Milliseconds of each page, through the whole of Django, and of the bare SQL below the work list."""
    from django.test import Client

    client = Client()
    session = client.session
    session["role"] = str(role)
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    pages: dict[str, Callable[[], Any]] = {
        f"tidslinje, {length} poster": _page(client, f"/barn/{child}/tidslinje/") for length, child in timelines.items()
    }
    pages["arbejdsliste, 500 sager"] = _page(client, "/arbejdsliste/?fane=alle")
    pages["overblik"] = _page(client, f"/barn/{timelines[60]}/")
    pages["samme rækker i ren SQL"] = _floor(role)
    figures = [Figure(name, "ms", values) for name, values in in_turn(RUNS, **pages).items()]
    found = {figure.name: figure.median for figure in figures}
    ratios = {
        "tidslinje 10.000 / 60": found["tidslinje, 10000 poster"] / found["tidslinje, 60 poster"],
        "arbejdsliste / ren SQL": found["arbejdsliste, 500 sager"] / found["samme rækker i ren SQL"],
    }
    return figures, ratios


def _page(client: Any, address: str) -> Callable[[], Any]:
    def page() -> None:
        response = client.get(address, HTTP_HOST="127.0.0.1")
        assert response.status_code == 200, (address, response.status_code)

    return page


def _floor(role: UUID) -> Callable[[], Any]:
    """The ids of the same tasks, by the same join, with nothing done to them."""
    from django.db import connection

    from barnetsbog.access.scopes import scope_for
    from barnetsbog.record.fields import for_database
    from barnetsbog.record.scope import LoginLevel

    scope = scope_for(role, level=LoginLevel.SUBSTANTIAL)
    assert scope
    values = [for_database(scope.unit_id, connection), scope.at, scope.at]
    sql = """SELECT e.id FROM access_grant g JOIN entry e ON e.child_id = g.child_id
      WHERE g.unit_id = %s AND g.valid_from <= %s AND g.valid_to > %s AND e.open AND e.what = 'task'"""

    def floor() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return len(cursor.fetchall())

    return floor


def all_lines(figures: list[Figure]) -> Iterator[str]:
    return (figure.line() for figure in figures)
