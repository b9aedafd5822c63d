"""Which operations there are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from .. import kinds
from ..model import Answer, Ask

Carry = Callable[[Ask, str, str], Answer]
"""An operation: the request, the type (empty: the whole system) and the id (empty: the type)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` without its $. `types`: of which types; empty: of all that are stored. `system`, `of_type`, `of_one`: at
    which levels. `changes`: it is asked for by POST only. `lines`: it answers line by line (NDJSON) when that is asked
    for; `takes_lines`: such is what is sent to it. `definition`: the canonical address of its OperationDefinition."""

    name: str
    carry_out: Carry
    definition: str
    types: frozenset[str] = frozenset()
    system: bool = False
    of_type: bool = False
    of_one: bool = False
    changes: bool = False
    lines: bool = False
    takes_lines: bool = False

    def at(self, kind: str, ident: str) -> bool:
        """Whether it is there at this level."""
        if not kind:
            return self.system
        return (self.of_one if ident else self.of_type) and kind in (self.types or kinds.SERVED)


_FOUND: dict[str, Operation] = {}
"""By definition: one name may mean different things of different types."""


def add(operation: Operation) -> None:
    _FOUND[operation.definition] = operation


@cache
def load() -> dict[str, Operation]:
    """All of them, by the addresses of their definitions."""
    package = __name__.rpartition(".")[0]
    for module in iter_modules(import_module(package).__path__):
        if module.name != "registry":
            import_module(f"{package}.{module.name}")
    return _FOUND


def there(name: str, kind: str, ident: str) -> Operation | None:
    return next((one for one in load().values() if one.name == name and one.at(kind, ident)), None)


def asked_for(path: Sequence[str]) -> Operation | None:
    """The operation that an address ends with."""
    match path:
        case (name,) if name.startswith("$"):
            return there(name[1:], "", "")
        case (kind, name) if name.startswith("$"):
            return there(name[1:], kind, "")
        case (kind, ident, name) if name.startswith("$"):
            return there(name[1:], kind, ident)
    return None
