"""The plan, goals, interventions and a meeting in FHIR R4. Pure.

Reading takes whatever another system sent; writing changes what it must and leaves the rest as it stands. The child's
words (`Goal.description.text`, `Observation.valueString`) are written once and never touched again.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from barnetsbog.fhir.own import (
    BASE,
    all_referred,
    complex_extension,
    extension,
    extension_of,
    extensions_of,
    members,
    parts_of,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import iso, local_day, parse
from barnetsbog.record.promotion import ENTRY_KIND, SENSITIVITY, kind_code, text_of

from .model import (
    Condition,
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
    Note,
    Plan,
    Said,
    View,
)  # fmt: skip

Resource = dict[str, Any]

OVERALL, OWN_GOAL, GOAL, INTERVENTION, VIEW = "overall-plan", "own-goal", "goal", "intervention", "childs-view"
MEETING = "Planmøde"
FOR_INTERVENTION = "for-intervention"
"""The extension by which an appointment says which intervention it is part of."""

_LABELS = {"P": "child-private", "X": "address", "H": "health", "F": "social", "O": "ordinary"}
_OVER = ("completed", "cancelled", "rejected")
_STATES = {"completed": GoalState.REACHED, "cancelled": GoalState.GIVEN_UP, "rejected": GoalState.GIVEN_UP}
_COURSES = {course.value: course for course in Course}
_FELT = {felt.value: felt for felt in Felt}
_AMBULATORY = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"}


# -- reading -----------------------------------------------------------------------------------------------------------


def goal_of(resource: Resource) -> Goal:
    return Goal(
        own=kind_code(resource) == OWN_GOAL, words=text_of(resource.get("description")),
        state=_STATES.get(str(resource.get("lifecycleStatus")), GoalState.ACTIVE),
        reason=str(resource.get("statusReason") or ""), said_to=referred(resource, "said-to"),
        day=_day(resource.get("startDate")), may_be_shared=extension_of(resource, "may-be-shared"),
        notes=_notes(resource.get("note")), marks=tuple(_marks(resource)),
        workers=all_referred(resource, "works-on"),
        answers=_references(resource.get("addresses")), follow_up=_day(extension_of(resource, "follow-up")),
    )  # fmt: skip


def _marks(resource: Resource) -> list[Mark]:
    """The scale over time; where a source says it once, on the day of the goal's state."""
    found = []
    for one in extensions_of(resource, "scale-point"):
        day, value = next(iter(parts_of(one, "day")), None), next(iter(parts_of(one, "value")), None)
        if isinstance(value, int) and (read := _day(day)):
            found.append(Mark(read, value))
    value, day = extension_of(resource, "scale"), _day(resource.get("statusDate") or resource.get("startDate"))
    if not found and isinstance(value, int) and day:
        return [Mark(day, value)]
    return sorted(found, key=lambda mark: mark.day)


def intervention_of(resource: Resource) -> Intervention:
    detail = _detail(resource)
    period = resource.get("period") or {}
    return Intervention(
        title=str(resource.get("title") or text_of(detail.get("code")) or resource.get("description") or "Indsats"),
        what=str(resource.get("description") or ""),
        course=_COURSES.get(str(resource.get("status")), Course.ACTIVE), since=_day(period.get("start")),
        until=_day(period.get("end")), responsible=responsible_of(resource),
        measure=str(extension_of(resource, "measure") or ""), answers=_references(resource.get("addresses")),
        serves=_references(resource.get("goal")), effects=tuple(_effects(resource)),
        follow_up=_day(extension_of(resource, "follow-up")),
    )  # fmt: skip


def _detail(resource: Resource) -> Resource:
    return next((one["detail"] for one in members(resource.get("activity")) if "detail" in one), {})


def responsible_of(resource: Resource) -> tuple[str, ...]:
    """Who does an intervention: those who are named, else whoever has written it, when that is a professional."""
    author = reference_of(resource.get("author"))
    works = author.partition("/")[0] in ("PractitionerRole", "Organization")
    return _references(_detail(resource).get("performer")) or ((author,) if works else ())


def _effects(resource: Resource) -> Iterable[Effect]:
    """What has been seen of its effect, as it was written; what a source says in a note has no day."""
    yield from (Effect(None, None, note.text, note.by) for note in _notes(resource.get("note")))
    for activity in members(resource.get("activity")):
        for one in members(activity.get("progress")):
            felt = _FELT.get(str(extension_of(one, "effect")))
            yield Effect(
                _day(one.get("time")), felt, "" if felt and one["text"] == felt else str(one["text"]), _by(one)
            )


