"""What the asker's grants open, as a condition in SQL.

In one child's book the grants are read first, a handful of rows, and made into one condition with constants
(`Opened`), so that ten thousand entries are counted from an index without asking the grants about each. Over many
children (a work list) the same is asked entry by entry in a join (`over_children`). A property test holds that the two
and the plain reading of a grant (`opens`) agree.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from barnetsbog.kernel.ids import DIRECTORY

from .scope import Scope
from .shelves import BLOCKS, CLASSES, DRAFT, EVERYTHING, OUT, OUT_OF_USE, WHOLE, mask, numbers

HEADINGS, CONTENT = 2, 3
FORBIDDEN = 0
BREAK_GLASS = "OWN-BREAKGLASS-60"
"""The rule of grants that count only in a scope that has broken the glass."""

TOLD, CLOSED = "OWN-TOLD", "OWN-CLOSED"
"""The rule by which a unit reads that a sharing with it has ended, also when it may no longer know of the book."""

PACKS = ("SSD", "RPL115")
"""The rules of grants that count only where meeting packs are read, and there alone."""

PROTECTED = "OWN-NO-UNMASK"
"""The rule of the mark that a child's address is protected. It opens nothing, and it is nobody's."""

MASTER_DATA = mask(["ST", "PE"], CLASSES)
"""Who the child and its people are: the same in every municipality, whoever wrote it down."""

ADDRESS = mask(BLOCKS, "X")
"""What could reveal a protected address."""

PRIVATE = mask(BLOCKS, f"P{DRAFT}")
"""The child's confidential talk, and what is not finished: nobody is let into it by being sent it."""

Condition = tuple[str, list[Any]]


class GrantRow(NamedTuple):
    """A grant that is valid now."""

    shelves: int
    level: int
    source_id: UUID | None
    lane: str
    entry_id: UUID | None
    rule: str
    purpose: str = ""
    valid_to: int = 0


def opens(
    grant: GrantRow, *, entry_id: UUID, shelf: int, unit_id: UUID | None, lane: str,
    elsewhere: Collection[UUID] = frozenset(),
) -> bool:  # fmt: skip
    """Whether a grant speaks of an entry: the meaning that both forms of SQL must have. `elsewhere`: see `Scope`."""
    if grant.entry_id is not None:
        return grant.entry_id == entry_id and not PRIVATE >> shelf & 1
    if _at_large(grant) and unit_id in elsewhere and not MASTER_DATA >> shelf & 1:
        return False
    written_there = grant.source_id in (None, unit_id) and grant.lane in ("", lane)
    return bool(grant.shelves >> shelf & 1) and written_there


def _at_large(grant: GrantRow) -> bool:
    """Follows from a sector's task and names no unit: it ends at the border of the municipality."""
    return grant.source_id is None and grant.rule != BREAK_GLASS


@dataclass(slots=True)
class Opened:
    """What a set of grants opens in one child's book at one level."""

    elsewhere: frozenset[UUID] = frozenset()
    written: defaultdict[tuple[UUID | None, str, bool], int] = field(default_factory=lambda: defaultdict(int))
    """Shelves, by the unit and the sector that must have written, and whether units `elsewhere` are left out."""
    entries: set[UUID] = field(default_factory=set)

    def add(self, grant: GrantRow, cap: int) -> None:
        if grant.entry_id is not None:
            self.entries.add(grant.entry_id)
        else:
            bounded = bool(self.elsewhere) and _at_large(grant)
            self.written[grant.source_id, grant.lane, bounded] |= (grant.shelves | OUT_OF_USE) & cap

    @property
    def anywhere(self) -> int:
        """The shelves that are open whichever sector wrote."""
        return self.written.get((None, "", True), 0) | self.written.get((None, "", False), 0)

    def condition(self, cap: int) -> Condition:
        """True for the entries (`e`) that are opened. `cap`: the shelves that the asker's role can use at all."""
        parts = [self._written(*key, on) for key, on in self.written.items() if on]
        if self.entries:
            marks = ", ".join(["%s"] * len(self.entries))
            parts.append((f"e.id IN ({marks}) AND {within(cap & ~PRIVATE)}", sorted(self.entries)))
        if not parts:
            return "1 = 0", []
        return "(" + " OR ".join(f"({text})" for text, _ in parts) + ")", [v for _, values in parts for v in values]

    def _written(self, unit: UUID | None, lane: str, bounded: bool, on: int) -> Condition:
        parts: list[Condition] = [("e.unit_id = %s", [unit])] if unit else []
        parts += [("e.lane = %s", [lane])] if lane else []
        parts += [(within(on), []), *([_here(self.elsewhere)] if bounded else [])]
        return " AND ".join(text for text, _ in parts), [v for _, values in parts for v in values]


