"""From sources to forms: base and overlay put together, words filled in, conditions given values of the right kind.
Pure.

What can't be put together is refused here, by the name of the file and of what is wrong: an overlay that names what
isn't there or changes nothing, a word without meaning, a condition on what is not asked yet. What a form must be
beyond that is `checking`'s.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import Any, TypeVar

from barnetsbog.kernel.keeping import kept

from .files import (
    LARGEST,
    Add,
    Base,
    Change,
    Drop,
    Entry,
    FormError,
    InstrumentFile,
    Move,
    PartOf,
    Scale,
    Shared,
    Sources,
    Step,
    Topic,
    Use,
    Variant,
)
from .languages import in_languages
from .model import Becomes, Form, Item, Kind, Op, Part, Section, Test, Value, When, every
from .translations import Translation

_WORD = re.compile(r"\{([^{}]*)\}")
_NUMBERS = (Kind.NUMBER, Kind.DECIMAL)

Edit = Callable[[Item], tuple[Item, ...]]
T = TypeVar("T", Item, Section, When)


def assembled(sources: Sources) -> dict[str, Form]:
    """Every form of the catalogue, by id, in order of their numbers."""
    forms = [assemble(variant, sources) for variant in sources.variants]
    return {form.id: form for form in sorted(forms, key=lambda form: form.number)}


def assemble(variant: Variant, sources: Sources) -> Form:
    """`FormError`: its pieces don't fit together, and why."""
    base = sources.bases.get(variant.family)
    return _assembled(variant, base, sources.shared, sources.instruments, sources.translations)


@kept(128)
def _assembled(
    variant: Variant,
    base: Base | None,
    shared: Shared,
    instruments: Mapping[str, InstrumentFile],
    translations: tuple[Translation, ...],
) -> Form:
    bases = {variant.family: base} if base else {}
    sources = Sources(shared, bases, (variant,), instruments, translations)
    words = _Words(variant)
    form = _formed(variant, variant.overlay, variant.parts, words, sources)
    words.all_used()
    return in_languages(form, sources.translations)


def base_form(variant: Variant, sources: Sources) -> Form:
    """The variant without its overlay: what its family says, in the variant's words."""
    return _formed(variant, (), () if variant.family else variant.parts, _Words(variant, lacking=True), sources)


def _formed(
    variant: Variant,
    overlay: tuple[Step, ...],
    parts: tuple[PartOf, ...],
    words: "_Words",
    sources: Sources,
) -> Form:
    base = base_of(variant, sources)
    if parts and variant.family and parts == base.parts:
        raise FormError(f"{variant.file}, felt 'parts': er de samme som familiens og kan udelades")
    sections = tuple(_section(topic, variant, sources) for topic in base.topics)
    words.used_in(sections, base.parts)
    for step in overlay:
        sections = _stepped(sections, step, variant, sources)
    sections = tuple(_of_the_only_part(section, parts or base.parts) for section in sections)
    sections = tuple(_worded_section(section, words) for section in sections)
    return Form(
        id=variant.id, number=variant.number, version=variant.version, title=words(variant.title or base.title),
        purpose=variant.purpose, family=variant.family, sender=variant.sender, receiver=variant.receiver,
        blocks=variant.blocks, law=variant.law, law_text=variant.law_text, months=variant.months,
        parts=tuple(_worded_part(part.of(variant.sender[0]), words) for part in parts or base.parts),
        sections=_with_values(sections, variant.file), one_page=variant.one_page,
        licensed=sources.instruments[variant.instrument].instrument if variant.instrument else None,
    )  # fmt: skip


def base_of(variant: Variant, sources: Sources) -> Base:
    where = variant.file
    if not variant.family:
        if not variant.topics or not variant.parts or not variant.title:
            raise FormError(f"{where}: et skema uden familie har title, parts og sections")
        return Base(variant.id, variant.title, variant.parts, variant.topics)
    if variant.topics:
        raise FormError(f"{where}: et skema med familie har ingen sections; brug overlay")
    if variant.family not in sources.bases:
        raise FormError(f"{where}, felt 'family': familien {variant.family} findes ikke")
    if variant.instrument and variant.instrument not in sources.instruments:
        raise FormError(f"{where}, felt 'instrument': redskabet {variant.instrument} findes ikke i instruments.yaml")
    return sources.bases[variant.family]


