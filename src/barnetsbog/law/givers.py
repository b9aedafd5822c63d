"""Who must answer: the first six of the nine steps, in their order (law-and-access §4).

1. Is it acute, or does a statute let it happen without consent? Then nobody need answer.
2. What kind of act is it?
3. How old is the child at that moment, in Denmark?
4. From 15 the young person alone answers for health and disclosure, unless a reasoned record says that is not possible.
5. Otherwise those who hold custody at that moment.
6. How many of them: the one the child lives with, any one who is not opposed, or all.

Each step either ends with an answer or hands on. Nothing here looks at what anybody has said.
"""

from enum import StrEnum
from typing import NamedTuple

from barnetsbog.law import duties, rules
from barnetsbog.law.ages import ADULT_AGE, PARTY_AGE, YOUNG_AGE, born_29_february, turned, within
from barnetsbog.law.custody import RULE_OF, as_what, contradicts_itself, holding
from barnetsbog.law.model import (
    Blocked,
    Capacity,
    Child,
    Custody,
    Holder,
    Kind,
    Matter,
    NotRequired,
    Review,
    Weight,
)
from barnetsbog.law.rulebook import Rulebook
from barnetsbog.law.rules import Act

Names = tuple[str, ...]


class Need(StrEnum):
    """How many of the givers must say yes."""

    ALL = "all"
    UNOPPOSED = "unopposed"  # one is enough, unless another objects
    ONE = "one"  # one is enough, whatever another says


class Giver(NamedTuple):
    person: str
    capacity: Capacity


class Givers(NamedTuple):
    """Who must answer, why, and what must be done whatever they answer."""

    people: tuple[Giver, ...]
    need: Need
    rules: Names
    reason: str
    duties: Names = ()


class Case(NamedTuple):
    """What is asked about, together."""

    act: Act
    matter: Matter
    child: Child
    custody: Custody
    at: int
    book: Rulebook

    def in_force(self, rule: str) -> bool:
        return rule != "" and self.book.rules[rule].in_force(self.at)

    def turned(self, years: int) -> bool:
        return turned(self.child.born, years, self.at)


def givers(
    matter: Matter, child: Child, custody: Custody, at: int, book: Rulebook
) -> Givers | NotRequired | Blocked | Review:
    """Who must answer and as what; or the answer itself when it doesn't depend on what anybody says."""
    act = book.acts.get(matter.act)
    if act is None:
        return Review((rules.UNKNOWN,), f"Handlingen »{matter.act}« kendes ikke.")
    if child.died_at is not None and child.died_at <= at:
        return Review((rules.DEATH,), "Barnet er dødt. Hvad der må ske nu, skal vurderes af et menneske.")
    case = Case(act, matter, child, custody, at, book)
    return _without_consent(case) or _unclear(case) or _people(case)


# -- step 1: acute, or a statute --------------------------------------------------------------------------------------


def _without_consent(case: Case) -> NotRequired | Blocked | None:
    return _wrong_purpose(case) or _acute(case) or _statutory_basis(case) or _decided_by_municipality(case)


def _wrong_purpose(case: Case) -> Blocked | None:
    """A purpose that the law forbids stops the act even if everybody agrees."""
    act, purpose = case.act, case.matter.purpose.strip().casefold()
    if act.purpose_required and not purpose:
        return Blocked((act.basis,), "Formålet skal være oplyst, før det må ske.", (act.basis,))
    if any(word in purpose for word in act.forbidden_purposes):
        return Blocked((act.basis,), "Reglen må ikke bruges til det formål.", (act.basis,))
    return None


def _acute(case: Case) -> NotRequired | None:
    rule = case.act.acute
    if not case.matter.acute or not case.in_force(rule):
        return None
    return NotRequired((rule,), "Det er akut. Behandlingen må ske uden samtykke.", rule, duties=_appointment(case.act))


def _appointment(act: Act) -> Names:
    return duties.PLACE_AND_TIME if act.waiting_list else ()


