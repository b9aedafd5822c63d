"""What is read out of a resource into the columns of its entry.

Pages, filters and the timeline never parse a FHIR body: what they need is read once, when the entry is stored. One
small reader per resource type says where its title, its time and its author stand; the rest is the same for all.
Unknown types are kept too, only without a place on the timeline.

Our own extensions and code systems (`fhir/profiles`) are understood where they occur; foreign resources that never
heard of them still get a title, a time and a lane.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from barnetsbog.fhir.own import (
    BASE,
    codes_of,
    extension_of,
    extensions_of,
    members,
    parts_of,
    reference_of,
    referred,
    written,
)
from barnetsbog.kernel.time import local_day, month_of, parse

from .kinds import can_be
from .shelves import BETWEEN, BLOCKS, OUT, default_class, shelf

ENTRY_KIND = f"{BASE}/CodeSystem/entry-kind"
ENTRY_TAG = f"{BASE}/CodeSystem/entry-tag"
SENSITIVITY = f"{BASE}/CodeSystem/sensitivity"
TEAM_ROLE = f"{BASE}/CodeSystem/team-role"

RESTRICTED_TAG = "restricted"
"""Of an entry that has been taken out of use: it is kept, and nobody reads it (`shelves.OUT`)."""

FORMER = "former"
"""Of a Patient or a RelatedPerson that stands in the book a second time and no longer counts (ADR 39)."""

ABOUT_CONSENT = "about-consent"
NOTICE = "notice"
LETTER_COPY = "letter-copy"
RECORD_REQUEST = "record-request"
_BY_KIND = {ABOUT_CONSENT: "SA", NOTICE: "SA", LETTER_COPY: "SA"}
"""Papers and messages that tell what somebody answered, or that they have not, stand with the consents, and so does
what one receiver got of a letter: one parent does not read the other's."""

_PRINTED = frozenset((LETTER_COPY, "letter-to-child"))
"""What waits, as `in-progress`, until somebody has posted it."""

DIALOGUE = "dialogue"
"""A message between the family and a unit (`messages`)."""
OWN_WORD = "own-word"
"""What a child has written for itself (`voice`)."""
MEDICINE = "medicine-note"
"""What somebody with daily care writes of medicine that was given (`fostering`)."""
CARER_STATUS, CARER_TOPIC, HELP = "carer-status", f"{BASE}/CodeSystem/carer-topic", "help"
"""How it goes, from somebody with daily care, by topics; one of them is what they need help with (`fostering`)."""
CONTACT_PLAN, CARE_AGREEMENT = "contact-plan", "care-agreement"
"""What is agreed on the child's contact with somebody, and with those who have daily care (`fostering`)."""
OVERALL_PLAN, CHILDS_VIEW = "overall-plan", "childs-view"
"""The frame of the overall plan, and what the child says of it, stand with the goals: they are for everybody whom the
child's goals are for."""

HONOUR_CONFLICT = "honour-conflict"
"""That an honour-related conflict is suspected, and what its risk is (`honour`): between those who are to know."""

Resource = dict[str, Any]


class Promoted(NamedTuple):
    """The columns. `author`, `holder` and `offered` are references (`Type/id`); times are UTC microseconds. `month` 0:
    no place on the timeline; None: it has one but no date of its own, and stands where it was registered."""

    what: str
    block: str
    month: int | None
    start: int
    end: int | None
    exactness: int
    end_exactness: int
    title: str
    status: str
    author: str
    open: bool
    holder: str
    offered: str
    due: int | None
    important: bool
    imported: bool
    sensitivity: str  # a class, where the source says it; else empty
    heard_by: str  # whom the family told it: where its confidence stays
    own_words: bool  # an answered form of ours, a message, a note: whoever wrote it may always read it
    recorded_at: int | None
    source: str

    @property
    def out(self) -> bool:
        """It has been taken out of use."""
        return self.status == RESTRICTED_TAG


class Standing(NamedTuple):
    """Those of the columns that change while something goes on: who has it, until when, whether it waits."""

    author: str
    holder: str
    due: int | None
    start: int
    end: int | None
    status: str
    open: bool
    sensitivity: str