def plan_of(resource: Resource) -> Plan:
    period = resource.get("period") or {}
    ready = extension_of(resource, "ready-at")
    return Plan(
        title=str(resource.get("title") or ""), type=text_of(resource.get("category")),
        about=str(resource.get("description") or ""), open=resource.get("status") in ("draft", "active", "on-hold"),
        since=_day(period.get("start") or resource.get("created")), until=_day(period.get("end")),
        follow_up=_day(extension_of(resource, "follow-up")),
        not_asked=str(extension_of(resource, "not-asked-reason") or ""),
        ready_at=parse(str(ready))[0] if ready else None,
    )  # fmt: skip


def condition_of(resource: Resource) -> Condition:
    codes = [c.get("code") for c in members((resource.get("clinicalStatus") or {}).get("coding"))]
    over = bool({"resolved", "inactive", "remission"} & set(codes)) or bool(resource.get("abatementDateTime"))
    since = resource.get("onsetDateTime") or resource.get("recordedDate")
    return Condition(text_of(resource.get("code")), not over, _day(since), _notes(resource.get("note")))


def view_of(resource: Resource) -> View:
    return View(
        words=str(resource.get("valueString") or ""), said_to=referred(resource, "said-to"),
        day=_day(resource.get("effectiveDateTime")), may_be_shared=extension_of(resource, "may-be-shared"),
        otherwise=str(extension_of(resource, "told-otherwise") or ""),
    )  # fmt: skip


def counts(resource: Resource) -> bool:
    """Whether it is there: not what was entered in error."""
    status = resource.get("status") or resource.get("lifecycleStatus")
    return status != "entered-in-error"


def follows(task: Resource) -> str:
    """What a ball follows up."""
    return referred(task, "follows-up")


def _day(text: Any) -> date | None:
    return local_day(parse(text)[0]) if isinstance(text, str) and text else None


def _notes(notes: Any) -> tuple[Note, ...]:
    return tuple(_note(one) for one in members(notes) if one.get("text"))


def _note(one: Resource) -> Note:
    at = parse(one["time"])[0] if "time" in one else None
    return Note(str(one["text"]), _by(one), at)


def _by(annotation: Resource) -> str:
    """FHIR lets only a person or an organisation write an annotation, and not a person in a unit: that is ours."""
    return referred(annotation, "author") or reference_of(annotation.get("authorReference"))


def _references(some: Any) -> tuple[str, ...]:
    return tuple(found for one in members(some) if (found := reference_of(one)))


# -- writing -----------------------------------------------------------------------------------------------------------


def said_goal(ident: str, said: Said, *, child: str, by: str) -> Resource:
    """A goal in the child's own words. Its author is the child, so that what is not to be shared stays with the one it
    was told."""
    marks = [] if said.mark is None else _scale((Mark(said.day, said.mark),))
    return {
        "resourceType": "Goal", "id": ident, "lifecycleStatus": "active", "category": _kind(OWN_GOAL),
        "description": {"text": said.words}, "subject": {"reference": child}, "startDate": said.day.isoformat(),
        "statusDate": said.day.isoformat(), "expressedBy": {"reference": child},
        "extension": [*_as_said(said, child=child, by=by), *marks],
    }  # fmt: skip


def told_view(ident: str, said: Said, *, child: str, by: str) -> Resource:
    """What the child says of the plan, of a meeting or of a matter that somebody is asked about, in its own words."""
    otherwise = [extension("told-otherwise", "String", said.otherwise)] if said.otherwise else []
    return {
        "resourceType": "Observation", "id": ident, "status": "final", "category": _kind(VIEW),
        "code": {"text": "Barnets syn"}, "subject": {"reference": child}, "effectiveDateTime": said.day.isoformat(),
        "performer": [{"reference": child}], "valueString": said.words,
        "extension": [*_as_said(said, child=child, by=by), *otherwise],
        **({"focus": [{"reference": one} for one in said.about]} if said.about else {}),
    }  # fmt: skip


def is_of_plan(resource: Resource) -> bool:
    """Whether it counts, and is no view of something else."""
    return counts(resource) and not about(resource)


def about(view: Resource) -> frozenset[str]:
    """The ids of the consents that a view is about."""
    told = _references(view.get("focus"))
    return frozenset(one.removeprefix("Consent/") for one in told if one.startswith("Consent/"))


def _as_said(said: Said, *, child: str, by: str) -> list[Resource]:
    """What the child has written itself was said to nobody."""
    told = [] if by == child else [referring("said-to", said.to or by)]
    return [
        referring("author", child), referring("changed-by", by), *told,
        extension("may-be-shared", "Boolean", said.may_be_shared),
    ]  # fmt: skip


def new_goal(ident: str, goal: Goal, *, child: str, by: str, at: int) -> Resource:
    """A goal of the professionals."""
    resource: Resource = {
        "resourceType": "Goal", "id": ident, "lifecycleStatus": "active", "category": _kind(GOAL),
        "description": {"text": goal.words}, "subject": {"reference": child}, "startDate": local_day(at).isoformat(),
        "expressedBy": {"reference": by}, "extension": [referring("author", by)],
    }  # fmt: skip
    if goal.answers:
        resource["addresses"] = _listed(goal.answers)
    change = GoalChange(workers=goal.workers, follow_up=goal.follow_up)
    return changed_goal(resource, change, by="", at=at)


