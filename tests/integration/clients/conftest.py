"""Alma, PPR and BUP, and a system of PPR's that fetches tokens as any other would."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client as Browser
from django.test import RequestFactory
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from barnetsbog.access.scopes import scope_for
from barnetsbog.audit.in_vain import InVain
from barnetsbog.audit.models import Event
from barnetsbog.clients import limits, protocol
from barnetsbog.clients.model import Client
from barnetsbog.clients.operations import New, register
from barnetsbog.directory.models import Role, Unit
from barnetsbog.exchange.fhir.callers import Caller, caller
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import begin_with, bundle, care, observation, patient, role, unit

BASE = "http://testserver"
TOKEN = f"{BASE}/oauth/token"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
EC_KEY, RSA_KEY = ECKey.generate_key("P-384", {"kid": "ec"}), RSAKey.generate_key(2048, {"kid": "rsa"})
READS = "system/*.rs"


def jwks(*keys: Any) -> str:
    return json.dumps(KeySet(list(keys)).as_dict(private=False))


def claims(ident: str = "ppr-system", **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {"iss": ident, "sub": ident, "aud": TOKEN, "iat": now, "exp": now + 240, "jti": str(uuid4())}
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def signed(said: dict[str, Any], key: Any = EC_KEY, **header: Any) -> str:
    alg = "ES384" if key.key_type == "EC" else "RS384"
    head = {"alg": alg, "typ": "JWT", "kid": key.kid, **header}
    return jwt.encode(
        {name: value for name, value in head.items() if value is not None}, said, key, algorithms=[head["alg"]]
    )


class World:
    """Kim works at PPR, which has a task with Alma; Noah is BUP's alone."""

    refresh = ""
    """The refresh token of the app that a test is about."""

    def __init__(self) -> None:
        begin_with(bundle(
            unit(), unit("bup", "bup"), *role(), *role("ida", "bup", "bup_clinician"), patient(), care(),
            patient("noah", number="1402149903"), care("n1", about="noah", unit_id="bup"), observation(),
            observation("o2", about="Patient/noah"),
        ))  # fmt: skip
        self.alma, self.noah = (
            Entry.objects.get(what="child", source_ref=f"Patient/{name}").child_id for name in ("alma", "noah")
        )
        self.kim = Role.objects.get(code="psychologist").id
        self.ppr = Unit.objects.get(name="Enhed ppr").id
        self.bup = Unit.objects.get(name="Enhed bup").id
        self.browser = Browser()

    def system(self, ident: str = "ppr-system", **changes: Any) -> Client:
        usual: dict[str, Any] = {"role": "system", "unit_id": self.ppr, "jwks": jwks(EC_KEY, RSA_KEY), "scopes": READS}
        return register(New(ident, "PPRs fagsystem", **{**usual, **changes}))

    def app(self, ident: str = "kurven", **changes: Any) -> Client:
        usual: dict[str, Any] = {
            "scopes": "user/*.rs patient/*.rs launch/patient online_access offline_access",
            "redirects": ("https://app.example/back",),
        }
        return register(New(ident, "Kurven", **{**usual, **changes}))

    def asks(self, assertion: str | None = None, **form: Any) -> Any:
        """The answer of the token endpoint."""
        usual = {
            "grant_type": "client_credentials", "scope": READS, "client_assertion_type": ASSERTION,
            "client_assertion": signed(claims()) if assertion is None else assertion,
        }  # fmt: skip
        sent = {name: value for name, value in {**usual, **form}.items() if value is not None}
        return self.browser.post("/oauth/token", sent)

    def token(self, ident: str = "ppr-system", **form: Any) -> str:
        answer = self.asks(signed(claims(ident)), **form)
        assert answer.status_code == 200, answer.content
        return str(answer.json()["access_token"])

    def scope(self) -> Scope:
        found = scope_for(self.kim, level=LoginLevel.SUBSTANTIAL)
        assert found
        return found


def calls(token: str, **headers: str) -> Caller:
    """What the FHIR interface is told of somebody with this token."""
    return caller(RequestFactory().get("/fhir/Patient", headers={"Authorization": f"Bearer {token}", **headers}))


def lines(action: str, **wanted: Any) -> list[Event]:
    """The oldest first; those of one millisecond in any order."""
    return list(Event.objects.filter(action=action, **wanted).order_by("id"))


@pytest.fixture
def world(database: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(protocol, "_refused", InVain())
    limits.forget()
    yield World()
    limits.forget()
