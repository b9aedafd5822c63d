"""Forms that are answered, in FHIR R4: a QuestionnaireResponse, whose versions are its history. Pure.

A section is an item with items, a group's repetitions are items of the same `linkId`. Where an answer came from stands
on its item (`fetched`), whose turn it was on the response (`form-turn`). What can't be read as its kind (a draft keeps
what was typed) is a string.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from barnetsbog.fhir.own import (
    BASE,
    complex_extension,
    extension,
    extension_of,
    extensions_of,
    members,
    parts_of,
    reference_of,
    referred,
    referring,
    value_of,
    without,
)
from barnetsbog.fhir.primitives import fault
from barnetsbog.honour.model import Stand, Suspicion
from barnetsbog.kernel.ids import derived_id
from barnetsbog.kernel.numbers import is_number
from barnetsbog.kernel.time import iso, parse
from barnetsbog.record.promotion import ENTRY_KIND, SENSITIVITY

from .answers import items_of, values_at
from .licensed import edition_of
from .model import CONCERN, DANISH, KINDS, KNOW, PARENTS, RISK, SEEN, SUSPECTED, Answers, Form, Item, Kind, Party, Value
from .response import Kept, Origin, Response, Source, State, Turn, TurnState
from .rules import structured

Resource = dict[str, Any]

CANONICAL = f"{BASE}/Questionnaire/"
ANSWERS = f"{BASE}/CodeSystem/form-answer-"
"""The code system of the answers to choose from, before the id of the item: one for each, whatever the form."""

_STATES = {one.value: one for one in State}
_OURS = (
    "author", "changed-by", "entry-title", "entry-block", "form-sheet-of", "form-turn", "form-asked-by", "form-reason",
    "edition", "form-corrects", "sent-to", "sent-at", "form-wanted-by", "said-to", "form-structured", "form-excerpt-of",
    "form-licence", "form-asked-in",
)  # fmt: skip


def named_form(resource: Resource) -> tuple[str, int] | None:
    """The form and version that a response answers; None when it is none of our catalogue. A version may have come from
    elsewhere, with more digits than a number is read from."""
    canonical = str(resource.get("questionnaire") or "")
    ident, _, version = canonical.removeprefix(CANONICAL).partition("|")
    ours = canonical.startswith(CANONICAL) and is_number(version)
    return (ident, int(version)) if ours else None


def is_whole(resource: Resource, form: Form) -> bool:
    """Whether a response is all that is answered of its form: no one party's sheet, no excerpt, and of a form that one
    party answers."""
    apart = any(extensions_of(resource, one) for one in ("form-sheet-of", "form-excerpt-of"))
    return len(form.parts) == 1 and not apart


def licence_of(resource: Resource) -> str:
    """The edition of a licence holder's questions that a response answers; empty where it answers none."""
    return str(extension_of(resource, "form-licence") or "")


# -- reading -----------------------------------------------------------------------------------------------------------


def response_of(resource: Resource, form: Form) -> Response:
    """A response of ours. `form`: in the version that it names."""
    kinds = {item.id: item.kind for item in items_of(form)}
    sections = {section.id for section in form.sections}
    items = list(_without_sections(members(resource.get("item")), sections))
    answers, origins = _read(items, kinds, "")
    named = named_form(resource) or ("", 0)
    sent = extension_of(resource, "sent-at")
    return Response(
        id=str(resource.get("id", "")), form=named[0], version=named[1],
        title=str(extension_of(resource, "entry-title") or ""),
        state=_STATES.get(str(resource.get("status")), State.WITHDRAWN), author=referred(resource, "author"),
        asked_by=referred(resource, "form-asked-by"), answers=answers, origins=origins,
        turns=tuple(_turn(one) for one in extensions_of(resource, "form-turn")),
        to=next(filter(None, (referred(resource, one) for one in ("form-wanted-by", "sent-to", "said-to"))), ""),
        begun_at=parse(str(resource["authored"]))[0] if resource.get("authored") else 0,
        sent_at=parse(str(sent))[0] if sent else None, sheet_of=referred(resource, "form-sheet-of"),
        corrects=referred(resource, "form-corrects"), structured=extension_of(resource, "form-structured") is True,
        excerpt_of=referred(resource, "form-excerpt-of"), reason=str(extension_of(resource, "form-reason") or ""),
        asked_in=str(extension_of(resource, "form-asked-in") or DANISH),
    )  # fmt: skip


def _without_sections(items: Iterable[Resource], sections: set[str]) -> Iterator[Resource]:
    for one in items:
        if one.get("linkId") in sections:
            yield from members(one.get("item"))
        else:
            yield one


