"""Starting the web server on the loopback address."""

import os
import signal
import socket

from barnetsbog.cli import CommandError

ADDRESS = "127.0.0.1"
LAST_SECONDS = 10
"""What is being answered when the server is stopped may take so long before it is cut off."""
_STOPS = signal.SIGTERM, signal.SIGINT


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            raise CommandError(f"port {port} er optaget. Vælg en anden med --port.") from None


def serve(port: int) -> int:
    """Serves until stopped, and sends what waits to be sent beside it. Four threads: while one
    waits for the disk another is served, and those who wait share a flush (ADR 36, ADR 41)."""
    from granian.constants import Interfaces, Loops
    from granian.log import LogLevels
    from granian.server import Server

    from barnetsbog.delivery.worker import beside

    from .sending import handlers, rounds

    _let_children_be_stopped()
    server = Server(
        "barnetsbog.commands.served:application", address=ADDRESS, port=port, interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, loop=Loops.asyncio, log_level=LogLevels.warning, log_access=False,
        workers_kill_timeout=LAST_SECONDS,
    )  # fmt: skip
    with beside(handlers(), rounds()):
        server.serve()
    return 0


def _let_children_be_stopped() -> None:
    """The process that serves is forked with the server's own answer to being stopped, and keeps it until it has loaded
    what it serves: stopped meanwhile it would do nothing, and the server would wait for it. Until it has one of its own
    it just ends, and what comes while it is being forked is kept until it can hear it."""

    def deaf() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)

    def hears() -> None:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)

    def just_ends() -> None:
        for one in _STOPS:
            signal.signal(one, signal.SIG_DFL)
        hears()

    os.register_at_fork(before=deaf, after_in_parent=hears, after_in_child=just_ends)
