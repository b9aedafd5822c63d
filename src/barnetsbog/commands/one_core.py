"""The threads that serve systems share a core while several are served at once (ADR 41).

Only one of them runs Python at a time. Spread over the cores, one hands over to another that must first be woken
there, at each call of the database; on one core they take turns. Who is served alone runs wherever there is room, and
so do the threads of the server that read from the network and write to it.
"""

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Core:
    """What threads that serve share. `may`: the cores that the process may use; `place` puts a thread, by its number in
    the kernel, on some cores; `where` says on which one it runs."""

    def __init__(
        self, may: set[int], place: Callable[[int, set[int]], None], where: Callable[[int], int | None]
    ) -> None:
        self._may, self._place, self._where = may, place, where
        self._serving: list[int] = []
        self._placed: set[int] = set()
        self._core: int | None = None
        self._lock = threading.Lock()

    def begin(self, thread: int) -> None:
        """The thread serves. The second at a time comes to the core that the first is on."""
        with self._lock:
            self._serving.append(thread)
            if len(self._serving) == 1:
                return
            if self._core is None:
                self._core = self._where(self._serving[0])
            if self._core is not None:
                for one in self._serving:
                    if one not in self._placed:
                        self._place(one, {self._core})
                        self._placed.add(one)

    def end(self, thread: int) -> None:
        """The thread has served. When nobody is served any more, all are free again."""
        with self._lock:
            self._serving.remove(thread)
            if not self._serving and self._placed:
                for one in self._placed:
                    self._place(one, self._may)
                self._placed.clear()
                self._core = None


def on_one_core(served: WSGIApplication, shares: Callable[[str], bool]) -> WSGIApplication:
    """The application, whose threads share a core for the paths that `shares` says; as it is where there is only one,
    and on systems that have no such thing as being on a core."""
    may = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if len(may) < 2:
        return served
    core = Core(may, _place, _where)

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not shares(environ.get("PATH_INFO", "")):
            return served(environ, start)
        thread = threading.get_native_id()
        core.begin(thread)
        try:
            return served(environ, start)
        finally:
            core.end(thread)

    return application


def _place(thread: int, cores: set[int]) -> None:
    try:
        os.sched_setaffinity(thread, cores)
    except OSError:  # it has ended, or may not be moved: it runs wherever it does
        return


def _where(thread: int) -> int | None:
    """proc_pid_stat(5), field 39. None when the thread has ended."""
    try:
        fields = Path(f"/proc/self/task/{thread}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[36])
