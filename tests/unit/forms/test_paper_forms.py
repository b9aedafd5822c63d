"""A part of a form as a PDF with fields: what a screen reader is told, and what comes back when it is filled in."""

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from barnetsbog.forms import loading
from barnetsbog.forms.model import Answers, Form, Kind, Option, Part, Party, Section
from barnetsbog.forms.paper_forms import Mark, answers_in, pdf, printed_in
from barnetsbog.forms.paper_words import WORDS
from barnetsbog.forms.translations import standard
from barnetsbog.kernel.files import NoScan

from .answering import leaves, valid
from .inventing import form, group, line, when, yes_no

KEY, DAY = b"key", date(2026, 11, 25)
OPTIONS = (Option("a", "Tit", child="Mange gange"), Option("b", "Aldrig"))
SMALL = form(
    line("navn", limit=40), line("ord", kind=Kind.WORDS), yes_no("ro"), line("et", kind=Kind.CHOICE, options=OPTIONS),
    line("flere", kind=Kind.CHOICES, options=OPTIONS, when=when("ro")), line("dag", kind=Kind.DATE),
    line("tal", kind=Kind.DECIMAL, unit="kg"), group("række", line("hvad"), line("siden", kind=Kind.DATE)),
    line("bilag", kind=Kind.FILE), line("læs", kind=Kind.SHOWN, ask="Ring 112 i fare."),
)  # fmt: skip
SAID: Answers = {
    "navn": ("Åse Øster-Ægir",), "ord": ("En linje.\nOg en til.",), "ro": (False,), "et": ("b",),
    "flere": ("a", "b"), "dag": ("2026-03-03",), "tal": (31.5,), "række": ({"hvad": ("Pauser",)},),
}  # fmt: skip


def mark(made: Form, part: str = "school") -> Mark:
    return Mark("svar-1", made.id, made.version, part)


def printed(made: Form = SMALL, answers: Answers | None = None, part: str = "school") -> bytes:
    return pdf(made, part, answers or {}, mark(made, part), day=DAY, key=KEY)


def read(content: bytes, made: Form = SMALL, part: str = "school") -> dict[str, Any]:
    found = answers_in(content, made, mark(made, part), key=KEY)
    assert found is not None
    return {path: tuple(values) for path, values in found.said.items() if values}


def widgets(content: bytes) -> list[Any]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [one.get_object() for page in pages for one in page.get("/Annots", ())]


def changed(content: bytes, change: Callable[[pypdf.PdfWriter], None]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def drawn_in(content: bytes) -> dict[str, str]:
    """What stands in each field for whoever prints it from a program that knows no fields."""
    found, page = {}, pypdf.PdfWriter().add_blank_page(600, 600)
    for one in widgets(content):
        if one.get("/FT") == "/Tx" and one["/V"]:
            page[NameObject("/Contents")] = one["/AP"]["/N"]
            page[NameObject("/Resources")] = one["/AP"]["/N"]["/Resources"]
            found[one["/T"]] = page.extract_text()
    return found


# -- what a screen reader is told --------------------------------------------------------------------------------------


def test_every_field_has_a_name_aloud_and_stands_in_the_structure_in_the_order_of_the_page() -> None:
    """PDF/UA-1 (ISO 14289-1) §7.18.1, §7.18.4: a name for each field, and each in a Form element."""
    content = printed(answers=SAID)
    reader = pypdf.PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "da" and reader.metadata and reader.metadata.title == "Et skema"
    assert all(page["/Tabs"] == "/S" for page in reader.pages)
    aloud = [one["/TU"] for one in widgets(content)]
    assert aloud[0] == "Hvad med navn?" and all(aloud) and "Hvad med ro? Ja" in aloud
    assert "Række, nummer 2. Hvad med hvad?" in aloud
    in_structure = [one["/TU"] for one in _forms_in(root["/StructTreeRoot"])]
    assert in_structure == aloud
    names = [one.get("/T") for one in widgets(content) if one.get("/T")]
    assert len(set(names)) == len(names) and widgets(content)[0]["/MaxLen"] == 40


def _forms_in(element: Any) -> list[Any]:
    """What the Form elements of the structure point at, in its order; there are no links left."""
    one = element.get_object()
    if isinstance(one, list):
        return [found for kid in one for found in _forms_in(kid)]
    if not isinstance(one, DictionaryObject):
        return []
    assert one.get("/S") != "/Link"
    if one.get("/S") == "/Form":
        kids = one["/K"] if isinstance(one["/K"], list) else [one["/K"]]
        return [kid.get_object()["/Obj"].get_object() for kid in kids]
    return _forms_in(one["/K"]) if "/K" in one else []


def test_what_is_only_asked_sometimes_says_when_and_words_and_files_are_no_fields() -> None:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed())).pages)
    said = " ".join(text.split())
    assert "Svar kun, hvis svaret på »Hvad med ro« er »ja«." in said and "Ring 112 i fare." in said
    assert "Læg det ved." in said and not [one for one in widgets(printed()) if "bilag" in str(one.get("/T"))]


