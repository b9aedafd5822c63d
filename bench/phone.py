"""How soon a page of the family's stands there on a phone: a mid-range one, on slow 4G, that was never here before.

Chromium slows itself down (DevTools protocol) as Lighthouse has it when the slowing is real and not worked out: its
"slow 4G" is 150 ms there and back and 1.6 Mbit/s, and since Chromium makes only requests wait and not the connections
before them, a request waits 3.75 times that and gets nine tenths of the width (`DEVTOOLS_RTT_ADJUSTMENT_FACTOR`). The
processor is four times as slow. What is told is Largest Contentful Paint, with nothing kept from before.
"""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from .figures import Figure, Result
from .interface import serving

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

SOON = 2500.0
"""Milliseconds in which the largest thing must stand there: "good", by web.dev/lcp."""

SLOW_4G = {
    "offline": False, "latency": 150 * 3.75, "downloadThroughput": 1.6e6 * 0.9 / 8, "uploadThroughput": 750e3 * 0.9 / 8,
}  # fmt: skip
SLOWER = 4
PHONE = {"width": 390, "height": 844}
READERS = {
    "mor": ("Sara Prøvegaard", "Alma"),
    "ung": ("William Mønsterby", "barnet selv"),
    "barn": ("Alma Prøvegaard", "barnet selv"),
    "plejeforælder": ("Else Hjemmeby", "Liva"),
}
BROWSERS = "chromium-headless-shell", "chromium", "chromium-browser"
ID = re.compile(r"[0-9a-f-]{36}")
LCP = """() => new Promise(done => new PerformanceObserver(
  seen => done(seen.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""


class NoBrowser(Exception):
    """There is no Chromium, or nothing to steer it with."""


def measure(data: Path, runs: int) -> Result:
    """Every page that a reader finds a link to on their first one, in a demonstration. Raises NoBrowser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowser("playwright") from None
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        raise NoBrowser("chromium")
    figures = []
    with serving(data / "phone", "demo") as port, sync_playwright() as playwright:
        address = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for reader, (name, of) in READERS.items():
            context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
            page = context.new_page()
            _log_in(page, address, name, of)
            paths = _paths(page, address)
            slow = _slowed(page)
            for path in paths:
                taken = tuple(_paint(page, slow, f"{address}{path}") for _ in range(runs))
                figures.append(Figure(f"mobil, {reader}: {ID.sub('…', path)}", "ms", taken, most=SOON))
            context.close()
        browser.close()
    return Result([*figures, _slowest(figures)])


def _slowest(figures: list[Figure]) -> Figure:
    """Of each run, as if it were one figure."""
    runs = zip(*(one.values for one in figures), strict=True)
    return Figure("mobil, den langsomste side", "ms", tuple(map(max, runs)), most=SOON)


def _log_in(page: "Page", address: str, name: str, of: str) -> None:
    page.goto(f"{address}/log-ind/")
    page.get_by_text("Vis familierne").click()
    page.get_by_role("button", name=re.compile(f"^{name}.*{of}")).first.click()
    page.wait_for_load_state()


def _paths(page: "Page", address: str) -> list[str]:
    """The first page, and what it has links to."""
    found = page.locator("nav a, main a").evaluate_all("links => links.map(link => link.href.split('#')[0])")
    return sorted({one.removeprefix(address) for one in [page.url, *found] if one.startswith(f"{address}/familie/")})


def _slowed(page: "Page") -> "CDPSession":
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", SLOW_4G)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return slow


def _paint(page: "Page", slow: "CDPSession", address: str) -> float:
    """Milliseconds from the press to the largest thing on the page, fonts included."""
    slow.send("Network.clearBrowserCache")
    page.goto(address, wait_until="networkidle")
    return float(page.evaluate(LCP))
