"""Measures, what is counted for them, and the tables they become.

Times are UTC microseconds. A month is one number (202611).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from barnetsbog.directory.model import UnitName


class Measuring(StrEnum):
    """What is done with numbers, as the log names it. A file with them is an export (`audit.model.Action`)."""

    READ = "measures"
    ACROSS = "measures-across"


# -- what a measure is -------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """How a number is written."""

    COUNT = "count"
    PERCENT = "percent"
    DECIMAL = "decimal"


class Column(NamedTuple):
    """One number of a measure. `id`: as the file has it."""

    id: str
    title: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure counts, in words. `key`: the place of the column that is its number."""

    id: str
    title: str
    text: str
    numerator: str
    denominator: str
    unit: str
    caveat: str
    columns: tuple[Column, ...]
    key: int = 0


# -- what is counted ---------------------------------------------------------------------------------------------------


class Month(NamedTuple):
    """A Danish month as far as it has gone: `end` is not included, and never after now."""

    number: int
    start: int
    end: int


class Year(NamedTuple):
    """Twelve months. `end` is not included."""

    start: int
    end: int


class Spell(NamedTuple):
    """A time in which a ball was open and with the same holder, or with nobody. `end` is not included."""

    holder: UUID | None
    due: int | None
    start: int
    end: int


class Case(NamedTuple):
    """A time in which a unit had a task with a child. `end` is not included."""

    id: UUID
    child_id: UUID
    unit_id: UUID | None
    start: int
    end: int


class Planned(NamedTuple):
    """A time that was agreed for an appointment. `given_up`: when it was, though the time itself did not change that;
    None where nobody gave it up."""

    start: int
    given_up: int | None = None


class Touch(NamedTuple):
    """Somebody had to do with a child, from and to (included). `who`: a professional, or a unit where nobody is named;
    `unit`: of that professional, or the unit itself."""

    child_id: UUID
    who: UUID
    unit: UUID
    start: int
    end: int


class Share(NamedTuple):
    """Some of all."""

    part: int
    whole: int


# -- what is shown -----------------------------------------------------------------------------------------------------


class Mark(StrEnum):
    SHOWN = "shown"
    FEW = "few"  # 1 to 4
    HIDDEN = "hidden"  # it would give away one of those
    NOTHING = "nothing"  # there is no number: a share of none


class Cell(NamedTuple):
    """One number as everybody may see it. `value` is None unless it is shown."""

    mark: Mark
    value: float | None = None


class Row(NamedTuple):
    """The numbers of one month (202611), or of a whole year (`month` is the year: 2025)."""

    month: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure with its numbers, the newest month first. `total`: the last whole year, where months can be put
    together; what is small in a month is often large enough to be shown there."""

    definition: Definition
    rows: tuple[Row, ...]
    total: Row | None = None

    @property
    def newest(self) -> Row:
        return self.total or self.rows[0]

    @property
    def empty(self) -> bool:
        """Nothing was there to be counted."""
        return not any(cell.value or cell.mark in (Mark.FEW, Mark.HIDDEN) for row in self.rows for cell in row.cells)


class OfUnit(NamedTuple):
    """A unit's measures, hidden as its own leader sees them."""

    unit: UnitName
    measures: tuple[Measured, ...]
