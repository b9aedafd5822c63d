"""When something came here.

`recorded_at` may be its source's own word (docs/architecture.md, Time); the moment at which its delivery was received
is ours. Who fetches what is new asks for both, and the pages of one answer go by ours. So does what is new to somebody
since they were here last: a late delivery with an old date is news.
"""

from .rights import Condition

_CAME = "EXISTS (SELECT 1 FROM delivery d WHERE d.id = v.delivery_id AND d.received_at {} %s)"
_OF = "v.child_id = e.child_id AND v.entry_id = e.id"


def here_since(moment: int) -> Condition:
    """True for a version `v` that was received or registered at or after a moment."""
    return f"(v.recorded_at >= %s OR {_CAME.format('>=')})", [moment, moment]


def changed_since(moment: int) -> Condition:
    """The same of an entry `e` and what it says now."""
    came, values = here_since(moment)
    return f"EXISTS (SELECT 1 FROM version v WHERE {_OF} AND v.number = e.version AND {came})", values


def new_after(moment: int) -> Condition:
    """True for an entry `e` that was not here yet at a moment."""
    return f"EXISTS (SELECT 1 FROM version v WHERE {_OF} AND v.number = 1 AND {_CAME.format('>')})", [moment]


CAME = "COALESCE((SELECT d.received_at FROM delivery d WHERE d.id = v.delivery_id), v.recorded_at)"
"""When a version `v` came."""
ENTRY_CAME = f"(SELECT {CAME} FROM version v WHERE {_OF} AND v.number = e.version)"
"""When what an entry `e` says now came."""
