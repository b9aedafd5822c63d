"""Reads the sources of the catalogue, and says precisely what is wrong with one: file, record, field.

- `sections.yaml`: lists of options, items and sections that several forms share, each written once.
- `families/Vn.yaml`: the base of a family: parts and sections, in which `{words}` stand for what its variants call
  things.
- `forms/NN-name.yaml`: a form: who sends it to whom, by which law, and either a family with an overlay (what is
  dropped, added, worded differently) or parts and sections of its own.

What is misspelt, written twice or of the wrong kind is refused when it is read (`law.rulefiles`), never guessed at.
Whether the pieces fit together is `assembling`'s question.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from barnetsbog.kernel.keeping import kept
from barnetsbog.law.rulefiles import LawFileError, Record, by_id, read, records

from .model import Becomes, Instrument, Item, Kind, Op, Option, Part, Party, Test, When
from .translations import Translation
from .translations import read_all as read_translations

CATALOGUE = Path(__file__).parent / "catalogue"

BLOCKS = frozenset({"IN", "TI", "AK", "KO", "ST", "SA"})

RECEIVERS: Mapping[str, str] = {
    "school": "Skole og dagtilbud", "ppr": "PPR", "health_visitor": "Sundhedsplejen", "gp": "Egen læge", "bup": "BUP",
    "ltt": "Det lettilgængelige tilbud", "family_dept": "Familieafdelingen", "board": "Visitationsudvalget",
    "samraad": "Samrådet", "parent": "Forældrene", "child": "Barnet", "other": "Andre",
}  # fmt: skip
"""Who a form goes to: sectors of the directory, and those that are none."""

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FILE = re.compile(r"(\d{2,3})-([a-z0-9-]+)\.yaml")
_TEST = re.compile(
    r"(?P<item>[a-z][a-z0-9-]*) (?:(?P<answered>(?:un)?answered)|(?P<op>is-not|is|over|under) (?P<value>\S+))"
)
LARGEST = 2**31 - 1
"""The largest number that a form may name: FHIR has no room for a larger whole one."""
MOST_MONTHS = 240
"""For which an answer counts."""
ANSWERER = "sender"
"""The party of a base's part that is whoever sends the variant."""


ALWAYS = When()


class FormError(LawFileError):
    """The pieces of the catalogue don't fit together. The sentence is for the one who edits them."""


@dataclass(frozen=True, slots=True)
class Use:
    """An item of the shared list, with what is worded differently here."""

    id: str
    changes: Mapping[str, Any] = field(default_factory=dict)


Entry: TypeAlias = Use | Item


@dataclass(frozen=True, slots=True)
class Topic:
    """A section before it is assembled. `part` empty: the form's only part, or that of the section it is added beside.
    `scales`: the result fields of the form's instrument come last in it."""

    id: str
    title: str
    part: str
    entries: tuple[Entry, ...]
    help: str = ""
    when: When = ALWAYS
    scales: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    items: Mapping[str, Item]
    topics: Mapping[str, Topic]
    options: Mapping[str, tuple[Option, ...]]


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part whose party may be the sender's."""

    id: str
    party: Party | None
    title: str
    after: tuple[str, ...] = ()
    each: bool = False

    def of(self, sender: Party) -> Part:
        return Part(self.id, self.party or sender, self.title, self.after, self.each)