def _section(topic: Topic, variant: Variant, sources: Sources) -> Section:
    items = tuple(_resolved(entry, variant.file, sources) for entry in topic.entries)
    if topic.scales:
        items += _scale_items(variant, sources)
    return Section(topic.id, topic.title, topic.part, items, topic.help, topic.when)


def _of_the_only_part(section: Section, parts: Sequence[PartOf]) -> Section:
    """Where there are several, a section that doesn't say which is nobody's, and `checking` says so."""
    return section if section.part or len(parts) > 1 else replace(section, part=parts[0].id)


def section_alone(topic: Topic, sources: Sources, forms: Iterable[Form]) -> Section:
    """A shared section by itself. Its conditions may be about whatever any of the forms asks."""
    where = "sections.yaml"
    seen = {**sources.shared.items, **{one.id: one for form in forms for s in form.sections for one in every(s.items)}}
    items = tuple(_resolved(entry, where, sources) for entry in topic.entries)
    when = _valued(topic.when, seen, f"{where}, afsnit {topic.id}")
    return Section(topic.id, topic.title, topic.part, _valued_items(items, seen, where), topic.help, when)


def _resolved(entry: Entry, where: str, sources: Sources) -> Item:
    if isinstance(entry, Item):
        if entry.id in sources.shared.items:
            raise FormError(f"{where}, felt {entry.id}: står i sections.yaml; brug navnet alene")
        return entry
    found = sources.shared.items.get(entry.id)
    if found is None:
        raise FormError(f"{where}, felt {entry.id}: findes ikke i sections.yaml")
    return _changed(found, entry.changes, where)


def _changed(item: Item, changes: Mapping[str, Any], where: str) -> Item:
    for name in {"title", "part"} & set(changes):
        raise FormError(f"{where}, felt {item.id}: et felt har ingen {name}")
    changed = _with(item, **changes)
    if changes and changed is item:
        raise FormError(f"{where}, felt {item.id}: ændringen ændrer intet")
    return changed


# -- an instrument's result fields -------------------------------------------------------------------------------------


def scale_item_id(instrument: str, scale: str) -> str:
    return f"{instrument}-{scale}"


def _scale_items(variant: Variant, sources: Sources) -> tuple[Item, ...]:
    if not variant.instrument:
        raise FormError(f"{variant.file}, felt 'instrument': familien {variant.family} kræver et redskab")
    found = sources.instruments[variant.instrument]
    return tuple(_scale_item(found, scale) for scale in found.scales)


def _scale_item(found: InstrumentFile, scale: Scale) -> Item:
    item = scale_item_id(found.id, scale.id)
    return Item(
        id=item, kind=Kind.DECIMAL if scale.decimals else Kind.NUMBER, ask=scale.title, low=scale.bounds[0],
        high=scale.bounds[1], required=scale.total, unit="point", becomes=Becomes("measure", {item: "value"}, item),
        anew=True,
    )  # fmt: skip


# -- the overlay -------------------------------------------------------------------------------------------------------


def _stepped(sections: tuple[Section, ...], step: Step, variant: Variant, sources: Sources) -> tuple[Section, ...]:
    where = f"{variant.file}, overlay"
    match step:
        case Drop(target):
            return _edited(sections, target, where, lambda _: (), lambda _: ())
        case Change(target, changes, badge):
            return _edited(
                sections, target, where,
                lambda item: (_marked(_changed(item, changes, where), badge),),
                lambda section: (_changed_section(section, changes, badge, where),),
            )  # fmt: skip
        case Add(Topic() as topic, beside, before, badge):
            section = _marked_section(_section(topic, variant, sources), badge)
            return _edited(
                sections, beside, where,
                lambda item: _refuse(f"{where}: afsnittet {topic.id} skal stå ved et afsnit; {item.id} er et felt"),
                lambda found: _beside(section, found, before),
            )  # fmt: skip
        case Add(Use() | Item() as entry, beside, before, badge):
            added = _marked(_resolved(entry, variant.file, sources), badge)
            return _edited(
                sections, beside, where,
                lambda item: (added, item) if before else (item, added),
                lambda found: (replace(found, items=(added, *found.items) if before else (*found.items, added)),),
            )  # fmt: skip
        case Move():
            return _moved(sections, step, where)
    raise AssertionError(step)


