"""Carrying out what was sent: the outbox's letters.

Each is one transaction. Whether it may be sent is asked anew, of the same book by the same rules: the rights that
follow from custody and consents, who is dead, where an address is protected. What goes out is what was approved, letter
by letter; when it would be another one now, it does not go, and its sender gets a ball. A worker that is killed leaves
the row waiting, and what a channel has got by then it knows by its key.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import on_behalf_of
from barnetsbog.audit.operations import note
from barnetsbog.delivery import queue
from barnetsbog.delivery.channels import carriers
from barnetsbog.delivery.model import Carrier, Channel, Handler, Job, Parcel, State, Trouble, Unreachable
from barnetsbog.delivery.worker import tried
from barnetsbog.directory.queries import roles_in
from barnetsbog.intake.writing import body_of, hold, patient_of, write, writing
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.book import Book
from barnetsbog.record.instance import now
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility import mapping as balls
from barnetsbog.responsibility.model import Baton, NewBall
from barnetsbog.responsibility.operations import guarded, new_ball
from barnetsbog.responsibility.queries import receivers

from . import mapping, typesetting
from .blocks import plain
from .files import catalogue
from .model import Lettering, Preview
from .operations import KIND, revoked
from .queries import book_id, composed_of, copy_id, draft_row, may_write

OTHERWISE = "Noget er ændret, siden brevet blev godkendt. Se det igennem, og send det igen."
NO_SENDER = "Den, der sendte brevet, arbejder her ikke mere."
NOT_KNOWN = "Enheden har ikke længere en opgave med barnet."
BALL = "Brevet kunne ikke sendes"
AT_ONCE = 10
"""Copies that are written down together while those after them are set."""
_log = logging.getLogger(__name__)


def handlers() -> dict[str, Handler]:
    """What the worker calls, by kind of row."""
    return {KIND: Handler(carry_out, buried)}


def carry_out(jobs: Sequence[Job]) -> None:
    """Several in one transaction when all of them can go, which is nearly always; else each in one of its own, which
    says what is the matter with it."""
    ways = carriers(Path(settings.DATA))
    if len(jobs) > 1 and _together(jobs, ways):
        return
    for job in jobs:
        _carry_out(job, ways[job.channel])


def _carry_out(job: Job, way: Carrier) -> None:
    by = on_behalf_of(job.by)
    if by is None or not may_write(by):
        _end(job, way, NO_SENDER)
        return
    try:
        with transaction.atomic():
            _send([job], by, {job.channel: way})
    except NotFound:
        _end(job, way, NOT_KNOWN, by)
    except (Refused, Unreachable) as why:
        _stop(job, way, by, str(why))
    except Trouble as why:
        tried(handlers()[KIND], job, str(why))
    except _Beaten:
        pass


class _Beaten(Exception):
    """Somebody took it back, or another worker has sent it."""


class _Ready(NamedTuple):
    """A letter to one receiver that may go: as it was approved, and for whom it is written down."""

    job: Job
    preview: Preview
    draft: mapping.Resource


def _together(jobs: Sequence[Job], ways: Mapping[Channel, Carrier]) -> bool:
    """False: nothing was stored. What a channel has got by then it knows by its key, and does not deliver again."""
    try:
        with transaction.atomic():
            for sender, mine in groupby(
                sorted(jobs, key=lambda one: (one.by, one.child_id, one.id)), lambda one: one.by
            ):
                by = on_behalf_of(sender)
                if by is None or not may_write(by):
                    return False
                _send(list(mine), by, ways)
    except Exception as why:  # each by itself, and what it is about comes out
        _log.info("not together: %s", type(why).__name__)
        return False
    return True


def _send(jobs: Sequence[Job], by: Scope, ways: Mapping[Channel, Carrier]) -> None:
    """Letters of one sender, in the caller's transaction. All of them, or one of them raises why not. While one letter
    is judged the ones before it are set, and while some are written down the ones after them are."""
    hold({one.child_id for one in jobs})
    if not queue.all_waiting(jobs):
        raise _Beaten
    ready: list[_Ready] = []
    setting: list[Future[bytes]] = []
    try:
        for _, some in groupby(jobs, key=lambda one: one.subject):
            ready += (fresh := _ready(list(some), by))
            setting += [_pool().submit(_delivered, one, ways[one.job.channel], by.at) for one in fresh]
        for first in range(0, len(ready), AT_ONCE):
            done = zip(ready[first : first + AT_ONCE], setting[first : first + AT_ONCE], strict=True)
            write(by, *(_copy(one, pdf.result(), by.at) for one, pdf in done))
    finally:
        wait(setting)
    if not queue.all_sent([one.job for one in ready]):
        raise _Beaten


def _ready(jobs: Sequence[Job], by: Scope) -> list[_Ready]:
    """One letter's, judged anew in one reading of the book."""
    child, letter = jobs[0].child_id, jobs[0].subject
    ways = [one.channel.value for one in jobs]
    with writing(by, Lettering.DELIVER, child, letter=str(book_id(letter)), channels=ways) as book:
        _, draft = draft_row(book, child, letter)
        composed = composed_of(book, child, letter, draft)
        return [_Ready(one, _approved(composed.preview(one.to), one), draft) for one in jobs]


