"""A grant is read in three ways: in plain Python, as a condition in one child's book, and as a join over many children.

For random grants on a book that has every sort of entry they must say the same: of every entry, in rows, counts, order,
pages, words, versions and titles. On both databases.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnetsbog.access.deciding import decisions
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter, OpenTask, Sought
from barnetsbog.record.inserting import insert
from barnetsbog.record.models import Entry, Grant, Version
from barnetsbog.record.rights import (
    ADDRESS,
    BREAK_GLASS,
    CONTENT,
    EVERYBODY,
    FORBIDDEN,
    HEADINGS,
    PRIVATE,
    PROTECTED,
    GrantRow,
    opens,
)
from barnetsbog.record.scope import LoginLevel, Scope, Seal
from barnetsbog.record.shelves import BLOCKS, CLASSES, EVERYTHING, class_of, mask, shelf
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

_NAMES = UUID(int=11)
NOW = 1_000_000


def ident(name: str) -> UUID:
    return uuid5(_NAMES, name)


ALMA, NOAH, ABSENT = ident("alma"), ident("noah"), ident("absent")
PPR, BUP, ME, ROLE = ident("ppr"), ident("bup"), ident("me"), ident("role")
SHELVES = [shelf(block, letter) for block, letter in (*product(("IN", "TI", "KO"), "OHP"), ("SA", "O"), ("PE", "X"), ("GO", "F"))]  # fmt: skip
ALL = Filter(on_timeline=False)


@dataclass(frozen=True)
class One:
    """An entry, as far as rights go."""

    child: UUID
    id: UUID
    shelf: int
    unit: UUID | None
    lane: str
    is_task: bool


def _some(child: UUID) -> Iterator[One]:
    for number, (on, unit, lane) in enumerate(product(SHELVES, (PPR, BUP, None), ("ppr", "bup"))):
        yield One(child, ident(f"{child}-{number}"), on, unit, lane, number % 4 == 0)


ENTRIES = [*_some(ALMA), *_some(NOAH)]


def _body(entry_id: UUID) -> bytes:
    """The words of an entry: its own id, so that nobody else's are taken for it."""
    return b'{"id":"%s"}' % str(entry_id).encode()


@pytest.fixture
def book(database: str) -> None:
    entries = [
        (
            one.child.bytes, one.id.bytes, "Task" if one.is_task else "Observation", "task" if one.is_task else "observation",
            one.shelf, one.lane, 202610 + number % 3, number % 7, None, 0, 0, f"title {number}", "active", None,
            one.unit.bytes if one.unit else None, one.is_task, None, None, number % 5 if one.is_task else None, False, False, 1, number,
            number % 11, "test", f"x/{number}",
        )
        for number, one in enumerate(ENTRIES)
    ]  # fmt: skip
    versions = [(one.child.bytes, one.id.bytes, 1, _body(one.id), 0, None, None, one.id.bytes, "") for one in ENTRIES]
    insert(Entry, entries)
    insert(Version, versions)


# -- what there may be -----------------------------------------------------------------------------------------------

masks = st.one_of(
    st.just(EVERYTHING), st.just(0), st.builds(mask, st.sets(st.sampled_from(BLOCKS), min_size=1), st.sets(st.sampled_from(CLASSES), min_size=1))
)  # fmt: skip
entry_ids = st.sampled_from([one.id for one in ENTRIES])


@dataclass(frozen=True)
class Given:
    """A grant as it stands in the table."""

    child: UUID
    grantee: UUID
    row: GrantRow
    start: int
    end: int

    @property
    def counts(self) -> bool:
        return self.start <= NOW < self.end


def _grant(child: UUID, grantee: UUID, row: GrantRow, times: tuple[int, int]) -> Given:
    if grantee == EVERYBODY and row.entry_id is None:  # marks that the address is protected
        row = GrantRow(0, FORBIDDEN, None, "", None, PROTECTED)
    elif grantee == EVERYBODY:  # forbids, and nothing else
        row = row._replace(level=FORBIDDEN, rule="OWN-BLOCK")
    return Given(child, grantee, row, *times)


