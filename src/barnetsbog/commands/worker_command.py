"""Sender det, der venter: breve, besked om nyt og besked til systemer. Demonstrationen og serveren gør det selv."""

import argparse
import signal
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
        work(handlers(), _when_stopped(), rounds())
        return 0
    sent = 0
    while done := work_once(handlers()) + sum(one() for one in rounds()):
        sent += done
    print(f"{sent} behandlet.")
    return 0


def _when_stopped() -> threading.Event:
    """Set when the process is told to end (SIGTERM): it finishes what it has begun, or that would count as a try which
    ended its worker. A thread waits for it, so that it is heard whatever the worker is in the middle of."""
    stopped = threading.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})

    def listen() -> None:
        signal.sigwait({signal.SIGTERM})
        stopped.set()

    threading.Thread(target=listen, daemon=True, name="stop").start()
    return stopped
