"""A part of a form as a PDF that can be filled in, by hand or on a screen, and reading one that has been. Pure.

typst sets the page (`paper/form.typ`), tagged for a screen reader, with a link wherever somebody writes; `paper_fields`
makes a form field of each link. What comes back is data from outside: it is only read, nothing in it is run, and it is
ours only with the mark that it went out with. The fields have the same names whatever language it was asked in.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple

from barnetsbog.kernel.files import BROKEN, NoScan, Unreadable, opened

from . import languages
from .answers import Values, asks, in_words, places, typed, with_one_more
from .model import DANISH, Answers, Form, Item, Kind, Op, Section, Test, Value, When
from .paper_fields import MARK, Place, entries, with_fields
from .paper_setting import typeset
from .paper_words import WORDS, Words
from .translations import standard

MOST_FIELDS = 3000
EMPTY_ROWS = 2
"""How many repetitions one can add to a group on paper."""


class Mark(NamedTuple):
    """Which part of which answered form, in which version. `printed`: the version of the response whose answers stand
    on it; 0 where it was printed without any."""

    response: str
    form: str
    version: int
    part: str
    printed: int = 0

    def written(self, key: bytes) -> str:
        told = "|".join(map(str, self))
        return f"{told}|{_seal(told, key)}"


def _seal(told: str, key: bytes) -> str:
    return hmac.new(key, b"paper-form|" + told.encode(), hashlib.sha256).hexdigest()


# -- what stands on it -------------------------------------------------------------------------------------------------


class _Asking(NamedTuple):
    """How a part is asked. `child`: in a child's words; `danish`: where it is asked in another language, the Danish
    items by place."""

    form: Form
    answers: Answers
    child: bool = False
    words: Words = WORDS[DANISH]
    danish: Mapping[str, Item] = {}


def pdf(
    form: Form, part: str, answers: Answers, mark: Mark, *, day: date, key: bytes, language: str = DANISH
) -> bytes:  # fmt: skip
    """One part, with what is answered already. A child's part is asked in a child's words. In another language that
    the form is offered in, the Danish stands small beside it."""
    child = any(one.id == part and one.party.value == "child" for one in form.parts)
    answers = _with_empty_rows(form, part, answers)
    wanted: list[Place] = []
    spoken = language if language in printed_in(form, part) else DANISH
    said, words, known = languages.worded(form, spoken), WORDS[spoken], standard().get(spoken)
    asking = _Asking(said, answers, child, words, _by_place(form, answers) if spoken != DANISH else {})
    sections = [
        {**_section(one, asking, wanted), "danish": was.title if asking.danish else ""}
        for one, was in zip(said.sections, form.sections, strict=True) if one.part == part
    ]  # fmt: skip
    intro = [*(words.intro_child if child else words.intro)]
    if known and not languages.offered(form)[spoken].checked:
        intro.append(known.page["unchecked"])
    told = {
        "title": said.title, "danish": form.title if asking.danish else "", "lang": spoken, "page": words.page,
        "day": {"year": day.year, "month": day.month, "day": day.day}, "intro": intro, "sections": sections,
    }  # fmt: skip
    return with_fields(
        typeset("form", told), wanted, answers, mark.written(key), mark_aloud=words.mark,
        rtl=known is not None and known.rtl,
    )  # fmt: skip


def printed_in(form: Form, part: str) -> list[str]:
    """The languages, Danish first, that a part can be had on paper in: those it is offered in, where what stands around
    the questions is there too."""
    theirs = any(one.id == part and one.party in languages.FAMILY for one in form.parts)
    return [DANISH, *(one for one in languages.offered(form) if theirs and one in WORDS)]


def _by_place(form: Form, answers: Answers) -> dict[str, Item]:
    return {path: item for path, item, _ in places(form, answers)}


def _with_empty_rows(form: Form, part: str, answers: Answers) -> Answers:
    for section in form.sections:
        for item in section.items if section.part == part else ():
            for _ in range(EMPTY_ROWS if item.kind is Kind.GROUP and item.repeats else 0):
                answers = with_one_more(answers, item, item.id)
    return answers


def _section(section: Section, asking: _Asking, wanted: list[Place]) -> dict[str, Any]:
    fields = list(_fields(section, asking, wanted))
    return {"title": section.title, "help": [section.help] if section.help else [], "fields": fields}


def _fields(section: Section, asking: _Asking, wanted: list[Place]) -> Iterator[dict[str, Any]]:
    asks_of = {item.id: item for _, item, _ in places(asking.form, asking.answers)}
    row, rows = "", ""
    for path, item, _ in places(asking.form, asking.answers, [section]):
        ask = _ask(item, asking)
        group, _, number = path.rpartition(".")[0].rpartition(".")
        if group and (here := f"{group}.{number}") != row:
            of = _ask(asks_of[group.rpartition(".")[2]], asking)
            row, rows = here, asking.words.row.format(group=of, number=int(number) + 1)
            yield {"kind": "row", "ask": rows}
        if item.kind is Kind.SHOWN:
            yield {"kind": "text", "ask": ask, "danish": _in_danish(path, asking)}
        elif item.kind is Kind.FILE:
            yield {"kind": "text", "ask": f"{ask} {asking.words.enclose}", "danish": _in_danish(path, asking)}
        elif asks(item):
            aloud, hint = f"{rows}. {ask}" if group else ask, _hint(item, section, asks_of, asking)
            yield _field(path, item, aloud, hint, asking, wanted)


def _ask(item: Item, asking: _Asking) -> str:
    return (item.child if asking.child else "") or item.ask


def _in_danish(path: str, asking: _Asking) -> str:
    return _ask(asking.danish[path], asking) if path in asking.danish else ""


def _field(path: str, item: Item, aloud: str, hint: str, asking: _Asking, wanted: list[Place]) -> dict[str, Any]:
    danish = _options(asking.danish[path], asking.child, WORDS[DANISH]) if path in asking.danish else []
    told = []
    for (code, text), (_, was) in zip_longest(_options(item, asking.child, asking.words), danish, fillvalue=("", "")):
        told.append({"name": str(len(wanted)), "text": text, "danish": was})
        wanted.append(Place(path, item, f"{aloud} {text}", code))
    name = str(len(wanted))
    if not told:
        wanted.append(Place(path, item, f"{aloud} {hint}".strip()))
    unit = f" ({item.unit})" if item.unit else ""
    return {
        "kind": "field", "name": name, "ask": _ask(item, asking) + unit, "danish": _in_danish(path, asking),
        "hint": hint, "options": told, "lines": 0 if told else 5 if item.kind is Kind.WORDS else 1,
    }  # fmt: skip


def _options(item: Item, child: bool, words: Words) -> list[tuple[str, str]]:
    if item.kind is Kind.YES_NO:
        return [("ja", words.yes), ("nej", words.no)]
    return [(one.code, (one.child if child else "") or one.text) for one in item.options]


def _hint(item: Item, section: Section, asks_of: Mapping[str, Item], asking: _Asking) -> str:
    parts = [item.help, _only_when(section.when, asks_of, asking), _only_when(item.when, asks_of, asking)]
    if item.kind is not Kind.DATE or not item.help:  # what it says of a date itself is enough
        words = asking.words
        kinds = {Kind.DATE: words.day, Kind.CHOICES: words.several, Kind.CHOICE: words.one}
        parts.append(kinds.get(item.kind, ""))
    return " ".join(dict.fromkeys(filter(None, parts)))


def _only_when(when: When, asks_of: Mapping[str, Item], asking: _Asking) -> str:
    """On paper everything stands there, so a condition is told."""
    words = asking.words
    told = [_told(test, asks_of[test.item], asking) for test in when.tests if test.item in asks_of]
    between = words.either if when.any_of else words.both
    return words.only_when.format(tests=between.join(told)) if told else ""


def _told(test: Test, item: Item, asking: _Asking) -> str:
    words = asking.words
    ask = _ask(item, asking).rstrip("?؟")
    if test.op is Op.ANSWERED:
        return (words.not_answered if test.value is False else words.answered).format(ask=ask)
    told = {Op.IS: words.is_it, Op.IS_NOT: words.is_not, Op.OVER: words.over, Op.UNDER: words.under}[test.op]
    return told.format(ask=ask, value=_value(item, test.value, words))


def _value(item: Item, value: Value | None, words: Words) -> str:
    if isinstance(value, bool):
        return (words.yes if value else words.no).lower()
    return in_words(item, value).lower() if value is not None else ""


# -- what comes back ---------------------------------------------------------------------------------------------------


class Written(NamedTuple):
    """What is written in a PDF, by place, and as `Mark` has it when it was printed."""

    said: Mapping[str, Values]
    printed: int


def answers_in(content: bytes, form: Form, mark: Mark, *, key: bytes) -> Written | None:
    """What is written in a filled PDF of ours; None when it has no fields at all, as a scan. `NoScan` with
    the reason when it is somebody else's, another form's, or has been changed."""
    fields = _fields_in(content)
    if fields is None:
        return None
    printed = _must_be(fields.pop(MARK, ""), mark, key)
    wanted: list[Place] = []
    answers = _rows_in(fields, form, mark.part)
    for section in form.sections:
        if section.part == mark.part:
            list(_fields(section, _Asking(form, answers), wanted))
    by_name = {one.name: one for one in wanted}
    said: dict[str, list[str]] = {one.path: [] for one in wanted}
    items = {one.path: one.item for one in wanted}
    for name, value in fields.items():
        place = by_name.get(name)
        if place is None:
            raise NoScan("PDF'en har felter, som skemaet ikke har. Hent skemaet igen, og prøv med det.")
        if value not in ("", "/Off"):
            said[place.path].append(value.removeprefix("/") if place.option else value)
    return Written({path: typed(items[path], texts) for path, texts in said.items()}, printed)


def _must_be(told: str, mark: Mark, key: bytes) -> int:
    """When it was printed; not known of one from before that was written on it."""
    words, _, seal = told.rpartition("|")
    if not words or not hmac.compare_digest(seal.encode(), _seal(words, key).encode()):
        raise NoScan("PDF'en er ikke lavet her, eller den er ændret. Brug den, du har hentet her, eller en scanning.")
    response, form, version, part, *printed = words.split("|")
    if (response, form, part) != (mark.response, mark.form, mark.part):
        raise NoScan("PDF'en hører til et andet skema eller en anden del. Find det skema, den hører til.")
    if version != str(mark.version):
        raise NoScan("PDF'en er lavet til en anden udgave af skemaet. Skriv svarene ind i hånden.")
    return int(printed[0]) if printed else 0


def _rows_in(fields: Mapping[str, str], form: Form, part: str) -> Answers:
    """Empty answers with as many repetitions as the PDF has."""
    answers: Answers = {}
    for section in form.sections:
        for item in section.items if section.part == part else ():
            if item.kind is Kind.GROUP:
                rows = [name.split(":")[1] for name in fields if name.startswith(f"{item.id}:")]
                most = max((int(one) for one in rows if one.isdecimal() and len(one) < 4), default=0)
                answers = {**answers, item.id: ({},) * (most + 1)}
    return answers


def _fields_in(content: bytes) -> dict[str, str] | None:
    """The fields of a PDF as texts, a choice as its name with a stroke before. Nothing in it is run or followed."""
    root: Any = opened(content).trailer["/Root"].get_object()
    if "/AcroForm" not in root:
        return None
    try:
        return dict(_texts(entries(root["/AcroForm"].get_object(), "/Fields")))
    except NoScan:
        raise
    except Exception:  # whatever is in it: it comes from outside
        raise Unreadable(BROKEN) from None


def _texts(fields: Any) -> Iterator[tuple[str, str]]:
    for count, reference in enumerate(fields):
        field = reference.get_object()
        if count > MOST_FIELDS:
            raise Unreadable(BROKEN)
        value = field.get("/V", "")
        yield str(field.get("/T", "")), str(value) if isinstance(value, str) else ""
