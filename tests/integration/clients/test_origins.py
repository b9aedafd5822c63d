"""Pages that call from a browser: closed, but for those that a client is registered with."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from barnetsbog.clients import operations
from barnetsbog.exchange.fhir.callers import Unauthorised, caller
from barnetsbog.exchange.origins import OriginsMiddleware
from tests.conftest import BOTH_DATABASES

from .conftest import World

pytestmark = BOTH_DATABASES

APP, EVIL = "https://app.example", "https://evil.example"


def answered(origin: str, token: str = "", method: str = "GET", path: str = "/fhir/Patient", **headers: str) -> Any:
    """What a browser is told when a page of `origin` calls."""

    def view(request: Any) -> HttpResponse:
        try:
            caller(request)
        except Unauthorised:
            return HttpResponse(status=401)
        return HttpResponse("ok")

    sent = {"Origin": origin, "Authorization": f"Bearer {token}", **headers}
    return OriginsMiddleware(view)(RequestFactory().generic(method, path, headers=sent))


def asks_first(origin: str) -> Any:
    return answered(origin, method="OPTIONS", **{"Access-Control-Request-Method": "GET"})


ALLOWED = "Access-Control-Allow-Origin"


def test_nobody_calls_from_a_browser_when_nothing_was_registered(world: World) -> None:
    world.system()
    for answer in (asks_first(APP), answered(APP, world.token()), answered("null", world.token())):
        assert ALLOWED not in answer.headers and answer.headers["Vary"] == "Origin"


def test_a_page_of_the_client_reads_the_answer_and_no_other_page_does(world: World) -> None:
    world.system(origins=(APP,))
    token = world.token()
    assert asks_first(APP).headers[ALLOWED] == APP and asks_first(APP).status_code == 204
    assert "Authorization" in asks_first(APP).headers["Access-Control-Allow-Headers"]
    assert answered(APP, token).headers[ALLOWED] == APP
    for other in (EVIL, "null", f"{APP}.evil.example", "http://app.example", f"{APP}:8443", "*"):
        assert ALLOWED not in asks_first(other).headers and ALLOWED not in answered(other, token).headers
    assert "Access-Control-Allow-Credentials" not in answered(APP, token).headers


def test_a_page_may_send_a_bundle_to_the_base_address(world: World) -> None:
    world.system(origins=(APP,))
    asked = answered(APP, method="OPTIONS", path="/fhir", **{"Access-Control-Request-Method": "POST"})
    assert (asked.status_code, asked.headers.get(ALLOWED)) == (204, APP)
    assert answered(APP, world.token(), "POST", "/fhir").headers.get(ALLOWED) == APP
    for path in ("/fhirx", "/", "/oauth/tokens"):
        assert ALLOWED not in answered(APP, world.token(), path=path).headers


def test_a_page_of_another_client_reads_nothing_with_a_token_that_is_not_its_own(world: World) -> None:
    world.system(origins=(APP,))
    world.system("bup-system", unit_id=world.bup, origins=(EVIL,))
    assert asks_first(EVIL).headers[ALLOWED] == EVIL
    assert ALLOWED not in answered(EVIL, world.token()).headers


def test_an_app_in_a_browser_can_read_that_its_token_does_not_count(world: World) -> None:
    world.system(origins=(APP,))
    answer = answered(APP, "x")
    assert answer.status_code == 401 and answer.headers[ALLOWED] == APP


def test_a_client_that_is_closed_is_closed_here_too(world: World) -> None:
    world.system(origins=(APP,))
    operations.close("ppr-system")
    assert ALLOWED not in asks_first(APP).headers


@pytest.mark.parametrize("path", ["/", "/apps/", "/oauth/authorize", "/oauth/introspect"])
def test_pages_are_not_part_of_it(world: World, path: str) -> None:
    world.system(origins=(APP,))
    assert ALLOWED not in answered(APP, path=path).headers


def test_the_whole_way_through_the_server(world: World) -> None:
    world.app(origins=(APP,))
    told = world.browser.options("/oauth/token", headers={"Origin": APP, "Access-Control-Request-Method": "POST"})
    assert told.status_code == 204 and told[ALLOWED] == APP
    for client_id, wanted in (("kurven", APP), ("nobody", APP)):
        answer = world.browser.post("/oauth/token", {"client_id": client_id}, headers={"Origin": APP})
        assert answer.status_code == 400 and answer.get(ALLOWED) == wanted
    assert ALLOWED not in world.browser.post("/oauth/token", {"client_id": "kurven"}, headers={"Origin": EVIL}).headers