def changed_goal(resource: Resource, change: GoalChange, *, by: str, at: int) -> Resource:
    """The next version of a goal. What is said in `description` is never touched."""
    before = goal_of(resource)
    put = [referring("works-on", one) for one in dict.fromkeys(change.workers)]
    put += [extension("follow-up", "Date", change.follow_up.isoformat())] if change.follow_up else []
    put += [] if change.may_be_shared is None else [extension("may-be-shared", "Boolean", change.may_be_shared)]
    ours = ["works-on", "follow-up"] + ([] if change.may_be_shared is None else ["may-be-shared"])
    if change.mark:
        put += _scale((*before.marks, change.mark))
        ours += ["scale", "scale-point"]
    found = _next(resource, ours, put, by)
    if change.state is not before.state:
        found |= {"lifecycleStatus": change.state.value, "statusDate": local_day(at).isoformat()}
    found.pop("statusReason", None)
    if change.reason.strip() and change.state is not GoalState.ACTIVE:
        found["statusReason"] = change.reason.strip()
    if change.note.strip():
        found["note"] = [*members(resource.get("note")), _annotation(change.note.strip(), by, iso(at))]
    return found


def _scale(marks: Iterable[Mark]) -> list[Resource]:
    """The scale over time, one value a day (the last one said), and where it is now."""
    by_day = {mark.day: mark.value for mark in marks}
    points: list[Resource] = [
        complex_extension("scale-point", {"value": ("Integer", value), "day": ("Date", day.isoformat())})
        for day, value in sorted(by_day.items())
    ]
    return [*points, extension("scale", "Integer", by_day[max(by_day)])]


def new_intervention(ident: str, wanted: Intervention, *, child: str, by: str) -> Resource:
    resource: Resource = {
        "resourceType": "CarePlan", "id": ident, "intent": "plan", "category": _kind(INTERVENTION),
        "subject": {"reference": child}, "author": {"reference": by}, "extension": [referring("author", by)],
    }  # fmt: skip
    return changed_intervention(resource, wanted, None, by="")


_ACTIVITY = {
    Course.PLANNED: "not-started", Course.ACTIVE: "in-progress", Course.PAUSED: "on-hold", Course.ENDED: "completed",
    Course.STOPPED: "stopped",
}  # fmt: skip


def changed_intervention(resource: Resource, to: Intervention, effect: Effect | None, *, by: str) -> Resource:
    """The next version of an intervention."""
    put = [extension("measure", "String", to.measure)] if to.measure else []
    put += [extension("follow-up", "Date", to.follow_up.isoformat())] if to.follow_up else []
    found = _next(resource, ["measure", "follow-up"], put, by)
    activities = list(members(resource.get("activity")))
    at = next((at for at, one in enumerate(activities) if "reference" not in one), None)  # FHIR: that, or a detail
    activity = {} if at is None else dict(activities.pop(at))
    detail = {**(activity.get("detail") or {}), "status": _ACTIVITY[to.course], "description": to.title}
    detail.pop("performer", None)
    if to.responsible:
        detail["performer"] = _listed(to.responsible)
    activity["detail"] = detail
    if effect:
        activity["progress"] = [*members(activity.get("progress")), _progress(effect)]
    found |= {"status": to.course.value, "title": to.title, "activity": [activity, *activities]}
    period = {key: day.isoformat() for key, day in (("start", to.since), ("end", to.until)) if day}
    given = {
        "description": to.what, "period": period, "addresses": _listed(to.answers), "goal": _listed(to.serves),
    }  # fmt: skip
    for name, value in given.items():
        found.pop(name, None)
        if value:
            found[name] = value
    return found


def _progress(effect: Effect) -> Resource:
    """An effect as FHIR's comment on how an activity goes. FHIR wants words; without any, the code stands there."""
    felt = str(effect.felt.value) if effect.felt else ""
    found = _annotation(effect.words.strip() or felt, effect.by, effect.day.isoformat() if effect.day else "")
    if felt:
        found["extension"].append(extension("effect", "Code", felt))
    return found


def new_plan(ident: str, frame: Frame, *, child: str, by: str, at: int) -> Resource:
    """The frame of the overall plan. It stands with the goals, for everybody whom those are for, so it says nothing of
    what single readers may not see."""
    resource: Resource = {
        "resourceType": "CarePlan", "id": ident, "status": "draft", "intent": "plan", "category": _kind(OVERALL),
        "meta": {
            "profile": [f"{BASE}/StructureDefinition/overall-plan"],
            "security": [_label("O")],
        },
        "subject": {"reference": child}, "period": {"start": local_day(at).isoformat()}, "created": iso(at),
        "author": {"reference": by}, "extension": [referring("author", by)],
    }  # fmt: skip
    return changed_plan(resource, frame, by="")


