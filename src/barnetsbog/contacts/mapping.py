"""The people around a child in FHIR: RelatedPerson, and the participants of the CareTeam. Pure.

Involvement, task, hours and stand-in are extensions of a participant, because FHIR has no element for them. The
coordinator is a participant too, and moves by `responsibility.mapping`: each leaves what is the other's as it stands.
"""

from collections.abc import Sequence
from typing import Any

from barnetsbog.consent.people import custody_of
from barnetsbog.consent.terms import CUSTODY_CODE, DANISH_RELATION
from barnetsbog.fhir.own import (
    codes_of,
    extension,
    extension_of,
    extensions_of,
    in_use,
    members,
    reference_of,
    referred,
    referring,
    without,
)
from barnetsbog.kernel.time import iso, parse
from barnetsbog.law.custody import holding
from barnetsbog.record.promotion import ENTRY_KIND, TEAM_ROLE, text_of

from .model import Choice, Description, Held, Involvement, NetworkPerson, Part, Picture

Resource = dict[str, Any]

ROLE_CODE = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
FRIEND = {"system": ROLE_CODE, "code": "FRND", "display": "unrelated friend"}


NAMED = {"system": ENTRY_KIND, "code": "named-contact", "display": "Named contact"}


def is_named(person: Resource) -> bool:
    """Somebody who works with the child and is no user of the book, as a form names them."""
    return NAMED["code"] in codes_of(person.get("relationship"), ENTRY_KIND)


def named_contact(ident: str, name: str, task: str, phone: str, *, child: str) -> Resource:
    """`child`: the reference of the child."""
    found: Resource = {
        "resourceType": "RelatedPerson", "id": ident, "active": True, "patient": {"reference": child},
        "name": [{"text": name}], "relationship": [{"coding": [NAMED], **({"text": task} if task else {})}],
    }  # fmt: skip
    return {**found, "telecom": [{"system": "phone", "value": phone}]} if phone else found


# -- the child's own people --------------------------------------------------------------------------------------------


def is_network(person: Resource) -> bool:
    """Somebody the child has pointed at, and nothing that the law gives rights by."""
    codes = {c.get("code") for kind in members(person.get("relationship")) for c in members(kind.get("coding"))}
    return codes == {FRIEND["code"]} and not extensions_of(person, "custody")


def choice_of(person: Resource) -> Choice:
    picture, order = (extension_of(person, name) for name in ("chosen-picture", "chosen-order"))
    known = picture if picture in list(Picture) else None
    return Choice(Picture(known) if known else None, order if isinstance(order, int) and order > 0 else None)


def holders_of(people: Sequence[Resource], at: int) -> frozenset[str]:
    """The ids of those of a child's people who hold custody at a moment, as the law reads it; of nobody where it can't
    be read."""
    patients = {reference_of(one.get("patient")).removeprefix("Patient/") for one in people}
    return frozenset(one.person for patient in patients for one in holding(custody_of(people, patient), at))


def custody_held(person: Resource) -> tuple[Held, ...]:
    """Custody that somebody holds, held or will hold; none where it can't be read."""
    found = custody_of([person], reference_of(person.get("patient")).removeprefix("Patient/"))
    holders = sorted(found.holders, key=lambda one: one.valid_from) if found.known else []
    return tuple(Held(h.kind.value, h.valid_from, h.valid_to, found.evidence, found.checked_at) for h in holders)


def lasts(person: Resource, end: int | None, at: int) -> bool:
    """Whether somebody's relation to the child lasts. `end`: of the time that is stated. Where other systems say by it
    how long custody lasted (dk-core's `PARAUTH`), whoever has lost that is the child's parent still."""
    is_parent = CUSTODY_CODE in codes_of(person.get("relationship"), DANISH_RELATION)
    return person.get("active") is not False and (end is None or end > at or is_parent)


def has_died(person: Resource) -> bool:
    return extension_of(person, "deceased") is not None


def relation_of(person: Resource) -> str:
    kinds = list(members(person.get("relationship")))
    return next((str(kind["text"]) for kind in kinds if kind.get("text")), text_of(kinds[:1]))


def phone_of(person: Resource, at: int) -> str:
    """The number by which somebody is called now."""
    known = in_use(person.get("telecom"), at)
    return next((str(one.get("value", "")) for one in known if one.get("system") == "phone"), "")


