"""The server leads a system past all that only pages need, and what is answered is the same."""

from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory

from barnetsbog.exchange import door
from tests.conftest import BOTH_DATABASES

from .conftest import JSON, World

pytestmark = BOTH_DATABASES


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test has one transaction, as Django's client knows; the server's connections are old sometimes."""
    monkeypatch.setattr(door, "close_old_connections", lambda: None)


def _pages(environ: dict[str, Any], start: Any) -> list[bytes]:
    return [b"a page"]


def _by_the_door(method: str, path: str, body: bytes, **headers: str) -> tuple[int, dict[str, str], bytes]:
    told: dict[str, Any] = {}

    def start(status: str, given: list[tuple[str, str]]) -> None:
        told.update(status=int(status[:3]), headers=dict(given))

    environ = RequestFactory().generic(method, path, body, JSON, headers=headers).environ
    content = b"".join(door.before(_pages)(environ, start))
    return told.get("status", 0), told.get("headers", {}), content


@pytest.mark.parametrize(
    ("method", "path", "who"),
    [
        ("GET", "Observation", "ppr"), ("GET", "Observation/o1", ""), ("GET", "Hvad/som", "ppr"), ("GET", "metadata", ""),
        ("DELETE", "metadata", ""), ("POST", "Observation", "ppr"), ("GET", "a%0Ab", "ppr"), ("GET", "", "ppr"),
        ("TRACE", "Observation", "ppr"), ("GET", "openapi.json", ""),
        ("GET", ".well-known/smart-configuration", ""),
    ],
)  # fmt: skip
def test_what_is_answered_is_the_same_by_both_ways(world: World, method: str, path: str, who: str) -> None:
    body = b"{}" if method == "POST" else b""
    sent = {"Authorization": f"Bearer {who}", "Origin": "https://evil.example"}
    usual = world.browser.generic(method, f"/fhir/{path}", body, JSON, headers=sent)
    status, headers, content = _by_the_door(method, f"/fhir/{path}", body, **sent)
    assert (status, headers, content) == (usual.status_code, dict(usual.headers), usual.content)
    assert headers["X-Content-Type-Options"] == "nosniff" and "Access-Control-Allow-Origin" not in headers


def test_pages_are_left_to_themselves() -> None:
    for path in ("/", "/fhir/docs/", "/fhirx", "/oauth/token"):
        assert _by_the_door("GET", path, b"")[2] == b"a page"


@pytest.mark.parametrize(
    ("https", "origin", "status"),
    [(True, "https://testserver", 302), (True, "http://testserver", 403), (True, "https://evil.example", 403),
     (False, "http://testserver", 302), (False, "https://testserver", 403)],
)  # fmt: skip
def test_a_form_is_taken_from_our_own_pages_alone_with_https_in_front_too(
    settings: Any, https: bool, origin: str, status: int
) -> None:
    """The server in front takes https, and speaks http with this one."""
    settings.HTTPS, told = https, []
    token = "a" * 32
    headers = {"Host": "testserver", "Origin": origin, "Cookie": f"{settings.CSRF_COOKIE_NAME}={token}"}
    sent = RequestFactory(headers=headers).post("/sprog/", {"csrfmiddlewaretoken": token, "language": "en"})
    door.before(get_wsgi_application())(sent.environ, lambda status, *_: told.append(status))
    assert told[0].startswith(str(status))
