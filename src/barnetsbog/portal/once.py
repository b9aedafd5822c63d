"""A form that comes twice is carried out once: after a double tap without JavaScript, or when a browser sends it again.

A form that writes has `{% once %}` beside `{% csrf_token %}`: a key of its own, made with its page. Whoever sends the
very same again, with the same key, is led to where the first one led, and told so. With other words it is a new one:
they were meant, and are not to be lost (ADR 43). Only what led on (302) is remembered; what was refused comes back with
a new key.
"""

import hashlib
from collections.abc import Callable, Iterator

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import salted_hmac

from barnetsbog.login.sending import sending

from .log_down import log_down
from .session import TOKEN

KEY, AGAIN = "noegle", "igen-sendt"


class OnceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.POST.get(KEY) or getattr(request, "scope", None) is None:
            return self.get_response(request)
        try:
            with sending(_mark(request)) as sent:
                if sent.led_to:
                    return HttpResponseRedirect(_told(sent.led_to))
                response = self.get_response(request)
                sent.led_to = response["Location"] if response.status_code == 302 else ""
                sent.failed = response.status_code >= 500
        except DatabaseError:
            return log_down(request)
        return response


def _mark(request: HttpRequest) -> str:
    """The same for the same form with the same in it, from the same person, and for nothing else."""
    return salted_hmac("barnetsbog.portal.once", repr(list(_all_of(request))), algorithm="sha256").hexdigest()


def _all_of(request: HttpRequest) -> Iterator[object]:
    scope = request.scope  # type: ignore[attr-defined]
    yield str(scope.role_id), request.get_full_path()
    yield from ((name, texts) for name, texts in request.POST.lists() if name != TOKEN)
    for name, files in request.FILES.lists():
        for one in files:
            content = hashlib.sha256()
            for chunk in one.chunks():
                content.update(chunk)
            one.seek(0)
            yield name, one.name, content.hexdigest()


def _told(address: str) -> str:
    """Where the first one led, with a line that says so."""
    return f"{address}{'&' if '?' in address else '?'}{AGAIN}=1"
