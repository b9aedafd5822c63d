"""Reads the files of the law, and says precisely what is wrong with one: file, record, field.

`rules.yaml` holds rules and the municipality's choices, `acts.yaml` the kinds of act, and an instance may have a
`law-local.yaml` that changes switches, periods and choices and nothing else. A lawyer edits these by hand, so a field
that is misspelt, written twice or of the wrong kind is refused when the file is read, never guessed at.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from barnetsbog.kernel.time import FOREVER, day_end, day_start
from barnetsbog.law.model import Kind, Weight
from barnetsbog.law.rules import Act, Doubt, Effect, Option, Rule

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class LawFileError(ValueError):
    """A file of rules contradicts itself. The sentence is for the one who edits it."""


SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""`yaml.SafeLoader`, ten times faster where PyYAML has libyaml, as its wheels have."""


class _Loader(SAFE_LOADER):  # type: ignore[misc]
    """YAML that refuses a field written twice; plain YAML silently takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [str(key.value) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise LawFileError(f"linje {node.start_mark.line + 1}: feltet '{key}' står to gange i samme post")
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file. Every reader takes a field and refuses what it isn't."""

    file: str
    noun: str
    fields: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.fields.get("id", "uden id"))

    def error(self, field: str, what: str) -> LawFileError:
        return LawFileError(f"{self.file}, {self.noun} {self.id}, felt '{field}': {what}")

    def only(self, allowed: frozenset[str]) -> None:
        for field in self.fields:
            if field not in allowed:
                raise self.error(str(field), "feltet kendes ikke her")

    def has(self, field: str) -> bool:
        return self.fields.get(field) is not None

    def text(self, field: str, default: str | None = None) -> str:
        value = self.fields.get(field)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, "mangler eller er ikke en tekst")
        return value.strip()

    def flag(self, field: str, default: bool | None = None) -> bool:
        value = self.fields.get(field, default)
        if not isinstance(value, bool):
            raise self.error(field, "skal være yes/no eller on/off")
        return value

    def number(self, field: str) -> int | None:
        value = self.fields.get(field)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 18):
            raise self.error(field, "skal være et helt antal år fra 0 til 18")
        return value

    def choice(self, field: str, kind: type[E]) -> E:
        value = self.text(field)
        if value not in {member.value for member in kind}:
            raise self.error(field, f"'{value}' er ikke en af {', '.join(kind)}")
        return kind(value)

    def texts(self, field: str) -> tuple[str, ...]:
        values = self.fields.get(field, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
            raise self.error(field, "skal være en liste af tekster; sæt tal, ja og nej i anførselstegn")
        return tuple(values)

    def period(self, start: int, end: int) -> tuple[int, int]:
        """From the first day to the end of the last; what the file doesn't say stays as given."""
        first, last = self._day("valid_from"), self._day("valid_to")
        start = day_start(first) if first else start
        end = day_end(last) if last else end
        if start >= end:
            raise self.error("valid_to", "perioden slutter, før den begynder")
        return start, end

    def _day(self, field: str) -> date | None:
        value = self.fields.get(field)
        if value is not None and (type(value) is not date or value.year > 9000):
            raise self.error(field, "skal være en dato som 2024-04-15")
        return value

    def records(self, field: str, noun: str) -> Iterator["Record"]:
        yield from records(f"{self.file}, {self.noun} {self.id}", noun, self.fields.get(field, []))


def records(file: str, noun: str, values: object) -> Iterator[Record]:
    """The posts of a list, each with the name of its file and of what it is."""
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise LawFileError(f"{file}: '{noun}' skal være en liste af poster")
    yield from (Record(file, noun, value) for value in values)


def read(path: Path, allowed: frozenset[str]) -> Mapping[str, Any]:
    """The whole file, with nothing at the top but the lists that belong there."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise LawFileError(f"{path.name} kan ikke læses: {fault}") from fault
    return parsed(text, path.name, allowed)


def parsed(text: str, name: str, allowed: frozenset[str]) -> Mapping[str, Any]:
    """The same of a text that is called `name`."""
    content = loaded(text, name)
    if not isinstance(content, dict) or not set(content) <= allowed:
        raise LawFileError(f"{name}: øverst må kun stå {', '.join(sorted(allowed))}")
    return content


def loaded(text: str, name: str) -> object:
    """What a text that is called `name` says, whatever it is."""
    try:
        content: object = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except LawFileError as fault:
        raise LawFileError(f"{name}, {fault}") from fault
    except (ValueError, yaml.YAMLError, RecursionError) as fault:
        raise LawFileError(f"{name} kan ikke læses: {fault}") from fault
    except (LookupError, TypeError, AttributeError) as fault:  # so PyYAML meets `!!bool perhaps` and `!!map [a]`
        raise LawFileError(f"{name} kan ikke læses: en værdi er ikke det, der står foran den med !!") from fault
    return content


def read_rules(path: Path) -> tuple[dict[str, Rule], dict[str, Option]]:
    content = read(path, frozenset({"rules", "options"}))
    return (
        by_id(records(path.name, "regel", content.get("rules", [])), _rule),
        by_id(records(path.name, "valg", content.get("options", [])), _option),
    )


def read_acts(path: Path) -> dict[str, Act]:
    content = read(path, frozenset({"acts"}))
    return by_id(records(path.name, "handling", content.get("acts", [])), _act)


def by_id(posts: Iterator[Record], make: Callable[[Record], T]) -> dict[str, T]:
    """What is made of each post, by its id; an id that stands twice is refused."""
    found: dict[str, T] = {}
    for record in posts:
        key = record.text("id")
        if key in found:
            raise record.error("id", "står to gange i filen")
        found[key] = make(record)
    return found


def _names(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind))


_RULE = _names(Rule) - {"on"} | {"switch"}
_OPTION = _names(Option) - {"value"}
_DOUBT = _names(Doubt)
_ACT = _names(Act)


def _rule(record: Record) -> Rule:
    record.only(_RULE)
    valid_from, valid_to = record.period(0, FOREVER)
    return Rule(
        id=record.text("id"),
        statute=record.text("statute"),
        summary=record.text("summary"),
        source=record.text("source"),
        on=record.flag("switch"),
        certain=record.flag("certain"),
        effect=record.choice("effect", Effect),
        paragraph=record.text("paragraph", ""),
        lbk=record.text("lbk", ""),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _option(record: Record) -> Option:
    record.only(_OPTION)
    values, default = record.texts("values"), record.text("default")
    if default not in values:
        raise record.error("default", f"'{default}' er ikke en af {', '.join(values)}")
    return Option(record.text("id"), record.text("rule"), values, default, record.text("summary"), default)


def _doubt(record: Record) -> Doubt:
    record.only(_DOUBT)
    return Doubt(
        rule=record.text("rule"),
        why=record.text("why"),
        from_age=record.number("from_age") or 0,
        below=record.number("below"),
        duties=record.texts("duties"),
    )


def _act(record: Record) -> Act:
    record.only(_ACT)
    certain, doubts = record.flag("certain"), tuple(_doubt(each) for each in record.records("doubts", "tvivl"))
    if certain is bool(doubts):
        raise record.error("certain", "'no' kræver mindst én post i doubts, og 'yes' ingen")
    if record.has("one_holder") is not record.has("one_holder_below"):
        raise record.error("one_holder_below", "one_holder og one_holder_below hører sammen")
    return Act(
        id=record.text("id"),
        title=record.text("title"),
        kind=record.choice("kind", Kind),
        weight=record.choice("weight", Weight),
        health_or_disclosure=record.flag("health_or_disclosure"),
        from_sectors=record.texts("from_sectors"),
        to_sectors=record.texts("to_sectors"),
        rules=record.texts("rules"),
        view=record.text("view"),
        certain=certain,
        option=record.text("option", ""),
        basis=record.text("basis", ""),
        acute=record.text("acute", ""),
        one_holder=record.text("one_holder", ""),
        one_holder_below=record.number("one_holder_below") or 0,
        silent=record.text("silent", ""),
        party=record.flag("party", False),
        waiting_list=record.flag("waiting_list", False),
        forbidden_purposes=record.texts("forbidden_purposes"),
        purpose_required=record.flag("purpose_required", False),
        duties=record.texts("duties"),
        doubts=doubts,
    )


@dataclass(frozen=True, slots=True)
class LocalRule:
    """What an instance changes about one rule."""

    record: Record

    def apply(self, rule: Rule) -> tuple[bool, int, int]:
        """Switch and period of the rule as the instance wants it."""
        return self.record.flag("switch", rule.on), *self.record.period(rule.valid_from, rule.valid_to)


def read_local(path: Path) -> tuple[dict[str, LocalRule], dict[str, str]]:
    content = read(path, frozenset({"rules", "options"}))
    rules = by_id(records(path.name, "regel", content.get("rules", [])), _local_rule)
    return rules, by_id(records(path.name, "valg", content.get("options", [])), _local_option)


def _local_rule(record: Record) -> LocalRule:
    record.only(frozenset({"id", "switch", "valid_from", "valid_to"}))
    return LocalRule(record)


def _local_option(record: Record) -> str:
    record.only(frozenset({"id", "value"}))
    return record.text("value")