def test_how_to_write_a_date_is_said_once() -> None:
    """`Måned og år er nok.` and `Dag, måned og år.` beside each other would leave people wondering."""
    made = form(line("mødt", kind=Kind.DATE, help="Måned og år er nok."), line("dag", kind=Kind.DATE))
    assert [one["/TU"] for one in widgets(printed(made))] == [
        "Hvad med mødt? Måned og år er nok.", "Hvad med dag? Dag, måned og år.",
    ]  # fmt: skip


def test_a_child_is_asked_in_its_own_words() -> None:
    part = Part("barn", Party.CHILD, "Dig")
    item = line("et", kind=Kind.CHOICE, options=OPTIONS, ask="Hvad siger barnet?", child="Hvad siger du?")
    made = form(parts=(part,), sections=(Section("s", "Dig", "barn", (item,)),))
    aloud = [one["/TU"] for one in widgets(printed(made, part="barn"))]
    assert aloud == ["Hvad siger du? Mange gange", "Hvad siger du? Aldrig"]


def test_nothing_in_it_tells_who_made_it_and_it_claims_what_it_keeps() -> None:
    """That it keeps PDF/UA-1 is `test_accessible_paper`'s."""
    content = printed()
    metadata = pypdf.PdfReader(io.BytesIO(content)).metadata
    assert metadata and metadata.author is None and b"pdfuaid:part>1<" in content


# -- in the language of whoever answers --------------------------------------------------------------------------------


HISTORY = loading.program()["parents-history"]
ARABIC: Answers = {"history-worry": ("عمره 9، هاتفي 12 34 56 78\nog cpr 010217-1234",), "child-name": ("Łucja يارا",)}


def in_language(language: str, answers: Answers | None = None, made: Form = HISTORY) -> bytes:
    part = made.parts[0].id
    return pdf(made, part, answers or {}, mark(made, part), day=DAY, key=KEY, language=language)


