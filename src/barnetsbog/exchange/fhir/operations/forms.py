"""Questionnaire/$populate and QuestionnaireResponse/$extract (HL7 Structured Data Capture 3.0), by the forms of the
catalogue.

A form is filled with what the asker may read and the token allows, and each answer says where it is from. What an
answered form says comes back as entries; nothing is stored by either.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from barnetsbog.fhir import references
from barnetsbog.fhir.own import reference_of
from barnetsbog.forms import extraction, loading, mapping, prefill
from barnetsbog.forms.model import Form
from barnetsbog.forms.prefill import Found, Known
from barnetsbog.forms.response import Filling, Response, Source
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.sentences import say
from barnetsbog.kernel.time import local_day
from barnetsbog.record.instance import id_key

from .. import defined
from ..judging import hand_of, require_scope
from ..model import Answer, Ask, Resource
from ..outcomes import Fault, fault
from ..reading import opened, read
from . import registry
from .inputs import Inputs, inputs, part, told

UNKNOWN = say(
    "Skemaet findes ikke i kataloget. Søg i Questionnaire for at se dem, der er.",
    "The form is not in the catalogue. Search Questionnaire to see those that are.",
)
UNREADABLE = say(
    "Besvarelsen kan ikke læses som en besvarelse af skemaet.", "The response cannot be read as a response to the form."
)
ANSWERED = "QuestionnaireResponse"


# -- filling -----------------------------------------------------------------------------------------------------------


def populate(ask: Ask, kind: str, ident: str) -> Answer:
    require_scope(ask.who, kind, "r")
    require_scope(ask.who, "Patient", "r")
    given = inputs(ask, "canonical", "questionnaire", "questionnaireRef", "subject", "local", checked=False)
    form, subject = _form(given, ident), _subject(given)
    with opened(ask, subject, Filling.READ) as (book, child_id, entry_id):
        if book.readable(child_id, [entry_id]).get(entry_id) != "Patient":
            raise NotFound
        known = _allowed(ask, prefill.known(book, child_id, [form]), veiled=book.veiled(child_id))
    filled = prefill.fill(form, known)
    response = Response(
        "", form.id, form.version, form.title, author=hand_of(ask.who.scope), answers=filled.answers,
        origins=filled.origins, begun_at=ask.who.scope.at,
    )  # fmt: skip
    made = mapping.resource_of(response, form, child=f"Patient/{entry_id}")
    plain = {name: one for name, one in made.items() if name not in ("id", "extension", "meta")}
    return told(part("response", "resource", plain))


def _subject(given: Inputs) -> str:
    said = given.values.get("subject", ("",))[0]
    kind, _, ident = (reference_of(said) or str(said)).partition("/") if said else ("", "", "")
    if kind != "Patient" or not ident:
        text = say(
            "Parameteren subject skal være et barn: Patient/ID.", "The parameter subject must be a child: Patient/ID."
        )
        raise fault(400, "required", text, "http.subject")
    return ident


def _form(given: Inputs, ident: str) -> Form:
    """The form that is named: in the path, by its address, or by a copy of it, which must be one of the catalogue."""
    if ident:
        return _by_id(ident)
    reference = given.object("questionnaireRef")
    if reference:
        return _by_id(reference_of(reference).rpartition("/")[2])
    sent = given.object("questionnaire")
    canonical = f"{sent.get('url', '')}|{sent.get('version', '')}" if sent else given.text("canonical")
    if not canonical:
        text = say(
            "Sig, hvilket skema det er: canonical, questionnaireRef eller Questionnaire/ID.",
            "Say which form it is: canonical, questionnaireRef or Questionnaire/ID.",
        )
        raise fault(400, "required", text, "http.canonical")
    return _by_address(canonical)


def _by_id(ident: str) -> Form:
    try:
        return _by_address(defined.one(defined.FORM, ident).canonical)
    except Fault:
        raise _unknown() from None


def _by_address(canonical: str) -> Form:
    """The version that is named, else the one in force."""
    url, _, version = canonical.partition("|")
    form = loading.catalogue().get(url.removeprefix(mapping.CANONICAL)) if url.startswith(mapping.CANONICAL) else None
    if form is not None and version in ("", str(form.version)):
        return form
    named = mapping.named_form({"questionnaire": canonical})
    try:
        if named:
            return loading.form(*named)
    except KeyError:
        pass
    raise _unknown()


def _unknown() -> Fault:
    return fault(404, "not-found", UNKNOWN, "http.canonical")


def _allowed(ask: Ask, known: Known, *, veiled: bool) -> Known:
    """What is known from the types of entries that the token allows. Who holds custody is known from the relatives.
    `veiled`: nothing leads out of the book, to where the child may be found, but to the asker's own unit."""
    own = f"Organization/{ask.who.scope.unit_id}"

    def may(source: Source) -> bool:
        return not source.entry or ask.who.allowed.may(source.entry.partition("/")[0], "r")

    def told(source: Source) -> Source:
        return source._replace(unit="") if veiled and source.unit != own else source

    relatives = ask.who.allowed.may("RelatedPerson", "r")
    found: Mapping[str, tuple[Found, ...]] = {
        name: tuple(one._replace(source=told(one.source)) for one in some if may(one.source))
        for name, some in known.found.items()
        if relatives or name != "custody"
    }
    answered = {name: (said, told(of)) for name, (said, of) in known.answered.items() if may(of)}
    return replace(known, found=found, answered=answered)


