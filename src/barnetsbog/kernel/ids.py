"""Identifiers.

What is born in the book gets a time-ordered UUIDv7. What is received gets an id *derived* from where it came from and
what it was called there (UUIDv8, RFC 9562 §5.8): the same resource gets the same id each time it arrives, by whichever
process and in whichever order, so that a reference can be resolved before its target has been received and two parallel
deliveries can never make doubles. The derivation is keyed with a secret of the instance, because source systems put
CPR numbers and names into their ids and a plain hash of those could be guessed back.
"""

import os
import time
from hashlib import blake2b
from uuid import UUID

DIRECTORY = UUID(int=0)
"""The shelf of what belongs to no child: organisations, units, professionals, places."""

_VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFF
_VARIANT = 0x8000_0000_0000_0000


def _uuid(number: int, version: int) -> UUID:
    high, low = number >> 64, number & _VARIANT_MASK
    high = (high & 0xFFFF_FFFF_FFFF_0FFF) | (version << 12)
    return UUID(int=(high << 64) | _VARIANT | low)


def new_id() -> UUID:
    """A UUIDv7: 48 bits of milliseconds since 1970, then random (RFC 9562 §5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    return _uuid((milliseconds << 80) | int.from_bytes(os.urandom(10), "big"), 7)


def derived_id(key: bytes, *parts: str) -> UUID:
    """The id of something received: always the same for the same `parts` in the same instance."""
    digest = blake2b("\x1f".join(parts).encode(), digest_size=16, key=key).digest()
    return _uuid(int.from_bytes(digest, "big"), 8)
