"""What the terminology service answers with. Terms as in FHIR R4, chapter 4 (https://hl7.org/fhir/R4/terminologies.html)."""

from dataclasses import dataclass, field
from typing import Any

from barnetsbog.kernel.sentences import Sentence, say


class NotLoaded(LookupError):
    """A code system, value set or concept map that is not loaded here, or not as a whole: what was asked can't be told.
    The argument is its address."""


class NotFound(LookupError):
    """A code that a loaded code system doesn't have. The arguments are the system and the code."""


@dataclass(frozen=True, slots=True)
class Designation:
    """What a concept is also called."""

    value: str
    language: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """One code of a code system."""

    system: str
    code: str
    display: str = ""
    definition: str = ""
    designations: tuple[Designation, ...] = ()
    properties: tuple[tuple[str, Any], ...] = ()
    """The properties that the code system states, by their codes; `parent` and `child` are not among them."""
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    inactive: bool = False
    abstract: bool = False

    def displayed(self, language: str = "") -> str:
        """What it is called in a language (`da`, `da-DK`), and else what it is called."""
        wanted = language.lower()
        for exact in (True, False):
            for one in self.designations if wanted else ():
                spoken = one.language.lower()
                if spoken == wanted if exact else spoken.partition("-")[0] == wanted.partition("-")[0]:
                    return one.value
        return self.display or self.code

    def names(self) -> frozenset[str]:
        """Everything that it may be called."""
        return frozenset((self.display, *(one.value for one in self.designations))) - {""}

    def is_called(self, name: str) -> bool:
        """Whether it may be called that. Small letters and large ones count alike, as in HL7's validator: R4 leaves it
        to the code system, and none says."""
        folded = name.casefold()
        return any(one.casefold() == folded for one in self.names())


@dataclass(frozen=True, slots=True)
class Expansion:
    """A page of a value set's codes."""

    url: str
    total: int
    offset: int
    concepts: tuple[Concept, ...]
    missing: tuple[str, ...] = ()
    """Code systems and value sets that are not loaded, so that their part of it is not here."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a code is right. `result` is None when it can't be told, because something is not loaded."""

    result: bool | None
    message: Sentence | None = None
    """Why not."""
    display: str = ""
    missing: tuple[str, ...] = ()


def no_such_code(code: str, system: str) -> Sentence:
    return say("Koden »{0}« findes ikke i {1}.", "There is no code “{0}” in {1}.", code, system)


@dataclass(frozen=True, slots=True)
class Translation:
    """What a concept becomes in another system."""

    equivalence: str
    system: str
    code: str
    display: str = ""
    source: str = ""
    """The concept map that says so."""


@dataclass(slots=True)
class Missing:
    """What was not loaded, gathered along the way."""

    urls: dict[str, None] = field(default_factory=dict)

    def note(self, url: str) -> None:
        self.urls[url] = None
