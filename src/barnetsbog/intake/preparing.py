"""From bytes to items: the pure half of the intake, run on all cores.

Nothing here knows a database. The id of a resource follows from its source and its name there (`kernel.ids`), so a
reference can be pointed at its target even when the target is in another file or has not been received yet.
"""

import hashlib
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

import orjson

from barnetsbog.fhir import check, check_bundle_envelope, extract, references, resource_types
from barnetsbog.fhir.definitions import shape
from barnetsbog.fhir.own import members, person_numbers
from barnetsbog.fhir.primitives import fault as wrong
from barnetsbog.fhir.primitives import shown
from barnetsbog.fhir.searching import SUBJECT_FIELDS
from barnetsbog.fhir.targets import target_type
from barnetsbog.kernel import exact, json_faults
from barnetsbog.kernel.cpr import (
    CPR_SYSTEM,
    PERSON_NUMBER_SYSTEMS,
    looks_like_one,
    masked,
    normalise,
    passes_modulus_11,
)
from barnetsbog.kernel.files import carries_malware_test
from barnetsbog.kernel.ids import derived_bytes, text_of
from barnetsbog.kernel.sentences import say
from barnetsbog.record.entries import DIRECTORY_TYPES
from barnetsbog.record.promotion import promote
from barnetsbog.record.rows import Name, rows_of

from .facts import facts_of
from .model import LINE, WENT_ALONG, Item, Prepared, Refusal, Unit
from .profiled import Checking, profiles_in_use
from .reading import unreadable

Resource = dict[str, Any]


class Received(NamedTuple):
    """One resource as it lies in the unit: where, under which address, and what it says."""

    place: str
    full_url: str
    resource: Any
    fault: str  # why it can't be taken at all


log = logging.getLogger(__name__)

LONGEST_NAME = 160
"""Characters of what a source calls something, where it is kept to be told (`record.models.Entry.source_ref`)."""

OURS = say(
    "Programmet kan ikke læse ressourcen. Det er vores fejl, og den står i programmets log. Ressourcen er ikke gemt.",
    "The program cannot read the resource. That is our error, and it is in the program's log. The resource is not "
    "stored.",
)
NESTED = say("indholdet er indlejret i for mange lag", "the content is nested too deeply")
HARMFUL = say(
    "En fil i ressourcen ligner skadelig kode, og ressourcen er ikke gemt. Åbn den ikke.",
    "A file in the resource looks like harmful code, and the resource is not stored. Do not open it.",
)


def prepare(unit: Unit, key: bytes) -> Prepared:
    """Checks and readies every resource of a unit. Refuses, never raises, whatever the bytes are: an error of ours in
    one resource is in the program's log, and the others are taken."""
    try:
        return _prepared(unit, key)
    except Exception:
        log.exception("error in the intake of %s: each resource is tried by itself", unit.file)
        return _prepared(unit, key, try_each=True)


def _prepared(unit: Unit, key: bytes, *, try_each: bool = False) -> Prepared:
    prepared = Prepared(
        unit.file, unit.source, zlib.compress(unit.payload, 3), hashlib.sha256(unit.payload).digest(),
        first_line=unit.first_line,
    )  # fmt: skip
    received = list(_resources(unit, prepared))
    if carries_malware_test(unit.payload):
        received = [_harmless(one) for one in received]
    if checking := profiles_in_use():
        received = _profiled(received, unit, prepared, checking)
    if try_each:
        received = [_tried(one) for one in received]
    prepared.read = len(received)
    known = _Addresses(key, unit.source, received, unit.own)
    sound = [one for one in received if _is_taken(one, prepared)]
    if prepared.whole and prepared.refusals:
        _refuse_rest(sound, known, prepared)
    else:
        prepared.items = _items(sound, known)
    return prepared


# -- what is in the unit ---------------------------------------------------------------------------------------------


def _resources(unit: Unit, prepared: Prepared) -> Iterator[Received]:
    if unit.first_line is not None:
        yield from _lines(unit, prepared)
        return
    try:
        content = parsed(unit.payload)
    except ValueError as error:
        yield Received("", "", {}, f"Filen er ikke gyldig JSON: {error}")
        return
    if isinstance(content, dict) and content.get("resourceType") == "Bundle":
        yield from _entries(content, unit, prepared)
    else:
        yield Received("", "", content, "")


def _lines(unit: Unit, prepared: Prepared) -> Iterator[Received]:
    for number, line in enumerate(unit.payload.split(b"\n"), 1):
        if not line.strip():
            continue
        place = f"{LINE}{number}"
        try:
            if reason := unreadable(line):
                raise ValueError(reason)
            yield Received(place, "", parsed(line), "")
        except ValueError as error:
            in_file = prepared.where(place).removeprefix(LINE)
            yield Received(place, "", {}, f"Linje {in_file} er ikke gyldig JSON: {error}")


