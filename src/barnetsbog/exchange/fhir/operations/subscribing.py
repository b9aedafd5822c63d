"""`$status` and `$events` of a subscription (Subscriptions R5 Backport 1.1)."""

from .. import subscriptions
from ..model import Answer, Ask
from . import registry
from .registry import Operation

_DEFINITION = "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription-"


def _status(ask: Ask, _kind: str, ident: str) -> Answer:
    return subscriptions.status(ask, ident)


def _events(ask: Ask, _kind: str, ident: str) -> Answer:
    return subscriptions.events(ask, ident)


_OF = frozenset((subscriptions.KIND,))
registry.add(Operation("status", _status, f"{_DEFINITION}status", _OF, of_one=True))
registry.add(Operation("events", _events, f"{_DEFINITION}events", _OF, of_one=True))
