"""Meeting packs in the demonstration: a school's leader makes one, and the family department reads it."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.directory import queries as directory
from barnetsbog.directory.models import Unit
from tests.integration.portal.conftest import ALMA, FREJA, text
from tests.integration.portal.crawling import as_role

pytestmark = pytest.mark.django_db(databases=["default", "demo"])


def _client(name: str) -> Client:
    return as_role(next(one for one in directory.roles().values() if one.name == name))


def _typed(page: str, **more: object) -> dict[str, object]:
    """The first entry that can be told, to the department that receives concerns."""
    to = next(one.id for one in directory.units().values() if one.name == "Modtagelsen Eksempelby")
    entry = re.findall(r'name="entries" id="entries-([^"]+)"', page)[0]
    return {
        "act": "ssd-meeting",
        "title": "Tidlig hjælp",
        "meeting": "02.12.2026",
        "to": [str(to)],
        "entries": [entry],
        **more,
    }


def test_a_pack_is_made_and_read_by_those_it_was_sent_to(child: Callable[[str], UUID]) -> None:
    leader, receiver, alma = _client("Ole Klokkeby"), _client("Jens Vagtmand"), child(ALMA)
    address = f"/barn/{alma}/moedepakke/"
    page = text(leader, address)
    title = re.findall(r'<label for="entries-[^"]+">([^<]+)<', page)[0]
    assert "ingen pakker til jer" in text(receiver, "/moedepakker/")
    assert leader.post(address, _typed(page)).status_code == 302
    assert "Tidlig hjælp" in text(leader, address)
    listed = text(receiver, "/moedepakker/")
    (link,) = re.findall(r'href="(/moedepakker/[^"]+/[^"]+/)"', listed)
    opened = text(receiver, link)
    assert title in opened and "Ole Klokkeby" in opened and "Alma Prøvegaard" in listed
    assert receiver.get(f"/barn/{alma}/").status_code == receiver.get(f"/barn/{alma}/tidslinje/").status_code == 404
    assert _client("Ida Testrup").get(link).status_code == 404
    Unit.objects.filter(name="Politiets forebyggelse Nordprøve").update(active=False)
    assert "Politiets forebyggelse Nordprøve" in page and "Politiets forebyggelse Nordprøve" not in text(
        leader, address
    )


def test_what_is_not_among_the_newest_can_be_chosen_too(
    child: Callable[[str], UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("barnetsbog.portal.professional.packs.MOST", 1)
    leader, address = _client("Ole Klokkeby"), f"/barn/{child(ALMA)}/moedepakke/"
    first, whole = text(leader, address), text(leader, f"{address}?alle=1")
    number = whole.count('name="entries"')
    assert number > first.count('name="entries"') == 1 and f"Her står de 1 nyeste af {number}." in first
    assert "nyeste af" not in whole
    oldest = re.findall(r'name="entries" id="entries-([^"]+)"', whole)[-1]
    assert leader.post(address, _typed(first) | {"entries": [oldest]}).status_code == 302


def test_what_is_missing_is_said_and_what_was_typed_is_kept(child: Callable[[str], UUID]) -> None:
    leader, address = _client("Ole Klokkeby"), f"/barn/{child(ALMA)}/moedepakke/"
    answer = leader.post(address, {"title": "Tidlig hjælp"})
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'value="Tidlig hjælp"' in shown
    for sentence in ("Vælg en slags møde.", "Skriv dagen for mødet.", "Vælg mindst ét sted.", "Vælg mindst én post."):
        assert sentence in shown
    assert leader.post(address, _typed(text(leader, address))).status_code == 302
    again = leader.post(address, _typed(text(leader, address)))
    assert again.status_code == 422 and "kræver en særlig grund" in again.content.decode()


def test_a_leader_approves_what_goes_to_the_police(child: Callable[[str], UUID]) -> None:
    caseworker, leader, address = _client("Rikke Sagsby"), _client("Mette Holdbar"), f"/barn/{child(FREJA)}/moedepakke/"
    typed = _typed(text(caseworker, address), act="ssp-exchange", reason="Forebyggelse")
    assert caseworker.post(address, typed).status_code == 302
    assert "Godkend" not in text(caseworker, address).partition("Jeres pakker")[2]
    shown = text(leader, address)
    (button,) = re.findall(r'action="([^"]+godkend)"', shown)
    assert "Venter på en leder" in shown and "Send pakken" not in shown
    assert leader.post(button).status_code == 302 and "Venter på en leder" not in text(leader, address)


@pytest.mark.parametrize("who", ["laerer", "ppr-psykolog", "dpo"])
def test_others_have_no_such_page(as_person: Callable[[str], Client], child: Callable[[str], UUID], who: str) -> None:
    address = f"/barn/{child(ALMA)}/moedepakke/"
    assert as_person(who).get(address).status_code == as_person(who).post(address, {}).status_code == 404