def _entries(bundle: Resource, unit: Unit, prepared: Prepared) -> Iterator[Received]:
    """The resources of a Bundle. An envelope with faults takes a transaction down; elsewhere it is said and lived
    with."""
    prepared.whole = bundle.get("type") == "transaction"
    faults = [f"{issue.path}: {issue.text()}" for issue in check_bundle_envelope(bundle) if issue.severity == "error"]
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or (faults and (prepared.whole or not entries)):
        yield Received("", "", bundle, faults[0] if faults else "Bundle.entry er ikke en liste")
        return
    prepared.warnings += [f"{unit.file}: {fault}" for fault in faults]
    for index, entry in enumerate(entries):
        yield _entry(index, entry)


def _harmless(one: Received) -> Received:
    return one._replace(fault=one.fault or HARMFUL) if carries_malware_test(exact.dumps(one.resource)) else one


def _entry(index: int, entry: Any) -> Received:
    place = f"entry[{index}].resource"
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return Received(place, "", {}, "Der er ingen ressource her.")
    request, full_url = entry.get("request"), entry.get("fullUrl")
    method = str(request.get("method", "")) if isinstance(request, dict) else ""
    fault = "" if method in ("", "POST", "PUT") else f"Filimport kan ikke udføre {method}. Kun POST og PUT."
    address = full_url if isinstance(full_url, str) and not wrong("uri", full_url) else ""
    return Received(place, address, entry["resource"], fault)


def parsed(payload: bytes) -> Any:
    """Strict JSON, with decimals as they are written; `ValueError` says what is wrong. A key given twice is refused,
    for one of its two values would be lost without a word."""
    text = payload.removeprefix(b"\xef\xbb\xbf")
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(json_faults.why(error)) from None
    try:
        again = orjson.dumps(content)
    except TypeError:  # orjson writes 254 levels, and nothing a person needs has more
        raise ValueError(NESTED) from None
    if again == text:  # nothing of it can have been lost
        return content
    if again.count(b":") != text.count(b":") or b"\\u003a" in text or b"\\u003A" in text:  # each key has one
        try:
            json.loads(text, object_pairs_hook=_once)
        except RecursionError:
            raise ValueError(NESTED) from None
    return exact.as_written(content, text, again)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(
            say("feltet »{0}« står to gange i samme objekt", "the field “{0}” stands twice in one object", twice)
        )
    return found


# -- addresses and references ----------------------------------------------------------------------------------------


class Target(NamedTuple):
    """What a reference leads to here."""

    kind: str
    ident: bytes
    reference: str

    @classmethod
    def of(cls, kind: str, ident: bytes) -> "Target":
        return cls(kind, ident, f"{kind}/{text_of(ident)}")


class _Addresses:
    """Which ids the resources of one unit have here, and what their references point at."""

    def __init__(self, key: bytes, source: str, received: list[Received], own: bool) -> None:
        self.source, self._key, self._own = source, key, own
        self._by_url: dict[str, tuple[str, str]] = {}
        self._targets: dict[str, Target | None] = {}
        for one in received:
            if one.full_url and isinstance(one.resource, dict):
                self._by_url[one.full_url] = (str(one.resource.get("resourceType", "")), self.name(one))

    def name(self, one: Received) -> str:
        """What the source calls it: `Type/id`, or the address it travelled under, or else what it says."""
        kind, ident = one.resource.get("resourceType", ""), one.resource.get("id")
        if ident is not None:
            return f"{kind}/{ident}"
        return one.full_url or f"{kind}/{hashlib.sha256(exact.dumps(one.resource)).hexdigest()[:32]}"

    def id_of(self, name: str) -> bytes:
        if self._own:
            return UUID(name.partition("/")[2]).bytes
        return derived_bytes(self._key, self.source, name)

    def elsewhere(self, address: str) -> bytes:
        """Which id something that leads out of the unit, and is no `Type/id` of its source, would have here."""
        return derived_bytes(self._key, self.source, address)

    def target(self, reference: str) -> Target | None:
        """What a reference leads to; None when it leads out of the book."""
        if reference not in self._targets:
            self._targets[reference] = self._find(reference)
        return self._targets[reference]

    def _find(self, reference: str) -> Target | None:
        if known := self._by_url.get(reference) or self._by_url.get(reference.partition("/_history/")[0]):
            return Target.of(known[0], self.id_of(known[1]))
        if ":" in reference or "?" in reference or reference.startswith("#"):
            return None
        kind, _, rest = reference.partition("/")
        ident = rest.partition("/")[0]
        return Target.of(kind, self.id_of(f"{kind}/{ident}")) if ident and kind in resource_types() else None