def _statutory_basis(case: Case) -> NotRequired | None:
    rule = case.act.basis
    if not case.in_force(rule):
        return None
    return NotRequired((rule,), "Loven kræver ikke samtykke til dette.", rule, duties=case.act.duties)


def _decided_by_municipality(case: Case) -> NotRequired | None:
    """A decision under BL § 97(2) takes the place of the holders, not of a young person who answers alone."""
    child, rule = case.child, rules.DECIDED_BY_MUNICIPALITY
    if not any(
        place.valid_from <= case.at < place.valid_to and case.act.id in place.covers for place in child.placements
    ):
        return None
    if (
        child.born is None
        or not case.in_force(rule)
        or case.turned(ADULT_AGE)
        or answers_alone(case.act, case.child, case.at)
    ):
        return None
    party, party_rule = _party(case)
    heard, view_rule = _childs_view(case)
    return NotRequired(
        (rule, *party_rule, *view_rule),
        "Barnet er anbragt, og kommunen har truffet afgørelse om dette.",
        rule,
        duties=(*party, *heard, *_appointment(case.act)),
    )


def _party(case: Case) -> tuple[Names, Names]:
    """From 10 the child is a party: the duty, and the rule that says so."""
    if case.turned(PARTY_AGE) and case.in_force(rules.PARTY):
        return (duties.PARTY_NOTICE,), (rules.PARTY,)
    return (), ()


def _childs_view(case: Case) -> tuple[Names, Names]:
    """Step 7: a flag and not a veto. Each act names the rule of its own field."""
    if case.child.view_recorded or not case.in_force(case.act.view):
        return (), ()
    return (duties.CHILD_VIEW_MISSING,), (case.act.view,)


# -- steps 2-4: the act and the age ------------------------------------------------------------------------------------


def _unclear(case: Case) -> Review | None:
    """What must be known before anybody can be asked, and what the law leaves unclear."""
    born = case.child.born
    if born is None:
        return Review((rules.UNKNOWN,), "Barnets fødselsdag er ikke kendt.")
    if not case.turned(0):
        return Review((rules.UNKNOWN,), "Barnets fødselsdag ligger efter tidspunktet.")
    for doubt in case.act.doubts:
        if within(born, doubt.from_age, doubt.below, case.at):
            return Review((*case.act.rules, doubt.rule), doubt.why, duties=doubt.duties)
    if not case.custody.known and not case.turned(ADULT_AGE):
        return Review((rules.UNKNOWN,), "Det er ikke afklaret, hvem der har forældremyndigheden.")
    return None


def _people(case: Case) -> Givers | Review:
    born, act = case.child.born, case.act
    used = (*act.rules, rules.BORN_29_FEBRUARY) if born and born_29_february(born) else act.rules
    follows = (duties.ACUTE_NO_BASIS,) if case.matter.acute else ()
    if case.turned(ADULT_AGE):
        reason = "Den unge er fyldt 18 år og bestemmer selv."
        return Givers((_child(case),), Need.ALL, (*used, rules.ADULT), reason, follows)
    if answers_alone(case.act, case.child, case.at):
        return _young_person(case, used, follows)
    if act.health_or_disclosure and case.turned(YOUNG_AGE):
        used = (*used, rules.CANNOT_ANSWER_ALONE)
    party, party_rule = _party(case) if act.party else ((), ())
    heard, view_rule = _childs_view(case)
    return _holders(case, (*used, *party_rule, *view_rule), (*follows, *party, *heard))


def _child(case: Case) -> Giver:
    return Giver(case.child.id, Capacity.CHILD)


def answers_alone(act: Act, child: Child, at: int) -> bool:
    """From 15 in matters of health and disclosure (SL § 17)."""
    return act.health_or_disclosure and turned(child.born, YOUNG_AGE, at) and not cannot_answer_alone(child, at, True)


