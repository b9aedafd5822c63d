"""Who may ask for what, what may be told of it, and when an answer is whole. Pure.

Nothing is ever given by machine. A paper is one that nothing speaks against, one that a human being has to weigh, or
one that is never given from here. Where the law is not clear it is weighed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from barnetsbog.kernel.decisions import Decision, Outcome
from barnetsbog.law.ages import ADULT_AGE, YOUNG_AGE

from .model import Answer, Asker, Case, Ground, Paper, Verdict

HOLDER, PARTY, WEIGHING, JOURNAL, WITHOUT, REASONED, TALK, RISK, ADDRESS, OWN_HEALTH = (
    "FAL3", "FVL9", "FVL15", "SL37", "FAL23", "FVL22-25", "BL5-TALK", "BL18", "OWN-NO-UNMASK", "SL92A",
)  # fmt: skip
HEALTH = frozenset(("health_visitor", "gp", "bup", "ltt", "hospital", "adult"))

CLOCKS = {Ground.ACCESS: "access-request", Ground.ORIENTATION: "orientation-request"}
"""The deadline that each runs by (`deadlines.yaml`)."""
LETTERS = {Ground.ACCESS: "L29", Ground.ORIENTATION: "L30"}
"""The letter that answers it."""


def ground(asker: Asker) -> Ground:
    """By which right a parent asks: it follows from who holds custody, and nobody chooses it."""
    return Ground.ACCESS if asker.custody else Ground.ORIENTATION


def by_law(case: Case) -> str:
    """The rule that an answer rests on."""
    if case.ground is Ground.ORIENTATION:
        return WITHOUT
    return JOURNAL if case.sector in HEALTH else PARTY


GROWN_UP = "Barnet er fyldt 18 år og bestemmer selv. Forælderen kan spørge barnet selv eller få en fuldmagt."


def may_register(asker: Asker | None, about: str, received: date, today: date, age: int | None) -> Decision:
    """`age`: of the child in years, None where nobody knows it."""
    if is_grown_up(age):
        return _no(GROWN_UP)
    if asker is None:
        return _no("Vælg en forælder. Andre skal selv skrive til jer, og svaret skrives uden om bogen.")
    if not about.strip():
        return _no("Skriv, hvad der bliver bedt om.")
    if received > today:
        return _no("Dagen ligger frem i tiden. Skriv den dag, I fik anmodningen.")
    return Decision(Outcome.ALLOWED, "Anmodningen kan skrives ned.", (HOLDER if asker.custody else WITHOUT,))


# -- each paper --------------------------------------------------------------------------------------------------------


def tells_of(somebody: str, said: str) -> bool:
    """Whether a text names somebody, if only by first name: »Mette,« and »Mettes« are Mette Prøvegaard too."""
    first = somebody.partition(" ")[0]
    return bool(first) and re.search(rf"(?<!\w){re.escape(first)}(?:['’]?s|['’])?(?!\w)", said) is not None


@dataclass(frozen=True, slots=True)
class _Doubt:
    applies: bool
    reason: str
    rule: str


def advise(class_: str, names: Iterable[str], case: Case) -> Decision:
    """Whether one paper may be given: ALLOWED when nothing is known that speaks against it, REVIEW when a human being
    must weigh it, REFUSED when it is never given from here."""
    if class_ == "P":
        return Decision(Outcome.REFUSED, "Barnets fortrolige ord. De gives ikke herfra.", (TALK,))
    if class_ == "M":
        return Decision(Outcome.REFUSED, "Familien må ikke kende det endnu. Det gives ikke herfra.", (RISK,))
    if is_grown_up(case.age):
        return Decision(Outcome.REFUSED, GROWN_UP, (by_law(case),))
    if not case.cleared:
        return Decision(Outcome.REFUSED, "Barnets adresse er beskyttet. Intet gives herfra.", (ADDRESS,))
    found = [one for one in _doubts(class_, tuple(names), case) if one.applies]
    if found:
        rules = tuple(dict.fromkeys(one.rule for one in found))
        return Decision(Outcome.REVIEW, " ".join(one.reason for one in found), rules)
    return Decision(Outcome.ALLOWED, "Vi kender intet, der taler imod. Læs det igennem først.", (by_law(case),))


def _doubts(class_: str, names: tuple[str, ...], case: Case) -> list[_Doubt]:
    young = is_young(case)
    holder = case.ground is Ground.ACCESS
    return [
        _Doubt(not holder, "Loven giver ret til orientering og ikke til dokumenter.", WITHOUT),
        _Doubt(class_ == "X", "Det viser, hvor barnet er.", ADDRESS),
        _Doubt(young and class_ == "H", "Den unge råder selv over sit helbred.", OWN_HEALTH),
        _Doubt(young and holder, "Hensynet til den unge kan veje tungere.", WEIGHING),
        _Doubt(case.age is None, "Vi kender ikke barnets alder.", WEIGHING),
        _Doubt(bool(names), f"Det nævner {', '.join(names)}.", WEIGHING),
    ]  # fmt: skip


def is_grown_up(age: int | None) -> bool:
    """Nobody has custody of a grown-up, and no parent hears how one is."""
    return age is not None and age >= ADULT_AGE


def is_young(case: Case) -> bool:
    """Fifteen and over; of a child whose age nobody knows, that too."""
    return case.age is None or case.age >= YOUNG_AGE


# -- the answer --------------------------------------------------------------------------------------------------------


def may_decide(case: Case, papers: Iterable[Paper], verdict: Verdict) -> Decision:
    """Whether an answer is whole: what is kept back has a reason and says how to complain, what is given has been
    weighed where the law wants it weighed. The rules are those that the decision rests on."""
    listed = {one.id: one for one in papers}
    given = [listed[one] for one in verdict.given if one in listed]
    why_not = (
        _incomplete(verdict, given) or _unlawful(case, verdict, given)
        or ("Vælg kun dokumenter fra listen." if len(given) < len(verdict.given) else "")
    )  # fmt: skip
    if why_not:
        return _no(why_not)
    used = [by_law(case), *(rule for one in given for rule in one.advice.rules)]
    used += [REASONED] if verdict.answer is not Answer.GIVEN else []
    used += [WEIGHING] if is_young(case) and case.ground is Ground.ACCESS else []
    return Decision(Outcome.ALLOWED, "Svaret er helt.", tuple(dict.fromkeys(used)))


def _incomplete(verdict: Verdict, given: list[Paper]) -> str:
    something = bool(given or verdict.told.strip())
    if verdict.answer is Answer.REFUSED and something:
        return "Et afslag giver intet. Vælg »delvist«, eller fjern det, der gives."
    if verdict.answer is not Answer.REFUSED and not something:
        return "Skriv, hvad du fortæller, eller vælg de dokumenter, der gives."
    if verdict.answer is Answer.GIVEN:
        return ""
    if not verdict.reason.strip():
        return "Et nej, helt eller delvist, skal have en grund. Skriv den."
    return "" if verdict.complaint.strip() else "Skriv, hvordan der kan klages."


def _unlawful(case: Case, verdict: Verdict, given: list[Paper]) -> str:
    holder = case.ground is Ground.ACCESS
    if is_grown_up(case.age) and verdict.answer is not Answer.REFUSED:
        return f"Svar nej. {GROWN_UP}"
    if any(one.advice.outcome is Outcome.REFUSED for one in given):
        return "Et af dokumenterne gives aldrig herfra. Fjern det."
    if given and not holder and not verdict.accepted:
        return "Uden forældremyndighed gives dokumenter kun, når den, der har den, har sagt ja."
    to_weigh = any(one.advice.outcome is Outcome.REVIEW for one in given) or (holder and is_young(case))
    if to_weigh and not verdict.weighed.strip():
        return "Skriv, hvad du har vejet: hensynet til den unge, og til andre, der er nævnt."
    return ""


def _no(reason: str) -> Decision:
    return Decision(Outcome.REFUSED, reason)
