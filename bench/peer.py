"""SEKMET 0.1.1 as a yardstick: the same Bundles, strictly validated, on the same machine in the same run.

It gets an environment of its own (requirements/bench.txt, locked with hashes) and listens on 127.0.0.1.
"""

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson

from . import synthetic
from .figures import Figure
from .importing import ENTRIES

ROOT = Path(__file__).parents[1]
VENV = ROOT / "build" / "peer-venv"
CONNECTIONS = 4


def measure(folder: Path, children: int) -> list[Figure]:
    """Entries a second of transactions of 61 entries over four connections, and bytes an entry."""
    _environment()
    with _server(folder) as port:
        _post(port, orjson.dumps(synthetic.directory_transaction()))
        bodies = [orjson.dumps(synthetic.child(n)) for n in range(children)]
        started = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(lambda body: _post(port, body), bodies))
        taken = time.perf_counter() - started
        stored = _count(port)
    if stored < children:
        raise RuntimeError(f"the peer holds {stored} of {children} patients")
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / (children * ENTRIES)
    return [
        Figure("SEKMET, poster i sekundet", "/s", (children * ENTRIES / taken,)),
        Figure("SEKMET, bytes for hver post", "B", (size,)),
    ]


def _environment() -> None:
    if (VENV / "bin" / "sekmet").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    lock = ROOT / "requirements" / "bench.txt"
    subprocess.run([VENV / "bin" / "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "base_url": f"http://127.0.0.1:{port}/fhir", "host": "127.0.0.1", "port": port, "data_dir": str(folder),
        "simulator": {"enabled": False}, "validation": {"inbound": "strict"}, "log_inbound": False,
    }  # fmt: skip
    config = folder / "settings.yaml"
    config.write_text(json.dumps(settings))
    command = [str(VENV / "bin" / "sekmet"), "serve", "--config", str(config)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError("the peer did not start")


def _post(port: int, body: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", "/fhir", body, {"Content-Type": "application/fhir+json", "Prefer": "return=minimal"})
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    if response.status >= 300:
        raise RuntimeError(f"the peer answered {response.status}: {answer[:500]!r}")


def _count(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/fhir/Patient?_summary=count")
    found = json.loads(connection.getresponse().read())
    connection.close()
    return int(found.get("total", 0))
