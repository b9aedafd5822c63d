"""Who may send a child to whom: the field's own table (who from, where to, what), cell by cell.

A cell says what is told about a door to a school child of nine with signs of ADHD; the acute door is asked about when
it is acute. `-` is a cell that the table leaves empty.
"""

import pytest

from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import Home, Question, Urgency
from barnetsbog.routing.rules import advise

DOORS = ("ppr", "bup", "bup-acute", "family-dept", "samraad", "ltt")
MATRIX = {
    "school": ("should nominate", "no", "no: gp", "may notify", "no", "may guide"),
    "daycare": ("should nominate", "no", "no: gp", "may notify", "no", "-"),
    "parent": ("should through school", "no: ppr", "should call", "may ask", "no", "may self"),
    "young-person": ("may through school", "no: ppr", "should call", "may ask", "no", "should self"),
    "ppr": ("-", "should refer", "should through gp", "may notify", "may member", "may guide"),
    "family-dept": ("should ask", "may refer", "should through gp", "-", "may member", "may guide"),
    "gp": ("should through samraad", "may refer: ppr", "should refer", "may notify", "may ask", "may guide"),
    "ltt": ("should guide", "may refer", "should through gp", "may notify", "-", "-"),
    "bup": ("should report", "may refer", "should refer", "may notify", "may member", "may guide"),
}  # fmt: skip


def told(asker: str, door: str, *, suspicion: str = "adhd", age: int = 9, home: Home = Home.HERE) -> str:
    """What is said about a door, as the table writes it: the verdict, the way, through whom, and what rather."""
    urgency = Urgency.ACUTE if door == "bup-acute" else Urgency.PLANNED
    found = advise(Question(asker, age, suspicion, urgency, home), standard()).about(door)
    if found is None:
        return "-"
    words = f"{found.verdict} {found.way or ''} {found.via.id if found.via else ''}".split()
    return " ".join(words) + (f": {found.instead.id}" if found.instead else "")


@pytest.mark.parametrize(
    ("asker", "door", "cell"),
    [(asker, door, cell) for asker, cells in MATRIX.items() for door, cell in zip(DOORS, cells, strict=True)],
)
def test_the_table_cell_by_cell(asker: str, door: str, cell: str) -> None:
    found = told(asker, door)
    if cell == "no":
        assert found.startswith("no: ")  # whatever is right instead, it is said
    else:
        assert found == cell


@pytest.mark.parametrize("suspicion", ["depression", "anxiety", "ocd", "eating"])
def test_new_depression_anxiety_ocd_and_eating_disorder_are_the_doctors(suspicion: str) -> None:
    assert told("gp", "bup", suspicion=suspicion) == "should refer"
    assert told("parent", "bup", suspicion=suspicion) == "no: gp"


def test_a_talking_offer_sends_a_child_from_elsewhere_to_the_offer_there() -> None:
    assert told("ltt", "ltt", home=Home.ELSEWHERE) == "should refer"


def test_the_council_gives_advice_and_refers_nobody() -> None:
    for asker in standard().askers:
        assert told("samraad", "bup") == "no: ppr"
        assert told(asker, "samraad").split()[-1] != "refer"


@pytest.mark.parametrize(("age", "cell"), [(0, "may refer"), (1, "may refer"), (2, "no: ppr"), (17, "no: ppr")])
def test_the_health_visitor_refers_infants_only(age: int, cell: str) -> None:
    assert told("health-visitor", "bup", age=age) == cell


@pytest.mark.parametrize("asker", ["specialist", "misuse-centre"])
def test_others_with_a_right_to_refer(asker: str) -> None:
    assert told(asker, "bup") == "may refer"


@pytest.mark.parametrize(("age", "cell"), [(5, "-"), (6, "should self")])
def test_the_talking_offer_is_from_six_years(age: int, cell: str) -> None:
    assert told("young-person", "ltt", age=age) == cell
