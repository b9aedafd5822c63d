"""CodeSystem/$lookup, $validate-code and $subsumes (FHIR R4 §4.8), of the packages that are loaded."""

from typing import Any

from barnetsbog.fhir.packages import Definition
from barnetsbog.fhir.terminology import Concept, NotFound, NotLoaded, no_such_code
from barnetsbog.intake.profiled import definitions_in_use
from barnetsbog.kernel.sentences import say

from ..model import Answer, Ask, Resource
from ..outcomes import fault
from ..terms import terminology
from . import registry
from .codings import Coding, asked_of, codings, first_right, not_loaded, verdict, with_system
from .inputs import Inputs, inputs, part, parts, told

KIND = "CodeSystem"


def lookup(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "code", "system", "version", "coding", "displayLanguage", "property")
    system, version = _system(ask, ident, given, "system")
    (asked,) = with_system(codings(given, system)[:1])
    version = version or asked.version
    concept = _found(asked, version, given.text("displayLanguage"))
    wanted = given.texts("property")
    properties = [_property(*one) for one in _properties(concept) if not wanted or one[0] in wanted]
    about = _about(asked.system, version)
    some = [part("name", "String", about.name if about else concept.system)]
    some += [part("version", "String", about.version)] if about and about.version else []
    some += [part("display", "String", concept.display or concept.code)]
    some += [part("definition", "String", concept.definition)] if concept.definition else []
    return told(*some, *map(_designation, concept.designations), *properties)


def _about(system: str, version: str) -> Definition | None:
    known = terminology().code_system(system, version)
    canonical = f"{known.url}|{known.version}" if known and known.version else known.url if known else system
    return definitions_in_use().profiles.library.find(KIND, canonical)


def _system(ask: Ask, ident: str, given: Inputs, name: str) -> tuple[str, str]:
    """The code system that is asked about, and its version."""
    url, _, version = asked_of(ask, KIND, ident, given, name).partition("|")
    return url, version or given.text("version")


def _found(asked: Coding, version: str = "", language: str = "") -> Concept:
    try:
        return terminology().lookup(asked.system, asked.code, version, language)
    except NotLoaded as error:
        raise not_loaded(error.args, KIND) from None
    except NotFound:
        raise fault(404, "not-found", no_such_code(asked.code, asked.system), "http.code") from None


def _properties(concept: Concept) -> list[tuple[str, Any]]:
    related = [("parent", one) for one in concept.parents] + [("child", one) for one in concept.children]
    return [*concept.properties, *related, ("inactive", concept.inactive)]


def _property(name: str, value: Any) -> Resource:
    kind = {bool: "Boolean", int: "Integer", float: "Decimal"}.get(type(value), "String")
    if name in ("parent", "child"):
        kind = "Code"
    return parts("property", part("code", "Code", name), part("value", kind, value))


def _designation(one: Any) -> Resource:
    spoken = [part("language", "Code", one.language)] if one.language else []
    return parts("designation", *spoken, part("value", "String", one.value))


def validate_code(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "url", "code", "version", "display", "coding", "codeableConcept")
    system, version = _system(ask, ident, given, "url")
    asked, terms = with_system(codings(given, system)), terminology()
    for one in asked:
        if terms.code_system(one.system) is None:
            raise not_loaded([one.system], kind)
    found = [terms.validate_in_system(o.system, o.code, o.display, version or o.version) for o in asked]
    return verdict(ask, first_right(found))


def subsumes(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "codeA", "codeB", "system", "version", "codingA", "codingB")
    system, version = _system(ask, ident, given, "system")
    one, other = with_system(_side(given, letter, system) for letter in "AB")
    if one.system != other.system:
        text = say("De to koder skal være fra samme kodesystem.", "The two codes must be of one code system.")
        raise fault(400, "invalid", text, "http.codingB")
    _found(one, version), _found(other, version)
    return told(part("outcome", "Code", terminology().subsumes(one.system, one.code, other.code, version)))


def _side(given: Inputs, letter: str, system: str) -> Coding:
    coding = given.object(f"coding{letter}")
    if coding:
        return Coding(str(coding.get("system") or system), str(coding.get("code", "")))
    return Coding(system, given.must(f"code{letter}"))


_DEFINED = "http://hl7.org/fhir/OperationDefinition/CodeSystem-"
registry.add(registry.Operation("lookup", lookup, f"{_DEFINED}lookup", types=frozenset((KIND,)), of_type=True))
for _name, _carry in (("validate-code", validate_code), ("subsumes", subsumes)):
    registry.add(registry.Operation(
        _name, _carry, f"{_DEFINED}{_name}", types=frozenset((KIND,)), of_type=True, of_one=True
    ))  # fmt: skip
