"""Saying yes and no, as families and professionals do it, told so that anybody can follow."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.builders import pdf

from .conftest import DESKTOP, PHONE, SCREENS, Visitor, _visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here people answer, and what they answer stands."""
    yield from demonstration(tmp_path_factory)


@pytest.fixture(params=["desk", "phone", "without JavaScript"])
def somebody(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Visitor]:
    """The same journey at a desk, on a phone and without JavaScript."""
    screen = PHONE if request.param == "phone" else DESKTOP
    yield from _visitor(browser, server, viewport=screen, java_script_enabled=request.param != "without JavaScript")


def opens_yes_and_no(visitor: Visitor) -> str:
    visitor.page.get_by_role("navigation").get_by_role("link", name="Ja og nej").click()
    return visitor.reads()


def card(visitor: Visitor, words: str) -> str:
    """What the card says that has these words in it."""
    return visitor.page.locator(".bog-answer", has_text=words).first.inner_text()


def opens_consents_of(visitor: Visitor, child: str) -> str:
    visitor.opens_the_book_of(child)
    visitor.follows("Samtykke")
    return visitor.reads()


# -- Alma: her father's answer -----------------------------------------------------------------------------------------


def test_alma_s_father_answers_and_the_psychologist_sees_it_at_once(visitor: Visitor, another: Visitor) -> None:
    # Given that Alma's mother has said yes to the assessment and her father has not answered
    visitor.logs_in_as("ppr-psykolog")
    assert "Intet svar endnu" in opens_consents_of(visitor, "Alma Prøvegaard")
    # When her father logs in, he sees on his front page that an answer is missing
    another.logs_in_as_family("Jonas Demodal", "Alma")
    assert "Vi mangler svar fra dig" in another.reads() and "Sig ja eller nej til 1 ting" in another.reads()
    opens_yes_and_no(another)
    another.page.get_by_role("link", name=re.compile("^Svar")).first.click()
    # Then he reads what a yes and a no mean, and that he can change his mind
    told = another.reads()
    assert "Siger I begge ja, må BUP Nord gå i gang med dette: Undersøgelse i BUP." in told
    assert "Siger en af jer nej, gør vi det ikke." in told
    assert "Det, der er læst, kan vi ikke gøre ulæst." in told
    # And an empty answer is told so, without anything being lost
    another.presses("Send dit svar")
    assert "Vælg et svar." in another.reads()
    # When he says yes
    another.page.get_by_label("Ja", exact=True).check()
    another.presses("Send dit svar")
    # Then he has a receipt, nothing waits for him, and the psychologist sees that it is settled
    assert "Tak. Vi har dit svar" in another.reads() and "Det må vi gøre nu." in another.reads()
    assert "Der er ikke noget, du skal svare på nu." in opens_yes_and_no(another)
    assert "Intet svar endnu" not in opens_consents_of(visitor, "Alma Prøvegaard")


# -- Noah: two answers that contradict each other ----------------------------------------------------------------------


def test_neither_of_noah_s_parents_sees_what_the_other_has_said(visitor: Visitor, another: Visitor) -> None:
    # Given that Noah's mother has said yes to the case worker's work and his father has said no
    visitor.logs_in_as_family("Maria Eksempelsen", "Noah")
    another.logs_in_as_family("Henrik Skabelby", "Noah")
    mothers, fathers = opens_yes_and_no(visitor), opens_yes_and_no(another)
    # Then she reads that a yes is lacking, and not whether he is silent or has said no
    contested, silent = card(visitor, "Rådgiverens arbejde"), card(visitor, "PPR's vurdering")
    lacking = "Vi mangler et ja fra den anden forælder."
    assert lacking in contested and lacking in silent
    # And neither page tells anything of the other
    assert "Henrik" not in mothers and "Maria" not in fathers
    assert "Mor" not in fathers and "Far" not in mothers
    assert "sagt nej" not in contested and "Nej" not in contested


def test_the_psychologist_is_told_that_they_contradict_each_other(visitor: Visitor) -> None:
    visitor.logs_in_as("raadgiver")
    assert "Der er sagt både ja og nej." in opens_consents_of(visitor, "Noah Eksempelsen")
    visitor.page.get_by_role("link", name="Rådgiverens arbejde på tværs").first.click()
    told = visitor.reads()
    assert "Mind ingen om at svare." in told and "Der rykkes ikke." in told
    assert visitor.page.get_by_role("link", name="Mind om at svare").count() == 0


