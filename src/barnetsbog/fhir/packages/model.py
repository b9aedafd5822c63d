"""What a package is: its name and version, what it builds on, and its definitions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from barnetsbog.fhir.own import members

Json = dict[str, Any]

KINDS = frozenset(
    ("StructureDefinition", "ValueSet", "CodeSystem", "NamingSystem", "ConceptMap", "SearchParameter", "Questionnaire")
)
"""The resource types that are taken out of a package."""

FHIR_VERSION = "4.0.1"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class PackageError(ValueError):
    """Why a package can't be taken, in one sentence that names the file. Nothing of it has been kept."""


@dataclass(frozen=True, slots=True)
class Package:
    """A FHIR NPM package (https://hl7.org/fhir/packages.html) as far as it is used here."""

    name: str
    version: str
    dependencies: Mapping[str, str]
    resources: tuple[Json, ...]

    @property
    def key(self) -> str:
        """`name#version`, as FHIR tools write it."""
        return f"{self.name}#{self.version}"


def described(source: str, content: Any) -> tuple[str, str, dict[str, str]]:
    """Name, version and dependencies out of a package.json; raises PackageError."""
    if not isinstance(content, dict):
        raise PackageError(f"{source}: package.json er ikke et JSON-objekt.")
    name, version = content.get("name"), content.get("version")
    for field, value in (("name", name), ("version", version)):
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise PackageError(f"{source}: package.json har intet brugbart felt »{field}«.")
    versions = content.get("fhirVersions", content.get("fhir-version-list", content.get("fhirVersion")))
    if FHIR_VERSION not in (versions if isinstance(versions, list) else [versions]):
        raise PackageError(f"{source}: pakken er ikke til FHIR {FHIR_VERSION} (fhirVersions: {versions}).")
    needed = content.get("dependencies", {})
    if not isinstance(needed, dict) or not all(isinstance(one, str) for one in needed.values()):
        raise PackageError(f"{source}: package.json har et felt »dependencies«, der ikke kan læses.")
    return str(name), str(version), needed


def slim(resource: Json) -> Json:
    """A definition without the parts that are for reading and not for checking: four fifths of its bytes."""
    kept = {name: value for name, value in resource.items() if name not in ("text", "mapping", "contact")}
    if resource["resourceType"] == "StructureDefinition":
        whole = "snapshot" if isinstance(resource.get("snapshot"), dict) else "differential"
        kept = {name: value for name, value in kept.items() if name not in ("snapshot", "differential")}
        stated = resource.get(whole)
        elements = stated.get("element") if isinstance(stated, dict) else ()
        kept[whole] = {"element": [_slim_element(one) for one in members(elements)]}
    return kept


_UNUSED = frozenset(
    ("definition", "comment", "requirements", "alias", "mapping", "example", "isModifier", "isModifierReason")
) | frozenset(("isSummary", "mustSupport", "meaningWhenMissing", "orderMeaning", "short", "condition", "label", "code"))


def _slim_element(element: Json) -> Json:
    return {name: value for name, value in element.items() if name not in _UNUSED and not name.startswith("_")}
