"""Reads the files of the routing rules, and says precisely what is wrong with one: file, record, field.

`rules.yaml` and `cases.yaml` come with the program. An instance's own changes are a text of the same form that may say
`switch`, `rank` and `reason` of a rule, and add cases; `written` makes that text. What is misspelt, written twice or of
the wrong kind is refused when it is read (`law.rulefiles`), never guessed at.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

from barnetsbog.law.rulefiles import LawFileError, Record, by_id, parsed, read, records

from .model import Asker, Case, Change, Door, Home, Local, Question, Rule, Suspicion, Urgency, Verdict, Way

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

HERE = Path(__file__).parent
LOCAL = "egne regler"
"""What an instance's own changes are called in messages."""


class RoutingError(LawFileError):
    """The rules contradict themselves or leave somebody without a way. The sentence is for the one who edits them."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in `rules.yaml`."""

    askers: Mapping[str, Asker]
    suspicions: Mapping[str, Suspicion]
    doors: Mapping[str, Door]
    rules: Mapping[str, Rule]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names that a rule may use."""

    askers: frozenset[str]
    suspicions: frozenset[str]
    doors: frozenset[str]
    groups: Mapping[str, tuple[str, ...]]


def read_rules(folder: Path = HERE) -> Contents:
    name = "rules.yaml"
    content = read(folder / name, frozenset({"groups", "askers", "suspicions", "doors", "rules"}))
    askers = by_id(records(name, "spørger", content.get("askers", [])), _asker)
    suspicions = by_id(records(name, "bekymring", content.get("suspicions", [])), _suspicion)
    doors = by_id(records(name, "dør", content.get("doors", [])), _door)
    groups = Record(name, "grupper", content.get("groups", {}))
    members = {group: _known(groups, group, suspicions) for group in groups.fields}
    names = _Names(frozenset(askers), frozenset(suspicions), frozenset(doors), members)
    rules = by_id(records(name, "regel", content.get("rules", [])), lambda record: _rule(record, names))
    return Contents(askers, suspicions, doors, rules)


def read_cases(contents: Contents, folder: Path = HERE) -> dict[str, Case]:
    content = read(folder / "cases.yaml", frozenset({"cases"}))
    return _cases("cases.yaml", content, contents)


def read_local(text: str, contents: Contents) -> Local:
    """An instance's own changes. An empty text changes nothing."""
    if not text.strip():
        return Local({}, {})
    content = parsed(text, LOCAL, frozenset({"rules", "cases"}))
    changes = by_id(records(LOCAL, "regel", content.get("rules", [])), lambda one: _change(one, contents.rules))
    return Local(changes, _cases(LOCAL, content, contents))


def read_what_fits(text: str, contents: Contents) -> tuple[Local, tuple[str, ...]]:
    """The same where the program's rules may be others than when it was written: what still fits, and of each record
    that doesn't why. `LawFileError`: nothing of it can be read."""
    content = parsed(text, LOCAL, frozenset({"rules", "cases"})) if text.strip() else {}
    faults: list[str] = []

    def fitting(noun: str, field: str, make: Callable[[Record], T]) -> dict[str, T]:
        found = {}
        for record in records(LOCAL, noun, content.get(field, [])):
            try:
                found[record.text("id")] = make(record)
            except LawFileError as fault:
                faults.append(str(fault))
        return found

    changes = fitting("regel", "rules", lambda one: _change(one, contents.rules))
    return Local(changes, fitting("prøve", "cases", lambda one: _case(one, contents))), tuple(faults)


def written(local: Local) -> str:
    """The same changes as a text that `read_local` reads."""
    content = {
        "rules": [_change_fields(one) for one in local.changes.values()],
        "cases": [_case_fields(one) for one in local.cases.values()],
    }
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


# -- one record ------------------------------------------------------------------------------------------------------


def _asker(record: Record) -> Asker:
    record.only(frozenset(Asker.__dataclass_fields__))
    return Asker(
        record.text("id"), record.text("title"), record.flag("family"), record.texts("answers_for"),
        record.text("help", ""),
    )  # fmt: skip


def _suspicion(record: Record) -> Suspicion:
    record.only(frozenset(Suspicion.__dataclass_fields__))
    return Suspicion(
        record.text("id"), record.text("title"), record.text("term"), record.texts("bring"), record.text("help", "")
    )


def _door(record: Record) -> Door:
    record.only(frozenset(Door.__dataclass_fields__))
    return Door(
        id=record.text("id"), title=record.text("title"), short=record.text("short"), call=record.text("call"),
        bring=record.texts("bring"), bring_professional=record.texts("bring_professional"), then=record.text("then"),
        sectors=record.texts("sectors"), municipal=record.flag("municipal", False),
    )  # fmt: skip


_RULE = frozenset(
    ("id", "from", "to", "suspicion", "urgency", "home", "from_age", "below", "verdict", "way", "via", "rather",
     "level", "rank", "switch", "fixed", "certain", "reason", "source")
)  # fmt: skip


