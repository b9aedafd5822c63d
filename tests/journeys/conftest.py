"""A browser and the real server: `./bog demo` on data of its own, Debian's Chromium without a head."""

import os
import re
import shutil
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests import instances
from tests.conftest import skip

from .barriers import barriers, bring_axe
from .clicking import click_and_wait, notice_leaving

BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser"
"""Debian's, the one without windows first: a page costs it a third less of the processor."""

OFFLINE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page is drawn by the thread that lays it out, and the next page of a site in the frame of the one before: with
    # threads and a frame of its own each page costs 78 milliseconds of the processor instead of 45.
    # The others are the browser's own pages, which nobody looks at: half a second of the processor for each window.
    "--disable-features=RenderDocument,PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
)
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1240, "height": 900}
SCREENS = PHONE, DESKTOP


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that all journeys read in, and none writes in."""
    yield from demonstration(tmp_path_factory, start=instances.Started)


def demonstration(
    tmp_path_factory: pytest.TempPathFactory,
    prepared: Callable[[Path, str], None] = lambda _folder, _address: None,
    start: type[instances.Started | instances.Forked] = instances.Forked,
) -> Iterator[str]:
    """The address of a demonstration that nobody else uses. `prepared` changes its folder before it starts."""
    data, port = tmp_path_factory.mktemp("demo"), _free_port()
    shutil.copytree(instances.demonstration(), data, dirs_exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    prepared(data, address)
    process = start(data, port)
    try:
        _wait(address, data)
        yield address
    finally:
        process.end()


def _wait(address: str, data: Path) -> None:
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the demonstration did not answer within a minute: {(data / 'stderr').read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        skip("Debian's chromium is not installed, so no page is tried in a browser")
    # Playwright's loop stays in this thread, and Django would keep the tests that come after from the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", click_and_wait)
        found = playwright.chromium.launch(executable_path=chromium, args=list(OFFLINE))
        yield found
        found.close()


@dataclass
class Visitor:
    """Somebody at a browser. The steps are words, so that a journey can be read aloud."""

    page: Page
    server: str

    def logs_in_as(self, who: str) -> None:
        """By the key of a ready-made log-in, or by name."""

        def by_name() -> None:
            self.opens("/log-ind/")
            self.page.get_by_text("Vis alle fagpersoner").click()
            self.presses(who)

        def by_key() -> None:
            self.opens(f"/log-ind/{who}")
            self.page.get_by_role("button", name="Log ind", exact=True).click()

        self._comes_in(who, by_name if " " in who else by_key)

    def logs_in_as_family(self, name: str, of: str) -> None:
        """By name and by what stands after it: whose relative somebody is, or "barnet selv"."""

        def by_hand() -> None:
            self.opens("/log-ind/")
            self.page.get_by_text("Vis familierne").click()
            self.page.get_by_role("button", name=re.compile(f"^{name}.*{of}")).first.click()

        self._comes_in(f"{name}, {of}", by_hand)

    def _comes_in(self, who: str, by_hand: Callable[[], None]) -> None:
        """By hand the first time, and after that with the session that it gave: the first page is the same."""
        context = self.page.context
        if who in (known := _SESSIONS.setdefault(self.server, {})):
            context.add_cookies(known[who])
            self.opens("/")
            if "/log-ind/" not in self.page.url:  # else somebody has logged that session off
                return
        by_hand()
        self.page.wait_for_load_state()
        known[who] = [one for one in context.cookies() if one["name"] == "sessionid"]

    def opens(self, address: str) -> int:
        response = self.page.goto(f"{self.server}{address}")
        return response.status if response else 0

    def finds(self, number: str) -> None:
        self.opens("/find/")
        self.page.fill("[name=number]", number)
        self.page.check("#reason-task")
        self.presses("Søg")

    def opens_the_book_of(self, child: str) -> None:
        """From the list of all one's children the first time that anybody does, and after that by the same address."""
        if child not in _BOOKS:
            self.opens("/arbejdsliste/?fane=alle")
            link = self.page.get_by_role("link", name=child, exact=True)
            _BOOKS[child] = link.get_attribute("href") or ""
        self.opens(_BOOKS[child])

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def unfolds_the_menu(self) -> None:
        """What a telephone has no room for."""
        self.page.get_by_role("navigation").get_by_text("Mere").last.click()

    def reads(self) -> str:
        return self.page.inner_text("main")

    def finds_no_barrier(self) -> None:
        """axe, WCAG 2.2 A and AA and best practice: nothing may be found."""
        self.page.wait_for_load_state()
        told = barriers(self.page)
        assert told == [], f"{self.page.url}\n" + "\n".join(told)

    def needs_no_sideways_scrolling(self) -> None:
        self.page.wait_for_load_state()  # a page that has only just come has no document yet
        widths = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert widths[0] <= widths[1], f"{self.page.url} is {widths[0]} px wide on a screen of {widths[1]}"

    def is_in_order(self) -> None:
        """The page fits the window, and axe finds nothing on it."""
        self.needs_no_sideways_scrolling()
        self.finds_no_barrier()

    def is_in_order_on(self, *screens: dict[str, int]) -> None:
        """On each of them, without the page being asked for again; the window stays at the last."""
        for screen in screens:
            self.page.set_viewport_size(screen)  # type: ignore[arg-type]
            self.is_in_order()

    def finds_in_order(self, *addresses: str) -> None:
        """Each of these pages, on a phone and at a desk."""
        for address in addresses:
            self.opens(address)
            self.is_in_order_on(*SCREENS)


