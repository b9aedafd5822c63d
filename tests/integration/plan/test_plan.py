"""The plan in the book: the child's words, goals, what is tried, follow-up, and being ready; and who sees what of it."""

from datetime import date, timedelta
from functools import partial

import pytest

from barnetsbog.audit.models import Event
from barnetsbog.calendar.model import Slot, Wanted
from barnetsbog.calendar.operations import arrange, cancel
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.plan import operations
from barnetsbog.plan.model import (
    Effect,
    Felt,
    Frame,
    GoalChange,
    GoalState,
    Intervention,
    InterventionChange,
    Mark,
    Page,
    Said,
)
from barnetsbog.plan.queries import current_goals, current_interventions, said
from barnetsbog.record.models import Entry, Version
from barnetsbog.responsibility.model import Move
from barnetsbog.responsibility.operations import move
from barnetsbog.responsibility.rules import Wish
from tests.builders import send
from tests.conftest import BOTH_DATABASES

from .conftest import QUOTE, TODAY, Plan

pytestmark = BOTH_DATABASES

CONDITION = {
    "resourceType": "Condition", "id": "k1", "code": {"text": "Skift vælter dagen"}, "recordedDate": "2026-08-17",
    "subject": {"reference": "Patient/alma"}, "recorder": {"reference": "PractitionerRole/kim"},
}  # fmt: skip
SCHOOL_PLAN = {
    "resourceType": "CarePlan", "id": "sp", "status": "active", "intent": "plan", "title": "Skoleplan for 3. klasse",
    "category": [{"coding": [{"system": "https://barnetsbog.example/fhir/CodeSystem/entry-kind", "code": "plan"}], "text": "skoleplan"}],
    "subject": {"reference": "Patient/alma"}, "period": {"start": "2026-09-08"}, "author": {"reference": "PractitionerRole/maja"},
}  # fmt: skip


# -- the child's own words ---------------------------------------------------------------------------------------------


def test_a_child_s_words_stand_as_they_were_said_and_nothing_is_written_over_them(plan: Plan) -> None:
    odd = "  Jeg vil\n\n være  med 🦊 – »ikk'«\tså "
    ident = plan.said(words=odd)
    change = GoalChange(may_be_shared=True, note="Vi øver at komme ind i en leg.", mark=Mark(TODAY, 4))
    operations.change_goal(**plan.by("kim"), ident=ident, version=1, change=change)
    (item,) = plan.page("kim").parts.own_goals
    assert item.said and item.said.words == odd
    assert [(note.text, note.by) for note in item.said.notes] == [(change.note, plan.team.job("kim"))]
    assert item.said.marks == (Mark(TODAY, 4),)
    assert plan.page("kim").parts.people[item.said.said_to].name == "Maja Demosen"


def test_what_the_child_has_not_said_may_be_shared_is_between_it_and_the_one_it_told(plan: Plan) -> None:
    plan.said(shared=False)
    assert len(plan.page("maja").parts.own_goals) == 1
    for name in ("kim", "rita", "leder"):
        assert plan.page(name).parts.own_goals == ()
        assert plan.page(name).asked is None


def test_it_is_the_one_who_was_told_who_writes_down_what_may_not_be_shared(plan: Plan) -> None:
    with pytest.raises(Refused, match="ikke sagt, at det må deles"):
        plan.said("kim", shared=False, to=plan.team.job("maja"))
    plan.said("kim", to=plan.team.job("maja"))


def test_nobody_else_says_that_a_child_has_taken_back_what_others_may_read(plan: Plan) -> None:
    ident = plan.said()
    with pytest.raises(Refused, match="den, barnet sagde det til"):
        operations.change_goal(**plan.by("kim"), ident=ident, version=1, change=GoalChange(may_be_shared=False))
    assert len(plan.page("kim").parts.own_goals) == 1


@pytest.mark.parametrize(
    ("words", "more", "why"),
    [(" \n ", {}, "Skriv det, barnet har sagt"), ("x" * 4001, {}, "for langt"), ("a\x00b", {}, "et tegn"), ("Ja", {"mark": 11}, "0 til 10")],
)  # fmt: skip
def test_words_that_can_t_be_kept_whole_are_not_kept(plan: Plan, words: str, more: dict[str, int], why: str) -> None:
    with pytest.raises(Refused, match=why):
        plan.said(words=words, **more)
    assert not Entry.objects.filter(what="own-goal").exists()


