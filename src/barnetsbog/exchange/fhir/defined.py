"""What is defined in this instance, read and searched as resources: value sets, code systems, concept maps, profiles
and naming systems of the packages that are loaded and of our own, and the forms of the catalogue as Questionnaires.

They are in no book and say nothing of anybody: the same for everybody whose token allows the type, and nothing to log.
"""

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import orjson

from barnetsbog.fhir import folded
from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.packages.library import Definition
from barnetsbog.forms import loading
from barnetsbog.forms.model import Form
from barnetsbog.forms.questionnaire import exported, name_of, url_of
from barnetsbog.intake.profiled import definitions_in_use
from barnetsbog.kernel.sentences import say

from . import paging
from .asking import Pair
from .model import Answer, Ask, Resource
from .negotiation import Shape, shape_of, shaped, strict
from .outcomes import Problem, as_entry, fault, not_found
from .values import divided
from .values import plain as plain_text

FORM = "Questionnaire"
KINDS = ("CodeSystem", "ConceptMap", "NamingSystem", FORM, "StructureDefinition", "ValueSet")
PARAMETERS = {"_id": "token", "name": "string", "status": "token", "title": "string", "url": "uri", "version": "token"}
_NAMELESS = frozenset(("title", "url", "version"))
"""What a NamingSystem of R4 has not."""
PAGE, MOST = 50, 500
SHAPING = frozenset(("_format", "_pretty", "_elements", "_summary", "_count", "_total", paging.CURSOR))
_TAGS = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"


class Heading(NamedTuple):
    """A definition as it is found. `read`: the resource."""

    ident: str
    url: str
    version: str
    name: str
    title: str
    status: str
    read: Callable[[], Resource]

    @property
    def canonical(self) -> str:
        return f"{self.url}|{self.version}" if self.version else self.url


def parameters(kind: str) -> dict[str, str]:
    """What a type is searched by."""
    return {name: of for name, of in PARAMETERS.items() if kind != "NamingSystem" or name not in _NAMELESS}


# -- what there is -----------------------------------------------------------------------------------------------------


def headings(kind: str, versions: Collection[str] = ()) -> Sequence[Heading]:
    """Everything that is defined of a type. `versions`: of forms those, too, that are no longer in force."""
    if kind == FORM:
        return _forms(versions)
    return _loaded(definitions_in_use().profiles.library, kind)


def one(kind: str, ident: str) -> Heading:
    """The definition with an id; a Fault when there is none."""
    found = _form(ident) if kind == FORM else next((one for one in headings(kind) if one.ident == ident), None)
    if found is None:
        raise not_found()
    return found


@lru_cache(maxsize=2 * len(KINDS))
def _loaded(library: Library, kind: str) -> Sequence[Heading]:
    return tuple(_heading(one) for one in library.every(kind))


def _heading(found: Definition) -> Heading:
    content = found.read()
    name, title, status = (str(content.get(key, "")) for key in ("name", "title", "status"))
    ident = f"{str(content.get('id', found.kind))[:47]}.{_mark(found)}"
    url = str(content.get("url", ""))
    return Heading(ident, url, found.version, name, title, status, lambda: _resource(found, ident))


def _mark(found: Definition) -> str:
    """Packages of several versions call theirs by the same id."""
    return blake2b(f"{found.package.key} {found.url}".encode(), digest_size=8).hexdigest()


def _resource(found: Definition, ident: str) -> Resource:
    """As it is kept, without what is for people to read of each element, and then it says so."""
    content = found.read()
    told = {
        "resourceType": found.kind,
        "id": ident,
        **{key: one for key, one in content.items() if key not in ("resourceType", "id")},
    }
    if found.kind != "StructureDefinition":
        return told
    meta = content.get("meta") or {}
    return told | {"meta": {**meta, "tag": [*meta.get("tag", ()), {"system": _TAGS, "code": "SUBSETTED"}]}}


# -- forms -------------------------------------------------------------------------------------------------------------


def _forms(versions: Collection[str]) -> Sequence[Heading]:
    in_force = {form.id: _of_form(form, form.id) for form in loading.catalogue().values()}
    named = (_form(f"{ident}.v{version}") for ident in _form_ids() for version in sorted(versions))
    return list((in_force | {one.ident: one for one in named if one}).values())


def _form_ids() -> list[str]:
    return sorted({*loading.latest(), *loading.catalogue()})


