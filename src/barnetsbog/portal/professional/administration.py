"""Administration: the roles there are and what each can do at most. The file is changed by a lawyer, never here."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from barnetsbog.access.law_in_force import fault
from barnetsbog.access.roles import Role, role_named, roles
from barnetsbog.forms.licences import licences_in_use
from barnetsbog.joining.queries import sightings
from barnetsbog.record.rights import CONTENT
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import class_of, numbers
from barnetsbog.subscriptions.queries import in_error

from .. import log_words
from ..reasons import CLASS_WORDS
from ..session import SignedIn
from ..words import ROLES, Word

MAY: dict[str, Word] = {
    "find": _("søge et barn frem"), "consent": _("bede om samtykke"), "break-glass": _("åbne uden samtykke"),
    "review": _("gennemse nødopslag"), "audit": _("føre tilsyn med loggen"), "administer": _("se opsætningen"),
    "pack": _("lave mødepakker"), "approve-pack": _("godkende mødepakker til politiet"),
    "answer": _("svare for sig selv"), "own-log": _("se, hvem der har set"),
    "choose": _("vælge en, der skal hjælpe"), "read-book": _("læse det, der er givet lov til"),
    "ball": _("tage imod og give opgaver videre"),
    "lead": _("fordele enhedens opgaver"), "refer": _("sende og svare på henvisninger"),
    "letter": _("skrive og sende breve"), "write": _("skrive gennem grænsefladen"),
    "master-data": _("skrive stamdata gennem grænsefladen"),
    "bulk": _("hente meget på én gang gennem grænsefladen"),
    "count": _("se enhedernes tal"), "join": _("samle to bøger om det samme barn"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role as the page lists it."""

    name: str
    purpose: str
    may: str


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The roles that see the same at most. `sees`: empty where it is no book; `reads`: more than headings."""

    sees: str
    reads: bool
    roles: list[RoleLine]


@require_GET
def administration(request: SignedIn) -> HttpResponse:
    if "administer" not in role_named(request.scope.role).may:
        raise Http404
    context = {
        "section": "administration", "ceilings": _ceilings(), "law_fault": fault(), "licences": licences_in_use(),
        "undelivered": len(in_error()), "told": _told(request.scope),
    }  # fmt: skip
    return render(request, "bog/administration.html", context)


def _told(scope: Scope) -> int:
    """How many ask whether a child has two books, for whoever joins them."""
    return len(sightings(scope)) if "join" in role_named(scope.role).may else 0


def _ceilings() -> list[Ceiling]:
    """In the order in which the first role of each stands in the file, and last those who see no book."""
    found: dict[tuple[str, bool], Ceiling] = {}
    for role in roles().values():
        key = _sees(role), role.reach >= CONTENT
        found.setdefault(key, Ceiling(*key, [])).roles.append(_line(role))
    return sorted(found.values(), key=lambda one: not one.sees)


def _sees(role: Role) -> str:
    classes = dict.fromkeys(class_of(one) for one in numbers(role.shelves))
    return ", ".join(str(CLASS_WORDS[one]) for one in classes)


def _line(role: Role) -> RoleLine:
    names = {**ROLES, **log_words.RELATIVES, **NAMES}
    may = ", ".join(str(MAY[one]) for one in sorted(role.may))
    return RoleLine(str(names.get(role.code, role.code)), str(log_words.purpose(role.purpose)), may)


NAMES: dict[str, Word] = {
    "carer": _("Daglig omsorg"), "analyst": _("Analytiker"), "operations": _("Drift"),
    "system": _("Fagsystem"), "master_data": _("Stamdata"), "record_system": _("Fagsystem med stamdata"),
    "log_reader": _("Program, der læser loggen"),
}  # fmt: skip
