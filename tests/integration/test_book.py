"""The one door: what a scope's grants do not open does not exist, in rows, counts, order and titles."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from barnetsbog.access.finding import find_by_name, find_by_number
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import all_children, child_by_number, roles
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import local_day, parse
from barnetsbog.overview.queries import overview
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter, Sought
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.responsibility.model import Order, Tab
from barnetsbog.responsibility.queries import work_list
from barnetsbog.timeline.model import Timeline, View, Zoom
from barnetsbog.timeline.queries import timeline
from tests.builders import begin_with, bundle, care, observation, patient, role, send, task, unit
from tests.conftest import BOTH_DATABASES

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

NOON = parse("2026-11-25T12:00:00+01:00")[0]


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is noon on the day of the stories."""
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: NOON)


@pytest.fixture
def book_of_alma() -> UUID:
    """PPR and the school have a task with Alma, BUP has ended its own, the family department has none."""
    directory = [unit("ppr"), unit("skole", "school"), unit("bup", "bup"), unit("familie", "family_dept")]
    for name, place in (("kim", "ppr"), ("bo", "ppr"), ("maja", "skole"), ("ida", "bup"), ("rikke", "familie")):
        directory += role(name, place)
    cares = [care("c1"), care("c2", unit_id="skole"), care("c3", unit_id="bup", end="2026-09-30")]
    begin_with(bundle(*directory, patient(), *cares, observation(), task()))
    (child,) = all_children()
    return child


def scope(name: str) -> Scope:
    found = next(r for r in roles().values() if r.name.startswith(name.title()))
    made = scope_for(found.id, level=LoginLevel.SUBSTANTIAL)
    assert made
    return made


@pytest.mark.parametrize(
    ("name", "sees"), [("kim", True), ("bo", True), ("maja", True), ("ida", False), ("rikke", False)]
)
def test_a_unit_sees_a_child_while_it_has_a_task_with_it(book_of_alma: UUID, name: str, sees: bool) -> None:
    if not sees:
        with pytest.raises(NotFound), open_book(scope(name), "overview", book_of_alma):
            pytest.fail("the block must not run")
        return
    with open_book(scope(name), "overview", book_of_alma) as book:
        assert [row.title for row in book.entries(book_of_alma, Filter(what=("task",)))] == ["Ring til far"]


def _reads(child: UUID) -> list[Callable[[Any], Any]]:
    return [
        lambda b: b.sees(child), lambda b: b.children(), lambda b: b.entries(child, Filter(on_timeline=False)), lambda b: b.count(child, Filter()),
        lambda b: b.tally(child, Filter()), lambda b: b.open_tasks(), lambda b: b.titles(list(Entry.objects.values_list("id", flat=True))),
        lambda b: b.whole(child), lambda b: b.payloads({uuid4()}),
    ]  # fmt: skip


@pytest.mark.parametrize("index", range(9))
def test_no_read_gives_a_stranger_anything(book_of_alma: UUID, index: int) -> None:
    with open_book(scope("rikke"), "test") as book:
        assert not _reads(book_of_alma)[index](book)


def test_words_come_in_the_order_of_the_entries(book_of_alma: UUID) -> None:
    """Whatever order the database reads them in: pages list them so."""
    with open_book(scope("kim"), "test") as book:
        rows = book.entries(book_of_alma, Filter(on_timeline=False))
        assert len(rows) > 2
        for ordered in (rows, rows[::-1]):
            assert [*book.bodies(ordered)] == [row.id for row in ordered]


def test_an_entry_and_its_words_are_not_found_either(book_of_alma: UUID) -> None:
    with open_book(scope("kim"), "test") as book:
        row = book.entries(book_of_alma, Filter(what=("observation",)))[0]
    stranger = scope("rikke")
    with open_book(stranger, "test") as book:
        assert book.bodies([row]) == {}
        assert book.versions(row) == []
    with pytest.raises(NotFound), open_book(stranger, "test") as book:
        book.entry(book_of_alma, row.id)


