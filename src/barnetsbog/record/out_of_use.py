"""Taking something out of use: it is kept, and nobody reads it (ADR 26). It stays so when its source sends it again,
which knows nothing of it. Pure."""

from typing import Any

from barnetsbog.kernel import exact

from .promotion import ENTRY_TAG, RESTRICTED_TAG, is_restricted

Resource = dict[str, Any]
_NAMED = f'"{RESTRICTED_TAG}"'.encode()


def taken_out(resource: Resource) -> Resource:
    """A resource that says of itself that it has been."""
    meta = resource.get("meta") or {}
    tag = {"system": ENTRY_TAG, "code": RESTRICTED_TAG}
    return {**resource, "meta": {**meta, "tag": [*meta.get("tag", ()), tag]}}


def is_out(body: bytes) -> bool:
    """Whether what an entry says has been."""
    return _NAMED in body and is_restricted(exact.loads(body))
