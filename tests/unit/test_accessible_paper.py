"""Every letter and every form on paper keeps PDF/UA-1, as far as a program can tell; and what does not is found out."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import pypdf
import pytest
import typst
from pypdf.generic import ArrayObject, BooleanObject, DecodedStreamObject, NameObject

from barnetsbog.forms import loading, samples
from barnetsbog.forms.model import DANISH, Form, Kind, every
from barnetsbog.forms.paper_font import FILE, FIRST, face
from barnetsbog.forms.paper_forms import Mark, printed_in
from barnetsbog.forms.paper_forms import pdf as form_pdf
from barnetsbog.letters.model import Audience, Template
from barnetsbog.letters.typesetting import pdf as letter_pdf
from tests.matterhorn import faults, faults_of
from tests.samples import some

from .letters.test_catalogue import EVERY, NAMES, written

FORMS = loading.program()
SPOKEN = ("parents-history", "own-consent")
"""Forms that are looked at in every language, of all that are translated: for a parent and for a child."""
PARTS = [(form, part.id, DANISH) for form in FORMS.values() for part in form.parts]
PRINTED = some(PARTS, 14) + [
    (FORMS[form], part.id, language) for form in SPOKEN for part in FORMS[form].parts
    for language in printed_in(FORMS[form], part.id) if language != DANISH
]  # fmt: skip
"""All are set from one template: a sample of them in Danish, and each language."""


@cache
def on_paper(form: str, part: str, language: str = DANISH) -> bytes:
    known = FORMS[form]
    mark, answers = Mark("svar-1", form, known.version, part), samples.answers(known)
    return form_pdf(known, part, answers, mark, day=date(2026, 11, 25), key=b"key", language=language)


@pytest.mark.parametrize(("letter", "audience"), EVERY, ids=NAMES)
def test_every_letter_keeps_what_it_claims(letter: Template, audience: Audience) -> None:
    assert faults(letter_pdf(written(letter, audience))) == []


@pytest.mark.parametrize(("form", "part", "language"), PRINTED, ids=lambda one: getattr(one, "id", one))
def test_a_form_on_paper_keeps_what_it_claims(form: Form, part: str, language: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(on_paper(form.id, part, language)))
    assert faults_of(reader) == [] and reader.trailer["/Root"]["/Lang"] == language  # type: ignore[index]


def test_those_that_are_looked_at_ask_questions_of_every_kind() -> None:
    def kinds(parts: list[tuple[Form, str, str]]) -> set[Kind]:
        return {item.kind for form, part, _ in parts for section in form.sections if section.part == part
                for item in every(section.items)}  # fmt: skip

    assert kinds(PRINTED) == kinds(PARTS)


# -- what is broken is found -------------------------------------------------------------------------------------------

Break = Callable[[pypdf.PdfWriter, Any], None]


def _first(writer: pypdf.PdfWriter, kind: str) -> Any:
    return next(_of_kind(writer, kind))


def _of_kind(writer: pypdf.PdfWriter, kind: str) -> Iterator[Any]:
    """The structure elements of a type."""
    return (one for one in map(_resolved, writer._objects) if hasattr(one, "get") and one.get("/S") == f"/{kind}")


def _resolved(one: Any) -> Any:
    return one.get_object() if one is not None else {}


def _widget(writer: pypdf.PdfWriter) -> Any:
    return next(one.get_object() for page in writer.pages for one in page.get("/Annots", ()))


def _set(name: str, value: Any) -> Callable[[Any], None]:
    return lambda holder: holder.update({NameObject(name): value})


def _draw_more(drawn: bytes) -> Break:
    def act(writer: pypdf.PdfWriter, root: Any) -> None:
        stream = DecodedStreamObject()
        stream.set_data(writer.pages[0].get_contents().get_data() + drawn)  # type: ignore[union-attr]
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    return act


def _told(writer: pypdf.PdfWriter, root: Any, before: bytes, after: bytes) -> None:
    metadata = root["/Metadata"].get_object()
    metadata.set_data(metadata.get_data().replace(before, after))


BROKEN: dict[str, Break] = {
    "06: MarkInfo": lambda writer, root: root.pop("/MarkInfo"),
    "04: Suspects": lambda writer, root: _set("/Suspects", BooleanObject(True))(root["/MarkInfo"]),
    "06-001": lambda writer, root: root.pop("/Metadata"),
    "06-002": lambda writer, root: _told(writer, root, b"<pdfuaid:part>1</pdfuaid:part>", b""),
    "06-003": lambda writer, root: _told(writer, root, b"<dc:title>", b"<dc:subject>"),
    "07-001": lambda writer, root: _set("/DisplayDocTitle", BooleanObject(False))(root["/ViewerPreferences"]),
    "11-006": lambda writer, root: root.pop("/Lang"),
    "01-005": _draw_more(b" 0 0 m 9 9 l S"),
    "01-003": _draw_more(b" /P <</MCID 0>> BDC /Artifact BMC EMC EMC"),
    "01-004": _draw_more(b" /Artifact BMC /P <</MCID 0>> BDC EMC EMC"),
    "02-001": lambda writer, root: _set("/S", NameObject("/Paragraf"))(_first(writer, "P")),
    "14-002": lambda writer, root: _set("/S", NameObject("/H2"))(_first(writer, "H1")),
    "14-003": lambda writer, root: _set("/S", NameObject("/H4"))(_first(writer, "H2")),
    "13-004": lambda writer, root: _set("/S", NameObject("/Figure"))(_first(writer, "P")),
    "28-005": lambda writer, root: _widget(writer).pop("/TU"),
    "28-008": lambda writer, root: [page.pop("/Tabs") for page in writer.pages],
    "28-010": lambda writer, root: _set("/S", NameObject("/Link"))(_first(writer, "Form")),
    "31-009": lambda writer, root: _font(root)["/FontDescriptor"].pop("/FontFile2"),
    "31-008": lambda writer, root: _font(root).pop("/Widths"),
    "25-001": lambda writer, root: _set("/XFA", ArrayObject())(root["/AcroForm"]),
}  # fmt: skip


def _font(root: Any) -> Any:
    return root["/AcroForm"]["/DR"]["/Font"]["/Plex"]


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_broken_is_found_by_its_number(fault: str) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(on_paper("consent-sms", FORMS["consent-sms"].parts[0].id)))
    BROKEN[fault](writer, writer.root_object)
    assert any(one.startswith(fault) for one in faults(_written(writer)))


def _written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("fault", "kind", "broken"),
    [
        ("15-003", "TH", lambda element: element.pop("/A")),
        ("09-004", "TR", _set("/S", NameObject("/P"))),
        ("09-005", "LI", _set("/S", NameObject("/P"))),
    ],
)
def test_a_table_and_a_list_without_what_makes_them_one_are_found(
    fault: str, kind: str, broken: Callable[[Any], object]
) -> None:
    for letter, audience in EVERY:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(letter_pdf(written(letter, audience))))
        if element := next(_of_kind(writer, kind), None):
            broken(element)
            break
    assert any(one.startswith(fault) for one in faults(_written(writer)))


def test_what_was_written_and_cannot_be_drawn_with_the_font_is_kept_all_the_same() -> None:
    """Names of other scripts: the value is whole, whatever signs the font in the file has."""
    form = FORMS["consent-sms"]
    answers = samples.answers(form) | {"child-name": ("Łucja Čapek عمر Øster",)}
    part = form.parts[0].id
    content = form_pdf(form, part, answers, Mark("x", form.id, form.version, part), day=date(2026, 11, 25), key=b"key")
    fields = pypdf.PdfReader(io.BytesIO(content)).get_fields() or {}
    assert fields["child-name"]["/V"] == "Łucja Čapek عمر Øster"
    assert faults(content) == []


def test_the_font_in_the_file_measures_the_signs_as_it_is_drawn() -> None:
    """In thousandths of an em, as typst measures the same font."""
    width = dict(enumerate(face().widths, FIRST))
    assert {sign: width[sign.encode("cp1252")[0]] for sign in " iMæøÅ"} == _as_typst_measures(" iMæøÅ")


def _as_typst_measures(signs: str) -> dict[str, int]:
    told = ", ".join(f'"{one}": measure("{one}").width.pt()' for one in signs)
    source = f'#set text(font: "IBM Plex Sans", size: 1000pt)\n#context [#metadata(({told})) <m>]'
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FILE.parent])
    found = json.loads(typst.Compiler(source.encode(), font_paths=fonts).query("<m>", field="value", one=True))
    return {sign: round(float(width)) for sign, width in found.items()}
