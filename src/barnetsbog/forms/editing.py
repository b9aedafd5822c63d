"""Everyday changes of a form, as steps of its overlay; of a shared question, in its own record. Pure.

Each takes what is read (`Raw`) and gives the record as it would be, for `local` to keep. What somebody may do with one
form (`Words`, dropping, adding, moving) always becomes one step at the end of its overlay, so it means what its editor
saw on the page.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from barnetsbog.kernel.numbers import danish

from .assembling import assemble
from .checking import OWN_NUMBERS
from .differences import source_of
from .files import FormError, Raw, sources_of
from .local import Sort, find, key_of
from .model import Form, Item, Kind, Op, Section, Test, When, every

Content = dict[str, Any]


class Words(NamedTuple):
    """What a form may say differently of a question that is the same question. `limit` 0: none."""

    ask: str
    help: str
    child: str
    required: bool
    limit: int
    when: When

    @classmethod
    def of(cls, item: Item) -> "Words":
        return cls(item.ask, item.help, item.child, item.required, item.limit, item.when)

    @property
    def content(self) -> Content:
        return self._asdict() | {"when": source_of(self.when)}


class Heading(NamedTuple):
    """What a form may say differently of a section."""

    title: str
    help: str
    when: When

    @classmethod
    def of(cls, section: Section) -> "Heading":
        return cls(section.title, section.help, section.when)

    @property
    def content(self) -> Content:
        return self._asdict() | {"when": source_of(self.when)}


class About(NamedTuple):
    """What is said of a form itself."""

    title: str
    purpose: str
    law_text: str
    months: int
    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    blocks: tuple[str, ...]
    one_page: bool


# -- finding -----------------------------------------------------------------------------------------------------------


def item_in(form: Form, ident: str) -> Item | None:
    return next((one for section in form.sections for one in every(section.items) if one.id == ident), None)


def section_in(form: Form, ident: str) -> Section | None:
    return next((one for one in form.sections if one.id == ident), None)


def asked_before(form: Form, ident: str) -> list[Item]:
    """The questions that a condition of a question, or of a section, may ask about: those asked before it, in the form
    or in the same repetition."""
    found: list[Item] = []
    for section in form.sections:
        if section.id == ident or _into(section.items, ident, found):
            break
    return [one for one in found if one.kind not in (Kind.GROUP, Kind.SHOWN, Kind.FILE)]


def _into(items: Iterable[Item], ident: str, found: list[Item]) -> bool:
    """Adds what is asked up to the item of that id; whether it was there."""
    for item in items:
        if item.id == ident:
            return True
        found.append(item)
        inner = [] if item.repeats else found
        if _into(item.items, ident, inner):
            if inner is not found:
                found.extend(inner)
            return True
    return False


def used_in(forms: Iterable[Form], ident: str) -> list[Form]:
    return [form for form in forms if item_in(form, ident)]


def dropped(raw: Raw, form: Form) -> list[str]:
    """What the form leaves out and could have again."""
    return [one["drop"] for one in steps_of(record_of(raw, form.id)) if "drop" in one]


# -- changing ----------------------------------------------------------------------------------------------------------


def record_of(raw: Raw, form: str) -> Content:
    found = find(raw, key_of(Sort.FORM, form))
    if found is None:
        raise FormError(f"skemaet {form} findes ikke")
    return dict(found)


def steps_of(record: Content) -> list[Content]:
    return list(record.get("overlay", []))


def with_steps(record: Content, steps: Sequence[Content]) -> Content:
    others = {name: one for name, one in record.items() if name != "overlay"}
    return {**others, "overlay": list(steps)} if steps else others


def worded(raw: Raw, form: str, target: str, wanted: Words | Heading) -> Content:
    """The form with a question, or a section, that says what is wanted. What it says without the change is no change;
    what was changed before in a way that isn't on the page (a badge, whose it is) stays."""
    record = record_of(raw, form)
    steps = [one for one in steps_of(record) if one.get("change") != target]
    before: Content = {}
    for one in steps_of(record):
        before |= one if one.get("change") == target else {}
    plain = as_form(raw, with_steps(record, steps))
    said: Item | Section | None = (item_in if isinstance(wanted, Words) else section_in)(plain, target)
    if said is None:
        raise FormError(f"{target} er ikke i skemaet")
    now = (Words.of(said) if isinstance(said, Item) else Heading.of(said)).content
    differs = {name: one for name, one in wanted.content.items() if one != now[name]}
    kept: Content = {name: before[name] for name in ("part", "badge") if name in before}
    changes = bool(differs) or "part" in kept
    return with_steps(record, [*steps, {"change": target, **differs, **kept}] if changes else steps)