def _beside(section: Section, found: Section, before: bool) -> tuple[Section, Section]:
    """A new section beside another. It belongs to the same part when it doesn't say which."""
    added = replace(section, part=section.part or found.part)
    return (added, found) if before else (found, added)


def _moved(sections: tuple[Section, ...], step: Move, where: str) -> tuple[Section, ...]:
    """A section beside another; an item beside another, or last (first) in a section."""
    taken: list[Item | Section] = []

    def take(one: Item | Section) -> tuple[()]:
        taken.append(one)
        return ()

    without = _edited(sections, step.target, where, take, take)
    (moved,) = taken
    if isinstance(moved, Section):
        return _edited(
            without, step.beside, where,
            lambda item: _refuse(f"{where}: afsnittet {step.target} skal stå ved et afsnit; {item.id} er et felt"),
            lambda found: (moved, found) if step.before else (found, moved),
        )  # fmt: skip
    return _edited(
        without, step.beside, where,
        lambda item: (moved, item) if step.before else (item, moved),
        lambda found: (replace(found, items=(moved, *found.items) if step.before else (*found.items, moved)),),
    )  # fmt: skip


def _refuse(sentence: str) -> Any:
    raise FormError(sentence)


def _edited(
    sections: tuple[Section, ...],
    target: str,
    where: str,
    item: Edit,
    section: Callable[[Section], tuple[Section, ...]],
) -> tuple[Section, ...]:
    """The sections with the one section, or item at any depth, of that id replaced."""
    if any(one.id == target for one in sections):
        return tuple(new for one in sections for new in (section(one) if one.id == target else (one,)))
    if target not in {one.id for found in sections for one in every(found.items)}:
        raise FormError(f"{where}: der er intet felt eller afsnit, der hedder {target}")
    return tuple(_with(one, items=_edited_items(one.items, target, item)) for one in sections)


def _edited_items(items: tuple[Item, ...], target: str, edit: Edit) -> tuple[Item, ...]:
    found: list[Item] = []
    for item in items:
        if item.id == target:
            found.extend(edit(item))
        else:
            found.append(_with(item, items=_edited_items(item.items, target, edit)) if item.items else item)
    return tuple(found)


def _marked(item: Item, badge: str) -> Item:
    return replace(item, marked=badge) if badge else item


def _marked_section(section: Section, badge: str) -> Section:
    return _with(section, items=tuple(_marked(item, badge) for item in section.items))


def _changed_section(section: Section, changes: Mapping[str, Any], badge: str, where: str) -> Section:
    wrong = sorted(set(changes) - {"title", "help", "when", "part"})
    if wrong:
        told = ", ".join(wrong)
        raise FormError(f"{where}, afsnit {section.id}: kun title, help, when og part kan ændres, ikke {told}")
    changed = _with(section, **changes)
    if changed is section and set(changes) != {"part"}:  # a family may come to give it to the same part
        raise FormError(f"{where}, afsnit {section.id}: ændringen ændrer intet")
    return _marked_section(changed, badge)


# -- words -------------------------------------------------------------------------------------------------------------