# -- what was answered -------------------------------------------------------------------------------------------------


def extract(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "questionnaire-response", body="questionnaire-response")
    if ident:
        require_scope(ask.who, kind, "r")
        resource = exact.loads(read(replace(ask, query=[], headers={}), kind, ident).body or b"{}")
    else:
        resource = given.object("questionnaire-response")
    if not resource or resource.get("resourceType") != ANSWERED:
        raise fault(400, "required", say("Send en {0}.", "Send a {0}.", ANSWERED), "http.questionnaire-response")
    return told(part("return", "resource", _transaction(_entries(ask, resource))))


def _entries(ask: Ask, resource: Resource) -> list[Resource]:
    """The entries that it says. What is named by an id that nobody has is named by a urn."""
    form = _answered(resource)
    made_up = "" if resource.get("id") else str(new_id())
    try:
        response = mapping.response_of({**resource, "id": resource.get("id") or made_up}, form)
        by = _by(ask, response.author or reference_of(resource.get("author")))
        at = response.sent_at or ask.who.scope.at
        said = extraction.Answered(
            response.id, reference_of(resource.get("subject")), by, at, local_day(at), response.answers,
            response.origins, {turn.part: turn.who for turn in response.turns},
            any(turn.shared for turn in response.turns), extraction.heard_by(response), response.confided,
        )  # fmt: skip
        found = extraction.entries_of(form, said, id_key())
    except (ValueError, TypeError, KeyError, AttributeError):
        raise fault(422, "invalid", UNREADABLE, f"{ANSWERED}.item") from None
    for holder in (holder for one in found for holder in references(one) if made_up):
        if holder["reference"] == f"{ANSWERED}/{made_up}":
            holder["reference"] = f"urn:uuid:{made_up}"
    return found


def _by(ask: Ask, author: str) -> str:
    """Who says it: whoever answered, when that is somebody; a unit records no condition (R4, Condition.recorder)."""
    if author.partition("/")[0] in ("Patient", "Practitioner", "PractitionerRole", "RelatedPerson"):
        return author
    scope = ask.who.scope
    return f"PractitionerRole/{scope.role_id}" if scope.unit_id else hand_of(scope)


def _answered(resource: Resource) -> Form:
    named = mapping.named_form(resource)
    try:
        if named:
            return loading.form(*named)
    except KeyError:
        pass
    raise fault(422, "not-found", UNKNOWN, f"{ANSWERED}.questionnaire")


def _transaction(found: list[Resource]) -> Resource:
    entries: list[dict[str, Any]] = [
        {
            "fullUrl": f"urn:uuid:{one['id']}", "resource": {name: said for name, said in one.items() if name != "id"},
            "request": {"method": "POST", "url": one["resourceType"]},
        }
        for one in found
    ]  # fmt: skip
    return {"resourceType": "Bundle", "type": "transaction", **({"entry": entries} if entries else {})}


_DEFINED = "http://hl7.org/fhir/uv/sdc/OperationDefinition/"
registry.add(registry.Operation(
    "populate", populate, f"{_DEFINED}Questionnaire-populate", types=frozenset((defined.FORM,)),
    of_type=True, of_one=True,
))  # fmt: skip
registry.add(registry.Operation(
    "extract", extract, f"{_DEFINED}QuestionnaireResponse-extract", types=frozenset((ANSWERED,)),
    of_type=True, of_one=True,
))  # fmt: skip
