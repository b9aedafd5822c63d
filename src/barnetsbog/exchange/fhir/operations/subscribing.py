"""`$status` and `$events` of a subscription (Subscriptions R5 Backport 1.1)."""

from .. import subscriptions
from ..model import Answer, Ask
from . import registry
from .inputs import inputs
from .registry import Operation

_DEFINITION = "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-"


def _status(ask: Ask, _kind: str, ident: str) -> Answer:
    inputs(ask)
    return subscriptions.status(ask, ident)


def _events(ask: Ask, _kind: str, ident: str) -> Answer:
    """`content` is a wish that need not be kept: it is told what was asked for when it was subscribed to."""
    given = inputs(ask, "eventsSinceNumber", "eventsUntilNumber", "content")
    since, until = (given.number(name) for name in ("eventsSinceNumber", "eventsUntilNumber"))
    last = subscriptions.LAST if until is None else until
    return subscriptions.events(ask, ident, 1 if since is None else since, last)


_OF = frozenset((subscriptions.KIND,))
registry.add(Operation("status", _status, f"{_DEFINITION}status", _OF, of_one=True))
registry.add(Operation("events", _events, f"{_DEFINITION}events", _OF, of_one=True))
