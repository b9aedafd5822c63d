"""Måler farten på denne maskine: modtagelse, sider, adgang, log, breve og plads, som forhold (docs/benchmark.md)."""

import argparse
import json
import os
import platform
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barnetsbog.cli import CommandError, out_to, whole
from barnetsbog.kernel.folder import Made

from .instance import open_instance

if TYPE_CHECKING:
    from bench.figures import Result

ROOT = Path(__file__).parents[3]
PARTS = (
    "import",
    "timeline",
    "worklist",
    "overview",
    "readiness",
    "forms",
    "access",
    "audit",
    "letters",
    "fhir",
    "size",
)
WHEN_ASKED = ("phone",)
"""Takes minutes, and a browser that running doesn't need."""

IMPORT_RUNS, PAGE_RUNS, VISIT_RUNS, LOG_PAGE_RUNS, LOG_RUNS, LETTER_RUNS, FHIR_RUNS = 5, 30, 5, 100, 5, 30, 5
PHONE_RUNS = 3
ON_POSTGRESQL = frozenset(("timeline", "worklist", "overview", "readiness", "forms", "access"))
"""Those that ask the book and nothing of its files."""
PEERS = "sekmet"
"""Those that are started here."""


def _parts(text: str) -> frozenset[str]:
    parts = frozenset(part.strip() for part in text.split(","))
    known = (*PARTS, *WHEN_ASKED)
    if unknown := parts - set(known):
        raise argparse.ArgumentTypeError(f"ukendt del: {', '.join(sorted(unknown))}. Vælg af {', '.join(known)}.")
    return parts


def _address(text: str) -> str:
    """Of a FHIR server, without a slash at the end. Argparse asks of what stands for no address, too."""
    if text != PEERS and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", text):
        raise argparse.ArgumentTypeError(
            f"»{text}« er ingen adresse på en FHIR-server, som http://127.0.0.1:8080/fhir."
        )
    return text.rstrip("/")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="MAPPE", type=Path, help="tom mappe til målingens egne data (ellers en, der slettes)"
    )
    parser.add_argument("parts", metavar="DEL", nargs="*", type=_parts, help="kun disse dele, som --only")
    parser.add_argument(
        "--only",
        metavar="DELE",
        type=_parts,
        help=f"kun disse: {','.join((*PARTS, *WHEN_ASKED))} ({','.join(WHEN_ASKED)} kun, når den er nævnt)",
    )
    parser.add_argument(
        "--children", metavar="ANTAL", type=whole(1), default=300, help="børn à 61 poster i hver modtagelse (300)"
    )
    parser.add_argument(
        "--scale", metavar="ANTAL", type=whole(1), default=2000, help="børn bag siderne (2000; målet gælder 100000)"
    )
    parser.add_argument(
        "--peer",
        metavar="ADRESSE",
        nargs="?",
        const=PEERS,
        type=_address,
        help="mål også SEKMET 0.1.1 med streng validering, cedarpy og WeasyPrint; med en adresse: delen fhir mod den "
        "FHIR-server i stedet (den får målingens opdigtede børn)",
    )
    parser.add_argument(
        "--postgresql",
        action="store_true",
        help="mål på en PostgreSQL af målingens egen; ellers på SQLite (kun siderne)",
    )
    parser.add_argument("--json", action="store_true", help="skriv resultatet som et JSON-objekt til sidst")
    parser.add_argument("--out", metavar="FIL", type=Path, help="resultatfil (ellers build/bench-TID.json)")


def _chosen(options: argparse.Namespace) -> frozenset[str]:
    named = frozenset[str]().union(*options.parts, options.only or ())
    if options.peer not in (None, PEERS) and named != {"fhir"}:
        raise CommandError("mod en FHIR-server på en adresse måles kun delen fhir: bench fhir --peer ADRESSE")
    if options.postgresql and (other := sorted(named - ON_POSTGRESQL)):
        raise CommandError(f"med --postgresql måles kun {', '.join(sorted(ON_POSTGRESQL))}; ikke {', '.join(other)}.")
    return named or (ON_POSTGRESQL if options.postgresql else frozenset(PARTS))


