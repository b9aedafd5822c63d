"""The log as the pages meet it: what they write in it, and what they show when they can't."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from barnetsbog.audit.models import Event
from tests.integration.portal.conftest import ALMA, log_is_down

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]


@pytest.fixture
def child_and_reader(as_person: SignIn, child: Find) -> tuple[UUID, Client]:
    return child(ALMA), as_person("ppr-psykolog")


@pytest.mark.parametrize("address", ["/barn/{}/", "/barn/{}/tidslinje/", "/arbejdsliste/"])
def test_what_cannot_be_logged_is_not_shown(child_and_reader: tuple[UUID, Client], address: str) -> None:
    alma, client = child_and_reader
    page = address.format(alma)
    shown = client.get(page)
    assert shown.status_code == 200 and "Alma" in shown.content.decode()
    log_is_down()
    refused = client.get(page)
    text = refused.content.decode()
    assert refused.status_code == 503
    assert "Opslaget kan ikke logges, og derfor kan det ikke vises" in text
    assert "Alma" not in text and "Prøvegaard" not in text


def test_nor_found(child_and_reader: tuple[UUID, Client]) -> None:
    _, client = child_and_reader
    given: dict[str, Any] = {"number": ALMA, "reason": "task"}
    assert "Alma" in client.post("/find/", given).content.decode()
    log_is_down()
    refused = client.post("/find/", given)
    assert refused.status_code == 503 and "Alma" not in refused.content.decode()


def test_nor_signed_in(as_person: SignIn) -> None:
    from barnetsbog.portal.demo_login import people

    role = people()[0].role_id
    log_is_down()
    client = Client()
    assert client.post("/log-ind/", {"role": str(role)}).status_code == 503
    assert client.get("/arbejdsliste/").status_code == 302


def test_the_same_refusal_for_a_child_that_does_not_exist(child_and_reader: tuple[UUID, Client]) -> None:
    alma, client = child_and_reader
    log_is_down()
    assert client.get(f"/barn/{alma}/").status_code == client.get(f"/barn/{uuid4()}/").status_code == 503


@pytest.mark.parametrize(
    ("role", "reason"), [("00000000-0000-7000-8000-000000000000", "rollen må ikke handle"), ("kim", "ingen rolle")]
)
def test_a_log_in_that_fails_is_logged(demo: None, role: str, reason: str) -> None:
    assert Client().post("/log-ind/", {"role": role}).status_code == 404
    event = Event.objects.filter(action="login").order_by("-id").first()
    assert event and (event.allowed, event.reason, event.person_id) == (False, reason, None)
