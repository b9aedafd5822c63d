"""Every command that a document or a unit of the machine names is one: `bog` takes it as it stands."""

import argparse
import importlib
import re
import shlex
from pathlib import Path
from typing import NoReturn

import pytest

from barnetsbog.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
_TOLD = re.compile(r"(?:^|`|; )\./bog ([^`#\n;]+)", re.MULTILINE)
_STARTED = re.compile(r"^ExecStart=.*?/opt/bog/bog ([^'\n]+)", re.MULTILINE)


class Refused(Exception):
    """Why a command can't be understood."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(message)


def fault(line: str, *, whole: bool) -> str:
    """Why `bog` would not take these words; '' when it does. One that is not `whole` only names a command, and may leave
    out what it needs."""
    name, *rest = shlex.split(line)
    if name in ("-h", "--help"):
        return ""
    if name not in COMMANDS:
        return f"{line}: no command"
    parser = Parser(prog=name)
    importlib.import_module(f"barnetsbog.commands.{name}_command").add(parser)
    if not whole:
        _demand_nothing(parser)
    try:
        parser.parse_args(rest)
    except SystemExit:  # --help
        return ""
    except Refused as why:
        return f"{line}: {why}"
    return ""


def _demand_nothing(parser: argparse.ArgumentParser) -> None:
    for action in parser._actions:
        action.required = False
        for inner in action.choices.values() if isinstance(action, argparse._SubParsersAction) else ():
            _demand_nothing(inner)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_commands_that_are_there(document: Path) -> None:
    told = _TOLD.findall(document.read_text().replace("\\\n", ""))
    short = (re.sub(r"(--[\w-]+) \.\.\.", r"\1 x", line.partition(" | ")[0]).replace("...", "") for line in told)
    faults = [fault(line, whole=False) for line in short]
    assert [one for one in faults if one] == []


def test_the_units_of_systemd_start_commands_that_are_there() -> None:
    started = [line for unit in UNITS for line in _STARTED.findall(unit.read_text())]
    assert {line.split()[0] for line in started} == {"serve", "rights", "audit", "backup"}
    assert [one for line in started if (one := fault(line, whole=True))] == []
