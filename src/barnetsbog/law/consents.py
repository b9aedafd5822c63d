"""Are the consents that are there enough for an act, at a moment? One pure question with five possible answers.

`givers` takes the first six steps: who must answer, or why nobody need. Then

7. the child's view is a flag that follows the answer (it is put there with the givers),
8. the answers are read (`answers`), and what may be shared is what everybody said yes to,
9. whatever is unclear is REVIEW and never COMPLETE; but a young person's own no is clear, and where it is acute it is
   for a human being. That goes for the rules too: an answer that rests on a rule which is off is REVIEW (see
   `rulebook`).

An empty common sharing is INCOMPLETE, not BLOCKED: nobody has said no, but nothing may be shared until somebody says
yes to more. The access layer cuts time at `breakpoints`, between which the answer stays the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from operator import and_

from barnetsbog.law import duties, rules
from barnetsbog.law.ages import ADULT_AGE, birthdays, consent_end
from barnetsbog.law.answers import Answers, read
from barnetsbog.law.breakpoints import breakpoints
from barnetsbog.law.custody import changes
from barnetsbog.law.givers import Case, Giver, Givers, Names, Need, answers_alone, givers
from barnetsbog.law.model import (
    Answer,
    Blocked,
    Capacity,
    Child,
    Complete,
    Consent,
    Custody,
    Incomplete,
    Kind,
    Matter,
    Missing,
    NotRequired,
    Review,
    Sharing,
)
from barnetsbog.law.rulebook import Rulebook

__all__ = ["breakpoints", "evaluate", "givers"]

Yes = dict[str, Consent]
"""The consent that counts, by the person who gave it."""


def evaluate(
    matter: Matter, child: Child, custody: Custody, consents: Sequence[Consent], at: int, book: Rulebook
) -> Answer:
    found, act = givers(matter, child, custody, at, book), book.acts.get(matter.act)
    case = Case(act, matter, child, custody, at, book) if act else None
    return _decided(_held(_judged(case, found, consents), child), at, book)


def _judged(
    case: Case | None, found: Givers | NotRequired | Blocked | Review, consents: Sequence[Consent]
) -> Answer:  # fmt: skip
    """`case`: None for an act that nobody knows."""
    if case and isinstance(found, Givers):
        return _weigh(case, found, consents)
    assert not isinstance(found, Givers)
    no: Answer | None = None
    if case and isinstance(found, Review):
        no = _young_persons_no(case, found, consents)
    elif case and isinstance(found, NotRequired):
        no = _no_though_acute(case, found, consents)
    return no or found


def _young_persons_no(case: Case, unclear: Review, consents: Sequence[Consent]) -> Blocked | None:
    """What is unclear from 15 is whether the holders must answer too, or who they are. That the young person must is
    not, so their no stops it."""
    if rules.DEATH in unclear.rules or not answers_alone(case.act, case.child, case.at) or case.turned(ADULT_AGE):
        return None
    asked = _young_person(case, unclear.rules, unclear.reason, unclear.duties)
    answers = read(case, asked, consents)
    return _blocked(asked, answers, (case.child.id,)) if answers.stands[case.child.id].says_no else None


def _no_though_acute(case: Case, acute: NotRequired, consents: Sequence[Consent]) -> Review | None:
    """SL § 19 is for those under 15 and those who can't answer. The book does not know whether somebody of 15 can just
    now, but it knows their no."""
    if acute.basis != case.act.acute or not answers_alone(case.act, case.child, case.at):
        return None
    asked = _young_person(case, (acute.basis, rules.YOUNG_PERSON_ANSWERS), acute.reason, acute.duties)
    answers = read(case, asked, consents)
    if not answers.stands[case.child.id].says_no:
        return None
    reason = "Det er akut, men den unge har selv sagt nej. Et menneske skal vurdere, om der må behandles alligevel."
    kept = tuple(code for code in acute.duties if code not in duties.PLACE_AND_TIME)
    return Review(_used(asked, answers, rules.REFUSAL_STOPS), reason, duties=kept, rejected=answers.rejected)


def _young_person(case: Case, named: Names, reason: str, follows: Names) -> Givers:
    return Givers((Giver(case.child.id, Capacity.CHILD),), Need.ALL, named, reason, follows)


def _weigh(case: Case, asked: Givers, consents: Sequence[Consent]) -> Answer:
    unstated = _unstated(case, asked)
    if unstated is not None:
        return unstated
    answers = read(case, asked, consents)
    yes = {person: consent for person, stand in answers.stands.items() if (consent := stand.counting)}
    no = tuple([person for person, stand in answers.stands.items() if stand.says_no])
    if no and (asked.need is not Need.ONE or len(no) == len(asked.people)):
        return _blocked(asked, answers, no)
    if len(yes) < (len(asked.people) if asked.need is Need.ALL else 1):
        silent = [giver for giver in asked.people if giver.person not in yes and giver.person not in no]
        return _incomplete(case, asked, answers, silent, _lacking(silent, asked))
    return _conclude(case, asked, answers, yes)


def _unstated(case: Case, asked: Givers) -> Review | None:
    """An act that shares something must say what, and with whom."""
    matter = case.matter
    if matter.wanted is None and case.act.kind not in (Kind.DISCLOSURE, Kind.RETRIEVAL):
        return None
    if matter.wanted is None or not matter.wanted.shelves:
        reason = "Det er ikke oplyst, hvad der skal deles."
        return Review((*asked.rules, rules.NOTHING_SHARED), reason, duties=asked.duties)
    if not matter.recipient:
        reason = "Det er ikke oplyst, hvilken enhed der skal modtage."
        return Review((*asked.rules, rules.EXACT_UNIT), reason, duties=asked.duties)
    return None


# -- step 8: what the answers amount to ------------------------------------------------------------------------------


def _used(asked: Givers, answers: Answers, *more: str) -> Names:
    rejected = (rules.VALID_GIVER,) if answers.rejected else ()
    return tuple(dict.fromkeys((*asked.rules, rules.LATEST_ANSWER, *rejected, *more)))


def _follows(asked: Givers, answers: Answers, *more: str) -> Names:
    objects = (duties.CHILD_OBJECTS,) if answers.child_objects else ()
    return (*asked.duties, *objects, *more)


def _blocked(asked: Givers, answers: Answers, no: Names) -> Blocked:
    """A no. The ways out are for human beings, and none of them is to fetch without consent."""
    lifted = (rules.OBJECTION,) if asked.need is Need.UNOPPOSED else ()
    court = (duties.EXIT_FAMILY_COURT,) if len(asked.people) > 1 else ()
    exits = (duties.EXIT_CONVERSATION, *court, duties.EXIT_CONCERN, duties.EXIT_EXAMINATION)
    who = "Den unge har" if asked.people[0].capacity is Capacity.CHILD else "En af dem, der skal svare, har"
    return Blocked(
        _used(asked, answers, rules.REFUSAL_STOPS, *lifted),
        f"{who} sagt nej eller trukket sit ja tilbage. Der rykkes ikke.",
        no,
        duties=_follows(asked, answers, duties.NO_REMINDERS, *exits),
        rejected=answers.rejected,
    )


def _lacking(silent: Sequence[Giver], asked: Givers) -> str:
    return f"{asked.reason} Der mangler svar fra {len(silent)} af {len(asked.people)}."


def _incomplete(
    case: Case, asked: Givers, answers: Answers, lacking: Sequence[Giver], reason: str, *more: str
) -> Incomplete:
    waits = case.act.waiting_list and case.in_force(rules.WAITING_LIST)
    return Incomplete(
        _used(asked, answers, *more, *((rules.WAITING_LIST,) if waits else ())),
        reason,
        tuple(Missing(giver.person, giver.capacity, answers.stands[giver.person].asked) for giver in lacking),
        duties=_follows(asked, answers, *((duties.WAITING_LIST,) if waits else ())),
        rejected=answers.rejected,
    )


def _conclude(case: Case, asked: Givers, answers: Answers, yes: Yes) -> Complete | Incomplete:
    wanted = case.matter.wanted
    if wanted is None:
        return _complete(case, asked, answers, yes, None)
    shared = reduce(and_, (consent.sharing for consent in yes.values()), wanted)
    if shared.shelves:
        return _complete(case, asked, answers, yes, shared)
    nothing = [giver for giver in asked.people if giver.person in yes and not _shares(yes[giver.person], wanted)]
    lacking = nothing or [giver for giver in asked.people if giver.person in yes]
    reason = "Der er sagt ja, men ikke til at dele det samme. Intet må deles endnu."
    return _incomplete(case, asked, answers, lacking, reason, rules.INTERSECTION, rules.NOTHING_SHARED)


def _shares(consent: Consent, wanted: Sharing) -> bool:
    return not consent.sharing.shelves.isdisjoint(wanted.shelves)


def _complete(case: Case, asked: Givers, answers: Answers, yes: Yes, shared: Sharing | None) -> Complete:
    unit = (rules.EXACT_UNIT,) if case.matter.recipient else ()
    common = (rules.INTERSECTION,) if shared is not None else ()
    reduced = (duties.SHARING_REDUCED,) if shared != case.matter.wanted else ()
    allowed = duties.PLACE_AND_TIME if case.act.waiting_list else ()
    return Complete(
        _used(asked, answers, rules.LONGEST_CONSENT, *unit, *common),
        f"{asked.reason} Det er sket.",
        shared,
        min([moment for moment in _ends(case, asked, answers, yes) if moment > case.at]),
        tuple(sorted(consent.id for consent in yes.values())),
        duties=_follows(asked, answers, *reduced, *allowed),
        rejected=answers.rejected,
    )


def _ends(case: Case, asked: Givers, answers: Answers, yes: Yes) -> Iterator[int]:
    """Every moment at which a complete answer may stop being so."""
    child, act = case.child, case.act
    for consent in yes.values():
        yield consent_end(consent, case.book.max_months)
    if answers.next_event is not None:
        yield answers.next_event
    yield from birthdays(child.born, case.book.ages[act.id])
    if child.died_at is not None:
        yield child.died_at
    yield from case.book.boundaries[act.id]
    for place in child.placements:
        if act.id in place.covers:
            yield from (place.valid_from, place.valid_to)
    for decision in child.capacity_decisions:
        if act.health_or_disclosure and decision.reasoned:
            yield from (decision.valid_from, decision.valid_to)
    if asked.people[0].capacity is not Capacity.CHILD:
        yield from changes(case.custody)


# -- step 9: what is unclear -----------------------------------------------------------------------------------------


def _held(answer: Answer, child: Child) -> Answer:
    """Before the risk of an honour-related conflict is assessed, nothing goes to the parents, whatever the answer."""
    if not child.parents_wait:
        return answer
    kept = tuple(code for code in answer.duties if not code.startswith(duties.INFORM))
    named = (*answer.rules, rules.HONOUR_CONFLICT)
    return replace(answer, rules=named, duties=(*kept, duties.HOLD_PARENT_NOTICE))


def _decided(answer: Answer, at: int, book: Rulebook) -> Answer:
    """An answer that rests on a governing rule which is off is for a human being.

    What needs no consent stays so: there the only governing rule is about notices to parents, which stay held.
    """
    undecided = book.undecided(answer.rules, at)
    if not undecided or isinstance(answer, NotRequired):
        return answer
    reason = f"Reglen {undecided[0]} er slået fra eller gælder ikke på det tidspunkt. Et menneske skal vurdere det."
    kept = tuple(code for code in answer.duties if code not in duties.PLACE_AND_TIME)
    return Review(answer.rules, reason, duties=kept, rejected=answer.rejected)
