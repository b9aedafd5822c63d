"""Who answers a form: its parts, in which order, and which sections belong to each. Of a form, and of a family. Pure.

What a form says of its sections becomes steps of its overlay; a family says it in its own record. A section is moved
from one part to another and stays where it stands.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from . import common, editing
from .common import Common
from .editing import Content
from .files import FormError, Raw
from .local import Sort, Tried, find


class PartWords(NamedTuple):
    """What is said of a part. `party`: who answers it, or `files.ANSWERER`; `after`: the parts that are answered before
    it; `each`: everybody of the party answers for themselves."""

    id: str
    title: str
    party: str
    after: tuple[str, ...]
    each: bool

    @classmethod
    def of(cls, part: Content) -> "PartWords":
        """Of a part as a source writes it."""
        after = tuple(part.get("after", ()))
        return cls(part["id"], part["title"], part["party"], after, part.get("each", False))

    @property
    def content(self) -> Content:
        always = {"id": self.id, "party": self.party, "title": self.title}
        return always | ({"after": list(self.after)} if self.after else {}) | ({"each": True} if self.each else {})


class Division(NamedTuple):
    """`parts`: in the order in which they stand; `sections`: the part of each section, by its id, in the order of the
    form. A section that is nobody's has none."""

    parts: tuple[PartWords, ...]
    sections: Mapping[str, str]

    def named(self, ident: str) -> PartWords | None:
        return next((one for one in self.parts if one.id == ident), None)

    def sections_of(self, part: str) -> list[str]:
        return [section for section, whose in self.sections.items() if whose == part]


def division(have: Tried, one: Common) -> Division:
    """How a form, or a family, is divided."""
    sections = {section.id: section.part for section in common.as_form(have, one).sections}
    return Division(tuple(PartWords.of(part) for part in _parts(have.raw, one)), sections)


def _parts(raw: Raw, one: Common) -> Sequence[Content]:
    """Of a form its own, else its family's."""
    record = find(raw, one.key)
    found: Sequence[Content] = record.get("parts") or raw.families[record["family"]]["parts"]
    return found


def divided(have: Tried, one: Common, wanted: Division) -> Content:
    """The form, or the family, divided like this."""
    if one.sort is Sort.FORM:
        return _form(have.raw, one.ident, wanted)
    record = dict(find(have.raw, one.key))
    sections = [_section(section, wanted) for section in record["sections"]]
    return {**record, "parts": [part.content for part in wanted.parts], "sections": sections}


def _section(section: Content, wanted: Division) -> Content:
    """A section of a family that says whose it is; with only one part it need not."""
    whose = wanted.sections[section.get("use") or section["id"]]
    if whose == (section.get("part") or (wanted.parts[0].id if len(wanted.parts) == 1 else "")):
        return section
    first: Content = {name: section[name] for name in ("use", "id", "title") if name in section}
    return {**first, "part": whose, **{name: said for name, said in section.items() if name not in (*first, "part")}}


def _form(raw: Raw, form: str, wanted: Division) -> Content:
    record = _with_parts(raw, form, wanted.parts)
    record = editing.with_steps(record, [one for one in editing.steps_of(record) if set(one) != {"change", "part"}])
    moved = [
        {"change": section.id, "part": wanted.sections[section.id]}
        for section in editing.as_form(raw, record).sections
        if section.part != wanted.sections[section.id]
    ]
    return editing.with_steps(record, [*editing.steps_of(record), *moved])


def _with_parts(raw: Raw, form: str, parts: Sequence[PartWords]) -> Content:
    """What its family says too is not a form's own."""
    record = editing.record_of(raw, form)
    said, family = [one.content for one in parts], raw.families.get(record.get("family", ""))
    if family and said == [PartWords.of(one).content for one in family["parts"]]:
        return {name: one for name, one in record.items() if name != "parts"}
    return {**record, "parts": said}


# -- one more, one less ------------------------------------------------------------------------------------------------


def with_part(now: Division, new: PartWords, after: str, sections: Collection[str]) -> Division:
    """With a part after another (empty: first), and sections that others had."""
    if new.id in [one.id for one in now.parts]:
        raise FormError(f"der er allerede en del, der hedder {new.id}")
    place = 1 + [one.id for one in now.parts].index(after) if after else 0
    places = {section: new.id if section in sections else whose for section, whose in now.sections.items()}
    return Division((*now.parts[:place], new, *now.parts[place:]), places)


def part_id(title: str, now: Division) -> str:
    """A name for a new part, which none of the others has."""
    return editing.ident_of(title, [one.id for one in now.parts])


def without_part(now: Division, part: str, to: str) -> Division:
    """Without a part. Its sections go to another (`to`), and whoever waited for it waits for those it waited for."""
    gone, others = now.named(part), tuple(one for one in now.parts if one.id != part)
    if gone is None:
        raise FormError(f"delen {part} findes ikke")
    if not others:
        raise FormError("et skema skal have mindst en del; tilføj en anden først")
    if now.sections_of(part) and to not in [one.id for one in others]:
        raise FormError(f"sig, hvem der skal svare på afsnittene i »{gone.title}«")
    places = {section: to if whose == part else whose for section, whose in now.sections.items()}
    return Division(tuple(one._replace(after=_waiting(one, gone)) for one in others), places)


def _waiting(part: PartWords, gone: PartWords) -> tuple[str, ...]:
    waits = [name for one in part.after for name in (gone.after if one == gone.id else (one,))]
    return tuple(dict.fromkeys(waits))
