"""What counts as old, as missing and as the ball. Pure."""

from barnetsbog.kernel.time import DAY
from barnetsbog.record.entries import EntryRow
from barnetsbog.responsibility.model import Ball

AGED = 30 * DAY
FIRST_VISIT = 90 * DAY


def is_aged(written_at: int, at: int) -> bool:
    """A status older than 30 days may no longer be true (screens.md §3)."""
    return at - written_at > AGED


def the_ball(balls: list[Ball]) -> Ball | None:
    """The one that the page shows as *the* ball: the list is in that order already."""
    return balls[0] if balls else None


def is_answer_missing(consent: EntryRow, later: list[EntryRow]) -> bool:
    """A question about sharing that nobody has answered, and that the same giver has not answered since."""
    answered = (one for one in later if one.author_id == consent.author_id and one.title == consent.title)
    return consent.open and not any(one.start > consent.start and not one.open for one in answered)
