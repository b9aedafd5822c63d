"""Every page that somebody of a family can come to by its links, on paper: without menus and buttons, nothing cut off or
folded away, with whose it is and when, on few sheets.

Each reader prints the pages of their own menu; a sort of page further in is printed by the first who comes to it.
"""

import re
from collections import deque
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from .conftest import Visitor

pytestmark = pytest.mark.journey

WRONG = (Path(__file__).parent / "on_paper.js").read_text(encoding="utf-8")
SHEET = {"width": 718, "height": 1020}
"""What is printed of an A4 sheet, in the points of a browser."""
MOST = 6
IDENT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
FILES = re.compile(r"/kopi/\w+$|/papir/.|/bilag/|/\d+$|/apps/.|/svar$")
PUBLIC = {"/om/": MOST, "/tilgaengelighed/": MOST, "/hvilken-doer/": MOST, "/hvem-kan-henvise/": 20}
"""What a parent without custody, who has no log-in, can read, and on how many sheets: the last is every rule there is."""

_PRINTED: set[str] = set()


def _printed(visitor: Visitor, address: str, most: int = MOST) -> str:
    """What stands on the sheets of a page, when there is nothing wrong with them."""
    assert visitor.opens(address) == 200, address
    wrong = visitor.page.evaluate(WRONG)
    assert not any(wrong.values()), (address, {what: found for what, found in wrong.items() if found})
    sheets = len(PdfReader(BytesIO(visitor.page.pdf(format="A4", prefer_css_page_size=True))).pages)
    assert sheets <= most, f"{address} takes {sheets} sheets"
    return visitor.page.inner_text("body")


def _ways(visitor: Visitor) -> Iterator[tuple[str, bool]]:
    """Where one can go from here, and whether the menu leads there."""
    asked = "all => all.map(one => [one.href, one.closest('nav.bog-nav') !== null])"
    for href, of_menu in visitor.page.eval_on_selector_all("a[href^='/familie/']", asked):
        address = urlsplit(href).path
        if not FILES.search(address):
            yield address, of_menu


def _walk(visitor: Visitor, told: str) -> int:
    """Prints the pages of the menu, then the sorts of pages further in that nobody has printed. How many it were."""
    visitor.page.set_viewport_size(SHEET)  # type: ignore[arg-type]
    visitor.page.emulate_media(media="print")
    done: set[str] = set()
    waiting = deque([("/familie/", True)])
    while waiting:
        address, of_menu = waiting.popleft()
        sort = IDENT.sub("*", address)
        if sort in done or (sort in _PRINTED and not of_menu):
            continue
        done.add(sort)
        text = _printed(visitor, address)
        assert re.search(r"Udskrevet \d+\. \w+ \d{4} af ", text) and told in text, address
        waiting += _ways(visitor)
    _PRINTED.update(done)
    return len(done)


@pytest.mark.parametrize(
    ("name", "of", "told"),
    [
        ("Sara Prøvegaard", "Alma", "af Sara Prøvegaard. Handler om AP."),
        ("William Mønsterby", "barnet selv", "af William Mønsterby. Handler om WM."),
        ("Alma Prøvegaard", "barnet selv", "af Alma Prøvegaard. Handler om AP."),
        ("Else Hjemmeby", "Liva", "af Else Hjemmeby. Handler om LS."),
    ],
)  # fmt: skip
def test_what_a_family_prints(without_javascript: Visitor, name: str, of: str, told: str) -> None:
    without_javascript.logs_in_as_family(name, of)
    assert _walk(without_javascript, told) >= 9


def test_what_is_open_to_everybody_is_printed_too(without_javascript: Visitor) -> None:
    without_javascript.page.set_viewport_size(SHEET)  # type: ignore[arg-type]
    without_javascript.page.emulate_media(media="print")
    for address, most in PUBLIC.items():
        assert "DEMO" in _printed(without_javascript, address, most)
