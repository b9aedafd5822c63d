"""What may be written through the interfaces, by whom: pure.

A plain write must not go round what the capabilities look after: that a ball has one holder, that a yes is the giver's
own, that a child's words stay as they were said. So each type of resource is open to plain writing, is master data, or
belongs to a capability, and then the answer says where to go instead. Whatever is not named here can't be written.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from barnetsbog.fhir.definitions import shape
from barnetsbog.fhir.own import BASE, EXTENSION, extensions_of, reference_of
from barnetsbog.kernel.decisions import Decision, allow, refuse
from barnetsbog.kernel.sentences import Sentence, say
from barnetsbog.record.promotion import ENTRY_KIND, ENTRY_TAG
from barnetsbog.record.rights import CONTENT, GrantRow
from barnetsbog.record.shelves import BLOCKS, mask

Resource = dict[str, Any]

TYPES, ROLE, OWN, TASK, MARKS, SENT, SUBSET = (
    "OWN-API-TYPES", "OWN-API-ROLE", "OWN-API-OWN-UNIT", "OWN-API-TASK", "OWN-API-MARKS", "OWN-API-SENT",
    "OWN-API-SUBSET",
)  # fmt: skip

PLAIN = frozenset((
    "AllergyIntolerance", "Basic", "BodyStructure", "CarePlan", "ClinicalImpression", "Communication", "Composition",
    "Condition", "Device", "DiagnosticReport", "DocumentReference", "Encounter", "FamilyMemberHistory", "Flag",
    "Immunization", "List", "Media", "MedicationStatement", "MessageHeader", "Observation", "Procedure", "Provenance",
    "QuestionnaireResponse", "RiskAssessment",
))  # fmt: skip
"""What a unit writes of its own work with a child."""

MASTER_DATA = frozenset((
    "Endpoint", "EpisodeOfCare", "HealthcareService", "Location", "Organization", "Patient", "Practitioner",
    "PractitionerRole", "RelatedPerson",
))  # fmt: skip
"""Who there is, and what rights follow from: for systems whose role may `master-data`."""

CAPABILITIES: Mapping[str, Sentence] = {
    "Appointment": say(
        "Aftaler laves, besvares og flyttes i kalenderen, hvor loven spørges først.",
        "Appointments are made, answered and moved in the calendar, where the law is asked first.",
    ),
    "CareTeam": say(
        "Teamet og tovholderen skrives under kontakter og opgaver.",
        "The team and its coordinator are written under contacts and tasks.",
    ),
    "Consent": say(
        "Et ja eller nej gives af den, det er, eller skrives ned under samtykke.",
        "A yes or a no is given by whoever it is of, or is written down under consent.",
    ),
    "Goal": say(
        "Mål skrives i planen. Barnets egne ord bliver aldrig ændret.",
        "Goals are written in the plan. The child's own words are never changed.",
    ),
    "ServiceRequest": say(
        "Henvisninger sendes under henvisninger, hvor loven spørges, og bolden følger med.",
        "Referrals are sent under referrals, where the law is asked, and the ball goes along.",
    ),
    "Task": say(
        "Bolden gives og tages under opgaver, så den aldrig har to holdere.",
        "The ball is given and taken under tasks, so that it never has two holders.",
    ),
}
"""What a capability looks after, and where it is done instead."""

WORDS = frozenset((
    "meeting", "observation", "measure", "document", "message", "concern", "condition", "intervention", "plan",
))  # fmt: skip
"""Our words for kinds of entries that mean no more than the type does; and the notification of concern, which nobody
may refuse. The others are a capability's."""

_DESCRIBING = frozenset(("author", "entry-title", "informant", "place"))
_OF_PEOPLE = frozenset((
    "custody", "deceased", "honour-conflict", "lives-with-child", "placement", "protected-address", "successor",
))  # fmt: skip
_TAGS = frozenset(("important", "imported"))
_FAMILY = ("Patient/", "RelatedPerson/")
_FINAL = frozenset(("concern",))
"""What has set clocks off once it is sent."""


class Written(NamedTuple):
    """Who wrote an entry: the unit whose it is, and the unit that its last version was registered for."""

    unit_id: UUID | None
    registered_for: UUID | None


# -- who may write what at all -----------------------------------------------------------------------------------------


def may_write(kind: str, may: Iterable[str]) -> Decision:
    """Whether somebody whose role may these acts writes a type of resource at all."""
    acts = frozenset(may)
    if kind in CAPABILITIES:
        why = say("{0} skrives ikke direkte. {1}", "{0} is not written directly. {1}", kind, CAPABILITIES[kind])
        return refuse(why, TYPES)
    if kind not in PLAIN and kind not in MASTER_DATA:
        return refuse(say("{0} gemmes ikke i bogen.", "{0} is not kept in the book.", kind), TYPES)
    if "write" not in acts:
        why = say("Rollen må ikke skrive gennem grænsefladen.", "The role may not write through the interface.")
        return refuse(why, ROLE)
    if kind in MASTER_DATA and "master-data" not in acts:
        why = say(
            "{0} er stamdata. Det skriver kun systemer, hvis rolle må skrive stamdata.",
            "{0} is master data. Only systems whose role may write master data write it.",
            kind,
        )
        return refuse(why, ROLE)
    return allow(f"{kind} må skrives", TYPES, ROLE)


