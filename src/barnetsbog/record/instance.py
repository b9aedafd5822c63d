"""What this instance is: a demonstration with a frozen day, or the real thing.

The instance also keeps the key that received ids are derived with. It stays with the data, so that a copy of the
database is a whole instance.
"""

import secrets
from datetime import date, datetime, timedelta
from functools import lru_cache
from time import time_ns

from django.conf import settings

from barnetsbog.kernel.time import COPENHAGEN, instant

from .models import Instance

STORY_DAY = date(2026, 11, 25)
"""The day on which the stories of the demonstration are told."""


@lru_cache(maxsize=1)
def id_key() -> bytes:
    """The secret that received ids are derived with: made once, at the first use of an instance."""
    row, _ = Instance.objects.get_or_create(key="id_key", defaults={"value": secrets.token_hex(32)})
    return bytes.fromhex(row.value)


@lru_cache(maxsize=1)
def demo_day() -> date | None:
    """The frozen day of a demonstration; None for a real instance."""
    value = Instance.objects.filter(key="demo_day").values_list("value", flat=True).first()
    return date.fromisoformat(value) if value else None


def make_demo(day: date) -> None:
    Instance.objects.update_or_create(key="demo_day", defaults={"value": day.isoformat()})
    demo_day.cache_clear()


def finish_demo() -> None:
    """The demonstration is loaded. Until this is said, a start that was cut short is taken up again."""
    Instance.objects.update_or_create(key="demo_loaded", defaults={"value": "yes"})


def is_demo_loaded() -> bool:
    return Instance.objects.filter(key="demo_loaded").exists()


def is_demo() -> bool:
    return demo_day() is not None


def rules_in_force() -> str:
    """The fingerprint of the rules that the rights in this instance were derived with; '' when nobody has said."""
    return Instance.objects.filter(key="rules").values_list("value", flat=True).first() or ""


def keep_rules(fingerprint: str) -> None:
    """All rights have been derived with these rules."""
    Instance.objects.update_or_create(key="rules", defaults={"value": fingerprint})


def told_until() -> int | None:
    """Until when units have been told of sharings that ended by themselves; None when nobody has begun."""
    value = Instance.objects.filter(key="told_until").values_list("value", flat=True).first()
    return int(value) if value else None


def keep_told_until(at: int) -> None:
    Instance.objects.update_or_create(key="told_until", defaults={"value": str(at)})


def log_check() -> str:
    """The result of the last check of the log, as `audit.checks` wrote it; '' when there has been none."""
    return Instance.objects.filter(key="log_check").values_list("value", flat=True).first() or ""


def keep_log_check(result: str) -> None:
    Instance.objects.update_or_create(key="log_check", defaults={"value": result})


def now() -> int:
    """The instant at which the instance is: in a demonstration the frozen day at the present time of day, or at the
    one that its clock is set to."""
    if (day := demo_day()) is None:
        return time_ns() // 1000
    shown = datetime.now(COPENHAGEN) + timedelta(seconds=settings.DEMO_CLOCK)
    return instant(datetime.combine(day, shown.time(), COPENHAGEN))


def today() -> date:
    return demo_day() or datetime.now(COPENHAGEN).date()


def forget() -> None:
    """Drop what is remembered of the instance; for tests and for a process that changes database."""
    id_key.cache_clear()
    demo_day.cache_clear()
