"""A small client of the FHIR interface: fetches a token, finds a child, reads and writes.

    pip install fhirpy joserfc
    ./bog demo                     # in another terminal
    python examples/fhir_client.py http://127.0.0.1:8000 demo-data/demo-clients/ppr.json

It logs in as a system does (SMART backend services): it signs a statement with its private key and gets a token for it.
"""

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import requests
from fhirpy import SyncFHIRClient
from joserfc import jwt
from joserfc.jwk import ECKey

ALMA = "https://barnetsbog.example/fhir/identifier/demo-cpr|6705179902"
"""The first child of the demonstration. A real number has the system urn:oid:1.2.208.176.1.2."""

SECONDS = 30
"""How long an answer is waited for."""


def access_token(address: str, key_file: Path, client: str, scope: str = "system/*.cruds") -> str:
    """A token that lasts some minutes. `address`: of the instance; `key_file`: the private key as JWK, P-384."""
    configuration = requests.get(f"{address}/fhir/.well-known/smart-configuration", timeout=SECONDS).json()
    endpoint = configuration["token_endpoint"]
    key = ECKey.import_key(json.loads(key_file.read_text()))
    claims = {"iss": client, "sub": client, "aud": endpoint, "exp": int(time.time()) + 240, "jti": str(uuid.uuid4())}
    answer = requests.post(endpoint, timeout=SECONDS, data={
        "grant_type": "client_credentials",
        "scope": scope,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode({"alg": "ES384", "kid": key.kid}, claims, key, algorithms=["ES384"]),
    })  # fmt: skip
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def find_child(address: str, token: str, identifier: str) -> dict[str, Any] | None:
    """By number. It is sent as a form, for an address is written down everywhere; fhirpy can only search by GET."""
    answer = requests.post(
        f"{address}/fhir/Patient/_search", timeout=SECONDS, data={"identifier": identifier},
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    answer.raise_for_status()
    entries = answer.json().get("entry", [])
    return dict(entries[0]["resource"]) if entries else None


def main(address: str, key_file: Path, client: str) -> None:
    token = access_token(address, key_file, client)
    child = find_child(address, token, ALMA)
    if child is None:
        raise SystemExit("There is no such child, or your unit has no task with it.")
    print(f"Found {child['name'][0]['text']}")

    fhir = SyncFHIRClient(f"{address}/fhir", authorization=f"Bearer {token}")
    seen = fhir.resources("Observation").search(patient=child["id"]).sort("-date").limit(3).fetch()
    print(f"The newest observations: {', '.join(one['code']['text'] for one in seen)}")

    observation = fhir.resource(
        "Observation", status="final", code={"text": "Trivsel"}, subject={"reference": f"Patient/{child['id']}"},
        effectiveDateTime="2026-11-25", valueString="Gik glad hjem",
    )  # fmt: skip
    observation.save()
    print(f"Wrote {observation.to_reference().reference}")

    observation["valueString"] = "Gik glad hjem sammen med en ven"
    observation.save()
    print(f"Changed it: {observation['valueString']}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else Path(sys.argv[2]).stem)
