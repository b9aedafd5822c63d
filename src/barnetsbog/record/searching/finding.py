"""The part of the `Book` that searches."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from barnetsbog.record.fields import uuid_of
from barnetsbog.record.outward import outward
from barnetsbog.record.resting import Resting
from barnetsbog.record.rights import EVERYBODY, PROTECTED, mine

from .compiling import Asker, one_of
from .model import Found, Hit, Search
from .naming import named_in_books
from .running import Reader, Run


class Finding(Resting):
    """The part of the Book that this is."""

    def search(self, search: Search) -> Found:
        """What meets a typed search, over everything that the asker may read the contents of, as one page. Nobody
        breaks the glass by a search, and meeting packs are not found by one."""
        if self.scope.pack:
            return Found((), (), 0, None)
        scope = replace(self.scope, break_glass=False)
        moment = search.after.moment if search.after else scope.at
        child = None if self.scope.break_glass else self._only_child(search)
        asker = Asker(
            scope, connection.vendor, lambda one: self._of(one).content, self._hidden_children(), moment, child
        )
        return Run(asker, Reader(self._rows, self._hits, self._remember)).page(search)

    def _only_child(self, search: Search) -> UUID | None:
        """The child whose book everything that a search can find is in, when it says whom it is about."""
        known, who = mine(self.scope, of_one=True)
        for ids in named_in_books(search.level):
            sql = f"""SELECT e.id, e.child_id FROM entry e WHERE e.id {one_of(ids)} AND EXISTS (SELECT 1 FROM
              access_grant g WHERE g.child_id = e.child_id AND {known} AND g.entry_id IS NULL)"""
            found = self._rows(sql, [*ids, *who])
            if len(found) == len(ids) and len(children := {uuid_of(child) for _, child in found}) == 1:
                return children.pop()
        return None

    def _hidden_children(self) -> tuple[UUID, ...]:
        """Those of the asker's children of whom the asker must not learn where they are."""
        known, who = mine(self.scope, of_one=True)
        sql = f"""SELECT DISTINCT p.child_id FROM access_grant p WHERE p.grantee_id = %s AND p.rule = '{PROTECTED}' AND
          EXISTS (SELECT 1 FROM access_grant g WHERE g.child_id = p.child_id AND {known} AND g.entry_id IS NULL)"""
        return tuple(sorted(self.veiled_among(uuid_of(row[0]) for row in self._rows(sql, [EVERYBODY, *who]))))

    def _hits(self, found: list[tuple[Any, ...]]) -> list[Hit]:
        """Rows with their words (columns, 1, body) as the asker may read them in another system."""
        rows = self._read([row[:-1] for row in found])
        self.veiled_among({row.child_id for row in rows})
        seen = self.fitted([self._seen(row, bytes(told[-1])) for row, told in zip(rows, found, strict=True)])
        return [
            Hit(row, outward(body) if self.reads_through_a_veil(row) else body)
            for row, body in zip(rows, seen, strict=True)
        ]

    def _remember(self, hits: Sequence[Hit]) -> None:
        self._shown([hit.row for hit in hits])
