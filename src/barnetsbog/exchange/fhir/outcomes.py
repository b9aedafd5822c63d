"""What goes wrong, as OperationOutcome (FHIR R4 §2.28): for every error, with the place in FHIRPath where there is one.

"Not there" and "not yours to know of" are the same bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from barnetsbog.fhir.issues import Issue

from .model import Answer

NOT_FOUND = "Her er ikke noget, I kan læse. Enten findes det ikke, eller også har I ikke lov til at kende det."


@dataclass(frozen=True, slots=True)
class Problem:
    """One issue. `code` is of `issue-type`; `expression` a FHIRPath, or `http.` and the name of a header or parameter;
    `rules`: the ids of the rules that say so."""

    code: str
    text: str
    expression: str = ""
    severity: str = "error"
    rules: tuple[str, ...] = ()

    def as_issue(self) -> dict[str, Any]:
        text = _readable(self.text)
        found: dict[str, Any] = {"severity": self.severity, "code": self.code, "diagnostics": text}
        if self.rules:
            coding = [{"system": RULES, "code": rule} for rule in self.rules]
            found["details"] = {"coding": coding, "text": text}
        if self.expression:
            found["expression"] = [_readable(self.expression)]
        return found


def _readable(text: str) -> str:
    """What was sent may stand in a sentence about it, also when no text can have its characters."""
    return "".join(one if one >= " " or one in "\t\r\n" else "\ufffd" for one in text)


RULES = "https://barnetsbog.example/fhir/CodeSystem/rule"


@dataclass(eq=False)
class Fault(Exception):
    """The request ends here, and nothing of it is stored."""

    status: int
    problems: tuple[Problem, ...]
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        return Answer(self.status, outcome(self.problems), self.headers)


def fault(
    status: int, code: str, text: str, expression: str = "", *, rules: tuple[str, ...] = (), **headers: str
) -> Fault:
    """`headers`: by name, with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(status, (Problem(code, text, expression, rules=rules),), named)


def not_found() -> Fault:
    return fault(404, "not-found", NOT_FOUND)


def invalid(issues: Iterable[Issue], place: str = "") -> Fault:
    """What the base check found. `place`: where the resource stands in a Bundle."""
    return Fault(400, tuple(problem_of(issue, place) for issue in issues))


def problem_of(issue: Issue, place: str = "") -> Problem:
    return Problem(issue.code, issue.text(), at(place, issue.path), issue.severity)


def at(place: str, path: str) -> str:
    """A path within a resource, said from the Bundle that it stands in."""
    if not place:
        return path
    _, dot, rest = path.partition(".")
    return f"{place}{dot}{rest}"


def outcome(problems: Iterable[Problem]) -> bytes:
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": [one.as_issue() for one in problems]})


def said(text: str, *more: Problem) -> bytes:
    """An outcome of something that went well."""
    return outcome((Problem("informational", text, severity="information"), *more))