class Reading(NamedTuple):
    """What one type's reader finds."""

    what: str
    block: str
    title: str
    start: str = ""
    end: str = ""
    author: str = ""
    open: bool = False
    holder: str = ""
    due: str = ""
    offered: str = ""


# -- finding things in a resource ------------------------------------------------------------------------------------


def text_of(concept: Any) -> str:
    """The words of a CodeableConcept: its text, else the first display, else the first code."""
    if isinstance(concept, list):
        concept = concept[0] if concept else None
    if not isinstance(concept, dict):
        return ""
    if text := concept.get("text"):
        return str(text)
    codings = [c for c in concept.get("coding", ()) if isinstance(c, dict)]
    return next(
        (str(c["display"]) for c in codings if "display" in c),
        next((str(c["code"]) for c in codings if "code" in c), ""),
    )


def kind_code(resource: Resource, key: str = "category") -> str:
    """Our own word for what the entry is, when the source knows it."""
    concepts = resource.get(key) or []
    for concept in concepts if isinstance(concepts, list) else [concepts]:
        for coding in concept.get("coding", ()):
            if coding.get("system") == ENTRY_KIND:
                return str(coding.get("code", ""))
    return ""


def _first(resource: Resource, *names: str) -> str:
    return next((str(resource[name]) for name in names if isinstance(resource.get(name), str)), "")


def _period(resource: Resource, name: str = "period") -> tuple[str, str]:
    period = resource.get(name) or {}
    return str(period.get("start", "")), str(period.get("end", ""))


def _codes(meta: Resource, name: str, system: str) -> set[Any]:
    """Ours, with or without saying that they are. The same word may mean something else in another's code system."""
    return {one.get("code") for one in meta[name] if one.get("system", system) == system} if name in meta else set()


def _named(resource: Resource) -> str:
    names = resource.get("name") or [{}]
    name = next((n for n in names if n.get("use") == "official"), names[0])
    return written(name)


# -- one reader per type ---------------------------------------------------------------------------------------------


def _patient(r: Resource) -> Reading:
    return Reading("child", "ST", _named(r), _first(r, "birthDate"))


def _related_person(r: Resource) -> Reading:
    return Reading("person", "PE", _named(r), *_period(r))


def _episode(r: Resource) -> Reading:
    return Reading(
        "care", "KO", text_of(r.get("type")), *_period(r), author=reference_of(r.get("managingOrganization"))
    )


def _care_team(r: Resource) -> Reading:
    """The team's holder is the child's coordinator; it waits while that part is offered to somebody else."""
    offered = referred(r, "offered-to")
    return Reading(
        "team", "KO", _first(r, "name"), *_period(r), author=reference_of(r.get("managingOrganization")),
        open=bool(offered), holder=reference_of(coordinator_of(r).get("member")), offered=offered,
    )  # fmt: skip


def coordinator_of(team: Resource) -> Resource:
    """The participant of a CareTeam who is the child's coordinator (tovholder); empty when there is none."""
    return next((one for one in members(team.get("participant")) if "coordinator" in _team_codes(one)), {})


def _team_codes(participant: Resource) -> list[str]:
    return codes_of(participant.get("role"), TEAM_ROLE)


def _encounter(r: Resource) -> Reading:
    author = reference_of([p.get("individual") for p in r.get("participant", ())]) or reference_of(
        r.get("serviceProvider")
    )
    title = text_of(r.get("type")) or text_of(r.get("reasonCode"))
    return Reading("meeting", "AK", title, *_period(r), author=author)


def _observation(r: Resource) -> Reading:
    start, end = _period(r, "effectivePeriod")
    measured = any(name.startswith("value") and name != "valueString" for name in r) or "component" in r
    what, block = ("measure" if measured else "observation"), "TI"
    if kind_code(r) in (CHILDS_VIEW, OWN_WORD):
        what, block = kind_code(r), "GO"
    if kind_code(r) == CARER_STATUS:
        what, block = CARER_STATUS, "AK"
    return Reading(
        what, block, text_of(r.get("code")),
        start or _first(r, "effectiveDateTime", "effectiveInstant", "issued"), end, reference_of(r.get("performer")),
    )  # fmt: skip


