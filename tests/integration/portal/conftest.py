"""The demonstration, loaded once for all tests of the pages."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.directory.queries import child_by_number
from barnetsbog.portal.demo_login import people

ALMA, NOAH, IDA = "6705179902", "7402149903", "6202169914"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    from barnetsbog.demo.loading import load
    from barnetsbog.record import instance

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        instance.forget()
        load(instance.STORY_DAY, tell=lambda line: None)
        instance.forget()


@pytest.fixture
def as_person(db: None) -> Callable[[str], Client]:
    def sign_in(key: str) -> Client:
        client = Client()
        role = next(one for one in people() if one.key == key).role_id
        assert client.post("/log-ind/", {"role": str(role)}).status_code == 302
        return client

    return sign_in


@pytest.fixture
def child(db: None) -> Callable[[str], UUID]:
    def find(number: str) -> UUID:
        found = child_by_number(number)
        assert found
        return found

    return find
