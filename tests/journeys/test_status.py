"""The short status, what is new since last, closing and moving, as those who work with the child live it."""

import re
from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here statuses are written and cases closed."""
    yield from demonstration(tmp_path_factory)


def test_kim_writes_luna_s_status_anew_without_javascript(without_javascript: Visitor, another: Visitor) -> None:
    # Given that Luna's status is from September and perhaps no longer true
    kim = without_javascript
    kim.logs_in_as("ppr-psykolog")
    kim.opens_the_book_of("Luna Eksempelgaard")
    assert "Måske forældet" in kim.reads()
    kim.follows("Skriv ny")
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
    another.page.get_by_role("link", name=re.compile("^Nyt ")).click()
    assert "Kort status er skrevet" in another.reads()
    another.is_in_order()
    another.presses("Markér alt som læst")
    assert "Intet nyt." in another.reads()
    another.presses("Fortryd")
    assert "Nyt de sidste 90 dage" in another.reads()


def test_sofia_s_package_arrives_and_opens_nothing_else(visitor: Visitor, another: Visitor) -> None:
    # Given that Sofia has moved, and her old PPR has what the new municipality needs
    erik, rikke = visitor, another
    erik.logs_in_as("Erik Havnesen")
    erik.opens("/arbejdsliste/?fane=alle")
    tasks = erik.page.locator("tbody", has_text="Sofia")
    assert tasks.count() == 0  # what the new municipality is about to do is not his to see
    erik.finds("681115-9908")
    erik.follows("Sofia Kladdegaard")
    erik.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Henvisninger").click()
    erik.follows("Familien er flyttet")
    erik.is_in_order()
    # When Erik sends the old assessment with a summary, he must also say why it is lawful
    erik.page.select_option("#id_to", label="Familieafdelingen Eksempelby")
    erik.page.fill("#id_summary", "Sofia har brug for at vide det dagen før. Mistanken om autisme er ikke undersøgt.")
    erik.page.get_by_label("Den første vurdering fra Prøvekøbing").check()
    erik.presses("Send til den nye kommune")
    assert "Skriv, hvorfor det er lovligt." in erik.reads()
    erik.page.fill("#id_ground", "Kommunen skal sende det nødvendige, når familien flytter.")
    erik.presses("Send til den nye kommune")
    assert "Pakken er sendt til den nye kommune. Du har bolden, til de har taget imod." in erik.reads()
    # Then the new municipality takes the ball
    rikke.logs_in_as("raadgiver")
    rikke.follows("Henvisninger")
    rikke.follows("Sofia Kladdegaard")
    told = rikke.reads()
    assert "Sofia har brug for at vide det dagen før." in told
    assert "Samtykker, der skal gives på ny" in told
    rikke.is_in_order()
    rikke.page.locator("#accept summary").click()
    rikke.page.locator("#accept").get_by_role("button", name="Sig ja").click()
    assert "I har sagt ja. Du har nu bolden." in rikke.reads()
    # And reads the assessment, and nothing else of the old timeline
    rikke.follows("Tidslinje")
    told = rikke.reads()
    assert "Den første vurdering fra Prøvekøbing" in told
    assert "Mistanken om autisme blev sagt højt" not in told
    assert "Et skab med Sofias navn på" not in told
    # And Erik has the receipt
    erik.page.reload()
    assert "Sagt ja" in erik.reads()
    assert "Rikke Sagsby" in erik.reads()


def test_ella_s_closed_case_is_opened_again(visitor: Visitor, another: Visitor) -> None:
    # Given that PPR is the last that works with Ella, and has nothing open
    kim, hanne = visitor, another
    kim.logs_in_as("ppr-psykolog")
    kim.finds("7606149922")
    kim.follows("Ella Kladby")
    book = kim.page.url
    kim.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Opgaver").click()
    kim.follows("Afslut enhedens opgave")
    told = kim.reads()
    assert "I kan ikke læse barnets bog mere, heller ikke det, I selv har skrevet." in told
    assert "Barnets sag er så lukket. Intet bliver slettet." in told
    kim.is_in_order()
    # When Kim forgets to say why, nothing happens and nothing is lost
    kim.page.fill("#id_note", "Forældrene har fået papirerne.")
    kim.presses("Afslut opgaven")
    assert "Skriv, hvorfor I slutter, og hvem familien kan ringe til." in kim.reads()
    assert kim.page.input_value("#id_note") == "Forældrene har fået papirerne."
    kim.page.fill("#id_reason", "Aktindsigten er givet. Ring til egen læge.")
    kim.presses("Afslut opgaven")
    # Then the book is closed to PPR, though PPR still sees that it had the task
    assert "Opgaven er afsluttet. Familien kan se det." in kim.reads()
    kim.is_in_order()
    response = kim.page.goto(book)
    assert response and response.status == 404
    # And PPR's leader opens it again when there is a reason
    hanne.logs_in_as("ppr-leder")
    hanne.opens("/enheden/")
    hanne.follows("Afsluttede opgaver")
    hanne.page.get_by_label("Hvorfor begynder I igen?").fill("Mor ringede: uroen er tilbage.")
    hanne.presses("Åbn igen")
    assert "Ella Kladby" in hanne.reads()
    response = kim.page.goto(book)
    assert response and response.status == 200
