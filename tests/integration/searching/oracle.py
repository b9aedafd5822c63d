"""A search answered the slow way: the official expressions, evaluated by fhirpathpy on every resource, and the words of
FHIR R4 §3.1.1 in plain Python. It shares no code with the search but the list of official parameters."""

import re
import unicodedata
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from fhirpathpy import compile as compile_expression

from barnetsbog.fhir.definitions import pack, parameter, primitive_types, shape
from tests.builders import Json

DENMARK = ZoneInfo("Europe/Copenhagen")
_FAR = 2**62
DIRECTORY = "00000000-0000-0000-0000-000000000000"
_SPELLED = {"å": "aa", "æ": "ae", "ø": "oe"}


def parts(expression: str, kind: str) -> list[str]:
    """The parts of a union that speak of a type, without `resolve()`, and with `as` as a function of several values."""
    found, depth, start = [], 0, 0
    for place, letter in enumerate(f"{expression}|"):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and not depth:
            found.append(expression[start:place].strip())
            start = place + 1
    mine = [re.sub(r"^(Domain)?Resource\b", kind, one) for one in found]
    return [_without_oddities(one) for one in mine if re.match(rf"\(?{kind}\b", one)]


def _without_oddities(path: str) -> str:
    """What the interpreter does not know, or knows of single values only."""
    path = re.sub(r"\.?where\(resolve\(\) is \w+\)", "", re.sub(r"\((\S+) as (\w+)\)", r"\1.ofType(\2)", path))
    return path.replace(".as(", ".ofType(").replace("DateTime)", "dateTime)")


@cache
def _compiled(expression: str) -> Any:
    return compile_expression(expression)


def values(resource: Json, name: str) -> list[Any]:
    """What the official expression finds, narrowed by hand to the type that `resolve()` asks for."""
    kind = resource["resourceType"]
    known = parameter(kind, name)
    assert known
    found: list[Any] = []
    for part in parts(known.expression, kind):
        found += [one for one in _compiled(part)(resource) if one not in found]
    only = set(re.findall(rf"{kind}\.[^|]*resolve\(\) is (\w+)", known.expression))
    return [one for one in found if not only or re.search(rf"(^|/)({'|'.join(only)})/", str(one.get("reference", "")))]


# -- kinds of values -------------------------------------------------------------------------------------------------


def tokens(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, bool):
        return [("", str(value).lower())]
    if not isinstance(value, dict):
        return [("", str(value))]
    codings = value.get("coding", ()) if "coding" in value or "text" in value else [value]
    if "value" in value:  # an identifier, a telephone number
        codings = [{"system": value.get("system", ""), "code": value["value"]}]
    return [(one.get("system", ""), one["code"]) for one in codings if "code" in one]


def folded(text: str) -> str:
    plain = "".join(_SPELLED.get(letter, letter) for letter in text.casefold().replace("»", " ").replace("«", " "))
    plain = "".join(one for one in unicodedata.normalize("NFD", plain) if not unicodedata.combining(one))
    return re.sub(r"\s+", " ", plain).strip()


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    members = (
        "text",
        "family",
        "given",
        "prefix",
        "suffix",
        "line",
        "city",
        "district",
        "state",
        "postalCode",
        "country",
    )
    found = [value.get(name, ()) for name in members] if isinstance(value, dict) else []
    return [one for some in found for one in ([some] if isinstance(some, str) else some) if one]


def _micro(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))) // timedelta(microseconds=1)


