"""A typed search as SQL.

Each entry that a search touches, also one that it only passes through (a chain, `_has`), is joined with the asker's
grants at the level of contents. A condition is a test on the search rows of one entry `e`; in one child's book the rows
are read once (`IN`), over many children entry by entry (`EXISTS`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from barnetsbog.fhir import folded, narrowed, parameter_code, search_parameters
from barnetsbog.fhir.searching import BEHIND, fitting, kinds_of
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record.entries import DIRECTORY_TYPES, PEOPLE, THINGS
from barnetsbog.record.receipt import changed_since
from barnetsbog.record.rights import CONTENT, Condition, in_directory, mine, over_children
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import OUT
from barnetsbog.record.unsigned import CONCERN, SAYS_WHO

from . import model as m
from .dialect import Dialect
from .placing import tells_a_place

NEVER: Condition = ("1 = 0", [])
_TABLES = {
    "token": "search_token", "date": "search_date", "reference": "search_reference", "string": "search_string",
    "quantity": "search_quantity", "number": "search_quantity", "uri": "search_token",
}  # fmt: skip

_WHOM = frozenset(("subject", "patient"))
"""Parameters of the child that an entry is about, which stands in the child's own book."""

_DAY = 86_400_000_000


def both(parts: Iterable[Condition], word: str = " AND ") -> Condition:
    """All of these conditions, or (` OR `) one of them."""
    some = list(parts)
    return _joined([text for text, _ in some], word), [value for _, values in some for value in values]


def _joined(texts: Sequence[str], word: str) -> str:
    """SQLite refuses a row of a thousand, and what is too deep in brackets: many are put together in rows of rows, and
    what binds tighter than all around it has none."""
    if len(texts) == 1:
        return texts[0]
    if len(texts) > _ROW:
        texts = [_joined(texts[at : at + _ROW], word) for at in range(0, len(texts), _ROW)]
    return word.join(texts) if word == " AND " else f"({word.join(texts)})"


_ROW = 30


def one_of(values: Sequence[object]) -> str:
    return f"IN ({', '.join(['%s'] * len(values))})"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and what is known of their rights before a search is compiled."""

    scope: Scope
    vendor: str
    content: Callable[[UUID], Condition]
    """What the asker may read in one child's book, as a condition on entries `e`."""
    veiled: tuple[UUID, ...]
    """The children of whom the asker must not learn where they are."""
    moment: int
    child: UUID | None = None
    """The one child that the search is about, where it can be told beforehand."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose entries a level is about: one child's (or the directory's), or those of any of the asker's children."""

    alias: str
    only: UUID | None


