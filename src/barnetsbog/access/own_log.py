"""The family's own log: who had to do with the child's book, for the child itself and those who hold custody.

What may be told is decided here, what it is called is decided by the pages. Refusals are not told: somebody who was
turned away has seen nothing. A break-glass look-up, and everything its maker did in its hour, waits until the family
may know of it (`told_at`).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from barnetsbog.audit.model import Action, LogRow
from barnetsbog.audit.queries import for_the_family
from barnetsbog.consent.model import Consenting
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.law.ages import PARTY_AGE, YOUNG_AGE, turned
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from .breakglass import LookUp, of_child
from .roles import role_named

MOST = 5000
"""Lines read for one page; a period with more is asked to be made shorter."""

CHANGES = ("given", "ended")
"""What a line about rights lists."""

THINGS = frozenset((
    "appointment", "ball", "copy", "draft", "form_response", "helper", "letter", "referral", "request", "visit",
))  # fmt: skip
"""By these names a line says what something was done with, that stands in the book."""

CHOSEN = frozenset(("person",))
"""And by this with whom, of those whom the child has pointed at: the child is told of it, others as of a thing."""

ABOUT_ANSWERS = frozenset((
    Consenting.ASK, Consenting.ANSWER, Consenting.REGISTER, Consenting.WITHDRAW, Consenting.REMIND,
))  # fmt: skip
"""By these somebody is asked about a matter or answers in it: whoever was not asked is not told that there is one."""

HEALTH = frozenset(("health_visitor", "gp", "bup", "ltt", "hospital", "adult"))


class OwnLog(NamedTuple):
    """What a reader of the family may be told, newest first."""

    rows: list[LogRow]
    look_ups: list[LookUp]
    nameless: bool
    """No places and no names at places: the reader may not learn where the child is (law-and-access §2, Address)."""
    without: frozenset[str]
    """Sectors of which the reader is told nothing."""
    cut: bool
    """There was more than is read for one page."""


def own_log(book: Book, child_id: UUID, *, since: int, whole: bool = False) -> OwnLog:
    """`NotFound` for everybody but the child itself and those who hold custody now. `whole`: nothing is cut, however
    many lines there are."""
    scope = book.scope
    book.require(child_id)
    if "own-log" not in role_named(scope.role).may:
        raise NotFound
    most = None if whole else MOST
    found = for_the_family(child_id, since=since, limit=most and most + 1)
    look_ups = of_child(child_id)
    every_matter = scope.own and turned(_born(child_id), PARTY_AGE, scope.at)
    rows = [row for row in found[:most] if _tellable(row, scope, look_ups)]
    rows = _without_hidden(book, child_id, rows, every_matter=every_matter)
    rows = _rights_of_what_is_known(book, child_id, rows, every_matter=every_matter)
    return OwnLog(
        rows, look_ups, book.veiled(child_id), _closed_sectors(scope, child_id), most is not None and len(found) > most
    )


def _tellable(row: LogRow, scope: Scope, look_ups: list[LookUp]) -> bool:
    """A parent is not told what the child or the other parent reads, nor that something was written down which the
    child has said in confidence; the child is told of everybody."""
    if row.detail.get("confidential") and not scope.own:
        return False
    if "between" in row.detail:  # a message is told to those who take part in it, and to nobody else
        return str(scope.role_id) in row.detail["between"]
    if row.person_id is None or row.unit_id is not None:
        made_in = look_up_of(row, look_ups)
        told = made_in is None or (made_in.told_at is not None and made_in.told_at <= scope.at)
        return told and not row.detail.get("review")
    return scope.own or row.person_id == scope.role_id


def _without_hidden(book: Book, child_id: UUID, rows: list[LogRow], *, every_matter: bool) -> list[LogRow]:
    """Without deliveries of which the reader may see nothing: that something was put into the book on the day of a
    confidential talk tells that there was one. And without what was done with a thing that is not theirs to see: a ball
    about what they may not know of, a draft, a letter to others, what another parent has asked for or been asked about.
    `every_matter`: the reader may know of all that anybody is asked about."""
    names = THINGS if book.scope.own else THINGS | CHOSEN
    deliveries = {row.id: UUID(str(row.detail["delivery"])) for row in rows if "delivery" in row.detail}
    things = {row.id: {UUID(str(row.detail[name])) for name in names & row.detail.keys()} for row in rows}
    matters = {row.id: _answers(row) for row in rows if row.action in ABOUT_ANSWERS and not every_matter}
    brought = book.brought(child_id, deliveries.values())
    seen = book.seen(child_id, set().union(*things.values(), *matters.values()))
    return [
        row for row in rows
        if (row.action != Action.IMPORT or deliveries.get(row.id) in brought)
        and (
            (things[row.id] <= seen and (row.id not in matters or matters[row.id] & seen))
            or row.person_id == book.scope.role_id
        )
    ]  # fmt: skip


def _answers(row: LogRow) -> set[UUID]:
    """The consents that something was done with; none where the line was written without."""
    asked, one = row.detail.get("questions", ()), row.detail.get("consent")
    return {UUID(str(ident)) for ident in (*asked, *([one] if one else ()))}


def _rights_of_what_is_known(book: Book, child_id: UUID, rows: list[LogRow], *, every_matter: bool) -> list[LogRow]:
    """Changes of rights that follow from something the reader may know of: a task that they find in the book, a matter
    that they have answered in. The day of any other change would tell that there is something behind it. A child who is
    a party is told of every matter (`consent.queries.matters_about`)."""
    told = [one for row in rows for name in CHANGES for one in row.detail.get(name, ()) if isinstance(one, dict)]
    known = {str(one) for one in book.seen(child_id, (ident for one in told for ident in _follows_from(one)))}

    def tellable(one: object) -> bool:
        return isinstance(one, dict) and (
            (every_matter and "asked" in one) or any(str(ident) in known for ident in _follows_from(one))
        )

    kept = [_with_changes(row, tellable) if row.action == Action.RIGHTS else row for row in rows]
    return [row for row in kept if row.action != Action.RIGHTS or any(row.detail[name] for name in CHANGES)]


def _with_changes(row: LogRow, tellable: Callable[[object], bool]) -> LogRow:
    return replace(row, detail={name: [one for one in row.detail.get(name, ()) if tellable(one)] for name in CHANGES})


def _follows_from(change: dict[str, object]) -> list[UUID]:
    """The entries that a change of rights follows from. One that was logged without is nobody's to know."""
    asked = change.get("asked")
    named = asked if isinstance(asked, list) else [change.get("for")]
    return [UUID(str(one)) for one in named if one]


def look_up_of(row: LogRow, look_ups: list[LookUp]) -> LookUp | None:
    """The break-glass look-up in whose hour its maker did this; of several the last that was begun."""
    of_maker = [one for one in look_ups if one.role_id == row.person_id and one.at <= row.at < one.until]
    return max(of_maker, key=lambda one: one.at, default=None)


def _closed_sectors(scope: Scope, child_id: UUID) -> frozenset[str]:
    """A parent of somebody of fifteen is told nothing of health: that a unit looked would tell that it treats."""
    born = _born(child_id)
    young = born is not None and not turned(born, YOUNG_AGE, scope.at)
    return frozenset() if scope.own or young else HEALTH


def _born(child_id: UUID) -> date | None:
    child = directory.child(child_id)
    return child.born if child else None
