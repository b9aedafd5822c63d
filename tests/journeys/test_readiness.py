"""No family is sent home from a first visit because a paper or an answer is missing."""

import re
from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here somebody answers."""
    yield from demonstration(tmp_path_factory)


def does_without(visitor: Visitor, what: str, why: str) -> None:
    row = visitor.page.get_by_role("row", name=re.compile(what))
    row.get_by_text("Kan undværes").click()
    row.get_by_role("textbox").fill(why)
    row.get_by_role("button", name="Besøget kan holdes uden").click()


def test_alma_s_missing_consent_is_settled_before_the_third_of_december(visitor: Visitor, another: Visitor) -> None:
    # Given that Alma's father is silent, and her first visit at BUP is on 3 December
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    # When Kim looks what is missing, she sees whose answer it is, and what the law lets BUP do meanwhile
    visitor.page.get_by_role("link", name="Første besøg 03.12.").click()
    told = visitor.reads()
    assert "Må stå på venteliste, men ikke få en tid endnu." in told
    assert told.count("OWN-LATEST") == told.count("Der mangler svar fra 1 af 2.") == 1  # why, and by which rules, once
    assert "Jonas Demodal" in visitor.page.get_by_role("row", name=re.compile("Ja til udredning i BUP")).inner_text()
    visitor.is_in_order()
    # Then she can remind him
    visitor.follows("Se svarene, og mind om dem")
    assert "Intet svar endnu" in visitor.reads()
    # And BUP sees in its list that Alma is not ready, opens tasks for what is lacking, and nothing twice
    another.logs_in_as("Ida Testrup")
    another.follows("Første besøg")
    another.is_in_order()
    another.follows("Alma Prøvegaard")
    another.presses("Opret opgaver for det, der mangler")
    assert "Opgaverne er oprettet." in another.reads()
    assert another.page.get_by_role("button", name="Opret opgaver").count() == 0
    # What she does without, she says why
    does_without(another, "Skolens eller dagtilbuddets beskrivelse", "")
    assert "Skriv, hvorfor besøget kan holdes uden." in another.reads()
    does_without(another, "Medicin og allergi", "Mor siger, at Alma ikke får medicin.")
    does_without(another, "Forældrenes spørgeskema", "Mor har det med.")
    does_without(another, "Skolens eller dagtilbuddets beskrivelse", "Maja ringer dagen før.")
    assert "Mangler 1 ting" in another.reads()
    another.is_in_order()
    address = another.page.url.removeprefix(another.server).partition("?")[0]
    # When the father says yes
    visitor.page.context.clear_cookies()
    visitor.logs_in_as_family("Jonas Demodal", "Alma")
    visitor.page.get_by_role("navigation").get_by_role("link", name="Ja og nej").click()
    visitor.page.get_by_role("link", name=re.compile("^Svar")).first.click()
    visitor.page.get_by_label("Ja", exact=True).check()
    visitor.presses("Send dit svar")
    assert "Tak. Vi har dit svar" in visitor.reads()
    # Then the visit is ready, and BUP can see it
    another.opens(address)
    told = another.reads()
    assert "Mangler" not in told and "Klar" in told and "Må stå på venteliste" not in told
    another.is_in_order()
    another.follows("Første besøg")
    assert "Klar" in another.page.get_by_role("row", name=re.compile("Alma Prøvegaard")).inner_text()
