"""A form that comes twice is carried out once (ADR 43): a double tap, or a browser that sends it again.

What is done, and that this form did it, are one transaction; and the same form is carried out by one at a time, in
whatever process it comes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from barnetsbog.kernel.time import DAY

from .clock import wall
from .models import SentForm

KEPT = 3 * DAY
"""A page that has stood open over a weekend is still recognised."""


@dataclass(slots=True)
class Sending:
    """`led_to`: where the first one led, or '' when this is the first; then whoever has carried it out says where it
    leads. `failed`: something broke, and nothing is to be left of it."""

    led_to: str
    failed: bool = False


@contextmanager
def sending(mark: str) -> Iterator[Sending]:
    """One form, told from every other by its mark. One that led nowhere is not remembered: it was refused, and may come
    again as it is. Raises `DatabaseError` when nothing can be written."""
    with transaction.atomic():
        row, first = SentForm.objects.get_or_create(mark=mark, defaults={"led_to": "", "sent_at": wall()})
        sent = Sending(row.led_to)
        yield sent
        if sent.failed:
            transaction.set_rollback(True)
        elif first and sent.led_to:
            SentForm.objects.filter(mark=mark).update(led_to=sent.led_to)
        elif first:
            SentForm.objects.filter(mark=mark).delete()


def forget_old() -> None:
    SentForm.objects.filter(sent_at__lt=wall() - KEPT).delete()
