"""What a check answers: issues, each with a place, a rule and a sentence in plain Danish or English.

Compiled checks hand down a *chain*, `(parent, name, index)`, instead of a path. Making one costs a few nanoseconds; the
readable path is only written when something is wrong.
"""

from dataclasses import dataclass
from typing import Any, Literal

from barnetsbog.fhir.messages import is_invariant, sentence
from barnetsbog.kernel.sentences import Sentence

Chain = Any  # None at the root, else (parent chain, name, index)
Severity = Literal["error", "warning"]


_TYPES = {
    rule: code
    for code, rules in {
        "required": "cardinality-min profile-min sdc-required",
        "value": "format number-range string-empty string-blank string-length string-characters profile-fixed "
        "profile-pattern profile-length profile-minimum profile-maximum sdc-type sdc-length sdc-outside",
        "code-invalid": "code-binding concept-binding profile-binding profile-binding-extensible code-unknown "
        "display-wrong sdc-option",
        "invariant": "profile-invariant sdc-calculated sdc-min-occurs sdc-max-occurs sdc-occurs sdc-unit sdc-bounds",
        "not-found": "ref-1 bundle-not-found bundle-no-full-url",
        "not-supported": "profile-not-loaded profile-other-version profile-unreadable profile-slices "
        "terminology-not-loaded sdc-form-not-loaded "
        "codes-other-version rule-not-evaluated too-deep-for-profiles",
    }.items()
    for rule in rules.split()
}
"""The issue types of rules that are about something else than structure."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong with a resource."""

    severity: Severity
    path: str
    """FHIRPath-like, with JSON names and indices: `Patient.name[0].given[1]`."""
    rule: str
    """Stable short id: `cardinality-min`, `code-binding`, or the key of an official invariant such as `per-1`."""
    params: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """Its issue type in an OperationOutcome (http://hl7.org/fhir/R4/valueset-issue-type.html)."""
        return _TYPES.get(self.rule) or ("invariant" if is_invariant(self.rule) else "structure")

    def text(self) -> Sentence:
        """Say what is wrong and what was expected, for the person who must put it right."""
        return sentence(self.rule, self.params)


class Report(list[Issue]):
    """The issues found so far, and what a compiled check must know about the resource it stands in."""

    __slots__ = ("envelope", "holes", "local", "root", "siblings")

    def __init__(self, *, envelope: bool = False) -> None:
        super().__init__()
        self.envelope = envelope
        self.root: dict[str, Any] = {}
        # References such as "#doctor", with the types they may lead to: settled when the resource has been read.
        self.local: list[tuple[str, Chain, frozenset[str]]] = []
        # Nulls in lists of primitives, and the lists of extensions that must explain them.
        self.holes: list[tuple[Chain, str, int]] = []
        self.siblings: list[tuple[Chain, str, list[Any]]] = []

    def error(self, rule: str, chain: Chain, *params: str) -> None:
        self.append(Issue("error", render(chain), rule, params))

    def warning(self, rule: str, chain: Chain, *params: str) -> None:
        self.append(Issue("warning", render(chain), rule, params))

    def sound(self, mark: int) -> bool:
        """Whether nothing worse than a warning has been added since the report had `mark` issues."""
        return all(issue.severity == "warning" for issue in self[mark:])


def render(chain: Chain | None) -> str:
    """The readable path of a chain."""
    parts: list[str] = []
    while chain is not None:
        chain, name, index = chain
        parts.append(name if index is None else f"{name}[{index}]")
    return ".".join(reversed(parts))
