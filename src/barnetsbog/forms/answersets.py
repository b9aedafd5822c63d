"""Answers that a Questionnaire keeps elsewhere (`answerValueSet`), put where they are asked for, from the ValueSets and
CodeSystems that come with it. Pure.

FHIR R4 Questionnaire.item.answerValueSet, ValueSet.compose, CodeSystem.concept. What needs a terminology server
(filters, other value sets) is left as it is, and `reading` says that it can't be used.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.own import Resource, members

Sets = dict[str, list[Resource]]


def resources_of(value: Any) -> Iterator[Resource]:
    """The resources of any JSON value: itself, what a Bundle has in it, what is contained in it (by `#id`)."""
    if not isinstance(value, dict):
        return
    if value.get("resourceType") == "Bundle":
        for entry in _objects(value.get("entry")):
            yield from resources_of(entry.get("resource"))
        return
    yield value
    for one in _objects(value.get("contained")):
        yield {**one, "url": f"#{one.get('id')}"}


def _objects(value: Any) -> Iterator[Resource]:
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def with_answers(questionnaire: Resource, others: Iterable[Resource]) -> Resource:
    """The Questionnaire with the answers of the value sets that are among `others`. A set that is no valid FHIR is not
    used."""
    valid = [one for one in others if not any(issue.severity == "error" for issue in check(one))]
    systems = {one.get("url"): one for one in valid if one["resourceType"] == "CodeSystem"}
    sets: Sets = {}
    for one in valid:
        if one["resourceType"] == "ValueSet" and (found := _codings(one, systems)):
            sets[str(one.get("url"))] = found
    return {**questionnaire, "item": [_item(one, sets) for one in members(questionnaire.get("item"))]}


def _item(node: Resource, sets: Sets) -> Resource:
    found = sets.get(str(node.get("answerValueSet", "")).partition("|")[0], [])
    if found and not node.get("answerOption"):
        node = {name: one for name, one in node.items() if name != "answerValueSet"}
        node["answerOption"] = [{"valueCoding": one} for one in found]
    return {**node, "item": [_item(one, sets) for one in members(node["item"])]} if "item" in node else node


def _codings(value_set: Resource, systems: dict[Any, Resource]) -> list[Resource]:
    """Every code of a set; nothing when some of it can't be known here."""
    found: list[Resource] = []
    compose = value_set.get("compose", {})
    if "exclude" in compose:
        return []
    for include in members(compose.get("include")):
        known = {one["code"]: one.get("display", one["code"]) for one in _concepts(systems.get(include.get("system")))}
        if "filter" in include or "valueSet" in include or not (include.get("concept") or known):
            return []
        chosen = include.get("concept") or [{"code": code} for code in known]
        found += [
            {
                "system": include["system"], "code": one["code"],
                "display": one.get("display") or known.get(one["code"], one["code"]),
            }
            for one in chosen
        ]  # fmt: skip
    return found


def _concepts(system: Resource | None) -> Iterator[Resource]:
    if system is None or system.get("content") != "complete":
        return
    waiting = list(members(system.get("concept")))
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting += members(one.get("concept"))