# -- profiles ---------------------------------------------------------------------------------------------------------


def _profiled(received: list[Received], unit: Unit, prepared: Prepared, checking: Checking) -> list[Received]:
    """What breaks a profile of a package that gates can't be taken. What breaks another's is said, and so is, once,
    what could not be judged. A Bundle is judged as a whole, for its entries refer to each other."""
    is_bundle = any(one.place.startswith("entry[") for one in received)
    judged = {"": parsed(unit.payload)} if is_bundle else {one.place: one.resource for one in received}
    faults: dict[str, str] = {}
    for place, resource in judged.items():
        for issue, refuses in checking.judge(resource):
            if refuses:
                faults.setdefault(
                    _place_of(issue.path) if is_bundle else place, say("{0}: {1}", "{0}: {1}", issue.path, issue.text())
                )
            else:
                where = f"{issue.path}: " if issue.severity == "error" else ""
                prepared.warnings.append(f"{unit.file}: {where}{issue.text()}")
    prepared.warnings[:] = dict.fromkeys(prepared.warnings)
    return [one._replace(fault=one.fault or faults.get(one.place) or faults.get("", "")) for one in received]


def _place_of(path: str) -> str:
    """The resource of a Bundle that a path leads into; empty when it is the Bundle's own."""
    place, inner, _ = path.removeprefix("Bundle.").partition(".resource")
    return place + inner if inner else ""


# -- one resource ----------------------------------------------------------------------------------------------------


def _is_taken(one: Received, prepared: Prepared) -> bool:
    path, reason = _refused(one)
    if reason:
        label, place = _label(one.resource), prepared.where(one.place)
        unnamed = "/" not in label and path not in ("", one.place)  # which one it is, only its place tells
        path = f"{place} {path}".strip() if unnamed else prepared.where(path)
        prepared.refusals.append(Refusal(prepared.file, label, path, reason))
        return False
    _warn(one.resource, prepared)
    return True


def _refused(one: Received) -> tuple[str, str]:
    """Where and why a resource can't be taken; an empty reason when it can."""
    if one.fault:
        return one.place, one.fault
    issues = [issue for issue in check(one.resource) if issue.severity == "error"]
    if issues:
        more = len(issues) - 1
        return issues[0].path, issues[0].text() + (f" (og {more} fejl mere)" if more else "")
    if one.resource["resourceType"] == "Bundle":
        return one.place, "En Bundle inde i en Bundle pakkes ikke ud. Send den for sig."
    return "", ""


def _warn(resource: Resource, prepared: Prepared) -> None:
    """A CPR number that fails modulus 11 is valid (cpr.dk): stored, and said aloud. So is what is no number at all."""
    for identifier in (
        resource.get("identifier", ()) if resource["resourceType"] in ("Patient", "RelatedPerson") else ()
    ):
        system, value = identifier.get("system"), str(identifier.get("value", ""))
        what = ""
        if system in PERSON_NUMBER_SYSTEMS and value and not looks_like_one(value):
            what = f"»{shown(value[:6])}« er ikke et personnummer. Det er gemt, men ingen kendes på det."
        elif system == CPR_SYSTEM and not passes_modulus_11(normalise(value)):
            what = f"CPR-nummer {masked(value)} opfylder ikke modulus 11. Det er gemt."
        if what:
            prepared.warnings.append(f"{prepared.file}: {_label(resource)}: {what}")


def _tried(one: Received) -> Received:
    """A resource, which is refused when the program itself fails in reading it."""
    try:
        if not _refused(one)[1]:
            for step in (promote, extract, facts_of):
                step(one.resource)
    except Exception:
        log.exception("error in the intake of %s", _label(one.resource))
        return one._replace(fault=OURS)
    return one


def _items(received: list[Received], known: _Addresses) -> list[Item]:
    """Step by step over all resources, not resource by resource over all steps: a processor that keeps at one thing
    does the same work in three quarters of the time."""
    resources = [one.resource for one in received]
    names = [known.name(one) for one in received]
    ids = [known.id_of(name) for name in names]
    fingerprints = [_fingerprint(resource) for resource in resources]
    pointed = [_point(resource, known) for resource in resources]
    for resource, ident in zip(resources, ids, strict=True):
        resource["id"] = text_of(ident)
    bodies = [exact.dumps(resource) for resource in resources]
    columns = [promote(resource) for resource in resources]
    search = [extract(resource) for resource in resources]
    facts = [facts_of(resource) for resource in resources]
    called = [Name(one["resourceType"], known.source, _kept(name)) for one, name in zip(resources, names, strict=True)]
    rows = [rows_of(*each) for each in zip(ids, called, columns, search, fingerprints, strict=True)]
    steps = zip(received, called, ids, bodies, fingerprints, columns, rows, pointed, facts, strict=True)
    return [
        Item(one.place, name.kind, name.ref, ident, body, mark, read, row, subjects, others, fact, numbers)
        for one, name, ident, body, mark, read, row, (subjects, others, numbers), fact in steps
    ]