def as_form(raw: Raw, record: Content) -> Form:
    """The form that a record would be."""
    file = next((name for name, one in raw.forms.items() if one["id"] == record["id"]), "")
    sources = sources_of(Raw(raw.shared, raw.families, {file: record}, raw.instruments, raw.translations))
    return assemble(sources.variants[0], sources)


def without(raw: Raw, form: str, target: str) -> Content:
    record = record_of(raw, form)
    return with_steps(record, [*steps_of(record), {"drop": target}])


def again(raw: Raw, form: str, target: str) -> Content:
    """The form with what it had dropped."""
    record = record_of(raw, form)
    return with_steps(record, [one for one in steps_of(record) if one.get("drop") != target])


def moved(raw: Raw, form: Form, target: str, up: bool) -> Content:
    """A question one place up or down among those it stands with, and at the end of a section into the next; a section
    past another. As it is where it can go no further."""
    record = record_of(raw, form.id)
    step = _move(form, target, up)
    return with_steps(record, [*steps_of(record), step]) if step else record


def _move(form: Form, target: str, up: bool) -> Content | None:
    beside = "before" if up else "after"
    ids = [one.id for one in form.sections]
    if target in ids:
        place = ids.index(target) + (-1 if up else 1)
        return {"move": target, beside: ids[place]} if 0 <= place < len(ids) else None
    for number, section in enumerate(form.sections):
        siblings = _siblings(section.items, target)
        if target not in siblings:
            continue
        place = siblings.index(target) + (-1 if up else 1)
        if 0 <= place < len(siblings):
            return {"move": target, beside: siblings[place]}
        other = number + (-1 if up else 1)
        if target in [one.id for one in section.items] and 0 <= other < len(form.sections):
            return {"move": target, "after" if up else "before": form.sections[other].id}
    return None


def _siblings(items: Sequence[Item], target: str) -> list[str]:
    """The ids of those that stand in the same place as an item; empty when it is not here."""
    ids = [one.id for one in items]
    if target in ids:
        return ids
    return next((found for one in items if (found := _siblings(one.items, target))), [])


class NewItem(NamedTuple):
    """A question of one's own. `options`: the texts to choose from."""

    ask: str
    kind: Kind
    help: str
    required: bool
    options: tuple[str, ...]


class NewSection(NamedTuple):
    """A section of one's own. `part`: whose it is; empty: that of the section it stands beside."""

    title: str
    first: NewItem
    part: str = ""


def with_shared(raw: Raw, form: str, ident: str, after: str) -> Content:
    """With a question, or a section, that other forms have too."""
    record = record_of(raw, form)
    section = find(raw, key_of(Sort.SECTION, ident))
    what = ident if section is None else dict(section)
    return with_steps(record, [*steps_of(record), {"add": what, "after": after}])


def with_new(raw: Raw, form: str, new: NewItem, after: str, taken: Collection[str]) -> Content:
    """With a question of its own, after another or last in a section."""
    record = record_of(raw, form)
    return with_steps(record, [*steps_of(record), {"add": item_of(new, taken), "after": after}])


def item_of(new: NewItem, taken: Collection[str]) -> Content:
    """A new question as a source writes it, with a name that is not taken."""
    item: Content = {"id": ident_of(new.ask, taken), "kind": str(new.kind), "ask": new.ask}
    if new.help:
        item["help"] = new.help
    if new.required:
        item["required"] = True
    if new.options:
        codes: list[str] = []
        for text in new.options:
            codes.append(ident_of(text, codes))
        item["options"] = dict(zip(codes, new.options, strict=True))
    return item


def section_of(new: NewSection, taken: Collection[str]) -> Content:
    """A new section as a source writes it, with names that are not taken."""
    ident = ident_of(new.title, taken)
    part = {"part": new.part} if new.part else {}
    return {"id": ident, "title": new.title, **part, "items": [item_of(new.first, {*taken, ident})]}


def with_section(raw: Raw, form: str, new: NewSection, after: str, taken: Collection[str]) -> Content:
    """With a section of its own and its first question."""
    record = record_of(raw, form)
    content = section_of(new, taken)
    return with_steps(record, [*steps_of(record), {"add": content, "after": after}])


