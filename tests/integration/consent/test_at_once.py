"""Two things that rights follow from in the same second: both are kept, and the rights follow from both."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import UUID

import pytest

from barnetsbog.access import operations as access
from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import Told, facts_of
from barnetsbog.access.rebuilding import differing
from barnetsbog.consent import operations
from barnetsbog.consent.answering import Yes
from tests.at_once import ON_POSTGRESQL, at_once
from tests.builders import send
from tests.conftest import on_postgresql
from tests.integration.consent.conftest import Clock, Family, holder

pytestmark = ON_POSTGRESQL


@pytest.fixture
def family(clock: Clock) -> Iterator[Family]:
    """On PostgreSQL, where two can write at once."""
    with on_postgresql():
        yield Family()


def _yes(family: Family, name: str, ident: UUID) -> Callable[[], None]:
    scope = family.person(name)
    return lambda: operations.answer(by=scope, child_id=family.child, ident=ident, yes=Yes(), version=1)


def test_two_parents_in_the_same_second_are_both_kept(family: Family) -> None:
    asked = family.are_asked()
    at_once(*(_yes(family, name, ident) for name, ident in asked.items()))
    assert family.can_read("ida") == "contents"


def test_custody_that_changes_while_a_parent_answers(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mother says yes, and in the same moment an import says that she has custody alone. Each by itself opens
    nothing; whichever is first, the second must see the other. The two are held at the place where rights are about to
    be derived, until both are there or it is plain that they never will be."""
    asked, both = family.are_asked(), Barrier(2)

    def waits(child_id: UUID, *, new: Told | None = None) -> Facts:
        with suppress(BrokenBarrierError):
            both.wait(timeout=1)
        return facts_of(child_id, new=new)

    monkeypatch.setattr(access, "facts_of", waits)
    gone = holder("far", "Jonas", at_home=False)
    gone["extension"][0]["extension"][1]["valuePeriod"]["end"] = "2026-01-01"
    at_once(_yes(family, "mother", asked["mother"]), lambda: send(gone))
    monkeypatch.undo()
    assert family.can_read("ida") == "contents" and not differing(family.child)