def may_restrict(kind: str, what: str) -> Decision:
    """Whether something may be taken out of use. What rights or clocks follow from is ended by saying so in it."""
    if kind in MASTER_DATA:
        why = say(
            "{0} tages ikke ud af brug. Skriv i den, at den er afsluttet eller ikke gælder.",
            "{0} is not taken out of use. Write in it that it has ended or does not apply.",
            kind,
        )
        return refuse(why, TYPES)
    if what in _FINAL:
        why = say("En underretning kan ikke tages ud af brug.", "A notification of concern cannot be taken out of use.")
        return refuse(why, MARKS)
    return allow("Den må tages ud af brug", TYPES)


# -- on whose behalf ---------------------------------------------------------------------------------------------------


def may_change(kind: str, before: Written, unit_id: UUID | None) -> Decision:
    """A unit changes what it has written itself, and nothing else."""
    whose = before.registered_for if kind in MASTER_DATA or before.unit_id is None else before.unit_id
    if unit_id is None or whose != unit_id:
        why = say(
            "Det er skrevet af en anden enhed. Kun den, der har skrevet det, kan ændre det.",
            "It is written by another unit. Only whoever has written it can change it.",
        )
        return refuse(why, OWN)
    return allow("Enheden har selv skrevet det", OWN)


def may_sign(author_unit: UUID | None, unit_id: UUID | None) -> Decision:
    """A unit signs for itself and those who work there."""
    if author_unit != unit_id:
        why = say(
            "Forfatteren skal være enheden selv eller en, der arbejder i den.",
            "The author must be the unit itself or somebody who works in it.",
        )
        return refuse(why, OWN)
    return allow("Enheden skriver selv", OWN)


NOT_BY_APP = mask(BLOCKS, "PDM")
"""The child's confidential talk, drafts and messages between two are written on the book's own pages."""


def has_task(grants: Iterable[GrantRow], unit_id: UUID | None, shelf: int, shelves: int, rule: str) -> Decision:
    """A unit writes on children it has a task with, on shelves that its role can use. `rule`: the one by which a task
    opens a unit's own records; a consent, an emergency or something sent gives no such right."""
    own = [one for one in grants if one.rule == rule and one.source_id == unit_id and one.level >= CONTENT]
    if unit_id is None or not own:
        return refuse(say("Enheden har ingen opgave med barnet.", "The unit has no task with the child."), TASK)
    if not shelves >> shelf & 1 or not any(one.shelves >> shelf & 1 for one in own):
        why = say(
            "Rollen rækker ikke til det, der skal skrives, eller til så fortroligt et mærke.",
            "The role does not reach what is to be written, or so confidential a label.",
        )
        return refuse(why, ROLE)
    return allow("Enheden har en opgave med barnet", TASK)


# -- what capabilities look after --------------------------------------------------------------------------------------


def leaves_alone(kind: str, after: Resource, before: Resource | None) -> Decision:
    """Whether a write leaves alone what capabilities have put into an entry, and adds nothing that is theirs."""
    known = _marks(before) if before else frozenset[str]()
    allowed = _DESCRIBING | (_OF_PEOPLE if kind in MASTER_DATA else frozenset())
    if before is not None and kind in PLAIN and (known - allowed or _kinds(before) - WORDS or _kinds(before) & _FINAL):
        why = say(
            "Den er skrevet på en af bogens egne sider. Ret den dér.",
            "It is written on one of the book's own pages. Correct it there.",
        )
        return refuse(why, MARKS)
    if kind in MASTER_DATA:
        if _told(after, allowed) != (_told(before, allowed) if before else []):
            why = say(
                "Den rummer noget, som bogens egne sider har skrevet, og som skal blive stående.",
                "It holds something that the book's own pages have written, and that must stay.",
            )
            return refuse(why, MARKS)
    elif odd := sorted(_marks(after) - allowed):
        return _only_on_pages(f"{EXTENSION}{odd[0]}")
    if odd := sorted(_kinds(after) - WORDS):
        return _only_on_pages(f"{ENTRY_KIND}#{odd[0]}")
    if odd := sorted(_tags(after) - _TAGS):
        return refuse(say("{0} kan ikke sættes på.", "{0} cannot be put on.", f"{ENTRY_TAG}#{odd[0]}"), MARKS)
    return allow("Den rører ikke ved det, bogens egne sider passer på", MARKS)


def _only_on_pages(mark: str) -> Decision:
    why = say("{0} skrives kun på bogens egne sider.", "{0} is written on the book's own pages only.", mark)
    return refuse(why, MARKS)


