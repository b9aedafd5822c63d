"""A mandate and the RelatedPerson it stands on, both ways. What can't be read precisely opens nothing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from barnetsbog.consent.reading import Unclear, instant_in, only, period_of, text_in, written, written_period
from barnetsbog.fhir.own import complex_extension, extensions_of, members, parts_of, reference_of
from barnetsbog.kernel.cpr import CPR_SYSTEM, DEMO_SYSTEM, is_demo_number, normalise

from .model import BLOCKS, Kind, Mandate

Resource = dict[str, Any]
WORDS = {Kind.LAY: "bisidder", Kind.MANDATE: "fuldmagt"}


def mandates_of(person: Resource) -> Iterator[Mandate]:
    """What somebody around a child has been chosen for. Of one without a day of birth nobody knows the age."""
    if person.get("active") is False:
        return
    for one in extensions_of(person, "mandate"):
        try:
            yield _mandate(person, one)
        except (Unclear, ValueError):
            continue


def _mandate(person: Resource, said: Resource) -> Mandate:
    start, end = period_of(only(parts_of(said, "period"), "Perioden"), "Perioden")
    if start is None:
        raise Unclear("Det mangler, fra hvornår det gælder.")
    blocks = frozenset(str(block) for block in parts_of(said, "block"))
    if not blocks or not blocks <= set(BLOCKS):
        raise Unclear("Det er uklart, hvad det gælder.")
    kind, giver = Kind(only(parts_of(said, "kind"), "Arten")), reference_of(only(parts_of(said, "given-by"), "Giveren"))
    excluded = parts_of(said, "excluded-at")
    at = instant_in({"at": only(excluded, "Afgørelsen")}, "at", "Afgørelsen") if excluded else None
    return Mandate(
        text_in(person, "id"), giver.rpartition("/")[2], kind, blocks, date.fromisoformat(text_in(person, "birthDate")),
        start, end, at,
    )  # fmt: skip


def helper(mandate: Mandate, *, child: str, name: str, phone: str = "", number: str = "") -> Resource:
    """The person who helps, as an entry of the child's book."""
    system = DEMO_SYSTEM if is_demo_number(number) else CPR_SYSTEM
    numbers = {"identifier": [{"system": system, "value": normalise(number)}]} if number else {}
    phones = {"telecom": [{"system": "phone", "value": phone}]} if phone else {}
    return {
        "resourceType": "RelatedPerson", "id": mandate.person, "extension": [_extension(mandate, child)],
        "active": True, "patient": {"reference": f"Patient/{child}"}, "relationship": [{"text": WORDS[mandate.kind]}],
        "name": [{"text": name}], "birthDate": mandate.born.isoformat(), **phones, **numbers,
    }  # fmt: skip


def changed(person: Resource, before: Mandate, after: Mandate, *, reason: str = "") -> Resource:
    """The same person with a mandate in place of the one it was; everything else that is known of them stays."""
    child = reference_of(person.get("patient")).rpartition("/")[2]
    said = [
        _extension(after, child, reason) if _is(person, one, before) else one
        for one in members(person.get("extension"))
    ]
    return {**person, "extension": said}


def _is(person: Resource, said: Resource, mandate: Mandate) -> bool:
    try:
        return said in extensions_of(person, "mandate") and _mandate(person, said) == mandate
    except (Unclear, ValueError):
        return False


def _extension(mandate: Mandate, child: str, reason: str = "") -> Resource:
    """`reason`: the municipality's, when it has excluded the helper."""
    giver = f"{'Patient' if mandate.giver == child else 'RelatedPerson'}/{mandate.giver}"
    excluded = None if mandate.excluded_at is None else written(mandate.excluded_at)
    parts = {
        "kind": ("Code", mandate.kind.value), "given-by": ("Reference", {"reference": giver}),
        "period": ("Period", written_period(mandate.start, mandate.end)),
        "block": ("Code", tuple(sorted(mandate.blocks))),
        "excluded-at": ("DateTime", excluded), "reason": ("String", reason),
    }  # fmt: skip
    return complex_extension("mandate", parts)
