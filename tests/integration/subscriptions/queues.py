"""Message queues for tests: where they stand, a certificate for them, and one that only plays at being one."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from barnetsbog.subscriptions.model import Parcel


class Queue(NamedTuple):
    """The ports of one that runs, without TLS and with it, and the certificate that it shows there."""

    plain: int
    secure: int
    certificate: Path


PROGRAMS = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/lib/rabbitmq/bin"
WHO = "bog:hemme%20lig"
"""Name and password, as an address has them."""
CALL = {"type": "message", "payload": "application/fhir+json"}
"""The channel of a subscription that is told by the broker."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lay_certificate(folder: Path) -> Path:
    """`cert.pem` and `key.pem` of a queue on this machine."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "queue")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(pem)
    return folder / "cert.pem"


@contextmanager
def running(port: int, *command: object, **environment: str) -> Iterator[None]:
    """A program while it answers on a port."""
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment or None
    )
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    pytest.fail(f"{process.args} does not answer")


def parcel(size: int = 2) -> Parcel:
    return Parcel("event-1", uuid4(), "", (), b"{}" + b" " * (size - 2))


@contextmanager
def playing(answers: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a queue that does as `answers` says with the one who calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def plays() -> None:
            with server.accept()[0] as line, suppress(OSError):
                answers(line)

        thread = Thread(target=plays, daemon=True)
        thread.start()
        yield int(server.getsockname()[1])
        thread.join(5)


@contextmanager
def a_letter_at_a_time(said: bytes, until: bytes = b"", *, first: bytes = b"") -> Iterator[int]:
    """The port of a queue that says `first`, hears, says `until`, and then `said` without end, each in good time."""

    def answers(line: socket.socket) -> None:
        line.sendall(first)
        line.recv(1000)
        line.sendall(until)
        while True:
            line.sendall(said)
            time.sleep(0.05)

    with playing(answers) as port:
        yield port
