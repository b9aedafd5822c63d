"""Who may call: what a client must be, and that everything that is done with one is logged."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client as Browser

from barnetsbog.access.scopes import scope_for
from barnetsbog.clients import operations
from barnetsbog.clients.models import Registered
from barnetsbog.clients.operations import New
from barnetsbog.clients.queries import client, clients, names_of
from barnetsbog.directory.models import Role
from barnetsbog.directory.queries import role, roles_in
from barnetsbog.exchange.fhir.callers import Unauthorised
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.portal.demo_login import everybody
from barnetsbog.record.instance import make_demo
from barnetsbog.record.scope import LoginLevel
from tests.builders import role as made_role
from tests.builders import send
from tests.conftest import BOTH_DATABASES

from .conftest import EC_KEY, World, calls, jwks, lines

pytestmark = BOTH_DATABASES


def test_a_system_gets_a_role_with_a_name_in_the_directory(world: World) -> None:
    made = world.system()
    assert made == client("ppr-system") and made.role_id
    assert names_of({"ppr-system", "gone"}) == {"ppr-system": "PPRs fagsystem"} and names_of(()) == {}
    found = role(made.role_id)
    assert found and (found.code, found.unit_id, found.title) == ("system", world.ppr, "PPRs fagsystem")
    assert [line.detail["step"] for line in lines("client")] == ["add"]


def test_nobody_works_in_the_role_of_a_system_and_nobody_logs_in_as_one(world: World) -> None:
    made = world.system()
    assert made.role_id and scope_for(made.role_id, level=LoginLevel.HIGH) is None
    assert made.role_id not in {one.id for one in roles_in(world.ppr)}
    assert made.role_id not in {one.role_id for _, people in everybody() for one in people}


@pytest.mark.parametrize(("changes", "why"), [
    ({"ident": "PPR"}, "Id skal"), ({"ident": "x"}, "Id skal"), ({"ident": "a/../b"}, "Id skal"),
    ({"role": "caseworker"}, "rolle for et program"), ({"role": "nobody"}, "rolle for et program"),
    ({"unit_id": None}, "Enheden kendes ikke"), ({"unit_id": UUID(int=7)}, "Enheden kendes ikke"), ({"jwks": ""}, "offentlig nøgle"),
    ({"level": LoginLevel.LOW}, "mindst NSIS Betydelig"), ({"jwks": "x"}, "JWK Set"), ({"scopes": ""}, "mindst ét scope"), ({"scopes": "system/*.rs user/*.rs"}, "user/*.rs"),
    ({"scopes": "system/Observation.xyz"}, "system/Observation.xyz"), ({"scopes": "system/*.rs offline_access"}, "for apps"),
    ({"redirects": ("https://x.example",)}, "sende brugere tilbage"), ({"per_minute": 0}, "mindst 1"), ({"per_day": -1}, "mindst 1"),
    ({"origins": ("https://x.example/path",)}, "origin"), ({"origins": ("*",)}, "origin"), ({"origins": ("null",)}, "origin"),
])  # fmt: skip
def test_a_system_that_can_not_be_is_refused_and_nothing_is_stored(
    world: World, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused) as refusal:
        world.system(**changes)
    assert why in refusal.value.reason
    assert not Registered.objects.exists() and not Role.objects.filter(code="system").exists()


@pytest.mark.parametrize(
    "back",
    ["http://app.example/back", "https://app.example/back#x", "app:back", "", "https:///x", "https://app.example/æ"],
)
def test_an_apps_user_is_only_sent_where_nobody_listens(world: World, back: str) -> None:
    with pytest.raises(Refused):
        world.app(redirects=(back,))


def test_an_app_on_the_users_own_machine_may_listen_there(world: World) -> None:
    assert world.app(redirects=("http://127.0.0.1:9000/back",)).redirects == ("http://127.0.0.1:9000/back",)


def test_where_a_client_may_be_told_is_changed_by_the_rules_it_was_given_by(world: World) -> None:
    world.system(notify=("broker",))
    operations.change_notify("ppr-system", ["https://x.example"], full=True)
    assert (operations.known("ppr-system").notify, operations.known("ppr-system").full) == (
        ("https://x.example",),
        True,
    )
    world.app()
    for ident, place, full in (("ppr-system", "http://x.example", False), ("kurven", "https://x.example", True)):
        with pytest.raises(Refused):
            operations.change_notify(ident, [place], full=full)
    operations.change_notify("ppr-system", [])
    assert operations.known("ppr-system").notify == () and not operations.known("kurven").full


def test_a_name_can_be_read(world: World) -> None:
    for name in ("", " ", "x" * 121, "PPR\nppr-x", "PPR\u202e"):
        with pytest.raises(Refused, match="Navnet mangler"):
            operations.register(New("kurven", name, "user/*.rs", redirects=("https://x.example/a",)))


def test_a_name_is_given_once(world: World) -> None:
    world.system()
    with pytest.raises(Refused, match="Der er en klient"):
        world.system()
    assert len(clients()) == 1 and Role.objects.filter(code="system").count() == 1


def test_everything_that_is_done_with_a_client_is_logged(world: World) -> None:
    world.system()
    operations.close("ppr-system")
    assert not operations.known("ppr-system").enabled
    operations.open_again("ppr-system")
    operations.change_keys("ppr-system", jwks(EC_KEY))
    operations.change_notify("ppr-system", ["https://x.example"], full=True)
    assert operations.known("ppr-system").enabled
    assert sorted(line.detail["step"] for line in lines("client")) == ["add", "disable", "enable", "keys", "notify"]
    assert {line.detail["of"] for line in lines("client")} == {"ppr-system"}
    with pytest.raises(NotFound):
        operations.close("nobody")


def test_scopes_on_several_lines_are_each_of_them_understood(world: World) -> None:
    world.system(scopes="system/Goal.rs\n\tsystem/Task.rs  system/Task.r\n")
    told = world.asks(scope="system/*.rs").json()
    assert told["scope"].split() == ["system/Goal.rs", "system/Task.rs"]


def test_a_client_that_is_for_a_time_ends_by_itself(world: World) -> None:
    made = world.system(days=30)
    assert made.ends_at and made.usable(made.ends_at - 1) and not made.usable(made.ends_at)


def test_an_administrator_sees_the_clients_and_closes_one_and_nobody_else_does(world: World) -> None:
    world.system()
    token = world.token()
    send(*made_role("ib", "ppr", "administrator"))
    make_demo(date(2026, 11, 25))
    ib, kim = Browser(), Browser()
    for browser, who in ((ib, Role.objects.get(code="administrator").id), (kim, world.kim)):
        assert browser.post("/log-ind/", {"role": str(who)}).status_code == 302
    assert "PPRs fagsystem" in ib.get("/administration/programmer/").content.decode()
    assert kim.get("/administration/programmer/").status_code == 404
    assert kim.post("/administration/programmer/ppr-system", {"step": "close"}).status_code == 404
    assert ib.post("/administration/programmer/nobody", {"step": "close"}).status_code == 404
    calls(token)
    assert ib.post("/administration/programmer/ppr-system", {"step": "close"}).status_code == 302
    assert ib.post("/administration/programmer/ppr-system", {"step": "?"}).status_code == 404  # nothing opens unasked
    with pytest.raises(Unauthorised):
        calls(token)
    assert lines("client")[-1].detail["step"] == "disable" and lines("client")[-1].role == "administrator"
    ib.post("/administration/programmer/ppr-system", {"step": "open"})
    with pytest.raises(Unauthorised):
        calls(token)
    calls(world.token())


@pytest.mark.parametrize(
    "place", ["http://10.0.0.1", "https://2130706433", "https://x.example/sti", "http://x.example"]
)
def test_a_system_is_told_at_public_places_of_its_own_only(world: World, place: str) -> None:
    with pytest.raises(Refused):
        world.system(notify=(place,))
    assert world.system(notify=("https://x.example:8443", "broker")).notify == ("https://x.example:8443", "broker")


def test_an_app_may_be_told_that_something_happened_and_is_never_sent_it(world: World) -> None:
    assert world.app(notify=("https://x.example",)).notify == ("https://x.example",)
    with pytest.raises(Refused, match="kun til systemer"):
        world.app("kurven-2", notify=("https://x.example",), full=True)