def _read(items: Iterable[Resource], kinds: Mapping[str, Kind], prefix: str) -> tuple[Answers, dict[str, Origin]]:
    answers: dict[str, tuple[Value | Answers, ...]] = {}
    origins: dict[str, Origin] = {}
    for one in items:
        ident = str(one.get("linkId", ""))
        if kinds.get(ident) is Kind.GROUP:
            some = answers.get(ident, ())
            inside, more = _read(members(one.get("item")), kinds, f"{prefix}{ident}.{len(some)}.")
            answers[ident] = (*some, inside)
            origins |= more
            continue
        values = tuple(found for answer in members(one.get("answer")) if (found := _value(answer)) is not None)
        if values:
            answers[ident] = (*answers.get(ident, ()), *values)
        for fetched in extensions_of(one, "fetched"):
            origins[prefix + ident] = _origin(fetched, values)
    return answers, origins


def _value(element: Resource) -> Value | None:
    found = value_of(element)
    if isinstance(found, dict):
        found = found.get("code") or found.get("url")
    return found if isinstance(found, str | int | float | bool) else None


def _origin(found: Resource, answered: tuple[Value, ...]) -> Origin:
    """Where an answer is from. What was kept as it was is what the source said."""

    def said(name: str) -> Any:
        return next(iter(parts_of(found, name)), None)

    day = said("day")
    source = Source(
        reference_of(said("entry")), int(said("version") or 0), reference_of(said("unit")),
        date.fromisoformat(day) if day else None, said("own") is True,
    )  # fmt: skip
    values, declined = (
        tuple(one for part in members(found.get("extension"))
              if part.get("url") == name and (one := _value(part)) is not None)
        for name in ("said", "declined")
    )  # fmt: skip
    kept = Kept(str(said("kept") or Kept.KEPT))
    return Origin(source, values or (answered if kept is Kept.KEPT else ()), kept, declined)


def _turn(found: Resource) -> Turn:
    def said(name: str) -> Any:
        return next(iter(parts_of(found, name)), None)

    at = said("at")
    return Turn(
        str(said("part") or ""), reference_of(said("who")), TurnState(str(said("state") or TurnState.ASKED)),
        reference_of(said("by")), parse(str(at))[0] if at else 0, reference_of(said("sheet")),
        reference_of(said("paper")), reference_of(said("ball")), said("shared"),
    )  # fmt: skip


# -- writing -----------------------------------------------------------------------------------------------------------


def resource_of(
    response: Response, form: Form, *, child: str, by: str = "", before: Resource | None = None
) -> Resource:
    """The next version of a response. `before`: the present one, of which what is not ours is kept. `by`: whoever
    changes it. `child`: the reference of the child."""
    kept = {key: value for key, value in (before or {}).items() if key not in ("extension", "item", "meta")}
    found: Resource = {
        **kept, "resourceType": "QuestionnaireResponse", "id": response.id,
        "questionnaire": f"{CANONICAL}{response.form}|{response.version}", "status": response.state.value,
        "subject": {"reference": child}, "authored": iso(response.begun_at), "author": {"reference": response.author},
        "extension": [*without(before or {}, *_OURS), _edition(before or {}), *_told(response, form, by)],
    }  # fmt: skip
    if labels := _labels(response, form):
        found["meta"] = {"security": [{"system": SENSITIVITY, "code": one} for one in labels]}
    if items := _sections(response, form):
        found["item"] = items
    return found


def _labels(response: Response, form: Form) -> list[str]:
    """A draft, and a sheet until its form is sent, is for whoever writes it alone. A worry is social whoever sends it,
    as a notification of concern is, and what the family may not know yet is between those who write and get it; the
    rest follows from who wrote it."""
    if response.sent_at is None:
        return ["draft"]
    if response.confided:
        return ["child-private"]
    if is_held(response):
        return ["between"]
    return ["social"] if form.family in _SOCIAL else []


def _edition(before: Resource) -> Resource:
    """A number that grows with each version: what says what an earlier one said is not that one sent again (ADR 5)."""
    number = extension_of(before, "edition")
    return extension("edition", "Integer", number + 1 if isinstance(number, int) else 1)


_SOCIAL = frozenset(("V9", "V10", "V12"))
"""Families of forms about worries, examinations and plans of the social field."""


def excerpt(response: Response, form: Form, key: bytes) -> Response:
    """What is structured of a form that is sent, for a receiver who is to have that alone. Its id follows from the
    form's: a corrected form gives its next version."""
    answers, origins = structured(form, response.answers, response.origins)
    return replace(
        response, id=str(derived_id(key, "form-excerpt", response.id)), answers=answers, structured=False, turns=(),
        origins=origins, excerpt_of=f"QuestionnaireResponse/{response.id}", sheet_of="", asked_by="", reason="",
    )  # fmt: skip