def words_of(content: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def test_a_part_is_asked_in_the_language_with_the_danish_beside_and_the_same_fields() -> None:
    danish, english, arabic = (in_language(one) for one in ("da", "en", "ar"))
    names = [[one.get("/T") for one in widgets(content)] for content in (danish, english, arabic)]
    assert names[0] == names[1] == names[2]
    said = words_of(english)
    assert "When did it begin? Hvornår begyndte det?" in said
    assert "Answer only if the answer to “Is an interpreter needed” is “yes”." in said and "Page 2 of" in said
    assert "No translator has read these words through yet." in said and "Hvornår begyndte det?" in words_of(arabic)
    root: Any = pypdf.PdfReader(io.BytesIO(arabic)).trailer["/Root"]
    assert root["/Lang"] == "ar" and root["/ViewerPreferences"]["/Direction"] == "/R2L"
    assert "متى بدأ ذلك؟ يكفي الشهر والسنة." in [one["/TU"] for one in widgets(arabic)]
    assert all(one["/Q"] == 2 for one in widgets(arabic) if one.get("/FT") == "/Tx")


def test_what_is_written_in_arabic_is_drawn_and_comes_back_as_it_was() -> None:
    content = in_language("ar", ARABIC)
    assert read(content, HISTORY, "parents") == {path: tuple(values) for path, values in leaves(ARABIC)}
    drawn = drawn_in(content)["history-worry"]
    assert "12 34 56 78" in drawn and "010217-1234" in drawn and re.search("[\u0600-\u06ff]", drawn)


def test_what_is_not_the_family_s_and_what_is_not_translated_is_printed_in_danish() -> None:
    assert printed_in(HISTORY, "parents") == ["da", "ar", "en"] and printed_in(HISTORY, "findes-ikke") == ["da"]
    assert in_language("ar", made=SMALL) == in_language("da", made=SMALL)


def test_every_language_of_the_catalogue_has_words_for_paper_with_the_same_places_in_them() -> None:
    assert WORDS.keys() == {"da", *standard()}
    for told in WORDS.values():
        for name, danish in WORDS["da"]._asdict().items():
            said = getattr(told, name)
            assert all(said) and re.findall(r"{\w+}", str(said)) == re.findall(r"{\w+}", str(danish))


# -- what comes back ---------------------------------------------------------------------------------------------------


def test_what_was_answered_already_is_drawn_and_comes_back_as_it_was() -> None:
    content = printed(answers=SAID)
    assert read(content) == {path: tuple(values) for path, values in leaves(SAID)}
    assert drawn_in(content)["række:0:hvad"] == "Pauser" and drawn_in(content)["ord"] == "En linje.\nOg en til."


def test_what_a_program_writes_in_the_fields_is_read() -> None:
    def fill(writer: pypdf.PdfWriter) -> None:
        for page in writer.pages:
            there = {str(one.get_object().get("/T") or "") for one in page.get("/Annots", ())}  # type: ignore[attr-defined]
            values = {
                "navn": "Åse", "dag": "3.12.2026", "tal": "31,5", "række:1:hvad": "Ro", "flere=b": "/b",
            }  # fmt: skip
            writer.update_page_form_field_values(page, {name: one for name, one in values.items() if name in there})
        form_: Any = writer.root_object["/AcroForm"]
        for one in form_["/Fields"]:
            if one.get_object().get("/T") == "ro":
                one.get_object()[NameObject("/V")] = NameObject("/ja")

    assert read(changed(printed(), fill)) == {
        "navn": ("Åse",), "ro": (True,), "flere": ("b",), "dag": ("2026-12-03",), "tal": (31.5,),
        "række.1.hvad": ("Ro",),
    }  # fmt: skip


@pytest.mark.parametrize("ident", ["consent-ppr", "own-consent", "bup-referral-ppr", "sdq-11-17", "status-placement"])
def test_forms_of_the_catalogue_go_out_and_come_back(ident: str) -> None:
    made = loading.program()[ident]
    answers = valid(made, {})
    for part in made.parts:
        mine = {
            path: tuple(values) for path, values in leaves(answers)
            if any(path.partition(".")[0] == item.id for s in made.sections if s.part == part.id for item in s.items)
        }  # fmt: skip
        assert read(printed(made, answers, part.id), made, part.id) == mine


# -- what is not ours --------------------------------------------------------------------------------------------------


def _foreign(_: bytes) -> bytes:
    def other(writer: pypdf.PdfWriter) -> None:
        form_: Any = writer.root_object["/AcroForm"]
        for one in form_["/Fields"]:
            if one.get_object().get("/T") == "bog":
                form_["/Fields"].remove(one)
                return

    return changed(_, other)


def _resealed(content: bytes) -> bytes:
    def other(writer: pypdf.PdfWriter) -> None:
        form_: Any = writer.root_object["/AcroForm"]
        for one in form_["/Fields"]:
            if one.get_object().get("/T") == "bog":
                told = str(one.get_object()["/V"]).replace("svar-1", "svar-2")
                one.get_object()[NameObject("/V")] = TextStringObject(told)

    return changed(content, other)


def _more(content: bytes) -> bytes:
    def other(writer: pypdf.PdfWriter) -> None:
        form_: Any = writer.root_object["/AcroForm"]
        extra = DictionaryObject({
            NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject("hemmeligt"),
            NameObject("/V"): TextStringObject("x"),
        })  # fmt: skip
        form_["/Fields"].append(writer._add_object(extra))

    return changed(content, other)


def _runs(writer: pypdf.PdfWriter) -> None:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject(k): v for k, v in action.items()})


def _locked(content: bytes) -> bytes:
    return changed(content, lambda writer: writer.encrypt("kode", algorithm="RC4-128"))


@pytest.mark.parametrize(("says", "made"), [
    ("er ikke lavet her", _foreign),
    ("er ikke lavet her", _resealed),
    ("felter, som skemaet ikke har", _more),
    ("programmer", lambda content: changed(content, _runs)),
    ("programmer", lambda content: changed(content, lambda writer: writer.add_attachment("x", b"x") and None)),
    ("låst med en kode", _locked),
    ("kan ikke læses", lambda content: content[:500]),
    ("kan ikke læses", lambda content: b"%PDF-1.7 " + b"x" * 300),
])  # fmt: skip
def test_a_pdf_that_is_not_ours_or_has_been_changed_is_refused_with_the_reason(
    says: str, made: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(NoScan, match=says):
        read(made(printed()))


@pytest.mark.parametrize(("says", "other"), [
    ("andet skema", {"response": "svar-2"}), ("anden del", {"part": "home"}), ("anden udgave", {"version": 2}),
])  # fmt: skip
def test_another_form_s_another_part_s_and_an_older_version_s_are_told_apart(says: str, other: dict[str, Any]) -> None:
    with pytest.raises(NoScan, match=says):
        answers_in(printed(), SMALL, mark(SMALL)._replace(**other), key=KEY)


def test_a_scan_has_no_fields_and_no_answers() -> None:
    blank = pypdf.PdfWriter()
    blank.add_blank_page(200, 200)
    out = io.BytesIO()
    blank.write(out)
    assert answers_in(out.getvalue(), SMALL, mark(SMALL), key=KEY) is None
