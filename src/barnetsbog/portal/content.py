"""The words of an entry: what one FHIR resource says, as headings and paragraphs a person can read.

One small reader a kind says where its words stand; what has no reader of its own is shown field by field. The words
of a child are handed on as they are.
"""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.contacts.model import Contact
from barnetsbog.fhir.own import extension_of, extensions_of, ident_of, members, parts_of, reference_of, value_of
from barnetsbog.fostering.mapping import agreement_of, report_of, why_ended
from barnetsbog.kernel.time import local_day, parse
from barnetsbog.letters.enclosing import answered
from barnetsbog.record.objections import objections_of
from barnetsbog.record.promotion import (
    CARE_AGREEMENT,
    CARER_STATUS,
    CHILDS_VIEW,
    CONTACT_PLAN,
    kind_code,
    text_of,
)

from . import dates, words
from .consents import FORMS
from .words import FELT, GOAL_STATES, SUPPORT, TOPICS

Resource = dict[str, Any]
People = dict[UUID, Contact]


class Line(NamedTuple):
    """One thing said: a heading, the words, and whether they are somebody's own, or ours (names, dates, states) and in
    the language of the page."""

    label: str | Promise
    text: str
    quote: bool = False
    ours: bool = False


def _ours(label: str | Promise, text: str) -> Line:
    return Line(label, text, ours=True)


def named_in(resource: Resource) -> list[UUID]:
    """Everybody a resource refers to, so that their names can be fetched at once."""
    found: list[UUID] = []
    stack: list[Any] = [resource]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            found += [ident] if (ident := ident_of(reference_of(value))) else []
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    return found


def lines(resource: Resource, people: People) -> list[Line]:
    """What the resource says."""
    reader = _READERS.get(resource.get("resourceType", ""))
    found = list(reader(resource, people)) if reader else list(_fields(resource))
    found += [Line(_("Indvending fra familien"), one, quote=True) for one in objections_of(resource)]
    return [line for line in found if line.text]


def plain(resource: Resource, people: People) -> str:
    """The same as one text, to compare two versions by."""
    return "\n".join(f"{line.label}: {line.text}" for line in lines(resource, people))


def _who(value: Any, people: People) -> str:
    """Names behind a reference or several."""
    values = value if isinstance(value, list) else [value]
    names = []
    for one in values:
        contact = people.get(ident) if (ident := ident_of(reference_of(one))) else None
        names.append(contact.line if contact else str((one or {}).get("display", "")))
    return "; ".join(name for name in names if name)


def _notes(resource: Resource) -> str:
    return "\n\n".join(str(note.get("text", "")) for note in resource.get("note", ()))


def _day(text: Any) -> str:
    if not isinstance(text, str) or not text:
        return ""
    return dates.as_told(text)


def _period(period: Any) -> str:
    """From when to when; the day of both stands once."""
    said = period or {}
    start, end = _day(said.get("start")), _day(said.get("end"))
    if not start and end:
        return gettext("Til %(day)s") % {"day": end}
    if not end or start == end:
        return start
    (began, whole_day), (ended, until_a_day) = parse(said["start"]), parse(said["end"])
    if whole_day or until_a_day or local_day(began) != local_day(ended):
        return f"{start} - {end}"
    return f"{start}-{dates.clock(ended)}"


def _meeting(r: Resource, people: People) -> Iterable[Line]:
    yield Line(_("Hvad der skete"), str(extension_of(r, "text") or text_of(r.get("reasonCode"))))
    yield _ours(_("Hvem var med"), _who([p.get("individual") for p in r.get("participant", ())], people))
    yield _ours(_("Barnet var med"), str(_("ja")) if extension_of(r, "child-took-part") else "")
    length = r.get("length") or {}
    yield Line(_("Varighed"), f"{length.get('value', '')} {length.get('unit', '')}".strip())


def _observation(r: Resource, people: People) -> Iterable[Line]:
    if kind_code(r) == CHILDS_VIEW:
        yield from _view(r, people)
        return
    if kind_code(r) == CARER_STATUS:
        yield from _carer_status(r)
        return
    quantity = r.get("valueQuantity") or {}
    yield Line(_("Resultat"), f"{localize(quantity.get('value', ''))} {quantity.get('unit', '')}".strip())
    yield Line(_("Metode"), text_of(r.get("method")))
    yield Line(_("Hvad der blev set"), str(r.get("valueString", "")))
    yield Line(_("Svar"), text_of(r.get("valueCodeableConcept")))
    yield Line(_("Bemærkning"), _notes(r))


def _carer_status(r: Resource) -> Iterable[Line]:
    report = report_of(r)
    yield from (Line(TOPICS[topic], text) for topic, text in report.told.items())
    yield Line(_("Barnets egne ord"), report.words, quote=True)


