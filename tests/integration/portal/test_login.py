"""Log-in through a real OpenID provider on this machine, and what becomes of the session."""

import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2 as httpx
import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from joserfc.jwk import OctKey, RSAKey

from barnetsbog.audit.models import Event
from barnetsbog.login import setup
from barnetsbog.login.files import LoginFileError
from barnetsbog.login.model import HOUR, MINUTE
from barnetsbog.login.models import KeptInput, LoginAttempt, LoginSession
from barnetsbog.login.queries import NUMBER_ID
from barnetsbog.portal.session import LOGIN, arrived
from barnetsbog.record import instance
from barnetsbog.record.models import Grant, Instance, TokenRow
from tests.integration.portal.conftest import ALMA, NOAH
from tests.integration.portal.crawling import routes
from tests.openid_provider import OpenIdProvider, running

pytestmark = [
    pytest.mark.django_db(databases=["default", "demo"]),
    pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning"),  # the provider's own
]
Find = Callable[[str], UUID]


@pytest.fixture(scope="session")
def openid() -> Iterator[OpenIdProvider]:
    with running() as provider:
        yield provider


@pytest.fixture(autouse=True)
def configured(openid: OpenIdProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """This instance has one provider, for citizens."""
    monkeypatch.setattr(setup, "folder", lambda: tmp_path)
    (tmp_path / "login.toml").write_text(openid.setup("http://127.0.0.1"))
    setup.forget()
    yield tmp_path
    setup.forget()


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets time go by on the wall's clock."""
    from barnetsbog.login import clock

    passed, real = [0], clock.wall

    def go(by: int) -> None:
        passed[0] += by

    for module in ("login.operations", "login.queries", "portal.session", "portal.context", "portal.logging_in"):
        monkeypatch.setattr(f"barnetsbog.{module}.wall", lambda: real() + passed[0])
    return go


def to_the_provider(client: Client, again: str = "") -> str:
    answer = client.get(f"/log-ind/mitid/start{again}")
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def comes_back(client: Client, address: str) -> object:
    return client.get(address.removeprefix("http://127.0.0.1"))


def logs_in(openid: OpenIdProvider, sub: str, client: Client | None = None) -> Client:
    client = client or Client()
    answer = comes_back(client, openid.logs_in(to_the_provider(client), sub))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/log-ind/som/")  # type: ignore[attr-defined]
    return client


def told(answer: object) -> str:
    assert answer.status_code == 403  # type: ignore[attr-defined]
    return answer.content.decode().partition("<main")[2]  # type: ignore[attr-defined]


def last_line() -> tuple[bool, str]:
    event = Event.objects.filter(action="login").order_by("-id")[0]
    return event.allowed, event.reason


# -- there and back ----------------------------------------------------------------------------------------------------


def test_a_parent_comes_into_the_childs_book(openid: OpenIdProvider, child: Find) -> None:
    client = logs_in(openid, "sara")
    assert client.get("/log-ind/som/").headers["Location"] == "/familie/"
    assert client.get("/log-ind/som/").headers["Location"] == "/"  # back again, and logged in
    assert "Alma" in client.get("/familie/").content.decode()
    row = LoginSession.objects.get(id=UUID(client.session[LOGIN]))
    assert (row.provider, row.level, row.child_id) == ("mitid", "substantial", child(ALMA))
    assert last_line() == (True, "") and "810388" not in f"{row.who}{row.name_id}"
    asked = openid.asked[-1]
    assert asked["acr_values"].endswith("/Substantial") and asked["nonce"] and asked["scope"] == "openid"


def test_the_child_itself(openid: OpenIdProvider, child: Find) -> None:
    client = logs_in(openid, "alma")
    assert client.get("/log-ind/som/").headers["Location"] == "/familie/"
    row = LoginSession.objects.get(id=UUID(client.session[LOGIN]))
    assert row.child_id == child(ALMA) and "Hej Alma" in client.get("/familie/").content.decode()


def test_a_parent_of_two_chooses(openid: OpenIdProvider) -> None:
    client = logs_in(openid, "tanja")
    page = client.get("/log-ind/som/").content.decode()
    assert "Hvilket barn?" in page and "Liva" in page and "Oliver" in page
    assert client.get("/familie/").status_code == 302
    key = next(part.partition('"')[0] for part in page.split('name="as" value="')[1:] if "Oliver" in part)
    assert client.post("/log-ind/som/", {"as": str(UUID(int=7))}).status_code == 200
    assert client.post("/log-ind/som/", {"as": key}).headers["Location"] == "/familie/"
    assert LoginSession.objects.get(id=UUID(client.session[LOGIN])).actor_id == UUID(key)
    assert "Oliver" in client.get("/familie/").content.decode()


def test_somebody_who_stands_twice_in_a_book_chooses_as_what(openid: OpenIdProvider, child: Find) -> None:
    """A foster carer who has a mandate too, say: both are theirs, and neither is hidden by the other."""
    mother = TokenRow.objects.filter(code="8103889902").first()
    assert mother and mother.child_id == child(ALMA)
    own, other = (
        Grant.objects.filter(grantee_id=mother.entry_id, rule="FAL3").order_by("valid_from").values()[0],
        UUID(int=77),
    )
    Grant.objects.create(**{**own, "grantee_id": other, "basis_id": other, "rule": "BL97"})
    TokenRow.objects.create(
        child_id=mother.child_id, param=mother.param, entry_id=other, system=mother.system, code=mother.code
    )
    client = logs_in(openid, "sara")
    page = client.get("/log-ind/som/").content.decode()
    keys = {line: key for key, line in re.findall(r'name="as" value="([^"]+)"><button[^>]*><strong>([^<]+)', page)}
    assert sorted(line.partition(": ")[2] for line in keys) == ["daglig omsorg", "forældremyndighed"]
    carer = next(key for line, key in keys.items() if "omsorg" in line)
    client.post("/log-ind/som/", {"as": carer})
    assert LoginSession.objects.get(id=UUID(client.session[LOGIN])).actor_id == other


def test_a_helper_whose_number_was_written_comes_in_for_as_long_as_the_mandate_lasts(
    openid: OpenIdProvider, child: Find, relative: Callable[[str, str], Client]
) -> None:
    noah = relative(NOAH, "child")
    wanted = {
        "kind": "lay-representative", "name": "Torben Følgesvend", "born": "01.12.1970", "number": "611270-9901",
        "blocks": ["AK"], "until": "24.11.2027", "trin": "send",
    }  # fmt: skip
    assert noah.post("/familie/hjaelpere/ny/", wanted).status_code == 302
    torben = logs_in(openid, "fremmed")
    assert torben.get("/log-ind/som/").headers["Location"] == "/familie/"
    assert LoginSession.objects.get(id=UUID(torben.session[LOGIN])).child_id == child(NOAH)
    stop = re.findall(r"/familie/hjaelpere/[0-9a-f-]{36}/stop/", noah.get("/familie/hjaelpere/").content.decode())
    assert noah.post(stop[0]).status_code == 302
    assert torben.get("/familie/bog/").headers["Location"] == "/log-ind/"


def test_by_the_uuid_of_a_number(openid: OpenIdProvider, child: Find) -> None:
    """NemLog-in may tell a service nothing but CPR's own UUID; a source has said whose it is."""
    row, value = TokenRow.objects.get(code="8103889902"), "6a5e0d3c-6f0e-4b11-9a55-3c9f00000009"
    TokenRow.objects.create(child_id=row.child_id, param=row.param, entry_id=row.entry_id, system=NUMBER_ID, code=value)
    httpx.put(f"{openid.address}/users/uden-nummer", json={"cpr_uuid": f"urn:uuid:{value.upper()}", "loa": "High"})
    client = logs_in(openid, "uden-nummer")
    assert client.get("/log-ind/som/").headers["Location"] == "/familie/"
    assert row.child_id == child(ALMA)


# -- who does not get in -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sub", ["fremmed", "rigtig", "loegner"])
def test_who_is_in_no_book_is_told_nothing(openid: OpenIdProvider, sub: str, child: Find) -> None:
    """Nor is a claim of custody asked (issue 7): whoever a provider calls a holder is one when the book says so."""
    client = Client()
    page = told(comes_back(client, openid.logs_in(to_the_provider(client), sub)))
    assert "Der er ikke noget til dig her" in page and "Alma" not in page
    assert last_line() == (False, "ingen adgang") and client.get("/familie/").status_code == 302


def test_a_parent_without_rights_reads_what_a_stranger_reads(openid: OpenIdProvider) -> None:
    stranger, father = Client(), Client()
    page = told(comes_back(stranger, openid.logs_in(to_the_provider(stranger), "fremmed")))
    person = TokenRow.objects.get(code="7411859903").entry_id
    Grant.objects.filter(grantee_id=person).delete()
    assert told(comes_back(father, openid.logs_in(to_the_provider(father), "jonas"))) == page


@pytest.mark.parametrize("sub", ["lav", "uden-niveau"])
def test_a_level_too_low_leads_to_a_step_up(openid: OpenIdProvider, sub: str) -> None:
    client = Client()
    page = told(comes_back(client, openid.logs_in(to_the_provider(client), sub)))
    assert "sikrere måde" in page and 'href="/log-ind/mitid/start?igen"' in page
    assert last_line() == (False, "sikkerhedsniveauet er for lavt")
    address = to_the_provider(client, "?igen")
    assert "prompt=login" in address and Event.objects.filter(action="step-up").exists()
    comes_back(client, openid.logs_in(address, "sara"))
    assert client.get("/log-ind/som/").headers["Location"] == "/familie/"


def test_somebody_who_stops(openid: OpenIdProvider) -> None:
    client = Client()
    page = told(comes_back(client, openid.stops(to_the_provider(client))))
    assert "Du stoppede" in page and last_line() == (False, "afbrudt")


def test_an_answer_in_another_browser(openid: OpenIdProvider) -> None:
    """Login CSRF: the answer to my question must not log you in."""
    mine, yours = Client(), Client()
    answer = openid.logs_in(to_the_provider(mine), "sara")
    told(comes_back(yours, answer))
    to_the_provider(yours)
    told(comes_back(yours, answer))
    assert yours.get("/familie/").status_code == 302 and not LoginSession.objects.exists()


def test_an_answer_is_used_once(openid: OpenIdProvider) -> None:
    client = Client()
    answer = openid.logs_in(to_the_provider(client), "sara")
    comes_back(client, answer)
    assert "Begynd forfra" in told(comes_back(client, answer))
    client.get("/log-ind/som/")
    assert client.get("/log-ind/som/")["Location"] == "/"  # by it they are logged in, and stay so
    assert "Begynd forfra" in told(Client().get("/log-ind/som/"))


def test_a_code_that_the_provider_does_not_know(openid: OpenIdProvider) -> None:
    client = Client()
    state = parse_qs(urlsplit(to_the_provider(client)).query)["state"][0]
    page = told(client.get(f"/log-ind/mitid/svar?code=made-up&state={state}"))
    assert "kunne ikke bruges" in page and last_line()[1] == "svaret fra log-in kunne ikke bruges"


def test_whoever_tries_in_vain_is_in_the_log_and_cannot_fill_it(openid: OpenIdProvider) -> None:
    before = Event.objects.count()
    for nth in range(40):
        assert Client().get(f"/log-ind/mitid/svar?code=made-up&state={nth}").status_code == 403
    lines = Event.objects.filter(action="login", allowed=False).order_by("id")
    assert Event.objects.count() == before + 12
    assert [one.detail.get("times") for one in lines][-4:] == [9, 10, 16, 32]


def test_an_answer_after_too_long(openid: OpenIdProvider, wall: Callable[[int], None]) -> None:
    client = Client()
    answer = openid.logs_in(to_the_provider(client), "sara")
    wall(16 * MINUTE)
    assert "Begynd forfra" in told(comes_back(client, answer))


def test_a_provider_that_does_not_answer(configured: Path) -> None:
    (configured / "login.toml").write_text(OpenIdProvider("http://127.0.0.1:9").setup("http://127.0.0.1"))
    setup.forget()
    page = told(Client().get("/log-ind/mitid/start"))
    assert "Vi kan ikke få fat i" in page


def test_an_issuer_that_calls_itself_something_else(openid: OpenIdProvider, configured: Path) -> None:
    other = openid.address.replace("127.0.0.1", "localhost")
    (configured / "mitid.json").write_text('{"issuer": "https://another.example"}')
    (configured / "login.toml").write_text(OpenIdProvider(other).setup("http://127.0.0.1", metadata='"mitid.json"'))
    setup.forget()
    told(Client().get("/log-ind/mitid/start"))
    assert not LoginAttempt.objects.exists()
    assert last_line() == (False, "svaret fra log-in kunne ikke bruges")


# -- what the page of log-in says --------------------------------------------------------------------------------------


def test_outside_a_demonstration_nobody_is_chosen_by_name(demo: None) -> None:
    Instance.objects.filter(key="demo_day").delete()
    instance.forget()
    page = Client().get("/log-ind/").content.decode()
    assert "Log ind med MitID" in page and "Kim Demosen" not in page and "DEMO" not in page
    role = "00000000-0000-0000-0000-000000000001"
    for given in ({"role": role}, {"person": role, "child": role}):
        client = Client()
        assert client.post("/log-ind/", given).status_code == 200 and LOGIN not in client.session
    assert Client().get("/log-ind/ppr-psykolog").status_code == 404 and not LoginSession.objects.exists()


def test_an_invented_number_opens_nothing_outside_a_demonstration(openid: OpenIdProvider) -> None:
    client = Client()
    answer = openid.logs_in(to_the_provider(client), "sara")
    Instance.objects.filter(key="demo_day").delete()
    instance.forget()
    assert "ikke noget til dig" in told(comes_back(client, answer))


def test_without_a_file_there_is_no_log_in(configured: Path) -> None:
    (configured / "login.toml").unlink()
    setup.forget()
    Instance.objects.filter(key="demo_day").delete()
    instance.forget()
    assert "ikke sat log-ind op" in Client().get("/log-ind/").content.decode()
    assert Client().get("/log-ind/mitid/start").status_code == 404


def test_half_a_file_is_no_file(configured: Path) -> None:
    (configured / "login.toml").write_text("address = 3")
    setup.forget()
    with pytest.raises(LoginFileError):
        Client().get("/log-ind/")


def test_pages_of_one_protocol_are_not_there_for_another(demo: None) -> None:
    assert Client().get("/log-ind/mitid/metadata").status_code == 404
    assert Client().get("/log-ind/mitid/log-af").status_code == 404
    assert Client().post("/log-ind/mitid/modtag").status_code == 404
    assert Client().get("/log-ind/ukendt/svar").status_code == 404
    assert [name for name, _ in routes()].count("login-consumer") <= 1


# -- how long ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sara(openid: OpenIdProvider) -> Client:
    client = logs_in(openid, "sara")
    client.get("/log-ind/som/")
    return client


def test_half_an_hour_without_doing_anything(sara: Client, wall: Callable[[int], None]) -> None:
    wall(20 * MINUTE)
    assert sara.get("/familie/").status_code == 200
    wall(29 * MINUTE)
    assert sara.get("/familie/").status_code == 200
    wall(30 * MINUTE)
    answer = sara.get("/familie/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/log-ind/udloebet/")
    assert "ikke gjort noget i 30 minutter" in sara.get("/log-ind/udloebet/").content.decode()
    event = Event.objects.filter(action="logout").order_by("-id")[0]
    assert event.reason == "udløbet" and sara.get("/familie/").headers["Location"] == "/log-ind/"


def test_a_whole_day_of_doing_something(sara: Client, wall: Callable[[int], None]) -> None:
    for _ in range(19):
        wall(25 * MINUTE)
        assert sara.get("/familie/").status_code == 200
    wall(8 * HOUR - 19 * 25 * MINUTE)
    assert sara.get("/familie/").status_code == 302


def test_looking_at_open_pages_is_not_doing_something(sara: Client, wall: Callable[[int], None]) -> None:
    wall(20 * MINUTE)
    assert sara.get("/om/").status_code == 200
    wall(11 * MINUTE)
    assert sara.get("/familie/").status_code == 302


def test_staying(sara: Client, wall: Callable[[int], None]) -> None:
    wall(28 * MINUTE)
    assert 30 * 60 - 5 < int(sara.post("/log-ind/bliv/").content) <= 30 * 60
    wall(28 * MINUTE)
    assert sara.get("/familie/").status_code == 200
    assert Client().post("/log-ind/bliv/").status_code == 401


def test_the_page_says_when(sara: Client) -> None:
    page = sara.get("/familie/").content.decode()
    assert "bliver du logget af kl." in page and re.search(r'<time datetime="PT1[78]\d\dS">\d\d\.\d\d</time>', page)


# -- what was typed ----------------------------------------------------------------------------------------------------

SENT = {"choice": "yes", "words": "Jeg vil gerne have, at skolen ved det."}


def test_what_was_typed_is_offered_again_to_the_same_person(
    openid: OpenIdProvider, sara: Client, wall: Callable[[int], None]
) -> None:
    wall(31 * MINUTE)
    answer = sara.post("/familie/ja-og-nej/?fra=her", SENT)
    assert answer.headers["Location"] == "/log-ind/udloebet/?gemt=ja"
    assert "er gemt i et døgn" in sara.get(answer.headers["Location"]).content.decode()
    assert sara.get("/log-ind/gemt/").headers["Location"] == "/"

    father = logs_in(openid, "jonas")
    assert father.get("/log-ind/som/").headers["Location"] == "/familie/"
    assert father.get("/log-ind/gemt/").headers["Location"] == "/"

    logs_in(openid, "sara", sara)
    assert sara.get("/log-ind/som/").headers["Location"] == "/log-ind/gemt/"
    page = sara.get("/log-ind/gemt/").content.decode()
    assert SENT["words"] in page and "Intet er sendt endnu" in page and 'name="choice" value="yes"' in page
    again = sara.post("/log-ind/gemt/", {**SENT, "bog-kept": "send"})
    assert (again.status_code, again.headers["Location"]) == (307, "/familie/ja-og-nej/?fra=her")
    assert KeptInput.objects.exists(), "the net may be gone on the way there"
    came = RequestFactory().post("/familie/ja-og-nej/", {**SENT, "bog-kept": "send"})
    assert [arrived(came, HttpResponse(status=one)) for one in (302, 422, 403, 405, 503)] == [True, True, *[False] * 3]
    assert sara.post(NEW, {**MESSAGE, "bog-kept": "send"}).status_code == 422
    assert not KeptInput.objects.exists()


def test_what_was_typed_can_be_thrown_away(openid: OpenIdProvider, sara: Client, wall: Callable[[int], None]) -> None:
    wall(31 * MINUTE)
    sara.post("/familie/ja-og-nej/", SENT)
    logs_in(openid, "sara", sara).get("/log-ind/som/")
    assert sara.post("/log-ind/gemt/", {**SENT, "bog-kept": "drop"}).headers["Location"] == "/"
    assert not KeptInput.objects.exists()


def test_what_was_typed_waits_a_day(openid: OpenIdProvider, sara: Client, wall: Callable[[int], None]) -> None:
    wall(31 * MINUTE)
    sara.post("/familie/ja-og-nej/", SENT)
    wall(24 * HOUR)
    logs_in(openid, "sara", sara)
    assert sara.get("/log-ind/som/").headers["Location"] == "/familie/" and not KeptInput.objects.exists()


def test_another_site_puts_no_words_in_anybodys_mouth(openid: OpenIdProvider, wall: Callable[[int], None]) -> None:
    client = Client(enforce_csrf_checks=True)
    logs_in(openid, "sara", client).get("/log-ind/som/")
    wall(31 * MINUTE)
    assert client.post("/familie/ja-og-nej/", SENT).headers["Location"] == "/log-ind/udloebet/"
    assert not KeptInput.objects.exists()


def test_the_script_keeps_what_is_not_sent_and_logs_off(sara: Client) -> None:
    for path in ("https://evil.example/", "//evil.example/familie/", "/log-af/", "/findes-ikke/", ""):
        assert sara.post("/log-ind/gem/", {**SENT, "bog-path": path}).status_code == 401
    assert sara.post("/log-ind/gem/", {**SENT, "bog-path": "/familie/ja-og-nej/"}).status_code == 204
    assert KeptInput.objects.get().fields == [["choice", "yes"], ["words", SENT["words"]]]
    assert sara.get("/familie/").status_code == 302


def test_the_script_of_a_machine_that_slept(sara: Client, wall: Callable[[int], None]) -> None:
    """It wakes long after the session was over, and still nothing is lost."""
    wall(3 * HOUR)
    assert sara.get("/log-ind/bliv/").status_code == sara.post("/log-ind/bliv/").status_code == 401
    assert sara.post("/log-ind/gem/", {**SENT, "bog-path": "/familie/ja-og-nej/"}).status_code == 204
    assert KeptInput.objects.get().fields == [["choice", "yes"], ["words", SENT["words"]]]
    assert sara.post("/log-ind/gem/", {**SENT, "bog-path": "/familie/"}).status_code == 401


def test_too_much_is_said_to_be_lost(sara: Client, wall: Callable[[int], None]) -> None:
    wall(31 * MINUTE)
    answer = sara.post("/familie/ja-og-nej/", {"words": "x" * 300_000})
    assert answer.headers["Location"].endswith("?gemt=nej")
    assert "kunne ikke gemmes" in sara.get(answer.headers["Location"]).content.decode()


# -- pages of before ---------------------------------------------------------------------------------------------------

NEW = "/familie/beskeder/ny/"
"""An address that is the same in every book of a family."""
MESSAGE = {"text": "Oliver skal til læge på mandag.", "to": ""}


def in_the_book_of(openid: OpenIdProvider, name: str, client: Client) -> dict[str, str]:
    """Tanja logs in there; what the forms of its pages send along."""
    page = logs_in(openid, "tanja", client).get("/log-ind/som/").content.decode()
    key = next(part.partition('"')[0] for part in page.split('name="as" value="')[1:] if name in part)
    assert client.post("/log-ind/som/", {"as": key}).status_code == 302
    return dict(re.findall(r'name="(bog-as)" value="([^"]+)"', client.get(NEW).content.decode()))


def test_a_page_of_one_childs_book_sends_nothing_into_anothers(openid: OpenIdProvider) -> None:
    tanja = Client()
    of_oliver = in_the_book_of(openid, "Oliver", tanja)
    sent = {**MESSAGE, **of_oliver}
    assert of_oliver and tanja.post(NEW, sent).status_code == 422
    of_liva = in_the_book_of(openid, "Liva", tanja)
    for path in (NEW, "/familie/findes-ikke/", "/oauth/authorize"):
        answer = tanja.post(path, sent)
        page = answer.content.decode()
        assert answer.status_code == 409 and "intet er gemt" in page and MESSAGE["text"] in page, path
    told = tanja.post(NEW, sent, headers={"X-Autosave": "1"})
    assert told.status_code == 409 and "Ikke gemt" in told.json()["told"]
    assert tanja.post(NEW, {**MESSAGE, **of_liva}).status_code == 422
    # The same person in the same book again: the page is theirs
    assert in_the_book_of(openid, "Oliver", tanja) == of_oliver and tanja.post(NEW, sent).status_code == 422


def test_what_was_typed_on_a_page_of_before_waits_for_nobody_else(
    openid: OpenIdProvider, wall: Callable[[int], None]
) -> None:
    tanja = Client()
    sent = {**MESSAGE, **in_the_book_of(openid, "Oliver", tanja)}
    in_the_book_of(openid, "Liva", tanja)
    assert tanja.post("/log-ind/gem/", {**sent, "bog-path": NEW}).status_code == 401
    wall(31 * MINUTE)
    answer = tanja.post(NEW, sent)
    assert answer.status_code == 401 and MESSAGE["text"] in answer.content.decode()
    assert not KeptInput.objects.exists() and not LoginSession.objects.filter(ended_at=None).exists()


def test_what_is_kept_has_no_mark_of_its_page(openid: OpenIdProvider, wall: Callable[[int], None]) -> None:
    tanja = Client()
    sent = {**MESSAGE, **in_the_book_of(openid, "Oliver", tanja)}
    wall(31 * MINUTE)
    assert tanja.post(NEW, sent).headers["Location"].endswith("?gemt=ja")
    assert KeptInput.objects.get().fields == [[name, text] for name, text in MESSAGE.items()]


def test_an_app_that_asks_when_the_session_has_run_out_is_answered_after_the_log_in(
    openid: OpenIdProvider, sara: Client, wall: Callable[[int], None]
) -> None:
    wall(31 * MINUTE)
    asked = "/oauth/authorize?client_id=kurven&state=s"
    address = sara.get(asked).headers["Location"]
    assert address == "/log-ind/?next=%2Foauth%2Fauthorize%3Fclient_id%3Dkurven%26state%3Ds"
    sara.get(address)
    logs_in(openid, "sara", sara)
    assert sara.get("/log-ind/som/").headers["Location"] == asked


# -- out ---------------------------------------------------------------------------------------------------------------


def test_log_off_here_and_at_the_provider(openid: OpenIdProvider, sara: Client) -> None:
    cookie = sara.cookies["sessionid"].value
    page = sara.post("/log-af/").content.decode()
    assert f"{openid.address}/oauth2/end_session?client_id=bog" in page and "Du er logget af her" in page
    stolen = Client()
    stolen.cookies["sessionid"] = cookie
    assert stolen.get("/familie/").status_code == 302
    assert "luk også browseren" in sara.get("/log-af/faerdig/").content.decode()


def test_nothing_of_a_book_is_left_in_the_browser(sara: Client) -> None:
    for address in ("/familie/", "/familie/ja-og-nej/", "/log-ind/steder/", "/log-ind/"):
        assert sara.get(address).headers["Cache-Control"] == "no-store", address


def test_a_lost_telephone(openid: OpenIdProvider, sara: Client) -> None:
    lost, father = logs_in(openid, "sara"), logs_in(openid, "jonas")
    lost.get("/log-ind/som/"), father.get("/log-ind/som/")
    page = sara.get("/log-ind/steder/").content.decode()
    assert page.count("Et andet sted.") == 1 and "MitID" in page
    LoginSession.objects.filter(id=UUID(lost.session[LOGIN])).update(seen_at=0)
    assert "Du er ikke logget ind andre steder." in sara.get("/log-ind/steder/").content.decode(), "it has run out"
    assert "alle andre steder." in sara.post("/log-ind/steder/").content.decode()
    assert lost.get("/familie/").status_code == 302
    assert sara.get("/familie/").status_code == 200 and father.get("/familie/").status_code == 200
    event = Event.objects.filter(action="logout").order_by("-id")[0]
    assert event.reason == "alle andre steder" and event.detail["sessions"] == 1
    assert Client().get("/log-ind/steder/").headers["Location"] == "/log-ind/"


def test_a_machine_that_somebody_else_left(openid: OpenIdProvider, sara: Client) -> None:
    """Whoever logs in on a shared machine ends what was begun there, under a new key."""
    before = sara.session[LOGIN]
    logs_in(openid, "jonas", sara).get("/log-ind/som/")
    assert sara.session[LOGIN] != before
    assert LoginSession.objects.get(id=UUID(before)).ended_at is not None
    assert Event.objects.filter(action="logout", reason="logget ind igen").exists()


def test_a_cookie_from_before_the_log_in_is_nobodys(openid: OpenIdProvider) -> None:
    """Session fixation: the key that an attacker has set beforehand is not the key of the session."""
    client = Client()
    to_the_provider(client)
    before = client.cookies["sessionid"].value
    logs_in(openid, "sara", client).get("/log-ind/som/")
    fixed = Client()
    fixed.cookies["sessionid"] = before
    assert fixed.get("/familie/").status_code == 302


def test_custody_that_ends_in_the_middle_of_a_session(sara: Client) -> None:
    person = LoginSession.objects.get(id=UUID(sara.session[LOGIN])).actor_id
    Grant.objects.filter(grantee_id=person).delete()
    assert sara.get("/familie/").headers["Location"] == "/log-ind/"
    assert Event.objects.filter(action="logout", reason="ingen adgang længere").exists()


def test_a_log_in_that_is_not_there(sara: Client) -> None:
    LoginSession.objects.all().delete()
    assert sara.get("/familie/").headers["Location"] == "/log-ind/" and not dict(sara.session)


# -- the provider says that somebody has logged out --------------------------------------------------------------------

BEHIND = "/log-ind/mitid/log-af/besked"


def is_told(token: str) -> int:
    """What the provider is answered: it comes without a browser, and from elsewhere."""
    answer = Client(enforce_csrf_checks=True).post(BEHIND, {"logout_token": token})
    assert answer.headers["Cache-Control"] == "no-store"
    return int(answer.status_code)


def goes_in(openid: OpenIdProvider, sub: str, sid: str = "") -> Client:
    openid.calls_the_session(sub, sid)
    client = logs_in(openid, sub)
    assert client.get("/log-ind/som/").headers["Location"] == "/familie/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/familie/").status_code == 200