def _here(elsewhere: frozenset[UUID]) -> Condition:
    """True for an entry `e` that no unit elsewhere has written, or that says who the child is."""
    marks = ", ".join(["%s"] * len(elsewhere))
    return f"(e.unit_id IS NULL OR {within(MASTER_DATA)} OR e.unit_id NOT IN ({marks}))", sorted(elsewhere)


def within(shelves: int) -> str:
    if shelves & WHOLE == WHOLE:
        return "1 = 1"
    if shelves & EVERYTHING == EVERYTHING:
        return f"e.shelf < {OUT}"
    return f"e.shelf IN ({', '.join(map(str, numbers(shelves)))})" if shelves else "1 = 0"


@dataclass(frozen=True, slots=True)
class Rights:
    """The asker's rights in one child's book, as conditions on entries `e`."""

    any: bool
    """Whether the child may be known of at all."""
    headings: Condition
    content: Condition
    veiled: bool
    """The asker must not learn where the child is: its address is protected, and no right opens what reveals it."""
    grants: tuple[GrantRow, ...] = field(default=(), compare=False)
    """What they follow from: to judge something that is not, or no longer, a row of the table."""

    @property
    def readable(self) -> Condition:
        """An expression that says of an opened entry whether its contents may be read too."""
        return (
            ("1", [])
            if self.content == self.headings
            else (f"CASE WHEN {self.content[0]} THEN 1 ELSE 0 END", self.content[1])
        )


NOTHING = Rights(False, ("1 = 0", []), ("1 = 0", []), True)

_COMMON = mask(BLOCKS, "OFH")
"""What of the directory is for every professional: not what somebody has marked as revealing, or not finished."""


def open_directory(scope: Scope) -> int:
    """The shelves of the directory that are open: who works where is known to every professional, and to no family. An
    export of the whole has all of it. A search and every reading go by this alone."""
    if scope.complete:
        return WHOLE
    return _COMMON if scope.unit_id else 0


def of_directory(scope: Scope) -> Rights:
    """What is open of the directory, as if it were a child's book."""
    opened: Condition = (within(open_directory(scope)), [])
    return Rights(True, opened, opened, False) if open_directory(scope) else NOTHING


def in_directory(scope: Scope) -> Condition:
    """True for an entry `e`, of whichever book, that is of the directory and open."""
    return f"(e.child_id = %s AND {within(open_directory(scope))})", [DIRECTORY]


def rights(grants: Iterable[GrantRow], scope: Scope) -> Rights:
    """What these grants, all valid now and all the asker's (or forbidding), open.

    Having been sent something is no relation: without another right it opens nothing, and the child is not known.
    """
    return _rights(tuple(grants), Asking(*(getattr(scope, name) for name in Asking._fields)))


class Asking(NamedTuple):
    """What rights follow from of a scope: not who asks, and not when."""

    shelves: int
    reach: int
    elsewhere: frozenset[UUID]
    break_glass: bool
    pack: bool
    own: bool
    at_home: bool