def _agreement(r: Resource, people: People) -> Iterable[Line]:
    agreed = agreement_of(r)
    yield _ours(_("Status"), str(words.status("plan", str(r.get("status", "")))))
    yield _ours(_("Periode"), _period(r.get("period")))
    yield Line(_("Hvor tit"), agreed.often)
    yield Line(_("Hvor"), agreed.place)
    yield _ours(_("En voksen med"), str(SUPPORT[agreed.support]) if agreed.support else "")
    yield Line(_("Det er aftalt"), agreed.text)
    yield _ours(_("Ring, hvis det skal laves om"), _who(extension_of(r, "call"), people))
    yield Line(_("Hvorfor den sluttede"), why_ended(r))


def _view(r: Resource, people: People) -> Iterable[Line]:
    yield Line(_("Barnets egne ord"), str(r.get("valueString", "")), quote=True)
    yield from _told_and_shared(r, people)
    yield Line(_("Hvordan det kom frem"), str(extension_of(r, "told-otherwise") or ""))


def _told_and_shared(r: Resource, people: People) -> Iterable[Line]:
    yield _ours(_("Sagt til"), _who(extension_of(r, "said-to"), people))
    shared = extension_of(r, "may-be-shared")
    yield _ours(_("Må deles"), "" if shared is None else str(_("ja") if shared else _("nej")))


def _assessment(r: Resource, people: People) -> Iterable[Line]:
    yield Line(_("Vurdering"), str(r.get("summary") or r.get("description", "")))


def _document(r: Resource, people: People) -> Iterable[Line]:
    yield Line(_("Slags"), text_of(r.get("type")))
    for content in r.get("content", ()):
        attachment = content.get("attachment") or {}
        yield Line(_("Indhold"), _attached(attachment) or str(attachment.get("title", "")))


