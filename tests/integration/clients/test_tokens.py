"""A system fetches a token with a signed statement: what it gets, and every way to get one that must not work."""

import base64
import hmac
import json
import time
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from joserfc import jwt
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from barnetsbog.access.reading import open_book
from barnetsbog.clients import assertions, operations
from barnetsbog.clients.models import Issued, Registered, Seen
from barnetsbog.directory.models import Role
from barnetsbog.exchange.fhir.callers import Unauthorised, caller
from barnetsbog.record.entries import Filter
from barnetsbog.record.scope import LoginLevel
from tests.builders import care, send
from tests.conftest import BOTH_DATABASES

from .conftest import EC_KEY, READS, RSA_KEY, TOKEN, World, calls, claims, jwks, lines, signed

pytestmark = BOTH_DATABASES
ES384 = JWSRegistry.algorithms["ES384"]


def refused(answer: Any, error: str = "invalid_client") -> str:
    """The description of an OAuth error (RFC 6749 §5.2)."""
    assert answer.status_code == 400, answer.content
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["error"] == error
    assert not Issued.objects.exists()
    return str(answer.json().get("error_description", ""))


# -- what works --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [EC_KEY, RSA_KEY], ids=["ES384", "RS384"])
def test_a_system_gets_a_short_lived_token_and_acts_as_its_unit(world: World, key: Any) -> None:
    world.system()
    answer = world.asks(signed(claims(), key))
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert {**body, "access_token": ""} == {
        "access_token": "", "token_type": "Bearer", "expires_in": 300, "scope": READS,
    }  # fmt: skip
    who = calls(body["access_token"])
    assert (who.client.id, who.scope.unit_id, who.scope.role, who.scope.client) == (
        "ppr-system", world.ppr, "system", "ppr-system",
    )  # fmt: skip
    assert who.allowed.may("Observation", "r") and not who.allowed.may("Observation", "c")


def test_what_it_reads_is_what_its_unit_may_read_and_is_logged_with_the_client(world: World) -> None:
    world.system()
    who = calls(world.token())
    with open_book(who.scope, "timeline", world.alma) as book:
        assert book.entries(world.alma, Filter(on_timeline=False))
        assert book.children() == [world.alma]
    (line,) = lines("timeline")
    assert line.detail["client"] == "ppr-system" and line.person_id == who.scope.role_id


def test_a_system_is_not_shown_the_childs_confidential_talk_nor_drafts(world: World) -> None:
    world.system()
    scope = calls(world.token()).scope
    assert not any(scope.shelves >> number & 1 for number in range(64) if number % 8 in (3, 5))


def test_a_token_is_kept_as_a_digest_and_stands_in_no_log(world: World) -> None:
    world.system()
    token = world.token()
    assert token not in json.dumps([*Issued.objects.values_list("digest", "scopes")])
    assert token not in json.dumps([line.detail for line in lines("token")])
    (line,) = lines("token")
    assert line.allowed and line.detail["of"] == "ppr-system" and line.detail["scopes"] == READS


def test_scopes_are_narrowed_to_what_was_registered_and_said_so(world: World) -> None:
    world.system(scopes="system/Observation.rs system/Goal.cruds")
    assert world.asks(scope="system/*.read").json()["scope"] == "system/Observation.rs system/Goal.rs"


# -- attacks on the statement ------------------------------------------------------------------------------------------


def test_no_statement_at_all_is_refused(world: World) -> None:
    world.system()
    refused(world.asks("", client_assertion=None))
    refused(world.asks(client_assertion_type="urn:other"))
    refused(world.asks(client_assertion=None, client_id="ppr-system"))
    refused(world.asks(client_assertion=None, client_id="ppr-system", client_secret="guess"))


