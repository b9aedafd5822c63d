"""What every page knows: who is signed in, and whether this is a demonstration."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from barnetsbog.access.people import own_name
from barnetsbog.access.roles import role_named
from barnetsbog.directory.queries import role
from barnetsbog.record.instance import is_demo, today
from barnetsbog.record.scope import Scope


@dataclass(frozen=True, slots=True)
class Me:
    """Who the page is for."""

    name: str
    unit: str
    organisation: str
    family: bool
    is_child: bool
    may: frozenset[str]


def page(request: HttpRequest) -> dict[str, Any]:
    scope = getattr(request, "scope", None)
    return {
        "demo": is_demo(),
        "me": _me(request, scope) if scope else None,
        "today": today(),
        "path": request.get_full_path(),
    }


def _me(request: HttpRequest, scope: Scope) -> Me:
    may = role_named(scope.role).may
    if scope.unit_id is None:
        name = own_name(scope, request.child_id)  # type: ignore[attr-defined]
        return Me(name, "", "", True, scope.own, may)
    found = role(scope.role_id)
    return (
        Me(found.name, found.unit, found.organisation, False, False, may)
        if found
        else Me("", "", "", False, False, may)
    )
