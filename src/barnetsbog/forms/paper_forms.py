"""A part of a form as a PDF that can be filled in, by hand or on a screen, and reading one that has been. Pure.

typst sets the page (`paper/form.typ`), tagged for a screen reader, with a link wherever somebody writes. pypdf makes a
form field of each link, where it stands and in its place in the structure (PDF 1.7 §12.7, §14.7.4; ISO 14289-1 §7.18:
each has a name that is read aloud), and lays the font that is written with in the file. What comes back is data from
outside: it is only read, nothing in it is run, and it is ours only with the mark that it went out with.
"""

import hashlib
import hmac
import io
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pypdf
import typst
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from barnetsbog.consent.papers import LARGEST, NoScan

from . import paper_font
from .answers import Values, asks, in_words, places, typed, values_at, with_one_more, written_day
from .model import Answers, Form, Item, Kind, Op, Section, Test, When

PAPER = Path(__file__).parent / "paper"
FONTS = Path(__file__).parents[1] / "letters" / "paper" / "fonts"
MARK = "bog"
"""The name of the field, seen by nobody, that says which form it is."""
MOST_FIELDS = 3000
EMPTY_ROWS = 2
"""How many repetitions one can add to a group on paper."""

_READ_ONLY, _MULTILINE, _RADIO, _NO_OFF = 1, 1 << 12, 1 << 15, 1 << 14
_RUNS = ("/AA", "/OpenAction", "/JavaScript", "/JS", "/EmbeddedFiles", "/XFA", "/Launch", "/RichMediaContent")


class Unreadable(NoScan):
    """It can be kept as a scan, but nothing can be read out of it."""


class Mark(NamedTuple):
    """Which part of which answered form, in which version."""

    response: str
    form: str
    version: int
    part: str

    def written(self, key: bytes) -> str:
        told = "|".join(map(str, self))
        return f"{told}|{_seal(told, key)}"


