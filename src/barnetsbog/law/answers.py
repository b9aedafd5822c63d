"""What each giver has answered: which consents count at a moment, and why others do not.

A giver's answers are read as a line in time. A no (a refusal, or a yes taken back) counts until a later yes opens
again, also when the record has faults: a no is never lost on a formality. A yes counts only if the giver had the right
to answer both then and now, it names this receiver and every discloser, and its period has begun and not ended. Of
several such, the latest one counts. Nothing here knows in what order the records came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from barnetsbog.law.ages import ADULT_AGE, consent_end, turned
from barnetsbog.law.custody import alive, holding
from barnetsbog.law.givers import Case, Giver, Givers, answers_alone
from barnetsbog.law.model import Capacity, Consent, Status

_WITHOUT_EFFECT = frozenset({Status.SUPERSEDED, Status.ENTERED_IN_ERROR})
_NO = frozenset({Status.REFUSED, Status.WITHDRAWN})
_NEVER = -1


@dataclass(slots=True)
class Stand:
    """Where one giver stands. `opens` is when the latest yes was said, whether or not its period is now."""

    asked: bool = False
    said_no_at: int = _NEVER
    said_yes_at: int = _NEVER
    yes: Consent | None = None

    @property
    def says_no(self) -> bool:
        """In the same instant a no goes before a yes."""
        return self.said_no_at > _NEVER and self.said_no_at >= self.said_yes_at

    @property
    def counting(self) -> Consent | None:
        """The yes that counts now. A yes from before the latest no does not come back."""
        return None if self.yes is None or _answered(self.yes) <= self.said_no_at else self.yes


class Answers(NamedTuple):
    """What has been answered, what counts for nothing, when something will change, whether the child objects."""

    stands: dict[str, Stand]
    rejected: tuple[tuple[str, str], ...]
    next_event: int | None
    child_objects: bool


class _Said(NamedTuple):
    """A consent record as an answer at a moment."""

    at: int
    no: bool


def _answered(consent: Consent) -> int:
    return 0 if consent.answered_at is None else consent.answered_at


def said(consent: Consent, at: int) -> _Said | None:
    """What a record says at a moment: it may be asked only, given, refused, or given and then withdrawn.

    A no without a time is taken as the oldest of all, so that it stands until somebody says yes.
    """
    answered, withdrawn = consent.answered_at, consent.withdrawn_at
    if consent.status in _NO and withdrawn is None:
        return _Said(answered or 0, True) if _answered(consent) <= at else None
    if withdrawn is not None and withdrawn <= at:
        return _Said(max(withdrawn, _answered(consent)), True)
    if consent.status is Status.ASKED or answered is None or answered > at:
        return None
    return _Said(answered, consent.status is Status.REFUSED)


def concerns(consent: Consent, case: Case) -> bool:
    """Whether a record is about this act, this child, this receiver and, if only in part, these disclosers."""
    matter = case.matter
    return (
        consent.act == matter.act
        and consent.status not in _WITHOUT_EFFECT
        and consent.recipient in (matter.recipient, "")
        and consent.child in (case.child.id, "")
        and (not consent.disclosers or not matter.disclosers or not consent.disclosers.isdisjoint(matter.disclosers))
    )


def read(case: Case, asked: Givers, consents: Sequence[Consent]) -> Answers:
    """Every consent once, in any order."""
    people = {giver.person: giver for giver in asked.people}
    stands = {person: Stand() for person in people}
    rejected: list[tuple[str, str]] = []
    coming: list[int] = []
    child_objects = False
    for consent in consents:
        if not concerns(consent, case):
            continue
        giver = people.get(consent.giver)
        if giver is None:
            rejected.append((consent.id, _not_a_giver(consent, case, asked)))
            child_objects = child_objects or _child_says_no(consent, case)
            continue
        why = _take(consent, case, giver, stands[consent.giver], coming)
        if why:
            rejected.append((consent.id, why))
    return Answers(stands, tuple(sorted(rejected)), min(coming, default=None), child_objects)


def _child_says_no(consent: Consent, case: Case) -> bool:
    answer = said(consent, case.at)
    return consent.giver == case.child.id and answer is not None and answer.no


def _take(consent: Consent, case: Case, giver: Giver, stand: Stand, coming: list[int]) -> str:
    """Lets one answer move its giver's stand. Returns why it counts for nothing, if so."""
    stand.asked = True
    _note_coming(consent, case, coming)
    answer = said(consent, case.at)
    if answer is None:
        return "Svaret mangler et tidspunkt." if consent.status is Status.GIVEN and consent.answered_at is None else ""
    if answer.no:
        stand.said_no_at = max(stand.said_no_at, answer.at)
        return ""
    why = _fault(consent, case, giver)
    if not why:
        stand.said_yes_at = max(stand.said_yes_at, answer.at)
        if consent.valid_from <= case.at < consent_end(consent, case.book.max_months) and _later(consent, stand.yes):
            stand.yes = consent
    return why


