"""Choosing a helper, and what the helper finds: the pages without a browser."""

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.integration.portal.conftest import NOAH, text
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

NORA, FREJA = "8802099918", "8209199904"
Relative = Callable[[str, str], Client]
NEW = "/familie/hjaelpere/ny/"
CHOICE = {
    "kind": "lay-representative", "name": "Torben Følgesvend", "born": "07.05.1980", "number": "670580-9901", "blocks": ["AK"], "until": "24.11.2027",
}  # fmt: skip


def test_a_bisidder_reads_what_was_allowed_and_has_no_other_pages(relative: Relative) -> None:
    client = relative(NORA, "Birgitte Medgang")
    listed = text(client, "/familie/bog/")
    entry = re.search(r"/familie/bog/[0-9a-f-]{36}/", listed)
    assert entry and "Nora" in listed and text(client, entry[0])
    absent = plain(client.get("/familie/findes-ikke/").content)
    for address in (
        "/familie/ja-og-nej/",
        "/familie/hvem-har-set/",
        "/familie/hjaelpere/",
        NEW,
        "/familie/luk/",
        f"/familie/bog/{uuid4()}/",
    ):
        answer = client.get(address)
        assert answer.status_code == 404 and plain(answer.content) == absent, address
    assert "bisidder" in text(client, "/familie/hvorfor/")


def test_others_of_the_family_see_nobody_elses_choice(relative: Relative) -> None:
    stop = re.search(r"/familie/hjaelpere/[0-9a-f-]{36}/stop/", text(relative(NORA, "child"), "/familie/hjaelpere/"))
    father = relative(NORA, "Steen Prototorp")
    assert stop and father.get(stop[0]).status_code == father.post(stop[0]).status_code == 404
    assert "Birgitte" not in text(father, "/familie/hjaelpere/")


def test_nothing_is_so_before_the_last_press_and_nothing_typed_is_lost(relative: Relative) -> None:
    noah = relative(NOAH, "child")
    wrong = noah.post(NEW, {**CHOICE, "born": "26.11.2011", "trin": "vis"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "skal være fyldt 15 år" in page and 'value="Torben Følgesvend"' in page
    assert "Vælg mindst én ting." in noah.post(NEW, {**CHOICE, "blocks": []}).content.decode()
    shown = noah.post(NEW, {**CHOICE, "trin": "vis"}).content.decode()
    assert "Torben Følgesvend kan logge ind og læse om møder og aftaler." in shown and "Giv lov nu" in shown
    assert "Torben" not in text(noah, "/familie/hjaelpere/")
    assert noah.post(NEW, {**CHOICE, "trin": "send"}).status_code == 302
    assert "Torben Følgesvend" in text(noah, "/familie/hjaelpere/")
    assert "vi kender ikke CPR-nummeret" not in text(noah, "/familie/hjaelpere/")
    assert noah.post(NEW, {**CHOICE, "kind": "mandate-holder", "trin": "send"}).status_code == 422


def test_a_number_that_is_not_the_helpers_and_one_that_is_not_known(relative: Relative) -> None:
    noah = relative(NOAH, "child")
    for number in ("6805809901", "12345", NOAH, "0705801234"):
        page = noah.post(NEW, {**CHOICE, "number": number, "trin": "send"})
        assert page.status_code == 422 and f'value="{number}"' in page.content.decode(), number
    shown = noah.post(NEW, {**CHOICE, "number": "", "trin": "vis"}).content.decode()
    assert "kan ikke logge ind uden et CPR-nummer" in shown
    assert noah.post(NEW, {**CHOICE, "number": "", "trin": "send"}).status_code == 302
    assert "vi kender ikke CPR-nummeret" in text(noah, "/familie/hjaelpere/")


def test_the_case_worker_excludes_a_bisidder_and_the_child_reads_why(
    relative: Relative, as_person: Callable[[str], Client], child: Callable[[str], UUID]
) -> None:
    nora, rikke = child(NORA), as_person("raadgiver")
    address = re.search(rf"/barn/{nora}/samtykke/bisidder/[0-9a-f-]{{36}}/", text(rikke, f"/barn/{nora}/samtykke/"))
    assert address
    for key in ("bup-psykolog", "laerer"):
        assert as_person(key).post(address[0], {"reason": "Fordi"}).status_code == 404
    assert "bisidder/" not in text(as_person("bup-psykolog"), f"/barn/{nora}/samtykke/")
    empty = rikke.post(address[0], {"reason": ""})
    assert empty.status_code == 422 and "Barnet kan læse det." in empty.content.decode()
    helper = relative(NORA, "Birgitte Medgang")
    assert rikke.post(address[0], {"reason": "Hun er selv part i sagen."}).status_code == 302
    assert helper.get("/familie/bog/").status_code == 302, "the session has ended with the right"
    assert "Hun er selv part i sagen." in text(relative(NORA, "child"), "/familie/hjaelpere/")
    assert rikke.get(address[0]).status_code == 404
    # The child's own choice leaves no trace in a parent's log: neither that somebody looked at it nor what was decided
    (decided, looked), log = ("Besluttede, at en ikke må være bisidder.", "hvem der hjælper"), "/familie/hvem-har-set/"
    assert all(one in text(relative(NORA, "child"), log) for one in (decided, looked))
    assert all(one not in text(relative(NORA, "Steen Prototorp"), log) for one in (decided, looked))


def test_somebody_of_eighteen_is_promised_no_bisidder(relative: Relative, monkeypatch: pytest.MonkeyPatch) -> None:
    nora = relative(NORA, "child")
    assert "Det hedder en bisidder" in text(nora, "/familie/hjaelpere/")
    monkeypatch.setattr("barnetsbog.mandates.queries.ADULT_AGE", 17)
    shown = text(nora, "/familie/hjaelpere/")
    assert "Det hedder en bisidder" not in shown and "Du kan give en anden fuldmagt." in shown


def test_where_the_address_is_protected_nobody_is_promised_to_read_along(relative: Relative) -> None:
    parent = relative(FREJA, "Katrine Testrup")
    choice = {**CHOICE, "kind": "mandate-holder", "trin": "vis"}
    shown = parent.post(NEW, choice).content.decode()
    assert "kan ikke logge ind og læse noget i denne bog" in shown and "Torben Følgesvend kan logge ind" not in shown
    assert parent.post(NEW, {**choice, "trin": "send"}).status_code == 302
    assert "Kan ikke læse noget i denne bog." in text(parent, "/familie/hjaelpere/")
