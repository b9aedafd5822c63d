"""Telling units of sharings that ended by themselves: on a fifteenth birthday, on the last day of a yes.

What ends because somebody does something is told in the transaction that ends it (`intake.storing`). What the clock
ends has no such transaction: rights end without one, and the scheduled `./bog rights` makes up for the telling.
"""

from uuid import UUID

from barnetsbog.access.operations import Ended
from barnetsbog.intake.operations import receive
from barnetsbog.intake.telling import notice_id, told
from barnetsbog.record import store
from barnetsbog.record.instance import keep_told_until, now, told_until


def tell() -> int:
    """Tells of everything that has ended since the last time; how many messages that were. The first time it only
    remembers from when to begin: what ended before anybody could be told is old history."""
    until, since = now(), told_until()
    found = [] if since is None else store.sharings_ended(since, until)
    ended = [(UUID(bytes=child), Ended(unit, at)) for child, unit, at in found]
    known = store.present([notice_id(*one).bytes for one in ended])
    kept = receive([told(*one) for one in ended if notice_id(*one).bytes not in known], jobs=1)
    keep_told_until(until)
    return kept.stored