def may_send(what: str, to: Iterable[str], own: Iterable[str]) -> Decision:
    """A notification of concern is sent as it is to those who work somewhere; anything else that is told to somebody
    goes as a letter, a form or a referral, where the law is asked first. So does what the family is to have of a
    notification: it may be about them. `to`, `own`: references."""
    others = set(to) - set(own)
    if others if what not in _FINAL else any(one.startswith(_FAMILY) for one in others):
        why = say(
            "Send det som brev, skema eller henvisning i bogen. Dér spørges loven, før nogen får det.",
            "Send it as a letter, a form or a referral in the book. There the law is asked before anybody gets it.",
        )
        return refuse(why, SENT)
    return allow("Det er ikke sendt til andre, eller det er en underretning", SENT)


def _each(value: Any) -> Iterable[Resource]:
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _each(one)
    elif isinstance(value, list):
        for one in value:
            yield from _each(one)


def _marks(resource: Resource) -> frozenset[str]:
    """The names of our own extensions, wherever they stand."""
    urls = (one["url"] for one in _each(resource) if isinstance(one.get("url"), str))
    return frozenset(url.removeprefix(EXTENSION) for url in urls if url.startswith(EXTENSION))


def _told(resource: Resource, allowed: frozenset[str]) -> list[str]:
    """Our own extensions but for the allowed ones, as they stand."""
    found = [one for one in _each(resource) if str(one.get("url", "")).startswith(EXTENSION)]
    return sorted(repr(one) for one in found if str(one["url"]).removeprefix(EXTENSION) not in allowed)


def _kinds(resource: Resource) -> frozenset[str]:
    found = (one for one in _each(resource) if one.get("system") == ENTRY_KIND)
    return frozenset(str(one.get("code", "")) for one in found)


def _tags(resource: Resource) -> frozenset[str]:
    found = (one for one in _each(resource) if one.get("system") == ENTRY_TAG)
    return frozenset(str(one.get("code", "")) for one in found)


# -- who wrote it ------------------------------------------------------------------------------------------------------

_SIGNED: Mapping[str, tuple[str, bool]] = {
    "CarePlan": ("author", False), "ClinicalImpression": ("assessor", False), "Communication": ("sender", False),
    "Composition": ("author", True), "Condition": ("recorder", False), "DiagnosticReport": ("performer", True),
    "DocumentReference": ("author", True), "Observation": ("performer", True), "Procedure": ("recorder", False),
    "QuestionnaireResponse": ("author", False),
}  # fmt: skip
"""Where a resource says who wrote it, as `record.promotion` reads it, and whether that is a list."""


def signed(resource: Resource, author: str) -> Resource:
    """The resource with somebody as its author: in the element that its type has for it, where nothing stands there
    and they may, and else in our extension, beside what it says. The first of our extensions is the one that is read,
    and goes before the element: what names somebody else there comes after."""
    kind = str(resource["resourceType"])
    name, many = _SIGNED.get(kind, ("", False))
    who = {"reference": author}
    named = extensions_of(resource, "author")
    if name and name not in resource and not named and author.partition("/")[0] in shape(kind).elements[name].targets:
        return {**resource, name: [who] if many else who}
    mark = {"url": f"{EXTENSION}author", "valueReference": who}
    others = [one for one in resource.get("extension", ()) if one != mark]
    return {**resource, "extension": [mark, *others] if named else [*others, mark]}


def labelled(resource: Resource, before: Resource | None, *, tags: bool = False) -> Resource:
    """A label that guards an entry is not lost by being left out of its next version, nor is a tag, with `tags`: of an
    update, which says nothing of who else has put it on (R4 §2.27.1.1.4). A tag is taken off by its name."""
    kept, meta = (before or {}).get("meta") or {}, resource.get("meta") or {}
    for name in ("security", "tag") if tags else ("security",):
        now = meta.get(name, [])
        missing = [one for one in kept.get(name, ()) if not any(_same(one, other) for other in now)]
        meta = {**meta, name: [*now, *missing]} if missing else meta
    return {**resource, "meta": meta} if meta else resource


def _same(one: Any, other: Any) -> bool:
    return isinstance(other, dict) and (one.get("system"), one.get("code")) == (other.get("system"), other.get("code"))


CLIENT = f"{BASE}/client/"
"""Of `meta.source`: the app through which somebody wrote a version."""


def said_of(resource: Resource) -> Resource:
    """What somebody says of a resource in `meta`, without what the book says: version, moment, app."""
    meta = resource.get("meta") or {}
    return {
        name: value for name, value in meta.items()
        if name not in ("versionId", "lastUpdated") and not (name == "source" and str(value).startswith(CLIENT))
    }  # fmt: skip


def subject_of(resource: Resource) -> str:
    """The reference by which a resource says whom it is about; empty when it doesn't."""
    names = ("subject", "patient", "for", "beneficiary", "individual")
    return next((found for name in names if (found := reference_of(resource.get(name)))), "")
