"""Drafts and what became of them, as they are handed out."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided on a draft. `valid_from`: the first day it is in force; None when it was not approved."""

    at: int
    role_id: UUID
    person_id: UUID | None
    approved: bool
    valid_from: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One saving of the instance's own changes; what it says is asked for by itself (`chains.content_of`). Instants in
    UTC microseconds, days Danish."""

    number: int
    at: int
    role_id: UUID
    person_id: UUID | None
    submitted: bool
    valid_from: date | None
    why: str
    decided: Decided | None = None

    @property
    def is_version(self) -> bool:
        return self.decided is not None and self.decided.approved


NOTHING = Draft(0, 0, UUID(int=0), None, False, None, "")
"""What the first draft follows: everything as the program comes with it."""
