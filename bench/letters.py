"""Letters: one accessible PDF beside WeasyPrint's in the same run, a thousand as fast as they go, and a thousand from
the outbox to their receivers."""

import html
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import IO

from . import peer
from .figures import Figure, Result, in_turn, rate, ratio

MANY, WANTED, ROUNDS = 1000, 100.0, 3
"""Letters in a batch, how many a second are wanted on two cores, and how often the batch is posted."""

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
    posted = Figure(f"{MANY} breve fra udbakke til modtager", "/s", rate(MANY, _posted()), least=WANTED)
    return Result([*figures.values(), batch, posted], ratios)


def _posted() -> list[float]:
    """In a process of its own: an instance of its own needs one."""
    with tempfile.TemporaryDirectory(prefix="bog-bench-letters-") as folder:
        command = [sys.executable, "-m", "bench.posting", folder, str(MANY), str(ROUNDS)]
        done = subprocess.run(command, cwd=peer.ROOT, env=_clean(folder), capture_output=True, text=True, check=True)
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _clean(folder: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    sender = {"CVR": "10000000", "SYSTEM": "aaaaaaaa-0000-4000-8000-000000000000", "LABEL": "Eksempelby Kommune"}
    post = {f"BOG_DIGITAL_POST_{name}": value for name, value in sender.items()}
    return {**kept, **post, "BOG_DATA": folder, "PYTHONPATH": f"{peer.ROOT / 'src'}:{peer.ROOT}"}


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
