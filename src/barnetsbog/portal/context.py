"""What every page knows: who is signed in, and whether this is a demonstration."""

from typing import Any

from django.http import HttpRequest

from barnetsbog.directory.queries import role
from barnetsbog.record.instance import is_demo, today


def page(request: HttpRequest) -> dict[str, Any]:
    scope = getattr(request, "scope", None)
    return {
        "demo": is_demo(),
        "me": role(scope.role_id) if scope else None,
        "today": today(),
        "path": request.get_full_path(),
    }
