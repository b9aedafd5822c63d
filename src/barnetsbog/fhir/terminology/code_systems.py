"""A code system, read once: its concepts by code, and how they lie under each other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.library import Loaded, same_version
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.patterns import quick
from barnetsbog.fhir.terminology.model import Concept, Designation

_BUILT_IN = ("concept", "code", "display", "definition", "parent", "child", "inactive")
_INACTIVE = frozenset(("retired", "inactive"))
_DEEPEST = 100


class CodeSystem:
    """The concepts of a code system (CodeSystem, R4), with what supplements add to them.

    `complete` is false for a fragment or an example: a code that isn't here may exist all the same.
    """

    def __init__(self, content: Json, package: Loaded, supplements: Iterable[Json] = ()) -> None:
        self.package = package
        self.url, self.version = str(content.get("url", "")), str(content.get("version", ""))
        self.complete = content.get("content") == "complete"
        self.language = str(content.get("language", ""))
        self._ignores_case = content.get("caseSensitive") is False
        self.concepts: dict[str, Concept] = {}
        self._read(content.get("concept", ()), "", 0)
        for supplement in supplements:
            self._add(supplement.get("concept", ()), 0)
        self._close()
        declared = (str(one.get("code", "")) for one in members(content.get("property")))
        carried = (name for one in self.concepts.values() for name, _ in one.properties)
        self._properties = frozenset((*_BUILT_IN, *declared, *carried))
        """What a filter may ask of: of another property nobody knows here (SNOMED CT's `constraint`)."""
        self._folded = {code.lower(): code for code in self.concepts} if self._ignores_case else {}

    def is_version(self, version: str) -> bool:
        """Whether it is of the version that is asked for; when none is, it is."""
        return not version or same_version(self.version, version)

    def find(self, code: str) -> Concept | None:
        return self.concepts.get(code) or self.concepts.get(self._folded.get(code.lower(), ""))

    def ancestors(self, code: str) -> Iterator[str]:
        """Everything above a code, each once."""
        return self._beyond(code, lambda one: one.parents)

    def descendants(self, code: str) -> Iterator[str]:
        """Everything under a code, each once."""
        return self._beyond(code, lambda one: one.children)

    def _beyond(self, code: str, step: Callable[[Concept], tuple[str, ...]]) -> Iterator[str]:
        seen, front = {code}, [code]
        while front:
            found = self.concepts.get(front.pop())
            for one in step(found) if found else ():
                if one not in seen:
                    seen.add(one)
                    front.append(one)
                    yield one

    def matches(self, concept: Concept, rule: Json) -> bool | None:
        """Whether a concept passes a filter of a value set (ValueSet.compose.include.filter); None when the filter is
        one that isn't known."""
        asked, operator, value = str(rule.get("property")), str(rule.get("op")), str(rule.get("value", ""))
        if operator in ("is-a", "is-not-a"):
            inside = concept.code == value or value in self.ancestors(concept.code)
            return inside if operator == "is-a" else not inside
        if operator == "descendent-of":
            return value in self.ancestors(concept.code)
        if operator == "generalizes":
            return concept.code == value or concept.code in self.ancestors(value)
        held = self._held(concept, asked)
        if operator == "exists":
            return bool(held) == (value == "true")
        if not held and asked not in self._properties:
            return None
        if operator == "=":
            return value in held
        if operator in ("in", "not-in"):
            chosen = {one.strip() for one in value.split(",")}
            return (not chosen.isdisjoint(held)) == (operator == "in")
        if operator == "regex":
            pattern = quick(value)
            return any(pattern.fullmatch(one) for one in held) if pattern else None
        return None

    def _held(self, concept: Concept, asked: str) -> set[str]:
        """A concept's values of a property, as text."""
        built_in = {
            "concept": (concept.code,),
            "code": (concept.code,),
            "display": (concept.display,),
            "definition": (concept.definition,),
            "parent": concept.parents,
            "child": concept.children,
            "inactive": ("true" if concept.inactive else "false",),
        }
        if asked in built_in:
            return set(built_in[asked]) - {""}
        return {_text(value) for name, value in concept.properties if name == asked}

    # reading

    def _read(self, concepts: Any, parent: str, depth: int) -> None:
        for one in concepts if isinstance(concepts, list) and depth < _DEEPEST else ():
            if not isinstance(one, dict) or not isinstance(one.get("code"), str):
                continue
            read = _concept(self.url, one, parent)
            self.concepts[read.code] = read
            self._read(one.get("concept", ()), read.code, depth + 1)

    def _add(self, concepts: Any, depth: int) -> None:
        """What a supplement says: more names and properties for concepts that are there."""
        for one in concepts if isinstance(concepts, list) and depth < _DEEPEST else ():
            known = self.concepts.get(one.get("code", "")) if isinstance(one, dict) else None
            if known:
                more = _concept(self.url, one, "")
                self.concepts[known.code] = replace(
                    known,
                    designations=known.designations + more.designations,
                    properties=known.properties + more.properties,
                )
                self._add(one.get("concept", ()), depth + 1)

    def _close(self) -> None:
        """Parents that were stated as properties, and each concept's children."""
        below: dict[str, list[str]] = {}
        for code, concept in self.concepts.items():
            for parent in concept.parents:
                below.setdefault(parent, []).append(code)
        for parent, children in below.items():
            if known := self.concepts.get(parent):
                self.concepts[parent] = replace(known, children=tuple(children))


def _concept(system: str, raw: Json, parent: str) -> Concept:
    properties = tuple((str(one.get("code")), _value(one)) for one in members(raw.get("property")))
    stated = dict(properties)
    above = [parent] if parent else []
    above += [str(value) for name, value in properties if name in ("parent", "subsumedBy") and value != parent]
    return Concept(
        system=system,
        code=raw["code"],
        display=str(raw.get("display", "")),
        definition=str(raw.get("definition", "")),
        designations=tuple(designation(one) for one in members(raw.get("designation"))),
        properties=tuple(one for one in properties if one[0] not in ("parent", "child", "subsumedBy")),
        parents=tuple(above),
        inactive=stated.get("inactive") is True or str(stated.get("status")) in _INACTIVE,
        abstract=stated.get("notSelectable") is True or stated.get("abstract") is True,
    )


def designation(raw: Json) -> Designation:
    use = raw.get("use")
    return Designation(
        str(raw.get("value", "")),
        str(raw.get("language", "")),
        str(use.get("code", "")) if isinstance(use, dict) else "",
    )


def _value(raw: Json) -> Any:
    found = next((value for name, value in raw.items() if name.startswith("value")), None)
    return found.get("code") if isinstance(found, dict) else found


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
