"""Reading forms: which can be begun, which wait for the reader, one form with its page, and who can be asked.

Everything is read through a `Book`: a draft is its writer's unit's, a sheet whoever's it is, and what was sent is for
those it was sent to and those whom its shelf is open to.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access.deriving import OWN_ANSWERS
from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import role_named
from barnetsbog.contacts import queries as contacts
from barnetsbog.contacts.model import Contact
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import UnitName
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import age_on, local_day
from barnetsbog.law.ages import YOUNG_AGE, turned
from barnetsbog.law.custody import contradicts_itself, holding
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.instance import id_key
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import default_class
from barnetsbog.responsibility.queries import receivers

from . import licences, loading, mapping, paper_forms, parties
from .model import DANISH, Form, Part
from .parties import Asker
from .response import Response, State, TurnState

Resource = dict[str, Any]


class Opened(NamedTuple):
    """A form as it stands, in the version that it was begun on."""

    row: EntryRow
    body: Resource
    response: Response
    form: Form

    @property
    def retired(self) -> bool:
        return self.form.id not in loading.catalogue()

    @property
    def newest(self) -> Form:
        return licences.begun(loading.catalogue()[self.form.id]) if not self.retired else self.form


class Line(NamedTuple):
    """A form in a list. `mine`: it waits for the reader."""

    row: EntryRow
    response: Response
    form: Form
    mine: bool
    who: Contact | None
    waits_for: tuple[Contact, ...]


class Lists(NamedTuple):
    begin: tuple[Form, ...]
    drafts: tuple[Line, ...]
    waiting: tuple[Line, ...]
    sent: tuple[Line, ...]


# -- who ---------------------------------------------------------------------------------------------------------------


def me(scope: Scope) -> Asker:
    """The reader as one who answers; `NotFound` for somebody who may not."""
    may = role_named(scope.role).may
    if scope.unit_id is not None:
        if "ball" not in may:
            raise NotFound
        return parties.professional(f"Organization/{scope.unit_id}", sector_of(scope))
    if scope.role not in ("holder", "child"):
        raise NotFound
    return parties.child(f"Patient/{scope.role_id}") if scope.own else parties.parent(f"RelatedPerson/{scope.role_id}")


def keeps_answers(book: Book, child_id: UUID) -> bool:
    """Whether the reader can read what they answer themselves. Somebody of the family may know that the book is there
    and nothing more (the child's address is protected, or the rule is switched off): they can't begin."""
    return book.scope.unit_id is not None or any(one.rule == OWN_ANSWERS for one in book.own_grants(child_id))


def sector_of(scope: Scope) -> str:
    found = directory.role(scope.role_id)
    return found.sector if found else "other"


def around(book: Book, child_id: UUID, holders: Iterable[str], patient: str) -> list[Asker]:
    """Everybody who can be asked for a part: the units with a task with the child, the holders, the child."""
    units = [one for one in receivers(book, child_id) if one.reference.startswith("Organization/")]
    found = [parties.professional(one.reference, one.contact.sector) for one in units]
    return [*found, *(parties.parent(f"RelatedPerson/{one}") for one in holders), parties.child(f"Patient/{patient}")]


def offered(book: Book, child_id: UUID, forms: Iterable[Form], asker: Asker) -> tuple[Form, ...]:
    """Those of these forms that are the asker's to begin, and for a child of this age."""
    born, today = _born(child_id), local_day(book.scope.at)
    return tuple(one for one in forms if parties.may_begin(one, asker) and parties.is_of_age(one, born, today))


def notifying(scope: Scope) -> str:
    """The id of the form by which the reader notifies the municipality of a worry, the one that is for the fewest;
    nothing for whom none is meant."""
    if "write" not in role_named(scope.role).may:
        return ""
    asker = me(scope)
    mine = [one for one in loading.catalogue().values() if mapping.is_concern(one) and parties.may_begin(one, asker)]
    return min(mine, key=lambda one: len(one.sender)).id if mine else ""


def age_of(book: Book, child_id: UUID) -> int | None:
    born = _born(child_id)
    return age_on(born, local_day(book.scope.at)) if born else None


def _born(child_id: UUID) -> date | None:
    child = directory.child(child_id)
    return child.born if child else None


def who_can_get(book: Book, child_id: UUID, form: Form) -> list[tuple[str, str]]:
    """Whom a form can be sent to: the units with a task with the child of the sort that it is meant for, else all of
    them, and the parents (`holders_to_tell`) and the child when it is meant for them. Each as a reference and words. A
    notification of concern goes to a family department, whether or not it knows the child: which do is not told by
    whom one can choose."""
    if mapping.is_concern(form):
        return [
            (f"Organization/{one.id}", ", ".join(filter(None, (one.name, one.parent))))
            for one in _family_departments(book.scope)
        ]
    units = [one for one in receivers(book, child_id) if one.reference.startswith("Organization/")]
    meant = [one for one in units if one.contact.sector in form.receiver]
    found = [(one.reference, one.contact.line) for one in meant or units]
    if "child" in form.receiver:
        child = book.entries(child_id, Filter(what=("child",), on_timeline=False))
        found = [*((f"Patient/{one.id}", one.title) for one in child[:1]), *(found if meant else [])]
    if "parent" in form.receiver:
        may = holders_to_tell(book, child_id)
        holders = [one for one, custody in contacts.relatives(book, child_id) if custody and str(one.id) in may]
        others = found if meant or "child" in form.receiver else []
        found = [*((f"RelatedPerson/{one.id}", one.name) for one in holders), *others]
    return found


def holders_to_tell(book: Book, child_id: UUID) -> list[str]:
    """Those who hold custody and may be asked, or told, something by the reader now. Nobody before the risk of an
    honour-related conflict is assessed (barnets lov § 18); nobody of health from 15 years (sundhedsloven § 17); and
    where the address is protected nobody the child does not live with, for a form tells of units."""
    facts, at = facts_of(child_id), book.scope.at
    child, custody = facts.child, facts.custody
    of_health = default_class("document", sector_of(book.scope)) == "H" and turned(child.born, YOUNG_AGE, at)
    if child.parents_wait or of_health or not custody.known or contradicts_itself(custody, at):
        return []
    return [one.person for one in holding(custody, at) if one.resident or not facts.protected]


def _family_departments(scope: Scope) -> list[UnitName]:
    """Those that are open: of the asker's own municipality first, for the child most often lives there; then all
    others."""
    every = [one for one in directory.units().values() if one.sector == "family_dept"]
    closed = directory.away((one.id for one in every), scope.at)
    every = [one for one in every if one.id not in closed]
    away = directory.elsewhere(scope.unit_id) if scope.unit_id else frozenset[UUID]()
    return sorted(every, key=lambda one: (one.id in away, one.parent, one.name))


# -- one form ----------------------------------------------------------------------------------------------------------


def opened(book: Book, child_id: UUID, ident: UUID) -> Opened:
    """A form, or a sheet of one, that the reader may read. `NotFound`: there is none, or it is no form of ours."""
    row = book.entry(child_id, ident)
    bodies = book.bodies([row])
    if row.kind != "QuestionnaireResponse" or row.id not in bodies:
        raise NotFound
    found = of_body(row, orjson.loads(bodies[row.id]))
    if found is None:
        raise NotFound
    return found


def is_by(scope: Scope, found: Opened) -> bool:
    """Whether a form was begun by the reader's unit, or by the reader of the family."""
    if scope.unit_id is None or not found.response.author.startswith("PractitionerRole/"):
        return ident_of(found.response.author) == scope.role_id
    return found.row.unit_id == scope.unit_id


def form_of_body(body: Resource) -> Form | None:
    """The form that a response answers, as it was asked; None when it is none of ours. `KeyError`: there is no such
    version."""
    named = mapping.named_form(body)
    return licences.answered(loading.form(*named), mapping.licence_of(body)) if named else None


def of_body(row: EntryRow, body: Resource) -> Opened | None:
    """None for what is no form of ours, and for what came from elsewhere and says of itself what no form of ours does:
    it stands in the book as any document."""
    try:
        form = form_of_body(body)
        return Opened(row, body, mapping.response_of(body, form), form) if form else None
    except (KeyError, ValueError, TypeError):
        return None


def sheets(book: Book, child_id: UUID, main: Response) -> list[Opened]:
    """The other parties' sheets of a form, as far as the reader may read them: none before it is sent."""
    found = []
    for turn in main.turns:
        ident = ident_of(turn.sheet)
        try:
            if ident and turn.state is TurnState.FINISHED:
                found.append(opened(book, child_id, ident))
        except NotFound:
            continue
    return found


def being_corrected(book: Book, child_id: UUID, ident: UUID) -> UUID | None:
    """The draft in which the reader's unit, or the reader of the family, corrects a form that was sent already."""
    rows = [row for row in book.entries(child_id, Filter(what=("form",), on_timeline=False)) if row.readable]
    bodies, original = book.bodies(rows), f"QuestionnaireResponse/{ident}"
    for found in (of_body(row, orjson.loads(bodies[row.id])) for row in rows):
        corrects = found is not None and found.response.state is State.DRAFT and found.response.corrects == original
        if found and corrects and is_by(book.scope, found):
            return found.row.id
    return None


def history(book: Book, found: Opened) -> list[tuple[int, int, UUID | None, Response]]:
    """Every version of a form: its number, when, by whom, and what it said; the newest first."""
    read = [
        (one.number, one.recorded_at, one.by_id, of_body(found.row, orjson.loads(one.body)))
        for one in book.versions(found.row)
    ]
    return [(number, at, by, said.response) for number, at, by, said in reversed(read) if said]


def version_of(book: Book, found: Opened, number: int) -> Response | None:
    """What a form said in one of its versions."""
    return next((said for one, _, _, said in history(book, found) if one == number), None)


# -- on paper ----------------------------------------------------------------------------------------------------------


def paper(book: Book, child_id: UUID, ident: UUID, part: str, language: str = DANISH) -> bytes:
    """A part of a form as a PDF to fill in: one's own with what is answered, somebody else's without. In a language
    that it can't be printed in (`paper_forms.printed_in`) it is in Danish."""
    found = opened(book, child_id, ident)
    asked = [one for one in found.response.turns if one.part == part]
    if found.response.state is not State.DRAFT or not asked:
        raise NotFound
    own = part in parties.my_parts(found.response, me(book.scope).ref)
    return paper_forms.pdf(
        found.form, part, found.response.answers if own else {},
        mark(found.response, part)._replace(printed=found.row.version if own else 0),
        day=local_day(book.scope.at), key=id_key(), language=language,
    )  # fmt: skip


def mark(response: Response, part: str) -> paper_forms.Mark:
    """What a part on paper is known by. A sheet's paper is that of its form, for the one who prints it and the one who
    answers it may be two."""
    ident = response.sheet_of.rpartition("/")[2] or response.id
    return paper_forms.Mark(ident, response.form, response.version, part)


# -- lists -------------------------------------------------------------------------------------------------------------


def lists(book: Book, child_id: UUID) -> Lists:
    """The forms of a child for the reader: what can be begun, what is being written, what waits, what was sent."""
    asker = me(book.scope)
    rows = book.entries(child_id, Filter(what=("form", "document"), on_timeline=False))
    rows = [row for row in rows if row.kind == "QuestionnaireResponse"]
    bodies = book.bodies(rows)
    found = [one for row in rows if row.id in bodies and (one := of_body(row, orjson.loads(bodies[row.id])))]
    whole = {f"QuestionnaireResponse/{one.row.id}" for one in found}
    found = [one for one in found if one.response.excerpt_of not in whole]
    known = contacts.names(book, child_id, _named(found))
    lines = [_line(one, asker, known) for one in found]
    mine = [one for one in lines if one.mine and one.response.sheet_of]
    forms = loading.catalogue().values() if keeps_answers(book, child_id) else ()
    drafts = [one for one in lines if one.response.state is State.DRAFT and not one.response.sheet_of]
    return Lists(
        offered(book, child_id, forms, asker), tuple(drafts),
        tuple(mine), tuple(one for one in lines if one.response.sent_at is not None),
    )  # fmt: skip


def _named(found: Iterable[Opened]) -> set[UUID]:
    references = [
        ref for response in (one.response for one in found)
        for ref in (response.author, response.to, *(turn.who for turn in response.turns))
    ]  # fmt: skip
    return {ident for ref in references if (ident := ident_of(ref))}


def _line(one: Opened, asker: Asker, known: dict[UUID, Contact]) -> Line:
    waits = [ident_of(turn.who) for turn in parties.waiting(one.response, besides=asker.ref)]
    author = ident_of(one.response.author)
    open_ = one.response.state is State.DRAFT
    return Line(
        one.row, one.response, one.form, open_ and bool(parties.my_parts(one.response, asker.ref)),
        known.get(author) if author else None,
        tuple(known[ident] for ident in waits if ident in known) if open_ else (),
    )  # fmt: skip


def part_named(form: Form, ident: str) -> Part | None:
    return next((one for one in form.parts if one.id == ident), None)
