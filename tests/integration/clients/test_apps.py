"""An app asks somebody who is logged in to let it act for them (SMART App Launch), and every way that must not work."""

import base64
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import pytest
from django.test import Client as Browser

from barnetsbog.access.reading import open_book
from barnetsbog.clients import letting_in, operations
from barnetsbog.clients.models import Approval, Issued, Registered
from barnetsbog.clients.queries import apps_of
from barnetsbog.directory.models import Role
from barnetsbog.exchange.fhir.callers import Unauthorised
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.login.clock import wall
from barnetsbog.login.model import HOUR
from barnetsbog.login.models import LoginSession
from barnetsbog.record.instance import make_demo
from barnetsbog.record.models import Entry
from tests.builders import care, observation, send
from tests.conftest import BOTH_DATABASES
from tests.integration.calendar.conftest import parent

from .conftest import ASSERTION, BASE, EC_KEY, World, calls, claims, jwks, lines, signed

pytestmark = BOTH_DATABASES

VERIFIER = "x" * 64
BACK = "https://app.example/back"


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def address(**changes: Any) -> str:
    """What an app sends its user's browser to."""
    usual = {
        "response_type": "code", "client_id": "kurven", "redirect_uri": BACK, "state": "s1", "aud": f"{BASE}/fhir",
        "scope": "user/*.rs", "code_challenge": challenge(), "code_challenge_method": "S256",
    }  # fmt: skip
    sent = {name: value for name, value in {**usual, **changes}.items() if value is not None}
    return f"/oauth/authorize?{urlencode(sent, doseq=True)}"


def logged_in(world: World) -> Browser:
    make_demo(date(2026, 11, 25))
    browser = Browser()
    assert browser.post("/log-ind/", {"role": str(world.kim)}).status_code == 302
    return browser


def back_at(answer: Any) -> dict[str, str]:
    """The parameters with which the browser came back to the app."""
    assert answer.status_code == 302, answer.content[:400]
    assert answer["Location"].startswith(f"{BACK}?"), answer["Location"]
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def code(browser: Browser, child: UUID | None = None, **changes: Any) -> str:
    answer = browser.post(address(**changes), {"answer": "yes", **({"child": str(child)} if child else {})})
    told = back_at(answer)
    assert told["state"] == "s1"
    return told["code"]


def trades(got: str, **changes: Any) -> Any:
    """The answer of the token endpoint to a code."""
    usual = {
        "grant_type": "authorization_code", "code": got, "redirect_uri": BACK, "client_id": "kurven",
        "code_verifier": VERIFIER,
    }  # fmt: skip
    return Browser().post("/oauth/token", {k: v for k, v in {**usual, **changes}.items() if v is not None})


def renews(token: str, **changes: Any) -> Any:
    sent = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "kurven", **changes}
    return Browser().post("/oauth/token", sent)


