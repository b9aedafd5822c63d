"""What an administrator works on: the open draft or the newest version, tried, beside all that came before."""

from dataclasses import dataclass
from functools import lru_cache

from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing.chains import content_of
from barnetsbog.publishing.chains import history as history_of
from barnetsbog.publishing.model import Draft
from barnetsbog.publishing.routing import ROUTING
from barnetsbog.publishing.rules import newest, newest_version, open_draft
from barnetsbog.routing.files import read_what_fits
from barnetsbog.routing.loading import contents_of, standard, tried
from barnetsbog.routing.model import Local
from barnetsbog.routing.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Working:
    """The draft as it stands. `after`: the number that the next saving follows; `faults`: why it can't be sent."""

    history: tuple[Draft, ...]
    draft: Draft | None
    after: int
    local: Local
    book: Rulebook
    faults: tuple[str, ...]


def working() -> Working:
    """As things are now. What of a draft doesn't fit any more, after an update, is a fault and left out of what is
    saved next; everything else stays."""
    history = tuple(history_of(ROUTING))
    draft = open_draft(history)
    content = content_of(ROUTING, (draft or newest_version(history)).number)
    try:
        local, book, faults = _tried(content)
    except LawFileError as error:
        return Working(history, draft, newest(history).number, Local({}, {}), standard(), (str(error),))
    return Working(history, draft, newest(history).number, local, book, faults)


@lru_cache(maxsize=4)
def _tried(content: str) -> tuple[Local, Rulebook, tuple[str, ...]]:
    """An instance's own changes, the rules with them, and what speaks against using these. Each page asks, and to put
    every question to the rules takes a tenth of a second."""
    local, lost = read_what_fits(content, contents_of(standard()))
    book, faults = tried(local)
    return local, book, (*lost, *faults)
