"""*Æreskonflikt*: the family department's page, and what others see of it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from tests.integration.portal.conftest import text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
LIVA = "7901129906"
SEEN, FOUND = "Hun skal giftes til sommer.", "Moster kan hente hende."
WAIT = "Forældre og netværk må ikke inddrages endnu"


def test_a_suspicion_stands_where_the_caseworker_looks_until_it_is_assessed(as_person: SignIn, child: Find) -> None:
    rikke, liva = as_person("raadgiver"), child(LIVA)
    address = f"/barn/{liva}/aereskonflikt/"
    assert "Der står ingen mistanke" in text(rikke, address) and address in text(rikke, f"/barn/{liva}/kontakter/")
    assert WAIT not in text(rikke, f"/barn/{liva}/")
    assert rikke.post(address, {"mistanke": "1", "seen": SEEN}).status_code == 302
    for page in (address, f"/barn/{liva}/", f"/barn/{liva}/kontakter/"):
        assert WAIT in text(rikke, page)
    assert "Vurder risikoen for æreskonflikt" in text(rikke, f"/barn/{liva}/opgaver/")
    done = rikke.post(address, {"found": FOUND, "stand": "final", "version": "1"})
    assert done.status_code == 302, done.content.decode()
    page = text(rikke, done["Location"])
    assert all(one in page for one in (SEEN, FOUND, "Vurderingen er gemt")) and WAIT not in page
    assert WAIT not in text(rikke, f"/barn/{liva}/")
    assert "Vurder risikoen for æreskonflikt" not in text(rikke, f"/barn/{liva}/opgaver/").partition("Afsluttet")[0]


def test_who_comes_second_gets_back_what_was_typed_where_the_page_has_no_form_for_it(
    as_person: SignIn, child: Find
) -> None:
    rikke, address = as_person("raadgiver"), f"/barn/{child(LIVA)}/aereskonflikt/"
    assert rikke.post(address, {"mistanke": "1", "seen": SEEN}).status_code == 302
    again = rikke.post(address, {"mistanke": "1", "seen": "Hun har fået en billet."})
    page = again.content.decode()
    assert again.status_code == 422 and "venter allerede" in page and "Hun har fået en billet." in page
    assert rikke.post(address, {"found": FOUND, "stand": "cancelled", "version": "1"}).status_code == 302
    late = rikke.post(address, {"found": "Vi venter på politiet.", "stand": "preliminary", "version": "1"})
    assert late.status_code == 422 and "Vi venter på politiet." in late.content.decode()
    assert "Der er ingen æreskonflikt" in late.content.decode()


@pytest.mark.parametrize("who", ["ppr-psykolog", "laerer", "bup-psykolog"])
def test_for_everybody_else_there_is_no_such_page(as_person: SignIn, child: Find, who: str) -> None:
    client, liva = as_person(who), child(LIVA)
    for answer in (client.get(f"/barn/{liva}/aereskonflikt/"), client.post(f"/barn/{liva}/aereskonflikt/", {})):
        assert answer.status_code == 404
    assert "aereskonflikt" not in client.get(f"/barn/{liva}/kontakter/").content.decode()
