"""Whether a first visit can be held, and what is lacking. Pure.

Whether the consents are enough is the law's to say (`law.consents.evaluate`); here its answer is only read. A consent
is never done without: only where the law leaves it to a human being can somebody write down why it is settled.
"""

from collections.abc import Iterable, Mapping, Sequence

from barnetsbog.kernel.time import DAY
from barnetsbog.law.duties import WAITING_LIST
from barnetsbog.law.model import Blocked, Complete, NotRequired, Review

from .model import Asked, Fact, Facts, Item, Judged, Paper, Readiness, Requirement, Said, State, Visit

MONTH = 31 * DAY
NOT_YOURS = "Det kan du ikke se herfra."
NOT_THEN = "Der er sagt ja nu, men det er ikke nok den dag, besøget er."


def readiness(facts: Facts, requirements: Iterable[Requirement], at: int) -> Readiness:
    """How a visit stands at a moment. `requirements`: those that apply to it."""
    said, judged = dict(facts.said), dict(facts.judged)
    items = tuple(_item(one, facts, said, judged, at) for one in requirements)
    consents = [(one, judged.get(one.requirement.act)) for one in items if one.requirement.act]
    answers = [found.answer for _, found in consents if found and found.answer]
    appointment = all(one.settled or _is_enough_now(found) for one, found in consents)
    waits = all(one.settled or _is_enough_now(found) or _may_wait(found) for one, found in consents)
    return Readiness(
        facts.visit, items, waits, appointment, " ".join(one.reason for one in answers),
        tuple(dict.fromkeys(rule for one in answers for rule in one.rules)),
    )  # fmt: skip


def lacks_nothing_else(facts: Facts, requirements: Iterable[Requirement], at: int) -> bool:
    """Whether all is settled but, perhaps, the consents: a visit of which this is not true is not ready, whatever the
    law says. It ends at the first that is lacking."""
    said = dict(facts.said)
    return all(_item(one, facts, said, {}, at).settled for one in requirements if not one.act)


def applying(requirements: Iterable[Requirement], visit: Visit) -> tuple[Requirement, ...]:
    """What must be there for this visit."""
    return tuple(one for one in requirements if applies(one, visit))


def applies(one: Requirement, visit: Visit) -> bool:
    """Whether something must be there for this visit. Of a child whose age nobody knows, everything must."""
    return (
        one.on
        and (not one.sectors or visit.sector in one.sectors)
        and (not one.suspicions or visit.suspicion in one.suspicions)
        and (not one.urgency or visit.urgency in one.urgency)
        and (visit.age is None or (one.from_age <= visit.age and (one.below is None or visit.age < one.below)))
    )


def _is_enough_now(judged: Judged | None) -> bool:
    """What is given up by the day of the visit is no reason to give no time."""
    return judged is not None and judged.then is not None


def _may_wait(judged: Judged | None) -> bool:
    return judged is not None and judged.answer is not None and WAITING_LIST in judged.answer.duties


def _item(one: Requirement, facts: Facts, said: Mapping[Fact, Said], judged: Mapping[str, Judged], at: int) -> Item:
    if one.act:
        found = _consent(one, judged.get(one.act, Judged(None)))
    elif one.fact:
        found = _fact(one, said.get(one.fact, Said(None)))
    else:
        found = _paper(one, facts, at)
    return _with_tasks(found, facts)


def _consent(one: Requirement, judged: Judged) -> Item:
    answer = judged.then or judged.answer
    if answer is None:
        return Item(one, State.UNSEEN, NOT_YOURS)
    reason = f"{NOT_THEN} {answer.reason}" if judged.then else answer.reason
    item = Item(one, State.MISSING, reason, judged.entry, rules=answer.rules)
    if isinstance(answer, Complete):
        return item._replace(state=State.THERE)
    if isinstance(answer, NotRequired):
        return item._replace(state=State.NOT_NEEDED)
    if isinstance(answer, Blocked):
        return item._replace(state=State.REFUSED)
    if isinstance(answer, Review):
        return item._replace(may_override=True)
    people = tuple(missing.person for missing in answer.missing)
    waits = bool(people) and all(missing.asked for missing in answer.missing)
    state = State.WAITS if waits else State.MISSING
    return item._replace(state=state, people=people, asked_at=judged.asked_at if waits else None)


def _fact(one: Requirement, said: Said) -> Item:
    if said.there is None:
        return Item(one, State.UNSEEN, NOT_YOURS, rules=(one.id,), may_override=True)
    if not said.needed:
        return Item(one, State.NOT_NEEDED, said.reason, said.entry, rules=(one.id,))
    state = State.THERE if said.there else State.MISSING
    return Item(one, state, said.reason, said.entry, rules=(one.id,), may_override=state is State.MISSING)


def _paper(one: Requirement, facts: Facts, at: int) -> Item:
    """The newest that counts. Until the receiver has taken the child on, it reads only what goes with the referral."""
    fitting = [paper for paper in facts.papers if fits(one, paper, at)]
    visit = facts.visit
    sent = [paper for paper in fitting if visit.decided or paper.id in visit.package]
    newest = max(sent or fitting, key=lambda paper: (paper.at, str(paper.id)), default=None)
    if newest and sent:
        return Item(one, State.THERE, newest.title, newest.id, rules=(one.id,))
    if newest:
        reason = f"Ligger i bogen, men er ikke sendt med: {newest.title}"
        return Item(one, State.MISSING, reason, newest.id, rules=(one.id,), may_override=True)
    reason = f"Der er ingen, der er højst {one.months} måneder gammel." if one.months else "Der er ingen."
    return Item(one, State.MISSING, reason, rules=(one.id,), may_override=True)


def fits(one: Requirement, paper: Paper, at: int) -> bool:
    """Whether an entry is what is wanted, by its heading."""
    return (
        paper.what in one.what
        and (not one.lanes or paper.lane in one.lanes)
        and (not one.words or _has_word(one.words, paper.title))
        and paper.at <= at
        and (not one.months or paper.at > at - one.months * MONTH)
    )


def _has_word(words: Sequence[str], title: str) -> bool:
    folded = title.casefold()
    return any(word in folded for word in words)


def _with_tasks(item: Item, facts: Facts) -> Item:
    """What is asked for waits; what somebody does without, for a reason, is settled."""
    if item.settled or item.state is State.REFUSED or not (facts.asked or facts.overrides):
        return item
    asked = next((one for one in facts.asked if _brings(one, item.requirement)), None)
    override = next((one for one in facts.overrides if one.requirement == item.requirement.id), None)
    if override and item.may_override:
        return item._replace(state=State.OVERRIDDEN, asked=asked, override=override, reason=override.reason)
    if asked is None:
        return item
    return item._replace(asked=asked, state=State.WAITS if item.state is State.MISSING else item.state)


def _brings(asked: Asked, one: Requirement) -> bool:
    return asked.title == one.title or (bool(one.words) and _has_word(one.words, asked.title))


def due(visit: Visit, at: int) -> int:
    """By when what is lacking must be there: the day before the visit, or at once when that is past; without a time,
    in a fortnight."""
    if visit.at is None:
        return at + 14 * DAY
    return max(visit.at - DAY, min(visit.at, at + DAY))
