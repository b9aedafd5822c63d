"""Every page for everyone: by phone, by keyboard, without JavaScript, in English, under the page's own policy."""

import os
from pathlib import Path

import pytest

from tests.instances import ROOT

from .barriers import barriers
from .conftest import SCREENS, Visitor

pytestmark = pytest.mark.journey

ROLES = ("ppr-psykolog", "laerer", "bup-psykolog", "laege", "raadgiver", "specialskole")
LISTS = (
    "/arbejdsliste/",
    "/arbejdsliste/?fane=uden",
    "/arbejdsliste/?fane=alle",
    "/find/",
    "/om/",
    "/tilgaengelighed/",
)
CHILD_OF = {
    "ppr-psykolog": "Luna Eksempelgaard", "laerer": "Magnus Udkast", "bup-psykolog": "Emil Fiktivsen", "laege": "Freja Testrup",
    "raadgiver": "Noah Eksempelsen", "specialskole": "Ida Øvebjerg",
}  # fmt: skip
VIEWS = ("", "?vis=aar", "?vis=uge", "?vigtige=1", "?spor=gp&vis=maaned", "?slags=letter&alle=1")


@pytest.mark.parametrize("role", ROLES)
def test_no_barrier_on_any_page_at_a_desk_or_on_a_phone(visitor: Visitor, role: str) -> None:
    """Every page of a role."""
    visitor.logs_in_as(role)
    visitor.opens_the_book_of(CHILD_OF[role])
    child = visitor.page.url.removeprefix(visitor.server)
    visitor.opens(f"{child}tidslinje/")
    entry = visitor.page.locator(".bog-events a").first.get_attribute("href") or ""
    visitor.finds_in_order(*LISTS, child, *(f"{child}tidslinje/{view}" for view in VIEWS), entry)


def test_the_door_errors_and_what_is_not_found_have_no_barrier_either(visitor: Visitor) -> None:
    visitor.opens("/log-ind/")
    visitor.is_in_order_on(*SCREENS)
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/find/")
    visitor.presses("Søg")
    visitor.finds_no_barrier()
    visitor.opens("/findes-ikke/")
    visitor.finds_no_barrier()


FAULTS = {
    "label": "document.querySelector('main label').remove()",
    "link-name": "document.querySelector('main').insertAdjacentHTML('beforeend', '<p><a href=/></a></p>')",
    "heading-order": "document.querySelector('main').insertAdjacentHTML('beforeend', '<h5>Under det</h5>')",
    "color-contrast": "document.querySelector('main h1').style.color = '#ddd'",
    "landmark-unique": "document.querySelector('nav').after(document.querySelector('nav').cloneNode(true))",
}  # fmt: skip


def test_a_barrier_on_a_page_that_is_known_is_found(visitor: Visitor) -> None:
    """The test of the test."""
    visitor.logs_in_as("ppr-psykolog")
    for rule, planted in FAULTS.items():
        visitor.opens("/find/")
        visitor.finds_no_barrier()
        visitor.page.evaluate(planted)
        assert rule in "".join(barriers(visitor.page))


def test_a_narrow_screen_of_320_px_needs_no_sideways_scrolling(on_phone: Visitor) -> None:
    on_phone.page.set_viewport_size({"width": 320, "height": 640})
    on_phone.logs_in_as("specialskole")
    on_phone.opens_the_book_of("Ida Øvebjerg")
    for address in (
        on_phone.page.url,
        f"{on_phone.page.url}tidslinje/",
        f"{on_phone.page.url}afslut/",
        f"{on_phone.page.url}kalender/fil/",
        f"{on_phone.server}/find/",
        f"{on_phone.server}/arbejdsliste/",
    ):
        on_phone.page.goto(address)
        on_phone.needs_no_sideways_scrolling()
    on_phone.logs_in_as_family("Noah Eksempelsen", "barnet selv")  # in large letters
    for address in ("/hvilken-doer/", "/hvem-kan-henvise/"):
        on_phone.opens(address)
        on_phone.needs_no_sideways_scrolling()


