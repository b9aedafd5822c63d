"""One search parameter, as it is written, read into a typed condition."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from barnetsbog.fhir import narrowed, resource_types
from barnetsbog.fhir.definitions import Parameter, parameter
from barnetsbog.fhir.searching import implied_systems, kinds_of
from barnetsbog.kernel.ids import bytes_of
from barnetsbog.record.relocating import now_at
from barnetsbog.record.searching import model as m

from . import values as read
from .faults import Wrong

DEEPEST = 5
"""So many references may a search go through."""

MOST_VALUES, MOST_CODES, MOST_WAYS = 500, 5_000, 40
_UNANSWERED = frozenset(("_text", "_content", "_query", "_filter", "_list", "near"))
_REFERENCE = re.compile(r"(?:([A-Z][A-Za-z]+)/)?([A-Za-z0-9.\-]{1,64})(?:/_history/[A-Za-z0-9.\-]{1,64})?", re.ASCII)


_V = TypeVar("_V")
_C = TypeVar("_C", bound=Collection[object])


class Terms(Protocol):
    """What is known of value sets and code systems. None: that one is not loaded."""

    def members(self, value_set: str) -> Collection[tuple[str, str]] | None:
        """The (system, code) of a value set."""

    def related(self, system: str, code: str, *, above: bool) -> Collection[str] | None:
        """The code itself and what it is a kind of (`above`), or what is a kind of it."""


@dataclass(slots=True)
class Conditions:
    """Reads conditions. `base`: the address of this interface."""

    base: str
    terms: Terms | None = None
    ways: int = 0
    """How many chains have been begun, for all that a parameter can lead to."""
    codes: int = 0
    """How many codes and addresses values have stood for."""

    def read(self, kind: str, key: str, value: str, depth: int = 0) -> m.Condition | None:
        """The condition on resources of a type; None when everything meets it. Raises `Wrong`."""
        if key.startswith("_has:"):
            return self._has(kind, key, value, depth + 1)
        head, dot, rest = key.partition(".")
        if dot:
            return self._chained(kind, head, rest, value, depth + 1)
        name, _, modifier = key.partition(":")
        return self._plain(kind, name, modifier, value)

    # -- through references ------------------------------------------------------------------------------------------

    def _chained(self, kind: str, head: str, rest: str, value: str, depth: int) -> m.Condition:
        if depth > DEEPEST:
            raise Wrong("too-deep", str(DEEPEST))
        name, _, only = head.partition(":")
        known = _reference(kind, name)
        levels, wrong = list[m.Level](), Wrong("unknown-parameter", rest)
        for target in _targets(kind, known, only):
            try:
                levels += [self._level(target, rest, value, depth)] if _has_parameter(target, rest) else []
            except Wrong as one:  # of all that it can lead to, some may not know the parameter
                if one.costly:
                    raise
                wrong = one
        if not levels:
            raise wrong
        return m.Chained(name, tuple(levels))

    def _level(self, kind: str, key: str, value: str, depth: int) -> m.Level:
        self.ways += 1
        if self.ways > MOST_WAYS:
            raise Wrong("too-wide")
        found = self.read(kind, key, value, depth)
        return m.Level(kind, (found,) if found else ())

    def _has(self, kind: str, key: str, value: str, depth: int) -> m.Condition:
        if depth > DEEPEST:
            raise Wrong("too-deep", str(DEEPEST))
        parts = key.split(":", 3)
        if len(parts) != 4 or parts[1] not in resource_types():
            raise Wrong("no-such-type", parts[1])
        _, other, name, rest = parts
        if kind not in _targets(other, _reference(other, name), ""):
            raise Wrong("no-such-type", kind)
        return m.Has(name, self._level(other, rest, value, depth))

    # -- one parameter -----------------------------------------------------------------------------------------------

    def _plain(self, kind: str, name: str, modifier: str, value: str) -> m.Condition | None:
        if name in ("_id", "_lastUpdated"):
            return _of_its_own(name, modifier, value)
        known = _known(kind, name)
        if modifier == "missing" and known.kind not in ("composite", "special"):
            return m.Missing(name, read.truth(value))
        reader = getattr(self, f"_{known.kind}", None)
        if reader is None:
            raise Wrong("unanswerable")
        found: m.Condition | None = reader(kind, known, modifier, value)
        return found

    def _token(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition | None:
        name = known.name
        match modifier:
            case "" | "not":
                return m.Tokens(name, self._codes(kind, name, value), but=modifier == "not")
            case "text":
                return m.Worded(name, _values(value, read.words))
            case "of-type" if "Identifier" in kinds_of(kind, name):
                return m.OfType(name, _values(value, read.typed))
            case "in" | "not-in":
                return _listed(name, self._members(kind, name, value), but=modifier == "not-in")
            case "above" | "below":
                return _listed(name, self._related(kind, name, value, above=modifier == "above"), but=False)
            case _:
                raise Wrong("modifier", modifier)

    def _codes(self, kind: str, name: str, value: str) -> tuple[m.Coded, ...]:
        found = _values(value, read.coded)
        if kinds_of(kind, name) == {"boolean"} or name == "deceased":
            return tuple(m.Coded("", str(read.truth(one.code or "")).lower()) for one in found)
        return tuple(_implied(kind, name, one) for one in found)

    def _members(self, kind: str, name: str, value: str) -> set[m.Coded]:
        found: set[m.Coded] = set()
        for one in _values(value, read.plain):
            members = self.terms.members(one) if self.terms else None
            if members is None:
                raise Wrong("value-set", one)
            found |= {_implied(kind, name, m.Coded(*member)) for member in members}
        return self._not_too_many(found)

    def _related(self, kind: str, name: str, value: str, *, above: bool) -> set[m.Coded]:
        found: set[m.Coded] = set()
        for one in _values(value, read.coded):
            codes = (
                self.terms.related(one.system, one.code, above=above)
                if self.terms and one.system and one.code
                else None
            )
            if codes is None:
                raise Wrong("code-system", value)
            found |= {_implied(kind, name, m.Coded(one.system, code)) for code in codes}
        return self._not_too_many(found)

    def _string(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        how = {"": m.How.STARTS, "contains": m.How.CONTAINS, "exact": m.How.EXACT}.get(modifier)
        if how is None:
            raise Wrong("modifier", modifier)
        return m.Strings(known.name, _values(value, read.words), how)

    def _date(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        _no_modifier(modifier)
        return m.Dates(known.name, _values(value, read.span))

    def _number(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        _no_modifier(modifier)
        return m.Amounts(known.name, _values(value, read.number))

    def _quantity(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        _no_modifier(modifier)
        return m.Amounts(known.name, _values(value, read.quantity))

    def _uri(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        if modifier not in ("", "above", "below"):
            raise Wrong("modifier", modifier)
        return m.Uris(known.name, _values(value, read.plain), m.Reach(modifier or "same"))

    def _reference(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        if modifier == "identifier":
            return m.Identified(known.name, _values(value, read.coded))
        if modifier and modifier not in resource_types():
            raise Wrong("modifier", modifier)
        canonical = bool(kinds_of(kind, known.name) & {"canonical", "uri"})
        targets = _targets(kind, known, modifier)
        found = [
            address
            for one in _values(value, read.plain)
            for address in self._addresses(one, targets, modifier, canonical)
        ]
        now = now_at(found)
        wanted = dict.fromkeys(now.get(one, one) for one in found)
        return m.References(known.name, tuple(self._not_too_many(wanted)), versions=canonical)

    def _addresses(self, value: str, targets: Collection[str], only: str, canonical: bool) -> list[str]:
        """The addresses that a value stands for; with an id alone, one for each type."""
        own = value.removeprefix(self.base.rstrip("/") + "/") if self.base else value
        if canonical or (own == value and ("://" in value or value.startswith("urn:"))):
            return [value]
        found = _REFERENCE.fullmatch(own)
        if found is None or (found[1] and found[1] not in resource_types()):
            raise Wrong("reference", value)
        if found[1]:
            return [f"{found[1]}/{found[2]}"] if not only or only == found[1] else []
        return [f"{target}/{found[2]}" for target in targets]

    def _not_too_many(self, found: _C) -> _C:
        self.codes += len(found)
        if self.codes > MOST_CODES:
            raise Wrong("too-many-values", str(MOST_CODES))
        return found

    def _composite(self, kind: str, known: Parameter, modifier: str, value: str) -> m.Condition:
        _no_modifier(modifier)
        return m.Composite(known.name, _values(value, lambda one: self._components(kind, known, one)))

    def _components(self, kind: str, known: Parameter, value: str) -> tuple[m.Component, ...]:
        parts = read.divided(value, "$")
        if len(parts) != len(known.components) or not all(parts):
            raise Wrong("composite", value, str(len(known.components)))
        found = [self._plain(kind, name, "", part) for (name, _), part in zip(known.components, parts, strict=True)]
        return tuple(one for one in found if isinstance(one, m.Component))


def _values(text: str, reader: Callable[[str], _V]) -> tuple[_V, ...]:
    """The values of a parameter, each read."""
    parts = list(read.several(text))
    if len(parts) > MOST_VALUES:
        raise Wrong("too-many-values", str(MOST_VALUES))
    return tuple(reader(part) for part in parts)


def answered(kind: str, name: str) -> bool:
    """Whether a standard parameter can be searched by here."""
    known = parameter(kind, name)
    if known is None or name in _UNANSWERED:
        return False
    if known.kind == "composite":
        return all(kinds_of(kind, each) for each, _ in known.components)
    if name == "phonetic":  # answered from the rows of the name
        return bool(kinds_of(kind, "name"))
    return bool(kinds_of(kind, name)) or name in ("_id", "_lastUpdated", "deceased")


def _known(kind: str, name: str) -> Parameter:
    known = parameter(kind, name)
    if name in _UNANSWERED or (known and not answered(kind, name)):
        raise Wrong("unanswerable")
    if known is None:
        raise Wrong("unknown-parameter", name)
    return known


def _reference(kind: str, name: str) -> Parameter:
    known = _known(kind, name)
    if known.kind != "reference":
        raise Wrong("not-a-reference")
    return known


def _targets(kind: str, known: Parameter, only: str) -> list[str]:
    """The types that a reference may lead to, or the one that is asked for."""
    other = narrowed(kind).get(known.name)
    allowed = {other.target} if other else set(known.targets) & resource_types() or resource_types()
    if only and only not in allowed:
        raise Wrong("no-such-type", only)
    return [only] if only else sorted(allowed)


def _has_parameter(kind: str, key: str) -> bool:
    """Whether resources of a type have the parameter that a chain goes on with."""
    name = re.split(r"[.:]", key, maxsplit=1)[0]
    return name == "_has" or answered(kind, name)


def _implied(kind: str, name: str, one: m.Coded) -> m.Coded:
    """Elements of type `code` do not say their system: it is the one that they are bound to."""
    if kinds_of(kind, name) != {"code"}:
        return one
    return m.Coded("", one.code) if one.system in (None, *implied_systems(kind, name)) else one


def _listed(name: str, found: set[m.Coded], *, but: bool) -> m.Condition | None:
    if not found:
        return None if but else m.Ids(())
    return m.Tokens(name, tuple(sorted(found, key=str)), but=but)


def _of_its_own(name: str, modifier: str, value: str) -> m.Condition | None:
    """What every entry has, and no row of a search table says: its id, and when what it says now was registered."""
    if modifier == "missing":
        return m.Ids(()) if read.truth(value) else None
    if name == "_id" and modifier in ("", "not"):
        found = tuple(ident for one in _values(value, read.plain) if (ident := _uuid(one)))
        return m.Ids(found, but=modifier == "not")
    _no_modifier(modifier)
    return m.Updated(_values(value, read.span))


def _no_modifier(modifier: str) -> None:
    if modifier:
        raise Wrong("modifier", modifier)


def _uuid(text: str) -> UUID | None:
    ident = bytes_of(f"/{text}") if text == text.lower() else None
    return UUID(bytes=ident) if ident else None
