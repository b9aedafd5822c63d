"""What could find out where a protected child is: everything that a veil takes out, and what names a place."""

import re

import pytest

from barnetsbog.fhir.definitions import parameters, resource_types
from barnetsbog.record.searching import model as m
from barnetsbog.record.searching.placing import may_lead_out, tells_a_place
from barnetsbog.record.veil import Veil


def _within(kind: str, path: str) -> bool:
    """Whether a veil takes out what stands at a path of a resource."""
    *members, last = path.split(".")[1:]
    body: dict[str, object] = {last: "x"}
    for member in reversed(members):
        body = {member: [body]}
    return b"x" not in Veil().body(f'{{"resourceType":"{kind}",{str(body)[1:]}'.replace("'", '"').encode())


TAKEN_OUT = sorted({
    (kind, one.name, one.kind)
    for kind in resource_types() for one in parameters(kind) for part in one.expression.split(" | ")
    if re.fullmatch(rf"{kind}(\.[a-z]+)+", part, re.IGNORECASE) and part.count(".") and _within(kind, part)
})  # fmt: skip


def test_there_are_such() -> None:
    assert ("Patient", "address-use", "token") in TAKEN_OUT and ("Encounter", "location-period", "date") in TAKEN_OUT


@pytest.mark.parametrize(("kind", "param", "sort"), TAKEN_OUT)
def test_what_a_veil_takes_out_is_found_and_sorted_by_nothing(kind: str, param: str, sort: str) -> None:
    asked: dict[str, m.Condition] = {"token": m.Tokens(param, (m.Coded(None, "temp"),)), "date": m.Dates(param, ())}
    assert tells_a_place(kind, m.Missing(param, missing=False)) and may_lead_out(kind, param)
    assert sort not in asked or tells_a_place(kind, asked[sort])