def stretch(text: str) -> tuple[int, int]:
    """First and last microsecond of a date, at the precision that it has."""
    if "T" not in text:
        year, month, day = (int(part) for part in (text + "-0-0").split("-")[:3])
        first = datetime(year, month or 1, day or 1, tzinfo=DENMARK)
        after = (year + 1, 1, 1) if not month else (year + month // 12, month % 12 + 1, 1) if not day else None
        last = (
            datetime(*after, tzinfo=DENMARK)
            if after
            else (first.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=DENMARK)
        )
        return _micro(first), _micro(last) - 1
    told = datetime.fromisoformat(text)
    moment = _micro(told if told.tzinfo else told.replace(tzinfo=DENMARK))
    if re.search(r"\.\d", text):
        return moment, moment
    return moment, moment + (60_000_000 if re.search(r"T\d\d:\d\d($|Z|[+-])", text) else 1_000_000) - 1


def _told(text: str) -> tuple[int, int]:
    """Of a resource: a moment is a moment."""
    first, last = stretch(text)
    return (first, last) if "T" not in text else (first, first)


def times(value: Any) -> list[tuple[int, int]]:
    if isinstance(value, dict) and ("event" in value or "repeat" in value):
        events = [_told(one) for one in value.get("event", ())]
        bounds = times((value.get("repeat") or {}).get("boundsPeriod") or {})
        return ([(min(low for low, _ in events), max(high for _, high in events))] if events else []) + bounds
    if isinstance(value, dict):
        if not value.keys() & {"start", "end"}:
            return []
        return [
            (
                _told(value["start"])[0] if "start" in value else -_FAR,
                _told(value["end"])[1] if "end" in value else _FAR,
            )
        ]
    return [_told(str(value))]


def amounts(value: Any) -> list[tuple[float, float, str, set[str]]]:
    """Low, high, system, and what the unit is called."""
    if not isinstance(value, dict):
        return [(float(value), float(value), "", set())]
    if value.keys() & {"low", "high"}:
        low, high = value.get("low") or {}, value.get("high") or {}
        unit = low or high
        return [
            (float(low.get("value", "-inf")), float(high.get("value", "inf")), unit.get("system", ""), _units(unit))
        ]
    return (
        [(float(value["value"]), float(value["value"]), value.get("system", ""), _units(value))]
        if "value" in value
        else []
    )


def _units(value: Json) -> set[str]:
    return {value[name] for name in ("code", "unit", "currency") if name in value}


def addresses(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [value["reference"]] if "reference" in value else []


# -- one parameter ---------------------------------------------------------------------------------------------------


def pieces(value: str, mark: str) -> list[str]:
    """Cut at each mark that no backslash stands before, backslashes left."""
    found, last = [""], ""
    for letter in value:
        if letter == mark and last != "\\":
            found.append("")
        else:
            found[-1] += letter
        last = "" if last == "\\" else letter
    return found


def clear(text: str) -> str:
    return re.sub(r"\\([,|$\\])", r"\1", text)


def compare(prefix: str, low: float, high: float, first: float, last: float, *, point: float | None = None) -> bool:
    """A stretch of the resource with the one that is asked for; `point`: of a number, which prefixes take as exact."""
    inside = first <= low and (high <= last if point is None else high < last)
    if prefix == "eq":
        return inside
    if prefix == "ne":
        return not inside
    below, above = (first, last) if point is None else (point, point)
    return {
        "gt": high > above, "lt": low < below,
        "ge": high > above or (inside if point is None else high >= point),
        "le": low < below or (inside if point is None else low <= point),
        "sa": low > above, "eb": high < below,
    }[prefix]  # fmt: skip


def one_value(kind: str, found: list[Any], value: str, modifier: str, resource_kind: str, name: str) -> bool:
    """Whether one of the values that a resource has answers one that is asked for."""
    prefix, rest = (value[:2], value[2:]) if re.match(r"(eq|ne|gt|lt|ge|le|sa|eb)", value) else ("eq", value)
    if kind == "token" and modifier == "text":
        return any(folded(text).startswith(folded(clear(value))) for one in found for text in labels(one))
    if kind == "token":
        return any(token_fits(pair, value, resource_kind, name) for one in found for pair in tokens(one))
    if kind == "string":
        return any(text_fits(text, clear(value), modifier) for one in found for text in texts(one))
    if kind == "date":
        first, last = stretch(rest)
        return any(compare(prefix, low, high, first, last) for one in found for low, high in times(one))
    if kind in ("quantity", "number"):
        digits, *unit = (clear(one) for one in pieces(rest, "|"))
        half = Decimal(5).scaleb(int(Decimal(digits).as_tuple().exponent) - 1)
        first, last = float(Decimal(digits) - half), float(Decimal(digits) + half)
        system, code = unit or ("", "")
        return any(
            compare(prefix, low, high, first, last, point=float(digits)) and (not system or (said == system and code in called)) and (not code or code in called)
            for one in found for low, high, said, called in amounts(one)
        )  # fmt: skip
    if kind == "uri":
        asked = clear(value)
        return any(uri_fits(one, asked, modifier) for one in found)
    assert kind == "reference", kind
    asked = clear(value).removeprefix("https://bog.example/fhir/")
    asked = f"{modifier}/{asked}" if modifier and "/" not in asked else asked
    fits = [address for one in found for address in addresses(one)]
    if "/" in asked or ":" in asked:
        return any(one == asked or one.startswith(f"{asked}|") for one in fits)
    return any(re.fullmatch(rf"[A-Za-z]+/{re.escape(asked)}", one) for one in fits)


def token_fits(pair: tuple[str, str], value: str, kind: str, name: str) -> bool:
    parts = [clear(one) for one in pieces(value, "|")]
    system, code = pair
    if len(parts) == 1:
        return code == parts[0]
    bound = binding(kind, name)
    return (system == parts[0] or (not system and parts[0] in bound)) and (not parts[1] or code == parts[1])


@cache
def binding(kind: str, name: str) -> frozenset[str]:
    """The code systems of an element of type `code`."""
    known = parameter(kind, name)
    assert known
    found: set[str] = set()
    for path in parts(known.expression, kind):
        owner, _, last = path.rpartition(".")
        if re.fullmatch(r"[\w.]+", path) and owner not in primitive_types():
            try:
                element = shape(owner).elements[last]
            except (KeyError, StopIteration):
                continue
            found |= set(pack()["codes"][element.codes]) if element.codes and element.types == ("code",) else set()
    return frozenset(found)


def labels(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    concept = value.get("type", {}) if "value" in value else value
    return [
        one
        for one in [
            concept.get("text"),
            concept.get("display") if "coding" not in concept else None,
            *(coding.get("display") for coding in concept.get("coding", ())),
        ]
        if one
    ]


def text_fits(text: str, asked: str, modifier: str) -> bool:
    if modifier == "exact":
        return text == asked
    return folded(asked) in folded(text) if modifier == "contains" else folded(text).startswith(folded(asked))


def uri_fits(address: str, asked: str, modifier: str) -> bool:
    if modifier == "below":
        return address == asked or address.startswith(asked.rstrip("/") + "/")
    if modifier == "above":
        return (
            address == asked or asked.startswith(address.rstrip("/") + "/") or asked.rstrip("/") == address.rstrip("/")
        )
    return address == asked or address.startswith(f"{asked}|")


# -- a search --------------------------------------------------------------------------------------------------------


class Oracle:
    """Everything that may be read: `Type/id` -> resource, and whose book each is in. A chain leads to what is in the same
    book, or in the directory."""

    def __init__(self, resources: dict[str, Json], books: dict[str, str]) -> None:
        self.resources, self.books = resources, books

    def _leads(self, one: Json, there: Json) -> bool:
        return self.books[there["id"]] in (self.books[one["id"]], DIRECTORY)

    def find(self, kind: str, pairs: list[tuple[str, str]]) -> set[str]:
        return {
            one["id"] for one in self.resources.values()
            if one["resourceType"] == kind and all(self.meets(one, key, value) for key, value in pairs)
        }  # fmt: skip

    def meets(self, resource: Json, key: str, value: str) -> bool:
        kind = resource["resourceType"]
        if key.startswith("_has:"):
            _, other, name, rest = key.split(":", 3)
            mine = f"{kind}/{resource['id']}"
            return any(
                mine in (a for one in values(each, name) for a in addresses(one)) and self._leads(each, resource) and self.meets(each, rest, value)
                for each in self.resources.values() if each["resourceType"] == other
            )  # fmt: skip
        head, dot, rest = key.partition(".")
        if dot:
            name, _, only = head.partition(":")
            there = [self.resources.get(a) for one in values(resource, name) for a in addresses(one)]
            return any(
                self.meets(one, rest, value) for one in there
                if one and self._leads(resource, one) and only in ("", one["resourceType"]) and parameter(one["resourceType"], re.split("[.:]", rest)[0])
            )  # fmt: skip
        name, _, modifier = key.partition(":")
        known = parameter(kind, name)
        assert known, key
        if known.kind == "composite":
            return any(self.composed(resource, name, one) for one in pieces(value, ","))
        found = values(resource, name)
        if modifier == "missing":
            return bool(found) is (value == "false")
        said = any(one_value(known.kind, found, one, modifier, kind, name) for one in pieces(value, ","))
        return not said if modifier == "not" else said

    def composed(self, resource: Json, name: str, value: str) -> bool:
        kind = resource["resourceType"]
        known = parameter(kind, name)
        assert known
        asked = pieces(value, "$")
        for path in parts(known.expression, kind):
            count = len(_compiled(path)(resource)) if path != kind else 1
            for number in range(count):
                here = path if path == kind else f"{path}[{number}]"
                if all(
                    one_value(parameter(kind, code).kind, self._at(resource, here, where), one, "", kind, code)  # type: ignore[union-attr]
                    for (code, where), one in zip(known.components, asked, strict=True)
                ):
                    return True
        return False

    def _at(self, resource: Json, here: str, where: str) -> list[Any]:
        union = where.replace(".as(", ".ofType(").replace("DateTime", "dateTime").split("|")
        return [value for part in union for value in _compiled(f"{here}.{part.strip()}")(resource)]
