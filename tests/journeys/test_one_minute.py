"""The psychologist with one minute: who, why now, the ball, the last, the next, the missing."""

import re

import pytest

from tests.samples import some

from .conftest import Visitor

pytestmark = pytest.mark.journey

# Each child, and a log-in whose unit has a task with it (or had, for the closed case).
CHILDREN = {
    "Alma Prøvegaard": "ppr-psykolog", "Noah Eksempelsen": "raadgiver", "Freja Testrup": "raadgiver", "William Mønsterby": "bup-psykolog",
    "Liva Skabelund": "raadgiver", "Oliver Skabelund": "familiebehandler", "Sofia Kladdegaard": "ppr-psykolog", "Emil Fiktivsen": "bup-psykolog",
    "Amir Demozai": "raadgiver", "Yara Al-Prøve": "ppr-psykolog", "Magnus Udkast": "ltt-psykolog", "Ida Øvebjerg": "specialskole",
    "Clara Modelholm": "bup-psykolog", "Nora Prototorp": "raadgiver", "Viktor Forsøgsen": "ungeraadgiver", "August Papirsø": "bup-psykolog",
    "Storm Testholm": "raadgiver", "Luna Eksempelgaard": "ppr-psykolog", "Lucas Skitselund": "Morten Skovsti",
    "Ella Kladby": "ppr-psykolog",
}  # fmt: skip
CLOSED = {"Ella Kladby": "760614-9922"}
"""Who has nothing waiting, and so stands on no list."""


def test_kim_sees_in_one_minute_what_alma_needs(visitor: Visitor) -> None:
    # Given Kim from PPR, who has many children
    visitor.logs_in_as("ppr-psykolog")
    # When he opens his work list, Luna's ball that nobody takes has come to him, who is her coordinator
    rows = visitor.page.locator("tbody tr").all_inner_texts()
    assert rows[0].startswith("Luna Eksempelgaard") and "Kommet til dig" in rows[0]
    # And of his own balls Alma's is first: hers is the nearest deadline
    assert rows[1].startswith("Alma Prøvegaard")
    # And when he opens her book
    visitor.follows("Alma Prøvegaard")
    # Then he can say who she is, why now, who has the ball until when, the last, the next and the missing
    page = visitor.reads()
    assert "Alma Prøvegaard, 9 år" in page and "Fælles forældremyndighed" in page
    assert "udredning for ADHD" in page
    assert "Bolden er hos: dig" in page and "Frist 27.11. – om 2 dage" in page
    assert "Sidst sket: 23.11." in page
    assert "To 03.12. kl. 10.00" in page
    assert "Mangler (2)" in page
    # And the child's own words stand unaltered
    assert "»Jeg vil gerne kunne være med i frikvarteret uden at blive sur.«" in page


@pytest.mark.parametrize("child", some([*CHILDREN], 6))
def test_all_six_facts_stand_above_the_fold(visitor: Visitor, child: str) -> None:
    visitor.logs_in_as(CHILDREN[child])
    if child in CLOSED:
        visitor.finds(CLOSED[child])
        visitor.follows(child)
    else:
        visitor.opens_the_book_of(child)
    for heading in ("Kort status", "Næste aftaler", "Mangler"):
        box = visitor.page.get_by_role("heading", name=heading).first.bounding_box()
        assert box and box["y"] + box["height"] < 800, heading
    ball = visitor.page.locator(".bog-ball").bounding_box()
    assert ball and ball["y"] + ball["height"] < 800
    last = visitor.page.get_by_text("Sidst sket").bounding_box()
    assert last and last["y"] + last["height"] < 800
    words = [word for word in visitor.reads().split() if re.search(r"[A-Za-zÆØÅæøå]", word)]
    assert len(words) <= 250


def test_nobody_has_lunas_ball_and_the_page_says_so_in_red(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    # When Kim looks at what nobody has
    visitor.follows("Uden bold (1)")
    visitor.follows("Luna Eksempelgaard")
    # Then the book says it first, with how long it has waited
    assert visitor.page.locator(".bog-ball-none h2").inner_text().startswith("Bolden er hos ingen")
    assert "27 dage over fristen" in visitor.reads()


def test_a_closed_case_is_no_alarm(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.finds(CLOSED["Ella Kladby"])
    visitor.follows("Ella Kladby")
    assert visitor.page.locator(".bog-ball-none").count() == 0
    assert "Måske forældet" in visitor.reads()


def test_what_is_read_is_marked_and_stays_marked(visitor: Visitor) -> None:
    visitor.logs_in_as("laege")
    visitor.opens_the_book_of("Freja Testrup")
    assert "Nyt de sidste 90 dage" in visitor.reads()
    visitor.presses("Markér som læst")
    assert "Intet nyt." in visitor.reads()
