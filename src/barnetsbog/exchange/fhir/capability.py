"""The CapabilityStatement (FHIR R4 §5.2): what is really there, out of the routes, the rules of writing, the search
parameters and the registry of operations. It is the same for everybody and says nothing of anybody."""

from functools import lru_cache
from typing import Any

from barnetsbog.access.writing_rules import CAPABILITIES, MASTER_DATA, PLAIN
from barnetsbog.clients import addresses
from barnetsbog.fhir import search_parameters
from barnetsbog.kernel.sentences import say
from barnetsbog.subscriptions.mapping import BACKPORT, SUBSCRIPTION
from barnetsbog.subscriptions.topics import topics

from . import defined, kinds, log, subscriptions
from .conditions import answered
from .languages import written
from .model import Resource
from .negotiation import JSON, JSON_PATCH
from .operations import registry
from .routing import COMPARTMENTS

VERSION = "0.1.6"
"""Of the interface."""

ADDRESSES = 8
"""For how many addresses of the interface a description is remembered: an asker chooses the port in `Host`."""

OPEN = say(
    "Uden adgangstoken kan kun metadata læses. Hvad der kan ses, følger af rettighederne i bogen.",
    "Without a token only metadata can be read. What can be seen follows from the rights in the book.",
)
BY_REGISTRARS = say(
    "Skrives kun af systemer, hvis rolle må skrive stamdata.",
    "Written only by systems whose role may write master data.",
)
FOR_APPS = say(
    "En app får besked for den, der lukkede den ind, og kun så længe den er lukket ind.",
    "An app is told for the one who let it in, and only as long as it is let in.",
)

_ISSUED = "2026-11-28"
_READS = ("read", "vread", "history-instance", "history-type", "search-type")
_WRITES = ("create", "update", "patch")
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_TOPIC = f"{BACKPORT}capabilitystatement-subscriptiontopic-canonical"
_COMPARTMENT = "http://hl7.org/fhir/CompartmentDefinition"


@lru_cache(2 * ADDRESSES)
def statement(base: str, language: str) -> bytes:
    """`base`: the address of the interface."""
    return written(_statement(base, language), language)


def _statement(base: str, language: str) -> Resource:
    """With its sentences in both languages."""
    return {
        "resourceType": "CapabilityStatement", "id": "barnetsbog", "language": language, "url": f"{base}/metadata",
        "version": VERSION, "name": "BarnetsBog", "title": "Barnets Bog, FHIR R4", "status": "active",
        "date": _ISSUED, "kind": "instance", "software": {"name": "Barnets Bog", "version": VERSION},
        "implementation": {"description": "Barnets Bog", "url": base}, "fhirVersion": "4.0.1", "format": [JSON, "json"],
        "patchFormat": [JSON_PATCH, JSON], "rest": [_rest(base)],
    }  # fmt: skip


def _rest(base: str) -> Resource:
    found: Resource = {
        "mode": "server", "security": _security(base),
        "resource": [*map(_resource, kinds.SERVED), *map(_defined, defined.KINDS), _log(), _subscriptions()],
        "interaction": [{"code": code} for code in ("transaction", "batch", "history-system")],
        "compartment": [f"{_COMPARTMENT}/{kind[0].lower()}{kind[1:]}" for kind in COMPARTMENTS],
    }  # fmt: skip
    operations = [_operation(one) for one in registry.load().values() if one.system]
    return found | ({"operation": operations} if operations else {})


def _security(base: str) -> Resource:
    """Where tokens are fetched stands in `.well-known/smart-configuration`, too."""
    root = addresses.base(base.removesuffix("/fhir"))
    told = {
        "authorize": addresses.authorize(root), "token": addresses.token(root), "revoke": addresses.revoke(root),
        "introspect": addresses.introspect(root),
    }  # fmt: skip
    endpoints = [{"url": name, "valueUri": address} for name, address in told.items()]
    return {
        "cors": False, "extension": [{"url": _OAUTH, "extension": endpoints}],
        "service": [{"coding": [{"system": _SECURITY, "code": "SMART-on-FHIR"}], "text": "SMART on FHIR (OAuth 2.0)"}],
        "description": OPEN,
    }  # fmt: skip


def _resource(kind: str) -> Resource:
    written = kind in PLAIN or kind in MASTER_DATA
    codes = [*_READS, *(_WRITES if written else ()), *(["delete"] if kind in PLAIN else [])]
    found: Resource = {
        "type": kind, "interaction": [{"code": code} for code in codes], "versioning": "versioned",
        "readHistory": True, "updateCreate": False, "conditionalCreate": written, "conditionalRead": "full-support",
        "conditionalUpdate": written, "conditionalDelete": "single" if kind in PLAIN else "not-supported",
        "referencePolicy": ["literal", "logical", "enforced"], "searchParam": _parameters(kind),
    }  # fmt: skip
    if kind in CAPABILITIES:
        found["documentation"] = CAPABILITIES[kind]
    elif kind in MASTER_DATA:
        found["documentation"] = BY_REGISTRARS
    return found | _operations(kind)


def _defined(kind: str) -> Resource:
    """What is read and asked here, and written elsewhere."""
    parameters = [{"name": name, "type": of} for name, of in sorted(defined.parameters(kind).items())]
    interactions = [{"code": code} for code in ("read", "search-type")]
    return {"type": kind, "interaction": interactions, "searchParam": parameters} | _operations(kind)


def _operations(kind: str) -> Resource:
    some = [one for one in registry.load().values() if (one.of_type or one.of_one) and _is_of(one, kind)]
    return {"operation": [_operation(one) for one in some]} if some else {}


def _log() -> Resource:
    parameters = [{"name": name, "type": kind} for name, kind in sorted(log.PARAMETERS.items())]
    interactions = [{"code": code} for code in ("read", "search-type")]
    return {"type": log.KIND, "interaction": interactions, "searchParam": parameters}


def _subscriptions() -> Resource:
    parameters = [{"name": name, "type": kind} for name, kind in sorted(subscriptions.PARAMETERS.items())]
    interactions = [{"code": code} for code in ("read", "create", "update", "delete", "search-type")]
    operations = [_operation(one) for one in registry.load().values() if subscriptions.KIND in one.types]
    advertised = [{"url": _TOPIC, "valueCanonical": url} for url in topics()]
    return {
        "type": subscriptions.KIND, "extension": advertised, "interaction": interactions, "versioning": "versioned",
        "searchParam": parameters,
        "supportedProfile": [SUBSCRIPTION], "operation": operations,
        "documentation": FOR_APPS,
    }  # fmt: skip


def _parameters(kind: str) -> list[dict[str, str]]:
    found = {name: of for name, of in search_parameters(kind).items() if answered(kind, name)}
    return [{"name": name, "type": of} for name, of in sorted(found.items())]


def _is_of(operation: registry.Operation, kind: str) -> bool:
    return kind in (operation.types or kinds.SERVED)


def _operation(operation: registry.Operation) -> dict[str, Any]:
    return {"name": operation.name, "definition": operation.definition}
