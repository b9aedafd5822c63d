"""Custody out of the RelatedPersons, the child out of the Patient: what isn't known is said to be so."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from barnetsbog.consent.people import child_of, custody_of
from barnetsbog.consent.terms import DANISH_RELATION
from barnetsbog.fhir.own import EXTENSION, complex_extension
from barnetsbog.kernel.time import FOREVER, day_start
from barnetsbog.law.model import CapacityDecision, Custody, Holder, HolderKind, Placement
from tests.unit.consent.test_mapping import JSON

Json = dict[str, Any]
PARAUTH = [{"coding": [{"system": DANISH_RELATION, "code": "PARAUTH"}]}]


def at(text: str) -> int:
    return day_start(date.fromisoformat(text))


def custody(kind: str = "parent", **period: str) -> Json:
    parts = {
        "kind": ("Code", kind),
        "period": ("Period", period or None),
        "evidence": ("Code", "cpr"),
        "checked-at": ("DateTime", "2026-11-01"),
    }
    return complex_extension("custody", {name: part for name, part in parts.items() if part[1]})


def person(ident: str, *extensions: Json, child: str = "alma", **more: Any) -> Json:
    patient = {"reference": f"Patient/{child}"}
    return {"resourceType": "RelatedPerson", "id": ident, "patient": patient, "extension": list(extensions), **more}


def simple(name: str, kind: str, value: Any) -> Json:
    return {"url": EXTENSION + name, f"value{kind}": value}


def test_holders_with_their_periods() -> None:
    mother = person("mor", custody(start="2017-05-07"), simple("lives-with-child", "Boolean", True))
    father = person("far", custody(start="2017-05-07", end="2025-01-31"), simple("deceased", "DateTime", "2025-01-31"))
    holder = person("vaerge", custody("temporary"))
    assert custody_of([mother, father, holder, person("mormor")], "alma") == Custody(
        (
            Holder("mor", HolderKind.PARENT, at("2017-05-07"), FOREVER, True),
            Holder("far", HolderKind.PARENT, at("2017-05-07"), at("2025-02-01"), deceased_at=at("2025-01-31")),
            Holder("vaerge", HolderKind.TEMPORARY, 0, FOREVER),
        ),
        evidence="cpr",
        checked_at=at("2026-11-01"),
    )


@pytest.mark.parametrize(
    "related",
    [
        [],
        [person("mor")],
        [person("mor", custody(), child="another")],
        [person("mor", custody(), active=False)],
        [person("mor", custody("boss"))],
        [person("mor", custody(start="2026-01-01", end="2025-01-01"))],
        [person("mor", custody()), person("far", simple("custody", "Boolean", True))],
    ],
)
def test_custody_that_nobody_has_established(related: list[Json]) -> None:
    assert custody_of(related, "alma") == Custody((), known=False)


def test_the_danish_code_counts_where_there_is_nothing_better() -> None:
    found = custody_of([person("mor", relationship=PARAUTH)], "alma")
    assert found.holders == (Holder("mor", HolderKind.PARENT, 0, FOREVER),)
    ended = custody_of([person("mor", custody(end="2020-01-01"), relationship=PARAUTH)], "alma")
    assert ended.holders[0].valid_to == at("2020-01-02"), "our own extension says more"


def test_the_child() -> None:
    placement = complex_extension(
        "placement", {"period": ("Period", {"start": "2024-05-28"}), "covers": ("Code", "ppr-assessment")}
    )
    decision = complex_extension(
        "capacity-decision",
        {"period": ("Period", {"start": "2026-01-01", "end": "2026-06-30"}), "reason": ("String", "Kan ikke overskue")},
    )
    conflict = complex_extension("honour-conflict", {"suspected": ("Date", "2026-01-01")})
    found = child_of({"id": "alma", "birthDate": "2017-05-07", "extension": [placement, decision, conflict]})
    assert (found.id, found.born, found.died_at) == ("alma", date(2017, 5, 7), None)
    assert found.placements == (Placement(at("2024-05-28"), FOREVER, frozenset({"ppr-assessment"})),)
    assert found.capacity_decisions == (CapacityDecision(at("2026-01-01"), at("2026-07-01"), True),)
    assert (found.suspected_honour_conflict, found.risk_assessed) == (True, False)


def test_what_is_not_clear_about_a_child_opens_least() -> None:
    placement = complex_extension("placement", {"covers": ("Code", "ppr-assessment")})
    decision = complex_extension("capacity-decision", {"reason": ("String", "Uden periode")})
    found = child_of({"birthDate": "2017-05", "deceasedBoolean": True, "extension": [placement, decision]})
    assert (found.born, found.died_at, found.placements) == (None, 0, ())
    assert found.capacity_decisions == (CapacityDecision(0, FOREVER, reasoned=False),)


@given(JSON)
def test_nonsense_never_raises(value: Any) -> None:
    child_of(
        {"id": value, "birthDate": value, "deceasedDateTime": value, "extension": [simple("placement", "Code", value)]}
    )
    custody_of([person("mor", simple("custody", "Code", value), relationship=value, active=value)], "alma")


def test_what_a_register_says_of_custody_lasts_as_long_as_it_says() -> None:
    told = person("mor", relationship=PARAUTH, period={"start": "2020-01-01", "end": "2026-06-30"})
    (mother,) = custody_of([told], "alma").holders
    assert (mother.valid_from, mother.valid_to) == (at("2020-01-01"), at("2026-07-01"))


@pytest.mark.parametrize(("reason", "reasoned"), [("Kan ikke overskue det", True), (" \n", False)])
def test_that_a_young_person_cannot_decide_must_have_a_reason(reason: str, reasoned: bool) -> None:
    decision = complex_extension(
        "capacity-decision", {"period": ("Period", {"start": "2026-01-01"}), "reason": ("String", reason)}
    )
    (found,) = child_of({"birthDate": "2010-05-07", "extension": [decision]}).capacity_decisions
    assert (found.valid_from, found.reasoned) == (at("2026-01-01"), reasoned)
