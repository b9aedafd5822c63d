"""Who has seen: an acute night, a review, a young person who reads their own log, a question of why, a curious colleague."""

import re

import pytest

from .conftest import SCREENS, Visitor

pytestmark = pytest.mark.journey

EMIL = "710410-9909"
REASON = "Emil er bevidstløs, og vi skal vide, hvilken medicin han får"
NIGHT = "Emil er fundet livløs på stationen og kan ikke svare"
LOG = "/familie/hvem-har-set/"


def _opens_without_consent(visitor: Visitor, number: str, reason: str) -> None:
    visitor.opens("/find/")
    visitor.follows("Åbn uden samtykke")
    visitor.page.fill("[name=number]", number)
    visitor.page.fill("[name=reason]", reason)
    visitor.presses("Åbn uden samtykke")


def _as_somebody_else(visitor: Visitor, who: str) -> None:
    visitor.presses("Log af")
    visitor.logs_in_as(who)


def test_emil_s_acute_night_is_opened_reviewed_and_seen_by_himself(visitor: Visitor) -> None:
    # Given the doctor on duty, whose ward has nothing to do with Emil today
    visitor.logs_in_as("vagtlaege")
    # When he opens without consent, he is told of 112 first, and that the family and his manager will know
    visitor.opens("/nodadgang/")
    assert "Er barnet i fare nu? Ring 112." in visitor.reads()
    assert "Familien får besked, og din leder tjekker opslaget." in visitor.reads()
    # And without a reason nothing opens, and nothing he wrote is lost
    _opens_without_consent(visitor, EMIL, "Akut")
    assert "Skriv grunden med mindst ti tegn" in visitor.reads()
    assert visitor.page.input_value("[name=number]") == EMIL
    # Then with one the book is open for an hour, and every page says so
    visitor.page.fill("[name=reason]", NIGHT)
    visitor.presses("Åbn uden samtykke")
    assert "Emil Fiktivsen, 16 år" in visitor.reads() and "Nødadgang til kl." in visitor.reads()
    visitor.follows("Tidslinje")
    visitor.page.locator(".bog-events a").first.click()
    assert "Nødadgang til kl." in visitor.reads()
    # And no other book is
    visitor.opens("/arbejdsliste/")
    assert "Nødadgang" not in visitor.reads()

    # When his manager comes in, the look-up waits for her
    _as_somebody_else(visitor, "akut-leder")
    assert "Nødopslag til gennemsyn (" in visitor.reads()
    visitor.opens("/nodadgang/gennemsyn/")
    assert NIGHT in visitor.reads() and "EF" in visitor.reads()
    # And she judges it
    mine = visitor.page.locator(".bog-review").filter(has_text=NIGHT)
    mine.get_by_label("Ja, det var nødvendigt").first.check(force=True)
    mine.get_by_role("button", name="Gem gennemsyn").first.click()
    assert NIGHT not in visitor.reads()

    # Then Emil reads who it was, why, and that it was reviewed
    visitor.presses("Log af")
    visitor.logs_in_as_family("Emil Fiktivsen", "barnet selv")
    visitor.follows("Hvem har set")
    log = visitor.reads()
    assert "Vagn Hastesen, vagthavende læge" in log and "Uden samtykke" in log
    assert NIGHT in log and "Vi har tjekket opslaget." in log
    # And his mother, from whom his health is his own at sixteen, is told nothing of it
    visitor.presses("Log af")
    visitor.logs_in_as_family("Lone Fiktivsen", "Emil")
    visitor.opens(LOG)
    assert "Vagn" not in visitor.reads() and "Akutmodtagelsen" not in visitor.reads()


def test_freja_s_father_reads_that_a_school_looked_and_not_which(visitor: Visitor) -> None:
    # Given that her doctor and her caseworker have opened her book
    for who in ("laege", "raadgiver"):
        visitor.logs_in_as(who)
        visitor.opens_the_book_of("Freja Testrup")
        visitor.presses("Log af")
    # When her father, who must not know where she is, asks who has seen
    visitor.logs_in_as_family("Claus Sprogby", "Freja")
    visitor.opens(LOG)
    # Then he reads what kind of place it was, and neither name nor town
    log = visitor.reads()
    assert "En læge" in log and "En kommune" in log
    assert not [word for word in ("Eksempelby", "Prøvebakken", "Recept", "Sagsby", "Lægehuset") if word in log]


def test_a_teacher_asks_why_she_does_not_see_everything(visitor: Visitor) -> None:
    visitor.logs_in_as("laerer")
    visitor.opens_the_book_of("Magnus Udkast")
    visitor.follows("Hvorfor ser jeg ikke alt?")
    told = visitor.reads()
    # She reads what she may see and by which rule, and how to ask
    assert "folkeskoleloven" in told and "Prøvebakkeskolen" in told
    assert "Spørg barnets tovholder" in told
    # And not whether there is more
    assert "Du ser kun det, du har adgang til. Der kan være mere." in told
    assert "Ingen kan svare dig på, om der er mere i bogen." in told