def _assessment(r: Resource) -> Reading:
    what = "status" if kind_code(r, "code") == "status" else "document"
    start, end = _period(r, "effectivePeriod")
    title = text_of(r.get("code")) or _first(r, "description") or _first(r, "summary")
    return Reading(
        what, "TI", title, start or _first(r, "effectiveDateTime", "date"), end, reference_of(r.get("assessor"))
    )


def _document(r: Resource) -> Reading:
    attachment = ((r.get("content") or [{}])[0]).get("attachment") or {}
    title = _first(r, "description") or _first(attachment, "title") or text_of(r.get("type"))
    block = _BY_KIND.get(kind_code(r), "TI")
    return Reading("document", block, title, _first(r, "date"), author=reference_of(r.get("author")))


def _composition(r: Resource) -> Reading:
    return Reading("document", "TI", _first(r, "title"), _first(r, "date"), author=reference_of(r.get("author")))


def _answers(r: Resource) -> Reading:
    """A form that is answered. One of our own that is not sent yet is no part of the story, and neither is one
    party's sheet of it that went the way of its form."""
    author = reference_of(r.get("author") or r.get("source"))
    block = str(extension_of(r, "entry-block") or "")
    if block not in BLOCKS:
        return Reading("document", "TI", "", _first(r, "authored"), author=author)
    sent = str(extension_of(r, "sent-at") or "")
    what, start = ("document", sent) if sent else ("form", _first(r, "authored"))
    return Reading(what, block, str(extension_of(r, "entry-title") or ""), start, author=author)


def _report(r: Resource) -> Reading:
    start, end = _period(r, "effectivePeriod")
    start = start or _first(r, "effectiveDateTime", "issued")
    return Reading("document", "TI", text_of(r.get("code")), start, end, reference_of(r.get("performer")))


def _communication(r: Resource) -> Reading:
    title = text_of(r.get("topic")) or text_of(r.get("category"))
    kind = can_be(r["resourceType"], kind_code(r))
    what = "message" if kind == ABOUT_CONSENT else kind or "message"
    author, unread = reference_of(r.get("sender")), kind == NOTICE and not r.get("received")
    waits = unread or (kind in _PRINTED and r.get("status") == "in-progress")
    waits = waits or (kind == DIALOGUE and not r.get("received"))
    return Reading(what, _BY_KIND.get(kind, "AK"), title, _first(r, "sent", "received"), author=author, open=waits)


def _condition(r: Resource) -> Reading:
    start, end = _period(r, "onsetPeriod")
    start = start or _first(r, "onsetDateTime", "recordedDate")
    end = end or _first(r, "abatementDateTime")
    author = reference_of(r.get("recorder") or r.get("asserter"))
    return Reading("condition", "TI", text_of(r.get("code")), start, end, author)


def _risk(r: Resource) -> Reading:
    what = HONOUR_CONFLICT if kind_code(r, "code") == HONOUR_CONFLICT else "other"
    start, end = _period(r, "occurrencePeriod")
    title = text_of(r.get("code")) or "RiskAssessment"
    start = start or _first(r, "occurrenceDateTime")
    return Reading(what, "TI", title, start, end, reference_of(r.get("performer")))


def _care_plan(r: Resource) -> Reading:
    start, end = _period(r)
    details = [a.get("detail") or {} for a in r.get("activity", ())]
    title = _first(r, "title") or text_of([d.get("code") for d in details if d.get("code")]) or _first(r, "description")
    what = can_be(r["resourceType"], kind_code(r)) or ("intervention" if len(details) == 1 else "plan")
    title = title or text_of(r.get("category"))
    # The day of the follow-up is what a plan is waited for by.
    due = str(extension_of(r, "follow-up") or "") if r.get("status") == "active" else ""
    block = {OVERALL_PLAN: "GO", CONTACT_PLAN: "AK", CARE_AGREEMENT: "AK"}.get(what, "IN")
    return Reading(what, block, title, start or _first(r, "created"), end, reference_of(r.get("author")), due=due)


def _procedure(r: Resource) -> Reading:
    start, end = _period(r, "performedPeriod")
    author = reference_of([p.get("actor") for p in r.get("performer", ())] or r.get("recorder"))
    return Reading("intervention", "IN", text_of(r.get("code")), start or _first(r, "performedDateTime"), end, author)