rows = st.builds(
    GrantRow,
    shelves=masks,
    level=st.sampled_from([1, HEADINGS, CONTENT, CONTENT]),
    source_id=st.sampled_from([None, None, PPR, BUP]),
    lane=st.sampled_from(["", "", "ppr", "bup"]),
    entry_id=st.one_of(st.none(), st.none(), st.none(), entry_ids),
    rule=st.sampled_from(["FAL3", "OWN-RECORDS", BREAK_GLASS]),
)
times = st.sampled_from([(0, NOW + 1), (NOW, NOW + 1), (NOW + 1, NOW + 2), (0, NOW), (0, NOW + 9)])
grants = st.lists(
    st.builds(_grant, st.sampled_from([ALMA, ALMA, NOAH]), st.sampled_from([PPR, PPR, ROLE, BUP, EVERYBODY]), rows, times),
    max_size=6,
)  # fmt: skip
scopes = st.builds(
    lambda shelves, reach, glass, own, grantees, elsewhere, child: Scope(
        ROLE, ME, PPR, "psychologist", "ppr", LoginLevel.SUBSTANTIAL, NOW, Seal(), grantees=grantees, shelves=shelves,
        reach=reach, break_glass=glass, own=own, at_home=own, elsewhere=elsewhere, child=child,
    ),
    st.one_of(st.just(EVERYTHING), masks), st.sampled_from([HEADINGS, CONTENT, CONTENT]), st.booleans(),
    st.sampled_from([False, False, True]), st.sampled_from([(PPR, ROLE), (PPR,), (ROLE,), ()]),
    st.sampled_from([frozenset[UUID](), frozenset((BUP,)), frozenset((BUP, ABSENT))]),
    st.sampled_from([None, None, ALMA, NOAH]),
)  # fmt: skip


def _write(some: list[Given]) -> None:
    Grant.objects.all().delete()
    found = [
        (
            one.child.bytes, one.grantee.bytes, ident(f"basis-{number}").bytes, number, one.row.shelves, one.row.level,
            one.row.source_id and one.row.source_id.bytes, one.row.lane, one.row.entry_id and one.row.entry_id.bytes, one.row.rule,
            "", one.start, one.end,
        )
        for number, one in enumerate(some)
    ]  # fmt: skip
    insert(Grant, found)


# -- the plain reading -----------------------------------------------------------------------------------------------


def _mine(some: list[Given], scope: Scope, child: UUID) -> list[GrantRow]:
    return [
        one.row
        for one in some
        if one.child == child and scope.child in (None, child) and one.grantee in scope.grantees and one.counts
        and (one.row.rule != BREAK_GLASS or scope.break_glass)
    ]  # fmt: skip


def _known(some: list[Given], scope: Scope, child: UUID) -> bool:
    return bool(scope.shelves) and any(row.entry_id is None for row in _mine(some, scope, child))


def _level(some: list[Given], scope: Scope, entry: One) -> int:
    """How much of an entry the asker may see, straight from the words of the rules."""
    mine = _mine(some, scope, entry.child)
    shut = any(
        one.grantee == EVERYBODY and one.counts and one.child == entry.child and one.row.entry_id == entry.id
        for one in some
    )
    if not _known(some, scope, entry.child) or not scope.shelves >> entry.shelf & 1:
        return 0
    if shut and not (scope.own or any(row.rule == BREAK_GLASS for row in mine)):
        return 0
    found = [
        min(row.level, scope.reach)
        for row in mine
        if opens(
            row, entry_id=entry.id, shelf=entry.shelf, unit_id=entry.unit, lane=entry.lane, elsewhere=scope.elsewhere
        )
    ]
    return max((level for level in found if level >= HEADINGS), default=0)


def _veiled(some: list[Given], scope: Scope, child: UUID) -> bool:
    """The address is protected, and nothing that the asker is let into, whoever wrote it, reveals it."""
    protected = any(one.child == child and one.counts and one.row.rule == PROTECTED for one in some)
    cleared = any(
        row.level >= HEADINGS
        and row.shelves & scope.shelves & ADDRESS
        and not (row.source_id or row.lane or row.entry_id)
        for row in _mine(some, scope, child)
    )
    return protected and not cleared and not scope.at_home


# -- the three agree -------------------------------------------------------------------------------------------------


