"""The threads that run the application, on one core (ADR 41).

Only one of them runs Python at a time. Spread over the cores, one hands over to another that must first be woken
there, at each call of the database; on one core they take turns. The threads of the server that read from the network
and write to it run wherever there is room.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""WSGI (PEP 3333)."""

EVERY = 5.0
"""Seconds between two looks at what others do on the cores."""
WORTH = 0.25
"""Of a core: how much less others must do on another one before the threads move there."""


class Used(NamedTuple):
    """What the kernel has counted so far, in ticks: of each core (all, and busy), and of the threads that share one."""

    all: Mapping[int, int]
    busy: Mapping[int, int]
    ours: int


def others(now: int, before: Used, after: Used) -> dict[int, float]:
    """What others did on each core meanwhile, 0 to 1, when ours were on core `now`."""
    found = {}
    for core, ticks in after.all.items():
        ours = after.ours - before.ours if core == now else 0
        busy = after.busy[core] - before.busy[core] - ours
        found[core] = max(0.0, busy / max(1, ticks - before.all[core]))
    return found


def better(now: int, load: Mapping[int, float]) -> int:
    """The core to be on, by what others do on each."""
    least = min(load, key=lambda core: load[core])
    return least if load[now] - load[least] > WORTH else now


class Core:
    """A core that threads share: one of those that the process may use (`may`)."""

    def __init__(self, may: Iterable[int]) -> None:
        self._may = sorted(may)
        self._now = self._may[os.getpid() % len(self._may)]  # not all servers of a machine on the same one
        self._threads: set[int] = set()
        self._lock = threading.Lock()

    def join(self, thread: int) -> None:
        """`thread`: its number in the kernel."""
        with self._lock:
            self._threads.add(thread)
            self._place(thread)

    def watch(self) -> None:
        """Moves the threads away from others, for as long as the process lives."""
        after = self._used()
        while True:
            time.sleep(EVERY)
            before, after = after, self._used()
            with self._lock:
                self._now = better(self._now, others(self._now, before, after))
                for thread in list(self._threads):
                    self._place(thread)

    def _place(self, thread: int) -> None:
        try:
            os.sched_setaffinity(thread, {self._now})
        except OSError:  # it has ended, or may not be moved: it runs wherever it does
            self._threads.discard(thread)

    def _used(self) -> Used:
        """proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal of each core."""
        every = {}
        for line in Path("/proc/stat").read_text().splitlines():
            name, *ticks = line.split()
            if name.startswith("cpu") and name[3:].isdigit() and int(name[3:]) in self._may:
                every[int(name[3:])] = [int(one) for one in ticks[:8]]
        with self._lock:
            ours = sum(map(_ticks, self._threads))
        return Used(
            {core: sum(ticks) for core, ticks in every.items()},
            {core: sum(ticks) - ticks[3] - ticks[4] for core, ticks in every.items()},
            ours,
        )


def _ticks(thread: int) -> int:
    """What a thread of this process has used (proc_pid_stat(5), fields 14 and 15); 0 when it has ended."""
    try:
        fields = Path(f"/proc/self/task/{thread}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(fields[11]) + int(fields[12])


def on_one_core(served: Application) -> Application:
    """The application, whose threads share a core; as it is where there is only one, and on systems that have no such
    thing as being on a core."""
    may = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(may) < 2:
        return served
    core, thread = Core(may), threading.local()
    threading.Thread(target=core.watch, name="core", daemon=True).start()

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not hasattr(thread, "joined"):
            thread.joined = True
            core.join(threading.get_native_id())
        return served(environ, start)

    return application
