"""The OpenAPI 3.1 description of the interface, made of what the CapabilityStatement says and of the registry of
operations. It is the same for everybody and says nothing of anybody."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from barnetsbog.kernel.sentences import DANISH, ENGLISH

from . import capability, defined, kinds, log, schemas, subscriptions
from .negotiation import FORM, JSON, JSON_PATCH, LARGEST, NDJSON
from .operations import registry
from .routing import COMPARTMENTS

Json = dict[str, Any]
Paths = dict[str, dict[str, Json]]

_DESCRIPTION = f"""FHIR R4 (4.0.1) in JSON. You see what your grants open; what you may not know of and what does not
exist are the same answer (404). Search parameters take the modifiers, prefixes, chains and `_has` of FHIR, which
OpenAPI can't list (`name:exact`, `date=ge2026`, `subject:Patient.birthdate`). Use `POST .../_search` for person
numbers: they belong in no address. A body may be {LARGEST // 1024 // 1024} MB, and is sent plain with its length.
What is wrong is said in Danish, or in English when `Accept-Language` asks for it."""

_PARAMETERS: Mapping[str, Json] = {
    "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    "version": {"name": "version", "in": "path", "required": True,
                "schema": {"type": "string", "pattern": "^[0-9a-f]{20}$"},
                "description": "What a version is called; take it from meta.versionId or an ETag."},
    "count": {"name": "_count", "in": "query", "schema": {"type": "integer", "minimum": 0},
              "description": "Resources on a page; follow the link `next` for more."},
    "since": {"name": "_since", "in": "query", "schema": {"type": "string", "format": "date-time"}},
    "sort": {"name": "_sort", "in": "query", "schema": {"type": "string"}, "description": "Up to five; - for above."},
    "include": {"name": "_include", "in": "query", "schema": {"type": "string"}},
    "revinclude": {"name": "_revinclude", "in": "query", "schema": {"type": "string"}},
    "total": {"name": "_total", "in": "query", "schema": {"enum": ["none", "estimate", "accurate"]}},
    "summary": {"name": "_summary", "in": "query", "schema": {"enum": ["true", "text", "data", "count", "false"]}},
    "elements": {"name": "_elements", "in": "query", "schema": {"type": "string"}},
    "prefer": {"name": "Prefer", "in": "header", "schema": {"type": "string"},
               "description": "return=minimal | representation | OperationOutcome; handling=strict | lenient"},
    "if-match": {"name": "If-Match", "in": "header", "schema": {"type": "string"},
                 "example": 'W/"3f9a0c1d2e4b5a697881"',
                 "description": "The version that you have read; 412 when it is not the present one."},
    "if-none-match": {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}},
    "if-modified-since": {"name": "If-Modified-Since", "in": "header", "schema": {"type": "string"}},
    "if-none-exist": {"name": "If-None-Exist", "in": "header", "schema": {"type": "string"},
                      "description": "Search parameters: nothing is made where they find one."},
    "case": {"name": "case", "in": "query", "schema": {"type": "string"},
             "description": "The number of the case in which a child's log is read."},
}  # fmt: skip

_SCHEMAS: Mapping[str, Json] = {
    "OperationOutcome": {
        "type": "object", "required": ["resourceType", "issue"], "properties": {
            "resourceType": {"const": "OperationOutcome"}, "language": {"enum": [DANISH, ENGLISH]},
            "issue": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Issue"}},
        },
    },
    "Issue": {
        "type": "object", "required": ["severity", "code", "diagnostics"], "properties": {
            "severity": {"enum": ["fatal", "error", "warning", "information"]},
            "code": {"type": "string", "description": "Of http://hl7.org/fhir/issue-type"},
            "diagnostics": {"type": "string", "description": "What is wrong and what to do"},
            "expression": {"type": "array", "items": {"type": "string"}, "description": "Where, as FHIRPath"},
            "details": {"type": "object", "description": "The rule that says so"},
        },
    },
    "Resource": {
        "type": "object", "required": ["resourceType"], "properties": {
            "resourceType": {"type": "string"}, "id": {"type": "string"},
            "meta": {"type": "object", "properties": {
                "versionId": {"type": "string"}, "lastUpdated": {"type": "string", "format": "date-time"},
            }},
        },
    },
    "Bundle": {
        "type": "object", "required": ["resourceType", "type"], "properties": {
            "resourceType": {"const": "Bundle"},
            "type": {"enum": ["searchset", "history", "batch", "transaction", "batch-response",
                              "transaction-response"]},
            "total": {"type": "integer", "minimum": 0},
            "link": {"type": "array", "items": {
                "type": "object", "required": ["relation", "url"],
                "properties": {"relation": {"type": "string"}, "url": {"type": "string"}},
            }},
            "entry": {"type": "array", "items": {"type": "object", "properties": {
                "fullUrl": {"type": "string"}, "resource": {"$ref": "#/components/schemas/Resource"},
                "search": {"type": "object"}, "request": {"type": "object"}, "response": {"type": "object"},
            }}},
        },
    },
    "Patch": {
        "type": "array", "items": {
            "type": "object", "required": ["op", "path"], "properties": {
                "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
                "path": {"type": "string"}, "from": {"type": "string"}, "value": {},
            },
        },
    },
}  # fmt: skip


@lru_cache(capability.ADDRESSES)
def description(base: str) -> bytes:
    """`base`: the address of the interface. Everything but metadata asks for a token."""
    said = orjson.loads(capability.statement(base, ENGLISH))
    root, rest = base.removesuffix("/fhir"), said["rest"][0]
    types: list[Json] = rest["resource"]
    paths: Paths = {"/metadata": {"get": _metadata()}, **_of_system()}
    for kind in types:
        paths |= _of_type(kind)
    paths |= _compartments()
    found = {
        "openapi": "3.1.0",
        "info": {"title": said["title"], "version": said["version"], "description": _DESCRIPTION,
                 "license": {"name": "MPL-2.0", "identifier": "MPL-2.0"}},
        "servers": [{"url": base}], "security": [{"token": []}], "paths": paths,
        "tags": [{"name": one["type"], "description": one.get("documentation", "")} for one in types],
        "components": {
            "parameters": _PARAMETERS, "schemas": {**schemas.schemas(one["type"] for one in types), **_SCHEMAS},
            "responses": _RESPONSES, "securitySchemes": {"token": _token(root)},
        },
    }  # fmt: skip
    return orjson.dumps(found)


def _token(root: str) -> Json:
    """SMART backend services: an OAuth token for a signed statement (RFC 7523), sent as a bearer token."""
    flow = {"tokenUrl": f"{root}/oauth/token", "scopes": {"system/*.cruds": "What the unit may read and write"}}
    text = f"Everything a client must know stands at {root}/fhir/.well-known/smart-configuration."
    return {"type": "oauth2", "description": text, "flows": {"clientCredentials": flow}}


# -- one interaction ---------------------------------------------------------------------------------------------------


def _content(schema: str, kind: str = JSON) -> Json:
    return {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/parameters/{name}"}


_RESPONSES: Mapping[str, Json] = {
    "Fault": {"description": "Refused: what is wrong, where, and what to do. Nothing is stored.",
              "content": _content("OperationOutcome")},
    "Failed": {"description": "Not your fault; nothing is stored. Try again later.",
               "content": _content("OperationOutcome")},
    "Nothing": {"description": "Done; there is nothing to tell."},
    "Unchanged": {"description": "You have it already."},
}  # fmt: skip
_FAULTS = {"4XX": {"$ref": "#/components/responses/Fault"}, "5XX": {"$ref": "#/components/responses/Failed"}}


def _one(
    name: str, kind: str, text: str, parameters: list[Json], answers: Json, body: Json | None = None, *, where: str = ""
) -> Json:
    """One operation of OpenAPI. `answers`: by status; `body`: the content that is sent; `where`: what tells two
    operations of one name apart."""
    found: Json = {"operationId": f"{name}{kind}{where}", "summary": text, "responses": {**answers, **_FAULTS}}
    if kind:
        found["tags"] = [kind]
    if parameters:
        found["parameters"] = parameters
    return found | ({"requestBody": {"required": True, "content": body}} if body else {})


def _ok(schema: str, text: str) -> dict[str, Json]:
    return {"200": {"description": text, "content": _content(schema)}}


def _metadata() -> Json:
    found = _one("metadata", "", "What there is", [], _ok("Resource", "The CapabilityStatement"))
    return {**found, "security": []}


def _of_system() -> Paths:
    batch = _one(
        "bundle", "", "Carry out a batch, or a transaction: all or nothing", [_ref("prefer")],
        _ok("Bundle", "An answer to each entry"), _content("Bundle"),
    )  # fmt: skip
    history = _one("history", "", "What was registered, newest first", _PAGED, _ok("Bundle", "Versions"))
    return {"/": {"post": batch}, "/_history": {"get": history}, **_operations("", "")}


_SHAPED = [_ref("summary"), _ref("elements")]
_PAGED = [_ref("count"), _ref("since"), *_SHAPED]
_SEARCHED = [
    _ref(name) for name in ("count", "sort", "include", "revinclude", "total", "summary", "elements", "prefer")
]
_SHAPING = {
    log.KIND: log.SHAPING, subscriptions.KIND: subscriptions.SHAPING, **dict.fromkeys(defined.KINDS, defined.SHAPING)
}  # fmt: skip
"""What shapes an answer to a search of a type that is not the book's; what else there is, is refused."""


def _of_type(of: Json) -> Paths:
    """All paths of one type, by the interactions that the CapabilityStatement lists."""
    kind: str = of["type"]
    there = {one["code"] for one in of["interaction"]}
    whole, one, past = f"/{kind}", f"/{kind}/{{id}}", f"/{kind}/{{id}}/_history"
    stored = {"200": _stored(kind, "As it is stored")}
    made = {"201": _stored(kind, "Stored; the header Location tells where")}
    asked, ident = _search_parameters(of), _ref("id")
    reads, read = _ok(kind, f"The {kind}"), [ident, *_SHAPED]
    if "conditionalRead" in of:
        reads |= {"304": {"$ref": "#/components/responses/Unchanged"}}
        read += [_ref("if-none-match"), _ref("if-modified-since")]
    creating = [*([_ref("if-none-exist")] if of.get("conditionalCreate") else []), _ref("prefer")]
    gone = {"204": {"$ref": "#/components/responses/Nothing"}}
    changing = [ident, _ref("if-match"), _ref("prefer")]
    known: list[tuple[str, str, str, Json]] = [
        ("read", one, "get", _one("read", kind, f"Read a {kind}", read, reads)),
        ("vread", f"{past}/{{version}}", "get", _one(
            "vread", kind, "Read a version", [ident, _ref("version"), *_SHAPED], _ok(kind, f"The {kind}"))),
        ("history-instance", past, "get", _one(
            "history", kind, "All versions", [ident, *_PAGED], _ok("Bundle", "Versions"), where="One")),
        ("history-type", f"{whole}/_history", "get", _one(
            "history", kind, "Versions of all", _PAGED, _ok("Bundle", "Versions"))),
        ("search-type", whole, "get", _one("search", kind, "Search", asked, _ok("Bundle", "A page of what was found"))),
        ("search-type", f"{whole}/_search", "post", _one(
            "search", kind, "Search, with nothing in the address", [_ref("prefer")],
            _ok("Bundle", "A page of what was found"), _form(asked), where="ByForm")),
        ("create", whole, "post", _one(
            "create", kind, f"Make a {kind}", creating, stored | made, _content(kind))),
        ("update", one, "put", _one("update", kind, f"Change a {kind}", changing, stored, _content(kind))),
        ("patch", one, "patch", _one(
            "patch", kind, f"Change a part of a {kind}", changing, stored,
            _content("Patch", JSON_PATCH) | _content("Resource"))),
        ("delete", one, "delete", _one("restrict", kind, "Take out of use", [ident, _ref("if-match")], gone)),
    ]  # fmt: skip
    found: Paths = {}
    for code, path, method, operation in known:
        if code in there:
            found.setdefault(path, {})[method] = operation
    for path, methods in _operations(kind, kind).items():
        found.setdefault(path, {}).update(methods)
    return found


def _compartments() -> Paths:
    """What is about one patient, in one meeting ...: the parameters are those of the type that is searched."""
    wanted = {"name": "type", "in": "path", "required": True, "schema": {"enum": kinds.SERVED}}
    return {
        f"/{kind}/{{id}}/{{type}}": {"get": _one(
            "compartment", kind, f"Search what belongs to one {kind}, with the parameters of the type",
            [_ref("id"), wanted, *_SEARCHED], _ok("Bundle", "A page of what was found"),
        )}
        for kind in COMPARTMENTS
    }  # fmt: skip


def _stored(kind: str, text: str) -> Json:
    """By `Prefer` the resource, an outcome or nothing; and an outcome alone for somebody who is known already."""
    headers = {name: {"schema": {"type": "string"}} for name in ("Location", "Content-Location", "ETag")}
    either = [{"$ref": f"#/components/schemas/{name}"} for name in (kind, "OperationOutcome")]
    return {"description": text, "headers": headers, "content": {JSON: {"schema": {"anyOf": either}}}}


def _search_parameters(of: Json) -> list[Json]:
    return [*map(_search_parameter, of["searchParam"]), *_common(of["type"])]


def _common(kind: str) -> list[Json]:
    """What a search of a type may have besides its search parameters."""
    if (known := _SHAPING.get(kind)) is None:
        return _SEARCHED
    return [_ref(key) for key, one in _PARAMETERS.items() if one["in"] == "query" and one["name"] in known]


def _search_parameter(of: Mapping[str, str]) -> Json:
    return {"name": of["name"], "in": "query", "schema": {"type": "string"}, "description": of["type"]}


def _form(parameters: list[Json]) -> Json:
    names = [
        one["name"] if "name" in one else _PARAMETERS[one["$ref"].rpartition("/")[2]]["name"] for one in parameters
    ]
    properties = {name: {"type": "string"} for name in names if name != "Prefer"}
    return {FORM: {"schema": {"type": "object", "properties": properties}}}


# -- operations --------------------------------------------------------------------------------------------------------


def _operations(kind: str, tag: str) -> Paths:
    """Those of the registry, at each level where they are."""
    found: Paths = {}
    for one in registry.load().values():
        for level, ident in (("", ""), ("/{id}", "x")) if kind else (("", ""),):
            if one.at(kind, ident):
                path = f"/{kind}{level}/${one.name}" if kind else f"/${one.name}"
                found[path] = _operation(one, tag, by_id=bool(ident))
    return found


def _operation(of: registry.Operation, tag: str, *, by_id: bool) -> dict[str, Json]:
    parameters, text = [_ref("id")] if by_id else [], f"${of.name}: {of.definition}"
    lines = {NDJSON: {"schema": {"type": "string"}}}
    content = _content("Resource") | (lines if of.lines else {})
    answers = {"2XX": {"description": "What the operation answers", "content": content}}
    where = "One" if by_id else ""
    found = {"post": _one(of.name, tag, text, parameters, answers, where=where)}
    found["post"]["requestBody"] = {"content": lines if of.takes_lines else _content("Resource")}
    if not of.changes:
        found["get"] = _one(of.name, tag, text, parameters, answers, where=f"{where}Get")
    return found
