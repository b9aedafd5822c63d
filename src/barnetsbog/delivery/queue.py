"""The outbox as its users know it: putting something in, claiming what is due, saying how it went.

A row is claimed for a while (`rules.LEASE`). A worker that is killed loses its claim, and the row is another's then, by
itself: it may be what ended the worker, and keeps no others back. A try is counted before it is begun.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from . import rules
from .model import Channel, Job, State
from .models import Outbox

_FIELDS = (
    "child_id", "id", "kind", "subject_id", "to", "channel", "digest", "by_id", "unit_id", "at", "state", "attempts",
    "next_at", "why", "begun",
)  # fmt: skip


def put(jobs: Iterable[Job]) -> None:
    """Into the outbox, in the caller's transaction."""
    Outbox.objects.bulk_create(Outbox(**dict(zip(_FIELDS, one._replace(next_at=one.at), strict=True))) for one in jobs)


def claim(kinds: Sequence[str], at: int, most: int = 20) -> list[Job]:
    """The rows that are due, the longest waiting first, for this worker alone."""
    return _claimed(Outbox.objects.filter(kind__in=kinds, begun=0), at, most)


def claim_ended(kinds: Sequence[str], at: int) -> list[Job]:
    """One that was begun by a worker that said nothing more of it; none when there is none."""
    return _claimed(Outbox.objects.filter(kind__in=kinds, begun__gt=0), at, 1)


def _claimed(among: QuerySet[Outbox], at: int, most: int) -> list[Job]:
    due = among.filter(state=State.WAITING, next_at__lte=at).order_by("next_at", "id")
    if not due.exists():  # a worker with nothing to do must not take the writer's turn
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        found = _jobs(due[:most])
        until = at + rules.LEASE
        _rows(found).update(attempts=F("attempts") + 1, begun=F("begun") + 1, next_at=until)
    return [one._replace(attempts=one.attempts + 1, begun=one.begun + 1, next_at=until) for one in found]


def keep(job: Job, at: int) -> bool:
    """Claims a row for a while again, just before it is carried out: those that came with it may have taken long. False
    when it is, or was, another worker's by now."""
    mine = _row(job).filter(state=State.WAITING, next_at=job.next_at, begun=job.begun)
    return bool(mine.update(next_at=at + rules.LEASE))


def of_child(child_id: UUID) -> list[Job]:
    """Everything that was sent of a child's book."""
    return _jobs(Outbox.objects.filter(child_id=child_id).order_by("id"))


def of_subject(child_id: UUID, subject: UUID) -> list[Job]:
    """Everything of one letter, in the order it was sent."""
    return _jobs(Outbox.objects.filter(child_id=child_id, subject_id=subject).order_by("id"))


def is_waiting(job: Job) -> bool:
    """Whether it is still to be sent: asked within the transaction that sends it."""
    return _row(job).filter(state=State.WAITING).exists()


def all_waiting(jobs: Sequence[Job]) -> bool:
    """The same of several, in one question."""
    return _rows(jobs).filter(state=State.WAITING).count() == len(jobs)


def finish(job: Job, state: State, why: str = "") -> bool:
    """It is sent, stopped or withdrawn. False when it was so already: whoever comes second does nothing."""
    return bool(_row(job).filter(state=State.WAITING).update(state=state, why=why[:300]))


def all_sent(jobs: Sequence[Job]) -> bool:
    """They are sent, in one statement. False when one of them was not waiting any more: then none must be."""
    return _rows(jobs).filter(state=State.WAITING).update(state=State.SENT, why="") == len(jobs)


def failed(job: Job, at: int, why: str) -> State | None:
    """It failed: it is tried again later, or is dead. None: it was taken back, or sent, meanwhile."""
    state = State.DEAD if rules.is_last(job.attempts) else State.WAITING
    next_at = at + rules.wait(job.attempts)
    told = _row(job).filter(state=State.WAITING).update(state=state, why=why[:300], next_at=next_at, begun=0)
    return state if told else None


def postpone(job: Job, until: int) -> None:
    """Its time has not come: it is tried then, and this was no try."""
    _row(job).filter(state=State.WAITING).update(next_at=until, attempts=job.attempts - 1, begun=0)


def ended(since: int) -> list[Job]:
    """Those that have been set aside because each worker that began them was ended: for the operator."""
    return _jobs(Outbox.objects.filter(state=State.DEAD, begun__gt=0, next_at__gt=since).order_by("next_at", "id"))


def _row(job: Job) -> QuerySet[Outbox]:
    return Outbox.objects.filter(child_id=job.child_id, id=job.id)


def _rows(jobs: Sequence[Job]) -> QuerySet[Outbox]:
    return Outbox.objects.filter(child_id__in={one.child_id for one in jobs}, id__in={one.id for one in jobs})


def _jobs(rows: QuerySet[Outbox]) -> list[Job]:
    return [Job(*row)._replace(channel=Channel(row[5]), state=State(row[10])) for row in rows.values_list(*_FIELDS)]


def moved(source: UUID, target: UUID, subjects: Collection[UUID], names: Mapping[str, str]) -> None:
    """What is to be sent of these entries follows them into another child's book. `names`: what receivers are called
    in the one, by what they are called in the other."""
    rows = [row for row in Outbox.objects.filter(child_id=source) if row.subject_id in subjects]
    for row in rows:
        mine = Outbox.objects.filter(child_id=source, id=row.id)
        mine.update(child_id=target, to=names.get(row.to, row.to))