def test_what_stood_on_a_closed_shelf_has_never_been(book_of_alma: UUID) -> None:
    """Another unit's draft, sent later, is read as it was sent, in every way of reading what it said before."""
    label = {"system": "https://barnetsbog.example/fhir/CodeSystem/sensitivity"}
    for code, text in (("draft", "kladde"), ("ordinary", "sendt"), ("ordinary", "rettet")):
        said = observation(valueString=text, meta={"security": [{**label, "code": code}]})
        assert not send({**said, "id": "d1"}, care("c4", unit_id="familie")).refusals
    for name, first in (("kim", 1), ("rikke", 2)):
        with open_book(scope(name), "test") as book:
            row = next(one for one in book.entries(book_of_alma, Filter(what=("observation",))) if one.version == 3)
            told = book.versions(row)
            assert [one.number for one in told] == list(range(first, 4))
            assert book.histories([row]) == {row.id: told}
            assert (book.received(row, replace(told[0], number=1)) is None) == (first > 1)


def test_not_allowed_and_not_there_leave_the_same_line_in_the_log(book_of_alma: UUID) -> None:
    for child in (book_of_alma, uuid4()):
        with pytest.raises(NotFound), open_book(scope("rikke"), "overview", child):
            pass
    hidden, absent = Event.objects.filter(action="overview").order_by("id")
    assert not hidden.allowed and not absent.allowed
    assert (hidden.reason, hidden.detail) == (absent.reason, absent.detail)


def test_a_right_ends_at_its_moment_and_not_before(book_of_alma: UUID) -> None:
    import dataclasses

    from barnetsbog.record.book import Book

    end = parse("2026-10-31")[0]  # thirty days after the last day: law/rules.yaml, discharge-days
    for at, sees in ((end - 1, True), (end, False)):
        assert Book(dataclasses.replace(scope("ida"), at=at)).sees(book_of_alma) is sees


def test_ending_the_task_ends_the_access(book_of_alma: UUID) -> None:
    assert _sees("maja", book_of_alma)
    send(care("c2", unit_id="skole", end="2026-11-24"))
    assert not _sees("maja", book_of_alma)
    assert _sees("kim", book_of_alma)


def test_moving_the_task_to_another_unit_moves_the_access(book_of_alma: UUID) -> None:
    send(care("c2", unit_id="familie"))
    assert (_sees("maja", book_of_alma), _sees("rikke", book_of_alma)) == (False, True)


def _sees(name: str, child: UUID) -> bool:
    try:
        with open_book(scope(name), "test", child):
            return True
    except NotFound:
        return False


def _everything(name: str, child: UUID) -> list[Any]:
    """What all pages of a reader are made of."""
    reader = scope(name)
    with open_book(reader, "test", child) as book:
        found: list[Any] = [overview(book, child), *(work_list(book, tab) for tab in Tab)]
        found += [timeline(book, child, View(zoom=zoom, everything=True)) for zoom in Zoom]
        found += [book.entries(child, Filter(on_timeline=False), limit=2, offset=offset) for offset in range(4)]
        return found


def test_the_childs_confidential_talk_leaves_no_trace_for_others(book_of_alma: UUID) -> None:
    """A hidden entry changes nothing of what an unentitled reader gets: no row, count, order, page or title."""
    before = {name: _everything(name, book_of_alma) for name in ("kim", "maja")}
    private = {"meta": {"security": [{"code": "child-private"}]}, "performer": [{"reference": "PractitionerRole/kim"}]}
    send(observation("secret", effectiveDateTime="2026-11-20", code={"text": "Fortalte om far"}, **private))
    send(task("hidden", holder="maja", meta=private["meta"], requester={"reference": "PractitionerRole/kim"}))
    assert _everything("maja", book_of_alma) == before["maja"]
    assert _everything("kim", book_of_alma) != before["kim"]


def test_another_child_changes_nothing(book_of_alma: UUID) -> None:
    before = _everything("kim", book_of_alma)
    send(
        bundle(
            patient("noah", number="1402149903"),
            care("n1", "noah", "familie"),
            observation("n2", "Patient/noah"),
            task("n3", "noah"),
        )
    )
    assert _everything("kim", book_of_alma) == before


