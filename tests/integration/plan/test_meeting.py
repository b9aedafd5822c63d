"""A plan meeting: minutes, the child's view, what is new, and agreements as balls, all at once or not at all."""

from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from barnetsbog.audit.models import Event
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.plan import operations
from barnetsbog.plan.model import Agreement, EffectNews, Felt, GoalNews, Minutes, RowRefused, Said
from barnetsbog.plan.queries import said
from barnetsbog.record.models import Entry, Version
from tests.conftest import BOTH_DATABASES

from .conftest import TODAY, Plan

pytestmark = BOTH_DATABASES


def _minutes(plan: Plan, **more: Any) -> Minutes:
    agreed = (
        Agreement("Send skemaet til far", plan.team.job("kim"), date(2026, 12, 1)),
        Agreement("Lav en plads ved vinduet", plan.team.job("maja"), date(2026, 12, 2)),
    )
    people = (plan.team.job("maja"), f"RelatedPerson/{Entry.objects.get(what='person').id}")
    return Minutes(TODAY, **{"title": "Planmøde om Alma", "text": "Vi talte om frikvartererne.", "people": people, "agreements": agreed, **more})  # fmt: skip


def test_everything_is_written_in_one_go(plan: Plan) -> None:
    goal, tried = plan.said(mark=4), plan.tries()
    plan.made()
    view = Said("Det var et langt møde 😴", TODAY, may_be_shared=True)
    news = {"goals": (GoalNews(goal, 6, "Hun kommer ind i legen."),), "effects": ()}
    minutes = _minutes(plan, view=view, child_was_there=True, next_follow_up=date(2027, 2, 1), **news)
    operations.hold_meeting(**plan.by("kim"), minutes=minutes)
    page = plan.page("kim")
    assert page.meetings[0].title == "Planmøde om Alma"
    assert plan.balls("kim") == [
        ("Send skemaet til far", "Kim Demosen", "2026-12-01"), ("Lav en plads ved vinduet", "Maja Demosen", "2026-12-02"),
        ("Følg op på planen", "Kim Demosen", "2027-02-01"),
    ]  # fmt: skip
    assert [one.words for one in said(page.parts.views)] == ["Det var et langt møde 😴"]
    (told,) = said(page.parts.own_goals)
    assert (told.marks[-1].value, told.notes[-1].text) == (6, "Hun kommer ind i legen.")
    assert page.parts.overall and page.parts.overall.said and page.parts.overall.said.follow_up == date(2027, 2, 1)
    assert Entry.objects.get(id=tried).version == 1
    assert Event.objects.filter(action="plan-meeting").count() == 1


def test_its_balls_say_at_which_meeting_they_were_agreed_on(plan: Plan) -> None:
    minutes = _minutes(plan)
    held = operations.hold_meeting(**plan.by("kim"), minutes=minutes)
    bodies = [orjson.loads(bytes(one.body)) for one in Version.objects.filter(entry_id__in=Entry.objects.filter(what="task").values("id"))]  # fmt: skip
    assert {body["encounter"]["reference"] for body in bodies} == {f"Encounter/{held}"}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"who": ""}, "Vælg, hvem der gør det"),
        ({"what": " "}, "Skriv, hvad der skal gøres"),
        ({"due": TODAY - timedelta(days=1)}, "Dagen er gået"),
        ({"who": "PractitionerRole/00000000-0000-0000-0000-000000000009"}, "opgave med barnet"),
    ],
)
def test_one_agreement_that_can_t_be_kept_keeps_everything_back_and_says_which(plan: Plan, bad: dict[str, Any], why: str) -> None:  # fmt: skip
    goal = plan.said()
    second = Agreement(**{"what": "Ring til mor", "who": plan.team.job("kim"), "due": TODAY, **bad})
    first = Agreement("Send skemaet", plan.team.job("kim"), TODAY)
    minutes = _minutes(plan, agreements=(first, second), goals=(GoalNews(goal, 5),))
    with pytest.raises(RowRefused, match=why) as found:
        operations.hold_meeting(**plan.by("kim"), minutes=minutes)
    assert found.value.row == 1
    assert not Entry.objects.filter(what__in=("meeting", "task")).exists()
    assert Entry.objects.get(id=goal).version == 1


def test_what_another_adds_while_the_minutes_are_written_stays(plan: Plan) -> None:
    tried = plan.tries("kim", responsible=(plan.team.job("kim"),))
    worked = _minutes(plan, agreements=(), effects=(EffectNews(tried, Felt.BETTER, "Formiddagen går."),))
    again = _minutes(plan, agreements=(), effects=(EffectNews(tried, Felt.SAME),))
    for one in (worked, again):
        operations.hold_meeting(**plan.by("kim"), minutes=one)
    effects = said(plan.page("kim").parts.interventions)[0].effects
    assert [(one.felt, one.words) for one in effects] == [(Felt.BETTER, "Formiddagen går."), (Felt.SAME, "")]


def test_only_the_coordinator_sets_the_next_follow_up_at_a_meeting(plan: Plan) -> None:
    plan.made()
    with pytest.raises(Refused, match="tovholderens"):
        operations.hold_meeting(
            **plan.by("maja"), minutes=_minutes(plan, agreements=(), next_follow_up=date(2027, 2, 1))
        )
    operations.hold_meeting(**plan.by("maja"), minutes=_minutes(plan, agreements=()))


def test_what_the_child_says_there_is_not_told_on_unless_it_says_so(plan: Plan) -> None:
    view = Said("Jeg sagde ikke alt", TODAY, may_be_shared=False)
    operations.hold_meeting(**plan.by("maja"), minutes=_minutes(plan, agreements=(), view=view))
    assert len(plan.page("maja").parts.views) == 1
    assert plan.page("kim").parts.views == () and plan.page("kim").asked is None


def test_only_those_who_can_be_there_are_said_to_have_been(plan: Plan) -> None:
    for people, why in (((plan.team.job("ulla"),), Refused), ((f"RelatedPerson/{new_id()}",), NotFound)):
        with pytest.raises(why):
            operations.hold_meeting(**plan.by("kim"), minutes=_minutes(plan, people=people))


@pytest.mark.parametrize(
    "more", [{"text": "a\x07"}, {"title": "a\x07"}, {"agreements": (Agreement("a\x07", "", TODAY),)}]
)
def test_signs_that_can_t_be_kept_are_said_and_nothing_breaks(plan: Plan, more: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="et tegn"):
        operations.hold_meeting(**plan.by("kim"), minutes=_minutes(plan, **more))