def _later(consent: Consent, other: Consent | None) -> bool:
    """Of two in the same instant the id decides, so that the order of the records never does."""
    return other is None or (_answered(consent), consent.id) > (_answered(other), other.id)


def _note_coming(consent: Consent, case: Case, coming: list[int]) -> None:
    """Moments ahead at which this record will say something else."""
    if consent.answered_at is None:
        return
    moments = (consent.answered_at, consent.withdrawn_at, consent.valid_from)
    coming.extend(moment for moment in moments if moment is not None and moment > case.at)


def _fault(consent: Consent, case: Case, giver: Giver) -> str:
    """Why a giver's yes is no consent to this, or nothing."""
    matter = case.matter
    if consent.capacity is not giver.capacity:
        return "Svaret er ikke givet i den egenskab, der skal til."
    if consent.kind is not case.act.kind:
        return "Samtykket er til noget af en anden slags."
    if consent.valid_to <= consent.valid_from:
        return "Perioden slutter, før den begynder."
    if consent.recipient != matter.recipient:
        return "Samtykket siger ikke, hvem der er modtager."
    if not matter.disclosers <= consent.disclosers:
        return "Samtykket omfatter ikke alle, der skal give oplysninger."
    if not _could_answer(consent, case, giver):
        return "Giveren kunne ikke give samtykke, da der blev svaret."
    return ""


def _could_answer(consent: Consent, case: Case, giver: Giver) -> bool:
    """Whether the giver had the right to answer at the time of the answer."""
    then, child = _answered(consent), case.child
    if giver.capacity is Capacity.CHILD:
        return answers_alone(case.act, child, then) or turned(child.born, ADULT_AGE, then)
    return giver.person in [each.person for each in holding(case.custody, then)]


_BY_CAPACITY = {
    Capacity.PARENT: "Forælderen har ikke forældremyndighed og kan ikke give samtykke.",
    Capacity.FOSTER_CARER: "Plejefamilien kan ikke give samtykke på barnets vegne.",
    Capacity.CHILD: "Barnet kan ikke give samtykke til dette alene.",
    Capacity.REPRESENTATIVE: "Repræsentanten kan ikke (længere) give samtykke.",
    Capacity.HOLDER: "Giveren har ikke forældremyndighed på dette tidspunkt.",
}


def _not_a_giver(consent: Consent, case: Case, asked: Givers) -> str:
    own = [each for each in case.custody.holders if each.person == consent.giver]
    if own and not any(alive(each, case.at) for each in own):
        return "Giveren er død."
    if any(each.person == consent.giver for each in holding(case.custody, case.at)):
        if asked.people[0].capacity is Capacity.CHILD:
            return "Den unge svarer selv; forældrenes svar tæller ikke."
        return "Det er den, barnet bor hos, der svarer på dette."
    return _BY_CAPACITY.get(consent.capacity, "Svaret er givet af en, der ikke kan give samtykke.")