def cannot_answer_alone(child: Child, at: int, reasoned: bool) -> bool:
    """A record, in its period, that the young person can't grasp what follows (SL § 17(2))."""
    return any(each.reasoned is reasoned and each.valid_from <= at < each.valid_to for each in child.capacity_decisions)


def _young_person(case: Case, used: Names, follows: Names) -> Givers:
    act = case.act
    told = tuple(duties.INFORM + person for person in _distinct(holding(case.custody, case.at)))
    if act.silent:
        used, told = (*used, act.silent), ()
    if cannot_answer_alone(case.child, case.at, False):
        follows = (*follows, duties.CAPACITY_WITHOUT_REASON)
    own = () if act.kind is Kind.TREATMENT else (rules.YOUNG_PERSONS_DISCLOSURE,)
    reason = "Den unge er fyldt 15 år og svarer selv."
    named = (*used, rules.YOUNG_PERSON_ANSWERS, *own)
    return Givers((_child(case),), Need.ALL, named, reason, (*told, *follows))


# -- steps 5-6: custody and weight -------------------------------------------------------------------------------------


def _distinct(holders: list[Holder]) -> Names:
    """The same person may stand with several periods."""
    return tuple(dict.fromkeys([each.person for each in holders]))


def _as_givers(holders: list[Holder]) -> tuple[Giver, ...]:
    """Those who hold custody at one moment are all of one kind."""
    capacity = as_what(holders[0])
    return tuple([Giver(person, capacity) for person in _distinct(holders)])


def _holders(case: Case, used: Names, follows: Names) -> Givers | Review:
    holders = holding(case.custody, case.at)
    if not holders:
        reason = "Ingen kendt person har forældremyndigheden."
        return Review((*used, rules.UNKNOWN), reason, duties=follows)
    if contradicts_itself(case.custody, case.at):
        reason = "Der er udpeget en midlertidig indehaver, men en forælder står også som indehaver."
        return Review((*used, rules.APPOINTED_HOLDER), reason, duties=follows)
    used = (*used, RULE_OF[holders[0].kind])
    people = _as_givers(holders)
    if len(people) == 1:
        return Givers(people, Need.ALL, used, "Den, der har forældremyndigheden alene, skal svare.", follows)
    if _one_is_enough(case):
        reason = "Én indehaver af forældremyndigheden er nok."
        return Givers(people, Need.ONE, (*used, case.act.one_holder), reason, follows)
    return _by_weight(case, holders, people, used, follows)


def _one_is_enough(case: Case) -> bool:
    """The exception is for the treatment. When something is also to be shared, all must answer for that."""
    act = case.act
    return case.matter.wanted is None and case.in_force(act.one_holder) and not case.turned(act.one_holder_below)


def _by_weight(
    case: Case, holders: list[Holder], people: tuple[Giver, ...], used: Names, follows: Names
) -> Givers | Review:
    weight = case.act.weight
    if case.act.option:
        choice = case.book.options[case.act.option]
        weight = Weight.DAILY if choice.value == "resident" else Weight.ESSENTIAL
        used = (*used, choice.rule)
    if weight is Weight.DAILY:
        return _resident(holders, used, follows)
    if weight is Weight.ROUTINE:
        reason = "Én indehaver er nok, når ingen anden har gjort indsigelse."
        return Givers(people, Need.UNOPPOSED, (*used, rules.ONE_IS_ENOUGH), reason, follows)
    return Givers(people, Need.ALL, used, "Alle, der har forældremyndigheden, skal svare.", follows)


def _resident(holders: list[Holder], used: Names, follows: Names) -> Givers | Review:
    """Daily matters: the holder the child lives with, or either of them when it lives with several."""
    at_home = [each for each in holders if each.resident]
    if not at_home:
        reason = "Det er ikke oplyst, hvem af indehaverne barnet bor hos."
        return Review((*used, rules.UNKNOWN), reason, duties=follows)
    there = _as_givers(at_home)
    need = Need.ALL if len(there) == 1 else Need.UNOPPOSED
    return Givers(there, need, used, "Den, barnet bor hos, skal svare.", follows)
