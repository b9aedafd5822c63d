"""A form that was read from a Questionnaire (`reading`) as a source: a record that somebody can go on with. Pure.

Its names are made ours: small letters and hyphens, and none that another question has which is not the same question.
What is asked, when, and what can be answered stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from .assembling import can_be_answered
from .checking import meaning
from .differences import source_of
from .editing import ident_of
from .model import Becomes, Form, Item, Kind, Op, Option, Part, Section, Test, When, every

Content = dict[str, Any]


class Told(NamedTuple):
    """What a catalogue's form says of itself and another's Questionnaire doesn't."""

    number: int
    purpose: str
    law_text: str
    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    blocks: tuple[str, ...]


class Known(NamedTuple):
    """The questions that there are, by id: those that forms share, and all of them."""

    shared: Mapping[str, Item]
    every: Mapping[str, Item]


def source(form: Form, ident: str, known: Known, told: Told) -> tuple[Content, tuple[str, ...]]:
    """The record of a form of that id, and in sentences what had to be otherwise."""
    possible, lost = _possible(form)
    ours, renamed = _ours(possible, known, of_ours=bool(form.sender))
    content: Content = {
        "number": told.number, "id": ident, "version": 1, "title": form.title,
        "purpose": form.purpose or told.purpose, "sender": [str(one) for one in form.sender] or list(told.sender),
        "receiver": list(form.receiver or told.receiver), "blocks": sorted(form.blocks) or list(told.blocks),
        "law": list(form.law), "law_text": form.law_text or told.law_text, "months": form.months,
        **({"one_page": True} if form.one_page else {}),
        "parts": [_part(one) for one in ours.parts],
        "sections": [_section(one, known) for one in ours.sections],
    }  # fmt: skip
    return content, (*lost, *renamed)


# -- conditions --------------------------------------------------------------------------------------------------------


def _possible(form: Form) -> tuple[Form, tuple[str, ...]]:
    """The form without the conditions that a source can't say, and which these are."""
    lost: list[str] = []
    seen: dict[str, Item] = {}
    sections = []
    for section in form.sections:
        when = _kept(section.when, seen, section.id, lost)
        sections.append(replace(section, when=when, items=_possible_items(section.items, seen, lost)))
    return replace(form, sections=tuple(sections)), tuple(lost)


def _possible_items(items: tuple[Item, ...], seen: dict[str, Item], lost: list[str]) -> tuple[Item, ...]:
    found = []
    for item in items:
        when = _kept(item.when, seen, item.id, lost)
        inner = dict(seen) if item.repeats else seen
        found.append(replace(item, when=when, items=_possible_items(item.items, inner, lost)))
        seen[item.id] = item
    return tuple(found)


def _kept(when: When, seen: Mapping[str, Item], where: str, lost: list[str]) -> When:
    if all(test.item in seen and _can_be_said(test, seen[test.item]) for test in when.tests):
        return when
    lost.append(f"felt {where}: betingelsen kan ikke bruges her og udelades")
    return When()


def _can_be_said(test: Test, item: Item) -> bool:
    match item.kind:
        case _ if test.op is Op.ANSWERED:
            return True
        case Kind.NUMBER | Kind.DECIMAL:
            return isinstance(test.value, int | float) and can_be_answered(item, float(test.value))
        case Kind.YES_NO:
            return test.op in (Op.IS, Op.IS_NOT)
        case Kind.CHOICE | Kind.CHOICES:
            return test.op in (Op.IS, Op.IS_NOT) and test.value in [one.code for one in item.options]
    return False


# -- names -------------------------------------------------------------------------------------------------------------


def _ours(form: Form, known: Known, of_ours: bool) -> tuple[Form, tuple[str, ...]]:
    """The form with names that the catalogue can have. In a form `of_ours`, one with our own extension, a question that
    has the name of another and means the same is the same; elsewhere the likeness is chance."""
    items = [one for section in form.sections for one in every(section.items)]
    taken: set[str] = set()
    names: dict[str, str] = {}
    for item in items:
        names[item.id] = item.id if _may_keep(item, known, taken, of_ours) else _new_name(item.id, known, taken)
        taken.add(names[item.id])
    codes = {item.id: _codes(item) for item in items}
    sections: dict[str, str] = {}
    for section in form.sections:
        sections[section.id] = ident_of(section.id, taken)
        taken.add(sections[section.id])
    parts = {one.id: ident_of(one.id, []) for one in form.parts}
    made = replace(
        form,
        parts=tuple(_renamed_part(one, parts) for one in form.parts),
        sections=tuple(
            Section(
                sections[one.id], one.title.strip() or form.title, parts[one.part],
                tuple(_renamed(item, names, codes) for item in one.items), one.help, _when(one.when, names, codes),
            )
            for one in form.sections
        ),
    )  # fmt: skip
    changed = {**names, **sections}
    renamed = tuple(f"felt {old}: hedder her {new}" for old, new in changed.items() if old != new)
    recoded = tuple(
        f"felt {ident}: svarene har fået navne, som kan bruges her" for ident, found in codes.items()
        if any(old != new for old, new in found.items())
    )  # fmt: skip
    twice = tuple(
        f"felt {item.id}: to svar har samme kode; det ene udelades" for item in items
        if len(codes[item.id]) < len(item.options)
    )  # fmt: skip
    return made, (*renamed, *recoded, *twice)


