"""Putting a file in a folder once, whole or not at all, for channels whose next link is a folder."""

import os
from contextlib import suppress
from pathlib import Path

from .model import Trouble


def put(folder: Path, name: str, content: bytes) -> None:
    """Writes the file, readable by its owner only, unless it is there. Somebody who reads the folder never sees half
    of it. Raises `Trouble`."""
    path = folder / name
    if path.exists():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = folder / f".{name}.half"
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    except OSError as fault:
        raise Trouble(f"Mappen til afsendelse kan ikke bruges: {fault.strerror}.") from None


def take_away(folder: Path, name: str) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        (folder / name).unlink()
