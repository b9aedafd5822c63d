"""From a request to what answers it (FHIR R4 §3.1.0, the table of interactions)."""

from collections.abc import Callable, Mapping

from barnetsbog.fhir import resource_types
from barnetsbog.kernel.sentences import say

from . import bundles, defined, exports, history, judging, kinds, log, reading, searching, subscriptions, writing
from .faults import Fault as Unread
from .model import Answer, Ask
from .operations import registry
from .outcomes import fault, not_used

Routes = Mapping[str, Callable[[], Answer]]

COMPARTMENTS = ("Patient", "RelatedPerson", "Encounter", "Practitioner", "Device")


def answered(ask: Ask) -> Answer:
    """The answer to a request whose sender is known."""
    routes = _routes(ask)
    method = "GET" if ask.method == "HEAD" else ask.method
    allowed = ", ".join(sorted({*routes, *(["HEAD"] if "GET" in routes else []), "OPTIONS"}))
    if method == "OPTIONS":
        return Answer(204, None, {"Allow": allowed})
    if method not in routes:
        text = say("{0} kan ikke bruges her. Brug {1}.", "{0} cannot be used here. Use {1}.", ask.method, allowed)
        raise fault(405, "not-supported", text, Allow=allowed)
    return routes[method]()


def gives_lines(ask: Ask) -> bool:
    """Whether what is asked may be answered line by line."""
    if len(ask.path) == 3 and ask.path[0] == exports.PLACE:
        return True
    operation = registry.asked_for(ask.path)
    return operation is not None and operation.lines


def _routes(ask: Ask) -> Routes:
    match ask.path:
        case ():
            return {"POST": lambda: bundles.bundle(ask, answered)}
        case ("_history",):
            return {"GET": lambda: history.of_types(ask, history.readable_types(ask))}
        case (name,) if name.startswith("$"):
            return _operation(ask, name[1:], "", "")
        case (exports.PLACE, ident):
            return {"GET": lambda: exports.status(ask, ident), "DELETE": lambda: exports.cancel(ask, ident)}
        case (exports.PLACE, ident, number):
            return {"GET": lambda: exports.file(ask, ident, number)}
        case (log.KIND, *rest):
            return _of_log(ask, tuple(rest))
        case (kind, *rest) if kind in defined.KINDS:
            return _of_defined(ask, kind, tuple(rest))
        case (subscriptions.KIND, *rest):
            return _of_subscriptions(ask, tuple(rest))
        case (kind, *rest):
            _require_type(kind)
            return _of_type(ask, kind, tuple(rest))
    raise _nowhere()


def _of_log(ask: Ask, rest: tuple[str, ...]) -> Routes:
    """The log is read and searched, and written by nobody."""
    match rest:
        case ():
            return {"GET": lambda: _read(ask, log.KIND, "s", lambda: log.search(ask))}
        case ("_search",):
            return {"POST": lambda: _read(ask, log.KIND, "s", lambda: log.search(ask))}
        case (ident,) if not ident.startswith(("$", "_")):
            return {"GET": lambda: _read(ask, log.KIND, "r", lambda: log.read(ask, ident))}
    raise _nowhere()


def _of_defined(ask: Ask, kind: str, rest: tuple[str, ...]) -> Routes:
    """What is defined is read, searched and asked, and is not written here."""
    match rest:
        case ():
            return {"GET": lambda: _read(ask, kind, "s", lambda: defined.search(ask, kind))}
        case ("_search",):
            return {"POST": lambda: _read(ask, kind, "s", lambda: defined.search(ask, kind))}
        case (name,) if name.startswith("$"):
            return _operation(ask, name[1:], kind, "")
        case (ident,):
            return {"GET": lambda: _read(ask, kind, "r", lambda: defined.read(ask, kind, ident))}
        case (ident, name) if name.startswith("$"):
            return _operation(ask, name[1:], kind, ident)
    raise _nowhere()


