"""The demonstration, loaded once for all tests of the pages."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.directory.queries import child_by_number
from barnetsbog.portal.demo_login import people
from tests.instances import demonstration

ALMA, NOAH, IDA = "6705179902", "7402149903", "6202169914"
EMIL, FREJA = "7104109909", "8209199904"


@pytest.fixture(scope="session")
def _demo_loaded(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), closing(sqlite3.connect(demonstration() / "bog.sqlite3")) as loaded:
        connections["demo"].ensure_connection()
        loaded.backup(connections["demo"].connection)


@pytest.fixture(autouse=True)
def demo(_demo_loaded: None, db: None) -> Iterator[None]:
    """The demonstration takes the place of the default database; what a test changes is rolled back."""
    with _as_default("demo"):
        yield


@pytest.fixture(autouse=True)
def _nothing_typed_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever a page says no, whatever the test is about, it has every word that was typed: in its form, or beside.
    What a script sends stands on its page still."""
    post = Client.post

    def posts(self: Client, path: str, data: Any = None, *rest: Any, **more: Any) -> HttpResponse:
        answer: HttpResponse = post(self, path, data, *rest, **more)
        if (
            answer.status_code >= 400
            and path != "/log-ind/gem/"
            and "html" in answer.get("Content-Type", "")
            and isinstance(data, dict)
        ):
            shown = " ".join(unescape(answer.content.decode()).split())
            texts = [one for value in data.values() for one in (value if isinstance(value, list) else [value])]
            lost = [one.replace("\0", "") for one in texts if isinstance(one, str) and len(one.split()) > 1]
            lost = [one for one in lost if " ".join(one.split()) not in shown]
            assert not lost, f"{path} answers {answer.status_code} and has lost what was typed: {lost}"
        return answer

    monkeypatch.setattr(Client, "post", posts)


@contextmanager
def _as_default(alias: str) -> Iterator[None]:
    kept = connections["default"]
    connections["default"] = connections[alias]
    try:
        yield
    finally:
        connections["default"] = kept


@pytest.fixture
def as_person() -> Callable[[str], Client]:
    def sign_in(key: str) -> Client:
        client = Client()
        role = next(one for one in people() if one.key == key).role_id
        assert client.post("/log-ind/", {"role": str(role)}).status_code == 302
        return client

    return sign_in


@pytest.fixture
def child() -> Callable[[str], UUID]:
    def find(number: str) -> UUID:
        found = child_by_number(number)
        assert found
        return found

    return find


@pytest.fixture
def relative(child: Callable[[str], UUID]) -> Callable[[str, str], Client]:
    """Somebody of a child's family, by name or by what they are ("child")."""

    def sign_in(number: str, name: str) -> Client:
        client, mine = Client(), child(number)
        person = next(p for p in everybody_with_rights() if p.child_id == mine and name in (p.name, p.what))
        given = {"person": str(person.person_id), "child": str(mine)}
        assert client.post("/log-ind/", given).status_code == 302
        return client

    return sign_in


def log_is_down() -> None:
    """Nothing can be written in the log any more."""
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE TRIGGER full_disk BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END")


def text(client: Client, address: str) -> str:
    """The main part of a page that is there."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode().partition("<main")[2].partition("</main>")[0])


REASON = "Emil er bevidstløs efter et fald"


def breaks(client: Client, number: str, reason: str = REASON, **more: str) -> Any:
    """Opens a book without consent."""
    return client.post("/nodadgang/", {"number": number, "reason": reason, **more})
