"""Læser alt det ud på ny, som bøgerne kan søges på (efter en ændring af, hvad der læses ud, eller for at være sikker).
Hvad der står i bøgerne, ændres ikke. Kør den, mens ingen skriver."""

import argparse
import sys
import time

from barnetsbog.cli import add_data
from barnetsbog.kernel.numbers import danish

from .instance import open_existing


def add(parser: argparse.ArgumentParser) -> None:
    add_data(parser)


def run(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.record.reindexing import reindex

    started, done = time.perf_counter(), 0
    for done in reindex():
        if sys.stderr.isatty():
            print(f"\r{done} poster ...", end="", file=sys.stderr, flush=True)
    print(f"{done} poster er læst ud på ny på {danish(time.perf_counter() - started, 1)} sekunder.")
    return 0