def ok(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def error(answer: Any, wanted: str = "invalid_grant") -> None:
    assert (answer.status_code, answer.json()["error"]) == (400, wanted), answer.content


# -- what works --------------------------------------------------------------------------------------------------------


def test_kim_lets_an_app_in_and_it_sees_what_kim_sees(world: World) -> None:
    world.app()
    browser = logged_in(world)
    page = browser.get(address())
    assert page.status_code == 200 and "Kurven" in page.content.decode()
    policy = page["Content-Security-Policy"].split("; ")
    assert "form-action 'self' https://app.example" in policy
    told = ok(trades(code(browser)))
    assert {*told} == {"access_token", "token_type", "expires_in", "scope"} and told["scope"] == "user/*.rs"
    who = calls(told["access_token"])
    assert (who.scope.role_id, who.scope.client, who.scope.child) == (world.kim, "kurven", None)
    with open_book(who.scope, "work-list") as book:
        assert book.children() == [world.alma]
    assert lines("work-list")[-1].detail["client"] == "kurven"
    assert [line.detail["step"] for line in lines("app")] == ["let-in"]


def test_an_app_for_one_child_sees_that_child_and_no_other(world: World) -> None:
    world.app()
    send(care("c9", about="noah"))
    browser = logged_in(world)
    page = browser.get(address(scope="launch/patient patient/*.rs"))
    assert page.content.decode().count("Alma") == 2
    without = browser.post(address(scope="launch/patient patient/*.rs"), {"answer": "yes"})
    assert without.status_code == 422 and "Vælg, hvilket barn" in without.content.decode()
    told = ok(trades(code(browser, world.alma, scope="launch/patient patient/*.rs")))
    assert UUID(told["patient"])
    scope = calls(told["access_token"]).scope
    with open_book(scope, "work-list") as book:
        assert book.children() == [world.alma]
        assert not book.sees(world.noah)
    with pytest.raises(NotFound), open_book(scope, "overview", world.noah):
        pass


def test_user_scopes_beside_a_child_are_for_that_child_too(world: World) -> None:
    """A mixture never reaches further than its narrowest part."""
    world.app()
    send(care("c9", about="noah"))
    told = ok(trades(code(logged_in(world), world.alma, scope="user/*.rs patient/Goal.rs")))
    with open_book(calls(told["access_token"]).scope, "work-list") as book:
        assert book.children() == [world.alma]


def test_a_child_that_is_not_kims_can_not_be_chosen(world: World) -> None:
    world.app()
    answer = logged_in(world).post(address(scope="patient/*.rs"), {"answer": "yes", "child": str(world.noah)})
    assert answer.status_code == 422 and not Approval.objects.exists()


def test_a_mother_lets_an_app_into_her_own_childs_book(world: World) -> None:
    world.app()
    send(parent("mor", "Sara"))
    mother = Entry.objects.get(what="person", title="Sara").id
    logged_in(world)
    browser = Browser()
    assert browser.post("/log-ind/", {"person": str(mother), "child": str(world.alma)}).status_code == 302
    page = browser.get(address(scope="patient/*.rs")).content.decode()
    assert "Hvilket barn" not in page and "Det gælder kun" in page
    told = ok(trades(code(browser, scope="patient/*.rs")))
    scope = calls(told["access_token"]).scope
    assert (scope.role_id, scope.unit_id, scope.child) == (mother, None, world.alma)
    assert calls(told["access_token"]).allowed.may("AuditEvent", "r")
    assert browser.get("/familie/apps/").status_code == 200


def test_no_is_told_and_nothing_else(world: World) -> None:
    world.app()
    told = back_at(logged_in(world).post(address(), {"answer": "no"}))
    assert told["error"] == "access_denied" and told["state"] == "s1" and "code" not in told
    assert not Approval.objects.exists()


def test_whoever_is_not_logged_in_logs_in_first_and_comes_back(world: World) -> None:
    world.app()
    logged_in(world)
    browser = Browser()
    answer = browser.get(address())
    assert answer.status_code == 302 and answer["Location"].startswith("/log-ind/?next=")
    there = browser.post(answer["Location"], {"role": str(world.kim)})
    assert there["Location"] == address()


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/oauth/authorize.evil", "/find/"])
def test_the_log_in_sends_nobody_anywhere_else(world: World, to: str) -> None:
    logged_in(world)
    there = Browser().post(f"/log-ind/?{urlencode({'next': to})}", {"role": str(world.kim)})
    assert there["Location"] == "/arbejdsliste/"


# -- what an app may not ask -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [
    {"client_id": "nobody"}, {"client_id": None}, {"redirect_uri": None}, {"redirect_uri": "https://evil.example/back"},
    {"redirect_uri": f"{BACK}/more"}, {"redirect_uri": f"{BACK}?x=1"}, {"redirect_uri": "https://app.example.evil.example/back"},
    {"redirect_uri": f"{BACK}\"<script>"}, {"redirect_uri": "javascript:alert(1)"}, {"redirect_uri": [BACK, "https://evil.example"]},
    {"state": ["a", "b"]}, {"state": "æ"},
], ids=str)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_may_not_be_the_apps(world: World, changes: dict[str, Any]) -> None:
    world.app()
    browser = logged_in(world)
    for answer in (browser.get(address(**changes)), browser.post(address(**changes), {"answer": "yes"})):
        assert answer.status_code == 400 and "Location" not in answer
        assert "<script>" not in answer.content.decode().replace("<script src", "")
    assert not Issued.objects.exists()


