"""Which draft is open, which version is in force, and who may decide. Pure."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from barnetsbog.kernel.decisions import Decision, Outcome

from .model import NOTHING, Draft


def in_force(drafts: Sequence[Draft], day: date) -> Draft:
    """The newest version that has begun; `NOTHING` when none has. A newer version stands before an older one, whichever
    of their days is the later, because the newer was decided with the older in sight."""
    begun = [
        one for one in drafts if one.decided and one.decided.approved and one.decided.valid_from
        and one.decided.valid_from <= day
    ]  # fmt: skip
    return max(begun, key=lambda one: one.number, default=NOTHING)


def newest(drafts: Sequence[Draft]) -> Draft:
    return max(drafts, key=lambda one: one.number, default=NOTHING)


def newest_version(drafts: Sequence[Draft]) -> Draft:
    """What the next draft begins from: the newest version, whether or not it has begun."""
    return newest([one for one in drafts if one.is_version])


def open_draft(drafts: Sequence[Draft]) -> Draft | None:
    """The draft that somebody is working on, or that waits for approval."""
    last = newest(drafts)
    return None if last is NOTHING or last.decided else last


def may_approve(draft: Draft, person_id: UUID | None) -> Decision:
    """Two people: nobody approves what they sent themselves, in whichever of their roles."""
    if not draft.submitted:
        return Decision(Outcome.REFUSED, "Kladden er ikke sendt til godkendelse.")
    if person_id is None or person_id == draft.person_id:
        return Decision(Outcome.REFUSED, "Den, der har sendt det, kan ikke selv godkende det.")
    return Decision(Outcome.ALLOWED, "En anden end den, der sendte det.")
