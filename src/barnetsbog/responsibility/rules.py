"""Whose ball it is, and who may move it how. Pure.

`TABLE` is the whole of it: from each state, each move, to which state, by whom, and whether a reason must be written.
The diagram in `docs/ball.md` is made from it (`tools/diagrams.py`). Two things hold whatever is done: there is never
more than one holder, and a ball that somebody has accepted is never without one until it is over.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import replace
from typing import NamedTuple

from barnetsbog.directory.model import Away
from barnetsbog.directory.model import Gone as Why
from barnetsbog.kernel.decisions import Decision, allow, refuse

from .model import Actor, Baton, Event, Move, Part, State, Tab


class Step(NamedTuple):
    """Where a move leads, who may make it, and whether they must say why."""

    to: State
    who: frozenset[Part]
    reason: bool = False


def _step(to: State, *who: Part, reason: bool = False) -> Step:
    return Step(to, frozenset(who), reason)


_HOLDS = (Part.HOLDER, Part.STAND_IN)

TABLE: Mapping[tuple[State, Move], Step] = {
    (State.NOBODY, Move.TAKE): _step(State.HELD, Part.ANYBODY),
    (State.NOBODY, Move.OFFER): _step(State.NEW, Part.ANYBODY),
    (State.NOBODY, Move.DUE): _step(State.NOBODY, Part.OPENER, reason=True),
    (State.NOBODY, Move.CANCEL): _step(State.CANCELLED, Part.OPENER, reason=True),
    (State.NEW, Move.OFFER): _step(State.NEW, Part.OPENER),
    (State.NEW, Move.ACCEPT): _step(State.HELD, Part.OFFERED),
    (State.NEW, Move.RETURN): _step(State.NOBODY, Part.OFFERED, reason=True),
    (State.NEW, Move.RECALL): _step(State.NOBODY, Part.OPENER),
    (State.NEW, Move.TAKE): _step(State.HELD, Part.OPENER),
    (State.NEW, Move.CANCEL): _step(State.CANCELLED, Part.OPENER, reason=True),
    (State.HELD, Move.OFFER): _step(State.OFFERED, *_HOLDS, Part.LEADER),
    (State.HELD, Move.DUE): _step(State.HELD, *_HOLDS, reason=True),
    (State.HELD, Move.FINISH): _step(State.DONE, *_HOLDS),
    (State.HELD, Move.CANCEL): _step(State.CANCELLED, *_HOLDS, reason=True),
    (State.HELD, Move.TAKE_OVER): _step(State.HELD, Part.STAND_IN, Part.LEADER, Part.FINDER),
    (State.OFFERED, Move.OFFER): _step(State.OFFERED, *_HOLDS, Part.LEADER),
    (State.OFFERED, Move.ACCEPT): _step(State.HELD, Part.OFFERED),
    (State.OFFERED, Move.RETURN): _step(State.HELD, Part.OFFERED, reason=True),
    (State.OFFERED, Move.RECALL): _step(State.HELD, *_HOLDS, Part.LEADER),
    (State.OFFERED, Move.FINISH): _step(State.DONE, *_HOLDS),
    (State.OFFERED, Move.TAKE_OVER): _step(State.HELD, Part.STAND_IN, Part.LEADER, Part.FINDER),
    (State.DONE, Move.REOPEN): _step(State.HELD, Part.ANYBODY, reason=True),
    (State.CANCELLED, Move.REOPEN): _step(State.HELD, Part.ANYBODY, reason=True),
}

NEVER_ENDS = frozenset((Move.FINISH, Move.CANCEL, Move.DUE))
"""What can't be done with the coordinator's part: a child has one until the case is closed."""

NOT_NOW, NOT_YOURS, NO_REASON = "BALL-STATE", "BALL-PART", "BALL-REASON"
OTHER, ITSELF, ROUND = "BALL-RECEIVER", "BALL-SELF", "BALL-ROUND"
MOVED = "BALL-MOVED"

Gone = Mapping[str, Away]
"""Those who are away now, by reference."""


# -- who one is to it --------------------------------------------------------------------------------------------------


def parts(baton: Baton, actor: Actor, gone: Gone, units: Mapping[str, str]) -> frozenset[Part]:
    """What somebody is to a baton. `units`: the unit of each job and unit that is known here, as references.

    Whom another system names as its holder and nobody here knows, can't be asked for it: whoever finds it can take it.
    What the family was asked to do is followed by whoever asked, as by somebody who stands in for them.
    """
    found = {Part.ANYBODY}
    if baton.holder and baton.holder in (actor.job, actor.unit):
        found.add(Part.HOLDER)
    if stands_in(baton.holder, actor, gone):
        found.add(Part.STAND_IN)
    is_unknown = bool(baton.holder) and not is_family(baton.holder) and baton.holder not in units
    if is_unknown or is_left(gone.get(baton.holder)):
        found.add(Part.FINDER)
    if baton.offered_to and (baton.offered_to in (actor.job, actor.unit) or stands_in(baton.offered_to, actor, gone)):
        found.add(Part.OFFERED)
    opened_by = baton.offered_by or baton.opened_by
    at_work = "" if is_family(baton.holder) else baton.holder
    if actor.job in (opened_by, baton.opened_by) or stands_in(opened_by, actor, gone):
        found.add(Part.OPENER)
    if actor.leads and units.get(at_work or opened_by) == actor.unit:
        found.add(Part.LEADER)
        if not at_work:
            found.add(Part.OPENER)
    if baton.holder and not at_work and Part.OPENER in found:
        found.add(Part.STAND_IN)
    return frozenset(found)


def is_family(reference: str) -> bool:
    return reference.partition("/")[0] in ("RelatedPerson", "Patient")


def stands_in(for_: str, actor: Actor, gone: Gone) -> bool:
    """Whether somebody does the work of one who is away: the substitute, a colleague in the unit, or somebody in the
    unit that took over."""
    away = gone.get(for_)
    if away is None or for_ == actor.job:
        return False
    substitute = f"PractitionerRole/{away.substitute_id}" if away.substitute_id else ""
    units = {f"Organization/{ident}" for ident in (away.unit_id, away.successor_id) if ident}
    return actor.job == substitute or actor.unit in units


def is_left(away: Away | None) -> bool:
    """Whether a unit closed, and none took over what it had."""
    return away is not None and away.why is Why.CLOSED and away.successor_id is None


# -- moving it ---------------------------------------------------------------------------------------------------------


class Wish(NamedTuple):
    """What somebody wants to do. `to`: whom they offer it to. `due`: a new deadline."""

    move: Move
    to: str = ""
    reason: str = ""
    due: int | None = None


def may_move(
    baton: Baton, wish: Wish, mine: Collection[Part], *, history: Collection[Event] = (), ends: bool = True
) -> Decision:
    """Whether the move can be made, by somebody who is `mine` to it. `ends`: False for a coordinator's part."""
    step = TABLE.get((baton.state, wish.move))
    if step is None or (wish.move in NEVER_ENDS and not ends):
        return refuse(_STANDS[baton.state], NOT_NOW)
    if step.who.isdisjoint(mine):
        return refuse(_NOT_YOURS[wish.move], NOT_YOURS)
    if step.reason and not wish.reason.strip():
        return refuse(_SAY_WHY[wish.move], NO_REASON)
    if wish.move is Move.OFFER:
        return _may_offer(baton, wish, history)
    if wish.move is Move.DUE and wish.due is None:
        return refuse("Vælg en ny frist.", NO_REASON)
    return _ALLOWED


