"""Keeping what is made of things that can't be hashed. Pure."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Same:
    """Equal when they are the very same objects, whatever they say."""

    __slots__ = ("things",)

    def __init__(self, things: tuple[Any, ...]) -> None:
        self.things = things

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and all(map(_is, self.things, other.things))

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.things)))


def _is(one: object, other: object) -> bool:
    return one is other


def kept(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """`lru_cache` by which objects something is made of, for mappings that nobody changes afterwards. They are kept
    too, so another object never has the place of one that is asked by."""

    def keep(make: Callable[P, T]) -> Callable[P, T]:
        plain: Callable[..., T] = make

        @lru_cache(maxsize=most)
        def made(same: _Same) -> T:
            return plain(*same.things)

        @wraps(make)
        def found(*things: P.args, **_: P.kwargs) -> T:
            return made(_Same(things))

        return found

    return keep
