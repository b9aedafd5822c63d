"""What every write in a form needs: who acts, on what, the balls that go with it, and keeping the next version."""

import base64
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import CHANGED, author_of, body_of, patient_of, write
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.files import Scan
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import iso
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.promotion import SENSITIVITY
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import mapping as balls
from barnetsbog.responsibility.model import Baton, NewBall
from barnetsbog.responsibility.model import Event as BallEvent
from barnetsbog.responsibility.model import Move as BallMove
from barnetsbog.responsibility.model import State as BallState

from . import licences, loading, mapping, queries
from .model import Form
from .parties import Asker
from .queries import Opened
from .response import Response, State
from .rules import Fault

Resource = dict[str, Any]

RETIRED = (
    "Skemaet bruges ikke mere og kan ikke sendes. Det, du har skrevet, er gemt, og du kan læse det. "
    "Begynd på det skema, der er kommet i stedet."
)
WHO_MAY_READ = "Vælg, hvem der må læse det, barnet har sagt."
YOUR_PART = "Din del er sendt. Tag den op igen, hvis du vil rette i den."


class Incomplete(Refused):
    """Something is lacking, or can't be right: `faults` says what and where."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("Der mangler noget, før det kan sendes.")
        self.faults = tuple(faults)


class GroundNeeded(Refused):
    """The law doesn't say for certain that it may be sent: whoever sends it says why it may."""


class At(NamedTuple):
    """Who acts, in whose book, on what."""

    book: Book
    child_id: UUID
    asker: Asker
    patient: str

    @property
    def by(self) -> Scope:
        return self.book.scope

    @property
    def child(self) -> str:
        return f"Patient/{self.patient}"


def here_in(book: Book, child_id: UUID) -> At:
    return At(book, child_id, queries.me(book.scope), patient_of(child_id))


def in_use(form_id: str) -> Form:
    found = loading.catalogue().get(form_id)
    if found is None:
        raise NotFound
    return licences.begun(found)


def enclosed(ident: str, here: At, scan: Scan, title: str) -> Resource:
    """A file that goes with a form; a draft until the form is sent."""
    attachment = {
        "contentType": scan.kind, "data": base64.b64encode(scan.content).decode(), "size": len(scan.content),
        "title": title,
    }  # fmt: skip
    return {
        "resourceType": "DocumentReference", "id": ident, "status": "current", "type": {"text": "Bilag til skema"},
        "meta": {"security": [{"system": SENSITIVITY, "code": "draft"}]}, "subject": {"reference": here.child},
        "date": iso(here.by.at), "author": [{"reference": author_of(here.by)}], "description": title,
        "content": [{"attachment": attachment}],
    }  # fmt: skip


def task_of(here: At, title: str, *, to: str, about: str = "", text: str = "") -> Resource:
    by = author_of(here.by)
    baton = Baton(offered_to=to, offered_by=by, opened_by=by)
    wanted = NewBall(title, text, about=about)
    return balls.ball(str(new_id()), child=here.patient, wanted=wanted, baton=baton, at=here.by.at)


def ended(here: At, ball: str, move: BallMove, over: BallState) -> list[Resource]:
    ident = ident_of(ball)
    if ident is None:
        return []
    body = body_of(here.child_id, ident)
    before = balls.baton_of(body)
    if before.over:
        return []
    after = replace(before, offered_to="", offered_by="", over=over)
    return [balls.with_move(body, BallEvent(move, here.by.at, author_of(here.by), after))]


def no_longer_waits(here: At, response: Response) -> list[Resource]:
    """The balls that said that a form is ready to be sent, when it has been, or never will be."""
    open_balls = (body_of(here.child_id, one.id) for one in here.book.entries(
        here.child_id, Filter(what=("task",), open=True)
    ))  # fmt: skip
    mine = (one for one in open_balls if balls.about_of(one) == f"QuestionnaireResponse/{response.id}")
    return [over for one in mine for over in ended(here, f"Task/{one['id']}", BallMove.FINISH, BallState.DONE)]


def stopped(here: At, sheet: str) -> list[Resource]:
    ident = ident_of(sheet)
    if ident is None:
        return []
    body = body_of(here.child_id, ident)
    return [] if body["status"] != State.DRAFT.value else [{**body, "status": State.WITHDRAWN.value}]


def mine(book: Book, child_id: UUID, ident: UUID) -> tuple[At, Opened]:
    """A form, or a sheet, that is this one's to write in."""
    here, found = here_in(book, child_id), queries.opened(book, child_id, ident)
    if found.response.state is not State.DRAFT or not any(one.who == here.asker.ref for one in found.response.turns):
        raise NotFound
    return here, found


def own(book: Book, child_id: UUID, ident: UUID, version: int) -> tuple[At, Opened]:
    """A draft of a whole form that this one's unit, or this one of the family, has begun."""
    here, found = here_in(book, child_id), queries.opened(book, child_id, ident)
    if found.response.state is not State.DRAFT or found.response.sheet_of or not queries.is_by(here.by, found):
        raise NotFound
    if found.row.version != version:
        raise Conflict(CHANGED)
    return here, found


def next_version(here: At, response: Response, form: Form, before: Resource) -> Resource:
    return mapping.resource_of(response, form, child=here.child, by=author_of(here.by), before=before)


def keep(here: At, found: Opened, after: Response, *more: Resource) -> None:
    write(here.by, next_version(here, after, found.form, found.body), *more)
