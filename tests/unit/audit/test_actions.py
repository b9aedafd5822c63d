"""Every action that is written is known, and every known action is explained."""

import ast
import re
from pathlib import Path

from barnetsbog.audit.model import Action
from tests.conftest import ROOT

SOURCE = ROOT / "src" / "barnetsbog"


def _written(path: Path) -> set[str]:
    """The literal actions in calls of `note`, `line` and `open_book`."""
    found, text = set[str](), path.read_text(encoding="utf-8")
    if not re.search(r"\b(note|line|open_book)\s*\(", text):  # to take a module apart is dear
        return found
    for node in ast.walk(ast.parse(text)):
        called = getattr(node, "func", None)
        name = getattr(called, "id", getattr(called, "attr", ""))
        if isinstance(node, ast.Call) and name in ("note", "line", "open_book"):
            found |= {
                one.value for one in node.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return found


def test_every_action_in_the_source_is_known() -> None:
    written = set().union(*(_written(path) for path in SOURCE.rglob("*.py")))
    assert {"overview", "search", "import", "export", "login"} <= written
    assert written <= set(Action)


def test_the_documentation_names_every_action_and_no_other() -> None:
    table = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8").partition("## Actions")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)`", table, re.M)) == set(Action)
