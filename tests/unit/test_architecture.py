"""Rules about the source itself that no linter knows."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src" / "barnetsbog"


class Module(NamedTuple):
    """One of the source, taken apart and gone through once."""

    path: str
    tree: ast.Module
    calls: frozenset[str]
    imports: frozenset[str]
    functions: list[ast.FunctionDef]


@cache
def _modules() -> list[Module]:
    paths = (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)
    return [_module(path) for path in paths]


def _module(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls, imports, functions = set[str](), set[str](), list[ast.FunctionDef]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            calls.add(node.func.id)
        elif isinstance(node, ast.ImportFrom):
            imports.add(node.module or "")
        elif isinstance(node, ast.FunctionDef):
            functions.append(node)
    return Module(str(path.relative_to(SOURCE)), tree, frozenset(calls), frozenset(imports), functions)


def test_only_access_makes_scopes_and_opens_books() -> None:
    for name in ("Scope", "Book"):
        makers = {one.path for one in _modules() if name in one.calls}
        assert makers <= {"access/scopes.py", "access/reading.py"}, name


def test_only_the_record_and_the_writers_below_the_door_touch_its_tables() -> None:
    """Reading goes through the Book. These are the writers that add rows, and nothing else may import the tables."""
    writers = {"access/operations.py", "access/scopes.py", "intake/storing.py", "overview/operations.py"}
    found = {one.path for one in _modules() if "barnetsbog.record.models" in one.imports}
    assert {path for path in found if not path.startswith("record/")} <= writers


def test_names_are_put_to_units_and_professionals_in_one_place() -> None:
    """Where the reader must not learn where a child is, `access.naming` leaves the names out. The others here show
    nothing of a child's book: who is signed in, the list of log-ins, in which job one may be, whom one may ask or refer
    to, the log, who changed the routing rules and the forms, for whom a young person closes an entry, and whose part a
    baton, a referral or a form is."""
    others = {
        "access/audit_events.py", "access/naming.py", "access/overseeing.py", "access/scopes.py", "clients/operations.py",
        "consent/closing.py", "forms/queries.py", "login/queries.py", "portal/logging_in.py", "portal/context.py",
        "portal/demo_login.py",
        "portal/family/seen.py", "portal/professional/asking.py", "portal/professional/oversight.py",
        "portal/professional/packs.py", "portal/professional/referral.py", "portal/versions.py",
        "referrals/operations.py", "referrals/queries.py", "responsibility/queries.py",
    }  # fmt: skip
    asks = re.compile(
        r"directory\.(units|roles?)\(|from barnetsbog\.directory\.queries import [^\n]*\b(units|roles?)\b"
    )
    found = {path for path in SOURCE.rglob("*.py") if asks.search(path.read_text(encoding="utf-8"))}
    assert {str(path.relative_to(SOURCE)) for path in found} <= others


def test_the_table_of_entries_is_named_in_sql_by_the_record_only() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if " entry e" in text or "FROM version" in text or "FROM delivery" in text:
            assert "record" in path.relative_to(SOURCE).parts, path


def test_every_key_of_a_childs_table_is_led_by_the_child() -> None:
    import django

    django.setup()
    from barnetsbog.record import models

    for name in (
        "Entry",
        "Version",
        "Delivery",
        "TokenRow",
        "DateRow",
        "ReferenceRow",
        "StringRow",
        "QuantityRow",
        "Grant",
        "ReadMark",
    ):
        model = getattr(models, name)
        assert model._meta.pk.field_names[0] == "child_id", name
        assert not [f for f in model._meta.get_fields() if f.is_relation], name


def test_every_module_of_a_capability_stands_in_a_layer() -> None:
    """A package whose modules stand in several layers is listed module by module, and one that is forgotten there would
    be checked by nobody."""
    (layers, *_) = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    listed = {name.strip().removeprefix("barnetsbog.") for line in layers["layers"] for name in re.split("[|:]", line)}
    split = {name.partition(".")[0] for name in listed if "." in name}
    modules = {path.removesuffix(".py").replace("/", ".") for path, *_ in _modules()}
    assert {one for one in modules if one.partition(".")[0] in split and not one.endswith("__init__")} - listed == set()


def test_every_module_tells_its_part_of_the_story() -> None:
    silent = [one.path for one in _modules() if not ast.get_docstring(one.tree) and not one.path.endswith("apps.py")]
    assert silent == []


def test_functions_are_short_and_files_are_not_long() -> None:
    functions = ((one.path, node) for one in _modules() for node in one.functions)
    long = [f"{path}:{n.lineno} {n.name}" for path, n in functions if (n.end_lineno or 0) - n.lineno + 1 > 50]
    assert long == []
    assert [p.name for p in SOURCE.rglob("*.py") if p.read_text(encoding="utf-8").count("\n") > 600] == []


def test_every_setting_stands_in_the_example() -> None:
    """An operator finds all that can be set in one file, and nothing there that nobody reads."""
    named = re.compile(r"\b(?:BOG_[A-Z_]+|DATABASE_URL)\b")
    read = {name for path in SOURCE.rglob("*.py") for name in named.findall(path.read_text(encoding="utf-8"))}
    example = (SOURCE.parents[1] / ".env.example").read_text(encoding="utf-8")
    told = set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    of_the_tests, whatever_log_in_calls_it = {"BOG_ALL"}, {"BOG_MITID_SECRET"}
    assert told - whatever_log_in_calls_it == read - of_the_tests
