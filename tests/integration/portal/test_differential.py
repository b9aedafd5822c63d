"""What is hidden changes nothing: not a byte, a header, a count, a link or an order, on any page of an unentitled viewer.

A viewer walks the site; then things that this viewer must not see are put into the books they can open (and into books
they can't), of every kind, lane and class; then the same addresses are asked for again. Each look is undone, so that
looking leaves no trace that the next look could show.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from barnetsbog.access.people import Relative, everybody_with_rights
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.directory.queries import all_children, children
from barnetsbog.kernel.time import COPENHAGEN
from barnetsbog.portal.demo_login import KEYS, people
from barnetsbog.record import instance
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.integration.portal.crawling import Page, as_relative, crawl, get
from tests.integration.portal.planting import Eyes, Make, Planted, everything, plant

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SUBSTANTIAL = LoginLevel.SUBSTANTIAL
PAGES = 14


@pytest.fixture(autouse=True)
def _the_clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages tell the minute they are asked for; here that is the same one."""
    present = datetime.now(COPENHAGEN)

    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return present

    monkeypatch.setattr(instance, "datetime", Still)


def _look(client: Client, addresses: Iterable[str]) -> list[Page]:
    with transaction.atomic():
        found = [get(client, address) for address in addresses]
        transaction.set_rollback(True)
    return found


def _walk(client: Client, start: Iterable[str]) -> list[Page]:
    with transaction.atomic():
        found = list(crawl(client, start, most=PAGES, alike=2))
        transaction.set_rollback(True)
    return found


def _hidden(scope: Scope, books: list[UUID]) -> dict[UUID, list[Make]]:
    """For each book, the sorts of which one planted there is hidden from this viewer."""
    with transaction.atomic():
        makes = everything()
        planted = sorted(plant(books, makes, start=50_000), key=lambda one: one.number)
        eyes = Eyes(scope)
        transaction.set_rollback(True)
    found: dict[UUID, list[Make]] = {book: [] for book in books}
    for one in planted:
        if not _sees(eyes, one):
            found[one.child].append(makes[(one.number - 50_001) % len(makes)])
    return found


def _sees(eyes: Eyes, one: Planted) -> bool:
    return bool(eyes.level(one.child, one.id, one.shelf, one.unit, one.lane))


def _nothing_changes(client: Client, scope: Scope, start: list[str], books: list[UUID]) -> int:
    """How many things were hidden, when not a byte has changed."""
    before = _walk(client, start)
    with transaction.atomic():
        number, shut = 0, list[Planted]()
        for book, makes in _hidden(scope, books).items():
            shut += plant([book], makes, start=number)
            number += len(makes)
        assert not [one for one in shut if _sees(Eyes(scope), one)]
        after = _look(client, [page.address for page in before])
        transaction.set_rollback(True)
    for then, now in zip(before, after, strict=True):
        assert (now.status, now.headers) == (then.status, then.headers), then.address
        assert now.text == then.text, then.address
    return len(shut)


COUNTS = "analytiker"
"""Whose numbers count what is in books that stay closed. That they tell of nobody is tested with the measures."""


@pytest.mark.parametrize("key", [key for key in KEYS if key != COUNTS])
def test_what_a_professional_must_not_see_changes_nothing(as_person: Callable[[str], Client], key: str) -> None:
    who = next(one for one in people() if one.key == key)
    scope = scope_for(who.role_id, level=SUBSTANTIAL)
    assert scope
    eyes = Eyes(scope)
    known = [child for child in sorted(all_children()) if eyes.knows(child)]
    strange = [child for child in sorted(all_children()) if not eyes.knows(child)]
    start = [f"/barn/{child}/{page}" for child in known[:1] for page in ("", "tidslinje/?alle=1", "tidslinje/?vis=uge")]
    books = [*known[:1], *strange[:1]]
    assert _nothing_changes(as_person(key), scope, [*start, "/"], books) > 5 * len(books)


def _relatives() -> list[Relative]:
    """The family of a child whose address is protected, of a placed child, and of one with two homes."""
    wanted = {"Freja", "Liva", "Alma"}
    names = children(all_children())
    return sorted(one for one in everybody_with_rights() if names[one.child_id].given in wanted)


def test_nor_what_a_relative_must_not_see() -> None:
    found = _relatives()
    assert len(found) > 5
    for relative in found:
        scope = scope_for_person(relative.person_id, relative.child_id, level=SUBSTANTIAL)
        assert scope
        assert _nothing_changes(as_relative(relative), scope, ["/familie/"], [relative.child_id]) >= 4


def test_it_would_be_noticed(as_person: Callable[[str], Client]) -> None:
    """The test of the test: something that may be seen does change the pages."""
    client = as_person("ppr-psykolog")
    scope = scope_for(next(one.role_id for one in people() if one.key == "ppr-psykolog"), level=SUBSTANTIAL)
    assert scope
    child = next(child for child in sorted(all_children()) if Eyes(scope).knows(child))
    addresses = [f"/barn/{child}/tidslinje/?alle=1"]
    before = _look(client, addresses)
    (one,) = plant([child], everything(["kim"])[:1])
    assert _sees(Eyes(scope), one) and _look(client, addresses) != before
    assert Entry.objects.filter(id=one.id).exists()
