"""Save, send for approval, decide, take an earlier version up again: the same for whatever is published in versions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction

from barnetsbog.access.roles import role_named
from barnetsbog.audit.encoding import without_numbers
from barnetsbog.audit.operations import note
from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.decisions import Conflict, NotFound
from barnetsbog.record.instance import today
from barnetsbog.record.scope import Scope

from .chains import Chain, content_of, history
from .model import Draft
from .rules import may_approve, newest, open_draft

LONGEST = 500
"""Characters of a reason or a remark."""


class NotAllowed(ValueError):
    """It may not be decided like this. The sentence says why."""


def save(chain: Chain, *, by: Scope, after: int, content: str) -> int:
    """Keeps the changes as a new draft that follows draft number `after`, and returns its number. What doesn't hold yet
    may be kept; it can't be sent. `Conflict`: somebody else saved in between, and nothing was kept."""
    must_administer(by)
    return _add(chain, by, after, content, step="save")


def submit(chain: Chain, *, by: Scope, after: int, valid_from: date, why: str) -> int:
    """Sends draft number `after` for approval, to be in force from a day that has not been. `LawFileError` names what
    doesn't hold; then nothing is sent."""
    must_administer(by)
    draft = _open(chain, after)
    if valid_from < today():
        raise NotAllowed("Dagen er gået. Vælg i dag eller en dag, der kommer.")
    content, kept = content_of(chain, draft.number), _kept(why)
    chain.must_hold(content)
    return _add(chain, by, after, content, step="submit", submitted=True, valid_from=valid_from, why=kept)


def decide(chain: Chain, *, by: Scope, number: int, approved: bool, remark: str = "") -> None:
    """Makes a sent draft the version in force from its day, or not. It is tried again first: what the program comes
    with may have changed since. `NotAllowed`: who sent it can't approve it."""
    must_administer(by)
    draft = _open(chain, number)
    remark, content = _kept(remark), content_of(chain, number)
    if approved:
        verdict = may_approve(draft, by.person_id)
        if not verdict.allowed:
            raise NotAllowed(verdict.reason)
        chain.must_hold(content)
    start = max(draft.valid_from or today(), today()) if approved else None
    row = chain.decision(
        draft=number, at=by.at, role_id=by.role_id, person_id=by.person_id, approved=approved, valid_from=start,
        remark=remark,
    )  # fmt: skip
    with _one_only():
        row.save(force_insert=True)
        if start:
            chain.on_approved(number, content, start)
        step = "approve" if approved else "return"
        note(chain.action, at=by.at, by=by, reason=remark, step=step, number=number)


def take_up(chain: Chain, *, by: Scope, after: int, number: int) -> int:
    """An earlier draft or version (0: as the program comes) as a new draft. It goes the same way as any other."""
    must_administer(by)
    if number not in {0, *(one.number for one in history(chain))}:
        raise NotFound
    return _add(chain, by, after, content_of(chain, number), step="take-up", why=f"Som nr. {number}")


def _kept(text: str) -> str:
    """A reason or a remark as it is kept for good and read by whoever administers, who knows no child: without a
    person's number."""
    text = without_numbers(text.strip())
    if (wrong := unfit(text, LONGEST)) and wrong.fault is not Fault.EMPTY:
        raise NotAllowed(wrong.reason)
    return text


def must_administer(by: Scope) -> None:
    if "administer" not in role_named(by.role).may:
        raise NotFound


def _open(chain: Chain, number: int) -> Draft:
    """The open draft, if it is this one."""
    draft = open_draft(history(chain))
    if draft is None or draft.number != number:
        raise Conflict
    return draft


def _add(
    chain: Chain, by: Scope, after: int, content: str, *, step: str, submitted: bool = False,
    valid_from: date | None = None, why: str = "",
) -> int:  # fmt: skip
    if newest(history(chain)).number != after:
        raise Conflict
    row = chain.draft(
        number=after + 1, at=by.at, role_id=by.role_id, person_id=by.person_id, content=content, submitted=submitted,
        valid_from=valid_from, why=why,
    )  # fmt: skip
    with _one_only():
        row.save(force_insert=True)
        note(chain.action, at=by.at, by=by, reason=why, step=step, number=row.number)
    return row.number


@contextmanager
def _one_only() -> Iterator[None]:
    """A transaction in which somebody else's row in the same place is a `Conflict`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict from error