@lru_cache(maxsize=4_000)
def _rights(grants: tuple[GrantRow, ...], scope: Asking) -> Rights:
    """Most of a unit's children are open to it by the same grants."""
    headings, content, forbidden = Opened(scope.elsewhere), Opened(scope.elsewhere), set[UUID]()
    counting = [grant for grant in grants if counts(grant.rule, scope) or grant.level == FORBIDDEN]
    broken = any(grant.rule == BREAK_GLASS for grant in counting)
    if not scope.shelves or not any((grant.entry_id is None or scope.pack) and grant.level for grant in counting):
        return NOTHING
    for grant in counting:
        if grant.level == FORBIDDEN:
            forbidden |= {grant.entry_id} if grant.entry_id else set()
        for level, opened in ((HEADINGS, headings), (CONTENT, content)):
            if min(grant.level, scope.reach) >= level:
                opened.add(grant, scope.shelves)
    hidden = [] if broken or scope.own else sorted(forbidden)
    seen, read = (_without(one.condition(scope.shelves), hidden) for one in (headings, content))
    protected = any(grant.rule == PROTECTED for grant in counting)
    veil = protected and not scope.at_home and not headings.anywhere & ADDRESS
    return Rights(True, seen, read, veil, tuple(counting))


def reads(
    known: Rights, scope: Scope, *, entry_id: UUID, shelf: int, unit_id: UUID | None, lane: str
) -> bool:  # fmt: skip
    """Whether the asker would read the contents of an entry that stood on this shelf: `Rights.content`, without SQL."""
    if not known.any or scope.reach < CONTENT or not scope.shelves >> shelf & 1:
        return False
    broken = scope.own or any(grant.rule == BREAK_GLASS for grant in known.grants)
    if not broken and any(grant.level == FORBIDDEN and grant.entry_id == entry_id for grant in known.grants):
        return False
    at = {"entry_id": entry_id, "shelf": shelf, "unit_id": unit_id, "lane": lane, "elsewhere": scope.elsewhere}
    return any(grant.level >= CONTENT and opens(grant, **at) for grant in known.grants)  # type: ignore[arg-type]


def _without(condition: Condition, hidden: Sequence[UUID]) -> Condition:
    if not hidden or condition[0] == "1 = 0":
        return condition
    marks = ", ".join(["%s"] * len(hidden))
    return f"{condition[0]} AND e.id NOT IN ({marks})", [*condition[1], *hidden]


def counts(rule: str, scope: Scope | Asking) -> bool:
    """Whether grants by this rule count in this scope at all."""
    if scope.pack or rule in PACKS:
        return scope.pack and rule in PACKS
    return rule != BREAK_GLASS or scope.break_glass


def of_child(child_id: UUID, scope: Scope) -> tuple[str, list[Any]]:
    """The query for the grants that are valid now in one child's book. The plus: see `mine`."""
    marks = ", ".join(["%s"] * (len(scope.grantees) + 1))
    elsewhere = " AND 1 = 0" if scope.child not in (None, child_id) else ""
    sql = f"""SELECT shelves, level, source_id, lane, entry_id, rule, purpose, valid_to FROM access_grant
      WHERE child_id = %s AND grantee_id IN ({marks}) AND valid_from <= %s AND +valid_to > %s{elsewhere}"""
    return sql, [child_id, *scope.grantees, EVERYBODY, scope.at, scope.at]


EVERYBODY = UUID(int=0)
"""The grantee of what is forbidden to all."""


def mine(scope: Scope, *, of_one: bool = False) -> Condition:
    """True for a grant `g` that is the asker's and counts now. `of_one`: asked about a child that is known. The plus
    then keeps SQLite from walking the grants of all the asker's children."""
    if not scope.grantees or not scope.shelves:
        return "1 = 0", []
    marks = ", ".join(["%s"] * len(scope.grantees))
    packs = f"g.rule {'IN' if scope.pack else 'NOT IN'} {PACKS}"
    broken = "" if scope.break_glass else f" AND g.rule <> '{BREAK_GLASS}'"
    until = "+g.valid_to" if of_one else "g.valid_to"
    sql = f"g.grantee_id IN ({marks}) AND g.valid_from <= %s AND {until} > %s AND {packs}{broken}"
    values: list[Any] = [*scope.grantees, scope.at, scope.at]
    return (f"{sql} AND g.child_id = %s", [*values, scope.child]) if scope.child else (sql, values)


