"""What an instance changes in the catalogue: whole records in place of the program's, forms of its own, and test cases.
Pure.

A *record* is what somebody changes at a time: a shared question, a shared section, a list of answers, the base of a
family, a form. It is kept as the YAML that its file would have, so whatever is true of the files is true of it: the
same readers, the same check (`tried`). Everything else is as the program comes with it, also after an update.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import yaml

from barnetsbog.law.rulebook import standard
from barnetsbog.law.rulefiles import SAFE_LOADER, LawFileError, loaded

from .assembling import assembled
from .checking import OWN_NUMBERS, faults, items_of
from .files import FormError, Raw, Sources, read_raw, sources_of
from .model import CONCERN, HOLDING, TAKEN_BACK_FROM, TAKES_BACK, Form, Item, When
from .trying import Case, case_of, failures

LONGEST = 200_000
"""Signs of a record."""


class Sort(StrEnum):
    QUESTION = "question"
    SECTION = "section"
    LIST = "list"
    FAMILY = "family"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Local:
    """An instance's own changes. `records`: the text of each by its key (`form/status-school`)."""

    records: Mapping[str, str] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)

    def with_record(self, key: str, text: str) -> "Local":
        """With one record changed. What is as the program has it is no change."""
        others = {name: one for name, one in self.records.items() if name != key}
        known = find(read_package(), key)
        same = known is not None and _content(key, text) == known
        return replace(self, records=others if same else {**others, key: text})

    def without(self, key: str) -> "Local":
        return replace(self, records={name: one for name, one in self.records.items() if name != key})

    def with_cases(self, cases: Mapping[str, Case]) -> "Local":
        return replace(self, cases=cases)


def key_of(sort: Sort, ident: str) -> str:
    return f"{sort}/{ident}"


def written(local: Local) -> str:
    """As it is kept; the same changes are the same text."""
    content = {"records": dict(local.records), "cases": {one.id: one.content for one in local.cases.values()}}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def read_local(text: str) -> Local:
    """The inverse of `written`; an empty text changes nothing."""
    content = orjson.loads(text) if text else {"records": {}, "cases": {}}
    return Local(content["records"], {ident: case_of(ident, one) for ident, one in content["cases"].items()})


# -- records -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def read_package() -> Raw:
    """The catalogue as the program comes with it."""
    return read_raw()


def find(raw: Raw, key: str) -> Any:
    """What the record of that key says; None when there is none."""
    sort, _, ident = key.partition("/")
    match sort:
        case Sort.QUESTION:
            return next((one for one in raw.shared["items"] if one["id"] == ident), None)
        case Sort.SECTION:
            return next((one for one in raw.shared["sections"] if one["id"] == ident), None)
        case Sort.LIST:
            return raw.shared["options"].get(ident)
        case Sort.FAMILY:
            return raw.families.get(ident)
        case Sort.FORM:
            return next((one for one in raw.forms.values() if one["id"] == ident), None)
    return None


def keys(raw: Raw) -> Iterator[str]:
    """Every record, in the order of the files."""
    yield from (key_of(Sort.LIST, one) for one in raw.shared["options"])
    yield from (key_of(Sort.QUESTION, one["id"]) for one in raw.shared["items"])
    yield from (key_of(Sort.SECTION, one["id"]) for one in raw.shared["sections"])
    yield from (key_of(Sort.FAMILY, one) for one in raw.families)
    yield from (key_of(Sort.FORM, one["id"]) for one in raw.forms.values())


def with_local(raw: Raw, local: Local) -> Raw:
    """The catalogue with an instance's records in the place of the program's. `LawFileError`: one can't be read."""
    for key, text in local.records.items():
        raw = _with(raw, key, _content(key, text))
    return raw