def _kept(name: str) -> str:
    """A name as the column has room for it. A long address keeps its beginning, and what tells it from others."""
    if len(name) <= LONGEST_NAME:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:32]
    return f"{name[: LONGEST_NAME - len(mark) - 1]}#{mark}"


def _fingerprint(resource: Resource) -> int:
    """Of what the source said, whatever the order of its fields."""
    content = exact.dumps(resource, orjson.OPT_SORT_KEYS)
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True)


Number = tuple[str, str]
"""System and person number."""


def _point(
    resource: Resource, known: _Addresses
) -> tuple[tuple[bytes, ...], tuple[bytes, ...], tuple[Number, ...]]:  # fmt: skip
    """Points every reference at the id of its target here; tells which Patients it is about, what else it names, and
    the numbers of those that it is about without saying where they stand."""
    subjects: dict[bytes, None] = {}
    others: dict[bytes, None] = {}
    about = [resource.get(name) for name in SUBJECT_FIELDS]
    own = {id(one) for value in about for one in (value if isinstance(value, list) else (value,))}
    led = False
    for holder in references(resource):
        found = known.target(holder["reference"])
        if found is None:
            continue
        holder["reference"] = found.reference
        is_about = id(holder) in own
        led = led or is_about
        if found.kind == "Patient" and is_about:
            subjects[found.ident] = None
        elif found.kind not in DIRECTORY_TYPES:
            others[found.ident] = None
    numbers = () if led else _about_others(resource, about, subjects, known)
    return tuple(subjects), tuple(others), numbers


def _about_others(
    resource: Resource, about: list[Any], subjects: dict[bytes, None], known: _Addresses
) -> tuple[Number, ...]:  # fmt: skip
    """Whom a resource is about that doesn't lead to anything of its source: by a person number, or by an address
    elsewhere, which is somebody whom nobody here knows. It is not for the book of whoever else the unit speaks of."""
    numbers: list[Number] = []
    for name, value in zip(SUBJECT_FIELDS, about, strict=True):
        for one in members(value if isinstance(value, list) else [value]):
            address = one.get("reference")
            if not isinstance(address, str):
                numbers += person_numbers([one.get("identifier")])
            elif address.startswith("#"):
                within = (inner for inner in members(resource.get("contained")) if f"#{inner.get('id')}" == address)
                numbers += [number for inner in within for number in person_numbers(inner.get("identifier"))]
            elif criteria := person_numbers([_criteria(address)]):
                numbers += criteria
            elif _is_patient(one, address, resource["resourceType"], name):
                subjects[known.elsewhere(address)] = None
    return tuple(dict.fromkeys(numbers))


def _is_patient(holder: Resource, address: str, kind: str, name: str) -> bool:
    """Whether something elsewhere is one: as its address or the reference says, or because one may stand here."""
    said = target_type(address.partition("?")[0]) or _kind(address) or holder.get("type")
    return said == "Patient" if said else "Patient" in shape(kind).elements[name].targets


def _criteria(address: str) -> Resource:
    """The identifier that a conditional reference (`Patient?identifier=...`) goes by."""
    kind, _, query = address.partition("?")
    system, _, value = dict(parse_qsl(query)).get("identifier", "").partition("|")
    return {"system": system, "value": value} if kind == "Patient" else {}


def _kind(address: str) -> str:
    """The type that a conditional reference speaks of."""
    kind, mark, _ = address.partition("?")
    return kind if mark and kind in resource_types() else ""


def _label(resource: Any) -> str:
    """How messages name a resource."""
    if not isinstance(resource, dict):
        return ""
    kind, ident = resource.get("resourceType"), resource.get("id")
    return "/".join(part for part in (kind, ident) if isinstance(part, str))


def _refuse_rest(sound: list[Received], known: _Addresses, prepared: Prepared) -> None:
    """A transaction is all or nothing: what was right in it is refused because of what was not."""
    prepared.refusals += [
        Refusal(prepared.file, known.name(one), prepared.where(one.place), WENT_ALONG) for one in sound
    ]