def _seal(told: str, key: bytes) -> str:
    return hmac.new(key, b"paper-form|" + told.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class _Place:
    """A form field: its question, what it is called aloud, and, when it is one of several to choose from, which."""

    path: str
    item: Item
    aloud: str
    option: str = ""

    @property
    def name(self) -> str:
        """Of the field in the PDF, where a full stop parts the names of fields that stand in each other. Of several
        boxes to tick each is a field."""
        ticked = f"={self.option}" if self.item.kind is Kind.CHOICES else ""
        return self.path.replace(".", ":") + ticked


# -- what stands on it -------------------------------------------------------------------------------------------------


def pdf(form: Form, part: str, answers: Answers, mark: Mark, *, day: date, key: bytes) -> bytes:
    """One part, with what is answered already. A child's part is asked in a child's words."""
    child = any(one.id == part and one.party.value == "child" for one in form.parts)
    answers = _with_empty_rows(form, part, answers)
    wanted: list[_Place] = []
    sections = [_section(one, answers, form, child, wanted) for one in form.sections if one.part == part]
    told = orjson.dumps({
        "title": form.title, "day": {"year": day.year, "month": day.month, "day": day.day},
        "intro": _INTRO_CHILD if child else _INTRO, "sections": sections,
    }).decode()  # fmt: skip
    made = _compiler().compile(format="pdf", sys_inputs={"form": told}, pdf_standards=["ua-1"])
    assert isinstance(made, bytes)  # one document is one file
    return _with_fields(made, wanted, answers, mark.written(key))


_INTRO = [
    "Du kan skrive på skærmen og gemme filen. Du kan også skrive den ud og bruge en kuglepen.",
    "Lad det stå tomt, som du ikke ved.",
]
_INTRO_CHILD = [
    "Du kan skrive på en skærm eller på papir. En voksen må gerne hjælpe dig.",
    "Du må gerne lade noget stå tomt.",
]


def _with_empty_rows(form: Form, part: str, answers: Answers) -> Answers:
    for section in form.sections:
        for item in section.items if section.part == part else ():
            for _ in range(EMPTY_ROWS if item.kind is Kind.GROUP and item.repeats else 0):
                answers = with_one_more(answers, item, item.id)
    return answers


def _section(section: Section, answers: Answers, form: Form, child: bool, wanted: list[_Place]) -> dict[str, Any]:
    fields = list(_fields(section, answers, form, child, wanted))
    return {"title": section.title, "help": [section.help] if section.help else [], "fields": fields}


def _fields(
    section: Section, answers: Answers, form: Form, child: bool, wanted: list[_Place]
) -> Iterator[dict[str, Any]]:
    asks_of = {item.id: item for _, item, _ in places(form, answers)}
    row, rows = "", ""
    for path, item, _ in places(form, answers, [section]):
        ask = _ask(item, child)
        group, _, number = path.rpartition(".")[0].rpartition(".")
        if group and (here := f"{group}.{number}") != row:
            row, rows = here, f"{_ask(asks_of[group.rpartition('.')[2]], child)}, nummer {int(number) + 1}"
            yield {"kind": "row", "ask": rows}
        if item.kind is Kind.SHOWN:
            yield {"kind": "text", "ask": ask}
        elif item.kind is Kind.FILE:
            yield {"kind": "text", "ask": f"{ask} Læg det ved."}
        elif asks(item):
            aloud, hint = f"{rows}. {ask}" if group else ask, _hint(item, section, asks_of, child)
            yield _field(path, item, ask, aloud, hint, child, wanted)


def _ask(item: Item, child: bool) -> str:
    return (item.child if child else "") or item.ask


def _field(path: str, item: Item, ask: str, aloud: str, hint: str, child: bool, wanted: list[_Place]) -> dict[str, Any]:
    options = [(one.code, (one.child if child else "") or one.text) for one in item.options]
    options = [("ja", "Ja"), ("nej", "Nej")] if item.kind is Kind.YES_NO else options
    told = []
    for code, text in options:
        told.append({"name": str(len(wanted)), "text": text})
        wanted.append(_Place(path, item, f"{aloud} {text}", code))
    name = str(len(wanted))
    if not options:
        wanted.append(_Place(path, item, f"{aloud} {hint}".strip()))
    unit = f" ({item.unit})" if item.unit else ""
    lines = 0 if options else 5 if item.kind is Kind.WORDS else 1
    return {"kind": "field", "name": name, "ask": ask + unit, "hint": hint, "options": told, "lines": lines}


def _hint(item: Item, section: Section, asks_of: Mapping[str, Item], child: bool) -> str:
    parts = [item.help, _only_when(section.when, asks_of, child), _only_when(item.when, asks_of, child)]
    if item.kind is not Kind.DATE or not item.help:  # what it says of a date itself is enough
        parts.append(_KINDS.get(item.kind, ""))
    return " ".join(dict.fromkeys(filter(None, parts)))


_KINDS = {Kind.DATE: "Dag, måned og år.", Kind.CHOICES: "Sæt gerne flere krydser.", Kind.CHOICE: "Sæt ét kryds."}


def _only_when(when: When, asks_of: Mapping[str, Item], child: bool) -> str:
    """On paper everything stands there, so a condition is told."""
    told = [_told(test, asks_of[test.item], child) for test in when.tests if test.item in asks_of]
    return f"Svar kun, hvis {(' eller ' if when.any_of else ' og ').join(told)}." if told else ""


def _told(test: Test, item: Item, child: bool) -> str:
    ask = f"»{_ask(item, child).rstrip('?')}«"
    if test.op is Op.ANSWERED:
        return f"du {'ikke ' if test.value is False else ''}har svaret på {ask}"
    value = in_words(item, test.value).lower() if test.value is not None else ""
    word = {Op.IS: "er", Op.IS_NOT: "ikke er", Op.OVER: "er mere end", Op.UNDER: "er mindre end"}[test.op]
    return f"svaret på {ask} {word} »{value}«"


_mine = threading.local()


def _compiler() -> typst.Compiler:
    """A compiler of this thread's own."""
    if not hasattr(_mine, "compiler"):
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        _mine.compiler = typst.Compiler(PAPER / "form.typ", root=PAPER, font_paths=fonts, ignore_system_fonts=True)
    compiler: typst.Compiler = _mine.compiler
    return compiler


# -- the fields --------------------------------------------------------------------------------------------------------


def _with_fields(made: bytes, wanted: Sequence[_Place], answers: Answers, mark: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made))
    fields, radios = ArrayObject(), dict[str, DictionaryObject]()
    pages: list[Any] = [*writer.pages]
    for page in pages:
        page[NameObject("/Tabs")] = NameObject("/S")
        for reference in _of(page, "/Annots"):
            widget = reference.get_object()
            place = wanted[int(str(widget["/A"]["/URI"]).removeprefix("bog:"))]
            _make_widget(widget, place, answers, writer)
            if place.option and place.item.kind is not Kind.CHOICES:
                _join(radios, fields, place, reference, answers, writer)
            else:
                widget[NameObject("/T")] = TextStringObject(place.name)
                fields.append(reference)
    root: Any = writer.root_object
    _as_forms(root["/StructTreeRoot"])
    fields.append(writer._add_object(_dictionary(FT="/Tx", T=MARK, TU=_MARK_ALOUD, Ff=_READ_ONLY, V=mark)))
    root[NameObject("/AcroForm")] = writer._add_object(_dictionary(
        Fields=fields, NeedAppearances=True, DA=_WRITTEN_WITH,
        DR=_dictionary(Font=_dictionary(Plex=writer._add_object(_font(writer)))),
    ))  # fmt: skip
    _draw(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_WRITTEN_WITH = "/Plex 11 Tf 0 g"
_MARK_ALOUD = "Hvilket skema det er"
_ROMAN_LETTERS, _CAPITALS, _STEM = 1 << 5, 698, 80
"""Of the font: PDF 1.7, table 123; the height of its capitals and the breadth of its strokes."""


def _font(writer: pypdf.PdfWriter) -> DictionaryObject:
    """The font that is written with, in the file."""
    face = paper_font.face()
    program = DecodedStreamObject()
    program.set_data(face.program)
    program.update(_dictionary(Length1=len(face.program)))
    described = _dictionary(
        Type="/FontDescriptor", FontName="/IBMPlexSans", Flags=_ROMAN_LETTERS, FontBBox=_numbers(face.box),
        ItalicAngle=0, Ascent=face.ascent, Descent=face.descent, CapHeight=_CAPITALS, StemV=_STEM,
        FontFile2=writer._add_object(program.flate_encode()),
    )  # fmt: skip
    return _dictionary(
        Type="/Font", Subtype="/TrueType", BaseFont="/IBMPlexSans", Encoding="/WinAnsiEncoding",
        FirstChar=paper_font.FIRST, LastChar=paper_font.LAST, Widths=_numbers(face.widths),
        FontDescriptor=writer._add_object(described),
    )  # fmt: skip


def _numbers(some: Iterable[int]) -> ArrayObject:
    return ArrayObject(NumberObject(one) for one in some)


def _of(holder: Any, name: str) -> Any:
    """A list in a PDF, wherever it stands; nothing where there is none."""
    return holder[name].get_object() if name in holder else ()


def _dictionary(**parts: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): _object(value) for key, value in parts.items()})


