"""What is asked, what is lacking, what is worked out, and whose turn it is. Pure, and total: they answer whatever the
answers are.

A condition inside a repetition means that repetition's item. What a hidden item says counts for nothing: it answers no
condition, is never required and is not sent; it stays in the draft, and is there again when it is asked again.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeVar

from barnetsbog.kernel.cpr import looks_like_one, normalise, passes_modulus_11
from barnetsbog.kernel.numbers import danish
from barnetsbog.kernel.time import parse

from .answers import (
    asks,
    iso_day,
    items_of,
    moved_up,
    normal,
    places,
    repetitions,
    says_something,
    values_at,
    with_values,
    without_one,
)
from .model import Answers, Form, Item, Kind, Op, Option, Part, Section, Test, Value, When

LONGEST = 100_000
"""Signs of one answer where the form says nothing else."""

Noted = TypeVar("Noted")


# -- what is asked -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Level:
    """The items that stand beside each other: those of the form, or of one repetition of a group."""

    items: Mapping[str, tuple[Item, When]]
    """Each with the condition of its section."""
    answers: Answers
    above: "_Level | None" = None
    shown: dict[str, bool] = field(default_factory=dict)
    inside: dict[tuple[str, int], "_Level"] = field(default_factory=dict)


def _top(form: Form, answers: Answers) -> _Level:
    return _Level({item.id: (item, section.when) for section in form.sections for item in section.items}, answers)


def _levels(level: _Level, group: Item) -> Iterator[tuple[int, _Level]]:
    for number, one in enumerate(repetitions(level.answers, group)):
        key = (group.id, number)
        if key not in level.inside:
            level.inside[key] = _Level({item.id: (item, When()) for item in group.items}, one, level)
        yield number, level.inside[key]


def _is_shown(level: _Level, ident: str) -> bool:
    """Whether an item is asked. One whose condition hangs on itself is not."""
    if ident not in level.shown:
        level.shown[ident] = False
        item, section = level.items[ident]
        level.shown[ident] = _holds(level, section) and _holds(level, item.when)
    return level.shown[ident]


def _holds(level: _Level, when: When) -> bool:
    if not when.tests:
        return True
    return (any if when.any_of else all)(_answers_test(level, test) for test in when.tests)


def _answers_test(level: _Level, test: Test) -> bool:
    found = _said(level, test.item)
    if test.op is Op.ANSWERED:
        return bool(found) is (test.value is not False)
    if test.op is Op.IS:
        return any(_same(one, test.value) for one in found)
    if test.op is Op.IS_NOT:  # as FHIR has it: also when nothing is answered
        return not any(_same(one, test.value) for one in found)
    return any(_beyond(one, test.value, over=test.op is Op.OVER) for one in found)


def _same(one: Value, other: object) -> bool:
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _beyond(one: Value, bound: object, *, over: bool) -> bool:
    if isinstance(one, bool) or isinstance(bound, bool):
        return False
    if isinstance(one, int | float) and isinstance(bound, int | float):
        return one > bound if over else one < bound
    if isinstance(one, str) and isinstance(bound, str):  # days
        return one > bound if over else one < bound
    return False


def _said(level: _Level, ident: str) -> list[Value]:
    """The answers to an item that is asked: beside the one who wants to know, further out, or inside a group."""
    here: _Level | None = level
    while here:
        if ident in here.items:
            return _values(here, ident)
        found = [inner for key in here.items for inner in _found_inside(here, key, ident)]
        if found:
            return [value for inner in found for value in _values(inner, ident)]
        here = here.above
    return []


def _found_inside(level: _Level, key: str, ident: str) -> Iterator[_Level]:
    group = level.items[key][0]
    if group.kind is not Kind.GROUP or not any(one.id == ident for one in _all_inside(group)):
        return
    if not _is_shown(level, key):
        return
    for _, inner in _levels(level, group):
        if ident in inner.items:
            yield inner
        else:
            for deeper in inner.items:
                yield from _found_inside(inner, deeper, ident)


def _all_inside(group: Item) -> Iterator[Item]:
    for item in group.items:
        yield item
        yield from _all_inside(item)


def _values(level: _Level, ident: str) -> list[Value]:
    item = level.items[ident][0]
    if not _is_shown(level, ident) or item.kind is Kind.GROUP:
        return []
    return [one for one in level.answers.get(ident, ()) if not isinstance(one, Mapping) and one != ""]


def shown(form: Form, answers: Answers) -> frozenset[str]:
    """The paths of the items that are asked now, groups and words to read among them. A condition on a sum asks what
    is worked out, whatever somebody has sent in its place."""
    return _asked(form, worked_out(form, answers))


def _asked(form: Form, answers: Answers) -> frozenset[str]:
    return frozenset(_shown(_top(form, answers), ""))


def _shown(level: _Level, prefix: str) -> Iterator[str]:
    for ident, (item, _) in level.items.items():
        if _is_shown(level, ident):
            yield prefix + ident
            if item.kind is Kind.GROUP:
                for number, inner in _levels(level, item):
                    yield from _shown(inner, f"{prefix}{ident}.{number}.")


def submitted(form: Form, answers: Answers) -> Answers:
    """What is sent: the answers to what is asked, with what is worked out, without repetitions that say nothing."""
    return noted_as_submitted(form, answers, {})[0]


def noted_as_submitted(
    form: Form, answers: Answers, noted: Mapping[str, Noted]
) -> tuple[Answers, dict[str, Noted]]:  # fmt: skip
    """The same, with what is noted of answers (where each is from) at the places that they have then."""
    return _closed_up(form, _kept(_top(form, worked_out(form, answers))), noted)


def _closed_up(form: Form, answers: Answers, noted: Mapping[str, Noted]) -> tuple[Answers, dict[str, Noted]]:
    """Where a repetition says nothing, those after it move up, and so does what is noted of them. What is noted of a
    place without an answer is gone."""
    answers = normal(answers)
    for path, item, _ in reversed([*places(form, answers)]):  # what is inside first
        for number in reversed(range(len(values_at(answers, path)))) if item.kind is Kind.GROUP else ():
            one = values_at(answers, path)[number]
            if not isinstance(one, Mapping) or not says_something(one):
                answers = without_one(answers, path, number)
                noted = {at: found for was, found in noted.items() if (at := moved_up(was, path, number)) is not None}
    return answers, {path: found for path, found in noted.items() if values_at(answers, path)}


def structured(form: Form, answers: Answers, noted: Mapping[str, Noted]) -> tuple[Answers, dict[str, Noted]]:
    """The answers without free text and files: what is chosen, counted, dated, or names something that the book has a
    place for; with what is noted of them. Of `submitted` ones."""
    top = [item for section in form.sections for item in section.items]
    return _closed_up(form, _structured(top, answers, named=False), noted)


def _structured(items: Iterable[Item], answers: Answers, *, named: bool) -> Answers:
    found: dict[str, tuple[Value | Answers, ...]] = {}
    for item in items:
        known = named or bool(item.fill) or item.becomes is not None
        if item.kind is Kind.GROUP:
            found[item.id] = tuple(_structured(item.items, one, named=known) for one in repetitions(answers, item))
        elif item.kind not in (Kind.WORDS, Kind.FILE) and (known or item.kind is not Kind.LINE):
            found[item.id] = tuple(answers.get(item.id, ()))
    return found


def _kept(level: _Level) -> Answers:
    found: dict[str, tuple[Value | Answers, ...]] = {}
    for ident, (item, _) in level.items.items():
        if item.kind is Kind.SHOWN or ident not in level.answers or not _is_shown(level, ident):
            continue
        if item.kind is Kind.GROUP:
            found[ident] = tuple(_kept(inner) for _, inner in _levels(level, item))
        else:
            found[ident] = tuple(one for one in level.answers[ident] if not isinstance(one, Mapping))
    return found


# -- what is worked out ------------------------------------------------------------------------------------------------


def worked_out(form: Form, answers: Answers) -> Answers:
    """The answers with their sums. What is not asked, or has no number, adds nothing; a sum of nothing is not there."""
    adding = [item for item in items_of(form) if item.sums]
    if not adding:
        return answers
    known = {item.id: item for item in items_of(form)}
    paths = list(places(form, answers))
    for path, item, _ in paths:
        answers = with_values(answers, path, ()) if item.sums and values_at(answers, path) else answers
    asked = _asked(form, answers)
    for path, item, _ in paths:
        if item.sums:
            beside = path.rpartition(".")[0]
            terms = [one for one in paths if one.item.id in item.sums and one.path in asked]
            near = [one for one in terms if one.path.startswith(f"{beside}.")] if beside else terms
            numbers = [
                score for one in near or terms for value in values_at(answers, one.path)
                if (score := score_of(known[one.item.id], value)) is not None
            ]  # fmt: skip
            answers = with_values(answers, path, (_whole(sum(numbers)),) if numbers else ())
    return answers


def score_of(item: Item, value: Value | Answers) -> float | None:
    """What an answer counts when answers are added up."""
    if item.options:
        return next((one.score for one in item.options if one.code == value), None)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(number: float) -> float:
    return int(number) if float(number).is_integer() else round(number, 6)


# -- what is wrong -----------------------------------------------------------------------------------------------------


class Fault(NamedTuple):
    """Something that is lacking or can't be right, at its place. A warning keeps nobody from sending."""

    path: str
    text: str
    warning: bool = False
    missing: bool = False
    ask: str = ""

    @property
    def told(self) -> str:
        """What is wrong, with the question, for a list of everything."""
        return self.text if self.missing or not self.ask else f"{self.ask} {self.text}"


