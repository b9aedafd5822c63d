"""A request and an answer as the interface passes them on: alike whether they came over HTTP or in a Bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from .asking import Pair
from .callers import Caller
from .languages import wanted

Resource = dict[str, Any]


class Exchanging(StrEnum):
    """What is done through the interface, as the log names it (docs/audit.md)."""

    READ = "fhir-read"
    HISTORY = "fhir-history"
    SEARCH = "fhir-search"
    CREATE = "fhir-create"
    WRITE = "fhir-write"
    RESTRICT = "fhir-restrict"
    VALIDATE = "fhir-validate"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `base`: the address of the interface; `path`: what follows it; `query`: what is asked, first in the
    address and then in a `form`; `headers`: by lower-case name; `content`: what was sent, parsed; `place`: where in a
    Bundle it stands, empty when it came by itself; `accepted`: the languages that are asked for, as they were sent."""

    who: Caller
    base: str
    method: str
    path: tuple[str, ...]
    query: Sequence[Pair] = ()
    form: Sequence[Pair] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    content: Any = None
    content_type: str = ""
    place: str = ""
    accepted: str = ""

    @property
    def language(self) -> str:
        return wanted(self.accepted)

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def asked(self, name: str) -> str:
        """The last value of a parameter in the address; empty when it isn't there."""
        return next((value for key, value in reversed(self.query) if key == name), "")

    @property
    def addressed(self) -> Sequence[Pair]:
        """What is asked in the address, where that of the form must not stand."""
        return self.query[: len(self.query) - len(self.form)]

    def without(self, *names: str) -> "Ask":
        return replace(self, query=[pair for pair in self.query if pair[0] not in names])


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is a resource as JSON, or None. Headers by the names that HTTP gives them. `lines`: the body is resources
    line by line (NDJSON)."""

    status: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    lines: bool = False

    def with_headers(self, **more: str) -> "Answer":
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return replace(self, headers={**self.headers, **named})
