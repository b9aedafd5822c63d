"""FHIR-pakker og profiler: læg pakker ind i en instans, se, hvad der er indlæst, og efterse filer mod deres profiler.
Og de systemer og apps, der må kalde grænsefladen: `client` og `token`.

En pakkes profiler advarer, til `gate` siger, at det, der bryder dem, skal afvises. `agreement` måler, hvor ofte
kontrollen siger det samme som HL7's egen om de eksempler, pakkerne er udgivet med.
"""

import argparse
from pathlib import Path

import orjson

from barnetsbog.cli import CommandError, add_data
from barnetsbog.cli_faults import why
from barnetsbog.fhir import check
from barnetsbog.fhir.issues import Issue
from barnetsbog.fhir.packages import PackageError, add_package, gate, gated, open_library, read_package
from barnetsbog.fhir.profiling import Profiles
from barnetsbog.fhir.profiling.agreement import Agreement, agreements, corpus_packages
from barnetsbog.kernel import json_faults
from barnetsbog.kernel.numbers import danish

from . import clients

_OUTCOMES = {"added": "lagt ind", "unchanged": "er her i forvejen", "replaced": "byttet"}
_CAUSES = {
    "false alarm": "falsk alarm",
    "other version": "kun en anden version er indlæst",
    "not loaded": "profil eller koder er ikke indlæst",
    "unseen": "ikke set",
}


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="hvad", required=True, metavar="HVAD")
    adding = actions.add_parser("add-package", help="læg pakker ind (.tgz, eller en mappe, en pakke er pakket ud i)")
    adding.add_argument("files", metavar="FIL", nargs="+", type=Path)
    adding.add_argument("--as", dest="called", default="", metavar="NAVN#VERSION", help="når der ingen package.json er")
    adding.add_argument("--replace", action="store_true", help="byt en pakke med samme navn og version")
    add_data(adding)
    adding.set_defaults(do=_add)
    listing = actions.add_parser("list", help="se de pakker, der er indlæst")
    add_data(listing)
    listing.set_defaults(do=_list)
    gating = actions.add_parser("gate", help="lad en pakkes profiler afvise, eller kun advare igen (--off)")
    gating.add_argument("package", metavar="NAVN#VERSION")
    gating.add_argument("--off", action="store_true", help="advar kun")
    add_data(gating)
    gating.set_defaults(do=_gate)
    validating = actions.add_parser("validate", help="efterse JSON-filer mod FHIR R4 og deres profiler")
    validating.add_argument("files", metavar="FIL", nargs="+", type=Path)
    validating.add_argument("--profile", action="append", default=[], metavar="URL", help="også mod denne profil")
    validating.add_argument(
        "--for", dest="within", default="", metavar="NAVN#VERSION", help="pakken, filen er lavet til"
    )
    add_data(validating)
    validating.set_defaults(do=_validate)
    agreeing = actions.add_parser("agreement", help="mål enigheden med HL7's egen kontrol på pakkers eksempler")
    agreeing.add_argument("--corpus", type=Path, required=True, metavar="MAPPE", help="mappe med pakker og eksempler")
    agreeing.set_defaults(do=_agreement)
    clients.add(actions)


def run(options: argparse.Namespace) -> int:
    try:
        return int(options.do(options))
    except PackageError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.filename:
            raise CommandError(f"{error.__cause__.filename} kan ikke læses: {why(error.__cause__)}.") from None
        raise CommandError(str(error)) from None


def _add(options: argparse.Namespace) -> int:
    for path in options.files:
        package = read_package(path, options.called)
        outcome = add_package(package, options.data, replace=options.replace)
        print(f"{package.key}: {_OUTCOMES[outcome]} ({len(package.resources)} definitioner).")
    for key, lacking in open_library(options.data).lacking().items():
        print(f"Bemærk: {key} bygger på {', '.join(lacking)}, som ikke er indlæst.")
    return 0


def _list(options: argparse.Namespace) -> int:
    library, shut = open_library(options.data), gated(options.data)
    for package in library.packages:
        print(f"{package.key:<50} {len(package.entries):>5} definitioner  {_does(package.key in shut)}")
    return 0


def _gate(options: argparse.Namespace) -> int:
    gate(options.package, options.data, shut=not options.off)
    print(f"{options.package} {_does(not options.off)}.")
    return 0


def _does(shut: bool) -> str:
    return "afviser" if shut else "advarer"


def _validate(options: argparse.Namespace) -> int:
    profiles = Profiles(open_library(options.data))
    if options.within and options.within not in (one.key for one in profiles.library.packages):
        raise CommandError(f"{options.within} er ikke indlæst. Se ./bog fhir list.")
    wrong = 0
    for path in options.files:
        resource = _read(path)
        issues = [*check(resource), *profiles.check(resource, options.profile, options.within)]
        wrong += _tell(path, issues)
    return 2 if wrong else 0


def _read(path: Path) -> object:
    try:
        return orjson.loads(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} kan ikke læses: {why(error)}.") from None
    except orjson.JSONDecodeError as error:
        raise CommandError(f"{path} er ikke gyldig JSON: {json_faults.why(error)}.") from None


def _tell(path: Path, issues: list[Issue]) -> bool:
    for issue in issues:
        print(f"{path}: {'Fejl' if issue.severity == 'error' else 'Bemærk'}: {issue.path}: {issue.text()}")
    errors = sum(issue.severity == "error" for issue in issues)
    print(f"{path}: {errors or 'ingen'} fejl, {len(issues) - errors or 'ingen'} bemærkninger.")
    return errors > 0


def _agreement(options: argparse.Namespace) -> int:
    found = list(agreements(corpus_packages(options.corpus)))
    for one in found:
        print(f"{one.package:<60} {one.agreed:>4} af {one.judged:<4} falske alarmer {one.false_alarms}")
        for other in one.disagreements:
            print(f"    {other.example}: {_CAUSES[other.cause]}")
    print(_sum(found))
    return 0


def _sum(found: list[Agreement]) -> str:
    agreed, judged = sum(one.agreed for one in found), sum(one.judged for one in found)
    examples = sum(one.examples for one in found)
    share = danish(100 * agreed / judged, 1) if judged else "-"
    return f"Enige om {agreed} af {judged} ({share} %); {examples - judged} eksempler har ingen dom."
