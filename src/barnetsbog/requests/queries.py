"""Reading requests: of a child, one of them with what the unit has written, and who can ask."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.roles import role_named
from barnetsbog.contacts.mapping import is_named
from barnetsbog.contacts.queries import names
from barnetsbog.delivery.model import Channel
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import age_on, local_day
from barnetsbog.letters import enclosing
from barnetsbog.letters.composing import papers as written
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.model import Audience, Person
from barnetsbog.letters.receivers import circumstances, family
from barnetsbog.letters.standing import Circumstances, channels, has_custody, is_cleared
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import RECORD_REQUEST
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import class_of, default_class

from . import rules
from .mapping import request_of
from .model import Asker, Case, Line, Page, Paper, Request, State


def may_answer(scope: Scope) -> bool:
    """Who writes letters and takes balls."""
    return scope.unit_id is not None and {"letter", "ball"} <= set(role_named(scope.role).may)


def of_child(book: Book, child_id: UUID) -> list[Line]:
    """The requests to the reader's unit, the newest first."""
    rows = book.entries(child_id, Filter(what=(RECORD_REQUEST,), on_timeline=False))
    mine = [row for row in rows if _ours(row, book)]
    bodies = book.bodies(mine)
    found = (_read(bodies[row.id]) for row in mine)
    return _lines(book, child_id, [one for one in found if one])


def _read(body: bytes) -> Request | None:
    """None for what came from elsewhere with our word for a request, and says nothing of what one does."""
    try:
        return request_of(orjson.loads(body))
    except (KeyError, ValueError):
        return None


def _ours(row: EntryRow, book: Book) -> bool:
    return row.unit_id == book.scope.unit_id and row.readable


def _lines(book: Book, child_id: UUID, found: list[Request]) -> list[Line]:
    wanted = {one.ball for one in found}
    tasks = book.entries(child_id, Filter(what=("task",), on_timeline=False)) if found else []
    balls: dict[UUID | None, EntryRow] = {row.id: row for row in tasks if row.id in wanted}
    named = (*(ident_of(one.asker) for one in found), *(row.holder_id for row in balls.values()))
    known = {ident: contact.name for ident, contact in names(book, child_id, named).items()}
    return [_line(one, balls.get(one.ball), known) for one in found]


def _line(request: Request, ball: EntryRow | None, known: Mapping[UUID, str]) -> Line:
    who = ident_of(request.asker)
    holder = known.get(ball.holder_id, "") if ball and ball.holder_id else ""
    return Line(request, known.get(who, "?") if who else "?", holder, ball.due if ball else None)


def row_of(book: Book, child_id: UUID, ident: UUID) -> tuple[EntryRow, Request]:
    """`NotFound` for everybody but the unit that was asked."""
    row = book.entry(child_id, ident)
    body = book.bodies([row]).get(ident)
    found = _read(body) if row.what == RECORD_REQUEST and body is not None and _ours(row, book) else None
    if found is None:
        raise NotFound
    return row, found


def page(book: Book, child_id: UUID, ident: UUID) -> Page:
    """One request, and everything that the unit has written, each with what the law says of giving it."""
    row, request = row_of(book, child_id, ident)
    found = judged(book, child_id, request)
    (line,) = _lines(book, child_id, [found.request])
    return Page(line, row.version, found.case, tuple(found.papers), statute(rules.by_law(found.case)))


def statute(rule: str) -> str:
    """What a rule is called in a letter."""
    found = law_in_use().book.rule(rule)
    return ", ".join(one for one in (found.statute.capitalize(), found.paragraph) if one)


def askers(book: Book, child_id: UUID) -> list[Asker]:
    """The parents, also one without custody."""
    return _askers(*_circle(book, child_id))


class Judged(NamedTuple):
    """The request by the right that whoever asked has now; what the law asks about; what the unit has written, with
    advice on each, the newest first; and the best way to the one who asked."""

    request: Request
    case: Case
    papers: list[Paper]
    way: Channel


def judged(book: Book, child_id: UUID, request: Request) -> Judged:
    people, now = _circle(book, child_id)
    asker = next((one for one in _askers(people, now) if one.reference == request.asker), None)
    if asker and request.state is not State.ANSWERED:  # custody may have come or gone since
        request = replace(request, ground=rules.ground(asker))
    case = Case(request.ground, now.lane, age_of(book, child_id), asker is not None and asker.cleared)
    others = _others(book, child_id, request.asker)
    found = written(book, child_id)
    told = book.bodies(found)
    papers = [_paper(row, told.get(row.id, b""), others, case) for row in found]
    return Judged(request, case, papers, _way(people, now, request))


def age_of(book: Book, child_id: UUID) -> int | None:
    """In whole years; None where nobody knows it."""
    child = directory.child(child_id)
    return age_on(child.born, local_day(book.scope.at)) if child and child.born else None


def _way(people: Iterable[Person], now: Circumstances, request: Request) -> Channel:
    person = next((one for one in people if one.reference == request.asker), None)
    wanted = catalogue()[rules.LETTERS[request.ground]].channels
    return channels(person, wanted, post=now.post)[0][0] if person else Channel.PRINT


def _circle(book: Book, child_id: UUID) -> tuple[list[Person], Circumstances]:
    """The family, and what may be told to each of them."""
    unit = book.scope.unit_id
    if unit is None:
        raise NotFound
    lane = directory.sectors([unit]).get(unit, "")
    now = circumstances(book, child_id, facts_of(child_id), unit=unit, lane=lane, class_=default_class("letter", lane))
    return list(family(book, child_id, now)), now


def _askers(people: Iterable[Person], now: Circumstances) -> list[Asker]:
    return [_asker(one, now) for one in people if one.audience is Audience.HOLDER and not one.deceased]


def _asker(person: Person, now: Circumstances) -> Asker:
    mine = [grant for who, grant in now.held if who == ident_of(person.reference)]
    return Asker(person.reference, person.name, person.relation, has_custody(mine), is_cleared(person, mine, now))


def _others(book: Book, child_id: UUID, asker: str) -> list[str]:
    """The child's people besides the one who asks, whether or not they may get letters; not those who work with it."""
    rows = book.entries(child_id, Filter(what=("person",), on_timeline=False))
    bodies = book.bodies(rows)
    people = (row for row in rows if not (row.id in bodies and is_named(orjson.loads(bodies[row.id]))))
    return [row.title for row in people if f"RelatedPerson/{row.id}" != asker]


def _paper(row: EntryRow, body: bytes, others: Iterable[str], case: Case) -> Paper:
    said = enclosing.readable(row, orjson.loads(body)) if body else row.title
    named = tuple(name for name in others if rules.tells_of(name, said))
    class_ = class_of(row.shelf)
    return Paper(row.id, row.title, row.what, row.start, class_, named, rules.advise(class_, named, case))