def test_a_statement_counts_once(world: World) -> None:
    world.system()
    said = signed(claims())
    assert world.asks(said).status_code == 200
    Issued.objects.all().delete()
    assert "used before" in refused(world.asks(said))
    again = signed(claims(jti=json.loads(base64.urlsafe_b64decode(said.split(".")[1] + "=="))["jti"]))
    assert "used before" in refused(world.asks(again))


def test_the_name_of_a_statement_is_its_clients_own(world: World) -> None:
    world.system()
    world.system("bup-system", unit_id=world.bup)
    assert world.asks(signed(claims(jti="1"))).status_code == 200
    assert world.asks(signed(claims("bup-system", jti="1"))).status_code == 200


def test_used_statements_are_forgotten_when_they_have_run_out(world: World) -> None:
    world.system()
    Seen.objects.create(digest="old", ends_at=1)
    world.token()
    assert Seen.objects.count() == 1 and not Seen.objects.filter(digest="old").exists()


class After(NamedTuple):
    """So many seconds from now."""

    seconds: float


@pytest.mark.parametrize("changes", [
    {"aud": "https://another.example/oauth/token"}, {"aud": None}, {"aud": f"{TOKEN}/"}, {"aud": ["https://another.example"]},
    {"exp": After(-40)}, {"exp": None}, {"exp": After(3600)}, {"exp": "soon"}, {"exp": After(60.5)},
    {"iat": After(120)}, {"nbf": After(120)}, {"jti": None}, {"jti": ""}, {"jti": 7}, {"jti": "x" * 300},
    {"iss": "bup-system"}, {"iss": None}, {"sub": None}, {"sub": 3}, {"sub": "nobody"}, {"sub": ["ppr-system"]},
], ids=str)  # fmt: skip
def test_a_claim_that_is_not_as_it_must_be_is_refused(world: World, changes: dict[str, Any]) -> None:
    """Audience, age, future, name: of somebody else, of another time, or of another type."""
    world.system()
    world.system("bup-system", unit_id=world.bup)
    now = int(time.time())
    said = {name: now + one.seconds if isinstance(one, After) else one for name, one in changes.items()}
    assert refused(world.asks(signed(claims(**said))))


def test_a_clock_may_be_a_little_wrong(world: World) -> None:
    world.system()
    now = int(time.time())
    assert world.asks(signed(claims(iat=now + 20, exp=now + 310))).status_code == 200
    assert world.asks(signed(claims(iat=now - 300, exp=now - 10))).status_code == 200


def encoded(said: bytes) -> str:
    return base64.urlsafe_b64encode(said).rstrip(b"=").decode()


def by_hand(header: dict[str, Any], said: dict[str, Any]) -> str:
    """What is signed, put together without a library that would refuse to."""
    return f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(said).encode())}"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", "ES384"])
def test_a_statement_without_a_signature_is_refused(world: World, alg: str) -> None:
    world.system()
    assert refused(world.asks(f"{by_hand({'alg': alg, 'kid': 'ec'}, claims())}."))


@pytest.mark.parametrize("alg", ["HS256", "HS384"])
def test_a_public_key_used_as_a_shared_secret_is_refused(world: World, alg: str) -> None:
    """Algorithm confusion: the public key is known to everybody, so a digest made with it proves nothing."""
    world.system()
    for secret in (RSA_KEY.as_pem(private=False), EC_KEY.as_pem(private=False), jwks(EC_KEY, RSA_KEY).encode()):
        said = by_hand({"alg": alg, "kid": "rsa"}, claims())
        sign = hmac.digest(secret, said.encode(), {"HS256": "sha256", "HS384": "sha384"}[alg])
        assert "RS384, ES384" in refused(world.asks(f"{said}.{encoded(sign)}"))


@pytest.mark.parametrize("alg", ["RS256", "PS384", "RS512"])
def test_other_algorithms_are_refused_although_the_key_is_the_clients(world: World, alg: str) -> None:
    world.system()
    assert "RS384, ES384" in refused(
        world.asks(jwt.encode({"alg": alg, "kid": "rsa"}, claims(), RSA_KEY, algorithms=[alg]))
    )


