"""Putting back what a writer could not see.

Whoever changes an entry sends what they read of it, changed. What had been left out of what they read (`leading`) is
put back where it stood, and what they have taken out themselves stays out. Pure.
"""

from collections.abc import Sequence
from typing import Any

from barnetsbog.kernel import exact

from .outward import MASKED

Resource = dict[str, Any]

_NOTHING: Any = object()


def restored(stored: Any, shown: Any, sent: Any) -> Any:
    """What is sent, with what is `stored` and was not `shown`."""
    if shown is not _NOTHING and exact.same(stored, shown):
        return sent
    if shown is not _NOTHING and exact.same(sent, shown):
        return stored
    if isinstance(stored, dict) and isinstance(shown, dict) and isinstance(sent, dict):
        return _members(stored, shown, sent)
    if isinstance(stored, list) and isinstance(sent, list):
        return _items(stored, [] if shown is _NOTHING else shown, sent)
    return sent


def _members(stored: Resource, shown: Resource, sent: Resource) -> Resource:
    found = dict(sent)
    for name, value in stored.items():
        was = shown.get(name, _NOTHING)
        if name in sent:
            found[name] = restored(value, was, sent[name])
        elif was is _NOTHING:
            found[name] = value
        elif isinstance(value, list) and (hidden := restored(value, was, [])):
            found[name] = hidden
    return found


def _items(stored: Sequence[Any], shown: Sequence[Any], sent: Sequence[Any]) -> list[Any]:
    """Each of what was not shown stands behind what it stood behind."""
    told, place = _told(stored, shown), _place(shown, sent)
    found, behind, last = list(sent), dict[int, list[Any]](), -1
    for at, one in enumerate(stored):
        if at not in told:
            if not any(exact.same(one, other) for other in sent):  # its writer has it from before it was hidden
                behind.setdefault(last, []).append(one)
        elif (there := place.get(told[at])) is not None:
            found[there], last = restored(one, shown[told[at]], sent[there]), there
    return [*behind.get(-1, ()), *(one for at, item in enumerate(found) for one in (item, *behind.get(at, ())))]


def _told(stored: Sequence[Any], shown: Sequence[Any]) -> dict[int, int]:
    """Which of what was shown each of what is stored is."""
    found = dict[int, int]()
    for at, one in enumerate(stored):
        if len(found) < len(shown) and _is_left_of(shown[len(found)], one):
            found[at] = len(found)
    return found


def _is_left_of(shown: Any, stored: Any) -> bool:
    """Whether the one is the other, or the other with something left out."""
    if isinstance(shown, dict) and isinstance(stored, dict):
        if shown == MASKED:
            return True
        return all(name in stored and _is_left_of(one, stored[name]) for name, one in shown.items())
    if isinstance(shown, list) and isinstance(stored, list):
        return len(_told(stored, shown)) == len(shown)
    return exact.same(shown, stored)


def _place(shown: Sequence[Any], sent: Sequence[Any]) -> dict[int, int]:
    """Where each of what was shown is in what is sent: what is unchanged first, and then, when as many have been
    changed as are there, those in order."""
    found, free = dict[int, int](), list(range(len(sent)))
    for at, one in enumerate(shown):
        if (same := next((there for there in free if exact.same(sent[there], one)), None)) is not None:
            found[at] = same
            free.remove(same)
    changed = [at for at in range(len(shown)) if at not in found]
    return found | (dict(zip(changed, free, strict=True)) if len(changed) == len(free) else {})
