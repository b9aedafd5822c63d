"""A line of the log as an AuditEvent: valid R4, in the shape of BALP, and nothing that its reader is not told."""

import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.audit.mapping import PROFILES, Agent, Telling, actions_of, audit_event, letter
from barnetsbog.audit.model import Action
from barnetsbog.fhir.checking import check
from barnetsbog.kernel.time import parse

NOON = parse("2026-11-25T12:00:00+01:00")[0]
KIM = Agent("Kim Demosen, psykolog, PPR", "PractitionerRole/0192f0c4-0000-7000-8000-000000000001")


def telling(action: str = "fhir-read", **changes: Any) -> Telling:
    usual: dict[str, Any] = {
        "id": "0192f0c4-0000-7000-8000-000000000002", "at": NOON, "action": action, "allowed": True, "agent": KIM,
        "client": "ppr-system", "patient": "Patient/0192f0c4-0000-7000-8000-000000000003", "purpose": "ppr", "reason": "",
        "glass": False, "detail": {},
    }  # fmt: skip
    return Telling(**{**usual, **changes})


def test_a_read_through_the_interface_is_balps_patient_read() -> None:
    found = audit_event(telling(detail={"entry": "0192f0c4-0000-7000-8000-000000000004", "entries": 1}))
    assert found["meta"]["profile"] == [f"{PROFILES}.PatientRead"]
    assert (found["type"]["code"], found["subtype"][0]["code"], found["action"]) == ("rest", "read", "R")
    assert (found["recorded"], found["outcome"]) == ("2026-11-25T12:00:00+01:00", "0")
    user, client, server = found["agent"]
    assert user["requestor"] and user["who"] == {"reference": KIM.reference, "display": KIM.name}
    assert client["type"]["coding"][0]["code"] == "110153" and client["who"]["display"] == "ppr-system"
    assert server["type"]["coding"][0]["code"] == "110152"
    patient, entry = found["entity"]
    assert patient["role"]["code"] == "1" and patient["what"]["reference"].startswith("Patient/")
    assert entry["what"]["identifier"]["value"].endswith("0004")
    assert found["purposeOfEvent"] == [{"text": "ppr"}]
    assert check(found) == []


def test_a_search_says_what_was_looked_for_and_no_name_or_number() -> None:
    detail = {"criterion": "number", "value": "xxxx17-xxxx", "digest": "secret", "found": [], "query": "code=x"}
    found = audit_event(telling("fhir-search", patient="", detail=detail))
    assert found["meta"]["profile"] == [f"{PROFILES}.Query"] and found["action"] == "E"
    (query,) = found["entity"]
    assert json.loads(b64decode(query["query"])) == {"criterion": "number", "query": "code=x", "value": "xxxx17-xxxx"}
    assert check(found) == []


def test_a_refusal_says_so_and_why() -> None:
    found = audit_event(telling(allowed=False, reason="ikke fundet"))
    assert (found["outcome"], found["outcomeDesc"]) == ("4", "ikke fundet")


def test_broken_glass_is_the_purpose() -> None:
    found = audit_event(telling("break-glass", glass=True, reason="Barnet er i fare", client=""))
    assert found["purposeOfEvent"][0]["coding"][0]["code"] == "BTG"
    assert found["purposeOfEvent"][0]["text"] == "Barnet er i fare" and "profile" not in found["meta"]


ACTIONS = [
    *Action,
    "fhir-read",
    "fhir-search",
    "fhir-history",
    "fhir-create",
    "fhir-write",
    "fhir-restrict",
    "ball-move",
    "client",
    "token",
]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_line_is_a_valid_resource(action: str) -> None:
    assert check(audit_event(telling(str(action)))) == []
    assert check(audit_event(telling(str(action), client="", patient="", purpose="", agent=Agent("Barnets Bog")))) == []


TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(
    st.sampled_from(ACTIONS),
    st.booleans(),
    TEXT,
    TEXT,
    st.dictionaries(st.sampled_from(["entry", "query", "value", "case"]), TEXT),
)
def test_whatever_a_line_says_it_is_a_valid_resource(
    action: str, allowed: bool, reason: str, who: str, detail: dict[str, Any]
) -> None:
    found = audit_event(telling(str(action), allowed=allowed, reason=reason, agent=Agent(who), detail=detail))
    assert check(found) == []


@pytest.mark.parametrize("wanted", "CRUDE")
def test_a_letter_stands_for_the_actions_that_have_it_and_for_no_others(wanted: str) -> None:
    wanted_ones, none_of = actions_of(wanted)
    for action in map(str, ACTIONS):
        fits = action in wanted_ones if wanted_ones else action not in none_of
        assert fits is (letter(action) == wanted), action
