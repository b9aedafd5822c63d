"""Kører lint, format, typer og lag (ruff, mypy og import-linter), og efterser skemaerne."""

import argparse
import subprocess
import sys
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
    failed = []
    for name, (tool, *rest) in STEPS.items():
        if options.only in (None, name):
            print(f"== {name}", flush=True)
            if subprocess.run([str(Path(sys.executable).parent / tool), *rest], cwd=ROOT).returncode:
                failed.append(name)
    print(f"Ikke i orden: {', '.join(failed)}" if failed else "Alt er i orden.")
    return 1 if failed else 0
