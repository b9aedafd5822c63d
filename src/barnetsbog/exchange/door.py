"""The way in for other systems: past everything that only pages need.

Sessions, languages, forms and their tokens are for people at a page. A request of the FHIR interface goes straight to
its view, so that no cookie is even looked at, and a read is not paid for twice. What developers read of it is a page
(`exchange.fhir.developers`).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve

URLS = "barnetsbog.exchange.urls"
PAGE = "/fhir/docs/"


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path == PAGE or (path != "/fhir" and not path.startswith("/fhir/")):
            return self.get_response(request)
        found = resolve(path, URLS)
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response