def test_finding_a_child_takes_a_relation(book_of_alma: UUID) -> None:
    assert child_by_number("0505179902") == book_of_alma
    assert find_by_number(scope("kim"), "050517-9902", "ringer til mor") == [book_of_alma]
    assert find_by_name(scope("kim"), " alma  PRØVEGAARD ", date(2017, 5, 7), "ringer") == [book_of_alma]
    assert find_by_name(scope("kim"), "Alma Proevegaard", date(2017, 5, 7), "ringer") == [book_of_alma]
    assert find_by_number(scope("rikke"), "050517-9902", "nysgerrig") == []
    assert find_by_number(scope("kim"), "050517-9903", "tastefejl") == []
    assert find_by_name(scope("kim"), "Alma Prøvegaard", date(2017, 5, 8), "ringer") == []


def test_a_search_is_logged_with_its_reason_and_a_masked_number(book_of_alma: UUID) -> None:
    find_by_number(scope("rikke"), "050517-9902", "nysgerrig")
    event = Event.objects.get(action="search")
    assert event.detail["why"] == "nysgerrig"
    assert "9902" not in str(event.detail)


def test_a_read_that_fails_is_not_logged_as_done(book_of_alma: UUID) -> None:
    with pytest.raises(ZeroDivisionError), open_book(scope("kim"), "overview", book_of_alma):
        raise ZeroDivisionError
    assert not Event.objects.filter(action="overview").exists()


def test_a_read_is_logged_with_what_was_read(book_of_alma: UUID) -> None:
    reader = scope("kim")
    with open_book(reader, "timeline", book_of_alma) as book:
        timeline(book, book_of_alma, View())
    event = Event.objects.get(action="timeline")
    assert (event.child_id, event.person_id, event.unit_id, event.allowed, event.purpose) == (
        book_of_alma, reader.role_id, reader.unit_id, True, "ppr",
    )  # fmt: skip
    assert "observation" in event.detail["kinds"]


def _timeline(child: UUID, **wanted: Any) -> Timeline:
    with open_book(scope("kim"), "timeline", child) as book:
        return timeline(book, child, View(**wanted))


def test_what_comes_later_this_month_is_in_the_weeks_too(book_of_alma: UUID) -> None:
    send(observation("o9", effectiveDateTime="2026-11-30"), observation("o8", effectiveDateTime="2026-12-30"))
    found = _timeline(book_of_alma, zoom=Zoom.WEEK)
    listed = {str(local_day(one.entry.start)) for one in found.listed}
    assert {"2026-11-30", "2026-12-30"} <= listed
    assert sum(sum(lane.counts) for lane in found.lanes) == found.total == len(found.listed)


@pytest.mark.parametrize("zoom", Zoom)
def test_today_is_in_the_table_and_what_is_far_ahead_is_reached_from_it(book_of_alma: UUID, zoom: Zoom) -> None:
    send(observation("o9", effectiveDateTime="2034-06-01"))
    found = _timeline(book_of_alma, zoom=zoom)
    assert found.periods[0].start <= date(2026, 11, 25) < found.periods[-1].end
    while found.later:
        found = _timeline(book_of_alma, zoom=zoom, until=found.later)
    assert parse("2034-06-01")[0] in {one.entry.start for one in found.listed}


@pytest.mark.parametrize(("zoom", "until"), [(Zoom.YEAR, "1"), (Zoom.QUARTER, "1-Q1"), (Zoom.YEAR, "9998")])
def test_an_address_beyond_all_that_happened_shows_an_empty_table(book_of_alma: UUID, zoom: Zoom, until: str) -> None:
    found = _timeline(book_of_alma, zoom=zoom, until=until, page=77)
    assert (found.total, found.listed, found.view.page) == (0, (), 1)


def test_an_intervention_that_is_over_is_not_going_on(book_of_alma: UUID) -> None:
    """Also where nobody said when it ended; and one that never was is drawn nowhere."""
    about = {
        "resourceType": "Procedure", "subject": {"reference": "Patient/alma"}, "performedDateTime": "2026-03-02",
        "performer": [{"actor": {"reference": "PractitionerRole/kim"}}],
    }  # fmt: skip
    for status in ("completed", "stopped", "in-progress", "entered-in-error", "not-done"):
        assert not send({**about, "id": status, "status": status, "code": {"text": status}}).refusals
    found = _timeline(book_of_alma, zoom=Zoom.MONTH)
    assert [title for title, _ in found.summary.ongoing] == ["in-progress"]
    march = next(number for number, one in enumerate(found.periods) if one.key == "2026-03")
    assert {one.title: (one.first, one.last) for one in found.bands} == {
        "completed": (march, march + 1), "stopped": (march, march + 1), "in-progress": (march, len(found.periods)),
    }  # fmt: skip


