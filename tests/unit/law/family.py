"""A family and its answers, in few words: the tests of the law say only what differs from this.

Alma was born on 1 October 2013, so she is 13 on the day that the tests look at, 20 October 2026. Her mother, with whom
she lives, and her father have joint custody. PPR wants to refer her to BUP North.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from barnetsbog.kernel.time import COPENHAGEN, instant
from barnetsbog.law.consents import evaluate
from barnetsbog.law.model import (
    Answer,
    Block,
    Blocked,
    Capacity,
    Child,
    Class,
    Complete,
    Consent,
    Custody,
    Holder,
    Incomplete,
    Kind,
    Level,
    Matter,
    NotRequired,
    Review,
    Sharing,
    Status,
)
from barnetsbog.law.rulebook import Rulebook, standard

ALMA, MOTHER, FATHER = "alma", "mother", "father"
GRANDMOTHER, FOSTER, REPRESENTATIVE, STEPFATHER = "grandmother", "foster", "representative", "stepfather"
PPR, SCHOOL, BUP_NORTH, BUP_MID = "ppr-nord", "skolen", "bup-nord", "bup-midt"


def at(day: str, clock: str = "00:00") -> int:
    """An instant in Danish local time."""
    return instant(datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=COPENHAGEN))


NOW = at("2026-10-20", "12:00")
SEPTEMBER, JUNE = at("2026-09-01"), at("2027-06-01")
ANSWERED = at("2026-09-10", "09:30")


def sharing(*shelves: str, level: Level = Level.CONTENT) -> Sharing:
    """Shelves as `TI/H`: block and class."""
    pairs = (shelf.split("/") for shelf in shelves)
    return Sharing(frozenset((Block(block), Class(kind)) for block, kind in pairs), level)


WIDE = sharing("IN/O", "TI/H", "AK/O")
NARROW = sharing("TI/H")

REFERRAL = Matter("ppr-to-bup", frozenset({PPR}), BUP_NORTH, WIDE)
ASSESSMENT = Matter("bup-assessment", recipient=BUP_NORTH)
CONSULTATION = Matter("ppr-consultation")
PPV = Matter("ppr-assessment")
EXAMINATION = Matter("routine-examination")
VIOLENCE = Matter("violence-psychologist")
SUPPORT = Matter("support-section-32")

JOINT = Custody((Holder(MOTHER, resident=True), Holder(FATHER)))
SOLE = Custody((Holder(MOTHER, resident=True),))


def child(born: str = "2013-10-01", **more: Any) -> Child:
    return Child(**{"id": ALMA, "born": date.fromisoformat(born), "view_recorded": True, **more})


def answer(matter: Matter, giver: str, status: Status = Status.GIVEN, **more: Any) -> Consent:
    """One giver's answer about a matter. Without more it is a yes to everything that was asked for."""
    act = standard().acts.get(matter.act)
    capacities = {
        ALMA: Capacity.CHILD,
        GRANDMOTHER: Capacity.OTHER,
        FOSTER: Capacity.FOSTER_CARER,
        REPRESENTATIVE: Capacity.REPRESENTATIVE,
        STEPFATHER: Capacity.PARENT,
    }
    usual = Consent(
        id=f"{giver}-{matter.act}",
        giver=giver,
        capacity=capacities.get(giver, Capacity.HOLDER),
        act=matter.act,
        kind=act.kind if act else Kind.TREATMENT,
        sharing=matter.wanted or sharing(),
        status=status,
        answered_at=None if status is Status.ASKED else ANSWERED,
        valid_from=SEPTEMBER,
        valid_to=JUNE,
        disclosers=matter.disclosers,
        recipient=matter.recipient,
    )
    return replace(usual, **more)


def refusal(matter: Matter, giver: str, **more: Any) -> Consent:
    return answer(matter, giver, Status.REFUSED, **more)


def ask(
    matter: Matter,
    *consents: Consent,
    who: Child | None = None,
    custody: Custody = JOINT,
    when: int = NOW,
    book: Rulebook | None = None,
) -> Answer:
    return evaluate(matter, who or child(), custody, consents, when, book or standard())


def complete(result: Answer) -> Complete:
    assert isinstance(result, Complete), result
    return result


def incomplete(result: Answer) -> Incomplete:
    assert isinstance(result, Incomplete), result
    return result


def blocked(result: Answer) -> Blocked:
    assert isinstance(result, Blocked), result
    return result


def not_required(result: Answer) -> NotRequired:
    assert isinstance(result, NotRequired), result
    return result


def review(result: Answer) -> Review:
    assert isinstance(result, Review), result
    return result


def missing(result: Answer) -> set[str]:
    return {each.person for each in incomplete(result).missing}


def rejected(result: Answer) -> dict[str, str]:
    return dict(result.rejected)