def test_a_session_that_ends_at_the_provider_ends_here_and_the_person_s_others_do_not(openid: OpenIdProvider) -> None:
    telephone, desk = goes_in(openid, "sara", "s-1"), goes_in(openid, "sara", "s-2")
    jonas = goes_in(openid, "jonas", "s-3")
    assert is_told(openid.logout_token(sub="sara", sid="s-1")) == 200
    assert (is_in(telephone), is_in(desk), is_in(jonas)) == (False, True, True)
    event = Event.objects.filter(action="logout").order_by("-id")[0]
    assert event.reason == "logget af hos udbyderen"
    # told of the person alone, it is every session of theirs; of the session alone, that one
    assert is_told(openid.logout_token(sub="sara")) == 200
    assert (is_in(desk), is_in(jonas)) == (False, True)
    assert is_told(openid.logout_token(sid="s-3")) == 200
    assert not is_in(jonas)
    # nobody it knows is no fault
    assert is_told(openid.logout_token(sub="sara")) == 200


def test_who_has_logged_out_while_they_were_to_choose_a_child_comes_in_as_nobody(openid: OpenIdProvider) -> None:
    client = logs_in(openid, "tanja")
    assert "Hvilket barn?" in client.get("/log-ind/som/").content.decode()
    assert is_told(openid.logout_token(sub="tanja")) == 200
    assert "Hvilket barn?" not in told(client.get("/log-ind/som/"))