def _may_offer(baton: Baton, wish: Wish, history: Collection[Event]) -> Decision:
    if not wish.to:
        return refuse("Vælg, hvem der skal have bolden.", OTHER)
    if wish.to == baton.holder:
        return refuse("Bolden er der allerede.", ITSELF)
    if wish.to == baton.offered_to:
        return refuse("Der er spurgt allerede. Vent på svaret, eller vælg en anden.", ITSELF)
    if goes_round(wish.to, history) and not wish.reason.strip():
        return refuse(
            "Bolden har været der før og kom videre. Skriv, hvorfor den skal tilbage, så den ikke går i ring.", ROUND
        )
    return _ALLOWED


def goes_round(to: str, history: Collection[Event]) -> bool:
    """Whether somebody has had it, or been asked and given it back, before. What a unit is asked is given back by one
    of those who work there. `history`: the oldest first."""
    asked = ""
    for event in history:
        if event.after.holder == to or (event.move is Move.RETURN and to in (event.by, asked)):
            return True
        asked = event.after.offered_to
    return False


def moved(baton: Baton, wish: Wish, actor: Actor) -> Baton:
    """The baton after a move that may be made."""
    to = TABLE[baton.state, wish.move].to
    if to in (State.DONE, State.CANCELLED):
        return replace(baton, offered_to="", offered_by="", over=to)
    if wish.move is Move.OFFER:
        return replace(baton, offered_to=wish.to, offered_by=actor.job)
    if wish.move is Move.DUE:
        return baton
    takes = wish.move in (Move.ACCEPT, Move.TAKE, Move.TAKE_OVER, Move.REOPEN)
    return replace(baton, holder=actor.job if takes else baton.holder, offered_to="", offered_by="", over=None)


