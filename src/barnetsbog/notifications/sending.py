"""Looking after everybody who wants to be told, and telling them: what the worker does.

A look opens the person's own book with the rights that they have now, and so does the sending, for hours may lie
between them. Whoever has lost their rights is told nothing, and nothing tells them so.
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.access.waiting import waits
from barnetsbog.audit.operations import note
from barnetsbog.delivery import queue
from barnetsbog.delivery.channels import announcers
from barnetsbog.delivery.model import Announcement, Handler, Job, State, Trouble, Unreachable
from barnetsbog.delivery.worker import tried
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import day_end, day_start, local_day
from barnetsbog.record.instance import now
from barnetsbog.record.scope import LoginLevel, Scope

from . import rules
from .model import SUBJECT, TEXT, Choice, Noticing, Standing, Told, Way
from .models import NoticeChoice
from .operations import stop_token
from .queries import choice_of, standing

KIND, MOST = "notice", 20
_log = logging.getLogger(__name__)
NOT_NOW = "Der er ikke længere noget at fortælle."


def handlers() -> dict[str, Handler]:
    return {KIND: Handler(carry_out, buried)}


# -- looking -----------------------------------------------------------------------------------------------------------


def look_round() -> int:
    """Looks after everybody whose time it is, a few at a time; how many. A look that fails is not taken up again
    before the next one, and keeps nobody else's back."""
    at = now()
    due = NoticeChoice.objects.filter(confirmed_at__isnull=False, look_at__lte=at).order_by("look_at")[:MOST]
    looked = 0
    for row in due:
        if not _claimed(row, at):  # just before: a worker that is killed must lose no more than the look it is at
            continue
        looked += 1
        try:
            with transaction.atomic():
                _look(row, at)
        except Exception as fault:
            _log.error("a look failed: %s", type(fault).__name__)
    return looked


def _claimed(row: NoticeChoice, at: int) -> bool:
    """For this worker alone: another one has moved the time."""
    following = rules.next_look(at, choice_of(row).quiet, row.person_id)
    return bool(NoticeChoice.objects.filter(id=row.id, look_at=row.look_at).update(look_at=following))


def _look(row: NoticeChoice, at: int) -> None:
    found = _standing(choice_of(row))
    if found is None:
        return
    told = Told(tuple(int(one) for one in row.counts.split(",") if one), *_told_at(row, at))
    says = rules.is_told(at, found, told)
    kept: dict[str, object] = {"counts": ",".join(map(str, rules.counted(at, found, told)))}
    if says:
        kept |= {"told_at": at, **({"acute_at": at} if found.acute else {})}
        queue.put([_job(row, at)])
    NoticeChoice.objects.filter(id=row.id).update(**kept)


def _told_at(row: NoticeChoice, at: int) -> tuple[int | None, int | None]:
    """When this address was told, of whichever child: somebody with two books is told once. An address that nobody has
    shown to be theirs has been told nothing, whoever wrote it: it must keep nothing from whoever has it."""
    today = day_start(local_day(at)), day_end(local_day(at)) - 1
    others = NoticeChoice.objects.filter(address=row.address, confirmed_at__isnull=False).exclude(id=row.id)
    told = others.filter(told_at__range=today).values_list("told_at", flat=True).first()
    acute = others.filter(acute_at__range=today).values_list("acute_at", flat=True).first()
    return told or row.told_at, acute or row.acute_at


def _job(row: NoticeChoice, at: int) -> Job:
    """It names the choice, and neither address nor matter."""
    return Job(
        row.child_id, new_id(), KIND, new_id(), f"notice/{row.id}", Way(row.way).channel, "", row.person_id,
        row.person_id, at,
    )  # fmt: skip


def _scope(choice: Choice) -> Scope | None:
    """They confirmed the address in a log-in of this level, and are told less than any page tells."""
    return scope_for_person(choice.person_id, choice.child_id, level=LoginLevel.SUBSTANTIAL)


def _standing(choice: Choice) -> Standing | None:
    """None when they have no rights any more, or are told nothing yet (BL § 18)."""
    scope = _scope(choice)
    if scope is None or waits(scope, choice.child_id):
        return None
    try:
        with open_book(scope, Noticing.LOOK, choice.child_id, between=[str(choice.person_id)]) as book:
            return standing(book, choice.child_id)
    except NotFound:
        return None


# -- telling -----------------------------------------------------------------------------------------------------------


def carry_out(jobs: Sequence[Job]) -> None:
    """One by one: a mail server that is slow may take minutes of each."""
    for job in jobs:
        if queue.keep(job, now()):
            _carry_out(job, now())


def _carry_out(job: Job, at: int) -> None:
    row = NoticeChoice.objects.filter(id=UUID(job.to.partition("/")[2]), confirmed_at__isnull=False).first()
    choice = choice_of(row) if row else None
    if choice and rules.is_quiet(at, choice.quiet):
        queue.postpone(job, rules.next_look(at, choice.quiet, choice.person_id))
        return
    found = _standing(choice) if choice else None
    if choice is None or found is None or not (found.total or found.acute):
        queue.finish(job, State.STOPPED, NOT_NOW)
        return
    try:
        _tell(job, choice)
    except Trouble as why:
        tried(handlers()[KIND], job, str(why))
    except Unreachable as why:
        queue.finish(job, State.STOPPED, str(why))


def _tell(job: Job, choice: Choice) -> None:
    """Nobody waits for a mail server with the database locked: a worker that is killed in between tells it again, by
    the same key."""
    said = Announcement(job.id, choice.address, SUBJECT, TEXT, _stop_address(choice))
    announcers(Path(settings.DATA))[job.channel].tell(said)
    with transaction.atomic():
        if queue.finish(job, State.SENT):
            between = [str(choice.person_id)]
            note(Noticing.SEND, at=now(), by=_scope(choice), child_id=choice.child_id, between=between)


def _stop_address(choice: Choice) -> str:
    """'' where the instance does not know its own address, and in text messages, which are short."""
    if not settings.ADDRESS or choice.way is Way.SMS:
        return ""
    return settings.ADDRESS + reverse("notices-stop", args=[stop_token(choice.id)])


def buried(job: Job) -> None:
    """Nobody is told: there will be another look tomorrow, and the page shows what waits."""