def _form(ident: str) -> Heading | None:
    """A form in force by its id, or a version of it (`id.v3`), which has the form's own id when it is in force."""
    name, dot, version = ident.rpartition(".v")
    in_force = loading.catalogue().get(name if dot else ident)
    if not dot:
        return _of_form(in_force, ident) if in_force else None
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        return None
    if in_force and in_force.version == int(version):
        return _of_form(in_force, in_force.id)
    try:
        return _of_form(loading.form(name, int(version)), ident)
    except KeyError:
        return None


def _of_form(form: Form, ident: str) -> Heading:
    return Heading(
        ident, url_of(form.id), str(form.version), name_of(form.id), form.title, "active",
        lambda: {**exported(form), "id": ident},
    )  # fmt: skip


# -- read and search ---------------------------------------------------------------------------------------------------


def read(ask: Ask, kind: str, ident: str) -> Answer:
    shape = shape_of(ask, kind)
    return Answer(200, shaped(orjson.dumps(one(kind, ident).read()), shape))


def search(ask: Ask, kind: str) -> Answer:
    shape, (used, ignored) = shape_of(ask, kind), _understood(ask, kind)
    wanted = [_condition(name, value) for name, value in used if name not in SHAPING]
    versions = {version for one in wanted for version in one.versions}
    found = [one for one in headings(kind, versions) if all(each.fits(one) for each in wanted)]
    page, token = paging.page_of(ask, found, PAGE, MOST)
    links = paging.page_links(ask, token, used)
    entries = [_entry(ask, kind, one, shape) for one in page]
    if ignored:
        entries.append(as_entry(ask.language, ignored))
    told = b',"entry":[%s]' % b",".join(entries) if entries else b""
    body = b'{"resourceType":"Bundle","type":"searchset","total":%d,"link":%s%s}' % (len(found), links, told)
    return Answer(200, body)


def _entry(ask: Ask, kind: str, found: Heading, shape: Shape | None) -> bytes:
    url = f"{ask.base}/{kind}/{found.ident}".encode()
    return b'{"fullUrl":"%s","resource":%s,"search":{"mode":"match"}}' % (
        url,
        shaped(orjson.dumps(found.read()), shape),
    )


Fits = Callable[[Heading], bool]


class _Condition(NamedTuple):
    """Whether a definition meets it, and the versions that it names: by themselves, in an address or an id."""

    fits: Fits
    versions: Collection[str]


def _understood(ask: Ask, kind: str) -> tuple[list[Pair], list[Problem]]:
    """What counts of the question, and what is wrong with the rest, which is left out when the asker is lenient."""
    used, ignored = list[Pair](), list[Problem]()
    for name, value in ask.query:
        plain, _, modifier = name.partition(":")
        modifiers = ("", "contains", "exact") if plain in parameters(kind) and _is_text(plain) else ("",)
        if name in SHAPING or (plain in parameters(kind) and value and modifier in modifiers):
            used.append((name, value))
            continue
        text = say(
            "{0} søges på {1}, ikke på »{2}«.",
            "{0} is searched by {1}, not by “{2}”.",
            kind,
            ", ".join(parameters(kind)),
            name,
        )
        if strict(ask):
            raise fault(400, "not-supported", text, f"http.{name}")
        ignored.append(Problem("not-supported", text, f"http.{name}", severity="warning"))
    return used, ignored


def _condition(name: str, value: str) -> _Condition:
    plain, _, modifier = name.partition(":")
    values = [plain_text(one) for one in divided(value, ",")]
    marks = {"version": "|", "url": "|", "_id": ".v"}
    named = (
        [one.rpartition(marks[plain])[2] for one in values if marks[plain] in one or plain == "version"]
        if plain in marks
        else ()
    )
    return _Condition(_fitting(plain, modifier, values), frozenset(named))


def _is_text(name: str) -> bool:
    return PARAMETERS[name] == "string"


def _fitting(name: str, modifier: str, values: Sequence[str]) -> Fits:
    if name == "url":
        return lambda one: one.url in values or one.canonical in values
    if name == "_id":
        return lambda one: one.ident in values
    if not _is_text(name):
        return lambda one: getattr(one, name) in [value.rpartition("|")[2] for value in values]
    if modifier == "exact":
        return lambda one: getattr(one, name) in values
    wanted = [folded(value) for value in values]
    if modifier == "contains":
        return lambda one: any(value in folded(getattr(one, name)) for value in wanted)
    return lambda one: folded(getattr(one, name)).startswith(tuple(wanted))
