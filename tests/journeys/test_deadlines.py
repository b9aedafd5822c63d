"""Deadlines as those meet them who have to keep them: which clock is red, and who is told when nobody takes a ball."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here a ball is taken."""
    yield from demonstration(tmp_path_factory)


def test_rikke_sees_in_a_minute_which_clock_is_red_and_takes_the_ball(visitor: Visitor, another: Visitor) -> None:
    # Given that Oliver's teacher notified the family department yesterday at 13.20, and nobody has taken it
    another.logs_in_as("Mette Holdbar")
    another.opens("/enheden/")
    told = another.reads()
    assert "Oliver Skabelund: Vurder underretningen" in told
    assert "Kommet til dig, fordi ingen har taget den i 1 hverdag" in told
    another.is_in_order()
    # When Rikke looks at her work list, and at what is red
    visitor.logs_in_as("Rikke Sagsby")
    visitor.opens("/arbejdsliste/")
    assert "Frister 2 røde" in visitor.reads()
    visitor.page.get_by_role("link", name="Frister").click()
    told = visitor.reads()
    # Then the two red ones stand first: the follow-up on Liva's plan, and the 24 hours of the notification
    assert told.index("Liva Skabelund") < told.index("25.11. kl. 13.20") < told.index("Noah Eksempelsen")
    assert "49 dage over fristen" in told
    visitor.is_in_order()
    # And the ball says by which law, and what it is about
    visitor.follows("Vurder underretningen")
    told = visitor.reads()
    assert "barnets lov § 136" in told
    assert "Det handler om: Skolen underrettede om en dreng, der ikke ville hjem" in told
    # When she takes it
    visitor.presses("Tag imod bolden")
    assert "Du har nu bolden." in visitor.reads()
    visitor.is_in_order()
    # Then it has not come to her leader any more
    another.opens("/enheden/")
    assert "Kommet til dig" not in another.reads()


def test_rikke_starts_the_four_months_of_an_examination(visitor: Visitor) -> None:
    # Given that the municipality became aware of it in the summer
    visitor.logs_in_as("Rikke Sagsby")
    visitor.opens_the_book_of("Noah Eksempelsen")
    visitor.follows("Opgaver")
    visitor.follows("Start en frist")
    visitor.is_in_order()
    # When she writes no day, she is told what to do; when she writes one, the deadline is worked out
    visitor.page.fill("#id_since", "")
    visitor.presses("Start fristen")
    assert "Skriv, fra hvilken dag fristen løber." in visitor.reads()
    visitor.page.fill("#id_since", "31.08.2026")
    visitor.presses("Start fristen")
    told = visitor.reads()
    assert "Gør den børnefaglige undersøgelse færdig" in told
    assert "31.12." in told
    assert "barnets lov § 20" in told
