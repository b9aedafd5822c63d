"""A receiver that says a letter a second would hold a worker for hours: each step would be in time."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer

from barnetsbog.kernel.sentences import Sentence

from ..model import Unreached


@contextmanager
def hung_up_after(seconds: float, line: socket.socket) -> Iterator[None]:
    """Cuts a connection off when the block has taken so long: what waits for it gets an `OSError`, or an end."""
    timer = Timer(seconds, _hang_up, (line,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def secured(line: socket.socket, host: str, seconds: float) -> ssl.SSLSocket:
    """The same connection by TLS, with a certificate of the host's. Raises `OSError`, and closes it then."""
    over = ssl.create_default_context().wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    try:
        with hung_up_after(seconds, over):
            over.do_handshake()
    except OSError:
        over.close()
        raise
    return over


@contextmanager
def on_the_way(silent: Sentence, certificate: Sentence) -> Iterator[None]:
    """What goes wrong before anything has left the house is an `Unreached`, with what is said of it."""
    try:
        yield
    except ssl.SSLEOFError:
        raise Unreached(silent) from None
    except ssl.SSLError:
        raise Unreached(certificate) from None
    except OSError:
        raise Unreached(silent) from None


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it is over already
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # under TLS, which another thread is in the middle of