@pytest.mark.parametrize(("changes", "wanted"), [
    ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"), ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"), ({"code_challenge": "short"}, "invalid_request"),
    ({"aud": None}, "invalid_request"), ({"aud": "https://evil.example/fhir"}, "invalid_request"), ({"state": None}, "invalid_request"),
    ({"scope": None}, "invalid_scope"), ({"scope": "system/*.rs"}, "invalid_scope"), ({"scope": "offline_access"}, "invalid_scope"),
    ({"response_type": "token"}, "unsupported_response_type"), ({"response_type": None}, "unsupported_response_type"),
], ids=str)  # fmt: skip
def test_what_can_not_be_is_told_to_the_app_itself(world: World, changes: dict[str, Any], wanted: str) -> None:
    world.app()
    assert back_at(logged_in(world).get(address(**changes)))["error"] == wanted
    assert not Approval.objects.exists()


def test_a_system_can_not_ask_a_person_and_an_app_is_no_system(world: World) -> None:
    world.system()
    world.app(jwks=jwks(EC_KEY))
    answer = logged_in(world).get(address(client_id="ppr-system"))
    assert answer.status_code == 400
    error(world.asks(signed(claims("kurven"))), "unauthorized_client")


def test_the_answer_can_not_be_given_from_another_page(world: World) -> None:
    world.app()
    logged_in(world)
    browser = Browser(enforce_csrf_checks=True)
    browser.cookies.update(logged_in(world).cookies)
    assert browser.post(address(), {"answer": "yes"}).status_code == 403
    assert not Approval.objects.exists()


# -- attacks on the code -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("changes", "wanted"), [
    ({"code_verifier": "y" * 64}, "invalid_grant"), ({"code_verifier": None}, "invalid_request"), ({"code_verifier": challenge()}, "invalid_grant"),
    ({"redirect_uri": "https://app.example/other"}, "invalid_grant"), ({"redirect_uri": None}, "invalid_grant"),
    ({"client_id": "nobody"}, "invalid_client"), ({"client_id": None}, "invalid_client"), ({"client_id": "andre"}, "invalid_grant"),
    ({"code": "x"}, "invalid_grant"), ({"code": None}, "invalid_request"),
], ids=str)  # fmt: skip
def test_a_code_is_for_the_app_that_asked_and_can_prove_it(world: World, changes: dict[str, Any], wanted: str) -> None:
    world.app()
    world.app("andre")
    error(trades(code(logged_in(world)), **changes), wanted)
    assert not Issued.objects.filter(sort="access").exists()


def test_a_code_that_is_used_again_ends_everything_that_came_of_it(world: World) -> None:
    world.app()
    got = code(logged_in(world), scope="user/*.rs offline_access")
    told = ok(trades(got))
    calls(told["access_token"])
    error(trades(got))
    with pytest.raises(Unauthorised):
        calls(told["access_token"])
    error(renews(told["refresh_token"]))


def test_a_code_runs_out_and_dies_with_the_log_in(world: World) -> None:
    world.app()
    browser = logged_in(world)
    late = code(browser)
    Issued.objects.update(ends_at=1)
    error(trades(late))
    early = code(browser)
    browser.post("/log-af/")
    error(trades(early))


