"""Conditions that no search row answers by itself, judged on what a resource says.

They are rare, or their rows would be many: a text letter by letter (`:exact`), the words of a coded value (`:text`),
an identifier with its type (`:of-type`), a reference by identifier (`:identifier`), a composite. `hint` says what the
search rows can answer of them, so that few resources have to be read.
"""

from dataclasses import replace
from typing import Any

from barnetsbog.fhir import SearchRows, extract, folded, parameter_code
from barnetsbog.fhir.searching import BEHIND, parts, texts_of, values

from . import model as m
from .compiling import nearly

Resource = dict[str, Any]
Late = m.Strings | m.Worded | m.OfType | m.Identified | m.Composite


def is_late(one: m.Condition) -> bool:
    """Whether a condition must be judged on resources."""
    return isinstance(one, m.Worded | m.OfType | m.Identified | m.Composite) or (
        isinstance(one, m.Strings) and one.how is m.How.EXACT
    )


def hint(one: Late) -> tuple[m.Condition, ...]:
    """Conditions for the search rows that must hold too."""
    match one:
        case m.Strings():
            return (one,)
        case m.OfType():
            return (m.Tokens(one.param, tuple(m.Coded(None, value.value) for value in one.values)),)
        case m.Worded() | m.Identified():
            return (m.Missing(one.param, missing=False),)
        case m.Composite():
            return tuple(map(_one_of, zip(*one.values, strict=True)))


def meets(resource: Resource, one: Late, moment: int) -> bool:
    """Whether a resource meets a condition. `moment`: now, for what is about a date."""
    match one:
        case m.Strings():
            said = (text for value, of in values(resource, one.param) for text in texts_of(value, of))
            return not set(one.values).isdisjoint(said)
        case m.Worded():
            wanted = tuple(folded(text) for text in one.values)
            return any(
                folded(text).startswith(wanted)
                for value, of in values(resource, one.param)
                for text in _words(value, of)
            )
        case m.OfType():
            return any(_is_typed(value, typed) for value, _ in values(resource, one.param) for typed in one.values)
        case m.Identified():
            named = [value.get("identifier") or {} for value, of in values(resource, one.param) if of == "Reference"]
            return any(_is_named(identifier, coded) for identifier in named if identifier for coded in one.values)
        case m.Composite():
            kind = resource["resourceType"]
            return any(
                _all_hold(one, each, some, kind, moment) for some in parts(resource, one.param) for each in one.values
            )


def meets_alone(resource: Resource, level: m.Level, moment: int) -> bool:
    """Whether a resource that is not in the book meets conditions by what it says itself. Of a condition that goes
    through references, or asks what is not said, that can't be told: it does not."""
    rows = extract(resource)
    return all(_met_alone(resource, rows, one, moment) for one in level.conditions)


def _met_alone(resource: Resource, rows: SearchRows, one: Any, moment: int) -> bool:
    if is_late(one):
        return meets(resource, one, moment)
    match one:
        case m.Tokens(but=False) | m.Dates() | m.Amounts() | m.Strings(how=m.How.STARTS) | m.Uris(reach=m.Reach.SAME):
            param = parameter_code(f"{resource['resourceType']}.{one.param}")
            mine: Any = ([row for row in some if row[0] == param] for some in rows)
            return _holds(one, SearchRows(*mine), moment)
    return False


def _words(value: Any, kind: str) -> list[str]:
    if kind == "CodeableConcept":
        found = [value.get("text"), *(coding.get("display") for coding in value.get("coding", ()))]
    elif kind == "Coding":
        found = [value.get("display")]
    else:
        found = _words(value.get("type") or {}, "CodeableConcept") if kind == "Identifier" else []
    return [text for text in found if text]


def _is_typed(value: Any, typed: m.Typed) -> bool:
    if type(value) is not dict or value.get("value") != typed.value:
        return False
    codings = (value.get("type") or {}).get("coding", ())
    return any((one.get("system", ""), one.get("code")) == (typed.system, typed.code) for one in codings)


def _is_named(identifier: Resource, coded: m.Coded) -> bool:
    return coded.system in (None, identifier.get("system", "")) and coded.code in (None, identifier.get("value"))


def _one_of(components: tuple[m.Component, ...]) -> m.Component:
    """The same component of several values: one of them."""
    first, values = components[0], (value for one in components for value in one.values)
    return replace(first, values=tuple(values))  # type: ignore[arg-type]


# -- composites ------------------------------------------------------------------------------------------------------


def _all_hold(
    one: m.Composite, components: tuple[m.Component, ...], rows: list[SearchRows], kind: str, moment: int
) -> bool:
    return all(_holds(component, some, moment) for component, some in zip(components, rows, strict=True))


def _holds(one: m.Component, rows: SearchRows, moment: int) -> bool:
    match one:
        case m.Tokens():
            return any(_is_coded(row[1:], coded) for row in rows.tokens for coded in one.values)
        case m.Strings():
            wanted = tuple(folded(text) for text in one.values)
            return any(text.partition(BEHIND)[0].startswith(wanted) for _, text in rows.strings)
        case m.Dates():
            return any(within(span, low, high, moment) for _, low, high in rows.dates for span in one.values)
        case m.Amounts():
            return any(_measures(amount, row) for row in rows.quantities for amount in one.values)
        case m.References():
            return any(target in one.values for _, target in rows.references)
        case m.Uris():
            return any(address in one.values for _, address in rows.uris)


def _is_coded(row: tuple[str, str], coded: m.Coded) -> bool:
    system, code = row
    return coded.system in (None, system) and (code == coded.code if coded.code is not None else bool(code))


def within(span: m.Span, low: int, high: int, moment: int) -> bool:
    """Whether a stretch of time answers one that is asked for: what `compiling` says in SQL."""
    inside = span.low <= low and high <= span.high
    match span.prefix:
        case m.Prefix.EQUAL:
            return inside
        case m.Prefix.NOT_EQUAL:
            return not inside
        case m.Prefix.GREATER:
            return high > span.high
        case m.Prefix.LESS:
            return low < span.low
        case m.Prefix.GREATER_OR_EQUAL:
            return inside or high > span.high
        case m.Prefix.LESS_OR_EQUAL:
            return inside or low < span.low
        case m.Prefix.STARTS_AFTER:
            return low > span.high
        case m.Prefix.ENDS_BEFORE:
            return high < span.low
        case m.Prefix.ABOUT:
            some = nearly(span, moment)
            return low <= some.high and high >= some.low


def _measures(amount: m.Amount, row: tuple[int, str, str, float, float]) -> bool:
    _, system, unit, low, high = row
    if amount.system not in (None, system) or amount.unit not in (None, unit):
        return False
    inside, some = amount.low <= low and high < amount.high, abs(amount.value) / 10
    return {
        m.Prefix.EQUAL: inside, m.Prefix.NOT_EQUAL: not inside, m.Prefix.GREATER: high > amount.value,
        m.Prefix.LESS: low < amount.value, m.Prefix.GREATER_OR_EQUAL: high >= amount.value,
        m.Prefix.LESS_OR_EQUAL: low <= amount.value, m.Prefix.STARTS_AFTER: low > amount.value,
        m.Prefix.ENDS_BEFORE: high < amount.value,
        m.Prefix.ABOUT: low <= amount.value + some and high >= amount.value - some,
    }[amount.prefix]  # fmt: skip
