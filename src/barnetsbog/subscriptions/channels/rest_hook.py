"""rest-hook: a POST to where the client is registered to be told, and nowhere else (OWASP: request forgery).

The name is looked up at each notification, every address it leads to is judged, and the connection goes to the address
that was judged: a name that leads elsewhere a moment later leads nowhere. No proxy, no redirect, no cookies; what is
answered is counted and thrown away.
"""

import http.client
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from barnetsbog.kernel.sentences import say

from .. import rules
from ..model import Parcel, Trouble, Unreached
from .hanging_up import hung_up_after, on_the_way, secured

SECONDS, IN_ALL = 5.0, 12.0
"""How long each step may take, and all of an answer."""
LARGEST = 64 * 1024
"""Bytes of an answer that are looked at."""

NOWHERE = say(
    "Adressen fører ikke til et sted, der må kaldes.", "The address does not lead to a place that may be called."
)
NOT_REGISTERED = say(
    "Klienten er ikke registreret med adressen mere.", "The client is not registered with the address any more."
)
SILENT = say("Modtageren svarer ikke.", "The receiver does not answer.")
CERTIFICATE = say("Modtagerens certifikat kan ikke godkendes.", "The receiver's certificate cannot be accepted.")
NAMELESS = say("Modtagerens navn kan ikke slås op.", "The receiver's name cannot be looked up.")
CUT_OFF = say(
    "Forbindelsen blev afbrudt, eller svaret kom for sent.", "The connection was cut off, or the answer came too late."
)

Resolve = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name leads to now, in the order in which this machine would try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class RestHook:
    """`demo`: whether this is a demonstration, where a place on this machine may be told. `resolve`: how names are
    looked up."""

    def __init__(
        self, demo: bool, resolve: Resolve = resolved, *, seconds: float = SECONDS, in_all: float = IN_ALL
    ) -> None:
        self.demo, self.resolve, self.seconds, self.in_all = demo, resolve, seconds, in_all

    def deliver(self, parcel: Parcel, origins: tuple[str, ...]) -> None:
        origin = rules.origin_of(parcel.endpoint)
        if not origin or origin not in origins or not rules.is_origin(origin, demo=self.demo):
            raise Unreached(NOT_REGISTERED)
        with self._connected(origin) as sock:
            self._post(sock, parcel)

    @contextmanager
    def _connected(self, origin: str) -> Iterator[socket.socket]:
        parts = urlsplit(origin)
        host, secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        sock = self._line(self._addresses(origin, host, port), port)
        with on_the_way(SILENT, CERTIFICATE):
            sock = secured(sock, host, self.in_all) if secure else sock
        with sock:
            yield sock

    def _line(self, addresses: Sequence[str], port: int) -> socket.socket:
        """A connection to the first that answers: a name may have addresses that this machine has no way to (IPv6)."""
        until = time.monotonic() + self.in_all
        for address in addresses:
            with suppress(OSError):
                return socket.create_connection((address, port), timeout=self.seconds)
            if time.monotonic() > until:
                break
        raise Unreached(SILENT)

    def _addresses(self, origin: str, host: str, port: int) -> list[str]:
        """Those that the name leads to. If any of them may not be called, none is: the name is not to be trusted."""
        try:
            found = [ip_address(one.partition("%")[0]) for one in self.resolve(host, port)]
        except (OSError, ValueError, UnicodeError):
            raise Unreached(NAMELESS) from None
        if not found or not all(rules.may_connect(one, origin, demo=self.demo) for one in found):
            raise Unreached(NOWHERE)
        return [str(one) for one in found]

    def _post(self, sock: socket.socket, parcel: Parcel) -> None:
        parts = urlsplit(parcel.endpoint)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {name: value for name, _, value in (line.partition(": ") for line in parcel.headers)}
        headers |= {
            "Host": parts.netloc, "Content-Type": "application/fhir+json", "Accept": "application/fhir+json",
            "Connection": "close", "User-Agent": "BarnetsBog",
        }  # fmt: skip
        try:
            with hung_up_after(self.in_all, sock):
                status = _status(sock, path, parcel.body, headers)
        except (OSError, http.client.HTTPException):
            raise Trouble(CUT_OFF) from None
        if not 200 <= status < 300:
            raise Trouble(say("Modtageren svarede {0}.", "The receiver answered {0}.", status))


def _status(sock: socket.socket, path: str, body: bytes, headers: dict[str, str]) -> int:
    caller = http.client.HTTPConnection("unused")
    caller.sock = sock
    caller.request("POST", path, body, headers)
    answer = caller.getresponse()
    answer.read(LARGEST)
    return answer.status