def test_somebody_else_s_question_does_not_exist(visitor: Visitor, another: Visitor) -> None:
    # Given the address of Alma's mother's own answer
    visitor.logs_in_as_family("Sara Prøvegaard", "Alma")
    opens_yes_and_no(visitor)
    visitor.page.get_by_role("link", name=re.compile("^Se dit svar")).first.click()
    hers = visitor.page.url.removeprefix(visitor.server)
    # When her father opens it, and an address that nobody has
    another.logs_in_as_family("Jonas Demodal", "Alma")
    pages = []
    for address in (hers, f"{hers}tilbage/", "/familie/ja-og-nej/00000000-0000-7000-8000-000000000000/"):
        assert another.opens(address) == 404
        pages.append(another.reads())
    # Then both are the same page
    assert len(set(pages)) == 1


# -- William, who is 15 ------------------------------------------------------------------------------------------------


def test_william_who_is_15_answers_alone(visitor: Visitor, another: Visitor) -> None:
    # Given that William has turned 15
    visitor.logs_in_as_family("William Mønsterby", "barnet selv")
    assert "Du er fyldt 15 år. Derfor siger du selv ja eller nej" in opens_yes_and_no(visitor)
    # When he says yes to some of it: only who helps, and only until the end of January
    visitor.page.get_by_role("link", name=re.compile("^Svar")).first.click()
    assert "Siger du ja, kan Modelskolen se overskrifter" in visitor.reads()
    visitor.page.get_by_label("Ja, men kun til noget af det").check()
    for word in ("Hjælp og mål", "Møder og aftaler"):
        visitor.page.get_by_label(word).uncheck()
    visitor.page.get_by_label("Til og med hvilken dag?").fill("31.01.2027")
    visitor.presses("Send dit svar")
    # Then the receipt says just that
    told = visitor.reads()
    assert "hvem der hjælper (Overskrifter)" in told and "31. januar 2027" in told and "hjælp og mål" not in told
    # And his father reads that his own earlier answer no longer counts
    another.logs_in_as_family("Peter Mønsterby", "William")
    assert "Dit svar tæller ikke: Den unge svarer selv" in opens_yes_and_no(another)


def test_a_child_of_12_reads_and_does_not_answer(somebody: Visitor) -> None:
    somebody.logs_in_as_family("Noah Eksempelsen", "barnet selv")
    told = opens_yes_and_no(somebody)
    assert "Du bestemmer ikke selv endnu, men du må sige, hvad du synes." in told
    assert "Det bliver de voksne spurgt om" in told
    assert somebody.page.get_by_role("link", name=re.compile("^Svar")).count() == 0
    assert "Far" not in told and "Mor" not in told
    somebody.page.get_by_role("link", name=re.compile("^Skriv, hvad du synes")).first.click()
    assert "Ingen må rette i dine ord." in somebody.reads() and "det kun dig, der kan læse det" in somebody.reads()
    somebody.is_in_order()


# -- Nora takes a yes back ---------------------------------------------------------------------------------------------


def test_nora_takes_a_yes_back_and_sees_first_who_loses_what(visitor: Visitor, another: Visitor) -> None:
    # Given that Nora has let Rikke see what BUP and the advice on drugs arrange with her
    visitor.logs_in_as_family("Nora Prototorp", "barnet selv")
    opens_yes_and_no(visitor)
    visitor.page.locator(".bog-answer", has_text="Rikkes arbejde").get_by_role("link", name="Sig nej igen").click()
    # Then she is shown exactly who will lose what, before she presses
    told = visitor.reads()
    assert "Det sker, når du trykker" in told
    assert "Familieafdelingen Eksempelby kan ikke længere se overskrifter" in told and "fra BUP Nord." in told
    # When she presses
    visitor.presses("Sig nej nu")
    # Then it is so at once
    assert "Familieafdelingen Eksempelby kan ikke åbne noget nyt fra nu af." in visitor.reads()
    opens_yes_and_no(visitor)
    assert "Trukket tilbage" in card(visitor, "Rikkes arbejde")
    # And Rikke is told on her work list that a sharing has ended, and not who ended it or why
    another.logs_in_as("raadgiver")
    told = another.reads()
    assert "Delinger, der er ophørt" in told and "Nora Prototorp, 25. november 2026" in told
    assert "trukket tilbage" not in told.lower()
    another.is_in_order()
    # When she marks it as read
    another.presses("Markér som læst")
    # Then it is gone
    assert "Delinger, der er ophørt" not in another.reads()


# -- Freja: a protected address ----------------------------------------------------------------------------------------


