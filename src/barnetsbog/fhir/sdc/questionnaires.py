"""A Questionnaire against SDC 3.0. Pure; asked of what has passed the base check."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from barnetsbog.fhir.issues import Chain, Issue, Report
from barnetsbog.fhir.own import Resource, members, value_of

from .extensions import EXTENSIONS, HL7, OF_FORMS, OTHER_SDC, SDC, Place, held

CONTROLS = "http://hl7.org/fhir/questionnaire-item-control"
_CHOICES = frozenset({"choice", "open-choice"})
_NUMBERS = frozenset({"integer", "decimal"})
_CONTROL_OF: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("radio-button", "check-box", "drop-down", "autocomplete", "lookup"), _CHOICES | {"reference"}),
    **dict.fromkeys(("slider", "spinner"), _NUMBERS | {"quantity", "date", "dateTime", "time"}),
    **dict.fromkeys(("text-box",), frozenset({"string", "text"})),
    **dict.fromkeys(
        ("inline", "prompt", "unit", "lower", "upper", "flyover", "help", "legal", "security"), frozenset({"display"})
    ),
    **dict.fromkeys(
        ("group", "list", "table", "htable", "gtable", "atable", "grid", "page", "tab-container", "header", "footer"),
        frozenset({"group", "display"}),
    ),
}
"""What each way of showing an item is for (value set questionnaire-item-control)."""
_BOUNDED = {
    "integer": "Integer", "decimal": "Decimal", "quantity": "Decimal", "date": "Date", "dateTime": "DateTime",
    "time": "Time",
}  # fmt: skip
_UNITS = (f"{HL7}questionnaire-unitOption", f"{HL7}questionnaire-unitValueSet")
_EXPRESSIONS = ("initialExpression", "calculatedExpression", "enableWhenExpression", "answerExpression")
_ALWAYS_HERE = ("calculatedExpression", "enableWhenExpression")
"""Worked out again and again while somebody answers: no query to a server (SDC, inv-1)."""
_VARIABLE = re.compile(r"%(?:`([^`]+)`|([A-Za-z_][\w-]*))")
_KNOWN = frozenset((
    "resource", "rootResource", "context", "questionnaire", "qitem", "ucum", "sct", "loinc", "terminologies",
))  # fmt: skip


def check_questionnaire(questionnaire: Resource) -> list[Issue]:
    """Everything in which a Questionnaire breaks the guide; what it only advises is a warning."""
    report = Report()
    chain = (None, "Questionnaire", None)
    if "url" not in questionnaire:
        demanding(questionnaire, report)("cardinality-min", chain, "url")
    extensions(questionnaire, Place.FORM, chain, report)
    named = frozenset(_declared(questionnaire))
    top = list(members(questionnaire.get("item")))
    paged = [_control(one) for one in top]
    if "page" in paged and not set(paged) <= {"page", "header", "footer"}:
        report.error("sdc-rend-2", chain)
    for number, item in enumerate(top):
        _item(item, (chain, "item", number), named, report, top=True)
    return report


def demanding(resource: Resource, report: Report) -> Callable[..., None]:
    """How it is told that something is lacking that R4 allows and SDC doesn't: an error of what says that it keeps to
    SDC, and of anybody else's a warning."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    ours = any(str(one).startswith(OTHER_SDC) for one in claimed) if isinstance(claimed, list) else False
    return report.error if ours else report.warning


# -- extensions, of questionnaires and of answers ----------------------------------------------------------------------


def extensions(element: Resource, place: Place, chain: Chain, report: Report) -> None:
    """Looks at the extensions of an element and of whatever is in it; items look at their own."""
    seen: set[str] = set()
    for number, one in enumerate(members(element.get("extension"))):
        url = str(one.get("url", ""))
        _extension(one, url, place, (chain, "extension", number), report, again=url in seen)
        seen.add(url)
    for key, value in element.items():
        if key == "item" or key == "extension":
            continue
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                inner = (chain, key, number if isinstance(value, list) else None)
                extensions(one, _place(key, place), inner, report)


def _place(key: str, above: Place) -> Place:
    if key.startswith("_"):
        return Place.TEXT
    if key == "answer":
        return Place.ANSWER
    return {"answerOption": Place.OPTION, "valueCoding": Place.CODING, "code": Place.CODING}.get(key, Place.ELSEWHERE)


def _extension(one: Resource, url: str, place: Place, chain: Chain, report: Report, *, again: bool) -> None:
    known = EXTENSIONS.get(url)
    if known is None:
        if url.startswith(OF_FORMS):
            report.warning("sdc-unknown", chain, url)
        return
    if place not in known.places:
        report.error("sdc-place", chain, url, ", ".join(sorted(known.places)))
    if held(one) not in known.holds:
        report.error("sdc-value", chain, url, ", ".join(sorted(known.holds)) or "extension")
    if again and not known.many:
        report.error("sdc-once", chain, url)


# -- items -------------------------------------------------------------------------------------------------------------


