"""From a signed assertion to a resource: the whole way of a system, with nothing in between that is not real."""

import orjson

from tests.builders import observation
from tests.conftest import BOTH_DATABASES

from .conftest import World, claims, lines, signed

pytestmark = BOTH_DATABASES


def test_a_system_fetches_a_token_reads_and_writes_what_its_scopes_allow(world: World) -> None:
    world.system(scopes="system/Patient.rs system/Observation.cruds")
    token = world.token(scope="system/Patient.rs system/Observation.cruds")
    bearer = {"Authorization": f"Bearer {token}"}
    found = world.browser.get("/fhir/Patient", headers=bearer).json()
    (alma,) = [one["resource"] for one in found["entry"]]
    note = {
        name: one for name, one in observation(about=f"Patient/{alma['id']}").items() if name not in ("id", "performer")
    }
    made = world.browser.post("/fhir/Observation", orjson.dumps(note), "application/fhir+json", headers=bearer)
    assert made.status_code == 201, made.content
    assert world.browser.get(made.headers["Location"], headers=bearer).json() == made.json()
    assert (
        world.browser.post("/fhir/Patient", orjson.dumps(alma), "application/fhir+json", headers=bearer).status_code
        == 403
    )
    (line,) = lines("fhir-create")
    assert (line.child_id, line.detail["client"]) == (world.alma, "ppr-system")


def test_a_token_that_reads_writes_nothing_and_one_that_is_none_is_told_so(world: World) -> None:
    world.system()
    bearer = {"Authorization": f"Bearer {world.token()}"}
    refused = world.browser.post(
        "/fhir/Observation", orjson.dumps(observation()), "application/fhir+json", headers=bearer
    )
    assert refused.status_code == 403
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Basic {signed(claims())}"}):
        answer = world.browser.get("/fhir/Patient", headers=header)
        assert (answer.status_code, answer.json()["resourceType"]) == (401, "OperationOutcome")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
