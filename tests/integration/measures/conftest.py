"""Twelve children at PPR, and a year of work with them whose numbers can be worked out by hand."""

from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for
from barnetsbog.consent.mapping import Asking, consent_resource
from barnetsbog.directory.queries import roles
from barnetsbog.fhir.own import BASE, extension, referring
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.law.model import Capacity, Consent, Kind, Level, Sharing, Status
from barnetsbog.measures import queries
from barnetsbog.measures.model import Measured
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, care, patient, role, send, task, unit
from tests.integration.consent.conftest import holder

NOON = parse("2026-11-25T12:00:00+01:00")[0]
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("access.scopes", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: NOON)


def recorded(resource: Json, at: str, **more: Any) -> Json:
    """One version of a resource, as it was registered at a time."""
    return {**resource, **more, "meta": {**resource.get("meta", {}), "lastUpdated": at}}


class Unit:
    """PPR's year. Every child is called by its number."""

    CHILDREN = 12

    def __init__(self) -> None:
        directory = [unit("ppr"), unit("skole", "school"), unit("bup", "bup")]
        for name, place, code in (
            ("kim", "ppr", "psychologist"), ("bo", "ppr", "psychologist"), ("leder", "ppr", "manager"),
            ("maja", "skole", "teacher"), ("rektor", "skole", "school_leader"), ("ida", "bup", "bup_clinician"),
            ("tal", "ppr", "analyst"),
        ):  # fmt: skip
            directory += role(name, place, code)
        self.sends(*directory)
        for number in range(self.CHILDREN):
            child = f"barn{number}"
            mother = holder(f"mor{number}", "Sara") | {"patient": {"reference": f"Patient/{child}"}}
            cares = [
                care(f"ppr{number}", child, start="2026-06-01"),
                care(f"skole{number}", child, "skole", start="2026-10-01"),
            ]
            self.sends(patient(child, number=f"05051799{number:02}"), mother, *cares)

    def sends(self, *resources: Json) -> None:
        found = send(bundle(*resources))
        assert not found.refusals, found.refusals

    def ident(self, name: str) -> UUID:
        return next(one.id for one in roles().values() if one.name.startswith(name.title()))

    def scope(self, name: str) -> Scope:
        made = scope_for(self.ident(name), level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    # -- what they do

    def has_a_task(self, number: int, name: str = "kim", *, due: str | None, since: str, **more: Any) -> None:
        self.sends(recorded(
            task(f"t{number}-{since[:10]}", f"barn{number}", name, due, executionPeriod={"start": since}, **more), since,
        ))  # fmt: skip

    def has_a_task_that_nobody_takes(self, number: int, since: str, until: str) -> None:
        waiting = task(f"u{number}", f"barn{number}", None, None, executionPeriod={"start": since})
        self.sends(recorded(waiting, since, status="requested"))
        self.sends(recorded(waiting, until, owner={"reference": "PractitionerRole/kim"}))

    def ends_its_case(self, number: int, day: str) -> None:
        ended = care(f"ppr{number}", f"barn{number}", start="2026-06-01", end=day)
        self.sends(ended | {"extension": [referring("moved-by", "PractitionerRole/kim")]})

    def sends_a_referral(self, number: int, *states: tuple[str, str], by: str = "kim") -> None:
        """From state to state, each at its time."""
        for state, at in states:
            fhir = {"draft": "draft", "incomplete": "on-hold"}.get(state, "active")
            labels = {"security": [{"system": f"{BASE}/CodeSystem/sensitivity", "code": "draft"}]}
            self.sends(recorded({
                "resourceType": "ServiceRequest", "id": f"r{number}", "status": fhir, "intent": "order",
                "subject": {"reference": f"Patient/barn{number % self.CHILDREN}"}, "authoredOn": states[0][1],
                "requester": {"reference": f"PractitionerRole/{by}"}, "performer": [{"reference": "Organization/bup"}],
                "code": {"text": "Udredning"}, "extension": [extension("referral-state", "Code", state)],
                **({"meta": labels} if state == "draft" else {}),
            }, at))  # fmt: skip

    def has_a_first_visit(self, number: int, start: str, *states: tuple[str, str]) -> None:
        for state, at in states:
            self.sends(recorded({
                "resourceType": "Appointment", "id": f"v{number}", "status": state, "description": "Første samtale",
                "start": start, "end": start.replace("T10", "T11"),
                "extension": [referring("author", "PractitionerRole/kim")],
                "participant": [{"actor": {"reference": f"Patient/barn{number}"}, "status": "accepted"}],
            }, at))  # fmt: skip

    def was_to_meet(self, number: int, day: str, status: str) -> None:
        self.sends(recorded({
            "resourceType": "Encounter", "id": f"e{number}", "status": status, "class": {"code": "AMB"},
            "subject": {"reference": f"Patient/barn{number}"}, "period": {"start": day, "end": day},
            "participant": [{"individual": {"reference": "PractitionerRole/kim"}}],
        }, f"{day}T10:00:00+02:00"))  # fmt: skip

    def has_its_mother_s_yes(self, number: int, since: str) -> None:
        """To PPR's assessment."""
        answered = parse(since)[0]
        given = Consent(
            id=f"c{number}", giver=f"mor{number}", capacity=Capacity.HOLDER, act="ppr-assessment", kind=Kind.PARTICIPATION,
            sharing=Sharing(frozenset(), Level.CONTENT), status=Status.GIVEN, answered_at=answered,
            valid_from=answered, valid_to=answered + 300 * DAY, recipient="ppr",
        )  # fmt: skip
        self.sends(consent_resource(given, Asking(f"barn{number}", "PPR's vurdering")))

    # -- what their leader sees

    def numbers(self, name: str = "leder") -> dict[str, Measured]:
        with open_book(self.scope(name), "measures") as book:
            return {one.definition.id: one for one in queries.of_unit(book)}

    def values(self, measure: str, month: int, name: str = "leder") -> tuple[object, ...]:
        """The numbers of a month: a value, or the word for why there is none."""
        found = self.numbers(name)[measure]
        rows = [*found.rows, *([found.total] if found.total else [])]
        cells = next(row.cells for row in rows if row.month == month)
        return tuple(cell.mark.value if cell.value is None else cell.value for cell in cells)


@pytest.fixture
def ppr(database: str) -> Unit:
    return Unit()
