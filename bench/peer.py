"""SEKMET 0.1.1 as a yardstick: the same Bundles, strictly validated, on the same machine in the same run.

It gets an environment of its own (requirements/bench.txt, locked with hashes) and listens on 127.0.0.1. Before it is
measured it must refuse a faulty resource of every kind we send, and afterwards it must hold everything we sent. Its
simulator and its traffic log are off, which is to its advantage: our import keeps its log.
"""

import contextlib
import copy
import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import orjson

from . import synthetic
from .figures import Taken

ROOT = Path(__file__).parents[1]
VENV = ROOT / "build" / "peer-venv"
CONNECTIONS = 4


class Server:
    """A peer, running, by its base. `pid`: of its process, where it is one of this machine's that is measured; `name`:
    what its column is called."""

    def __init__(self, base: str, pid: int = 0, name: str = "") -> None:
        self.base, self._pid = urlsplit(base), pid
        self.name = name or self.base.netloc
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def take(self, first: int, children: int) -> Taken:
        """What these children take, over four connections."""
        bodies = [orjson.dumps(synthetic.child(n)) for n in range(first, first + children)]
        started, used = time.perf_counter(), self._used()
        self.put(bodies)
        return Taken(time.perf_counter() - started, self._used() - used)

    def put(self, bodies: Iterable[bytes]) -> None:
        """Transactions, over four connections."""
        answers = list(self._pool.map(self._post, bodies))
        if failed := [answer for answer in answers if answer[0] >= 300]:
            raise RuntimeError(f"the peer answered {failed[0][0]}: {failed[0][1][:500]!r}")

    def _used(self) -> float:
        """Processor seconds of the server so far, which is one process (Linux: proc_pid_stat(5), fields 14 and 15)."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def begin(self) -> None:
        """The directory, without which the children's references lead nowhere."""
        status, answer = self._post(orjson.dumps(synthetic.directory_transaction()))
        if status >= 300:
            raise RuntimeError(f"the peer refused the directory: {answer[:500]!r}")

    def prove_strict(self) -> None:
        """One fault in one resource of each kind: the transaction must be refused."""
        seen: dict[str, dict[str, Any]] = {}
        for entry in synthetic.child(0)["entry"]:
            seen.setdefault(entry["resource"]["resourceType"], entry)
        for kind, entry in seen.items():
            faulty = copy.deepcopy(entry)
            faulty["resource"]["notInR4"] = True
            status, _ = self._post(orjson.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [faulty]}))
            if not 400 <= status < 500:
                raise RuntimeError(f"the peer is not strict: it answered {status} to a faulty {kind}")

    def prove_stored(self, children: int) -> None:
        """Counts back, kind by kind."""
        bundles = [synthetic.directory_transaction(), *map(synthetic.child, range(children))]
        sent = Counter(entry["resource"]["resourceType"] for bundle in bundles for entry in bundle["entry"])
        for kind, count in sent.items():
            held = self._count(kind)
            if held != count:
                raise RuntimeError(f"the peer holds {held} of {count} {kind}")

    def _post(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/fhir+json", "Prefer": "return=minimal"}
        return self._ask("POST", self.base.path, body, headers)

    def _count(self, kind: str) -> int:
        _, answer = self._ask("GET", f"{self.base.path}/{kind}?_summary=count", None, {})
        return int(json.loads(answer).get("total", 0))

    def _ask(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """A connection for each: it costs a thousandth of what a Bundle does, and none is left to time out."""
        with contextlib.closing(connection(self.base)) as opened:
            opened.request(method, address, body, headers)
            response = opened.getresponse()
            return response.status, response.read()


def connection(base: SplitResult) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
    return kind(base.netloc, timeout=120)


def at(base: str) -> Server:
    """A server that runs already, with the directory in it."""
    server = Server(base)
    server.begin()
    return server


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The peer with the directory in it, proven strict. It is stopped at the end."""
    _environment()
    folder.mkdir()
    with _process(folder) as (port, pid):
        server = Server(f"http://127.0.0.1:{port}/fhir", pid, "SEKMET")
        server.prove_strict()
        server.begin()
        yield server


def size(folder: Path) -> int:
    """Bytes of its database at rest: the write-ahead log moved in, as ours is."""
    database = folder / "sekmet.db"
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database.stat().st_size


def _environment() -> None:
    """Made once for each lock: a stamp tells which one is installed."""
    lock, stamp = ROOT / "requirements" / "bench.txt", VENV / ".installed"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([VENV / "bin" / "pip", "install", "-q", "--require-hashes", "-r", lock], check=True)
    stamp.write_bytes(lock.read_bytes())


@contextlib.contextmanager
def _process(folder: Path) -> Iterator[tuple[int, int]]:
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
        wait(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(1200):  # a demonstration is loaded first
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the peer did not start")
