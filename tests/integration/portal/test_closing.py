"""The young person's page to close an entry: there for one reader, and for nobody else."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.integration.portal.conftest import ALMA, text
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

WILLIAM = "6309119905"
Relative = Callable[[str, str], Client]
INDEX = "/familie/luk/"


def _entries(client: Client) -> list[str]:
    return list(dict.fromkeys(re.findall(rf"{INDEX}[0-9a-f-]{{36}}/", text(client, INDEX))))


def test_for_parents_and_younger_children_the_page_does_not_exist(relative: Relative) -> None:
    entry = _entries(relative(WILLIAM, "child"))[0]
    for client in (relative(WILLIAM, "Peter Mønsterby"), relative(ALMA, "child"), relative(ALMA, "Sara Prøvegaard")):
        absent = plain(client.get("/familie/findes-ikke/").content)
        for address in (INDEX, entry, f"{entry}kvittering/", f"{INDEX}{uuid4()}/"):
            answer = client.get(address)
            assert answer.status_code == 404 and plain(answer.content) == absent, address
        assert client.post(entry, {"do": "luk"}).status_code == 404
        assert INDEX not in client.get("/familie/ja-og-nej/").content.decode()


def test_what_is_closed_is_gone_for_the_unit_and_back_when_it_is_opened(
    relative: Relative, as_person: Callable[[str], Client], child: Callable[[str], UUID]
) -> None:
    william, ida = relative(WILLIAM, "child"), as_person("bup-psykolog")
    timeline = f"/barn/{child(WILLIAM)}/tidslinje/?alle=1"
    entry = next(one for one in _entries(william) if "BUP Nord kan ikke længere læse det." in text(william, one))
    title = re.search(r'<h2 class="h4">([^<]+)</h2>', text(william, entry))
    assert title and title[1] in text(ida, timeline)
    before = text(ida, timeline)
    assert william.post(entry, {"do": "luk"}).status_code == 302
    assert "Det er lukket" in text(william, f"{entry}kvittering/")
    hidden = text(ida, timeline)
    assert title[1] not in hidden and "lukket" not in hidden
    assert ida.get(f"/barn/{child(WILLIAM)}/{entry.split('/')[-2]}/").status_code == 404
    again = william.post(entry, {"do": "luk"})
    assert again.status_code == 422 and "Det er lukket allerede." in again.content.decode()
    assert william.post(entry, {"do": "aabn"}).status_code == 302
    assert text(ida, timeline) == before


def test_a_receipt_of_nothing_is_none(relative: Relative) -> None:
    william = relative(WILLIAM, "child")
    assert william.get(f"{_entries(william)[0]}kvittering/").status_code == 404
    assert william.get(f"{INDEX}?side=99").status_code == 200


def test_in_english(relative: Relative) -> None:
    william = relative(WILLIAM, "child")
    william.post("/sprog/", {"language": "en", "next": "/"})
    page = text(william, _entries(william)[0])
    assert "What happens when you press" in page or "can no longer read it" in page
    assert "kan ikke længere" not in page