def _attached(attachment: Resource) -> str:
    if not str(attachment.get("contentType", "")).startswith("text/plain"):
        return ""
    try:
        return base64.b64decode(attachment.get("data", ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _form(r: Resource, people: People) -> Iterable[Line]:
    """Each question with its answer, whoever asked it."""
    for told in answered(r.get("item")):
        question, _line, answer = told.partition("\n")
        yield Line(question, answer)


def _communication(r: Resource, people: People) -> Iterable[Line]:
    yield _ours(_("Til"), _who(r.get("recipient", []), people))
    texts = [str(part.get("contentString", "")) for part in r.get("payload", ())]
    yield Line(_("Indhold"), "\n\n".join(text for text in texts if text))


def _medicine(r: Resource, people: People) -> Iterable[Line]:
    yield Line(_("Medicin"), text_of(r.get("medicationCodeableConcept")))
    yield Line(_("Hvor meget"), _notes(r))
    yield _ours(_("Givet af"), _who([one.get("actor") for one in members(r.get("performer"))], people))


def _condition(r: Resource, people: People) -> Iterable[Line]:
    yield Line(_("Beskrivelse"), _notes(r))
    yield _ours(_("Ophørt"), _day(r.get("abatementDateTime")))


def _plan(r: Resource, people: People) -> Iterable[Line]:
    if kind_code(r) in (CONTACT_PLAN, CARE_AGREEMENT):
        yield from _agreement(r, people)
        return
    yield _ours(_("Status"), str(words.status("plan", str(r.get("status", "")))))
    yield _ours(_("Periode"), _period(r.get("period")))
    yield Line(_("Beskrivelse"), str(r.get("description", "")))
    yield Line(_("Imod"), _who(r.get("addresses", []), people))
    yield Line(_("Mål"), _who(r.get("goal", []), people))
    yield Line(_("Indsatser"), _who(r.get("supportingInfo", []), people))
    yield Line(_("Planer, den bygger på"), _who(r.get("basedOn", []), people))
    yield _ours(_("Ansvarlige"), _who([{"reference": one} for one in workers_in(r)], people))
    yield Line(_("Hvordan vi ser, om det virker"), str(extension_of(r, "measure") or ""))
    yield Line(_("Hvad det har betydet"), "\n\n".join(text for text in (_notes(r), *_effects(r)) if text))
    yield _ours(_("Opfølgning"), _day(extension_of(r, "follow-up")))
    yield Line(_("Hvorfor barnet ikke er spurgt"), str(extension_of(r, "not-asked-reason") or ""))
    yield _ours(_("Klar"), _day(extension_of(r, "ready-at")))


def _effects(r: Resource) -> Iterable[str]:
    for activity in members(r.get("activity")):
        for one in members(activity.get("progress")):
            felt = FELT.get(str(extension_of(one, "effect")), "")
            said = "" if one.get("text") == extension_of(one, "effect") else str(one.get("text", ""))
            yield ": ".join(part for part in (_day(one.get("time")), str(felt), said) if part)


def workers_in(resource: Resource) -> list[str]:
    """References to those who work on a goal or are responsible for an intervention."""
    details = [activity.get("detail") or {} for activity in members(resource.get("activity"))]
    works = [value_of(one) for one in extensions_of(resource, "works-on")]
    named = [*works, *(one for detail in details for one in members(detail.get("performer")))]
    return [found for one in named if (found := reference_of(one))]


def _goal(r: Resource, people: People) -> Iterable[Line]:
    own = any(c.get("code") == "own-goal" for k in r.get("category", ()) for c in k.get("coding", ()))
    yield Line(_("Barnets egne ord") if own else _("Mål"), text_of(r.get("description")), quote=own)
    yield from _told_and_shared(r, people)
    yield _ours(_("Status"), str(GOAL_STATES.get(str(r.get("lifecycleStatus")), "")))
    yield Line(_("Hvorfor"), str(r.get("statusReason") or ""))
    yield _ours(_("Hvor tæt på, 0-10"), ", ".join(_scale(r)))
    yield Line(_("Hvad det betyder i praksis"), _notes(r))
    yield Line(_("Imod"), _who(r.get("addresses", []), people))
    yield _ours(_("Hvem arbejder med det"), _who([{"reference": one} for one in workers_in(r)], people))
    yield _ours(_("Opfølgning"), _day(extension_of(r, "follow-up")))


def _scale(r: Resource) -> list[str]:
    points = [parts_of(one, "value") + parts_of(one, "day") for one in extensions_of(r, "scale-point")]
    told = [f"{value} ({_day(day)})" for value, day in (point for point in points if len(point) == 2)]
    now = extension_of(r, "scale")
    return told or ([] if now is None else [str(now)])


def _appointment(r: Resource, people: People) -> Iterable[Line]:
    yield _ours(_("Tid"), _period({"start": r.get("start"), "end": r.get("end")}))
    yield Line(_("Sted"), str(extension_of(r, "place") or ""))
    yield _ours(_("Hvem kommer"), _who([p.get("actor") for p in r.get("participant", ())], people))
    yield Line(_("Forberedelse"), str(r.get("patientInstruction", "")))
    yield Line(_("Bemærkning"), str(r.get("comment", "")))


def _referral(r: Resource, people: People) -> Iterable[Line]:
    yield _ours(_("Til"), _who(r.get("performer", []), people))
    yield Line(_("Hvorfor"), text_of(r.get("reasonCode")))
    yield Line(_("Beskrivelse"), _notes(r))


def _task(r: Resource, people: People) -> Iterable[Line]:
    yield _ours(_("Hvem har bolden"), _who(r.get("owner"), people) or str(_("Ingen")))
    yield _ours(_("Bedt om af"), _who(r.get("requester"), people))
    yield _ours(_("Frist"), _day((((r.get("restriction") or {}).get("period")) or {}).get("end")))
    yield Line(_("Hvad der skal ske"), _notes(r))


def _consent(r: Resource, people: People) -> Iterable[Line]:
    provision = r.get("provision") or {}
    waits = r.get("status") == "proposed"
    yield _ours(_("Hvem skal svare") if waits else _("Hvem har svaret"), _who(r.get("performer", []), people))
    yield _ours(_("Fra"), _who(r.get("organization", []), people))
    yield _ours(_("Til"), _who([a.get("reference") for a in provision.get("actor", ())], people))
    yield _ours(_("Gælder til"), _day((provision.get("period") or {}).get("end")))
    form = str(extension_of(r, "consent-form") or "")
    yield _ours(_("Hvordan"), str(FORMS.get(form, form)))
    yield Line(_("Bemærkning"), str(extension_of(r, "text") or ""))


def _care(r: Resource, people: People) -> Iterable[Line]:
    yield _ours(_("Enhed"), _who(r.get("managingOrganization"), people))
    yield _ours(_("Periode"), _period(r.get("period")))


_FRAME = frozenset(("resourceType", "id", "meta", "identifier", "extension", "reference"))


def _fields(resource: Resource, prefix: str = "") -> Iterable[Line]:
    """Whatever there is, by its own names: better than nothing for a kind that has no page of its own."""
    for name, value in resource.items():
        if name in _FRAME or (not prefix and name == "text"):
            continue
        if isinstance(value, dict):
            yield from _fields(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            for one in value:
                yield from (
                    _fields(one, f"{prefix}{name}.") if isinstance(one, dict) else [Line(f"{prefix}{name}", str(one))]
                )
        else:
            yield Line(f"{prefix}{name}", str(value))


_READERS: dict[str, Callable[[Resource, People], Iterable[Line]]] = {
    "Encounter": _meeting,
    "Observation": _observation,
    "ClinicalImpression": _assessment,
    "DocumentReference": _document,
    "QuestionnaireResponse": _form,
    "Communication": _communication,
    "Condition": _condition,
    "CarePlan": _plan,
    "Goal": _goal,
    "Appointment": _appointment,
    "ServiceRequest": _referral,
    "Task": _task,
    "Consent": _consent,
    "EpisodeOfCare": _care,
    "MedicationAdministration": _medicine,
}
