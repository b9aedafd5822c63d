"""The server's own log names the path of what went wrong; the secret in a calendar address is masked there.

Loaded by the settings, so it imports nothing of ours.
"""

import logging
import re

_SECRET = re.compile(r"/ical/[^/\s]+")


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRET.sub("/ical/…", record.getMessage()), ()
        return True
