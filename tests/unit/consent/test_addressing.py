"""Whom an entry was sent to."""

from typing import Any

import pytest

from barnetsbog.consent.addressing import addressed_to
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
