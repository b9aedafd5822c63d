"""Choosing where one is told, showing that the address is one's own, and stopping.

Nothing of this is written into the book; a line in the log tells the person themselves, and says neither address nor
way to anybody.
"""

import secrets
from hmac import compare_digest
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from barnetsbog.audit.operations import note
from barnetsbog.delivery.channels import announcers
from barnetsbog.delivery.model import Announcement, Trouble, Unreachable
from barnetsbog.intake.writing import hold
from barnetsbog.kernel.decisions import Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import local_day
from barnetsbog.record.scope import Scope

from . import rules
from .model import CODE, SUBJECT, Noticing, Quiet, Wanted, Way
from .models import NoticeChoice

NOT_SENT = "Koden kunne ikke sendes lige nu. Intet er ændret. Prøv igen senere."
TOO_MANY = "Du har fået de koder, du kan få i dag. Prøv igen i morgen."
WRONG = "Koden passer ikke, eller den er for gammel. Skriv den igen, eller få en ny."
_SALT = "notice-stop"


def choose(*, by: Scope, child_id: UUID, wanted: Wanted) -> None:
    """A code goes to the address, and nothing else does until it comes back; what was chosen before is over. Only
    other hours need no code, and whoever presses twice gets one. `Refused` when it is no address, when there have been
    too many codes, or when the code can't be sent: nothing is changed then."""
    address = rules.address(wanted.way, wanted.address)
    ident, code = new_id(), f"{secrets.randbelow(10**6):06}"
    with transaction.atomic():
        hold([child_id])  # of two choices at once the last one stands
        before = NoticeChoice.objects.filter(child_id=child_id, person_id=by.role_id).first()
        if before and (before.way, before.address) == (wanted.way, address) and _stands(before, by.at):
            _change_hours(by, before, wanted.quiet)
            return
        row = _fresh(by, child_id, ident, before)
        row.way, row.address, row.code = wanted.way.value, address, _digest(ident, code)
        row.quiet_since, row.quiet_until = wanted.quiet
        _put_in_place(row, before)
    _send(wanted.way, Announcement(new_id(), address, SUBJECT, CODE.format(code=code)), row, before)
    with transaction.atomic():
        _note(Noticing.CHOOSE, by, child_id)


def _stands(before: NoticeChoice, at: int) -> bool:
    """Whether the same choice needs no new code: it is confirmed, or the code has just been sent and not been tried."""
    waits = bool(before.code) and not before.tries and rules.is_on_its_way(at, before.code_until)
    return before.confirmed_at is not None or waits


def _put_in_place(row: NoticeChoice, before: NoticeChoice | None) -> None:
    if before:
        NoticeChoice.objects.filter(id=before.id).delete()
    row.save(force_insert=True)


def _change_hours(by: Scope, row: NoticeChoice, quiet: Quiet) -> None:
    look = rules.next_look(by.at, quiet, row.person_id)
    since, until = quiet
    NoticeChoice.objects.filter(id=row.id).update(quiet_since=since, quiet_until=until, look_at=look)
    _note(Noticing.CHOOSE, by, row.child_id)


def _fresh(by: Scope, child_id: UUID, ident: UUID, before: NoticeChoice | None) -> NoticeChoice:
    """A row with an id of its own: the link in an old mail stops nothing of the new choice."""
    today = local_day(by.at).isoformat()
    codes = before.codes if before and before.codes_day == today else 0
    if codes >= rules.CODES:
        raise Refused(TOO_MANY)
    return NoticeChoice(
        id=ident, child_id=child_id, person_id=by.role_id, code_until=by.at + rules.CODE_LIVES, codes=codes + 1,
        codes_day=today, told_at=before.told_at if before else None, acute_at=before.acute_at if before else None,
    )  # fmt: skip


def _send(way: Way, said: Announcement, row: NoticeChoice, before: NoticeChoice | None) -> None:
    """Nobody waits for a mail server with the database locked. If it can't be sent, what stood before stands again."""
    try:
        announcers(Path(settings.DATA))[way.channel].tell(said)
    except (Trouble, Unreachable):
        with transaction.atomic():
            hold([row.child_id])
            if NoticeChoice.objects.filter(id=row.id).delete()[0] and before:
                before.save(force_insert=True)
        raise Refused(NOT_SENT) from None


def confirm(*, by: Scope, child_id: UUID, code: str) -> None:
    """The address is theirs, and is used from now on. `Refused` for a wrong code, an old one, and after five tries."""
    with transaction.atomic():
        row = NoticeChoice.objects.select_for_update().filter(child_id=child_id, person_id=by.role_id).first()
        right = row is not None and _is_right(row, code, by.at)
        if row and right:
            row.confirmed_at, row.code = by.at, ""
            row.look_at = rules.next_look(by.at, Quiet(row.quiet_since, row.quiet_until), row.person_id)
        elif row:
            row.tries += 1
        if row:
            row.save()
            _note(Noticing.CONFIRM, by, child_id, allowed=right)
    if not right:
        raise Refused(WRONG)


def _is_right(row: NoticeChoice, code: str, at: int) -> bool:
    alive = bool(row.code) and at < row.code_until and row.tries < rules.TRIES
    return alive and compare_digest(row.code, _digest(row.id, code.strip()))


def stop(*, by: Scope, child_id: UUID) -> None:
    """They are told nothing more. The day's count of codes stays, and the address does not."""
    with transaction.atomic():
        if _forget(NoticeChoice.objects.filter(child_id=child_id, person_id=by.role_id).exclude(address="")):
            _note(Noticing.STOP, by, child_id)


def stop_by_link(token: str, *, at: int) -> None:
    """The same by the link in a mail, without a log-in. It answers nothing: nobody learns whether there was one."""
    try:
        ident = UUID(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError):
        return
    with transaction.atomic():
        row = NoticeChoice.objects.filter(id=ident).exclude(address="").first()
        if row and _forget(NoticeChoice.objects.filter(id=ident)):
            note(Noticing.STOP, at=at, by=None, child_id=row.child_id, between=[str(row.person_id)])


def stop_token(choice: UUID) -> str:
    return signing.dumps(str(choice), salt=_SALT)


def _forget(rows: QuerySet[NoticeChoice]) -> int:
    return rows.update(address="", confirmed_at=None, code="", counts="")


def _note(action: Noticing, by: Scope, child_id: UUID, *, allowed: bool = True) -> None:
    note(action, at=by.at, by=by, child_id=child_id, allowed=allowed, between=[str(by.role_id)])


def _digest(choice: UUID, code: str) -> str:
    return salted_hmac("notice-code", f"{choice}:{code}", algorithm="sha256").hexdigest()
