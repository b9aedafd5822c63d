"""When a plan is ready, when it is followed up, and what may be written: every row of the rules."""

from dataclasses import replace
from datetime import date

import pytest

from barnetsbog.law.rulebook import standard
from barnetsbog.plan import rules
from barnetsbog.plan.model import (
    Course,
    Goal,
    GoalChange,
    GoalState,
    Intervention,
    Mark,
    Plan,
    Terms,
    View,
)

TODAY, LONG_AGO = date(2026, 11, 25), date(2025, 6, 17)
ASKED = Goal(True, "Jeg vil være med", day=date(2026, 10, 2))
THEIRS = Goal(False, "Kommer ind i legen", day=TODAY)
TRIED = Intervention("Faste pauser", responsible=("PractitionerRole/1",))
PLAN = Plan("Fælles plan", follow_up=date(2027, 1, 15))


def _ready(plan: Plan = PLAN, goals: tuple[Goal, ...] = (ASKED,), tried: tuple[Intervention, ...] = (TRIED,), views: tuple[View, ...] = ()) -> list[tuple[str, str]]:  # fmt: skip
    found = rules.readiness(plan, goals, tried, views, today=TODAY, terms=Terms())
    assert found.decision.allowed is (not found.lacks)
    return [(one.rule, one.reason) for one in found.lacks]


def test_a_plan_with_all_that_it_needs_is_ready() -> None:
    assert _ready() == []


@pytest.mark.parametrize(
    ("more", "rule", "reason"),
    [
        ({"goals": (THEIRS,)}, "BL5", "Barnet er ikke spurgt endnu."),
        ({"goals": (replace(ASKED, day=LONG_AGO),)}, "BL5", "Barnet er ikke spurgt siden 17.06.2025. Spørg igen."),
        ({"goals": (THEIRS,), "plan": replace(PLAN, not_asked="Er indlagt.")}, "BL5", "Skriv også, hvad barnet mener, som det er kommet frem på anden måde."),
        ({"goals": (THEIRS,), "views": (View("Tegner", day=TODAY, otherwise="Tegning"),)}, "BL5", "Barnet er ikke spurgt endnu."),
        ({"goals": (replace(ASKED, state=GoalState.REACHED),)}, "BL91", "Planen har ikke noget mål, der er i gang."),
        ({"tried": (replace(TRIED, responsible=()),)}, "OWN-PLAN-RESPONSIBLE", "Indsatsen »Faste pauser« har ingen ansvarlig."),
        ({"plan": replace(PLAN, follow_up=None)}, "BL95", "Planen har ingen dag for opfølgning."),
        ({"plan": replace(PLAN, follow_up=date(2026, 11, 24))}, "BL95", "Dagen for opfølgning er gået. Følg op, og vælg en ny dag."),
    ],
)  # fmt: skip
def test_what_it_lacks_is_said_with_its_rule(more: dict[str, object], rule: str, reason: str) -> None:
    assert _ready(**more) == [(rule, reason)]  # type: ignore[arg-type]
    assert rule in standard().rules


@pytest.mark.parametrize(
    "more",
    [
        {"goals": (THEIRS,), "views": (View("Det er for langt", day=TODAY),)},
        {"goals": (replace(ASKED, day=LONG_AGO, marks=(Mark(date(2026, 11, 1), 5),)),)},
        {"goals": (THEIRS,), "plan": replace(PLAN, not_asked="Er indlagt."), "views": (View("Tegner", day=TODAY, otherwise="Tegning"),)},
        {"tried": (replace(TRIED, responsible=(), course=Course.ENDED),)},
        {"tried": ()},
    ],
)  # fmt: skip
def test_and_what_is_enough(more: dict[str, object]) -> None:
    assert _ready(**more) == []  # type: ignore[arg-type]


def test_everything_it_lacks_is_said_at_once() -> None:
    lacking = _ready(Plan(""), (), (replace(TRIED, responsible=()),))
    assert [rule for rule, _ in lacking] == ["BL5", "BL91", "OWN-PLAN-RESPONSIBLE", "BL95"]


@pytest.mark.parametrize(
    ("day", "before", "since", "why"),
    [
        (None, None, TODAY, ""),
        (TODAY, None, TODAY, ""),
        (date(2027, 2, 25), None, TODAY, ""),
        (date(2027, 2, 26), None, TODAY, "senest 25.02.2027"),
        (date(2027, 2, 26), date(2026, 12, 1), TODAY, ""),  # not the first
        (date(2026, 12, 15), None, date(2026, 9, 15), ""),
        (date(2026, 12, 16), None, date(2026, 9, 15), "senest 15.12.2026"),
        (date(2027, 2, 25), None, date(2020, 1, 1), ""),  # that day has gone long ago
        (date(2027, 5, 1), None, date(2027, 1, 31), "senest 30.04.2027"),  # it has not begun
        (date(2026, 11, 24), None, TODAY, "er gået"),
        (date(2026, 11, 24), date(2026, 11, 24), TODAY, ""),  # it was there already
    ],
)
def test_when_something_may_be_followed_up(day: date | None, before: date | None, since: date, why: str) -> None:
    found = rules.may_follow_up(day, before, since=since, today=TODAY, months=3)
    assert found.allowed is (not why) and why in found.reason
    assert found.allowed or found.rules == ("BL95",)


@pytest.mark.parametrize(
    ("goal", "change", "why"),
    [
        (ASKED, GoalChange(note="Vi øver"), ""),
        (ASKED, GoalChange(GoalState.REACHED), ""),
        (ASKED, GoalChange(GoalState.GIVEN_UP, " "), "hvorfor målet er opgivet"),
        (ASKED, GoalChange(GoalState.GIVEN_UP, "Vil noget andet"), ""),
        (ASKED, GoalChange(mark=Mark(TODAY, 0)), ""),
        (ASKED, GoalChange(mark=Mark(TODAY, 10)), ""),
        (ASKED, GoalChange(mark=Mark(TODAY, 11)), "fra 0 til 10"),
        (ASKED, GoalChange(mark=Mark(TODAY, -1)), "fra 0 til 10"),
        (ASKED, GoalChange(mark=Mark(date(2026, 11, 26), 3)), "efter i dag"),
        (THEIRS, GoalChange(mark=Mark(TODAY, 3)), "barnets egen"),
    ],
)
def test_how_a_goal_may_be_changed(goal: Goal, change: GoalChange, why: str) -> None:
    found = rules.may_change_goal(goal, change, today=TODAY)
    assert found.allowed is (not why) and why in found.reason and found.rules


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("Ja", True),
        (" \n\t ja 🦊", True),
        ("x" * 4000, True),
        ("x" * 4001, False),
        ("", False),
        (" \n", False),
        ("a\x07", False),
    ],
)
def test_words_are_kept_whole_or_not_at_all(text: str, allowed: bool) -> None:
    assert rules.can_be_kept(text, "Skriv noget.").allowed is allowed


def test_every_rule_and_choice_that_is_named_is_in_the_law() -> None:
    book = standard()
    named = (rules.CHILDS_VIEW, rules.OWN_GOALS, rules.FOLLOW_UP, rules.RESPONSIBLE, rules.REASON, rules.SCALE)
    assert {*named, rules.QUOTE, rules.FRAME} <= set(book.rules)
    terms = Terms(**{name: int(book.option(choice)) for name, choice in rules.MONTHS_OPTIONS.items()})
    assert terms == Terms(first_follow_up=3, childs_view=12)
