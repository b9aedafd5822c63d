"""Whom nothing goes to yet, where an honour-related conflict is suspected and its risk is not assessed (BL § 18).

That holds for whatever goes out to somebody, by itself or because a unit sends it. What they may read is another
matter. Those with daily care are not among them, as with letters (`letters.standing`), nor is the child's bisidder.
"""

from collections.abc import Iterable
from uuid import UUID

from barnetsbog.kernel.decisions import Refused
from barnetsbog.kernel.sentences import say
from barnetsbog.law.rules import HONOUR_CONFLICT
from barnetsbog.mandates.model import Kind
from barnetsbog.record.scope import Scope

from .facts import Facts
from .gathering import facts_of

WAITS = say(
    "Der er mistanke om en æreskonflikt. Risikoen skal vurderes, før forældre og netværk får noget fra jer eller "
    "bliver spurgt. Intet er sendt eller gemt. Tal med familieafdelingen, som vurderer risikoen. Prøv igen derefter.",
    "An honour-related conflict is suspected. The risk must be assessed before parents and network get anything from "
    "you or are asked. Nothing is sent or stored. Talk with the family department, which assesses the risk, and try "
    "again once that is done.",
)
_WAITING_ROLES = frozenset(("holder", "mandate-holder"))


def must_reach(child_id: UUID, references: Iterable[str], at: int) -> None:
    """`Refused` when somebody among these is of those who wait."""
    people = {ident for kind, _, ident in (one.partition("/") for one in references) if kind == "RelatedPerson"}
    if people and are_kept_waiting(facts_of(child_id), people, at):
        raise Refused(WAITS, (HONOUR_CONFLICT,))


def are_kept_waiting(facts: Facts, people: set[str], at: int) -> bool:
    """Whether one of these of the family gets nothing yet. Pure."""
    bisidders = {one.person for one in facts.mandates if one.kind is Kind.LAY and one.start <= at < one.ends}
    return facts.child.parents_wait and not people <= {*facts.carers(at), *bisidders}


def waits(scope: Scope, child_id: UUID) -> bool:
    """Whether somebody of the family is told nothing of this book now."""
    return scope.role in _WAITING_ROLES and facts_of(child_id).child.parents_wait
