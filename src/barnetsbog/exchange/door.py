"""The way in for other systems: past everything that only pages need.

Sessions, languages, forms and their tokens are for people at a page. A request of the FHIR interface goes straight to
its view, so that no cookie is even looked at, and a read is not paid for twice. What developers read of it is a page
(`exchange.fhir.developers`).
"""

from collections.abc import Callable, Iterable
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.utils.log import log_response

from .fhir.views import interface
from .origins import OriginsMiddleware
from .smart.views import configuration

ROOT, PAGE = "/fhir", "/fhir/docs/"
DISCOVERY = "/fhir/.well-known/smart-configuration"


class DoorMiddleware:
    """For whoever comes by Django's own way: its test client."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return _answered(request) if is_for_systems(request.path_info) else self.get_response(request)


def before(pages: WSGIApplication) -> WSGIApplication:
    """The server's way in. What pages have around them is not even begun for a system: only what a browser must be told
    (`SecurityMiddleware`), and which other places may read (`OriginsMiddleware`)."""
    around = convert_exception_to_response(SecurityMiddleware(OriginsMiddleware(_answered)))
    answered = cast(Callable[[HttpRequest], HttpResponse], around)

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if settings.HTTPS:  # which the server in front has spoken: else no form of a page would be taken for our own
            environ["wsgi.url_scheme"] = "https"
        if not is_for_systems(environ.get("PATH_INFO", "")):
            return pages(environ, start)
        close_old_connections()
        request = WSGIRequest(environ)
        response = answered(request)
        if response.status_code >= 400:
            log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request)
        start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return (response.content,)

    return application


def is_for_systems(path: str) -> bool:
    """Whether a path is the interface's, and no page."""
    return path == ROOT or (path.startswith(f"{ROOT}/") and path != PAGE)


def _answered(request: HttpRequest) -> HttpResponse:
    path = request.path_info
    return configuration(request) if path == DISCOVERY else interface(request, path[len(ROOT) + 1 :])