def network_person(ident: str, *, child: str, wanted: NetworkPerson) -> Resource:
    """A new one of the child's own people."""
    return with_person(
        {"resourceType": "RelatedPerson", "id": ident, "active": True, "patient": {"reference": f"Patient/{child}"}},
        wanted,
    )


def with_person(person: Resource, wanted: NetworkPerson) -> Resource:
    """The next version of a network person."""
    others = [one for one in members(person.get("telecom")) if one.get("system") != "phone"]
    found = {
        **person, "name": [{"text": wanted.name.strip()}],
        "relationship": [{"coding": [FRIEND], "text": wanted.relation.strip()}],
        "telecom": [*others, {"system": "phone", "value": wanted.phone.strip()}] if wanted.phone.strip() else others,
    }  # fmt: skip
    if not found["telecom"]:
        del found["telecom"]
    return with_choice(found, wanted.choice)


def with_choice(person: Resource, choice: Choice) -> Resource:
    """The next version of anybody: what the child has chosen, and the rest as it stands."""
    said = without(person, "chosen-picture", "chosen-order")
    if choice.picture:
        said.append(extension("chosen-picture", "Code", choice.picture.value))
    if choice.order:
        said.append(extension("chosen-order", "PositiveInt", choice.order))
    return _extended(person, said)


# -- the team ----------------------------------------------------------------------------------------------------------


def parts_of(team: Resource) -> list[Part]:
    """Everybody in a team once, in its order. Who stands there twice is what they are where they have not left."""
    found: dict[str, Part] = {}
    for one in members(team.get("participant")):
        part = _part(one)
        before = found.get(part.reference)
        found[part.reference] = _joined(before, part) if before else part
    found.pop("", None)
    return list(found.values())


def _joined(one: Part, other: Part) -> Part:
    if (one.left_at is None) is not (other.left_at is None):
        return one if one.left_at is None else other
    return other._replace(roles=one.roles | other.roles)


def _part(participant: Resource) -> Part:
    said = extension_of(participant, "involvement")
    involvement = Involvement(said) if said in list(Involvement) else None
    task, hours = (str(extension_of(participant, name) or "") for name in ("team-task", "hours"))
    stand_in = referred(participant, "stands-in")
    end = (participant.get("period") or {}).get("end")
    return Part(
        reference_of(participant.get("member")), frozenset(codes_of(participant.get("role"), TEAM_ROLE)),
        Description(involvement, task, hours, stand_in), parse(str(end), end=True)[0] if end else None,
    )  # fmt: skip


def with_description(team: Resource, reference: str, said: Description) -> Resource:
    """The next version of a team: what somebody does in it. Whoever was not of it, or had left, is now."""
    listed = list(members(team.get("participant")))
    if not any(reference_of(one.get("member")) == reference for one in listed):
        member = {"system": TEAM_ROLE, "code": "member"}
        listed.append({"role": [{"coding": [member]}], "member": {"reference": reference}})
    return {**team, "participant": [_described(one, said) if _is(one, reference) else one for one in listed]}


def _described(participant: Resource, said: Description) -> Resource:
    kept = {key: value for key, value in participant.items() if key != "period"}
    told = without(participant, "involvement", "team-task", "hours", "stands-in")
    if said.involvement:
        told.append(extension("involvement", "Code", said.involvement.value))
    texts = {"team-task": said.task.strip(), "hours": said.hours.strip()}
    told += [extension(name, "String", text) for name, text in texts.items() if text]
    return _extended(kept, [*told, *_stands_in(said.stand_in)])


def with_leaver(team: Resource, reference: str, *, at: int, successor: str) -> Resource | None:
    """The next version of a team that somebody leaves; None when they are not of it."""
    listed = list(members(team.get("participant")))
    if not any(_is(one, reference) for one in listed):
        return None
    return {**team, "participant": [_left(one, at, successor) if _is(one, reference) else one for one in listed]}


def _left(participant: Resource, at: int, successor: str) -> Resource:
    period = {**(participant.get("period") or {}), "end": iso(at)}
    told = [*without(participant, "stands-in"), *_stands_in(successor)]
    return _extended({**participant, "period": period}, told)


def _stands_in(reference: str) -> list[Resource]:
    return [referring("stands-in", reference)] if reference else []


def _is(participant: Resource, reference: str) -> bool:
    return reference_of(participant.get("member")) == reference


def _extended(element: Resource, told: list[Resource]) -> Resource:
    """FHIR allows no empty list."""
    rest = {key: value for key, value in element.items() if key != "extension"}
    return {**rest, "extension": told} if told else rest
