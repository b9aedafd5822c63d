"""What a form must be, one by one and all together. Each fault is a sentence for the one who edits the catalogue. Pure.

Drift is when the same id means different things in two forms: then an answer to the one would be taken for an answer
to the other. Wording may differ, because the readers do; kind, answers, unit, what it is filled from and what it
becomes may not.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from barnetsbog.fhir.sdc import check_questionnaire
from barnetsbog.kernel.lix import lix

from .model import Becomes, Form, Item, Kind, Party, Section, every
from .questionnaire import exported
from .sources import SOURCES

NUMBERS = range(1, 55)
OWN_NUMBERS = range(100, 1000)
"""What an instance numbers the forms that it has made itself."""
FAMILIES = tuple(f"V{number}" for number in range(1, 14))
BECOMES: Mapping[str, frozenset[str]] = {
    "condition": frozenset({"what", "since", "until", "by", "code", "effect"}),
    "intervention": frozenset({"what", "by", "since", "until", "effect", "felt"}),
    "own-goal": frozenset({"words", "mark"}),
    "goal": frozenset({"what", "since", "until", "by"}),
    "measure": frozenset({"value", "date", "informant", "version", "words"}),
    "contact": frozenset({"name", "task", "phone", "email"}),
}
"""What an answer may be written as, and the parts of it."""

LONGEST = {"title": 90, "ask": 220, "help": 400, "option": 120, "section": 70, "purpose": 300, "law_text": 400}
"""Most characters of each sort of text."""

HARDEST = {Party.CHILD: 20, Party.PARENT: 30}
HARDEST_FOR_STAFF = 40
ENOUGH_TO_JUDGE = 40
"""Words in a section before its own LIX is judged: it swings for short texts. All that a reader is asked is always
judged."""

_CHOICES = (Kind.CHOICE, Kind.CHOICES)
_WRITTEN = (Kind.LINE, Kind.WORDS)
_COUNTED = (Kind.NUMBER, Kind.DECIMAL)


def faults(forms: Collection[Form], law: Collection[str], own: bool = False) -> tuple[str, ...]:
    """Everything wrong with a catalogue. `law`: the ids of the rules that there are. `own`: an instance's, with forms
    of its own beside those of the program."""
    return (
        *(f"{form.number:02}-{form.id}: {fault}" for form in forms for fault in _judged(form, law)),
        *_whole(forms, own),
        *drift(forms),
        *voices(forms),
    )


_JUDGED: dict[str, tuple[Form, Collection[str], tuple[str, ...]]] = {}
"""By its id how a form was judged last. Whoever changes one form has fifty others that are as before; where what forms
share has changed, most are put together anew and equal: so they are compared, and not only the very same one known."""


def _judged(form: Form, law: Collection[str]) -> tuple[str, ...]:
    before = _JUDGED.get(form.id)
    if before and before[0] == form and before[1] is law:
        return before[2]
    found = tuple(form_faults(form, law))
    _JUDGED[form.id] = form, law, found
    return found


def form_faults(form: Form, law: Collection[str]) -> Iterator[str]:
    for rule in form.law:
        if rule not in law:
            yield f"lovreglen {rule} findes ikke i law/rules.yaml"
    yield from _ids(form)
    yield from _parts(form)
    yield from _texts(form)
    for item in items_of(form):
        yield from (f"felt {item.id}: {fault}" for fault in _item(item))
    for section in form.sections:
        yield from _fills(section.items, frozenset(SOURCES))
    yield from _sums(form)
    yield from _readable(form)
    yield from _as_a_standard(form)


def _as_a_standard(form: Form) -> Iterator[str]:
    """Others get it as a Questionnaire, which must keep to SDC. (Base R4 holds of whatever a form can say: a test.)"""
    wrong = (one for one in check_questionnaire(exported(form)) if one.severity == "error")
    yield from (f"som FHIR, {one.path}: {one.text()}" for one in wrong)


def items_of(form: Form) -> Iterator[Item]:
    return every(item for section in form.sections for item in section.items)


def _ids(form: Form) -> Iterator[str]:
    ids = Counter([*(item.id for item in items_of(form)), *(section.id for section in form.sections)])
    yield from (f"{one} står {count} gange" for one, count in ids.items() if count > 1)


def _parts(form: Form) -> Iterator[str]:
    ids = [part.id for part in form.parts]
    for place, part in enumerate(form.parts):
        if not set(part.after) <= set(ids[:place]):
            yield f"del {part.id}: after skal være dele, der står før den"
        if part.id not in {section.part for section in form.sections}:
            yield f"del {part.id}: »{part.title}« har ingen afsnit; giv den et, eller fjern den"
    for section in form.sections:
        if not section.part:
            yield f"afsnit {section.id}: skemaet har flere dele, så sig, hvem der svarer på »{section.title}«"
        elif section.part not in ids:
            yield f"afsnit {section.id}: delen {section.part} findes ikke; sig, hvem der svarer på »{section.title}«"
        if not section.items:
            yield f"afsnit {section.id}: er tomt"


def _texts(form: Form) -> Iterator[str]:
    yield from _too_long("title", form.title, LONGEST["title"])
    yield from _too_long("purpose", form.purpose, LONGEST["purpose"])
    yield from _too_long("law_text", form.law_text, LONGEST["law_text"])
    for section in form.sections:
        yield from _too_long(f"afsnit {section.id}", section.title, LONGEST["section"])
        yield from _too_long(f"afsnit {section.id}, help", section.help, LONGEST["help"])
    for item in items_of(form):
        longest = LONGEST["help"] if item.kind is Kind.SHOWN else LONGEST["ask"]
        yield from _too_long(f"felt {item.id}", item.ask, longest)
        yield from _too_long(f"felt {item.id}, child", item.child, longest)
        yield from _too_long(f"felt {item.id}, help", item.help, LONGEST["help"])
        for option in item.options:
            yield from _too_long(f"felt {item.id}, svar {option.code}", option.text, LONGEST["option"])


def _too_long(where: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"{where}: teksten har {len(text)} tegn og må have {most}"


def _item(item: Item) -> Iterator[str]:
    if (item.kind in _CHOICES) is not (len(item.options) > 1):
        yield "mindst to svar hører til choice og choices, og ingen til andet"
    if len({option.code for option in item.options}) < len(item.options):
        yield "to svar har samme navn"
    if (item.kind is Kind.GROUP) is not bool(item.items):
        yield "en gruppe har felter, og intet andet har"
    if item.repeats and item.kind is not Kind.GROUP:
        yield "kun en gruppe kan gentages"
    if item.limit and item.kind not in _WRITTEN:
        yield "kun tekst har limit"
    if (item.low is not None or item.high is not None) and item.kind not in _COUNTED:
        yield "kun tal har low og high"
    if item.kind is Kind.NUMBER and not all(
        float(one).is_integer() for one in (item.low, item.high) if one is not None
    ):
        yield "low og high af et helt tal er hele tal; brug kind decimal"
    if item.low is not None and item.high is not None and item.low >= item.high:
        yield "low skal være mindre end high"
    if item.kind is Kind.SHOWN and (item.required or item.help):
        yield "en tekst at læse kan ikke kræve svar og har ingen help"
    if item.becomes:
        yield from _becomes(item, item.becomes)


def _fills(items: Iterable[Item], known: Collection[str]) -> Iterator[str]:
    """In a group that is filled, an item may ask for a part of the thing that the group is filled with."""
    for item in items:
        if item.fill and item.fill not in known:
            yield f"felt {item.id}, fill: {item.fill} findes ikke i sources.py"
        source = SOURCES.get(item.fill)
        yield from _fills(item.items, source.parts if source and source.parts else frozenset(SOURCES))


def _becomes(item: Item, becomes: Becomes) -> Iterator[str]:
    known = BECOMES.get(becomes.what)
    if known is None:
        yield f"becomes: {becomes.what} er ikke en af {', '.join(BECOMES)}"
        return
    inside = {item.id, *(one.id for one in every(item.items))}
    for one, part in becomes.parts.items():
        if part not in known:
            yield f"becomes: {becomes.what} har ikke delen {part}"
        if one not in inside:
            yield f"becomes: feltet {one} er ikke i {item.id}"


def _sums(form: Form) -> Iterator[str]:
    items = {item.id: item for item in items_of(form)}
    for item in items.values():
        for one in item.sums:
            if one not in items or not items[one].options or any(answer.score is None for answer in items[one].options):
                yield f"felt {item.id}: kan ikke lægge {one} sammen; det mangler, eller et svar har ingen score"


# -- reading -----------------------------------------------------------------------------------------------------------


def _readable(form: Form) -> Iterator[str]:
    for part in form.parts:
        child, hardest = part.party is Party.CHILD, HARDEST.get(part.party, HARDEST_FOR_STAFF)
        sections = [section for section in form.sections if section.part == part.id]
        for section in sections:
            text = words_of(section, child)
            if len(text.split()) >= ENOUGH_TO_JUDGE and lix(text) > hardest:
                yield f"afsnit {section.id}: LIX er {lix(text)} og må være {hardest}"
        text = " ".join(words_of(section, child) for section in sections)
        if lix(text) > hardest:
            yield f"del {part.id}: LIX er {lix(text)} og må være {hardest}"


def words_of(section: Section, child: bool) -> str:
    """All that somebody reads in a section, as sentences. `child`: in the child's words."""
    said = [section.help, *(text for item in every(section.items) for text in (_asked(item, child), item.help))]
    return " ".join(text if text[-1] in ".?!:" else f"{text}." for text in said if text)


