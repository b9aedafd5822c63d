"""A question of a form is worded anew: one administrator writes and tries it, another approves, and a teacher sees it;
whoever had begun before is told what differs. What forms have in common is changed after its effect has been seen."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey

FORMS = "/administration/skemaer/"
FORM = "skema/status-school/"
OLD, NEW = "Hvordan er barnets humør?", "Hvordan er humøret i skolen?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for what they write others would read."""
    yield from demonstration(tmp_path_factory)


def test_a_question_is_changed_tried_approved_by_another_and_met_by_a_teacher(
    visitor: Visitor, without_javascript: Visitor, another: Visitor, on_phone: Visitor
) -> None:
    # Given Alma's teacher, who has begun a form and answered one question
    visitor.logs_in_as("laerer")
    visitor.finds("670517-9902")
    visitor.follows("Alma Prøvegaard")
    visitor.follows("Skemaer")
    page = visitor.page
    page.get_by_label("Hvilket skema?").select_option(label="Status til familieafdelingen: Skole")
    visitor.presses("Begynd")
    draft = page.url.removeprefix(visitor.server)
    visitor.opens(f"{draft}emne/everyday/")
    page.get_by_label(OLD).fill("Glad om formiddagen.")
    visitor.presses("Gem kladde")
    # When Ib, without JavaScript, words the question anew
    ib = without_javascript
    ib.logs_in_as("administrator")
    ib.opens(FORMS)
    ib.follows("Status til familieafdelingen: Skole")
    ib.follows(OLD)
    ib.page.get_by_label("Spørgsmålet", exact=True).fill(NEW)
    ib.presses("Gem i kladden")
    # And sees the form as a teacher does, with a child that does not exist, and keeps that as a test case
    ib.page.get_by_role("link", name="Skole", exact=True).click()
    assert ib.page.get_by_role("textbox", name=NEW).input_value() == "Et opdigtet svar."
    ib.page.get_by_label("Hvad prøver I?").fill("Alt er svaret")
    ib.presses("Gem som prøve")
    assert "Går godt" in ib.reads()
    # And sends it
    ib.opens(FORMS)
    assert "udgave 1001" in ib.reads() and "alle prøver går godt" in ib.reads()
    ib.page.get_by_label("Fra hvilken dag?").fill("25.11.2026")
    ib.page.get_by_label("Hvorfor ændrer I det?").fill("Lærerne svarede om hjemmet")
    ib.presses("Send til godkendelse")
    # Then he can't approve it himself, and the teacher notices nothing
    assert "En anden skal godkende det." in ib.reads()
    visitor.opens(draft)
    assert "Der er en ny udgave af skemaet" not in visitor.reads()
    # When Vera looks at everything that she is to answer for
    vera = another
    vera.logs_in_as("administrator-2")
    for address in ("proever/", f"{FORM}spoergsmaal/mood/", f"{FORM}se/sender/"):
        vera.opens(FORMS + address)
        vera.is_in_order()
    # And approves it on her phone
    on_phone.logs_in_as("administrator-2")
    for address in (f"{FORM}tilfoej/", "skema/ppr-referral-school/dele/", "hent-ind/", FORM, ""):
        on_phone.opens(FORMS + address)
        on_phone.is_in_order()
    on_phone.page.get_by_role("button", name="Godkend", exact=True).click()
    assert "I brug: version 3, fra 25. november 2026." in on_phone.reads()
    on_phone.follows("Status til familieafdelingen: Skole")
    told = on_phone.reads()
    assert "Ib Systemby" in told and "Vera Tjekby" in told
    # Then the teacher's draft is as it was, and says what has become different
    visitor.opens(draft)
    told = visitor.reads()
    assert "Der er en ny udgave af skemaet" in told and f"{OLD} → {NEW}" in told
    visitor.finds_no_barrier()
    visitor.opens(f"{draft}emne/everyday/")
    assert page.get_by_label(OLD).input_value() == "Glad om formiddagen."
    # And when she takes the new version, her answer is there under the new question
    visitor.opens(draft)
    visitor.presses("Skift til den nye udgave")
    visitor.opens(f"{draft}emne/everyday/")
    assert page.get_by_label(NEW).input_value() == "Glad om formiddagen."


