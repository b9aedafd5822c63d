"""A click is over when the page that it leads to has come, as it is for somebody who looks at the screen.

Playwright gives the word back when the click has been made; on a slow machine the next step would then
read the page that is being left, or one that is half there.
"""

import time
from typing import Any

from playwright.sync_api import BrowserContext, Download, Error, Locator, Page

PATIENCE = 8.0
"""Seconds."""

LEADS = """pressed => {
  const link = pressed.closest('a[href]'), button = pressed.closest('button, input[type=submit]');
  const here = location.href.split('#')[0];
  return !!(link ? !link.download && !link.target && (!link.hash || link.href.split('#')[0] !== here)
    : button && button.type === 'submit' && button.form);
}"""
"""Whether pressing this leads to another page."""

NOTICED = f"""
  const leads = {LEADS};
  addEventListener('click', event => {{
    const link = event.target.closest && event.target.closest('a[href]');
    if (link && leads(link) && !event.defaultPrevented) window.bogPageIsLeft = true;
  }});
  addEventListener('submit', event => {{ if (!event.defaultPrevented) window.bogPageIsLeft = true; }});
"""
"""A page's note to itself that it is being left; whatever comes after has no such note."""

HAS_COME = "!window.bogPageIsLeft && document.readyState === 'complete'"

_CLICK = Locator.click
_noticing = set[BrowserContext]()


def notice_leaving(context: BrowserContext) -> None:
    """Its pages note by themselves when they are left, so that nobody has to look before each click."""
    context.add_init_script(NOTICED)
    _noticing.add(context)


def click_and_wait(at: Locator, **options: Any) -> None:
    """Clicks, and waits for the page that comes of it, if one does. A file to be fetched leaves the page."""
    page, fetched = at.page, list[Download]()

    def fetch(file: Download) -> None:
        fetched.append(file)

    if page.context not in _noticing and at.evaluate(LEADS):
        page.evaluate("window.bogPageIsLeft = true")
    page.on("download", fetch)
    _CLICK(at, **options)
    end = time.monotonic() + PATIENCE
    while not (fetched or _has_come(page)):
        assert time.monotonic() < end, f"{at} was pressed, and the page is still {page.url}"
        page.wait_for_timeout(5)
    page.remove_listener("download", fetch)
    if fetched:
        page.evaluate("window.bogPageIsLeft = false")


def _has_come(page: Page) -> bool:
    try:
        return bool(page.evaluate(HAS_COME))
    except Error:  # the page was left while it was being asked
        return False
