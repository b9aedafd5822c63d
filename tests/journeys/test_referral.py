"""A referral, as those who send it and those who answer it live it."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here referrals are sent and answered."""
    yield from demonstration(tmp_path_factory)


def begins_a_referral(visitor: Visitor, child: str, worry: str) -> None:
    visitor.opens_the_book_of(child)
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Henvisninger").click()
    visitor.follows("Ny henvisning")
    visitor.page.select_option("#id_hvad", worry)
    visitor.presses("Se, hvilken dør der er den rette")


def test_lucas_s_returned_referral_is_done_again_through_ppr(visitor: Visitor, another: Visitor) -> None:
    # Given that the GP's referral of Lucas came back in September, with the reason
    visitor.logs_in_as("Morten Skovsti")
    visitor.opens_the_book_of("Lucas Skitselund")
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Henvisninger").click()
    visitor.is_in_order()
    # When Morten in PPR begins a new one, the rules say that PPR's way to BUP is the right one
    begins_a_referral(visitor, "Lucas Skitselund", "absence")
    told = visitor.reads()
    assert "Er barnet i fare nu? Ring 112." in told
    assert "Den rette dør" in told
    visitor.is_in_order()
    visitor.page.fill("#id_title", "Skolevægring og angst")
    visitor.page.fill("#id_reason", "Lucas har været væk fra skolen i 140 dage.")
    visitor.page.fill("#id_tried", "Hjemmeundervisning og en fast voksen ved døren.")
    visitor.page.select_option("#id_to", label="BUP Nord Visitation")
    visitor.presses("Gem kladden")
    # Then it is kept, and can't be sent before Lucas's father has answered
    assert "Kladden er gemt. Kun din enhed kan se den." in visitor.reads()
    visitor.presses("Send henvisningen")
    told = visitor.reads()
    assert "Henvisningen er ikke sendt. Det, du skrev, er gemt her på siden." in told
    assert "Må ikke sendes endnu" in told
    assert visitor.page.input_value("#id_reason") == "Lucas har været væk fra skolen i 140 dage."
    visitor.is_in_order()
    # And nobody in BUP knows of it
    another.logs_in_as("bup-visitator")
    another.follows("Henvisninger")
    assert "Lucas" not in another.reads()


def test_an_acute_referral_goes_at_once_and_comes_back_with_what_is_lacking(visitor: Visitor, another: Visitor) -> None:
    # Given that Luna's psychologist fears for her life: nobody waits for a yes
    visitor.logs_in_as("ppr-psykolog")
    begins_a_referral(visitor, "Luna Eksempelgaard", "self-harm")
    visitor.page.select_option("#id_urgency", "stat")
    visitor.page.fill("#id_title", "Luna siger, at hun ikke vil leve")
    visitor.page.fill("#id_reason", "Hun sagde det i dag kl. 10.")
    visitor.page.fill("#id_override", "Lægen er ringet op og er enig.")
    visitor.page.select_option("#id_to", label="BUP Nord Visitation")
    visitor.presses("Gem kladden")
    visitor.presses("Send henvisningen")
    assert "Henvisningen er sendt. Du har bolden, til der bliver sagt ja." in visitor.reads()
    # When BUP's visitation looks at its queue, Luna stands first, and what it lacks becomes tasks of Kim's
    another.logs_in_as("bup-visitator")
    another.follows("Henvisninger")
    assert "Haster" in another.reads()
    another.is_in_order()
    another.follows("Luna Eksempelgaard")
    another.is_in_order()
    another.page.locator("details#ask > summary").click()
    another.page.fill("#ask-gaps", "Forældrenes telefon om dagen\nMedicin")
    another.page.locator("details#ask button").click()
    assert "Mangler noget" in another.reads()
    visitor.opens("/arbejdsliste/")
    visitor.opens_the_book_of("Luna Eksempelgaard")
    visitor.follows("Opgaver")
    told = visitor.reads()
    assert "Forældrenes telefon om dagen" in told
    assert "Luna siger, at hun ikke vil leve" in told
    # And when she has answered and BUP says yes, the ball is BUP's
    visitor.page.get_by_role("navigation", name="Barnets bog").get_by_role("link", name="Henvisninger").click()
    visitor.follows("Luna siger, at hun ikke vil leve")
    assert "Medicin" in visitor.reads()
    visitor.page.fill("#id_tried", "Samtaler hver uge. Ingen medicin.")
    visitor.presses("Send henvisningen")
    another.opens(another.page.url.removeprefix(another.server).partition("?")[0])
    another.page.locator("details#accept > summary").click()
    another.page.select_option("#accept-unit", label="BUP Nord Døgnafsnit")
    another.page.locator("details#accept button").click()
    assert "I har sagt ja. Bolden er tilbudt den enhed, der tager barnet." in another.reads()
    visitor.opens(visitor.page.url.removeprefix(visitor.server).partition("?")[0])
    assert "Sagt ja til" in visitor.reads()


def test_viktor_is_handed_over_to_adult_psychiatry_before_he_is_18(visitor: Visitor, another: Visitor) -> None:
    # Given that Viktor turns 18 on 18 December, and his doctor in BUP writes to adult psychiatry
    visitor.logs_in_as("Niels Stuegang")
    begins_a_referral(visitor, "Viktor Forsøgsen", "adhd")
    visitor.page.fill("#id_title", "Behandlingen for ADHD skal gå videre")
    visitor.page.fill(
        "#id_reason", "Viktor får medicin og går i gymnasiet. Den må ikke holde op den dag, han bliver 18."
    )
    visitor.page.fill("#id_tried", "Medicin siden 2020. Den hjælper.")
    visitor.page.select_option("#id_to", label="Voksenpsykiatrien Nord")
    visitor.page.fill("#id_override", "Han fylder 18 om tre uger.")
    visitor.presses("Gem kladden")
    assert "Må ikke sendes endnu" in visitor.reads()
    address = visitor.page.url.removeprefix(visitor.server).partition("?")[0]
    # When his doctor asks him, and only him: at 17 he answers for himself
    visitor.follows("Se samtykker, og spørg dem, der mangler")
    visitor.follows("Spørg om samtykke")
    visitor.page.select_option("#id_act", "bup-to-adult-psychiatry:giver")
    visitor.page.select_option("#id_other", label="Voksenpsykiatrien Nord")
    visitor.page.check("#del-IN")
    visitor.presses("Se, hvem der bliver spurgt")
    assert "Viktor Forsøgsen" in visitor.reads()
    visitor.presses("Send spørgsmålet")
    another.logs_in_as_family("Viktor Forsøgsen", "barnet selv")
    another.page.get_by_role("navigation").get_by_role("link", name="Ja og nej").click()
    another.page.locator(".bog-answer", has_text="Voksenpsykiatrien Nord").get_by_role(
        "link", name="Svar"
    ).first.click()
    another.page.check("[name=answer][value=ja]")
    another.presses("Send dit svar")
    # Then it can be sent, adult psychiatry says yes, and nothing lies still over the birthday
    visitor.opens(address)
    visitor.presses("Send henvisningen")
    assert "Henvisningen er sendt." in visitor.reads()
    another.logs_in_as("Kaj Videre")
    another.follows("Henvisninger")
    another.page.locator("tr", has_text="Behandlingen for ADHD skal gå videre").get_by_role("link").first.click()
    another.page.locator("details#accept > summary").click()
    another.page.locator("details#accept button").click()
    assert "I har sagt ja. Du har nu bolden." in another.reads()
    visitor.opens(address)
    assert "Sagt ja til" in visitor.reads()
