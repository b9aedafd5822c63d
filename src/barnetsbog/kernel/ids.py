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

_FIXED = (0xF << 76) | (0x3 << 62)
_VERSION_7_AND_VARIANT = (0x7 << 76) | (0x2 << 62)


def new_id() -> UUID:
    """A UUIDv7: 48 bits of milliseconds since 1970, then random (RFC 9562 §5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    return UUID(int=(number & ~_FIXED) | _VERSION_7_AND_VARIANT)


def timeless_id() -> UUID:
    """The id of something that must not tell by it when it was made, nor by whom: random, and else as a derived one."""
    return derived_id(os.urandom(32))


def derived_bytes(key: bytes, *parts: str) -> bytes:
    """The 16 bytes of `derived_id`: the intake makes millions of them and needs no object around each."""
    digest = bytearray(blake2b("\x1f".join(parts).encode(), digest_size=16, key=key).digest())
    digest[6] = (digest[6] & 0x0F) | 0x80  # version 8
    digest[8] = (digest[8] & 0x3F) | 0x80  # variant of RFC 9562
    return bytes(digest)


def derived_id(key: bytes, *parts: str) -> UUID:
    """The id of something received: always the same for the same `parts` in the same instance."""
    return UUID(bytes=derived_bytes(key, *parts))


def bytes_of(reference: str) -> bytes | None:
    """The 16 bytes of the id that a reference (`Type/id`) leads to here; None when it leads out of the book."""
    ident = reference.partition("/")[2]
    if len(ident) != 36:
        return None
    try:
        found = bytes.fromhex(ident.replace("-", ""))
    except ValueError:
        return None
    return found if len(found) == 16 else None


def text_of(ident: bytes) -> str:
    """The 16 bytes of a UUID as its 36 characters."""
    digits = ident.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
