"""Everyday changes of what several forms have in common: the base of a family, a shared section or question, and the
answers to choose from. Pure.

Where `editing` puts a step at the end of a form's overlay, this changes the record itself; so it does with the answers
of a question that a form has written itself. Each takes the catalogue as
it stands (`Tried`) and gives the record as it would be. A record has *entries*: a shared question by its name alone, by
its name with other words (`item: ...`), or a question written where it stands; and *sections*: its own, or a shared one
by its name (`use: ...`), whose questions are changed in the shared section itself.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from .assembling import assemble, base_form, section_alone
from .differences import Line, beside
from .editing import (
    Content,
    Heading,
    NewItem,
    NewSection,
    Words,
    ident_of,
    item_of,
    said,
    section_in,
    section_of,
    used_in,
)
from .files import FormError, Raw, sources_of
from .local import Sort, Tried, find, key_of
from .model import Form, Option, Part, Party, every

Entry = str | Content


class Common(NamedTuple):
    """A record that several forms have in common."""

    sort: Sort
    ident: str

    @property
    def key(self) -> str:
        return key_of(self.sort, self.ident)


# -- looking -----------------------------------------------------------------------------------------------------------


def as_form(have: Tried, one: Common) -> Form:
    """What is in a record, to look at as if it were a form, which it may be: a family without any overlay, with its
    `{words}` as they are; a shared section after what a form that has it asks before it."""
    if one.sort is Sort.FORM:
        return have.forms[one.ident]
    if one.sort is Sort.FAMILY:
        variant = next((found for found in have.sources.variants if found.family == one.ident), None)
        if variant is None:
            raise FormError(f"familien {one.ident} har ingen skemaer")
        return base_form(replace(variant, title="", words={}), have.sources)
    section = section_alone(have.sources.shared.topics[one.ident], have.sources, have.forms.values())
    form = next(iter(used_by(have, one)), None) or next(iter(have.forms.values()))
    before: list[Any] = []
    for found in form.sections:
        if found.id == section.id:
            break
        before.append(found)
    part = Part(section.part, Party.ANYBODY, section.title)
    return replace(form, id=one.ident, title=section.title, family="", parts=(part,), sections=(*before, section))


def used_by(have: Tried, one: Common) -> list[Form]:
    """The forms that have it."""
    forms = have.forms.values()
    match one.sort:
        case Sort.FAMILY:
            return [form for form in forms if form.family == one.ident]
        case Sort.SECTION:
            return [form for form in forms if section_in(form, one.ident)]
        case Sort.FORM:
            return [have.forms[one.ident]]
        case Sort.LIST:
            named = [ident for ident, record in _every_item(have.raw) if record.get("options") == one.ident]
            return [form for form in forms if any(ident in named for ident in _ids(form))]
    return used_in(forms, one.ident)


def _ids(form: Form) -> Iterator[str]:
    return (item.id for section in form.sections for item in every(section.items))


def _every_item(raw: Raw) -> Iterator[tuple[str, Content]]:
    """Every question that is written somewhere, by its id."""

    def inside(entries: Iterable[Any]) -> Iterator[tuple[str, Content]]:
        for one in entries:
            if isinstance(one, dict):
                if "id" in one and "kind" in one:
                    yield one["id"], one
                yield from inside(one.get("items", ()))

    yield from inside(raw.shared["items"])
    yield from inside(raw.shared["sections"])
    for record in (*raw.families.values(), *raw.forms.values()):
        yield from inside(record.get("sections", ()))
        yield from inside(step["add"] for step in record.get("overlay", ()) if "add" in step)


def holder_of(raw: Raw, ident: str) -> Common | None:
    """The shared question that is, or has in it, the one of that id."""
    for record in raw.shared["items"]:
        if ident in names(record.get("items", ()), {record["id"]}):
            return Common(Sort.QUESTION, record["id"])
    return None


def names(entries: Iterable[Any], found: set[str] | None = None) -> set[str]:
    """The names of entries and of what is written in them."""
    found = set() if found is None else found
    for one in entries:
        found.add(_name(one))
        if isinstance(one, dict):
            names(one.get("items", ()), found)
    return found


def own_names(raw: Raw, one: Common) -> set[str]:
    """What a record can change of itself: its sections, and the entries in those that are its own."""
    return names(_sections(raw, one))


def _name(entry: Entry) -> str:
    if isinstance(entry, str):
        return entry
    return str(entry.get("use") or entry.get("item") or entry["id"])


def _record(raw: Raw, one: Common) -> Content:
    found = find(raw, one.key)
    if found is None:
        raise FormError(f"{one.key} findes ikke")
    return dict(found)


def _sections(raw: Raw, one: Common) -> list[Content]:
    """Of a family its sections; a shared section is its only one; a shared question stands in one without a name, as
    does what the overlay of a form adds."""
    record = _record(raw, one)
    match one.sort:
        case Sort.FAMILY:
            return list(record["sections"])
        case Sort.SECTION:
            return [record]
        case Sort.FORM:
            added = [step["add"] for step in record.get("overlay", ()) if "add" in step]
            return [*record.get("sections", ()), {"id": "", "items": added}]
    return [{"id": "", "items": [record]}]


def _with_sections(raw: Raw, one: Common, sections: Sequence[Content]) -> Content:
    match one.sort:
        case Sort.FAMILY:
            return {**_record(raw, one), "sections": list(sections)}
        case Sort.SECTION:
            return sections[0]
        case Sort.FORM:
            return _with_own(_record(raw, one), sections)
    return dict(sections[0]["items"][0])


def _with_own(form: Content, sections: Sequence[Content]) -> Content:
    """A form with its own sections, and what its overlay adds, as they are here."""
    added = iter(sections[-1]["items"])
    overlay = [{**step, "add": next(added)} if "add" in step else step for step in form.get("overlay", ())]
    said = {"sections": list(sections[:-1]), "overlay": overlay}
    return form | {name: one for name, one in said.items() if one}


# -- changing ----------------------------------------------------------------------------------------------------------

Edit = Callable[[Any], list[Any]]


def _edited(raw: Raw, one: Common, target: str, edit: Edit) -> Content:
    """The record with the section, or the entry at any depth, of that name replaced by what `edit` makes of it."""
    sections = _sections(raw, one)
    if target not in names(sections):
        raise FormError(f"{one.key}: der er intet felt eller afsnit, der hedder {target}")
    return _with_sections(raw, one, _with_edited(sections, target, edit))


def _with_edited(entries: Sequence[Any], target: str, edit: Edit) -> list[Any]:
    found: list[Any] = []
    for one in entries:
        if _name(one) == target:
            found += edit(one)
        elif isinstance(one, dict) and "items" in one:
            found.append({**one, "items": _with_edited(one["items"], target, edit)})
        else:
            found.append(one)
    return found


def worded(have: Tried, one: Common, target: str, wanted: Words | Heading) -> Content:
    """The record with a question, or a section, that says what is wanted."""

    def word(entry: Entry) -> list[Entry]:
        shared = _shared(have, entry)
        if shared is None:
            return [said(entry, wanted.content)] if isinstance(entry, dict) else [entry]
        differs = {name: one for name, one in wanted.content.items() if one != shared[name]}
        if isinstance(wanted, Heading) and isinstance(entry, dict):
            return [{**{name: one for name, one in entry.items() if name in _OF_A_USE}, **differs}]
        return [{"item": target, **differs} if differs else target]

    return _edited(have.raw, one, target, word)


_OF_A_USE = frozenset(("use", "part"))
"""What is said of a shared section besides its heading."""


def _shared(have: Tried, entry: Entry) -> Content | None:
    """What a shared question, or section, says where nothing is said differently; None of what is written there."""
    if isinstance(entry, dict) and "use" in entry:
        topic = have.sources.shared.topics[entry["use"]]
        return Heading(topic.title, topic.help, topic.when).content
    if isinstance(entry, str) or "item" in entry:
        return Words.of(have.sources.shared.items[_name(entry)]).content
    return None


def without(raw: Raw, one: Common, target: str) -> Content:
    return _edited(raw, one, target, lambda _: [])


def moved(raw: Raw, one: Common, target: str, up: bool) -> Content:
    """A question one place up or down among those it stands with, and at the end of a section into the next of the
    record's own; a section past another. As it is where it can go no further."""
    sections = _sections(raw, one)
    return _with_sections(raw, one, _swapped(sections, target, up) or _handed_on(sections, target, up) or sections)


