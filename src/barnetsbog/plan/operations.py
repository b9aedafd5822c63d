"""Writing in the plan: goals, what is tried, what the child says, the overall plan, and the minutes of a meeting.

Each is written as everything else is (`intake.writing`). The child's words are kept letter by letter and never written
over. Whoever changes something says which version they began from; when somebody else was first, nothing is stored
(`Conflict`), and the page shows both. What has a day to be looked at again has a ball for that day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.access import naming
from barnetsbog.contacts.queries import known_here
from barnetsbog.fhir.own import ident_of
from barnetsbog.intake.writing import CHANGED, SAME, author_of, patient_of, write, writing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import last_of_day, local_day
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import kind_code
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import class_of
from barnetsbog.responsibility.model import NewBall
from barnetsbog.responsibility.operations import followed, new_ball
from barnetsbog.responsibility.queries import receivers

from . import mapping, queries, rules
from .model import (
    Agreement,
    Effect,
    Frame,
    Goal,
    GoalChange,
    GoalState,
    Intervention,
    InterventionChange,
    Mark,
    Minutes,
    OwnChange,
    Parts,
    Plan,
    Planning,
    RowRefused,
    Said,
)  # fmt: skip
from .queries import body_of, may_write

Resource = dict[str, Any]

ONLY_THE_LEADER = "Den fælles plan er tovholderens. Bed tovholderen skrive det, eller skriv det under et mål."
DROPPED = "Barnet har selv lagt målet væk."
WRITTEN_TO = "Barnet har ikke sagt, at det må deles. Så er det den, barnet sagde det til, der skriver det ned."


class _At(NamedTuple):
    """Who writes, about whom, today."""

    by: Scope
    child_id: UUID
    child: str
    job: str
    today: date


def _begin(by: Scope, child_id: UUID) -> _At:
    if not may_write(by):
        raise NotFound
    return _At(by, child_id, f"Patient/{patient_of(child_id)}", f"PractitionerRole/{by.role_id}", local_day(by.at))


def _may_keep(*texts: str) -> None:
    """Texts that may be left out, and can be kept as they are when they are not."""
    for text in texts:
        if text.strip():
            require(rules.can_be_kept(text, ""))


# -- what the child says -----------------------------------------------------------------------------------------------


def write_down(*, by: Scope, child_id: UUID, said: Said) -> UUID:
    """A goal in the child's own words."""
    with writing(by, Planning.GOAL, child_id, confidential=not said.may_be_shared):
        here, ident = _begin(by, child_id), new_id()
        _may_say(here, said)
        write(by, mapping.said_goal(str(ident), said, child=here.child, by=here.job))
    return ident


def tell_view(*, by: Scope, child_id: UUID, said: Said) -> UUID:
    """What the child says of the plan, or of a matter, in its own words."""
    with writing(by, Planning.VIEW, child_id, confidential=not said.may_be_shared):
        here, ident = _begin(by, child_id), new_id()
        _may_say(here, said)
        write(by, mapping.told_view(str(ident), said, child=here.child, by=here.job))
    return ident


def _can_be_said(here: _At, said: Said, missing: str) -> None:
    require(rules.can_be_kept(said.words, missing))
    _may_keep(said.otherwise)
    require(rules.may_mark(0 if said.mark is None else said.mark, said.day, today=here.today))


def _may_say(here: _At, said: Said) -> None:
    _can_be_said(here, said, "Skriv det, barnet har sagt.")
    ident = ident_of(said.to) if said.to else here.by.role_id
    job = naming.roles(here.by, [ident] if ident else [], veiled=False).get(ident or here.by.role_id)
    if job is None:
        raise Refused("Vælg, hvem barnet sagde det til.")
    if not said.may_be_shared and job.unit_id != here.by.unit_id:
        raise Refused(WRITTEN_TO, (rules.QUOTE,))


# -- what the child writes itself --------------------------------------------------------------------------------------


def _begin_as_child(by: Scope, child_id: UUID) -> _At:
    if not by.own:
        raise NotFound
    child = author_of(by)
    return _At(by, child_id, child, child, local_day(by.at))


