"""Whom an entry was sent to."""

from typing import Any

import pytest

from barnetsbog.consent.addressing import DIALOGUE, NOTICE, addressed_to, is_notice
from barnetsbog.consent.terms import ENTRY_KIND
from barnetsbog.fhir.own import EXTENSION

BUP, KIM, MOTHER = (
    {"reference": f"{one}"} for one in ("Organization/bup", "PractitionerRole/kim", "RelatedPerson/mor")
)


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        ({"resourceType": "ServiceRequest", "status": "active", "performer": [BUP]}, ("Organization/bup",)),
        ({"resourceType": "ServiceRequest", "status": "draft", "performer": [BUP]}, ()),
        (
            {"resourceType": "Communication", "status": "completed", "recipient": [MOTHER, KIM, BUP, KIM]},
            ("RelatedPerson/mor", "PractitionerRole/kim", "Organization/bup"),
        ),
        ({"resourceType": "Communication", "status": "not-done", "recipient": [BUP]}, ()),
        ({"resourceType": "Communication", "status": "completed", "sender": BUP}, ()),
        (
            {
                "resourceType": "Task", "status": "requested", "owner": KIM, "requester": MOTHER,
                "extension": [{"url": f"{EXTENSION}offered-to", "valueReference": BUP}],
            },
            ("PractitionerRole/kim", "Organization/bup"),
        ),
        (
            {
                "resourceType": "Appointment", "status": "booked", "participant": [{"actor": KIM}, {"status": "accepted"}],
                "extension": [{"url": f"{EXTENSION}took-part", "valueReference": BUP}],
            },
            ("PractitionerRole/kim", "Organization/bup"),
        ),
        ({"resourceType": "Observation", "status": "final", "performer": [BUP]}, ()),
        ({"resourceType": "Communication", "status": "completed", "recipient": "x"}, ()),
    ],
)  # fmt: skip
def test_who_may_read_what_was_sent(resource: dict[str, Any], found: tuple[str, ...]) -> None:
    assert addressed_to(resource) == found


def _communication(kind: str) -> dict[str, Any]:
    category = [{"coding": [{"system": ENTRY_KIND, "code": kind}]}]
    child = {"reference": "Patient/alma"}
    return {"resourceType": "Communication", "status": "completed", "category": category, "recipient": [child, MOTHER]}


def test_a_child_is_sent_a_message_and_sees_all_else_without() -> None:
    assert addressed_to(_communication(DIALOGUE)) == ("Patient/alma", "RelatedPerson/mor")
    assert addressed_to(_communication("letter")) == ("RelatedPerson/mor",)


def test_what_tells_that_a_sharing_has_ended_is_known_as_that() -> None:
    assert is_notice(_communication(NOTICE))
    assert not is_notice(_communication(DIALOGUE)) and not is_notice({"resourceType": "Communication"})
