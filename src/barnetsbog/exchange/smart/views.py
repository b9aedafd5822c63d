"""The addresses that clients talk OAuth with. Only forms are read, so no token ever stands in an address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from barnetsbog.clients import addresses, protocol
from barnetsbog.clients.keys import ALGORITHMS
from barnetsbog.clients.permissions import LAUNCH, OFFLINE, ONLINE
from barnetsbog.clients.protocol import Answer, Parameters
from barnetsbog.clients.queries import client

_READS = ("GET", "HEAD", "OPTIONS")


def base_of(request: HttpRequest) -> str:
    return addresses.base(request.build_absolute_uri("/"))


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    return _answered(request, protocol.token_for)


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    return _answered(request, protocol.revoked)


@csrf_exempt
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    return _answered(request, protocol.introspected)


def _answered(request: HttpRequest, ask: Callable[[str, Parameters], Answer]) -> HttpResponse:
    form = [(name, value) for name, values in request.POST.lists() for value in values]
    request.client = client(request.POST.get("client_id", ""))  # type: ignore[attr-defined]  # see exchange.origins
    answer = ask(base_of(request), form)
    response = JsonResponse(answer.body, status=answer.status)
    response.headers["Cache-Control"], response.headers["Pragma"] = "no-store", "no-cache"
    return response


@require_http_methods(_READS)
def configuration(request: HttpRequest) -> HttpResponse:
    """What a client must know to begin (SMART App Launch 2.2, "Conformance")."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(_READS)})
    base = base_of(request)
    return JsonResponse({
        "issuer": base,
        "authorization_endpoint": addresses.authorize(base),
        "token_endpoint": addresses.token(base),
        "revocation_endpoint": addresses.revoke(base),
        "introspection_endpoint": addresses.introspect(base),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": [
            "system/*.cruds", "user/*.crus", "patient/*.crus", "user/Subscription.cruds",
            "patient/Subscription.cruds", LAUNCH, ONLINE, OFFLINE,
        ],
        "capabilities": [
            "launch-standalone", "client-public", "client-confidential-asymmetric", "context-standalone-patient",
            "permission-offline", "permission-online", "permission-patient", "permission-user", "permission-v1",
            "permission-v2",
        ],
    })  # fmt: skip
