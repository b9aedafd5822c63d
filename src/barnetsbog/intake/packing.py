"""A prepared unit on its way from one process to another.

Everything in it is plain (text, bytes, numbers, tuples), so it travels as `marshal`, which is read several times faster
than a pickle of objects: the writer is the process that everybody waits for. It never leaves the running program.
Why something was refused goes along in Danish, the language of the report on files.
"""

import marshal

from barnetsbog.record.promotion import Promoted
from barnetsbog.record.rows import Rows

from .model import Item, Prepared, Refusal


def pack(prepared: Prepared) -> bytes:
    items = [(*item[:6], tuple(item.promoted), tuple(item.rows), *item[8:]) for item in prepared.items]
    refusals = [(one.file, one.resource, one.path, str(one.reason)) for one in prepared.refusals]
    head = (prepared.file, prepared.source, prepared.payload, prepared.fingerprint, prepared.read, prepared.whole)
    return marshal.dumps((head, items, refusals, prepared.warnings, prepared.first_line))


def unpack(packed: bytes) -> Prepared:
    head, rows, refusals, warnings, first_line = marshal.loads(packed)  # noqa: S302 - from a process of our own
    items = [Item._make((*row[:6], Promoted._make(row[6]), Rows._make(row[7]), *row[8:])) for row in rows]
    file, source, payload, fingerprint, read, whole = head
    return Prepared(
        file, source, payload, fingerprint, read, whole, items, [Refusal(*one) for one in refusals], warnings,
        first_line,
    )  # fmt: skip
