"""The server's own log names the path of what went wrong, and what an error says. No person number is in it, nor the
secret of a calendar address, nor the row or the text that a database was given and could not take.

Loaded by the settings, so it imports only what needs none.
"""

import logging
import re

from barnetsbog.audit.encoding import without_numbers

_SECRET = re.compile(r"/ical/[^/\s]+")
_ROW = re.compile(r"^(?:DETAIL|CONTEXT): .*?(?=\n\n(?:The above|During)|\Z)", re.MULTILINE | re.DOTALL)
"""What PostgreSQL tells of a fault beside its kind, to the end of what one error says."""


class WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _without(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = _without(logging.Formatter().formatException(record.exc_info))
        return True


def _without(text: str) -> str:
    return without_numbers(_ROW.sub("…", _SECRET.sub("/ical/…", text)))
