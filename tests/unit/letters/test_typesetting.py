"""A letter on paper: tagged, in Danish, with no trace of who made it where, and with every word as it was typed."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

from barnetsbog.letters.blocks import parts
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.model import Audience, Template
from barnetsbog.letters.typesetting import pdf

from .test_catalogue import EVERY, NAMES, written


def read(content: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(content))
    return reader, squeezed(" ".join(page.extract_text() for page in reader.pages))


def squeezed(text: str) -> str:
    """Without the breaks of lines and pages, and the marks of lists."""
    return re.sub(r"[\s•]+|Brev 1\s*Side \d+ af \d+", "", text)


@pytest.mark.parametrize(("letter", "audience"), EVERY, ids=NAMES)
def test_every_letter_is_accessible_and_says_what_it_says(letter: Template, audience: Audience) -> None:
    version = written(letter, audience)
    reader, said = read(pdf(version))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "da"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    for part in parts(version):
        assert squeezed(part) in said


@pytest.mark.parametrize(("letter", "audience"), EVERY, ids=NAMES)
def test_its_metadata_tell_the_letters_kind_and_day_and_nothing_else(letter: Template, audience: Audience) -> None:
    version = written(letter, audience)
    content = pdf(version)
    reader, _ = read(content)
    assert reader.metadata is not None
    assert {key: value for key, value in reader.metadata.items() if key != "/Creator"} == {
        "/Title": version.title, "/CreationDate": "D:20261125000000Z", "/ModDate": "D:20261125000000Z",
    }  # fmt: skip
    about = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in about and "pdfaid:part>2<" in about
    for leak in (b"Sara", b"Alma", b"Kim", b"Eksempelby", b"/tmp", b"/home", b"letter.typ"):
        assert leak not in content and leak.decode() not in about


@pytest.mark.parametrize(
    "trick",
    [
        '#read("/etc/passwd")', '#import "@preview/cetz:0.3.0"', "{{ barn }}", '=HYPERLINK("http://x.example")', "$x^2$",
        "*fed* _kursiv_ `kode`", "<label> @label", "\\u{41}", "https://example.invalid/a", "-- --- ...", '"citat" \'enkelt\'',
    ],
)  # fmt: skip
def test_what_is_typed_stays_what_it_is(trick: str) -> None:
    _, said = read(pdf(written(catalogue()["L4"], Audience.HOLDER, fandt=trick)))
    assert squeezed(trick) in said
    assert "root:" not in said


def test_names_are_set_as_they_are_written() -> None:
    name = "Åse Øster-Ægir Ünal Čapek"
    _, said = read(pdf(written(catalogue()["L4"], Audience.HOLDER, fandt=name)))
    assert squeezed(name) in said


@pytest.mark.parametrize(
    ("typed", "on_paper"),
    [
        ("En hund 😅!", "En hund [smiling face with open mouth and cold sweat]!"), ("❤️", "[heavy black heart]"),
        ("👨\u200d👩\u200d👧", "[man, woman, girl]"), ("שרה", "[3 tegn, der ikke kan vises på papir]"),
        ("a\x01b", "a[1 tegn, der ikke kan vises på papir]b"), ("Олена Ελένη ½ √", "Олена Ελένη ½ √"),
    ],
)  # fmt: skip
def test_a_sign_that_no_font_has_is_told_and_keeps_no_letter_back(typed: str, on_paper: str) -> None:
    """PDF/UA is not made at all with a sign that can't be shown, and a child's words are full of them."""
    _, said = read(pdf(written(catalogue()["L4"], Audience.HOLDER, fandt=typed)))
    assert squeezed(on_paper) in said


def test_a_word_that_is_longer_than_its_line_is_broken_and_none_of_it_is_cut_off() -> None:
    """In a paragraph (some hundred letters wide), and in a column of a table."""
    word = "å" * 300
    made, said = read(pdf(written(catalogue()["L2"], Audience.HOLDER, talte=word, opgaver=f"{word} | Kim | i dag")))
    assert said.count("å") >= 600
    assert max(len(line) for page in made.pages for line in page.extract_text().splitlines()) < 110


def test_the_same_letter_is_always_the_same_bytes_whichever_thread_sets_it() -> None:
    letters = [written(catalogue()["L4"], Audience.HOLDER, fandt=f"Nummer {n}.") for n in range(6)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(pdf, letters))
    assert together == [pdf(one) for one in letters]
    assert all(f"Nummer{n}." in read(content)[1] for n, content in enumerate(together))
