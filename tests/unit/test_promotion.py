"""What is read out of a resource into the columns of its entry."""

from typing import Any

import pytest

from barnetsbog.fhir.own import BASE
from barnetsbog.kernel.time import parse
from barnetsbog.record.promotion import Standing, promote, standing

AUTHOR = {"url": f"{BASE}/StructureDefinition/author", "valueReference": {"reference": "PractitionerRole/kim"}}


def kind(code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": code}]}


@pytest.mark.parametrize(
    ("resource", "what", "title", "start"),
    [
        ({"resourceType": "Encounter", "type": [{"text": "Møde på skolen"}], "period": {"start": "2026-11-03"}}, "meeting", "Møde på skolen", "2026-11-03"),
        ({"resourceType": "Observation", "code": {"text": "Uro"}, "valueString": "x", "effectiveDateTime": "2026-11-03"}, "observation", "Uro", "2026-11-03"),
        ({"resourceType": "Observation", "code": {"coding": [{"code": "8302-2"}]}, "valueQuantity": {"value": 1}, "issued": "2026-11-03T10:00:00Z"}, "measure", "8302-2", "2026-11-03T10:00:00Z"),
        ({"resourceType": "ClinicalImpression", "code": {**kind("status"), "text": "Kort status"}, "date": "2026-11-03"}, "status", "Kort status", "2026-11-03"),
        ({"resourceType": "DocumentReference", "description": "PPV", "date": "2026-11-03T10:00:00Z"}, "document", "PPV", "2026-11-03T10:00:00Z"),
        ({"resourceType": "Communication", "category": [kind("letter")], "topic": {"text": "Brev"}, "sent": "2026-11-03"}, "letter", "Brev", "2026-11-03"),
        ({"resourceType": "Communication", "category": [{"text": "Forespørgsel"}], "sent": "2026-11-03"}, "message", "Forespørgsel", "2026-11-03"),
        ({"resourceType": "Condition", "code": {"text": "Søvn"}, "onsetDateTime": "2025"}, "condition", "Søvn", "2025"),
        ({"resourceType": "CarePlan", "title": "Pauser", "period": {"start": "2026-01-01"}, "activity": [{"detail": {}}]}, "intervention", "Pauser", "2026-01-01"),
        ({"resourceType": "CarePlan", "category": [kind("plan")], "title": "Plan", "created": "2026-01-01"}, "plan", "Plan", "2026-01-01"),
        ({"resourceType": "Goal", "description": {"text": "Jeg vil lege"}, "category": [kind("own-goal")], "startDate": "2026-01-01"}, "own-goal", "Jeg vil lege", "2026-01-01"),
        ({"resourceType": "Appointment", "status": "booked", "description": "Første samtale", "start": "2026-12-03T10:00:00+01:00"}, "appointment", "Første samtale", "2026-12-03T10:00:00+01:00"),
        ({"resourceType": "ServiceRequest", "status": "active", "code": {"text": "Henvisning"}, "authoredOn": "2026-11-12"}, "referral", "Henvisning", "2026-11-12"),
        ({"resourceType": "Task", "status": "requested", "description": "Ring", "authoredOn": "2026-11-12"}, "task", "Ring", "2026-11-12"),
        ({"resourceType": "Consent", "status": "proposed", "category": [{"text": "Deling"}], "dateTime": "2026-11-12"}, "consent", "Deling", "2026-11-12"),
    ],
)  # fmt: skip
def test_each_kind_has_its_name_title_and_time(resource: dict[str, Any], what: str, title: str, start: str) -> None:
    found = promote(resource)
    assert (found.what, found.title, found.start) == (what, title, parse(start)[0])
    assert (found.month > 0) is (what != "status")


@pytest.mark.parametrize(
    ("kind_name", "status", "open_"),
    [
        ("Task", "requested", True), ("Task", "in-progress", True), ("Task", "completed", False), ("Task", "cancelled", False),
        ("Appointment", "booked", True), ("Appointment", "fulfilled", False), ("Appointment", "cancelled", False), ("Appointment", "noshow", False),
        ("ServiceRequest", "active", True), ("ServiceRequest", "on-hold", True), ("ServiceRequest", "completed", False), ("ServiceRequest", "revoked", False),
        ("Consent", "proposed", True), ("Consent", "active", False), ("Consent", "rejected", False), ("Consent", "inactive", False),
    ],
)  # fmt: skip
def test_what_waits_is_open(kind_name: str, status: str, open_: bool) -> None:
    assert promote({"resourceType": kind_name, "status": status}).open is open_


def test_a_ball_has_a_holder_and_a_deadline() -> None:
    found = promote({
        "resourceType": "Task", "status": "accepted", "owner": {"reference": "PractitionerRole/kim"},
        "restriction": {"period": {"end": "2026-11-27"}}, "requester": {"reference": "PractitionerRole/ida"},
    })  # fmt: skip
    assert found.holder == "PractitionerRole/kim"
    assert found.author == "PractitionerRole/ida"
    assert found.due == parse("2026-11-28")[0] - 1


def test_our_own_author_is_believed_before_the_type_s() -> None:
    resource = {"resourceType": "Observation", "performer": [{"reference": "Organization/x"}], "extension": [AUTHOR]}
    assert promote(resource).author == "PractitionerRole/kim"


def test_marks_are_read_from_meta() -> None:
    meta = {
        "lastUpdated": "2026-11-18T14:40:00+01:00", "source": "urn:barnetsbog:source:skolesystem",
        "tag": [{"code": "important"}, {"code": "imported"}], "security": [{"code": "child-private"}],
    }  # fmt: skip
    found = promote({"resourceType": "Observation", "meta": meta})
    assert found.important and found.imported and found.sensitivity == "P"
    assert found.recorded_at == parse("2026-11-18T14:40:00+01:00")[0]
    others = {name: [{"system": "urn:another", "code": code}] for name, code in (
        ("tag", "important"), ("security", "ordinary"))}  # fmt: skip
    found = promote({"resourceType": "Observation", "meta": others})
    assert not found.important and found.sensitivity == ""  # the same word in somebody else's mouth


def test_a_foreign_type_is_kept_without_a_place_on_the_timeline() -> None:
    found = promote({"resourceType": "Coverage", "status": "active"})
    assert (found.what, found.month, found.title) == ("other", 0, "Coverage")


@pytest.mark.parametrize("date", ["", "0001-01-01", "9999-12-31", "9999-12-31T23:30:00-12:00", "0001", "2200"])
def test_without_a_date_of_a_childhood_it_stands_where_it_is_registered(date: str) -> None:
    said = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    found = promote({**said, "effectiveDateTime": date} if date else said)
    assert (found.month, found.start, found.exactness) == (None, 0, 0)


@pytest.mark.parametrize(
    ("date", "month"), [("1900", 190001), ("2199-12-31", 219912), ("2026-11-30T23:30:00Z", 202612)]
)
def test_and_with_one_in_its_month(date: str, month: int) -> None:
    found = promote({"resourceType": "Observation", "effectiveDateTime": date})
    assert (found.month, found.start) == (month, parse(date)[0])


@pytest.mark.parametrize("stated", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:30:00-12:00"])
def test_nor_was_anything_registered_at_the_ends_of_the_calendar(stated: str) -> None:
    assert promote({"resourceType": "Observation", "meta": {"lastUpdated": stated}}).recorded_at is None


@pytest.mark.parametrize(
    ("priority", "important"), [("urgent", True), ("routine", False), ({"text": "Routine"}, False), (0, False)]
)
def test_priority_is_a_code_a_concept_or_a_number(priority: object, important: bool) -> None:
    """Of a Task, an Encounter and an Appointment."""
    assert promote({"resourceType": "Encounter", "priority": priority}).important is important


def test_a_name_may_have_holes() -> None:
    named = {"given": [None, "Alma"], "_given": [{"id": "x"}, None], "family": "Prøvegaard"}
    assert promote({"resourceType": "Patient", "name": [named]}).title == "Alma Prøvegaard"


def test_a_title_never_outgrows_its_column() -> None:
    assert len(promote({"resourceType": "Task", "description": "x" * 1000}).title) == 300


def test_a_withdrawal_stands_on_the_day_it_was_made() -> None:
    withdrawn = {"url": f"{BASE}/StructureDefinition/withdrawn-at", "valueDateTime": "2026-10-02"}
    consent = {"resourceType": "Consent", "status": "inactive", "dateTime": "2026-08-18"}
    assert promote(consent).start == parse("2026-08-18")[0]
    assert promote({**consent, "extension": [withdrawn]}).start == parse("2026-10-02")[0]


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": "Task", "status": "in-progress", "authoredOn": "2026-11-12", "extension": [AUTHOR],
         "owner": {"reference": "PractitionerRole/ida"}, "restriction": {"period": {"end": "2026-11-27"}}},
        {"resourceType": "Task", "status": "requested", "focus": {"reference": "ServiceRequest/1"},
         "executionPeriod": {"start": "2026-11-12", "end": "2026-11-13"}},
        {"resourceType": "ServiceRequest", "status": "draft", "meta": {"security": [{"code": "draft"}]}, "extension": [
            {"url": f"{BASE}/StructureDefinition/referral-state", "valueCode": "draft"}]},
        {"resourceType": "Goal", "category": [kind("own-goal")], "startDate": "2026-01-01"},
        {"resourceType": "EpisodeOfCare", "status": "finished", "period": {"start": "2026-01-01", "end": "2026-11-03"},
         "managingOrganization": {"reference": "Organization/ppr"}},
        {"resourceType": "Goal", "startDate": "9999-12-31"},
        {"resourceType": "Basic"},
    ],
)  # fmt: skip
def test_every_version_is_read_as_the_present_one(resource: dict[str, Any]) -> None:
    """What a heading was before is what its columns would have been then."""
    whole = promote(resource)
    assert standing(resource) == Standing(*(getattr(whole, name) for name in Standing._fields))
