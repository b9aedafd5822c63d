"""What an administrator does with something that is published in versions, whatever it is: send, approve, return, take
up again; and its history as a page shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.access.roles import role_named
from barnetsbog.directory import queries as directory
from barnetsbog.kernel.decisions import Conflict, NotFound
from barnetsbog.kernel.numbers import is_number
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing import operations
from barnetsbog.publishing.chains import Chain
from barnetsbog.publishing.model import Draft
from barnetsbog.publishing.rules import in_force, may_approve, newest, newest_version, open_draft
from barnetsbog.record.instance import today
from barnetsbog.record.scope import Scope

from .fields import Area
from .sentences import marked
from .session import SignedIn

CONFLICT = _("En anden har gemt imens. Intet af dit er gemt. Se siden igen, og prøv så.")


def administrators_only(request: SignedIn) -> None:
    if "administer" not in role_named(request.scope.role).may:
        raise Http404


class Sending(forms.Form):
    """A draft on its way to approval."""

    valid_from = forms.DateField(
        label=_("Fra hvilken dag?"), input_formats=["%d.%m.%Y", "%d/%m-%Y", "%Y-%m-%d"],
        error_messages={"required": _("Skriv en dag."), "invalid": _("Skriv dagen som 01.12.2026.")},
    )  # fmt: skip
    why = forms.CharField(
        label=_("Hvorfor ændrer I det?"), max_length=500, widget=Area,
        error_messages={"required": _("Skriv, hvorfor I ændrer det.")},
    )  # fmt: skip


def sending(request: HttpRequest) -> Sending:
    return Sending(request.POST if request.POST.get("gør") == "send" else None)


# -- the history -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Past:
    """A draft that was sent or decided, as the history shows it."""

    draft: Draft
    state: str
    by: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Versions:
    """What a page needs of a chain. `after`: the number that the next saving follows; `author`: who saved the open
    draft; `to_come`: the newest version, when it has not begun."""

    draft: Draft | None
    after: int
    in_force: Draft
    author: str
    mine: bool
    may_approve: bool
    history: list[Past]
    to_come: Draft | None
    sending: Sending
    error: str


def versions(history: list[Draft] | tuple[Draft, ...], scope: Scope, wish: Sending, error: str) -> Versions:
    names, draft, last = _names(history), open_draft(history), newest_version(history)
    return Versions(
        draft, newest(history).number, in_force(history, today()), names.get(draft.role_id, "") if draft else "",
        draft is not None and draft.person_id == scope.person_id,
        draft is not None and may_approve(draft, scope.person_id).allowed,
        [_past(one, names, draft) for one in reversed(history) if one.decided or one.submitted],
        last if last != in_force(history, today()) and last.is_version else None, wish, error,
    )  # fmt: skip


def _names(history: list[Draft] | tuple[Draft, ...]) -> dict[UUID, str]:
    """Who saved and decided."""
    roles = {one.role_id for one in history} | {one.decided.role_id for one in history if one.decided}
    return {ident: role.name for ident, role in directory.roles(roles).items()}


def _past(draft: Draft, names: dict[UUID, str], now: Draft | None) -> Past:
    decided = names.get(draft.decided.role_id, "") if draft.decided else ""
    return Past(draft, _state(draft, now), names.get(draft.role_id, ""), decided)


def _state(draft: Draft, now: Draft | None) -> str:
    """`now`: the open draft. What was sent before somebody saved again waits for nobody any more."""
    if draft.decided is None:
        return gettext("Sendt") if draft == now else gettext("Afløst af en nyere kladde")
    return gettext("Godkendt") if draft.decided.approved else gettext("Ikke godkendt")


# -- the buttons -------------------------------------------------------------------------------------------------------


def done(request: SignedIn, chain: Chain, wish: Sending) -> tuple[str, int]:
    """Does what the button says. What went wrong, if anything, and the status to say it with."""
    act = _ACTS.get(request.POST.get("gør", ""))
    number = request.POST.get("nummer", "")
    if act is None or not is_number(number):
        raise Http404
    if wish.is_bound and not wish.is_valid():
        return "", 422
    return kept(lambda: act(request, chain, int(number), wish.cleaned_data if wish.is_bound else {}))


def kept(act: Callable[[], object]) -> tuple[str, int]:
    """Does something that may be refused. What went wrong, if anything, as `marked` says it; and the status."""
    try:
        act()
    except Conflict:
        return str(CONFLICT), 409
    except NotFound:
        raise Http404 from None
    except (LawFileError, operations.NotAllowed) as fault:
        return marked(str(fault)), 422
    return "", 200


def _send(request: SignedIn, chain: Chain, number: int, given: dict[str, Any]) -> None:
    operations.submit(chain, by=request.scope, after=number, valid_from=given["valid_from"], why=given["why"])


def _approve(request: SignedIn, chain: Chain, number: int, given: dict[str, Any]) -> None:
    operations.decide(chain, by=request.scope, number=number, approved=True)


def _return(request: SignedIn, chain: Chain, number: int, given: dict[str, Any]) -> None:
    remark = request.POST.get("remark", "").strip()
    if not remark:
        raise operations.NotAllowed("Skriv, hvorfor det ikke skal bruges.")
    operations.decide(chain, by=request.scope, number=number, approved=False, remark=remark)


def _take_up(request: SignedIn, chain: Chain, number: int, given: dict[str, Any]) -> None:
    wanted = request.POST.get("igen", "")
    if not is_number(wanted):
        raise NotFound
    operations.take_up(chain, by=request.scope, after=number, number=int(wanted))


_ACTS: dict[str, Callable[[SignedIn, Chain, int, dict[str, Any]], None]] = {
    "send": _send, "godkend": _approve, "afvis": _return, "igen": _take_up,
}  # fmt: skip
