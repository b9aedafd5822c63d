"""Value sets: whether a code is in one, and which codes are.

Every answer has three values, for a value set may build on what is not loaded here: yes, no, and None, that it can't be
told. What can't be told is noted by its address.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Generic, TypeVar

from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.library import Definition, Loaded, is_behind
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.terminology.aliases import normalised_system
from barnetsbog.fhir.terminology.code_systems import CodeSystem, designation
from barnetsbog.fhir.terminology.model import Concept, Missing
from barnetsbog.fhir.threefold import either, every

_DEEPEST = 80

Systems = Callable[[str, str, Loaded | None], CodeSystem | None]
"""A code system by address and version, read from within a package."""
Sets = Callable[[str, Loaded | None], "ValueSet | None"]


Concepts = dict[tuple[str, str], Concept]
"""By system and code."""


T = TypeVar("T")


class Asked(Generic[T]):
    """The answers of the value sets that have been asked for one question, and how deep in each other they lie.
    `nothing`: what one that is in a circle adds to itself; `untold`: the answer of one that lies too deep."""

    def __init__(self, nothing: T, untold: T, missing: Missing) -> None:
        self.nothing, self.untold, self.missing = nothing, untold, missing
        self._answers: dict[ValueSet, T] = {}
        self._depth = 0

    def once(self, one: "ValueSet", ask: Callable[["Asked[T]"], T]) -> T:
        """A value set's answer."""
        if one not in self._answers:
            self._answers[one] = self.nothing
            self._answers[one] = self._asked(one, ask)
        return self._answers[one]

    def _asked(self, one: "ValueSet", ask: Callable[["Asked[T]"], T]) -> T:
        if self._depth == _DEEPEST:
            self.missing.note(one.url)
            return self.untold
        self._depth += 1
        answer = ask(self)
        self._depth -= 1
        return answer


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
        self._retired_too = not (isinstance(compose, dict) and compose.get("inactive") is False)
        expansion = content.get("expansion")
        self._listed = list(_expanded(expansion)) if not self._include else []
        self._whole = bool(self._include) or _is_whole(expansion)
        """Whether it says all that is in it: it may only be named here, or be expanded a page at a time."""

    def contains(
        self, system: str | None, code: str, missing: Missing, asked: Asked[bool | None] | None = None
    ) -> bool | None:
        """Whether a code is in it. A plain `code` has no system: any that has it will do. `asked`: what has been asked
        on the way here."""
        if not self._include:
            return self._lists(system, code, missing)
        asking = asked or Asked[bool | None](False, None, missing)
        return asking.once(self, lambda on: self._made_of(system, code, missing, on))

    def _lists(self, system: str | None, code: str, missing: Missing) -> bool | None:
        named = None if system is None else normalised_system(system)
        if any(one.code == code and named in (None, normalised_system(one.system)) for one in self._listed):
            return True
        if not self._whole:
            missing.note(self.url)
        return False if self._whole else None

    def _made_of(self, system: str | None, code: str, missing: Missing, asked: Asked[bool | None]) -> bool | None:
        found = either(self._has(one, system, code, missing, asked) for one in self._include)
        if found and not self._retired_too and self._is_retired(system, code):
            return False
        if found is False or not self._exclude:
            return found
        out = either(self._has(one, system, code, missing, asked) for one in self._exclude)
        return False if out else None if out is None else found

    def _is_retired(self, system: str | None, code: str) -> bool:
        named = [str(one.get("system", "")) for one in self._include] if system is None else [system]
        systems = (self._systems(one, "", self._within) for one in named)
        found = [concept for one in systems if one and (concept := one.find(code))]
        return bool(found) and all(one.inactive for one in found)

    def _has(
        self, part: Json, system: str | None, code: str, missing: Missing, asked: Asked[bool | None]
    ) -> bool | None:
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
            answers.append(inner.contains(system, code, missing, asked) if inner else None)
        return every(answers)

    def _of_system(self, part: Json, named: str, code: str, missing: Missing) -> bool | None:
        if "concept" in part:
            return any(one.get("code") == code for one in members(part["concept"]))
        version = str(part.get("version", ""))
        known = self._systems(named, version, self._within)
        concept = known.find(code) if known else None
        if known is None or (concept is None and not self._is_all(known, version)):
            missing.note(named)
            return None
        if concept is None:
            return False
        return self._passes(known, concept, part, missing)

    def _is_all(self, known: CodeSystem, version: str) -> bool:
        """Whether a code that a code system hasn't can't be one of those that are meant."""
        return known.complete and known.is_version(version) and not is_behind(known.package, self._within)

    def _passes(self, known: CodeSystem, concept: Concept, part: Json, missing: Missing) -> bool | None:
        answer = every([known.matches(concept, rule) for rule in members(part.get("filter"))])
        if answer is None:  # a filter that isn't known here: nobody can say what is in it
            missing.note(self.url)
        if answer is False and not known.complete:  # what it lies under may be left out of a fragment
            missing.note(known.url)
            return None
        return answer

    # all of them

    def concepts(self, missing: Missing, asked: Asked[Concepts] | None = None) -> Concepts:
        """Its codes in their order, as far as what it builds on is loaded."""
        if not self._include:
            if not self._whole:
                missing.note(self.url)
            return {(one.system, one.code): one for one in self._listed}
        asking = asked or Asked[Concepts]({}, {}, missing)
        return asking.once(self, lambda on: self._gathered(missing, on))

    def _gathered(self, missing: Missing, asked: Asked[Concepts]) -> Concepts:
        found: Concepts = {}
        for part in self._include:
            found |= {key: one for key, one in self._part(part, missing, asked).items() if key not in found}
        for part in self._exclude:
            for key in self._part(part, missing, asked):
                found.pop(key, None)
        return {key: one for key, one in found.items() if self._retired_too or not one.inactive}

    def _part(self, part: Json, missing: Missing, asked: Asked[Concepts]) -> Concepts:
        groups: list[Concepts] = []
        if part.get("system"):
            groups.append({(one.system, one.code): one for one in self._chosen(part, missing)})
        for url in _texts(part.get("valueSet")):
            inner = self._sets(url, self._within)
            if inner is None:
                missing.note(url)
            groups.append(inner.concepts(missing, asked) if inner else {})
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
        for concept in known.concepts.values() if known else ():
            if known and self._passes(known, concept, part, missing):
                yield concept


