"""Skriver et barns hele bog ud som en FHIR Bundle, sådan som kilderne gav den. Udtrækket skrives i loggen."""

import argparse
import sys
from pathlib import Path

import orjson

from barnetsbog.cli import CommandError, add_data

from .instance import open_instance


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--child", metavar="NUMMER", help="barnets CPR-nummer eller id")
    what.add_argument("--all", action="store_true", help="alle børn, én Bundle pr. linje (NDJSON)")
    what.add_argument("--directory", action="store_true", help="organisationer, enheder og fagpersoner")
    add_data(parser)
    parser.add_argument("--reason", default="udtræk ved driften", help="grunden, som den står i loggen")
    parser.add_argument("--out", metavar="FIL", type=Path, help="skriv til en fil i stedet for skærmen")


def run(options: argparse.Namespace) -> int:
    open_instance(options.data)
    from barnetsbog.audit.sealing import seal
    from barnetsbog.intake.exporting import export_all, export_child, export_directory, find_child
    from barnetsbog.kernel.decisions import NotFound

    try:
        if options.directory:
            bundles = iter([export_directory()])
        elif options.all:
            bundles = export_all(reason=options.reason)
        else:
            bundles = iter([export_child(find_child(options.child), reason=options.reason)])
    except NotFound:
        raise CommandError(f"der er ingen bog om »{options.child}«. Intet er skrevet.") from None
    out = options.out.open("wb") if options.out else sys.stdout.buffer
    with out:
        for bundle in bundles:
            out.write(orjson.dumps(bundle) + b"\n")
    seal()
    return 0