def opened(wanted_by: Actor, to: str) -> Baton:
    """A new baton. Whoever keeps it has it at once, and so has somebody of the family who is asked to do something;
    everybody else is offered it."""
    if is_family(to) or to == wanted_by.job:
        return Baton(holder=to, opened_by=wanted_by.job)
    return Baton(offered_to=to, offered_by=wanted_by.job if to else "", opened_by=wanted_by.job)


def moves_of(baton: Baton, mine: Collection[Part], *, ends: bool = True) -> frozenset[Move]:
    """What somebody may do now, a reason and a receiver being given."""
    state = baton.state
    return frozenset(
        move for (at, move), step in TABLE.items()
        if at is state and not step.who.isdisjoint(mine) and (ends or move not in NEVER_ENDS)
    )  # fmt: skip


_ALLOWED = allow("Det kan gøres.", MOVED)


_STANDS = {
    State.NOBODY: "Bolden er hos ingen. Tag den, eller giv den til en anden.",
    State.NEW: "Bolden er tilbudt og venter på svar.",
    State.HELD: "Bolden er ikke tilbudt nogen lige nu.",
    State.OFFERED: "Bolden er tilbudt en anden og venter på svar.",
    State.DONE: "Opgaven er færdig. Åbn den igen, hvis den ikke er det.",
    State.CANCELLED: "Opgaven er opgivet. Åbn den igen, hvis den skal løses.",
}

_NOT_YOURS = {
    Move.OFFER: "Kun den, der har bolden, kan give den videre.",
    Move.ACCEPT: "Kun den, der er spurgt, kan sige ja.",
    Move.RETURN: "Kun den, der er spurgt, kan give bolden tilbage.",
    Move.RECALL: "Kun den, der har spurgt, kan trække det tilbage.",
    Move.TAKE: "Bolden er tilbudt en anden. Vent på svaret, eller bed afsenderen trække den tilbage.",
    Move.TAKE_OVER: "Den, der har bolden, er på arbejde. Bed om at få den.",
    Move.FINISH: "Kun den, der har bolden, kan sige, at opgaven er færdig.",
    Move.CANCEL: "Kun den, der har bolden, kan opgive opgaven.",
    Move.DUE: "Kun den, der har bolden, kan flytte fristen.",
    Move.REOPEN: "Du kan ikke åbne opgaven igen.",
    Move.OPEN: "",
}

_SAY_WHY = {
    Move.RETURN: "Skriv, hvorfor du giver bolden tilbage. Så ved afsenderen, hvad der nu skal ske.",
    Move.CANCEL: "Skriv, hvorfor opgaven opgives.",
    Move.DUE: "Skriv, hvorfor fristen flyttes.",
    Move.REOPEN: "Skriv, hvorfor opgaven åbnes igen.",
}


# -- the work list -----------------------------------------------------------------------------------------------------


def tab_of(holder: Hashable, offered: Hashable, asker: Collection[Hashable], covered: Collection[Hashable]) -> Tab:
    """Which tab a ball stands in for somebody who goes by the ids `asker` (role, person and unit). `covered`: those
    who are away and whose work is the asker's meanwhile."""
    if offered is not None and (offered in asker or offered in covered):
        return Tab.MINE
    if holder is None:
        return Tab.NOBODY
    return Tab.MINE if holder in asker or holder in covered else Tab.WAITING


def is_overdue(due: int | None, at: int) -> bool:
    return due is not None and due < at