def _may_keep(item: Item, known: Known, taken: set[str], of_ours: bool) -> bool:
    if item.id in taken or ident_of(item.id, taken) != item.id:
        return False
    if not of_ours:
        return item.id not in known.shared and item.id not in known.every
    if item.id in known.shared:
        return _as_shared(item, known.shared[item.id]) == replace(item, marked="")
    return item.id not in known.every or meaning(known.every[item.id]) == meaning(item)


def _as_shared(item: Item, shared: Item) -> Item:
    """The shared question in the words of this one."""
    return replace(shared, **{name: getattr(item, name) for name in _WORDED})


def _worded(item: Item) -> Content:
    return {name: getattr(item, name) for name in _WORDED} | {"when": source_of(item.when)}


def _new_name(name: str, known: Known, taken: set[str]) -> str:
    return ident_of(name, {*known.every, *known.shared, *taken})


def _codes(item: Item) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in item.options:
        found[one.code] = ident_of(one.code, list(found.values()))
    return found


Codes = Mapping[str, Mapping[str, str]]


def _renamed(item: Item, names: Mapping[str, str], codes: Codes) -> Item:
    return replace(
        item, id=names[item.id], ask=item.ask.strip() or item.id, when=_when(item.when, names, codes),
        options=tuple(one._replace(code=codes[item.id][one.code]) for one in item.options),
        sums=tuple(names.get(one, one) for one in item.sums),
        becomes=_becomes(item.becomes, names) if item.becomes else None,
        items=tuple(_renamed(one, names, codes) for one in item.items),
    )  # fmt: skip


def _becomes(becomes: Becomes, names: Mapping[str, str]) -> Becomes:
    return replace(becomes, parts={names.get(one, one): part for one, part in becomes.parts.items()})


def _when(when: When, names: Mapping[str, str], codes: Codes) -> When:
    return When(tuple(_test(one, names, codes) for one in when.tests), when.any_of)


def _test(test: Test, names: Mapping[str, str], codes: Codes) -> Test:
    value = codes[test.item].get(test.value, test.value) if isinstance(test.value, str) else test.value
    return Test(names[test.item], test.op, value)


def _renamed_part(part: Part, names: Mapping[str, str]) -> Part:
    return replace(part, id=names[part.id], after=tuple(names[one] for one in part.after))


# -- records -----------------------------------------------------------------------------------------------------------


def _part(part: Part) -> Content:
    return {
        "id": part.id, "party": str(part.party), "title": part.title or part.id,
        **({"after": list(part.after)} if part.after else {}), **({"each": True} if part.each else {}),
    }  # fmt: skip


def _section(section: Section, known: Known) -> Content:
    return {
        "id": section.id, "title": section.title, "part": section.part,
        **({"help": section.help} if section.help.strip() else {}), **_when_content(section.when),
        "items": [_entry(one, known) for one in section.items],
    }  # fmt: skip


def _when_content(when: When) -> Content:
    return {"when": source_of(when)} if when.tests else {}


_WORDED = ("ask", "help", "child", "required", "limit", "when")
"""What a form may say differently of a shared question."""
_SAID: Mapping[str, Callable[[Any], Any]] = {
    "kind": str, "ask": str, "help": str, "child": str, "required": bool, "limit": int, "low": float, "high": float,
    "unit": str, "most": int, "fill": str, "sums": list, "anew": bool,
}  # fmt: skip


def _entry(item: Item, known: Known) -> Content | str:
    """An item as it is written where it stands: a shared one by its name, with what it says differently."""
    if item.id in known.shared and _as_shared(item, known.shared[item.id]) == replace(item, marked=""):
        differs, plain = _worded(item), _worded(known.shared[item.id])
        said = {name: one for name, one in differs.items() if one != plain[name]}
        return {"item": item.id, **said} if said else item.id
    empty = {one.name: one.default for one in fields(Item)}
    written = {
        name: kind(value) for name, kind in _SAID.items()
        if (value := getattr(item, name)) != empty[name] and value is not None
    }  # fmt: skip
    return {
        "id": item.id, **written, **_when_content(item.when),
        **({"options": {one.code: _option(one) for one in item.options}} if item.options else {}),
        **({"becomes": _becomes_content(item.becomes)} if item.becomes else {}),
        **({"items": [_entry(one, known) for one in item.items]} if item.items else {}),
    }  # fmt: skip


def _option(option: Option) -> Any:
    text = option.text.strip() or option.code
    if option.score is None and not option.child:
        return text
    return {
        "text": text, **({"score": option.score} if option.score is not None else {}),
        **({"child": option.child} if option.child else {}),
    }  # fmt: skip


def _becomes_content(becomes: Becomes) -> Content:
    return {
        "what": becomes.what, **({"parts": dict(becomes.parts)} if becomes.parts else {}),
        **({"code": becomes.code} if becomes.code else {}),
    }  # fmt: skip
