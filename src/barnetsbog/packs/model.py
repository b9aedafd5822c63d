"""A pack, and the three acts it can be made for."""

from dataclasses import dataclass

SSD, FOLLOW_UP, SSP = "ssd-meeting", "ssd-follow-up", "ssp-exchange"
ACTS = (SSD, FOLLOW_UP, SSP)


@dataclass(frozen=True, slots=True)
class Pack:
    """What is told to whom for which meeting. Ids are UUIDs as text; instants are UTC microseconds."""

    id: str
    act: str
    made_at: int
    until: int
    """When the day of the meeting is over."""
    to: tuple[tuple[str, str], ...]
    """The units, each with its sector."""
    entries: tuple[str, ...]
    reason: str = ""
    """Why a second meeting, or to what purpose the police are told."""
    approved_by: str = ""
    """The leader's role."""
