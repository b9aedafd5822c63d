"""A licensed instrument's own questions, where an installation has the licence. Pure but for reading the file.

They are never a part of this program. Whoever holds a licence writes a file for the instrument into the folder
`licensed/` of their instance (`docs/forms.md` has the form of it); then the form asks the questions, adds up what the
scales are made of, and says what the norms call a number. Without such a file it asks for the results alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from barnetsbog.kernel.numbers import danish
from barnetsbog.law.rulefiles import Record, by_id, read

from .assembling import scale_item_id
from .files import FormError, InstrumentFile, number, options_in
from .model import Form, Item, Kind, Option, Section, every

_FIELDS = frozenset({"instrument", "version", "licence", "options", "items", "scales"})
QUESTIONS = "licensed-questions"
"""The section that the questions stand in."""


class Cutoff(NamedTuple):
    """What the norms call a number from `low` to `high`, both included."""

    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class OwnScale:
    """What a scale of the instrument is made of: the ids of its items, and what its numbers are called."""

    id: str
    items: tuple[str, ...]
    cutoffs: tuple[Cutoff, ...] = ()

    def called(self, score: float) -> str:
        """What the norms call a score; empty when they say nothing of it."""
        return next((one.text for one in self.cutoffs if one.low <= score <= one.high), "")


@dataclass(frozen=True, slots=True)
class Licensed:
    """A licence holder's own file. `licence`: their proof of it, shown where the form is filled in."""

    instrument: str
    version: str
    licence: str
    items: tuple[Item, ...]
    scales: Mapping[str, OwnScale]


def read_licensed(path: Path, instruments: Mapping[str, InstrumentFile]) -> Licensed:
    """`LawFileError`: the file can't be read, or isn't of an instrument of the catalogue, and why."""
    record = Record(path.name, "redskab", read(path, _FIELDS))
    known = instruments.get(record.text("instrument"))
    if known is None:
        raise record.error("instrument", f"er ikke et af {', '.join(instruments)}")
    shared = options_in(record, "options", {})
    items = tuple(by_id(record.records("items", "spørgsmål"), lambda one: _item(one, known.id, shared)).values())
    if not items:
        raise record.error("items", "mangler")
    scales = by_id(record.records("scales", "skala"), lambda one: _scale(one, known, items))
    missing = [scale.id for scale in known.scales if scale.id not in scales]
    if missing:
        raise record.error("scales", f"mangler {', '.join(missing)}")
    return Licensed(known.id, record.text("version"), record.text("licence"), items, scales)


def _item(record: Record, instrument: str, shared: tuple[Option, ...]) -> Item:
    record.only(frozenset({"id", "ask", "child", "options"}))
    options = options_in(record, "options", {}) or shared
    if len(options) < 2 or any(option.score is None for option in options):
        raise record.error("options", "skal være mindst to svar, hvert med en score")
    item = f"{instrument}-{record.text('id')}"
    return Item(item, Kind.CHOICE, record.text("ask"), child=record.text("child", ""), required=True, options=options)


def _scale(record: Record, instrument: InstrumentFile, items: tuple[Item, ...]) -> OwnScale:
    record.only(frozenset({"id", "items", "cutoffs"}))
    scale = next((one for one in instrument.scales if one.id == record.text("id")), None)
    if scale is None:
        raise record.error("id", f"er ikke en skala i {instrument.id}")
    by_name = {item.id: item for item in items}
    summed = tuple(f"{instrument.id}-{one}" for one in record.texts("items"))
    for one in summed:
        if one not in by_name:
            raise record.error("items", f"{one.removeprefix(instrument.id + '-')} er ikke et spørgsmål i filen")
    if not summed or len(set(summed)) < len(summed):
        raise record.error("items", "skal være spørgsmål, hvert én gang")
    highest = sum(max(option.score or 0 for option in by_name[one].options) for one in summed)
    if not scale.decimals and highest > scale.bounds[1]:
        raise record.error("items", f"kan give {danish(highest)}, og skalaen går til {danish(scale.bounds[1])}")
    return OwnScale(scale.id, summed, tuple(_cutoffs(record)))


def _cutoffs(record: Record) -> Iterator[Cutoff]:
    above: float | None = None
    for one in record.records("cutoffs", "grænse"):
        one.only(frozenset({"from", "to", "text"}))
        low, high = number(one, "from"), number(one, "to")
        if low is None or high is None or low > high or (above is not None and low <= above):
            raise one.error("from", "from og to skal være tal i stigende orden, uden at to grænser overlapper")
        above = high
        yield Cutoff(low, high, one.text("text"))


def with_licensed(form: Form, licensed: Licensed) -> Form:
    """The form with the instrument's questions, and its scales added up from them. A scale that is a mean is still
    written in by hand: how one is made when an answer lacks is the manual's to say."""
    if QUESTIONS in {section.id for section in form.sections}:
        raise FormError(f"{form.id}: har spørgsmålene i forvejen")
    sums = {
        scale_item_id(licensed.instrument, scale.id): scale.items for scale in licensed.scales.values()
    }  # fmt: skip
    mine = {item.id for section in form.sections for item in every(section.items)}
    if not set(sums) <= mine:
        raise FormError(f"{form.id}: er ikke skemaet til {licensed.instrument}")
    sections = [replace(one, items=tuple(_summed(item, sums) for item in one.items)) for one in form.sections]
    place = next(place for place, one in enumerate(sections) if any(item.id in sums for item in one.items))
    asked = Section(QUESTIONS, form.title, sections[place].part, licensed.items, licensed.licence)
    return replace(form, sections=(*sections[:place], asked, *sections[place:]))


def fits(form: Form, licensed: Licensed) -> bool:
    """Whether a form is the one of this instrument."""
    mine = {item.id for section in form.sections for item in every(section.items)}
    return all(scale_item_id(licensed.instrument, scale) in mine for scale in licensed.scales)


def edition_of(form: Form) -> str:
    """A fingerprint of a licence holder's questions in a form, and of how they are added up; empty where it has none.
    An answered form keeps it, so that it is always read with the questions that were asked."""
    asked = next((section for section in form.sections if section.id == QUESTIONS), None)
    if asked is None:
        return ""
    sums = {item.id: item.sums for section in form.sections for item in every(section.items) if item.sums}
    told = repr((asked.items, asked.help, sorted(sums.items())))
    return sha256(told.encode()).hexdigest()[:16]


def _summed(item: Item, sums: Mapping[str, tuple[str, ...]]) -> Item:
    return replace(item, sums=sums[item.id]) if item.id in sums and item.kind is Kind.NUMBER else item