OTHER = ECKey.generate_key("P-384", {"kid": "ec"})


@pytest.mark.parametrize("header", [
    {"kid": None}, {"kid": ""}, {"kid": "unknown"}, {"kid": "rsa"}, {"kid": "../../etc/passwd"}, {"kid": "' OR 1=1 --\"\\"},
    {"kid": ["ec"]}, {"crit": ["exp"]},
], ids=str)  # fmt: skip
def test_a_key_that_is_not_named_or_not_the_clients_is_refused(world: World, header: dict[str, Any]) -> None:
    world.system()
    head = {name: value for name, value in {"alg": "ES384", "kid": "ec", **header}.items() if value is not None}
    said = by_hand(head, claims())
    sign = ES384.sign(said.encode(), EC_KEY)
    assert refused(world.asks(f"{said}.{encoded(sign)}"))


def test_somebody_elses_key_of_the_same_name_is_refused(world: World) -> None:
    world.system()
    world.system("bup-system", unit_id=world.bup, jwks=jwks(OTHER))
    assert refused(world.asks(signed(claims(), OTHER)))
    assert refused(world.asks(signed(claims("bup-system"), EC_KEY)))


def test_a_key_that_the_statement_brings_along_or_points_to_is_not_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`jwk`, `jku` and `x5u`: nothing is fetched from anywhere."""
    world.system()
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("something was fetched"))
    for header in (
        {"jwk": OTHER.as_dict(private=False)},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example"},
    ):
        said = by_hand({"alg": "ES384", "kid": "ec", **header}, claims())
        assert refused(world.asks(f"{said}.{encoded(ES384.sign(said.encode(), OTHER))}"))


def test_a_changed_claim_breaks_the_signature(world: World) -> None:
    world.system()
    world.system("bup-system", unit_id=world.bup, jwks=jwks(OTHER))
    head, _, sign = signed(claims()).split(".")
    body = signed(claims("bup-system")).split(".")[1]
    assert refused(world.asks(f"{head}.{body}.{sign}"))


DEEP = encoded(b"[" * 3000)
GOOD_HEADER = by_hand({"alg": "ES384", "kid": "ec"}, {}).split(".")[0]


@pytest.mark.parametrize("said", [
    "x", "..", "a.b.c", "a.b.c.d", "é.é.é", "x" * (assertions.LARGEST + 1), "{}", "%00", "a.b.c\n",
    f"{DEEP}.e30.e30", f"e30.{DEEP}.e30", f"{encoded(b'[]')}.e30.e30", "e30.W10.e30",
    f"{GOOD_HEADER}.{DEEP}.e30",
], ids=lambda one: one[:20])  # fmt: skip
def test_what_is_no_statement_is_refused_and_breaks_nothing(world: World, said: str) -> None:
    world.system()
    answer = world.asks(said)
    assert answer.status_code == 400 and answer.json()["error"] in ("invalid_client", "invalid_request")


def test_the_form_may_not_name_another_client_than_the_one_that_signed(world: World) -> None:
    world.system()
    world.system("bup-system", unit_id=world.bup, jwks=jwks(OTHER))
    assert refused(world.asks(client_id="bup-system"))


# -- attacks on the request --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "error"), [
    ({"grant_type": "password"}, "unsupported_grant_type"), ({"grant_type": None}, "unsupported_grant_type"),
    ({"grant_type": "authorization_code", "code": "x"}, "unauthorized_client"),
    ({"grant_type": "refresh_token", "refresh_token": "x"}, "unauthorized_client"),
    ({"scope": None}, "invalid_scope"), ({"scope": ""}, "invalid_scope"), ({"scope": "user/*.rs"}, "invalid_scope"),
    ({"scope": "system/Observation.cud"}, "invalid_scope"), ({"scope": "æøå"}, "invalid_request"),
    ({"scope": "system/*.rs " * 2000}, "invalid_request"), ({"scope": ["system/*.rs", "system/Goal.rs"]}, "invalid_request"),
], ids=str)  # fmt: skip
def test_a_request_that_makes_no_sense_is_a_clear_error(world: World, form: dict[str, Any], error: str) -> None:
    world.system()
    refused(world.asks(**form), error)


def test_only_a_form_is_read_and_never_the_address(world: World) -> None:
    world.system()
    assert world.browser.get(f"/oauth/token?client_assertion={signed(claims())}").status_code == 405
    answer = world.browser.post(f"/oauth/token?grant_type=client_credentials&client_assertion={signed(claims())}")
    refused(answer, "unsupported_grant_type")


def test_a_refusal_is_logged_without_what_was_sent(world: World) -> None:
    world.system()
    said = signed(claims(aud="https://another.example"))
    world.asks(said, client_id="ppr-system")
    (line,) = lines("token")
    assert not line.allowed and line.detail["error"] == "invalid_client" and line.detail["of"] == "ppr-system"
    assert said not in json.dumps(line.detail) + line.reason


def test_whoever_asks_in_vain_is_in_the_log_and_cannot_fill_it(world: World) -> None:
    world.system()
    for number in range(20):
        world.asks("x", client_id=f"nobody-{number}")
    assert [line.detail["times"] for line in lines("token")] == [*range(1, 11), 16]
    world.asks("x", client_id="ppr-system")
    assert lines("token")[-1].detail["times"] == 1


# -- attacks with a token ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "æ", "\x00", "a b", "eyJhbGciOiJub25lIn0.e30."])
def test_a_token_that_was_never_handed_out_is_refused(world: World, token: str) -> None:
    with pytest.raises(Unauthorised) as refusal:
        calls(token)
    assert refusal.value.challenge.startswith("Bearer")


def test_no_token_and_a_token_in_the_address_are_the_same_refusal(world: World) -> None:
    world.system()
    request = RequestFactory().get(f"/fhir/Patient?access_token={world.token()}")
    with pytest.raises(Unauthorised) as refusal:
        caller(request)
    assert refusal.value.challenge == "Bearer" and refusal.value.code == ""


def test_a_token_runs_out(world: World) -> None:
    world.system()
    token = world.token()
    Issued.objects.update(ends_at=1)
    with pytest.raises(Unauthorised):
        calls(token)


def test_a_code_or_a_refresh_token_is_no_access_token(world: World) -> None:
    world.system()
    token = world.token()
    for sort in ("code", "refresh"):
        Issued.objects.update(sort=sort)
        with pytest.raises(Unauthorised):
            calls(token)


# -- a lost right counts at once ---------------------------------------------------------------------------------------


def lost(world: World, what: str) -> None:
    if what == "client closed":
        operations.close("ppr-system")
    elif what == "client ended":
        Registered.objects.update(ends_at=1)
    elif what == "role ended":
        Role.objects.filter(code="system").update(active=False)
    elif what == "role moved by the directory":
        Role.objects.filter(code="system").update(unit_id=world.bup)
    elif what == "role widened by the directory":
        Role.objects.filter(code="system").update(code="master_data")
    elif what == "role made a human's":
        Role.objects.filter(code="system").update(code="caseworker")
    elif what == "level too low":
        Registered.objects.update(level=LoginLevel.LOW)


@pytest.mark.parametrize("what", [
    "client closed", "client ended", "role ended", "role moved by the directory", "role widened by the directory",
    "role made a human's", "level too low",
])  # fmt: skip
def test_a_lost_right_counts_at_once_and_no_new_token_is_given(world: World, what: str) -> None:
    world.system()
    token = world.token()
    calls(token)
    lost(world, what)
    with pytest.raises(Unauthorised):
        calls(token)
    answer = world.asks()
    assert answer.status_code == 400 and answer.json()["error"] == "invalid_client"


def test_narrower_scopes_count_at_once(world: World) -> None:
    world.system(scopes="system/*.cruds")
    token = world.token(scope="system/*.cruds")
    assert calls(token).allowed.may("Observation", "c")
    Registered.objects.update(scopes="system/Goal.r")
    may = calls(token).allowed.may
    assert may("Goal", "r") and not may("Goal", "c") and not may("Observation", "r")


def test_the_unit_loses_its_task_and_the_system_sees_nothing_more(world: World) -> None:
    world.system()
    token = world.token()
    send(care(end="2026-02-01"))
    with open_book(calls(token).scope, "work-list") as book:
        assert book.children() == []


def test_new_keys_take_the_place_of_the_old(world: World) -> None:
    world.system()
    operations.change_keys("ppr-system", jwks(OTHER))
    refused(world.asks(signed(claims(), EC_KEY)))
    assert world.asks(signed(claims(), OTHER)).status_code == 200


# -- ending and asking -------------------------------------------------------------------------------------------------


def proves(**form: Any) -> dict[str, Any]:
    return {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", **form}


def test_a_client_ends_its_own_token_and_nobody_elses(world: World) -> None:
    world.system()
    world.system("bup-system", unit_id=world.bup, jwks=jwks(OTHER))
    token = world.token()
    other = proves(client_assertion=signed(claims("bup-system"), OTHER), token=token)
    assert world.browser.post("/oauth/revoke", other).json()["error"] == "invalid_grant"
    calls(token)
    assert world.browser.post("/oauth/revoke", {"token": token}).json()["error"] == "invalid_client"
    assert (
        world.browser.post("/oauth/revoke", proves(client_assertion=signed(claims()), token=token)).status_code == 200
    )
    with pytest.raises(Unauthorised):
        calls(token)
    assert world.browser.post("/oauth/revoke", proves(client_assertion=signed(claims()), token="x")).status_code == 200


def test_a_client_asks_about_its_own_token_and_learns_nothing_of_others(world: World) -> None:
    world.system()
    world.system("bup-system", unit_id=world.bup, jwks=jwks(OTHER))
    token = world.token()

    def asks(key: Any, ident: str, about: str) -> Any:
        return world.browser.post(
            "/oauth/introspect", proves(client_assertion=signed(claims(ident), key), token=about)
        ).json()

    told = asks(EC_KEY, "ppr-system", token)
    assert told["active"] and told["scope"] == READS and told["client_id"] == "ppr-system"
    assert told["exp"] - told["iat"] == 300 and UUID(told["sub"])
    nothing = {"active": False}
    assert asks(OTHER, "bup-system", token) == asks(EC_KEY, "ppr-system", "x") == nothing
    operations.close("bup-system")
    Role.objects.filter(code="system").update(active=False)
    assert asks(EC_KEY, "ppr-system", token) == nothing


def test_what_a_client_must_know_to_begin(world: World) -> None:
    told = world.browser.get("/fhir/.well-known/smart-configuration").json()
    assert told["token_endpoint"] == TOKEN and told["code_challenge_methods_supported"] == ["S256"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == ["RS384", "ES384"]
    assert "permission-v2" in told["capabilities"]
    by = {
        one: world.browser.generic(one, "/fhir/.well-known/smart-configuration") for one in ("HEAD", "OPTIONS", "POST")
    }
    assert [one.status_code for one in by.values()] == [200, 204, 405]
    assert {by[one].headers["Allow"] for one in ("OPTIONS", "POST")} == {"GET, HEAD, OPTIONS"}


def test_from_a_token_to_a_scope_is_two_queries(world: World) -> None:
    """Every request pays for it: the token, and whether the directory is as it was when its role was read. The shares
    of the limits are taken once for many requests."""
    world.system()
    token = world.token()
    calls(token)
    with CaptureQueriesContext(connection) as asked:
        calls(token)
    assert len(asked) == 2
