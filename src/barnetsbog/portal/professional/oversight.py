"""Tilsyn: the page of whoever oversees the log. It shows lines of the log and never what a book says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from barnetsbog.access import overseeing
from barnetsbog.access.breakglass import to_review
from barnetsbog.access.law_in_force import fault
from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import OPERATOR
from barnetsbog.audit import checkpoints, checks
from barnetsbog.audit.checks import Check
from barnetsbog.audit.model import Action, Criteria, LogRow, Page, Place, Suspicion
from barnetsbog.audit.proving import provable
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import RoleName
from barnetsbog.kernel.alphabet import alphabetical
from barnetsbog.kernel.cpr import normalise
from barnetsbog.kernel.time import DAY, day_start
from barnetsbog.record.scope import Scope

from .. import log_words
from ..fields import DayField
from ..session import SignedIn
from ..words import Word

OUTCOMES = [("", _("Begge dele")), ("yes", _("Tilladt")), ("no", _("Afvist"))]


MOST_CALLED = 500
"""Roles that one search asks for: the line in the log about the search names each of them."""


def _by_name(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A long list to choose from, in the order of the alphabet."""
    return sorted(((key, str(word)) for key, word in words.items()), key=lambda one: alphabetical(one[1]))


class LogForm(forms.Form):
    who = forms.CharField(label=_("Medarbejderens navn"), required=False, max_length=120)
    number = forms.CharField(label=_("Barnets CPR-nummer"), required=False, max_length=20)
    case = forms.CharField(
        label=_("Sagsnummer"), help_text=_("Kræves, når du søger på et barn"), required=False, max_length=60
    )
    since = DayField(label=_("Fra dato"), help_text=_("dd.mm.åååå"), required=False)
    until = DayField(label=_("Til og med dato"), help_text=_("dd.mm.åååå"), required=False)
    action = forms.ChoiceField(
        label=_("Handling"), required=False,
        choices=lambda: [("", _("Alle handlinger")), *_by_name(log_words.ACTIONS)],
    )  # fmt: skip
    outcome = forms.ChoiceField(label=_("Udfald"), required=False, choices=OUTCOMES)
    glass = forms.BooleanField(label=_("Kun opslag uden samtykke"), required=False)
    after = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    people: tuple[UUID, ...] = ()
    """The roles of those who are called what was asked for."""

    def clean_who(self) -> str:
        name = str(self.cleaned_data["who"]).strip()
        self.people = tuple(directory.roles_called(name)) if name else ()
        if len(self.people) > MOST_CALLED:
            raise forms.ValidationError(_("Der er for mange, der hedder sådan. Skriv mere af navnet."))
        return name

    def clean_number(self) -> str:
        number = normalise(self.cleaned_data["number"])
        if number and len(number) != 10:
            raise forms.ValidationError(_("CPR-nummeret skal have ti cifre, for eksempel 670517-9902."))
        return number

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("number") and not given.get("case", "").strip():
            self.add_error("case", _("Skriv sagsnummeret. Et barns log læses kun i en sag."))


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line of the log with names: of the professional, and of the child no more than initials."""

    row: LogRow
    who: RoleName | None
    whose: str
    what: str
    broke_glass: bool
    """Read without consent; that the glass was broken says the action itself."""
    detail: str
    provable: bool
    """Stands in a checkpoint, so that there is a proof of it."""


@sensitive_post_parameters("number")
@require_http_methods(["GET", "POST"])
def oversight(request: SignedIn) -> HttpResponse:
    """By POST, so that no number stands in an address; so are the pages after the first."""
    scope = request.scope
    if "audit" not in role_named(scope.role).may:
        raise Http404
    form = LogForm(request.POST if request.method == "POST" else None)
    page = _found(request, form) if form.is_valid() else None
    waiting = to_review(scope)
    mark, check = checkpoints.newest(), checks.last()
    context = {
        "section": "oversight", "form": form, "law_fault": fault(), "searched": page is not None,
        "lines": _lines(scope, page.rows) if page else [],
        "next": f"{page.next.at}:{page.next.id}" if page and page.next else "", "asked": _asked(form),
        "waiting": len(waiting), "oldest": waiting[0].at if waiting else None, "mark": mark[0] if mark else None,
        "check": check, "wrong": _wrong(check),
        "suspicions": _suspicions(overseeing.suspicions(scope)) if page is None else [],
    }  # fmt: skip
    return render(request, "bog/oversight.html", context, status=422 if form.errors else 200)


def _wrong(check: Check | None) -> str:
    """What the last check found, in words; empty when all was well or nobody has checked."""
    if check is None or not check.alarming:
        return ""
    if not check.vouched:
        return gettext("Resultatet af kontrollen er ændret, efter at det blev gemt.")
    found = str(log_words.DAMAGE[check.damage or ""])
    place = gettext("Den første forkerte er nummer %(n)s.") % {"n": check.seq} if check.seq is not None else ""
    return f"{found} {place}".strip()


def _found(request: SignedIn, form: LogForm) -> Page:
    given = form.cleaned_data
    people = form.people
    if given["who"] and not people:
        people = (UUID(int=0),)  # nobody is called that, so nothing is found; the search is logged like any other
    criteria = Criteria(
        people=people, action=given["action"], allowed={"yes": True, "no": False}.get(given["outcome"]),
        break_glass=given["glass"], since=day_start(given["since"]) if given["since"] else None,
        until=day_start(given["until"]) + DAY if given["until"] else None,
    )  # fmt: skip
    return overseeing.search(
        request.scope, criteria, number=given["number"], case=given["case"], before=_place(given["after"])
    )


def _place(text: str) -> Place | None:
    """Where the next page begins; nonsense is the first page."""
    at, _colon, ident = text.partition(":")
    try:
        return Place(int(at), UUID(ident)) if ident else None
    except ValueError:
        return None


def _asked(form: LogForm) -> list[tuple[str, str]]:
    """The search as it was, for the button to the next page."""
    data: Any = form.data if form.is_bound else QueryDict()
    return [(name, data.get(name, "")) for name in form.fields if name != "after" and data.get(name)]


def _lines(scope: Scope, rows: list[LogRow]) -> list[LineRead]:
    people = overseeing.staff(scope, [(row.person_id, row.child_id) for row in rows])
    children = directory.children({row.child_id for row in rows if row.child_id})
    proved = provable([row.id for row in rows])
    return [
        LineRead(
            row, people.get((row.person_id, row.child_id)),
            children[row.child_id].initials if row.child_id in children else "", str(log_words.action(row.action)),
            row.detail.get("acute") is True, _detail(row), row.id in proved,
        )
        for row in rows
    ]  # fmt: skip


def _detail(row: LogRow) -> str:
    """What else the line says, as far as it says something to people."""
    detail, why = row.detail, log_words.why(row)
    parts = [
        log_words.step(row),
        gettext("sagsnummer %(case)s") % {"case": detail["case"]} if detail.get("case") else "",
        gettext("søgte %(value)s") % {"value": detail["value"]} if detail.get("value") else "",
        gettext("konto: %(account)s") % {"account": detail["account"]} if detail.get("account") else "",
        gettext("grund: %(why)s") % {"why": why} if why else "",
        gettext("ingen grund givet") if detail.get("account") and not why else "",
        gettext("fejlkode: %(code)s") % {"code": detail["why"]}
        if row.action == Action.LOGIN and detail.get("why")
        else "",
        gettext("poster: %(n)s") % {"n": detail["entries"]} if detail.get("entries") else "",
    ]
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Conspicuous:
    """Somebody to ask, and why."""

    who: RoleName | None
    other: Word
    """What somebody is who works nowhere."""
    found: Suspicion


def _suspicions(found: list[Suspicion]) -> list[Conspicuous]:
    people = directory.roles({one.person_id for one in found})
    return [Conspicuous(people.get(one.person_id), _other(one.person_id), one) for one in found[:50]]


def _other(person_id: UUID) -> Word:
    """Exports at the command line are by whoever runs the instance, who knows no child."""
    return log_words.RELATIVES["operator"] if person_id == OPERATOR else gettext("En fra en familie")