def faults(form: Form, answers: Answers, parts: Collection[str] | None = None) -> list[Fault]:
    """Everything that stands in the way of sending, in the order of the form. `parts`: only these. A repetition that
    says nothing is none, so nothing is lacking in it."""
    asked = shown(form, answers)
    wanted = [one for one in form.sections if parts is None or one.part in parts]
    found: list[Fault] = []
    empty: tuple[str, ...] = ()
    for path, item, _ in places(form, answers, wanted):
        if path in asked and not (empty and path.startswith(empty)):
            found += _faults(item, path, answers)
            found += (one for one in _backwards(item, path, answers) if one.path in asked)
            if item.repeats and item.kind is Kind.GROUP:
                some = [one for one in values_at(answers, path) if isinstance(one, Mapping)] or [{}]
                empty += tuple(f"{path}.{at}." for at, one in enumerate(some) if not says_something(one))
    return found


def _faults(item: Item, path: str, answers: Answers) -> Iterator[Fault]:
    values = values_at(answers, path)
    if item.required and (asks(item) or item.kind is Kind.GROUP) and not _answered(item, values):
        yield Fault(path, f"Du mangler at svare: {item.ask}", missing=True, ask=item.ask)
    if item.kind is Kind.GROUP:
        if item.most and len(values) > item.most:
            yield Fault(path, f"Der er plads til {item.most}. Fjern nogle.")
        return
    for value in values if asks(item) else ():
        if not isinstance(value, Mapping):
            yield from (one._replace(path=path, ask=item.ask) for one in _wrong(item, value))