def _asked(item: Item, child: bool) -> str:
    return (child and item.child) or item.ask


# -- all together ------------------------------------------------------------------------------------------------------


def _whole(forms: Collection[Form], own: bool) -> Iterator[str]:
    numbers = Counter(form.number for form in forms)
    yield from (f"nummer {number} mangler" for number in NUMBERS if not numbers[number])
    yield from (f"nummer {number} bruges {count} gange" for number, count in numbers.items() if count > 1)
    yield from (f"nummer {number} er uden for kataloget" for number in numbers if not _is_known(number, own))
    families = {form.family for form in forms if form.family}
    yield from (f"familien {family} har ingen skemaer" for family in FAMILIES if family not in families)
    yield from (f"familien {family} er ikke en af de 13" for family in families if family not in FAMILIES)
    yield from _same(forms)


def _is_known(number: int, own: bool) -> bool:
    return number in NUMBERS or (own and number in OWN_NUMBERS)


def _same(forms: Collection[Form]) -> Iterator[str]:
    """Two variants of a family that ask the same of the same are one form."""
    for one, other in combinations(forms, 2):
        if one.family and (one.family, one.parts, one.sections) == (other.family, other.parts, other.sections):
            yield f"{one.id} og {other.id} spørger om det samme; så er de ét skema"


