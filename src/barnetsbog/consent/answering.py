"""What a record becomes by an answer: never wider than it was asked, never longer than a year. Writes nothing.

A question is asked for a time. When that is over, a new yes needs a new question; a no needs none.
"""

from dataclasses import dataclass, replace

from barnetsbog.access.facts import Facts
from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.kernel.decisions import Refused
from barnetsbog.law.ages import months_after
from barnetsbog.law.givers import Givers, givers
from barnetsbog.law.model import Capacity, Consent, Level, Matter, Sharing, Status

from .matters import asked_about, key_of

OVER = "Spørgsmålet er udløbet. Den, der spurgte, kan spørge igen."
NOT_YOURS = "Du bestemmer ikke selv endnu, men du må sige, hvad du synes."


@dataclass(frozen=True, slots=True)
class Yes:
    """What somebody says yes to, when it is less than they were asked: fewer blocks, a lower level, an earlier end."""

    blocks: frozenset[str] | None = None
    level: Level | None = None
    until: int | None = None


def answered(
    asked: Consent, facts: Facts, *, yes: Yes | None, at: int, form: str, language: str = "da"
) -> Consent:  # fmt: skip
    """The record as it will be when it is answered: never wider than it was asked. `yes` is None for a no. `language`:
    that the question was read in (BCP 47)."""
    status = Status.REFUSED if yes is None else Status.GIVEN
    capacity = needed_for(asked, facts, at).get(asked.giver, asked.capacity)
    new = replace(
        asked, status=status, answered_at=at, withdrawn_at=None, form=form, capacity=capacity, language=language
    )
    if yes is None:
        return new
    if asked.valid_to <= at:
        raise Refused(OVER)
    until = min(latest(at), asked.valid_to, yes.until or asked.valid_to)
    if until <= at:
        raise Refused("Slutdagen skal ligge efter i dag.")
    return replace(new, sharing=_narrowed(asked.sharing, yes), valid_from=at, valid_to=until)


def _narrowed(asked: Sharing, yes: Yes) -> Sharing:
    shelves = frozenset(s for s in asked.shelves if yes.blocks is None or s[0].value in yes.blocks)
    if asked.shelves and not shelves:
        raise Refused("Vælg mindst én ting, der må deles, eller sig nej.")
    return Sharing(shelves, min(asked.level, yes.level or asked.level))


def latest(at: int) -> int:
    return months_after(at, law_in_use().book.max_months)


def must_answer(matter: Matter, facts: Facts, at: int) -> dict[str, Capacity]:
    """Those whose answer the law asks for, each as what; nobody when it does not depend on what anybody says."""
    found = givers(matter, facts.child, facts.custody, at, law_in_use().book)
    return {one.person: one.capacity for one in found.people} if isinstance(found, Givers) else {}


def may_answer(consent: Consent, facts: Facts, at: int, *, own: bool, yes: bool) -> None:
    """A child below the age of deciding does not answer; a yes that the law does not ask for is told so. Anybody else
    may always say no."""
    needed = needed_for(consent, facts, at)
    if consent.giver in needed or (not yes and not own):
        return
    if own:
        raise Refused(NOT_YOURS)
    raise Refused("Dit svar er ikke nødvendigt, og dit ja vil ikke tælle. Spørg den, der har spurgt dig.")


def needed_for(consent: Consent, facts: Facts, at: int) -> dict[str, Capacity]:
    asked = asked_about(facts.consents).get(key_of(consent))
    return must_answer(asked.matter, facts, at) if asked else {}
