"""Who gets in, who does not, and that the two answers tell nothing."""

import pytest

from .conftest import Visitor

pytestmark = pytest.mark.journey

ALMA = "670517-9902"


def _search(visitor: Visitor, number: str) -> str:
    visitor.opens("/find/")
    visitor.page.fill("[name=number]", number)
    visitor.page.check("#reason-contact")
    visitor.presses("Søg")
    return visitor.reads()


def test_one_finds_a_child_one_works_with(visitor: Visitor) -> None:
    visitor.logs_in_as("laerer")
    assert "Alma Prøvegaard, født 7. maj 2017" in _search(visitor, ALMA)
    visitor.follows("Alma Prøvegaard")
    assert "Alma Prøvegaard, 9 år" in visitor.reads()


def test_a_child_one_has_no_task_with_does_not_exist(visitor: Visitor) -> None:
    # Given the special school's teacher, who has no task with Alma
    visitor.logs_in_as("specialskole")
    # When he searches for her and for a number that nobody has
    hers, nobodys = _search(visitor, ALMA), _search(visitor, "670517-9904")
    # Then both answers are the same
    assert "Ikke fundet" in hers
    assert hers == nobodys


def test_by_address_it_is_the_same(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    alma = visitor.page.url.removeprefix(visitor.server)
    visitor.presses("Log af")
    visitor.logs_in_as("specialskole")
    pages = []
    for address in (alma, "/barn/00000000-0000-7000-8000-000000000000/", f"{alma}tidslinje/", "/findes-ikke/"):
        assert visitor.opens(address) == 404
        pages.append(visitor.reads())
    assert len(set(pages)) == 1


def test_mistakes_lose_nothing(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/find/")
    visitor.page.fill("[name=number]", "12345")
    visitor.page.fill("[name=name]", "Alma Prøvegaard")
    visitor.presses("Søg")
    assert "CPR-nummeret skal have ti cifre" in visitor.reads()
    assert "Vælg, hvorfor du søger." in visitor.reads()
    assert visitor.page.input_value("[name=name]") == "Alma Prøvegaard"
    assert visitor.page.title().startswith("Fejl")


def test_by_name_and_birth_date_as_danes_write_them(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/find/")
    visitor.page.fill("[name=name]", "alma prøvegaard")
    visitor.page.fill("[name=born]", "7/5-2017")
    visitor.page.check("#reason-meeting")
    visitor.presses("Søg")
    assert "Alma Prøvegaard" in visitor.page.locator(".bog-found").inner_text()


def test_after_log_off_the_back_button_shows_nothing(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.presses("Log af")
    visitor.page.wait_for_load_state()
    visitor.page.go_back()
    assert "Alma" not in visitor.page.inner_text("body")


def test_freja_s_whereabouts_are_not_in_her_story(visitor: Visitor) -> None:
    visitor.logs_in_as("raadgiver")
    visitor.opens_the_book_of("Freja Testrup")
    assert "Beskyttet adresse" in visitor.reads()