def is_concern(form: Form) -> bool:
    """Whether to send it is to notify the municipality of a worry (barnets lov §§ 133-135)."""
    return form.family == CONCERN


def is_held(response: Response) -> bool:
    """Whether the family may not read it yet, though it would otherwise: an honour-related conflict is suspected and
    the risk not assessed (barnets lov § 18); or, by whoever writes, telling the parents can harm the child, or they
    are suspected of violence and do not know. It is the municipality that tells them."""
    kinds, know = (set(values_at(response.answers, name)) for name in (KINDS, KNOW))
    honour = tells_of_honour(response)
    untold_violence = kinds & {"violence", "sexual"} and not know & {"agree", "disagree"}
    return bool(honour or "cannot" in know or untold_violence)


def tells_of_honour(response: Response) -> bool:
    kinds, suspected = (set(values_at(response.answers, name)) for name in (KINDS, SUSPECTED))
    return "honour" in kinds or bool(suspected & {"yes", "unsure"})


def suspicion(response: Response) -> Suspicion | None:
    """What a form that is sent says of an honour-related conflict. Whoever screens says what the risk is, and whether
    parents and network may be involved now (barnets lov § 18); anybody else only that it is suspected."""
    if not tells_of_honour(response) or response.sent_at is None:
        return None
    seen, risk, parents = (_joined(response, name) for name in (SEEN, RISK, PARENTS))
    basis, since = f"QuestionnaireResponse/{response.id}", response.sent_at
    stand = Stand.ASSESSED if risk and parents == "yes" else Stand.WAITS
    return Suspicion(stand, seen, since, risk, since if risk else None, basis)


def _joined(response: Response, name: str) -> str:
    return "\n\n".join(str(one) for one in values_at(response.answers, name))


def concern(response: Response, form: Form, *, child: str, by: str, key: bytes) -> Resource:
    """The notification that a form about a worry is, beside the form itself: the receiver's clocks begin with it (24
    hours, six working days)."""
    seen = values_at(response.answers, SEEN)
    held = {"meta": {"security": [{"system": SENSITIVITY, "code": "between"}]}} if is_held(response) else {}
    return {
        "resourceType": "Communication", "id": str(derived_id(key, "concern", response.id)), "status": "completed",
        **held,
        "extension": [referring("author", by)], "priority": "urgent",
        "category": [{"coding": [{"system": ENTRY_KIND, "code": "concern"}]}],
        "subject": {"reference": f"Patient/{child}"}, "about": [{"reference": f"QuestionnaireResponse/{response.id}"}],
        "topic": {"text": form.title}, "sent": iso(response.sent_at or 0),
        "recipient": [{"reference": response.to}], "sender": {"reference": by},
        "payload": [{"contentString": str(seen[0]) if seen else form.title}],
    }  # fmt: skip


def block_of(form: Form) -> str:
    """Where an answered form stands: with the most guarded of what it is about."""
    return next((one for one in ("TI", "IN", "GO", "SA", "KO", "AK", "ST") if one in form.blocks), "TI")


def _block(response: Response, form: Form) -> str:
    """What a child has told in confidence stands where it can read it itself, whatever its age. What a parent tells
    stands with the consents, as copies of letters do: no holder's right opens these, so neither parent reads the
    other's (law-and-access §3, row 12)."""
    if is_a_parents(response, form):
        return "SA"
    return "TI" if response.confided and block_of(form) not in ("IN", "GO", "TI", "AK") else block_of(form)


def is_a_parents(response: Response, form: Form) -> bool:
    """Whether a parent has answered it, also on paper that somebody else has typed."""
    theirs = {part.id for part in form.parts if part.party is Party.PARENT}
    on_paper = bool(response.sheet_of) and any(turn.part in theirs for turn in response.turns)
    return response.author.startswith("RelatedPerson/") or on_paper


def guard_of(response: Response, form: Form) -> str:
    """The label of a file that goes with what was answered, where it is more guarded than whoever put it in: the
    child's confidence, or what is between those who tell and get it."""
    if response.confided:
        return "child-private"
    return "between" if is_a_parents(response, form) or is_held(response) else ""


def _told(response: Response, form: Form, by: str) -> list[Resource]:
    found = [
        extension("entry-title", "String", response.title), extension("entry-block", "Code", _block(response, form)),
        *(referring(name, to) for name, to in (
            ("author", response.author), ("changed-by", by), ("form-asked-by", response.asked_by),
            *(("sent-to", one) for one in _receivers(response)),
            ("form-wanted-by", response.to if response.sent_at is None or response.structured else ""),
            ("form-excerpt-of", response.excerpt_of), ("form-sheet-of", response.sheet_of),
            ("form-corrects", response.corrects),
        ) if to),
    ]  # fmt: skip
    if response.sent_at is not None:
        found.append(extension("sent-at", "DateTime", iso(response.sent_at)))
    if response.structured:
        found.append(extension("form-structured", "Boolean", True))
    if response.reason:
        found.append(extension("form-reason", "String", response.reason))
    if response.asked_in != DANISH:
        found.append(extension("form-asked-in", "Code", response.asked_in))
    if edition := edition_of(form):
        found.append(extension("form-licence", "String", edition))
    if response.sent_at is not None and response.confided:
        found.append(referring("said-to", response.asked_by or response.to))
    return found + [_turned(turn if response.sheet_of else _untold(turn)) for turn in response.turns]


