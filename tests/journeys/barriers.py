"""axe on a page, unless a page that is built of the same parts was looked at before at the same width in this run.

axe is by far the dearest thing of a journey. It looks at the kinds of elements, each in a place, that it has not yet
found nothing wrong with, at the first of each on the page; where there are none it is not asked. `./bog test --all` looks at
every element of every page. `test_everyone.py` tries that faults are noticed on a page that is known.
"""

import hashlib
import json
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from tests.samples import ALL
from tests.settings import FOLDER

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PARTS = (Path(__file__).parent / "barriers.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
LOOK = f"""async ({{ fresh, all, options, script }}) => {{
  if (!("axe" in window)) (0, eval)(script || bogAxe);
  const where = {{ include: [document.documentElement], exclude: all ? [] : ({PARTS})(fresh) }};
  return (await axe.run(where, options)).violations;
}}"""
_KNOWN = FOLDER / "known-parts"
"""One empty file for each part that axe has nothing to say of: shared by the processes of a run."""


def bring_axe(context: BrowserContext) -> None:
    """Its pages have axe at hand as a text, and read it when they are looked at: to send it to each page that is costs
    five times as much."""
    context.add_init_script(f"window.bogAxe = {json.dumps(AXE)};")


def barriers(page: Page) -> list[str]:
    """What axe finds, WCAG 2.2 A and AA and best practice, in words."""
    page.wait_for_load_state()
    files = {part: _KNOWN / _short(f"{page.viewport_size} {part}") for part in page.evaluate(PARTS)}
    fresh = {part: file for part, file in files.items() if ALL or not file.exists()}
    if not fresh:
        return []
    script = "" if page.evaluate("'bogAxe' in window") else AXE  # a page without scripts has been given none
    found = page.evaluate(LOOK, {"fresh": [*fresh], "all": ALL, "options": OPTIONS, "script": script})
    if not found:
        _KNOWN.mkdir(exist_ok=True)
        for file in fresh.values():
            file.touch()
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({v['nodes'][0]['failureSummary'][:160]})" for v in found]


def _short(part: str) -> str:
    return hashlib.sha1(part.encode()).hexdigest()
