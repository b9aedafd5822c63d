"""How long a page takes at scale: the timeline by the length of a life, work list and overview by the number of
children.

A page goes through the whole of Django, from the request to the last byte, with the reader signed in and the read
logged; a query is the same read without the page around it, the log included.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from . import scale, synthetic
from .figures import Figure, Result, in_turn, ratio

LENGTHS = (60, 1200, 10_000)
CASES = 500
FLAT = 1.3
"""How much longer the timeline of ten thousand entries may take than that of sixty."""

FILTERED = 5.0
"""How much longer the rows of a work list may take with everybody's rights than without."""

QUICK = 20.0
"""Milliseconds that a work list or an overview may take."""

Act = Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """Who reads, and the children read about, by the number of their entries."""

    role: UUID
    children: dict[int, UUID]


def prepare(number: int) -> Measured:
    """The children of the scale, and three with real timelines, which the import takes in."""
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive

    for name, bundle in (("katalog", synthetic.directory()), ("enhed", synthetic.measured_unit())):
        receive([Unit(name, orjson.dumps(bundle), "bench")], jobs=1)
    role = _role()
    assert role.unit_id
    scale.write(number, role.unit_id, role.id, cases=CASES - len(LENGTHS))
    found = {}
    for length in LENGTHS:
        bundle = synthetic.child(1_000_000 + length, length, kind="collection", care=(synthetic.MEASURED,))
        report = receive([Unit(f"l{length}", orjson.dumps(bundle), "bench")], jobs=1)
        assert report.stored == length, report.refusals[:1]
        found[length] = _child_named(bundle)
        scale.open_whole(found[length], role.unit_id)
    gc.freeze()  # as the server does (`portal.wsgi`)
    return Measured(role.id, found)


def _role() -> Any:
    from barnetsbog.directory.queries import roles
    from barnetsbog.kernel.ids import derived_id
    from barnetsbog.record.instance import id_key

    ident = derived_id(id_key(), "bench", f"PractitionerRole/bench-role-{synthetic.MEASURED}")
    return roles([ident])[ident]


def _child_named(bundle: dict[str, Any]) -> UUID:
    from barnetsbog.directory.queries import children_by_numbers

    key = ("source:bench", f"Patient/{bundle['entry'][0]['resource']['id']}")
    return children_by_numbers([key])[key]


def timeline(measured: Measured, runs: int) -> Result:
    """Page and query by length."""
    get, read = _Browser(measured.role), _Reader(measured.role)
    acts: dict[str, Act] = {}
    for length, child in measured.children.items():
        acts[f"tidslinje, {length} poster"] = get.page(f"/barn/{child}/tidslinje/")
        acts[f"tidslinje, {length} poster, kun opslaget"] = read.timeline(child)
    found = _figures(runs, acts)
    short, long = min(LENGTHS), max(LENGTHS)
    for name, most in (("", FLAT), (", kun opslaget", None)):
        over, under = found[f"tidslinje, {long} poster{name}"], found[f"tidslinje, {short} poster{name}"]
        found_ratio = ratio(f"tidslinje, {long} / {short} poster{name}", over, under, most=most)
        found.result.ratios.append(found_ratio)
    return found.result


def work_list(measured: Measured, runs: int) -> Result:
    """Page and query, against the bare SQL of the same join."""
    get, read = _Browser(measured.role), _Reader(measured.role)
    floor, ids = "arbejdslistens rækker i ren SQL", "arbejdslistens id'er i ren SQL, usorteret"
    page = f"arbejdsliste, {read.cases()} sager"
    query, rows = f"{page}, kun opslaget", f"{page}, rækkerne med rettigheder"
    acts = {page: get.page("/arbejdsliste/?fane=alle"), query: read.work_list(), rows: read.rows()}
    acts |= {floor: read.bare_work_list(), ids: read.bare_ids(), "arbejdsliste, de røde frister": read.red_clocks()}
    found = _figures(runs, acts, quick=(page,))
    found.result.ratios += [ratio(f"{name} / ren SQL", found[name], found[floor]) for name in (page, query)]
    found.result.ratios.append(ratio(f"{rows} / ren SQL", found[rows], found[floor], most=FILTERED))
    found.result.ratios.append(ratio(f"{rows} / blot id'er", found[rows], found[ids]))
    return found.result


def overview(measured: Measured, runs: int) -> Result:
    """Page and query, of a child with an ordinary book and of one with a long one."""
    get, read = _Browser(measured.role), _Reader(measured.role)
    acts: dict[str, Act] = {}
    for length in LENGTHS[:2]:
        child = measured.children[length]
        acts[f"overblik, {length} poster"] = get.page(f"/barn/{child}/")
        acts[f"overblik, {length} poster, kun opslaget"] = read.overview(child)
    return _figures(runs, acts, quick=tuple(name for name in acts if "opslag" not in name)).result