def _with(raw: Raw, key: str, content: Any) -> Raw:
    sort, _, ident = key.partition("/")
    match sort:
        case Sort.QUESTION | Sort.SECTION:
            name = "items" if sort == Sort.QUESTION else "sections"
            return replace(raw, shared={**raw.shared, name: _replaced(raw.shared[name], content)})
        case Sort.LIST:
            return replace(raw, shared={**raw.shared, "options": {**raw.shared["options"], ident: content}})
        case Sort.FAMILY:
            return replace(raw, families={**raw.families, ident: content})
    known = next((name for name, one in raw.forms.items() if one["id"] == ident), None)
    return replace(raw, forms={**raw.forms, known or _file_of(content): content})


def _replaced(records: list[dict[str, Any]], content: dict[str, Any]) -> list[dict[str, Any]]:
    known = any(one["id"] == content["id"] for one in records)
    return [content if one["id"] == content["id"] else one for one in records] + ([] if known else [content])


def _file_of(content: Mapping[str, Any]) -> str:
    number = content.get("number")
    if number not in OWN_NUMBERS:
        least, most = OWN_NUMBERS[0], OWN_NUMBERS[-1]
        raise FormError(f"skema {content['id']}, felt 'number': et eget skema har et nummer fra {least} til {most}")
    return f"{number}-{content['id']}.yaml"


def _content(key: str, text: str) -> Any:
    """What the text of a record says. Its id is the key's: a record can't become another one. `LawFileError` says what
    can't be read, and where."""
    _, _, ident = key.partition("/")
    if len(text) > LONGEST:
        raise LawFileError(f"{key}: teksten er længere end {LONGEST} tegn")
    _scan(key, text)
    content = loaded(text, key)
    if not isinstance(content, dict):
        raise LawFileError(f"{key}: skal være felter med navn og værdi")
    if not key.startswith(f"{Sort.LIST}/") and content.get("id") != ident:
        raise LawFileError(f"{key}, felt 'id': skal være {ident}")
    return content


def _scan(key: str, text: str) -> None:
    """`LawFileError` with the line where it stops being YAML; or it has aliases, which can make a little text a lot."""
    try:
        aliases = any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text, Loader=SAFE_LOADER))
        yaml.compose(text, Loader=SAFE_LOADER)
    except (yaml.YAMLError, RecursionError) as fault:
        at = getattr(fault, "problem_mark", None)
        where = f", linje {at.line + 1}" if at else ""
        raise LawFileError(f"{key}{where}: kan ikke læses ({getattr(fault, 'problem', fault)})") from fault
    if aliases:
        raise LawFileError(f"{key}: henvisninger med * kan ikke bruges")


class _Dumper(yaml.SafeDumper):
    """Lists stand further in than what they belong to, and a text of several lines is one."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def dumped(content: Any) -> str:
    """A record as it is written for people. Reading it gives the same."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def text_of(raw: Raw, local: Local, key: str) -> str | None:
    """A record as it stands; None when there is none."""
    if key in local.records:
        return local.records[key]
    found = find(raw, key)
    return None if found is None else dumped(found)


# -- the whole ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tried:
    """The catalogue with an instance's changes, and what speaks against using it."""

    raw: Raw
    sources: Sources
    forms: Mapping[str, Form]
    faults: tuple[str, ...]


@lru_cache(maxsize=8)
def put_together(content: str) -> Tried:
    """The catalogue with the changes that `written` kept. `LawFileError`: they can't be put together, and why."""
    local = read_local(content)
    raw = with_local(read_package(), local)
    try:
        sources = sources_of(raw)
        forms = assembled(sources)
    except (KeyError, TypeError, AttributeError) as error:  # a record of quite another shape
        raise FormError(f"kan ikke læses: {error}") from error
    wrong = (
        *faults(forms.values(), standard().rules, own=True), *_of_other_kinds(forms), *_of_another_law(forms),
        *_failed(local, forms),
    )  # fmt: skip
    return Tried(raw, sources, forms, wrong)


