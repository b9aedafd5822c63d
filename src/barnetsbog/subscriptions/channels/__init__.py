"""The channels by which notifications go."""

from collections.abc import Mapping
from pathlib import Path

from ..model import Carrier, Way
from .broker import FileBroker
from .rest_hook import RestHook


def carriers(folder: Path, *, demo: bool) -> Mapping[Way, Carrier]:
    """`folder`: the instance's."""
    return {Way.REST_HOOK: RestHook(demo), Way.BROKER: FileBroker(folder / "notifications")}
