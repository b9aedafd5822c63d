"""How fast the FHIR interface answers over HTTP: a new resource, a read that is logged, everything about a child, and
a child found by name and birth date.

Two servers, one process each, are asked the same in turn over four connections that stay open. Ours asks who calls,
filters by rights and writes each read into the log; the peer does neither. Both have the same children.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit
from uuid import UUID

import orjson

from . import peer, scale, synthetic
from .figures import Figure, Result, rate, ratio

CONNECTIONS = 4
FIRST, BARE = 2_000_000, 4
"""The first child of this part, and the resources of a child that is only to be found: with parents and a task."""

ACTS = ("opret", "læs, med log", "$everything", "søg på navn og fødselsdag")
GOALS = dict(zip(ACTS, (6.0, 2.0, 8.0, 40.0), strict=True))
TIMES = dict(zip(ACTS, (200, 400, 40, 100), strict=True))
"""How many requests one run has of each."""

Asked = tuple[str, str, bytes | None]
"""Method, path after the base, body."""


@dataclass
class Side:
    """One of the two servers, by its base. `ids`: what a resource of the children is called there."""

    base: SplitResult
    ids: Callable[[str, str], str]
    token: Callable[[], str] = lambda: ""
    _open: threading.local = field(default_factory=threading.local)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(CONNECTIONS))

    def take(self, asked: Sequence[Asked]) -> tuple[float, list[dict[str, Any]]]:
        """Seconds, and what was answered."""
        headers = {"Content-Type": "application/fhir+json"}
        if token := self.token():
            headers["Authorization"] = f"Bearer {token}"
        started = time.perf_counter()
        answers = list(self._pool.map(lambda one: self._ask(one, headers), asked))
        return time.perf_counter() - started, [json.loads(one) for one in answers]

    def _ask(self, asked: Asked, headers: dict[str, str]) -> bytes:
        method, path, body = asked
        if not hasattr(self._open, "connection"):
            self._open.connection = peer.connection(self.base)
        self._open.connection.request(method, f"{self.base.path}/{path}", body, headers)
        response = self._open.connection.getresponse()
        answer: bytes = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {answer[:300]!r}")
        return answer


def measure(
    data: Path, children: int, others: int, *, runs: int, with_peer: bool = False, at: str | None = None
) -> Result:
    """`children` of 61 resources are read and written; `others` of four are there to be searched among. `at`: the base
    of a server that runs already, in the place of SEKMET. It takes the ids that it is given, and asks nobody who calls.
    """
    unit = _prepare(children, others)
    with contextlib.ExitStack() as running:
        port = running.enter_context(serving(data))
        sides = {"vores": Side(urlsplit(f"http://127.0.0.1:{port}/fhir"), _our_id, _tokens(unit))}
        if with_peer:
            server = peer.at(at) if at else running.enter_context(peer.serving(data / "fhir-peer"))
            _fill(server, children, others)
            sides[server.name] = Side(server.base, lambda _kind, ident: ident)
        return _measured(sides, children, runs)


def _measured(sides: dict[str, Side], children: int, runs: int) -> Result:
    result = Result()
    for act in ACTS:
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for run in range(runs + 1):
            for name, side in sides.items():
                seconds, answers = side.take([_asked(act, side, n % children) for n in range(TIMES[act])])
                _prove(act, answers)
                if run:  # the first round warms up
                    taken[name].append(seconds)
        found = {name: Figure(f"FHIR: {act}, {name}", "/s", rate(TIMES[act], each)) for name, each in taken.items()}
        result.figures += found.values()
        result.ratios += [
            ratio(f"FHIR: {act} / {name}", found["vores"], theirs, least=GOALS[act])
            for name, theirs in found.items() if name != "vores"
        ]  # fmt: skip
    return result


def _asked(act: str, side: Side, number: int) -> Asked:
    """A request about one child."""
    bundle = synthetic.child(FIRST + number, care=(synthetic.MEASURED,))
    patient = bundle["entry"][0]["resource"]
    ident = side.ids("Patient", patient["id"])
    match act:
        case "opret":
            made = {
                "resourceType": "Observation", "status": "final", "code": {"text": f"Iagttagelse {time.time_ns()}"},
                "subject": {"reference": f"Patient/{ident}"}, "effectiveDateTime": "2026-11-25T09:30:00+01:00",
            }  # fmt: skip
            return "POST", "Observation", orjson.dumps(made)
        case "læs, med log":
            seen = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Observation")
            return "GET", f"Observation/{side.ids('Observation', seen['id'])}", None
        case "$everything":
            return "GET", f"Patient/{ident}/$everything?_count=1000", None
    wanted = {"family": patient["name"][0]["family"], "birthdate": patient["birthDate"]}
    return "GET", f"Patient?{urlencode(wanted)}", None


def _prove(act: str, answers: list[dict[str, Any]]) -> None:
    """Nobody is quick by answering less."""
    least = {"$everything": 60, "søg på navn og fødselsdag": 1}.get(act)
    if least and (short := [one for one in answers if len(one.get("entry", ())) < least]):
        raise RuntimeError(f"{act}: {len(short)} answers have less than {least} resources: {str(short[0])[:300]}")


# -- ours --------------------------------------------------------------------------------------------------------------


def _prepare(children: int, others: int) -> UUID:
    """The children, and the unit that may read the whole of them."""
    from barnetsbog.directory.queries import children_by_numbers
    from barnetsbog.intake.model import Unit
    from barnetsbog.intake.operations import receive

    for name, bundle in (("katalog", synthetic.directory()), ("enhed", synthetic.measured_unit())):
        receive([Unit(name, orjson.dumps(bundle), "bench")], jobs=1)
    bundles = _bundles(children, others)
    report = receive([Unit(f"f{n}", orjson.dumps(one), "bench") for n, one in enumerate(bundles)])
    if report.refusals:
        raise RuntimeError(f"refused: {report.refusals[:1]}")
    unit = UUID(_our_id("Organization", f"bench-unit-{synthetic.MEASURED}"))
    keys = [("source:bench", f"Patient/b{FIRST + number}") for number in range(children)]
    for child in children_by_numbers(keys).values():
        scale.open_whole(child, unit)
    return unit


def _bundles(children: int, others: int) -> Iterator[dict[str, Any]]:
    for number in range(children + others):
        yield synthetic.child(FIRST + number, 61 if number < children else BARE, care=(synthetic.MEASURED,))


def _our_id(kind: str, ident: str) -> str:
    from barnetsbog.kernel.ids import derived_id
    from barnetsbog.record.instance import id_key

    return str(derived_id(id_key(), "bench", f"{kind}/{ident}"))


def _tokens(unit: UUID) -> Callable[[], str]:
    """A system of the unit, which fetches a token as any other does."""
    from authlib.oauth2.rfc7523 import private_key_jwt_sign
    from joserfc.jwk import ECKey, KeySet

    from barnetsbog.clients import addresses, operations
    from barnetsbog.clients.protocol import token_for

    base, scope, many = "http://127.0.0.1", "system/*.cruds", 10_000_000
    key = ECKey.generate_key("P-384", {"kid": "bench", "use": "sig"})
    keys = json.dumps(KeySet([key]).as_dict(private=False))
    operations.register(operations.New(
        "bench", "Målingen", scope, role="system", unit_id=unit, jwks=keys, per_minute=many, per_day=many,
    ))  # fmt: skip

    def fetched() -> str:
        said = private_key_jwt_sign(
            key, "bench", addresses.token(base), alg="ES384", header={"kid": "bench"}, expires_in=240
        )
        answer = token_for(base, {
            "grant_type": "client_credentials", "scope": scope, "client_assertion": said,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }.items())  # fmt: skip
        return str(answer.body["access_token"])

    return fetched


@contextlib.contextmanager
def serving(data: Path, how: str = "serve") -> Iterator[int]:
    """`./bog serve` on the data, or `demo`, as anybody starts it. Its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "barnetsbog", how, "--data", str(data), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(peer.ROOT / "src")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        peer.wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


# -- the peer ----------------------------------------------------------------------------------------------------------


def _fill(server: peer.Server, children: int, others: int) -> None:
    unit = synthetic.measured_unit()["entry"]
    for one in unit:
        resource = one["resource"]
        one["request"] = {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"}
    server.put([orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": unit})])
    server.put(map(orjson.dumps, _bundles(children, others)))
