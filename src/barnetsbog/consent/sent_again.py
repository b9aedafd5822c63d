"""A record of consent that its source sends again: it says what its giver said last, whoever tells it. Pure.

Its source knows nothing of what has been answered here since. A yes that was taken back would come to life again by a
message that only says the old yes once more, and an answer would be a question again.
"""

from typing import Any

from barnetsbog.consent.mapping import answer_of
from barnetsbog.law.model import Consent, Status

Resource = dict[str, Any]

_NO = (Status.REFUSED, Status.WITHDRAWN)
_ANSWERS = (Status.GIVEN, *_NO)


def still_answered(sent: Resource, before: Resource) -> bool:
    """Whether what stands, `before`, counts and what is sent does not: an older yes, a question that has been answered,
    or, where a no stands, what can't be read. A no that is sent counts, however old: a no is never lost."""
    told, stands = answer_of(sent), answer_of(before)
    if stands is None or stands.status not in _ANSWERS or (told is not None and told.status in _NO):
        return False
    return stands.status in _NO if told is None else _moment(told) < _moment(stands)


def _moment(one: Consent) -> int:
    """When its giver spoke last; a question is before every answer to it."""
    return max(one.answered_at or 0, one.withdrawn_at or 0)