def test_the_scale_is_told_over_time_and_belongs_to_the_child(plan: Plan) -> None:
    ident, theirs = plan.said(mark=3), plan.goal()
    for version, mark in ((1, Mark(TODAY - timedelta(days=3), 2)), (2, Mark(TODAY, 5))):
        operations.change_goal(**plan.by("maja"), ident=ident, version=version, change=GoalChange(mark=mark))
    (item,) = plan.page("maja").parts.own_goals
    assert item.said and item.said.marks == (Mark(TODAY - timedelta(days=3), 2), Mark(TODAY, 5))
    with pytest.raises(Refused, match="Skalaen er barnets egen"):
        operations.change_goal(**plan.by("kim"), ident=theirs, version=1, change=GoalChange(mark=Mark(TODAY, 5)))


def test_when_the_child_takes_back_that_it_may_be_shared_the_ball_is_hidden_with_it(plan: Plan) -> None:
    ident = plan.said()
    follow = GoalChange(follow_up=date(2026, 12, 10))
    operations.change_goal(**plan.by("maja"), ident=ident, version=1, change=follow)
    assert len(plan.balls("kim")) == len(plan.balls("maja")) == 1
    private = GoalChange(follow_up=date(2026, 12, 10), may_be_shared=False)
    operations.change_goal(**plan.by("maja"), ident=ident, version=2, change=private)
    assert plan.balls("kim") == [] and plan.page("kim").parts.own_goals == ()
    assert plan.balls("maja") == [("Følg op på et mål", "Maja Demosen", "2026-12-10")]


def test_who_reads_a_goal_is_changed_also_when_its_follow_up_is_done_and_gone(plan: Plan) -> None:
    ident, day = plan.said(), date(2026, 12, 10)
    operations.change_goal(**plan.by("maja"), ident=ident, version=1, change=GoalChange(follow_up=day))
    (ball,) = plan.page("maja").balls
    move(**plan.by("maja"), ident=ball.id, version=ball.version, wish=Wish(Move.FINISH))
    plan.team.clock.at += 20 * DAY
    private = GoalChange(follow_up=day, may_be_shared=False)
    operations.change_goal(**plan.by("maja"), ident=ident, version=2, change=private)
    assert plan.page("kim").parts.own_goals == () and len(plan.page("maja").parts.own_goals) == 1
    assert plan.balls("maja") == []


def test_what_says_what_stands_already_is_no_new_version(plan: Plan) -> None:
    """Of a goal, the child's own too, of what is tried, and of the plan; whoever saves it."""
    own, goal, tried, made = plan.said(), plan.goal(), plan.tries(), plan.made()
    note = GoalChange(note="Vi øver at komme ind i en leg.")
    operations.change_goal(**plan.by("kim"), ident=goal, version=1, change=note)
    (as_it_is,) = said(current_interventions(plan.page("kim").parts))
    frame = Frame("Fælles plan for Alma", "Vi hjælpes ad.", date(2027, 1, 15))
    operations.change_plan(**plan.by("kim"), version=1, frame=frame)
    kim, maja = plan.by("kim"), plan.by("maja")
    for act in (
        partial(operations.change_goal, **maja, ident=own, version=1, change=GoalChange(may_be_shared=True)),
        partial(operations.change_goal, **maja, ident=goal, version=2, change=GoalChange()),
        partial(operations.change_intervention, **kim, ident=tried, version=1, change=InterventionChange(as_it_is)),
        partial(operations.change_plan, **kim, version=2, frame=frame),
    ):
        with pytest.raises(Refused, match="Det samme står der allerede"):
            act()
    assert [plan.version(one) for one in (own, goal, tried, made)] == [1, 2, 1, 2]


# -- goals -------------------------------------------------------------------------------------------------------------


