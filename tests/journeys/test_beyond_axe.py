"""What axe does not look at, on the pages of every menu: a window of 320 px, signs further apart, targets, the focus
that is seen wherever it goes, and colours that the reader has chosen (screens for everyone: `everyone.js`)."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from .conftest import Visitor

pytestmark = pytest.mark.journey

WRONG = (Path(__file__).parent / "everyone.js").read_text(encoding="utf-8")
NARROW = {"width": 320, "height": 640}
FINGER, POINTER = 44, 24
"""Pixels that a target is high: on a family's pages, and on others (WCAG 2.2, 2.5.5 and 2.5.8)."""
FAMILIES = (
    ("Sara Prøvegaard", "Alma"), ("William Mønsterby", "barnet selv"), ("Alma Prøvegaard", "barnet selv"), ("Else Hjemmeby", "Liva"),
)  # fmt: skip


def _menu(visitor: Visitor, root: str) -> list[str]:
    """The pages that the menus of the page lead to."""
    hrefs = visitor.page.eval_on_selector_all(f"nav a[href^='{root}']", "all => all.map(one => one.href)")
    return sorted({urlsplit(one).path for one in hrefs})


def _wrong(visitor: Visitor, address: str, least: int) -> list[str]:
    visitor.opens(address)
    page, found = visitor.page, list[str]()
    for forced in (False, True):
        page.emulate_media(forced_colors="active" if forced else "none")
        found += page.evaluate(WRONG, {"forced": forced, "least": least})
    return [f"{address}: {one}" for one in dict.fromkeys(found)]


@pytest.mark.parametrize(("name", "of"), FAMILIES)
def test_every_page_of_a_family_s_menu(on_phone: Visitor, name: str, of: str) -> None:
    on_phone.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    on_phone.logs_in_as_family(name, of)
    pages = _menu(on_phone, "/familie/")
    assert len(pages) > 5
    wrong = [fault for page in pages for fault in _wrong(on_phone, page, FINGER)]
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("role", ["ppr-psykolog", "bup-visitator"])
def test_every_page_of_a_professional_s_menu_and_of_a_child_s(visitor: Visitor, role: str) -> None:
    visitor.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    visitor.logs_in_as(role)
    pages = _menu(visitor, "/")
    visitor.opens_the_book_of("Alma Prøvegaard")
    child = urlsplit(visitor.page.url).path
    pages += _menu(visitor, child)
    assert len(pages) > 8
    wrong = [fault for page in pages for fault in _wrong(visitor, page, POINTER)]
    assert wrong == [], "\n".join(wrong)


def test_a_row_as_a_card_holds_the_longest_word_and_leaves_out_what_is_not_known(on_phone: Visitor) -> None:
    on_phone.logs_in_as("raadgiver")
    on_phone.opens_the_book_of("Amir Demozai")
    on_phone.follows("Kontakter")
    assert "Forældremyndighedsindehaver" in on_phone.reads()
    assert on_phone.page.evaluate("document.documentElement.scrollWidth") == 390
    assert on_phone.page.locator("td").get_by_text("–", exact=True).filter(visible=True).count() == 0


def test_a_word_without_an_end_is_broken_and_an_arabic_name_takes_no_number_along(on_phone: Visitor) -> None:
    """What somebody pastes as a title, and who a child is: the page stays as wide as the window, the name by itself."""
    on_phone.logs_in_as("ppr-psykolog")
    on_phone.opens_the_book_of("Alma Prøvegaard")
    book = on_phone.page.url
    for address in (book, f"{on_phone.server}/arbejdsliste/"):
        on_phone.page.goto(address)
        on_phone.page.eval_on_selector_all(
            "main a:not(nav a)", "all => all.forEach(one => one.textContent = 'Åø'.repeat(60))"
        )
        on_phone.needs_no_sideways_scrolling()
    on_phone.page.goto(book)
    for name in ("h1 bdi", "main a"):
        isolated = on_phone.page.locator(name).first.evaluate("one => getComputedStyle(one).unicodeBidi")
        assert isolated == "isolate", name


FAULTS = {
    "cut off": "document.querySelector('main h1').style.cssText = 'height: 1em; overflow: hidden'",
    "wide with signs further apart": "document.querySelector('main h1').style.minWidth = '330px'",
    "no sign of focus": "document.querySelector('main a').style.cssText = 'outline: none !important; box-shadow: none'",
    "hidden under": """document.body.insertAdjacentHTML('beforeend',
      '<div class=veil style="position: fixed; inset: 0; background: #fff"></div>')""",
    "px high": "document.querySelector('nav a').style.cssText = 'min-height: 0; padding: 0; display: inline-block; height: 20px'",
    "not told where one is": """const here = document.querySelector('nav [aria-current]');
      const { fontWeight, borderBottom } = getComputedStyle(here.closest('ul').querySelector('a:not([aria-current])'));
      Object.assign(here.style, { fontWeight, borderBottom })""",
}  # fmt: skip


def test_whoever_sent_something_that_is_refused_stands_at_what_is_wrong(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/find/")
    expect(visitor.page.locator("body")).to_be_focused()
    visitor.presses("Søg")
    expect(visitor.page.get_by_role("alert")).to_be_focused()
    visitor.page.keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="Skriv CPR-nummer")).to_be_focused()


def test_a_second_press_while_the_first_is_on_its_way_sends_nothing(visitor: Visitor) -> None:
    visitor.logs_in_as("ppr-psykolog")
    visitor.opens("/find/")
    on_the_way: list[Route] = []
    visitor.page.route("**/find/", lambda route: on_the_way.append(route))
    visitor.page.get_by_role("button", name="Søg").evaluate(
        "one => { one.click(); setTimeout(() => one.click(), 300) }"
    )
    visitor.page.wait_for_timeout(600)
    assert len(on_the_way) == 1
    visitor.page.unroute("**/find/")  # which lets it through
    expect(visitor.page.get_by_role("alert")).to_be_focused()


def test_what_is_wrong_is_found(on_phone: Visitor) -> None:
    """The test of the test."""
    on_phone.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    on_phone.logs_in_as_family("Sara Prøvegaard", "Alma")
    for fault, planted in FAULTS.items():
        on_phone.opens("/familie/hvem-har-set/")
        on_phone.page.evaluate(planted)
        found = on_phone.page.evaluate(WRONG, {"forced": False, "least": FINGER})
        assert any(fault in one for one in found), (fault, found)
