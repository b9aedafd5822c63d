"""What a stored event opens by itself: once, in the same transaction, and not for history."""

import orjson
import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event as Line
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake import storing
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.promotion import SENSITIVITY
from barnetsbog.responsibility.mapping import about_of, baton_of, deadline_of
from barnetsbog.responsibility.model import Move, State, Tab
from tests.builders import bundle, patient, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.responsibility.conftest import Team

from .conftest import concern, decision, opened, plan, support

pytestmark = BOTH_DATABASES

CONCERN = {("Vurder underretningen", "2026-11-26T12:00"), ("Kvittér for underretningen", "2026-12-03T23:59")}
SUPPORT = {("Lav barnets plan", "2027-02-20T23:59"), ("Følg op på støtten første gang", "2027-02-20T23:59")}


def test_a_teacher_notifies_and_two_clocks_run(team: Team) -> None:
    """Case 14 of law-and-access § 7: it is sent whatever the parents say, and nobody has to think of the clocks."""
    assert not send(concern()).refusals
    assert opened() == CONCERN
    # the family department is asked, and nobody has it yet
    cases = team.list_of("rita").cases
    assert [(case.ball.title, case.ball.holder, case.ball.asks_me) for case in cases] == [
        ("Vurder underretningen", None, True)
    ]
    ball = Entry.objects.get(title="Vurder underretningen")
    page = team.page("rita", ball.id)
    assert (page.state, page.deadline) == (State.NEW, "concern-assessed")
    assert page.set_off_by and page.set_off_by.title == "Skolen er bekymret for Alma"
    # Rita takes it, and it is hers alone
    team.does("rita", Move.ACCEPT, ball.id)
    assert team.page("rita", ball.id).ball.mine
    assert team.titles("rita", Tab.NOBODY) == []
    team.does("rita", Move.FINISH, ball.id)
    assert team.titles("rita") == ["Kvittér for underretningen"]


def test_the_ball_says_which_rule_opened_it_and_what_it_is_about(team: Team) -> None:
    send(concern())
    row = Entry.objects.get(title="Vurder underretningen")
    with open_book(team.scope("rita"), "ball", team.child) as book:
        body = _body(book, row.id)
    baton = baton_of(body)
    unit_ = team.unit("familie")
    assert (baton.offered_to, baton.opened_by, baton.state) == (unit_, unit_, State.NEW)
    assert deadline_of(body) == "concern-assessed"
    assert about_of(body) == f"Communication/{Entry.objects.get(what='concern').id}"


def _body(book: Book, ident: object) -> dict[str, object]:
    rows = [row for row in book.entries(next(iter(book.children())), Filter(what=("task",))) if row.id == ident]
    found: dict[str, object] = orjson.loads(next(iter(book.bodies(rows).values())))
    return found


def test_the_same_delivery_twice_opens_nothing_twice(team: Team) -> None:
    send(concern())
    send(concern())
    send(bundle(concern()), name="igen.json")
    send(concern(topic={"text": "Skolen er meget bekymret"}))  # a second version of the same
    assert Entry.objects.filter(what="task").count() == 2


def test_a_ball_that_is_done_is_not_opened_again_by_a_late_copy(team: Team) -> None:
    send(concern())
    for ball in Entry.objects.filter(what="task").values_list("id", flat=True):
        team.does("rita", Move.ACCEPT, ball)
        team.does("rita", Move.FINISH, ball)
    send(bundle(concern()), name="sent-igen.json")
    assert opened() == set()