BEGINS, ENDS = ("since", "from"), ("until", "to")
"""What the days are called between which something that a form tells of went on (`Becomes.parts`)."""


def _backwards(group: Item, path: str, answers: Answers) -> Iterator[Fault]:
    """What a group tells of that ends before it begins, said at its end."""
    begins, ends = (_called(group, names) for names in (BEGINS, ENDS))
    if begins is None or ends is None:
        return
    for number in range(len(values_at(answers, path))):
        at = f"{path}.{number}.{ends.id}"
        if is_backwards(values_at(answers, f"{path}.{number}.{begins.id}"), values_at(answers, at)):
            yield Fault(at, "Det slutter, før det begynder. Ret en af datoerne.", ask=ends.ask)


def _called(group: Item, names: Collection[str]) -> Item | None:
    parts = group.becomes.parts if group.becomes else {}
    return next((one for one in group.items if parts.get(one.id) in names and one.kind is Kind.DATE), None)


def is_backwards(since: Iterable[object], until: Iterable[object]) -> bool:
    """Whether a day, a month or a year ends before another begins. Of what is no day nobody can say."""
    first, last = (next((one for one in told if isinstance(one, str) and iso_day(one)), "") for told in (since, until))
    return bool(first and last) and parse(iso_day(last), end=True)[0] < parse(iso_day(first))[0]


def _answered(item: Item, values: Iterable[Value | Answers]) -> bool:
    if item.kind is Kind.GROUP:
        return any(isinstance(one, Mapping) and says_something(one) for one in values)
    return any(not isinstance(one, str) or one.strip() for one in values)


