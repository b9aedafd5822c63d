"""Kører lint, format, typer og lag (ruff, mypy og import-linter), og efterser skemaerne."""

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[3]
STEPS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
    "forms": ["python", "-m", "barnetsbog", "forms", "check"],
}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", choices=list(STEPS), help="kun ét af trinene")


def run(options: argparse.Namespace) -> int:
    """All at once, on as many cores as there are; each says what it says when those before it have."""
    chosen = [name for name in STEPS if options.only in (None, name)]
    failed = []
    with ThreadPoolExecutor(len(chosen)) as steps:
        for name, done in zip(chosen, steps.map(_step, chosen), strict=True):
            print(f"== {name}\n{done.stdout}", end="", flush=True)
            failed += [name] if done.returncode else []
    print(f"Ikke i orden: {', '.join(failed)}" if failed else "Alt er i orden.")
    return 1 if failed else 0


def _step(name: str) -> "subprocess.CompletedProcess[str]":
    tool, *rest = STEPS[name]
    command = [str(Path(sys.executable).parent / tool), *rest]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
