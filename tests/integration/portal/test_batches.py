"""The pages of one letter to many children, without a browser."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.delivery.models import Outbox
from barnetsbog.directory.queries import all_children
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
ADDRESS = "/print/flere/L12/"
TYPED = {"hvad": '{{ x }} =HYPERLINK("a")', "bedt": "10. november 2026", "frist": "1. december 2026"}


def hidden(page: str) -> dict[str, list[str]]:
    """What a page sends on."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value.replace("&quot;", '"'))
    return found


def looks(client: Client, *children: UUID, **more: Any) -> Any:
    (mark,) = hidden(text(client, ADDRESS))["batch"]
    told = {**TYPED, "batch": mark, "audience": ["holder"], "child": [str(one) for one in children], "move": "look"}
    return client.post(ADDRESS, {**told, **more})


def test_a_batch_is_looked_through_sent_once_and_pressing_twice_sends_nothing_twice(
    as_person: SignIn, child: Find
) -> None:
    rikke = as_person("raadgiver")
    names = re.findall(r'name="child" value="([^"]+)"[^>]*>\s*<label[^>]*>([^<]+)', text(rikke, ADDRESS))
    assert "Freja Testrup" in [name for _, name in names]
    chosen = [UUID(ident) for ident, _ in names]
    before = Outbox.objects.count()
    seen = looks(rikke, *chosen).content.decode()
    assert "Intet er sendt endnu." in seen and "{{ x }} =HYPERLINK(&quot;a&quot;)" in seen
    assert "Barnets adresse er beskyttet, og barnet bor ikke hos modtageren." in seen
    assert Outbox.objects.count() == before
    carried = hidden(seen)
    first = rikke.post(ADDRESS, {**carried, "move": "send"}).content.decode()
    letters = Outbox.objects.count() - before
    assert letters > 1 and "Det var sendt i forvejen" not in first
    again = rikke.post(ADDRESS, {**carried, "move": "send"}).content.decode()
    assert Outbox.objects.count() == before + letters
    assert "Det var sendt i forvejen" in again or "Ikke sendt" in again


def test_what_was_typed_is_there_when_something_is_lacking_and_when_one_goes_back(
    as_person: SignIn, child: Find
) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    lacking = looks(kim, alma, frist="")
    assert lacking.status_code == 422 and "Udfyld feltet: Ny frist" in lacking.content.decode()
    assert looks(kim).status_code == 422
    seen = looks(kim, alma).content.decode()
    back = kim.post(ADDRESS, {**hidden(seen), "move": "back"})
    page = back.content.decode()
    assert back.status_code == 200 and "{{ x }} =HYPERLINK(&quot;a&quot;)" in page
    assert f'name="child" value="{alma}"' in page and page.count(" checked") == 2


def test_a_child_that_is_not_the_unit_s_and_one_that_is_not_there_are_the_same(as_person: SignIn) -> None:
    maja = as_person("laerer")
    mine = set(re.findall(r'name="child" value="([^"]+)"', text(maja, ADDRESS)))
    stranger = next(one for one in all_children() if str(one) not in mine)
    for one in (stranger, UUID(int=7)):
        answer = looks(maja, one)
        assert answer.status_code == 422 and "ikke en af de tilgængelige" in answer.content.decode()


def test_whoever_writes_no_letters_has_no_such_page(as_person: SignIn) -> None:
    for address in ("/print/flere/", ADDRESS):
        assert as_person("ppr-leder").get(address).status_code == 404
    kim = as_person("ppr-psykolog")
    for template in ("L2", "L29", "L99"):
        assert kim.get(f"/print/flere/{template}/").status_code == 404
    assert "Referat af netværksmøde" not in text(kim, "/print/flere/")
    assert kim.post(ADDRESS, {"move": "send", "approved": ["x", "=", "a=b"]}).status_code == 422
