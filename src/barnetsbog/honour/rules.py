"""Who says that an honour-related conflict is suspected, and what its risk is; who reads it; what it must say. Pure.

Barnets lov § 18: the municipality screens, and assesses the risk before parents and network are involved. So the family
department writes it. A unit that only suspects notifies, which nobody may refuse (§ 133), and its form tells of it.
"""

from collections.abc import Collection

from barnetsbog.access.facts import Facts
from barnetsbog.fhir.texts import unfit
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.sentences import say
from barnetsbog.law.rules import HONOUR_CONFLICT

from .model import Stand, Suspicion

DEPARTMENT = "family_dept"
LONGEST = 4000


def may_assess(facts: Facts, unit: str, sector: str, at: int) -> bool:
    """Whether a unit says what the risk is: of the family department, with a task with the child, or a notification of
    concern about it that it judges."""
    works = any(one.unit == unit and one.start <= at < one.end for one in facts.cares)
    judges = any(one.concern and unit in one.units and one.start <= at < one.end for one in facts.referred)
    return sector == DEPARTMENT and (works or judges)


def readers(facts: Facts, at: int, *besides: str) -> tuple[str, ...]:
    """References to the units that read it: the family departments with a task with the child, and those named besides.
    Nobody else: not the school that noticed it, and nobody of the family."""
    return tuple(dict.fromkeys(one for one in (*besides, *facts.units((DEPARTMENT,), at)) if one))


def can_be_suspected(seen: str, *, hold: bool) -> Decision:
    """It says what it rests on. One suspicion is enough for everybody to wait."""
    if hold:
        why = say(
            "Forældre og netværk venter allerede. Intet nyt er gemt. Skriv det, I ved nu, i vurderingen.",
            "Parents and network wait already. Nothing new is stored. Write what you know now in the assessment.",
        )
        return refuse(why, HONOUR_CONFLICT)
    if said := _unsaid(seen, "Skriv, hvad mistanken bygger på."):
        return said
    return allow("Mistanken kan gemmes. Fra nu af går intet til forældre og netværk.", HONOUR_CONFLICT)


def can_be_assessed(waiting: Collection[Suspicion], stand: Stand, found: str) -> Decision:
    """It says what was found, and something else than it said before."""
    if said := _unsaid(found, "Skriv, hvad vurderingen viser."):
        return said
    if waiting and all((one.stand, one.found) == (stand, found) for one in waiting):
        return refuse(say("Det står der allerede.", "That is what it says already."), HONOUR_CONFLICT)
    return allow("Vurderingen kan gemmes.", HONOUR_CONFLICT)


def _unsaid(text: str, empty: str) -> Decision | None:
    found = unfit(text, LONGEST, empty)
    return refuse(found.reason, HONOUR_CONFLICT) if found else None
