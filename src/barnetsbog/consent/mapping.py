"""A FHIR Consent and `law.model.Consent`, both ways.

Reading is strict. A consent opens a child's book for somebody, so a record with no giver, an act nobody knows, a period
that ends before it begins, or a limit we don't understand gives a `Problem` with its reason and opens nothing. That
holds for other people's Consents too: read narrower than they were meant, or not at all, and never wider. A no is the
other way round: what limits it and can't be read makes it wider (`answer_of`), for a no is never lost on a formality.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from barnetsbog.consent import terms
from barnetsbog.consent.acts import ACTS, MOVES
from barnetsbog.consent.reading import (
    Unclear,
    instant_in,
    no_modifiers,
    only,
    period_of,
    target,
    text_in,
    written,
    written_period,
)
from barnetsbog.fhir.own import codes_of, complex_extension, extension, extensions_of, members, parts_of, value_of
from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.model import Block, Capacity, Class, Consent, Kind, Level, Sharing, Shelf, Status

Resource = dict[str, Any]
T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

_UNDERSTOOD = frozenset(
    ("id", "type", "period", "actor", "action", "securityLabel", "purpose", "class", "provision", "extension")
)
_SOURCES = ("Consent", "DocumentReference", "Contract", "QuestionnaireResponse")


@dataclass(frozen=True, slots=True)
class Asking:
    """What belongs to a consent's resource and not to the law's idea of it: the words on the page, who wrote it down,
    and on what the giver's custody was seen (evidence code, moment)."""

    child: str
    title: str
    what: str = ""
    text: str = ""
    author: str = ""
    custody: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A consent that can't be read precisely: it opens nothing, and somebody should look at it."""

    id: str
    reason: str


def consent_of(resource: Resource, acts: Mapping[str, Kind] = ACTS) -> Consent | Problem:
    """The consent a resource tells of, or why it can't be read."""
    try:
        return _consent(resource, acts)
    except Unclear as unclear:
        return Problem(text_in(resource, "id"), str(unclear))


def answer_of(resource: Resource, acts: Mapping[str, Kind] = ACTS) -> Consent | None:
    """What the law is asked with: the consent; of a no that can't be read precisely, a no to the whole act; else
    nothing."""
    found = consent_of(resource, acts)
    return found if isinstance(found, Consent) else _bare_no(resource, acts)


_NO = frozenset((Status.REFUSED, Status.WITHDRAWN))


def _bare_no(resource: Resource, acts: Mapping[str, Kind]) -> Consent | None:
    """A no by somebody we know to an act we know, to whomever and for good unless it says clearly to whom."""
    provision = resource.get("provision")
    if not isinstance(provision, dict):
        return None
    try:
        no_modifiers(resource)
        status, act, (giver, capacity) = _status(resource), _act(provision, acts), _giver(resource)
    except Unclear:
        return None
    if status not in _NO:
        return None
    disclosers, recipient = _or(partial(_units, resource, provision, acts[act]), (frozenset[str](), ""))
    told = _or(partial(instant_in, resource, "dateTime", ""), None)
    at = _or(partial(_withdrawn, resource, status), None) or told
    return Consent(
        text_in(resource, "id"), giver, capacity, act, acts[act], Sharing(frozenset(), Level.AT), Status.REFUSED, at,
        at or 0, FOREVER, disclosers, recipient,
    )  # fmt: skip


