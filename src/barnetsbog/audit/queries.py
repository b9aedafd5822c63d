"""Reading the log: about a child, by a person, by criteria, and what looks like snooping."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from barnetsbog.record.relocating import all_of

from . import rules
from .model import Action, Criteria, LogRow, Page, Place, Suspicion
from .models import Event

Pair = tuple[UUID, UUID]
Pairs = Callable[[set[Pair]], set[Pair]]
"""Picks those of many (person, child) pairs that have something in common."""

_COLUMNS = (
    "id", "at", "action", "allowed", "child_id", "person_id", "unit_id", "role", "purpose", "reason", "detail",
)  # fmt: skip
_ACUTE = '"acute":true'
"""As it stands in the text of `detail`; inside a word of somebody's the quotation marks would be escaped."""


def about(
    child_id: UUID, *, since: int | None = None, until: int | None = None, limit: int = 50, before: Place | None = None
) -> Page:
    """What was done with a child's book, newest first. `until` itself is not included."""
    return search(Criteria(child_id=child_id, since=since, until=until), limit=limit, before=before)


def by_person(
    role_id: UUID, *, since: int | None = None, until: int | None = None, limit: int = 50, before: Place | None = None
) -> Page:
    """What somebody did in a role, newest first."""
    return search(Criteria(person_id=role_id, since=since, until=until), limit=limit, before=before)


def one(event_id: UUID) -> LogRow | None:
    """A line by its id."""
    row = Event.objects.filter(id=event_id).values_list(*_COLUMNS).first()
    return LogRow(*row) if row else None


def search(criteria: Criteria, *, limit: int = 50, before: Place | None = None) -> Page:
    """Everything that fits all of the criteria, newest first."""
    return _page(_chosen(criteria), limit, before)


def _page(found: QuerySet[Event], limit: int | None, before: Place | None) -> Page:
    if before:
        found = found.filter(Q(at__lt=before.at) | Q(at=before.at, id__lt=before.id))
    rows = [LogRow(*row) for row in found.order_by("-at", "-id").values_list(*_COLUMNS)[: limit and limit + 1]]
    shown = rows[:limit]
    return Page(shown, Place(shown[-1].at, shown[-1].id) if len(rows) > len(shown) else None)


def _chosen(criteria: Criteria) -> QuerySet[Event]:
    """Of a book that was two: what was done with either (ADR 39)."""
    given: dict[str, Any] = {
        "person_id": criteria.person_id, "unit_id": criteria.unit_id,
        "child_id__in": all_of(criteria.child_id) if criteria.child_id else None,
        "action": criteria.action or None, "allowed": criteria.allowed, "at__gte": criteria.since,
        "at__lt": criteria.until, "person_id__in": criteria.people or None, "action__in": criteria.actions or None,
    }  # fmt: skip
    found = Event.objects.filter(**{name: value for name, value in given.items() if value is not None})
    found = found.exclude(action__in=criteria.none_of) if criteria.none_of else found
    if criteria.break_glass:
        found = found.filter(Q(action=Action.BREAK_GLASS) | Q(detail__contains=_ACUTE))
    return found


NOT_SEEING = (Action.LOGIN, Action.LOGOUT, Action.MARK_READ, Action.SPOOL, "book-propose", "book-refuse",
              "book-tell", "book-answer")  # fmt: skip
"""What says nothing of anybody's having seen or changed something of the child; that there may be another book about
it is nobody's to learn before it is known."""


def for_the_family(child_id: UUID, *, since: int, limit: int | None) -> list[LogRow]:
    """What was done with a child's book and was allowed, newest first: what its own log is made of. `limit` None: all
    of it."""
    found = _chosen(Criteria(child_id=child_id, allowed=True, since=since)).exclude(action__in=NOT_SEEING)
    return _page(found, limit, None).rows


def read_by(role_id: UUID, child_id: UUID, *, since: int, until: int) -> tuple[int, int]:
    """How many times somebody opened a child's book in a period, and how many entries that showed in all."""
    found = _shown(_chosen(Criteria(person_id=role_id, child_id=child_id, since=since, until=until)))
    details: list[Any] = list(found.values_list("detail", flat=True))
    return len(details), sum(int(one["entries"]) for one in details)


def _shown(found: QuerySet[Event]) -> QuerySet[Event]:
    """Those by which somebody saw what a book says, on whatever page or by whatever program: they say how much."""
    return found.filter(allowed=True, detail__contains='"entries":')


def searches_for(digest: str, *, limit: int = 50, before: Place | None = None) -> Page:
    """Who searched for this name or number: `operations.name_searched(...)["digest"]`."""
    found = Event.objects.filter(action=Action.SEARCH, detail__contains=f'"digest":"{digest}"')
    return _page(found, limit, before)


def all_events() -> Iterator[Event]:
    yield from Event.objects.order_by("at", "id").iterator()


# -- snooping ----------------------------------------------------------------------------------------------------------


def snooping(
    since: int, *, until: int | None = None, tied: Pairs, same_surname: Pairs, systems: Collection[str] = ()
) -> list[Suspicion]:
    """Who looked where it seems they had no business, the most conspicuous first.

    `tied` picks the pairs where the person has something of their own in the child's book (an entry, a task, an
    appointment), `same_surname` those who are called the same; the log knows neither books nor names. `systems`: the
    roles in which no person opens a book.
    """
    period = _chosen(Criteria(since=since, until=until)).filter(person_id__isnull=False)
    refused = _counted(period.filter(allowed=False).exclude(action=Action.SEARCH))
    fruitless = _counted(period.filter(action=Action.SEARCH, detail__contains='"found":[]'))
    opened = _opened(period.exclude(role__in=systems))
    strange, kin = Counter(who for who, _ in opened - tied(opened)), Counter(who for who, _ in same_surname(opened))
    total = Counter(who for who, _ in opened)
    people = refused.keys() | fruitless.keys() | total.keys()
    return rules.ranked(
        [Suspicion(who, 0, refused[who], fruitless[who], strange[who], kin[who], total[who]) for who in people]
    )


def _opened(period: QuerySet[Event]) -> set[Pair]:
    """Who opened whose book."""
    pairs = _shown(period).filter(child_id__isnull=False).values_list("person_id", "child_id").distinct()
    return {(who, child) for who, child in pairs if who and child}


def _counted(found: QuerySet[Event]) -> Counter[UUID]:
    return Counter(who for who in found.values_list("person_id", flat=True) if who)