def usable(scope: Scope) -> str:
    """True for an entry `e` that the asker's role can use when it was sent to them."""
    return within(scope.shelves & ~PRIVATE)


def veiled(scope: Scope, known: Condition, marks: str) -> Condition:
    """The query for those of some children whose address is protected, and of which no right of the asker's opens what
    reveals it: what `Rights.veiled` says of one. `known`: see `mine`; `marks`: for the children's ids, which come
    first."""
    cleared = f"""EXISTS (SELECT 1 FROM access_grant g WHERE g.child_id = p.child_id AND {known[0]}
      AND g.level >= {HEADINGS} AND g.entry_id IS NULL AND g.source_id IS NULL AND g.lane = ''
      AND g.shelves & {ADDRESS & scope.shelves} <> 0)"""
    sql = f"""SELECT p.child_id FROM access_grant p WHERE p.child_id IN ({marks}) AND p.grantee_id = %s
      AND p.rule = '{PROTECTED}' AND p.valid_from <= %s AND +p.valid_to > %s AND NOT {cleared}"""
    return sql, [EVERYBODY, scope.at, scope.at, *known[1]]


def over_children(scope: Scope, level: int, *, among_mine: bool = False) -> Condition:
    """True for an entry `e`, of whichever child, that one of the asker's grants opens. `among_mine`: only children that
    the asker has a relation with are asked about."""
    if scope.reach < level:
        return "1 = 0", []
    known, who = mine(scope, of_one=True)
    bounded, away = _bounded(scope)
    relation = f"EXISTS (SELECT 1 FROM access_grant g WHERE g.child_id = e.child_id AND {known} AND g.entry_id IS NULL)"
    sql = f"""EXISTS (SELECT 1 FROM access_grant g WHERE g.child_id = e.child_id AND {known} AND g.level >= {int(level)}
        AND ((g.entry_id = e.id AND {within(EVERYTHING & ~PRIVATE)}) OR (
          g.entry_id IS NULL AND (g.shelves >> e.shelf) & 1 = 1
        AND (g.source_id IS NULL OR g.source_id = e.unit_id) AND (g.lane = '' OR g.lane = e.lane){bounded})))
      AND {within(scope.shelves)}"""
    values = [*who, *away]
    if not among_mine:
        sql, values = f"{sql} AND {relation}", [*values, *who]
    if scope.own:
        return sql, values
    hidden, more = _hidden(scope, known, who)
    return sql + hidden, [*values, *more]


def _bounded(scope: Scope) -> Condition:
    """What `_at_large` asks of a grant `g` and an entry `e`, where there are units elsewhere at all."""
    if not scope.elsewhere:
        return "", []
    here, values = _here(scope.elsewhere)
    return f" AND (g.source_id IS NOT NULL OR g.rule = '{BREAK_GLASS}' OR {here})", values


def _hidden(scope: Scope, known: str, who: list[Any]) -> Condition:
    """Leaves out what the young person has closed; but for one who has broken the glass of that child's book."""
    shut = """NOT EXISTS (SELECT 1 FROM access_grant d WHERE d.child_id = e.child_id AND d.grantee_id = %s
      AND d.entry_id = e.id AND d.level = 0 AND d.valid_from <= %s AND +d.valid_to > %s)"""
    values = [EVERYBODY, scope.at, scope.at]
    if not scope.break_glass:
        return f" AND {shut}", values
    broken = f"""EXISTS (SELECT 1 FROM access_grant g WHERE g.child_id = e.child_id AND {known}
      AND g.rule = '{BREAK_GLASS}')"""
    return f" AND ({shut} OR {broken})", [*values, *who]