def write_own_goal(*, by: Scope, child_id: UUID, said: Said) -> UUID:
    """A goal that the child writes itself: nobody else's to read before the child says that it may be shared."""
    with writing(by, Planning.GOAL, child_id, confidential=not said.may_be_shared):
        here, ident = _begin_as_child(by, child_id), new_id()
        _can_be_said(here, said, "Skriv dit mål.")
        write(by, mapping.said_goal(str(ident), said, child=here.child, by=here.job))
    return ident


def write_own_view(*, by: Scope, child_id: UUID, said: Said) -> UUID:
    """What the child thinks of the plan, or of a matter, written by the child itself."""
    with writing(by, Planning.VIEW, child_id, confidential=not said.may_be_shared):
        here, ident = _begin_as_child(by, child_id), new_id()
        _can_be_said(here, said, "Skriv, hvad du synes.")
        write(by, mapping.told_view(str(ident), said, child=here.child, by=here.job))
    return ident


def change_own_goal(*, by: Scope, child_id: UUID, ident: UUID, version: int, change: OwnChange) -> None:
    """The child says how close it is, whether it is reached or dropped, and whether others may read it. Its words, and
    what others have added, stay."""
    with writing(by, Planning.GOAL, child_id, goal=str(ident), confidential=True) as book:
        here = _begin_as_child(by, child_id)
        item = queries.goal(book, child_id, ident)
        _must_be(item.row, version)
        if item.said is None or not item.said.own:
            raise NotFound
        _write_next(book, item.row, _goal_changed(book, here, item.row, _as_change(book, here, item.said, change)))


def _as_change(book: Book, here: _At, goal: Goal, change: OwnChange) -> GoalChange:
    strangers = _strangers(book, here.child_id, goal.workers)
    known = tuple(one for one in goal.workers if one not in strangers)
    mark = None if change.mark is None else Mark(here.today, change.mark)
    reason = DROPPED if change.state is GoalState.GIVEN_UP else ""
    return GoalChange(change.state, reason, known, goal.follow_up, change.may_be_shared, mark=mark)


# -- goals -------------------------------------------------------------------------------------------------------------


def set_goal(*, by: Scope, child_id: UUID, wanted: Goal) -> UUID:
    """A goal of the professionals, across disciplines."""
    with writing(by, Planning.GOAL, child_id) as book:
        here, ident = _begin(by, child_id), new_id()
        require(rules.can_be_kept(wanted.words, "Skriv målet."))
        _may_refer(book, child_id, wanted.answers)
        resource = mapping.new_goal(str(ident), wanted, child=here.child, by=here.job, at=by.at)
        _may_work(book, child_id, wanted.workers, ())
        balls = _follow_up(book, here, _Thing(None, resource), wanted.follow_up, to=wanted.workers)
        write(by, resource, *balls)
    return ident


def change_goal(*, by: Scope, child_id: UUID, ident: UUID, version: int, change: GoalChange) -> None:
    """How a goal stands now, who works on it, when it is looked at again; an interpretation and a value on the child's
    scale are added to those that are there."""
    private: list[bool] = []  # whether the log may tell a parent of it is known when the goal is found
    with writing(by, Planning.GOAL, child_id, goal=str(ident), confidential=private) as book:
        here = _begin(by, child_id)
        item = queries.goal(book, child_id, ident)
        private += [True] if item.row.private else []
        _must_be(item.row, version)
        _write_next(book, item.row, _goal_changed(book, here, item.row, change))


def _goal_changed(book: Book, here: _At, row: EntryRow, change: GoalChange) -> list[Resource]:
    body = _body(book, row)
    goal = mapping.goal_of(body)
    require(rules.may_change_goal(goal, change, today=here.today))
    _may_keep(change.note, change.reason)
    _may_say_who_reads(here, goal, change)
    _may_work(book, here.child_id, change.workers, goal.workers)
    workers = (*change.workers, *_strangers(book, here.child_id, goal.workers))
    due = change.follow_up if change.state is GoalState.ACTIVE else None
    thing = _Thing(row, body, goal.follow_up, goal.day, _cleared(body, goal, change))
    balls = _follow_up(book, here, thing, due, to=change.workers)
    change = replace(change, follow_up=due, workers=workers)
    return [mapping.changed_goal(body, change, by=here.job, at=here.by.at), *balls]


