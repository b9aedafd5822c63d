"""Reading a family's first page, within what the reader may see and in a fixed number of queries."""

from uuid import UUID

from barnetsbog.access.roles import role_named
from barnetsbog.calendar import queries as calendar
from barnetsbog.calendar.model import Answer, Meeting, State
from barnetsbog.consent import queries as consent
from barnetsbog.contacts import queries as contacts
from barnetsbog.forms import queries as forms
from barnetsbog.letters import queries as letters
from barnetsbog.messages import queries as messages
from barnetsbog.overview.queries import own_goals, person, status
from barnetsbog.overview.rules import the_ball
from barnetsbog.record.book import Book
from barnetsbog.responsibility import queries as responsibility
from barnetsbog.responsibility.model import Ball

from .model import Home, Waiting

MEETINGS = 2
_CAN_BE_ANSWERED = (State.PROPOSED, State.PENDING, State.BOOKED)


def home(book: Book, child_id: UUID) -> Home:
    meetings = coming(book, child_id)
    balls = responsibility.balls(book, child_id)
    coordinator, substitute = contacts.coordinator(book, child_id)
    mine = _waiting(book, child_id, meetings, balls)
    reminders = consent.messages(book, child_id) if mine.answers else []
    return Home(
        person(book, child_id), mine, reminders[0] if reminders else None,
        tuple(one for one in meetings if not one.waits)[:MEETINGS], the_ball(balls), coordinator, substitute,
        status(book, child_id), own_goals(book, child_id),
    )  # fmt: skip


def waiting(book: Book, child_id: UUID, meetings: list[Meeting]) -> Waiting:
    """What waits for the reader, and nothing else of their first page. `meetings`: those that are coming."""
    return _waiting(book, child_id, meetings, responsibility.balls(book, child_id))


def coming(book: Book, child_id: UUID) -> list[Meeting]:
    at = book.scope.at
    return [one for one in calendar.of_child(book, child_id, at, at + calendar.AHEAD) if not one.over]


def _waiting(book: Book, child_id: UUID, meetings: list[Meeting], balls: list[Ball]) -> Waiting:
    """Nothing waits for somebody who reads along (a bisidder, a mandate)."""
    may, me = role_named(book.scope.role).may, book.scope.role_id
    answers = consent.own_waiting(book, child_id) if "answer" in may else 0
    parts = len(forms.lists(book, child_id).waiting) if "choose" in may else 0
    unread = sum(not one.read for one in letters.received(book, child_id))
    told = messages.unread(book, child_id)
    tasks = tuple(one for one in balls if me in (one.holder and one.holder.id, one.offered_to and one.offered_to.id))
    return Waiting(answers, parts, sum(map(_waits_for_me, meetings)), unread, told, tasks)


def _waits_for_me(meeting: Meeting) -> bool:
    mine = meeting.mine
    asked = mine is not None and mine.answer is Answer.ASKED and not meeting.waits
    return asked and meeting.state in _CAN_BE_ANSWERED
