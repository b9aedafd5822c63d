"""Who may be told what, by which way, and what is left of a letter for them."""

from dataclasses import replace
from uuid import UUID

import pytest

from barnetsbog.delivery.model import Channel
from barnetsbog.letters import standing as ways
from barnetsbog.letters.filtering import hidden, told
from barnetsbog.letters.model import Audience, Filled, Kind, Person, Sender, Standing
from barnetsbog.letters.standing import Circumstances, channels, standing
from barnetsbog.record.rights import GrantRow
from barnetsbog.record.shelves import mask
from barnetsbog.record.veil import Veil

US, THEM, MOTHER = UUID(int=1), UUID(int=2), UUID(int=3)
SARA = Person(f"RelatedPerson/{MOTHER}", "Sara", Audience.HOLDER, number="0101809901", at_home=True)
SCHOOL = Person(f"Organization/{THEM}", "Skolen", Audience.UNIT)
ALMA = Person("Patient/alma", "Alma", Audience.CHILD, age=9)


def grant(classes: str, rule: str = "FAL3", *, source: UUID | None = None, lane: str = "", level: int = 3) -> GrantRow:
    return GrantRow(mask(["AK"], classes), level, source, lane, None, rule)


def now(*held: tuple[UUID, GrantRow], class_: str = "O", **more: bool) -> Circumstances:
    return Circumstances(held, unit=US, lane="ppr", class_=class_, **more)


@pytest.mark.parametrize(
    ("person", "circumstances", "why"),
    [
        (SARA, now((MOTHER, grant("OFH"))), ""), (SARA, now(), ways.NO_CUSTODY),
        (SARA, now((MOTHER, grant("OF")), class_="H"), ways.YOUNG),
        (SARA, now((MOTHER, grant("OFH")), honour=True), ways.HONOUR),
        (SARA, now((MOTHER, grant("")), protected=True), ways.PROTECTED_FROM),
        (SARA, now((MOTHER, grant("OFH")), dead=True), ways.CHILD_DEAD),
        (replace(SARA, deceased=True), now((MOTHER, grant("OFH"))), ways.DEAD),
        (replace(SCHOOL, closed=True), now((THEM, grant("O"))), ways.CLOSED),
        (SCHOOL, now((THEM, grant("O", "FSL-CHOICE"))), ""),
        (SCHOOL, now((THEM, grant("O", "FSL-CHOICE")), class_="F"), ways.TOO_MUCH),
        (SCHOOL, now((THEM, grant("F", "C", source=US)), class_="F"), ""),
        (SCHOOL, now((THEM, grant("F", "C", source=MOTHER)), class_="F"), ways.TOO_MUCH),
        (SCHOOL, now((THEM, grant("F", "C", lane="bup")), class_="F"), ways.TOO_MUCH),
        (SCHOOL, now((THEM, grant("F", "C", level=2)), class_="F"), ways.TOO_MUCH),
        (ALMA, now(), ""), (ALMA, now(dead=True), ways.CHILD_DEAD),
    ],
)  # fmt: skip
def test_who_gets_a_letter(person: Person, circumstances: Circumstances, why: str) -> None:
    assert standing(person, circumstances).why == why


def test_what_a_sector_may_read_ends_at_the_border_of_the_municipality() -> None:
    held = now((THEM, grant("O", "FSL-CHOICE")))
    assert standing(SCHOOL, held, frozenset((US,))).why == ways.TOO_MUCH


def test_only_whoever_may_know_where_the_child_is_is_cleared() -> None:
    school = now((THEM, grant("O", "FSL-CHOICE")), protected=True)
    assert not standing(SCHOOL, school).cleared
    assert standing(SCHOOL, now((THEM, grant("OX", "FSL-CHOICE")), protected=True)).cleared
    assert standing(ALMA, now(protected=True)).cleared


PART = Filled(Kind.PARAGRAPH, ("Alle læser det.",))
FAMILY, WORD, PLACE, ILL = (
    replace(PART, only=frozenset((Audience.HOLDER,))), replace(PART, class_="P"), replace(PART, class_="X"),
    replace(PART, class_="H"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("audience", "standing_", "left"),
    [
        (Audience.CHILD, Standing(frozenset("OFH")), {PART, WORD, PLACE, ILL}),
        (Audience.HOLDER, Standing(frozenset("OFH")), {PART, FAMILY, PLACE, ILL}),
        (Audience.HOLDER, Standing(frozenset("OF")), {PART, FAMILY, PLACE}),
        (Audience.UNIT, Standing(frozenset("O"), cleared=False), {PART}),
        (None, Standing(frozenset("H")), {PART, ILL}),
    ],
)
def test_each_is_told_their_own_parts(audience: Audience | None, standing_: Standing, left: set[Filled]) -> None:
    assert set(told((PART, FAMILY, WORD, PLACE, ILL), audience, standing_, None)) == left


def test_behind_the_veil_no_name_is_left_in_lines_or_tables() -> None:
    veil = Veil([("Prøveskolen", "en skole")])
    parts = (
        replace(PART, lines=("Prøveskolen ringer.",)),
        Filled(Kind.TABLE, (), ("Hvem",), (("Mor og Prøveskolen",),)),
    )
    found = told(parts, Audience.UNIT, Standing(frozenset("O"), cleared=False), veil)
    assert found[0].lines == ("En skole ringer.",)
    assert found[1].rows == (("Mor og en skole",),)
    assert hidden(Sender("Kim", "psykolog", "PPR", "Kommunen", "12"), "En kommune") == Sender(
        "En kommune", "", "En kommune", "", ""
    )


WANTED = (Channel.DIGITAL_POST, Channel.IN_APP)


@pytest.mark.parametrize(
    ("person", "found", "hint"),
    [
        (SARA, (Channel.DIGITAL_POST, Channel.IN_APP, Channel.PRINT), ""),
        (replace(SARA, number=""), (Channel.IN_APP, Channel.PRINT), ways.NO_NUMBER),
        (replace(SARA, exempt=True), (Channel.IN_APP, Channel.PRINT), ways.EXEMPT),
        (ALMA, (Channel.IN_APP, Channel.PRINT), ways.TOO_YOUNG),
        (replace(ALMA, age=7), (Channel.PRINT,), ways.TOO_YOUNG),
        (replace(ALMA, age=None), (Channel.PRINT,), ways.TOO_YOUNG),
        (replace(ALMA, age=15, number="1"), (Channel.DIGITAL_POST, Channel.IN_APP, Channel.PRINT), ""),
        (SCHOOL, (Channel.IN_APP, Channel.PRINT), ""),
    ],
)  # fmt: skip
def test_by_which_ways(person: Person, found: tuple[Channel, ...], hint: str) -> None:
    assert channels(person, WANTED) == (found, hint)