def test_a_goal_is_given_up_with_a_reason_and_its_ball_with_it(plan: Plan) -> None:
    ident = plan.goal(follow_up=date(2026, 12, 10))
    assert ("Følg op på et mål", "Kim Demosen", "2026-12-10") in plan.balls("kim")
    with pytest.raises(Refused, match="hvorfor målet er opgivet"):
        operations.change_goal(**plan.by("kim"), ident=ident, version=1, change=GoalChange(GoalState.GIVEN_UP))
    over = GoalChange(GoalState.GIVEN_UP, "Alma vil noget andet.")
    operations.change_goal(**plan.by("kim"), ident=ident, version=1, change=over)
    found = plan.page("kim").parts
    assert said(found.goals)[0].reason == "Alma vil noget andet." and current_goals(found) == []
    assert plan.balls("kim") == []


def test_who_works_on_it_is_shown_as_far_as_one_may_know_that_they_are_there(plan: Plan) -> None:
    """BUP may know of the school through its own work; the school may not know of BUP."""
    ident = plan.goal(workers=(plan.team.unit("skole"), plan.team.job("kim")))
    row = Entry.objects.get(id=ident)
    assert row.title == "Alma kommer ind i legen"
    people = plan.page("maja").parts.people
    assert {people[one].name for one in (plan.team.unit("skole"), plan.team.job("kim"))} == {
        "Enhed skole",
        "Kim Demosen",
    }
    with pytest.raises(Refused, match="opgave med barnet"):
        plan.goal(workers=(plan.team.unit("andre"),))


def test_of_two_who_change_a_goal_at_once_the_second_is_told(plan: Plan) -> None:
    ident = plan.said()
    operations.change_goal(**plan.by("kim"), ident=ident, version=1, change=GoalChange(note="Først."))
    with pytest.raises(Conflict, match="imens"):
        operations.change_goal(**plan.by("maja"), ident=ident, version=1, change=GoalChange(note="Så."))
    assert [note.text for note in said(plan.page("kim").parts.own_goals)[0].notes] == ["Først."]


# -- interventions -----------------------------------------------------------------------------------------------------


def test_an_intervention_answers_a_condition_for_a_goal_and_its_effect_is_told_over_time(plan: Plan) -> None:
    assert not send(CONDITION).refusals
    goal = plan.ref("Goal", plan.said())
    ident = plan.tries("kim", answers=(plan.condition(),), serves=(goal,), measure="Antal skift uden hjælp")
    for version, felt in ((1, Felt.WORSE), (2, Felt.BETTER)):
        (item,) = plan.page("kim").parts.interventions
        assert item.said
        told = InterventionChange(item.said, Effect(TODAY, felt, "Set i timen."))
        operations.change_intervention(**plan.by("kim"), ident=ident, version=version, change=told)
    (item,) = plan.page("kim").parts.interventions
    assert item.said and (item.said.answers, item.said.serves) == ((plan.condition(),), (goal,))
    assert [(one.felt, one.words, one.by) for one in item.said.effects] == [
        (Felt.WORSE, "Set i timen.", plan.team.job("kim")), (Felt.BETTER, "Set i timen.", plan.team.job("kim")),
    ]  # fmt: skip


def test_what_another_system_calls_a_procedure_is_shown_and_not_written_in(plan: Plan) -> None:
    done = {
        "resourceType": "Procedure", "id": "p1", "status": "in-progress", "code": {"text": "Samtaler om uro"},
        "subject": {"reference": "Patient/alma"}, "performedDateTime": "2026-10-01",
        "performer": [{"actor": {"reference": "PractitionerRole/kim"}}],
    }  # fmt: skip
    assert not send(done).refusals
    (item,) = current_interventions(plan.page("kim").parts)
    assert (item.row.title, item.said) == ("Samtaler om uro", None)
    with pytest.raises(NotFound):
        change = InterventionChange(Intervention("Min egen"))
        operations.change_intervention(**plan.by("kim"), ident=item.id, version=1, change=change)


def test_nobody_refers_to_what_they_may_not_see(plan: Plan) -> None:
    assert not send(CONDITION).refusals
    with pytest.raises(NotFound):
        plan.tries("maja", answers=(plan.condition(),))


# -- the overall plan --------------------------------------------------------------------------------------------------


