"""Tager en sikkerhedskopi af en instans, også mens den kører. Kopien er en mappe, der kan lægges tilbage, som den er
(docs/operations.md). Nøglerne audit.key og secret.key er ikke med: de gemmes for sig, for den, der har både bogen og
nøglen, kan lave loggen om.

Bruges PostgreSQL, kopieres kun mappen; databasen tages med pg_dump bagefter.
"""

import argparse
import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from barnetsbog.cli import CommandError, add_data
from barnetsbog.cli_faults import why
from barnetsbog.kernel.folder import Made, is_made

from .instance import NoInstance

FIRST = (Made.CHECKPOINT, Made.SPOOL)
"""Taken before the database: a checkpoint must not be of a longer log than the copy has, and a line that is on its way
from the spool into the log stands in both, where it is known again, rather than in neither."""
HELP = "docs/operations.md"
KEYS = ("audit.key", "secret.key")
LEFT_OUT = (Made.DATABASE, Made.RIGHTS_LOCK, Made.EXPORTS, *FIRST)
"""What is taken otherwise, or is nothing without the server that made it."""


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "to", metavar="KOPI", type=Path, help="mappen, kopien bliver til; den må ikke findes i forvejen"
    )
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    """Nothing here opens the instance: a copy can be taken of one that can't be started, and changes nothing of it."""
    data, to, remote = options.data.resolve(), options.to.resolve(), bool(os.environ.get("DATABASE_URL"))
    if not (data.is_dir() if remote else (data / Made.DATABASE).is_file()):
        raise NoInstance(f"der er ingen instans i {options.data}. Intet er gjort. Vælg mappen med --data.")
    if to.exists() or data in to.parents:
        raise CommandError(f"{options.to} findes i forvejen, eller ligger i instansens mappe. Intet er gjort.")
    os.umask(0o077)
    try:
        with _half(to) as half:
            _copy_all(data, half, database=not remote)
            half.rename(to)
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        raise CommandError(f"kopien kan ikke laves: {why(error)}{at}. Der er ingen kopi.") from None
    print(f"Kopien ligger i {options.to}. Nøglerne er ikke med: gem {' og '.join(KEYS)} et andet sted.")
    if remote:
        print(f"Databasen er ikke med: tag den nu med pg_dump ({HELP}).")
    return 0


@contextlib.contextmanager
def _half(to: Path) -> Iterator[Path]:
    """A new folder to copy into, ours alone, that is gone afterwards unless it was given its own name. (Two that begin
    at once, by hand and by the clock, would copy into each other's, and one would call the other's half a whole.)"""
    half = to.with_name(f"{to.name}.half")
    half.mkdir(parents=True, exist_ok=True)
    opened = os.open(half, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            ours = half.stat().st_ino == os.fstat(opened).st_ino
        except (BlockingIOError, FileNotFoundError):
            ours = False
        if not ours:
            raise CommandError(f"en anden er i gang med at lave {to}. Intet er gjort.")
        try:
            _empty(half)  # of one that was stopped
            yield half
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
    finally:
        os.close(opened)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _is_key(name: str) -> bool:
    """Also one that was put aside, or that a process left as it died while it made it."""
    return name.startswith(KEYS)


def _copy_all(data: Path, to: Path, *, database: bool) -> None:
    for name in FIRST:
        _copy(data / name, to)
    if database:
        _copy_database(data / Made.DATABASE, to / Made.DATABASE)
    for path in sorted(data.iterdir()):
        if not _is_key(path.name) and not any(is_made(one, path.name) for one in LEFT_OUT):
            _copy(path, to)


def _copy(path: Path, into: Path) -> None:
    """What goes away meanwhile was sent on by another program."""
    with contextlib.suppress(FileNotFoundError):
        if not path.is_dir():
            shutil.copy2(path, into / path.name)
            return
        (into / path.name).mkdir()
        for one in sorted(path.iterdir()):
            _copy(one, into / path.name)


def _copy_database(path: Path, to: Path) -> None:
    """All that was committed when it began, whoever writes meanwhile. Raises `CommandError` when it is damaged. (The
    quick check of SQLite 3.40 finds faults in sound tables that are their own index.)"""
    with _opened(path) as found, _opened(to) as copy:
        found.backup(copy)
        (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise CommandError(f"databasen er i stykker ({verdict}). Der er ingen ny kopi. Gem de ældre, og se {HELP}.")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as database:
        yield database
