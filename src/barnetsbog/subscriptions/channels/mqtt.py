"""The broker as a message queue: MQTT 3.1.1 (OASIS), one message for each notification, acknowledged (QoS 1).

A notification goes to the topic `PREFIX/SUBSCRIPTION`; who may listen there is for the broker to say. It may come
twice, as by every channel: its number tells. What is said here is five sorts of packets, so there is no library.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from ..model import Parcel, Trouble, Unreached
from .hanging_up import hung_up_after, secured
from .queues import CUT_OFF, IN_ALL, NO_RECEIPT, PREFIX, SECONDS, SHUT_OUT, reaching, require_broker, user_of

CONNECT, CONNACK, PUBLISH, PUBACK, DISCONNECT = 0x10, 0x20, 0x32, 0x40, 0xE0
"""The first byte of a packet (§2.2); a PUBLISH with QoS 1."""
LARGEST, ANSWER = 2**28 - 1, 2
"""Bytes that a packet may hold, and one of those that answer us."""
_CLEAN, _PASSWORD, _USER = 0x02, 0x40, 0x80
_THE_ONE = b"\x00\x01"
"""The number of the only message of a connection."""


class MqttBroker:
    """`address`: `mqtts://user:password@host:port/prefix` (`settings.BROKER`)."""

    def __init__(self, address: str, *, seconds: float = SECONDS, in_all: float = IN_ALL) -> None:
        self.seconds, self.in_all, self.at = seconds, in_all, urlsplit(address)
        self.prefix = self.at.path.strip("/") or PREFIX

    def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
        require_broker(origins)
        with self._connected() as line:
            try:
                line.sendall(packet(PUBLISH, text(f"{self.prefix}/{parcel.to}") + _THE_ONE + parcel.body))
                answer = received(line, ANSWER)
            except OSError:
                raise Trouble(CUT_OFF) from None
            if answer != (PUBACK, _THE_ONE):
                raise Trouble(NO_RECEIPT)
            with suppress(OSError):  # it has it
                line.sendall(packet(DISCONNECT))

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        with reaching(), self._line() as line, hung_up_after(self.in_all, line):
            line.sendall(packet(CONNECT, self._hello()))
            if received(line, ANSWER) != (CONNACK, b"\x00\x00"):
                raise Unreached(SHUT_OUT)
            yield line

    def _line(self) -> socket.socket:
        host, secure = str(self.at.hostname), self.at.scheme == "mqtts"
        line = socket.create_connection((host, self.at.port or (8883 if secure else 1883)), timeout=self.seconds)
        return secured(line, host, self.in_all) if secure else line

    def _hello(self) -> bytes:
        """CONNECT (§3.1): nothing is kept between connections, and the broker gives the name."""
        user, password = user_of(self.at)
        flags = _CLEAN | (_USER if user else 0) | (_PASSWORD if user and password else 0)
        known = [one for one in (user, password) if user and one]
        return text("MQTT") + bytes((4, flags, 0, 30)) + text("") + b"".join(map(text, known))


def text(of: str) -> bytes:
    """A text with its length before it (§1.5.3)."""
    said = of.encode()
    return len(said).to_bytes(2, "big") + said


def packet(kind: int, content: bytes = b"") -> bytes:
    """The first byte, the length in groups of seven bits (§2.2.3), and the rest."""
    left, length = len(content), bytearray()
    while True:
        left, part = divmod(left, 128)
        length.append(part | (0x80 if left else 0))
        if not left:
            return bytes((kind,)) + bytes(length) + content


def received(line: socket.socket, most: int = LARGEST) -> tuple[int, bytes]:
    """The next packet: its first byte, and what it holds. Raises `OSError`, also for one that holds more than `most`
    bytes."""
    (kind,) = _exactly(line, 1)
    length = shift = 0
    while True:
        (part,) = _exactly(line, 1)
        length |= (part & 0x7F) << shift
        shift += 7
        if not part & 0x80 or shift > 21:
            if length > most:
                raise ConnectionError
            return kind, _exactly(line, length)


def _exactly(line: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = line.recv(size - len(found))
        if not more:
            raise ConnectionError
        found += more
    return found
