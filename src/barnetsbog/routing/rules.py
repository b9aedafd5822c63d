"""What the rules answer. Pure.

Nothing here refuses: the rules are recommendations, and somebody who knows better may do otherwise and say why. The
reason is kept by whoever writes the referral.
"""

from barnetsbog.kernel.decisions import Decision, Outcome

from .model import EMERGENCY, Advice, Door, DoorAdvice, Question, Rule, Urgency, Verdict
from .rulebook import Rulebook

_ORDER = {Verdict.SHOULD: 0, Verdict.MAY: 1, Verdict.NO: 2}


def deciding(question: Question, book: Rulebook) -> dict[str, Rule]:
    """The rule that decides, by door. A door that no rule says anything about isn't there."""
    found = {}
    for door, rules in book.by_asker[question.asker].items():
        for rule in rules:
            if rule.fits(question):
                found[door] = rule
                break
    return found


def advise(question: Question, book: Rulebook) -> Advice:
    """Every door that the rules say something about: those that should be used, then may, then not; within these by
    rank, and between equals as in the file. The acute door stands apart, on each answer."""
    found = deciding(question, book)
    opened = frozenset(door for door, rule in found.items() if rule.verdict is not Verdict.NO)
    told = {door: _told(book, question, door, rule, opened) for door, rule in found.items()}
    ordered = sorted(
        (door for door in found if door != EMERGENCY),
        key=lambda door: (_ORDER[found[door].verdict], found[door].rank, book.places[door]),
    )
    return Advice(question, told[EMERGENCY], tuple(told[door] for door in ordered))


def _told(book: Rulebook, question: Question, door: str, rule: Rule, opened: frozenset[str]) -> DoorAdvice:
    instead = next((one for one in rule.rather if one in opened), None)
    fitting = (one.id for one in book.by_asker[question.asker][door] if one.fits(question))
    return DoorAdvice(
        door=book.doors[door],
        verdict=rule.verdict,
        way=rule.way,
        via=book.doors[rule.via] if rule.via else None,
        instead=book.doors[instead] if instead else None,
        reason=rule.reason,
        rules=tuple(fitting),
        bring=_bring(book, question, book.doors[door]),
    )


def _bring(book: Rulebook, question: Question, door: Door) -> tuple[str, ...]:
    """What to bring to a door, and for a particular worry some more. When it is acute nobody waits for papers or for
    anybody's yes: what the emergency door asks for is enough at all of them."""
    acute = question.urgency is Urgency.ACUTE or door.id == EMERGENCY
    asks = book.doors[EMERGENCY] if acute else door
    bring = asks.bring if book.askers[question.asker].family else asks.bring_professional
    more = () if acute else book.suspicions[question.suspicion].bring
    return tuple(dict.fromkeys((*bring, *more)))


def override_needs_reason(advice: Advice, door: str) -> Decision:
    """Whether somebody who chooses this door, after this advice, must say why. ALLOWED: no. REVIEW: yes, and then it
    is as good as any other; never REFUSED."""
    chosen = advice.about(door)
    if chosen is None:
        return Decision(Outcome.REVIEW, "Ingen regel siger noget om den vej. Skriv, hvorfor du vælger den.")
    if chosen.open and chosen.instead is None:
        return Decision(Outcome.ALLOWED, chosen.reason, chosen.rules)
    return Decision(Outcome.REVIEW, f"{chosen.reason} Du kan gøre det alligevel. Skriv hvorfor.", chosen.rules)
