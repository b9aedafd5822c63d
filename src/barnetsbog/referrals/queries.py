"""Reading referrals: of a child, and what waits for a unit's answer."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

import orjson

from barnetsbog.access.deriving import NEW_MUNICIPALITY, judged
from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.access.roles import role_named
from barnetsbog.consent.mapping import consent_of
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import Named, names, names_over
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import MUNICIPAL, Away, RoleName, UnitName
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, age_on, local_day
from barnetsbog.law.model import Block, Class, Consent, Kind, Level, Matter, Sharing, Status
from barnetsbog.publishing.routing import rules_in_use
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import BLOCKS, block_of, class_of, default_class
from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import AGES, Advice, Home, Question
from barnetsbog.routing.model import Urgency as Haste
from barnetsbog.routing.rules import advise

from . import rules
from .mapping import event_of, referral_of
from .model import Enclosure, Event, Lawful, Page, Referral, Side, State, Summary, Told, Urgency, Waiting

UNIT = "Organization"
ENCLOSED = ("document", "measure", "observation", "condition", "intervention", "plan", "own-goal", "goal", "meeting")
LATELY = 3 * 365 * DAY
"""How far back one is offered something to enclose."""

_STATES = {state.value: state for state in State}
_ASKERS = {
    "ppr": "ppr", "school": "school", "family_dept": "family-dept", "gp": "gp", "ltt": "ltt", "bup": "bup",
    "health_visitor": "health-visitor", "hospital": "specialist",
}  # fmt: skip
"""Who asks, in the words of the routing rules, by sector."""
_HASTE = {Urgency.PLANNED: Haste.PLANNED, Urgency.SOON: Haste.SOON, Urgency.ACUTE: Haste.ACUTE}


# -- a child's referrals -----------------------------------------------------------------------------------------------


def referrals(book: Book, child_id: UUID) -> list[Summary]:
    """Every referral the reader may see, the newest first."""
    drafts = book.entries(child_id, Filter(what=("referral",), on_timeline=False))
    return _summaries(book, drafts)


def page(book: Book, child_id: UUID, ident: UUID) -> Page:
    """One referral with its history, what goes with it, and what the reader may do with it."""
    row = book.entry(child_id, ident)
    if row.what != "referral":
        raise NotFound
    history = told(book, row)
    referral = history[-1].after if history else _heading(row)
    mine = sides(referral, book.scope)
    moves = rules.moves_of(referral, mine) if "refer" in role_named(book.scope.role).may and history else frozenset()
    writing = referral.state in (State.DRAFT, State.INCOMPLETE) and Side.REFERRER in mine
    lawful = lawfulness(child_id, referral, book) if writing and referral.to else None
    instead = ident_of(referral.alternative)
    known = names(book, child_id, {instead, *(ident_of(event.by) for event in history)})
    named = known[instead].name if instead and instead in known else ""
    closed = _closed(referral, book.scope)
    return Page(
        _summaries(book, [row])[0], referral, row.version, tuple(enclosures(book, child_id, referral, choose=writing)),
        tuple(_line(event, known) for event in reversed(history)), moves, ident_of(referral.ball), lawful,
        named if instead else referral.alternative, closed is not None,
        _name(book, child_id, closed.successor_id) if closed else "",
    )  # fmt: skip


def _closed(referral: Referral, scope: Scope) -> Away | None:
    """The receiver, while it should answer, where it is closed."""
    to = ident_of(referral.to) if referral.state in rules.BEFORE_DECISION else None
    return directory.away([to], scope.at).get(to) if to else None


def _name(book: Book, child_id: UUID, unit: UUID | None) -> str:
    found = names(book, child_id, [unit]).get(unit) if unit else None
    return found.name if found else ""


def told(book: Book, row: EntryRow) -> list[Event]:
    """A referral's moves, oldest first; nothing for one who may see its heading only."""
    return [
        event_of(orjson.loads(one.body), recorded_at=one.recorded_at, by=f"PractitionerRole/{one.by_id}")
        for one in book.versions(row)
    ]


def _heading(row: EntryRow) -> Referral:
    """As far as a heading tells it."""
    to = f"{UNIT}/{row.holder_id}" if row.holder_id else ""
    return Referral(str(row.id), _STATES.get(row.status, State.SENT), "", to, row.title)


def sides(referral: Referral, scope: Scope) -> frozenset[Side]:
    role = directory.role(ident) if (ident := ident_of(referral.referrer)) else None
    referrer_s = f"{UNIT}/{role.unit_id}" if role and role.unit_id else referral.referrer
    return rules.sides(referral, f"{UNIT}/{scope.unit_id}" if scope.unit_id else "", referrer_s)