def _may_say_who_reads(here: _At, goal: Goal, change: GoalChange) -> None:
    """Who may read what a child has said is the child's to say: to the unit that it told, or itself."""
    if not goal.own or here.by.own or change.may_be_shared in (None, bool(goal.may_be_shared)):
        return
    told = ident_of(goal.said_to)
    job = naming.roles(here.by, [told], veiled=False).get(told) if told else None
    if job is None or job.unit_id != here.by.unit_id:
        raise Refused(WRITTEN_TO, (rules.QUOTE,))


def _cleared(body: Resource, goal: Goal, change: GoalChange) -> str:
    """The class of a goal whose child now says otherwise about who may read it; a label of its source stays."""
    labelled = "security" in body.get("meta", {})
    if not goal.own or labelled or change.may_be_shared in (None, goal.may_be_shared):
        return ""
    return "O" if change.may_be_shared else "P"


# -- interventions -----------------------------------------------------------------------------------------------------


def try_out(*, by: Scope, child_id: UUID, wanted: Intervention) -> UUID:
    """A new intervention: what is tried, by whom, against what and for which goal."""
    with writing(by, Planning.INTERVENTION, child_id) as book:
        here, ident = _begin(by, child_id), new_id()
        _may_try(book, here, wanted, Intervention(""))
        resource = mapping.new_intervention(str(ident), wanted, child=here.child, by=here.job)
        balls = _follow_up(
            book, here, _Thing(None, resource, since=wanted.since), _watched(wanted), to=wanted.responsible
        )
        write(by, resource, *balls)
    return ident


def change_intervention(*, by: Scope, child_id: UUID, ident: UUID, version: int, change: InterventionChange) -> None:
    """How an intervention stands now; an effect is added to those that are there."""
    with writing(by, Planning.INTERVENTION, child_id, intervention=str(ident)) as book:
        here = _begin(by, child_id)
        item = queries.intervention(book, child_id, ident)
        _must_be(item.row, version)
        _write_next(book, item.row, _intervention_changed(book, here, item.row, change))


def _intervention_changed(book: Book, here: _At, row: EntryRow, change: InterventionChange) -> list[Resource]:
    body = _body(book, row)
    before, to = mapping.intervention_of(body), change.to
    _may_try(book, here, to, before)
    if change.effect:
        _may_have_worked(change.effect, here.today)
    to = replace(
        to, follow_up=_watched(to), answers=(*to.answers, *_unseen(book, here.child_id, before.answers)),
        serves=(*to.serves, *_unseen(book, here.child_id, before.serves)),
        responsible=(*to.responsible, *_strangers(book, here.child_id, before.responsible)),
    )  # fmt: skip
    balls = _follow_up(book, here, _Thing(row, body, before.follow_up, before.since), to.follow_up, to=to.responsible)
    effect = change.effect._replace(by=here.job) if change.effect else None
    return [mapping.changed_intervention(body, to, effect, by=here.job), *balls]


def _may_try(book: Book, here: _At, wanted: Intervention, before: Intervention) -> None:
    require(rules.can_be_kept(wanted.title, "Skriv kort, hvad I prøver."))
    _may_keep(wanted.what, wanted.measure)
    if wanted.since and wanted.until and wanted.until < wanted.since:
        raise Refused("Indsatsen kan ikke slutte, før den begynder.")
    _may_refer(book, here.child_id, {*wanted.answers, *wanted.serves} - {*before.answers, *before.serves})
    _may_work(book, here.child_id, wanted.responsible, before.responsible)


def _may_have_worked(effect: Effect, today: date) -> None:
    if effect.felt is None and not effect.words.strip():
        raise Refused("Skriv, hvordan det er gået, eller vælg bedre, det samme eller værre.")
    _may_keep(effect.words)
    if effect.day and effect.day > today:
        raise Refused("Dagen ligger efter i dag.")


def _watched(wanted: Intervention) -> date | None:
    return wanted.follow_up if rules.is_current(wanted.course) else None