NOT_TO_BE_BELIEVED: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://en-anden.example"}, "no issuer": {"iss": None}, "for another": {"aud": "en-anden"},
    "for others": {"aud": ["a", "b"]}, "for nobody": {"aud": None}, "an hour old": {"iat": int(time.time()) - 3600},
    "from tomorrow": {"iat": int(time.time()) + 86400}, "without a time": {"iat": None}, "a time in words": {"iat": "nu"},
    "over": {"exp": int(time.time()) - 600}, "an ID token": {"nonce": "abc"}, "no event": {"events": None},
    "another event": {"events": {"http://schemas.openid.net/event/andet": {}}},
    "an event in words": {"events": {"http://schemas.openid.net/event/backchannel-logout": "ja"}},
    "events in a list": {"events": ["http://schemas.openid.net/event/backchannel-logout"]}, "without a name": {"jti": None},
    "a name that is none": {"jti": 7}, "about nobody": {"sub": None}, "about a number": {"sub": 7},
    "a session that is a list": {"sid": ["s"]}, "of another sort": {"header": {"typ": "at+jwt"}},
}  # fmt: skip


@pytest.mark.parametrize("lie", NOT_TO_BE_BELIEVED)
def test_what_is_not_to_be_believed_ends_nothing(openid: OpenIdProvider, lie: str) -> None:
    sara = goes_in(openid, "sara")
    told_wrong: dict[str, Any] = {"sub": "sara"} | NOT_TO_BE_BELIEVED[lie]
    assert is_told(openid.logout_token(**told_wrong)) == 400
    assert is_in(sara) and last_line() == (False, "svaret fra log-in kunne ikke bruges")