def _or(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except Unclear:
        return otherwise


def _consent(resource: Resource, acts: Mapping[str, Kind]) -> Consent:
    if text_in(resource, "resourceType") != "Consent" or not text_in(resource, "id"):
        raise Unclear("Det er ikke et samtykke med et id.")
    no_modifiers(resource)
    provision = _provision(resource)
    status, act = _status(resource), _act(provision, acts)
    kind = _word(Kind, only(codes_of(resource.get("category"), terms.KIND), "Arten"), "Arten")
    giver, capacity = _giver(resource)
    start, end, answered = _times(resource, provision, status)
    disclosers, recipient = _units(resource, provision, kind)
    words = _shown(resource)
    return Consent(
        id=text_in(resource, "id"), giver=giver, capacity=capacity, act=act, kind=kind, sharing=_sharing(
        resource, provision), status=status, answered_at=answered, valid_from=start, valid_to=end,
        disclosers=disclosers, recipient=recipient, withdrawn_at=_withdrawn(resource, status),
        purpose=_purpose(provision), form=str(_said(resource, "consent-form") or ""),
        language=words[0], text_version=words[1], evidence=_evidence(resource),
    )  # fmt: skip


def _said(resource: Resource, name: str) -> Any:
    """The value of an extension that may stand once."""
    found = extensions_of(resource, name)
    return value_of(only(found, f"»{name}«")) if found else None


def _word(kind: type[Word], code: Any, what: str) -> Word:
    try:
        return kind(code)
    except ValueError:
        raise Unclear(f"{what} »{code}« kendes ikke.") from None


# -- the answer --------------------------------------------------------------------------------------------------------


def _provision(resource: Resource) -> Resource:
    """The rule itself. Any limit we don't read would make the consent wider than it was given."""
    provision = resource.get("provision")
    if not isinstance(provision, dict):
        raise Unclear("Samtykket siger ikke, hvad det gælder.")
    if strange := sorted(key for key in provision if key not in _UNDERSTOOD):
        raise Unclear(f"Samtykket er afgrænset på en måde, bogen ikke kan læse ({', '.join(strange)}).")
    if any(one.get("verified") is False for one in members(resource.get("verification"))):
        raise Unclear("Samtykket er ikke bekræftet.")
    return provision


def _status(resource: Resource) -> Status:
    code = text_in(resource, "status")
    found = [status for status, written in terms.STATUS.items() if written == code]
    if code == "inactive":
        found = [_word(Status, _said(resource, "ended-as"), "Årsagen til, at samtykket er ophørt,")]
    elif _said(resource, "ended-as") is not None:
        found = []
    if len(found) != 1 or terms.STATUS[found[0]] != code:
        raise Unclear(f"Samtykkets status »{code}« kan ikke bruges.")
    _agrees(found[0], resource["provision"])
    return found[0]


def _agrees(status: Status, provision: Resource) -> None:
    permits = text_in(provision, "type") == "permit"
    if permits != (status is Status.GIVEN):
        raise Unclear("Samtykkets status og svar siger hver sit.")


def _act(provision: Resource, acts: Mapping[str, Kind]) -> str:
    if len(list(members(provision.get("action")))) > 1:
        raise Unclear("Samtykket gælder flere handlinger.")
    act = str(only(codes_of(provision.get("action"), terms.ACT), "Handlingen"))
    if act not in acts:
        raise Unclear(f"Handlingen »{act}« kendes ikke.")
    return act


def _giver(resource: Resource) -> tuple[str, Capacity]:
    performer = only(list(members(resource.get("performer"))), "Den, der svarer,")
    _, child = target(resource.get("patient"), ("Patient",), "Barnet")
    kind, giver = target(performer, ("Patient", "RelatedPerson", "Organization"), "Den, der svarer,")
    stated = _said(resource, "consent-capacity") or (Capacity.CHILD if kind == "Patient" else "")
    capacity = _word(Capacity, stated, "Egenskaben")
    if terms.GIVERS[capacity] != kind or (capacity is Capacity.CHILD and giver != child):
        raise Unclear("Den, der svarer, og egenskaben passer ikke sammen.")
    return giver, capacity


# -- times and units ---------------------------------------------------------------------------------------------------


def _times(resource: Resource, provision: Resource, status: Status) -> tuple[int, int, int | None]:
    """From, to and when it was answered. A yes must say until when; a no lasts until it is changed."""
    start, end = period_of(provision.get("period"), "Perioden")
    told = instant_in(resource, "dateTime", "Datoen")
    if (begins := told if start is None else start) is None:
        raise Unclear("Samtykket siger ikke, fra hvornår det gælder.")
    if end <= begins:
        raise Unclear("Perioden slutter, før den begynder.")
    if status is Status.GIVEN and (end >= FOREVER or told is None):
        raise Unclear("Samtykket siger ikke, hvornår det er givet, og hvor længe det gælder.")
    return begins, end, None if status is Status.ASKED else told


def _withdrawn(resource: Resource, status: Status) -> int | None:
    at = instant_in({"at": _said(resource, "withdrawn-at")}, "at", "Datoen for tilbagetrækningen")
    if (at is None) == (status is Status.WITHDRAWN):
        raise Unclear("Det er uklart, om og hvornår samtykket er trukket tilbage.")
    return at


def _units(resource: Resource, provision: Resource, kind: Kind) -> tuple[frozenset[str], str]:
    sharing = resource.get("organization")
    disclosers = frozenset(target(one, ("Organization",), "Den, der deler,")[1] for one in members(sharing))
    actors = list(members(provision.get("actor")))
    if any(codes_of([one.get("role")], terms.PARTICIPATION) != ["IRCP"] for one in actors):
        raise Unclear("Samtykket nævner en deltager, hvis rolle bogen ikke kender.")
    found = [target(one.get("reference"), ("Organization",), "Modtageren")[1] for one in actors]
    if kind in MOVES and not disclosers:
        raise Unclear("Det mangler, hvem der må dele.")
    return disclosers, only(found, "Modtageren") if found or kind in MOVES else ""


# -- what is shared ----------------------------------------------------------------------------------------------------


def _sharing(resource: Resource, provision: Resource) -> Sharing:
    """Blocks times classes, without the pairs that a rule inside the rule takes away."""
    shelves = _shelves(provision)
    for inner in members(provision.get("provision")):
        if inner.get("type") == provision.get("type") or set(inner) - {"type", "class", "securityLabel"}:
            raise Unclear("Samtykket har en undtagelse, bogen ikke kan læse.")
        if not (excepted := _shelves(inner)):
            raise Unclear("Samtykket har en undtagelse uden indhold.")
        shelves -= excepted
    return Sharing(frozenset(shelves), _level(resource))


def _shelves(provision: Resource) -> set[Shelf]:
    blocks = [_word(Block, code, "Blokken") for code in _ours(provision.get("class"), terms.BLOCK)]
    classes = [_word(Class, code, "Følsomheden") for code in _ours(provision.get("securityLabel"), terms.CLASS)]
    if bool(blocks) != bool(classes):
        raise Unclear("Samtykket siger ikke både hvilke blokke og hvilke følsomheder det gælder.")
    return {(block, kind) for block in blocks for kind in classes}


def _ours(codings: Any, system: str) -> list[str]:
    """Codes of one system of ours; another system's code is a limit we don't understand."""
    found = codes_of(codings, system)
    if len(found) != len(list(members(codings))):
        raise Unclear("Samtykket er afgrænset med koder, bogen ikke kender.")
    return found


def _level(resource: Resource) -> Level:
    """How much. The least, when nothing is said."""
    code = _said(resource, "sharing-level") or terms.LEVELS[Level.AT]
    found = [level for level, written in terms.LEVELS.items() if written == code]
    return Level(only(found, "Graden af deling"))


def _purpose(provision: Resource) -> str:
    purposes = _ours(provision.get("purpose"), terms.PURPOSE)
    return only(purposes, "Formålet") if purposes else ""


# -- how it was answered -----------------------------------------------------------------------------------------------


def _shown(resource: Resource) -> tuple[str, str]:
    """Language and version of the words that were shown."""
    parts = [(parts_of(one, "language"), parts_of(one, "version")) for one in extensions_of(resource, "words-shown")]
    language, version = parts[0] if parts else ([], [])
    return str(language[0]) if language else "da", str(version[0]) if version else ""


def _evidence(resource: Resource) -> str:
    source = resource.get("sourceReference")
    return text_in(source, "reference") or text_in(resource.get("sourceAttachment"), "title")


def asking_of(resource: Resource) -> Asking:
    """What a consent's resource says besides the consent, to be said again in its next version."""
    category = next((text_in(one, "text") for one in members(resource.get("category"))), "")
    patient = resource.get("patient")
    seen = [_custody_seen(one) for one in extensions_of(resource, "custody-seen")]
    return Asking(
        child=text_in(patient, "reference").rpartition("/")[2], title=str(_said(resource, "entry-title") or ""),
        what=category, text=str(_said(resource, "text") or ""), author=text_in(_said(resource, "author"), "reference"),
        custody=next((one for one in seen if one), None),
    )  # fmt: skip


def _custody_seen(extension: Resource) -> tuple[str, int] | None:
    evidence, moments = parts_of(extension, "evidence"), parts_of(extension, "checked-at")
    at = instant_in({"at": moments[0]}, "at", "Datoen") if moments else None
    return None if at is None else (str(evidence[0]) if evidence else "", at)


# -- writing -----------------------------------------------------------------------------------------------------------


def consent_resource(consent: Consent, asking: Asking) -> Resource:
    """The resource of a consent. Read back, it is the same consent."""
    if consent.capacity is Capacity.CHILD and consent.giver != asking.child:
        raise ValueError("a child answers for itself only")
    giver = f"{terms.GIVERS[consent.capacity]}/{consent.giver}"
    told = consent.valid_from if consent.answered_at is None else consent.answered_at
    return _filled(
        resourceType="Consent", id=consent.id, meta={"profile": [terms.PROFILE]},
        extension=_extensions(consent, asking, giver), status=terms.STATUS[consent.status], scope=_concept(
        terms.CONSENT_SCOPE, "treatment" if consent.kind is Kind.TREATMENT else "patient-privacy"), category=[
        {**_concept(terms.ENTRY_KIND, "consent"), "text": asking.what or consent.act}, _concept(terms.KIND,
        consent.kind.value)], patient=_to(f"Patient/{asking.child}"), dateTime=written(told), performer=[_to(giver)],
        organization=[_to(f"Organization/{unit}") for unit in sorted(consent.disclosers)],
        **_source(consent.evidence), policyRule={"coding": [{"system": terms.ACT_CODE, "code": "OPTIN", "display":
        "opt-in"}]}, provision=_rule(consent),
    )  # fmt: skip


def _filled(**elements: Any) -> Resource:
    return {name: value for name, value in elements.items() if value not in ("", None, [], {})}


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _to(reference: str) -> Resource:
    return {"reference": reference}


def _extensions(consent: Consent, asking: Asking, giver: str) -> list[Resource]:
    ended = consent.status.value if terms.STATUS[consent.status] == "inactive" else None
    withdrawn = None if consent.withdrawn_at is None else written(consent.withdrawn_at)
    checked = asking.custody and {"evidence": ("Code", asking.custody[0]), "checked-at": ("DateTime", written(
        asking.custody[1]))}  # fmt: skip
    shown = {"language": ("Code", consent.language), "version": ("String", consent.text_version)}
    simple = [
        ("author", "Reference", _to(asking.author or giver)), ("entry-title", "String", asking.title),
        ("text", "Markdown", asking.text), ("sharing-level", "Code", terms.LEVELS[consent.sharing.level]),
        ("consent-form", "Code", consent.form), ("consent-capacity", "Code", consent.capacity.value),
        ("ended-as", "Code", ended), ("withdrawn-at", "DateTime", withdrawn),
    ]  # fmt: skip
    told = [extension(name, kind, value) for name, kind, value in simple if value]
    return [
        *told,
        complex_extension("words-shown", shown),
        *([complex_extension("custody-seen", checked)] if checked else []),
    ]


def _source(evidence: str) -> Resource:
    """A document here is pointed at; anything else is named."""
    if evidence.partition("/")[0] in _SOURCES:
        return {"sourceReference": _to(evidence)}
    return {"sourceAttachment": {"title": evidence}} if evidence else {}


def _rule(consent: Consent) -> Resource:
    answer, other = ("permit", "deny") if consent.status is Status.GIVEN else ("deny", "permit")
    blocks, classes = ({shelf[at] for shelf in consent.sharing.shelves} for at in (0, 1))
    receiver = _concept(terms.PARTICIPATION, "IRCP")
    return _filled(
        type=answer, period=written_period(consent.valid_from, consent.valid_to), actor=[{"role": receiver, "reference":
        _to(f"Organization/{consent.recipient}")}] if consent.recipient else [], action=[_concept(terms.ACT,
        consent.act)], **_shelf_codes(blocks, classes), purpose=[{"system": terms.PURPOSE, "code": consent.purpose}]
        if consent.purpose else [], provision=_exceptions(consent.sharing, other, blocks, classes),
    )  # fmt: skip


def _shelf_codes(blocks: Iterable[Any], classes: Iterable[Any]) -> Resource:
    return {
        "securityLabel": [{"system": terms.CLASS, "code": code} for code in sorted(map(str, classes))],
        "class": [{"system": terms.BLOCK, "code": code} for code in sorted(map(str, blocks))],
    }


def _exceptions(sharing: Sharing, other: str, blocks: Iterable[Any], classes: Iterable[Any]) -> list[Resource]:
    """FHIR says blocks and classes as two lists, so the pairs that are not shared are taken out again."""
    left_out = sorted((b, c) for b in blocks for c in classes if (b, c) not in sharing.shelves)
    return [{"type": other, **_shelf_codes([block], [kind])} for block, kind in left_out]
