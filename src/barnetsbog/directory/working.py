"""From when until when somebody has a job. Pure."""

from collections.abc import Mapping
from typing import Any

from barnetsbog.kernel.time import parse


def spans(period: Mapping[str, Any] | None) -> tuple[int | None, int | None]:
    """A FHIR Period as UTC microseconds, the end not included; None where it does not say."""
    start, end = ((period or {}).get(name) for name in ("start", "end"))
    return parse(str(start))[0] if start else None, parse(str(end), end=True)[0] + 1 if end else None