def test_a_token_that_another_has_signed_or_nobody_ends_nothing(openid: OpenIdProvider) -> None:
    sara, token = goes_in(openid, "sara"), openid.logout_token(sub="sara")
    head, body, _sign = token.split(".")
    none = urlsafe_b64encode(b'{"alg":"none","typ":"logout+jwt"}').decode().rstrip("=")
    secret = OctKey.import_key("hemmelig-hemmelig-hemmelig-hemmelig")
    for false in (
        openid.logout_token(key=RSAKey.generate_key(2048), sub="sara"),  # a stranger's key by the provider's name
        openid.logout_token(key=RSAKey.generate_key(2048), header={"kid": "fremmed"}, sub="sara"),
        openid.logout_token(key=secret, header={"alg": "HS256"}, sub="sara"), f"{none}.{body}.", f"{head}.{body}.",
        token[:-4], "", "vrøvl", "a.b.c",
    ):  # fmt: skip
        assert is_told(false) == 400 and is_in(sara)


def test_a_token_is_believed_once(openid: OpenIdProvider) -> None:
    sara, token = goes_in(openid, "sara"), openid.logout_token(sub="sara")
    assert is_told(token) == 200 and not is_in(sara)
    sara = goes_in(openid, "sara")
    assert is_told(token) == 400 and is_in(sara)
    assert last_line() == (False, "for længe siden, eller brugt før")


def test_a_log_out_is_only_for_who_can_speak_so(openid: OpenIdProvider) -> None:
    client = Client()
    assert client.get(BEHIND).status_code == 405
    assert client.post("/log-ind/ukendt/log-af/besked", {"logout_token": ""}).status_code == 404
