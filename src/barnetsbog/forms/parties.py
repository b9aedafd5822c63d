"""Who may begin a form, whose a part is, and who can be asked for it. Pure.

A party is a sector among professionals, and in the family a parent or the child. `ref`: the reference of the unit or of
the relative (`Organization/…`, `RelatedPerson/…`, `Patient/…`), never of a single professional: a colleague takes over.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from barnetsbog.kernel.time import age_on

from .model import Form, Part, Party
from .response import Response, Turn, TurnState

SECTORS = {
    Party.SCHOOL: ("school",), Party.DAYCARE: ("school",), Party.PPR: ("ppr",), Party.FAMILY_DEPT: ("family_dept",),
    Party.GP: ("gp",), Party.BUP: ("bup",), Party.LTT: ("ltt",), Party.HEALTH: ("health_visitor", "hospital"),
    Party.PLACEMENT: ("other",), Party.CLUB: ("other", "school"),
}  # fmt: skip
"""The sectors of the directory that a party is. Daycare and clubs are no sectors of their own there."""

CHILD_ANSWERS = 10
"""From when a child is asked itself; before that a grown-up asks it and writes its words."""


class Asker(NamedTuple):
    """Somebody who may answer: their reference, and which parties they are."""

    ref: str
    parties: frozenset[Party]


def professional(unit: str, sector: str) -> Asker:
    found = {party for party, sectors in SECTORS.items() if sector in sectors}
    return Asker(unit, frozenset(found | {Party.ANYBODY}))


def parent(ref: str) -> Asker:
    return Asker(ref, frozenset({Party.PARENT}))


def child(ref: str) -> Asker:
    return Asker(ref, frozenset({Party.CHILD}))


def may_begin(form: Form, asker: Asker) -> bool:
    return bool(asker.parties & set(form.sender))


def is_of_age(form: Form, born: date | None, day: date) -> bool:
    """Whether an instrument is for children of this age, or was in the months for which an answer to it counts: what is
    written down may have been answered some time ago. Nobody knows it of one whose birthday nobody knows."""
    if form.licensed is None or born is None:
        return True
    youngest, oldest = form.licensed.ages
    return youngest <= age_on(born, day) and age_on(born, day - timedelta(days=31 * form.months)) <= oldest


def own_parts(form: Form, asker: Asker) -> list[Part]:
    """The parts that whoever begins answers: those of their own sort, and a form's only part in any case."""
    if len(form.parts) == 1:
        return list(form.parts)
    return [part for part in form.parts if part.party in asker.parties]


def only_send(form: Form) -> tuple[Party, ...]:
    """Those who may begin a form and answer no part of it: they ask the others, and send it."""
    return tuple(party for party in form.sender if not own_parts(form, _asker(party)))


def _asker(party: Party) -> Asker:
    family = {Party.PARENT: parent(""), Party.CHILD: child("")}
    return family.get(party) or professional("", SECTORS.get(party, ("",))[0])


def parts_of(response: Response, form: Form, asker: Asker) -> frozenset[str]:
    """The parts of a version of the form that somebody answers in this draft: those they have the turn of; and where
    they began it, those of their sort."""
    turns = {turn.part for turn in response.turns if is_answered_here(response, turn, asker.ref)}
    own = () if response.sheet_of else (part.id for part in own_parts(form, asker))
    return frozenset(turns & {part.id for part in form.parts}) | frozenset(own)


def candidates(part: Part, around: Iterable[Asker], *, age: int | None, author: Asker) -> list[str]:
    """Who can be asked for a part. A child that is too young is asked by whoever began the form."""
    if part.party is Party.CHILD and (age is None or age < CHILD_ANSWERS):
        return [author.ref]
    return [one.ref for one in around if part.party in one.parties]


def asked_at_once(part: Part, who: Collection[str]) -> list[str]:
    """Whom a part goes to without anybody choosing: both parents, the child, the only unit of its sort."""
    everybody = part.party in (Party.PARENT, Party.CHILD)
    return list(who) if everybody or len(who) == 1 else []


# -- turns -------------------------------------------------------------------------------------------------------------


def turn_of(response: Response, part: str, who: str) -> Turn | None:
    return next((one for one in response.turns if one.part == part and one.who == who), None)


def is_answered_here(response: Response, turn: Turn, ref: str) -> bool:
    """Whether it is somebody's turn in this very response: what they type from somebody else's paper has a sheet of its
    own."""
    return turn.who == ref and bool(response.sheet_of or not turn.sheet)


def is_childs(form: Form, response: Response, part: str) -> bool:
    """Whether somebody must say who may read what is answered in a part here: what a child has said, in a sheet or in a
    form of its own, whichever professional writes it down. Nobody takes a yes for granted (barnets lov § 5: a child's
    talk is its own)."""
    said = next((one for one in form.parts if one.id == part), None)
    written_down = len(form.parts) == 1 and response.author.startswith("PractitionerRole/")
    own = bool(response.sheet_of) or response.author.startswith("Patient/") or written_down
    return own and said is not None and said.party is Party.CHILD


def my_parts(response: Response, ref: str) -> list[str]:
    """The parts that are somebody's to answer here now."""
    return [
        one.part for one in response.turns if one.state is TurnState.ASKED and is_answered_here(response, one, ref)
    ]  # fmt: skip


def with_turn(turns: Iterable[Turn], changed: Turn) -> tuple[Turn, ...]:
    """The turns with one of them changed, or one more. Whoever types two parents' papers has a turn for each."""
    kept, found = [], False
    for one in turns:
        same = (one.part, one.who, one.sheet) == (changed.part, changed.who, changed.sheet)
        kept.append(changed if same else one)
        found = found or same
    return tuple(kept if found else [*kept, changed])


def finished(form: Form, turns: tuple[Turn, ...], done: Turn) -> tuple[Turn, ...]:
    """The turns after somebody has finished theirs. Where one is enough, the others need not any more."""
    after = with_turn(turns, done)
    part = next((one for one in form.parts if one.id == done.part), None)
    if part is None or part.each:
        return after
    return tuple(
        one._replace(state=TurnState.SPARED) if one.part == done.part and one.state is TurnState.ASKED else one
        for one in after
    )  # fmt: skip


def waiting(response: Response, *, besides: str = "") -> list[Turn]:
    """The turns that somebody (else) has not finished, and the papers that nobody has typed."""
    asked = (one for one in response.turns if one.state is TurnState.ASKED)
    return [one for one in asked if not is_answered_here(response, one, besides)]
