"""The WSGI entry point. Whatever server runs it, the log is sealed every few seconds while it does."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnetsbog.settings")
application = get_wsgi_application()

from barnetsbog.audit.sealing import start  # noqa: E402  (needs Django set up)

start()