def test_old_history_opens_nothing_and_what_is_late_does(team: Team) -> None:
    send(concern("gammel", sent="2024-03-01T10:00:00+01:00"), support("g2", start="2024-01-10"))
    send(
        concern(
            "meta",
            meta={"tag": [{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-tag", "code": "imported"}]},
        )
    )
    assert opened() == set()
    send(concern("fredag", sent="2026-11-20T15:00:00+01:00"))
    assert ("Vurder underretningen", "2026-11-21T15:00") in opened()


@pytest.mark.parametrize(
    ("told", "due"),
    [("2026-11-25", "2026-11-26T00:00"), ("2026-11", "2026-11-02T00:00"), ("2026", "2026-01-02T00:00")],
)
def test_a_concern_of_which_only_the_month_is_told_is_no_history(team: Team, told: str, due: str) -> None:
    """It may have come today. It is late, if it came at the first of these moments."""
    send(concern(sent=told), concern("gammel", sent="2026-10"), concern("ældre", sent="2025"))
    assert {one for one in opened() if one[0] == "Vurder underretningen"} == {("Vurder underretningen", due)}
    assert Entry.objects.filter(what="task").count() == 2


def test_a_concern_to_others_opens_nothing(team: Team) -> None:
    send(
        concern(to="Organization/ppr"),
        concern("udkast", status="preparation"),
        concern("fejl", status="entered-in-error"),
    )
    assert opened() == set()


def test_a_concern_to_a_person_is_their_unit_s(team: Team) -> None:
    send(concern(to="PractitionerRole/rita"))
    assert {row.offered_id for row in Entry.objects.filter(what="task")} == {ident_of(team.unit("familie"))}


def test_a_child_and_its_directory_may_come_in_the_same_delivery(team: Team) -> None:
    new = {**concern("u9"), "subject": {"reference": "Patient/ny"}}
    report = send(bundle(patient("ny", number="0101159904"), new))
    assert not report.refusals
    assert opened() == CONCERN


def test_support_opens_a_plan_and_a_first_follow_up(team: Team) -> None:
    send(support())
    assert opened() == SUPPORT


def test_who_has_a_plan_already_is_only_followed_up(team: Team) -> None:
    send(plan())
    send(support())
    assert {title for title, _ in opened()} == {"Følg op på støtten første gang"}


@pytest.mark.parametrize("start", ["2026-09-01", "2026-11-20"])
def test_planned_support_that_begins_sets_off_then_what_support_does(team: Team, start: str) -> None:
    """And only once: neither a correction nor a new beginning opens it again."""
    send(support(status="draft", start=start))
    assert opened() == set()
    team.clock.at += 2 * DAY
    send(support(start=start))
    assert opened() == {(title, "2027-02-25T23:59") for title, _ in SUPPORT}
    for ball in Entry.objects.filter(what="task").values_list("id", flat=True):
        team.does("rita", Move.ACCEPT, ball)
        team.does("rita", Move.FINISH, ball)
    for more in ({"title": "Støtte i hjemmet, rettet"}, {"status": "draft"}, {}):
        send(support(start=start, **more))
    assert opened() == set()


def test_what_is_told_to_have_begun_earlier_is_due_earlier(team: Team) -> None:
    """By itself never later: whoever has the ball moves it, and says why. Nor is it moved from a day that somebody has
    chosen."""
    send(support(start="2026-11-20"))
    ball = Entry.objects.get(title="Lav barnets plan").id
    team.does("rita", Move.ACCEPT, ball)
    for start in ("2026-11", "2026-11-20"):  # what is told less exactly is no earlier
        send(support(start=start, title="Støtte"))
        assert opened() == SUPPORT
    for start in ("2026-09-20", "2026-11-20"):
        team.clock.at += DAY
        send(support(start=start))
        assert opened() == {(title, "2026-12-20T23:59") for title, _ in SUPPORT}
    assert team.page("rita", ball).state is State.HELD
    team.does("rita", Move.DUE, ball, why="Ferie", due=parse("2026-12-28", end=True)[0])
    send(support(start="2026-09-01"))
    assert ("Lav barnets plan", "2026-12-28T23:59") in opened()


def test_a_year_that_was_mistyped_does_not_cost_the_clocks(team: Team) -> None:
    """By the year that was told first it was history."""
    send(support(start="2025-11-20"), concern(sent="2025-11-25T10:00:00+01:00"))
    assert opened() == set()
    send(support(), concern())
    assert opened() == SUPPORT | CONCERN


@pytest.mark.parametrize("status", ["preparation", "not-done", "stopped", "completed", "entered-in-error"])
def test_a_measure_of_another_system_is_support_when_it_is_in_progress(team: Team, status: str) -> None:
    measure = {
        "resourceType": "Procedure", "id": "f1", "status": status, "code": {"text": "Familiebehandling"},
        "subject": {"reference": "Patient/alma"}, "performedPeriod": {"start": "2026-11-20"},
        "performer": [{"actor": {"reference": "PractitionerRole/rita"}}],
    }  # fmt: skip
    assert not send(measure).refusals
    assert opened() == set()
    send({**measure, "status": "in-progress"})
    assert {title for title, _ in opened()} == {title for title, _ in SUPPORT}


def test_a_corrected_version_of_what_opened_nothing_opens_nothing(team: Team) -> None:
    send(plan(), support("g2", start="2024-01-10"), support())
    assert {title for title, _ in opened()} == {"Følg op på støtten første gang"}
    send(plan(status="completed"))
    send(support("g2", start="2024-01-10", title="Rettet"), support(title="Rettet"))
    assert {title for title, _ in opened()} == {"Følg op på støtten første gang"}


def test_a_concern_that_was_a_draft_has_its_clock_when_it_is_sent(team: Team) -> None:
    send(concern(status="preparation", sent="2026-11-24T09:00:00+01:00"))
    assert opened() == set()
    team.clock.at += DAY // 24
    send(concern(sent="2026-11-25T12:30:00+01:00"))
    assert opened() == {
        ("Vurder underretningen", "2026-11-26T12:30"),
        ("Kvittér for underretningen", "2026-12-03T23:59"),
    }


def test_a_concern_that_is_sent_to_the_department_too_has_its_clock_there(team: Team) -> None:
    send(concern(to="Organization/ppr"))
    assert opened() == set()
    both = [{"reference": f"Organization/{one}"} for one in ("ppr", "familie")]
    send(concern(recipient=both))
    assert {title for title, _ in opened()} == {title for title, _ in CONCERN}


def test_a_note_that_becomes_a_decision_is_given_to_the_child(team: Team) -> None:
    send(patient(birthDate="2012-01-01"), decision(type_="udkast"))
    assert opened() == set()
    send(decision())
    assert {title for title, _ in opened()} == {"Giv barnet afgørelsen"}


def test_a_plan_of_the_municipality_that_the_family_has_left_is_no_plan_here(team: Team) -> None:
    old = {**unit("gammel", "family_dept"), "partOf": {"reference": "Organization/kommune1"}}
    new = {**unit("familie", "family_dept"), "partOf": {"reference": "Organization/kommune2"}}
    towns = [unit("kommune1", "other"), unit("kommune2", "other")]
    assert not send(bundle(*towns, old, new, *role("lotte", "gammel", "caseworker")), plan(by="lotte")).refusals
    send(support())
    assert opened() == SUPPORT


def test_the_support_of_others_and_support_that_is_over_open_nothing(team: Team) -> None:
    send(support("skolens", by="maja"), support("slut", status="completed"))
    assert opened() == set()


@pytest.mark.parametrize(("born", "count"), [("2016-11-26", 0), ("2016-11-25", 1)])
def test_a_decision_is_for_the_child_from_ten(team: Team, born: str, count: int) -> None:
    send(patient(birthDate=born))
    send(decision(), decision("d2", type_="referat"), decision("d3", type_="Udkast til afgørelse"))
    assert Entry.objects.filter(what="task", title="Giv barnet afgørelsen").count() == count
    send(decision("d4", type_="Afgørelse om aflastning"))
    assert Entry.objects.filter(what="task", title="Giv barnet afgørelsen").count() == 2 * count


# -- who may know of it ------------------------------------------------------------------------------------------------


def test_the_ball_stands_where_the_concern_stands(team: Team) -> None:
    secret = {"meta": {"security": [{"system": SENSITIVITY, "code": "health"}]}}
    send(concern(), concern("h", **secret))
    shelves = {row.shelf for row in Entry.objects.filter(what="concern")}
    assert {row.shelf for row in Entry.objects.filter(what="task")} == shelves
    assert len(shelves) == 2


@pytest.mark.parametrize("who", ["maja", "kim", "ida"])
def test_who_may_not_see_the_concern_sees_no_trace_of_its_balls(team: Team, who: str) -> None:
    before = _all_that(team, who)
    send(concern(sender={"reference": "PractitionerRole/rita"}))
    assert _all_that(team, who) == before
    ball = Entry.objects.get(title="Vurder underretningen")
    with pytest.raises(NotFound):
        team.page(who, ball.id)


def _all_that(team: Team, who: str) -> object:
    with open_book(team.scope(who), "timeline", team.child) as book:
        rows = [row.id for row in book.entries(team.child, Filter(on_timeline=False))]
    return rows, [team.list_of(who, tab) for tab in Tab]


# -- all or nothing ----------------------------------------------------------------------------------------------------


def test_when_a_ball_can_t_be_stored_neither_is_what_set_it_off(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sends it is told so, and sends it again: a concern never lies there without its clock."""

    def fails(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(storing, "followed", fails)
    with pytest.raises(OSError, match="the disk is full"):
        send(concern())
    assert not Entry.objects.filter(what="concern").exists()


def test_it_is_in_the_log(team: Team) -> None:
    send(concern())
    lines = [line for line in Line.objects.all() if "barnetsbog" in str(line.detail)]
    assert len(lines) == 2


def test_a_leader_of_the_unit_can_hand_it_on(team: Team) -> None:
    """The unit opened it, in the eyes of the rules; its leader answers for it."""
    send(bundle(*role("lone", "familie", "manager"), unit("familie", "family_dept")))
    send(concern())
    ball = Entry.objects.get(title="Vurder underretningen")
    team.does("lone", Move.OFFER, ball.id, team.job("rita"))
    assert team.page("rita", ball.id).ball.asks_me
