"""The child's own pages: nobody else's, and what is typed wrongly comes back with a reason and nothing lost."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.record.models import Entry
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
WILLIAM, LIVA = "6309119905", "7901129906"
PAGES = [
    f"/familie/{one}/" for one in ("mine-ord", "mine-maal", "rettigheder", "ord", "papir", f"mine-ord/{UUID(int=7)}")
]


@pytest.mark.parametrize("page", PAGES)
def test_for_everybody_but_the_child_the_page_does_not_exist(relative: Relative, page: str) -> None:
    for number, name in ((ALMA, "Sara Prøvegaard"), (WILLIAM, "Peter Mønsterby"), (LIVA, "Else Hjemmeby")):
        client = relative(number, name)
        assert client.get(page).status_code == 404
        assert client.post(page, {"words": "Hej", "room": "note"}).status_code in (404, 405)
    assert not Entry.objects.using("demo").filter(what="own-word").exists()


def test_a_child_of_nine_gets_pictures_and_one_of_fifteen_does_not(relative: Relative) -> None:
    for page, young, older in (
        ("", "Hvem møder jeg næste gang?", "Hvem har bolden?"),
        ("mine-ord/", "Mit hus", "Mine noter"),
    ):
        assert young in text(relative(ALMA, "child"), f"/familie/{page}")
        assert older in text(relative(WILLIAM, "child"), f"/familie/{page}")


def test_whoever_answers_a_child_knows_that_its_parents_read_along(
    relative: Relative, as_person: Callable[[str], Client], child: Callable[[str], UUID]
) -> None:
    own, kim, told = relative(ALMA, "child"), as_person("ppr-psykolog"), "Barnet lader også sine forældre læse det."
    page = text(own, "/familie/beskeder/ny/")
    to = next(one for one in re.findall(r'value="(PractitionerRole/[^"]+)"', page))
    for typed, is_told in (({"holders": "on"}, True), ({}, False)):
        sent = own.post("/familie/beskeder/ny/", {"to": to, "text": "Kan vi ses?", **typed})["Location"]
        thread = sent.partition("?")[0].rstrip("/").rpartition("/")[2]
        assert (told in text(kim, f"/barn/{child(ALMA)}/beskeder/{thread}/")) is is_told


def test_somebody_grown_up_is_told_nothing_of_parents(relative: Relative, monkeypatch: pytest.MonkeyPatch) -> None:
    """They answer nothing for who is 18, may be told nothing by us, and read nothing along."""
    monkeypatch.setattr("barnetsbog.portal.voices.ADULT_AGE", 15)
    grown = relative(WILLIAM, "child")
    ident = grown.post("/familie/mine-ord/", {"words": "Jeg flytter", "room": "note"})["Location"].partition("?")[0]
    for page in ("/familie/ja-og-nej/", "/familie/beskeder/ny/", ident, "/familie/mine-maal/"):
        shown = text(grown, page)
        assert "Mine forældre må" not in shown and "mor og far" not in shown, page
        assert "Dine forældre kan stadig få noget at vide" not in shown and 'name="holders"' not in shown, page
    assert "Dine forældre kan ikke se det." in text(grown, "/familie/beskeder/ny/")


@pytest.mark.parametrize(
    ("page", "typed", "why"),
    [
        ("mine-ord/", {"words": " ", "room": "worry", "writer": "Mormor Lis"}, "Skriv noget først."),
        ("mine-ord/", {"words": "a" * 90_000, "room": "worry"}, "må højst have"),
        ("mine-maal/", {"om": "maal", "words": "", "mark": "3"}, "Skriv noget først."),
        ("mine-maal/", {"om": "syn", "words": "\n"}, "Skriv, hvad du synes."),
    ],
)  # fmt: skip
def test_what_can_t_be_kept_comes_back_with_a_reason(
    relative: Relative, page: str, typed: dict[str, str], why: str
) -> None:
    answer = relative(ALMA, "child").post(f"/familie/{page}", typed)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Det er ikke gemt endnu" in shown
    assert why in shown and typed.get("writer", "") in shown


def test_a_wish_needs_somebody_and_invites_nobody(relative: Relative) -> None:
    client = relative(ALMA, "child")
    page = re.findall(r'"(/familie/aftaler/[^"]*/hvem/)"', text(client, "/familie/aftaler/"))[0]
    before = Entry.objects.using("demo").filter(what="appointment").values_list("id", "version")
    known = set(before)
    assert client.post(page, {"words": "Fordi jeg er nervøs."}).status_code == 422
    sent = client.post(page, {"name": "Mormor Lis", "words": "Fordi jeg er nervøs."})
    told = text(client, sent.headers["Location"])
    assert "kommer med: Mormor Lis.\n\nFordi jeg er nervøs." in told and "Beskeden er sendt." in told
    assert set(before.all()) == known


def test_what_was_not_taken_away_is_said_to_be_there_still(relative: Relative) -> None:
    alma = relative(ALMA, "child")
    assert alma.post("/familie/mine-ord/", {"words": "Jeg vil lege.", "room": "wish"}).status_code == 302
    page = f"/familie/mine-ord/{Entry.objects.get(what='own-word').id}/"
    late = alma.post(page, {"gjort": "vaek", "version": "7"})
    told = late.content.decode()
    assert late.status_code == 422 and "Nogen har ændret det imens" in told and "Jeg vil lege." in told
    assert alma.post(page, {"gjort": "vaek", "version": "1"})["Location"] == "/familie/mine-ord/?gjort=vaek"