def _wrong(item: Item, value: Value) -> Iterator[Fault]:
    text = value if isinstance(value, str) else ""
    if item.kind in (Kind.CHOICE, Kind.CHOICES):
        if value not in [one.code for one in item.options]:
            yield Fault("", "Vælg et af svarene.")
    elif item.kind is Kind.YES_NO:
        if not isinstance(value, bool):
            yield Fault("", "Vælg ja eller nej.")
    elif item.kind in (Kind.NUMBER, Kind.DECIMAL):
        yield from _wrong_number(item, value)
    elif len(text) > (item.limit or LONGEST):
        yield Fault("", f"Der er plads til {item.limit or LONGEST} tegn, og der står {len(text)}.")
    elif item.kind in _WRITTEN:
        yield from _WRITTEN[item.kind](text)


def _wrong_number(item: Item, value: Value) -> Iterator[Fault]:
    whole = item.kind is Kind.NUMBER
    if isinstance(value, str | bool) or (whole and not float(value).is_integer()):
        yield Fault("", "Skriv et helt tal, for eksempel 12." if whole else "Skriv et tal, for eksempel 12,5.")
    elif item.low is not None and value < item.low:
        yield Fault("", f"Tallet skal være {danish(item.low)} eller mere.")
    elif item.high is not None and value > item.high:
        yield Fault("", f"Tallet skal være {danish(item.high)} eller mindre.")


def _cpr(text: str) -> Iterator[Fault]:
    """Whoever has no CPR number yet has one in its place, which may have letters and has no check digit."""
    number = normalise(text)
    replaces = not number.isdecimal() or number[0] > "3"
    if not looks_like_one(number):
        yield Fault("", "Skriv cpr-nummeret som ti cifre, for eksempel 010217-1234.")
    elif not replaces and not passes_modulus_11(number):
        yield Fault("", "Tjek cpr-nummeret. Det kan godt være rigtigt, men det ligner ikke de fleste.", warning=True)


def _phone(text: str) -> Iterator[Fault]:
    """Danish and foreign numbers, short ones, and the series that the demonstration has to itself (00 00 00 xx)."""
    digits = re.sub(r"[\s.()-]", "", text)
    if not re.fullmatch(r"(?:(?:\+|00)45)?[1-9]\d{7}|(?:\+|00)(?!45)[1-9]\d{6,14}|112|114|116\d{3}|0{6}\d\d", digits):
        yield Fault("", "Skriv telefonnummeret med otte cifre, for eksempel 12 34 56 78.")


def _postcode(text: str) -> Iterator[Fault]:
    if not re.fullmatch(r"(?:DK-)?\d{4}", text) or int(text[-4:]) < 555:  # the lowest in Denmark
        yield Fault("", "Skriv postnummeret med fire cifre, for eksempel 8000.")


