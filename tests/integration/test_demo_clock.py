"""The clock of a demonstration: its day stands still, its hands go, and they can be set."""

from datetime import date, datetime, timedelta

import pytest

from barnetsbog.kernel.time import COPENHAGEN, moment
from barnetsbog.record import instance

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("hours", [-30, -9, 0, 5, 26])
def test_the_clock_is_set_and_the_day_stays(hours: int, settings: object) -> None:
    settings.DEMO_CLOCK = hours * 3600  # type: ignore[attr-defined]
    instance.make_demo(date(2026, 11, 25))
    before = datetime.now(COPENHAGEN)
    shown = moment(instance.now())
    assert shown.date() == date(2026, 11, 25)
    expected = before + timedelta(hours=hours)
    assert (shown.hour * 60 + shown.minute - expected.hour * 60 - expected.minute) % (24 * 60) in (0, 1)


def test_a_real_instance_has_the_walls_clock(settings: object) -> None:
    settings.DEMO_CLOCK = 7 * 3600  # type: ignore[attr-defined]
    assert abs(instance.now() - datetime.now(COPENHAGEN).timestamp() * 1_000_000) < 60_000_000
