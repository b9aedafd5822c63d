"""Nobody writes the character NUL. A page that brings one, out of a document that was copied from or by somebody's
hand, is read as if it were not there: PostgreSQL keeps no text that has it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict


class WithoutNulMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = _without(request.GET)  # type: ignore[assignment]  # it can't be changed either
        if request.method == "POST":
            request.POST = _without(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


def _without(sent: QueryDict) -> QueryDict:
    if not any("\0" in text for name, texts in sent.lists() for text in (name, *texts)):
        return sent
    found = QueryDict(mutable=True)
    for name, texts in sent.lists():
        found.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
    found._mutable = False
    return found
