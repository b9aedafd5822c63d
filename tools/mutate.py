"""Do the tests notice it when the code of the law, or of who may see what, is changed? Runs mutmut on a copy and tells
the score.

mutmut changes the code in many small ways and runs the tests against each change. This script makes the copy (mutmut
writes beside what it tests), lets mutmut do its work with the set-up in `pyproject.toml`, and reads out the result:
killed, survived and the survivors' names. Not a part of `./bog test`; see docs/testing.md.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "build" / "mutants"
NEEDED = ("src", "tests", "tools", "bench", "pyproject.toml", "manage.py", "bog", "README.md", "LICENSE")
ENOUGH = 90.0
RECORD, ACCESS, CONSENT = (f"src/barnetsbog/{name}" for name in ("record", "access", "consent"))
SETS = {
    "law": (["src/barnetsbog/law/"], ["tests/unit/law"], ["--ignore=tests/unit/law/test_properties.py"]),
    "deriving": (
        [f"{ACCESS}/deriving.py", f"{ACCESS}/relations.py", f"{RECORD}/shelves.py"],
        ["tests/unit/access"],
        ["--ignore=tests/unit/access/test_properties.py"],
    ),
    "consent": (
        [f"{CONSENT}/{name}.py" for name in ("addressing", "matters", "people", "reading")],
        ["tests/unit/consent"],
        [],
    ),
    "reading": (
        [f"{RECORD}/rights.py", f"{ACCESS}/gathering.py"],
        [
            "tests/unit/test_rights.py",
            "tests/integration/test_three_readings.py",
            "tests/integration/access/test_gathering.py",
        ],
        ["-k", "not postgresql"],
    ),
}
"""What is changed, which tests are run, and with which options. `reading` needs a database: SQLite is enough."""

KILLED = {1, 3, 24, 36, 152, 255, -24}  # a test failed, or the change made it run forever
SURVIVED = {0, 5, 33}  # no test failed, or none runs the code at all


def copy() -> None:
    shutil.rmtree(COPY, ignore_errors=True)
    COPY.mkdir(parents=True)
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, COPY / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, COPY / name)


def choose(name: str) -> None:
    """Sets the copy up for one of the sets."""
    changed, tests, options = SETS[name]
    chosen = {"paths_to_mutate": changed, "tests_dir": tests, "pytest_add_cli_args": options}
    path = COPY / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    for key, value in chosen.items():
        text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {json.dumps(value)}", text)
    path.write_text(text, encoding="utf-8")


def results() -> dict[str, int | None]:
    """The exit code of the tests, by mutant; None for one that was not run."""
    found: dict[str, int | None] = {}
    for path in sorted((COPY / "mutants").rglob("*.meta")):
        found.update(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
    return {name: code for name, code in found.items() if code is not None}


def main(names: list[str]) -> int:
    which = names.pop(0) if names and names[0] in SETS else "law"
    copy()
    choose(which)
    os.environ["BOG_TEST_POSTGRESQL"] = "0"
    subprocess.run([sys.executable, "-m", "mutmut", "run", *names], cwd=COPY, check=False)
    codes = results()
    survivors = sorted(name for name, code in codes.items() if code in SURVIVED)
    killed = sum(code in KILLED for code in codes.values())
    score = 100 * killed / max(1, killed + len(survivors))
    print("\n".join(["", "Survivors:", *survivors]) if survivors else "\nNo survivors.")
    print(f"\nExit codes of the tests: {dict(Counter(codes.values()))}")
    print(f"{killed} of {killed + len(survivors)} changes were noticed: {score:.1f} %")
    return 0 if score >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
