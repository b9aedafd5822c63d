"""When a plan is ready, when it must be looked at again, and what may be written. Pure.

Each answer has its reason and the rule's id (`law/rules.yaml`). The page and the operation ask the same function.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from barnetsbog.fhir.texts import unfit
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import day_start, local_day
from barnetsbog.law.ages import months_after

from .model import Course, Goal, GoalChange, GoalState, Intervention, Lack, Plan, Readiness, Terms, View

CHILDS_VIEW, OWN_GOALS, FOLLOW_UP = "BL5", "BL91", "BL95"
RESPONSIBLE, REASON, SCALE, QUOTE, FRAME = (
    "OWN-PLAN-RESPONSIBLE",
    "OWN-PLAN-REASON",
    "OWN-PLAN-SCALE",
    "OWN-PLAN-QUOTE",
    "OWN-PLAN-FRAME",
)

NEVER_ASKED = "Barnet er ikke spurgt endnu."
MONTHS_OPTIONS = {"first_follow_up": "plan-follow-up-months", "childs_view": "childs-view-months"}
"""The municipality's choices (`law/rules.yaml`) by what they are in `Terms`."""


def months_from(day: date, months: int) -> date:
    return local_day(months_after(day_start(day), months))


# -- the child's view --------------------------------------------------------------------------------------------------


def asked_on(goals: Iterable[Goal], views: Iterable[View]) -> date | None:
    """The last day on which the child itself said something of what it wants; None when nobody has asked."""
    days = [view.day for view in views if not view.otherwise]
    for goal in goals:
        if goal.own:
            days += [goal.day, *(mark.day for mark in goal.marks)]
    return max((day for day in days if day), default=None)


def is_lately(day: date | None, today: date, months: int) -> bool:
    return day is not None and months_from(day, months) >= today


def _not_heard(plan: Plan, goals: Sequence[Goal], views: Sequence[View], today: date, terms: Terms) -> Lack | None:
    """No plan is ready without the child's view; or an exceptional reason, and the view come to light otherwise."""
    asked = asked_on(goals, views)
    if is_lately(asked, today, terms.childs_view):
        return None
    otherwise = any(view.otherwise and is_lately(view.day, today, terms.childs_view) for view in views)
    if plan.not_asked and otherwise:
        return None
    if plan.not_asked:
        return Lack("Skriv også, hvad barnet mener, som det er kommet frem på anden måde.", CHILDS_VIEW)
    told = f"Barnet er ikke spurgt siden {asked:%d.%m.%Y}. Spørg igen." if asked else NEVER_ASKED
    return Lack(told, CHILDS_VIEW)


# -- is it ready -------------------------------------------------------------------------------------------------------


def readiness(
    plan: Plan,
    goals: Sequence[Goal],
    interventions: Sequence[Intervention],
    views: Sequence[View],
    *,
    today: date,
    terms: Terms,
) -> Readiness:
    """Whether the overall plan is ready, and all that it lacks. What its reader may not see is not asked about."""
    lacks = [_not_heard(plan, goals, views, today, terms)]
    if not any(goal.state is GoalState.ACTIVE for goal in goals):
        lacks.append(Lack("Planen har ikke noget mål, der er i gang.", OWN_GOALS))
    lacks += [
        Lack(f"Indsatsen »{one.title}« har ingen ansvarlig.", RESPONSIBLE)
        for one in interventions
        if is_current(one.course) and not one.responsible
    ]
    if plan.follow_up is None:
        lacks.append(Lack("Planen har ingen dag for opfølgning.", FOLLOW_UP))
    elif plan.follow_up < today:
        lacks.append(Lack("Dagen for opfølgning er gået. Følg op, og vælg en ny dag.", FOLLOW_UP))
    return Readiness(tuple(one for one in lacks if one))


def is_current(course: Course) -> bool:
    return course not in (Course.ENDED, Course.STOPPED)


# -- following up ------------------------------------------------------------------------------------------------------


def may_follow_up(day: date | None, before: date | None, *, since: date | None, today: date, months: int) -> Decision:
    """Whether something may be followed up on `day`. The first follow-up is so many months after it began at the
    latest; where that has gone, so many months from today."""
    if day is None or day == before:
        return _ALLOWED
    if day < today:
        return refuse("Dagen for opfølgning er gået. Vælg en dag, der kommer.", FOLLOW_UP)
    latest = months_from(since or today, months)
    if latest < today:
        latest = months_from(today, months)
    if before is None and day > latest:
        return refuse(f"Første opfølgning skal være senest {latest:%d.%m.%Y}.", FOLLOW_UP)
    return _ALLOWED


# -- what may be written -----------------------------------------------------------------------------------------------

LONGEST = 4000
"""Characters of one text. Somebody's words are never cut: what is longer is refused."""


def can_be_kept(text: str, missing: str, *, rule: str = QUOTE) -> Decision:
    """Whether words can be kept exactly as they are; when there are none, `missing` is said."""
    found = unfit(text, LONGEST, missing)
    return refuse(found.reason, rule) if found else _ALLOWED


def may_change_goal(goal: Goal, change: GoalChange, *, today: date) -> Decision:
    """A goal is given up with a reason; the scale goes from 0 to 10 and belongs to the child's own goals."""
    if change.state is GoalState.GIVEN_UP and not change.reason.strip():
        return refuse("Skriv, hvorfor målet er opgivet.", REASON)
    if change.mark is None:
        return _ALLOWED
    if not goal.own:
        return refuse("Skalaen er barnets egen. Den hører til barnets egne mål.", SCALE)
    return may_mark(change.mark.value, change.mark.day, today=today)


def may_mark(value: int, day: date, *, today: date) -> Decision:
    if not 0 <= value <= 10:
        return refuse("Skalaen går fra 0 til 10.", SCALE)
    if day > today:
        return refuse("Dagen ligger efter i dag.", SCALE)
    return _ALLOWED


_ALLOWED = allow("Det kan skrives.", FRAME)
