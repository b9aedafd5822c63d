"""Who sends an instance's Digital Post."""

from django.conf import settings

from barnetsbog.record.instance import is_demo

from ...model import PostSender

NOT_SET_UP = (
    "Digital Post er ikke sat op. Sæt BOG_DIGITAL_POST_CVR, BOG_DIGITAL_POST_SYSTEM og BOG_DIGITAL_POST_LABEL "
    "(se .env.example)."
)
DEMO = PostSender("00000000", "00000000-0000-0000-0000-000000000000", "Barnets Bog, demonstration")
"""No organisation has this number: what the demonstration writes can't be mistaken for post."""


def sender() -> PostSender | None:
    """As the instance says it (`settings.DIGITAL_POST`). Only a demonstration makes one up."""
    if settings.DIGITAL_POST:
        return PostSender(*settings.DIGITAL_POST)
    return DEMO if is_demo() else None
