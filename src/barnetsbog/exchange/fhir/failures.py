"""What an error says to the one who asked: alike for a whole request and for each part of one that stands alone."""

import logging
import secrets

from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError

from barnetsbog.kernel.decisions import Conflict, LogDown, NotFound
from barnetsbog.kernel.sentences import say, sentence_of

from .callers import TooMany, Unauthorised
from .conditional import BEATEN
from .outcomes import Fault, fault, not_found

log = logging.getLogger(__name__)

UNUSABLE = say("Forespørgslen kan ikke bruges: tjek adressen.", "The request cannot be used: check the address.")
LOG_DOWN = say(
    "Loggen kan ikke skrives lige nu. Derfor vises intet, og intet gemmes. Prøv igen om lidt.",
    "The log cannot be written now, so nothing is shown and nothing is stored. Try again in a while.",
)


def as_fault(error: Exception) -> Fault:
    """The error as a fault. One of the program goes into the log with a number."""
    match error:
        case Fault():
            return error
        case Unauthorised():
            return fault(401, "login", error.description, WWW_Authenticate=error.challenge)
        case TooMany():
            return fault(429, "throttled", error.description, Retry_After=str(error.retry_after))
        case NotFound():
            return not_found()
        case Conflict():
            return fault(409, "conflict", sentence_of(error.args[0] if error.args else BEATEN))
        case SuspiciousOperation():
            return fault(400, "invalid", UNUSABLE)
        case LogDown():
            return fault(503, "transient", LOG_DOWN)
    return _failed(error)


def _failed(error: Exception) -> Fault:
    """An error number lets the log and the person on the telephone speak of the same thing. What went wrong is for the
    log alone. A database that is away or has no room comes back: whoever asked may ask again by itself."""
    number = secrets.token_hex(4)
    log.error("error %s in the FHIR interface", number, exc_info=error)
    text = say(
        "Noget gik galt hos os, og intet er gemt. Fejlen har nummer {0}. Prøv igen om lidt.",
        "Something went wrong on our side, and nothing is stored. The error has the number {0}. Try again in a while.",
        number,
    )
    passing = isinstance(error, OperationalError)
    return fault(503, "transient", text) if passing else fault(500, "exception", text)
