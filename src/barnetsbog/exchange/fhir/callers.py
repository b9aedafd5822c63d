"""Who calls: from the `Authorization` header to a scope, what the token allows, and the client that holds it.

A view does: `who = caller(request)`, `who.allowed.may("Observation", "r")`, `open_book(who.scope, ...)`. Both errors
become OperationOutcomes where all errors do.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from barnetsbog.clients import limits
from barnetsbog.clients.calling import holder
from barnetsbog.clients.model import Client
from barnetsbog.clients.permissions import Allowed
from barnetsbog.clients.queries import Lent
from barnetsbog.kernel.sentences import Sentence, say
from barnetsbog.record.scope import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may ask now. `scope.child` is set when the token is for one child's book alone."""

    scope: Scope
    client: Client
    allowed: Allowed
    lent: Lent | None = None
    """As whom an app acts."""


class Unauthorised(Exception):
    """401: no token, or none that counts now. `challenge`: the value of `WWW-Authenticate`, in ASCII (RFC 6750 §3)."""

    def __init__(self, code: str, description: Sentence) -> None:
        super().__init__(description)
        self.code, self.description = code, description

    @property
    def challenge(self) -> str:
        return f'Bearer error="{self.code}", error_description="{self.description.english}"' if self.code else "Bearer"


NO_TOKEN = say(
    "Her kræves en adgangstoken (bearer). Se docs/ på denne adresse.",
    "A bearer token is required: see docs/ at this address.",
)
DEAD_TOKEN = say(
    "Adgangstokenen gælder ikke, eller ikke mere. Hent en ny.",
    "The token does not count, or not any more. Fetch a new one.",
)


class TooMany(Exception):
    """429: the client has asked as often as it may; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        self.description = say(
            "Der er spurgt for ofte. Prøv igen om {0} sekunder.",
            "Too many requests. Try again in {0} seconds.",
            retry_after,
        )
        super().__init__(self.description)
        self.retry_after = retry_after


def caller(request: HttpRequest) -> Caller:
    """Whoever holds the request's bearer token. Raises `Unauthorised`, or `TooMany` when its client's limit is
    reached. A token in the address is not looked at: addresses are written down everywhere."""
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise Unauthorised("", NO_TOKEN)
    found = holder(secret.strip())
    if found is None:
        raise Unauthorised("invalid_token", DEAD_TOKEN)
    request.client = found.client  # type: ignore[attr-defined]  # whose pages may read the answer (exchange.origins)
    if seconds := limits.wait(found.client, found.lent.id if found.lent else None):
        raise TooMany(seconds)
    return Caller(*found)