class _Words:
    """Fills in `{words}`, and knows which have been used."""

    def __init__(self, variant: Variant, lacking: bool = False) -> None:
        """`lacking`: a word that the variant doesn't say stands as it is, and is no fault."""
        self.file, self.words, self.used, self.lacking = variant.file, variant.words, set[str](), lacking

    def __call__(self, text: str) -> str:
        return _WORD.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        name = found[1]
        self.used.add(name)
        if name not in self.words and not self.lacking:
            where = f"{self.file}, felt 'words'"
            raise FormError(f"{where}: ordet {name} mangler; {{{name}}} er et ord fra words. Brug ellers andre tegn")
        return self.words.get(name, found[0])

    def used_in(self, sections: Iterable[Section], parts: Iterable[PartOf]) -> None:
        """Takes note of the words that a base has use for, also where a variant says something else."""
        for section in sections:
            _worded_section(section, lambda text: self._noted(text))
        for part in parts:
            self._noted(part.title)

    def _noted(self, text: str) -> str:
        self.used.update(_WORD.findall(text))
        return text

    def all_used(self) -> None:
        unused = sorted(set(self.words) - self.used)
        if unused:
            raise FormError(f"{self.file}, felt 'words': {', '.join(unused)} bruges ikke")


def _worded_part(part: Part, words: Callable[[str], str]) -> Part:
    return replace(part, title=words(part.title))


def _worded_section(section: Section, words: Callable[[str], str]) -> Section:
    return _with(
        section, title=words(section.title), help=words(section.help),
        items=tuple(_worded(item, words) for item in section.items),
    )  # fmt: skip


def _worded(item: Item, words: Callable[[str], str]) -> Item:
    return _with(
        item, ask=words(item.ask), help=words(item.help), child=words(item.child),
        items=tuple(_worded(one, words) for one in item.items),
    )  # fmt: skip


def _with(one: T, **said: Any) -> T:
    """What already says it is the same as before: most items of a catalogue have neither words nor conditions."""
    return one if all(getattr(one, name) == value for name, value in said.items()) else replace(one, **said)


# -- conditions --------------------------------------------------------------------------------------------------------


def _with_values(sections: Sequence[Section], where: str) -> tuple[Section, ...]:
    """The sections with the values of their conditions as the item asked about has them. A condition sees what is asked
    before it: in the form, and in the same repetition; never into a repetition from outside."""
    seen: dict[str, Item] = {}
    found = []
    for section in sections:
        when = _valued(section.when, seen, f"{where}, afsnit {section.id}")
        found.append(_with(section, when=when, items=_valued_items(section.items, seen, where)))
    return tuple(found)


def _valued_items(items: tuple[Item, ...], seen: dict[str, Item], where: str) -> tuple[Item, ...]:
    found = []
    for item in items:
        when = _valued(item.when, seen, f"{where}, felt {item.id}")
        inner = dict(seen) if item.repeats else seen
        found.append(_with(item, when=when, items=_valued_items(item.items, inner, where)))
        seen[item.id] = item
    return tuple(found)


def _valued(when: When, seen: Mapping[str, Item], where: str) -> When:
    return _with(when, tests=tuple(_valued_test(test, seen, where) for test in when.tests))


def _valued_test(test: Test, seen: Mapping[str, Item], where: str) -> Test:
    item = seen.get(test.item)
    if item is None:
        raise FormError(f"{where}, felt 'when': der spørges ikke om {test.item}, før det her")
    if test.op is Op.ANSWERED:
        return test
    said = str(test.value)
    if test.op in (Op.OVER, Op.UNDER) and item.kind not in _NUMBERS:
        raise FormError(f"{where}, felt 'when': {test.item} er ikke et tal og kan ikke være {test.op}")
    return replace(test, value=_value(item, said, where))


def can_be_answered(item: Item, number: float) -> bool:
    """Whether a condition may ask for a number."""
    return abs(number) <= LARGEST and (item.kind is Kind.DECIMAL or number.is_integer())


def _value(item: Item, said: str, where: str) -> Value:
    match item.kind:
        case Kind.CHOICE | Kind.CHOICES if said in {option.code for option in item.options}:
            return said
        case Kind.YES_NO if said in ("yes", "no"):
            return said == "yes"
        case Kind.NUMBER | Kind.DECIMAL:
            try:
                number = float(said)
            except ValueError:
                number = nan
            if can_be_answered(item, number):
                return number
    raise FormError(f"{where}, felt 'when': '{said}' er ikke et svar, som {item.id} kan have")
