"""A developer who has never seen the book: the lines of the page work as they are copied."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.instances import ROOT, environment

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Where the demonstration lies, once it is there."""
    return []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, folder: list[Path]) -> Iterator[str]:
    """A demonstration of their own, for they write in it."""
    yield from demonstration(tmp_path_factory, lambda data, _address: folder.append(data))


def in_a_terminal(lines: list[str], data: Path) -> str:
    """What a shell tells of them, one after the other. `./bog` is the program that is tried here."""
    script = "\n".join(["set -e -o pipefail", *lines])
    script = script.replace("./bog", f"{sys.executable} -m barnetsbog").replace("demo-data", str(data))
    done = subprocess.run(
        ["bash", "-c", script], env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_developer_copies_the_lines_and_gets_answers(visitor: Visitor, folder: list[Path]) -> None:
    developer = visitor
    # Given somebody who opens the address of the interface in a browser, without having logged in
    developer.opens("/fhir/")
    assert developer.page.url.endswith("/fhir/docs/")
    developer.is_in_order()
    # When they copy each line into a terminal
    lines = developer.page.locator("pre code").all_inner_texts()
    assert any("everything" in one for one in lines)
    told = in_a_terminal(lines, folder[0])
    # Then they have found the child, read her, written, learnt what is wrong with something, and are told of news
    assert '"text": "Alma Prøvegaard"' in told
    assert "HTTP/1.1 201 Created" in told and '"valueString":"Gik glad hjem"' in told
    assert told.count("OperationOutcome") == 1 and "Koden »slut« er ikke tilladt her" in told
    assert '"resourceType":"Subscription"' in told and '"status":"requested"' in told
    # And whatever there is is named, and opens
    developer.page.locator("summary", has_text="Observation").click()
    assert "code-value-quantity" in developer.reads()
    developer.page.set_viewport_size({"width": 320, "height": 800})
    developer.needs_no_sideways_scrolling()


def test_the_example_client_does_what_it_says(server: str, folder: list[Path]) -> None:
    key = folder[0] / "demo-clients" / "ppr.json"
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "fhir_client.py", server, key], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found, newest, wrote, changed = done.stdout.splitlines()
    assert found == "Found Alma Prøvegaard" and newest.startswith("The newest observations: ")
    assert wrote.startswith("Wrote Observation/") and changed == "Changed it: Gik glad hjem sammen med en ven"


INNER = b"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
"""What somebody would smuggle past a proxy, behind a request that it lets through."""

SHAPES = {
    "length and chunks": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 66\r\n\r\n{}",
    "a list of lengths": b"Content-Length: 2, 66\r\n\r\n{}",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a folded header": b"X: a\r\n Content-Length: 66\r\nContent-Length: 2\r\n\r\n{}",
    "a tab that is none": b"Transfer-Encoding:\x0bchunked\r\nContent-Length: 2\r\n\r\n{}",
    "a length below nothing": b"Content-Length: -2\r\n\r\n{}",
    "a length in hexadecimal": b"Content-Length: 0x2\r\n\r\n{}",
}  # fmt: skip


def test_what_a_proxy_and_a_server_could_read_in_two_ways_is_refused(server: str, folder: list[Path]) -> None:
    """RFC 9112 §11.2: one refusal, and what stands behind it is no request."""
    (token,) = in_a_terminal(["./bog fhir token --client ppr --data demo-data"], folder[0]).split()
    head = f"POST /fhir/Observation HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n".encode()
    for name, shape in SHAPES.items():
        told = answered(server, head + b"Content-Type: application/fhir+json\r\n" + shape + INNER)
        statuses = re.findall(rb"^HTTP/1\.1 (\d+)", told, re.MULTILINE)
        assert len(statuses) == 1 and statuses[0] in (b"400", b"411"), (name, told)


def answered(server: str, request: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=10) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65_536), b""))
