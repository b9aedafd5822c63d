"""The WSGI entry point. Whatever server runs it, the log is sealed and the law is looked at every few seconds while it
does."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnetsbog.settings")
_pages = get_wsgi_application()

from barnetsbog.access import watching  # noqa: E402  (needs Django set up)
from barnetsbog.audit import sealing  # noqa: E402
from barnetsbog.exchange import door  # noqa: E402

application = door.before(_pages)

sealing.start()
watching.start()
gc.freeze()  # what is here stays: looking through it for circles would cost a page a twentieth of a second now and then
