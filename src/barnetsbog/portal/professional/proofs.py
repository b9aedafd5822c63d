"""The checkpoints of the log and what they prove, for whoever oversees it; and the proofs as files to keep."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from barnetsbog.access import overseeing
from barnetsbog.access.roles import role_named
from barnetsbog.audit import checkpoints
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.numbers import is_number

from ..session import SignedIn

A_PAGE = 25


@require_GET
def index(request: SignedIn) -> HttpResponse:
    """By the number of lines they cover, the newest first: `?foer=1200` begins below that many."""
    if "audit" not in role_named(request.scope.role).may:
        raise Http404
    asked = request.GET.get("foer", "")
    below = int(asked) if is_number(asked, 15) else None
    found = checkpoints.newest_first(below=below, limit=A_PAGE)
    last = found[-1] if found else None
    context = {
        "section": "oversight", "found": found, "first": below is None,
        "older": last.mark.size if last and last.new < last.mark.size else None,
    }  # fmt: skip
    return render(request, "bog/proofs.html", context)


@require_GET
def checkpoint(request: SignedIn, size: int) -> HttpResponse:
    return _file(lambda: overseeing.checkpoint(request.scope, size), f"kontrolpunkt-{size}.json")


@require_GET
def continued(request: SignedIn, size: int) -> HttpResponse:
    """That the log has only grown since this checkpoint."""
    return _file(lambda: overseeing.continued(request.scope, size), f"bevis-fra-{size}.json")


@require_GET
def line(request: SignedIn, event_id: UUID) -> HttpResponse:
    """That one line stands in the log."""
    return _file(lambda: overseeing.proof(request.scope, event_id), f"bevis-{event_id}.json")


def _file(read: Callable[[], dict[str, Any]], name: str) -> HttpResponse:
    try:
        content = read()
    except NotFound:
        raise Http404 from None
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json", headers=headers)
