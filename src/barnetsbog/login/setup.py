"""The log-in of this instance, as its folder says. Read once in each process; a change takes a new start."""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from . import files
from .model import Setup


def folder() -> Path:
    return Path(settings.DATA)


@lru_cache(maxsize=1)
def setup() -> Setup:
    """Without a file nobody can log in, but in a demonstration. A faulty one is a `LoginFileError`."""
    path = folder() / files.FILE
    if not path.exists():
        return Setup()
    return files.read(path.read_text(encoding="utf-8"), folder(), os.environ)


def forget() -> None:
    """Drop what is remembered of the instance's file; for tests."""
    setup.cache_clear()
