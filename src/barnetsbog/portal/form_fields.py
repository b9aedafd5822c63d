"""A form's questions as fields of a page, and what was typed in them as answers. What is typed is never lost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.http import HttpRequest, QueryDict

from barnetsbog.contacts.model import Contact
from barnetsbog.fhir.own import ident_of
from barnetsbog.forms import prefill
from barnetsbog.forms.answers import Values, asks, in_words, repetitions, typed, values_at, written_day
from barnetsbog.forms.model import Answers, Form, Item, Kind, Section, Value
from barnetsbog.forms.response import Kept, News, Origin, Response
from barnetsbog.forms.rules import Fault, shown
from barnetsbog.kernel.files import NoScan, Scan
from barnetsbog.kernel.numbers import danish

from .uploads import scan_in

CHOICE = "valg"
"""Before the place: what is done with what was fetched (`CHOICES`, or `TAKE_NEW`)."""
CHOICES = {"behold": Kept.KEPT, "ret": Kept.CORRECTED, "brug-ikke": Kept.LEFT_OUT}
TAKE_NEW = "nyt"
NEWS = "kilde"
"""Before the place: the version of a source that says something else now, as the page showed it."""
PRESENT = "her"
"""The places that stood on the page: an empty answer and a question that was not there are not the same."""

WITHOUT = "uden"
"""The place of a file that is taken out again."""

_INPUT = {Kind.NUMBER: "numeric", Kind.DECIMAL: "decimal", Kind.CPR: "numeric", Kind.POSTCODE: "numeric"}
_TYPES = {Kind.PHONE: "tel", Kind.EMAIL: "email"}


class Change(NamedTuple):
    """What a source said, and what it says now."""

    ask: str
    was: str
    now: str


class Chip(NamedTuple):
    """Where an answer was fetched from. `who` empty: nobody's unit; `own`: from an answer in an earlier form.
    `changes`: what the source says otherwise now, in its version `version`, from the day `now`."""

    path: str
    who: str
    day: date | None
    stale: bool
    own: bool
    kept: Kept
    said: str
    changes: tuple[Change, ...] = ()
    version: int = 0
    now: date | None = None


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
        return ", ".join(in_words(self.item, one) for one in self.values)

    @property
    def answered(self) -> bool:
        return bool(self.values) or any(row.answered for row in self.rows)

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

    @property
    def answered(self) -> bool:
        return any(one.answered for one in self.fields)


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
    changes: Mapping[str, Origin] = field(default_factory=dict)
    """Where a source says something else now (`prefill.changes`)."""

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
            rows.append(Row(number, fields, _of_row(f"{path}.{number}", fields) if item.repeats else None))
        more = item.repeats and (not item.most or len(rows) < item.most)
        return Field(path, item, self._ask(item), rows=tuple(rows), more=more, faults=self._wrong(path))

    def _leaf(self, item: Item, path: str) -> Field:
        values = tuple(one for one in values_at(self.response.answers, path) if not isinstance(one, Mapping))
        choices = tuple(
            Choice(one.code, (one.child if self.child else "") or one.text, one.code in values) for one in item.options
        )
        return Field(
            path, item, self._ask(item), self._text(item, values), values, choices, self._wrong(path),
            self._chip(item, path), self.theirs.get(path, ""),
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
            return danish(one)
        return written_day(one) if item.kind is Kind.DATE else one

    def _chip(self, item: Item, path: str) -> Chip | None:
        origin, new = self.response.origins.get(path), self.changes.get(path)
        if origin is None or not origin.source.entry:
            return None
        source, ident = origin.source, ident_of(origin.source.unit)
        who = self.people[ident].name if ident in self.people else ""
        told = Chip(
            path, who, source.day, prefill.is_stale(source, self.today), source.own, origin.kept,
            _told(item, origin.said),
        )  # fmt: skip
        if new is None:
            return told
        change = Change(self._ask(item), _told(item, origin.said), _told(item, new.said))
        return told._replace(changes=(change,), version=new.source.version, now=new.source.day)


def _told(item: Item, values: Iterable[Value]) -> str:
    return ", ".join(in_words(item, one) for one in values)


def _of_row(path: str, fields: Iterable[Field]) -> Chip | None:
    """One for the whole of a repetition, which is fetched from one entry."""
    chips = [one.chip for one in fields if one.chip]
    if not chips:
        return None
    other = [one for one in chips if one.kept is not Kept.KEPT]
    kept = Kept.KEPT if not other else Kept.LEFT_OUT if other == chips else Kept.CORRECTED
    if kept is Kept.LEFT_OUT and any(one.kept is Kept.CORRECTED for one in chips):
        kept = Kept.CORRECTED
    new = next((one for one in chips if one.changes), chips[0])
    return new._replace(
        path=path, kept=kept, said=", ".join(one.said for one in other),
        changes=tuple(change for one in chips for change in one.changes),
    )  # fmt: skip


# -- what was typed ----------------------------------------------------------------------------------------------------


class Posted(NamedTuple):
    """What came with the page: the answers by place, what was done with what was fetched and with what its source says
    now, the files, and what is wrong with these."""

    said: dict[str, Values]
    kept: dict[str, Kept]
    news: dict[str, News]
    files: dict[str, Scan]
    faults: tuple[Fault, ...]


def posted(request: HttpRequest, fields: Iterable[Field]) -> Posted:
    """The answers to the questions that stood on the page."""
    found = Posted({}, {}, {}, {}, ())
    wrong: list[Fault] = []
    present = set(request.POST.getlist(PRESENT))
    for one, chip in _chosen(fields):
        if not asks(one.item) or one.path not in present:
            continue
        if one.item.kind is Kind.FILE:
            if request.POST.get(WITHOUT) == one.path:
                found.said[one.path] = ()
            else:
                _posted_file(request, one, found.files, wrong)
            continue
        found.said[one.path] = typed(one.item, request.POST.getlist(one.path))
        if chip:
            _posted_choice(request.POST, one, chip, found)
    return found._replace(faults=tuple(wrong))


def _chosen(fields: Iterable[Field], of_row: Chip | None = None) -> Iterator[tuple[Field, Chip | None]]:
    """Every question with what is chosen for it: for a whole repetition, or for itself."""
    for one in fields:
        yield one, of_row or one.chip
        for row in one.rows:
            yield from _chosen(row.fields, row.chip)


def _posted_choice(post: QueryDict, one: Field, chip: Chip, found: Posted) -> None:
    chosen, shown = post.get(f"{CHOICE}.{chip.path}", ""), post.get(f"{NEWS}.{chip.path}", "")
    if one.chip and chosen in CHOICES:
        found.kept[one.path] = CHOICES[chosen]
    elif CHOICES.get(chosen) is Kept.LEFT_OUT:  # what was written beside it in a repetition
        found.said[one.path] = ()
    if one.chip and chosen and shown.isdecimal() and len(shown) < 9:
        found.news[one.path] = News(int(shown), chosen == TAKE_NEW)


def _posted_file(request: HttpRequest, one: Field, files: dict[str, Scan], wrong: list[Fault]) -> None:
    upload = request.FILES.get(one.path)
    if upload is None:
        return
    try:
        files[one.path] = scan_in(upload)
    except NoScan as why:
        wrong.append(Fault(one.path, str(why)))


def echo(fields: Iterable[Field]) -> dict[str, list[str]]:
    """What was fetched as it stands, by the names of the page's fields, for a page that is saved and not made anew:
    what is kept or left out changes an answer, and what is written changes the choice."""
    found: dict[str, list[str]] = {}
    for one, chip in _chosen(fields):
        if chip and one.chip and asks(one.item):
            found[one.path] = [str(value) for value in one.values] if one.choices else [one.text]
        if chip and not chip.changes:
            found[f"{CHOICE}.{chip.path}"] = [next(name for name, kept in CHOICES.items() if kept is chip.kept)]
    return found


def flat(fields: Iterable[Field]) -> Iterable[Field]:
    """Every question, those in repetitions too."""
    for one in fields:
        yield one
        for row in one.rows:
            yield from flat(row.fields)
