"""Figures: several runs, the median to quote, and the ratio to something measured in the same run.

A ratio is taken run by run and not of two medians: what is measured in turn shares the moods of the machine, and they
fall out.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Taken(NamedTuple):
    """What a piece of work took: seconds by the clock, and of the processor, for the process that was busiest."""

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. `values` in `unit`, one a run. `least` and `most`: what is wanted of the median, if anything
    is."""

    name: str
    unit: str
    values: tuple[float, ...]
    least: float | None = None
    most: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def reached(self) -> bool | None:
        """Whether the goal was reached; None when there is none."""
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.median >= self.least) and (self.most is None or self.median <= self.most)

    def as_dict(self) -> dict[str, Any]:
        return {
            "unit": self.unit, "median": self.median, "min": min(self.values), "max": max(self.values),
            "runs": len(self.values), "values": self.values, "least": self.least,
            "most": self.most, "reached": self.reached,
        }  # fmt: skip

    def line(self) -> str:
        spread = f"(min {min(self.values):,.2f}, max {max(self.values):,.2f})"
        return f"  {self.name:<52} {self.median:>10,.2f} {self.unit:<2}  {spread}{self._verdict()}"

    def _verdict(self) -> str:
        if self.reached is None:
            return ""
        wanted = f"mindst {self.least:g}" if self.least is not None else f"højst {self.most:g}"
        return f"  {wanted}: {'nået' if self.reached else 'IKKE NÅET'}"


@dataclass(slots=True)
class Result:
    """What one part of the measurement found."""

    figures: list[Figure] = field(default_factory=list)
    ratios: list[Figure] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.figures += other.figures
        self.ratios += other.ratios

    def as_dict(self) -> dict[str, Any]:
        return {
            "figures": {one.name: one.as_dict() for one in self.figures},
            "ratios": {one.name: one.as_dict() for one in self.ratios},
        }


def ratio(name: str, over: Figure, under: Figure, *, least: float | None = None, most: float | None = None) -> Figure:
    """Run by run. Something measured once only, like a size, is set against every run of the other."""
    runs = max(len(over.values), len(under.values))
    pairs = zip(_stretched(over.values, runs), _stretched(under.values, runs), strict=True)
    return Figure(name, "x", tuple(a / b for a, b in pairs), least, most)


def _stretched(values: tuple[float, ...], runs: int) -> tuple[float, ...]:
    return values * runs if len(values) == 1 else values


def in_turn(runs: int, acts: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, ...]]:
    """Milliseconds of each act, measured A B A B ..., so that the machine's moods fall on all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for run in range(runs + 1):
        for name, act in acts.items():
            started = time.perf_counter()
            act()
            if run:  # the first round warms up
                taken[name].append((time.perf_counter() - started) * 1000)
    return {name: tuple(values) for name, values in taken.items()}


def rate(count: int, seconds: Sequence[float]) -> tuple[float, ...]:
    return tuple(count / one for one in seconds)
