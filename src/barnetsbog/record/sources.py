"""What the systems that send to the book have said of its entries."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from .fields import parameters, uuid_of
from .sql import fetch

_AT_ONCE = 500


def said_last(entries: Sequence[bytes], source: str) -> dict[bytes, bytes]:
    """What a source said last of those of these entries that somebody has written in since."""
    found: dict[bytes, bytes] = {}
    for some in (entries[at : at + _AT_ONCE] for at in range(0, len(entries), _AT_ONCE)):
        sql = f"""SELECT e.id, v.body FROM entry e JOIN version v ON v.child_id = e.child_id AND v.entry_id = e.id
          WHERE v.number < e.version AND v.number = (
            SELECT MAX(o.number) FROM version o JOIN delivery d ON d.id = o.delivery_id
            WHERE o.child_id = e.child_id AND o.entry_id = e.id AND d.source = %s
          ) AND e.id IN ({", ".join(["%s"] * len(some))})"""
        wanted = parameters((UUID(bytes=one) for one in some), connection)
        found.update((uuid_of(ident).bytes, bytes(body)) for ident, body in fetch(sql, [source, *wanted]))
    return found
