"""August's father has no custody. He asks the school how August is, and gets an answer with reasons."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here something is asked and answered."""
    yield from demonstration(tmp_path_factory)


def test_augusts_father_asks_and_the_school_answers_partly_with_reasons(visitor: Visitor, on_phone: Visitor) -> None:
    # Given that the father has written to the school, and Maja opens August's letters
    visitor.logs_in_as("laerer")
    visitor.opens_the_book_of("August Papirsø")
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Breve").click()
    visitor.follows("Anmodninger om oplysninger")
    visitor.is_in_order()
    # When she writes it down
    visitor.follows("Skriv en anmodning ned")
    page = visitor.page
    page.get_by_label("Hvem spørger?").select_option(label="Nikolaj Ark, far, har ikke forældremyndighed")
    page.fill("#id_about", "Hvordan går det August i skolen?")
    visitor.is_in_order()
    visitor.presses("Gem anmodningen")
    # Then she has the ball with a deadline, and is told what he has a right to
    told = visitor.reads()
    assert "Orientering. Forælderen har ikke forældremyndighed" in told and "Frist" in told
    assert "Loven giver ret til orientering og ikke til dokumenter." in told
    visitor.is_in_order()
    # When she answers partly and forgets to say why
    page.get_by_label("Delvist").check()
    page.fill("#id_told", "August er glad for at gå i skole. Han har en god ven i klassen.")
    visitor.presses("Gem afgørelsen, og se brevet")
    # Then nothing is decided, and what she wrote is there
    assert "Et nej, helt eller delvist, skal have en grund." in visitor.reads()
    assert "god ven" in page.input_value("#id_told")
    visitor.is_in_order()
    # When she gives the reason, she sees the very letter, and sends it
    page.fill("#id_reason", "Vi fortæller ikke om hans behandling. Det er ikke skolens at fortælle.")
    visitor.presses("Gem afgørelsen, og se brevet")
    told = visitor.reads()
    assert "Du kan klage" in told and "Forældreansvarsloven, § 23" in told and "Kære Nikolaj Ark" in told
    visitor.is_in_order()
    visitor.presses("Send svaret")
    assert "Svaret er på vej." in visitor.reads()
    # And August's mother finds no word of it in his book
    on_phone.logs_in_as_family("Julie Papirsø", "August")
    for address in ("/familie/breve/", "/familie/bog/"):
        on_phone.opens(address)
        assert "Nikolaj" not in on_phone.reads() and "god ven" not in on_phone.reads()
    # And his father is none of those who can log in
    on_phone.page.context.clear_cookies()
    on_phone.opens("/log-ind/")
    assert "Julie Papirsø" in on_phone.page.content() and "Nikolaj Ark" not in on_phone.page.content()
