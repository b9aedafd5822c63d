"""$export and Patient/$export (HL7 Bulk Data Access 2.0). What becomes of one stands in `exports`."""

from barnetsbog.kernel.sentences import say
from barnetsbog.record.entries import DIRECTORY_TYPES

from .. import exports, kinds
from ..history import since_of
from ..judging import LOOKING, may_all, require_scope
from ..model import Answer, Ask
from ..outcomes import fault
from . import registry
from .inputs import Inputs, inputs

_FORMATS = ("", "application/fhir+ndjson", "application/fhir ndjson", "application/ndjson", "ndjson")


def export(ask: Ask, kind: str, ident: str) -> Answer:
    exports.require_bulk(ask.who)
    given = inputs(ask, "_outputFormat", "_since", "_type")
    if given.text("_outputFormat") not in _FORMATS:
        text = say(
            "Udtræk gives kun som application/fhir+ndjson.", "Exports are given as application/fhir+ndjson only."
        )
        raise fault(400, "not-supported", text, "http._outputFormat")
    if "respond-async" not in ask.header("prefer"):
        text = say(
            "Et udtræk tager tid: send Prefer: respond-async.", "An export takes time: send Prefer: respond-async."
        )
        raise fault(400, "required", text, "http.prefer")
    return exports.begun(ask, _types(ask, kind, given), since_of(given.text("_since")))


def _types(ask: Ask, kind: str, given: Inputs) -> list[str]:
    """The types that are asked for, else all that the token allows; of `Patient/$export` those of children's books."""
    there = [one for one in kinds.SERVED if kind != "Patient" or one not in DIRECTORY_TYPES]
    asked = given.texts("_type")
    for one in asked:
        if one not in there:
            text = say("{0} kan ikke hentes her. Se metadata.", "{0} cannot be fetched here. See metadata.", one)
            raise fault(400, "not-supported", text, "http._type")
        require_scope(ask.who, one, LOOKING)
    found = [one for one in there if (not asked or one in asked) and may_all(ask.who, one, LOOKING)]
    if not found:
        text = say("Adgangen (scope) rækker ikke til noget af det.", "The scope does not reach any of it.")
        raise fault(403, "forbidden", text)
    return found


_DEFINED = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
registry.add(registry.Operation("export", export, f"{_DEFINED}export", system=True))
registry.add(registry.Operation(
    "export", export, f"{_DEFINED}patient-export", types=frozenset(("Patient",)), of_type=True
))  # fmt: skip