def _swapped(entries: Sequence[Any], target: str, up: bool) -> list[Any] | None:
    found = list(entries)
    at = next((place for place, one in enumerate(found) if _name(one) == target), None)
    if at is not None:
        other = at + (-1 if up else 1)
        if not 0 <= other < len(found):
            return None
        found[at], found[other] = found[other], found[at]
        return found
    for place, one in enumerate(found):
        inner = _swapped(one["items"], target, up) if isinstance(one, dict) and "items" in one else None
        if inner:
            found[place] = {**one, "items": inner}
            return found
    return None


def _handed_on(sections: Sequence[Content], target: str, up: bool) -> list[Content] | None:
    """With what stands last (first) in a section put first (last) in the next (the one before) that is the record's."""
    own = [place for place, one in enumerate(sections) if "items" in one]
    at = next((place for place in own if target in map(_name, sections[place]["items"])), None)
    beside = [] if at is None else [place for place in own if (place < at if up else place > at)]
    if at is None or not beside:
        return None
    other = beside[-1] if up else beside[0]
    taken = next(one for one in sections[at]["items"] if _name(one) == target)
    there = sections[other]["items"]
    found = list(sections)
    found[at] = {**found[at], "items": [one for one in found[at]["items"] if one is not taken]}
    found[other] = {**found[other], "items": [*there, taken] if up else [taken, *there]}
    return found


