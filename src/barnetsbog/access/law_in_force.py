"""The law that is in force in this process: the rules, the relations, and the instance's own choices.

The instance's own choices (`law-local.yaml` in its folder) may be changed while a server runs. Whoever asks for the law
looks, at most every other second, whether the file is another one. A file that contradicts itself changes nothing: the
law stays as it was, the fault is in the server's log, and overseers and administrators are told (`fault`).
"""

import logging
import threading
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from django.conf import settings

from barnetsbog.law.rulebook import LOCAL_FILE, Rulebook, standard, with_local

from . import relations
from .deriving import Law

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks at the file."""

Stamp = tuple[int, int, int]


class _Kept(NamedTuple):
    law: Law
    choices: bytes
    stamp: Stamp | None
    looked: float
    fault: str = ""
    changes: int = 0
    """How often the law has become another one since the process began."""


_kept: _Kept | None = None
_lock = threading.Lock()


def law_in_use() -> Law:
    """The law now. `ValueError` when there never was a sound one."""
    return _now().law


def fault() -> str:
    """What is wrong with the file of the instance's own choices, while the law from before it was changed holds."""
    return _now().fault


def changes() -> int:
    """How often the law has changed while this process ran."""
    return _now().changes


def choices() -> bytes:
    """The instance's own choices that the law in force was read with, as they stood in the file."""
    return _now().choices


def forget() -> None:
    """The next look reads everything anew; for tests and for a process that changes instance."""
    global _kept
    _kept = None


def local_file() -> Path:
    return Path(settings.DATA) / LOCAL_FILE


def _now() -> _Kept:
    kept = _kept
    return kept if kept and time.monotonic() - kept.looked < EVERY else _look()


def _look() -> _Kept:
    global _kept
    with _lock:
        kept, stamp, at = _kept, _stamp(), time.monotonic()
        if kept is None:
            _kept = _Kept(*_read(), stamp, at)
        elif stamp == kept.stamp:
            _kept = kept._replace(looked=at)
        else:
            _kept = _changed(kept, stamp, at)
        return _kept


def _changed(kept: _Kept, stamp: Stamp | None, at: float) -> _Kept:
    try:
        found = _read()
    except (ValueError, OSError, yaml.YAMLError) as error:
        log.error("%s is not used, and the law is as it was before the file was changed: %s", local_file(), error)
        return kept._replace(stamp=stamp, looked=at, fault=str(error))
    log.warning("%s has changed: the law is another one from now on", local_file())
    return _Kept(*found, stamp, at, changes=kept.changes + 1)


def _read() -> tuple[Law, bytes]:
    local = local_file()
    said = local.read_bytes() if local.exists() else b""
    return _law(with_local(standard(), local)) if said else _standard_law(), said


@cache
def _standard_law() -> Law:
    """The program's own files don't change while it runs."""
    return _law(standard())


def _law(book: Rulebook) -> Law:
    return Law(book, relations.read(relations.FILE.read_text(encoding="utf-8"), book))


def _stamp() -> Stamp | None:
    try:
        found = local_file().stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
