"""ValueSet/$expand and ValueSet/$validate-code (FHIR R4 §4.9), of the packages that are loaded and of R4 itself."""

from typing import Any

import orjson

from barnetsbog.fhir.terminology import Concept, NotLoaded
from barnetsbog.intake.profiled import definitions_in_use
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import iso

from ..model import Answer, Ask, Resource
from ..outcomes import fault
from ..terms import terminology
from . import registry
from .codings import asked_of, codings, first_right, half, not_loaded, verdict
from .inputs import Inputs, inputs

KIND = "ValueSet"
MOST = 5_000
"""Codes of one expansion."""


def expand(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "url", "valueSetVersion", "filter", "offset", "count", "activeOnly", "displayLanguage")
    canonical = _canonical(ask, ident, given)
    count = given.number("count")
    try:
        found = terminology().expand(
            canonical, text=given.text("filter"), offset=given.number("offset") or 0,
            count=MOST if count is None else min(count, MOST), active_only=given.flag("activeOnly"),
            language=given.text("displayLanguage"),
        )  # fmt: skip
    except NotLoaded as error:
        raise not_loaded(error.args, kind) from None
    if found.missing:
        raise half(found.missing)
    if count is None and found.total > MOST + found.offset:
        text = say(
            "Der er {0} koder. Hent dem i sider med count og offset, højst {1}.",
            "There are {0} codes. Fetch them in pages with count and offset, {1} at most.",
            found.total,
            MOST,
        )
        raise fault(422, "too-costly", text, "http.count")
    expansion: Resource = {
        "identifier": f"urn:uuid:{new_id()}", "timestamp": iso(ask.who.scope.at), "total": found.total,
        "offset": found.offset, "contains": [_contained(one) for one in found.concepts],
    }  # fmt: skip
    if not found.concepts:
        del expansion["contains"]
    return Answer(200, orjson.dumps({**_about(canonical), "expansion": expansion}))


def _canonical(ask: Ask, ident: str, given: Inputs) -> str:
    canonical = asked_of(ask, KIND, ident, given, "url")
    if not canonical:
        text = say("Parameteren url mangler: hvilket værdisæt?", "The parameter url is missing: which value set?")
        raise fault(400, "required", text, "http.url")
    version = given.text("valueSetVersion")
    return f"{canonical}|{version}" if version and "|" not in canonical else canonical


def _about(canonical: str) -> Resource:
    """What the value set is called. Those of R4 itself are codes alone here."""
    url, _, version = canonical.partition("|")
    found = definitions_in_use().profiles.library.find(KIND, canonical)
    said: dict[str, Any] = found.content if found else {"url": url, "version": version or "4.0.1", "status": "active"}
    kept = {name: said[name] for name in ("url", "version", "name", "title", "status") if said.get(name)}
    return {"resourceType": KIND, **kept}


def _contained(one: Concept) -> Resource:
    told: Resource = {"system": one.system, "code": one.code}
    told |= {"display": one.display} if one.display else {}
    return told | ({"inactive": True} if one.inactive else {}) | ({"abstract": True} if one.abstract else {})


def validate_code(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "url", "valueSetVersion", "code", "system", "display", "coding", "codeableConcept")
    canonical, terms = _canonical(ask, ident, given), terminology()
    if terms.value_set(canonical) is None:
        raise not_loaded([canonical], kind)
    asked, plain = codings(given), bool(given.text("code"))
    found = [
        terms.validate_code(canonical, None if plain and not o.system else o.system, o.code, o.display) for o in asked
    ]
    return verdict(ask, first_right(found))  # a plain code is of any system; a Coding without one is of none


_DEFINED = "http://hl7.org/fhir/OperationDefinition/ValueSet-"
for _name, _carry in (("expand", expand), ("validate-code", validate_code)):
    registry.add(registry.Operation(
        _name, _carry, f"{_DEFINED}{_name}", types=frozenset((KIND,)), of_type=True, of_one=True
    ))  # fmt: skip
