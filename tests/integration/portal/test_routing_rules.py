"""Henvisningsregler without a browser: who gets there, what is refused, and that nothing typed is lost."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.publishing.chains import content_of, history
from barnetsbog.publishing.models import RoutingDecision, RoutingDraft
from barnetsbog.publishing.routing import ROUTING
from tests.integration.portal.conftest import text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
INDEX = "/administration/henvisningsregler/"
WISH = {"valid_from": "25.11.2026", "why": "Vi har ikke noget samråd længere"}
QUESTION = "/hvilken-doer/?hvem=parent&alder=9&hvad=adhd&haster=planned&kommune=eksempelby-kommune"


@pytest.fixture
def ib(as_person: SignIn) -> Client:
    return as_person("administrator")


@pytest.fixture
def vera(as_person: SignIn) -> Client:
    return as_person("administrator-2")


def _saves(client: Client, rule: str, *, after: int, status: int = 302, **given: str) -> str:
    values = {"nummer": str(after), "rank": "10", "reason": "PPR svarer hver dag fra 9 til 12."} | given
    answer = client.post(f"{INDEX}{rule}/", values)
    assert answer.status_code == status
    return answer.content.decode()


def _does(client: Client, act: str, number: int, *, status: int = 302, **given: str) -> str:
    answer = client.post(INDEX, {"gør": act, "nummer": str(number), **given})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_a_change_goes_from_one_administrator_to_the_other_to_the_public_page(ib: Client, vera: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    _does(ib, "send", 1, **WISH)
    assert "En anden skal godkende det." in text(ib, INDEX)
    assert "PPR svarer hver dag" not in text(ib, QUESTION)
    assert 'value="godkend"' in text(vera, INDEX)
    _does(vera, "godkend", 2)
    assert "PPR svarer hver dag" in text(ib, QUESTION)
    page = text(ib, INDEX)
    assert "version 2, fra 25. november 2026" in page and "Ib Systemby" in page and "Vera Tjekby" in page


def test_a_draft_upon_a_version_that_has_not_begun_says_that_it_brings_it_with_it(ib: Client, vera: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    _does(ib, "send", 1, **WISH | {"valid_from": "10.12.2026"})
    assert "gælder først fra" not in text(vera, INDEX)
    _does(vera, "godkend", 2)
    _saves(ib, "G-PPR", after=2, on="on", reason="Spørg skolen først.")
    assert "Version 2 gælder først fra 10. december 2026." in text(ib, INDEX)


def test_own_approval_is_refused_with_the_reason(ib: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    _does(ib, "send", 1, **WISH)
    assert "kan ikke selv godkende" in _does(ib, "godkend", 2, status=422)
    assert "Det er for langt." in _does(ib, "afvis", 2, status=422, remark="x " * 251)


def test_back_to_the_program_s_rules(ib: Client, vera: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    _does(ib, "send", 1, **WISH)
    _does(vera, "godkend", 2)
    _does(ib, "igen", 2, igen="0")
    _does(ib, "send", 3, **WISH)
    _does(vera, "godkend", 4)
    assert "PPR svarer hver dag" not in text(ib, QUESTION)


def test_a_child_without_a_door_can_t_be_sent_and_is_named(ib: Client) -> None:
    for number, rule in enumerate(("O-FAM", "O-SCHOOL", "O-LTT")):
        _saves(ib, rule, after=number)
    assert "Uden dør: En anden, der er bekymret, 0 år" in text(ib, INDEX)
    told = _does(ib, "send", 3, status=422, **WISH)
    assert "Uden dør: En anden, der er bekymret, 0 år" in told and WISH["why"] in told
    assert len(history(ROUTING)) == 3


def test_a_case_that_fails_can_t_be_sent_and_is_named(ib: Client) -> None:
    _saves(ib, "P-GP", after=0, rank="1", on="on")
    case = {
        "nummer": "1", "title": "Vores egen", "asker": "gp", "age": "9", "suspicion": "adhd", "urgency": "planned",
        "home": "here", "first": "ltt",
    }  # fmt: skip
    assert ib.post(f"{INDEX}proever/", case).status_code == 302
    assert "Vores egen" in text(ib, f"{INDEX}proever/").partition("Går godt")[0]
    assert "Prøven egen-1 (Vores egen): første dør er PPR" in _does(ib, "send", 2, status=422, **WISH)
    assert ib.post(f"{INDEX}proever/", {"nummer": "2", "fjern": "egen-1"}).status_code == 302
    _does(ib, "send", 3, **WISH)


def test_what_was_sent_before_somebody_saved_again_waits_for_nobody(ib: Client, vera: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    _does(ib, "send", 1, **WISH)
    assert '<td data-title="Tilstand">Sendt' in text(vera, INDEX)
    _saves(vera, "P-PPR-FIRST", after=2, on="on", reason="PPR svarer hver dag fra 9 til 14.")
    page = text(vera, INDEX)
    assert "Afløst af en nyere kladde" in page and '<td data-title="Tilstand">Sendt' not in page


def test_a_version_that_the_program_no_longer_fits_is_not_said_to_be_in_use(ib: Client) -> None:
    decided = {"at": 1, "role_id": UUID(int=1), "valid_from": date(2026, 11, 1)}
    own = "rules: [{id: P-GONE, rank: 3}, {id: G-PPR, reason: Vi har intet samråd.}]"
    RoutingDraft.objects.create(number=1, content=own, submitted=True, why="Ny praksis", **decided)
    RoutingDecision.objects.create(draft=1, approved=True, remark="", **decided)
    page = text(ib, INDEX)
    assert "Version 1 passer ikke til dem mere" in page and "version 1, fra" not in page
    assert "reglen findes ikke i rules.yaml" in page and "Vi har intet samråd." in page
    _saves(ib, "P-PPR-FIRST", after=1, on="on")  # what is gone goes, and nothing else
    kept = content_of(ROUTING, 2)
    assert "Vi har intet samråd." in kept and "PPR svarer hver dag" in kept and "P-GONE" not in kept
    assert "reglen findes ikke" not in text(ib, INDEX)


def test_what_two_type_at_once_is_told_and_kept_on_the_page(ib: Client, vera: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    told = _saves(vera, "P-PPR-FIRST", after=0, status=409, on="on", reason="Mine egne ord.")
    assert "En anden har gemt imens" in told and "Mine egne ord." in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rank": "0"}, "Skriv et tal fra 1 til 99."), ({"rank": "x"}, "Skriv et tal fra 1 til 99."),
        ({"rank": ""}, "Skriv et tal fra 1 til 99."), ({"reason": " "}, "Skriv grunden, som alle kan læse den."),
    ],
)  # fmt: skip
def test_slips_in_a_rule(ib: Client, given: dict[str, str], told: str) -> None:
    assert told in _saves(ib, "P-PPR-FIRST", after=0, status=422, on="on", **given)
    assert history(ROUTING) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"valid_from": "x"}, "Skriv dagen som 01.12.2026."), ({"valid_from": ""}, "Skriv en dag."),
        ({"valid_from": "24.11.2026"}, "Dagen er gået."), ({"why": ""}, "Skriv, hvorfor I ændrer det."),
    ],
)  # fmt: skip
def test_slips_in_what_is_sent(ib: Client, given: dict[str, str], told: str) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    assert told in _does(ib, "send", 1, status=422, **WISH | given)


def test_the_acute_rule_stays_on_whatever_is_posted(ib: Client) -> None:
    _saves(ib, "ACUTE-112", after=0, rank="1")
    assert "switch" not in content_of(ROUTING, len(history(ROUTING)))


def test_as_the_program_has_it_is_no_change(ib: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    reason = "PPR kender skolen og ved, hvad der er prøvet. Bed skolen eller dagtilbuddet om at spørge PPR."
    _saves(ib, "P-PPR-FIRST", after=1, on="on", reason=reason)
    assert "Ingen regler er ændret." in text(ib, INDEX)


def test_a_person_number_in_a_public_reason_is_masked(ib: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on", reason="Ring om 670517-9902 hver dag.")
    assert "670517-9902" not in content_of(ROUTING, len(history(ROUTING)))


def test_not_approved_needs_a_reason_that_stands_in_the_history(ib: Client, vera: Client) -> None:
    _saves(ib, "P-PPR-FIRST", after=0, on="on")
    _does(ib, "send", 1, **WISH)
    assert "Skriv, hvorfor det ikke skal bruges." in _does(vera, "afvis", 2, status=422)
    _does(vera, "afvis", 2, remark="Spørg BUP først")
    assert "Spørg BUP først" in text(ib, INDEX) and "Ikke godkendt" in text(ib, INDEX)


@pytest.mark.parametrize("who", ["laerer", "ppr-leder", "dpo"])
def test_nobody_else_finds_the_pages(as_person: SignIn, who: str) -> None:
    client = as_person(who)
    for address in (INDEX, f"{INDEX}G-BUP/", f"{INDEX}proever/"):
        assert (
            client.get(address).status_code == client.post(address, {"gør": "send", "nummer": "0"}).status_code == 404
        )


@pytest.mark.parametrize("given", [{}, {"gør": "x", "nummer": "0"}, {"gør": "igen", "nummer": "-1"}, {"gør": "igen", "nummer": "0", "igen": "7"}, {"gør": "send", "nummer": "9" * 5000}])  # fmt: skip
def test_nonsense_is_not_found(ib: Client, given: dict[str, str]) -> None:
    assert ib.post(INDEX, given).status_code == 404
    assert ib.get(f"{INDEX}FINDES-IKKE/").status_code == 404


def test_the_table_shows_one_asker_s_rules(ib: Client) -> None:
    everybody, doctors = (text(ib, f"{INDEX}{query}") for query in ("", "?hvem=gp"))
    assert "Ret P-GP<" in everybody and "Ret P-GP<" not in doctors
    assert "Ret G-BUP<" in doctors
