"""The form fields of a PDF that typst has set: each link becomes the field of its place. Pure.

A field stands where the link stood, on the page and in the structure that a screen reader follows (PDF 1.7 §12.7,
§14.7.4; ISO 14289-1 §7.18: each has a name that is read aloud). The font that is written with goes into the file, with
the signs of Windows-1252. What is answered already is drawn as typst sets it (`paper/answer.typ`), which knows how
letters join and which way they run.
"""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pypdf
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

from . import paper_font
from .answers import Values, in_words, values_at, written_day
from .model import Answers, Item, Kind
from .paper_setting import typeset

MARK = "bog"
"""The name of the field, seen by nobody, that says which form it is."""

_READ_ONLY, _MULTILINE, _RADIO, _NO_OFF = 1, 1 << 12, 1 << 15, 1 << 14
_RIGHT = 2


@dataclass(frozen=True, slots=True)
class Place:
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


def with_fields(
    made: bytes, wanted: Sequence[Place], answers: Answers, mark: str, *, mark_aloud: str, rtl: bool
) -> bytes:  # fmt: skip
    """The PDF with a field for each link to `bog:N`, the place `wanted[N]`, and the one that nobody sees, with the
    mark. `rtl`: what is written begins at the right."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(made))
    fields, radios = ArrayObject(), dict[str, DictionaryObject]()
    pages: list[Any] = [*writer.pages]
    for page in pages:
        page[NameObject("/Tabs")] = NameObject("/S")
        for reference in entries(page, "/Annots"):
            widget = reference.get_object()
            place = wanted[int(str(widget["/A"]["/URI"]).removeprefix("bog:"))]
            _make_widget(widget, place, answers, writer, rtl)
            if place.option and place.item.kind is not Kind.CHOICES:
                _join(radios, fields, place, reference, answers, writer)
            else:
                widget[NameObject("/T")] = TextStringObject(place.name)
                fields.append(reference)
    root: Any = writer.root_object
    _as_forms(root["/StructTreeRoot"])
    fields.append(writer._add_object(_dictionary(FT="/Tx", T=MARK, TU=mark_aloud, Ff=_READ_ONLY, V=mark)))
    root[NameObject("/AcroForm")] = writer._add_object(_dictionary(
        Fields=fields, DA=_WRITTEN_WITH,
        DR=_dictionary(Font=_dictionary(Plex=writer._add_object(_font(writer)))),
    ))  # fmt: skip
    _draw(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_WRITTEN_WITH = "/Plex 11 Tf 0 g"
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


def entries(holder: Any, name: str) -> Any:
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


def _make_widget(widget: Any, place: Place, answers: Answers, writer: pypdf.PdfWriter, rtl: bool) -> None:
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
        more |= {"FT": "/Tx", "V": TextStringObject(text), "DA": _WRITTEN_WITH} | ({"Q": _RIGHT} if rtl else {})
        more |= {"Ff": _MULTILINE} if place.item.kind is Kind.WORDS else {}
        more |= {"MaxLen": place.item.limit} if place.item.limit else {}
    widget.update(_dictionary(**more))


def _draw(writer: pypdf.PdfWriter) -> None:
    """What is written already is drawn here, as typst sets it, and no program is asked to draw it (`NeedAppearances`):
    some know no fields, and few know how to draw letters that the font lacks."""
    widgets = [
        widget for page in writer.pages for reference in entries(page, "/Annots")
        if (widget := reference.get_object()).get("/FT") == "/Tx" and widget["/V"]
    ]  # fmt: skip
    if not widgets:
        return
    made = pypdf.PdfReader(io.BytesIO(typeset("answer", [_to_set(one) for one in widgets], tagged=False)))
    for widget, page in zip(widgets, made.pages, strict=False):
        drawn, contents = DecodedStreamObject(), page.get_contents()
        drawn.set_data(b"" if contents is None else contents.get_data())
        drawn.update(_dictionary(
            Type="/XObject", Subtype="/Form", BBox=page.mediabox, Resources=page["/Resources"].clone(writer)
        ))  # fmt: skip
        widget[NameObject("/AP")] = _dictionary(N=writer._add_object(drawn.flate_encode()))


def _to_set(widget: Any) -> dict[str, Any]:
    left, bottom, right, top = (float(one) for one in widget["/Rect"])
    lines = [
        {"text": one, "lang": "ar" if _runs_from_the_right(one) else "da"} for one in str(widget["/V"]).split("\n")
    ]
    return {
        "lines": lines, "width": right - left, "height": top - bottom, "tall": "/Ff" in widget, "right": "/Q" in widget
    }  # fmt: skip


def _runs_from_the_right(text: str) -> bool:
    """By its first letter (UAX #9, P2)."""
    return next((kind != "L" for one in text if (kind := unicodedata.bidirectional(one)) in ("L", "R", "AL")), False)


def _written(item: Item, value: Any) -> str:
    return written_day(value) if item.kind is Kind.DATE and isinstance(value, str) else in_words(item, value)


def _codes(item: Item, values: Values) -> list[str]:
    return [("ja" if one else "nej") if isinstance(one, bool) else str(one) for one in values]


def _join(
    radios: dict[str, DictionaryObject], fields: ArrayObject, place: Place, reference: Any, answers: Answers,
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
