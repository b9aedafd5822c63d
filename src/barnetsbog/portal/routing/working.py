"""What an administrator works on: the open draft or the newest version, tried, beside all that came before."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from barnetsbog.directory import queries as directory
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.publishing.chains import history as history_of
from barnetsbog.publishing.model import Draft
from barnetsbog.publishing.routing import ROUTING
from barnetsbog.publishing.rules import in_force, newest, newest_version, open_draft
from barnetsbog.record.instance import today
from barnetsbog.record.scope import Scope
from barnetsbog.routing.files import read_local
from barnetsbog.routing.loading import contents_of, standard, tried
from barnetsbog.routing.model import Local
from barnetsbog.routing.rulebook import Rulebook


@dataclass(frozen=True)
class Working:
    """The draft as it stands. `after`: the number that the next saving follows; `faults`: why it can't be sent."""

    history: tuple[Draft, ...]
    draft: Draft | None
    after: int
    local: Local
    book: Rulebook
    faults: tuple[str, ...]

    @cached_property
    def _names(self) -> dict[UUID, str]:
        roles = {one.role_id for one in self.history} | {one.decided.role_id for one in self.history if one.decided}
        return {ident: role.name for ident, role in directory.roles(roles).items()}

    def name_of(self, role_id: UUID) -> str:
        """Who saved or decided."""
        return self._names.get(role_id, "")

    @property
    def author(self) -> str:
        return self.name_of(self.draft.role_id) if self.draft else ""

    def is_mine(self, scope: Scope) -> bool:
        return self.draft is not None and self.draft.person_id == scope.person_id

    @property
    def in_force(self) -> Draft:
        return in_force(self.history, today())


def working() -> Working:
    """As things are now. A draft that can't be read any more, after an update, is shown as no changes and its fault."""
    history = tuple(history_of(ROUTING))
    draft = open_draft(history)
    content = (draft or newest_version(history)).content
    try:
        local, book, faults = _tried(content)
    except LawFileError as error:
        return Working(history, draft, newest(history).number, Local({}, {}), standard(), (str(error),))
    return Working(history, draft, newest(history).number, local, book, faults)


@lru_cache(maxsize=4)
def _tried(content: str) -> tuple[Local, Rulebook, tuple[str, ...]]:
    """An instance's own changes, the rules with them, and what speaks against using these. Each page asks, and to put
    every question to the rules takes a tenth of a second."""
    local = read_local(content, contents_of(standard()))
    return local, *tried(local)
