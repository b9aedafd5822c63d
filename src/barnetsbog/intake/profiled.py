"""Which profiles what is received is checked by: those of the packages in the instance's folder.

A package warns until somebody says that it gates (`./bog fhir gate`). No package, no cost: a folder that isn't there is
looked for once a unit.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from barnetsbog.fhir.issues import Issue
from barnetsbog.fhir.packages import gated, open_library
from barnetsbog.fhir.packages.storing import FOLDER
from barnetsbog.fhir.profiling import Profiles


class Checking:
    """The profiles in use, and the packages (`name#version`) of which a fault refuses."""

    def __init__(self, profiles: Profiles, gates: frozenset[str]) -> None:
        self.profiles, self._gates = profiles, gates

    def judge(self, resource: Any) -> Iterator[tuple[Issue, bool]]:
        """What is wrong or could not be judged, and whether the resource is refused for it."""
        for found in self.profiles.judge(resource):
            yield found.issue, found.issue.severity == "error" and not found.packages.isdisjoint(self._gates)


def profiles_in_use() -> Checking | None:
    """What is received is checked by; None when no package is loaded."""
    changed = _changed()
    return _opened(Path(settings.DATA), changed) if changed else None


def definitions_in_use() -> Checking:
    """Everything that is defined in this instance, our own definitions too: for who asks of profiles or codes."""
    return _opened(Path(settings.DATA), _changed())


def _changed() -> int:
    """When a package was last added or began to gate, so that it counts from the next unit; nought for never."""
    try:
        return (Path(settings.DATA) / FOLDER).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=1)
def _opened(data: Path, _changed: int) -> Checking:
    return Checking(Profiles(open_library(data)), gated(data))
