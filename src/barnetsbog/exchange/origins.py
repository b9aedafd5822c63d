"""Pages of other places that call from a browser (CORS): closed, but for those that a client is registered with.

Before a browser sends a token it asks without one; then every registered place is told yes, and learns nothing by it.
The answer itself may only be read by a page of that client's own. Cookies are never part of it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from barnetsbog.clients.model import Client
from barnetsbog.clients.queries import is_allowed_origin

_PATHS = ("/fhir/", "/oauth/token/", "/oauth/revoke/")
"""With a stroke at the end, which the base address itself has not: a Bundle is sent to `/fhir`."""
_ASKED = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Match, If-Modified-Since, If-None-Exist, "
    "If-None-Match, Prefer",
    "Access-Control-Max-Age": "600",
}
_TOLD = {
    "Access-Control-Expose-Headers": "Content-Location, ETag, Last-Modified, Link, Location, Retry-After, X-Progress",
}


class OriginsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = request.META.get("HTTP_ORIGIN", "")
        if not origin or not f"{request.path}/".startswith(_PATHS):
            return self.get_response(request)
        asks_first = request.method == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
        response = HttpResponse(status=204) if asks_first else self.get_response(request)
        patch_vary_headers(response, ["Origin"])
        if _may_read(request, origin):
            told = _ASKED if asks_first else _TOLD
            for name, value in {"Access-Control-Allow-Origin": origin, **told}.items():
                response.headers[name] = value
        return response


def _may_read(request: HttpRequest, origin: str) -> bool:
    """`request.client` is set by whoever has found out who asks; an answer to nobody in particular says nothing."""
    client: Client | None = getattr(request, "client", None)
    return origin in client.origins if client else is_allowed_origin(origin)