def _rule(record: Record, names: _Names) -> Rule:
    record.only(_RULE)
    verdict = record.choice("verdict", Verdict)
    way = record.choice("way", Way) if record.has("way") else None
    via, rather = record.text("via", ""), _known(record, "rather", names.doors)
    if (verdict is Verdict.NO) is bool(way):
        raise record.error("way", "skal stå på 'should' og 'may' og ikke på 'no'")
    if verdict is Verdict.NO and not rather:
        raise record.error("rather", "en 'no' skal sige, hvilken dør der er den rette")
    if (way is Way.THROUGH) is not bool(via) or via not in {"", *names.doors}:
        raise record.error("via", "skal være en dør, når 'way' er through, og ellers udelades")
    from_age, below = record.number("from_age") or 0, record.number("below")
    below = 18 if below is None else below
    if from_age >= below:
        raise record.error("below", "aldrene slutter, før de begynder")
    return Rule(
        id=record.text("id"),
        askers=_all(record, "from", names.askers),
        doors=_all(record, "to", names.doors),
        verdict=verdict,
        way=way,
        reason=record.text("reason"),
        source=record.text("source"),
        level=_small(record, "level", 0, 9),
        rank=_small(record, "rank", 1, 99),
        suspicions=_suspicions(record, names),
        urgencies=_some(record, "urgency", Urgency),
        homes=_some(record, "home", Home),
        from_age=from_age,
        below=below,
        via=via,
        rather=rather,
        on=record.flag("switch", True),
        fixed=record.flag("fixed", False),
        certain=record.flag("certain"),
    )


def _small(record: Record, field: str, least: int, most: int) -> int:
    """A small whole number."""
    value = record.fields.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise record.error(field, f"skal være et helt tal fra {least} til {most}")
    return value


def _known(record: Record, field: str, names: Collection[str]) -> tuple[str, ...]:
    values = record.texts(field)
    for value in values:
        if value not in names:
            raise record.error(field, f"'{value}' findes ikke i filen")
    return values


def _all(record: Record, field: str, names: frozenset[str]) -> frozenset[str]:
    if record.texts(field) == ("all",):
        return names
    if not record.texts(field):
        raise record.error(field, "mangler")
    return frozenset(_known(record, field, names))


def _suspicions(record: Record, names: _Names) -> frozenset[str]:
    values = _known(record, "suspicion", {*names.suspicions, *names.groups})
    found = {one for value in values for one in names.groups.get(value, (value,))}
    return frozenset(found) or names.suspicions


def _some(record: Record, field: str, kind: type[E]) -> frozenset[E]:
    values = _known(record, field, set(kind))
    return frozenset(kind(value) for value in values or kind)


# -- an instance's own -----------------------------------------------------------------------------------------------


def _change(record: Record, rules: Mapping[str, Rule]) -> Change:
    record.only(frozenset({"id", "switch", "rank", "reason"}))
    rule = rules.get(record.text("id"))
    if rule is None:
        raise record.error("id", "reglen findes ikke i rules.yaml")
    on = record.flag("switch") if record.has("switch") else None
    if on is False and rule.fixed:
        raise record.error("switch", "reglen kan ikke slukkes")
    rank = _small(record, "rank", 1, 99) if record.has("rank") else None
    return Change(rule.id, on, rank, record.text("reason") if record.has("reason") else None)


def _change_fields(change: Change) -> dict[str, Any]:
    found = {"id": change.rule, "switch": change.on, "rank": change.rank, "reason": change.reason}
    return {field: value for field, value in found.items() if value is not None}


def _cases(name: str, content: Mapping[str, Any], contents: Contents) -> dict[str, Case]:
    return by_id(records(name, "prøve", content.get("cases", [])), lambda record: _case(record, contents))


def _case(record: Record, contents: Contents) -> Case:
    record.only(frozenset(("id", "title", "asker", "age", "suspicion", "urgency", "home", "first", "open", "closed")))
    question = Question(
        asker=_one(record, "asker", contents.askers),
        age=_small(record, "age", 0, 17),
        suspicion=_one(record, "suspicion", contents.suspicions),
        urgency=record.choice("urgency", Urgency),
        home=record.choice("home", Home) if record.has("home") else Home.HERE,
    )
    return Case(
        record.text("id"), record.text("title"), question, _one(record, "first", contents.doors),
        _known(record, "open", contents.doors), _known(record, "closed", contents.doors),
    )  # fmt: skip


def _one(record: Record, field: str, names: Collection[str]) -> str:
    value = record.text(field)
    if value not in names:
        raise record.error(field, f"'{value}' findes ikke i rules.yaml")
    return value


def _case_fields(case: Case) -> dict[str, Any]:
    asked = case.question
    return {
        "id": case.id, "title": case.title, "asker": asked.asker, "age": asked.age, "suspicion": asked.suspicion,
        "urgency": str(asked.urgency), "home": str(asked.home), "first": case.first, "open": list(case.open),
        "closed": list(case.closed),
    }  # fmt: skip
