"""Reading the log."""

from collections.abc import Iterator
from uuid import UUID

from .models import Event


def about(child_id: UUID) -> Iterator[Event]:
    """Everything logged about a child, newest first."""
    yield from Event.objects.filter(child_id=child_id).order_by("-at", "-id")


def all_events() -> Iterator[Event]:
    yield from Event.objects.order_by("at", "id").iterator()
