"""Måler farten på denne maskine: modtagelse, sider og plads, som forhold i samme kørsel (docs/benchmark.md)."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from barnetsbog.cli import CommandError

from .instance import open_instance

ROOT = Path(__file__).parents[3]
PARTS = ("import", "pages")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="MAPPE", type=Path, help="tom mappe til målingens egne data (ellers en, der slettes)"
    )
    parser.add_argument("--only", choices=PARTS, help="kun den ene del")
    parser.add_argument("--children", type=int, default=300, help="børn à 61 poster i hver kørsel af modtagelsen (300)")
    parser.add_argument("--scale", type=int, default=2000, help="børn bag arbejdslisten (2000; målet gælder 100000)")
    parser.add_argument("--peer", action="store_true", help="mål også SEKMET 0.1.1 med streng validering")
    parser.add_argument("--json", action="store_true", help="skriv resultatet som et JSON-objekt til sidst")
    parser.add_argument("--out", metavar="FIL", type=Path, help="resultatfil (ellers build/bench-TID.json)")


def run(options: argparse.Namespace) -> int:
    sys.path.insert(0, str(ROOT))
    folder = options.data or Path(tempfile.mkdtemp(prefix="bog-bench-"))
    if (folder / "bog.sqlite3").exists():
        raise CommandError(f"{folder} er allerede en instans. Målingen skal have en tom mappe.")
    try:
        open_instance(folder)
        result = _measure(options, folder)
    finally:
        if options.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    _tell(result, options)
    return 0


def _measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    from bench import importing, pages, peer

    figures, ratios = [], dict[str, float]()
    if options.only in (None, "import"):
        found, ratios = importing.measure(folder, options.children)
        figures += found
        if options.peer:
            scratch = folder / "peer"
            scratch.mkdir()
            others = peer.measure(scratch, max(20, options.children // 6))
            figures += others
            ratios["import / SEKMET"] = found[0].median / others[0].median
            ratios["bytes / SEKMET"] = found[2].median / others[1].median
    if options.only in (None, "pages"):
        found, more = pages.measure(*pages.prepare(options.scale))
        figures += found
        ratios |= more
    return {
        "figures": {one.name: one.as_dict() for one in figures},
        "ratios": ratios,
        "children": options.children,
        "scale": options.scale,
        "lines": [one.line() for one in figures],
    }


def _tell(result: dict[str, Any], options: argparse.Namespace) -> None:
    out = sys.stderr if options.json else sys.stdout
    print("Målt (median):", *result.pop("lines"), sep="\n", file=out)
    print("\nForhold i samme kørsel:", file=out)
    for name, value in result["ratios"].items():
        print(f"  {name:<46} {value:>12,.2f}", file=out)
    path = options.out or ROOT / "build" / f"bench-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2))
    print(f"\nSkrevet i {path}", file=out)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
