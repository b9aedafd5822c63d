"""Tager imod FHIR R4 JSON: enkelte ressourcer, Bundles eller NDJSON, fra filer eller mapper. Det, der ikke kan
gemmes, nævnes med fil, ressource, sted og grund, og resten gemmes (undtagen i en transaktion, der er alt eller
intet)."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from barnetsbog.cli import add_data, whole

from .instance import open_instance

if TYPE_CHECKING:
    from barnetsbog.intake.model import Report

SHOWN = 200


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FIL", nargs="+", type=Path, help="filer eller mapper med .json og .ndjson")
    add_data(parser)
    parser.add_argument(
        "--source", metavar="NAVN", type=_source, default="fil", help="navnet på det system, filerne kommer fra (fil)"
    )
    parser.add_argument("--jobs", metavar="ANTAL", type=whole(1), default=None, help="antal processer (alle kerner)")
    parser.add_argument("--json", action="store_true", help="skriv resultatet som et JSON-objekt til sidst")


LONGEST_SOURCE = 60
"""Characters of what a system is called (`record.models.Entry.source`)."""


def _source(text: str) -> str:
    """What the book calls the system. Its own name is what is written here, which no file is."""
    if text.strip() != text or not 0 < len(text) <= LONGEST_SOURCE or not text.isprintable():
        raise argparse.ArgumentTypeError(f"navnet skal være 1 til {LONGEST_SOURCE} tegn uden mellemrum i enderne.")
    from barnetsbog.intake.model import OWN_SOURCE

    if text == OWN_SOURCE:
        raise argparse.ArgumentTypeError(f"»{text}« er det, der skrives i bogen selv. Vælg et andet navn.")
    return text


def run(options: argparse.Namespace) -> int:
    open_instance(options.data)
    from barnetsbog.audit.sealing import seal
    from barnetsbog.intake.operations import receive_files

    report = receive_files(
        options.files, source=options.source, jobs=options.jobs, progress=_progress if sys.stderr.isatty() else None
    )
    seal(checkpoint=True)
    _tell(report, options.json)
    return 2 if report.refusals else 0


def _progress(report: "Report") -> None:
    print(f"\r{report.read} læst, {report.stored} gemt ...", end="", file=sys.stderr, flush=True)


def _tell(report: "Report", as_json: bool) -> None:
    out = sys.stderr if as_json else sys.stdout
    for warning in report.warnings[:SHOWN]:
        print(f"Bemærk: {warning}", file=out)
    for refusal in report.refusals[:SHOWN]:
        where = " ".join(part for part in (refusal.resource, refusal.path) if part)
        print(f"Afvist: {refusal.file}{': ' if where else ''}{where}: {refusal.reason}", file=out)
    for name, count in (("advarsler", len(report.warnings)), ("afvisninger", report.refused)):
        if count > SHOWN:
            print(f"... og {count - SHOWN} {name} mere. Brug --json for at få dem alle.", file=out)
    if not report.read:
        print("Bemærk: Der var intet at læse. En mappe giver sine .json- og .ndjson-filer.", file=out)
    print(
        f"Læst {report.read} = gemt {report.stored} + uændret {report.unchanged} + afvist {report.refused}"
        + (f" ({report.already_received} var modtaget før)" if report.already_received else ""),
        file=out,
    )
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False))
