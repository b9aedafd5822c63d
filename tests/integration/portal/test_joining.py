"""Two books about Alma on the pages: who compares them, who decides, who is led to the one there is, and who can tell."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.directory.queries import child_by_number
from barnetsbog.fhir.own import BASE
from barnetsbog.kernel.cpr import DEMO_SYSTEM
from tests.builders import bundle, patient, send

from .conftest import ALMA
from .crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])
DOUBLE = "6705179950"
LIST = "/administration/samme-barn/"
WHY = "CPR-kontoret har givet barnet et nyt nummer, og mor har vist brevet."


def _page(client: Client, path: str) -> str:
    return plain(client.get(path).content)


def test_two_books_about_alma(as_person: Callable[[str], Client], child: Callable[[str], UUID]) -> None:
    alma = child(ALMA)
    ib, vera, teacher, stranger = map(as_person, ("administrator", "administrator-2", "laerer", "specialskole"))
    seen = ["/arbejdsliste/?fane=alle", f"/barn/{alma}/", f"/barn/{UUID(int=7)}/"]
    unseen = [_page(stranger, path) for path in seen]
    send(bundle(patient("dobbelt", number=None, identifier=[{"system": DEMO_SYSTEM, "value": DOUBLE}],
                        extension=[{"url": f"{BASE}/StructureDefinition/protected-address", "valueBoolean": True}])))  # fmt: skip
    double = child(DOUBLE)
    assert [as_person(who).get(LIST).status_code for who in ("laerer", "dpo", "ppr-psykolog")] == [404, 404, 404]
    asked = teacher.post(f"/barn/{alma}/to-boeger/", {"seen": "Et brev har et andet nummer."})
    assert asked.headers["Location"] == f"/barn/{alma}/to-boeger/?sendt"
    assert "Er der to bøger om et barn?" in ib.get("/administration/").content.decode()
    told = ib.get(LIST).content.decode().partition('id="spurgt"')[2].partition("</section>")[0]
    assert "Alma Prøvegaard" in told and "Et brev har et andet nummer." in told and "Ligner: <a" in told
    beside = ib.post(LIST, {"one": "670517-9902", "other": "670517-9950"})
    assert beside.headers["Location"] == f"{LIST}{alma}/{double}/"
    assert ib.post(LIST, {"one": "670517-9902", "other": "670517-9999"}).status_code == 404
    page = ib.get(beside.headers["Location"]).content.decode()
    assert "Demovej" not in page and "9902" not in page and "Prøvebakkeskolen" not in page
    assert ib.post(beside.headers["Location"], {"why": "Nyt nummer."}).status_code == 422
    proposal = ib.post(beside.headers["Location"], {"why": WHY, "certain": "1"}).headers["Location"]
    assert "Saml bøgerne" not in ib.get(proposal).content.decode()
    offered = vera.get(proposal).content.decode()
    assert "PPR Eksempelby" not in offered and "En skole eller et dagtilbud" in offered  # one of them is protected
    assert ib.post(proposal, {"step": "approve"}).status_code == 422
    assert vera.post(proposal, {"step": "approve"}).status_code == 302
    assert vera.post(proposal, {"step": "approve"}).status_code == 422
    assert "0 poster, som er skrevet" in vera.get(proposal).content.decode()
    assert 'id="spurgt"' not in ib.get(LIST).content.decode()
    assert teacher.get(f"/barn/{double}/").headers["Location"] == f"/barn/{alma}/"
    assert "Der var to bøger om barnet" in teacher.get(f"/barn/{alma}/").content.decode()
    assert [_page(stranger, path) for path in seen] == unseen
    assert _page(stranger, f"/barn/{double}/") == unseen[2].replace(str(UUID(int=7)), str(double))
    assert child_by_number(DOUBLE) == alma
    assert ib.post(proposal, {"step": "part", "remark": "Nej"}).status_code == 422
    assert ib.post(proposal, {"step": "part", "remark": "Det var to børn."}).status_code == 302
    assert (child_by_number(DOUBLE), teacher.get(f"/barn/{double}/").status_code) == (double, 404)