def _object(value: Any) -> Any:
    if isinstance(value, bool):
        return BooleanObject(value)
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, float):
        return FloatObject(value)
    if isinstance(value, str):
        name = value.startswith("/") and " " not in value
        return NameObject(value) if name else TextStringObject(value)
    return value


def _make_widget(widget: Any, place: _Place, answers: Answers, writer: pypdf.PdfWriter) -> None:
    """A link becomes a field that is where the link was, also for whoever hears the page."""
    for gone in ("/A", "/Border", "/Contents"):
        widget.pop(gone, None)
    more: dict[str, Any] = {"Subtype": "/Widget", "TU": place.aloud}
    if place.option:
        chosen = place.option in _codes(place.item, values_at(answers, place.path))
        size = [float(one) for one in widget["/Rect"]]
        more |= {"AS": f"/{place.option}" if chosen else "/Off", "AP": _ticks(place.option, size, writer)}
        more |= {"FT": "/Btn", "V": more["AS"]} if place.item.kind is Kind.CHOICES else {}
    else:
        text = "\n".join(_written(place.item, one) for one in values_at(answers, place.path))
        more |= {"FT": "/Tx", "V": TextStringObject(text), "DA": _WRITTEN_WITH}
        more |= {"Ff": _MULTILINE} if place.item.kind is Kind.WORDS else {}
        more |= {"MaxLen": place.item.limit} if place.item.limit else {}
    widget.update(_dictionary(**more))


def _draw(writer: pypdf.PdfWriter) -> None:
    """What is written already is drawn, for those who print the file from a program that knows no fields."""
    for page in writer.pages:
        texts = {
            str(widget["/T"]): str(widget["/V"]) for reference in _of(page, "/Annots")
            if (widget := reference.get_object()).get("/FT") == "/Tx" and widget["/V"]
        }  # fmt: skip
        if texts:
            writer.update_page_form_field_values(page, texts, auto_regenerate=True)


def _written(item: Item, value: Any) -> str:
    return written_day(value) if item.kind is Kind.DATE and isinstance(value, str) else in_words(item, value)


def _codes(item: Item, values: Values) -> list[str]:
    return [("ja" if one else "nej") if isinstance(one, bool) else str(one) for one in values]


def _join(
    radios: dict[str, DictionaryObject], fields: ArrayObject, place: _Place, reference: Any, answers: Answers,
    writer: pypdf.PdfWriter,
) -> None:  # fmt: skip
    """Several to choose one from are one field."""
    if place.name not in radios:
        chosen = next(iter(_codes(place.item, values_at(answers, place.path))), "Off")
        radios[place.name] = _dictionary(
            FT="/Btn", T=place.name, TU=place.item.ask, Ff=_RADIO | _NO_OFF, V=f"/{chosen}", Kids=ArrayObject()
        )
        fields.append(writer._add_object(radios[place.name]))
    radio: Any = radios[place.name]
    radio["/Kids"].append(reference)
    reference.get_object()[NameObject("/Parent")] = radio.indirect_reference


