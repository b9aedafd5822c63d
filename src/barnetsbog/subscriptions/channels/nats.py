"""The broker as NATS with JetStream: a notification counts as told when a stream has said that it keeps it.

It goes to the subject `PREFIX.SUBSCRIPTION`, with an id by which the stream knows a second try for what it is. The
operator makes the stream, and says who may read it. A publisher's part of the protocol is five lines of text, so there
is no library; the one there is would give name and password to a server that says nothing of TLS.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from barnetsbog.kernel.sentences import say

from ..model import Parcel, Trouble, Unreached
from .hanging_up import hung_up_after, secured
from .queues import (
    CUT_OFF,
    IN_ALL,
    NO_RECEIPT,
    PREFIX,
    SECONDS,
    SHUT_OUT,
    SILENT,
    UNKEPT,
    key_of,
    reaching,
    require_broker,
    user_of,
)

PORT, LONGEST = 4222, 64 * 1024
"""Bytes that a line, or an answer, may hold."""
OF_TLS = say(
    "Beskedkøen og BOG_BROKER er ikke enige om TLS.", "The message broker and BOG_BROKER do not agree about TLS."
)
TOO_LARGE = say("Beskeden er for stor til beskedkøen.", "The notification is too large for the message broker.")

Info = dict[str, Any]


class NatsBroker:
    """`address`: `nats+tls://user:password@host:port/prefix` (`settings.BROKER`)."""

    def __init__(self, address: str, *, seconds: float = SECONDS, in_all: float = IN_ALL) -> None:
        self.seconds, self.in_all, self.at = seconds, in_all, urlsplit(address)
        self.prefix = self.at.path.strip("/").replace("/", ".") or PREFIX

    def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
        require_broker(origins)
        known_by = f"NATS/1.0\r\nNats-Msg-Id: {key_of(parcel)}\r\n\r\n".encode()
        size, inbox = len(known_by) + len(parcel.body), f"_INBOX.{uuid4().hex}"
        listens = f"SUB {inbox} 1\r\n"
        begins = f"HPUB {self.prefix}.{parcel.to} {inbox} {len(known_by)} {size}\r\n"
        with self._connected(size) as (line, answers):
            try:
                line.sendall(b"%s%s%s%s\r\n" % (listens.encode(), begins.encode(), known_by, parcel.body))
                answer = _answer(line, answers)
            except (OSError, ValueError):
                raise Trouble(CUT_OFF) from None
            if answer is None:
                raise Trouble(UNKEPT)
            if "stream" not in answer:
                raise Trouble(NO_RECEIPT)

    @contextmanager
    def _connected(self, size: int) -> Iterator[tuple[socket.socket, BinaryIO]]:
        """To a server that has let us in, and takes a message of so many bytes."""
        with reaching(), self._line() as plain:
            with hung_up_after(self.in_all, plain), plain.makefile("rb") as first:
                info = _info(first)
            if bool(info.get("tls_required")) != self.secure:
                raise Unreached(OF_TLS)
            if size > info.get("max_payload", size):
                raise Unreached(TOO_LARGE)
            with (
                secured(plain, str(self.at.hostname), self.in_all) if self.secure else plain as line,
                hung_up_after(self.in_all, line),
                line.makefile("rb") as answers,
            ):
                line.sendall(b"CONNECT %s\r\nPING\r\n" % orjson.dumps(self._hello()))
                if _word(answers) != b"PONG":
                    raise Unreached(SHUT_OUT)
                yield line, answers

    @property
    def secure(self) -> bool:
        return self.at.scheme == "nats+tls"

    def _line(self) -> socket.socket:
        return socket.create_connection((str(self.at.hostname), self.at.port or PORT), timeout=self.seconds)

    def _hello(self) -> Info:
        user, password = user_of(self.at)
        return {
            "verbose": False, "pedantic": False, "tls_required": self.secure, "name": PREFIX, "lang": "python",
            "version": "1", "protocol": 1, "headers": True, "no_responders": True,
            **({"user": user, "pass": password} if user else {}),
        }  # fmt: skip


def _info(lines: BinaryIO) -> Info:
    """What a server says of itself first. One that says something else is no NATS."""
    kind, _, said = _next(lines).partition(b" ")
    try:
        found = orjson.loads(said)
    except orjson.JSONDecodeError:
        found = None
    if kind != b"INFO" or not isinstance(found, dict):
        raise Unreached(SILENT)
    return found


def _word(answers: BinaryIO) -> bytes:
    """The first word of the next line that is no news of the server's own."""
    while (word := _next(answers).split(b" ", 1)[0]) in (b"INFO", b"+OK"):
        pass
    return word


def _answer(line: socket.socket, answers: BinaryIO) -> Info | None:
    """What the stream says of the notification; None when there is no stream."""
    while True:
        kind, *said = _next(answers).split(b" ")
        if kind == b"PING":
            line.sendall(b"PONG\r\n")
        elif kind == b"HMSG":  # only "nobody is there" comes with headers
            return None
        elif kind == b"MSG":
            size = int(said[-1])
            found = orjson.loads(answers.read(size)) if size <= LONGEST else None
            return found if isinstance(found, dict) else {}
        elif kind == b"-ERR":
            return {}


def _next(lines: BinaryIO) -> bytes:
    """The next line, without its end. Raises `OSError`."""
    found = lines.readline(LONGEST)
    if not found.endswith(b"\n"):
        raise ConnectionError
    return found.rstrip(b"\r\n")
