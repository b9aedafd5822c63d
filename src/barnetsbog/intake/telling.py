"""Telling a unit that a sharing with it has ended, whatever ended it: a message as a unit of work of our own.

The unit is told that, and when; nobody's name, no reason, and nothing of what anybody else has answered. Its id follows
from child, unit and moment, so that nobody is told the same thing twice.
"""

from uuid import UUID

import orjson

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.operations import Ended
from barnetsbog.consent import papers
from barnetsbog.kernel.ids import derived_id
from barnetsbog.record.instance import id_key

from .model import OWN_SOURCE, Unit


def told(child_id: UUID, ended: Ended) -> Unit:
    """The message, ready to be stored in the child's book."""
    unit, ident = str(UUID(bytes=ended.unit_id)), notice_id(child_id, ended)
    notice = papers.notice(str(ident), child=facts_of(child_id).child.id, to=unit, at=ended.at)
    return Unit(f"Communication/{ident}", orjson.dumps(notice), OWN_SOURCE, own=True)


def notice_id(child_id: UUID, ended: Ended) -> UUID:
    return derived_id(id_key(), "notice", str(child_id), str(UUID(bytes=ended.unit_id)), str(ended.at))