@dataclass(frozen=True, slots=True)
class Base:
    """What the forms of a family have in common."""

    id: str
    title: str
    parts: tuple[PartOf, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    target: str


@dataclass(frozen=True, slots=True)
class Add:
    """A section or an item, put beside `beside` (before it, or after it)."""

    what: Topic | Entry
    beside: str
    before: bool
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Other words, another need, of a section or an item that stays what it is."""

    target: str
    changes: Mapping[str, Any]
    badge: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A section or an item, put somewhere else: beside `beside` (before it, or after it)."""

    target: str
    beside: str
    before: bool


Step: TypeAlias = Drop | Add | Change | Move


@dataclass(frozen=True, slots=True)
class Variant:
    """A form as its file says it. `base` is its family's, or its own when it stands alone."""

    file: str
    id: str
    number: int
    version: int
    title: str
    purpose: str
    family: str
    sender: tuple[Party, ...]
    receiver: tuple[str, ...]
    blocks: frozenset[str]
    law: tuple[str, ...]
    law_text: str
    months: int
    one_page: bool
    instrument: str
    words: Mapping[str, str]
    parts: tuple[PartOf, ...]
    topics: tuple[Topic, ...]
    overlay: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A number that comes out of an instrument. `bounds`: least and most. `decimals`: a mean and no sum."""

    id: str
    title: str
    bounds: tuple[float, float]
    decimals: bool
    total: bool


@dataclass(frozen=True, slots=True)
class InstrumentFile:
    id: str
    instrument: Instrument
    scales: tuple[Scale, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that is read, before anything is put together."""

    shared: Shared
    bases: Mapping[str, Base]
    variants: tuple[Variant, ...]
    instruments: Mapping[str, InstrumentFile]
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """The files of a catalogue as their YAML says, before anything is understood: `sections.yaml`, the families by id,
    the forms by the name of their file."""

    shared: Mapping[str, Any]
    families: Mapping[str, Mapping[str, Any]]
    forms: Mapping[str, Mapping[str, Any]]
    instruments: Mapping[str, Any]
    translations: tuple[Translation, ...] = ()


def read_all(folder: Path = CATALOGUE) -> Sources:
    return sources_of(read_raw(folder))


def read_raw(folder: Path = CATALOGUE) -> Raw:
    return Raw(
        shared=read(folder / "sections.yaml", _SHARED),
        families={path.stem: read(path, _BASE) for path in sorted((folder / "families").glob("*.yaml"))},
        forms={path.name: read(path, _FORM) for path in sorted((folder / "forms").glob("*.yaml"))},
        instruments=read(folder / "instruments.yaml", frozenset({"instruments"})),
        translations=read_translations(folder / "translations"),
    )


def sources_of(raw: Raw) -> Sources:
    """What is understood of the files. A record that is the very same as the last time is not read again."""
    shared = read_shared(raw.shared)
    return Sources(
        shared=shared,
        bases={name: read_base(name, content, shared) for name, content in raw.families.items()},
        variants=tuple(read_variant(name, content, shared) for name, content in raw.forms.items()),
        instruments=instruments_of(raw.instruments),
        translations=raw.translations,
    )


@kept(4)
def instruments_of(content: Mapping[str, Any]) -> dict[str, InstrumentFile]:
    return by_id(records("instruments.yaml", "redskab", content.get("instruments", [])), _instrument)


@kept(4)
def read_shared(content: Mapping[str, Any]) -> Shared:
    lists = Record("sections.yaml", "svarlister", content.get("options", {}))
    options = {str(name): options_in(lists, str(name), {}) for name in lists.fields}
    items = by_id(records("sections.yaml", "felt", content.get("items", [])), lambda record: _item(record, options))
    topics = by_id(
        records("sections.yaml", "afsnit", content.get("sections", [])), lambda record: _own_topic(record, options)
    )
    return Shared(items, topics, options)


@kept(64)
def read_base(name: str, content: Mapping[str, Any], shared: Shared) -> Base:
    record = _whole(f"{name}.yaml", "familie", content, _BASE)
    if record.text("id") != name:
        raise record.error("id", f"skal være {name}, som filen hedder")
    parts, topics = _parts(record), _topics(record, shared)
    return Base(record.text("id"), record.text("title"), parts, topics)


@kept(128)
def read_variant(name: str, content: Mapping[str, Any], shared: Shared) -> Variant:
    record = _whole(name, "skema", content, _FORM)
    number = record.fields.get("number")
    named = _FILE.fullmatch(name)
    if not named or number != int(named[1]) or record.text("id") != named[2]:
        raise record.error("number", f"filen skal hedde som sit nummer og sit id, fx 07-samtykke.yaml, og ikke {name}")
    return Variant(
        file=name,
        id=_id(record),
        number=int(named[1]),
        version=_count(record, "version", 1),
        title=record.text("title", ""),
        purpose=record.text("purpose"),
        family=record.text("family", ""),
        sender=tuple(Party(one) for one in _among(record, "sender", set(Party))),
        receiver=_among(record, "receiver", RECEIVERS),
        blocks=frozenset(_among(record, "blocks", BLOCKS)),
        law=record.texts("law"),
        law_text=record.text("law_text"),
        months=_count(record, "months", 0, MOST_MONTHS),
        one_page=record.flag("one_page", False),
        instrument=record.text("instrument", ""),
        words=_words(record),
        parts=_parts(record),
        topics=_topics(record, shared),
        overlay=tuple(_step(one, shared.options) for one in record.records("overlay", "trin")),
    )


# -- whole files -------------------------------------------------------------------------------------------------------

_SHARED = frozenset({"options", "items", "sections"})
_BASE = frozenset({"id", "title", "parts", "sections"})
_FORM = frozenset(
    ("id", "number", "version", "title", "purpose", "family", "sender", "receiver", "blocks", "law", "law_text",
     "months", "one_page", "instrument", "words", "parts", "sections", "overlay")
)  # fmt: skip


def _whole(name: str, noun: str, content: Mapping[str, Any], allowed: frozenset[str]) -> Record:
    record = Record(name, noun, content)
    record.only(allowed)
    return record


def _id(record: Record) -> str:
    found = record.text("id")
    if not _ID.fullmatch(found):
        raise record.error("id", "skal være små bogstaver og tal med bindestreger")
    return found


def _count(record: Record, name: str, least: int, most: int = LARGEST) -> int:
    value = record.fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise record.error(name, f"skal være et helt tal fra {least} til {most}")
    return value


def _among(record: Record, name: str, known: Any) -> tuple[str, ...]:
    values = record.texts(name)
    if not values:
        raise record.error(name, "mangler")
    for value in values:
        if value not in known:
            raise record.error(name, f"'{value}' er ikke en af {', '.join(sorted(known))}")
    return values


def _words(record: Record) -> dict[str, str]:
    found = record.fields.get("words", {})
    if not isinstance(found, dict) or not all(isinstance(one, str) for pair in found.items() for one in pair):
        raise record.error("words", "skal være navn: tekst")
    return found


def _parts(record: Record) -> tuple[PartOf, ...]:
    return tuple(by_id(record.records("parts", "del"), _part).values())


def _part(record: Record) -> PartOf:
    record.only(frozenset({"id", "party", "title", "after", "each"}))
    party = None if record.text("party") == ANSWERER else record.choice("party", Party)
    return PartOf(_id(record), party, record.text("title"), record.texts("after"), record.flag("each", False))


# -- sections ----------------------------------------------------------------------------------------------------------

_TOPIC = frozenset({"id", "title", "part", "help", "when", "items", "scales"})
_USED_TOPIC = frozenset({"use", "title", "part", "help", "when"})


def _topics(record: Record, shared: Shared) -> tuple[Topic, ...]:
    return tuple(_topic(one, shared) for one in record.records("sections", "afsnit"))


def _topic(record: Record, shared: Shared) -> Topic:
    if not record.has("use"):
        return _own_topic(record, shared.options)
    record.only(_USED_TOPIC)
    found = shared.topics.get(record.text("use"))
    if found is None:
        raise record.error("use", f"afsnittet {record.text('use')} findes ikke i sections.yaml")
    return Topic(
        id=found.id,
        title=record.text("title", found.title),
        part=record.text("part", ""),
        entries=found.entries,
        help=record.text("help", found.help),
        when=_when(record) if record.has("when") else found.when,
    )


def _own_topic(record: Record, options: Mapping[str, tuple[Option, ...]]) -> Topic:
    record.only(_TOPIC)
    return Topic(
        id=_id(record),
        title=record.text("title"),
        part=record.text("part", ""),
        entries=tuple(_entries(record, options)),
        help=record.text("help", ""),
        when=_when(record),
        scales=record.flag("scales", False),
    )


def _entries(record: Record, options: Mapping[str, tuple[Option, ...]]) -> Iterator[Entry]:
    found = record.fields.get("items", [])
    if not isinstance(found, list):
        raise record.error("items", "skal være en liste")
    for one in found:
        yield _entry(record, "items", one, options)


def _entry(record: Record, name: str, one: object, options: Mapping[str, tuple[Option, ...]]) -> Entry:
    """An item by its name alone, by its name with other words, or written where it stands."""
    if isinstance(one, str):
        return Use(one)
    if not isinstance(one, dict):
        raise record.error(name, "skal være navnet på et felt eller et felt")
    inner = Record(f"{record.file}, {record.noun} {record.id}", "felt", one)
    if not inner.has("item"):
        return _item(inner, options)
    inner.only(_CHANGES | {"item"})
    return Use(inner.text("item"), _changes(inner))


# -- items -------------------------------------------------------------------------------------------------------------

_ITEM = frozenset(Item.__dataclass_fields__) - {"marked"}
_CHANGES = frozenset({"ask", "help", "child", "required", "when", "limit"})
"""What a form may say differently of an item that is the same item."""


def _item(record: Record, options: Mapping[str, tuple[Option, ...]]) -> Item:
    record.only(_ITEM)
    kind = record.choice("kind", Kind)
    return Item(
        id=_id(record),
        kind=kind,
        ask=record.text("ask"),
        help=record.text("help", ""),
        child=record.text("child", ""),
        required=record.flag("required", False),
        options=options_in(record, "options", options),
        when=_when(record),
        limit=_count(record, "limit", 1) if record.has("limit") else 0,
        low=number(record, "low"),
        high=number(record, "high"),
        unit=record.text("unit", ""),
        most=_count(record, "most", 0) if record.has("most") else 1,
        fill=record.text("fill", ""),
        sums=record.texts("sums"),
        becomes=_becomes(record) if record.has("becomes") else None,
        anew=record.flag("anew", False),
        items=tuple(_item(one, options) for one in record.records("items", "felt")),
    )


def _changes(record: Record) -> dict[str, Any]:
    """What is said differently. An empty help, child or when, and the limit 0, take away what is there."""
    readers: Mapping[str, Callable[[str], Any]] = {
        "ask": record.text, "help": lambda name: _or_empty(record, name), "child": lambda name: _or_empty(record, name),
        "required": record.flag, "limit": lambda name: _count(record, name, 0), "when": lambda name: _when(record),
    }  # fmt: skip
    return {name: read_one(name) for name, read_one in readers.items() if record.has(name)}


def _or_empty(record: Record, name: str) -> str:
    return "" if record.fields.get(name) == "" else record.text(name, "")


def number(record: Record, name: str) -> float | None:
    value = record.fields.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise record.error(name, "skal være et tal")
    if value is not None and not abs(value) <= LARGEST:  # neither does .inf or .nan
        raise record.error(name, f"skal være et tal fra -{LARGEST} til {LARGEST}")
    return None if value is None else float(value)


def options_in(record: Record, name: str, lists: Mapping[str, tuple[Option, ...]]) -> tuple[Option, ...]:
    """The answers written there, or those of the list that is named."""
    found = record.fields.get(name, {})
    if isinstance(found, str):
        if found not in lists:
            raise record.error(name, f"svarlisten {found} findes ikke i sections.yaml")
        return lists[found]
    if not isinstance(found, dict) or not all(isinstance(code, str) for code in found):
        raise record.error(name, 'skal være svar med navn og tekst; skriv "yes" og "no" i anførselstegn')
    return tuple(_option(record, name, code, said) for code, said in found.items())


def _option(record: Record, name: str, code: str, said: object) -> Option:
    if not _ID.fullmatch(code):
        raise record.error(name, f"'{code}' skal være små bogstaver og tal med bindestreger")
    if isinstance(said, str):
        return Option(code, said.strip())
    if not isinstance(said, dict):
        raise record.error(name, f"svaret '{code}' mangler sin tekst")
    inner = Record(f"{record.file}, {record.noun} {record.id}", f"svar {code}", said)
    inner.only(frozenset({"text", "score", "child"}))
    return Option(code, inner.text("text"), number(inner, "score"), inner.text("child", ""))


def _becomes(record: Record) -> Becomes:
    inner = Record(f"{record.file}, {record.noun} {record.id}", "becomes", record.fields["becomes"])
    if not isinstance(inner.fields, dict):
        raise record.error("becomes", "skal have feltet what")
    inner.only(frozenset({"what", "parts", "code"}))
    parts = inner.fields.get("parts", {})
    if not isinstance(parts, dict) or not all(isinstance(one, str) for pair in parts.items() for one in pair):
        raise inner.error("parts", "skal være feltets id: delens navn")
    return Becomes(inner.text("what"), parts, inner.text("code", ""))


# -- conditions --------------------------------------------------------------------------------------------------------


def _when(record: Record) -> When:
    """`custody is joint`, `absence over 10`, `diagnoses answered` or `unanswered`; joined by `and` or by `or`, never
    by both."""
    said = _or_empty(record, "when")
    if not said:
        return When()
    alternatives, all_of = said.split(" or "), said.split(" and ")
    if len(alternatives) > 1 and len(all_of) > 1:
        raise record.error("when", "brug enten 'and' eller 'or'; begge dele kan læses på to måder")
    any_of = len(alternatives) > 1
    return When(tuple(_test(record, one) for one in (alternatives if any_of else all_of)), any_of)


def _test(record: Record, said: str) -> Test:
    found = _TEST.fullmatch(said.strip())
    if not found:
        raise record.error(
            "when", f"'{said}' skal være som 'felt is svar', 'felt over 10', 'felt answered' eller 'felt unanswered'"
        )
    if found["answered"]:
        return Test(found["item"], Op.ANSWERED, False if found["answered"] == "unanswered" else None)
    return Test(found["item"], Op(found["op"]), found["value"])


# -- overlays ----------------------------------------------------------------------------------------------------------


def _step(record: Record, options: Mapping[str, tuple[Option, ...]]) -> Step:
    if record.has("drop"):
        record.only(frozenset({"drop"}))
        return Drop(record.text("drop"))
    if record.has("change"):
        record.only(_CHANGES | {"change", "title", "part", "badge"})
        of_section = {name: record.text(name) for name in ("title", "part") if record.has(name)}
        return Change(record.text("change"), _changes(record) | of_section, record.text("badge", ""))
    moves = record.has("move")
    record.only(frozenset({"move", "before", "after"} if moves else {"add", "before", "after", "badge"}))
    if record.has("before") is record.has("after"):
        raise record.error("after", "et trin skal sige enten before eller after")
    before = record.has("before")
    beside = record.text("before" if before else "after")
    if moves:
        return Move(record.text("move"), beside, before)
    return Add(what=_added(record, options), beside=beside, before=before, badge=record.text("badge", ""))


def _added(record: Record, options: Mapping[str, tuple[Option, ...]]) -> Topic | Entry:
    said = record.fields.get("add")
    if isinstance(said, dict) and "title" in said:
        return _own_topic(Record(record.file, "afsnit", said), options)
    return _entry(record, "add", said, options)


def _instrument(record: Record) -> InstrumentFile:
    record.only(frozenset({"id", "name", "owner", "informant", "from_age", "to_age", "licence", "scales"}))
    scales = tuple(by_id(record.records("scales", "skala"), _scale).values())
    youngest, oldest = record.number("from_age"), record.number("to_age")
    if youngest is None or oldest is None or youngest > oldest:
        raise record.error("to_age", "from_age og to_age skal være aldre, den yngste først")
    instrument = Instrument(
        record.text("name"), record.text("owner"), record.text("informant"), (youngest, oldest),
        tuple(scale.title for scale in scales), record.text("licence"),
    )  # fmt: skip
    return InstrumentFile(_id(record), instrument, scales)


def _scale(record: Record) -> Scale:
    record.only(frozenset({"id", "title", "low", "high", "decimals", "total"}))
    low, high = number(record, "low"), number(record, "high")
    if low is None or high is None or low >= high:
        raise record.error("high", "low og high skal være tal, det mindste først")
    decimals, total = record.flag("decimals", False), record.flag("total", False)
    return Scale(_id(record), record.text("title"), (low, high), decimals, total)
