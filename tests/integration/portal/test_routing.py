"""Which door? without a browser: for everybody, whatever stands in the address, also where nothing is known yet."""

import html
import re

import pytest
from django.test import Client

from barnetsbog.audit.models import Event
from barnetsbog.directory.models import Unit
from barnetsbog.kernel.lix import lix
from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import Urgency
from tests.integration.portal.conftest import text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

ADDRESS = "/hvilken-doer/?hvem={}&alder={}&hvad={}&haster={}&kommune={}"
MOTHER = ADDRESS.format("parent", 9, "adhd", "planned", "eksempelby-kommune")
FAMILIES = [one.id for one in standard().askers.values() if one.family]


def _read(client: Client, address: str) -> str:
    """The words of a page, one sentence or heading a line."""
    found = re.sub(r"<(select|form).*?</\1>", "", text(client, address), flags=re.S)
    found = re.sub(r"</(h\d|p|li|dt|dd|section)>", ".\n", found)
    return html.unescape(re.sub(r"<[^>]+>", "", found))


def test_a_mother_is_told_whom_to_ring_in_her_municipality(client: Client) -> None:
    page = _read(client, MOTHER)
    assert "Den rette dør: PPR" in page
    assert "PPR Eksempelby: 00 00 00 14" in page
    assert "Prøvekøbing" not in page
    assert "Forælder · 9 år" in page


def test_acute_stands_above_everything_on_every_page(client: Client) -> None:
    for address in (MOTHER, "/hvem-kan-henvise/", "/besked-til-laeger/"):
        page = _read(client, address)
        assert page.index("112") < page.index("PPR"), address


def test_the_child_of_another_municipality_gets_words_and_no_numbers(client: Client) -> None:
    page = text(client, ADDRESS.format("gp", 9, "adhd", "planned", "anden"))
    assert "PPR i barnets kommune" in page and "Eksempelby:" not in page


def test_where_the_directory_is_empty_the_page_answers_in_general_words(client: Client) -> None:
    Unit.objects.all().delete()
    assert "Kommunen her" in text(client, "/hvilken-doer/")
    page = _read(client, ADDRESS.format("school", 9, "adhd", "planned", "her"))
    assert "Den rette dør: PPR" in page and "Ring til PPR i barnets kommune." in page


def test_a_practice_keeps_a_link_that_says_only_who_asks(client: Client) -> None:
    page = text(client, "/hvilken-doer/?hvem=gp&kommune=demolev-kommune")
    assert '<option value="gp" selected>' in page and '<option value="demolev-kommune" selected>' in page
    assert "Der mangler noget" not in page and "Den rette dør" not in page


def test_what_is_missing_is_said_to_who_wants_an_answer(client: Client) -> None:
    page = text(client, "/hvilken-doer/?hvem=gp&svar=1")
    for told in ("Vælg barnets alder.", "Vælg, hvad du er bekymret for.", "Vælg, om det haster.", "Vælg en kommune."):
        assert f'">{told}</a>' in page
    assert "Vælg, hvem du er." not in page


@pytest.mark.parametrize(
    "query",
    ["hvem=x", "alder=-1", "alder=18", "alder=9.5", "hvad=<script>", "haster=", "kommune=findes-ikke", "hvem=gp&hvem=parent"],
)  # fmt: skip
def test_nonsense_in_the_address_is_no_error_and_no_answer(client: Client, query: str) -> None:
    page = text(client, f"/hvilken-doer/?svar=1&{query}")
    assert "Der mangler noget" in page and "<script>" not in page


def test_every_answer_there_is_can_be_shown(client: Client) -> None:
    for asker in standard().askers:
        for suspicion in ("adhd", "neglect", "misuse", "depression"):
            for urgency in Urgency:
                assert "Den rette dør" in text(client, ADDRESS.format(asker, 1, suspicion, urgency, "demolev-kommune"))


@pytest.mark.parametrize("asker", FAMILIES)
def test_families_pages_are_easy_to_read(client: Client, asker: str) -> None:
    for suspicion in standard().suspicions:
        page = _read(client, ADDRESS.format(asker, 12, suspicion, "soon", "eksempelby-kommune"))
        assert lix(page) <= 30, (suspicion, lix(page))


def test_it_asks_the_directory_twice_and_writes_nothing(client: Client, django_assert_max_num_queries: object) -> None:
    client.get(MOTHER)
    before = Event.objects.count()
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        answer = client.get(MOTHER)
    assert Event.objects.count() == before
    assert "sessionid" not in answer.cookies


def test_the_pages_are_linked_from_the_log_in_and_from_every_footer(client: Client) -> None:
    page = client.get("/log-ind/").content.decode()
    assert page.count('href="/hvilken-doer/"') == 2


def test_in_english_the_rules_speak_english(client: Client) -> None:
    client.cookies["sprog"] = "en"
    page = text(client, MOTHER)
    assert "The right door: Educational psychology (PPR)" in page and "Ask the school or day care to ask PPR." in page
    assert 'lang="da"' not in page


def test_the_roles_page_has_every_profession_and_what_it_answers_for(client: Client) -> None:
    page = _read(client, "/hvem-kan-henvise/")
    for asker in standard().askers.values():
        assert asker.title in page
        for answers_for in asker.answers_for:
            assert answers_for in page


def test_the_notice_is_a_letter_to_print(client: Client) -> None:
    page = _read(client, "/besked-til-laeger/")
    assert "lad helst PPR henvise" in page and "ADHD" in page
    assert lix(page) <= 40
