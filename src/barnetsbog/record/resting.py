"""What the parts of the `Book` rest on, and the Book itself says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from .entries import EntryRow
from .rights import Rights
from .scope import Scope
from .veil import Veil


@dataclass(slots=True)
class Trail:
    """What a reader saw: for the log."""

    children: set[UUID] = field(default_factory=set)
    entries: set[UUID] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    lines: list[Any] = field(default_factory=list)
    """Lines of the log that are to be written with the reader's own."""


class Resting:
    """A part of the Book. Nothing here is its own."""

    scope: Scope
    trail: Trail
    _rights: dict[UUID, Rights]

    def veiled_among(self, children: Iterable[UUID]) -> set[UUID]:
        raise NotImplementedError

    def veiled(self, child_id: UUID) -> bool:
        raise NotImplementedError

    def reads_through_a_veil(self, row: EntryRow) -> bool:
        raise NotImplementedError

    def reads_unsigned(self, row: EntryRow) -> bool:
        raise NotImplementedError

    def reads_less(self, row: EntryRow) -> bool:
        raise NotImplementedError

    def _of(self, child_id: UUID) -> Rights:
        raise NotImplementedError

    def _rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        raise NotImplementedError

    def _read(self, rows: list[tuple[Any, ...]]) -> list[EntryRow]:
        raise NotImplementedError

    def _drawn(self) -> Veil:
        raise NotImplementedError

    def _seen(self, row: EntryRow, body: bytes) -> bytes:
        raise NotImplementedError

    def fitted(self, bodies: Sequence[bytes]) -> list[bytes]:
        raise NotImplementedError

    def _shown(self, found: list[EntryRow]) -> list[EntryRow]:
        raise NotImplementedError
