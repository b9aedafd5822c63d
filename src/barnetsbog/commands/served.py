"""What `./bog serve` serves (WSGI)."""

import multiprocessing
import os
import threading

from barnetsbog import wsgi  # sets Django up, and so stands first: a worker that is not forked has nothing yet
from barnetsbog.exchange.door import is_for_systems

from .one_core import on_one_core

application = on_one_core(wsgi.application, is_for_systems)


def _end_with_the_server() -> None:
    """A server that is killed leaves behind the process that serves for it: that would go on, with the port and the
    program of before, also while a newer one changes the tables."""
    if server := multiprocessing.parent_process():
        server.join()
        os._exit(1)


threading.Thread(target=_end_with_the_server, daemon=True, name="ends").start()
