"""When an appointment can be, and who may do what with it. Pure.

The nights when the clock changes: in March the hour from 2 to 3 is not there, in October it is there twice. A time that
is not there is refused with a word about why; of a time that is there twice one is chosen, never guessed.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.time import COPENHAGEN, DAY, instant

from .model import Answer, Doing, Meeting, Part, Slot, State, Told, Wanted

PAST, ORDER, NO_SUCH_TIME, TWICE, FAR = "CAL-PAST", "CAL-ORDER", "CAL-DST-GAP", "CAL-DST-TWICE", "CAL-FAR"
NOT_NOW, NOT_YOURS, NO_REASON, NOT_WHOLE = "CAL-STATE", "CAL-PART", "CAL-REASON", "CAL-WHOLE"
CONSENT = "CAL-CONSENT"

LONGEST = 14 * DAY
FARTHEST = 2 * 366 * DAY
MOST_SLOTS = 5
WORDS = 2000

BACKWARDS = "Aftalen skal slutte efter, at den begynder. Slutter den en anden dag, så skriv også den dag."

# -- time --------------------------------------------------------------------------------------------------------------


def instants(day: date, clock: time) -> tuple[int, ...]:
    """The moments at which Danish clocks show this: one, none (the clock is put forward) or two (it is put back)."""
    local = datetime.combine(day, clock, COPENHAGEN)
    both = (instant(local.replace(fold=fold).astimezone(UTC)) for fold in (0, 1))
    return tuple(sorted({at for at in both if _shows(at, local)}))


def _shows(at: int, local: datetime) -> bool:
    shown = datetime.fromtimestamp(at / 1_000_000, COPENHAGEN)
    return (shown.date(), shown.time()) == (local.date(), local.time())


def span(day: date, start: time, end: time, *, last: date | None = None, later: bool | None = None) -> Slot | Decision:
    """A time on a day as people write it. `last`: the day on which it ends, when that is another one; `later`: which of
    two hours of the same name, where there are two."""
    moments = []
    for on, clock in ((day, start), (last or day, end)):
        found = instants(on, clock)
        if not found:
            return refuse(
                f"Kl. {clock:%H.%M} findes ikke den nat: uret bliver stillet frem fra 02.00 til 03.00.", NO_SUCH_TIME
            )
        if len(found) > 1 and later is None:
            told = (
                f"Kl. {clock:%H.%M} er der to gange den nat, fordi uret bliver stillet tilbage. Vælg, hvilken det er."
            )
            return refuse(told, TWICE)
        moments.append(found[-1] if later else found[0])
    slot = Slot(*moments)
    return slot if slot.start < slot.end else refuse(BACKWARDS, ORDER)


def may_be(slot: Slot, at: int) -> Decision:
    """Whether something can be agreed for this time, now being `at`."""
    if slot.start >= slot.end:
        return refuse("Aftalen skal slutte efter, at den begynder.", ORDER)
    if slot.start < at:
        return refuse("Tiden er gået. Vælg en tid, der kommer.", PAST)
    if slot.end - slot.start > LONGEST or slot.start - at > FARTHEST:
        return refuse("En aftale varer højst 14 dage og ligger højst to år ude i tiden.", FAR)
    return _ALLOWED


def overlap(one: Slot, other: Slot) -> bool:
    """Back to back is no overlap."""
    return one.start < other.end and other.start < one.end


# -- arranging ---------------------------------------------------------------------------------------------------------


def may_arrange(wanted: Wanted, at: int) -> Decision:
    """Whether an appointment is whole enough to be written down."""
    if not wanted.title.strip():
        return refuse("Skriv, hvad aftalen er.", NOT_WHOLE)
    if max(map(len, (wanted.title, wanted.place, wanted.preparation, wanted.text))) > WORDS:
        return refuse(f"Skriv højst {WORDS} tegn i hvert felt.", NOT_WHOLE)
    if len(wanted.slots) > MOST_SLOTS:
        return refuse(f"Foreslå højst {MOST_SLOTS} tider.", NOT_WHOLE)
    if wanted.booked and len(wanted.slots) != 1:
        return refuse("Vælg én tid at aftale.", NOT_WHOLE)
    if any(overlap(one, other) for one, other in _pairs(wanted.slots)):
        return refuse("To af tiderne ligger oven i hinanden.", ORDER)
    refused = (said for slot in wanted.slots if not (said := may_be(slot, at)).allowed)
    return next(refused, _ALLOWED)


def _pairs(slots: tuple[Slot, ...]) -> Iterable[tuple[Slot, Slot]]:
    return ((one, other) for number, one in enumerate(slots) for other in slots[number + 1 :])


# -- with an appointment that is there ---------------------------------------------------------------------------------


class Step(NamedTuple):
    """Who may do something, and whether they must say why."""

    who: frozenset[Part]
    reason: bool = False


_ANY = frozenset(Part)
_WAITING = (State.PROPOSED, State.PENDING)
_COMING = (*_WAITING, State.BOOKED)

TABLE: Mapping[tuple[State, Doing], Step] = {
    **{(state, Doing.ANSWER): Step(_ANY) for state in _COMING},
    **{(state, Doing.BOOK): Step(frozenset((Part.ORGANISER, Part.COORDINATOR))) for state in _WAITING},
    **{(state, Doing.MOVE): Step(_ANY, reason=True) for state in _COMING},
    **{(state, Doing.CANCEL): Step(_ANY, reason=True) for state in (*_COMING, State.WAITLIST)},
}
"""What can be done with an appointment that is not over, by whom. A guest may move it: whoever is ill must not have to
find somebody else to do it."""


def may_do(doing: Doing, state: State | None, mine: Collection[Part], reason: str = "") -> Decision:
    """Whether somebody who is `mine` to an appointment may do something with it."""
    step = TABLE.get((state, doing)) if state else None
    if step is None:
        return refuse("Aftalen er forbi eller aflyst.", NOT_NOW)
    if step.who.isdisjoint(mine):
        return refuse("Kun dem, der er med i aftalen, og tovholderen kan ændre den.", NOT_YOURS)
    if step.reason and not reason.strip():
        return refuse("Skriv hvorfor. Familien kan læse det.", NO_REASON)
    if len(reason) > WORDS:
        return refuse(f"Skriv højst {WORDS} tegn i hvert felt.", NOT_WHOLE)
    return _ALLOWED


def doings(state: State | None, mine: Collection[Part]) -> frozenset[Doing]:
    """What somebody may do, a reason being given."""
    return frozenset(doing for doing in Doing if may_do(doing, state, mine, "-").allowed)


def answers_after_move(answers: Mapping[str, Answer], mover: str) -> dict[str, Answer]:
    """A new time is a new question to everybody but the one who chose it and the child, who is brought."""
    keeps = ("Patient/",)
    return {
        who: answer if who.startswith(keeps) else Answer.YES if who == mover else Answer.ASKED
        for who, answer in answers.items()
    }


# -- from another calendar ---------------------------------------------------------------------------------------------


def is_news(told: Told, before: Told) -> bool:
    """Whether a calendar says something of an appointment that it has not said before. A greater sequence does (RFC
    5545, 3.8.7.4). At the same one, as from those who count nothing, it is what is not older and says something else: a
    newer stamp alone is none, for many stamp everything when they write it out."""
    if told.sequence != before.sequence:
        return told.sequence > before.sequence
    older = 0 < told.stamp < before.stamp
    return not older and told.said != before.said


# -- two places at once ------------------------------------------------------------------------------------------------


def clashing(
    slot: Slot, guests: Collection[str], child: object, others: Iterable[Meeting]
) -> list[tuple[Meeting, frozenset[str]]]:
    """Those of other appointments that need the same child, or one of the same people, at the same time."""
    found = []
    for one in others:
        if one.over or one.waits or not overlap(slot, Slot(one.start, one.end)):
            continue
        coming = {guest.reference for guest in one.guests if guest.answer not in (None, Answer.NO)}
        shared = frozenset(coming.intersection(guests))
        if shared or one.child_id == child:
            found.append((one, shared))
    return found


_ALLOWED = allow("Det kan gøres.")
