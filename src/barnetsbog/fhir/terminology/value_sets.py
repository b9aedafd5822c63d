"""Value sets: whether a code is in one, and which codes are.

Every answer has three values, for a value set may build on what is not loaded here: yes, no, and None, that it can't be
told. What can't be told is noted by its address.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.library import Definition, Loaded, is_behind
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.terminology.aliases import normalised_system
from barnetsbog.fhir.terminology.code_systems import CodeSystem
from barnetsbog.fhir.terminology.model import Concept, Missing
from barnetsbog.fhir.threefold import either, every

_DEEPEST = 20

Systems = Callable[[str, str, Loaded | None], CodeSystem | None]
"""A code system by address and version, read from within a package."""
Sets = Callable[[str, Loaded | None], "ValueSet | None"]


class ValueSet:
    """One value set (ValueSet, R4). Its codes are worked out when they are asked for."""

    def __init__(self, definition: Definition, systems: Systems, sets: Sets) -> None:
        content = definition.content
        self.url = definition.url
        self.package = self._within = definition.package
        self._systems, self._sets = systems, sets
        compose = content.get("compose")
        self._include = list(members(compose.get("include"))) if isinstance(compose, dict) else []
        self._exclude = list(members(compose.get("exclude"))) if isinstance(compose, dict) else []
        self.inactive = not (isinstance(compose, dict) and compose.get("inactive") is False)
        self._listed = list(_expanded(content.get("expansion"))) if not self._include else []

    def contains(self, system: str | None, code: str, missing: Missing, depth: int = 0) -> bool | None:
        """Whether a code is in it. A plain `code` has no system: any that has it will do."""
        if self._listed:
            return any(one.code == code and system in (None, one.system) for one in self._listed)
        if depth > _DEEPEST:
            return False
        found = either(self._has(one, system, code, missing, depth) for one in self._include)
        if found is False or not self._exclude:
            return found
        out = either(self._has(one, system, code, missing, depth) for one in self._exclude)
        return False if out else None if out is None else found

    def _has(self, part: Json, system: str | None, code: str, missing: Missing, depth: int) -> bool | None:
        """One include or exclude: everything that it names must agree."""
        answers: list[bool | None] = []
        if named := str(part.get("system", "")):
            if system is not None and normalised_system(named) != normalised_system(system):
                return False
            answers.append(self._of_system(part, named, code, missing))
        for url in _texts(part.get("valueSet")):
            inner = self._sets(url, self._within)
            if inner is None:
                missing.note(url)
            answers.append(inner.contains(system, code, missing, depth + 1) if inner else None)
        return every(answers)

    def _of_system(self, part: Json, named: str, code: str, missing: Missing) -> bool | None:
        if "concept" in part:
            return any(one.get("code") == code for one in members(part["concept"]))
        known = self._systems(named, str(part.get("version", "")), self._within)
        concept = known.find(code) if known else None
        if known is None or (concept is None and (not known.complete or is_behind(known.package, self._within))):
            missing.note(named)
            return None
        if concept is None:
            return False
        return every([known.matches(concept, rule) for rule in members(part.get("filter"))])

    # all of them

    def concepts(self, missing: Missing, depth: int = 0) -> dict[tuple[str, str], Concept]:
        """Its codes in their order, as far as what it builds on is loaded."""
        if self._listed:
            return {(one.system, one.code): one for one in self._listed}
        found: dict[tuple[str, str], Concept] = {}
        for part in self._include if depth <= _DEEPEST else ():
            found |= {key: one for key, one in self._part(part, missing, depth).items() if key not in found}
        for part in self._exclude if depth <= _DEEPEST else ():
            for key in self._part(part, missing, depth):
                found.pop(key, None)
        return found

    def _part(self, part: Json, missing: Missing, depth: int) -> dict[tuple[str, str], Concept]:
        groups: list[dict[tuple[str, str], Concept]] = []
        if part.get("system"):
            groups.append({(one.system, one.code): one for one in self._chosen(part, missing)})
        for url in _texts(part.get("valueSet")):
            inner = self._sets(url, self._within)
            if inner is None:
                missing.note(url)
            groups.append(inner.concepts(missing, depth + 1) if inner else {})
        first, *others = groups or [{}]
        return {key: one for key, one in first.items() if all(key in other for other in others)}

    def _chosen(self, part: Json, missing: Missing) -> Iterator[Concept]:
        named = str(part["system"])
        known = self._systems(named, str(part.get("version", "")), self._within)
        if "concept" in part:
            for raw in members(part["concept"]):
                yield _listed_concept(named, raw, known)
            return
        if known is None or not known.complete:
            missing.note(named)
        rules = list(members(part.get("filter")))
        for concept in known.concepts.values() if known else ():
            if all(known.matches(concept, rule) for rule in rules) if known else False:
                yield concept


def _listed_concept(system: str, raw: Json, known: CodeSystem | None) -> Concept:
    """A concept that the value set lists, with the value set's own word for it when it has one."""
    code, display = str(raw.get("code", "")), str(raw.get("display", ""))
    found = (known.find(code) if known else None) or Concept(system, code)
    return replace(found, display=display) if display else found


def _expanded(expansion: Any, depth: int = 0) -> Iterator[Concept]:
    """What a value set that says no rule says it contains."""
    for one in members(expansion.get("contains")) if isinstance(expansion, dict) and depth < _DEEPEST else ():
        if isinstance(one.get("code"), str) and not one.get("abstract"):
            yield Concept(str(one.get("system", "")), one["code"], str(one.get("display", "")))
        yield from _expanded(one, depth + 1)


def _texts(values: Any) -> list[str]:
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []
