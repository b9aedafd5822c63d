"""A professional who comes through an identity provider: privileges, jobs, one answer for one question, and single
log-out. Outside a demonstration."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4
from zlib import decompress

import pytest
from django.test import Client

from barnetsbog.access.roles import roles
from barnetsbog.audit.models import Event
from barnetsbog.calendar.models import Feed
from barnetsbog.clients.models import Approval
from barnetsbog.directory.models import Role
from barnetsbog.kernel.time import FOREVER
from barnetsbog.login import operations, setup
from barnetsbog.login.model import LoginRefused, Reason
from barnetsbog.login.models import LoginSession, UsedAssertion
from barnetsbog.login.queries import CVR, ORGANISATION, PROFESSIONAL
from barnetsbog.portal.session import LOGIN
from tests.builders import begin_with, bundle, care, patient, role, unit
from tests.conftest import BOTH_DATABASES
from tests.identity_provider import EID, ENTITY, LOA, IdentityProvider

pytestmark = BOTH_DATABASES
KIM = "6a5e0d3c-6f0e-4b11-9a55-3c9f00000001"
UNIT = "6a5e0d3c-6f0e-4b11-9a55-3c9f00000009"
Json = dict[str, Any]


def named(resource: Json, system: str, value: str, **more: Any) -> Json:
    return {**resource, "identifier": [{"system": system, "value": value}], **more}


def world() -> list[Json]:
    """Kim works in PPR of one municipality and, some days, in another's."""
    kim, in_ppr = role("kim")
    also = {**role("kim2", "ltt", "ltt")[1], "practitioner": {"reference": "Practitioner/p-kim"}}
    inside = {"partOf": {"reference": "Organization/by"}}
    elsewhere = {"partOf": {"reference": "Organization/anden"}}
    return [
        named(unit("by", "other"), CVR, "12345678"), named(unit("anden", "other"), CVR, "87654321"),
        named(unit("ppr"), ORGANISATION, UNIT, **inside), {**unit("ltt", "ltt"), **elsewhere},
        named(kim, PROFESSIONAL, f"urn:uuid:{KIM.upper()}"), in_ppr, also, *role("nanna", "ltt", "ltt"),
        patient(), care(),
    ]  # fmt: skip


@pytest.fixture
def idp(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityProvider]:
    begin_with(bundle(*world()))
    found = IdentityProvider(tmp_path, address="http://127.0.0.1")
    (tmp_path / "login.toml").write_text(found.write())
    monkeypatch.setattr(setup, "folder", lambda: tmp_path)
    setup.forget()
    yield found
    setup.forget()


def privileges(*groups: tuple[str, str], constraint: str = "") -> str:
    told = "".join(
        f'<PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:{cvr}">{constraint}'
        f"<Privilege>{roles()[code].privilege}</Privilege></PrivilegeGroup>"
        for cvr, code in groups
    )
    head = "bpp:PrivilegeList"
    xml = f"<{head} xmlns:bpp='http://digst.dk/oiosaml/basic_privilege_profile'>{told}</{head}>"
    return base64.b64encode(xml.encode()).decode()


IN_PPR = ("12345678", "psychologist")
IN_LTT = ("87654321", "ltt")


def asks(client: Client) -> tuple[str, str]:
    """To the identity provider: the id of the question, and what must come back with the answer."""
    address = client.get("/log-ind/kombit/start").headers["Location"]
    query = parse_qs(urlsplit(address).query)
    xml = decompress(base64.b64decode(query["SAMLRequest"][0]), -15).decode()
    return xml.partition('ID="')[2].partition('"')[0], query["RelayState"][0]


def answers(response: str, relay: str) -> Any:
    """The identity provider's page sends the answer: none of our cookies are with it."""
    return Client().post("/log-ind/kombit/modtag", {"SAMLResponse": response, "RelayState": relay})


def arrives(idp: IdentityProvider, *groups: tuple[str, str], **more: Any) -> tuple[Client, str]:
    """Back from the identity provider: where the browser that began is sent."""
    client = Client()
    question, relay = asks(client)
    values = {f"{EID}/privilegesIntermediate": privileges(*groups, constraint=more.pop("constraint", ""))}
    answer = answers(idp.response(question, values=values | more.pop("values", {}), **more), relay)
    assert answer.status_code == 302, answer.content.decode()
    return client, answer.headers["Location"]


def logs_in(idp: IdentityProvider, *groups: tuple[str, str], **more: Any) -> Client:
    client, address = arrives(idp, *groups, **more)
    client.get(address)
    return client


def refused(idp: IdentityProvider, *groups: tuple[str, str], **more: Any) -> str:
    client = Client()
    question, relay = asks(client)
    values = {f"{EID}/privilegesIntermediate": privileges(*groups, constraint=more.pop("constraint", ""))}
    answer = answers(idp.response(question, values=values | more.pop("values", {}), **more), relay)
    why = Event.objects.filter(action="login").order_by("-id")[0].reason
    assert answer.status_code == 403 and client.get("/log-ind/som/").status_code == 403
    assert not LoginSession.objects.exists()
    return why


def level(client: Client) -> str:
    """How surely whoever is logged in is known."""
    return LoginSession.objects.get(id=UUID(client.session[LOGIN])).level


def test_a_job_that_the_privilege_names(idp: IdentityProvider) -> None:
    client = logs_in(idp, IN_PPR)
    assert level(client) == "substantial"
    page = client.get("/arbejdsliste/").content.decode()
    assert "Kim Demosen, Enhed ppr" in page
    event = Event.objects.filter(action="login").order_by("-id")[0]
    assert (event.allowed, event.role, event.detail["provider"]) == (True, "psychologist", "kombit")


def test_several_jobs_are_chosen_between(idp: IdentityProvider) -> None:
    client, address = arrives(idp, IN_PPR, IN_LTT)
    page = client.get(address).content.decode()
    assert "Hvilken opgave?" in page and "Enhed ppr" in page and "Enhed ltt" in page and "Nanna" not in page
    key = next(part.partition('"')[0] for part in page.split('name="as" value="')[1:] if "Enhed ltt" in part)
    assert client.post(address, {"as": key}).status_code == 302
    assert "Kim Demosen, Enhed ltt" in client.get("/arbejdsliste/").content.decode()


def test_a_job_that_nobody_can_act_in_is_not_chosen(idp: IdentityProvider) -> None:
    """Where no privileges are asked for, all of somebody's own jobs count that the book knows."""
    (idp.folder / "login.toml").write_text(f"{idp.write()}needs-privileges = false\n")
    setup.forget()
    Role.objects.filter(code="ltt").update(code="holder")
    client, address = arrives(idp)
    assert client.get(address).headers["Location"] == "/arbejdsliste/"


@pytest.mark.parametrize("groups", [
    (), (("12345678", "teacher"),), (("12345678", "administrator"),), (("87654321", "psychologist"),), (("00000000", "psychologist"),),
])  # fmt: skip
def test_no_job_is_invented(idp: IdentityProvider, groups: tuple[tuple[str, str], ...]) -> None:
    """A privilege that the directory knows no job for gives nothing, whoever says it (ADR 29)."""
    assert refused(idp, *groups) == "ingen adgang"


def test_a_privilege_that_was_taken_away_ends_what_was_begun_by_it(idp: IdentityProvider) -> None:
    client = logs_in(idp, IN_PPR)
    assert logs_in(idp, IN_PPR).get("/arbejdsliste/").status_code == client.get("/arbejdsliste/").status_code == 200
    kim = LoginSession.objects.get(id=UUID(client.session[LOGIN])).actor_id
    lent = Approval.objects.create(
        id=uuid4(), client_id="kurven", person_id=kim, session="", scopes="user/*.rs offline_access",
        level="substantial", made_at=1, ends_at=FOREVER,
    )  # fmt: skip
    feed = Feed.objects.create(id=uuid4(), person_id=kim, digest="x", with_place=False, made_at=1)
    logs_in(idp, IN_PPR)
    assert Feed.objects.get(id=feed.id).ended_at is None
    assert Approval.objects.get(id=lent.id).ended_at is None
    arrives(idp, IN_LTT)
    assert Approval.objects.get(id=lent.id).ended_at, "an app that acts for longer than a log-in does not either"
    assert Feed.objects.get(id=feed.id).ended_at, "nor does the address of a calendar"
    assert client.get("/arbejdsliste/").headers["Location"] == "/log-ind/"
    event = Event.objects.filter(action="logout").order_by("-id")[0]
    assert (event.reason, event.detail["sessions"]) == ("ingen adgang længere", 3)


@pytest.mark.parametrize(("constraint", "may"), [
    (f'<Constraint Name="urn:dk:kombit:orgUnit">{UNIT}</Constraint>', True),
    (f'<Constraint Name="urn:dk:kombit:orgUnit">{KIM}</Constraint>', False),
    ('<Constraint Name="urn:dk:kombit:KLE">27.*</Constraint>', False),
])  # fmt: skip
def test_a_constraint_narrows(idp: IdentityProvider, constraint: str, may: bool) -> None:
    if may:
        assert level(logs_in(idp, IN_PPR, constraint=constraint))
    else:
        assert refused(idp, IN_PPR, constraint=constraint) == "ingen adgang"


def test_somebody_whom_the_directory_does_not_know(idp: IdentityProvider) -> None:
    assert refused(idp, IN_PPR, name="urn:uuid:6a5e0d3c-6f0e-4b11-9a55-3c9f0000dead") == "ingen adgang"


def test_a_level_too_low(idp: IdentityProvider) -> None:
    assert refused(idp, IN_PPR, values={LOA: "Low"}) == "sikkerhedsniveauet er for lavt"


def test_an_encrypted_assertion(idp: IdentityProvider) -> None:
    idp.encrypted = True
    (idp.folder / "login.toml").write_text(idp.write())
    setup.forget()
    assert level(logs_in(idp, IN_PPR))


def test_a_replayed_answer(idp: IdentityProvider) -> None:
    """The same answer again, to the question it answers: the attempt is used, in every process."""
    client = Client()
    question, relay = asks(client)
    values = {f"{EID}/privilegesIntermediate": privileges(IN_PPR)}
    response = idp.response(question, values=values)
    assert answers(response, relay).status_code == 302
    assert answers(response, relay).status_code == 403
    assert UsedAssertion.objects.count() == 1


def test_an_assertion_is_believed_once_whatever_the_attempt(idp: IdentityProvider) -> None:
    """Even where an attempt could be answered twice, the id of an assertion is remembered for all processes."""
    operations._once("_the_same", 4_000_000_000)
    with pytest.raises(LoginRefused) as caught:
        operations._once("_the_same", 4_000_000_000)
    assert caught.value.reason is Reason.STALE


def test_an_answer_in_another_browser(idp: IdentityProvider) -> None:
    """Login CSRF: an attacker's own answer is sent from a victim's browser."""
    attacker, victim = Client(), Client()
    question, relay = asks(attacker)
    asks(victim)
    values = {f"{EID}/privilegesIntermediate": privileges(IN_PPR)}
    answer = victim.post(
        "/log-ind/kombit/modtag", {"SAMLResponse": idp.response(question, values=values), "RelayState": relay}
    )
    assert answer.status_code == 302 and victim.get(answer.headers["Location"]).status_code == 403
    assert not LoginSession.objects.exists()


@pytest.mark.parametrize("shown", ["", "?svar=", "?svar=x"])
def test_a_question_that_somebody_else_was_led_to_answer(idp: IdentityProvider, shown: str) -> None:
    """An attacker begins, and sends the address of the identity provider to a victim, who is logged in there already or
    logs in. The answer is the victim's; the attacker's browser has not brought it, and is nobody."""
    attacker = Client()
    question, relay = asks(attacker)
    values = {f"{EID}/privilegesIntermediate": privileges(IN_PPR)}
    answers(idp.response(question, values=values), relay)
    assert attacker.get(f"/log-ind/som/{shown}").status_code == 403
    assert attacker.get("/arbejdsliste/").status_code == 302 and not LoginSession.objects.exists()
    event = Event.objects.filter(action="login").order_by("-id")[0]
    assert (event.allowed, event.reason) == (False, Reason.STALE)


def test_a_question_that_was_never_asked(idp: IdentityProvider) -> None:
    for relay in ("", "x", str(UUID(int=5))):
        assert answers(idp.response("_made_up"), relay).status_code == 403


def test_our_metadata(idp: IdentityProvider) -> None:
    answer = Client().get("/log-ind/kombit/metadata")
    assert answer.status_code == 200 and idp.consumer in answer.content.decode()
    # A file that is broken while we run is nobody's crash
    (idp.folder / "idp.xml").write_text("<EntityDescriptor")
    assert Client().get("/log-ind/kombit/metadata").status_code == 200
    begun = Client().get("/log-ind/kombit/start")
    assert begun.status_code == 403 and "Vi kan ikke få fat i det sted" in begun.content.decode()


# -- single log-out ----------------------------------------------------------------------------------------------------


def test_log_off_here_leads_to_the_identity_provider(idp: IdentityProvider) -> None:
    client = logs_in(idp, IN_PPR)
    page = client.post("/log-af/").content.decode()
    assert f"{ENTITY}/slo?SAMLRequest=" in page and client.get("/arbejdsliste/").status_code == 302


def test_log_off_at_the_identity_provider_ends_the_session_here(idp: IdentityProvider) -> None:
    client, other = logs_in(idp, IN_PPR), logs_in(idp, IN_PPR, session="_s2")
    untold = logs_in(idp, IN_PPR, session="_s3")
    LoginSession.objects.filter(id=UUID(untold.session[LOGIN])).update(session_index="")
    answer = Client().get(f"/log-ind/kombit/log-af?{idp.logout_query(f'urn:uuid:{KIM}')}")
    assert answer.headers["Location"].startswith(f"{ENTITY}/slo?SAMLResponse=")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert client.get("/arbejdsliste/").status_code == 302 and other.get("/arbejdsliste/").status_code == 200
    assert untold.get("/arbejdsliste/").status_code == 302, "its index was never told: it may be the one"
    event = Event.objects.filter(action="logout").order_by("-id")[0]
    assert event.reason == "logget af hos udbyderen" and event.detail["sessions"] == 2


def test_log_off_there_before_a_job_is_chosen_here(idp: IdentityProvider) -> None:
    client, address = arrives(idp, IN_PPR, IN_LTT)
    assert "Hvilken opgave?" in client.get(address).content.decode()
    assert Client().get(f"/log-ind/kombit/log-af?{idp.logout_query(f'urn:uuid:{KIM}')}").status_code == 302
    assert client.get(address).status_code == 403


def test_log_off_there_of_somebody_with_a_long_name(idp: IdentityProvider) -> None:
    """A persistent identifier has up to 256 characters (SAML Core § 8.3.7)."""
    name = f"urn:uuid:{KIM}/" + "x" * 200
    client = logs_in(idp, IN_PPR, values={PROFESSIONAL: f"urn:uuid:{KIM}"}, name=name)
    assert client.get("/arbejdsliste/").status_code == 200
    Client().get(f"/log-ind/kombit/log-af?{idp.logout_query(name)}")
    assert client.get("/arbejdsliste/").status_code == 302


def test_an_unsigned_log_off_ends_nothing(idp: IdentityProvider) -> None:
    client = logs_in(idp, IN_PPR)
    assert Client().get(f"/log-ind/kombit/log-af?{idp.logout_query(f'urn:uuid:{KIM}', sign=False)}").status_code == 403
    assert client.get("/arbejdsliste/").status_code == 200


def test_a_job_that_ends_in_the_middle_of_a_session(idp: IdentityProvider) -> None:
    client = logs_in(idp, IN_PPR)
    Role.objects.filter(code="psychologist").update(active=False)
    assert client.get("/arbejdsliste/").headers["Location"] == "/log-ind/"