def test_only_access_makes_a_scope() -> None:
    with pytest.raises(TypeError):
        Scope(uuid4(), None, uuid4(), "x", "y", LoginLevel.HIGH, 0, None)  # type: ignore[arg-type]


def test_no_purpose_no_scope(book_of_alma: UUID) -> None:
    ident = scope("kim").role_id
    assert scope_for(ident, level=LoginLevel.SUBSTANTIAL, purpose="") is not None  # the role's own purpose
    assert scope_for(uuid4(), level=LoginLevel.SUBSTANTIAL) is None


@pytest.fixture
def count_queries() -> Iterator[Callable[[], int]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        yield lambda: len(captured)


def test_a_work_list_takes_the_same_number_of_queries_for_many_children(
    book_of_alma: UUID, count_queries: Callable[[], int]
) -> None:
    with open_book(scope("kim"), "work-list") as book:
        before = count_queries()
        work_list(book, Tab.ALL)
        few = count_queries() - before
    numbers = [f"{i:02}01189902" for i in range(1, 20)]
    send(
        *(
            bundle(patient(f"k{i}", number=n), care(f"kc{i}", f"k{i}"), task(f"kt{i}", f"k{i}"))
            for i, n in enumerate(numbers)
        )
    )
    with open_book(scope("kim"), "work-list") as book:
        before = count_queries()
        found = work_list(book, Tab.ALL)
        assert (len(found.cases), count_queries() - before) == (20, few)


def test_the_work_list_is_in_the_order_of_the_alphabet_for_whoever_wants_it(book_of_alma: UUID) -> None:
    for ident, number in (("Aage", "0505179910"), ("Zoe", "0505179918")):
        who = patient(ident, number=number, name=[{"given": [ident], "family": "Test"}])
        send(bundle(who, care(f"c-{ident}", ident), task(f"t-{ident}", ident)))
    with open_book(scope("kim"), "work-list") as book:
        told = {order: [case.child.given for case in work_list(book, order=order).cases] for order in Order}
    assert told[Order.NAME] == ["Alma", "Zoe", "Aage"] and sorted(told[Order.URGENCY]) == sorted(told[Order.NAME])


def test_the_work_list_sorts_by_whose_ball_it_is(book_of_alma: UUID) -> None:
    send(
        task("t2", holder="maja", description="Observer i klassen"), task("t3", holder=None, description="Hvem ringer?")
    )
    with open_book(scope("kim"), "work-list") as book:
        titles = {tab: [case.ball.title for case in work_list(book, tab).cases] for tab in Tab}
        counts = work_list(book).counts
    assert titles == {
        Tab.MINE: ["Ring til far"],
        Tab.WAITING: ["Observer i klassen"],
        Tab.NOBODY: ["Hvem ringer?"],
        Tab.ALL: titles[Tab.ALL],
    }
    assert len(titles[Tab.ALL]) == 1
    assert counts == {Tab.MINE: 1, Tab.WAITING: 1, Tab.NOBODY: 1, Tab.ALL: 1}


@pytest.mark.parametrize("title", ["Fravær", "Meget FRAVÆR i oktober", "fravær"])
def test_a_word_in_a_heading_is_found_however_it_is_written(book_of_alma: UUID, title: str) -> None:
    """No database knows every small letter, so what it finds may be too much and never too little."""
    others = ("Fremmøde", "Bedre 100% i dag", "")
    send(bundle(*(observation(f"f{n}", code={"text": text}) for n, text in enumerate((title, *others)))))
    sought = Sought(("observation",), words=("fravær",))
    found = [one.title for one in Book(scope("kim")).over([book_of_alma], [sought])]
    assert found == [title]
