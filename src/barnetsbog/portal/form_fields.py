"""A form's questions as fields of a page, and what was typed in them as answers. What is typed is never lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest

from barnetsbog.consent.papers import NoScan, Scan, scan_of
from barnetsbog.contacts.model import Contact
from barnetsbog.fhir.own import ident_of
from barnetsbog.forms import prefill
from barnetsbog.forms.answers import Values, asks, repetitions, typed, values_at, written_day
from barnetsbog.forms.model import Answers, Form, Item, Kind, Section, Value
from barnetsbog.forms.response import Kept, Origin, Response
from barnetsbog.forms.rules import Fault, shown

LEAVE_OUT = "brug-ikke"
"""Before the place: a tick that what was fetched is not to be used."""
PRESENT = "her"
"""The places that stood on the page: an empty answer and a question that was not there are not the same."""

_INPUT = {Kind.NUMBER: "numeric", Kind.DECIMAL: "decimal", Kind.CPR: "numeric", Kind.POSTCODE: "numeric"}
_TYPES = {Kind.PHONE: "tel", Kind.EMAIL: "email"}


class Chip(NamedTuple):
    """Where an answer was fetched from. `who` empty: nobody's unit; `own`: from an answer in an earlier form."""

    who: str
    day: date | None
    stale: bool
    own: bool
    kept: Kept
    said: str


class Choice(NamedTuple):
    code: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One question at its place, or a group with its repetitions."""

    path: str
    item: Item
    ask: str
    text: str = ""
    values: tuple[Value, ...] = ()
    choices: tuple[Choice, ...] = ()
    faults: tuple[Fault, ...] = ()
    chip: Chip | None = None
    other: str = ""
    """What somebody else has written here meanwhile."""
    rows: tuple["Row", ...] = ()
    more: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"id_{self.path.replace('.', '-')}"

    @property
    def kind(self) -> str:
        return self.item.kind.value

    @property
    def wrong(self) -> bool:
        return any(not one.warning for one in self.faults)

    @property
    def says(self) -> str:
        """The answer in words."""
        if self.item.kind is Kind.FILE:
            return ""
        return ", ".join(words(self.item, one) for one in self.values)

    @property
    def inputmode(self) -> str:
        return _INPUT.get(self.item.kind, "text")

    @property
    def type(self) -> str:
        return _TYPES.get(self.item.kind, "text")

    @property
    def described(self) -> str:
        """The ids of what describes it."""
        parts = [("hint", self.item.help or self.item.limit), ("kilde", self.chip), ("fejl", self.faults)]
        return " ".join(f"{self.id}-{name}" for name, there in parts if there)

    @property
    def document(self) -> Any:
        return ident_of(str(self.values[0])) if self.values else None


class Row(NamedTuple):
    """One repetition of a group."""

    number: int
    fields: tuple[Field, ...]
    chip: Chip | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page of a form is made of."""

    form: Form
    response: Response
    today: date
    people: Mapping[Any, Contact]
    child: bool = False
    """In the child's words."""
    faults: tuple[Fault, ...] = ()
    theirs: Mapping[str, str] = field(default_factory=dict)

    def fields(self, section: Section) -> tuple[Field, ...]:
        asked = shown(self.form, self.response.answers)
        return tuple(self._fields(section.items, self.response.answers, "", asked))

    def _fields(self, items: Iterable[Item], answers: Answers, prefix: str, asked: frozenset[str]) -> Iterable[Field]:
        for item in items:
            path = prefix + item.id
            if path in asked:
                yield self._group(item, answers, path, asked) if item.kind is Kind.GROUP else self._leaf(item, path)

    def _group(self, item: Item, answers: Answers, path: str, asked: frozenset[str]) -> Field:
        rows = []
        for number, one in enumerate(repetitions(answers, item)):
            fields = tuple(self._fields(item.items, one, f"{path}.{number}.", asked))
            chip = next((found.chip for found in fields if found.chip), None) if item.repeats else None
            rows.append(Row(number, fields, chip))
        more = item.repeats and (not item.most or len(rows) < item.most)
        return Field(path, item, self._ask(item), rows=tuple(rows), more=more, faults=self._wrong(path))

    def _leaf(self, item: Item, path: str) -> Field:
        values = tuple(one for one in values_at(self.response.answers, path) if not isinstance(one, Mapping))
        choices = tuple(
            Choice(one.code, (one.child if self.child else "") or one.text, one.code in values) for one in item.options
        )
        return Field(
            path, item, self._ask(item), self._text(item, values), values, choices, self._wrong(path),
            self._chip(item, self.response.origins.get(path)), self.theirs.get(path, ""),
        )  # fmt: skip

    def _ask(self, item: Item) -> str:
        return (item.child if self.child else "") or item.ask

    def _wrong(self, path: str) -> tuple[Fault, ...]:
        return tuple(one for one in self.faults if one.path == path)

    def _text(self, item: Item, values: tuple[Value, ...]) -> str:
        one = values[0] if values else ""
        if isinstance(one, bool):
            return "ja" if one else "nej"
        if isinstance(one, int | float):
            return f"{one:g}".replace(".", ",") if isinstance(one, float) else str(one)
        return written_day(one) if item.kind is Kind.DATE else one

    def _chip(self, item: Item, origin: Origin | None) -> Chip | None:
        if origin is None or not origin.source.entry:
            return None
        source, ident = origin.source, ident_of(origin.source.unit)
        who = self.people[ident].name if ident in self.people else ""
        said = ", ".join(words(item, one) for one in origin.said)
        return Chip(who, source.day, prefill.is_stale(source, self.today), source.own, origin.kept, said)


def words(item: Item, value: Value) -> str:
    """An answer as people read it."""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    chosen = next((one.text for one in item.options if one.code == value), None)
    if chosen is not None:
        return chosen
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return written_day(value) if item.kind is Kind.DATE and isinstance(value, str) else str(value)


# -- what was typed ----------------------------------------------------------------------------------------------------


class Posted(NamedTuple):
    """What came with the page: the answers by place, what was done with what was fetched, the files, and what is wrong
    with these."""

    said: dict[str, Values]
    kept: dict[str, Kept]
    files: dict[str, Scan]
    faults: tuple[Fault, ...]


def posted(request: HttpRequest, fields: Iterable[Field]) -> Posted:
    """The answers to the questions that stood on the page."""
    found = Posted({}, {}, {}, ())
    wrong: list[Fault] = []
    present = set(request.POST.getlist(PRESENT))
    for one in flat(fields):
        if not asks(one.item) or one.path not in present:
            continue
        if one.item.kind is Kind.FILE:
            _posted_file(request, one, found.files, wrong)
            continue
        found.said[one.path] = typed(one.item, request.POST.getlist(one.path))
        if one.chip:
            left_out = f"{LEAVE_OUT}.{one.path}" in request.POST
            found.kept[one.path] = Kept.LEFT_OUT if left_out else Kept.KEPT
    return found._replace(faults=tuple(wrong))


def _posted_file(request: HttpRequest, one: Field, files: dict[str, Scan], wrong: list[Fault]) -> None:
    upload = request.FILES.get(one.path)
    if upload is None:
        return
    try:
        files[one.path] = scan_of(upload.read())
    except NoScan as why:
        wrong.append(Fault(one.path, str(why)))


def flat(fields: Iterable[Field]) -> Iterable[Field]:
    """Every question, those in repetitions too."""
    for one in fields:
        yield one
        for row in one.rows:
            yield from flat(row.fields)
