"""The plan, as a psychologist leads a meeting about it and as a case worker finds that nobody has asked the child."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from .conftest import DESKTOP, PHONE, Visitor, _visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, for here people write."""
    yield from demonstration(tmp_path_factory)


@pytest.fixture(params=["desk", "phone without JavaScript"])
def kim(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Visitor]:
    scripted = request.param == "desk"
    screen = DESKTOP if scripted else PHONE
    for visitor in _visitor(browser, server, viewport=screen, java_script_enabled=scripted):
        if not scripted:  # axe is a script itself
            visitor.finds_no_barrier = visitor.needs_no_sideways_scrolling  # type: ignore[method-assign]
        visitor.logs_in_as("ppr-psykolog")
        yield visitor


def test_kim_leads_a_plan_meeting_about_alma_and_writes_it_all_in_one_go(kim: Visitor) -> None:
    # Given that Kim stands at the work list
    kim.opens("/arbejdsliste/?fane=alle")
    # When three links are followed
    kim.page.get_by_role("link", name="Alma Prøvegaard", exact=True).click()
    kim.follows("Plan og mål")
    kim.finds_no_barrier()
    kim.follows("Skriv referat af et møde")
    # Then the minutes can be written, and the agenda is what the plan has
    told = kim.reads()
    assert "Jeg vil gerne kunne være med i frikvarteret" in told and "Faste pauser efter tyve minutter" in told
    kim.finds_no_barrier()
    # When Kim writes who was there, what was said, what Alma says, and two agreements, one of them with a slip
    page = kim.page
    page.get_by_label("Maja Prøvelund, Prøvebakkeskolen", exact=True).check()
    page.get_by_label("Alma", exact=True).check()
    page.get_by_label("Referat", exact=True).fill("Pauserne hjælper om formiddagen. Vi flytter dem om eftermiddagen.")
    page.get_by_label("Hvad siger barnet om mødet? Skriv det ord for ord").fill(
        "Det var ok, men jeg ku ikke sidde stille 😅"
    )
    page.get_by_label("Hvordan går det for barnet?").select_option("better")
    row = page.locator(".bog-row")
    for number, (what, who, due) in enumerate(
        [("Flyt pauserne", "Maja Prøvelund", "01.12.2026"), ("Ring til far", "Kim", "i morgen")]
    ):
        row.nth(number).get_by_label("Hvad?").fill(what)
        name = row.nth(number).get_by_label("Hvem?").locator("option", has_text=who).first.inner_text()
        row.nth(number).get_by_label("Hvem?").select_option(label=name)
        row.nth(number).get_by_label("Hvornår?").fill(due)
    kim.presses("Gem referat og aftaler")
    # Then nothing is lost: both things that lack are said at their places, and everything stands as it was typed
    told = kim.reads()
    assert "Det er ikke gemt endnu" in told and "Vælg ja eller nej." in told and "Skriv datoen som dag" in told
    assert row.nth(0).get_by_label("Hvad?").input_value() == "Flyt pauserne"
    assert page.get_by_label("Referat", exact=True).input_value().startswith("Pauserne hjælper")
    kim.finds_no_barrier()
    # When they are put right
    page.get_by_role("radio", name="Ja").check()
    row.nth(1).get_by_label("Hvornår?").fill("30.11.2026")
    kim.presses("Gem referat og aftaler")
    # Then the plan has the minutes, Alma's words, how the pauses work, and the new balls
    told = kim.reads()
    assert "Referatet er gemt" in told and "Planmøde om Alma" in told
    assert "»Det var ok, men jeg ku ikke sidde stille 😅«" in told and "Bedre" in told
    assert "Flyt pauserne" in told and "Ring til far" in told
    # And Kim's own ball is on the work list
    kim.opens("/arbejdsliste/")
    assert "Alma Prøvegaard" in kim.reads()
    assert re.search(r"Spurgt: Maja Prøvelund", told)


def test_nobody_has_asked_storm_for_a_year_and_the_plan_says_so(visitor: Visitor) -> None:
    # Given Storm, whose own words are from the summer of last year
    visitor.logs_in_as("raadgiver")
    visitor.opens_the_book_of("Storm Testholm")
    # When the case worker, who is his coordinator, opens the plan
    visitor.follows("Plan og mål")
    told = visitor.reads()
    # Then it says that he must be asked again, and that the plan is not ready without it
    assert "Barnet er ikke spurgt siden 17.06.2025" in told
    assert "Planen er ikke klar" in told and "Spørg igen." in told and "BL5" in told
    # When she asks him and writes it down word for word
    visitor.page.get_by_role("link", name="Skriv barnets mål ned").first.click()
    visitor.finds_no_barrier()
    visitor.page.get_by_label("Hvad siger barnet? Skriv det ord for ord").fill("jeg vil ha min sut og min bil i skole")
    visitor.page.get_by_role("radio", name="Ja").check()
    visitor.presses("Gem")
    # Then the plan asks no more, and shows his words as they were said
    told = visitor.reads()
    assert "»jeg vil ha min sut og min bil i skole«" in told and "Barnet er ikke spurgt" not in told
