"""The moments at which an answer may change. The access layer writes a right for each slice of time between two.

Every fact with a period gives its two ends, every answer its moment, and every child its birthdays. There may be more
of them than needed; there must never be one too few.
"""

from collections.abc import Iterator, Sequence

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.ages import birthdays, consent_end
from barnetsbog.law.custody import changes
from barnetsbog.law.model import Child, Consent, Custody, Matter
from barnetsbog.law.rulebook import Rulebook

_AGES = (0, 10, 15, 16, 18)


def breakpoints(
    matter: Matter, child: Child, custody: Custody, consents: Sequence[Consent], book: Rulebook
) -> tuple[int, ...]:
    """Sorted, without what is always or never."""
    moments = {*_of_child(child), *changes(custody), *book.boundaries.get(matter.act, ())}
    moments.update(birthdays(child.born, (*_AGES, *book.ages.get(matter.act, ()))))
    for consent in consents:
        if consent.act == matter.act:
            moments.update(_of_consent(consent, book.max_months))
    return tuple(sorted(moment for moment in moments if 0 < moment < FOREVER))


def _of_child(child: Child) -> Iterator[int]:
    if child.died_at is not None:
        yield child.died_at
    for placement in child.placements:
        yield from (placement.valid_from, placement.valid_to)
    for decision in child.capacity_decisions:
        yield from (decision.valid_from, decision.valid_to)


def _of_consent(consent: Consent, months: int) -> Iterator[int]:
    yield from (consent.valid_from, consent_end(consent, months))
    for moment in (consent.answered_at, consent.withdrawn_at):
        if moment is not None:
            yield moment