def _of_other_kinds(forms: Mapping[str, Form]) -> Iterator[str]:
    """Questions that take another kind of answer than the program's of that name: what was answered before would be
    taken for an answer to them."""
    kinds = {item.id: item.kind for form in _program().values() for item in items_of(form)}
    found = {item.id: item.kind for form in forms.values() for item in items_of(form)}
    yield from (
        f"felt {ident} er af en anden slags end i programmet; giv det et nyt navn"
        for ident, kind in found.items() if kinds.get(ident, kind) is not kind
    )  # fmt: skip


def _of_another_law(forms: Mapping[str, Form]) -> Iterator[str]:
    """What follows from the law is not an instance's to change: which rules a form of the program's goes by, what it
    carries, that it is a notification of concern, which is sent without asking anybody (V9) or waiting for them, and
    what follows of itself from an answer: that the family may not know yet, that somebody is told no more."""
    for form in forms.values():
        theirs = _program().get(form.id)
        if theirs is None and form.family == CONCERN:
            yield f"{form.number:02}-{form.id}: et eget skema kan ikke være en underretning ({CONCERN})"
        if form.family == CONCERN and len(form.parts) > 1:
            yield f"{form.number:02}-{form.id}: en underretning har kun en del, så den ikke venter på andre"
        if theirs is not None and (form.family, form.law, form.blocks) != (theirs.family, theirs.law, theirs.blocks):
            yield f"{form.number:02}-{form.id}: family, law og blocks følger af loven og kan ikke ændres her"
        if form.id != TAKES_BACK and TAKEN_BACK_FROM in _binding(form):
            yield f"{form.number:02}-{form.id}: kun skemaet »{TAKES_BACK}« tager et ja tilbage ({TAKEN_BACK_FROM})"
        for ident, one in _binding(theirs).items() if theirs is not None else ():
            mine = _binding(form).get(ident)
            if mine is None or not one.codes <= mine.codes:
                yield f"{form.number:02}-{form.id}: {ident} og dets svar siger, hvem der må vide det, og skal blive"
            elif ident == TAKEN_BACK_FROM and one.codes != mine.codes:
                yield f"{form.number:02}-{form.id}: {ident} kan ikke få flere svar; der skete ikke noget ved dem"
            elif mine.required < one.required or not mine.conditions <= one.conditions:
                yield (
                    f"{form.number:02}-{form.id}: {ident} siger, hvem der må vide det; der skal spørges om det og "
                    "svares, når der skal i programmet"
                )


class _Binding(NamedTuple):
    """A question that says who may know or may no more: what can be answered, whether somebody must, and each condition
    that stands in the way of its being asked, its section's and its groups' too."""

    codes: frozenset[str]
    required: bool
    conditions: frozenset[When]


def _binding(form: Form) -> dict[str, _Binding]:
    return {
        item.id: _Binding(frozenset(option.code for option in item.options), item.required, conditions)
        for section in form.sections
        for item, conditions in _asked_when(section.items, frozenset((section.when,)))
        if item.id in (*HOLDING, TAKEN_BACK_FROM)
    }


def _asked_when(items: Iterable[Item], around: frozenset[When]) -> Iterator[tuple[Item, frozenset[When]]]:
    for item in items:
        conditions = frozenset(one for one in (*around, item.when) if one.tests)
        yield item, conditions
        yield from _asked_when(item.items, conditions)


@lru_cache(maxsize=1)
def _program() -> dict[str, Form]:
    return assembled(sources_of(read_package()))


def _failed(local: Local, forms: Mapping[str, Form]) -> Iterator[str]:
    for case in local.cases.values():
        form = forms.get(case.form)
        found = failures(form, case) if form else ["skemaet findes ikke mere"]
        yield from (f"Prøven »{case.title}«: {one}" for one in found)


def must_hold(content: str) -> None:
    """`FormError` names everything that speaks against publishing."""
    wrong = put_together(content).faults
    if wrong:
        raise FormError("\n".join(wrong))
