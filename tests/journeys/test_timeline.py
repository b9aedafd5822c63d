"""Reading years of a child's life."""

import pytest

from .conftest import Visitor

pytestmark = pytest.mark.journey


def test_from_a_number_in_the_table_to_what_happened(visitor: Visitor) -> None:
    # Given Kim at Alma's timeline
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.follows("Tidslinje")
    assert "I ord: 40 hændelser 2021-2026." in visitor.reads()
    # When he presses the cell of the school in the fourth quarter
    visitor.page.get_by_role("link", name="Dagtilbud og skole, 4. kvartal 2026: 1 hændelse").click()
    # Then the list holds exactly that, and the choice stands in the address
    assert "periode=2026-Q4" in visitor.page.url and "spor=school" in visitor.page.url
    assert visitor.page.locator(".bog-events li").count() == 1
    # And when he prints it, the log is told
    with visitor.page.expect_request("**/udskrevet/"):
        visitor.page.pdf()
    visitor.follows("Observationsskemaet blev sendt til BUP")
    assert "Maja Prøvelund" in visitor.reads() and "elleve minutter" in visitor.reads()


def test_zoom_is_another_address(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.follows("Tidslinje")
    for zoom, columns in (("År", "2026"), ("Måned", "11"), ("Uge", "48")):
        visitor.follows(zoom)
        assert columns in visitor.page.locator(".bog-timeline thead").inner_text().split()


def test_1200_entries_are_one_quiet_page(visitor: Visitor) -> None:
    visitor.logs_in_as("specialskole")
    visitor.opens_the_book_of("Ida Øvebjerg")
    visitor.follows("Tidslinje")
    assert visitor.page.evaluate("document.querySelectorAll('*').length") < 1600
    assert visitor.page.locator(".bog-events li").count() == 50
    visitor.follows("Kun indsatser")
    assert "slags=intervention" in visitor.page.url
    assert all("Indsats" in text for text in visitor.page.locator(".bog-events li").all_inner_texts())


def test_the_table_is_one_stop_for_the_keyboard(visitor: Visitor) -> None:
    visitor.logs_in_as("specialskole")
    visitor.opens_the_book_of("Ida Øvebjerg")
    visitor.follows("Tidslinje")
    assert visitor.page.locator(".bog-timeline a[tabindex='0']").count() == 1
    first = visitor.page.locator(".bog-timeline a[tabindex='0']")
    first.focus()
    before = first.get_attribute("aria-label")
    visitor.page.keyboard.press("ArrowUp")
    after = visitor.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert after and after != before
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**periode=**")


def test_before_and_after_of_a_goal_in_words(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.page.get_by_role("link", name="»Jeg vil gerne kunne være med i frikvarteret uden at blive sur.«").click()
    assert "Før og efter" in visitor.reads()
    assert "og at gå fra uden at vælte noget" in visitor.page.locator("ins").first.inner_text()


def test_the_original_is_what_the_source_sent(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.follows("Tidslinje")
    visitor.page.locator(".bog-events").get_by_role("link", name="Netværksmøde på skolen").first.click()
    visitor.page.get_by_text("Som kilden sendte det").click()
    assert '"resourceType":"Appointment"' in visitor.page.locator(".bog-raw").inner_text()
