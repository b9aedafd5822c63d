"""What anybody can try in vain, as often as they like: it stands in the log, and whoever tries can't fill it."""

from threading import Lock

from barnetsbog.kernel.time import SECOND

FEW = 10
_HOUR = 3600 * SECOND


class InVain:
    """Counts how often something was tried in vain this hour, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._hour, self._times = -1, dict[str, int]()

    def times(self, at: int, by: str = "") -> int:
        """How often it has been, of somebody who is named, when the log is to say so: the first few times, and then
        whenever it is twice as often. Else 0."""
        with self._lock:
            if at // _HOUR != self._hour:
                self._hour, self._times = at // _HOUR, {}
            found = self._times[by] = self._times.get(by, 0) + 1
        return found if found <= FEW or found.bit_count() == 1 else 0
