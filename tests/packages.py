"""Small FHIR packages of our own for tests: profiles, code systems, archives."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from barnetsbog.fhir.packages import Package

Json = dict[str, Any]
HERE = "https://x.example/fhir"
CORE = "http://hl7.org/fhir/StructureDefinition"
COLOURS, SIZES = f"{HERE}/CodeSystem/colours", f"{HERE}/CodeSystem/sizes"


def profile(kind: str, *elements: Json, name: str = "p", **more: Any) -> Json:
    """A StructureDefinition with a snapshot. An element's id is written from its type on: `identifier:cpr.system`; the
    root's is empty."""
    placed = [{**one, "id": f"{kind}.{one['id']}" if one["id"] else kind} for one in elements]
    if kind not in [one["id"] for one in placed]:
        placed.insert(0, {"id": kind})
    for one in placed:
        one["path"] = ".".join(step.partition(":")[0] for step in one["id"].split("."))
    return {
        "resourceType": "StructureDefinition", "url": sd(name), "name": name, "status": "active", "kind": "resource",
        "abstract": False, "type": kind, "baseDefinition": f"{CORE}/{kind}", "derivation": "constraint",
        "snapshot": {"element": placed}, **more,
    }  # fmt: skip


def extension(name: str, *elements: Json) -> Json:
    return profile("Extension", {"id": "url", "fixedUri": sd(name)}, *elements, name=name)


def sd(name: str) -> str:
    return f"{HERE}/StructureDefinition/{name}"


def el(ident: str, low: int = 0, high: str = "*", **more: Any) -> Json:
    """An element. `slicing="value:system"` is short for open slicing by one discriminator, `type="Quantity"` for a type."""
    if isinstance(more.get("slicing"), str):
        kind, _, path = more["slicing"].partition(":")
        more["slicing"] = {"discriminator": [{"type": kind, "path": path}], "rules": more.pop("rules", "open")}
        more["slicing"]["ordered"] = more.pop("ordered", False)
    if isinstance(more.get("type"), str):
        more["type"] = [{"code": more["type"], **more.pop("of", {})}]
    if isinstance(more.get("rule"), str):
        more["constraint"] = [{"key": "x-1", "severity": "error", "human": "sådan", "expression": more.pop("rule")}]
    if "binding" in more:
        strength, _, url = more["binding"].partition(":")
        more["binding"] = {"strength": strength, "valueSet": f"{HERE}/ValueSet/{url}"}
    return {"id": ident, "min": low, "max": high, **more}


def code_system(url: str, *concepts: Json, **more: Any) -> Json:
    return {
        "resourceType": "CodeSystem",
        "url": url,
        "status": "active",
        "content": "complete",
        "concept": list(concepts),
        **more,
    }


def concept(code: str, *children: Json, **more: Any) -> Json:
    return {"code": code, "display": code.title(), **({"concept": list(children)} if children else {}), **more}


def value_set(name: str, *include: Json, exclude: tuple[Json, ...] = (), **more: Any) -> Json:
    compose = {"include": list(include), **({"exclude": list(exclude)} if exclude else {}), **more}
    return {"resourceType": "ValueSet", "url": f"{HERE}/ValueSet/{name}", "status": "active", "compose": compose}


def chosen(system: str, prop: str, operator: str, value: str) -> Json:
    return {"system": system, "filter": [{"property": prop, "op": operator, "value": value}]}


def package(*resources: Json, name: str = "x.test", version: str = "1.0.0", **needs: str) -> Package:
    return Package(name, version, {key.replace("_", "."): value for key, value in needs.items()}, resources)


def colours() -> list[Json]:
    """Red with two reds under it, one of which is retired, and blue; a value set of each sort."""
    status = [{"code": "status", "valueCode": "retired"}]
    warm = concept(
        "red", concept("crimson"), concept("rust", property=status), property=[{"code": "warm", "valueBoolean": True}]
    )
    blue = concept(
        "blue", designation=[{"language": "da", "value": "Blå"}], property=[{"code": "warm", "valueBoolean": False}]
    )
    return [
        code_system(COLOURS, warm, blue),
        code_system(SIZES, concept("small"), concept("large")),
        value_set("colours", {"system": COLOURS}),
        value_set("reds", chosen(COLOURS, "concept", "is-a", "red")),
        value_set("under-red", chosen(COLOURS, "concept", "descendent-of", "red")),
        value_set("warm", chosen(COLOURS, "warm", "=", "true")),
        value_set("with-r", chosen(COLOURS, "code", "regex", "r.*")),
        value_set("not-red", {"system": COLOURS}, exclude=(chosen(COLOURS, "concept", "is-a", "red"),)),
        value_set("all", {"valueSet": [f"{HERE}/ValueSet/reds"]}, {"valueSet": [f"{HERE}/ValueSet/sizes"]}),
        value_set("sizes", {"system": SIZES, "concept": [{"code": "small"}]}),
        value_set("both", {"valueSet": [f"{HERE}/ValueSet/reds", f"{HERE}/ValueSet/with-r"]}),
        value_set("round", {"valueSet": [f"{HERE}/ValueSet/round"]}),
        value_set("foreign", chosen("http://snomed.info/sct", "concept", "is-a", "404684003")),
    ]  # fmt: skip


DESCRIPTION = {"name": "x.test", "version": "1.0.0", "fhirVersions": ["4.0.1"], "dependencies": {}}


def archive(path: Path, members: dict[str, bytes | Json], *extra: tarfile.TarInfo) -> Path:
    """An NPM archive; `extra` are members that no honest tool would write."""
    with tarfile.open(path, "w:gz") as made:
        for name, content in members.items():
            payload = content if isinstance(content, bytes) else json.dumps(content).encode()
            info = tarfile.TarInfo(name)
            info.size = len(payload)
            made.addfile(info, io.BytesIO(payload))
        for info in extra:
            made.addfile(info, io.BytesIO(b"\0" * min(info.size, 1 << 20)) if info.isreg() else None)
    return path
