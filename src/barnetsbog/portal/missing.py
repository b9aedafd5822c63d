"""Not there, or not yours to know of: one page, one text, one status. And a session that has ended while somebody
wrote."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from barnetsbog.access.reading import is_now
from barnetsbog.kernel.decisions import NotFound

from .typed import is_ours


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same whatever was asked for, but for who may know of the book that this child's is in by now."""
    if (now := _now(request)) is not None:
        return HttpResponseRedirect(now)
    return render(request, "bog/not_found.html", status=404)


class NotFoundMiddleware:
    """What is not there, or not any more, when somebody writes: the same page, with what they typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return not_found(request) if isinstance(error, NotFound) else None


def _now(request: HttpRequest) -> str | None:
    """Where an old address of a child's book leads."""
    match, scope = request.resolver_match, getattr(request, "scope", None)
    if request.method != "GET" or match is None or scope is None or "child_id" not in match.kwargs:
        return None
    child_id = is_now(scope, match.kwargs["child_id"])
    return reverse(match.view_name, kwargs={**match.kwargs, "child_id": child_id}) if child_id else None


def lost(request: HttpRequest) -> HttpResponse:
    """Somebody who is not signed in any more has sent a page: it is given back with what they typed, to be sent again
    when they have signed in beside it. Only to the browser that had the page: what another site made it send is not
    repeated."""
    if not is_ours(request):
        return HttpResponseRedirect(reverse("login"))
    post = request.POST
    typed = [(name, one) for name in post if name != "csrfmiddlewaretoken" for one in post.getlist(name)]
    context = {"typed": typed, "files": bool(request.FILES)}
    response = render(request, "bog/lost.html", context, status=401)
    response.headers["Cache-Control"] = "no-store"
    return response