def _medicine(r: Resource) -> Reading:
    start, end = _period(r, "effectivePeriod")
    ours = kind_code(r) == MEDICINE
    what, block = (MEDICINE, "AK") if ours else ("other", "")
    author = reference_of([p.get("actor") for p in r.get("performer", ())])
    return Reading(
        what, block, text_of(r.get("medicationCodeableConcept")), start or _first(r, "effectiveDateTime"), end, author
    )  # fmt: skip


def _goal(r: Resource) -> Reading:
    what = can_be(r["resourceType"], kind_code(r)) or "goal"
    title = extension_of(r, "entry-title") or text_of(r.get("description"))
    return Reading(
        what, "GO", str(title), _first(r, "startDate", "statusDate"), author=reference_of(r.get("expressedBy"))
    )


def _appointment(r: Resource) -> Reading:
    coming = r.get("status") in ("proposed", "pending", "booked", "arrived", "checked-in", "waitlist")
    title = _first(r, "description") or text_of(r.get("appointmentType")) or text_of(r.get("serviceType"))
    return Reading("appointment", "AK", title, _first(r, "start", "created"), _first(r, "end"), open=coming)


def _service_request(r: Resource) -> Reading:
    waiting = r.get("status") in ("draft", "active", "on-hold")
    title = text_of(r.get("code")) or text_of(r.get("reasonCode")) or text_of(r.get("category"))
    # It may have been written on for weeks: what waits for its receiver waits since it was sent.
    start = str(extension_of(r, "sent-at") or "") or _first(r, "authoredOn")
    author, holder = reference_of(r.get("requester")), referred(r, "accepted-by") or reference_of(r.get("performer"))
    return Reading("referral", "IN", title, start, author=author, open=waiting, holder=holder)


_STANDS_WITH = {
    "Goal": "GO", "CarePlan": "IN", "Procedure": "IN", "Condition": "TI", "Observation": "TI",
    "ClinicalImpression": "TI", "QuestionnaireResponse": "TI", "DocumentReference": "TI", "Patient": "ST",
    "RelatedPerson": "PE",
}  # fmt: skip


def _task(r: Resource) -> Reading:
    waiting = r.get("status") in ("draft", "requested", "received", "accepted", "ready", "in-progress", "on-hold")
    start, end = _period(r, "executionPeriod")
    due = _period(r.get("restriction") or {})[1]
    title = _first(r, "description") or text_of(r.get("code"))
    holder, author = reference_of(r.get("owner")), reference_of(r.get("requester"))
    # A ball stands where that stands which it follows up: it would tell of a goal or an intervention otherwise.
    # So does one that proposes a correction of what a form was filled from.
    followed = (referred(r, "follows-up") or referred(r, "corrects")).partition("/")[0]
    block = _STANDS_WITH.get(followed, "AK")
    return Reading(
        "task", block, title, start or _first(r, "authoredOn", "lastModified"), end, author, waiting, holder, due,
        referred(r, "offered-to"),
    )  # fmt: skip


def _consent(r: Resource) -> Reading:
    provision = r.get("provision") or {}
    end = _period(provision)[1]
    ends = end if r.get("status") == "active" and provision.get("type") != "deny" else ""
    title = extension_of(r, "entry-title") or text_of(r.get("category"))
    author = reference_of(r.get("performer"))
    # A withdrawal is news of its own day, though it is the same record as the yes.
    start = str(extension_of(r, "withdrawn-at") or "") or _first(r, "dateTime")
    return Reading("consent", "SA", str(title), start, end, author, open=r.get("status") == "proposed", due=ends)


def _list(r: Resource) -> Reading:
    """A meeting pack lasts until the meeting is over; one for the police waits for a leader. Any other list has no
    place in the story."""
    packs = extensions_of(r, "meeting-pack")
    if kind_code(r, "code") != "meeting-pack" or len(packs) != 1:
        return Reading("other", "", _first(r, "title"))
    meeting = next((str(day) for day in parts_of(packs[0], "meeting") if day), "")
    waits = "ssp-exchange" in parts_of(packs[0], "act") and not parts_of(packs[0], "approved-by")
    author = reference_of(r.get("source"))
    return Reading("pack", "AK", _first(r, "title"), _first(r, "date"), meeting, author, open=waits)


