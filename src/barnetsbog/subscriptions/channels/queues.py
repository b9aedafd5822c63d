"""What the adapters of message queues have in common: how long a queue may take, and what is said of it."""

from contextlib import AbstractContextManager
from urllib.parse import SplitResult, unquote

from barnetsbog.kernel.sentences import say

from ..model import Parcel, Unreached
from ..rules import BROKER, BROKER_ENDED
from .hanging_up import on_the_way

SECONDS, IN_ALL = 5.0, 12.0
"""How long each step may take, and all of them."""
PREFIX = "barnetsbog"
"""What names of the book's begin with in a queue whose address says nothing else."""

CUT_OFF = say("Forbindelsen til beskedkøen blev afbrudt.", "The connection to the message broker was cut off.")
NO_RECEIPT = say("Beskedkøen kvitterede ikke.", "The message broker did not acknowledge.")
SHUT_OUT = say(
    "Beskedkøen lukker os ikke ind. Se BOG_BROKER.", "The message broker does not let us in. See BOG_BROKER."
)
CERTIFICATE = say("Beskedkøens certifikat kan ikke godkendes.", "The message broker's certificate cannot be accepted.")
SILENT = say("Beskedkøen svarer ikke.", "The message broker does not answer.")
UNKEPT = say(
    "Beskedkøen har intet sted, der gemmer beskederne. Se docs/fhir.md.",
    "Nothing in the message broker keeps the notifications. See docs/fhir.md.",
)


def require_broker(origins: tuple[str, ...]) -> None:
    """`origins`: where a client may be told, now. Raises `Unreached`."""
    if BROKER not in origins:
        raise Unreached(BROKER_ENDED)


def key_of(parcel: Parcel) -> str:
    """What a queue may know a notification again by, however often it is tried."""
    return f"{parcel.to}.{parcel.key}"


def user_of(at: SplitResult) -> tuple[str, str]:
    """Name and password, as they are typed; '' for what the address does not say."""
    return unquote(at.username or ""), unquote(at.password or "")


def reaching() -> AbstractContextManager[None]:
    """What goes wrong on the way to a queue."""
    return on_the_way(SILENT, CERTIFICATE)
