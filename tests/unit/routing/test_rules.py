"""What an answer says: in which order, what one brings, and when a reason is needed."""

import pytest

from barnetsbog.kernel.decisions import Outcome
from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import EMERGENCY, Advice, Home, Question, Urgency
from barnetsbog.routing.rules import advise, override_needs_reason


def _asked(
    asker: str, suspicion: str, *, age: int = 9, urgency: Urgency = Urgency.PLANNED, home: Home = Home.HERE
) -> Advice:
    return advise(Question(asker, age, suspicion, urgency, home), standard())


def test_a_mother_of_a_nine_year_old_comes_to_ppr_by_way_of_the_school() -> None:
    advice = _asked("parent", "adhd")
    assert advice.first.door.id == "ppr" and advice.first.via and advice.first.via.id == "school"
    assert [one.door.id for one in advice.closed] == ["bup", "samraad"]


def test_a_doctor_refers_a_new_depression_and_needs_no_reason() -> None:
    advice = _asked("gp", "depression", age=14, urgency=Urgency.SOON)
    assert advice.first.door.id == "bup"
    assert override_needs_reason(advice, "bup").outcome is Outcome.ALLOWED


def test_a_doctor_who_refers_what_ppr_should_says_why_and_is_not_stopped() -> None:
    decision = override_needs_reason(_asked("gp", "adhd"), "bup")
    assert decision.outcome is Outcome.REVIEW
    assert decision.rules == ("G-BUP",) and "Skriv hvorfor" in decision.reason


def test_a_door_that_is_a_no_can_be_taken_with_a_reason() -> None:
    assert override_needs_reason(_asked("school", "adhd"), "bup").outcome is Outcome.REVIEW


def test_a_door_without_a_rule_can_be_taken_with_a_reason() -> None:
    decision = override_needs_reason(_asked("daycare", "adhd"), "ltt")
    assert decision.outcome is Outcome.REVIEW and decision.rules == ()


@pytest.mark.parametrize("door", ["family-dept", "ltt", "school", EMERGENCY])
def test_other_open_doors_need_no_reason(door: str) -> None:
    assert override_needs_reason(_asked("gp", "adhd"), door).outcome is Outcome.ALLOWED


def test_acute_goes_through_any_doctor_and_nobody_waits_for_a_meeting() -> None:
    advice = _asked("ppr", "self-harm", urgency=Urgency.ACUTE)
    assert [one.door.id for one in advice.open][:2] == ["gp", "bup-acute"]
    assert {"bup", "samraad", "ltt"} <= {one.door.id for one in advice.closed}
    for asker in ("gp", "specialist", "bup"):
        assert _asked(asker, "self-harm", urgency=Urgency.ACUTE).first.door.id == "bup-acute"


def test_the_municipality_comes_first_when_a_child_is_beaten() -> None:
    for asker in standard().askers.keys() - {"family-dept"}:
        for urgency in Urgency:
            assert _asked(asker, "neglect", urgency=urgency).first.door.id == "family-dept", (asker, urgency)


def test_one_brings_what_the_worry_asks_for() -> None:
    eating, adhd = _asked("gp", "eating").first.bring, _asked("gp", "adhd").first.bring
    assert "Højde og vægt nu og før" in eating and "Højde og vægt nu og før" not in adhd
    assert "Dit direkte telefonnummer" in eating
    assert "Dit direkte telefonnummer" not in _asked("parent", "eating").first.bring


def test_nothing_is_to_be_brought_twice() -> None:
    for suspicion in standard().suspicions:
        bring = _asked("parent", suspicion).first.bring
        assert len(set(bring)) == len(bring), suspicion


@pytest.mark.parametrize("asker", ["school", "parent", "gp"])
def test_nobody_waits_for_papers_or_a_yes_when_it_is_acute(asker: str) -> None:
    advice = _asked(asker, "eating", urgency=Urgency.ACUTE)
    for one in (advice.acute, *advice.open):
        assert one.bring[:2] == ("Hvor I er", "Hvad der er sket")
        assert not [text for text in one.bring if " ja" in text or "vægt" in text]


def test_the_rule_that_decides_is_named_first_and_those_below_it_after() -> None:
    advice = _asked("gp", "depression")
    assert advice.first.rules == ("G-BUP-FIRST", "G-BUP")


def test_what_no_rule_speaks_of_is_not_in_the_answer() -> None:
    assert _asked("daycare", "adhd").about("ltt") is None
