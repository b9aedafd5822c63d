"""An entry as the interface shows it: the stored bytes, with the version and the time that are the book's to say.

Most bodies are not parsed: what `meta` must say is put into the bytes.

The book numbers an entry's versions, and a number would tell how many there are that the reader may not see. So a
version is named by a keyed hash of its number: the same in every answer, and in no order (FHIR R4 §3.1.0.2 asks for
no more).
"""

import re
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from barnetsbog.kernel import exact
from barnetsbog.kernel.time import utc
from barnetsbog.record.entries import EntryRow
from barnetsbog.record.instance import id_key
from barnetsbog.record.told import Told

_META, _CONTAINED = b'"meta":{', b'"contained":['
_VERSION, _UPDATED = b'"versionId":', b'"lastUpdated":'
_MOST_VERSIONS = 100_000
_SAID = re.compile(rb'(?:"(?:versionId|lastUpdated)":"[^"\\]*"(?:,|(?=\})))*')
"""What a source said of its own version, as nearly all do: first in `meta`."""


@lru_cache(maxsize=4_000)
def instant_of(at: int) -> str:
    """UTC microseconds as a FHIR instant. What came in one delivery has one."""
    return utc(at).isoformat(timespec="microseconds").replace("+00:00", "Z")


def http_date(at: int) -> str:
    return format_datetime(utc(at).replace(microsecond=0), usegmt=True)


def version_of(ident: UUID, number: int) -> str:
    """What a version of an entry is called outside the book: 20 hexadecimal digits."""
    return blake2b(b"%b/%d" % (ident.bytes, number), digest_size=10, key=id_key()).hexdigest()


def version_told(told: Told) -> str:
    return version_of(told.row.id, told.number)


def version_now(row: EntryRow) -> str:
    return version_of(row.id, row.version)


def number_of(ident: UUID, version: str) -> int | None:
    """The number that a version's name was made of."""
    return next((one for one in range(1, _MOST_VERSIONS) if version_of(ident, one) == version), None)


def etag(version: str) -> str:
    return f'W/"{version}"'


def shown(told: Told) -> bytes:
    """What an entry said in a version, as the reader may know it."""
    assert told.body is not None
    return stamped(told.body, told.row.kind, version_told(told), told.recorded_at)


def present(row: EntryRow, body: bytes) -> bytes:
    """What an entry says now."""
    return stamped(body, row.kind, version_now(row), row.recorded_at)


def stamped(body: bytes, kind: str, version: str, at: int) -> bytes:
    """A resource with its version and the moment of its registration."""
    mark = b'"versionId":"%b","lastUpdated":"%b"' % (version.encode(), instant_of(at).encode())
    found = body.find(_META)
    if found < 0:
        begins = b'{"resourceType":"%s"' % kind.encode()
        if body.startswith(begins):
            return b'%s,"meta":{%s}%s' % (begins, mark, body[len(begins) :])
        return b'{"meta":{%s},%s' % (mark, body[1:])
    after = found + len(_META)
    if body.startswith(mark, after):
        return body
    said = _SAID.match(body, after)
    rest = body[said.end() if said else after :]
    if _CONTAINED not in body and _VERSION not in rest and _UPDATED not in rest:
        return b"%s%s%s%s" % (body[:after], mark, b"" if rest.startswith(b"}") else b",", rest)
    return _rewritten(body, version, at)


def _rewritten(body: bytes, version: str, at: int) -> bytes:
    resource = exact.loads(body)
    ours = {"versionId": version, "lastUpdated": instant_of(at)}
    resource["meta"] = {**ours, **{key: one for key, one in (resource.get("meta") or {}).items() if key not in ours}}
    return exact.dumps(resource)


def ident_in(text: str) -> UUID | None:
    """An id in an address, written as the book writes it; None when it can't be one of the book's."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
