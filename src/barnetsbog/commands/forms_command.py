"""Kataloget over skemaer: se det, sammenlign skemaer, efterse det, udgiv det, og skriv det ud som FHIR.

Uden mere vises alle skemaer. `diff 43 44` viser to skemaer ved siden af hinanden, `family V11` en families base ved
siden af hver variant, `check` efterser det hele, `release` udgiver det, der er nyt, og `export MAPPE` skriver
Questionnaires. Det, en instans selv har ændret, står på siderne under Administration, Skemaer.
"""

import argparse
import shutil
import textwrap
from itertools import zip_longest
from pathlib import Path

import orjson

from barnetsbog.cli import CommandError
from barnetsbog.forms.assembling import assembled, base_form
from barnetsbog.forms.checking import faults, form_faults
from barnetsbog.forms.differences import Line, beside
from barnetsbog.forms.files import RECEIVERS, Sources, read_all
from barnetsbog.forms.languages import faults as translation_faults
from barnetsbog.forms.licences import FOLDER, Licences
from barnetsbog.forms.licences import read as read_licences
from barnetsbog.forms.licensed import fits, with_licensed
from barnetsbog.forms.model import Form
from barnetsbog.forms.questionnaire import exported
from barnetsbog.forms.releasing import lock_faults, release
from barnetsbog.law.rulebook import standard
from barnetsbog.law.rulefiles import LawFileError

NARROWEST = 60


def add(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(do=_list)
    actions = parser.add_subparsers(title="hvad", metavar="HVAD")
    diff = actions.add_parser("diff", help="to skemaer ved siden af hinanden")
    diff.add_argument("left", type=int, metavar="NR")
    diff.add_argument("right", type=int, metavar="NR")
    diff.set_defaults(do=_diff)
    family = actions.add_parser("family", help="en families base ved siden af hver variant")
    family.add_argument("family", metavar="FAMILIE", help="V1 til V13")
    family.set_defaults(do=_family)
    check = actions.add_parser("check", help="efterse hele kataloget, og en instans' egne licenser")
    check.add_argument("--data", type=Path, metavar="MAPPE", help="instansens mappe (ellers kun kataloget)")
    check.set_defaults(do=_check)
    actions.add_parser("release", help="udgiv nye skemaer og nye versioner").set_defaults(do=_release)
    export = actions.add_parser("export", help="skriv alle skemaer som FHIR R4 Questionnaire")
    export.add_argument("folder", type=Path, metavar="MAPPE")
    export.set_defaults(do=_export)


def run(options: argparse.Namespace) -> int:
    try:
        sources = read_all()
        return int(options.do(options, sources, assembled(sources)))
    except LawFileError as error:
        raise CommandError(str(error)) from None


def _list(options: argparse.Namespace, sources: Sources, forms: dict[str, Form]) -> int:
    for form in forms.values():
        to = ", ".join(RECEIVERS[one] for one in form.receiver)
        print(f"{form.number:>3}  {form.family or '-':<4} {form.id:<26} v{form.version}  {form.title}  ->  {to}")
    return 0


def _diff(options: argparse.Namespace, sources: Sources, forms: dict[str, Form]) -> int:
    left, right = _numbered(options.left, forms), _numbered(options.right, forms)
    _print(beside(left, right), f"{left.number} {left.title}", f"{right.number} {right.title}")
    return 0


def _numbered(number: int, forms: dict[str, Form]) -> Form:
    found = next((form for form in forms.values() if form.number == number), None)
    if found is None:
        raise CommandError(f"der er intet skema med nummer {number}")
    return found


def _family(options: argparse.Namespace, sources: Sources, forms: dict[str, Form]) -> int:
    variants = [variant for variant in sources.variants if variant.family == options.family]
    if not variants:
        raise CommandError(f"der er ingen familie, der hedder {options.family}")
    for variant in variants:
        form = forms[variant.id]
        _print(beside(base_form(variant, sources), form), f"{options.family}, base", f"{form.number} {form.title}")
    return 0


def _check(options: argparse.Namespace, sources: Sources, forms: dict[str, Form]) -> int:
    found = [*_faults(sources, forms), *lock_faults(forms.values())]
    if options.data and not options.data.is_dir():
        raise CommandError(f"der er ingen mappe, der hedder {options.data}. Intet er efterset.")
    licences = read_licences(options.data / FOLDER) if options.data else Licences({})
    found += [f"{FOLDER}/{fault}" for fault in (*licences.faults, *_licence_faults(licences, forms))]
    print("\n".join(found) if found else f"{len(forms)} skemaer er i orden.")
    if not found and options.data:
        print(f"{len(licences.used)} egne licenser er i orden: {', '.join(licences.used) or 'ingen'}.")
    return 1 if found else 0


def _faults(sources: Sources, forms: dict[str, Form]) -> list[str]:
    of_translations = translation_faults(forms.values(), sources.translations)
    return [*faults(forms.values(), standard().rules), *of_translations]


def _licence_faults(licences: Licences, forms: dict[str, Form]) -> list[str]:
    """What is wrong with forms that have got an instrument's own questions."""
    made = [
        with_licensed(form, one) for one in licences.used.values() for form in forms.values()
        if form.licensed and fits(form, one)
    ]  # fmt: skip
    return [fault for form in made for fault in form_faults(form, standard().rules)]


def _release(options: argparse.Namespace, sources: Sources, forms: dict[str, Form]) -> int:
    found = _faults(sources, forms)
    if found:
        raise CommandError("kataloget er ikke i orden, og intet er udgivet:\n" + "\n".join(found))
    new = release(forms.values())
    print("\n".join(f"{form.number:02}-{form.id} version {form.version}" for form in new) or "Der er intet nyt.")
    return 0


def _export(options: argparse.Namespace, sources: Sources, forms: dict[str, Form]) -> int:
    options.folder.mkdir(parents=True, exist_ok=True)
    for form in forms.values():
        content = orjson.dumps(exported(form), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (options.folder / f"Questionnaire-{form.id}.json").write_bytes(content)
    print(f"{len(forms)} skemaer er skrevet i {options.folder}.")
    return 0


def _print(lines: list[Line], left: str, right: str) -> None:
    """Two columns as wide as the window; `|` between what is the same, `~` what is worded differently, `<` and `>`
    what only one has."""
    width = (max(NARROWEST, shutil.get_terminal_size().columns) - 3) // 2
    for line in (Line(left, right), Line("=" * width, "=" * width), *lines):
        sign = "|" if line.same else "<" if not line.right else ">" if not line.left else "~"
        badge = f"  »{line.badge}«" if line.badge else ""
        columns = zip_longest(_wrapped(line.left, width), _wrapped(line.right + badge, width), fillvalue="")
        for place, (one, other) in enumerate(columns):
            print(f"{one:<{width}} {sign if place == 0 else ' '} {other}".rstrip())
    print()


def _wrapped(text: str, width: int) -> list[str]:
    indent = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(text, width, subsequent_indent=f"{indent}  ") or [""]