# -- the overall plan --------------------------------------------------------------------------------------------------


def make_plan(*, by: Scope, child_id: UUID, frame: Frame) -> UUID:
    """The child's overall plan, where there is none that the coordinator can see."""
    with writing(by, Planning.LEAD, child_id) as book:
        here, ident = _begin_leading(book, by, child_id), new_id()
        found = queries.parts(book, child_id)
        if found.overall:
            raise Conflict(CHANGED)
        _may_frame(frame)
        resource = _with_parts(mapping.new_plan(str(ident), frame, child=here.child, by=here.job, at=by.at), found)
        write(by, resource, *_follow_up(book, here, _Thing(None, resource), frame.follow_up))
    return ident


def change_plan(*, by: Scope, child_id: UUID, version: int, frame: Frame) -> None:
    with writing(by, Planning.LEAD, child_id) as book:
        here = _begin_leading(book, by, child_id)
        _may_frame(frame)
        row, body, plan = _overall(book, child_id)
        _must_be(row, version)
        balls = _follow_up(book, here, _Thing(row, body, plan.follow_up, plan.since), frame.follow_up)
        changed = mapping.changed_plan(body, frame, by=here.job)
        _write_next(book, row, [_with_parts(changed, queries.parts(book, child_id)), *balls])


def say_it_is_ready(*, by: Scope, child_id: UUID, version: int) -> None:
    """The plan is ready ("plan klar"); `Refused` with everything that it lacks."""
    with writing(by, Planning.LEAD, child_id, ready=True) as book:
        here = _begin_leading(book, by, child_id)
        row, body, _ = _overall(book, child_id)
        _must_be(row, version)
        found = queries.parts(book, child_id)
        require(queries.readiness(by, found).decision)
        write(by, _with_parts(mapping.ready_plan(body, by=here.job, at=by.at), found))


def _begin_leading(book: Book, by: Scope, child_id: UUID) -> _At:
    here = _begin(by, child_id)
    if not queries.leads(book, child_id):
        raise Refused(ONLY_THE_LEADER, (rules.FRAME,))
    return here


def _may_frame(frame: Frame) -> None:
    require(rules.can_be_kept(frame.title, "Skriv planens overskrift."))
    require(rules.can_be_kept(frame.about, "Skriv kort, hvad planen handler om."))
    _may_keep(frame.not_asked)


def _overall(book: Book, child_id: UUID) -> tuple[EntryRow, Resource, Plan]:
    found = queries.parts(book, child_id).overall
    if found is None or found.said is None:
        raise NotFound
    return found.row, _body(book, found.row), found.said


def _with_parts(resource: Resource, found: Parts) -> Resource:
    """The plan refers to what it consists of today, as far as its leader may see it."""
    return mapping.looked_through(
        resource, goals=(one.reference for one in queries.current_goals(found)),
        interventions=(one.reference for one in queries.current_interventions(found)),
        conditions=(one.reference for one in queries.current_conditions(found)),
        plans=(one.reference for one in queries.open_plans(found)),
    )  # fmt: skip


# -- a plan meeting ----------------------------------------------------------------------------------------------------


def hold_meeting(*, by: Scope, child_id: UUID, minutes: Minutes) -> UUID:
    """Minutes, what the child says, what is new about goals and interventions, and the agreements as balls: all in one
    transaction, or nothing. The id of the meeting.

    Raises: `RowRefused` for an agreement that can't be kept; `Refused`.
    """
    ident = new_id()
    with writing(by, Planning.MEETING, child_id, meeting=str(ident)) as book:
        here = _begin(by, child_id)
        _may_hold(book, here, minutes)
        unit = f"Organization/{by.unit_id}"
        told = mapping.meeting(str(ident), minutes, child=here.child, by=here.job, unit=unit)
        agreed = _agreed(book, here, str(ident), minutes.agreements)
        write(by, told, *_said_there(here, minutes), *_news(book, here, minutes), *agreed)
    return ident


