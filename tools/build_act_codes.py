"""Keeps `fhir/profiles/CodeSystem-act.json` in step with `law/acts.yaml`: one concept for each act, its words kept.

PYTHONPATH=src python tools/build_act_codes.py
"""

import json
from pathlib import Path

from barnetsbog.law.rulebook import standard

FILE = Path(__file__).parents[1] / "src/barnetsbog/fhir/profiles/CodeSystem-act.json"


def main() -> None:
    system = json.loads(FILE.read_text(encoding="utf-8"))
    known = {concept["code"]: concept for concept in system["concept"]}
    system["concept"] = [known.get(act.id) or _concept(act.id, act.title) for act in standard().acts.values()]
    system["count"] = len(system["concept"])
    FILE.write_text(json.dumps(system, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _concept(code: str, title: str) -> dict[str, object]:
    english = code.replace("-", " ").capitalize()
    words = [{"language": "da", "value": title}, {"language": "en", "value": english}]
    return {"code": code, "display": english, "designation": words}


if __name__ == "__main__":
    main()