def changed_plan(resource: Resource, frame: Frame, *, by: str) -> Resource:
    put = [extension("follow-up", "Date", frame.follow_up.isoformat())] if frame.follow_up else []
    put += [extension("not-asked-reason", "String", frame.not_asked.strip())] if frame.not_asked.strip() else []
    found = _next(resource, ["follow-up", "not-asked-reason"], put, by)
    words = {"title": frame.title.strip(), "description": frame.about.strip()}  # another system's plan may lack either
    rest = {key: value for key, value in found.items() if key not in words}
    return rest | {key: text for key, text in words.items() if text}


def ready_plan(resource: Resource, *, by: str, at: int) -> Resource:
    found = _next(resource, ["ready-at"], [extension("ready-at", "DateTime", iso(at))], by)
    return found | {"status": "active"}


def looked_through(
    resource: Resource, *, goals: Iterable[str], interventions: Iterable[str], conditions: Iterable[str],
    plans: Iterable[str],
) -> Resource:  # fmt: skip
    """The plan with what it consists of today, as far as the one who leads it may see it."""
    given = {"goal": goals, "supportingInfo": interventions, "addresses": conditions, "basedOn": plans}
    found = {key: value for key, value in resource.items() if key not in given}
    return found | {name: listed for name, some in given.items() if (listed := _listed(some))}


def followed_up(task: Resource, thing: str, letter: str) -> Resource:
    """A ball that follows something up: it stands where that stands, and is as sensitive (`letter`; empty: as its
    writer's words are)."""
    return labelled({**task, "extension": [*task["extension"], referring("follows-up", thing)]}, letter)


def labelled(task: Resource, letter: str) -> Resource:
    return {**task, "meta": {**task["meta"], "security": [_label(letter)]}} if letter else task


def meeting(ident: str, minutes: Minutes, *, child: str, by: str, unit: str) -> Resource:
    """The minutes as a meeting that was held. The child can't be an Encounter's participant: it is its subject."""
    people = dict.fromkeys((by, *minutes.people))
    return {
        "resourceType": "Encounter", "id": ident, "status": "finished", "class": _AMBULATORY,
        "type": [{"text": minutes.title.strip() or MEETING}], "subject": {"reference": child},
        "participant": [{"individual": {"reference": one}} for one in people],
        "period": {"start": minutes.day.isoformat()}, "serviceProvider": {"reference": unit},
        "extension": [
            referring("author", by), extension("text", "Markdown", minutes.text),
            extension("child-took-part", "Boolean", minutes.child_was_there),
        ],
    }  # fmt: skip


def at_meeting(task: Resource, ident: str) -> Resource:
    """A ball that was agreed on at a meeting."""
    return {**task, "encounter": {"reference": f"Encounter/{ident}"}}


def says_the_same(before: Resource, after: Resource) -> bool:
    """Whether a next version says what stands there already, whoever saves it."""
    return _said(before) == _said(after)


def _said(resource: Resource) -> Resource:
    rest = {key: _unnamed(value) for key, value in resource.items() if key not in ("meta", "extension")}
    return {**rest, "extension": sorted(map(str, _unnamed(without(resource, "changed-by"))))}


def _unnamed(value: Any) -> Any:
    """Without what somebody is called beside a reference: that is not what a version says."""
    if isinstance(value, list):
        return [_unnamed(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _unnamed(one) for key, one in value.items() if not (key == "display" and "reference" in value)}


def _next(resource: Resource, ours: Iterable[str], put: list[Resource], by: str) -> Resource:
    """The same with other extensions of ours. It is registered now, whenever a source said that it was before."""
    kept = without(resource, *ours, *(("changed-by",) if by else ()))
    kept += [referring("changed-by", by)] if by else []
    meta = {key: value for key, value in resource.get("meta", {}).items() if key not in ("lastUpdated", "source")}
    found = {key: value for key, value in resource.items() if key not in ("meta", "extension")}
    return found | ({"meta": meta} if meta else {}) | ({"extension": [*kept, *put]} if kept or put else {})


def _kind(code: str) -> list[Resource]:
    return [{"coding": [{"system": ENTRY_KIND, "code": code}]}]


def _label(letter: str) -> Resource:
    return {"system": SENSITIVITY, "code": _LABELS[letter]}


def _annotation(text: str, by: str, time: str) -> Resource:
    return {"extension": [referring("author", by)], **({"time": time} if time else {}), "text": text}


def _listed(references: Iterable[str]) -> list[Resource]:
    return [{"reference": one} for one in dict.fromkeys(references)]