def test_the_overseer_finds_the_curious_colleague(visitor: Visitor) -> None:
    # Given a teacher of another school who tries the books of children he has nothing to do with
    visitor.logs_in_as("ppr-psykolog")
    books = []
    for child in ("Alma Prøvegaard", "Luna Eksempelgaard"):
        visitor.opens_the_book_of(child)
        books.append(visitor.page.url.removeprefix(visitor.server))
    _as_somebody_else(visitor, "specialskole")
    for book in books * 2:
        assert visitor.opens(book) == 404
    # When the data protection officer comes in, she lands on her page
    _as_somebody_else(visitor, "dpo")
    assert visitor.page.url.endswith("/tilsyn/")
    # Then he stands there with his points, and what each means
    assert "Henrik Tegneby" in visitor.reads() and "De er ikke en dom." in visitor.reads()
    # And his lines can be searched out, though no book says a word to her
    visitor.page.fill("[name=who]", "Tegneby")
    visitor.page.select_option("[name=outcome]", "no")
    visitor.presses("Søg")
    assert "Henrik Tegneby" in visitor.reads() and "Prøvegaard" not in visitor.reads()
    assert visitor.opens(books[0]) == 404
    # And the log of one child asks for a case number
    visitor.opens("/tilsyn/")
    visitor.page.fill("[name=number]", "670517-9902")
    visitor.presses("Søg")
    assert "Skriv sagsnummeret" in visitor.reads()
    visitor.page.fill("[name=case]", "2026-114")
    visitor.presses("Søg")
    assert "Kim Demosen" in visitor.reads()
    # And that the log is whole is told, and proved by a file that can be kept elsewhere
    visitor.opens("/tilsyn/")
    assert "Alle linjer er, som de blev skrevet." in visitor.reads()
    visitor.follows("Kontrolpunkter og beviser")
    with visitor.page.expect_download() as kept:
        visitor.page.get_by_role("link", name=re.compile("^Bevis")).first.click()
    assert kept.value.suggested_filename.startswith("bevis-fra-")


def test_the_administrator_sees_the_roles_and_no_child(visitor: Visitor) -> None:
    visitor.logs_in_as("administrator")
    assert visitor.page.url.endswith("/administration/")
    assert "Du ser ingen børns bøger og ingen log." in visitor.reads()
    assert visitor.opens("/tilsyn/") == visitor.opens("/find/") == 404


def test_no_barrier_on_any_of_these_pages_of_professionals(visitor: Visitor) -> None:
    """Every new page, in every state it can be in."""
    visitor.logs_in_as("vagtlaege")
    for address in ("/find/", "/nodadgang/"):
        visitor.opens(address)
        visitor.is_in_order_on(*SCREENS)
    visitor.presses("Åbn uden samtykke")
    visitor.is_in_order_on(*SCREENS)
    _opens_without_consent(visitor, "710410-9907", REASON)
    assert "Ikke fundet" in visitor.reads()
    visitor.is_in_order_on(*SCREENS)
    _opens_without_consent(visitor, EMIL, REASON)
    visitor.is_in_order_on(*SCREENS)
    visitor.follows("Hvorfor ser jeg ikke alt?")
    visitor.is_in_order_on(*SCREENS)
    _as_somebody_else(visitor, "akut-leder")
    visitor.is_in_order_on(*SCREENS)
    visitor.opens("/nodadgang/gennemsyn/")
    visitor.is_in_order_on(*SCREENS)
    visitor.presses("Gem gennemsyn")
    assert "Vælg, om opslaget var i orden." in visitor.reads()
    visitor.is_in_order_on(*SCREENS)


def test_nor_on_the_pages_of_who_oversees(visitor: Visitor) -> None:
    visitor.logs_in_as("dpo")
    visitor.is_in_order_on(*SCREENS)
    visitor.follows("Kontrolpunkter og beviser")
    visitor.is_in_order_on(*SCREENS)
    visitor.opens("/tilsyn/")
    visitor.presses("Søg")
    visitor.is_in_order_on(*SCREENS)
    visitor.page.fill("[name=number]", "123")
    visitor.presses("Søg")
    visitor.is_in_order_on(*SCREENS)
    _as_somebody_else(visitor, "administrator")
    visitor.is_in_order_on(*SCREENS)


@pytest.mark.parametrize(("name", "of"), [("Emil Fiktivsen", "barnet selv"), ("Claus Sprogby", "Freja")])
def test_nor_on_the_pages_of_a_family(visitor: Visitor, name: str, of: str) -> None:
    visitor.logs_in_as_family(name, of)
    for address in (LOG, f"{LOG}?periode=30", "/familie/hvorfor/"):
        visitor.opens(address)
        visitor.is_in_order_on(*SCREENS)


def test_opening_without_consent_needs_no_javascript(without_javascript: Visitor) -> None:
    without_javascript.logs_in_as("vagtlaege")
    _opens_without_consent(without_javascript, EMIL, REASON)
    assert "Nødadgang til kl." in without_javascript.reads()


def test_in_english(visitor: Visitor) -> None:
    visitor.logs_in_as("vagtlaege")
    visitor.opens("/nodadgang/")
    visitor.presses("English")
    assert "You are opening without consent. State why it is necessary now." in visitor.reads()
    visitor.presses("Dansk")