_SESSIONS: dict[str, dict[str, list[Any]]] = {}
"""For each server the sessions of those who have logged in there."""

_BOOKS: dict[str, str] = {}
"""The address of each child's book, which is the same in all demonstrations of a run."""

_FREE: dict[tuple[object, ...], list[Page]] = {}
"""Windows of each kind that nobody sits at. A new one costs the machine seven times what a used one does."""


def _visitor(browser: Browser, server: str, **options: object) -> Iterator[Visitor]:
    """Somebody at a window of this kind, where nobody is logged in and nothing is open."""
    free = _FREE.setdefault(tuple(sorted((name, str(value)) for name, value in options.items())), [])
    page = free.pop() if free else _window(browser, **options)
    yield Visitor(page, server)
    page.goto(f"{server}/healthz")  # nothing on it, and of the same site: about:blank would cost a new process
    page.context.clear_cookies()
    page.emulate_media(media="null", forced_colors="null")
    if page.viewport_size != options["viewport"]:
        page.set_viewport_size(options["viewport"])  # type: ignore[arg-type]
    free.append(page)


def _window(browser: Browser, **options: object) -> Page:
    context = browser.new_context(bypass_csp=True, **options)  # type: ignore[arg-type]
    context.set_default_timeout(8000)
    if options.get("java_script_enabled", True):
        notice_leaving(context)
        bring_axe(context)
    return context.new_page()


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[Visitor]:
    yield from _visitor(browser, server, viewport=DESKTOP)


@pytest.fixture
def another(browser: Browser, server: str) -> Iterator[Visitor]:
    """A second person at another browser, in the same minute."""
    yield from _visitor(browser, server, viewport=DESKTOP)


@pytest.fixture
def on_phone(browser: Browser, server: str) -> Iterator[Visitor]:
    yield from _visitor(browser, server, viewport=PHONE)


@pytest.fixture
def without_javascript(browser: Browser, server: str) -> Iterator[Visitor]:
    yield from _visitor(browser, server, viewport=DESKTOP, java_script_enabled=False)


@pytest.fixture
def with_policy_on(browser: Browser, server: str) -> Iterator[Visitor]:
    """A browser that obeys the page's Content-Security-Policy, as every real one does."""
    context = browser.new_context(viewport=DESKTOP)
    notice_leaving(context)
    yield Visitor(context.new_page(), server)
    context.close()