def _item(item: Resource, chain: Chain, named: frozenset[str], report: Report, *, top: bool = False) -> None:
    extensions(item, Place.ITEM, chain, report)
    here = named | set(_variables(item))
    for rule, broken in _RULES.items():
        if broken(item):
            report.error(rule, chain)
    if _control(item) == "page" and not top:
        report.error("sdc-rend-1", chain)
    if item.get("type") == "quantity" and not _has(item, *_UNITS):
        report.warning("sdc-behave-3", chain)
    _shown(item, chain, report)
    _bounds(item, chain, report)
    for name in _EXPRESSIONS:
        for one in _found(item, SDC + name):
            _expression(name, one, here, chain, report)
    for number, inner in enumerate(members(item.get("item"))):
        _item(inner, (chain, "item", number), here, report)


def _has(element: Resource, *urls: str) -> bool:
    return any(one.get("url") in urls for one in members(element.get("extension")))


def _found(element: Resource, url: str) -> list[Any]:
    return [value_of(one) for one in members(element.get("extension")) if one.get("url") == url]


def _number(item: Resource, name: str) -> int:
    return next((one for one in _found(item, HL7 + name) if isinstance(one, int)), 0)


_RULES: Mapping[str, Callable[[Resource], object]] = {
    "sdc-1": lambda one: _has(one, f"{SDC}answerExpression") and ("answerOption" in one or "answerValueSet" in one),
    "sdc-behave-1": lambda one: _has(one, f"{SDC}initialExpression") and "initial" in one,
    "sdc-behave-2": lambda one: _has(one, f"{SDC}enableWhenExpression") and "enableWhen" in one,
    "sdc-calculated": lambda one: _has(one, f"{SDC}calculatedExpression") and "initial" in one,
    "sdc-min-occurs": lambda one: _number(one, "questionnaire-minOccurs") > 0 and not one.get("required"),
    "sdc-max-occurs": lambda one: _number(one, "questionnaire-maxOccurs") > 1 and not one.get("repeats"),
    "sdc-occurs": lambda one: (
        _has(one, f"{HL7}questionnaire-maxOccurs")
        and _number(one, "questionnaire-minOccurs") > _number(one, "questionnaire-maxOccurs")
    ),
    "sdc-unit": lambda one: _has(one, f"{HL7}questionnaire-unit") and one.get("type") not in _NUMBERS | {"quantity"},
    "sdc-link-id": lambda one: len(str(one.get("linkId", ""))) > 255,
}
"""The rules about one item: whether it is broken."""


def _control(item: Resource) -> str:
    for concept in _found(item, f"{HL7}questionnaire-itemControl"):
        for coding in members(concept.get("coding")) if isinstance(concept, dict) else ():
            if coding.get("system") == CONTROLS:
                return str(coding.get("code", ""))
    return ""


def _shown(item: Resource, chain: Chain, report: Report) -> None:
    control = _control(item)
    if control and control not in _CONTROL_OF:
        report.warning("sdc-control-unknown", chain, control)
    elif control and item.get("type") not in _CONTROL_OF[control]:
        report.error("sdc-control", chain, control, str(item.get("type")))


def _bounds(item: Resource, chain: Chain, report: Report) -> None:
    wanted = _BOUNDED.get(str(item.get("type")))
    found = {}
    for one in members(item.get("extension")):
        name = str(one.get("url", "")).removeprefix(HL7)
        if name in ("minValue", "maxValue"):
            if held(one) != wanted:
                report.error("sdc-bound", chain, name, str(item.get("type")))
            found[name] = value_of(one)
    low, high = found.get("minValue"), found.get("maxValue")
    if _is_beyond(low, high):
        report.error("sdc-bounds", chain)


def _is_beyond(low: Any, high: Any) -> bool:
    """A whole number and one with decimals compare, and so do days; quantities have no order here."""
    if isinstance(low, str) and isinstance(high, str):
        return low > high
    return isinstance(low, int | float) and isinstance(high, int | float) and low > high


# -- expressions -------------------------------------------------------------------------------------------------------


def _expression(name: str, one: Any, named: frozenset[str], chain: Chain, report: Report) -> None:
    if not isinstance(one, dict):
        return
    language, said = one.get("language"), str(one.get("expression", ""))
    if name in _ALWAYS_HERE and language == "application/x-fhir-query":
        report.error("sdc-query", chain, name)
    if language == "text/fhirpath":
        for variable in _used(said):
            if variable not in named:
                report.error("sdc-variable", chain, variable)


def _used(expression: str) -> Iterator[str]:
    outside = re.sub(r"'(?:[^'\\]|\\.)*'", "''", expression)
    for quoted, plain in _VARIABLE.findall(outside):
        name = quoted or plain
        if name not in _KNOWN and not name.startswith(("vs-", "ext-")):
            yield name


def _declared(questionnaire: Resource) -> Iterator[str]:
    """The variables that expressions everywhere in it may use."""
    yield from _variables(questionnaire)
    for one in members(questionnaire.get("extension")):
        if one.get("url") == f"{SDC}launchContext":
            for part in members(one.get("extension")):
                if part.get("url") == "name":
                    said = value_of(part)
                    yield str(said.get("code", "") if isinstance(said, dict) else said)


def _variables(element: Resource) -> Iterator[str]:
    for url in (f"{HL7}variable", f"{SDC}itemPopulationContext"):
        yield from (str(one.get("name", "")) for one in _found(element, url) if isinstance(one, dict))
