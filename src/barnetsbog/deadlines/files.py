"""Reads `deadlines.yaml` and an instance's `deadlines-local.yaml`, and says precisely what is wrong with one: file,
record, field. What is misspelt, of the wrong kind or contradicts itself is refused when it is read (`law.rulefiles`).
"""

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from barnetsbog.kernel.time import FOREVER, SECOND
from barnetsbog.law.rulefiles import LawFileError, Record, by_id, read, records

from .model import AT_ONCE, EVENTS, Deadline, Deadlines, Ladder, Length, Rung, Span, Start, Step, Waits
from .working_days import MonthDay, WorkingDays

E = TypeVar("E", bound=StrEnum)

FILE = Path(__file__).with_name("deadlines.yaml")
LOCAL_FILE = "deadlines-local.yaml"
_MOST = {Span.HOURS: 24 * 31, Span.DAYS: 366, Span.WORKING_DAYS: 250, Span.MONTHS: 36}
_TIMES = ("length", "lead", "soon", "grace")
_FIELDS = frozenset(field.name for field in fields(Deadline)) - {"on"} | {"switch"}
_MEETS = frozenset((
    "plan", "condition", "intervention", "document", "measure", "observation", "meeting", "appointment", "letter",
    "referral",
))  # fmt: skip
"""Kinds of entries that a deadline can be met by."""
_BY_ENTRIES = EVENTS | {Start.AGE, Start.REFERRAL}
_LOCAL = frozenset(("id", "switch", "valid_from", "valid_to", "length", "lead", "soon", "rounds"))
_HOUR = 3600 * SECOND


def load(rules: Collection[str], sectors: Collection[str], local: Path | None = None, path: Path = FILE) -> Deadlines:
    """The deadlines, as the instance wants them. `rules`: the ids of the law's rules, which every deadline rests on;
    `sectors`: those that a unit can be of."""
    content = read(path, frozenset({"deadlines", "ladder", "closed"}))
    found = by_id(records(path.name, "frist", content.get("deadlines", [])), lambda one: _deadline(one, rules, sectors))
    ladders = tuple(_ladder(one) for one in records(path.name, "stige", content.get("ladder", [])))
    closed = _days(path.name, content.get("closed") or [])
    if local is not None and local.exists():
        changes = read(local, frozenset({"deadlines", "closed"}))
        for record in by_id(records(local.name, "frist", changes.get("deadlines", [])), _unchanged).values():
            found[record.id] = _changed(record, found)
        closed |= _days(local.name, changes.get("closed") or [])
    return Deadlines(found, ladders, WorkingDays(closed))


def texts_of() -> Iterator[str]:
    """Every text of a deadline that stands on a page, to be translated. What a ball says is written in Danish."""
    for record in records(FILE.name, "frist", read(FILE, frozenset({"deadlines", "ladder", "closed"}))["deadlines"]):
        yield from (record.text("title"), record.text("ends"))
        if record.text("starts") == Start.HAND:
            yield record.text("text")


def _unchanged(record: Record) -> Record:
    return record


def _deadline(record: Record, rules: Collection[str], sectors: Collection[str]) -> Deadline:
    record.only(_FIELDS)
    valid_from, valid_to = record.period(0, FOREVER)
    found = Deadline(
        id=record.text("id"), title=record.text("title"), text=record.text("text"), ends=record.text("ends"),
        starts=record.choice("starts", Start), rules=record.texts("rules"), certain=record.flag("certain"),
        on=record.flag("switch"), sectors=frozenset(record.texts("sectors")), passes=record.flag("passes", False),
        age=record.number("age"), from_age=record.number("from_age") or 0, unless=frozenset(record.texts("unless")),
        important=record.flag("important", False),
        rounds=_rounds(record), valid_from=valid_from, valid_to=valid_to,
        **{field: _length(record, field, AT_ONCE) for field in _TIMES},
    )  # fmt: skip
    for rule in found.rules:
        if rule not in rules:
            raise record.error("rules", f"reglen {rule} findes ikke i rules.yaml")
    _must_be_known(record, "sectors", found.sectors, sectors)
    _must_be_known(record, "unless", found.unless, _met_by(found.starts))
    if found.starts not in EVENTS and (found.from_age or found.grace.number):
        raise record.error("from_age" if found.from_age else "grace", "hører til en frist, der åbner en bold")
    _must_make_sense(record, found)
    return found


def _must_be_known(record: Record, field: str, said: Collection[str], known: Collection[str]) -> None:
    """What is misspelt would be a clock that nobody ever sees, or that nothing ever stops."""
    for one in sorted(said):
        if one not in known:
            raise record.error(field, f"'{one}' kendes ikke her")


