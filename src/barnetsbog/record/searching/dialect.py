"""What SQLite and PostgreSQL say differently."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from barnetsbog.kernel.ids import bytes_of, text_of

LAST = "\U0010ffff"
_ANY, _FEW = "Resource", 100


class Dialect:
    """Expressions of one of the databases; texts are compared letter by letter on both."""

    def __init__(self, vendor: str) -> None:
        self.sqlite = vendor == "sqlite"

    def letters(self, column: str) -> str:
        """A text column, compared and sorted by its letters' numbers."""
        return column if self.sqlite else f'{column} COLLATE "C"'

    def starts(self, column: str, text: str) -> tuple[str, list[str]]:
        if self.sqlite:
            return f"({column} >= %s AND {column} < %s)", [text, text + LAST]
        return f"starts_with({column}, %s)", [text]

    def contains(self, column: str) -> str:
        return f"instr({column}, %s) > 0" if self.sqlite else f"strpos({column}, %s) > 0"

    def folded(self, column: str) -> str:
        """The first half of a text of the index (`fhir.searching.sortable`)."""
        if self.sqlite:
            return f"substr({column}, 1, instr({column} || char(31), char(31)) - 1)"
        return f"split_part({column}, chr(31), 1)"

    def place(self, column: str) -> str:
        """By what such a text is sorted: its second half, or the whole when there is none."""
        if self.sqlite:
            return f"substr({column}, instr({column}, char(31)) + 1)"
        return f"substr({column}, strpos({column}, chr(31)) + 1)"

    def among(self, column: str, ids: Sequence[UUID]) -> tuple[str, list[object]]:
        """One of these ids, of which there may be more than a statement has room for."""
        if len(ids) <= _FEW:
            return f"{column} IN ({', '.join(['%s'] * len(ids))})", list(ids)
        if self.sqlite:
            known = f"SELECT bog_id(value, '{_ANY}') FROM json_each(%s)"
            return f"{column} IN ({known})", [json.dumps([f"{_ANY}/{one}" for one in ids])]
        return f"{column} = ANY(%s)", [list(ids)]

    def address(self, alias: str) -> str:
        """`Type/id` of an entry, as a reference to it stands in the index."""
        return f"{alias}.kind || '/' || {self.text(f'{alias}.id')}"

    def text(self, column: str) -> str:
        """An id as its 36 characters."""
        return f"bog_text({column})" if self.sqlite else self.letters(f"{column}::text")

    def ident(self, column: str, kind: str) -> str:
        """The id that a reference to something of this type leads to, of any where it is empty; nothing for another."""
        if self.sqlite:
            return f"bog_id({column}, '{kind}')"
        pattern = f"^{kind or '[A-Z][A-Za-z]+'}/[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"
        return f"CASE WHEN {column} ~ '{pattern}' THEN right({column}, 36)::uuid END"


def teach(connection: BaseDatabaseWrapper) -> None:
    """Gives a connection to SQLite the two functions that PostgreSQL has as casts."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("bog_id", 2, _id, deterministic=True)
        connection.connection.create_function("bog_text", 1, text_of, deterministic=True)


def _id(target: str, kind: str) -> bytes | None:
    return bytes_of(target) if not kind or target.startswith(f"{kind}/") else None
