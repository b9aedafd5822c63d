"""The search rows of what is there already, read out anew: after a change of what is read out, or to be sure."""

from collections.abc import Iterator

import orjson
from django.db import transaction

from barnetsbog.fhir import extract

from . import store
from .rows import search_rows

_AT_A_TIME = 500


def reindex() -> Iterator[int]:
    """Reads out every entry's search rows again, some entries in a transaction; yields how many are done."""
    done, after = 0, b""
    while ids := store.entries_after(after, _AT_A_TIME):
        with transaction.atomic():
            batch = store.Batch()
            for child, ident, body in store.words_of(ids):
                rows = search_rows(ident, extract(orjson.loads(body)))
                for name, some in rows._asdict().items():
                    getattr(batch, name).extend([child, *row[1:]] for row in some)
            store.replace_search_rows(ids, batch)
        done, after = done + len(ids), ids[-1][1]
        yield done