def test_nobody_is_let_in_by_a_log_in_that_ends_meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kim presses yes, and logs off in another window before the yes is kept."""
    world.app()
    browser, other = logged_in(world), Browser()
    other.cookies.load({"sessionid": browser.cookies["sessionid"].value})
    answers = letting_in.answer

    def meanwhile(*asked: Any) -> Any:
        assert other.post("/log-af/").status_code == 302
        return answers(*asked)

    monkeypatch.setattr(letting_in, "answer", meanwhile)
    error(trades(code(browser)))
    assert not Approval.objects.filter(ended_at=None).exists()


def test_an_app_with_keys_must_prove_who_it_is(world: World) -> None:
    world.app(jwks=jwks(EC_KEY))
    browser = logged_in(world)
    error(trades(code(browser)), "invalid_client")
    proof = {"client_assertion_type": ASSERTION, "client_assertion": signed(claims("kurven"))}
    ok(trades(code(browser), **proof))


# -- refreshing, ending, losing ----------------------------------------------------------------------------------------


def test_an_app_goes_on_after_the_log_out_only_when_that_was_asked_for_and_told(world: World) -> None:
    world.app()
    browser = logged_in(world)
    assert "også når du har logget ud" in browser.get(address(scope="user/*.rs offline_access")).content.decode()
    assert "Det slutter, når du logger ud" in browser.get(address(scope="user/*.rs online_access")).content.decode()
    stays, online, short = (
        ok(trades(code(browser, scope=f"user/*.rs {more}".strip()))) for more in ("offline_access", "online_access", "")
    )
    assert "refresh_token" in stays and "refresh_token" in online and "refresh_token" not in short
    browser.post("/log-af/")
    for gone in (online, short):
        with pytest.raises(Unauthorised):
            calls(gone["access_token"])
    error(renews(online["refresh_token"]))
    calls(stays["access_token"])
    calls(ok(renews(stays["refresh_token"]))["access_token"])


def test_a_refresh_token_counts_once_and_a_copy_of_it_ends_everything(world: World) -> None:
    world.app()
    first = ok(trades(code(logged_in(world), scope="user/*.rs offline_access")))
    second = ok(renews(first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    error(renews(first["refresh_token"]))
    error(renews(second["refresh_token"]))
    with pytest.raises(Unauthorised):
        calls(second["access_token"])


def test_a_refresh_narrows_and_never_widens(world: World) -> None:
    world.app()
    told = ok(trades(code(logged_in(world), scope="user/Goal.rs user/Task.rs offline_access")))
    error(renews(told["refresh_token"], scope="user/*.rs offline_access"), "invalid_scope")
    narrow = ok(renews(told["refresh_token"], scope="user/Goal.rs"))
    assert narrow["scope"] == "user/Goal.rs"
    again = ok(renews(narrow["refresh_token"]))
    assert again["scope"].split() == ["user/Goal.rs", "user/Task.rs", "offline_access"]


def test_a_refresh_token_is_for_its_own_app(world: World) -> None:
    world.app()
    world.app("andre")
    told = ok(trades(code(logged_in(world), scope="user/*.rs offline_access")))
    error(renews(told["refresh_token"], client_id="andre"))


def lost(world: World, what: str) -> None:
    if what == "role ended":
        Role.objects.filter(id=world.kim).update(active=False)
    elif what == "app closed":
        operations.close("kurven")
    elif what == "stopped by kim":
        (app,) = apps_of(world.kim)
        operations.stop(app.approval_id, by=world.scope())
    elif what == "run out":
        Approval.objects.update(ends_at=1)
    elif what == "revoked by the app":
        sent = {"client_id": "kurven", "token": world.refresh}
        assert Browser().post("/oauth/revoke", sent).status_code == 200


@pytest.mark.parametrize("what", ["role ended", "app closed", "stopped by kim", "run out", "revoked by the app"])
def test_what_is_lost_is_lost_at_once(world: World, what: str) -> None:
    world.app()
    told = ok(trades(code(logged_in(world), scope="user/*.rs offline_access")))
    world.refresh = told["refresh_token"]
    calls(told["access_token"])
    lost(world, what)
    with pytest.raises(Unauthorised):
        calls(told["access_token"])
    assert renews(told["refresh_token"]).status_code == 400


def test_an_app_that_is_opened_again_must_be_let_in_again(world: World) -> None:
    """It was closed for a reason: what somebody may have a copy of never counts again."""
    world.app()
    told = ok(trades(code(logged_in(world), scope="user/*.rs offline_access")))
    waiting = code(logged_in(world), scope="user/*.rs offline_access")
    operations.close("kurven")
    operations.open_again("kurven")
    with pytest.raises(Unauthorised):
        calls(told["access_token"])
    assert renews(told["refresh_token"]).status_code == trades(waiting).status_code == 400
    assert apps_of(world.kim) == []
    calls(ok(trades(code(logged_in(world))))["access_token"])


def test_an_app_ends_when_the_log_in_would_that_let_it_in(world: World) -> None:
    world.app()
    browser = logged_in(world)
    LoginSession.objects.update(started_at=wall() - 7 * HOUR)
    ok(trades(code(browser, scope="user/*.rs online_access")))
    assert Approval.objects.get().ends_at - wall() <= HOUR


def test_kim_loses_alma_and_so_does_the_app(world: World) -> None:
    world.app()
    told = ok(trades(code(logged_in(world), world.alma, scope="patient/*.rs")))
    send(care(end="2026-02-01"))
    with open_book(calls(told["access_token"]).scope, "work-list") as book:
        assert book.children() == []


def test_a_mother_loses_her_custody_and_so_does_her_app(world: World) -> None:
    world.app()
    send(parent("mor", "Sara"))
    mother = Entry.objects.get(what="person", title="Sara").id
    logged_in(world)
    browser = Browser()
    browser.post("/log-ind/", {"person": str(mother), "child": str(world.alma)})
    told = ok(trades(code(browser, scope="patient/*.rs offline_access")))
    gone = parent("mor", "Sara")
    gone["relationship"] = [{"text": "mor"}]
    send(gone)
    with pytest.raises(Unauthorised):
        calls(told["access_token"])


def test_kim_sees_the_apps_and_stops_one_and_nobody_elses(world: World) -> None:
    world.app()
    browser = logged_in(world)
    ok(trades(code(browser, scope="user/Goal.rs offline_access")))
    page = browser.get("/apps/").content.decode()
    assert "Kurven" in page and "mål" in page
    (app,) = apps_of(world.kim)
    other = Browser()
    ida = Role.objects.get(code="bup_clinician").id
    other.post("/log-ind/", {"role": str(ida)})
    assert other.post(f"/apps/{app.approval_id}/stop").status_code == 404
    assert browser.post(f"/apps/{app.approval_id}/stop")["Location"] == "/apps/?stoppet"
    assert apps_of(world.kim) == [] and "Kurven" not in browser.get("/apps/").content.decode()


def test_an_app_writes_what_its_user_may_when_they_have_read_that_it_will(world: World) -> None:
    scopes = "patient/Observation.cruds patient/Consent.u user/Condition.rs launch/patient"
    world.app(scopes=scopes)
    browser = logged_in(world)
    page = browser.get(address(scope=scopes)).content.decode()
    assert "Må Kurven læse og skrive for dig?" in page and "hvad du har set og målt" in page
    assert "Den kan ikke slette." in page and "står i dit navn" in page
    told = ok(trades(code(browser, world.alma, scope=scopes)))
    assert told["scope"] == "patient/Observation.crus user/Condition.rs launch/patient"
    who = calls(told["access_token"])
    assert [who.allowed.may("Observation", act) for act in "cud"] == [True, True, False]
    sent = {
        **observation(about=f"Patient/{Entry.objects.get(what='child', source_ref='Patient/alma').id}"),
        "performer": [],
    }
    made = Browser().post("/fhir/Observation", {key: value for key, value in sent.items() if value and key != "id"},
                          "application/fhir+json", headers={"Authorization": f"Bearer {told['access_token']}"})  # fmt: skip
    assert made.status_code == 201, made.content
    assert made.json()["performer"] == [{"reference": f"PractitionerRole/{world.kim}"}]
    assert made.json()["meta"]["source"].endswith("/client/kurven")
    assert "Må skrive: hvad du har set og målt." in browser.get("/apps/").content.decode()


def test_an_app_of_the_family_writes_nothing(world: World) -> None:
    world.app(scopes="patient/*.cruds launch/patient")
    send(parent("mor", "Sara"))
    mother = Entry.objects.get(what="person", title="Sara").id
    logged_in(world)
    browser = Browser()
    browser.post("/log-ind/", {"person": str(mother), "child": str(world.alma)})
    page = browser.get(address(scope="patient/*.cruds")).content.decode()
    assert "Den kan ikke skrive eller slette." in page
    assert ok(trades(code(browser, scope="patient/*.cruds")))["scope"] == "patient/*.rs"


def test_an_app_breaks_no_glass(world: World) -> None:
    world.app()
    told = ok(trades(code(logged_in(world))))
    assert calls(told["access_token"]).scope.break_glass is False


def test_scopes_of_an_app_count_as_they_are_registered_now(world: World) -> None:
    world.app()
    told = ok(trades(code(logged_in(world))))
    Registered.objects.update(scopes="user/Goal.r")
    assert not calls(told["access_token"]).allowed.may("Observation", "r")
