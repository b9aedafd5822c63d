"""Starting a demonstration over: what was loaded, written and sent in it goes, and what somebody has set up stays.

Nothing here opens the instance: whether it is a demonstration is read before anything of it is touched.
"""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from barnetsbog.cli import CommandError
from barnetsbog.kernel.folder import Made, made_in


def reset(folder: Path) -> None:
    """Takes a demonstration away, if there is one. Refuses whatever is none, and one that is being used."""
    if os.environ.get("DATABASE_URL"):
        raise CommandError("--reset virker kun på SQLite. Tøm selv den database, som DATABASE_URL peger på.")
    if not (folder / Made.DATABASE).exists():
        return
    with _opened(folder) as database:
        _require_demo(database, folder)
        _require_alone(database, folder)
    for path in sorted(made_in(folder), key=_is_database):  # last, by which one that was stopped is known again
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _is_database(path: Path) -> bool:
    return path.name == Made.DATABASE


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(folder / Made.DATABASE, timeout=0)) as database:
        yield database


def _require_demo(database: sqlite3.Connection, folder: Path) -> None:
    try:
        found = database.execute("SELECT value FROM record_instance WHERE key = 'demo_day'").fetchone()
    except sqlite3.Error as error:
        if isinstance(error, sqlite3.OperationalError) and "no such table" not in str(error):
            raise  # it can't be read, and what it is nobody knows
        found = None
    if found is None:
        raise CommandError(f"{folder} er ikke en demonstration. Intet er ændret.")


def _require_alone(database: sqlite3.Connection, folder: Path) -> None:
    """SQLite leaves WAL only when nobody else has the database open."""
    try:
        database.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise CommandError(f"demonstrationen i {folder} er i brug. Stop den først. Intet er ændret.") from None