def _line(event: Event, known: Mapping[UUID, Contact]) -> Told:
    ident = ident_of(event.by)
    return Told(
        event.move, event.at, known.get(ident) if ident else None, event.after.state, event.after.cause,
        event.after.gaps,
    )  # fmt: skip


def enclosures(book: Book, child_id: UUID, referral: Referral, *, choose: bool) -> list[Enclosure]:
    """What goes with it, as far as the reader sees it. `choose`: and what they could enclose, of the last years."""
    chosen = {ident for one in referral.package if (ident := ident_of(one))}
    rows = book.entries(child_id, Filter(what=ENCLOSED, start_from=book.scope.at - LATELY))
    known = {row.id for row in rows}
    rows += [book.entry(child_id, one) for one in chosen - known if _is_there(book, child_id, one)]
    return [
        Enclosure(
            f"{row.kind}/{row.id}", row.title, row.what, row.start, row.exactness, row.id in chosen, _may_give(row)
        )
        for row in rows
        if (row.id in chosen and not row.private) or (choose and _may_give(row))
    ]


def _may_give(row: EntryRow) -> bool:
    """Whoever is sent an entry reads all of it, so nobody encloses what they see the heading of only. The child's
    confidential talk, what reveals an address and what is not finished go to nobody."""
    return row.readable and class_of(row.shelf) in "OFH"


def tellable(book: Book, child_id: UUID) -> list[Enclosure]:
    """What the reader's unit can send to a new municipality: of what it may enclose, what it has written itself."""
    rows = book.entries(child_id, Filter(what=ENCLOSED, unit_id=book.scope.unit_id))
    return [
        Enclosure(f"{row.kind}/{row.id}", row.title, row.what, row.start, row.exactness, False)
        for row in rows
        if row.unit_id == book.scope.unit_id and _may_give(row)
    ]


def left_behind(book: Book, child_id: UUID) -> tuple[str, ...]:
    """What somebody has said yes to here, as far as the reader may see: consents name units, so they don't move, and
    the new municipality has to ask anew."""
    rows = book.entries(child_id, Filter(what=("consent",)))
    found = [consent_of(orjson.loads(body)) for body in book.bodies(rows).values()]
    acts = law_in_use().book.acts
    given = [one.act for one in found if isinstance(one, Consent) and one.status is Status.GIVEN]
    return tuple(sorted({acts[act].title for act in given if act in acts}))


def elsewhere(scope: Scope) -> list[UnitName]:
    """The open municipal units of other municipalities than the reader's own (ADR 16); none for who is of no
    municipality."""
    units = directory.units()
    mine = units.get(scope.unit_id) if scope.unit_id else None
    if mine is None or mine.sector not in MUNICIPAL:
        return []
    others = directory.elsewhere(mine.id)
    found = [one for one in units.values() if one.sector in MUNICIPAL and one.parent and one.id in others]
    away = directory.away((one.id for one in found), scope.at)
    return sorted((one for one in found if one.id not in away), key=lambda one: (one.parent, one.name))


def _is_there(book: Book, child_id: UUID, ident: UUID) -> bool:
    try:
        book.entry(child_id, ident)
    except NotFound:
        return False
    return True


# -- what waits for a unit ---------------------------------------------------------------------------------------------


def waiting(book: Book) -> list[Waiting]:
    """The reader's unit's queue: what was sent to it and is not decided, the urgent first, then the oldest. One query
    for the list, whatever the number of children."""
    unit = book.scope.unit_id
    rows = [row for row in book.open_tasks(("referral",)) if unit and row.holder_id == book.key(unit)]
    found = [one for one in _summaries(book, book.tasks(rows)) if one.state in rules.BEFORE_DECISION]
    children = directory.children(one.child_id for one in found)
    ordered = sorted(found, key=lambda one: (not one.urgent, one.at, one.id))
    return [Waiting(children[one.child_id], one) for one in ordered if one.child_id in children]


def _summaries(book: Book, rows: list[EntryRow]) -> list[Summary]:
    named = ((row.child_id, ident) for row in rows for ident in (row.author_id, row.holder_id) if ident)
    known = names_over(book, named)
    return [_summary(row, known) for row in rows]


def _summary(row: EntryRow, known: Mapping[Named, Contact]) -> Summary:
    state = _STATES.get(row.status) or referral_of({"status": row.status}).state
    by, to = (known.get((row.child_id, ident)) if ident else None for ident in (row.author_id, row.holder_id))
    return Summary(row.id, row.child_id, row.title, state, by, to, row.start, row.important, rules.waits_for(state))


# -- advice and law ----------------------------------------------------------------------------------------------------


