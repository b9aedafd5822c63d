"""The key of the log: in the instance's folder, beside the database and never in it.

It is made once, for a log that has no records yet. A log that has records but no key is not given a new one: nothing
could be added to it that could be proved, so nothing is read either until the key is back. Several servers on one
PostgreSQL share the key by `BOG_AUDIT_KEY`.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from barnetsbog.kernel.decisions import LogDown
from barnetsbog.kernel.folder import lay_secret

from .chain import Chain
from .models import Link

FILE = "audit.key"
MISSING = (
    "Nøglen til loggen (audit.key) mangler, og uden den kan intet skrives i loggen. Læg den tilbage i mappen fra der, "
    "hvor den er gemt (docs/operations.md)."
)
UNREADABLE = "Nøglen til loggen (audit.key) kan ikke læses eller laves."
SPOILT = "Nøglen til loggen (audit.key eller BOG_AUDIT_KEY) skal være 64 hexadecimale tegn. Læg den rigtige tilbage."


def chain() -> Chain:
    """The chain of this instance. Raises `LogDown` when its key can't be had."""
    return _chain(os.environ.get("BOG_AUDIT_KEY", ""), settings.DATA)


@lru_cache(maxsize=8)
def _chain(given: str, folder: Path) -> Chain:
    try:
        key = bytes.fromhex(given or _read(Path(folder) / FILE))
    except OSError as error:
        raise LogDown(f"{UNREADABLE} Giv den konto, der kører Barnets Bog, lov til det.") from error
    except ValueError as error:
        raise LogDown(SPOILT) from error
    if len(key) != 32:
        raise LogDown(SPOILT)
    return Chain(key)


def _read(path: Path) -> str:
    if not path.exists():
        if Link.objects.exists():
            raise LogDown(MISSING)
        lay_secret(path, secrets.token_hex(32))
    return path.read_text().strip()


def forget() -> None:
    """For tests and for a process that changes instance."""
    _chain.cache_clear()
