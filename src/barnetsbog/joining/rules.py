"""How much alike two books are, and whether they may be one. Pure.

Brothers and sisters born on one day share birth date, parents and address, and often most of a name. So nothing but a
name that is the very same, where at most one of the two has a CPR number, is taken for one child; two who each have one
are never more than twins, for nobody gets a second number but by the CPR office, whose word is what it then takes.
"""

from difflib import SequenceMatcher

from barnetsbog.directory.model import ChildName
from barnetsbog.fhir import folded
from barnetsbog.fhir.texts import Fault, unfit
from barnetsbog.kernel.cpr import CPR_SYSTEM, DEMO_SYSTEM
from barnetsbog.kernel.decisions import Decision, allow, refuse

from .model import Doubt, Identity, Likeness, Sign, Sort

REAL = frozenset((CPR_SYSTEM, DEMO_SYSTEM))
NEAR = 0.85
SHORTEST, LONGEST = 10, 500
"""Characters of a reason."""
FOR_TWINS = 30
"""Where they may be twins, a reason says how it is known that they are not."""

ITSELF = "Det er den samme bog."
BORN = "De to er født på hver sin dag. Ret fødselsdatoen i den bog, hvor den er forkert, før de samles."
SHORT = f"Skriv grunden med mindst {SHORTEST} tegn."
TWINS = (
    "De kan være tvillinger, eller to børn, der ligner hinanden. Skriv, hvordan I ved, at det er ét barn (mindst"
    f" {FOR_TWINS} tegn), og sæt kryds ved, at I har undersøgt det."
)
INSIDE = "Bogen er selv samlet med en anden. Skil først de to ad."
SEEN = f"Skriv med mindst {SHORTEST} tegn, hvad du har set."
WAITS = "Din enhed har spurgt. Administratoren har ikke set på det endnu."
NOBODY = "Jeres organisation har ingen administrator i Barnets Bog. Ring til kommunen."
OWN = "Den, der har foreslået det, kan ikke selv godkende det. Bed en kollega om at se på det."


def likeness(one: Identity, other: Identity) -> Likeness:
    """What speaks for and against that two books are about one child."""
    signs, doubts = tuple(_signs(one, other)), tuple(_doubts(one, other))
    return Likeness(_sort(frozenset(signs), frozenset(doubts)), signs, doubts)


def _sort(signs: frozenset[Sign], doubts: frozenset[Doubt]) -> Sort:
    if Sign.BORN not in signs or not signs & {Sign.NAME, Sign.NEAR_NAME, Sign.PARENTS, Sign.ADDRESS}:
        return Sort.OTHER
    if doubts & {Doubt.NAME, Doubt.GENDER, Doubt.TWO_NUMBERS}:
        return Sort.TWINS
    if Sign.NAME in signs and not doubts:
        return Sort.SAME
    return Sort.LIKELY


def _signs(one: Identity, other: Identity) -> list[Sign]:
    told = {
        Sign.BORN: one.name.born is not None and one.name.born == other.name.born,
        Sign.NAME: _name(one) == _name(other) != "",
        Sign.NEAR_NAME: _name(one) != _name(other) and near(one.name, other.name),
        Sign.PARENTS: bool(one.parents & other.parents),
        Sign.ADDRESS: bool(one.addresses & other.addresses),
        Sign.NO_CPR: not (_has_cpr(one) and _has_cpr(other)),
    }
    return [sign for sign, holds in told.items() if holds]


def _doubts(one: Identity, other: Identity) -> list[Doubt]:
    born, parents = (one.name.born, other.name.born), (one.parents, other.parents)
    gender = {one.name.gender, other.name.gender} - {"", "unknown"}
    told = {
        Doubt.BORN: None not in born and born[0] != born[1],
        Doubt.NAME: not near(one.name, other.name),
        Doubt.GENDER: len(gender) > 1,
        Doubt.PARENTS: all(parents) and parents[0].isdisjoint(parents[1]),
        Doubt.TWO_NUMBERS: _has_cpr(one) and _has_cpr(other) and one.numbers.isdisjoint(other.numbers),
    }
    return [doubt for doubt, holds in told.items() if holds]


def _name(one: Identity) -> str:
    return folded(f"{one.name.given} {one.name.family}")


def near(one: ChildName, other: ChildName) -> bool:
    """The same first names but for some of them, or written a little otherwise; and likewise the last."""
    return _alike(one.given, other.given) and _alike(one.family, other.family)


def _alike(one: str, other: str) -> bool:
    first, second = folded(one).split(), folded(other).split()
    if not first or not second:
        return False
    few, many = sorted((set(first), set(second)), key=len)
    return few <= many or SequenceMatcher(None, " ".join(first), " ".join(second)).ratio() >= NEAR


def _has_cpr(one: Identity) -> bool:
    return any(system in REAL for system, _ in one.numbers)


def may_propose(found: Likeness, *, itself: bool, why: str, certain: bool) -> Decision:
    """Whether two books may be proposed, and approved, to be one. `certain`: somebody vouches for it."""
    if itself:
        return refuse(ITSELF)
    if Doubt.BORN in found.doubts:
        return refuse(BORN)
    if len(why.strip()) < SHORTEST:
        return refuse(SHORT)
    if found.sort in (Sort.SAME, Sort.LIKELY) or (certain and len(why.strip()) >= FOR_TWINS):
        return allow("")
    return refuse(TWINS)


def has_room(text: str) -> Decision:
    """What somebody has written is kept whole or refused, and never cut."""
    wrong = unfit(text, LONGEST)
    return refuse(wrong.reason) if wrong and wrong.fault is not Fault.EMPTY else allow("")


def may_tell(seen: str, *, waits: bool, somebody: bool) -> Decision:
    """Whether somebody can tell that a child may have two books. `waits`: their unit has, and has no answer yet;
    `somebody`: their organisation has an administrator. Nothing of any other book counts."""
    if not somebody:
        return refuse(NOBODY)
    if waits:
        return refuse(WAITS)
    return allow("") if len(seen.strip()) >= SHORTEST else refuse(SEEN)


def may_decide(proposer: object, decider: object) -> Decision:
    """Two persons: who has proposed it can't decide it."""
    return refuse(OWN) if proposer is None or proposer == decider else allow("")


def may_part(why: str, *, inside: bool) -> Decision:
    """Whether two books may be taken apart. `inside`: the one that was kept is in yet another now."""
    if inside:
        return refuse(INSIDE)
    return allow("") if len(why.strip()) >= SHORTEST else refuse(SHORT)
