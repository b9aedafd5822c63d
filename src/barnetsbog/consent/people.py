"""Who holds custody, out of the RelatedPersons; who the child is to the law, out of the Patient.

Custody that somebody has established stands in our extension, a period at a time. Other systems say only dk-core's
`PARAUTH`; that counts as custody now. When nobody has said anything, or it can't be read, custody is not known: then
the law answers REVIEW and not a guess.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from barnetsbog.consent import terms
from barnetsbog.consent.reading import Unclear, instant_in, only, period_of, text_in
from barnetsbog.fhir.own import codes_of, extension_of, extensions_of, parts_of, reference_of
from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.model import CapacityDecision, Child, Custody, Holder, HolderKind, Placement

Resource = dict[str, Any]
_FIRST = 0
_NOT_KNOWN = Custody((), known=False)


def custody_of(related: Sequence[Resource], patient: str) -> Custody:
    """Who holds custody of the child with that id. `checked_at` is the oldest check there is."""
    own = [one for one in related if reference_of(one.get("patient")) == f"Patient/{patient}"]
    try:
        holders = tuple(holder for one in own for holder in _holders(one))
    except Unclear:
        return _NOT_KNOWN
    if not holders:
        return _NOT_KNOWN
    evidence, checked = _checked(own)
    return Custody(holders, True, evidence, checked)


def told_of(related: Sequence[Resource], patients: Sequence[str]) -> str:
    """Of a child whom several systems tell of, each with a Patient and with relatives of its own, or none: the first of
    these Patients of whose relatives it is said who holds custody; else the last."""
    told = {reference_of(one.get("patient")) for one in related if _speaks(one)}
    return next((one for one in patients if f"Patient/{one}" in told), patients[-1])


def agreed_custody(told: Iterable[Sequence[Resource]], patient: str) -> Custody:
    """Custody by what several books say of the child, each its RelatedPersons: by the first that says anything, and not
    known unless all that do say the same."""
    said = [custody_of(related, patient) for related in told if any(map(_speaks, related))]
    alike = said and all(one.known and set(one.holders) == set(said[0].holders) for one in said)
    return said[0] if alike else _NOT_KNOWN


def _speaks(person: Resource) -> bool:
    """Whether it says who holds custody."""
    return bool(extensions_of(person, "custody")) or terms.CUSTODY_CODE in codes_of(
        person.get("relationship"), terms.DANISH_RELATION
    )


def _holders(person: Resource) -> list[Holder]:
    if person.get("active") is False:
        return []
    periods = [_held(found) for found in extensions_of(person, "custody")]
    if not periods and terms.CUSTODY_CODE in codes_of(person.get("relationship"), terms.DANISH_RELATION):
        periods = [(HolderKind.PARENT, *period_of(person.get("period"), "Forældremyndigheden"))]
    died = instant_in({"at": extension_of(person, "deceased")}, "at", "Dødsdagen")
    lives_here = extension_of(person, "lives-with-child") is True
    return [
        Holder(text_in(person, "id"), kind, _FIRST if start is None else start, end, lives_here, died)
        for kind, start, end in periods
    ]


def _held(custody: Resource) -> tuple[HolderKind, int | None, int]:
    code = only(parts_of(custody, "kind"), "Arten af forældremyndighed")
    try:
        kind = HolderKind(code)
    except ValueError:
        raise Unclear(f"Forældremyndighed »{code}« kendes ikke.") from None
    return kind, *_period(custody, "Forældremyndigheden")


def _period(extension: Resource, what: str) -> tuple[int | None, int]:
    found = parts_of(extension, "period")
    return period_of(only(found, what) if found else None, what)


def _checked(related: Iterable[Resource]) -> tuple[str, int | None]:
    told = [found for one in related for found in extensions_of(one, "custody")]
    evidence = sorted({str(value) for one in told for value in parts_of(one, "evidence")})
    moments = [_moment(value) for one in told for value in parts_of(one, "checked-at")]
    known = [at for at in moments if at is not None]
    return ", ".join(evidence), min(known, default=None)


def _moment(value: Any) -> int | None:
    try:
        return instant_in({"at": value}, "at", "Datoen")
    except Unclear:
        return None


# -- the child ---------------------------------------------------------------------------------------------------------


def child_of(patient: Resource) -> Child:
    """The child as the law sees it. What can't be read counts as what opens least."""
    suspected, assessed = _honour(_said_by(patient))
    return Child(
        id=text_in(patient, "id"),
        born=_born(patient),
        died_at=_died(patient),
        placements=tuple(found for one in extensions_of(patient, "placement") for found in _placed(one)),
        capacity_decisions=tuple(_decided(one) for one in extensions_of(patient, "capacity-decision")),
        suspected_honour_conflict=suspected,
        risk_assessed=assessed,
    )