def test_only_the_coordinator_writes_the_overall_plan_and_there_is_one(plan: Plan) -> None:
    with pytest.raises(Refused, match="tovholderens"):
        operations.make_plan(**plan.by("maja"), frame=Frame("Plan", "Om noget"))
    plan.made()
    with pytest.raises(Conflict):
        plan.made()
    assert Entry.objects.filter(what="overall-plan").count() == 1


def test_it_is_not_ready_before_the_child_is_asked(plan: Plan) -> None:
    plan.goal()
    plan.made()
    with pytest.raises(Refused, match=r"Barnet er ikke spurgt endnu\.") as why:
        operations.say_it_is_ready(**plan.by("kim"), version=1)
    assert why.value.rules == ("BL5",)
    plan.said()
    operations.say_it_is_ready(**plan.by("kim"), version=1)
    overall = plan.page("kim").parts.overall
    assert overall and overall.said and overall.said.ready_at


def test_or_a_reason_stands_there_and_the_child_s_view_came_to_light_otherwise(plan: Plan) -> None:
    plan.goal()
    plan.made(not_asked="Alma er syg og kan ikke tale med os.")
    with pytest.raises(Refused, match="på anden måde"):
        operations.say_it_is_ready(**plan.by("kim"), version=1)
    view = Said("Hun tegnede sig selv i gården", TODAY, may_be_shared=True, otherwise="Tegning hos Maja")
    operations.tell_view(**plan.by("kim"), said=view)
    operations.say_it_is_ready(**plan.by("kim"), version=1)


def test_the_authorities_plans_are_linked_and_never_changed(plan: Plan) -> None:
    assert not send(SCHOOL_PLAN).refusals
    plan.said()
    plan.made()
    (item,) = plan.page("kim").parts.plans
    assert item.said and (item.said.title, item.said.type) == ("Skoleplan for 3. klasse", "skoleplan")
    assert Version.objects.filter(entry_id=item.id).count() == 1
    with pytest.raises(NotFound):
        change = InterventionChange(Intervention("Min egen"))
        operations.change_intervention(**plan.by("kim"), ident=item.id, version=1, change=change)


# -- follow-up ---------------------------------------------------------------------------------------------------------


def test_moving_the_day_moves_the_ball_whoever_has_it(plan: Plan) -> None:
    plan.made()
    assert plan.balls("kim") == [("Følg op på planen", "Kim Demosen", "2027-01-15")]
    frame = Frame("Fælles plan for Alma", "Skole og PPR hjælpes ad.", date(2027, 2, 1))
    operations.change_plan(**plan.by("kim"), version=1, frame=frame)
    assert plan.balls("kim") == [("Følg op på planen", "Kim Demosen", "2027-02-01")]
    assert Entry.objects.filter(what="task").count() == 1


def test_appointments_stand_under_the_intervention_that_they_are_part_of(plan: Plan) -> None:
    ident, other = plan.tries(title="Samtaler hos Kim"), plan.tries(title="Faste pauser")
    plan.later()
    slot = Slot(plan.team.clock.at + DAY, plan.team.clock.at + DAY + 3600 * SECOND)
    wanted = Wanted("Første samtale", (slot,), booked=True, intervention=plan.ref("CarePlan", ident))
    (first,) = arrange(**plan.by("kim"), wanted=wanted)
    (second,) = arrange(**plan.by("kim"), wanted=wanted._replace(title="Næste samtale"))
    arrange(**plan.by("kim"), wanted=wanted._replace(title="Noget andet", intervention=""))
    activities = plan.page("kim").activities
    assert {row.id for row in activities[ident]} == {first, second} and other not in activities
    # One that is cancelled is no part of it any more
    cancel(**plan.by("kim"), ident=second, version=1, reason="Kim er syg")
    assert [row.title for row in plan.page("kim").activities[ident]] == ["Første samtale"]


