"""The one door to what is known about a child.

A `Book` is constructed with a `Scope` and reads nothing that the scope's grants do not open: each query joins entries
with grants in SQL, so that rows, counts, order and paging are all of what the asker may see and of nothing else. A
child without a grant and a child that does not exist take the same query and give the same answer.

Where a child's address is protected and nothing clears the asker to know it, what the book says is read through a
`Veil`, but for what the asker's own unit has written.

What was read is remembered in `trail`, so that the caller (`access.open_book`) can log it in the same transaction.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import DIRECTORY

from .entries import (
    ENTRY_COLUMNS,
    HEADING_COLUMNS,
    Coming,
    EntryRow,
    Filter,
    Heading,
    Key,
    OpenTask,
    Sought,
    Stage,
    Tally,
    VersionRow,
)
from .fields import for_database, maybe_uuid, parameters, uuid_of
from .filtering import any_of, conditions
from .joins import entries_of_mine, with_words, words
from .promotion import DECEASED
from .receipt import CAME, ENTRY_CAME
from .resting import Trail
from .rights import (
    CLOSED,
    CONTENT,
    HEADINGS,
    TOLD,
    GrantRow,
    Rights,
    counts,
    mine,
    of_child,
    of_directory,
    over_children,
    rights,
    usable,
    veiled,
    within,
)
from .scope import Scope
from .searching.finding import Finding
from .sql import fetch
from .stages import staged, stages
from .unsigned import as_read, is_silent, is_unsigned, unsigned_heading, unsigned_row
from .veil import Veil
from .versions import Versions, version_of

_COLUMNS = ", ".join(f'e."{name}"' for name in ENTRY_COLUMNS)
_HEADING = ", ".join(f'e."{name}"' for name in HEADING_COLUMNS)
_IDS = tuple(at for at, name in enumerate(ENTRY_COLUMNS) if name == "id" or name.endswith("_id"))
_FLAGS = tuple(EntryRow._fields.index(name) for name in ("open", "important", "imported", "readable"))


class Book(Finding, Versions):
    """Reads what `scope` may see. Made by `access.open_book` only. `veil`: makes the veil, should one be needed."""

    def __init__(self, scope: Scope, veil: Callable[[], Veil] = Veil) -> None:
        self.scope = scope
        self.trail = Trail()
        self._rights: dict[UUID, Rights] = {}
        self._veiled: dict[UUID, bool] = {}
        self._make_veil = veil
        self._veil: Veil | None = None

    # -- which children ------------------------------------------------------------------------------------------

    def sees(self, child_id: UUID) -> bool:
        """Whether the asker may know of this child at all."""
        return self._of(child_id).any

    def require(self, child_id: UUID) -> None:
        """`NotFound` unless this is a child that the asker may know of. The directory's shelf is nobody's book."""
        if child_id == DIRECTORY or not self.sees(child_id):
            raise NotFound
        self.trail.children.add(child_id)

    def children(self) -> list[UUID]:
        """Every child the asker may know of, in one query."""
        known, values = mine(self.scope)
        sql = f"SELECT DISTINCT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL"
        return [uuid_of(row[0]) for row in self._rows(sql, values)]

    def veiled(self, child_id: UUID) -> bool:
        """Whether the asker must not learn where this child is."""
        known = self._veiled.get(child_id)  # asked of every entry that is told
        return child_id in self.veiled_among([child_id]) if known is None else known

    def veiled_among(self, children: Iterable[UUID]) -> set[UUID]:
        """Those of these children of whom the asker must not learn where they are: one query, whatever their number."""
        wanted = set(children)
        new = list(wanted - self._veiled.keys())
        if len(new) == 1:
            self._veiled[new[0]] = self._of(new[0]).veiled
        elif new:
            sql, values = veiled(self.scope, mine(self.scope, of_one=True), ", ".join(["%s"] * len(new)))
            found = set() if self.scope.at_home else {uuid_of(row[0]) for row in self._rows(sql, [*new, *values])}
            self._veiled |= {child: child in found for child in new}
        return {child for child in wanted if self._veiled[child]}

    # -- entries of one child ------------------------------------------------------------------------------------

    def entries(
        self,
        child_id: UUID,
        wanted: Filter,
        *,
        limit: int | None = None,
        offset: int = 0,
        newest_first: bool = True,
        order: Literal["start", "recorded_at", "came"] = "start",
    ) -> list[EntryRow]:
        where, values = self._where(child_id, wanted)
        readable, more = self._of(child_id).readable
        direction = "DESC" if newest_first else "ASC"
        by = f"{ENTRY_CAME} {direction}, e.recorded_at" if order == "came" else f"e.{order}"
        sql = f"SELECT {_COLUMNS}, {readable} FROM entry e WHERE {where} ORDER BY {by} {direction}, e.id {direction}"
        if limit is not None:
            sql += f" LIMIT {int(limit)} OFFSET {int(offset)}"
        return self._entries(sql, [*more, *values])

    def count(self, child_id: UUID, wanted: Filter) -> int:
        where, values = self._where(child_id, wanted)
        (found,) = self._rows(f"SELECT COUNT(*) FROM entry e WHERE {where}", values)[0]
        return int(found)

    def tally(self, child_id: UUID, wanted: Filter) -> list[Tally]:
        """The number of entries per month and lane."""
        where, values = self._where(child_id, wanted)
        sql = f"SELECT e.month, e.lane, COUNT(*) FROM entry e WHERE {where} GROUP BY e.month, e.lane"
        return list(map(Tally._make, self._rows(sql, values)))

    def entry(self, child_id: UUID, entry_id: UUID) -> EntryRow:
        where, values = self._where(child_id, Filter(on_timeline=False))
        readable, more = self._of(child_id).readable
        sql = f"SELECT {_COLUMNS}, {readable} FROM entry e WHERE {where} AND e.id = %s"
        found = self._entries(sql, [*more, *values, entry_id])
        if not found:
            raise NotFound
        return found[0]

    def bodies(self, rows: Sequence[EntryRow]) -> dict[UUID, bytes]:
        """The present words of entries already read, by entry id and in the order of the entries, in one query. None
        for those of which the asker may see the heading only."""
        if not rows:
            return {}
        (child_id,) = {row.child_id for row in rows}
        marks = ", ".join(["%s"] * len(rows))
        opened, values = self._of(child_id).content
        sql = f"""SELECT e.id, v.body FROM {with_words()}
          WHERE e.child_id = %s AND e.id IN ({marks}) AND {opened}"""
        found = self._rows(sql, [child_id, *(row.id for row in rows), *values])
        bodies = {uuid_of(ident): bytes(body) for ident, body in found}
        return {row.id: self._seen(row, bodies[row.id]) for row in rows if row.id in bodies}

    def seen(self, child_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
        """Those entries of which the asker may see the heading at least."""
        wanted = sorted(set(ids))
        if not wanted:
            return set()
        opened, values = self._of(child_id).headings
        marks = ", ".join(["%s"] * len(wanted))
        sql = f"SELECT e.id FROM entry e WHERE e.child_id = %s AND e.id IN ({marks}) AND {opened}"
        return {uuid_of(row[0]) for row in self._rows(sql, [child_id, *wanted, *values])}

    def whole(self, child_id: UUID, only: Collection[UUID] | None = None) -> list[tuple[EntryRow, str, VersionRow]]:
        """Every entry in its present version, with what its source calls it: for an export. `only`: of these ids."""
        if only is not None and not only:
            return []
        among = f" AND e.id IN ({', '.join(['%s'] * len(only))})" if only else ""
        ids = sorted(only or ())
        where, values = self._where(child_id, Filter(on_timeline=False))
        readable, more = self._of(child_id).readable
        sql = f"SELECT {_COLUMNS}, {readable} FROM entry e WHERE {where}{among} ORDER BY e.start, e.id"
        rows = {row.id: row for row in self._entries(sql, [*more, *values, *ids])}
        opened, values = self._of(child_id).content
        sql = f"""SELECT e.id, e.source_ref, v.number, v.body, v.recorded_at, {CAME}, v.by_id, v.on_behalf_of_id,
        v.delivery_id, v.place FROM {with_words()} WHERE e.child_id = %s AND {opened}{among}"""
        found = {uuid_of(row[0]): row for row in self._rows(sql, [child_id, *values, *ids])}
        return [(row, found[ident][1], version_of(found[ident][2:])) for ident, row in rows.items() if ident in found]

    # -- across children -----------------------------------------------------------------------------------------

    def open_tasks(self, what: Sequence[str] = ("task", "team")) -> list[OpenTask]:
        """Every waiting task on the asker's children, and every coordinator's part that is offered, or what else of
        these kinds waits, most urgent first: one query, whatever the number of children.

        Only what sorts and counts them; `tasks` reads those that are shown.
        """
        known, values = mine(self.scope)
        opened, more = over_children(self.scope, HEADINGS, among_mine=True)
        sql = f"""SELECT e.child_id, e.id, e.holder_id, e.offered_id, e.due, e.start, e.unit_id, e.what FROM (
            SELECT DISTINCT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL) mine
          {entries_of_mine(f"e.open AND e.what IN ({', '.join(['%s'] * len(what))})")} WHERE {opened}
          ORDER BY e.due IS NULL, e.due, e.start, e.id"""
        return list(map(OpenTask._make, self._rows(sql, [*values, *what, *more])))

    def coming(
        self, *, plans: int | None, consents: int | None, begun: tuple[int, int], births: Sequence[tuple[int, int]]
    ) -> list[Coming]:
        """What comes by itself on the asker's children, whatever their number one query: the plans of the asker's own
        unit that are to be followed up before a moment, the consents that end between now and one, or say that they
        last longer and were given in a time (`begun`), and the children themselves who live and are born in one of
        these times (their `due` is nothing). Without a moment none."""
        wanted: list[tuple[str, list[Any]]] = []
        if plans is not None:
            ours = "e.what = 'plan' AND e.due BETWEEN 0 AND %s AND NOT e.open AND e.unit_id = %s"
            wanted.append((ours, [plans, self.scope.unit_id]))
        if consents is not None:
            wanted.append(("e.what = 'consent' AND e.due BETWEEN %s AND %s AND NOT e.open", [self.scope.at, consents]))
            longer = "e.what = 'consent' AND e.due > %s AND e.start BETWEEN %s AND %s AND NOT e.open"
            wanted.append((longer, [consents, *begun]))
        if births:
            born = " OR ".join(["e.start BETWEEN %s AND %s"] * len(births))
            alive = f"e.what = 'child' AND e.status <> '{DECEASED}' AND ({born})"
            wanted.append((alive, [edge for one in births for edge in one]))
        return self._coming(*wanted) if wanted else []

    def coming_of(self, children: Sequence[Key]) -> list[Coming]:
        """Every plan and consent with such a day of these children, to know which are the last of their sort."""
        if not children:
            return []
        marks = ", ".join(["%s"] * len(children))
        wanted = f"e.child_id IN ({marks}) AND e.what IN ('plan', 'consent') AND e.due IS NOT NULL AND NOT e.open"
        return self._coming((wanted, list(children)))

    def _coming(self, *conditions: tuple[str, list[Any]]) -> list[Coming]:
        """Each condition is a part of its own, so that each goes by its own index. (One table of the asker's children
        for all of them would be neater: SQLite reads the whole index of entries then, for a filter before the join.)"""
        known, who = mine(self.scope)
        opened, more = over_children(self.scope, HEADINGS, among_mine=True)
        parts = [
            f"""SELECT e.child_id, e.id, e.what, e.start, COALESCE(e.due, 0), e.lane, e.author_id, e.title, e.version,
              e.recorded_at FROM (
                SELECT DISTINCT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL) mine
              {entries_of_mine(condition)} WHERE {opened}"""
            for condition, _ in conditions
        ]
        values = [value for _, some in conditions for value in (*who, *some, *more)]
        found = list(map(Coming._make, self._rows(" UNION ALL ".join(parts), values)))
        veiled = self.veiled_among(uuid_of(row.child_id) for row in found if row.what == "consent")
        return [
            row._replace(title=self._through(row.title))
            if row.what == "consent" and uuid_of(row.child_id) in veiled else row
            for row in found
        ]  # fmt: skip

    def dead(self, children: Sequence[UUID]) -> set[UUID]:
        """Those of these children who have died, as far as the asker may see: one query, whatever their number."""
        if not children:
            return set()
        opened, more = over_children(self.scope, HEADINGS)
        sql = f"""SELECT e.child_id FROM entry e WHERE e.child_id IN ({_marks(children)}) AND e.what = 'child'
          AND e.status = %s AND {opened}"""
        return {uuid_of(row[0]) for row in self._rows(sql, [*children, DECEASED, *more])}

    def last_written(self, children: Sequence[UUID], kinds: Sequence[str], lane: str) -> list[tuple[UUID, str, int]]:
        """When a sector last began something that counts, by child and kind, as far as the asker may see. What another
        municipality has written, and sent, is none of theirs."""
        if not children or not kinds:
            return []
        opened, more = over_children(self.scope, HEADINGS)
        some, marks = (", ".join(["%s"] * len(wanted)) for wanted in (kinds, children))
        away = sorted(self.scope.elsewhere)
        here = f"AND (e.unit_id IS NULL OR e.unit_id NOT IN ({_marks(away)}))" if away else ""
        sql = f"""SELECT e.child_id, e.what, MAX(e.start) FROM entry e
          WHERE e.child_id IN ({marks}) AND e.what IN ({some})
          AND e.lane = %s AND e.status NOT IN ('draft', 'revoked', 'entered-in-error') {here} AND {opened}
          GROUP BY e.child_id, e.what"""
        found = self._rows(sql, [*children, *kinds, lane, *away, *more])
        return [(uuid_of(child), what, int(at)) for child, what, at in found]

    def referred(self) -> list[EntryRow]:
        """The referrals to the asker's unit that are not closed."""
        opened, more = over_children(self.scope, HEADINGS)
        sql = f"""SELECT {_COLUMNS}, 0 FROM entry e WHERE e.open AND e.what = 'referral' AND e.holder_id = %s
          AND {opened} ORDER BY e.start, e.id"""
        return self._entries(sql, [self.scope.unit_id, *more])

    def coordinated(self) -> frozenset[Key]:
        """The children whose coordinator the asker is."""
        opened, more = over_children(self.scope, HEADINGS)
        sql = f"SELECT e.child_id FROM entry e WHERE e.what = 'team' AND e.holder_id IN (%s, %s) AND {opened}"
        return frozenset(row[0] for row in self._rows(sql, [self.scope.role_id, self.scope.person_id, *more]))

    def across(self, what: Sequence[str], start: int, end: int) -> list[tuple[EntryRow, bytes | None]]:
        """Entries of some kinds that lie in a time, over all of the asker's children, and what they say where it may be
        read: one query, whatever the number of children. The earliest first."""
        known, values = mine(self.scope)
        (seen, of_seen), (read, of_read) = (
            over_children(self.scope, level, among_mine=True) for level in (HEADINGS, CONTENT)
        )
        timely = f"""e.what IN ({", ".join(["%s"] * len(what))}) AND e.start < %s AND (e.start >= %s OR e."end" > %s)"""
        sql = f"""SELECT {_COLUMNS}, CASE WHEN {read} THEN v.body END FROM (
            SELECT DISTINCT g.child_id FROM access_grant g WHERE {known} AND g.entry_id IS NULL) mine
          {entries_of_mine(timely)}
          {words()}
          WHERE {seen} ORDER BY e.start, e.id"""
        rows = self._rows(sql, [*of_read, *values, *what, end, start, start, *of_seen])
        found = self._shown([_entry((*row[:-1], row[-1] is not None)) for row in rows])
        bodies = (row[-1] for row in rows)
        return [
            (row, None if body is None else self._seen(row, bytes(body)))
            for row, body in zip(found, bodies, strict=True)
        ]

    def stages(
        self,
        what: Sequence[str],
        since: int,
        *,
        unit: UUID | None = None,
        earlier: bool = True,
        ids: Sequence[UUID] = (),
    ) -> list[list[Stage]]:
        """How headings of these kinds have stood, on all of the asker's children, entry by entry (`record.stages`)."""
        rows = self._rows(*stages(self.scope, what, since, unit=unit, earlier=earlier, ids=ids))
        self.trail.kinds.update(row[2] for row in rows)
        return staged(rows)

    def key(self, ident: UUID) -> Key:
        """An id as it stands in an `OpenTask`."""
        return for_database(ident, connection)

    def tasks(self, wanted: Sequence[OpenTask]) -> list[EntryRow]:
        """The tasks themselves, in the order asked for."""
        if not wanted:
            return []
        marks = ", ".join(["%s"] * len(wanted))
        opened, values = over_children(self.scope, HEADINGS)
        sql = f"""SELECT {_COLUMNS}, 0 FROM entry e WHERE e.child_id IN ({marks}) AND e.id IN ({marks}) AND {opened}"""
        ids = [*(one.child_id for one in wanted), *(one.id for one in wanted)]
        found = {row.id: row for row in self._entries(sql, [*ids, *values])}
        ids_in_order = (uuid_of(one.id) for one in wanted)
        return [found[ident] for ident in ids_in_order if ident in found]

    def over(self, children: Sequence[UUID], wanted: Sequence[Sought], *, mine: bool = False) -> list[Heading]:
        """What is sought on those of these children that the asker may know of, oldest first: one query, whatever the
        number of children and kinds. The words come through the rights to read them, and not otherwise. `mine`: they
        are out of `children` or `open_tasks`, so that they need not be asked about again."""
        if not children or not wanted:
            return []
        read, of_read = any_of(one for one in wanted if one.read)
        seen, of_seen = any_of(one for one in wanted if not one.read)
        (heading, of_heading), (content, of_content) = (
            over_children(self.scope, one, among_mine=mine) for one in (HEADINGS, CONTENT)
        )
        kinds = sorted({what for one in wanted for what in one.what})
        sql = f"""SELECT {_HEADING}, v.body FROM {with_words(f"{read} AND {content}")}
          WHERE e.child_id IN ({_marks(children)}) AND e.what IN ({_marks(kinds)})
          AND (v.entry_id IS NOT NULL OR ({seen} AND {heading})) ORDER BY e.start, e.id"""
        rows = self._rows(sql, [*of_read, *of_content, *children, *kinds, *of_seen, *of_heading])
        return self._headings([_heading(row) for row in rows])

    def _headings(self, found: list[Heading]) -> list[Heading]:
        """Headings as the reader may see them; what is seen goes into the trail."""
        read = [one for one in found if one.body is not None]
        self.trail.children.update(one.child_id for one in read)
        self.trail.entries.update(one.id for one in read)
        self.trail.kinds.update(one.what for one in found)
        found = [unsigned_heading(one) if self.reads_unsigned(one) else one for one in found]
        if not self.veiled_among({one.child_id for one in found}):
            return found
        return [self._veiled_heading(one) if self.reads_through_a_veil(one) else one for one in found]

    def _veiled_heading(self, one: Heading) -> Heading:
        body = None if one.body is None else self._drawn().body(one.body)
        return one._replace(title=self._through(one.title), body=body)

    def words(
        self, children: Sequence[UUID], what: Sequence[str], *, waiting: bool = False
    ) -> list[tuple[EntryRow, bytes]]:
        """The entries of these kinds that the asker may read the contents of, on any of these children, with their
        present words, oldest first. `waiting`: only what waits."""
        if not children or not what:
            return []
        opened, values = over_children(self.scope, CONTENT)
        only = "AND e.open" if waiting else ""
        sql = f"""SELECT {_COLUMNS}, 1, v.body FROM {with_words()}
          WHERE e.child_id IN ({_marks(children)}) AND e.what IN ({_marks(what)}) {only} AND {opened}
          ORDER BY e.start, e.id"""
        found = self._rows(sql, [*children, *what, *values])
        rows = self._shown([_entry(row[:-1]) for row in found])
        return [(row, self._seen(row, bytes(told[-1]))) for row, told in zip(rows, found, strict=True)]

    def titles(self, ids: Sequence[UUID]) -> dict[UUID, str]:
        """What entries are called, on whichever of the asker's children: for people, their names."""
        if not ids:
            return {}
        opened, values = over_children(self.scope, HEADINGS)
        sql = (
            f"SELECT e.id, e.title, e.child_id FROM entry e WHERE e.id IN ({', '.join(['%s'] * len(ids))}) AND {opened}"
        )
        found = [(uuid_of(ident), title, uuid_of(child)) for ident, title, child in self._rows(sql, [*ids, *values])]
        veiled = self.veiled_among(child for _, _, child in found)
        return {ident: self._through(title) if child in veiled else title for ident, title, child in found}

    def packs(self) -> list[EntryRow]:
        """The meeting packs that the asker may read now, of whichever child, the next meeting first."""
        known, values = mine(self.scope)
        sql = f"""SELECT {_COLUMNS}, 1 FROM access_grant g JOIN entry e ON e.child_id = g.child_id AND e.id = g.basis_id
          AND e.id = g.entry_id WHERE {known} AND e.what = 'pack' AND {usable(self.scope)} ORDER BY e."end", e.id"""
        return self._entries(sql, values) if self.scope.pack else []

    def notices(self) -> list[EntryRow]:
        """What the asker's unit has been told and nobody there has marked as read, the newest first: that a sharing has
        ended, also where the child may no longer be known."""
        known, values = mine(self.scope)
        sql = f"""SELECT {_COLUMNS}, 0 FROM access_grant g JOIN entry e ON e.child_id = g.child_id AND e.id = g.entry_id
          WHERE {known} AND g.rule = %s AND e.what = 'notice' AND e.open AND {within(self.scope.shelves)}
          ORDER BY e.start DESC, e.id"""
        return self._entries(sql, [*values, TOLD])

    def saw(self, child_id: UUID) -> None:
        """Something was told of a child that was read without its entries: it is in the log all the same."""
        self.trail.children.add(child_id)

    def closed_tasks(self, *, counted: bool = False) -> list[EntryRow]:
        """The tasks that the asker's unit has ended, the last one first: it may no longer know the children, and must
        be able to begin again. `counted`: nobody is told which, and the log does not name the children."""
        known, values = mine(self.scope)
        sql = f"""SELECT {_COLUMNS}, 0 FROM access_grant g JOIN entry e ON e.child_id = g.child_id AND e.id = g.entry_id
          WHERE {known} AND g.rule = %s AND {within(self.scope.shelves)} ORDER BY e."end" DESC, e.id"""
        found = [_entry(row) for row in self._rows(sql, [*values, CLOSED])]
        return found if counted else self._shown(found)

    # -- read marks ----------------------------------------------------------------------------------------------

    def read_mark(self, child_id: UUID) -> int | None:
        """Until when the asker has marked this book as read."""
        sql = "SELECT at FROM read_mark WHERE child_id = %s AND reader_id = %s"
        found = self._rows(sql, [child_id, self.scope.role_id])
        return int(found[0][0]) if found else None

    def own_grants(self, child_id: UUID) -> list[GrantRow]:
        """The asker's own rights in a child's book that count now: to explain them."""
        if not self.sees(child_id):
            return []
        sql, values = of_child(child_id, self.scope)
        found = [_grant(row) for row in self._rows(sql, values)]
        return [one for one in found if one.level and counts(one.rule, self.scope)]

    def grant_patterns(self) -> dict[Key, tuple[tuple[int, int, str, bool], ...]]:
        """The asker's grants on each of their children: shelves, level, rule, and whether only somebody's own words."""
        known, values = mine(self.scope)
        sql = f"""SELECT g.child_id, g.shelves, g.level, g.rule, g.source_id IS NOT NULL OR g.lane <> ''
          FROM access_grant g WHERE {known} AND g.entry_id IS NULL ORDER BY g.child_id, g.rule, g.shelves, g.level"""
        found: dict[Key, list[tuple[int, int, str, bool]]] = {}
        for child, *grant in self._rows(sql, values):
            found.setdefault(child, []).append((grant[0], grant[1], grant[2], bool(grant[3])))
        return {child: tuple(grants) for child, grants in found.items()}

    # -- the veil ------------------------------------------------------------------------------------------------

    def reads_through_a_veil(self, row: EntryRow | Heading) -> bool:
        """What the asker's own unit has written is no news to it."""
        return (row.unit_id is None or row.unit_id != self.scope.unit_id) and self.veiled(row.child_id)

    def reads_unsigned(self, row: EntryRow | Heading) -> bool:
        """Who wrote it is not told to the asker."""
        return is_unsigned(row.what, row.author_id, self.scope)

    def reads_less(self, row: EntryRow) -> bool:
        """Something that it says is not told to the asker."""
        return self.reads_through_a_veil(row) or self.reads_unsigned(row) or is_silent(row.what, self.scope)

    def _seen(self, row: EntryRow, body: bytes) -> bytes:
        body = as_read(body, row.what, row.author_id, self.scope)
        return self._drawn().body(body) if self.reads_through_a_veil(row) else body

    def _through(self, text: str) -> str:
        return self._drawn().text(text)

    def _drawn(self) -> Veil:
        if self._veil is None:
            self._veil = self._make_veil()
        return self._veil

    # -- the machinery -------------------------------------------------------------------------------------------

    def _of(self, child_id: UUID) -> Rights:
        """The asker's rights in this child's book, read once."""
        if child_id == DIRECTORY:
            return of_directory(self.scope)
        if child_id not in self._rights:
            sql, values = of_child(child_id, self.scope)
            grants = [_grant(row) for row in self._rows(sql, values)]
            self._rights[child_id] = rights(grants, self.scope)
        return self._rights[child_id]

    def _where(self, child_id: UUID, wanted: Filter) -> tuple[str, list[Any]]:
        if self.veiled(child_id):  # who wrote what must not be found out by asking for one after the other
            wanted = replace(wanted, author_id=None, unit_id=None)
        # The rights last: they are the longest to work out, and SQLite asks in the order that it is told.
        parts = [("e.child_id = %s", [child_id]), *conditions(wanted), self._of(child_id).headings]
        return " AND ".join(text for text, _ in parts), [v for _, values in parts for v in values]

    def _entries(self, sql: str, values: Sequence[Any]) -> list[EntryRow]:
        return self._shown([_entry(row) for row in self._rows(sql, values)])

    def _read(self, rows: list[tuple[Any, ...]]) -> list[EntryRow]:
        return [_entry(row) for row in rows]

    def _shown(self, found: list[EntryRow]) -> list[EntryRow]:
        """Rows as the reader may see them; what is seen goes into the trail."""
        children = {row.child_id for row in found}
        self.trail.children |= children
        self.trail.entries |= {row.id for row in found}
        self.trail.kinds |= {row.what for row in found}
        found = [unsigned_row(row) if self.reads_unsigned(row) else row for row in found]
        if not self.veiled_among(children):
            return found
        return [
            row._replace(title=self._through(row.title)) if self.reads_through_a_veil(row) else row for row in found
        ]

    def _rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return fetch(sql, parameters(values, connection))


def _marks(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _grant(row: tuple[Any, ...]) -> GrantRow:
    return GrantRow(row[0], row[1], maybe_uuid(row[2]), row[3], maybe_uuid(row[4]), *row[5:])


def _entry(row: tuple[Any, ...]) -> EntryRow:
    values = list(row)
    for at in _IDS:
        if (value := values[at]) is not None:
            values[at] = uuid_of(value)
    for at in _FLAGS:
        values[at] = bool(values[at])
    return EntryRow._make(values)


def _heading(row: tuple[Any, ...]) -> Heading:
    child, ident, what, lane, title, start, is_open, author, unit, holder, offered, due, version, status, body = row
    return Heading(
        uuid_of(child), uuid_of(ident), what, lane, title, start, bool(is_open), maybe_uuid(author), maybe_uuid(unit),
        maybe_uuid(holder), maybe_uuid(offered), due, version, status, None if body is None else bytes(body),
    )  # fmt: skip
