"""When a care relation opens the book."""

import pytest

from barnetsbog.access.rules import opened_by_care
from barnetsbog.kernel.time import FOREVER, parse


@pytest.mark.parametrize(
    ("status", "start", "end", "opened"),
    [
        ("active", "2026-01-01", None, True),
        ("active", "2026-01-01", "2026-02-01", True),
        ("onhold", "2026-01-01", None, True),
        ("waitlist", "2026-01-01", None, True),
        ("finished", "2026-01-01", "2026-02-01", True),
        ("finished", "2026-01-01", None, False),  # ended, nobody knows when
        ("active", None, None, False),  # nobody knows since when
        ("active", "2026-02-01", "2026-01-01", False),
        ("planned", "2026-01-01", None, False),
        ("cancelled", "2026-01-01", None, False),
        ("entered-in-error", "2026-01-01", None, False),
        (None, "2026-01-01", None, False),
    ],
)
def test_what_opens(status: str | None, start: str | None, end: str | None, opened: bool) -> None:
    assert (opened_by_care(status, start, end) is not None) is opened


def test_it_lasts_to_the_end_of_the_last_day() -> None:
    period = opened_by_care("finished", "2026-01-01", "2026-08-31")
    assert period is not None
    assert period.start == parse("2026-01-01")[0]
    assert period.end == parse("2026-09-01")[0]


def test_without_an_end_it_lasts() -> None:
    period = opened_by_care("active", "2026-01-01", None)
    assert period is not None
    assert period.end == FOREVER
