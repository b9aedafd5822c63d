"""What every page knows: who is signed in, and whether this is a demonstration."""

from typing import Any

from django.http import HttpRequest

from barnetsbog.access.people import own_name
from barnetsbog.access.roles import role_named
from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import ChildName
from barnetsbog.fostering.queries import is_carer
from barnetsbog.kernel.time import SECOND
from barnetsbog.login.clock import wall
from barnetsbog.login.setup import setup
from barnetsbog.record.instance import is_demo, today
from barnetsbog.record.scope import Scope

from .dates import clock
from .family.menu import of_family
from .log_words import PURPOSES
from .me import Me
from .menus import of_staff
from .once import AGAIN
from .session import GLASS
from .voices import stage


def page(request: HttpRequest) -> dict[str, Any]:
    scope = getattr(request, "scope", None)
    me = _me(request, scope) if scope else None
    return {
        "demo": is_demo(),
        "me": me,
        "menu": (of_family(me) if me.family else of_staff(me)) if me else None,
        "today": today(),
        "reading_for": PURPOSES.get(scope.purpose, "") if scope and scope.unit_id else "",
        "about": lambda: _about(request, scope),
        "path": request.get_full_path(),
        "twice": AGAIN in request.GET,
        "session": _session(request) if scope else None,
        "glass_until": clock(request.session[GLASS]["until"]) if scope and scope.break_glass else "",
    }


def _about(request: HttpRequest, scope: Scope | None) -> ChildName | None:
    """Whose book somebody of the family reads: asked by pages that do not say it themselves, for print."""
    return directory.child(request.child_id) if scope and scope.unit_id is None else None  # type: ignore[attr-defined]


def _session(request: HttpRequest) -> dict[str, Any]:
    """Until when the log-in holds, for the line at the foot of the page and the script that warns."""
    until: int = request.login_until  # type: ignore[attr-defined]
    left = max(0, (until - wall()) // SECOND)
    return {"until": clock(until), "left": left, "warning": setup().limits.warning // SECOND}


def _me(request: HttpRequest, scope: Scope) -> Me:
    role_there, may = role_named(scope.role), role_named(scope.role).may
    if scope.unit_id is None:
        name = own_name(scope, request.child_id)  # type: ignore[attr-defined]
        own = stage(scope, request.child_id)  # type: ignore[attr-defined]
        return Me(name, "", "", True, scope.own, may, young=own.young, carer=is_carer(scope), adult=own.adult)
    found = directory.acting(scope.role_id)
    works = role_there.shelves > 0
    return (
        Me(found.role.name, found.role.unit, found.role.organisation, False, False, may, works)
        if found
        else Me("", "", "", False, False, may, works)
    )
