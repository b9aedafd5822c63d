"""Writes the definition of a new extension of ours: `tools/extension.py NAME TITLE DESCRIPTION TYPE --on Task`.

TYPE is a FHIR type (`string`, `date`, `Reference:PractitionerRole,Organization`). A file that is there already is left
alone.
"""

import argparse
import json
from pathlib import Path

BASE = "https://barnetsbog.example/fhir"
FOLDER = Path(__file__).parents[1] / "src/barnetsbog/fhir/profiles"


def definition(name: str, title: str, description: str, kind: str, on: list[str], day: str) -> dict[str, object]:
    code, _, targets = kind.partition(":")
    value: dict[str, object] = {"code": code}
    if targets:
        value["targetProfile"] = [f"http://hl7.org/fhir/StructureDefinition/{one}" for one in targets.split(",")]
    address = f"{BASE}/StructureDefinition/{name}"
    return {
        "resourceType": "StructureDefinition", "id": name, "url": address, "version": "0.1.0",
        "name": "".join(part.title() for part in name.split("-")), "title": title, "status": "draft",
        "experimental": False, "date": day, "publisher": "Barnets Bog", "description": description,
        "fhirVersion": "4.0.1", "kind": "complex-type", "abstract": False,
        "context": [{"type": "element", "expression": one} for one in on], "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension", "derivation": "constraint",
        "differential": {"element": [
            {"id": "Extension", "path": "Extension", "short": title, "definition": description, "min": 0, "max": "1"},
            {"id": "Extension.extension", "path": "Extension.extension", "max": "0"},
            {"id": "Extension.url", "path": "Extension.url", "fixedUri": address},
            {"id": "Extension.value[x]", "path": "Extension.value[x]", "min": 1, "type": [value]},
        ]},
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("name", "title", "description", "type"):
        parser.add_argument(name)
    parser.add_argument("--on", required=True, help="where it may stand: types, separated by commas")
    parser.add_argument("--date", default="2026-11-26", help="the day of the definition")
    given = parser.parse_args()
    path = FOLDER / f"StructureDefinition-{given.name}.json"
    if path.exists():
        print(f"{path.name} is there already")
        return 1
    found = definition(given.name, given.title, given.description, given.type, given.on.split(","), given.date)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