def _receivers(response: Response) -> tuple[str, ...]:
    """Who reads what was sent: the receiver first, and of a sheet whoever asked for it too, but for a parent who began
    a form that the other answers as well. What a child has told in confidence stays with the one it told."""
    if response.sent_at is None or response.confided:
        return ()
    asked = response.asked_by if response.sheet_of and not response.asked_by.startswith("RelatedPerson/") else ""
    return tuple(dict.fromkeys(one for one in ("" if response.structured else response.to, asked) if one))


def _untold(turn: Turn) -> Turn:
    """What a child says of who may read its sheet stands in that sheet: the form is read by those it may not tell."""
    return turn._replace(shared=None) if turn.sheet else turn


def _turned(turn: Turn) -> Resource:
    def to(reference: str) -> tuple[str, Any]:
        return "Reference", {"reference": reference} if reference else None

    return complex_extension("form-turn", {
        "part": ("Code", turn.part), "who": to(turn.who), "state": ("Code", turn.state.value), "by": to(turn.by),
        "at": ("DateTime", iso(turn.at) if turn.at else None), "sheet": to(turn.sheet), "paper": to(turn.paper),
        "ball": to(turn.ball), "shared": ("Boolean", turn.shared),
    })  # fmt: skip


def _sections(response: Response, form: Form) -> list[Resource]:
    """What was fetched and corrected, or declined, is between the writer and its source: no receiver is told."""
    origins = response.origins
    if response.sent_at is not None:
        origins = {path: one._replace(said=(), declined=()) for path, one in origins.items()}
    found = []
    for section in form.sections:
        items = list(_written(section.items, response.answers, origins, ""))
        if items:
            found.append({"linkId": section.id, "text": section.title, "item": items})
    return found


def _written(items: Iterable[Item], answers: Answers, origins: Mapping[str, Origin], prefix: str) -> Iterator[Resource]:
    for item in items:
        path, values = prefix + item.id, answers.get(item.id, ())
        if item.kind is Kind.GROUP:
            for number, one in enumerate(one for one in values if isinstance(one, Mapping)):
                inside = list(_written(item.items, one, origins, f"{path}.{number}."))
                yield {"linkId": item.id, "text": item.ask, **({"item": inside} if inside else {})}
            continue
        plain = [one for one in values if not isinstance(one, Mapping)]
        if plain or path in origins:
            yield _leaf(item, plain, origins.get(path))


def _leaf(item: Item, values: list[Value], origin: Origin | None) -> Resource:
    found: Resource = {"linkId": item.id, "text": item.ask}
    if origin:
        found["extension"] = [_fetched(origin, item)]
    if values:
        found["answer"] = [_typed(item, one) for one in values]
    return found


def _fetched(origin: Origin, item: Item) -> Resource:
    source = origin.source
    found = complex_extension("fetched", {
        "entry": ("Reference", {"reference": source.entry}), "version": ("Integer", source.version),
        "unit": ("Reference", {"reference": source.unit} if source.unit else None),
        "day": ("Date", source.day.isoformat() if source.day else None), "kept": ("Code", origin.kept.value),
        "own": ("Boolean", source.own or None),
    })  # fmt: skip
    for name, values in (("said", origin.said), ("declined", origin.declined)):
        found["extension"] += [{"url": name, **_typed(item, one)} for one in values]
    return found


def _typed(item: Item, value: Value) -> Resource:
    """A value as FHIR has it for its kind."""
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int) and item.kind is not Kind.DECIMAL and abs(value) < 2**31:
        return {"valueInteger": value}
    if isinstance(value, int | float):
        return {"valueDecimal": value} if math.isfinite(value) else {"valueString": str(value)}
    if item.kind in (Kind.CHOICE, Kind.CHOICES):
        text = next((one.text for one in item.options if one.code == value), "")
        if text:
            return {"valueCoding": {"system": f"{ANSWERS}{item.id}", "code": value, "display": text}}
    if item.kind is Kind.DATE and not fault("date", value):
        return {"valueDate": value}
    if item.kind is Kind.FILE and value.startswith("DocumentReference/"):
        return {"valueAttachment": {"url": value}}
    return {"valueString": value}
