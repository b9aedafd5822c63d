"""Kører alle tests. Af det, der er meget og ens, ses på en stikprøve; --all ser på det hele.

Uden Chromium springes browsertestene over, og det siges; med CI=true må intet springes over."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

NOT_OURS = "BOG_DATA", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE"
"""Of the environment. The last would make each of a hundred processes compile the program anew."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="ingen stikprøver: det tager mange minutter")
    parser.add_argument("pytest", nargs="*", help="mere til pytest, efter --")


def run(options: argparse.Namespace) -> int:
    workers = (
        [] if any(one.startswith(("-n", "--pdb")) for one in options.pytest) else ["-n", "2", "--dist", "worksteal"]
    )
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    environment |= {"BOG_ALL": "1"} if options.all else {}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *workers, *options.pytest], cwd=ROOT, env=environment
    ).returncode
