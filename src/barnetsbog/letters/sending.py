"""Carrying out what was sent: the outbox's letters.

Each is one transaction. Whether it may be sent is asked anew, of the same book by the same rules: the rights that
follow from custody and consents, who is dead, where an address is protected. What goes out is what was approved, letter
by letter; when it would be another one now, it does not go, and its sender gets a ball. A worker that is killed leaves
the row waiting, and what a channel has got by then it knows by its key.
"""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import on_behalf_of
from barnetsbog.delivery import queue
from barnetsbog.delivery.channels import carriers
from barnetsbog.delivery.model import Carrier, Handler, Job, Parcel, State, Trouble, Unreachable
from barnetsbog.delivery.worker import tried
from barnetsbog.directory.queries import roles_in
from barnetsbog.intake.writing import patient_of, write, writing
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.model import NewBall
from barnetsbog.responsibility.operations import guarded, new_ball
from barnetsbog.responsibility.queries import receivers

from . import mapping, typesetting
from .blocks import plain
from .model import Lettering, Preview
from .operations import KIND, revoked
from .queries import composed_of, copy_id, draft_row, may_write

OTHERWISE = "Noget er ændret, siden brevet blev godkendt. Se det igennem, og send det igen."
NO_SENDER = "Den, der sendte brevet, arbejder her ikke mere."
NOT_KNOWN = "Enheden har ikke længere en opgave med barnet."
BALL = "Brevet kunne ikke sendes"


def handlers() -> dict[str, Handler]:
    """What the worker calls, by kind of row."""
    return {KIND: Handler(carry_out, buried)}


def carry_out(jobs: Sequence[Job]) -> None:
    ways = carriers(Path(settings.DATA))
    for job in jobs:
        _carry_out(job, ways[job.channel])


def _carry_out(job: Job, way: Carrier) -> None:
    by = on_behalf_of(job.by)
    if by is None or not may_write(by):
        _end(job, way, NO_SENDER)
        return
    try:
        _send(job, way, by)
    except NotFound:
        _end(job, way, NOT_KNOWN)
    except (Refused, Unreachable) as why:
        _stop(job, way, by, str(why))
    except Trouble as why:
        tried(handlers()[KIND], job, str(why))


def _send(job: Job, way: Carrier, by: Scope) -> None:
    with writing(by, Lettering.DELIVER, job.child_id, letter=str(job.subject), channel=job.channel.value) as book:
        if not queue.is_waiting(job):
            return
        _, draft = draft_row(book, job.child_id, job.subject)
        composed = composed_of(book, job.child_id, job.subject, draft)
        preview = _approved(composed.preview(job.to), job)
        version, letter = preview.version, mapping.letter_of(draft)
        assert version and letter
        pdf = typesetting.pdf(version)
        sender = version.sender[0] if version.sender else ""
        way.deliver(Parcel(job.id, version.title, sender, preview.candidate.person.number, by.at, pdf, preview.files))
        write(
            by,
            mapping.copy(
                copy_id(job.subject, job.to), child=patient_of(job.child_id), author=mapping.author_of(draft),
                to=job.to, title=version.title, text=plain(version), pdf=pdf, enclosures=preview.files, at=by.at,
                channel=job.channel, class_=composed.copy_class, letter=letter,
            ),
        )  # fmt: skip
        queue.finish(job, State.SENT)


def _approved(preview: Preview | None, job: Job) -> Preview:
    """What the sender approved. `Refused` when it may not be sent any more, or would be another letter."""
    if preview is None or preview.version is None:
        raise Refused(preview.candidate.standing.why if preview else NOT_KNOWN)
    if preview.digest != job.digest:
        raise Refused(OTHERWISE)
    return preview


# -- when it is not sent -----------------------------------------------------------------------------------------------


def _end(job: Job, way: Carrier, why: str) -> None:
    """It is not sent, and nobody is left who could be given the ball."""
    way.recall(job.id)
    with transaction.atomic():
        queue.finish(job, State.STOPPED, why)


def _stop(job: Job, way: Carrier, by: Scope, why: str) -> None:
    """It is not sent. Its sender gets a ball that says which letter, and to nobody else why."""
    way.recall(job.id)
    with writing(by, Lettering.STOP, job.child_id, letter=str(job.subject)) as book:
        if queue.finish(job, State.STOPPED, why):
            _tell(book, job, f"PractitionerRole/{job.by}")


def buried(job: Job) -> None:
    """It was tried as often as it is tried. The unit's leader gets a ball, else its sender."""
    carriers(Path(settings.DATA))[job.channel].recall(job.id)
    by = on_behalf_of(job.by)
    if by is None:
        return
    with writing(by, Lettering.STOP, job.child_id, letter=str(job.subject)) as book:
        there = {one.reference for one in receivers(book, job.child_id)}
        leaders = (f"PractitionerRole/{one.id}" for one in roles_in(job.unit) if "lead" in role_named(one.code).may)
        _tell(book, job, next((one for one in leaders if one in there), f"PractitionerRole/{job.by}"))


def _tell(book: Book, job: Job, to: str) -> None:
    """The ball, and the letter in the book when nobody got it. The ball names no receiver: others read it."""
    text = f"Brev {job.subject.hex[-8:]} er ikke kommet frem til alle. Se det under Breve, og find en anden vej."
    ball = new_ball(book, job.child_id, new_id(), NewBall(BALL, text, to))
    if mapping.draft_of(draft_row(book, job.child_id, job.subject)[1]).request:
        ball = guarded(ball)
    gone = revoked(book, job.child_id, job.subject)
    write(book.scope, ball, *([gone] if gone else []))
