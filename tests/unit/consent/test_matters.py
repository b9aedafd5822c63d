"""Which answers belong together: one matter is an act, from some units, to a unit."""

from dataclasses import replace

from barnetsbog.consent.matters import asked_about
from barnetsbog.law.model import Kind, Level, Matter, Sharing, Status
from tests.unit.access.families import BUP, FATHER, MOTHER, PPR, yes

SCHOOL_TOO = frozenset((PPR, "school-unit"))
LESS = Sharing(frozenset((("TI", "O"),)), Level.HEADINGS)  # type: ignore[arg-type]
MORE = Sharing(frozenset((("AK", "O"),)), Level.CONTENT)  # type: ignore[arg-type]
TOLD = yes(MOTHER, id="2", sharing=LESS, purpose="udredning")
AND = yes(FATHER, id="1", sharing=MORE, purpose="")
KEY = (TOLD.act, tuple(sorted(TOLD.disclosers)), TOLD.recipient)


def test_two_who_are_asked_alike_are_asked_about_one_matter() -> None:
    """What anybody was asked for at most is wanted, and the purpose is whoever's says one."""
    wanted = Sharing(LESS.shelves | MORE.shelves, Level.CONTENT)
    found = asked_about((TOLD, AND))
    matter = Matter(TOLD.act, frozenset(TOLD.disclosers), BUP, wanted, "udredning")
    assert found == {KEY: (matter, (AND, TOLD))}  # in the order of their ids


def test_another_place_another_discloser_and_another_act_are_other_matters() -> None:
    others = (replace(TOLD, recipient="x"), replace(TOLD, disclosers=SCHOOL_TOO), replace(TOLD, act="ppr-assessment"))
    assert len(asked_about((TOLD, *others))) == 4


def test_what_was_entered_in_error_or_replaced_is_no_answer() -> None:
    gone = [replace(AND, status=one) for one in (Status.ENTERED_IN_ERROR, Status.SUPERSEDED)]
    assert asked_about(gone) == {} and asked_about((TOLD, *gone))[KEY].consents == (TOLD,)


def test_an_act_that_shares_nothing_wants_nothing() -> None:
    taking_part = replace(TOLD, kind=Kind.PARTICIPATION, sharing=Sharing(frozenset(), Level.CONTENT), purpose="")
    (asked,) = asked_about((taking_part,)).values()
    assert (asked.matter.wanted, asked.matter.purpose) == (None, "")
