"""What is new since somebody was here last: theirs alone, with before and after, and it can be undone."""

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.time import SECOND
from barnetsbog.overview import operations
from barnetsbog.overview.model import NewsPage
from barnetsbog.overview.news import PAGE, news
from barnetsbog.overview.queries import overview
from tests.builders import bundle, observation, send
from tests.conftest import BOTH_DATABASES
from tests.integration.responsibility.conftest import Team

pytestmark = BOTH_DATABASES


def page(team: Team, name: str, number: int = 1) -> NewsPage:
    with open_book(team.scope(name), "news", team.child) as book:
        return news(book, team.child, number)


def marks(team: Team, name: str, at: int) -> int | None:
    with open_book(team.scope(name), "mark-read", team.child) as book:
        return operations.mark_read(book, team.child, at=at)


def writes(team: Team, ident: str, words: str) -> int:
    team.clock.at += SECOND
    send(observation(ident, valueString=words))
    return team.clock.at


def test_a_new_entry_has_no_before_and_a_changed_one_has(team: Team) -> None:
    writes(team, "o1", "Hun tegnede.")
    marks(team, "kim", team.clock.at)
    assert page(team, "kim").news == ()
    writes(team, "o1", "Hun tegnede et hus.")
    writes(team, "o2", "Hun sang.")
    new, changed = page(team, "kim").news
    assert (new.before, new.now and b"Hun sang." in new.now.body) == (None, True)
    assert changed.before and b"Hun tegnede." in changed.before.body
    assert changed.now and b"et hus" in changed.now.body


def test_read_up_to_one_leaves_what_came_after_it(team: Team) -> None:
    first, last = writes(team, "o1", "Først."), writes(team, "o2", "Sidst.")
    before = marks(team, "kim", first)
    assert before is None
    assert [one.entry.recorded_at for one in page(team, "kim").news] == [last]
    assert page(team, "bo").total == 2
    assert marks(team, "kim", last) == first


def test_a_mark_is_undone(team: Team) -> None:
    first = writes(team, "o1", "Først.")
    marks(team, "kim", first)
    writes(team, "o2", "Sidst.")
    earlier = marks(team, "kim", team.clock.at)
    assert page(team, "kim").total == 0
    assert earlier == first
    marks(team, "kim", earlier)
    assert page(team, "kim").total == 1
    with open_book(team.scope("kim"), "mark-read", team.child) as book:
        operations.unmark(book, team.child)
    assert (page(team, "kim").first_visit, page(team, "kim").total) == (True, 2)


def test_nobody_marks_what_is_still_to_come(team: Team) -> None:
    marks(team, "kim", team.clock.at + 3600 * SECOND)
    writes(team, "o1", "Efter.")
    assert page(team, "kim").total == 1


def test_what_comes_late_with_an_old_date_is_new_to_whoever_has_read_what_was_here(team: Team) -> None:
    """Another system registered it in the spring and delivers it today."""
    writes(team, "o1", "Hun tegnede.")
    marks(team, "kim", team.clock.at)
    writes(team, "o2", "Hun sang.")
    team.clock.at += SECOND
    send(observation("o1", valueString="Hun tegnede et hus.", meta={"lastUpdated": "2026-04-01T10:00:00+02:00"}))
    late, other = page(team, "kim").news
    assert late.before and b"Hun tegnede." in late.before.body
    assert late.now and b"et hus" in late.now.body
    assert (late.entry.recorded_at < other.entry.recorded_at, late.came_at) == (True, team.clock.at)
    with open_book(team.scope("kim"), "overview", team.child) as book:
        assert overview(book, team.child).changes_total == 2
    marks(team, "kim", other.came_at)
    assert [one.entry.id for one in page(team, "kim").news] == [late.entry.id]
    marks(team, "kim", late.came_at)
    assert page(team, "kim").total == 0


def test_who_is_here_for_the_first_time_sees_what_was_registered_last_first(team: Team) -> None:
    """A whole life may have been taken in at once."""
    days = {"o1": "2026-11-20", "o2": "2026-11-23", "o3": "2026-11-21"}
    told = [observation(one, meta={"lastUpdated": f"{day}T10:00:00+01:00"}) for one, day in days.items()]
    send(bundle(*told))
    found = page(team, "kim").news
    assert [one.entry.recorded_at for one in found] == sorted((one.entry.recorded_at for one in found), reverse=True)
    assert [one.last for one in found] == [True, False, False]


def test_one_reads_up_to_what_came_together_and_not_into_it(team: Team) -> None:
    marks(team, "kim", team.clock.at)
    team.clock.at += SECOND
    send(bundle(observation("o1"), observation("o2")))
    writes(team, "o3", "Sidst.")
    assert [one.last for one in page(team, "kim").news] == [True, True, False]


def test_pages_hold_all_of_it_once_and_the_overview_counts_the_same(team: Team) -> None:
    for number in range(PAGE + 3):
        writes(team, f"o{number}", f"Nummer {number}.")
    first, second = page(team, "kim"), page(team, "kim", 2)
    seen = [one.entry.id for one in (*first.news, *second.news)]
    assert len(seen) == len(set(seen)) == first.total == PAGE + 3
    with open_book(team.scope("kim"), "overview", team.child) as book:
        assert overview(book, team.child).changes_total == first.total


@pytest.mark.parametrize("count", [1, 15])
def test_it_takes_the_same_queries_however_much_is_new(team: Team, count: int) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    for number in range(count):
        writes(team, f"o{number}", f"Nummer {number}.")
    scope = team.scope("kim")
    with open_book(scope, "news", team.child) as book, CaptureQueriesContext(connections["default"]) as told:
        assert len(news(book, team.child).news) == count
    assert len(told) <= 8
