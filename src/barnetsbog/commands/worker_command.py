"""Sender det, der venter: breve, besked om nyt og besked til systemer. Demonstrationen og serveren gør det selv."""

import argparse
import threading

from barnetsbog.cli import add_data

from .instance import open_existing, tell_operations


def add(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    parser.add_argument("--once", action="store_true", help="send det, der er klar nu, og stop")


def run(options: argparse.Namespace) -> int:
    open_existing(options.data)
    tell_operations()
    from barnetsbog.delivery.worker import work, work_once

    from .sending import handlers, rounds

    if not options.once:
        work(handlers(), threading.Event(), rounds())
        return 0
    sent = 0
    while done := work_once(handlers()) + sum(one() for one in rounds()):
        sent += done
    print(f"{sent} behandlet.")
    return 0
