"""Who has the ball, and handing it on, as the people around a child do it."""

from collections.abc import Iterator

import pytest

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here balls move."""
    yield from demonstration(tmp_path_factory)


def opens_the_ball(visitor: Visitor, child: str, title: str) -> str:
    visitor.opens_the_book_of(child)
    visitor.follows("Opgaver")
    visitor.follows(title)
    return visitor.reads()


def fills(visitor: Visitor, move: str, words: str, **fields: str) -> None:
    """Opens what stands folded under a move, and fills it in."""
    visitor.page.locator(f"details#{move} > summary").click()
    for name, value in fields.items():
        field = visitor.page.locator(f"#{move}-{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    visitor.page.locator(f"#{move}-reason").fill(words)
    visitor.page.locator(f"details#{move} button").click()


def test_nobody_has_luna_s_ball_for_41_days_until_kim_takes_it(visitor: Visitor) -> None:
    # Given that BUP has rejected two referrals and LTT says it is too hard for them: since 15 October nobody has the ball
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/arbejdsliste/?fane=uden")
    told = visitor.reads()
    assert "Luna Eksempelgaard" in told
    assert "27 dage over fristen" in told
    visitor.is_in_order()
    # When Kim presses once on the work list
    visitor.presses("Tag bolden")
    # Then she has it, and it is on her own list
    told = visitor.reads()
    assert "Du har nu bolden." in told
    assert "Find den rette dør til Luna" in told
    # And the book says so, with its history
    opens_the_ball(visitor, "Luna Eksempelgaard", "Find den rette dør til Luna")
    told = visitor.reads()
    assert "Bolden er hos: dig" in told
    assert "Taget af Kim Demosen" in told
    visitor.is_in_order()


def test_a_ball_is_with_its_sender_until_somebody_says_yes(visitor: Visitor, another: Visitor) -> None:
    # Given that Kim has the ball about Alma's father's answer
    title = "Få fars svar om undersøgelsen før første samtale"
    visitor.logs_in_as("ppr-psykolog")
    opens_the_ball(visitor, "Alma Prøvegaard", title)
    # When Kim offers it to Bo, who substitutes
    fills(visitor, "offer", "Jeg er på kursus til på mandag.", to="Bo Eksempelsen, psykolog")
    assert "Bolden er tilbudt. Den bliver, hvor den er, til der bliver sagt ja." in visitor.reads()
    assert "Bolden er hos: dig" in visitor.reads()
    visitor.is_in_order()
    # Then Bo finds it first thing on the work list, and gives it back with a reason
    another.logs_in_as("Bo Eksempelsen")
    another.opens("/arbejdsliste/")
    assert "Du er spurgt" in another.reads()
    another.page.get_by_role("link", name="Giv tilbage Alma Prøvegaard").click()
    another.page.locator("details#return button").click()
    assert "Skriv kort hvorfor." in another.reads()
    another.is_in_order()
    another.page.locator("#return-reason").fill("Jeg kender ikke far. Ring selv, når du er tilbage.")
    another.page.locator("details#return button").click()
    # And Kim reads why, and still has it
    opens_the_ball(visitor, "Alma Prøvegaard", title)
    told = visitor.reads()
    assert "Jeg kender ikke far. Ring selv, når du er tilbage." in told
    assert "Bolden er hos: dig" in told


def test_of_two_who_take_a_ball_at_once_one_has_it_and_the_other_is_told(visitor: Visitor, another: Visitor) -> None:
    # Given a new task about Sofia that nobody has yet, and two who look at it at the same time
    visitor.logs_in_as("ppr-psykolog")
    another.logs_in_as("Bo Eksempelsen")
    visitor.opens_the_book_of("Sofia Kladdegaard")
    visitor.follows("Opgaver")
    visitor.follows("Ny opgave")
    visitor.is_in_order()
    visitor.page.fill("#id_title", "Hent den gamle vurdering i Prøvekøbing")
    visitor.page.select_option("#id_to", "")
    visitor.page.fill("#id_due", "01.12.2026")
    visitor.presses("Opret opgaven")
    assert "Bolden er hos ingen" in visitor.reads()
    another.opens(visitor.page.url.removeprefix(visitor.server))
    # When both press
    visitor.presses("Tag bolden")
    another.presses("Tag bolden")
    # Then the second is told, and sees who has it
    told = another.reads()
    assert "Det blev ikke gjort" in told
    assert "Bolden er hos: Kim Demosen, PPR Eksempelby" in told


def test_a_leader_hands_on_what_one_who_is_ill_has(visitor: Visitor, another: Visitor) -> None:
    # Given that Maja is away for a week
    visitor.logs_in_as("Ole Klokkeby")
    visitor.follows("Enheden")
    visitor.is_in_order()
    visitor.follows("Maja Prøvelund")
    visitor.page.get_by_text("Skriv fravær").click()
    visitor.page.fill("#vaek-first", "25.11.2026")
    visitor.page.fill("#vaek-last", "01.12.2026")
    visitor.presses("Gem fraværet")
    assert "Fraværet er skrevet." in visitor.reads()
    visitor.is_in_order()
    # Then her colleague has what she had, and takes it over
    another.logs_in_as("Dorthe Ringetid")
    another.opens("/arbejdsliste/")
    told = another.reads()
    assert "Oliver Skabelund" in told
    assert "væk til 01.12." in told
    another.follows("Skolen sender status om Oliver")
    another.presses("Overtag bolden")
    assert "Bolden er hos: dig" in another.reads()