def scope_of(role: UUID) -> Any:
    """The reader, now."""
    from barnetsbog.access.scopes import scope_for
    from barnetsbog.record.scope import LoginLevel

    return scope_for(role, level=LoginLevel.SUBSTANTIAL)


def browser(measured: Measured) -> "_Browser":
    return _Browser(measured.role)


def reader(measured: Measured) -> "_Reader":
    return _Reader(measured.role)


class _Found:
    """Figures by name."""

    def __init__(self, figures: list[Figure]) -> None:
        self.result = Result(figures)

    def __getitem__(self, name: str) -> Figure:
        return next(one for one in self.result.figures if one.name == name)


def _figures(runs: int, acts: dict[str, Act], quick: tuple[str, ...] = ()) -> _Found:
    taken = in_turn(runs, acts)
    return _Found([Figure(name, "ms", values, most=QUICK if name in quick else None) for name, values in taken.items()])


class _Browser:
    """A reader who is signed in."""

    def __init__(self, role: UUID) -> None:
        from django.test import Client

        from barnetsbog.login.model import Choice
        from barnetsbog.login.operations import start_demo
        from barnetsbog.portal.session import LOGIN

        self._client = Client()
        begun = start_demo(Choice(role))
        assert begun
        session = self._client.session
        session[LOGIN] = str(begun[0].id)
        session.save()
        self._client.cookies["sessionid"] = session.session_key or ""

    def page(self, address: str) -> Act:
        def act() -> None:
            response = self._client.get(address, HTTP_HOST="127.0.0.1")
            assert response.status_code == 200, (address, response.status_code)

        return act


class _Reader:
    """The same reader, past the pages: a new scope and a line in the log for each read, as a page has."""

    def __init__(self, role: UUID) -> None:
        self._role = role

    def _scope(self) -> Any:
        return scope_of(self._role)

    def timeline(self, child: UUID) -> Act:
        from barnetsbog.timeline.model import View
        from barnetsbog.timeline.queries import timeline as query

        return self._opened("timeline", child, lambda book: query(book, child, View()))

    def overview(self, child: UUID) -> Act:
        from barnetsbog.overview.queries import overview as query

        return self._opened("overview", child, lambda book: query(book, child))

    def work_list(self) -> Act:
        from barnetsbog.responsibility.model import Tab
        from barnetsbog.responsibility.queries import work_list as query

        return self._opened("work-list", None, lambda book: query(book, Tab.ALL))

    def visits(self) -> Act:
        from barnetsbog.readiness.queries import page_of_unit

        return self._opened("readiness-list", None, lambda book: page_of_unit(book, 1))

    def rows(self) -> Act:
        """The rows behind the list: filtered by rights and sorted, as far as sorting and counting need them."""
        from barnetsbog.record.book import Book

        return lambda: Book(self._scope()).open_tasks()

    def red_clocks(self) -> Act:
        """What it costs each page of the work list to tell how many clocks are red, the balls being read already."""
        from barnetsbog.deadlines.queries import red
        from barnetsbog.record.book import Book
        from barnetsbog.responsibility.queries import waiting

        scope = self._scope()
        found = waiting(Book(scope))
        return lambda: red(Book(scope), found)

    def cases(self) -> int:
        """How many children the list really has: `CASES`, unless the scale is smaller."""
        from barnetsbog.responsibility.model import Tab

        return int(self.work_list()().counts[Tab.ALL])

    def _opened(self, action: str, child: UUID | None, query: Callable[[Any], Any]) -> Act:
        from barnetsbog.access.reading import open_book

        def act() -> Any:
            with open_book(self._scope(), action, child) as book:
                return query(book)

        return act

    def bare_work_list(self) -> Act:
        """The same rows in the same order by the same join, and nobody's rights asked about."""
        from barnetsbog.record.entries import OpenTask

        columns = ", ".join(f"e.{name}" for name in OpenTask._fields)
        return self._bare(columns, "ORDER BY e.due IS NULL, e.due, e.start, e.id")

    def bare_ids(self) -> Act:
        """Which tasks they are, and nothing of them."""
        return self._bare("e.id")

    def _bare(self, columns: str, order: str = "") -> Act:
        from django.db import connection

        from barnetsbog.record.fields import for_database

        scope = self._scope()
        values = [for_database(scope.unit_id, connection), scope.at, scope.at]
        sql = f"""SELECT {columns} FROM access_grant g JOIN entry e ON e.child_id = g.child_id
          WHERE g.grantee_id = %s AND g.part = 0 AND g.valid_from <= %s AND g.valid_to > %s AND e.open
          AND e.what = 'task' {order}"""

        def act() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                cursor.fetchall()

        return act
