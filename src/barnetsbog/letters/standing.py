"""Who may be told what in a letter, and by which ways. Pure.

It is judged by the rights that reads are judged by: a unit that may not read what we write may not be sent it, and a
consent that has been withdrawn is no right any more. So the same question is asked when the letter is previewed, when
it is sent and when it goes out, and can't have two answers.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from barnetsbog.delivery.model import Channel
from barnetsbog.fhir.own import ident_of
from barnetsbog.kernel.sentences import say
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.rights import ADDRESS, CONTENT, HEADINGS, GrantRow, opens
from barnetsbog.record.shelves import shelf

from .model import Audience, Person, Standing

Held = tuple[UUID, GrantRow]
ALL = frozenset("OFH")
CUSTODY, CARE = "FAL3", "BL97"
NOBODY = UUID(int=0)

CHILD_DEAD = say(
    "Barnet er dødt. Breve skrives ikke herfra mere.", "The child is dead. No more letters are written from here."
)
DEAD = say("Modtageren er død.", "The receiver is dead.")
CLOSED = say(
    "Enheden er lukket. Vælg den, der har overtaget opgaven.",
    "The unit is closed. Choose the one that has taken the task over.",
)
NO_CUSTODY = say(
    "Har ikke forældremyndighed. Svar på en anmodning om oplysninger i stedet.",
    "Has no custody. Answer a request for information instead.",
)
CUSTODY_LOST = say(
    "Har ikke længere forældremyndighed. Tag stilling til anmodningen på ny.",
    "Has custody no longer. Decide on the request anew.",
)
PROTECTED_FROM = say(
    "Barnets adresse er beskyttet, og barnet bor ikke hos modtageren. En medarbejder må vurdere, hvad der kan skrives, "
    "og sende det uden om bogen.",
    "The child's address is protected, and the child does not live with the receiver. Somebody must judge what can be "
    "written, and send it outside the book.",
)
HONOUR = say(
    "Der er mistanke om æreskonflikt. Risikoen skal vurderes, før forældrene får brev.",
    "An honour-related conflict is suspected. The risk must be assessed before the parents get a letter.",
)
TOO_MUCH = say(
    "Modtageren må ikke læse den slags oplysninger fra jer. Der mangler et ja, eller opgaven er slut.",
    "The receiver may not read this sort of information from you. A yes is lacking, or the task is over.",
)
YOUNG = say(
    "Barnet er fyldt 15 år. Om helbred skriver I til barnet selv.",
    "The child has turned 15. About health you write to the child itself.",
)


class Circumstances:
    """What everybody's standing depends on in one letter. `partners`: the units that somebody has been asked about,
    whether this one may share with them. `post`: the instance can send Digital Post."""

    def __init__(
        self, held: Iterable[Held], *, unit: UUID, lane: str, class_: str, protected: bool = False, dead: bool = False,
        honour: bool = False, partners: Iterable[UUID] = (), post: bool = True,
    ) -> None:  # fmt: skip
        self.held = list(held)
        self.unit, self.lane, self.class_ = unit, lane, class_
        self.protected, self.dead, self.honour = protected, dead, honour
        self.partners, self.post = frozenset(partners), post


def standing(person: Person, now: Circumstances, elsewhere: Collection[UUID] = frozenset()) -> Standing:
    """What somebody may be told. `elsewhere`: the units of other municipalities than the receiver's own."""
    if now.dead or person.deceased or person.closed:
        return Standing(why=CHILD_DEAD if now.dead else DEAD if person.deceased else CLOSED)
    if person.audience is Audience.CHILD:
        return Standing(ALL)
    mine = [grant for who, grant in now.held if who == ident_of(person.reference) and grant.entry_id is None]
    classes = frozenset(one for one in ALL if _reads(mine, one, now, elsewhere))
    return Standing(classes, is_cleared(person, mine, now), _refused(person, mine, classes, now))


def _reads(mine: Iterable[GrantRow], class_: str, now: Circumstances, elsewhere: Collection[UUID]) -> bool:
    """Whether somebody reads what this unit writes of this class: a letter stands with the activities."""
    return _opened(mine, NOBODY, shelf("AK", class_), now, elsewhere)


