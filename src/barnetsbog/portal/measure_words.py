"""Measures in words and as a file: a small number is never written, here or there."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.directory.model import UnitName
from barnetsbog.kernel.numbers import danish
from barnetsbog.measures.hiding import FEWEST
from barnetsbog.measures.model import Cell, Column, Definition, Kind, Mark, Measured, OfUnit, Row

from . import dates
from .words import Word

MARKS: dict[Mark, Word] = {Mark.FEW: _("færre end %(number)d"), Mark.HIDDEN: _("skjult"), Mark.NOTHING: "–"}


class Number(NamedTuple):
    """One number in words. `bar`: the same, where it can be drawn."""

    text: str
    bar: float | None = None


class Line(NamedTuple):
    name: str
    numbers: tuple[Number, ...]


class Now(NamedTuple):
    """The number of a measure, what it is, and of which time."""

    text: str
    title: str
    when: str


class Table(NamedTuple):
    """A measure as its page shows it. `most`: what the longest bar stands for."""

    definition: Definition
    titles: tuple[str, ...]
    now: Now
    lines: tuple[Line, ...]
    total: Line | None
    most: float


def tables(found: Iterable[Measured]) -> list[Table]:
    return [_table(one) for one in found]


def _table(one: Measured) -> Table:
    told, key = _translated(one.definition), one.definition.key
    drawn = [row.cells[key].value or 0 for row in one.rows]
    total = _line(_year(one.total.month), one.total, told) if one.total else None
    lines = tuple(_line(_month(row.month), row, told) for row in one.rows)
    newest = total or lines[0]
    now = Now(newest.numbers[key].text, told.columns[key].title, newest.name)
    return Table(
        told, tuple(column.title for column in told.columns), now, lines, total,
        100 if told.columns[key].kind is Kind.PERCENT else max(drawn) or 1,
    )  # fmt: skip


def _translated(one: Definition) -> Definition:
    return replace(
        one, title=gettext(one.title), text=gettext(one.text), numerator=gettext(one.numerator),
        denominator=gettext(one.denominator), unit=gettext(one.unit), caveat=gettext(one.caveat),
        columns=tuple(column._replace(title=gettext(column.title)) for column in one.columns),
    )  # fmt: skip


def _month(number: int) -> str:
    return dates.month_name(number // 100, number % 100)


def _year(number: int) -> str:
    return gettext("Hele %(year)d") % {"year": number}


def _line(name: str, row: Row, told: Definition) -> Line:
    numbers = (_number(cell, column) for cell, column in zip(row.cells, told.columns, strict=True))
    return Line(name, tuple(numbers))


def _number(cell: Cell, column: Column) -> Number:
    if cell.value is None:
        return Number(_mark(cell))
    text = _written(cell.value, column.kind)
    text = text if get_language() != "en" else text.replace(",", ".")
    return Number(f"{text} %" if column.kind is Kind.PERCENT else text, cell.value)


def _mark(cell: Cell) -> str:
    return str(MARKS[cell.mark]) % {"number": FEWEST} if cell.mark is Mark.FEW else str(MARKS[cell.mark])


def _written(value: float, kind: Kind) -> str:
    return danish(value, 1 if kind is Kind.DECIMAL else 0)


# -- across units ------------------------------------------------------------------------------------------------------


class Compared(NamedTuple):
    """One measure, unit by unit: the newest numbers that there are. `lines`: unit and its numbers."""

    definition: Definition
    titles: tuple[str, ...]
    when: str
    lines: tuple[tuple[UnitName, tuple[Number, ...]], ...]


def compared(found: Sequence[OfUnit]) -> list[Compared]:
    return [_compared(found, at) for at in range(len(found[0].measures))] if found else []


def _compared(found: Sequence[OfUnit], at: int) -> Compared:
    first = found[0].measures[at]
    told = _translated(first.definition)
    when = _year(first.total.month) if first.total else _month(first.newest.month)
    lines = tuple((one.unit, _line("", one.measures[at].newest, told).numbers) for one in found)
    return Compared(told, tuple(column.title for column in told.columns), when, lines)


# -- as a file ---------------------------------------------------------------------------------------------------------

_FORMULA = tuple("=+-@\t\r")


def sheet(found: Iterable[Measured]) -> str:
    """A line a month and one for the last whole year. The head has the ids of the measures and their numbers."""
    return _written_as_csv(_lines(list(found)))


def sheet_of_units(found: Iterable[OfUnit]) -> str:
    """The same of several units, one after the other: before each line its unit's name."""
    return _written_as_csv(_lines_of_units(found))


def _lines_of_units(found: Iterable[OfUnit]) -> Iterator[list[str]]:
    for number, one in enumerate(found):
        head, *lines = _lines(list(one.measures))
        if not number:
            yield ["unit", *head]
        yield from ([one.unit.name, *line] for line in lines)


def _written_as_csv(lines: Iterable[list[str]]) -> str:
    """As Danish spreadsheets read it: a byte order mark, semicolons, decimal commas."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_safe(text) for text in line] for line in lines)
    return "\ufeff" + out.getvalue()


def _lines(found: list[Measured]) -> Iterator[list[str]]:
    yield ["month", *(f"{one.definition.id}.{column.id}" for one in found for column in one.definition.columns)]
    for rows in zip(*(one.rows for one in found), strict=True):
        yield [f"{rows[0].month // 100}-{rows[0].month % 100:02}", *_values(found, rows)]
    year = next((one.total.month for one in found if one.total), None)
    if year is not None:
        yield [f"{year}", *_values(found, [one.total for one in found])]


def _values(found: list[Measured], rows: Iterable[Row | None]) -> Iterator[str]:
    for one, row in zip(found, rows, strict=True):
        for at, column in enumerate(one.definition.columns):
            yield "" if row is None else _value(row.cells[at], column)


def _value(cell: Cell, column: Column) -> str:
    return _mark(cell) if cell.value is None else _written(cell.value, column.kind)


def _safe(text: str) -> str:
    """What a spreadsheet would take for a formula is told to be text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