def with_shared(raw: Raw, one: Common, ident: str, after: str) -> Content:
    """With a question, or a section, that other forms have too: after another, or last in a section."""
    if find(raw, key_of(Sort.SECTION, ident)) is None:
        return _with(raw, one, ident, after)
    return _edited(raw, one, after, lambda found: [found, {"use": ident, **_part_of(found)}])


def with_new(raw: Raw, one: Common, new: NewItem, after: str, taken: Collection[str]) -> Content:
    return _with(raw, one, item_of(new, taken), after)


def with_section(raw: Raw, one: Common, new: NewSection, after: str, taken: Collection[str]) -> Content:
    """With a section of its own and its first question, after another section."""
    return _edited(
        raw, one, after,
        lambda found: [found, section_of(new._replace(part=new.part or found.get("part", "")), taken)],
    )  # fmt: skip


def _part_of(section: Content) -> Content:
    return {"part": section["part"]} if "part" in section else {}


def _with(raw: Raw, one: Common, entry: Entry, after: str) -> Content:
    """With an entry after another, or last in the section of that name."""
    sections = [_name(found) for found in _sections(raw, one)]

    def put(found: Any) -> list[Any]:
        return [{**found, "items": [*found["items"], entry]}] if after in sections else [found, entry]

    return _edited(raw, one, after, put)


# -- answers to choose from --------------------------------------------------------------------------------------------


def answers(raw: Raw, one: Common, target: str, options: Sequence[Option]) -> Content:
    """A list, or the question `target` of a record, with these answers. One without a code is new and gets one."""
    codes = [option.code for option in options if option.code]
    content: Content = {}
    for option in options:
        code = option.code or ident_of(option.text, codes)
        codes.append(code)
        more = {
            name: value for name, value in (("score", option.score), ("child", option.child)) if value not in ("", None)
        }
        content[code] = {"text": option.text, **more} if more else option.text
    if one.sort is Sort.LIST:
        return content
    return _edited(raw, one, target, lambda entry: [{**entry, "options": content}])


def options_of(raw: Raw, one: Common, target: str) -> Any:
    """The answers of a question as the record writes them: a list's name, or the answers; None where it has none of its
    own."""
    found: list[Any] = []
    if target in names(_sections(raw, one)):
        _edited(raw, one, target, lambda entry: found.append(entry) or [entry])  # type: ignore[func-returns-value]
    return found[0].get("options") if found and isinstance(found[0], dict) else None


def answers_of(have: Tried, form: Form, target: str) -> Common | None:
    """Where the answers of a question in a form are written: in the form itself, in its family, in a shared section, or
    with the shared question; their list, where they are one. None of what has none to choose from."""
    sections = (Common(Sort.SECTION, one.id) for one in form.sections if one.id in have.sources.shared.topics)
    family = [Common(Sort.FAMILY, form.family)] if form.family else []
    for one in (Common(Sort.FORM, form.id), *family, *sections, holder_of(have.raw, target)):
        if one and (own := options_of(have.raw, one, target)):
            return Common(Sort.LIST, own) if isinstance(own, str) else one
    return None


# -- what a change does ------------------------------------------------------------------------------------------------


class Effect(NamedTuple):
    """What a change makes of one form: `lines`, what becomes different, as it is beside as it would be; `family`, its
    base beside it then. `problem`: why it can't be put together any more; then it is as it is."""

    form: Form
    lines: tuple[Line, ...] = ()
    family: tuple[Line, ...] = ()
    problem: str = ""


def effects(have: Tried, raw: Raw) -> list[Effect]:
    """What becomes of each form that another catalogue (`raw`) makes different. `LawFileError`: it can't be read."""
    sources = sources_of(raw)
    found = []
    for variant in sorted(sources.variants, key=lambda one: one.number):
        before = have.forms[variant.id]
        try:
            after = assemble(variant, sources)
        except FormError as fault:
            found.append(Effect(before, problem=str(fault)))
            continue
        if after != before:
            lines = tuple(line for line in beside(before, after, whole=True) if not line.same)
            base = tuple(beside(base_form(variant, sources), after)) if variant.family else ()
            found.append(Effect(after, lines, base))
    return found
