"""What an operation is given and what it gives back: parameters in the address, or as a Parameters resource (FHIR R4
§3.2.0.1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from barnetsbog.fhir import check

from ..model import Answer, Ask, Resource
from ..negotiation import strict
from ..outcomes import fault, invalid
from ..paging import CURSOR

_SHAPING = frozenset(("_format", "_pretty", "_elements", "_summary", CURSOR))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every value that was given, by the name of its parameter. What stands in an address is text."""

    values: Mapping[str, Sequence[Any]]

    def text(self, name: str) -> str:
        """A plain value; empty when it isn't given."""
        found = self._one(name)
        if isinstance(found, bool):
            return str(found).lower()
        if isinstance(found, dict):
            raise _wrong(name, "skal være en enkelt værdi")
        return "" if found is None else str(found)

    def texts(self, name: str) -> list[str]:
        """What is given several times, or with commas between."""
        given = (one for one in self.values.get(name, ()) if isinstance(one, str))
        return [one for text in given for one in text.split(",") if one]

    def object(self, name: str) -> Resource | None:
        """A resource, or a value with parts (Coding, Reference)."""
        found = self._one(name)
        if found is not None and not isinstance(found, dict):
            raise _wrong(name, "kan kun gives i en Parameters-ressource")
        return found

    def flag(self, name: str) -> bool:
        found = self.text(name)
        if found not in ("", "true", "false"):
            raise _wrong(name, "skal være true eller false")
        return found == "true"

    def number(self, name: str) -> int | None:
        found = self.text(name)
        if found and not (found.isascii() and found.isdigit() and len(found) <= 9):
            raise _wrong(name, "skal være et tal")
        return int(found) if found else None

    def must(self, name: str) -> str:
        found = self.text(name)
        if not found:
            raise fault(400, "required", f"Parameteren {name} mangler.", f"http.{name}")
        return found

    def _one(self, name: str) -> Any:
        some = self.values.get(name, ())
        if len(some) > 1:
            raise _wrong(name, "kan kun gives én gang")
        return some[0] if some else None


def _wrong(name: str, text: str) -> Exception:
    return fault(400, "invalid", f"Parameteren {name} {text}.", f"http.{name}")


def inputs(ask: Ask, *known: str, body: str = "", checked: bool = True) -> Inputs:
    """What an operation is given. `known`: the names that it understands; others are a fault, or left out when the
    asker wants it lenient. `body`: the parameter that a resource is when it is sent by itself. `checked`: what is sent
    must be base R4."""
    found: dict[str, list[Any]] = {}
    for name, value in (*(pair for pair in ask.query if pair[0] not in _SHAPING), *_sent(ask, body, checked)):
        if name in known:
            found.setdefault(name, []).append(value)
        elif strict(ask):
            text = f"Operationen har ingen parameter, der hedder {name}. Den har {', '.join(known) or 'ingen'}."
            raise fault(400, "not-supported", text, f"http.{name}")
    return Inputs(found)


def _sent(ask: Ask, body: str, checked: bool) -> Iterator[tuple[str, Any]]:
    content = ask.content
    if content is None:
        return
    if not isinstance(content, dict):
        raise fault(400, "structure", "Indholdet er ikke en FHIR-ressource.")
    if checked and (errors := [one for one in check(content) if one.severity == "error"]):
        raise invalid(errors, ask.place)
    if content.get("resourceType") == "Parameters":
        yield from _told(content)
    elif body:
        yield body, content
    else:
        raise fault(400, "structure", "Her sendes en Parameters-ressource.", "resourceType")


def _told(content: Resource) -> Iterator[tuple[str, Any]]:
    some = content.get("parameter", [])
    for number, one in enumerate(some if isinstance(some, list) else [some]):
        name = one.get("name") if isinstance(one, dict) else None
        held = [said for key, said in one.items() if key == "resource" or key.startswith("value")] if name else []
        if not isinstance(name, str) or len(held) != 1:
            place = f"Parameters.parameter[{number}]"
            raise fault(400, "structure", "En parameter skal have et navn og en værdi.", place)
        yield name, held[0]


# -- what is answered --------------------------------------------------------------------------------------------------


def part(name: str, kind: str, value: Any) -> Resource:
    """One parameter of an answer. `kind`: the FHIR type of its value, or `resource`."""
    return {"name": name, kind if kind == "resource" else f"value{kind}": value}


def parts(name: str, *some: Resource) -> Resource:
    """A parameter with parts."""
    return {"name": name, "part": list(some)}


def told(*some: Resource) -> Answer:
    """An answer as Parameters."""
    return Answer(200, orjson.dumps({"resourceType": "Parameters", "parameter": list(some)}))
