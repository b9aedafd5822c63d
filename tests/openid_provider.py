"""A real OpenID provider on this machine (oidc-provider-mock), one for a process of tests: asks for PKCE too, which the
package itself does not, and remembers what it was asked."""

import hashlib
import logging
import os
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
from authlib.oidc.core.grants import code as granting
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider_mock import User, _app, app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider is on this machine
os.environ["BOG_TEST_SECRET"] = "hemmelig"
PEOPLE = {
    "sara": {"cpr": "810388-9902", "loa": "https://data.gov.dk/concept/core/nsis/Substantial"},
    "jonas": {"cpr": "7411859903", "loa": "Substantial"},
    "tanja": {"cpr": "700690-9904", "loa": "High"},
    "fremmed": {"cpr": "611270-9901", "loa": "Substantial"},
    "lav": {"cpr": "810388-9902", "loa": "Low"},
    "uden-niveau": {"cpr": "810388-9902"},
    "alma": {"cpr": "670517-9902", "loa": "Substantial"},
    "rigtig": {"cpr": "0101801234", "loa": "High"},
    "loegner": {
        "cpr": "611270-9901", "loa": "High", "children": ["6705179902"], "custody": "6705179902", "role": "holder",
    },
}  # fmt: skip


@dataclass
class OpenIdProvider:
    address: str
    asked: list[dict[str, str]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    storage: _app.Storage = field(default_factory=_app.Storage)
    _http: httpx.Client = field(default_factory=httpx.Client)

    def setup(self, address: str, **more: str) -> str:
        """The text of a `login.toml` with this provider in it."""
        rest = "".join(f"{name} = {value}\n" for name, value in more.items())
        return f"""
address = "{address}"
[[provider]]
id = "mitid"
name = "MitID"
for = "citizens"
protocol = "oidc"
issuer = "{self.address}"
client-id = "bog"
secret-env = "BOG_TEST_SECRET"
{rest}"""

    def logs_in(self, address: str, sub: str) -> str:
        """Presses a name on the provider's page; where the browser is sent back to."""
        answer = self._http.post(address, data={"sub": sub, "action": "authorize"})
        assert answer.status_code == 302, answer.text
        return str(answer.headers["Location"])

    def calls_the_session(self, sub: str, sid: str) -> None:
        """What it calls the sessions that somebody begins from now on."""
        claims = dict(PEOPLE[sub]) | ({"sid": sid} if sid else {})
        self.storage.store_user(User(sub=sub, claims=claims))

    def logout_token(self, key: RSAKey | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """As the provider makes it, with these claims instead; one that is None is left out."""
        mine = _signing(self.storage.jwk.as_dict(is_private=True))
        said = {
            "iss": self.address, "aud": "bog", "iat": int(time.time()), "exp": int(time.time()) + 120,
            "jti": secrets.token_urlsafe(), "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        } | claims  # fmt: skip
        head = {"alg": "RS256", "kid": mine.kid, "typ": "logout+jwt"} | (header or {})
        return jwt.encode(head, {name: one for name, one in said.items() if one is not None}, key or mine)

    def stops(self, address: str) -> str:
        """The state comes back too (RFC 6749 § 4.1.2.1); the package leaves it out."""
        answer = self._http.post(address, data={"action": "deny"})
        return f"{answer.headers['Location']}&state={parse_qs(urlsplit(address).query)['state'][0]}"


_KEYS: dict[str, RSAKey] = {}


def _signing(told: dict[str, Any]) -> RSAKey:
    """A key by its thumbprint. To read one is to prove its primes, a tenth of a second; the package does for each token."""
    if told["kid"] not in _KEYS:
        _KEYS[told["kid"]] = RSAKey.import_key(told)
    return _KEYS[told["kid"]]


@contextmanager
def running() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider("")
    with patch.object(_app, "Storage", lambda: provider.storage):
        inner = app(require_nonce=True, user_claims=[User(sub=sub, claims=dict(said)) for sub, said in PEOPLE.items()])
    inner.debug = False

    def asking_for_pkce(environ: dict[str, Any], start: Any) -> Any:
        request = Request(environ)
        if request.path == "/oauth2/authorize" and request.method == "POST":
            asked = {name: value[0] for name, value in parse_qs(urlsplit(request.url).query).items()}
            if asked.get("code_challenge_method") != "S256" or len(asked.get("state", "")) < 32:
                return Response("PKCE and state, please", 400)(environ, start)
            provider.asked.append(asked)
            said: list[str] = []

            def begun(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
                said.extend(value for name, value in headers if name == "Location")
                return start(status, headers, *rest)

            answer = list(inner.wsgi_app(environ, begun))
            if said and (code := parse_qs(urlsplit(said[0]).query).get("code")):
                provider.challenges[code[0]] = asked["code_challenge"]
            return answer
        if request.path == "/oauth2/token":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            form = {name: value[0] for name, value in parse_qs(body.decode()).items()}
            environ["wsgi.input"] = BytesIO(body)
            proof = (
                urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
            )
            if provider.challenges.pop(form.get("code", ""), None) != proof:
                return Response('{"error": "invalid_grant"}', 400, content_type="application/json")(environ, start)
        return inner.wsgi_app(environ, start)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, asking_for_pkce, threaded=True)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with patch.object(granting, "import_any_key", _signing):
            yield provider
    finally:
        server.shutdown()
