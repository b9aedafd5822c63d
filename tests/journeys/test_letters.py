"""A letter, from the one who writes it to the ones who read it."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here letters are sent."""
    yield from demonstration(tmp_path_factory)


def opens_letters(visitor: Visitor, child: str) -> None:
    visitor.opens_the_book_of(child)
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Breve").click()


def reloads_until_delivered(visitor: Visitor, name: str) -> None:
    """The worker beside the server looks every other second."""
    for _ in range(60):
        if "afleveret" in visitor.page.locator(".bog-answer", has_text=name).inner_text():
            return
        visitor.page.wait_for_timeout(200)
        visitor.page.reload()
    raise AssertionError("the worker has not delivered it")


def test_kim_writes_to_almas_parents_and_to_alma_herself(visitor: Visitor, on_phone: Visitor) -> None:
    # Given that Kim opens Alma's letters and chooses one
    visitor.logs_in_as("ppr-psykolog")
    opens_letters(visitor, "Alma Prøvegaard")
    visitor.is_in_order()
    visitor.follows("Skriv et brev")
    visitor.is_in_order()
    visitor.follows("Tilbagemelding fra PPR")
    visitor.is_in_order()
    # When he fills it in for the mother and for Alma, on paper for the father, and forgets one field
    page = visitor.page
    page.fill("#id_gjort", "Vi har talt med jer og med skolen.")
    page.fill("#id_plan", "Skolen laver en fast plads.")
    page.fill("#id_enkelt", "Du får en fast plads ved vinduet.")
    for who, way in (("Sara Prøvegaard", "in-app"), ("Alma Prøvegaard", "in-app"), ("Jonas Demodal", "print")):
        page.get_by_label(who, exact=True).select_option(way)
    visitor.presses("Gem, og se brevet")
    # Then he is told what is lacking, and nothing can be sent
    assert "Hvad fandt I ud af" in page.locator(".alert-warning").inner_text()
    assert page.get_by_role("button", name="Send brevet").count() == 0
    visitor.is_in_order()
    # When he has written that too, he sees what each of them gets
    page.fill("#id_fandt", "Alma lærer bedst i små grupper.")
    visitor.presses("Gem, og se brevet")
    told = visitor.reads()
    assert "Det får de hver især" in told and "LIX" in told
    visitor.is_in_order()
    visitor.presses("Send brevet")
    assert "Brevet er på vej." in visitor.reads()
    # Then the mother reads hers on her phone when the worker has been there, in words to her and not to Alma
    reloads_until_delivered(visitor, "Sara Prøvegaard")
    visitor.is_in_order()
    on_phone.logs_in_as_family("Sara Prøvegaard", "Alma")
    on_phone.unfolds_the_menu()
    on_phone.is_in_order()
    on_phone.follows("Breve")
    on_phone.is_in_order()
    on_phone.follows("Tilbagemelding fra PPR")
    told = on_phone.reads()
    assert "Kære Sara Prøvegaard" in told and "ved vinduet" not in told
    on_phone.is_in_order()
    # And Kim sees that she has read it, and that the father's waits to be posted
    page.reload()
    assert "læst" in page.locator(".bog-answer", has_text="Sara Prøvegaard").inner_text()
    visitor.follows("Print")
    assert "Jonas Demodal" in visitor.reads()
    visitor.is_in_order()
    visitor.presses("Det er postet")
    assert "Brevet er postet." in visitor.reads()
    assert "Jonas Demodal" not in visitor.reads()


def test_whoever_must_not_have_a_letter_can_not_be_chosen(visitor: Visitor) -> None:
    # Given Freja, whose address is protected from her father
    visitor.logs_in_as("raadgiver")
    opens_letters(visitor, "Freja Testrup")
    visitor.follows("Skriv et brev")
    # When her caseworker begins a letter to the parents
    visitor.follows("Vi vil gerne høre dig, før vi beslutter")
    told = visitor.reads()
    # Then the page says why her father gets none, and he can't be chosen
    assert "Barnets adresse er beskyttet, og barnet bor ikke hos modtageren." in told
    visitor.is_in_order()


def test_kim_sends_the_same_letter_to_two_families_and_is_told_who_gets_none(visitor: Visitor) -> None:
    # Given that Kim lacks an answer from several
    visitor.logs_in_as("ppr-psykolog")
    visitor.follows("Print")
    visitor.follows("Skriv samme brev til flere børn")
    visitor.is_in_order()
    visitor.follows("Vi mangler svar")
    # When he writes it once, for the parents of two children
    page = visitor.page
    for field, said in (("hvad", "jeres svar"), ("bedt", "10. november 2026"), ("frist", "1. december 2026")):
        page.fill(f"#id_{field}", said)
    for others in ("Plejefamilie", "Fagfolk"):
        page.get_by_label(others, exact=True).uncheck()
    for child in ("Alma Prøvegaard", "August Papirsø"):
        page.get_by_label(child, exact=True).check()
    visitor.is_in_order()
    visitor.presses("Se brevene")
    # Then he sees each family's own, and why August's father gets none, before anything is sent
    told = visitor.reads()
    assert "3 breve er klar." in told and "Intet er sendt endnu." in told and "Har ikke forældremyndighed." in told
    visitor.is_in_order()
    visitor.presses("Send 3 breve")
    assert "Brevet er på vej for 2 af 2 børn." in visitor.reads()
    visitor.is_in_order()
    # And to press again sends nothing again
    page.reload()
    assert "Intet er sendt to gange." in visitor.reads()
