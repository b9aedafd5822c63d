"""Answers as plain values: what was typed, where it stands, and changing it. Pure.

A place is named by a path: the ids of the items on the way, and of each group the number of its repetition, with dots
between (`schools.1.name` is the name in the second school). It is also the name of the field on the page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from unicodedata import decimal

from barnetsbog.kernel.numbers import danish, is_number

from .model import Answers, Form, Item, Kind, Section, Value

Values = Sequence[Value | Answers]

UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Signs that FHIR has no place for (R4 §2.24)."""

_DAY = re.compile(r"(?:(\d{1,2})[./ -])?(\d{1,2})[./ -](\d{4})|(\d{4})")


class Place(NamedTuple):
    """One item at one place, with the section it is in."""

    path: str
    item: Item
    section: Section


# -- the form ----------------------------------------------------------------------------------------------------------


def items_of(form: Form) -> Iterator[Item]:
    """Every item, groups before what is in them."""
    for section in form.sections:
        yield from _inside(section.items)


def _inside(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _inside(item.items)


def places(form: Form, answers: Answers, sections: Iterable[Section] | None = None) -> Iterator[Place]:
    """Every item at every place: as many as its group has repetitions, one of a group that has none yet."""
    for section in form.sections if sections is None else sections:
        yield from _places(section.items, answers, "", section)


def _places(items: Iterable[Item], answers: Answers, prefix: str, section: Section) -> Iterator[Place]:
    for item in items:
        yield Place(prefix + item.id, item, section)
        if item.kind is Kind.GROUP:
            for number, one in enumerate(repetitions(answers, item)):
                yield from _places(item.items, one, f"{prefix}{item.id}.{number}.", section)


def repetitions(answers: Answers, group: Item) -> list[Answers]:
    """What is answered in each repetition of a group; one empty one where nothing is, so that it can be asked."""
    return [one for one in answers.get(group.id, ()) if isinstance(one, Mapping)] or [{}]


def asks(item: Item) -> bool:
    """Whether somebody answers it: not words to read, nor what is added up."""
    return item.kind not in (Kind.GROUP, Kind.SHOWN) and not item.sums


# -- reading and changing ----------------------------------------------------------------------------------------------


def values_at(answers: Answers, path: str) -> Values:
    """What stands at a place; nothing where there is no such place."""
    steps, here = path.split("."), answers
    for group, number in zip(steps[:-1:2], steps[1::2], strict=True):
        some = here.get(group, ())
        at = int(number) if is_number(number) else len(some)  # a page can name any place
        one = some[at] if at < len(some) else {}
        here = one if isinstance(one, Mapping) else {}
    return here.get(steps[-1], ())


def with_values(answers: Answers, path: str, values: Values) -> Answers:
    """The answers with something else at one place; the repetitions on the way are made where they are not there."""
    head, dot, rest = path.partition(".")
    if not dot:
        kept = {key: one for key, one in answers.items() if key != head}
        return {**kept, head: tuple(values)} if values else kept
    number, _, rest = rest.partition(".")
    some = [one if isinstance(one, Mapping) else {} for one in answers.get(head, ())]
    some += [{}] * (int(number) + 1 - len(some))
    some[int(number)] = with_values(some[int(number)], rest, values)
    return {**answers, head: tuple(some)}


def normal(answers: Answers) -> Answers:
    """The same without what says nothing: texts without a sign, items without values. Empty repetitions stay, for
    somebody has asked for them."""
    found: dict[str, Values] = {}
    for key, values in answers.items():
        kept = tuple(normal(one) if isinstance(one, Mapping) else one for one in values if not _is_empty(one))
        if kept:
            found[key] = kept
    return found


def _is_empty(value: Value | Answers) -> bool:
    return isinstance(value, str) and not value.strip()


def says_something(answers: Answers) -> bool:
    return any(
        says_something(one) if isinstance(one, Mapping) else not _is_empty(one)
        for values in answers.values()
        for one in values
    )


# -- repetitions -------------------------------------------------------------------------------------------------------


def with_one_more(answers: Answers, group: Item, path: str) -> Answers:
    """One more repetition of a group, empty, as long as there may be more. The first is always asked, so it counts."""
    some = values_at(answers, path) or ({},)
    return answers if group.most and len(some) >= group.most else with_values(answers, path, (*some, {}))


def without_one(answers: Answers, path: str, number: int) -> Answers:
    some = values_at(answers, path)
    return with_values(answers, path, (*some[:number], *some[number + 1 :]))


def moved_up(path: str, group: str, number: int) -> str | None:
    """Where a place is when a repetition of the group at `group` has gone; None for what went with it."""
    if not path.startswith(f"{group}."):
        return path
    at, _, rest = path[len(group) + 1 :].partition(".")
    if int(at) == number:
        return None
    return path if int(at) < number else f"{group}.{int(at) - 1}.{rest}"


# -- what is typed -----------------------------------------------------------------------------------------------------


def typed(item: Item, texts: Iterable[str]) -> Values:
    """What somebody typed, or chose, as a value of its kind. What can't be read as one is kept as it was typed, so that
    nothing is lost; `rules.faults` says what is wrong with it."""
    told = (one.replace("\r\n", "\n").replace("\r", "\n") for one in texts)  # a line in a PDF ends with \r alone
    kept = [clean for one in told if (clean := UNKEEPABLE.sub("", one)).strip()]
    return tuple(dict.fromkeys(_typed(item.kind, one) for one in kept))


def _typed(kind: Kind, text: str) -> Value:
    if kind is Kind.WORDS:
        return text
    text = text.strip()
    if kind in _WITH_DIGITS:
        text = _in_our_digits(text)
    if kind in (Kind.NUMBER, Kind.DECIMAL):
        return _number(text, whole=kind is Kind.NUMBER)
    if kind is Kind.YES_NO:
        return {"ja": True, "nej": False}.get(text.lower(), text)
    return iso_day(text) or text if kind is Kind.DATE else text


_WITH_DIGITS = frozenset((Kind.NUMBER, Kind.DECIMAL, Kind.DATE, Kind.CPR, Kind.PHONE, Kind.POSTCODE))


def _in_our_digits(text: str) -> str:
    """As it is, with 0-9 for the digits of other scripts (Arabic and Persian keyboards have their own)."""
    return "".join(str(decimal(one)) if one.isdecimal() else one for one in text).replace("٫", ",")


def _number(text: str, *, whole: bool) -> Value:
    if not re.fullmatch(r"-?\d{1,12}" if whole else r"-?\d{1,12}([.,]\d{1,6})?", text):
        return text
    return int(text) if whole else float(text.replace(",", "."))


def iso_day(text: str) -> str:
    """A day, a month or a year as people write it, as ISO has it; empty when it is none."""
    if _is_iso(text):
        return text
    found = _DAY.fullmatch(text.strip())
    if not found:
        return ""
    day, month, year, alone = found.groups()
    parts = [alone] if alone else [year, f"{int(month):02}", *([f"{int(day):02}"] if day else [])]
    iso = "-".join(parts)
    return iso if _is_iso(iso) else ""


def _is_iso(text: str) -> bool:
    if not re.fullmatch(r"[12]\d{3}(-\d\d){0,2}", text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def in_words(item: Item, value: Value | Answers) -> str:
    """An answer as people read it, on a page, in a proposal and in what becomes of it."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    chosen = next((one.text for one in item.options if one.code == value), None)
    if chosen is not None:
        return chosen
    if isinstance(value, float):
        return danish(value)
    return written_day(value) if item.kind is Kind.DATE and isinstance(value, str) else str(value)


def written_day(text: str) -> str:
    """A day, a month or a year of ISO as it is typed here; what is none of them as it stands."""
    return ".".join(reversed(text.split("-"))) if _is_iso(text) else text
