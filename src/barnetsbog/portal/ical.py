"""Somebody's own calendar address: making it, ending it, and what it answers to a calendar program."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from barnetsbog.calendar import feeds
from barnetsbog.calendar.model import FeedRow
from barnetsbog.kernel.decisions import NotFound

from .session import SignedIn


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """No session, no cookie, no validator: the address is all there is."""
    try:
        content = feeds.fetch(secret)
    except NotFound:
        return HttpResponse(status=404)
    except feeds.TooMany:
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def settings(request: SignedIn, child_id: UUID | None = None) -> tuple[str, FeedRow | None]:
    """What the form about the address asks for is done. Answers a new address, shown this once, and how it stands."""
    made = ""
    if request.method == "POST" and "slut" in request.POST:
        feeds.end(by=request.scope)
    elif request.method == "POST" and "lav" in request.POST:
        secret = feeds.make(by=request.scope, child_id=child_id, with_place="sted" in request.POST)
        made = request.build_absolute_uri(reverse("ical", args=[secret]))
    return made, feeds.own_feed(request.scope)