class Compiler:
    """Compiles the levels of a search for one asker."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.sql = Dialect(asker.vendor)

    # -- levels ------------------------------------------------------------------------------------------------------

    def place(self, kind: str, depth: int = 0) -> Place:
        only = DIRECTORY if kind in DIRECTORY_TYPES else None if kind in THINGS else self.asker.child
        return Place("e" if depth == 0 else f"e{depth}", only)

    def where(self, level: m.Level, depth: int = 0, *, known: bool = False) -> Condition:
        """True for an entry of this level that the asker may read. `known`: only the books that the asker may know of
        are looked into. An entry that is passed through is in the same book as one that has been asked about.

        What goes on stands first, or SQLite's parser would run out of room for what it has begun."""
        place = self.place(level.kind, depth)
        deep_first = sorted(level.conditions, key=lambda one: not isinstance(one, m.Chained | m.Has))
        conditions = [self.condition(one, level.kind, place, depth) for one in deep_first]
        kind: Condition = (f"{place.alias}.kind = '{level.kind}'", [])
        return both([*conditions, kind, self.granted(level.kind, place, known or depth > 0)])

    def granted(self, kind: str, place: Place, known: bool) -> Condition:
        alias, only = place.alias, place.only
        if only and only != DIRECTORY:
            text, values = self.asker.content(only)
            return both([(f"{alias}.child_id = %s", [only]), (_renamed(text, alias), values)])
        if kind in DIRECTORY_TYPES:
            return self._of_directory(alias)
        text, values = over_children(self.asker.scope, CONTENT, among_mine=known)
        child = (_renamed(text, alias), values)
        return both([child, self._of_directory(alias)], " OR ") if kind in THINGS else child

    def granted_any(self) -> Condition:
        """The same for an entry `e` of whichever type."""
        return both([over_children(self.asker.scope, CONTENT), self._of_directory("e")], " OR ")

    def _of_directory(self, alias: str) -> Condition:
        text, values = in_directory(self.asker.scope)
        return _renamed(text, alias), values

    # -- conditions --------------------------------------------------------------------------------------------------

    def condition(self, one: m.Condition, kind: str, place: Place, depth: int) -> Condition:
        if isinstance(one, m.AnyOf):
            return both((self.condition(part, kind, place, depth) for part in one.conditions), " OR ")
        if isinstance(one, m.Ids):
            text, values = self.sql.among(f"{place.alias}.id", one.values) if one.values else NEVER
            return (f"NOT ({text})", values) if one.but else (text, values)
        if isinstance(one, m.Updated):
            at = f"{place.alias}.recorded_at"
            return both((self._span(span, at, at) for span in one.values), " OR ")
        if isinstance(one, m.Since):
            text, values = changed_since(one.moment)
            return _renamed(text, place.alias), values
        found = [self._of_rows(one, kind, place, depth)]
        found += [self.unveiled(place.alias)] if tells_a_place(kind, one) else []
        return both([*found, *self.signed(place.alias, one.param)])

    def _of_rows(self, one: m.Condition, kind: str, place: Place, depth: int) -> Condition:
        if isinstance(one, m.Chained):
            return both((self._chained(one, level, kind, place, depth + 1) for level in one.to), " OR ")
        if isinstance(one, m.Has):
            return self._has(one, kind, place, depth + 1)
        none = (isinstance(one, m.Missing) and one.missing) or (isinstance(one, m.Tokens) and one.but)
        return self._having(place, self.test(kind, one), none=none)

    def test(self, kind: str, one: m.Condition) -> tuple[str, Condition]:
        """The table whose rows answer a condition by themselves, and the condition on its rows `t`."""
        if isinstance(one, m.Missing):
            return self._test(kind, one.param)
        return self._test(kind, one.param, self.rows(one, kind))  # type: ignore[union-attr]

    def rows(self, one: m.Condition, kind: str) -> Condition:
        """True for a search row `t` that answers a condition by itself."""
        match one:
            case m.Tokens():
                return self._tokens(one.values)
            case m.Strings():
                return both(map(partial(self._string, one.how), one.values), " OR ")
            case m.Dates():
                return both((self._span(span, "t.low", "t.high") for span in one.values), " OR ")
            case m.Amounts():
                return both(map(self._amount, one.values), " OR ")
            case m.References():
                return self._references(one, kind)
            case m.Uris():
                return self._uris(one, kind)
            case _:
                raise TypeError(one)

    def unveiled(self, alias: str) -> Condition:
        """Not read through a veil: what could tell a place matches nothing there."""
        scope, children = self.asker.scope, self.asker.veiled
        if not children:
            return "1 = 1", []
        return f"({alias}.child_id NOT {one_of(children)} OR {alias}.unit_id = %s)", [*children, scope.unit_id]

    def signed(self, alias: str, param: str) -> list[Condition]:
        """What could tell who has notified matches no notification that is read without it (`record.unsigned`)."""
        scope = self.asker.scope
        if scope.unit_id is not None or param not in SAYS_WHO:
            return []
        return [(f"({alias}.what <> %s OR COALESCE({alias}.author_id = %s, FALSE))", [CONCERN, scope.role_id])]

    # -- search rows -------------------------------------------------------------------------------------------------

    def _test(self, kind: str, param: str, condition: Condition | None = None) -> tuple[str, Condition]:
        """The table of a parameter, and a condition on its rows `t`."""
        name, parts = param, [condition] if condition else []
        if (wider := narrowed(kind).get(param)) is not None:
            name = wider.parameter
            there = [
                self.sql.starts("t.target", f"{wider.target}/"),
                (self.sql.contains("t.target"), [f"/{wider.target}/"]),
            ]
            parts.append(both(there, " OR "))
        name = "name" if name == "phonetic" else name
        table = _TABLES[search_parameters(kind)[name]]
        if table == "search_reference" and param not in _WHOM and not self.asker.scope.complete:
            parts.append(self._told())
        return table, both([(f"t.param = {parameter_code(f'{kind}.{name}')}", []), *parts])

    def _told(self) -> Condition:
        """True for a row `t` of a reference that the asker is told of: what leads to an entry that they may not read is
        left out of what they read (`record.leading`), and can't be found out by asking for it either."""
        read, values = over_children(self.asker.scope, CONTENT)
        opened = _renamed(read, "h").replace("h.shelf", f"(h.shelf & {OUT - 1})")
        ident = self.sql.ident("t.target", "")
        sql = f"""NOT EXISTS (SELECT 1 FROM entry h WHERE h.id = {ident} AND h.child_id <> {self.shelf}
          AND h.kind NOT {one_of(PEOPLE)} AND NOT ({opened}))"""
        return sql, [*PEOPLE, *values]

    def _having(self, place: Place, rows: tuple[str, Condition], *, none: bool = False) -> Condition:
        """The entry has such a row; or `none`."""
        (table, (test, values)), alias, word = rows, place.alias, "NOT " if none else ""
        if place.only:
            sql = f"{alias}.id {word}IN (SELECT t.entry_id FROM {table} t WHERE t.child_id = %s AND {test})"
            return sql, [place.only, *values]
        mine = f"t.child_id = {alias}.child_id AND t.entry_id = {alias}.id"
        return f"{word}EXISTS (SELECT 1 FROM {table} t WHERE {mine} AND {test})", values

    def _tokens(self, values: Sequence[m.Coded]) -> Condition:
        by_system: dict[str | None, list[str | None]] = {}
        for one in values:
            by_system.setdefault(one.system, []).append(one.code)
        return both((self._of_system(system, codes) for system, codes in by_system.items()), " OR ")

    def _of_system(self, system: str | None, codes: Sequence[str | None]) -> Condition:
        parts: list[Condition] = [] if system is None else [("t.system = %s", [fitting(system)])]
        if None in codes:
            return both([*parts, ("t.code <> ''", [])])
        return both([*parts, (f"t.code {one_of(codes)}", [fitting(code) for code in codes if code is not None])])

    def _string(self, how: m.How, text: str) -> Condition:
        plain = fitting(folded(text))
        if how is m.How.CONTAINS:
            return self.sql.contains(self.sql.folded("t.text")), [plain]
        if how is m.How.STARTS:
            return self.sql.starts("t.text", plain)
        return both([("t.text = %s", [plain]), self.sql.starts("t.text", plain + BEHIND)], " OR ")

    def _span(self, span: m.Span, low: str, high: str) -> Condition:
        """R4 §3.1.1.4.5: the stretch of time that is asked for, and the one that a resource tells."""
        prefix, first, last = span
        inside: Condition = (f"({low} >= %s AND {low} <= %s AND {high} <= %s)", [first, last, last])
        above: Condition = (f"{high} > %s", [last])
        below: Condition = (f"{low} < %s", [first])
        match prefix:
            case m.Prefix.EQUAL:
                return inside
            case m.Prefix.NOT_EQUAL:
                return both([below, above], " OR ")
            case m.Prefix.GREATER:
                return above
            case m.Prefix.LESS:
                return below
            case m.Prefix.GREATER_OR_EQUAL:
                return both([above, inside], " OR ")
            case m.Prefix.LESS_OR_EQUAL:
                return both([below, inside], " OR ")
            case m.Prefix.STARTS_AFTER:
                return f"{low} > %s", [last]
            case m.Prefix.ENDS_BEFORE:
                return f"{high} < %s", [first]
            case m.Prefix.ABOUT:
                some = nearly(span, self.asker.moment)
                return f"({low} <= %s AND {high} >= %s)", [some.high, some.low]

    def _amount(self, amount: m.Amount) -> Condition:
        parts: list[Condition] = [] if amount.system is None else [("t.system = %s", [fitting(amount.system)])]
        parts += [] if amount.unit is None else [("t.code = %s", [fitting(amount.unit)])]
        return both([_compared(amount), *parts])

    def _references(self, one: m.References, kind: str) -> Condition:
        same: Condition = (f"t.target {one_of(one.values)}", [fitting(value) for value in one.values])
        if not one.versions:
            return same
        return both([same, *(self.sql.starts("t.target", f"{value}|") for value in one.values)], " OR ")

    def _uris(self, one: m.Uris, kind: str) -> Condition:
        values = [fitting(value) for value in one.values]
        if one.reach is m.Reach.ABOVE:
            values = sorted({above for value in values for above in ancestors(value)})
        parts: list[Condition] = [(f"t.code {one_of(values)}", list(values))]
        if one.reach is m.Reach.BELOW:
            parts += [self.sql.starts("t.code", value.rstrip("/") + "/") for value in values]
        elif "canonical" in kinds_of(kind, one.param):
            parts += [self.sql.starts("t.code", f"{value}|") for value in values]
        return both(parts, " OR ")

    # -- through references ------------------------------------------------------------------------------------------

    def _chained(self, one: m.Chained, level: m.Level, kind: str, place: Place, depth: int) -> Condition:
        """The entry has a reference to an entry of that level."""
        inner = self.place(level.kind, depth)
        there = f"{inner.alias}.child_id {self._books(level.kind)}"
        table, (test, values) = self._test(kind, one.param)
        where, more = self.where(level, depth)
        ident = self.sql.ident("t.target", level.kind)
        joined = f"{table} t JOIN entry {inner.alias} ON {there} AND {inner.alias}.id = {ident}"
        if place.only:
            sql = f"{place.alias}.id IN (SELECT t.entry_id FROM {joined} WHERE {where} AND t.child_id = %s AND {test})"
            return sql, [*more, place.only, *values]
        mine = f"t.child_id = {place.alias}.child_id AND t.entry_id = {place.alias}.id"
        return f"EXISTS (SELECT 1 FROM {joined} WHERE {where} AND {mine} AND {test})", [*more, *values]

    @property
    def shelf(self) -> str:
        """The directory, where a child is expected."""
        return "X'00000000000000000000000000000000'" if self.sql.sqlite else f"'{DIRECTORY}'::uuid"

    def books(self, *, shelf: bool = False) -> Condition:
        """The children that the asker may know of, as a table `b`; with what belongs to no child when asked for."""
        known, who = mine(self.asker.scope)
        also = f" UNION SELECT {self.shelf}" if shelf else ""
        return f"(SELECT DISTINCT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL{also}) b", who

    def _books(self, kind: str) -> str:
        """Where what is referred to from a book stands: in the same book, or in the directory."""
        if kind in DIRECTORY_TYPES:
            return f"= {self.shelf}"
        return f"IN (t.child_id, {self.shelf})" if kind in THINGS else "= t.child_id"

    def _has(self, one: m.Has, kind: str, place: Place, depth: int) -> Condition:
        """An entry of that level has a reference to the entry."""
        inner = self.place(one.of.kind, depth)
        table, (test, values) = self._test(one.of.kind, one.param)
        told = [self.unveiled(inner.alias)] if kind in DIRECTORY_TYPES else []
        where, more = both([self.where(one.of, depth), *told, *self.signed(inner.alias, one.param)])
        here = f"{inner.alias}.child_id = t.child_id AND {inner.alias}.id = t.entry_id"
        joined = f"{table} t JOIN entry {inner.alias} ON {here}"
        found = f"{where} AND {test} AND t.target = {self.sql.address(place.alias)}"
        if kind in DIRECTORY_TYPES or kind in THINGS:  # which every book may refer to
            books, who = self.books(shelf=True)
            sql = f"EXISTS (SELECT 1 FROM {books} CROSS JOIN {joined} WHERE {found} AND t.child_id = b.child_id)"
            return sql, [*who, *more, *values]
        mine = f"t.child_id = {place.alias}.child_id"
        return f"EXISTS (SELECT 1 FROM {joined} WHERE {found} AND {mine})", [*more, *values]


