"""The plan in FHIR and back: nothing of a child's words is altered, and what is written is valid R4."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.fhir import check
from barnetsbog.fhir.own import referring
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.plan import mapping
from barnetsbog.plan.model import (
    Course,
    Effect,
    Felt,
    Frame,
    Goal,
    GoalChange,
    GoalState,
    Intervention,
    Mark,
    Minutes,
    Said,
)
from barnetsbog.plan.rules import can_be_kept

NOON = parse("2026-11-25T12:00:00+01:00")[0]
TODAY = date(2026, 11, 25)
CHILD, KIM, PPR = "Patient/c", "PractitionerRole/k", "Organization/p"
words = st.text(min_size=1, max_size=200).filter(lambda text: can_be_kept(text, "").allowed)
days = st.dates(date(2020, 1, 1), TODAY)
notes = st.text("abc æøå\n", max_size=20)
references = st.lists(st.sampled_from([KIM, PPR, "PractitionerRole/b"]), unique=True).map(tuple)


def valid(resource: dict[str, object]) -> bool:
    return not [issue for issue in check(resource) if issue.severity == "error"]


@st.composite
def changes(draw: st.DrawFn) -> GoalChange:
    mark = draw(st.none() | st.builds(Mark, days, st.integers(0, 10)))
    state = draw(st.sampled_from(GoalState))
    follow_up, shared = draw(st.none() | days), draw(st.none() | st.booleans())
    return GoalChange(state, draw(notes), draw(references), follow_up, shared, draw(notes), mark)


@given(words, st.booleans(), st.none() | st.integers(0, 10), st.lists(changes(), max_size=4))
def test_a_child_s_words_survive_whatever_is_done_with_the_goal(text: str, shared: bool, mark: int | None, done: list[GoalChange]) -> None:  # fmt: skip
    said = Said(text, TODAY, shared, to=KIM, mark=mark)
    resource = mapping.said_goal("g", said, child=CHILD, by=KIM)
    notes = 0
    for number, change in enumerate(done, 1):
        resource = mapping.changed_goal(resource, change, by=KIM, at=NOON + number * DAY)
        goal, notes = mapping.goal_of(resource), notes + bool(change.note.strip())
        assert (goal.state, goal.workers, goal.follow_up) == (change.state, change.workers, change.follow_up)
        assert change.mark is None or dict(goal.marks)[change.mark.day] == change.mark.value
    goal = mapping.goal_of(resource)
    assert (goal.own, goal.words, goal.said_to, len(goal.notes)) == (True, text, KIM, notes)
    assert valid(resource)


@given(words, st.sampled_from(["", "Tegning"]))
def test_what_it_says_of_a_meeting_is_as_it_was_said(text: str, otherwise: str) -> None:
    resource = mapping.told_view("v", Said(text, TODAY, True, KIM, otherwise=otherwise), child=CHILD, by=KIM)
    view = mapping.view_of(resource)
    assert (view.words, view.day, view.said_to, view.otherwise) == (text, TODAY, KIM, otherwise)
    assert valid(resource)


@given(
    st.sampled_from(Course),
    references,
    notes,
    st.lists(st.tuples(st.none() | st.sampled_from(Felt), words), max_size=3),
)
def test_an_intervention_comes_back_as_it_was_written(course: Course, responsible: tuple[str, ...], measure: str, seen: list[tuple[Felt | None, str]]) -> None:  # fmt: skip
    wanted = Intervention(
        "Pauser", "Alma henter vand.", course, TODAY, None, responsible, measure, ("Condition/k",), ("Goal/g",)
    )
    resource = mapping.new_intervention("i", wanted, child=CHILD, by=KIM)
    for felt, text in seen:
        resource = mapping.changed_intervention(resource, wanted, Effect(TODAY, felt, text, KIM), by=KIM)
    found = mapping.intervention_of(resource)
    told = [(one.felt, one.words, one.day, one.by) for one in found.effects]
    assert told == [(felt, text.strip(), TODAY, KIM) for felt, text in seen if text != felt]
    assert replace(found, effects=()) == replace(wanted, responsible=responsible or (KIM,))
    assert valid(resource)


def test_the_overall_plan_refers_to_what_it_consists_of() -> None:
    resource = mapping.new_plan("p", Frame("Plan", "Om noget", TODAY, "Er syg"), child=CHILD, by=KIM, at=NOON)
    seen = mapping.looked_through(resource, goals=["Goal/g"], interventions=["CarePlan/i"], conditions=["Condition/k"], plans=["CarePlan/sp"])  # fmt: skip
    ready = mapping.ready_plan(seen, by=KIM, at=NOON)
    found = mapping.plan_of(ready)
    assert (found.title, found.about, found.follow_up, found.not_asked, found.ready_at) == ("Plan", "Om noget", TODAY, "Er syg", NOON)  # fmt: skip
    assert ready["goal"] == [{"reference": "Goal/g"}] and ready["basedOn"] == [{"reference": "CarePlan/sp"}]
    assert valid(resource) and valid(ready)
    told_nothing = {key: value for key, value in resource.items() if key != "description"}  # as another system may
    moved = mapping.changed_plan(told_nothing, Frame("Plan", "", date(2027, 1, 4)), by=KIM)
    assert valid(moved) and mapping.plan_of(moved).follow_up == date(2027, 1, 4)
    emptied = mapping.looked_through(ready, goals=(), interventions=(), conditions=(), plans=())
    assert not {"goal", "basedOn", "addresses", "supportingInfo"} & set(emptied)


def test_a_foreign_goal_and_plan_are_understood_as_far_as_they_go() -> None:
    goal = mapping.goal_of({"resourceType": "Goal", "lifecycleStatus": "rejected", "description": {"text": "Lege"}})
    assert (goal.own, goal.words, goal.state, goal.marks) == (False, "Lege", GoalState.GIVEN_UP, ())
    plan = mapping.intervention_of({"resourceType": "CarePlan", "status": "active", "note": [{"text": "Det hjalp."}]})
    assert (
        plan.effects == plan.in_words == (Effect(None, None, "Det hjalp."),)
        and plan.over_time == plan.responsible == ()
    )


def test_a_professionals_goal_and_minutes_are_valid() -> None:
    goal = Goal(False, "Alma kommer ind i legen", workers=(PPR,), answers=("Condition/k",), follow_up=TODAY)
    found = mapping.new_goal("g", goal, child=CHILD, by=KIM, at=NOON)
    assert mapping.goal_of(found) == replace(goal, day=TODAY) and valid(found)
    minutes = Minutes(TODAY, "", "Vi talte.", ("RelatedPerson/m",), child_was_there=True)
    held = mapping.meeting("m", minutes, child=CHILD, by=KIM, unit=PPR)
    assert held["type"] == [{"text": "Planmøde"}] and valid(held)


def test_what_somebody_is_called_beside_a_reference_is_not_what_a_version_says() -> None:
    before: dict[str, Any] = {
        "resourceType": "Goal", "id": "g", "meta": {"lastUpdated": "2026-10-02T12:00:00+02:00", "source": "urn:a"},
        "extension": [referring("works-on", "Organization/skole"), referring("changed-by", "PractitionerRole/kim")],
        "subject": {"reference": "Patient/alma", "display": "Alma"}, "description": {"text": "Mål"},
    }  # fmt: skip
    after = {
        **before, "meta": {}, "extension": [referring("changed-by", "PractitionerRole/bo"), before["extension"][0]],
        "subject": {"reference": "Patient/alma"},
    }  # fmt: skip
    assert mapping.says_the_same(before, after)
    assert not mapping.says_the_same(before, {**after, "description": {"text": "Et andet mål"}})
    assert not mapping.says_the_same(before, {**after, "extension": [referring("works-on", "Organization/ppr")]})


def test_whoever_works_on_a_goal_is_named_once() -> None:
    goal = mapping.new_goal("g", Goal(False, "Sove"), child=CHILD, by=KIM, at=NOON)
    changed = mapping.changed_goal(goal, GoalChange(workers=(KIM, KIM)), by=KIM, at=NOON)
    assert mapping.goal_of(changed).workers == (KIM,)


def test_an_activity_that_is_a_reference_stays_one() -> None:
    """FHIR: an activity is a reference or is described, and never both (cpl-3)."""
    told = {"status": "in-progress", "description": "Ro", "performer": [{"reference": KIM}]}
    theirs = {
        "resourceType": "CarePlan", "id": "i", "status": "active", "intent": "plan", "subject": {"reference": CHILD},
        "activity": [{"reference": {"reference": "Task/t"}}, {"detail": told}],
    }  # fmt: skip
    changed = mapping.changed_intervention(theirs, mapping.intervention_of(theirs), None, by=KIM)
    assert valid(changed) and mapping.intervention_of(changed).responsible == (KIM,)
    assert [one for one in changed["activity"] if "reference" in one] == theirs["activity"][:1]
