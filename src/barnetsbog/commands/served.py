"""What `./bog serve` serves (WSGI)."""

from barnetsbog.exchange.door import is_for_systems
from barnetsbog.wsgi import application as _application

from .one_core import on_one_core

application = on_one_core(_application, is_for_systems)
