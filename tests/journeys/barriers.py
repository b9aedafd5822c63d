"""axe on a page, unless a page that is built of the same parts was looked at before at the same width in this run.

axe is by far the dearest thing of a journey. A page that shows nothing but kinds of elements, each in a place, that axe
has found nothing wrong with is not looked at again; one with a single new part is looked at as a whole.
`./bog test --all` looks at every page. `test_everyone.py` tries that faults are noticed on a page that is known.
"""

import hashlib
from pathlib import Path

from playwright.sync_api import Page

from tests.samples import ALL
from tests.settings import FOLDER

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PARTS = (Path(__file__).parent / "barriers.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"], "preload": False}
LOOK = "async (options) => (await axe.run(document, options)).violations"
_KNOWN = FOLDER / "known-parts"
"""One empty file for each part that axe has nothing to say of: shared by the processes of a run."""


def barriers(page: Page) -> list[str]:
    """What axe finds, WCAG 2.2 A and AA and best practice, in words."""
    page.wait_for_load_state()
    parts = [
        _KNOWN / hashlib.sha1(f"{page.viewport_size} {part}".encode()).hexdigest() for part in page.evaluate(PARTS)
    ]
    if not ALL and all(part.exists() for part in parts):
        return []
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(LOOK, OPTIONS)
    if not found:
        _KNOWN.mkdir(exist_ok=True)
        for part in parts:
            part.touch()
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} ({v['nodes'][0]['failureSummary'][:160]})" for v in found]
