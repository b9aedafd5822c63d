"""A message from the child, with a reader by name, and what happens when it tells of danger."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here messages are sent."""
    yield from demonstration(tmp_path_factory)


def test_william_writes_to_ida_who_answers_and_his_father_has_no_trace(
    on_phone: Visitor, visitor: Visitor, another: Visitor
) -> None:
    # Given that William wants to ask Ida something, and presses too early
    on_phone.logs_in_as_family("William Mønsterby", "barnet selv")
    on_phone.page.get_by_role("navigation").get_by_role("link", name="Beskeder").click()
    on_phone.is_in_order()
    on_phone.follows("Skriv en besked")
    on_phone.presses("Send")
    assert "Skriv din besked." in on_phone.reads()
    on_phone.is_in_order()
    # When he writes, and knows who reads it and by when
    assert "Det bliver læst senest" in on_phone.reads() and "Du vælger selv, om dine forældre må." in on_phone.reads()
    on_phone.page.get_by_label("Hvad vil du skrive?").fill("Må vi tale om noget andet end skolen næste gang?")
    on_phone.presses("Send")
    assert "Beskeden er sendt." in on_phone.reads() and "Bliver læst senest" in on_phone.reads()
    on_phone.is_in_order()
    # Then Ida has it as a task, reads it and answers
    visitor.logs_in_as("bup-psykolog")
    visitor.opens_the_book_of("William Mønsterby")
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Beskeder").click()
    visitor.is_in_order()
    visitor.page.get_by_role("link", name="William Mønsterby").last.click()
    assert "Må vi tale om noget andet end skolen næste gang?" in visitor.reads()
    visitor.is_in_order()
    visitor.page.get_by_label("Dit svar").fill("Ja. Du bestemmer, hvad vi taler om.")
    visitor.presses("Send")
    # And William sees the answer on his first page, and that she has read it
    on_phone.opens("/familie/")
    on_phone.follows("Læs 1 ny besked")
    on_phone.page.get_by_role("link", name="Ida Testrup").click()
    assert "Ja. Du bestemmer, hvad vi taler om." in on_phone.reads() and "af Ida Testrup, BUP Nord" in on_phone.reads()
    # And his father has no trace of it
    another.logs_in_as_family("Peter Mønsterby", "William")
    another.opens("/familie/beskeder/")
    assert "Der er ingen beskeder." in another.reads()


def test_alma_writes_that_somebody_hurts_her_and_kim_has_it_at_the_top(on_phone: Visitor, visitor: Visitor) -> None:
    # Given that Alma writes something that a grown-up must act on
    on_phone.logs_in_as_family("Alma Prøvegaard", "barnet selv")
    on_phone.opens("/familie/beskeder/ny/")
    on_phone.page.get_by_label("Hvad vil du skrive?").fill("Der er en, der slår mig.")
    on_phone.presses("Send")
    # Then she is told whom to call, and not to wait
    told = on_phone.reads()
    assert "Er du eller en anden i fare nu? Ring 112." in told and "116 111" in told
    on_phone.is_in_order()
    # And it stands at the top of Kim's work list
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/arbejdsliste/")
    assert "Læs beskeden nu. Nogen kan være i fare" in visitor.reads()
    visitor.follows("Læs beskeden nu. Nogen kan være i fare")
    assert "Ring til barnet eller familien med det samme." in visitor.reads()
    visitor.follows("Besked")
    assert "Der er en, der slår mig." in visitor.reads()
