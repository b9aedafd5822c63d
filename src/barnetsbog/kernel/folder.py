"""What running an instance puts into its folder. Each room takes the name of what it writes there from here, so that
whoever starts a demonstration over knows all of it. What somebody has set up (keys, log-in, rules, licences, packages)
is named where it is read, and is no part of this.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path


class Made(StrEnum):
    """Files and folders by name."""

    DATABASE = "bog.sqlite3"
    CHECKPOINT = "audit-checkpoint.json"
    SPOOL = "audit-spool.jsonl"
    SPOOL_ASIDE = "audit-spool.damaged"
    RIGHTS_LOCK = "rights.lock"
    PRINT = "udskrift"
    DIGITAL_POST = "digital-post"
    MAIL = "mail"
    SMS = "sms"
    NOTIFICATIONS = "notifications"
    EXPORTS = "exports"
    DEMO_CLIENTS = "demo-clients"


_BESIDE = {
    Made.DATABASE: re.compile(r"-(wal|shm|journal)"),
    Made.CHECKPOINT: re.compile(r"\.[0-9a-f-]{36}"),
    Made.SPOOL_ASIDE: re.compile(r"\.[0-9]+"),
}
"""What may follow such a name: SQLite's own files, a draft that a process left as it died, a second one of a kind. A
copy that somebody has made is called otherwise."""


def made_in(folder: Path) -> Iterator[Path]:
    """All of it that is in a folder."""
    for path in folder.iterdir():
        if any(is_made(one, path.name) for one in Made):
            yield path


def is_made(one: Made, name: str) -> bool:
    """Whether a file of this name is it, or stands beside it."""
    beside = _BESIDE.get(one)
    return name == one or bool(beside and name.startswith(one) and beside.fullmatch(name[len(one) :]))


def lay_secret(path: Path, secret: str) -> None:
    """A secret of an instance, for its owner alone: whole or not at all, and of several that are made at once one."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
