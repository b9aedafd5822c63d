"""Reading single values out of a story file, and saying in Danish what is wrong with one.

A parser takes what YAML made of the value and gives the typed value back, or raises `Unreadable` with words a writer
can act on. `Fields` walks one mapping: each key is taken once, faults are collected instead of stopping at the first,
and what nobody took at the end is an unknown key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from barnetsbog.demo.model import Moment

T = TypeVar("T")
Parse = Callable[[Any], T]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(:\d{2})?")
_DEMO_CPR = re.compile(r"\d{6}-99\d{2}")
_DEMO_PHONE = re.compile(r"00 00 00 \d{2}")


class Unreadable(ValueError):
    """A value that can't be used, with the reason in Danish."""


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unreadable("skal være en tekst (sæt den i anførselstegn, hvis den ligner et tal)")
    return " ".join(value.split())


def prose(value: Any) -> str:
    """A text where the writer's paragraphs are kept."""
    text(value)
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", str(value).strip()))


def moment(value: Any) -> Moment:
    """YAML knows a bare day and a time with seconds; `2026-03-03T10:00` reaches us as a string."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return value
    written = str(value)
    try:
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
        if _MINUTE.fullmatch(written):
            return _minute(written)
    except ValueError:
        pass
    raise Unreadable(f"»{written}« er ikke en dato (skriv 2026-03-03 eller 2026-03-03T10:00)")


def _minute(written: str) -> datetime:
    day, clock = re.split("[T ]", written)
    return datetime.fromisoformat(f"{day}T{clock.zfill(5 if clock.count(':') == 1 else 8)}")


def day(value: Any) -> date:
    found = moment(value)
    if isinstance(found, datetime):
        raise Unreadable("skal være en dag uden klokkeslæt")
    return found


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"»{value}« skal være et helt tal")
    return value


def score(value: Any) -> int | float | str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable(f"»{value}« skal være et tal eller et kort svar")
    return value


def yes_no(value: Any) -> bool:
    known = {"ja": True, "nej": False, True: True, False: False}
    if not isinstance(value, str | bool) or value not in known:
        raise Unreadable(f"»{value}« skal være ja eller nej")
    return known[value]


def cpr(value: Any) -> str:
    if not isinstance(value, str) or not _DEMO_CPR.fullmatch(value):
        raise Unreadable(f"»{value}« skal være af demoserien, som 670517-9902")
    return value


def phone(value: Any) -> str:
    if not isinstance(value, str) or not _DEMO_PHONE.fullmatch(value):
        raise Unreadable(f"»{value}« skal være et nummer i 00-serien, som 00 00 00 11")
    return value


def one_of(words: Iterable[str]) -> Parse[str]:
    known = tuple(words)

    def parse(value: Any) -> str:
        if value not in known:
            raise Unreadable(f"»{value}« kendes ikke her (vælg {', '.join(known)})")
        return str(value)

    return parse


def listed(parse: Parse[T]) -> Parse[tuple[T, ...]]:
    """One value or a list of them: writers leave the brackets out when there is only one."""

    def parse_all(value: Any) -> tuple[T, ...]:
        return tuple(parse(item) for item in (value if isinstance(value, list) else [value]))

    return parse_all


def answers(value: Any) -> dict[str, tuple[Any, ...]]:
    """What somebody has written or chosen in a form, by question."""
    if not isinstance(value, Mapping):
        raise Unreadable("skal være spørgsmål med svar")
    return {str(question): listed(_answer)(said) for question, said in value.items()}


def _answer(value: Any) -> str | int | float | bool:
    if isinstance(value, bool):
        return value
    return prose(value) if isinstance(value, str) else score(value)


class Fields:
    """One mapping of a file, read key by key."""

    def __init__(self, raw: Any, where: str, faults: list[str]) -> None:
        self.where = where
        self._faults = faults
        self._raw: dict[str, Any] = dict(raw) if isinstance(raw, Mapping) else {}
        self._taken: set[str] = set()
        self.ok = isinstance(raw, Mapping)
        if not self.ok:
            self.fault("skal være felter med navn og værdi")

    def fault(self, message: str, key: str | None = None) -> None:
        self.ok = False
        field = f", felt `{key}`" if key else ""
        self._faults.append(f"{self.where}{field}: {message}")

    def take(self, key: str, parse: Parse[Any]) -> Any:
        """The value of a key that must be there; None only when a fault has been noted."""
        if self._raw.get(key) is None:
            self._taken.add(key)
            self.fault("mangler", key)
            return None
        return self.maybe(key, parse)

    def maybe(self, key: str, parse: Parse[Any], otherwise: Any = None) -> Any:
        self._taken.add(key)
        value = self._raw.get(key)
        if value is None:
            return otherwise
        try:
            return parse(value)
        except Unreadable as fault:
            self.fault(str(fault), key)
            return otherwise

    def given(self, parsers: Mapping[str, Parse[Any]]) -> dict[str, Any]:
        """Only those of the named keys that the writer has written."""
        present = [key for key in parsers if self._raw.get(key) is not None]
        self._taken.update(parsers)
        return {key: self.maybe(key, parsers[key]) for key in present}

    def has(self, key: str) -> bool:
        return self._raw.get(key) is not None

    def raw(self, key: str) -> Any:
        self._taken.add(key)
        return self._raw.get(key)

    def done(self) -> bool:
        """True when every key was known and every value could be read."""
        for key in self._raw:
            if key not in self._taken:
                self.fault("kendes ikke", str(key))
        return self.ok