def test_what_six_forms_have_in_common_is_changed_after_seeing_what_it_does_to_each(
    visitor: Visitor, on_phone: Visitor
) -> None:
    # Given Vera, who wants another question in all the status reports
    vera = visitor
    vera.logs_in_as("administrator-2")
    vera.opens(f"{FORMS}kilder/")
    vera.finds_no_barrier()
    vera.follows("V11 Status til familieafdelingen: …")
    vera.finds_no_barrier()
    vera.follows("Hvordan kommer barnet af sted om morgenen?")
    # When she asks it with the word that each form has for where it is
    vera.page.get_by_label("Spørgsmålet", exact=True).fill("Hvordan kommer barnet {there}?")
    vera.presses("Se, hvad det gør")
    # Then she sees it in each, beside what it was, and which forms say it in their own way
    told = vera.reads()
    assert "Hvordan kommer barnet i skolen?" in told and "Hvordan kommer barnet i dagtilbuddet?" in told
    assert "2 skemaer bliver anderledes" in told and "Uændrede skemaer" in told
    vera.finds_no_barrier()
    # And nothing is kept before she says so
    vera.presses("Gem i kladden")
    # When she looks at it as the school would, of a child that does not exist
    vera.opens(f"{FORMS}skema/status-school/")
    vera.page.get_by_role("link", name="Skole", exact=True).click()
    vera.page.get_by_label("Hvilket barn?").select_option(label="Alma, 9 år. Forældrene deler forældremyndigheden")
    vera.presses("Vis")
    # Then what the book would know stands there, with where it is from, and the new question with no answer
    assert vera.page.get_by_role("textbox", name="Barnets navn").input_value() == "Alma Prøvegaard"
    assert "Hentet fra bogen." in vera.reads()
    assert vera.page.get_by_role("textbox", name="Hvordan kommer barnet i skolen?").input_value() == ""
    vera.finds_no_barrier()
    # When PPR is to answer in that form too, and has the section that it ends with
    vera.opens(f"{FORMS}skema/status-school/")
    vera.follows("Tilføj en del")
    vera.page.get_by_label("Hvad hedder delen?").fill("PPR")
    vera.page.get_by_label("Hvem svarer?").select_option(label="PPR")
    vera.page.get_by_label("Til sidst (nu: Skole)").check()
    vera.finds_no_barrier()
    vera.presses("Se, hvad det gør")
    assert "# Til sidst · Del: PPR" in vera.reads()
    vera.presses("Gem i kladden")
    # Then she can see it as PPR would, and on her phone take it away again, but not what is asked in it
    vera.page.get_by_role("link", name="PPR", exact=True).click()
    assert "Til sidst" in vera.reads()
    on_phone.logs_in_as("administrator-2")
    on_phone.opens(f"{FORMS}skema/status-school/dele/")
    on_phone.finds_no_barrier()
    on_phone.page.get_by_role("link", name="Fjern delen").nth(1).click()
    on_phone.finds_no_barrier()
    on_phone.presses("Se, hvad det gør")
    assert "Vælg en." in on_phone.reads()
    # And the answers to choose from fit there, and she can take away one that a form waits for only with its form
    on_phone.opens(f"{FORMS}faelles/list/risk/svar/risk/")
    on_phone.finds_no_barrier()
    on_phone.page.get_by_label("Svar", exact=True).nth(1).fill("")
    on_phone.presses("Se, hvad det gør")
    assert "Det kan ikke gemmes sådan" in on_phone.reads()
    on_phone.finds_no_barrier()