def _may_hold(book: Book, here: _At, minutes: Minutes) -> None:
    require(rules.can_be_kept(minutes.text, "Skriv et referat."))
    _may_keep(minutes.title)
    if minutes.day > here.today:
        raise Refused("Mødet kan ikke ligge efter i dag.")
    people = {one for one in minutes.people if one.startswith("RelatedPerson/")}
    _may_refer(book, here.child_id, people)
    if set(minutes.people) - people - {here.job} - {one.reference for one in receivers(book, here.child_id)}:
        raise Refused("Vælg dem, der var med, på listen.")


def _is_there(book: Book, child_id: UUID, ident: UUID) -> bool:
    try:
        return bool(book.entry(child_id, ident))
    except NotFound:
        return False


def _said_there(here: _At, minutes: Minutes) -> list[Resource]:
    if minutes.view is None:
        return []
    _may_say(here, minutes.view)
    return [mapping.told_view(str(new_id()), minutes.view, child=here.child, by=here.job)]


def _news(book: Book, here: _At, minutes: Minutes) -> list[Resource]:
    """What changes of goals, interventions and the plan itself. What others have added meanwhile stays."""
    found: list[Resource] = []
    for news in minutes.goals:
        item = queries.goal(book, here.child_id, news.goal)
        goal = item.said or Goal(False, "")
        mark = None if news.mark is None else Mark(minutes.day, news.mark)
        change = GoalChange(
            goal.state, goal.reason, goal.workers, goal.follow_up, goal.may_be_shared, news.note, mark
        )  # fmt: skip
        found += _goal_changed(book, here, item.row, change)
    for effect in minutes.effects:
        tried = queries.intervention(book, here.child_id, effect.intervention)
        told = Effect(minutes.day, effect.felt, effect.words)
        change_to = InterventionChange(tried.said or Intervention(""), told)
        found += _intervention_changed(book, here, tried.row, change_to)
    if minutes.next_follow_up:
        found += _next_follow_up(book, here, minutes.next_follow_up)
    return found


def _next_follow_up(book: Book, here: _At, day: date) -> list[Resource]:
    _begin_leading(book, here.by, here.child_id)
    row, body, plan = _overall(book, here.child_id)
    if day == plan.follow_up:
        return []
    balls = _follow_up(book, here, _Thing(row, body, plan.follow_up, plan.since), day)
    frame = Frame(plan.title, plan.about, day, plan.not_asked)
    return [mapping.changed_plan(body, frame, by=here.job), *balls]


def _agreed(book: Book, here: _At, meeting: str, agreements: Iterable[Agreement]) -> list[Resource]:
    found = []
    for number, one in enumerate(agreements):
        try:
            found.append(mapping.at_meeting(_ball(book, here, one), meeting))
        except Refused as why:
            raise RowRefused(number, why) from None
    return found


def _ball(book: Book, here: _At, agreed: Agreement) -> Resource:
    require(rules.can_be_kept(agreed.what, "Skriv, hvad der skal gøres."))
    if not agreed.who:
        raise Refused("Vælg, hvem der gør det.")
    if agreed.due < here.today:
        raise Refused("Dagen er gået. Vælg en dag, der kommer.")
    return new_ball(book, here.child_id, new_id(), NewBall(agreed.what, to=agreed.who, due=last_of_day(agreed.due)))


# -- balls for the days of follow-up -----------------------------------------------------------------------------------


class _Thing(NamedTuple):
    """What is followed up: its row if it is there already, what it says, until when it was to be followed up, and since
    when it lasts. `letter`: the class it is to be of, when that is changed too."""

    row: EntryRow | None
    body: Resource
    follow_up: date | None = None
    since: date | None = None
    letter: str = ""

    @property
    def reference(self) -> str:
        return f"{self.body['resourceType']}/{self.body['id']}"

    @property
    def class_before(self) -> str:
        return class_of(self.row.shelf) if self.row else ""

    @property
    def class_after(self) -> str:
        return self.letter or self.class_before


_TITLES = {
    mapping.GOAL: "Følg op på et mål",
    mapping.INTERVENTION: "Følg op på en indsats",
    mapping.OVERALL: "Følg op på planen",
}


