"""Reading what somebody has chosen, and what waits for them in a book."""

from uuid import UUID

from barnetsbog.home.queries import coming, waiting
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from . import rules
from .model import Choice, Quiet, Standing, Way
from .models import NoticeChoice


def own_choice(scope: Scope, child_id: UUID) -> Choice | None:
    """The reader's own, and nobody else's."""
    row = NoticeChoice.objects.filter(child_id=child_id, person_id=scope.role_id).exclude(address="").first()
    return choice_of(row) if row else None


def choice_of(row: NoticeChoice) -> Choice:
    quiet = Quiet(row.quiet_since, row.quiet_until)
    return Choice(row.id, row.child_id, row.person_id, Way(row.way), row.address, quiet, row.confirmed_at is not None)


def standing(book: Book, child_id: UUID) -> Standing:
    """What waits for the reader now, by the same count as their first page."""
    at, meetings = book.scope.at, coming(book, child_id)
    found = waiting(book, child_id, meetings)
    counts = (found.answers, found.forms, found.meetings, found.letters, found.messages, len(found.tasks))
    acute = any(rules.is_tomorrow(at, one) for one in meetings) or any(
        rules.is_lacking(at, one.due) for one in found.tasks
    )
    return Standing(counts, acute)
