"""Skriver et barns hele bog ud som en FHIR Bundle, sådan som kilderne gav den. Udtrækket skrives i loggen med din konto
på maskinen og grunden."""

import argparse
import os
import pwd
import sys
from pathlib import Path

from barnetsbog.cli import CommandError, add_data, out_to

from .instance import open_existing


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--child", metavar="NUMMER", help="barnets CPR-nummer eller id")
    what.add_argument("--all", action="store_true", help="alle børn, én Bundle pr. linje (NDJSON)")
    what.add_argument("--directory", action="store_true", help="organisationer, enheder og fagpersoner")
    add_data(parser)
    parser.add_argument(
        "--reason",
        metavar="GRUND",
        default="",
        help="hvorfor bogen hentes ud; uden den siger loggen, at ingen grund er givet",
    )
    parser.add_argument("--out", metavar="FIL", type=Path, help="skriv til en fil i stedet for skærmen")


def run(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.audit.sealing import seal
    from barnetsbog.intake.exporting import export_all, export_child, export_directory, find_child
    from barnetsbog.kernel import exact
    from barnetsbog.kernel.decisions import NotFound

    asked = {"account": _account(), "reason": options.reason.strip()}
    try:
        child_id = find_child(options.child) if options.child is not None else None
    except NotFound:
        raise CommandError(f"der er ingen bog om »{options.child}«. Intet er skrevet.") from None
    with out_to(options.out) as out:
        if child_id:
            bundles = iter([export_child(child_id, **asked)])
        else:
            bundles = export_all(**asked) if options.all else iter([export_directory()])
        for bundle in bundles:
            out.write(exact.dumps(bundle) + b"\n")
    seal()
    if not options.directory and not asked["reason"]:
        print(f"Loggen siger, at {asked['account']} hentede det ud uden at give en grund (--reason).", file=sys.stderr)
    return 0


def _account() -> str:
    """Whoever runs the command, as the machine knows them; and behind sudo, who that was."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    behind = os.environ.get("SUDO_USER", "")
    return f"{name} ({behind})" if behind else name