def _opened(mine: Iterable[GrantRow], entry: UUID, place: int, now: Circumstances, elsewhere: Collection[UUID]) -> bool:
    return any(
        grant.level >= CONTENT
        and opens(grant, entry_id=entry, shelf=place, unit_id=now.unit, lane=now.lane, elsewhere=elsewhere)
        for grant in mine
    )


def may_be_enclosed(row: EntryRow, person: Person, now: Circumstances, elsewhere: Collection[UUID]) -> bool:
    """Whether somebody may read something of ours where it stands itself: what goes with a letter is no activity. To a
    child it is sent as the letter is."""
    mine = (grant for who, grant in now.held if who == ident_of(person.reference))
    return person.audience is Audience.CHILD or _opened(mine, row.id, row.shelf, now, elsewhere)


def _clears(grant: GrantRow) -> bool:
    everywhere = grant.source_id is None and not grant.lane
    return everywhere and grant.level >= HEADINGS and bool(grant.shelves & ADDRESS)


def answering(person: Person, now: Circumstances, *, as_holder: bool) -> Standing:
    """What somebody may be told who has asked for what is written about the child, and has been answered: all that was
    decided. `as_holder`: they asked as one who has custody, and must have it still."""
    mine = [grant for who, grant in now.held if who == ident_of(person.reference)]
    if now.dead or person.deceased:
        return Standing(why=CHILD_DEAD if now.dead else DEAD)
    if as_holder and not has_custody(mine):
        return Standing(why=CUSTODY_LOST)
    if now.honour:
        return Standing(why=HONOUR)
    return Standing(ALL) if is_cleared(person, mine, now) else Standing(why=PROTECTED_FROM)


def has_custody(mine: Iterable[GrantRow]) -> bool:
    return any(grant.rule == CUSTODY for grant in mine)


def is_cleared(person: Person, mine: Iterable[GrantRow], now: Circumstances) -> bool:
    """Whether somebody may learn where the child is."""
    return not now.protected or person.audience is Audience.CARER or any(map(_clears, mine))


def _refused(person: Person, mine: list[GrantRow], classes: frozenset[str], now: Circumstances) -> str:
    if person.audience is Audience.HOLDER:
        if not has_custody(mine):
            return NO_CUSTODY
        if now.honour:
            return HONOUR
        if now.protected and not classes:
            return PROTECTED_FROM
    if now.class_ in classes:
        return ""
    return YOUNG if person.audience is Audience.HOLDER and now.class_ == "H" and classes else TOO_MUCH


# -- by which way ------------------------------------------------------------------------------------------------------

POST_AGE, READING_AGE = 15, 8
"""Digital Post is the child's own from 15. From 8 it can read its book with an adult."""

NO_NUMBER = say(
    "Vi kender ikke modtagerens CPR-nummer. Brevet går ikke som Digital Post.",
    "We do not know the receiver's CPR number. The letter does not go as Digital Post.",
)
EXEMPT = say(
    "Modtageren er fritaget for Digital Post. Brevet printes.",
    "The receiver is exempt from Digital Post. The letter is printed.",
)
NOT_SET_UP = say(
    "Digital Post er ikke sat op her. Brevet printes.", "Digital Post is not set up here. The letter is printed."
)
TOO_YOUNG = say("Børn under 15 år har ikke Digital Post.", "Children under 15 have no Digital Post.")


def channels(person: Person, wanted: Iterable[Channel], *, post: bool = True) -> tuple[tuple[Channel, ...], str]:
    """The ways to somebody, in the letter's own order, paper always among them; and why a usual one is lacking."""
    hint = _no_post(person) or ("" if post or person.audience is Audience.UNIT else NOT_SET_UP)
    possible = [one for one in wanted if _possible(one, person, hint)]
    return tuple(dict.fromkeys([*possible, Channel.PRINT])), hint


def _possible(channel: Channel, person: Person, no_post: str) -> bool:
    if channel is Channel.DIGITAL_POST:
        return person.audience is not Audience.UNIT and not no_post
    if channel is Channel.IN_APP:
        return person.audience is not Audience.CHILD or (person.age or 0) >= READING_AGE
    return True


def _no_post(person: Person) -> str:
    if person.audience is Audience.UNIT:
        return ""
    if person.audience is Audience.CHILD and (person.age is None or person.age < POST_AGE):
        return TOO_YOUNG
    if person.exempt:
        return EXEMPT
    return "" if person.number else NO_NUMBER
