"""A file that somebody has chosen: kept when it is what its name says and nothing in it can run."""

import base64
import io
import zipfile
from collections.abc import Callable

import orjson
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from barnetsbog.intake.model import Unit
from barnetsbog.intake.preparing import prepare
from barnetsbog.kernel.files import LARGEST, NoScan, carries_malware_test, scan_of
from tests.builders import pdf

PNG, JPEG = b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff\xe0.."
MALWARE_TEST = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def changed(act: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    act(writer)
    return written(writer)


def does(writer: pypdf.PdfWriter, kind: str, told: str) -> None:
    """When it is opened."""
    action = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject(told): TextStringObject("x")})
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def knows(writer: pypdf.PdfWriter, name: str) -> None:
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject(name): DictionaryObject()})


def macros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/vbaProject.bin", b"Sub AutoOpen()")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(), "svar.pdf", "application/pdf"), (pdf(), "SVAR.PDF", "application/pdf"), (pdf(), "", "application/pdf"),
        (PNG, "billede.png", "image/png"), (JPEG, "billede.jpeg", "image/jpeg"), (JPEG, "scanning", "image/jpeg"),
    ],
)  # fmt: skip
def test_a_paper_is_kept_as_it_is(content: bytes, name: str, kind: str) -> None:
    assert scan_of(content, name) == (content, kind)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.pdf", "tom"), (b"<html>", "a.pdf", "PDF, PNG eller JPEG"), (b"MZ\x90", "a.png", "PDF, PNG eller JPEG"),
        (b"%PDF-" + b"x" * LARGEST, "a.pdf", "10 MB"),
        (pdf(), "svar.exe", "end dens navn siger"), (JPEG, "svar.pdf", "end dens navn siger"),
        (pdf(), "svar.pdf.docx", "end dens navn siger"),
        (macros(), "svar.docm", "makroer"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "svar.doc", "makroer"),
        (MALWARE_TEST, "eicar.com", "skadelig kode"), (pdf() + MALWARE_TEST, "svar.pdf", "skadelig kode"),
        (pdf()[:300], "svar.pdf", "kan ikke læses"), (b"%PDF-1.7 " + b"x" * 300, "svar.pdf", "kan ikke læses"),
        (changed(lambda w: w.encrypt("kode", algorithm="RC4-128")), "svar.pdf", "låst med en kode"),
        (changed(lambda w: does(w, "/JavaScript", "/JS")), "svar.pdf", "programmer"),
        (changed(lambda w: does(w, "/JavaScript", "/JS")).replace(b"/JavaScript", b"/Java#53cript"), "svar.pdf",
         "programmer"),
        (changed(lambda w: does(w, "/Launch", "/F")), "svar.pdf", "programmer"),
        (changed(lambda w: knows(w, "/JavaScript")), "svar.pdf", "programmer"),
        (changed(lambda w: w.add_attachment("lønseddel.exe", b"MZ")), "svar.pdf", "programmer"),
    ],
)  # fmt: skip
def test_what_is_something_else_or_could_run_is_refused_with_the_reason(content: bytes, name: str, why: str) -> None:
    with pytest.raises(NoScan, match=why):
        scan_of(content, name)


def test_a_pdf_that_opens_at_a_page_is_an_ordinary_one() -> None:
    def opens_at_a_page(writer: pypdf.PdfWriter) -> None:
        writer.open_destination = writer.pages[0]

    assert scan_of(changed(opens_at_a_page), "brev.pdf").kind == "application/pdf"


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_harmful_code_is_found_wherever_it_stands_in_a_file_that_is_sent_along(before: bytes, after: bytes) -> None:
    assert carries_malware_test(base64.b64encode(before + MALWARE_TEST + after))
    assert not carries_malware_test(base64.b64encode(before + after))


def test_a_resource_with_such_a_file_is_refused_and_the_others_are_not() -> None:
    def document(ident: str, content: bytes) -> dict[str, object]:
        data = {"contentType": "text/plain", "data": base64.b64encode(content).decode()}
        return {
            "resourceType": "DocumentReference", "id": ident, "status": "current", "content": [{"attachment": data}],
        }  # fmt: skip

    sent = [{"resource": document("a", b"Hej"), "fullUrl": "a"}, {"resource": document("b", MALWARE_TEST)}]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": sent}
    found = prepare(Unit("fil.json", orjson.dumps(bundle), "test"), b"key")
    assert [(one.path, one.reason.partition(",")[0]) for one in found.refusals] == [
        ("entry[1].resource", "En fil i ressourcen ligner skadelig kode")
    ]