def _renamed(text: str, alias: str) -> str:
    """A condition on entries `e`, on those of another name."""
    return text if alias == "e" else re.sub(r"\be\.", f"{alias}.", text)


def _compared(amount: m.Amount) -> Condition:
    inside: Condition = ("(t.low >= %s AND t.high < %s)", [amount.low, amount.high])
    match amount.prefix:
        case m.Prefix.EQUAL:
            return inside
        case m.Prefix.NOT_EQUAL:
            return f"NOT {inside[0]}", inside[1]
        case m.Prefix.GREATER:
            return "t.high > %s", [amount.value]
        case m.Prefix.LESS:
            return "t.low < %s", [amount.value]
        case m.Prefix.GREATER_OR_EQUAL:
            return "t.high >= %s", [amount.value]
        case m.Prefix.LESS_OR_EQUAL:
            return "t.low <= %s", [amount.value]
        case m.Prefix.STARTS_AFTER:
            return "t.low > %s", [amount.value]
        case m.Prefix.ENDS_BEFORE:
            return "t.high < %s", [amount.value]
        case m.Prefix.ABOUT:
            some = abs(amount.value) / 10
            return "(t.low <= %s AND t.high >= %s)", [amount.value + some, amount.value - some]


def nearly(span: m.Span, moment: int) -> m.Span:
    """About a date is a tenth of its distance from now, and a day at least."""
    some = max(abs(moment - (span.low + span.high) // 2) // 10, _DAY)
    return m.Span(span.prefix, span.low - some, span.high + some)


def ancestors(address: str) -> list[str]:
    """An address and all those above it: http://a/b/c, http://a/b, http://a, with and without a stroke at the end."""
    scheme, mark, path = address.rstrip("/").partition("://")
    parts = path.split("/")
    heads = ["/".join(parts[:end]) for end in range(len(parts), 0, -1)] if mark else []
    return [address, *(f"{scheme}{mark}{head}{end}" for head in heads for end in ("", "/"))]