def drift(forms: Iterable[Form]) -> Iterator[str]:
    """Items that mean one thing in one form and another in another."""
    meanings: dict[str, dict[Meaning, str]] = defaultdict(dict)
    for form in forms:
        for item in items_of(form):
            meanings[item.id].setdefault(meaning(item), form.id)
    for item_id, found in meanings.items():
        if len(found) > 1:
            yield f"felt {item_id} betyder ikke det samme i {' og i '.join(found.values())}"


def voices(forms: Iterable[Form]) -> Iterator[str]:
    """Questions that a child answers in one form and an adult in another: then the words of the one would stand for the
    other's. Facts of the book (`fill`) and what is asked anew are nobody's to inherit."""
    asked: dict[str, dict[bool, str]] = defaultdict(dict)
    for form in forms:
        children = {part.id for part in form.parts if part.party is Party.CHILD}
        for section in form.sections:
            for item in every(item for item in section.items if not item.fill):
                if item.kind not in (Kind.GROUP, Kind.SHOWN) and not item.fill and not item.anew:
                    asked[item.id].setdefault(section.part in children, form.id)
    for item_id, found in asked.items():
        if len(found) > 1:
            who = f"barnet på i {found[True]} og en voksen i {found[False]}"
            yield f"felt {item_id} svarer {who}; giv barnet sit eget felt"


class Meaning(NamedTuple):
    """What an item is, apart from how it is worded and where it is needed. What is in a group is judged by itself: a
    form may have more or less of it."""

    kind: Kind
    answers: tuple[tuple[str, str, float | None], ...]
    unit: str
    bounds: tuple[float | None, float | None]
    most: int
    fill: str
    sums: tuple[str, ...]
    becomes: tuple[str, str]
    anew: bool


def meaning(item: Item) -> Meaning:
    return Meaning(
        item.kind, tuple(option[:3] for option in item.options), item.unit, (item.low, item.high), item.most, item.fill,
        item.sums, (item.becomes.what, item.becomes.code) if item.becomes else ("", ""), item.anew,
    )  # fmt: skip
