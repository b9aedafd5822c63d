"""ID tokens that are not to be believed, and an issuer's papers that are not its own (OpenID Connect Core § 3.1.3.7)."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from barnetsbog.login import oidc, setup
from barnetsbog.login.files import LoginFileError
from barnetsbog.login.model import Audience, ClaimNames, LoginRefused, Oidc, Provider, Reason, Setup

ISSUER = "https://op.example"
KEY, OTHER = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
NONCE = "n" * 40


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    papers = {
        "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t", "jwks_uri": f"{ISSUER}/k",
        "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
    }  # fmt: skip
    (tmp_path / "op.json").write_text(json.dumps(papers))
    settings = Oidc(ISSUER, "bog", "secret", tmp_path / "op.json", ("openid",), (), False)
    return Provider("mitid", "MitID", "MitID", Audience.CITIZENS, ClaimNames("cpr", "u", "p", "b", "loa"), settings)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(oidc, "_fetched", lambda address, moment: {"keys": [KEY.as_dict(private=False)]})
    yield


def token(key: Any = KEY, alg: str = "RS256", **more: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": "s",
        "aud": "bog",
        "iat": now,
        "exp": now + 300,
        "nonce": NONCE,
        "cpr": "8103889902",
    }
    kept = {name: value for name, value in {**claims, **more}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "1"}, kept, key, algorithms=[alg])


def believed(provider: Provider, text: str, monkeypatch: pytest.MonkeyPatch, **secrets: str) -> Any:
    """As if the token endpoint had answered with it."""

    def answer(*_: Any, **__: Any) -> dict[str, str]:
        return {"access_token": "a", "token_type": "Bearer", "id_token": text}

    monkeypatch.setattr(oidc.OAuth2Client, "fetch_token", answer)
    kept = {"state": "s" * 40, "nonce": NONCE, "verifier": "v", **secrets}
    return oidc.answered(provider, "http://127.0.0.1/x", {"state": "s" * 40, "code": "c"}, kept)


def test_a_good_token(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    said = believed(provider, token(acr="Substantial"), monkeypatch)
    assert (said.subject, said.values["cpr"], said.values["loa"]) == ("s", "8103889902", "Substantial")


@pytest.mark.parametrize(
    "odd",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": ["bog", "another"]}, {"aud": None},
        {"iss": "https://another.example"}, {"iss": None}, {"sub": None}, {"exp": 1}, {"exp": None}, {"iat": None},
        {"azp": "another"}, {"exp": int(time.time()) - 600}, {"nbf": int(time.time()) + 3600}, {"iat": int(time.time()) + 3600},
        {"at_hash": "x"},
    ],
    ids=lambda odd: "-".join(f"{name}-{'without' if value is None else 'odd'}" for name, value in odd.items()),
)  # fmt: skip
def test_a_token_that_is_not_for_us_now(
    provider: Provider, odd: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LoginRefused) as caught:
        believed(provider, token(**odd), monkeypatch)
    assert caught.value.reason is Reason.INVALID


def _unsigned() -> str:
    return f"eyJhbGciOiJub25lIn0.{token().split('.')[1]}."


@pytest.mark.parametrize("way", ["another key", "none", "shared secret", "altered", "cut off", "nothing"])
def test_a_token_that_the_issuer_has_not_signed(provider: Provider, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head, body, signature = token().split(".")
    text = {
        "another key": lambda: token(OTHER),
        "none": _unsigned,
        "shared secret": lambda: token(OctKey.import_key("secret" * 8), "HS256"),
        "altered": lambda: f"{head}.{token(sub='t').split('.')[1]}.{signature}",
        "cut off": lambda: f"{head}.{body}",
        "nothing": lambda: "",
    }[way]()
    with pytest.raises(LoginRefused) as caught:
        believed(provider, text, monkeypatch)
    assert caught.value.reason is Reason.INVALID


def test_a_clock_that_is_a_little_wrong(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    assert believed(provider, token(exp=int(time.time()) - 60), monkeypatch).subject == "s"


@pytest.mark.parametrize("answer", [
    {"state": "another", "code": "c"}, {"code": "c"}, {"state": "s"}, {"state": "s", "error": "server_error"},
    {"state": "s", "code": "c", "iss": "https://another.example"},
])  # fmt: skip
def test_an_answer_that_is_not_ours(provider: Provider, answer: dict[str, str]) -> None:
    """RFC 9207: an answer from another issuer than the one that was asked is a mix-up."""
    with pytest.raises(LoginRefused):
        oidc.answered(provider, "x", answer, {"state": "s", "nonce": "n", "verifier": "v"})


def test_an_answer_that_does_not_say_whose_it_is_though_the_issuer_always_says_so(provider: Provider) -> None:
    """RFC 9207 § 2.4."""
    assert isinstance(provider.protocol, Oidc) and provider.protocol.metadata
    papers = json.loads(provider.protocol.metadata.read_text())
    papers["authorization_response_iss_parameter_supported"] = True
    provider.protocol.metadata.write_text(json.dumps(papers))
    for said, why in ({}, "iss"), ({"iss": ISSUER}, "no code"):
        with pytest.raises(LoginRefused) as caught:
            oidc.answered(provider, "x", {"state": "s", **said}, {"state": "s", "nonce": "n", "verifier": "v"})
        assert caught.value.detail == why


@pytest.mark.parametrize(("name", "value"), [
    ("issuer", "https://another.example"), ("token_endpoint", "http://op.example/t"), ("jwks_uri", "file:///etc/passwd"),
    ("authorization_endpoint", "javascript:alert(1)"), ("jwks_uri", None),
])  # fmt: skip
def test_papers_that_are_not_the_issuers(provider: Provider, name: str, value: str | None) -> None:
    assert isinstance(provider.protocol, Oidc) and provider.protocol.metadata
    papers = json.loads(provider.protocol.metadata.read_text())
    papers[name] = value
    provider.protocol.metadata.write_text(json.dumps(papers))
    with pytest.raises(LoginRefused) as caught:
        oidc.begin(provider, "http://127.0.0.1/x", again=False)
    assert caught.value.reason is Reason.INVALID


@pytest.mark.parametrize("text", ["", "{", "[]", '{"issuer": "https://another.example"}'])
def test_papers_that_can_not_be_read_stop_the_start(
    provider: Provider, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(provider.protocol, Oidc) and provider.protocol.metadata
    monkeypatch.setattr(setup, "setup", lambda: Setup("http://127.0.0.1", (provider,)))
    setup.check()
    provider.protocol.metadata.write_text(text)
    with pytest.raises(LoginFileError, match="provider mitid: kan ikke bruges: metadata"):
        setup.check()
