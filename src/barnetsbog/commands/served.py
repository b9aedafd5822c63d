"""What `./bog serve` serves (WSGI)."""

from barnetsbog import wsgi  # sets Django up, and so stands first: a worker that is not forked has nothing yet
from barnetsbog.exchange.door import is_for_systems

from .one_core import on_one_core

application = on_one_core(wsgi.application, is_for_systems)
