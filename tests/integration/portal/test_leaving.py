"""*Luk hurtigt*: on every page of the family, away at once and logged out, to a place that tells nothing."""

from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.test import Client, override_settings

from barnetsbog.audit import spool
from barnetsbog.login.models import LoginSession
from barnetsbog.portal.session import LOGIN
from barnetsbog.record.models import Grant
from tests.integration.portal.conftest import ALMA, log_is_down, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
LEAVE, NEUTRAL = "/log-af/hurtigt", "/om/kalender/"


@pytest.mark.parametrize(
    "page", ["", "aftaler/", "plan/", "beskeder/ny/", "hvem-har-set/", "breve/", "ja-og-nej/", "nej/"]
)
def test_the_way_out_is_on_every_page_of_the_family_also_on_one_that_is_not_there(
    relative: Relative, page: str
) -> None:
    for who in ("child", "Sara Prøvegaard"):
        assert f'href="{LEAVE}"' in relative(ALMA, who).get(f"/familie/{page}").content.decode()


def test_it_logs_out_and_leads_to_a_page_that_tells_nothing(relative: Relative) -> None:
    client = relative(ALMA, "child")
    answer = client.get(LEAVE)
    assert (answer.status_code, answer.headers["Location"]) == (302, NEUTRAL)
    assert client.get("/familie/").headers["Location"].startswith("/log-ind/")
    shown = client.get(NEUTRAL).content.decode()
    assert "<h1>November 2026</h1>" in shown and not [one for one in ("Bog", "Alma", "barn") if one in shown]


@override_settings(SAFE_EXIT="https://vejr.eksempel.invalid/")
def test_a_municipality_chooses_where_it_leads(relative: Relative) -> None:
    assert relative(ALMA, "child").get(LEAVE).headers["Location"] == "https://vejr.eksempel.invalid/"


@pytest.mark.parametrize("way", ["at once", "log-off", "run out", "no rights any more", "everywhere else"])
def test_one_gets_out_also_when_the_log_can_t_be_written(
    relative: Relative, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line waits until it can be."""
    client = leaves = relative(ALMA, "child")
    other = relative(ALMA, "child")
    monkeypatch.setattr(spool, "settings", SimpleNamespace(DATA=tmp_path))
    session = LoginSession.objects.get(id=UUID(client.session[LOGIN]))
    kept = SimpleCookie(client.cookies.output(header="", sep=";"))
    log_is_down()
    if way == "everywhere else":
        leaves, kept = other, other.cookies
        assert "alle andre steder" in client.post("/log-ind/steder/").content.decode()
    elif way == "at once":
        assert client.get(LEAVE).headers["Location"] == NEUTRAL
    elif way == "log-off":
        assert client.post("/log-af/").headers["Location"] == "/log-ind/"
    elif way == "run out":
        LoginSession.objects.filter(id=session.id).update(seen_at=0)
        answer = client.post("/familie/beskeder/ny/", {"text": "Jeg kan ikke sove."})
        assert answer.headers["Location"] == "/log-ind/udloebet/?gemt=ja"
    else:
        Grant.objects.filter(grantee_id=session.actor_id).delete()
        assert client.get("/familie/").headers["Location"] == "/log-ind/"
    assert [line.action for line in spool.read().lines] == ["logout"]
    leaves.cookies = kept
    assert leaves.get("/familie/").headers["Location"] == "/log-ind/"


def test_professionals_have_no_such_way_and_the_calendar_is_anybody_s(as_person: Callable[[str], Client]) -> None:
    assert LEAVE not in text(as_person("ppr-psykolog"), "/arbejdsliste/")
    assert Client().get(NEUTRAL).status_code == 200 and Client().get(LEAVE).status_code == 302