def about(raw: Raw, form: str, wanted: About) -> Content:
    record = record_of(raw, form)
    said = {name: list(one) if isinstance(one, tuple) else one for name, one in wanted._asdict().items()}
    if sorted(said["blocks"]) == sorted(record["blocks"]):
        said["blocks"] = record["blocks"]
    if not wanted.one_page:
        said.pop("one_page")
        record.pop("one_page", None)
    if record.get("family") and not wanted.title:
        said.pop("title")
        record.pop("title", None)
    return {**record, **said}


def copied(raw: Raw, form: Form, ident: str) -> Content:
    """A form of one's own that begins as another."""
    return {**record_of(raw, form.id), "id": ident, "number": next_number(raw), "version": 1, "title": form.title}


def said(record: Content, wanted: Content) -> Content:
    """A record that says what is wanted; what is empty is not written."""
    others = {name: one for name, one in record.items() if name not in wanted or wanted[name]}
    return others | {name: one for name, one in wanted.items() if one}


# -- conditions in words -----------------------------------------------------------------------------------------------

OPS: Mapping[str, tuple[Op, bool | None]] = {
    "er": (Op.IS, None), "er ikke": (Op.IS_NOT, None), "over": (Op.OVER, None), "under": (Op.UNDER, None),
    "besvaret": (Op.ANSWERED, None), "ubesvaret": (Op.ANSWERED, False),
}  # fmt: skip


def test_of(item: Item, op: str, said: str) -> Test:
    """A test of an answer, as somebody has written it: an answer to choose from by its text. `ValueError`: the sentence
    says what can be written."""
    operator, answered = OPS[op]
    if operator is Op.ANSWERED:
        return Test(item.id, operator, answered)
    if operator in (Op.OVER, Op.UNDER) and item.kind not in (Kind.NUMBER, Kind.DECIMAL):
        raise ValueError(f"»{item.ask}« er ikke et tal og kan ikke være over eller under noget.")
    said = said.strip()
    if item.kind in (Kind.NUMBER, Kind.DECIMAL):
        try:
            return Test(item.id, operator, float(said.replace(",", ".")))
        except ValueError:
            raise ValueError(f"Skriv et tal som svar på »{item.ask}«.") from None
    answers = _answers(item)
    found = next((code for code, text in answers.items() if said.lower() in (code, text.lower())), None)
    if found is None:
        told = ", ".join(answers.values())
        raise ValueError(
            f"»{item.ask}« kan have svarene: {told}. Skriv et af dem." if told
            else f"Om »{item.ask}« kan I kun spørge, om det er besvaret."
        )  # fmt: skip
    return Test(item.id, operator, found == "yes" if item.kind is Kind.YES_NO else found)


def _answers(item: Item) -> dict[str, str]:
    if item.kind is Kind.YES_NO:
        return {"yes": "Ja", "no": "Nej"}
    return {one.code: one.text for one in item.options}


def told(test: Test, form: Form) -> tuple[str, str]:
    """How a test reads: its word of `OPS`, and the answer as people write it."""
    item = item_in(form, test.item)
    if test.op is Op.ANSWERED:
        return ("ubesvaret" if test.value is False else "besvaret"), ""
    word = next(name for name, (op, _) in OPS.items() if op is test.op)
    if isinstance(test.value, bool):
        return word, "Ja" if test.value else "Nej"
    if isinstance(test.value, float):
        return word, danish(test.value)
    return word, _answers(item).get(str(test.value), str(test.value)) if item else str(test.value)


# -- names -------------------------------------------------------------------------------------------------------------

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "u", "ö": "oe", "ä": "ae"})
LONGEST_ID = 40


def ident_of(text: str, taken: Collection[str]) -> str:
    """A name for a text, as sources have them: small letters, numbers and hyphens; one that is not taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower().translate(_LETTERS)).strip("-")[:LONGEST_ID].strip("-")
    if not re.match("[a-z]", plain):
        plain = f"x-{plain}".strip("-")
    return next(one for one in _numbered(plain) if one not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def next_number(raw: Raw) -> int:
    """The lowest number that no form of the instance has. `FormError`: all are used."""
    taken = {one.get("number") for one in raw.forms.values()}
    found = next((one for one in OWN_NUMBERS if one not in taken), None)
    if found is None:
        raise FormError("der er ikke plads til flere egne skemaer")
    return found


def names_in(forms: Iterable[Form]) -> set[str]:
    """Every name that a question or a section has."""
    return {
        ident for form in forms for section in form.sections
        for ident in (section.id, *(one.id for one in every(section.items)))
    }  # fmt: skip
