"""Somebody writes while a colleague sends, finishes or gives up the same: every word is there to be copied, whatever has
become of the page."""

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.kernel.decisions import NotFound
from tests.integration.portal.conftest import ALMA, text
from tests.integration.portal.test_forms import as_shown, begins, sections
from tests.integration.portal.test_letters import FIELDS, receivers, written
from tests.integration.portal.test_requests import AUGUST, asks

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Relative = Callable[[str, str], Client]
WORDS = "Hun sidder <alene> i frikvarteret.\nHver dag."


def _shown(page: bytes) -> str:
    return unescape(page.decode().partition("<main")[2].partition("</main>")[0])


def test_a_form_that_was_given_up_meanwhile(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    why = next(one for one in sections(text(maja, draft)) if one.endswith("/why/"))
    given = {**as_shown(maja.get(why).content.decode()), "reason": WORDS}
    assert maja.post(draft, {"do": "opgiv", "version": given["version"]}).status_code == 302
    by_itself = maja.post(why, given, headers={"X-Autosave": "1"})
    assert by_itself.status_code == 409 and "kan ikke gemmes her mere" in by_itself.json()["told"]
    late = maja.post(why, {**given, "kladde": ""})
    assert late.status_code == 422 and "kan ikke gemmes her mere" in _shown(late.content)
    assert WORDS in _shown(late.content) and "trukket tilbage" in _shown(late.content)
    for page in (_shown(late.content), text(maja, draft)):
        assert "Skriv videre" not in page and "/emne/" not in page


def test_a_letter_that_was_given_up_meanwhile(as_person: SignIn, child: Find) -> None:
    kim = as_person("ppr-psykolog")
    address = written(kim, child(ALMA), "Sara Prøvegaard")
    sara = receivers(text(kim, address))["Sara Prøvegaard"]
    assert kim.post(address, {"move": "drop", "version": "1"}).status_code == 302
    late = kim.post(address, {**FIELDS, "fandt": WORDS, "version": "1", sara: "in-app"})
    assert late.status_code == 422 and WORDS in _shown(late.content)
    assert "kan ikke rettes mere" in _shown(late.content) and "prøv igen" not in _shown(late.content)
    assert "Det, du skrev, er ikke gemt" in _shown(late.content) and "er her stadig" not in _shown(late.content)


def test_a_referral_that_was_given_up_meanwhile(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    draft = {"title": "Uro i timerne", "suspicion": "adhd", "urgency": "routine", "reason": WORDS, "version": "0"}
    address = kim.post(f"/barn/{alma}/henvisninger/ny/", draft)["Location"].partition("?")[0]
    given_up = {"move": "withdraw", "version": "1", "cause": "Kladden blev ikke sendt."}
    assert kim.post(address, given_up).status_code == 302
    late = kim.post(address, {**draft, "version": "1", "tried": "Ro i <en> krog.", "save": "1"})
    assert late.status_code == 422 and "Ro i <en> krog." in _shown(late.content)
    assert "kan ikke rettes mere" in _shown(late.content)


def test_a_referral_that_a_colleague_has_answered_meanwhile(as_person: SignIn) -> None:
    one, other = as_person("ppr-psykolog"), as_person("ppr-psykolog")
    address = re.findall(r'href="(/barn/[^"]+/henvisninger/[0-9a-f-]+/)"', text(one, "/henvisninger/"))[-1]
    version = re.search(r'name="version" value="(\d+)"', text(one, address))
    assert version
    given_back = {"move": "return", "version": version[1], "cause": WORDS, "elsewhere": "Ring til <os> først."}
    answer = other.post(address, given_back | {"cause": "Vi kan ikke hjælpe."})
    assert answer.status_code == 302, re.findall(r"alert-text.*|error-message.*", answer.content.decode())
    late = one.post(address, given_back)
    assert late.status_code in (404, 422) and WORDS in _shown(late.content)
    assert "Ring til <os> først." in _shown(late.content)


def test_a_request_that_was_answered_meanwhile(as_person: SignIn, child: Find) -> None:
    maja = as_person("laerer")
    address = asks(maja, child(AUGUST))
    answer = {"move": "decide", "version": "1", "answer": "given", "told": "August trives i klassen."}
    assert maja.post(address, answer).status_code == 302
    page = text(maja, address)
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("version", "letter", "approved")}
    assert (
        maja.post(address, {"move": "send", **{name: one[1] for name, one in found.items() if one}}).status_code == 302
    )
    late = maja.post(address, {**answer, "told": WORDS})
    assert late.status_code == 422 and WORDS in _shown(late.content)
    assert "Der er svaret på anmodningen" in _shown(late.content)
    assert "Det, du skrev, er ikke gemt" in _shown(late.content) and "er her stadig" not in _shown(late.content)


def test_what_is_gone_while_it_is_written_is_not_there_and_nothing_breaks(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the page has asked beforehand: a right may end between the look and the press."""
    kim, alma = as_person("ppr-psykolog"), child(ALMA)

    def gone(**_given: object) -> None:
        raise NotFound

    monkeypatch.setattr("barnetsbog.contacts.operations.add_person", gone)
    late = kim.post(f"/barn/{alma}/kontakter/ny/", {"name": "Rut Papkasse", "relation": "farmor"})
    assert late.status_code == 404 and "Rut Papkasse" in _shown(late.content)


def test_whoever_reads_no_more_than_headings_is_offered_nobody_to_describe(as_person: SignIn, child: Find) -> None:
    hanne, alma = as_person("ppr-leder"), child(ALMA)
    pages = re.findall(r'href="(/barn/[^"]*/kontakter/fagperson/[^"]*)"', text(hanne, f"/barn/{alma}/kontakter/"))
    for page in pages:
        typed = {"involvement": "has-task", "task": "Tester Alma", "hours": "", "stand_in": "", "version": "0"}
        assert hanne.post(page, typed).status_code in (302, 422)


def test_what_is_not_there_any_more_gives_back_what_was_typed_and_tells_nothing_else(
    as_person: SignIn, child: Find
) -> None:
    """Nobody's own words are a trace of what is hidden; a page of another site gets none of them said again."""
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    here, nowhere = f"/barn/{alma}/opgaver/{alma}/", f"/barn/{UUID(int=7)}/opgaver/{UUID(int=7)}/"
    typed = {"move": "due", "reason": WORDS, "due": "01.12.2026"}
    for address in (here, nowhere):
        back = kim.post(address, typed)
        assert back.status_code == 404 and WORDS in _shown(back.content)
    assert _shown(kim.post(here, typed).content) == _shown(kim.post(nowhere, typed).content)
    forged = Client(enforce_csrf_checks=True, cookies=kim.cookies)
    assert "frikvarteret" not in forged.post(here, typed).content.decode()
    assert "frikvarteret" not in forged.post("/findes/ikke/", typed).content.decode()
