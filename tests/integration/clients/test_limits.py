"""How often a client may ask: never more than its limit over all server processes, and next to nothing for a request."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnetsbog.clients import limits
from barnetsbog.clients.limits import DAY, MINUTE
from barnetsbog.clients.models import Use
from barnetsbog.exchange.fhir.callers import TooMany
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import SECOND
from tests.conftest import BOTH_DATABASES

from .conftest import World, calls

pytestmark = BOTH_DATABASES

NOON = 1_795_690_800 * SECOND
"""The beginning of a minute."""


class Clock:
    at = NOON


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(limits, "wall", lambda: found.at)
    return found


@contextmanager
def process(monkeypatch: pytest.MonkeyPatch, purses: dict[tuple[str, int], limits._Purse]) -> Iterator[None]:
    """What another server process has in hand."""
    with monkeypatch.context() as patch:
        patch.setattr(limits, "_purses", purses)
        yield


def test_a_minutes_limit_is_kept_to_the_request_and_begins_anew(world: World, clock: Clock) -> None:
    client = world.system(per_minute=50)
    clock.at += 20 * SECOND
    assert [limits.wait(client) for _ in range(50)] == [0] * 50
    assert limits.wait(client) == limits.wait(client) == 41
    clock.at = NOON + MINUTE
    assert limits.wait(client) == 0


def test_one_user_of_an_app_leaves_the_most_of_it_to_the_others(world: World, clock: Clock) -> None:
    client, sara, kim = world.system(per_minute=50), new_id(), new_id()
    assert [limits.wait(client, sara) for _ in range(12)] == [0] * 12
    assert limits.wait(client, sara) == 61
    assert [limits.wait(client, kim) for _ in range(12)] == [0] * 12
    assert [limits.wait(client) for _ in range(26)] == [0] * 26
    assert limits.wait(client, new_id()) == 61
    clock.at = NOON + MINUTE
    assert limits.wait(client, sara) == 0
    clock.at = NOON + DAY
    assert limits.wait(client, jonas := new_id()) == 0
    assert {name for name, _ in limits._purses} == {client.id, str(jonas)}  # nothing is remembered of days gone by


def test_a_days_quota_is_kept_and_says_when_the_next_day_begins(world: World, clock: Clock) -> None:
    client = world.system(per_minute=100, per_day=120)
    assert [limits.wait(client) for _ in range(100)] == [0] * 100
    clock.at += MINUTE
    assert [limits.wait(client) for _ in range(20)] == [0] * 20
    assert limits.wait(client) == (DAY - clock.at % DAY) // SECOND + 1
    clock.at += DAY
    assert limits.wait(client) == 0


@pytest.mark.parametrize("most", [1, 7, 20, 45, 60])
def test_two_processes_together_hand_out_no_more_than_the_limit(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    client = world.system(per_minute=most)
    one, other = dict[tuple[str, int], limits._Purse](), dict[tuple[str, int], limits._Purse]()
    handed = 0
    for number in range(2 * most + 5):
        with process(monkeypatch, one if number % 3 else other):
            handed += limits.wait(client) == 0
    assert handed == most


def test_the_limit_of_one_client_is_not_anothers(world: World, clock: Clock) -> None:
    one, other = world.system(per_minute=1), world.system("bup-system", unit_id=world.bup)
    assert limits.wait(one) == 0 and limits.wait(one) > 0 and limits.wait(other) == 0


def test_most_requests_ask_the_database_nothing_and_none_when_it_is_over(world: World, clock: Clock) -> None:
    client = world.system(per_minute=200)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(200):
            limits.wait(client)
    assert len(asked) <= 20 * 2 + 4
    limits.wait(client)
    with CaptureQueriesContext(connection) as over:
        assert limits.wait(client) > 0
    assert not len(over)


def test_counts_that_are_over_are_forgotten(world: World, clock: Clock) -> None:
    client = world.system()
    limits.wait(client)
    clock.at += 2 * DAY
    limits.wait(client)
    assert Use.objects.count() == 2


def test_over_the_limit_is_an_answer_that_says_when_to_come_again(world: World) -> None:
    world.system(per_minute=1)
    token = world.token()
    calls(token)
    with pytest.raises(TooMany) as refusal:
        calls(token)
    assert 0 < refusal.value.retry_after <= 60
