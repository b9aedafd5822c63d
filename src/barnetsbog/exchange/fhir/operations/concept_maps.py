"""ConceptMap/$translate (FHIR R4 §4.10), by the concept maps that are loaded."""

from barnetsbog.fhir.terminology import NotLoaded, Translation
from barnetsbog.kernel.sentences import say

from ..model import Answer, Ask, Resource
from ..terms import terminology
from . import registry
from .codings import asked_of, codings, not_loaded, with_system
from .inputs import inputs, part, parts, told

KIND = "ConceptMap"
NO_MATCH = say(
    "Ingen af de kort, der er indlæst, siger noget om koden.",
    "None of the maps that are loaded says anything of the code.",
)
_NO_MATCH = frozenset(("unmatched", "disjoint"))


def translate(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "url", "code", "system", "coding", "codeableConcept", "targetsystem", "reverse")
    canonical = asked_of(ask, kind, ident, given, "url")
    try:
        found = [
            match
            for one in with_system(codings(given))
            for match in terminology().translate(
                one.system,
                one.code,
                canonical=canonical,
                target=given.text("targetsystem"),
                reverse=given.flag("reverse"),
            )
        ]
    except NotLoaded as error:
        raise not_loaded(error.args, kind) from None
    result = any(one.equivalence not in _NO_MATCH for one in found)
    none = [] if found else [part("message", "String", NO_MATCH.spoken(ask.language))]
    return told(part("result", "Boolean", result), *none, *map(_match, found))


def _match(one: Translation) -> Resource:
    concept = {"system": one.system, "code": one.code, "display": one.display}
    some = [part("equivalence", "Code", one.equivalence)] if one.equivalence else []
    some += [part("concept", "Coding", {name: said for name, said in concept.items() if said})] if one.code else []
    some += [part("source", "Uri", one.source)] if one.source else []
    return parts("match", *some)


registry.add(registry.Operation(
    "translate", translate, "http://hl7.org/fhir/OperationDefinition/ConceptMap-translate", types=frozenset((KIND,)),
    of_type=True, of_one=True,
))  # fmt: skip
