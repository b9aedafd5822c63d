"""The FHIRPath rules of profiles. What Python can say is translated (`fhir.invariants`); the rest is interpreted.

An interpreted rule may ask for what only the check knows: `resolve()`, `memberOf()`, `conformsTo()`. A rule that can't be
evaluated is told as a warning and held against nobody.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from barnetsbog.fhir.definitions import pack
from barnetsbog.fhir.packages.library import Loaded
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.profiling.run import Item, Run

CORE = "http://hl7.org/fhir/StructureDefinition/"
MemberOf = Callable[[Any, str, Loaded | None], bool | None]
ConformsTo = Callable[[Json, str, Loaded | None, Run], bool | None]


@cache
def _built_in() -> frozenset[tuple[str, str]]:
    """The rules of R4 itself: the base check has them."""
    return frozenset((key, expression) for key, expression, _ in pack()["invariants"])


def own_rules(constraints: Any) -> list[Json]:
    """The rules that a profile adds to the standard's."""
    found = [one for one in constraints if isinstance(one, dict)] if isinstance(constraints, list) else []
    return [
        one
        for one in found
        if isinstance(one.get("expression"), str)
        and (one.get("key"), one["expression"]) not in _built_in()
        and not str(one.get("key")).startswith(("ele-", "ext-", "dom-", "txt-"))
        and str(one.get("source", "")).removeprefix(CORE) not in pack()["types"]
    ]


class Unanswered(Exception):
    """Something a rule asks for isn't loaded."""


class Rules:
    """Evaluates expressions for one set of profiles. `member_of` and `conforms_to` answer None for what isn't loaded."""

    def __init__(self, member_of: MemberOf, conforms_to: ConformsTo) -> None:
        self._member_of, self._conforms_to = member_of, conforms_to
        self._run: Run | None = None
        self._within: Loaded | None = None
        table = {
            "hasValue": {"fn": lambda values: [bool(values)], "arity": {0: []}},
            "resolve": {"fn": self._resolve, "arity": {0: []}},
            "memberOf": {"fn": self._memberof, "arity": {1: ["String"]}},
            "conformsTo": {"fn": self._conformsto, "arity": {1: ["String"]}},
            "htmlChecks": {"fn": lambda values: [True], "arity": {0: []}},
        }
        self._options = {"userInvocationTable": table, "traceFn": lambda label, values: None}
        self._compiled = lru_cache(maxsize=4096)(self._compile)

    def _compile(self, expression: str) -> Any:
        from fhirpathpy.parser import parse

        return parse(expression)

    def holds(self, expression: str, item: Item, base: str, run: Run, within: Loaded) -> bool | None:
        """Whether a rule of a package holds for a value of a type (`Identifier`, `Patient.contact`); None when it can't
        be told."""
        from fhirpathpy import apply_parsed_path
        from fhirpathpy.engine.nodes import ResourceNode
        from fhirpathpy.models import models

        value = item.value if item.value is not None else item.beside
        kept = self._run, self._within
        self._run, self._within = run, within
        try:
            node = ResourceNode.create_node(value, base) if base else value
            context = {"resource": run.resource, "rootResource": run.container, "context": value}
            found = apply_parsed_path(node, self._compiled(expression), context, models["r4"], self._options)
        except Exception:  # an expression from outside may ask for anything
            return None
        finally:
            self._run, self._within = kept
        return found not in ([False], False)

    # what only the check knows

    def _resolve(self, values: list[Any]) -> list[Any]:
        found = []
        for one in values:
            reference = one.get("reference") if isinstance(one, dict) else one
            target = self._run.target(reference) if self._run and isinstance(reference, str) else None
            found += [target.resource] if target else []
        return found

    def _memberof(self, values: list[Any], canonical: str) -> list[bool]:
        answers = [self._member_of(one, canonical, self._within) for one in values]
        if None in answers and True not in answers:
            raise Unanswered(canonical)
        return [True in answers] if answers else []

    def _conformsto(self, values: list[Any], canonical: str) -> list[bool]:
        assert self._run is not None
        answers = [self._conforms_to(one, canonical, self._within, self._run) for one in values if isinstance(one, dict)]
        if None in answers:
            raise Unanswered(canonical)
        return [all(answers)] if answers else []
