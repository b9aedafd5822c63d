"""What a relation to the child opens, as read from `relations.yaml`: the decision table of the law as data."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from barnetsbog.directory.model import SECTORS
from barnetsbog.law.rulebook import Rulebook
from barnetsbog.record.rights import CONTENT, HEADINGS
from barnetsbog.record.shelves import BLOCKS, CLASSES, shelf

FILE = Path(__file__).with_name("relations.yaml")
PERSONS = ("holder", "resident", "foster-carer", "child")
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
    ages: tuple[int, int]


class Relations(NamedTuple):
    units: dict[str, tuple[Relation, ...]]
    persons: dict[str, tuple[Relation, ...]]


def read(text: str, book: Rulebook) -> Relations:
    """Reads and checks the file: unknown sectors, blocks, classes and rules are refused by name."""
    content = yaml.safe_load(text)
    units = [_relation(one, "sector", SECTORS, book) for one in content["units"]]
    persons = [_relation(one, "person", PERSONS, book) for one in content["persons"]]
    return Relations(_by_key(units), _by_key(persons))


def _by_key(found: list[Relation]) -> dict[str, tuple[Relation, ...]]:
    return {key: tuple(one for one in found if one.key == key) for key in dict.fromkeys(one.key for one in found)}


def _relation(content: dict[str, Any], name: str, known: tuple[str, ...], book: Rulebook) -> Relation:
    key = str(content.get(name, ""))
    _must(key, {*known}, name, key)
    rules = tuple(content["rules"])
    for rule in rules:
        _must(rule, {*book.rules}, "rule", key)
    opens = tuple(_opening(one, key) for one in content["opens"])
    low, high = content.get("ages", (0, 200))
    if not low < high:
        raise RelationsError(f"{FILE.name}: {key}: ages {low}-{high}")
    return Relation(key, rules, str(content["purpose"]), opens, (low, high))


def _opening(content: dict[str, Any], key: str) -> Opening:
    for block in content["blocks"]:
        _must(block, {*BLOCKS}, "block", key)
    for letter in content["classes"]:
        _must(letter, {*CLASSES}, "class", key)
    lanes = tuple(content.get("written_by", ()))
    for lane in lanes:
        _must(lane, {*SECTORS}, "written_by", key)
    _must(content["level"], {*_LEVELS}, "level", key)
    exact = sum(1 << shelf(block, c) for block in content["blocks"] for c in content["classes"])
    return Opening(exact, _LEVELS[content["level"]], lanes)


def _must(value: object, known: set[str], field: str, key: str) -> None:
    if value not in known:
        raise RelationsError(f"{FILE.name}: {key}: {field} »{value}« kendes ikke")