_READERS: dict[str, Callable[[Resource], Reading]] = {
    "Patient": _patient, "RelatedPerson": _related_person, "EpisodeOfCare": _episode, "CareTeam": _care_team,
    "Encounter": _encounter, "Observation": _observation, "ClinicalImpression": _assessment,
    "DocumentReference": _document, "Composition": _composition, "QuestionnaireResponse": _answers,
    "DiagnosticReport": _report, "Communication": _communication, "Condition": _condition, "CarePlan": _care_plan,
    "Procedure": _procedure, "Goal": _goal, "Appointment": _appointment, "ServiceRequest": _service_request,
    "Task": _task, "Consent": _consent, "List": _list, "MedicationAdministration": _medicine,
    "RiskAssessment": _risk,
}  # fmt: skip

# What has no place on the timeline: it is the frame of the story, not a thing that happened.
_OFF_TIMELINE = frozenset(
    (
        "child",
        "person",
        "team",
        "care",
        "status",
        "pack",
        "notice",
        "form",
        "letter-draft",
        *_PRINTED,
        DIALOGUE,
        RECORD_REQUEST,
        OWN_WORD,
        HONOUR_CONFLICT,
        "other",
    )
)

TYPE_NAMES = {
    "Encounter": "Kontakt", "Observation": "Observation", "ClinicalImpression": "Udredning", "QuestionnaireResponse":
    "Besvaret skema", "DocumentReference": "Dokument", "Composition": "Dokument", "DiagnosticReport": "Svar",
    "Communication": "Besked", "Condition": "Tilstand", "CarePlan": "Plan", "Procedure": "Indsats", "Goal": "Mål",
    "Appointment": "Aftale", "ServiceRequest": "Henvisning", "Task": "Opgave", "Consent": "Samtykke", "EpisodeOfCare":
    "Forløb", "CareTeam": "Team", "List": "Liste", "MedicationAdministration": "Medicin",
}  # fmt: skip
"""Titles of last resort, for a foreign resource that says nothing of what it is."""


def promote(resource: Resource) -> Promoted:
    """Reads the columns out of a resource that has passed the base check."""
    kind = resource["resourceType"]
    reader = _READERS.get(kind)
    found = reader(resource) if reader else Reading("other", "", kind)
    (start, exactness), (end, end_exactness) = _began(found), _ended(found.end)
    month = 0 if found.what in _OFF_TIMELINE else month_of(local_day(start)) if _is_date(found.start) else None
    meta = resource.get("meta") or {}
    tags, registered = _codes(meta, "tag", ENTRY_TAG), meta.get("lastUpdated", "")
    read = Promoted(
        what=found.what,
        block=found.block,
        month=month,
        start=start,
        end=end,
        exactness=exactness,
        end_exactness=end_exactness,
        title=str(found.title or TYPE_NAMES.get(kind, kind))[:300],
        status=_status(resource),
        author=referred(resource, "author") or found.author,
        open=found.open,
        holder=found.holder,
        offered=found.offered,
        due=_due(found),
        important="important" in tags or resource.get("priority") in _URGENT,
        imported="imported" in tags,
        sensitivity=_class(found.what, resource),
        heard_by="" if found.what == DIALOGUE else _heard_by(resource),
        own_words=found.what in (DIALOGUE, OWN_WORD, MEDICINE, CARER_STATUS) or _is_own_form(resource),
        recorded_at=parse(registered)[0] if _is_date(registered) else None,
        source=str(meta.get("source", "")),
    )
    if FORMER in tags and is_former(resource):
        return read._replace(what=FORMER)
    return _restricted(read, kind) if RESTRICTED_TAG in tags and is_restricted(resource) else read


def _began(found: Reading) -> tuple[int, int]:
    """When it began, and how exactly that is told (`Exactness`); (0, 0) for what has no date."""
    return parse(found.start) if _is_date(found.start) else (0, 0)


def _is_date(text: str) -> bool:
    """Whether a date says when something was. A system that knows none may write 1 January 0001 or 31 December 9999."""
    return "1900" <= text[:4] <= "2199"


def stands(read: Promoted, lane: str) -> int:
    """The shelf of what a sector has written."""
    return shelf(read.block, read.sensitivity or default_class(read.what, lane)) + (OUT if read.out else 0)


