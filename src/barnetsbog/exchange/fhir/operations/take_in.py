"""$import: much at once from whoever keeps master data, line by line (NDJSON) in the request itself.

Nothing is fetched from an address that somebody gives. Each line is a create by the rules of any other, in a
transaction of its own, and its answer says what became of it. What lines call each other by their ids becomes what the
book calls them, in whichever order they come: each is taken in after those that it leads to. Where lines lead to each
other in a ring none can be first, and they are refused like any that leads to what is not here; a transaction takes
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from barnetsbog.access.roles import role_named
from barnetsbog.fhir import references
from barnetsbog.fhir.own import BASE, members
from barnetsbog.intake.preparing import parsed
from barnetsbog.kernel.sentences import say

from .. import bundles, kinds, writing
from ..changes import Change, Done, How, id_of_new
from ..failures import as_fault
from ..judging import require_sound, require_type
from ..model import Answer, Ask, Resource
from ..negotiation import NDJSON, unreadable
from ..outcomes import Fault, fault
from ..storing import carried_out
from . import registry
from .inputs import inputs

MOST = bundles.MOST
"""Lines."""
_ORDER = (
    "Organization", "Location", "Endpoint", "HealthcareService", "Practitioner", "PractitionerRole", "Patient",
    "EpisodeOfCare", "RelatedPerson",
)  # fmt: skip
"""A unit's task with a child comes before what that lets it write."""


def take_in(ask: Ask, kind: str, ident: str) -> Answer:
    if "master-data" not in role_named(ask.who.scope.role).may:
        text = say(
            "Det skriver kun systemer, hvis rolle må skrive stamdata.",
            "Only systems whose role may write master data write that.",
        )
        raise fault(403, "forbidden", text)
    if not isinstance(ask.content, bytes):
        text = say(
            "Send ressourcerne selv, linje for linje, som {0}.",
            "Send the resources themselves, line by line, as {0}.",
            NDJSON,
        )
        raise fault(415, "not-supported", text, "http.content-type")
    inputs(replace(ask, content=None))
    lines = [line for line in ask.content.split(b"\n") if line.strip()]
    if len(lines) > MOST:
        text = say(
            "Der er {0} linjer. Der må højst være {1}. Del dem i flere.",
            "There are {0} lines. There may be {1} at most. Divide them.",
            len(lines),
            MOST,
        )
        raise fault(413, "too-long", text)
    read = _once([_read(line) for line in lines])
    names: dict[str, str] = {}
    answers: dict[int, Answer] = {}
    for number in in_order([one if isinstance(one, dict) else {} for one in read]):
        answers[number] = _taken_in(ask, read[number], names)
    return bundles.answer_of(b"batch-response", [bundles.response(answers[number]) for number in range(len(read))])


def _read(line: bytes) -> Resource | Fault:
    try:
        found = parsed(line)
    except (ValueError, RecursionError) as error:
        return unreadable(error)
    if not isinstance(found, dict) or found.get("resourceType") not in kinds.SERVED:
        text = say(
            "Linjen er ikke en ressource, der bruges her. Se metadata.",
            "The line is not a resource that is used here. See metadata.",
        )
        return fault(400, "structure", text)
    return found


def _once(read: Sequence[Resource | Fault]) -> list[Resource | Fault]:
    """Two lines of one name would be told apart by nobody: the first is taken in."""
    seen = set[str]()
    found: list[Resource | Fault] = []
    for one in read:
        name = _name(one) if isinstance(one, dict) and "id" in one else ""
        found.append(bundles.twice(name) if name in seen else one)
        seen |= {name} - {""}
    return found


def in_order(read: Sequence[Resource]) -> list[int]:
    """The numbers of the lines as they are taken in: by their types, but after all that they lead to."""
    lines = {_name(one): number for number, one in enumerate(read) if "id" in one}
    order: dict[int, None] = {}
    begun: set[int] = set()
    ahead = sorted(range(len(read)), key=lambda number: _rank(read[number]))[::-1]
    while ahead:
        number = ahead[-1]
        if number in begun:
            order[ahead.pop()] = None
        else:
            begun.add(number)
            led = [lines[name] for one in references(read[number]) if (name := _plain(one)) in lines]
            ahead += [one for one in led if one not in begun]
    return list(order)


def _name(read: Resource) -> str:
    """What other lines call it."""
    return f"{read['resourceType']}/{read['id']}"


def _plain(holder: Resource) -> str:
    """What a reference names, whichever version of it."""
    return str(holder["reference"]).partition("/_history/")[0]


def _rank(read: Resource) -> int:
    kind = read.get("resourceType", "")
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _taken_in(ask: Ask, read: Resource | Fault, names: dict[str, str]) -> Answer:
    if isinstance(read, Fault):
        return read.answer(ask.language)
    try:
        done = _created(ask, read, names)
    except Exception as error:
        return as_fault(error).answer(ask.language)
    if "id" in read:
        names[_name(read)] = f"{done.kind}/{done.ident}"
    return writing.answer(replace(ask, headers={"prefer": "return=minimal"}), done)


def _created(ask: Ask, read: Resource, names: Mapping[str, str]) -> Done:
    kind = read["resourceType"]
    change = Change(How.CREATE, kind, id_of_new(kind), resource=read)
    require_type(ask.who, change)
    require_sound(change, read)
    for holder in references(read):
        holder["reference"] = names.get(_plain(holder), holder["reference"])
    change.unless = _criteria(read)
    return carried_out(ask, [change])[0]


def _criteria(read: Resource) -> str:
    """What is there already under the same identifier is left as it is."""
    some: list[Any] = list(members(read.get("identifier")))
    named = next((one for one in some if one.get("system") and one.get("value")), None)
    return writing.criteria("identifier", named["system"], named["value"]) if named else ""


registry.add(registry.Operation(
    "import", take_in, f"{BASE}/OperationDefinition/import", system=True, changes=True, takes_lines=True
))  # fmt: skip
