"""What a relation to the child opens, as read from `relations.yaml`: the decision table of the law as data."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from barnetsbog.directory.model import SECTORS
from barnetsbog.law.rulebook import Rulebook
from barnetsbog.law.rulefiles import LawFileError, loaded
from barnetsbog.record.rights import CONTENT, HEADINGS
from barnetsbog.record.shelves import BLOCKS, CLASSES, shelf

FILE = Path(__file__).with_name("relations.yaml")
PLACEMENT = "placement"
TASKS = ("special-school", PLACEMENT)
"""Sorts of tasks that open something else than any task of the same sector does."""

PERSONS = ("holder", "resident", "foster-carer", "lay-representative", "mandate-holder", "child")
_LEVELS = {"headings": HEADINGS, "content": CONTENT}


class RelationsError(ValueError):
    """The file contradicts itself. Nothing is opened by it."""


class Opening(NamedTuple):
    shelves: int
    level: int
    lanes: tuple[str, ...]  # only what these sectors wrote; empty: whoever wrote it


class Relation(NamedTuple):
    key: str  # a sector, or what a person is to the child
    rules: tuple[str, ...]
    purpose: str
    opens: tuple[Opening, ...]
    ages: tuple[int, int | None]  # from, and below; None: however old
    task: str = ""  # only a task of this sort; one of a placement opens only while the child is placed
    after: str = ""  # the choice that says for how many days it lasts after the task has ended


class Relations(NamedTuple):
    units: dict[str, tuple[Relation, ...]]
    persons: dict[str, tuple[Relation, ...]]


def read(text: str, book: Rulebook) -> Relations:
    """Reads and checks the file: what is missing, unknown or of the wrong form is refused by name, because a slip of
    the pen here opens children's books."""
    try:
        content = checked(loaded(text, FILE.name), "filen", {"units": list, "persons": list})
    except LawFileError as fault:
        raise RelationsError(str(fault)) from fault
    units = [_relation(one, "sector", SECTORS, book) for one in content["units"]]
    persons = [_relation(one, "person", PERSONS, book) for one in content["persons"]]
    return Relations(_by_key(units), _by_key(persons))


def checked(
    content: Any, where: str, needed: Mapping[str, type], allowed: Mapping[str, type] | None = None
) -> dict[str, Any]:
    """A mapping with the fields it must have, perhaps some it may have, each of its type, and no others."""
    if not isinstance(content, dict):
        raise RelationsError(f"{FILE.name}: {where}: skal være felter med navne")
    for field in needed:
        if field not in content:
            raise RelationsError(f"{FILE.name}: {where}: feltet {field} mangler")
    known = {**needed, **(allowed or {})}
    for field, value in content.items():
        _must(field, known, "felt", where)
        if not isinstance(value, known[field]) or isinstance(value, bool) or value in ("", []):
            raise RelationsError(f"{FILE.name}: {where}: {field} har ikke den rette form: {value!r}")
    return content


def _by_key(found: list[Relation]) -> dict[str, tuple[Relation, ...]]:
    return {key: tuple(one for one in found if one.key == key) for key in dict.fromkeys(one.key for one in found)}


def _relation(content: Any, name: str, known: tuple[str, ...], book: Rulebook) -> Relation:
    key = str(content.get(name) or name) if isinstance(content, dict) else name
    needed = {name: str, "rules": list, "purpose": str, "opens": list}
    content = checked(content, key, needed, {"ages": list} if name == "person" else {"task": str, "after": str})
    _must(key, known, name, key)
    for rule in content["rules"]:
        _must(rule, book.rules, "rule", key)
    opens = tuple(_opening(one, key) for one in content["opens"])
    if task := content.get("task", ""):
        _must(task, TASKS, "task", key)
    if after := content.get("after", ""):
        _must(after, [one.id for one in book.options.values() if all(map(str.isdigit, one.values))], "after", key)
    ages = _ages(content.get("ages", [0]), key)
    return Relation(key, tuple(content["rules"]), content["purpose"], opens, ages, task, after)


def _ages(ages: list[Any], key: str) -> tuple[int, int | None]:
    numbers = len(ages) in (1, 2) and all(type(age) is int for age in ages)
    if not numbers or ages[0] < 0 or ages != sorted(set(ages)):
        raise RelationsError(f"{FILE.name}: {key}: ages skal være fra og til, eller fra alene: {ages}")
    return ages[0], ages[1] if ages[1:] else None


def _opening(content: Any, key: str) -> Opening:
    content = checked(content, key, {"blocks": list, "classes": list, "level": str}, {"written_by": list})
    lanes = tuple(content.get("written_by", ()))
    for field, known, values in (
        ("block", BLOCKS, content["blocks"]),
        ("class", CLASSES, content["classes"]),
        ("written_by", SECTORS, lanes),
        ("level", _LEVELS, [content["level"]]),
    ):
        for value in values:
            _must(value, known, field, key)
    exact = {shelf(block, letter) for block in content["blocks"] for letter in content["classes"]}
    return Opening(sum(1 << number for number in exact), _LEVELS[content["level"]], lanes)


def _must(value: Any, known: Collection[str], field: str, key: str) -> None:
    if not isinstance(value, str) or value not in known:
        raise RelationsError(f"{FILE.name}: {key}: {field} »{value}« kendes ikke")
