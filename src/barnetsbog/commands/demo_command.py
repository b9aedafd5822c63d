"""Starter demonstrationen: tyve opdigtede børn, deres bøger og en server på din egen maskine. Første gang tager det
lidt tid."""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

from barnetsbog.cli import CommandError, add_data, add_port, whole

from .instance import alone, open_instance, require_writable
from .resetting import reset
from .serving import ADDRESS, require_free, serve

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""Between them the stories can be told; long before, nobody in them would have a right."""


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"»{text}« er ikke en dato som 2026-11-25") from None
    if not FIRST <= found <= LAST:
        raise argparse.ArgumentTypeError(f"{text} er ikke en dag fra {FIRST} til {LAST}")
    return found


def add(parser: argparse.ArgumentParser) -> None:
    add_data(parser, "demo-data")
    add_port(parser)
    parser.add_argument(
        "--today", type=_date, metavar="DATO", help="demonstrationens dag (2026-11-25); alle datoer flytter med"
    )
    parser.add_argument(
        "--play",
        type=whole(0, 3650),
        metavar="DAGE",
        default=0,
        help="lad de næste dage ske for de børn, der har et manuskript",
    )
    parser.add_argument(
        "--reset", action="store_true", help="begynd forfra: alt, der er skrevet i demonstrationen, slettes"
    )
    parser.add_argument("--check", action="store_true", help="efterse børnenes historier, og stop")
    parser.add_argument("--load-only", action="store_true", help="indlæs, og stop uden at starte serveren")


def run(options: argparse.Namespace) -> int:
    if options.check:
        return _check()
    if not options.load_only:
        require_free(options.port)
    if options.reset:
        reset(options.data.resolve())
    open_instance(options.data, quiet=False)
    require_writable(options.data)
    folder = options.data.resolve()
    with alone(folder, "Et andet program indlæser demonstrationen. Venter, til det er færdigt ..."):
        _load(options)
        _clients(folder)
        _seal()
    if options.load_only:
        return 0
    _welcome(options)
    return serve(options.port)


def _load(options: argparse.Namespace) -> None:
    from barnetsbog.demo.loading import load, play
    from barnetsbog.directory.queries import all_children
    from barnetsbog.record.instance import STORY_DAY, demo_day

    before = demo_day()
    if before is None and all_children():
        raise CommandError(
            f"{options.data} er ikke en demonstration og bliver ikke lavet om til en. Vælg en anden mappe med --data."
        )
    if before and options.today and options.today != before:
        raise CommandError(
            f"demonstrationen i {options.data} er lavet med dagen {before}. "
            "Begynd forfra med --reset, eller vælg en anden mappe med --data."
        )
    started = time.perf_counter()
    if before is None:
        print("Indlæser de tyve børn ...", file=sys.stderr, flush=True)
    report = load(options.today or STORY_DAY, tell=lambda line: print(line, file=sys.stderr, flush=True))
    if report is not None:
        print(f"{report.stored} ting i 20 bøger på {time.perf_counter() - started:.0f} sekunder.", file=sys.stderr)
        if report.refusals:
            raise CommandError(
                f"demonstrationens egne data blev afvist: {report.refusals[0].resource}: {report.refusals[0].reason}"
            )
    if options.play:
        print(f"De næste {options.play} dage: {play(options.play).stored} nye ting.", file=sys.stderr)


def _clients(folder: Path) -> None:
    from barnetsbog.demo.clients import make

    make(folder)


def _seal() -> None:
    from barnetsbog.audit import checks
    from barnetsbog.audit.sealing import seal
    from barnetsbog.audit.verifying import verify

    seal(checkpoint=True)
    checks.keep(verify(jobs=1))


def _check() -> int:
    from barnetsbog.demo.check import check_files

    faults = check_files()
    print("\n".join(faults or ["Historierne er i orden."]))
    return 1 if faults else 0


def _call(data: Path, address: str) -> str:
    """One line that can be copied."""
    return f'curl -H "Authorization: Bearer $(./bog fhir token --data {data})" {address}/fhir/Patient'


def _welcome(options: argparse.Namespace) -> None:
    from barnetsbog.portal.demo_login import people

    address = f"http://{ADDRESS}:{options.port}"
    print(f"\nBarnets Bog, demonstration: {address}\n\nLog ind som:")
    for person in people():
        print(f"  {person.role:<34} {person.name:<22} {address}/log-ind/{person.key}")
    print(f"\nEller kald FHIR-grænsefladen som PPRs system:\n  {_call(options.data, address)}")
    print(f"  Flere linjer at kopiere: {address}/fhir/docs/")
    print("\nAlle personer og oplysninger er opdigtede. Stop med Ctrl-C.", flush=True)
