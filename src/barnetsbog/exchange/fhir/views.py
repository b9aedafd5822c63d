"""HTTP in, HTTP out: the one place where a request becomes an `Ask` and every error an OperationOutcome.

Who calls is asked first. A cookie is no log-in here, no page of another origin may read an answer unless its client
says so, and nothing that is answered is kept on the way.
"""

from collections.abc import Callable, Mapping, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from barnetsbog.kernel.sentences import say

from . import callers, capability, negotiation, routing
from .asking import Pair
from .failures import as_fault
from .languages import wanted
from .model import Answer, Ask
from .openapi import description
from .operations import registry
from .outcomes import Fault, fault, not_by

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_HEADERS = {
    f"HTTP_{name.upper().replace('-', '_')}": name
    for name in ("if-match", "if-none-match", "if-modified-since", "if-none-exist", "prefer", "accept")
}
"""What is asked for in headers, as WSGI and as HTTP name it."""


def base_of(request: HttpRequest) -> str:
    """The address of the interface, as the asker has it."""
    return f"{request.scheme}://{request.get_host()}/fhir"


def _accepted(request: HttpRequest) -> str:
    """The languages that are asked for, as they were sent."""
    return str(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def _openapi(request: HttpRequest) -> Answer:
    return Answer(200, description(base_of(request)))


def _open(request: HttpRequest, path: str) -> Answer:
    """What may only be read, by anybody."""
    allowed = "GET, HEAD, OPTIONS"
    if request.method == "OPTIONS":
        return Answer(204, None, {"Allow": allowed})
    if request.method not in ("GET", "HEAD"):
        raise not_by(request.method or "", path, allowed=allowed)
    return _OPEN[path][0](request)


def _metadata(request: HttpRequest) -> Answer:
    query = dict(negotiation.of_address(request))
    negotiation.require_json(request.META.get("HTTP_ACCEPT", ""), query.get("_format", ""))
    language = wanted(_accepted(request))
    found = Answer(200, capability.statement(base_of(request), language), {"Content-Language": language})
    return negotiation.pretty(found, query.get("_pretty", ""))


_OPEN = {"metadata": (_metadata, ""), "openapi.json": (_openapi, "application/json")}
"""What describes the interface is open to everybody: it says what there is, and nothing of anybody. With its content
type, where that is not FHIR's."""


def interface(request: HttpRequest, path: str) -> HttpResponse:
    """Every request. Somebody who looks at the address in a browser is led to the page for developers."""
    looks = not path and "text/html" in request.META.get("HTTP_ACCEPT", "")
    if request.method == "GET" and (looks or path == "docs"):
        return HttpResponseRedirect("/fhir/docs/")
    if (plain := path.removesuffix("/")) in _OPEN:
        return _response(_caught(request, lambda: _open(request, plain)), _OPEN[plain][1])
    return _response(_caught(request, lambda: _answered(request, path)))


def _answered(request: HttpRequest, path: str) -> Answer:
    ask = _ask(request, path)
    return negotiation.pretty(routing.answered(ask), ask.asked("_pretty"))


def _caught(request: HttpRequest, answered: Callable[[], Answer]) -> Answer:
    """Whatever goes wrong is said as an outcome, in the asker's language."""
    try:
        return answered()
    except Exception as error:
        return as_fault(error).answer(wanted(_accepted(request)))


def _ask(request: HttpRequest, path: str) -> Ask:
    """Who calls is known before anything else is looked at."""
    who = callers.caller(request)
    method = request.method or ""
    if method not in _METHODS:
        raise _unsupported(method)
    query = negotiation.of_address(request)
    body, kind = negotiation.received(request)
    parts = negotiation.steps(path)
    operation, content = registry.asked_for(parts), None
    form: Sequence[Pair] = ()
    if parts and parts[-1] == "_search" and method == "POST":
        if body and kind != negotiation.FORM:
            text = say("Send en søgning som {0}.", "Send a search as {0}.", negotiation.FORM)
            raise fault(415, "not-supported", text, "http.content-type")
        form = negotiation.of_form(body)
    elif operation and method == "POST" and (not body or (operation.takes_lines and kind in negotiation.AS_LINES)):
        content = body or None
    elif method in ("POST", "PUT", "PATCH"):
        also = negotiation.JSON_PATCH if method == "PATCH" else ""
        only = negotiation.NDJSON if operation and operation.takes_lines else ""
        content = negotiation.content_of(body, kind, also=also, wanted=only)
    elif body:
        raise fault(400, "structure", say("{0} har intet indhold.", "{0} has no content.", method))
    headers = {name: request.META[given] for given, name in _HEADERS.items() if given in request.META}
    ask = Ask(
        who, base_of(request), method, parts, [*query, *form], form, headers, content, kind, accepted=_accepted(request)
    )  # fmt: skip
    if not (routing.gives_lines(ask) and negotiation.wants_lines(ask)):
        negotiation.require_json(ask.header("accept"), ask.asked("_format"))
    return ask


def _unsupported(method: str) -> Fault:
    allowed = ", ".join(sorted(_METHODS))
    return fault(405, "not-supported", say("{0} kendes ikke her.", "{0} is not known here.", method), Allow=allowed)


def _response(answer: Answer, kind: str = "") -> HttpResponse:
    kind = kind or f"{negotiation.NDJSON if answer.lines else negotiation.JSON}; fhirVersion=4.0"
    response = HttpResponse(answer.body or b"", status=answer.status, content_type=kind)
    if answer.body is None:
        del response.headers["Content-Type"]
    else:
        response.headers["Content-Length"] = str(len(answer.body))
    for name, value in _headers(answer).items():
        response.headers[name] = value
    return response


def _headers(answer: Answer) -> Mapping[str, str]:
    """Nothing that was answered is kept on the way, and an answer is for whoever asked with this token."""
    return {"Cache-Control": "no-store", "Vary": "Authorization, Accept, Accept-Language, Prefer", **answer.headers}
