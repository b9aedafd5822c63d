"""Concept maps: what a code becomes in another system (ConceptMap, R4)."""

from collections.abc import Iterator

from barnetsbog.fhir.own import members
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.terminology.aliases import normalised_system
from barnetsbog.fhir.terminology.model import Translation

_TURNED = {"wider": "narrower", "narrower": "wider", "subsumes": "specializes", "specializes": "subsumes"}


def translations(content: Json, system: str, code: str, target: str = "") -> list[Translation]:
    """What the map says of a code, and what it says of those that it doesn't list (`unmapped`). What holds only beside
    something else (`dependsOn`) can't be said of a code alone."""
    url = str(content.get("url", ""))
    found: list[Translation] = []
    for group in _groups(content, "source", system):
        if target and normalised_system(str(group.get("target", ""))) != normalised_system(target):
            continue
        into = str(group.get("target", ""))
        listed = [one for one in members(group.get("element")) if one.get("code") == code]
        found += [
            Translation(str(to.get("equivalence", "")), into, str(to.get("code", "")), str(to.get("display", "")), url)
            for one in listed
            for to in members(one.get("target"))
            if not to.get("dependsOn")
        ]
        if not listed and (other := _unmapped(group, code, into, url)):
            found.append(other)
    return found


def reversed_translations(content: Json, system: str, code: str, target: str = "") -> list[Translation]:
    """The map read from its end: what becomes the code. What is wider from the one side is narrower from the other."""
    return [
        Translation(_turned(to), str(group.get("source", "")), str(one.get("code", "")), str(one.get("display", "")),
                    str(content.get("url", "")))
        for group in _groups(content, "target", system)
        if not target or normalised_system(str(group.get("source", ""))) == normalised_system(target)
        for one in members(group.get("element"))
        for to in members(one.get("target"))
        if to.get("code") == code and not to.get("dependsOn")
    ]  # fmt: skip


def elsewhere(content: Json, system: str, code: str, target: str = "") -> list[str]:
    """The other maps that the map leaves a code to (`unmapped`, `other-map`)."""
    return [
        str(group["unmapped"].get("url", ""))
        for group in _groups(content, "source", system)
        if isinstance(group.get("unmapped"), dict) and group["unmapped"].get("mode") == "other-map"
        if not target or normalised_system(str(group.get("target", ""))) == normalised_system(target)
        if not any(one.get("code") == code for one in members(group.get("element")))
    ]


def _turned(to: Json) -> str:
    said = str(to.get("equivalence", ""))
    return _TURNED.get(said, said)


def _unmapped(group: Json, code: str, into: str, url: str) -> Translation | None:
    rule = group.get("unmapped")
    if not isinstance(rule, dict):
        return None
    mode = rule.get("mode")
    if mode == "provided":
        return Translation("equal", into, code, "", url)
    if mode == "fixed":
        return Translation("wider", into, str(rule.get("code", "")), str(rule.get("display", "")), url)
    return None


def _groups(content: Json, end: str, system: str) -> Iterator[Json]:
    wanted = normalised_system(system)
    return (one for one in members(content.get("group")) if normalised_system(str(one.get(end, ""))) == wanted)
