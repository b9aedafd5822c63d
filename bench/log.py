"""What the log costs: its share of a request, and how fast the whole of it is checked.

The share is measured on the pages themselves, in turn with the same page whose line is not written (and whose
transaction therefore has nothing to flush to the disk). The check is set against reading the same rows and doing
nothing with them.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from . import pages
from .figures import Figure, Result, in_turn, rate, ratio

SHARE = 0.10
"""How much of a request the log may take."""

CHECKED = 300_000.0
"""Records a second that a check of the log reaches."""

RECORDS, CHUNK = 400_000, 4_000


def measure(measured: pages.Measured, *, page_runs: int, check_runs: int) -> Result:
    result = _share(measured, page_runs)
    result.add(_check(check_runs))
    return result


# -- a request ---------------------------------------------------------------------------------------------------------


def _share(measured: pages.Measured, runs: int) -> Result:
    get = pages._Browser(measured.role)
    child = measured.children[pages.LENGTHS[0]]
    addresses = {"overblik": f"/barn/{child}/", "arbejdsliste": "/arbejdsliste/?fane=alle"}
    acts: dict[str, Callable[[], Any]] = {}
    for name, address in addresses.items():
        acts[f"{name}, logget"] = get.page(address)
        acts[f"{name}, uden loglinje"] = _unlogged(get.page(address))
    taken = in_turn(runs, acts)
    found = {name: Figure(name, "ms", values) for name, values in taken.items()}
    shares = [
        Figure(f"{name}: loggens del af svartiden", "x", _shares(found, name), most=SHARE) for name in addresses
    ]  # fmt: skip
    return Result(list(found.values()), shares)


def _shares(found: dict[str, Figure], name: str) -> tuple[float, ...]:
    pairs = zip(found[f"{name}, logget"].values, found[f"{name}, uden loglinje"].values, strict=True)
    return tuple(1 - without / logged for logged, without in pairs)


def _unlogged(page: Callable[[], Any]) -> Callable[[], Any]:
    def act() -> None:
        with patch("barnetsbog.audit.operations.Act.note", lambda *given, **detail: None):
            page()

    return act


# -- a check -----------------------------------------------------------------------------------------------------------


def _check(runs: int) -> Result:
    from barnetsbog.audit.verifying import verify

    write(RECORDS)
    size = _count()
    names = "hele loggen efterset", "de samme rækker blot læst"
    taken = in_turn(runs, {names[0]: lambda: _sound(verify()), names[1]: _read})
    figures = [
        Figure(name, "/s", rate(size, [one / 1000 for one in taken[name]]), least=least)
        for name, least in zip(names, (CHECKED, None), strict=True)
    ]
    return Result(figures, [ratio(f"{names[0]} / {names[1]}", *figures)])


def _sound(verdict: Any) -> None:
    assert verdict.damage is None, verdict.damage


def _count() -> int:
    from barnetsbog.audit.models import Link

    return int(Link.objects.count())


def _read() -> None:
    """On one core, as the database gives them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_event")
        while cursor.fetchmany(2000):
            pass


def write(number: int) -> None:
    """Events like those of a busy year, in the chain, with a checkpoint every thousand."""
    from django.db import transaction

    from barnetsbog.audit import checkpoints, operations

    chance = random.Random(7)
    for start in range(0, number, CHUNK):
        with transaction.atomic():
            operations.write(list(_lines(min(CHUNK, number - start), chance)))
        with _not_on_disk():
            checkpoints.make(now=True)


@contextmanager
def _not_on_disk() -> Iterator[None]:
    with patch("barnetsbog.audit.checkpoints.keep"):
        yield


def _lines(number: int, chance: random.Random) -> Iterator[Any]:
    from barnetsbog.audit.encoding import Line, detail_text
    from barnetsbog.kernel.ids import new_id

    people = [chance.randbytes(16) for _ in range(200)]
    kinds = ["appointment", "intervention", "observation", "task"]
    for index in range(number):
        detail = detail_text({"entries": chance.randrange(60), "kinds": kinds[: 1 + index % 4]})
        action = ("overview", "timeline", "entry", "work-list")[index % 4]
        yield Line(
            new_id().bytes, 1_764_000_000_000_000 + index, action, True, chance.randbytes(16), chance.choice(people),
            people[0], "psychologist", "ppr", "", detail,
        )  # fmt: skip
