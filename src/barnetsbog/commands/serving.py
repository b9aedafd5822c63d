"""Starting the web server on the loopback address."""

import socket

from barnetsbog.cli import CommandError

ADDRESS = "127.0.0.1"


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

    server = Server(
        "barnetsbog.commands.served:application", address=ADDRESS, port=port, interface=Interfaces.WSGI, workers=1,
        blocking_threads=4, loop=Loops.asyncio, log_level=LogLevels.warning, log_access=False,
    )  # fmt: skip
    with beside(handlers(), rounds()):
        server.serve()
    return 0
