"""Headers are secrets: they are kept sealed with the instance's key, and opened only when they are sent."""

import base64
from collections.abc import Sequence

import orjson
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from barnetsbog.kernel.sealing import key_for
from barnetsbog.kernel.sentences import say

from .model import Unreached

LOST = say(
    "Abonnementets headere kan ikke åbnes mere: instansens nøgle er en anden. Skriv dem i abonnementet igen.",
    "The subscription's headers cannot be opened any more: the instance's key is another one. Write them into the "
    "subscription again.",
)


def sealed(headers: Sequence[str]) -> bytes:
    return _box().encrypt(orjson.dumps(list(headers))) if headers else b""


def opened(kept: bytes) -> tuple[str, ...]:
    """The lines. Raises `Unreached` when the instance's key is another one now: without what it knows us by, nothing is
    sent to a receiver."""
    try:
        return tuple(orjson.loads(_box().decrypt(kept))) if kept else ()
    except InvalidToken:
        raise Unreached(LOST) from None


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(b"bog.subscription", settings.SECRET_KEY, 32)))
