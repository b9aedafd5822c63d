"""The deadlines as this instance has them, and those of them that count at a moment."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from barnetsbog.access.law_in_force import law_in_use
from barnetsbog.directory.model import SECTORS

from .files import LOCAL_FILE, load
from .model import Deadline, Deadlines


@lru_cache(maxsize=1)
def deadlines_in_use() -> Deadlines:
    """The file, with the instance's own choices (`deadlines-local.yaml` in its folder)."""
    return load(law_in_use().book.rules, SECTORS, Path(settings.DATA) / LOCAL_FILE)


def counting(at: int) -> list[Deadline]:
    """The deadlines that count at a moment, and whose rules are all in force then."""
    law = law_in_use().book
    known = deadlines_in_use().deadlines.values()
    return [one for one in known if one.counts(at) and all(law.in_force(rule, at) for rule in one.rules)]
