"""`python -m barnetsbog`, or another module, many times, without starting an interpreter each time.

A process of its own sets Django up for a folder, and forks for each command: nine tenths of what a command costs are the
imports. Nothing of the tests' own process is in it. A child moves to the folder and the settings of its own before it
begins. A line of JSON comes in for each command, its exit code goes out. Of one that `stays` the process id goes out,
and its exit code when it is asked to end. Started with `serving` it has every page too.
"""

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

import django

MOST_SECONDS = 600
SETTINGS = "barnetsbog.settings"
COMMANDS = (
    "django.core.management.commands.migrate", "barnetsbog.cli", "barnetsbog.access.rebuilding",
    "barnetsbog.commands.audit_command", "barnetsbog.commands.export_command", "barnetsbog.commands.import_command",
    "barnetsbog.commands.instance", "barnetsbog.deadlines.in_use", "barnetsbog.login.setup",
)  # fmt: skip
SERVING = (
    "barnetsbog.urls", "barnetsbog.commands.demo_command", "barnetsbog.commands.sending", "barnetsbog.delivery.worker",
    "barnetsbog.demo.clients", "granian.server",
)  # fmt: skip


def _set_up(folder: str, *serving: str) -> None:
    os.environ.update(BOG_DATA=folder, DJANGO_SETTINGS_MODULE=SETTINGS)
    django.setup()
    for module in (*COMMANDS, *(SERVING if serving else ())):
        importlib.import_module(module)
    if serving:
        _read_what_no_data_change()


def _read_what_no_data_change() -> None:
    """The templates and the forms of the program: a server reads each when it is first asked for."""
    from django.template.loader import get_template

    from barnetsbog import portal
    from barnetsbog.forms import loading

    folder = Path(portal.__file__).parent / "templates"
    for template in folder.rglob("*.html"):
        get_template(str(template.relative_to(folder)))
    loading.program()


def _move() -> None:
    """To the folder that the environment names: what Django has read of the other is read anew when it is asked for."""
    from django.conf import empty, settings
    from django.db import connections

    del sys.modules[SETTINGS]
    settings._wrapped = empty
    for known in connections.all(initialized_only=True):
        del connections[known.alias]
    connections._settings = None
    connections.__dict__.pop("settings", None)


def _become(asked: dict[str, Any]) -> NoReturn:
    """The process that was asked for: its environment, its files, its arguments."""
    signal.alarm(0 if asked["stays"] else MOST_SECONDS)
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, path in enumerate((os.devnull, asked["stdout"], asked["stderr"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    _move()
    sys.argv = [asked["module"], *asked["arguments"]]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
    sys.exit()


def _answer(asked: dict[str, Any], staying: set[int]) -> int:
    if child := asked.get("ends"):
        staying.remove(child)
        os.kill(child, signal.SIGTERM)
    elif (child := os.fork()) == 0:
        _become(asked)
    elif asked["stays"]:
        staying.add(child)
        return child
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    _set_up(*sys.argv[1:])
    gc.freeze()  # so that no child writes in, and copies, what it shares
    staying = set[int]()
    for line in sys.stdin:
        print(_answer(json.loads(line), staying), flush=True)
    for child in staying:  # whoever asked is gone
        os.kill(child, signal.SIGTERM)


if __name__ == "__main__":
    main()