def _follow_up(book: Book, here: _At, thing: _Thing, day: date | None, *, to: tuple[str, ...] = ()) -> list[Resource]:
    """What becomes of the ball when something is to be followed up on another day than before, or be read by others: a
    new one, the same one moved, or the same one given up. Who reads it changes also when the day has gone."""
    if day == thing.follow_up and thing.class_after == thing.class_before:
        return []
    months = queries.terms_in_use().first_follow_up
    since = thing.since or here.today
    require(rules.may_follow_up(day, thing.follow_up, since=since, today=here.today, months=months))
    ball = _ball_of(book, here.child_id, thing) if thing.row else None
    if ball is None:
        return [_new_follow_up(book, here, thing, day, to)] if day and _may_open(here, day) else []
    due = last_of_day(day) if day else None
    why = "Dagen for opfølgning er fastsat." if day else "Der skal ikke længere følges op."
    return [mapping.labelled(followed(book, here.child_id, ball.id, due=due, reason=why), thing.class_after)]


def _may_open(here: _At, day: date) -> bool:
    """The child opens no ball of its own goal, and nobody opens one for a day that has gone."""
    return may_write(here.by) and day >= here.today


def _ball_of(book: Book, child_id: UUID, thing: _Thing) -> EntryRow | None:
    """The open ball that follows it up, as far as the writer may see it."""
    rows = book.entries(child_id, Filter(what=("task",), open=True))
    bodies = book.bodies(rows)
    return next(
        (r for r in rows if r.id in bodies and mapping.follows(orjson.loads(bodies[r.id])) == thing.reference), None
    )


def _new_follow_up(book: Book, here: _At, thing: _Thing, day: date, to: tuple[str, ...]) -> Resource:
    """Held by whoever writes, or offered to the one who is responsible. What a child has not said may be shared is
    followed up by whoever it was told."""
    letter = thing.class_after
    title = _TITLES.get(kind_code(thing.body), _TITLES[mapping.GOAL])
    allowed = {one.reference for one in receivers(book, here.child_id)}
    named = [one for one in to if one == here.job or one in allowed] if letter != "P" else []
    receiver = here.job if here.job in named else next(iter(named), here.job)
    wanted = NewBall(title, to=receiver, due=last_of_day(day))
    ball = new_ball(book, here.child_id, new_id(), wanted)
    return mapping.followed_up(ball, thing.reference, letter)


# -- what may be referred to -------------------------------------------------------------------------------------------


def _may_refer(book: Book, child_id: UUID, references: Iterable[str]) -> None:
    """One refers to what one may see. What another has referred to before stays."""
    for one in references:
        ident = ident_of(one)
        if ident is None or book.entry(child_id, ident).kind != one.partition("/")[0]:
            raise NotFound


def _may_work(book: Book, child_id: UUID, wanted: Iterable[str], before: Iterable[str]) -> None:
    new = set(wanted) - set(before)
    if new - {one.reference for one in receivers(book, child_id)}:
        raise Refused("Vælg en, der har en opgave med barnet nu.", (rules.RESPONSIBLE,))


def _strangers(book: Book, child_id: UUID, before: Iterable[str]) -> list[str]:
    """Those who work on it without the writer's knowing: who can't see them can't take them away either."""
    ids = {one: ident for one in before if (ident := ident_of(one))}
    here = known_here(book, child_id, ids.values())
    return [one for one, ident in ids.items() if ident not in here]


def _unseen(book: Book, child_id: UUID, before: Iterable[str]) -> list[str]:
    """What it refers to that the writer may not see, and therefore leaves as it is."""
    return [one for one in before if (ident := ident_of(one)) and not _is_there(book, child_id, ident)]


def _must_be(row: EntryRow, version: int) -> None:
    if row.version != version:
        raise Conflict(CHANGED)


def _write_next(book: Book, row: EntryRow, changed: Sequence[Resource]) -> None:
    """The next version of something, first of what is written with it. `Refused` when it says what stands there."""
    if mapping.says_the_same(_body(book, row), changed[0]):
        raise Refused(SAME)
    write(book.scope, *changed)


def _body(book: Book, row: EntryRow) -> Resource:
    found = body_of(book, row)
    if found is None:
        raise NotFound
    return found
