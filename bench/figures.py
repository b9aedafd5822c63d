"""Figures: several runs, the median to quote, and the ratio to something measured in the same run."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. `values` in `unit`, one a run."""

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def as_dict(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "median": self.median,
            "min": min(self.values),
            "max": max(self.values),
            "runs": len(self.values),
        }

    def line(self) -> str:
        spread = f"(min {min(self.values):,.2f}, max {max(self.values):,.2f})"
        return f"  {self.name:<46} {self.median:>12,.2f} {self.unit}   {spread}"


def in_turn(runs: int, **acts: Callable[[], Any]) -> dict[str, tuple[float, ...]]:
    """Milliseconds of each act, measured A B A B ..., so that the machine's moods fall on all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for run in range(runs + 1):
        for name, act in acts.items():
            started = time.perf_counter()
            act()
            if run:  # the first round warms up
                taken[name].append((time.perf_counter() - started) * 1000)
    return {name: tuple(values) for name, values in taken.items()}


def ratio(over: Figure, under: Figure) -> float:
    return over.median / under.median


def rate(count: int, seconds: Sequence[float]) -> tuple[float, ...]:
    return tuple(count / one for one in seconds)