def _ticks(code: str, rect: list[float], writer: pypdf.PdfWriter) -> DictionaryObject:
    """How a box looks with a cross in it, and without."""
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    cross = f"1.4 w 2.5 2.5 m {width - 2.5:.1f} {height - 2.5:.1f} l 2.5 {height - 2.5:.1f} m {width - 2.5:.1f} 2.5 l S"
    states = {}
    for state, drawn in ((code, cross), ("Off", "")):
        stream = DecodedStreamObject()
        stream.set_data(drawn.encode())
        box = ArrayObject([FloatObject(one) for one in (0, 0, width, height)])
        stream.update(_dictionary(Type="/XObject", Subtype="/Form", BBox=box))
        states[state] = writer._add_object(stream)
    return _dictionary(N=_dictionary(**states))


def _as_forms(element: Any) -> None:
    """What was a link to whoever hears the page is a form field."""
    todo = [element]
    while todo:
        one = todo.pop().get_object()
        if isinstance(one, ArrayObject):
            todo += list(one)
        elif isinstance(one, DictionaryObject):
            if one.get("/S") == "/Link":
                one[NameObject("/S")] = NameObject("/Form")
            todo += [one["/K"]] if "/K" in one else []


# -- what comes back ---------------------------------------------------------------------------------------------------


def answers_in(content: bytes, form: Form, mark: Mark, *, key: bytes) -> Mapping[str, Values] | None:
    """What is written in a filled PDF of ours, by place; None when it has no fields at all, as a scan. `NoScan` with
    the reason when it is somebody else's, another form's, or has been changed."""
    fields = _fields_of(content)
    if fields is None:
        return None
    _must_be(fields.pop(MARK, ""), mark, key)
    wanted: list[_Place] = []
    answers = _rows_in(fields, form, mark.part)
    for section in form.sections:
        if section.part == mark.part:
            list(_fields(section, answers, form, False, wanted))
    by_name = {one.name: one for one in wanted}
    said: dict[str, list[str]] = {one.path: [] for one in wanted}
    items = {one.path: one.item for one in wanted}
    for name, value in fields.items():
        place = by_name.get(name)
        if place is None:
            raise NoScan("PDF'en har felter, som skemaet ikke har. Hent skemaet igen, og prøv med det.")
        if value not in ("", "/Off"):
            said[place.path].append(value.removeprefix("/") if place.option else value)
    return {path: typed(items[path], texts) for path, texts in said.items()}


def _must_be(told: str, mark: Mark, key: bytes) -> None:
    words, _, seal = told.rpartition("|")
    if not words or not hmac.compare_digest(seal.encode(), _seal(words, key).encode()):
        raise NoScan("PDF'en er ikke lavet her, eller den er ændret. Brug den, du har hentet her, eller en scanning.")
    response, form, version, part = words.split("|")
    if (response, form, part) != (mark.response, mark.form, mark.part):
        raise NoScan("PDF'en hører til et andet skema eller en anden del. Find det skema, den hører til.")
    if version != str(mark.version):
        raise NoScan("PDF'en er lavet til en anden udgave af skemaet. Skriv svarene ind i hånden.")


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


def _fields_of(content: bytes) -> dict[str, str] | None:
    """The fields of a PDF as texts, a choice as its name with a stroke before. Nothing in it is run or followed."""
    if len(content) > LARGEST:
        raise NoScan("Filen fylder mere end 10 MB.")
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise NoScan("PDF'en er låst med en kode. Gem den uden kode.")
        root: Any = reader.trailer["/Root"].get_object()
        if "/AcroForm" not in root:
            return None
        form = root["/AcroForm"].get_object()
        names = root["/Names"].get_object() if "/Names" in root else {}
        if any(one in where for where in (root, form, names) for one in _RUNS):
            raise NoScan(_ACTIVE)
        return dict(_texts(_of(form, "/Fields")))
    except NoScan:
        raise
    except Exception:  # whatever is in it: it comes from outside
        raise Unreadable(
            "PDF'en kan ikke læses. Den er måske i stykker. Gem den igen, eller brug en scanning."
        ) from None


_ACTIVE = "PDF'en har programmer eller vedhæftede filer i sig og bliver ikke læst. Brug den, du har hentet her."


def _texts(fields: Any) -> Iterator[tuple[str, str]]:
    for count, reference in enumerate(fields):
        field = reference.get_object()
        if count > MOST_FIELDS or any(one in field for one in ("/AA", "/A")):
            raise NoScan(_ACTIVE)
        for kid in _of(field, "/Kids"):
            if any(one in kid.get_object() for one in ("/AA", "/A")):
                raise NoScan(_ACTIVE)
        value = field.get("/V", "")
        yield str(field.get("/T", "")), str(value) if isinstance(value, str) else ""