def child_in(patient: Resource, former: Iterable[Resource], risks: Iterable[Resource]) -> Child:
    """The same, with what the child is said to be where it stands a second time (all that restricts counts), and with
    the suspicions of an honour-related conflict that stand in the book (RiskAssessment)."""
    patients = (patient, *former)
    everybody = [child_of(one) for one in patients]
    suspected, assessed = _honour((*(said for one in patients for said in _said_by(one)), *map(_said_of, risks)))
    return replace(
        everybody[0],
        born=next((one.born for one in everybody if one.born), None),
        died_at=min((one.died_at for one in everybody if one.died_at is not None), default=None),
        placements=tuple(dict.fromkeys(found for one in everybody for found in one.placements)),
        capacity_decisions=tuple(dict.fromkeys(found for one in everybody for found in one.capacity_decisions)),
        suspected_honour_conflict=suspected,
        risk_assessed=assessed,
    )


class _Said(NamedTuple):
    """What is said of an honour-related conflict. `suspected`, `assessed`: whether it is; the moments as far as they
    are known."""

    suspected: bool
    since: int | None
    assessed: bool
    at: int | None


_MISTAKEN, _UNFOUNDED = "entered-in-error", "cancelled"
_ASSESSED = frozenset(("final", "amended", "corrected", _UNFOUNDED))


def _said_by(patient: Resource) -> list[_Said]:
    """By a register or another system, as parts of our extension."""
    told = [
        (parts_of(one, "suspected"), parts_of(one, "assessed")) for one in extensions_of(patient, "honour-conflict")
    ]
    return [
        _Said(True, _moment(next(iter(since), None)), bool(at), _moment(next(iter(at), None))) for since, at in told
    ]


def _said_of(risk: Resource) -> _Said:
    status, period = risk.get("status"), risk.get("occurrencePeriod") or {}
    since, is_assessed = _moment(period.get("start") or risk.get("occurrenceDateTime")), status in _ASSESSED
    at = _moment(period.get("end")) if is_assessed else None
    return _Said(status not in (_UNFOUNDED, _MISTAKEN), since, is_assessed, at)


def _honour(said: Iterable[_Said]) -> tuple[bool, bool]:
    """Whether an honour-related conflict is suspected, and whether its risk is assessed. An assessment answers each
    suspicion that is not younger, whoever told of it: the department that has the child now can't write in what a
    register said, or another municipality."""
    told = list(said)
    last = max((one.at for one in told if one.at is not None), default=None)
    waiting = [one.since for one in told if one.suspected and not one.assessed]
    answered = all(last is not None and since is not None and since <= last for since in waiting)
    suspected = any(one.suspected for one in told)
    return suspected, suspected and answered


def _born(patient: Resource) -> date | None:
    """The day of birth; a year or a month is not enough to tell somebody's age by."""
    try:
        return date.fromisoformat(text_in(patient, "birthDate"))
    except ValueError:
        return None


def _died(patient: Resource) -> int | None:
    if (told := patient.get("deceasedDateTime")) is not None:
        return _moment(told) or _FIRST
    return _FIRST if patient.get("deceasedBoolean") is True else None


def _placed(placement: Resource) -> list[Placement]:
    """A placement may let the municipality decide instead of the holders, so an unclear one counts for nothing."""
    try:
        start, end = _period(placement, "Anbringelsen")
    except Unclear:
        return []
    covers = frozenset(str(value) for value in parts_of(placement, "covers"))
    return [] if start is None else [Placement(start, end, covers)]


def _decided(decision: Resource) -> CapacityDecision:
    """A decision that can't be read is there all the same: without reasons, for all time, and so for review."""
    try:
        start, end = _period(decision, "Vurderingen")
    except Unclear:
        start, end = None, FOREVER
    if start is None:
        return CapacityDecision(_FIRST, end, reasoned=False)
    return CapacityDecision(start, end, reasoned=any(str(value).strip() for value in parts_of(decision, "reason")))