def run(options: argparse.Namespace) -> int:
    options.only = _chosen(options)
    if not (ROOT / "bench" / "figures.py").exists():
        raise CommandError("målingen følger ikke med den installerede pakke. Kør den fra projektets egen mappe.")
    sys.path.insert(0, str(ROOT))
    if options.data and (options.data / Made.DATABASE).exists():
        raise CommandError(f"{options.data} er allerede en instans. Målingen skal have en tom mappe.")
    os.environ.pop("DATABASE_URL", None)  # it measures files of its own, never somebody's database
    path = options.out or ROOT / "build" / f"bench-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = options.data or Path(tempfile.mkdtemp(prefix="bog-bench-"))
    try:
        with out_to(path) as out, _database(options, folder):  # before minutes of measuring
            open_instance(folder)
            content = {**_context(options), **all_told(_measure(options, folder), options).as_dict()}
            out.write(json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n")
    finally:
        if options.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\nSkrevet i {path}", file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(content, ensure_ascii=False))
    return 0


@contextmanager
def _database(options: argparse.Namespace, folder: Path) -> Iterator[None]:
    """Where the book is kept while it is measured."""
    if not options.postgresql:
        yield
        return
    from bench.postgresql import NoServer, running

    try:
        with running(folder / "postgresql") as address:
            os.environ["DATABASE_URL"] = address
            yield
    except NoServer as lacking:
        raise CommandError(f"{lacking} mangler. Kør ./bog test først: den henter den.") from None


def _measure(options: argparse.Namespace, folder: Path) -> "Iterator[Result]":
    """What each part finds, as soon as it has found it."""
    from bench import deciding, filling, importing, interface, letters, log, pages, phone, visits

    only = options.only
    if only & {"import", "size"}:
        runs = IMPORT_RUNS if "import" in only else 1
        speed, room = importing.measure(folder, options.children, runs=runs, with_peer=bool(options.peer))
        yield from (result for part, result in (("import", speed), ("size", room)) if part in only)
    if "letters" in only:
        yield letters.measure(LETTER_RUNS, with_peer=bool(options.peer))
    if "fhir" in only:
        other = options.peer if options.peer != PEERS else None
        yield interface.measure(
            folder, options.children, options.scale, runs=FHIR_RUNS, with_peer=bool(options.peer), at=other
        )
    if "phone" in only:
        try:
            yield phone.measure(folder, PHONE_RUNS)
        except phone.NoBrowser as lacking:
            raise CommandError(
                f"»phone« måles i en browser, og {lacking} mangler. Kør ./bog test først: den henter det."
            ) from None
    measures = {"timeline": pages.timeline, "worklist": pages.work_list, "overview": pages.overview}
    if only & {*measures, "readiness", "forms", "access", "audit"}:
        measured = pages.prepare(options.scale)
        for part, measure in measures.items():
            if part in only:
                yield measure(measured, PAGE_RUNS)
        if "forms" in only:
            yield filling.measure(measured, PAGE_RUNS)
        if "access" in only:
            yield deciding.measure(measured, PAGE_RUNS, with_peer=bool(options.peer))
        if "audit" in only:
            yield log.measure(measured, page_runs=LOG_PAGE_RUNS, check_runs=LOG_RUNS)
        if "readiness" in only:  # the last, because it writes
            yield visits.readiness(measured, VISIT_RUNS)


def all_told(parts: "Iterable[Result]", options: argparse.Namespace) -> "Result":
    """Each part is told at once: a run of half an hour that is stopped has not been for nothing."""
    from bench.figures import Result

    out, found = sys.stderr if options.json else sys.stdout, Result()
    for part in parts:
        for heading, figures in ("Målt (median):", part.figures), ("Forhold i samme kørsel:", part.ratios):
            if figures:
                print(heading, *(one.line() for one in figures), sep="\n", file=out, flush=True)
        found.add(part)
    return found


def _context(options: argparse.Namespace) -> dict[str, Any]:
    """What the figures were measured on, to read them by."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "cores": os.cpu_count(),
        "python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "only": sorted(options.only),
        "database": "postgresql" if options.postgresql else "sqlite",
        "children": options.children, "scale": options.scale, "peer": options.peer,
    }  # fmt: skip