@pytest.mark.parametrize("reference", ["CarePlan/00000000-0000-7000-8000-000000000000", "Task/x", "vrøvl"])
def test_an_appointment_is_part_of_nothing_that_is_not_there(plan: Plan, reference: str) -> None:
    slot = Slot(plan.team.clock.at + DAY, plan.team.clock.at + DAY + 3600 * SECOND)
    with pytest.raises(Refused, match="indsats, der er i gang"):
        arrange(**plan.by("kim"), wanted=Wanted("Samtale", (slot,), booked=True, intervention=reference))


def test_an_intervention_s_follow_up_is_offered_to_the_one_who_is_responsible(plan: Plan) -> None:
    plan.tries("kim", responsible=(plan.team.job("bo"),), follow_up=date(2026, 12, 10))
    assert plan.balls("kim") == [("Følg op på en indsats", "Bo Demosen", "2026-12-10")]


@pytest.mark.parametrize(("day", "why"), [(date(2027, 2, 26), "senest 25.02.2027"), (date(2026, 11, 24), "er gået")])
def test_the_first_follow_up_is_within_three_months(plan: Plan, day: date, why: str) -> None:
    with pytest.raises(Refused, match=why) as found:
        plan.made(follow_up=day)
    assert found.value.rules == ("BL95",)
    assert not Entry.objects.filter(what__in=("overall-plan", "task")).exists()


# -- who sees what -----------------------------------------------------------------------------------------------------


def _shown(page: Page) -> dict[str, list[str]]:
    parts = page.parts
    kinds = ("own_goals", "goals", "interventions", "conditions", "plans", "views")
    return {kind: [one.row.title for one in getattr(parts, kind)] for kind in kinds}


def test_a_teacher_sees_the_goals_and_her_own_and_nothing_tells_of_the_rest(plan: Plan) -> None:
    plan.said()
    before = plan.page("maja")
    plan.tries("kim", title="Samtaler med Kim", follow_up=date(2026, 12, 10))
    plan.tries("rita", title="Hjælp i hjemmet")
    assert not send(CONDITION).refusals
    after = plan.page("maja")
    assert _shown(after) == _shown(before)
    assert (after.balls, after.turning_points, after.parts.people) == (
        before.balls, before.turning_points, before.parts.people,
    )  # fmt: skip
    assert _shown(plan.page("kim"))["interventions"] == ["Samtaler med Kim"]


def test_of_the_overall_plan_a_teacher_sees_the_frame(plan: Plan) -> None:
    plan.made()
    found = plan.page("maja")
    assert found.parts.overall and found.parts.overall.row.title == "Fælles plan for Alma"
    assert found.readiness is None and plan.page("kim").readiness is not None
    assert found.balls == ()  # the ball of the plan stands with the interventions


def test_a_parent_s_log_does_not_tell_of_words_said_in_confidence_and_the_child_s_does(plan: Plan) -> None:
    ident = plan.said(shared=False)
    operations.change_goal(**plan.by("maja"), ident=ident, version=1, change=GoalChange(note="Vi øver."))
    plan.said(words="Jeg vil lege")
    actions = list(Event.objects.filter(action="plan-goal").order_by("at"))
    assert [bool(row.detail["confidential"]) for row in actions] == [True, True, False]


def test_who_has_nothing_to_do_with_the_child_finds_no_plan(plan: Plan) -> None:
    ident = plan.said()
    with pytest.raises(NotFound):
        plan.page("ulla")
    with pytest.raises(NotFound):
        operations.change_goal(**plan.by("ulla"), ident=ident, version=1, change=GoalChange(note="x"))


def test_of_what_only_the_heading_may_be_seen_nothing_is_changed(plan: Plan) -> None:
    ident = plan.goal()
    with pytest.raises(NotFound):
        operations.change_goal(**plan.by("leder"), ident=ident, version=1, change=GoalChange(note="x"))


def test_every_version_can_be_read_again(plan: Plan) -> None:
    """The versions of a goal, told one after the other, are its history; the words are the same in all of them."""
    ident = plan.said()
    for version, note in enumerate(("a", "b", "c"), 1):
        operations.change_goal(**plan.by("maja"), ident=ident, version=version, change=GoalChange(note=note))
    bodies = [bytes(one.body).decode() for one in Version.objects.filter(entry_id=ident).order_by("number")]
    assert len(bodies) == 4 and all(QUOTE in body for body in bodies)
