"""A professional's own calendar address."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from barnetsbog.access.roles import role_named

from .. import ical
from ..session import SignedIn


@require_http_methods(["GET", "POST"])
def feed(request: SignedIn) -> HttpResponse:
    if not role_named(request.scope.role).shelves:
        raise Http404
    made, own = ical.settings(request)
    return render(request, "bog/calendar/feed.html", {"section": "calendar", "made": made, "own": own})