def _listed_concept(system: str, raw: Json, known: CodeSystem | None) -> Concept:
    """A concept that the value set lists, with the value set's own words for it when it has any."""
    code, display = str(raw.get("code", "")), str(raw.get("display", ""))
    found = (known.find(code) if known else None) or Concept(system, code)
    called = tuple(map(designation, members(raw.get("designation"))))
    return replace(found, display=display or found.display, designations=called + found.designations)


def _is_whole(expansion: Any) -> bool:
    """Whether an expansion is there, from its first code to its last."""
    if not isinstance(expansion, dict):
        return False
    total = expansion.get("total")
    return not expansion.get("offset") and not (isinstance(total, int) and total > _size(expansion, 0))


def _size(expansion: Json, depth: int) -> int:
    """How many codes are there, those under others too."""
    inner = members(expansion.get("contains")) if depth < _DEEPEST else ()
    return sum(1 + _size(one, depth + 1) for one in inner)


def _expanded(expansion: Any, depth: int = 0) -> Iterator[Concept]:
    """What a value set that says no rule says it contains."""
    for one in members(expansion.get("contains")) if isinstance(expansion, dict) and depth < _DEEPEST else ():
        if isinstance(one.get("code"), str) and not one.get("abstract"):
            yield Concept(str(one.get("system", "")), one["code"], str(one.get("display", "")))
        yield from _expanded(one, depth + 1)


def _texts(values: Any) -> list[str]:
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []
