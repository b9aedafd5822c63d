"""A small app that somebody else has made: it asks to be let in, as SMART App Launch says, and shows what it was given.

It knows nothing of the product but its addresses, and keeps its user's tokens in its own memory.
"""

import base64
import json
import secrets
import threading
import urllib.error
import urllib.request
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

NAME = "Kurven"


class LittleApp(ThreadingHTTPServer):
    """`fhir` is set to the FHIR server that it connects to, before anybody opens it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.fhir = ""
        self.verifier, self.state = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
        self.given: dict[str, Any] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def back(self) -> str:
        return f"{self.address}/tilbage"

    def known(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.fhir}/.well-known/smart-configuration", timeout=10) as answer:
            return dict(json.load(answer))

    def asks(self) -> str:
        """Where the user's browser is sent."""
        challenge = base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        sent = {
            "response_type": "code", "client_id": "kurven", "redirect_uri": self.back, "state": self.state,
            "aud": self.fhir, "scope": "launch/patient patient/Goal.rs patient/Appointment.rs offline_access",
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{self.known()['authorization_endpoint']}?{urlencode(sent)}"

    def fetches(self, **form: str) -> bool:
        """A token, for a code or for a refresh token. False when the server says no."""
        body = urlencode({"client_id": "kurven", **form}).encode()
        try:
            with urllib.request.urlopen(self.known()["token_endpoint"], body, timeout=10) as answer:
                self.given = json.load(answer)
        except urllib.error.HTTPError:
            self.given = {}
        return bool(self.given)


class _Pages(BaseHTTPRequestHandler):
    server: LittleApp

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/start":
            self.send_response(302)
            self.send_header("Location", self.server.asks())
            self.end_headers()
            return
        told = {name: values[0] for name, values in parse_qs(asked.query).items()}
        self._page(
            {"/tilbage": self._back, "/igen": self._again}.get(asked.path, lambda _: "<a href=/start>Forbind</a>")(told)
        )

    def _back(self, told: dict[str, str]) -> str:
        app = self.server
        if told.get("state") != app.state or "code" not in told:
            return f"Ikke forbundet: {told.get('error', '?')}"
        form = {"code": told["code"], "redirect_uri": app.back, "code_verifier": app.verifier}
        return self._shown(app.fetches(grant_type="authorization_code", **form))

    def _again(self, told: dict[str, str]) -> str:
        return self._shown(
            self.server.fetches(grant_type="refresh_token", refresh_token=self.server.given["refresh_token"])
        )

    def _shown(self, connected: bool) -> str:
        return f"Forbundet: {self.server.given['scope']}" if connected else "Adgangen er slut"

    def _page(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><html lang=da><title>{NAME}</title><main>{text}</main>".encode())

    def log_message(self, *_: object) -> None:
        """It is quiet."""