@pytest.mark.parametrize(("name", "of"), [("Sara Prøvegaard", "Alma"), ("William Mønsterby", "barnet selv")])
def test_the_menu_of_a_family_takes_two_rows_on_a_phone_and_the_rest_is_a_press_away(
    on_phone: Visitor, name: str, of: str
) -> None:
    on_phone.logs_in_as_family(name, of)
    page = on_phone.page
    menu = page.get_by_role("navigation", name="Hovedmenu")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        heights = menu.evaluate("one => [one, ...one.querySelectorAll('a, summary')].map(one => one.offsetHeight)")
        assert heights[0] <= 2 * heights[1] and min(one for one in heights if one) >= 44
    menu.get_by_text("Mere").focus()
    page.keyboard.press("Enter")
    on_phone.needs_no_sideways_scrolling()
    menu.get_by_role("link", name="Breve").click()
    assert menu.get_by_text("Mere: Breve").is_visible() and not menu.get_by_role("link", name="Breve").is_visible()


def test_everything_works_without_javascript(without_javascript: Visitor) -> None:
    visitor = without_javascript
    visitor.logs_in_as("ppr-psykolog")
    visitor.follows("Alma Prøvegaard")
    visitor.follows("Tidslinje")
    visitor.follows("Måned")
    visitor.page.get_by_role("link", name="PPR, november 2026").click()
    visitor.page.locator(".bog-events a").first.click()
    assert "Skrevet af" in visitor.page.content()


def test_in_english_when_one_asks_for_it_and_only_then(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    assert visitor.page.locator("html").get_attribute("lang") == "da"
    visitor.presses("English")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert "Work list" in visitor.reads()
    visitor.follows("Alma Prøvegaard")
    assert "The ball is with: you" in visitor.reads() and "Alma's own goals" in visitor.reads()
    visitor.presses("Dansk")
    assert "Bolden er hos: dig" in visitor.reads()


def test_the_pages_obey_their_own_policy(with_policy_on: Visitor) -> None:
    told: list[str] = []
    with_policy_on.page.on("console", lambda message: told.append(message.text))
    with_policy_on.logs_in_as("ppr-psykolog")
    with_policy_on.opens_the_book_of("Alma Prøvegaard")
    with_policy_on.follows("Tidslinje")
    assert told == []


def test_wide_letter_spacing_clips_nothing(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens_the_book_of("Alma Prøvegaard")
    visitor.page.get_by_role("heading", name="Kort status").wait_for()
    visitor.page.add_style_tag(
        content="*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    )
    clipped = visitor.page.evaluate("""[...document.querySelectorAll('main *')].filter(e => getComputedStyle(e).overflow === 'hidden'
      && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) && !e.classList.contains('sr-only')
      && !e.closest('[aria-hidden=true]')).map(e => e.outerHTML.slice(0, 80))""")
    assert clipped == []


if os.environ.get("BOG_SCREENSHOTS") == "1":  # the pictures in docs/ are made when asked for, and are no check

    def test_pictures_for_the_documentation(visitor: Visitor, on_phone: Visitor) -> None:
        folder = Path(ROOT) / "docs" / "screenshots"
        folder.mkdir(exist_ok=True)
        for size, someone in (("desktop", visitor), ("phone", on_phone)):
            someone.logs_in_as("ppr-psykolog")
            someone.page.screenshot(path=folder / f"arbejdsliste-{size}.png")
            someone.opens_the_book_of("Alma Prøvegaard")
            someone.page.screenshot(path=folder / f"overblik-{size}.png")
            someone.follows("Tidslinje")
            someone.page.screenshot(path=folder / f"tidslinje-{size}.png")
            someone.page.locator(".bog-events a").nth(2).click()
            someone.page.screenshot(path=folder / f"post-{size}.png")
