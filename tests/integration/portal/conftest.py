"""The demonstration, loaded once for all tests of the pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.test import Client

from barnetsbog.directory.queries import child_by_number
from barnetsbog.portal.demo_login import people

ALMA, NOAH, IDA = "6705179902", "7402149903", "6202169914"


@pytest.fixture(scope="session")
def _demo_loaded(django_db_setup: None, django_db_blocker: Any) -> None:
    from barnetsbog.demo.loading import load
    from barnetsbog.record import instance

    with django_db_blocker.unblock(), _as_default("demo"):
        instance.forget()
        load(instance.STORY_DAY, tell=lambda line: None)
    instance.forget()


@pytest.fixture(autouse=True)
def demo(_demo_loaded: None, db: None) -> Iterator[None]:
    """The demonstration takes the place of the default database; what a test changes is rolled back."""
    with _as_default("demo"):
        yield


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
