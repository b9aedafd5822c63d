"""A FHIR search as it is written in an address or a form (R4 §3.1.1), read into a typed `Search`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from barnetsbog.record.searching.model import Search

Pair = tuple[str, str]
"""A parameter as it was sent, decoded: its name with modifiers, and its value."""


class Terms(Protocol):
    """What is known of value sets and code systems. None: that one is not loaded."""

    def members(self, value_set: str) -> Collection[tuple[str, str]] | None:
        """The (system, code) of a value set."""

    def related(self, system: str, code: str, *, above: bool) -> Collection[str] | None:
        """The code itself and what it is a kind of (`above`), or what is a kind of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A parameter that can't be answered. `code`: of OperationOutcome.issue (`not-supported`, `invalid`, `too-costly`);
    `text`: what is wrong and what to do."""

    parameter: str
    code: Literal["not-supported", "invalid", "too-costly"]
    rule: str
    params: tuple[str, ...] = ()

    def text(self, language: str = "da") -> str:
        raise NotImplementedError


@dataclass(slots=True)
class Asked:
    """`search` is None when there are faults. `used`: the pairs that count, for the self link; `ignored`: the others,
    each with why."""

    search: Search | None
    used: list[Pair] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[Fault] = field(default_factory=list)


def parse(
    kind: str,
    pairs: Sequence[Pair],
    *,
    base: str,
    strict: bool = True,
    compartment: tuple[str, str] | None = None,
    terms: Terms | None = None,
) -> Asked:
    """Reads a search for resources of a type.

    `base`: the address of this interface, so that absolute references to it are known; `compartment`: type and id, as in
    `Patient/{id}/Observation`. Parameters that only shape the answer (`_format`, `_pretty`, `_elements`, `_summary`
    other than count) are passed over and stay in `used`; a paging token of the interface's own must be taken out first.
    """
    raise NotImplementedError
