"""Changing the instance's routing rules: save, send for approval, decide, take an earlier version up again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from barnetsbog.access.roles import role_named
from barnetsbog.audit.model import Action
from barnetsbog.audit.operations import note
from barnetsbog.kernel.decisions import Conflict, NotFound
from barnetsbog.record.instance import today
from barnetsbog.record.scope import Scope
from barnetsbog.routing.files import read_local, written
from barnetsbog.routing.loading import contents_of, standard, with_local
from barnetsbog.routing.model import Local

from .model import Draft
from .models import RoutingDecision, RoutingDraft
from .queries import drafts
from .rules import may_approve, newest, open_draft


class NotAllowed(ValueError):
    """It may not be decided like this. The sentence says why."""


def save(*, by: Scope, after: int, local: Local) -> int:
    """Keeps the changes as a new draft that follows draft number `after`, and returns its number. What doesn't hold yet
    may be kept; it can't be sent. `Conflict`: somebody else saved in between, and nothing was kept."""
    _must_administer(by)
    return _add(by, after, written(local), step="save")


def submit(*, by: Scope, after: int, valid_from: date, why: str) -> int:
    """Sends draft number `after` for approval, to be in force from a day that has not been. `RoutingError` names what
    doesn't hold, and for whom; then nothing is sent."""
    _must_administer(by)
    draft = _open(after)
    if valid_from < today():
        raise NotAllowed("Dagen er gået. Vælg i dag eller en dag, der kommer.")
    with_local(draft.content)
    return _add(by, after, draft.content, step="submit", submitted=True, valid_from=valid_from, why=why)


def decide(*, by: Scope, number: int, approved: bool, remark: str = "") -> None:
    """Makes a sent draft the version in force from its day, or not. It is tried again first: the program's own rules
    may have changed since. `NotAllowed`: who sent it can't approve it."""
    _must_administer(by)
    draft = _open(number)
    if approved:
        verdict = may_approve(draft, by.person_id)
        if not verdict.allowed:
            raise NotAllowed(verdict.reason)
        with_local(draft.content)
    start = max(draft.valid_from or today(), today()) if approved else None
    row = RoutingDecision(
        draft=number, at=by.at, role_id=by.role_id, person_id=by.person_id, approved=approved, valid_from=start,
        remark=remark.strip()[:500],
    )  # fmt: skip
    with _one_only():
        row.save(force_insert=True)
        step = "approve" if approved else "return"
        note(Action.ROUTING_RULES, at=by.at, by=by, reason=remark, step=step, number=number)


def take_up(*, by: Scope, after: int, number: int) -> int:
    """An earlier draft or version (0: the program's own rules) as a new draft. It goes the same way as any other."""
    _must_administer(by)
    found = {one.number: one.content for one in drafts()} | {0: ""}
    if number not in found:
        raise NotFound
    content = written(read_local(found[number], contents_of(standard())))
    return _add(by, after, content, step="take-up", why=f"Som nr. {number}")


def _must_administer(by: Scope) -> None:
    if "administer" not in role_named(by.role).may:
        raise NotFound


def _open(number: int) -> Draft:
    """The open draft, if it is this one."""
    draft = open_draft(drafts())
    if draft is None or draft.number != number:
        raise Conflict
    return draft


def _add(
    by: Scope, after: int, content: str, *, step: str, submitted: bool = False, valid_from: date | None = None,
    why: str = "",
) -> int:  # fmt: skip
    if newest(drafts()).number != after:
        raise Conflict
    row = RoutingDraft(
        number=after + 1, at=by.at, role_id=by.role_id, person_id=by.person_id, content=content, submitted=submitted,
        valid_from=valid_from, why=why.strip()[:500],
    )  # fmt: skip
    with _one_only():
        row.save(force_insert=True)
        note(Action.ROUTING_RULES, at=by.at, by=by, reason=why, step=step, number=row.number)
    return row.number


@contextmanager
def _one_only() -> Iterator[None]:
    """A transaction in which somebody else's row in the same place is a `Conflict`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict from error
