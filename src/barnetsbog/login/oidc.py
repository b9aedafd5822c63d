"""OpenID Connect Core 1.0: the authorization code flow with PKCE (RFC 7636), state and nonce, through Authlib.

What Authlib leaves to its user stands here: the issuer's metadata must be the issuer's own (OpenID Connect Discovery
1.0 § 4.3), its addresses safe, its signatures made with keys and not with shared secrets (RFC 8725 § 3.1), the answer
from the one that was asked (RFC 9207), and what the userinfo endpoint says about the same person (Core § 5.3.2).
"""

import json
import ssl
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2 as httpx
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from .files import LOCAL
from .model import LoginRefused, Oidc, Provider, Reason, Said

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SKEW = 120
"""Seconds that the provider's clock and ours may be apart."""
_TIMEOUT = 5.0
_LARGEST = 500_000
_METADATA_FOR = 3600
_LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_FOR = 600
"""Seconds in which a logout token is believed, and remembered, after it was made."""

Moment = float | tuple[str, float]


def begin(provider: Provider, callback: str, *, again: bool) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and what must be kept until it comes back. `again`: somebody logs in anew although the
    provider knows them, to be known more surely."""
    settings = _settings(provider)
    secrets = {name: generate_token(48) for name in ("state", "nonce", "verifier")}
    wish = {"acr_values": " ".join(settings.levels)} if settings.levels else {}
    wish |= {"prompt": "login"} if again else {}
    with _client(settings, callback) as client:
        address, _state = client.create_authorization_url(
            _metadata(settings)["authorization_endpoint"], state=secrets["state"], nonce=secrets["nonce"],
            code_verifier=secrets["verifier"], **wish,
        )  # fmt: skip
    return str(address), secrets


def answered(provider: Provider, callback: str, answer: dict[str, str], secrets: dict[str, str]) -> Said:
    """What the provider says about whoever came back with `answer`. `LoginRefused` when it is not to be believed."""
    settings = _settings(provider)
    if answer.get("state") != secrets["state"]:
        raise LoginRefused(Reason.STALE, "state")
    says_who = _metadata(settings).get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", "" if says_who else settings.issuer).rstrip("/") != settings.issuer:
        raise LoginRefused(Reason.INVALID, "iss")
    if "error" in answer:
        cancelled = answer["error"] in ("access_denied", "login_required", "interaction_required")
        raise LoginRefused(Reason.CANCELLED if cancelled else Reason.INVALID, answer["error"][:40])
    if not answer.get("code"):
        raise LoginRefused(Reason.INVALID, "no code")
    try:
        return _said(provider, settings, callback, answer["code"], secrets)
    except httpx.HTTPError:
        raise LoginRefused(Reason.UNREACHABLE, "token") from None
    except (AuthlibBaseError, JoseError) as error:
        raise LoginRefused(Reason.INVALID, str(getattr(error, "error", type(error).__name__))[:60]) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LoginRefused(Reason.INVALID, "unreadable") from None


def logout_address(provider: Provider, back: str) -> str | None:
    """Where to log out at the provider too (RP-Initiated Logout 1.0); None when it has no such place."""
    settings = _settings(provider)
    found = _metadata(settings).get("end_session_endpoint")
    if not found:
        return None
    return str(httpx.URL(found, params={"client_id": settings.client_id, "post_logout_redirect_uri": back}))


def check(provider: Provider) -> None:
    """Whether what stands in a file about the issuer can be used. `LoginRefused` with a code when it can't."""
    settings = _settings(provider)
    if settings.metadata:
        _metadata(settings)


class LogoutAsked(NamedTuple):
    """An issuer says that somebody has logged out: of one session (`session`), or of all of theirs when it is empty.
    `token` names this saying, which is not believed a second time; `until`: when it is too old anyway, in seconds."""

    subject: str
    session: str
    token: str
    until: int


def logout_asked(provider: Provider, text: str) -> LogoutAsked:
    """What a logout token says (Back-Channel Logout 1.0 § 2.4, 2.6): signed by the issuer, for us, now, about somebody,
    and nothing that could be an ID token. `LoginRefused` when it is not to be believed."""
    settings = _settings(provider)
    try:
        token = _read(text, _metadata(settings)["jwks_uri"], _minute())
        return _logout(settings, token.header, token.claims)
    except JoseError as error:
        raise LoginRefused(Reason.INVALID, f"logout {getattr(error, 'error', type(error).__name__)}"[:60]) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LoginRefused(Reason.INVALID, "logout unreadable") from None


def _logout(settings: Oidc, header: dict[str, Any], claims: dict[str, Any]) -> LogoutAsked:
    at, events = int(time.time()), claims.get("events")
    audience = claims.get("aud")
    subject, session = claims.get("sub", ""), claims.get("sid", "")
    issued, until = int(claims["iat"]), int(claims["iat"]) + _LOGOUT_FOR
    faults = {
        "typ": str(header.get("typ", "jwt")).lower() not in ("jwt", "logout+jwt"),
        "iss": str(claims.get("iss", "")).rstrip("/") != settings.issuer,
        "aud": settings.client_id not in (audience if isinstance(audience, list) else [audience]),
        "iat": not issued - SKEW <= at <= until,
        "exp": "exp" in claims and int(claims["exp"]) < at - SKEW,
        "events": not isinstance(events, dict) or not isinstance(events.get(_LOGGED_OUT), dict),
        "nonce": "nonce" in claims,
        "jti": not isinstance(claims.get("jti"), str) or not claims["jti"],
        "sub": not all(isinstance(one, str) for one in (subject, session)) or not (subject or session),
    }  # fmt: skip
    if wrong := next((name for name, is_wrong in faults.items() if is_wrong), ""):
        raise LoginRefused(Reason.INVALID, f"logout {wrong}")
    return LogoutAsked(subject, session, claims["jti"], until)


def _settings(provider: Provider) -> Oidc:
    assert isinstance(provider.protocol, Oidc)
    return provider.protocol


@cache
def _trust() -> ssl.SSLContext:
    """Reading the system's certificates takes longer than all the rest of a log-in."""
    return httpx.create_ssl_context()


def _client(settings: Oidc, callback: str) -> OAuth2Client:
    return OAuth2Client(
        client_id=settings.client_id, client_secret=settings.secret, redirect_uri=callback,
        scope=" ".join(settings.scopes), code_challenge_method="S256", timeout=_TIMEOUT, follow_redirects=False,
        verify=_trust(), token_endpoint_auth_method="client_secret_basic",  # noqa: S106
    )  # fmt: skip


def _said(provider: Provider, settings: Oidc, callback: str, code: str, secrets: dict[str, str]) -> Said:
    metadata = _metadata(settings)
    with _client(settings, callback) as client:
        token = client.fetch_token(
            metadata["token_endpoint"], code=code, code_verifier=secrets["verifier"], grant_type="authorization_code"
        )
        claims = dict(_claims(settings, metadata, token, secrets["nonce"]))
        if settings.userinfo:
            more = client.get(metadata["userinfo_endpoint"]).raise_for_status().json()
            if more.get("sub") != claims["sub"]:
                raise LoginRefused(Reason.INVALID, "userinfo sub")
            claims = {**more, **claims}
    claims.setdefault(provider.claims.level, claims.get("acr", ""))
    values = {name: value for name, value in claims.items() if isinstance(value, str)}
    return Said(str(claims["sub"]), values, values.get("sid", ""))


def _claims(settings: Oidc, metadata: dict[str, Any], token: dict[str, Any], nonce: str) -> CodeIDToken:
    """The claims of an ID token signed by the issuer, for us, now, in answer to this question (Core § 3.1.3.7)."""
    read = _read(token["id_token"], metadata["jwks_uri"], time.monotonic())
    claims = CodeIDToken(
        read.claims, read.header, {"iss": {"values": [metadata["issuer"]]}, "aud": {"value": settings.client_id}},
        {"nonce": nonce, "client_id": settings.client_id, "access_token": token.get("access_token")},
    )  # fmt: skip
    claims.validate(leeway=SKEW)
    return claims


def _read(text: str, keys_at: str, moment: Moment) -> jwt.Token:
    """`moment`: when the issuer's keys are asked for anew, where those that are kept don't fit."""
    try:
        return _decoded(text, _fetched(keys_at, _hour()))
    except (InvalidKeyIdError, BadSignatureError):  # perhaps the issuer has new keys
        return _decoded(text, _fetched(keys_at, moment))


def _decoded(text: str, keys: Any) -> jwt.Token:
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    return jwt.decode(text, key=KeySet.import_key_set(keys), registry=registry)


# -- the issuer's own papers -------------------------------------------------------------------------------------------


def _metadata(settings: Oidc) -> dict[str, Any]:
    """From the file, or fetched and kept for an hour."""
    if settings.metadata:
        found = _in_file(settings.metadata)
    else:
        found = _fetched(f"{settings.issuer}/.well-known/openid-configuration", _hour())
    if str(found.get("issuer", "")).rstrip("/") != settings.issuer:
        raise LoginRefused(Reason.INVALID, "metadata issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not _is_safe(str(found.get(name, ""))):
            raise LoginRefused(Reason.INVALID, f"metadata {name}")
    return found


def _in_file(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise LoginRefused(Reason.INVALID, "metadata unreadable") from None
    if not isinstance(found, dict):
        raise LoginRefused(Reason.INVALID, "metadata unreadable")
    return found


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def _hour() -> float:
    return time.monotonic() // _METADATA_FOR


def _minute() -> Moment:
    """Anybody can send a logout token with a strange key: that must not have us ask the issuer each time."""
    return "minute", time.monotonic() // 60


@lru_cache(maxsize=32)
def _fetched(address: str, moment: Moment) -> dict[str, Any]:
    """A document of the issuer's, kept for each `moment` that is asked about. No redirects: it is fetched where the
    setup says and nowhere else."""
    try:
        answer = httpx.get(address, timeout=_TIMEOUT, follow_redirects=False, verify=_trust()).raise_for_status()
        if len(answer.content) > _LARGEST:
            raise LoginRefused(Reason.UNREACHABLE, "too large")
        found: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError):
        raise LoginRefused(Reason.UNREACHABLE, urlsplit(address).path[:60]) from None
    if not isinstance(found, dict):
        raise LoginRefused(Reason.INVALID, "no object")
    return found