def test_freja_s_father_is_told_no_place(visitor: Visitor) -> None:
    visitor.logs_in_as_family("Claus Sprogby", "Freja")
    told = opens_yes_and_no(visitor)
    for place in ("Prøvebakkeskolen", "Lægehuset", "Krisecentret", "Eksempelby", "BUP Nord"):
        assert place not in told


# -- on paper, and asking ----------------------------------------------------------------------------------------------


def test_an_answer_on_paper_with_a_wrong_file_is_refused_and_nothing_is_lost(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    opens_consents_of(visitor, "Yara Al-Prøve")
    visitor.page.get_by_role("link", name="Skriv et svar på papir ind").first.click()
    assert "Er svaret nej" in visitor.reads()
    visitor.page.get_by_label("Ja", exact=True).check()
    visitor.page.fill("[name=note]", "Karim skrev under hos Kim.")
    wrong = {"name": "papir.pdf", "mimeType": "application/pdf", "buffer": b"<html>ikke en pdf</html>"}
    visitor.page.set_input_files("[name=scan]", wrong)  # type: ignore[arg-type]
    visitor.presses("Gem svaret")
    assert "Filen skal være en PDF, PNG eller JPEG." in visitor.reads()
    assert visitor.page.title().startswith("Fejl")
    assert visitor.page.input_value("[name=note]") == "Karim skrev under hos Kim."
    assert visitor.page.get_by_label("Ja", exact=True).is_checked()
    right = {"name": "papir.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    visitor.page.set_input_files("[name=scan]", right)  # type: ignore[arg-type]
    visitor.presses("Gem svaret")
    assert "Svaret er skrevet ind" in visitor.reads() and "på papir" in visitor.reads()


def test_the_psychologist_asks_and_sees_first_whom(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    opens_consents_of(visitor, "Ida Øvebjerg")
    visitor.follows("Spørg om samtykke")
    visitor.presses("Se, hvem der bliver spurgt")
    assert "Vælg, hvad der skal spørges om." in visitor.reads()
    visitor.page.select_option("[name=act]", "ppr-to-bup:giver")
    visitor.page.select_option("[name=other]", label="BUP Nord")
    visitor.page.get_by_label("Møder og aftaler").check()
    visitor.page.fill("[name=why]", "Idas søvn")
    visitor.presses("Se, hvem der bliver spurgt")
    assert "Må BUP Nord læse om møder og aftaler fra PPR Eksempelby?" in visitor.reads()
    assert "De ser ikke hinandens svar." in visitor.reads()
    visitor.presses("Send spørgsmålet")
    told = visitor.reads()
    assert "Spørgsmålet er sendt" in told and "Idas søvn" in told


# -- every page, for everybody -----------------------------------------------------------------------------------------


Look = Callable[[], None]


def _everywhere(visitor: Visitor) -> Look:
    return lambda: visitor.is_in_order_on(*SCREENS)


def _family_looks_at_every_page(family: Visitor, name: str, child: str, look: Look) -> None:
    family.logs_in_as_family(name, child)
    look()
    opens_yes_and_no(family)
    look()
    addresses = family.page.locator("main a[href*='/ja-og-nej/']").evaluate_all(
        "links => [...new Set(links.map(link => link.getAttribute('href')))]"
    )
    for address in addresses[:5]:
        family.opens(address)
        look()
        if "tilbage" not in address and not address.endswith("/ja-og-nej/"):
            family.opens(f"{address}kvittering/")
            look()


@pytest.mark.parametrize(
    ("name", "child"), [("Tanja Skabelund", "Oliver"), ("Clara Modelholm", "barnet selv"), ("Karl Hjemmeby", "Liva")]
)
def test_no_barrier_on_the_pages_of_families(visitor: Visitor, name: str, child: str) -> None:
    _family_looks_at_every_page(visitor, name, child, _everywhere(visitor))


def _professional_looks_at_every_page(kim: Visitor, child: str, look: Look) -> None:
    kim.logs_in_as("ppr-psykolog")
    opens_consents_of(kim, child)
    look()
    matrix = kim.page.url.removeprefix(kim.server)
    kim.page.locator(".bog-consents th a").first.click()
    look()
    for page in ("svar", "tilbage", "mind", "barnets-syn"):
        links = kim.page.locator(f"main a[href$='/{page}/']")
        if links.count():
            address = links.first.get_attribute("href") or ""
            back = kim.page.url.removeprefix(kim.server)
            kim.opens(address)
            look()
            kim.opens(back)
    kim.opens(f"{matrix}spoerg/")
    look()
    kim.presses("Se, hvem der bliver spurgt")
    look()


@pytest.mark.parametrize("child", ["Yara Al-Prøve", "Noah Eksempelsen"])
def test_no_barrier_on_the_pages_of_professionals(visitor: Visitor, child: str) -> None:
    _professional_looks_at_every_page(visitor, child, _everywhere(visitor))


def test_without_javascript_they_fit_the_window_too(without_javascript: Visitor) -> None:
    """axe is a script itself, and can't look."""
    fits = without_javascript.needs_no_sideways_scrolling
    _family_looks_at_every_page(without_javascript, "Tanja Skabelund", "Oliver", fits)
    without_javascript.page.context.clear_cookies()
    _professional_looks_at_every_page(without_javascript, "Yara Al-Prøve", fits)


# -- William closes something ------------------------------------------------------------------------------------------


def test_william_closes_what_his_school_wrote_and_opens_it_again(on_phone: Visitor, another: Visitor) -> None:
    # Given that William's teacher has written about him, and his school can read it
    written = "William tabte i skak mod mig"
    on_phone.logs_in_as_family("William Mønsterby", "barnet selv")
    opens_yes_and_no(on_phone)
    on_phone.follows("Se, hvad du kan lukke")
    on_phone.is_in_order()
    # When he chooses it
    on_phone.page.get_by_role("link", name=re.compile(f"luk det.*{written}")).click()
    on_phone.is_in_order()
    # Then he reads, before he presses, who loses it, and what closing can't do
    told = on_phone.reads()
    assert "Det sker, når du trykker" in told and "Modelskolen kan ikke længere læse det." in told
    assert "Er du i fare, må en læge stadig åbne det." in told and "Så får du det at vide." in told
    # When he presses
    on_phone.presses("Luk det nu")
    on_phone.is_in_order()
    assert "Det er lukket" in on_phone.reads()
    # Then only he finds it, among what he has closed
    on_phone.follows("Tilbage til »Luk noget for andre«")
    assert written in card(on_phone, "Åbn igen")
    another.logs_in_as_family("Peter Mønsterby", "William")
    assert another.opens("/familie/luk/") == 404
    # When he opens it again
    on_phone.page.get_by_role("link", name=re.compile(f"Åbn igen.*{written}")).click()
    on_phone.presses("Åbn det nu")
    # Then it is as it was
    assert "De, der ellers må læse det, kan læse det igen." in on_phone.reads()


# -- somebody to help --------------------------------------------------------------------------------------------------


def test_noah_who_is_12_chooses_a_bisidder_who_reads_what_he_allows(on_phone: Visitor, another: Visitor) -> None:
    # Given that Noah wants a grown-up of his own with him, whatever his parents say
    on_phone.logs_in_as_family("Noah Eksempelsen", "barnet selv")
    on_phone.page.get_by_role("navigation").get_by_role("link", name="Hvem hjælper").click()
    on_phone.is_in_order()
    on_phone.follows("Din bisidder")
    on_phone.is_in_order()
    on_phone.follows("Vælg en, der skal hjælpe")
    # When he writes who it is, what the person may read, and forgets nothing
    on_phone.presses("Se, hvad der sker")
    assert "Skriv, hvad personen hedder." in on_phone.reads()
    on_phone.is_in_order()
    on_phone.page.get_by_label("Hvad er navnet?").fill("Torben Følgesvend")
    on_phone.page.get_by_label("Hvornår er personen født?").fill("07.05.1980")
    on_phone.page.get_by_label("CPR-nummer").fill("670580-9901")
    on_phone.page.get_by_label("Møder og aftaler").check()
    on_phone.presses("Se, hvad der sker")
    # Then he reads what it means before he presses
    told = on_phone.reads()
    assert "Torben Følgesvend kan logge ind og læse om møder og aftaler." in told
    assert (
        "Torben Følgesvend ser aldrig mere, end du selv må se." in told and "Dine forældre skal ikke sige ja." in told
    )
    on_phone.is_in_order()
    on_phone.presses("Giv lov nu")
    assert "Torben Følgesvend" in on_phone.reads()
    # And Torben logs in and reads just that
    another.logs_in_as_family("Torben Følgesvend", "Noah")
    another.page.get_by_role("navigation").get_by_role("link", name="Bogen").click()
    another.is_in_order()
    another.page.locator(".bog-answer a").first.click()
    another.is_in_order()
    # When Noah stops it
    on_phone.page.get_by_role("link", name=re.compile("^Stop")).click()
    on_phone.is_in_order()
    on_phone.presses("Stop nu")
    # Then Torben is nobody here, in the middle of his visit
    another.opens("/familie/bog/")
    assert "/log-ind/" in another.page.url