def _delivered(one: _Ready, way: Carrier, at: int) -> bytes:
    """The PDF, when its channel has it. Needs no database: several are set at once."""
    version, person = one.preview.version, one.preview.candidate.person
    assert version
    pdf = typesetting.pdf(version)
    way.deliver(Parcel(one.job.id, version.title, person.number, at, pdf, one.preview.files))
    return pdf


@cache
def _pool() -> ThreadPoolExecutor:
    """typst lets go of Python's lock, and so does a disk: for each core one that sets and one that waits for a disk."""
    return ThreadPoolExecutor(2 * (os.cpu_count() or 1), thread_name_prefix="letters")


def _copy(one: _Ready, pdf: bytes, at: int) -> mapping.Resource:
    version, letter = one.preview.version, mapping.letter_of(one.draft)
    assert version and letter
    return mapping.copy(
        copy_id(one.job.subject, one.job.to), child=patient_of(one.job.child_id), author=mapping.author_of(one.draft),
        to=one.job.to, title=version.title, text=plain(version), blocks=version.blocks, pdf=pdf,
        enclosures=one.preview.files, at=at, channel=one.job.channel, class_=one.preview.class_, letter=letter,
    )  # fmt: skip


def _approved(preview: Preview | None, job: Job) -> Preview:
    """What the sender approved. `Refused` when it may not be sent any more, or would be another letter."""
    if preview is None or preview.version is None:
        raise Refused(preview.candidate.standing.why if preview else NOT_KNOWN)
    if preview.digest != job.digest:
        raise Refused(OTHERWISE)
    return preview


# -- when it is not sent -----------------------------------------------------------------------------------------------


def _end(job: Job, way: Carrier, why: str, by: Scope | None = None) -> None:
    """It is not sent, and its sender can't be given the ball: the unit gets it. `by`: who was turned away."""
    way.recall(job.id)
    with transaction.atomic():
        if queue.finish(job, State.STOPPED, why):
            _tell_unit(job)
        if by:
            note(
                Lettering.DELIVER,
                at=by.at,
                by=by,
                allowed=False,
                child_id=job.child_id,
                letter=str(book_id(job.subject)),
            )


def _stop(job: Job, way: Carrier, by: Scope, why: str) -> None:
    """It is not sent. Its sender gets a ball that says which letter, and to nobody else why."""
    way.recall(job.id)
    with writing(by, Lettering.STOP, job.child_id, letter=str(book_id(job.subject))) as book:
        if queue.finish(job, State.STOPPED, why):
            _tell(book, job, f"PractitionerRole/{job.by}")


def buried(job: Job) -> None:
    """It was tried as often as it is tried. The unit's leader gets a ball, else its sender; where the sender has left,
    the unit."""
    carriers(Path(settings.DATA))[job.channel].recall(job.id)
    by = on_behalf_of(job.by)
    try:
        if by is None or not may_write(by):
            raise NotFound
        with writing(by, Lettering.STOP, job.child_id, letter=str(book_id(job.subject))) as book:
            there = {one.reference for one in receivers(book, job.child_id)}
            leaders = (f"PractitionerRole/{one.id}" for one in roles_in(job.unit) if "lead" in role_named(one.code).may)
            _tell(book, job, next((one for one in leaders if one in there), f"PractitionerRole/{job.by}"))
    except NotFound:
        with transaction.atomic():
            _tell_unit(job)


def _tell(book: Book, job: Job, to: str) -> None:
    """The ball, and the letter in the book when nobody got it."""
    _write(book.scope, job, new_ball(book, job.child_id, new_id(), NewBall(BALL, _text(job), to)))


def _tell_unit(job: Job) -> None:
    """The same where the sender is not there any more. The ball is offered to the unit, which stands as who opened it,
    as long as it has a task with the child: nobody else's it would be."""
    hold([job.child_id])
    at, place, unit = now(), f"Organization/{job.unit}", str(job.unit)
    baton = Baton(offered_to=place, opened_by=place)
    wanted = NewBall(BALL, _text(job), place)
    ball = balls.ball(str(new_id()), child=patient_of(job.child_id), wanted=wanted, baton=baton, at=at)
    works = any(one.unit == unit and one.start <= at < one.end for one in facts_of(job.child_id).cares)
    _write(None, job, *([ball] if works else []))
    note(Lettering.STOP, at=at, by=None, child_id=job.child_id, letter=str(book_id(job.subject)))


def _text(job: Job) -> str:
    """It names no receiver: others read it."""
    return f"Brev {job.subject.hex[-8:]} er ikke kommet frem til alle. Se det under Breve, og find en anden vej."


def _write(by: Scope | None, job: Job, *opened: mapping.Resource) -> None:
    """What answers a request, or is between two, leaves no trace for others than the unit."""
    draft = mapping.draft_of(body_of(job.child_id, job.subject))
    hidden = draft.request or catalogue()[draft.template].between
    gone = revoked(job.child_id, job.subject)
    write(by, *(guarded(one) if hidden else one for one in opened), *([gone] if gone else []))