def is_restricted(resource: Resource) -> bool:
    return RESTRICTED_TAG in codes_of((resource.get("meta") or {}).get("tag"), ENTRY_TAG)


def is_former(resource: Resource) -> bool:
    return FORMER in codes_of((resource.get("meta") or {}).get("tag"), ENTRY_TAG)


def _restricted(read: Promoted, kind: str) -> Promoted:
    """What has been taken out of use waits for nobody, has no place in the story and says nothing of itself."""
    return read._replace(
        month=0, title=TYPE_NAMES.get(kind, kind), status=RESTRICTED_TAG, open=False, holder="", offered="", due=None,
        important=False,
    )  # fmt: skip


def _heard_by(resource: Resource) -> str:
    return referred(resource, "said-to") or reference_of(resource.get("recipient"))


def _is_own_form(resource: Resource) -> bool:
    return resource["resourceType"] == "QuestionnaireResponse" and extension_of(resource, "entry-block") in BLOCKS


def standing(resource: Resource) -> Standing:
    """What `promote` reads into these columns, in half the time: of every version that there has been."""
    reader = _READERS.get(resource["resourceType"])
    found = reader(resource) if reader else Reading("other", "", "")
    return Standing(
        referred(resource, "author") or found.author, found.holder, _due(found),
        _began(found)[0], _ended(found.end)[0], _status(resource), found.open,
        _class(found.what, resource),
    )  # fmt: skip


_URGENT = "urgent", "asap", "stat"
"""Some types have a concept or a number there."""
DECEASED = "deceased"
ABOUT_REFERRAL = "referral"
"""The status of a task that is about a referral."""
WITH_RECEIVER = frozenset(("sent", "received"))
"""The statuses of a referral that waits for its receiver: it is answered in place of its ball."""


def _status(resource: Resource) -> str:
    """FHIR's, and of a referral our own, which is finer. Of a child that it is dead. A few types say it in a concept,
    which is theirs alone."""
    if resource["resourceType"] == "Patient":
        return DECEASED if resource.get("deceasedBoolean") or "deceasedDateTime" in resource else ""
    if resource["resourceType"] == "Task" and reference_of(resource.get("focus")).startswith("ServiceRequest/"):
        return ABOUT_REFERRAL
    finer = extension_of(resource, "referral-state") if resource["resourceType"] == "ServiceRequest" else None
    said = finer if isinstance(finer, str) else resource.get("status")
    return said[:30] if isinstance(said, str) else ""


_LABELS = {
    "draft": "D",
    "child-private": "P",
    "youth-only": "P",
    "address": "X",
    "between": "M",
    "health": "H",
    "social": "F",
    "ordinary": "O",
}


def label_of(class_: str) -> Resource:
    """A class as a label on a resource, for what must stand as guarded as something else."""
    return {"system": SENSITIVITY, "code": next(code for code, letter in _LABELS.items() if letter == class_)}


def _class(what: str, resource: Resource) -> str:
    """How guarded it stands, where that is said; empty where it is not. A suspicion of an honour-related conflict is
    between those who are to know, whatever its source says of it."""
    if what == HONOUR_CONFLICT:
        return BETWEEN
    return _sensitivity(_codes(resource.get("meta") or {}, "security", SENSITIVITY)) or _cleared(what, resource)


def _sensitivity(labels: set[Any]) -> str:
    """The strictest class among the labels that its source put on it."""
    if not labels:
        return ""
    found = {_LABELS[label] for label in labels if label in _LABELS}
    return next((letter for letter in "DPMXHFO" if letter in found), "")


def _cleared(what: str, resource: Resource) -> str:
    """The child's own words: for everybody when the child has said so, and else between it and the one it told."""
    if what not in ("own-goal", CHILDS_VIEW):
        return ""
    return "O" if extension_of(resource, "may-be-shared") is True else "P"


def _due(found: Reading) -> int | None:
    """A day that no childhood has is no deadline that anybody has set; only a consent may last for ever."""
    lasts = found.what == "consent" and found.due > "2199"
    return _ended(found.due)[0] if lasts or _is_date(found.due) else None


def _ended(text: str) -> tuple[int | None, int]:
    """An end, and how exactly it is told. One that is given as a day means the whole of that day."""
    return parse(text, end=True) if text else (None, 0)
