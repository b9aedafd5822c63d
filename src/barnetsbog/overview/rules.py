"""What counts as old, as missing and as the ball, and who may write the status. Pure."""

from collections.abc import Collection

from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import DAY
from barnetsbog.record.entries import EntryRow
from barnetsbog.responsibility.model import Ball, Part

AGED = 30 * DAY
WORDS = 60
"""A status is read in half a minute, or it isn't read (screens.md §3)."""

_WRITE_IT = frozenset((Part.HOLDER, Part.STAND_IN))
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


def words_in(text: str) -> int:
    return len(text.split())


def may_write(parts: Collection[Part], *, substitute: bool) -> bool:
    """The status is the coordinator's: theirs, the substitute's, and of whoever stands in for a coordinator away."""
    return substitute or not _WRITE_IT.isdisjoint(parts)


def is_a_status(text: str) -> Decision:
    """Whether a text can be a status: it says something, and no more than `WORDS` words."""
    count = words_in(text)
    if not count:
        return refuse("Skriv, hvordan det går, og hvad der sker nu.", "STATUS-EMPTY")
    if count > WORDS:
        why = f"Der er {count} ord. Skriv højst {WORDS}, så den bliver læst."
        return refuse(why, "STATUS-LENGTH")
    return allow("Det kan gemmes.", "STATUS-WRITTEN")
