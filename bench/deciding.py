"""How fast access is decided: five hundred children, the six blocks of each, with level, rules and reason.

Beside it, on request, one batch of five hundred single decisions by cedarpy, a policy engine written in Rust.
"""

import json
import subprocess
from pathlib import Path

from . import pages, peer
from .figures import Figure, Result, in_turn

CHILDREN = 500
SHARE = 1 / 20
"""How much of cedarpy's time for one block ours may take for six."""


def measure(measured: pages.Measured, runs: int, *, with_peer: bool) -> Result:
    from barnetsbog.access.deciding import decide, decisions
    from barnetsbog.record.book import Book

    book = Book(pages._Reader(measured.role)._scope())
    children = book.children()[:CHILDREN]
    patterns = [book.grant_patterns()[book.key(child)] for child in children]
    scope = book.scope

    def decided() -> None:
        found = [decide(pattern, scope.shelves, scope.reach) for pattern in patterns]
        assert len(found) == len(children) and all(len(blocks) == 6 for blocks in found)

    def cold() -> None:
        decide.cache_clear()
        decided()

    many = len(children)
    taken = in_turn(
        runs,
        {
            f"afgørelser, {many} børn x 6 blokke": decided,
            f"afgørelser, {many} børn x 6 blokke, første gang": cold,
            f"afgørelser, {many} børn, rettighederne hentet med": lambda: decisions(book, children),
        },
    )
    figures = [Figure(name, "ms", values) for name, values in taken.items()]
    return _beside_cedar(figures) if with_peer else Result(figures)


def _beside_cedar(figures: list[Figure]) -> Result:
    peer._environment()
    script = Path(__file__).with_name("cedar_batch.py")
    command = [str(peer.VENV / "bin" / "python"), str(script), str(CHILDREN)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    cedar = Figure(f"cedarpy, én blok for {CHILDREN} børn", "ms", tuple(1000 * value for value in answer["values"]))
    ratios = [
        Figure(f"{one.name} / cedarpy", "x", tuple(value / cedar.median for value in one.values), most=most)
        for one, most in ((figures[0], SHARE), (figures[1], SHARE), (figures[2], None))
    ]
    return Result([*figures, cedar], ratios)
