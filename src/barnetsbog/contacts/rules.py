"""Who counts as what around a child, and who may write it down. Pure."""

from collections.abc import Collection

from barnetsbog.directory.model import Away, Gone
from barnetsbog.kernel.decisions import Decision, allow, refuse

from .model import Involvement, NetworkPerson, Part

NOT_YOURS, NOT_WHOLE, OTHER_UNIT, NOT_NETWORK = "CONTACT-PART", "CONTACT-NAME", "CONTACT-STAND-IN", "CONTACT-NETWORK"
LEADS = ("coordinator", "substitute")
LONGEST = 300


def involvement_of(part: Part, *, has_ball: bool) -> Involvement:
    """What was said; else who leads or has a ball has a task, and the others of the team take part."""
    if has_ball or part.roles.intersection(LEADS):
        return Involvement.HAS_TASK
    return part.said.involvement or Involvement.TAKES_PART


def shown(part: Part, unit: str, units: Collection[str], me: str) -> bool:
    """Whether somebody of the team stands in the reader's table: those who lead do, and those of a unit of which the
    reader may see that it has a task. Else a name in the team would tell of a service that is hidden."""
    return bool(part.roles.intersection(LEADS)) or unit in units or part.reference == me


def vacant(coordinator: str, away: Away | None) -> bool:
    """No coordinator, or one who will not come back. Somebody who is ill has a substitute."""
    return not coordinator or (away is not None and away.why in (Gone.STOPPED, Gone.CLOSED))


def may_describe(me: str, my_unit: str, about: str, their_unit: str, coordinator: str) -> Decision:
    """One says what one does oneself, what a colleague in the unit does; the coordinator, what everybody does."""
    if me in (about, coordinator) or (my_unit and their_unit == my_unit):
        return _ALLOWED
    reason = "Kun personen selv, en kollega i samme enhed eller tovholderen kan ændre det."
    return refuse(reason, NOT_YOURS)


def may_stand_in(who: str, about: str, unit: str, theirs: str) -> Decision:
    """A stand-in is a colleague: somebody else would not be reached where the family calls."""
    if not who or (who != about and unit and unit == theirs):
        return _ALLOWED
    return refuse("Vikaren skal være en kollega i samme enhed.", OTHER_UNIT)


def complete(wanted: NetworkPerson) -> Decision:
    """A name and what they are to the child, and nothing endless."""
    if not wanted.name.strip() or not wanted.relation.strip():
        return refuse("Skriv et navn, og hvad personen er for barnet.", NOT_WHOLE)
    if max(map(len, (wanted.name, wanted.relation, wanted.phone))) > LONGEST:
        return refuse(f"Skriv højst {LONGEST} tegn i hvert felt.", NOT_WHOLE)
    return _ALLOWED


def may_rename(network: bool) -> Decision:
    """Parents, holders of custody and carers come from the registers; only what the child has chosen is added here."""
    if network:
        return _ALLOWED
    reason = "Navn, slægtskab og telefon kommer fra kilden. Her kan du kun vælge billede og plads."
    return refuse(reason, NOT_NETWORK)


_ALLOWED = allow("Det kan gøres.")
