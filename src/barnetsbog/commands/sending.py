"""All that the worker carries out, and the rounds that it makes."""

from barnetsbog.delivery.model import Handler
from barnetsbog.delivery.worker import Round
from barnetsbog.exchange.fhir import exports, notifying
from barnetsbog.letters import sending as letters
from barnetsbog.notifications import sending as notifications


def handlers() -> dict[str, Handler]:
    """By kind of row in the outbox."""
    return letters.handlers() | notifications.handlers()


def rounds() -> tuple[Round, ...]:
    return notifying.work, notifications.look_round, exports.forget_old
