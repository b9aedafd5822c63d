"""What goes wrong, as OperationOutcome (FHIR R4 §2.28): for every error, with the place in FHIRPath where there is one.

"Not there" and "not yours to know of" are the same bytes. An outcome is in Danish or in English, as its asker wants it,
and says which: the language is not looked for until there is something to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from barnetsbog.fhir.issues import Issue
from barnetsbog.kernel.sentences import Sentence, say

from .model import Answer

NOT_FOUND = say(
    "Her er ikke noget, I kan læse. Enten findes det ikke, eller også har I ikke lov til at kende det.",
    "There is nothing here that you may read. Either it does not exist, or you may not know of it.",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One issue. `code` is of `issue-type`; `expression` a FHIRPath, or `http.` and the name of a header or parameter;
    `rules`: the ids of the rules that say so."""

    code: str
    text: Sentence
    expression: str = ""
    severity: str = "error"
    rules: tuple[str, ...] = ()

    def as_issue(self, language: str) -> dict[str, Any]:
        text = _readable(self.text.spoken(language))
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

    def placed(self, place: str) -> "Fault":
        """With its place in the Bundle, where what is wrong stands in one and nothing says where."""
        if not place:
            return self
        found = [
            one if one.expression.startswith("Bundle.") else replace(one, expression=place) for one in self.problems
        ]
        return Fault(self.status, tuple(found), self.headers)

    def answer(self, language: str) -> Answer:
        return told(language, self.status, self.problems, self.headers)


def fault(
    status: int, code: str, text: Sentence, expression: str = "", *, rules: tuple[str, ...] = (), **headers: str
) -> Fault:
    """`headers`: by name, with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(status, (Problem(code, text, expression, rules=rules),), named)


# -- met in more than one place ----------------------------------------------------------------------------------------


def not_found() -> Fault:
    return fault(404, "not-found", NOT_FOUND)


def other_id(kind: str, ident: str) -> Fault:
    text = say(
        "Adressen siger {0}. Indholdets id skal være det samme.",
        "The address says {0}. The id of the content must be the same.",
        ident,
    )
    return fault(400, "invalid", text, f"{kind}.id")


def not_by(method: str, what: str, *, allowed: str = "") -> Fault:
    text = say("{0} kan ikke bruges på {1}.", "{0} cannot be used on {1}.", method, what)
    return Fault(405, (Problem("not-supported", text),), {"Allow": allowed} if allowed else {})


def not_used(kind: str, status: int = 404, expression: str = "") -> Fault:
    text = say(
        "Ressourcetypen {0} bruges ikke her. Se metadata.",
        "The resource type {0} is not used here. See metadata.",
        kind,
    )
    return fault(status, "not-supported", text, expression)


def not_searched(name: str) -> Fault:
    text = say("Man kan ikke søge på »{0}« her.", "There is nothing to search by “{0}” here.", name)
    return fault(400, "not-supported", text, f"http.{name}")


def not_a_number(name: str) -> Fault:
    return fault(400, "invalid", say("{0} skal være et tal.", "{0} must be a number.", name), f"http.{name}")


def out_of_scope(kind: str) -> Fault:
    text = say("Adgangen (scope) rækker ikke til det med {0}.", "The scope does not allow that with {0}.", kind)
    return fault(403, "forbidden", text, WWW_Authenticate='Bearer error="insufficient_scope"')


def no_resource() -> Fault:
    return fault(400, "structure", say("Indholdet er ikke en FHIR-ressource.", "The content is not a FHIR resource."))


# -- what checks find --------------------------------------------------------------------------------------------------


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


# -- what is answered --------------------------------------------------------------------------------------------------


def outcome(language: str, problems: Iterable[Problem]) -> bytes:
    issues = [one.as_issue(language) for one in problems]
    return orjson.dumps({"resourceType": "OperationOutcome", "language": language, "issue": issues})


def as_entry(language: str, problems: Iterable[Problem]) -> bytes:
    """An outcome beside what a search found."""
    return b'{"resource":%s,"search":{"mode":"outcome"}}' % outcome(language, problems)


def told(language: str, status: int, problems: Iterable[Problem], headers: Mapping[str, str] | None = None) -> Answer:
    """An answer that is an outcome."""
    return Answer(status, outcome(language, problems), {**(headers or {}), "Content-Language": language})


def well(text: Sentence) -> Problem:
    """That something went well."""
    return Problem("informational", text, severity="information")
