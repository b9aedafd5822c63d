"""Udleder alles rettigheder på ny af reglerne og det, der står i bøgerne, skriver forskellen og fortæller modtagere,
at en deling er ophørt af sig selv. Med --check skrives intet: kode 1, hvis noget er anderledes, end reglerne siger."""

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from barnetsbog.cli import CommandError, add_data

from .instance import open_existing

if TYPE_CHECKING:
    from barnetsbog.access.rebuilding import Rebuilt

SHOWN = 20


def add(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--check", action="store_true", help="skriv intet; kode 1, hvis noget afviger fra reglerne")
    parser.add_argument("--json", action="store_true", help="skriv resultatet som et JSON-objekt")


def run(options: argparse.Namespace) -> int:
    open_existing(options.data, rights_in_step=False)
    from barnetsbog.access.rebuilding import rebuild_all

    started = time.perf_counter()
    try:
        done = rebuild_all(check=options.check, progress=progress if sys.stderr.isatty() else None)
    except ValueError as error:  # a rule file that contradicts itself says so itself
        raise CommandError(str(error)) from None
    from barnetsbog.consent.endings import tell

    found = _as_dict(done, time.perf_counter() - started) | {"told": 0 if options.check else tell()}
    print(json.dumps(found, ensure_ascii=False) if options.json else _sentence(found, options.check))
    return 1 if options.check and done.changes else 0


def progress(number: int, of: int) -> None:
    if number % 25 == 0 or number == of:
        end = "\n" if number == of else ""
        print(f"\r{number} af {of} børn ...", end=end, file=sys.stderr, flush=True)


def _as_dict(done: "Rebuilt", seconds: float) -> dict[str, Any]:
    changes = {str(child): {"given": len(one.given), "ended": len(one.ended)} for child, one in done.changes.items()}
    given, ended = (sum(one[name] for one in changes.values()) for name in ("given", "ended"))
    return {
        "children": done.children, "changed": len(changes), "given": given, "ended": ended,
        "seconds": round(seconds, 3), "changes": changes,
    }  # fmt: skip


def _sentence(found: dict[str, Any], check: bool) -> str:
    told = f" {found['told']} modtagere har fået besked om en deling, der er ophørt." if found["told"] else ""
    if not found["changed"]:
        return f"{found['children']} børn: alle rettigheder er, som reglerne siger.{told}"
    does = "skal gives" if check else "er givet"
    ends = "skal ophøre" if check else "er ophørt"
    head = (
        f"{found['changed']} af {found['children']} børn: {found['given']} rettigheder {does}, {found['ended']} {ends}."
    )
    rows = [f"  {child}: +{one['given']} -{one['ended']}" for child, one in found["changes"].items()]
    more = [f"  ... og {len(rows) - SHOWN} børn mere"] if len(rows) > SHOWN else []
    return "\n".join([head + told, *rows[:SHOWN], *more])
