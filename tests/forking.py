"""`python -m barnetsbog`, many times, without starting an interpreter each time.

A process of its own imports what no setting and no data can change, and forks for each command: half of what a command
costs is these imports. Nothing of the tests' own process is in it. A line of JSON comes in for each command, its exit
code goes out.
"""

import gc
import json
import os
import runpy
import signal
import sys
from typing import Any

import django.core.management.commands.migrate
import django.db.backends.sqlite3.base
import django.forms
import django.http  # noqa: F401

import barnetsbog.cli
import barnetsbog.consent.mapping
import barnetsbog.deadlines.files
import barnetsbog.fhir
import barnetsbog.law.rulebook
import barnetsbog.mandates.rules
import barnetsbog.routing.loading  # noqa: F401

MOST_SECONDS = 120


def _become(asked: dict[str, Any]) -> None:
    """The process that was asked for: its environment, its files, its arguments."""
    signal.alarm(MOST_SECONDS)
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, path in enumerate((os.devnull, asked["stdout"], asked["stderr"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.argv = ["bog", *asked["arguments"]]
    runpy.run_module("barnetsbog", run_name="__main__", alter_sys=True)


def main() -> None:
    gc.freeze()  # so that no child writes in, and copies, what it shares
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
