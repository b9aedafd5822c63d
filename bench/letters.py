"""Letters: one accessible PDF beside WeasyPrint's in the same run, and a thousand as fast as they go."""

import html
import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import IO

from . import peer
from .figures import Figure, Result, in_turn, rate, ratio

MANY, WANTED = 1000, 100.0
"""Letters in a batch, and how many a second are wanted on two cores."""

TIMES = 3.0
"""How many times faster than WeasyPrint a letter is to be set."""

ONE = "ét brev som PDF/UA"


def measure(runs: int, *, with_peer: bool) -> Result:
    from barnetsbog.letters.typesetting import pdf

    numbers = iter(range(10**9))
    acts = {ONE: lambda: pdf(_letter(next(numbers)))}
    if with_peer:
        with _weasyprint() as (ask, hear):
            theirs = f"{ONE}, WeasyPrint"
            taken = in_turn(runs, {**acts, theirs: lambda: _set(ask, hear, _html(next(numbers)))})
    else:
        taken = in_turn(runs, acts)
    figures = {name: Figure(name, "ms", values) for name, values in taken.items()}
    seconds = []
    for _ in range(3):
        letters = [_letter(next(numbers)) for _ in range(MANY)]
        started = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            assert sum(1 for _ in pool.map(pdf, letters)) == MANY
        seconds.append(time.perf_counter() - started)
    batch = Figure(f"{MANY} breve som PDF/UA", "/s", rate(MANY, seconds), least=WANTED)
    ratios = [ratio("WeasyPrint / ét brev", figures[theirs], figures[ONE], least=TIMES)] if with_peer else []
    return Result([*figures.values(), batch], ratios)


def _letter(number: int):  # type: ignore[no-untyped-def]  # imported when measured, past Django's set-up
    """A letter of the catalogue with a table, to somebody else each time."""
    from barnetsbog.letters.files import catalogue
    from barnetsbog.letters.filling import examples, filled
    from barnetsbog.letters.model import Audience, Known, Sender, Version

    template, to = catalogue()["L2"], f"Sara Prøvegaard {number}"
    sender = Sender("Kim Demosen", "psykolog", "PPR Eksempelby", "Eksempelby Kommune", "00 00 00 14")
    known = Known(f"Alma Prøvegaard {number}", "Alma", sender, date(2026, 11, 25), to)
    parts = filled(template, template.body, known, examples(template))
    mine = tuple(one for one in parts if (not one.only or Audience.HOLDER in one.only) and one.class_ != "P")
    return Version(template.title, (to,), ("PPR Eksempelby", "Telefon 00 00 00 14"), known.day, f"Brev {number}", mine)


# -- the yardstick -----------------------------------------------------------------------------------------------------


@contextmanager
def _weasyprint() -> Iterator[tuple[IO[str], IO[str]]]:
    peer._environment()
    script = peer.ROOT / "bench" / "weasy_batch.py"
    process = subprocess.Popen(
        [peer.VENV / "bin" / "python", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin and process.stdout
    try:
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("WeasyPrint needs Pango: install the package libpangoft2-1.0-0")
        yield process.stdin, process.stdout
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def _set(ask: IO[str], hear: IO[str], page: str) -> None:
    ask.write(f"{json.dumps(page)}\n")
    ask.flush()
    if not hear.readline().strip().isdigit():
        raise RuntimeError("WeasyPrint set no letter")


def _html(number: int) -> str:
    """The same letter as a page."""
    letter = _letter(number)
    body = "".join(_part(one) for one in letter.blocks)
    page = "@page{size:A4;margin:25mm;@bottom-right{content:'Side ' counter(page) ' af ' counter(pages)}}"
    style = f"<style>{page} table,td,th{{border:1px solid}}</style>"
    head = f"<html lang=da><head><title>{letter.title}</title>{style}</head>"
    return f"{head}<body><p>{letter.to[0]}</p><p>{letter.reference}</p><h1>{letter.title}</h1>{body}</body></html>"


def _part(part) -> str:  # type: ignore[no-untyped-def]
    lines = [html.escape(line) for line in part.lines]
    if part.rows:
        cells = "".join(f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in row)}</tr>" for row in part.rows)
        return f"<table><tr>{''.join(f'<th scope=col>{name}</th>' for name in part.head)}</tr>{cells}</table>"
    tag = {"heading": "h2", "quote": "blockquote"}.get(part.kind.value, "p")
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)