def _email(text: str) -> Iterator[Fault]:
    if not re.fullmatch(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+", text):
        yield Fault("", "Skriv mailadressen med @, for eksempel navn@eksempel.dk.")


def _day(text: str) -> Iterator[Fault]:
    if not iso_day(text):
        yield Fault("", "Skriv datoen som dag, måned og år, for eksempel 03.12.2026.")


_WRITTEN = {
    Kind.CPR: _cpr, Kind.PHONE: _phone, Kind.POSTCODE: _postcode, Kind.EMAIL: _email, Kind.DATE: _day,
}  # fmt: skip


# -- how far it is -----------------------------------------------------------------------------------------------------


class Progress(StrEnum):
    """How a topic stands in the list of tasks."""

    MISSING = "missing"  # nobody has begun
    BEGUN = "begun"
    LATER = "later"  # somebody else must finish theirs first
    DONE = "done"


def progress(form: Form, answers: Answers, section: Section) -> Progress:
    """How far one topic is: done when nothing in it stands in the way and something is answered, or need be."""
    asked = shown(form, answers)
    mine = [one for one in places(form, answers, [section]) if one.path in asked and asks(one.item)]
    answered = [one for one in mine if values_at(answers, one.path)]
    if any(not one.warning for one in _section_faults(form, answers, section)):
        return Progress.BEGUN if answered else Progress.MISSING
    return Progress.DONE if answered or not mine else Progress.MISSING


def _section_faults(form: Form, answers: Answers, section: Section) -> list[Fault]:
    within = {one.path for one in places(form, answers, [section])}
    return [one for one in faults(form, answers, {section.part}) if one.path in within]


def asked_sections(form: Form, answers: Answers, parts: Collection[str]) -> list[Section]:
    """The topics of some parts in which anything is asked now."""
    asked = shown(form, answers)
    return [
        one for one in form.sections if one.part in parts and any(item.id in asked for item in one.items)
    ]  # fmt: skip


# -- whose turn it is --------------------------------------------------------------------------------------------------


def may_begin(part: Part, finished: Collection[str]) -> bool:
    """Whether a part can be answered: those before it are finished."""
    return set(part.after) <= set(finished)


def needed(form: Form, answers: Answers) -> list[Part]:
    """The parts in which anything is asked, as far as can be told now. A part that no condition leaves anything in is
    nobody's to answer."""
    return [part for part in form.parts if asked_sections(form, answers, {part.id})]


# -- two versions ------------------------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """What has become of the questions since a draft was begun. `lost`: the paths of answers that the new version has
    no place for, or asks somebody else for; `unasked`: those of answers that it would not ask for, given the others, so
    that they stay in the draft and are not sent; `handed`: the sections that have come to one, or gone from one, and
    who answers them now."""

    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    changed: tuple[tuple[Item, Item], ...] = ()
    """Before and after."""
    lost: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()
    handed: tuple[tuple[Section, Part], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.unasked or self.handed)


def difference(old: Form, new: Form, answers: Answers, mine: Collection[str]) -> Difference:
    """What differs between two versions of a form for whoever answers the parts `mine`, and which of their answers no
    longer fit."""
    before, after = ({item.id: item for item in items_of(form)} for form in (old, new))
    both = [(before[ident], item) for ident, item in after.items() if ident in before]
    removed = tuple(item for ident, item in before.items() if ident not in after)
    lost = tuple(_misfits(old, new, answers, mine))
    return Difference(
        added=tuple(item for ident, item in after.items() if ident not in before), removed=removed,
        changed=tuple((one, other) for one, other in both if _looks(one) != _looks(other)),
        lost=lost, unasked=tuple(_unasked(old, new, answers, lost)), handed=tuple(_handed(old, new, mine)),
    )  # fmt: skip


def _handed(old: Form, new: Form, mine: Collection[str]) -> Iterator[tuple[Section, Part]]:
    before, parts = {one.id: one.part for one in old.sections}, {one.id: one for one in new.parts}
    for section in new.sections:
        was = before.get(section.id, section.part)
        if was != section.part and section.part in parts and (was in mine or section.part in mine):
            yield section, parts[section.part]


def _looks(item: Item) -> tuple[object, ...]:
    options: tuple[Option, ...] = item.options
    return item.kind, item.ask, item.help, item.required, options, item.low, item.high, item.limit, item.unit


def _misfits(old: Form, new: Form, answers: Answers, mine: Collection[str]) -> Iterator[str]:
    there = {one.path: one.item for one in places(new, answers, [one for one in new.sections if one.part in mine])}
    for path, item, _ in places(old, answers):
        if not asks(item) or not (values := values_at(answers, path)):
            continue
        now = there.get(path)
        if now is None or now.kind is not item.kind or any(_is_gone(one, item, now) for one in values):
            yield path


def _unasked(old: Form, new: Form, answers: Answers, lost: Collection[str]) -> Iterator[str]:
    before, after = shown(old, answers), shown(new, _without(answers, lost))
    for path, item, _ in places(old, answers):
        if asks(item) and path in before and path not in after and path not in lost and values_at(answers, path):
            yield path


def _is_gone(value: Value | Answers, before: Item, now: Item) -> bool:
    """An answer that the new version does not know and the old one did: an option that is gone. What merely breaks a
    new bound, or was never an option, is told by `faults`."""
    was, is_now = ([one.code for one in item.options] for item in (before, now))
    return bool(now.options) and value not in is_now and (not was or value in was)


def moved_to(new: Form, answers: Answers, gone: Difference) -> Answers:
    """The answers as the new version takes them: what it has no place for is left out, everything else stays."""
    return _without(answers, gone.lost)


def _without(answers: Answers, paths: Iterable[str]) -> Answers:
    for path in paths:
        answers = with_values(answers, path, ())
    return normal(answers)
