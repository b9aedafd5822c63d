"""The short status, what is new since last, closing and moving, as those who work with the child live it."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here statuses are written and cases closed."""
    yield from demonstration(tmp_path_factory)


def is_in_order(visitor: Visitor) -> None:
    visitor.needs_no_sideways_scrolling()
    visitor.finds_no_barrier()


def test_kim_writes_luna_s_status_anew_without_javascript(without_javascript: Visitor, another: Visitor) -> None:
    # Given that Luna's status is from September and perhaps no longer true
    kim = without_javascript
    kim.logs_in_as("ppr-psykolog")
    kim.opens_the_book_of("Luna Eksempelgaard")
    assert "Måske forældet" in kim.reads()
    kim.follows("Skriv ny status")
    # When Kim writes too much, the page counts the words and keeps them
    kim.page.fill("#id_text", "Luna går nu i skole hver dag. " * 9)
    kim.presses("Tæl ordene")
    assert "63 af 60 ord" in kim.reads()
    kim.presses("Gem status")
    assert "Der er 63 ord. Skriv højst 60, så den bliver læst." in kim.reads()
    kim.needs_no_sideways_scrolling()
    kim.page.fill("#id_text", "Luna går i skole tre dage om ugen. BUP ringer i denne uge.")
    kim.presses("Gem status")
    # Then it is fresh, and what it said before stands beside it
    told = kim.reads()
    assert "Status er gemt." in told
    assert "Måske forældet" not in told
    assert "Før og efter" in told
    # And to Bo, who has not been here, it is news; what he has read he can mark, and undo
    another.logs_in_as("Bo Eksempelsen")
    another.opens_the_book_of("Luna Eksempelgaard")
    another.follows("Se alt nyt")
    assert "Kort status er skrevet" in another.reads()
    is_in_order(another)
    another.presses("Markér alt som læst")
    assert "Intet nyt." in another.reads()
    another.presses("Fortryd")
    assert "Nyt de sidste 90 dage" in another.reads()