@given(grants, scopes)
@settings(max_examples=75, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def _agree(some: list[Given], scope: Scope) -> None:
    _write(some)
    levels = {one: _level(some, scope, one) for one in ENTRIES}
    for child in (ALMA, NOAH, ABSENT):
        _one_child(
            Book(scope),
            child,
            {one: level for one, level in levels.items() if one.child == child},
            _known(some, scope, child),
        )
    known = [child for child in (ALMA, NOAH) if _known(some, scope, child)]
    _many_children(Book(scope), levels, known)
    veiled = {child for child in known if _veiled(some, scope, child)}
    assert {child for child in known if Book(scope).veiled(child)} == veiled
    assert Book(scope).veiled_among([ALMA, NOAH, ABSENT]) & set(known) == veiled


@pytest.mark.usefixtures("book")
def test_plain_python_one_book_and_many_agree() -> None:
    _agree()


def _one_child(book: Book, child: UUID, levels: dict[One, int], known: bool) -> None:
    seen, read = ({one.id for one, level in levels.items() if level >= least} for least in (HEADINGS, CONTENT))
    listed = book.entries(child, ALL)
    assert book.sees(child) is known
    assert {row.id for row in listed} == seen and len(listed) == len(seen) == book.count(child, Filter())
    assert sum(one.number for one in book.tally(child, Filter())) == len(seen)
    assert {row.id for row in listed if row.readable} == read
    assert {row.id for row, _, _ in book.whole(child)} == read
    judged = [one for one in levels if book.would_read(child, one.id, one.shelf, one.unit, one.lane)]
    assert {one.id for one in judged} == set(book.readable(child, [one.id for one in levels])) == read
    assert book.brought(child, [one.id for one in levels]) == seen and book.brought(child, []) == set()
    pages = [book.entries(child, ALL, limit=7, offset=offset) for offset in range(0, len(seen) + 1, 7)]
    assert [row for page in pages for row in page] == listed
    assert known or not book.own_grants(child)
    for row in listed[:: max(1, len(listed) // 2)]:
        assert book.entry(child, row.id) == row
        assert [version.body for version in book.versions(row)] == ([_body(row.id)] if row.id in read else [])
    _words(book, child, levels, read)


def _words(book: Book, child: UUID, levels: dict[One, int], read: set[UUID]) -> None:
    """Knowing ids and rows from elsewhere opens nothing."""
    stolen = [_row(one) for one in levels]
    assert book.bodies(stolen) == {ident: _body(ident) for ident in read}
    hidden = [one for one, level in levels.items() if not level]
    for one in hidden[:: max(1, len(hidden) // 2)]:
        assert book.versions(_row(one)) == []
        with pytest.raises(NotFound):
            book.entry(child, one.id)


def _row(one: One) -> EntryRow:
    fields: dict[str, Any] = dict.fromkeys(EntryRow._fields)
    return EntryRow(**{**fields, "child_id": one.child, "id": one.id})


def _many_children(book: Book, levels: dict[One, int], known: list[UUID]) -> None:
    seen = {one.id for one, level in levels.items() if level >= HEADINGS}
    tasks = [one for one in levels if one.is_task]
    keys = [OpenTask(book.key(one.child), book.key(one.id), None, None, None, 0, None, "task") for one in tasks]
    assert sorted(book.children()) == sorted(known)
    assert {book.key(one.id) for one in tasks if one.id in seen} == {task.id for task in book.open_tasks()}
    assert [row.id for row in book.tasks(keys)] == [one.id for one in tasks if one.id in seen]
    assert set(book.titles([one.id for one in levels])) == seen
    children, kinds = (ALMA, NOAH, ABSENT), ("task", "observation")
    read = {one.id for one, level in levels.items() if level >= CONTENT}
    assert {row.id: body for row, body in book.words(children, kinds)} == {ident: _body(ident) for ident in read}
    told = book.histories_of(["Task", "Observation"], since=0, limit=999, after=None)
    assert {one.row.id for one in told} == read and len(told) == len(read)
    assert {row.id for row, _ in book.words(children, kinds, waiting=True)} == read & {one.id for one in tasks}
    _sought(book, levels, seen, read)
    _in_a_time(book, levels, seen)
    assert set(decisions(book, [ALMA, NOAH, ABSENT])) == set(known)


def _sought(book: Book, levels: dict[One, int], seen: set[UUID], read: set[UUID]) -> None:
    """Whatever is sought, headings as far as they may be seen, and words as far as they may be read."""
    tasks = {one.id for one in levels if one.is_task}
    kinds, task, rest = ("task", "observation"), ("task",), ("observation",)

    def found(*wanted: Sought) -> dict[UUID, bytes | None]:
        rows = book.over((ALMA, NOAH, ABSENT), wanted)
        assert len({row.id for row in rows}) == len(rows)
        assert book.over(book.children(), wanted, mine=True) == rows
        return {row.id: row.body for row in rows}

    def headings(ids: set[UUID]) -> dict[UUID, bytes | None]:
        return dict.fromkeys(seen & ids)

    def words(ids: set[UUID]) -> dict[UUID, bytes | None]:
        return {ident: _body(ident) for ident in read & ids}

    every = {one.id for one in levels}
    assert (
        found() == {} and found(Sought(kinds)) == headings(every) and found(Sought(kinds, open=True)) == headings(tasks)
    )
    assert found(Sought(kinds, units=(PPR,))) == headings({one.id for one in levels if one.unit == PPR})
    assert found(Sought(kinds, since=3)) == headings({one.id for at, one in enumerate(levels) if at % 7 >= 3})
    fitting = {one.id for at, one in enumerate(levels) if one.lane == "bup" or "1" in str(at)}
    assert found(Sought(kinds, lanes=("bup",), words=("title 1", "1"))) == headings(fitting)
    assert found(Sought(kinds, read=True)) == words(every)
    assert found(Sought(task, read=True), Sought(rest)) == words(tasks) | headings(every - tasks)
    assert found(Sought(kinds), Sought(task, read=True)) == headings(every) | words(tasks)


def _in_a_time(book: Book, levels: dict[One, int], seen: set[UUID]) -> None:
    """Headings, and the words of those alone that may be read."""
    read = {one.id for one, level in levels.items() if level >= CONTENT}
    lying = book.across(("task", "observation"), 0, NOW)
    assert {row.id for row, _ in lying} == seen and len(lying) == len(seen)
    assert {row.id: body for row, body in lying if body is not None} == {ident: _body(ident) for ident in read}
    assert {row.id for row, _ in lying if row.readable} == read


# -- what must never be, one by one ----------------------------------------------------------------------------------

BASE = Scope(ROLE, ME, PPR, "psychologist", "ppr", LoginLevel.SUBSTANTIAL, NOW, Seal(), grantees=(PPR, ROLE))
RELATION = Given(ALMA, PPR, GrantRow(1 << shelf("SA", "O"), CONTENT, None, "", None, "FSL-PPV"), 0, NOW + 9)


def _sent(one: One) -> Given:
    return Given(one.child, PPR, GrantRow(0, CONTENT, None, "", one.id, "OWN-ADDRESSED"), 0, NOW + 9)


def _titles(scope: Scope = BASE) -> tuple[set[UUID], set[UUID]]:
    return {row.id for row in Book(scope).entries(ALMA, ALL)}, set(Book(scope).titles([one.id for one in ENTRIES]))


def _first(letter: str) -> One:
    return next(one for one in ENTRIES if class_of(one.shelf) == letter and one.child == ALMA)


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(("letter", "opened"), [("H", True), ("O", True), ("X", True), ("P", False)])
def test_what_is_sent_opens_with_another_relation_and_never_confidential_talk(letter: str, opened: bool) -> None:
    one = _first(letter)
    _write([_sent(one)])
    assert _titles() == (set(), set()) and not Book(BASE).sees(ALMA)
    _write([_sent(one), RELATION])
    assert ([one.id in found for found in _titles()]) == [opened, opened]


@pytest.mark.usefixtures("book")
def test_a_blocked_entry_opens_for_the_child_and_for_broken_glass_of_that_book_only() -> None:
    one = _first("H")
    shut = Given(ALMA, EVERYBODY, GrantRow(0, FORBIDDEN, None, "", one.id, "OWN-BLOCK"), 0, NOW + 9)
    wide = Given(ALMA, PPR, GrantRow(EVERYTHING, CONTENT, None, "", None, "FAL3"), 0, NOW + 9)
    glass = Given(ALMA, ROLE, GrantRow(mask(BLOCKS, "OFH"), CONTENT, None, "", None, BREAK_GLASS), 0, NOW + 9)
    elsewhere = replace(glass, child=NOAH)
    broken, own = replace(BASE, break_glass=True), replace(BASE, own=True)
    for some, scope, seen in (
        ([shut, wide], BASE, False), ([shut, wide], own, True), ([shut, wide], broken, False),
        ([shut, wide, glass], BASE, False), ([shut, wide, glass], broken, True), ([shut, wide, elsewhere], broken, False),
        ([shut, wide, replace(glass, end=NOW)], broken, False),
    ):  # fmt: skip
        _write(some)
        assert [one.id in found for found in _titles(scope)] == [seen, seen]


@pytest.mark.usefixtures("book")
def test_a_role_that_can_use_nothing_and_a_reach_of_nothing() -> None:
    _write([replace(RELATION, row=RELATION.row._replace(shelves=EVERYTHING))])
    for scope in (replace(BASE, shelves=0), replace(BASE, grantees=()), replace(BASE, shelves=0, reach=0)):
        assert _titles(scope) == (set(), set()) and not Book(scope).sees(ALMA) and Book(scope).children() == []
    reach = replace(BASE, reach=HEADINGS)
    rows = Book(reach).entries(ALMA, ALL)
    assert rows and not any(row.readable for row in rows) and Book(reach).bodies(rows) == {}
    assert mask(BLOCKS, "PD") == PRIVATE
