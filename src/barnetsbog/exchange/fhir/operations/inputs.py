"""What an operation is given and what it gives back: parameters in the address, or as a Parameters resource (FHIR R4
§3.2.0.1)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from barnetsbog.fhir import check
from barnetsbog.kernel import exact
from barnetsbog.kernel.sentences import Sentence, say

from ..model import Answer, Ask, Resource
from ..negotiation import strict
from ..outcomes import fault, invalid, no_resource, not_a_number
from ..paging import CURSOR

_SHAPING = frozenset(("_format", "_pretty", "_elements", "_summary", CURSOR))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Every value that was given, by the name of its parameter. What stands in an address is text; of a parameter with
    parts it is their list."""

    values: Mapping[str, Sequence[Any]]

    def text(self, name: str) -> str:
        """A plain value; empty when it isn't given."""
        found = self._one(name)
        if isinstance(found, bool):
            return str(found).lower()
        if isinstance(found, dict | list):
            raise _wrong(name, say("skal være en enkelt værdi", "must be a single value"))
        return "" if found is None else str(found)

    def texts(self, name: str) -> list[str]:
        """What is given several times, or with commas between."""
        given = (one for one in self.values.get(name, ()) if isinstance(one, str))
        return [one for text in given for one in text.split(",") if one]

    def object(self, name: str) -> Resource | None:
        """A resource, or a value with parts (Coding, Reference)."""
        found = self._one(name)
        if found is not None and not isinstance(found, dict):
            raise _wrong(
                name, say("kan kun gives i en Parameters-ressource", "can only be given in a Parameters resource")
            )
        return found

    def flag(self, name: str) -> bool:
        found = self.text(name)
        if found not in ("", "true", "false"):
            raise _wrong(name, say("skal være true eller false", "must be true or false"))
        return found == "true"

    def number(self, name: str) -> int | None:
        found = self.text(name)
        if found and not (found.isascii() and found.isdigit() and len(found) <= 9):
            raise not_a_number(name)
        return int(found) if found else None

    def must(self, name: str) -> str:
        found = self.text(name)
        if not found:
            text = say("Parameteren {0} mangler.", "The parameter {0} is missing.", name)
            raise fault(400, "required", text, f"http.{name}")
        return found

    def _one(self, name: str) -> Any:
        some = self.values.get(name, ())
        if len(some) > 1:
            raise _wrong(name, say("kan kun gives én gang", "can only be given once"))
        return some[0] if some else None


def _wrong(name: str, why: Sentence) -> Exception:
    return fault(400, "invalid", say("Parameteren {0} {1}.", "The parameter {0} {1}.", name, why), f"http.{name}")


def inputs(ask: Ask, *known: str, body: str = "", checked: bool = True) -> Inputs:
    """What an operation is given. `known`: the names that it understands; others are a fault, or left out when the
    asker wants it lenient. `body`: the parameter that a resource is when it is sent by itself. `checked`: what is sent
    must be base R4."""
    found: dict[str, list[Any]] = {}
    for name, value in (*(pair for pair in ask.query if pair[0] not in _SHAPING), *_sent(ask, body, checked)):
        if name in known:
            found.setdefault(name, []).append(value)
        elif strict(ask):
            text = say(
                "Operationen har ingen parameter, der hedder {0}. Den har {1}.",
                "The operation has no parameter called {0}. It has {1}.",
                name,
                ", ".join(known) or say("ingen", "none"),
            )
            raise fault(400, "not-supported", text, f"http.{name}")
    return Inputs(found)


def _sent(ask: Ask, body: str, checked: bool) -> Iterator[tuple[str, Any]]:
    content = ask.content
    if content is None:
        return
    if not isinstance(content, dict):
        raise no_resource()
    if checked and (errors := [one for one in check(content) if one.severity == "error"]):
        raise invalid(errors, ask.place)
    if content.get("resourceType") == "Parameters":
        yield from _told(content)
    elif body:
        yield body, content
    else:
        text = say("Her sendes en Parameters-ressource.", "A Parameters resource is sent here.")
        raise fault(400, "structure", text, "resourceType")


def _told(content: Resource) -> Iterator[tuple[str, Any]]:
    some = content.get("parameter", [])
    for number, one in enumerate(some if isinstance(some, list) else [some]):
        said = one if isinstance(one, dict) else {}
        name = said.get("name")
        held = [value for key, value in said.items() if key in ("resource", "part") or key.startswith("value")]
        if not isinstance(name, str) or len(held) != 1:
            text = say("En parameter skal have et navn og en værdi.", "A parameter must have a name and a value.")
            raise fault(400, "structure", text, f"Parameters.parameter[{number}]")
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
    return Answer(200, exact.dumps({"resourceType": "Parameters", "parameter": list(some)}))