def _of_subscriptions(ask: Ask, rest: tuple[str, ...]) -> Routes:
    match rest:
        case ():
            return {"GET": lambda: subscriptions.search(ask), "POST": lambda: subscriptions.create(ask)}
        case ("_search",):
            return {"POST": lambda: subscriptions.search(ask)}
        case (ident,) if not ident.startswith(("$", "_")):
            return {
                "GET": lambda: subscriptions.read(ask, ident), "PUT": lambda: subscriptions.update(ask, ident),
                "DELETE": lambda: subscriptions.remove(ask, ident),
            }  # fmt: skip
        case (ident, name) if name.startswith("$"):
            return _operation(ask, name[1:], subscriptions.KIND, ident)
    raise _nowhere()


def _of_type(ask: Ask, kind: str, rest: tuple[str, ...]) -> Routes:
    match rest:
        case ():
            return _whole_type(ask, kind)
        case ("_search",):
            return {"POST": lambda: _read(ask, kind, "s", lambda: searching.search(ask, kind))}
        case ("_history",):
            return {"GET": lambda: _read(ask, kind, judging.LOOKING, lambda: history.of_types(ask, [kind]))}
        case (name,) if name.startswith("$"):
            return _operation(ask, name[1:], kind, "")
        case (ident,):
            return _one(ask, kind, ident)
        case (ident, "_history"):
            return {"GET": lambda: _read(ask, kind, "r", lambda: history.of_one(ask, kind, ident))}
        case (ident, "_history", number):
            return {"GET": lambda: _read(ask, kind, "r", lambda: reading.vread(ask, kind, ident, number))}
        case (ident, name) if name.startswith("$"):
            return _operation(ask, name[1:], kind, ident)
        case (ident, other, *more) if kind in COMPARTMENTS and more in ([], ["_search"]):
            return _compartment(ask, kind, ident, other, by_form=bool(more))
    raise _nowhere()


def _whole_type(ask: Ask, kind: str) -> Routes:
    by_criteria = {name: lambda: writing.where(ask, kind) for name in ("PUT", "PATCH", "DELETE")}
    found: dict[str, Callable[[], Answer]] = {
        "GET": lambda: _read(ask, kind, "s", lambda: searching.search(ask, kind)),
        "POST": lambda: writing.create(ask, kind),
    }
    return found | by_criteria if writing.criteria_of(ask) else found


def _one(ask: Ask, kind: str, ident: str) -> Routes:
    return {
        "GET": lambda: _read(ask, kind, "r", lambda: reading.read(ask, kind, ident)),
        "PUT": lambda: writing.update(ask, kind, ident),
        "PATCH": lambda: writing.patch(ask, kind, ident),
        "DELETE": lambda: writing.restrict(ask, kind, ident),
    }


def _compartment(ask: Ask, kind: str, ident: str, other: str, *, by_form: bool) -> Routes:
    if other in bundles.ALONE:
        raise searching.fault_of([Unread(other, "compartment", (kind,))])
    _require_type(other)
    method = "POST" if by_form else "GET"
    return {method: lambda: _read(ask, other, "s", lambda: searching.search(ask, other, (kind, ident)))}


def _operation(ask: Ask, name: str, kind: str, ident: str) -> Routes:
    found = registry.there(name, kind, ident)
    if found is None:
        text = say(
            "Operationen ${0} findes ikke her. Se metadata.", "There is no operation ${0} here. See metadata.", name
        )
        raise fault(404, "not-supported", text)
    return dict.fromkeys(("POST",) if found.changes else ("GET", "POST"), lambda: found.carry_out(ask, kind, ident))


def _read(ask: Ask, kind: str, acts: str, carry_out: Callable[[], Answer]) -> Answer:
    """`acts`: all that the scope must allow."""
    judging.require_scope(ask.who, kind, acts)
    return carry_out()


def _require_type(kind: str) -> None:
    if kind not in kinds.SERVED:
        if kind in resource_types():
            raise not_used(kind)
        text = say(
            "Ressourcetypen {0} findes ikke i FHIR R4. Se metadata.",
            "There is no resource type {0} in FHIR R4. See metadata.",
            kind,
        )
        raise fault(404, "not-supported", text)


def _nowhere() -> Exception:
    text = say(
        "Adressen findes ikke i grænsefladen. Se metadata.", "There is no such address in the interface. See metadata."
    )
    return fault(404, "not-found", text)