def _met_by(starts: Start) -> frozenset[str]:
    """What may stand in `unless`."""
    if starts is Start.FOLLOW_UP:
        return frozenset({"change"})
    return _MEETS if starts in _BY_ENTRIES else frozenset()


def _must_make_sense(record: Record, found: Deadline) -> None:
    if not found.rules:
        raise record.error("rules", "en frist hviler på mindst én regel")
    if (found.age is None) is (found.starts is Start.AGE):
        raise record.error("age", "hører sammen med »starts: age«")
    if bool(found.rounds) is not (found.starts is Start.ROUND):
        raise record.error("rounds", "hører sammen med »starts: round«")
    if found.starts in EVENTS and not (found.sectors and found.length.number):
        raise record.error("sectors", "en frist, der åbner en bold, skal sige hvor (sectors) og hvor længe (length)")
    if found.starts in (Start.HAND, Start.REQUEST) and not found.length.number:
        raise record.error("length", "mangler: en frist, der sættes i gang, skal have en længde")


def _length(record: Record, field: str, default: Length) -> Length:
    if not record.has(field):
        return default
    value = record.fields[field]
    spans = {span.value for span in Span}
    if not isinstance(value, dict) or len(value) != 1 or not {*value} <= spans:
        raise record.error(field, f"skal være et tal med en af {', '.join(Span)}, som {{months: 3}}")
    ((name, count),) = value.items()
    span = Span(name)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= _MOST[span]:
        raise record.error(field, f"skal være et helt tal fra 1 til {_MOST[span]}")
    return Length(count, span)


def _rounds(record: Record) -> tuple[MonthDay, ...]:
    try:
        return tuple(_day(one) for one in record.texts("rounds"))
    except ValueError:
        raise record.error("rounds", "skal være dage som »05.01« (dag.måned)") from None


def _days(file: str, values: Any) -> frozenset[MonthDay]:
    """Each in quotation marks: 24.10 without them is a number, and the zero of October is lost."""
    try:
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise ValueError(values)
        return frozenset(map(_day, values))
    except ValueError:
        what = "skal være dage som »24.12« (dag.måned), hver i anførselstegn"
        raise LawFileError(f"{file}, felt 'closed': {what}") from None


def _day(text: str) -> MonthDay:
    """A day of every year: 29 February is none."""
    day, _, month = text.partition(".")
    found = date(2001, int(month), int(day))
    return found.month, found.day


# -- the ladder --------------------------------------------------------------------------------------------------------


def _ladder(record: Record) -> Ladder:
    record.only(frozenset({"waits", "within", "steps"}))
    steps = tuple(_step(one) for one in record.records("steps", "trin"))
    order = list(Rung)
    if [step.to for step in steps] != sorted({step.to for step in steps}, key=order.index):
        raise record.error("steps", f"hvert trin én gang, i rækkefølgen {', '.join(Rung)}")
    if [step.after for step in steps] != sorted(step.after for step in steps):
        raise record.error("steps", "et højere trin kan ikke komme før et lavere")
    within = _length(record, "within", AT_ONCE)
    if within.span is not Span.HOURS:
        raise record.error("within", "skal være i timer")
    return Ladder(record.choice("waits", Waits), steps, within.number * _HOUR)


def _step(record: Record) -> Step:
    record.only(frozenset({"to", "after"}))
    after = record.fields.get("after")
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= _MOST[Span.WORKING_DAYS]:
        raise record.error("after", "skal være et helt antal hverdage")
    return Step(record.choice("to", Rung), after)


# -- the instance's own ------------------------------------------------------------------------------------------------


def _changed(record: Record, known: dict[str, Deadline]) -> Deadline:
    """A deadline as an instance wants it: off or on, in another period, shown earlier or later, or shorter."""
    record.only(_LOCAL)
    if record.id not in known:
        raise record.error("id", "fristen findes ikke i deadlines.yaml")
    was = known[record.id]
    valid_from, valid_to = record.period(was.valid_from, was.valid_to)
    length = _length(record, "length", was.length)
    if length.span is not was.length.span or length.number > was.length.number:
        raise record.error("length", f"kan kun være kortere end {was.length.number} ({was.length.span})")
    found = replace(
        was, on=record.flag("switch", was.on), valid_from=valid_from, valid_to=valid_to, length=length,
        lead=_length(record, "lead", was.lead), soon=_length(record, "soon", was.soon),
        rounds=_rounds(record) or was.rounds,
    )  # fmt: skip
    _must_make_sense(record, found)
    return found
