"""The answer as the page shows it: each door with how, why, whom to call, what to bring and what happens then."""

from collections.abc import Iterable
from dataclasses import dataclass

from barnetsbog.directory import queries as directory
from barnetsbog.directory.model import UnitName
from barnetsbog.routing.model import Advice, Door, DoorAdvice, Verdict
from barnetsbog.routing.rulebook import Rulebook

from ..words import Word
from .asking import Asked
from .words import URGENT, WAYS

MOST_PLACES = 6
"""Telephone numbers that are shown for one door."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One door on the page. `places`: whom to call, where the directory knows; `begin`: the same of who sends on."""

    advice: DoorAdvice
    how: Word
    places: tuple[UnitName, ...]
    begin: tuple[UnitName, ...]

    @property
    def should(self) -> bool:
        return self.advice.verdict is Verdict.SHOULD


@dataclass(frozen=True, slots=True)
class Closed:
    """Doors that are not the way, for one reason and with one right way instead."""

    doors: tuple[Door, ...]
    reason: str
    instead: Door | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer. `summary`: what was asked; `help`: others one can talk to; `urgent`: what urgency asks for
    besides. The acute door is the same on every answer, so the page has it above all."""

    summary: tuple[str, ...]
    first: Shown
    others: tuple[Shown, ...]
    closed: tuple[Closed, ...]
    help: tuple[str, ...]
    urgent: Word


def answer(asked: Asked, advice: Advice, book: Rulebook) -> Answer:
    """What the rules say, with names and telephone numbers from the directory."""
    places = _places(asked, advice)
    shown = [_shown(one, places) for one in advice.open]
    helps = (book.askers[asked.question.asker].help, book.suspicions[asked.question.suspicion].help)
    return Answer(
        asked.summary, shown[0], tuple(shown[1:]), _closed(advice), tuple(one for one in helps if one),
        URGENT.get(asked.question.urgency, ""),
    )  # fmt: skip


def _shown(advice: DoorAdvice, places: dict[str, tuple[UnitName, ...]]) -> Shown:
    begin = places.get(advice.via.id, ()) if advice.via else ()
    there = tuple(one for one in places.get(advice.door.id, ()) if one not in begin)
    return Shown(advice, WAYS.get(advice.way, "") if advice.way else "", there, begin)


def _closed(advice: Advice) -> tuple[Closed, ...]:
    alike: dict[tuple[str, Door | None], list[Door]] = {}
    for one in advice.closed:
        alike.setdefault((one.reason, one.instead), []).append(one.door)
    return tuple(Closed(tuple(doors), reason, instead) for (reason, instead), doors in alike.items())


def _places(asked: Asked, advice: Advice) -> dict[str, tuple[UnitName, ...]]:
    """The units behind each open door, by one question to the directory."""
    doors = [one.door for one in advice.open]
    municipality = asked.municipality.id if asked.municipality else None
    units = directory.places({sector for door in doors for sector in door.sectors}, municipality=municipality)
    return {door.id: _of(door, units) for door in doors}


def _of(door: Door, units: Iterable[UnitName]) -> tuple[UnitName, ...]:
    return tuple(one for one in units if one.sector in door.sectors and one.phone)[:MOST_PLACES]