def advice(scope: Scope, born: date | None, suspicion: str, urgency: Urgency) -> Advice | None:
    """What the routing rules in use say to somebody of the reader's sector. None where they say nothing to it, know no
    such worry, or the young person has come of age."""
    role, book = directory.role(scope.role_id), rules_in_use()
    asker = _ASKERS.get(role.sector) if role else None
    if asker is None or born is None or suspicion not in book.suspicions:
        return None
    age = age_on(born, local_day(scope.at))
    if age not in AGES:  # grown up: the doors are children's
        return None
    return advise(Question(asker, age, suspicion, _HASTE[urgency], Home.HERE), book)


def door_of(sector: str, urgency: Urgency) -> str:
    """The door in the routing rules that a unit of a sector is; empty when it is none."""
    found = [door.id for door in standard().doors.values() if sector in door.sectors or door.id == sector]
    acute = [door for door in found if door.endswith("-acute")]
    if urgency is Urgency.ACUTE and acute:
        return acute[0]
    return next((door for door in found if door not in acute), "")


def lawfulness(child_id: UUID, referral: Referral, book: Book) -> Lawful:
    """What the law says of sending this, with what is enclosed, from the referrer's unit to its receiver, now."""
    facts, to = facts_of(child_id), ident_of(referral.to)
    role = directory.role(ident) if (ident := ident_of(referral.referrer)) else None
    receiver = directory.units([to]).get(to) if to else None
    if role is None or role.unit_id is None or receiver is None:
        return rules.lawful(None, referral.urgency)
    if referral.transfer and role.sector != "family_dept":
        return rules.lawful(None, referral.urgency)  # § 132 is the municipality's; others say on what ground they send
    wanted = _wanted(book, child_id, referral, role.sector)
    acts = _acts(role.sector, receiver.sector, transfer=referral.transfer)
    return _disclosing(acts, role, receiver, wanted, referral.urgency, facts, book.scope.at)


def telling(book: Book, child_id: UUID, to: UUID, shelf: int) -> Lawful:
    """What the law says of the reader's unit telling another one something that stands on a shelf, now."""
    role, receiver = directory.role(book.scope.role_id), directory.units([to]).get(to)
    if role is None or role.unit_id is None or receiver is None:
        return rules.lawful(None, Urgency.PLANNED)
    block = _BLOCKS.get(block_of(shelf), Block.CONDITION)
    wanted = Sharing(frozenset({(block, Class(class_of(shelf)))}), Level.CONTENT)
    acts = _acts(role.sector, receiver.sector)
    return _disclosing(acts, role, receiver, wanted, Urgency.PLANNED, facts_of(child_id), book.scope.at)


def _disclosing(
    acts: Iterable[str], role: RoleName, receiver: UnitName, wanted: Sharing, urgency: Urgency, facts: Facts, at: int
) -> Lawful:  # fmt: skip
    """What the law says by the acts of the catalogue that fit."""
    unit = frozenset((str(role.unit_id),))
    matters = [Matter(act, unit, str(receiver.id), wanted, "", urgency is Urgency.ACUTE) for act in acts]
    answers = [judged(one, facts, at, law_in_use().book) for one in matters]
    return rules.lawful(rules.prevailing(answers), urgency)


def _acts(sender: str, receiver: str, *, transfer: bool = False) -> list[str]:
    """The acts of the catalogue by which one sector tells another something: those that rest on consent, and for a
    family that has moved the statute about that."""
    a, b = (_CATALOGUE.get(one, one) for one in (sender, receiver))
    return [
        act.id for act in law_in_use().book.acts.values()
        if act.kind is Kind.DISCLOSURE and a in act.from_sectors and b in act.to_sectors
        and (act.by_consent or (transfer and act.basis == NEW_MUNICIPALITY))
    ]  # fmt: skip


_CATALOGUE = {"family_dept": "family-department", "health_visitor": "health-visitor"}
"""Sectors as the catalogue of acts calls them."""


def _wanted(book: Book, child_id: UUID, referral: Referral, sector: str) -> Sharing:
    """The shelves of what is enclosed, and that of the referral itself, which follows from who writes it."""
    idents = [ident for one in referral.package if (ident := ident_of(one))]
    rows = [book.entry(child_id, one) for one in idents if _is_there(book, child_id, one)]
    on = {(block_of(row.shelf), class_of(row.shelf)) for row in rows} or {("IN", default_class("referral", sector))}
    return Sharing(
        frozenset((_BLOCKS[block], Class(letter)) for block, letter in on if block in _BLOCKS), Level.CONTENT
    )


_BLOCKS = {one: Block({"GO": "IN", "PE": "KO"}.get(one, one)) for one in BLOCKS}
"""The six blocks that consents are about, by the finer ones of the shelves."""
