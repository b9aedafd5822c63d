"""Appointments in FHIR (`fhir/profiles/StructureDefinition-appointment.json`). Pure.

FHIR lets no unit take part in an Appointment, so a unit stands beside it (`took-part`). What another system said about
it besides is left as it stands.
"""

from collections.abc import Mapping
from datetime import time
from typing import Any

from barnetsbog.fhir.own import (
    BASE,
    all_referred,
    codes_of,
    extension,
    extension_of,
    members,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.numbers import is_number
from barnetsbog.kernel.time import SECOND, iso, moment, parse
from barnetsbog.plan.mapping import FOR_INTERVENTION
from barnetsbog.record.promotion import label_of, text_of
from barnetsbog.record.shelves import BETWEEN

from .model import Answer, Incoming, Slot, State, Told, Wanted
from .rules import answers_after_move

Resource = dict[str, Any]

ACT = f"{BASE}/CodeSystem/act"
ICAL, SEQUENCE, STAMP, SAID = (f"{BASE}/NamingSystem/ical-{one}" for one in ("uid", "sequence", "stamp", "said"))
USUAL = 3600 * SECOND
_OF_THE_TIME = ("minutesDuration", "slot")
"""What another system says of a time that holds of no other: how long it takes, and which place in a schedule it is."""
_UNIT = "Organization"


# -- reading -----------------------------------------------------------------------------------------------------------


def state_of(resource: Resource) -> State | None:
    status = resource.get("status")
    return State(status) if status in list(State) else None


def slot_of(resource: Resource) -> Slot | None:
    """None on a waiting list."""
    if not resource.get("start"):
        return None
    start = parse(str(resource["start"]))[0]
    return slot_from(start, parse(str(resource["end"]))[0] if resource.get("end") else None)


def slot_from(start: int, end: int | None) -> Slot:
    """Without an end an hour, as most are; so too where another system gave one that does not come after the beginning:
    FHIR lets it, and it would be on no day of a calendar."""
    return Slot(start, end if end is not None and end > start else start + USUAL)


def is_whole_day(slot: Slot) -> bool:
    """From midnight to midnight: nobody gave a clock time."""
    return {moment(at).time() for at in slot} == {time.min}


def answers_of(resource: Resource) -> dict[str, Answer]:
    """Who takes part, and whether they come, in the order of the resource."""
    found = {}
    for one in members(resource.get("participant")):
        status = one.get("status")
        found[reference_of(one.get("actor"))] = Answer(status) if status in list(Answer) else Answer.ASKED
    found.pop("", None)
    return found


def units_of(resource: Resource) -> list[str]:
    return [one for one in all_referred(resource, "took-part") if one]


def act_of(resource: Resource) -> str:
    return next(iter(codes_of(resource.get("serviceType"), ACT)), "")


def reason_of(resource: Resource) -> str:
    cancelled = text_of(resource.get("cancelationReason"))
    return cancelled or str(extension_of(resource, "change-reason") or "")


def moved_from(resource: Resource) -> int | None:
    told = extension_of(resource, "moved-from")
    return parse(str(told))[0] if told else None


def part_of(resource: Resource) -> str:
    """The reference of the intervention, or the agreement on contact, that it belongs to."""
    return referred(resource, FOR_INTERVENTION)


def told_of(resource: Resource) -> Told:
    """What another calendar last told of an appointment; without a key when it is from none."""
    found = {one.get("system"): str(one.get("value", "")) for one in members(resource.get("identifier"))}
    return Told(found.get(ICAL, ""), _count(found.get(SEQUENCE, "")), _count(found.get(STAMP, "")), found.get(SAID, ""))


def _count(text: str) -> int:
    """A number as it was written here. What another system has put in its place, at any length, is none."""
    return int(text) if is_number(text, 19) else 0


# -- writing -----------------------------------------------------------------------------------------------------------


def appointment(
    ident: str, *, child: str, author: str, wanted: Wanted, slot: Slot | None, at: int, group: str = "",
    between: bool = False,
) -> Resource:  # fmt: skip
    """A new appointment. Whoever arranges it comes; everybody else is asked. `between`: only those who come read it."""
    state = State.WAITLIST if slot is None else State.BOOKED if wanted.booked else State.PROPOSED
    people = [one for one in wanted.guests if not one.startswith(_UNIT)]
    answers = {f"Patient/{child}": Answer.YES} | {one: Answer.YES if one == author else Answer.ASKED for one in people}
    told = {"place": wanted.place, "interpreter": wanted.interpreter, "alternatives": group}
    resource: Resource = {
        "resourceType": "Appointment", "id": ident, "meta": {"profile": [f"{BASE}/StructureDefinition/appointment"]},
        "extension": [
            referring("author", author),
            *(referring("took-part", one) for one in wanted.guests if one.startswith(_UNIT)),
            *(_says(name, text.strip()) for name, text in told.items() if text.strip()),
            *([referring(FOR_INTERVENTION, wanted.intervention)] if wanted.intervention else []),
        ],
        "status": state.value, "description": wanted.title.strip(), "created": iso(at),
        "participant": _participants(answers, []),
    }  # fmt: skip
    words = {"patientInstruction": wanted.preparation.strip(), "comment": wanted.text.strip()}
    resource |= {name: text for name, text in words.items() if text}
    if between:
        resource["meta"]["security"] = [label_of(BETWEEN)]
    if wanted.act:
        resource["serviceType"] = [{"coding": [{"system": ACT, "code": wanted.act}]}]
    return resource | (_times(slot) if slot else {})


def _times(slot: Slot) -> Resource:
    return {"start": iso(slot.start), "end": iso(slot.end)}


def with_answer(resource: Resource, who: str, answer: Answer) -> Resource:
    """The next version: somebody comes, or does not. Whoever takes part without having been asked does now."""
    return {**resource, "participant": _participants({**answers_of(resource), who: answer}, resource["participant"])}


def with_state(resource: Resource, state: State, reason: str = "") -> Resource:
    """The next version: booked, or cancelled and why."""
    found = {**resource, "status": state.value}
    found.pop("cancelationReason", None)
    return found | ({"cancelationReason": {"text": reason.strip()}} if reason.strip() else {})


def with_slot(resource: Resource, slot: Slot, *, reason: str, by: str) -> Resource:
    """The next version: another time, why, and when it was before. Everybody is asked again."""
    before = slot_of(resource)
    told = [_says("change-reason", reason.strip())] if reason.strip() else []
    if before:
        told.append(extension("moved-from", "DateTime", iso(before.start)))
    answers = answers_after_move(answers_of(resource), by)
    kept = {name: said for name, said in resource.items() if name not in _OF_THE_TIME}
    return {
        **kept, **_times(slot), "extension": [*without(resource, "change-reason", "moved-from"), *told],
        "participant": _participants(answers, resource["participant"]),
    }  # fmt: skip


def from_ical(ident: str, *, child: str, author: str, one: Incoming, told: Told, at: int) -> Resource:
    """An appointment out of another calendar. Whoever brings it in comes."""
    wanted = Wanted(one.title, (one.slot,), (author,), booked=not one.tentative, place=one.place, text=one.text)
    made = appointment(ident, child=child, author=author, wanted=wanted, slot=one.slot, at=at)
    return with_told(made, told)


def with_ical(resource: Resource, one: Incoming, told: Told, *, by: str) -> Resource:
    """The next version of one that came before: what its sender says of it now. The answers stand as long as the time
    does; another time is a move, of which nobody has said why."""
    if slot_of(resource) != one.slot:
        resource = with_slot(resource, one.slot, reason="", by=by)
    found = {
        **with_told(resource, told), "description": one.title, "status":
        (State.PROPOSED if one.tentative else State.BOOKED).value, "extension": without(resource, "place"),
    }  # fmt: skip
    found["extension"] += [_says("place", one.place)] if one.place else []
    found.pop("cancelationReason", None)
    found.pop("comment", None)
    return found | ({"comment": one.text} if one.text else {})


def with_told(resource: Resource, told: Told) -> Resource:
    """The same, with what its calendar told last."""
    known = ((ICAL, told.key), (SEQUENCE, str(told.sequence)), (STAMP, str(told.stamp or "")), (SAID, told.said))
    others = [one for one in members(resource.get("identifier")) if one.get("system") not in dict(known)]
    return resource | {"identifier": [*others, *({"system": name, "value": value} for name, value in known if value)]}


def _participants(answers: Mapping[str, Answer], before: Any) -> list[Resource]:
    """What another system said of who comes stays, each in their place; so does somebody, or something, that it names
    in words alone."""
    found = [_answered(one, answers.get(reference_of(one.get("actor")))) for one in members(before)]
    there = {reference_of(one.get("actor")) for one in found}
    new = ({"actor": {"reference": who}, "status": answer.value} for who, answer in answers.items() if who not in there)
    return [*found, *new]


def _answered(participant: Resource, answer: Answer | None) -> Resource:
    return participant if answer is None else {**participant, "status": answer.value}


def _says(name: str, text: str) -> Resource:
    return extension(name, "Code" if name == "interpreter" else "String", text)
