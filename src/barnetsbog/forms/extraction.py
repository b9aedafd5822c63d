"""What an answered form says becomes entries of its own, so that the next form is filled from them. Pure.

The ids follow from the response and the place of the answer: sending twice makes nothing twice, and what is corrected
is the next version of the same entry. What was fetched from the book is there already and makes nothing: a correction
of it is proposed to its source (`operations`). Free text stays in the form; only what the form itself says it
`becomes` is an entry.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from barnetsbog.contacts.mapping import named_contact
from barnetsbog.fhir.own import extension, referring, without
from barnetsbog.kernel.ids import derived_id
from barnetsbog.kernel.time import iso, local_day, parse
from barnetsbog.plan import mapping as plan
from barnetsbog.plan.model import Course, Effect, Felt, Goal, Intervention, Said
from barnetsbog.record.promotion import SENSITIVITY

from .answers import in_words, places, values_at
from .model import Answers, Becomes, Form, Item, Kind, Value
from .response import Origin, Response
from .rules import BEGINS, ENDS, is_backwards, score_of, submitted

Resource = dict[str, Any]
_WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Answered:
    """What is extracted from: the answers as they are sent, and where they came from. `by`: who sends it; `informant`:
    who answered each part, by the part's id; `shared`: the child lets others read what it has said; `heard_by`: whom
    somebody of the family has told it, who reads what it becomes too; `confided`: and nobody else does."""

    response: str
    child: str
    by: str
    at: int
    today: date
    answers: Answers
    origins: Mapping[str, Origin]
    informants: Mapping[str, str]
    shared: bool = False
    heard_by: str = ""
    confided: bool = False


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing that is said, by the names of its parts; `item` is where it is said."""

    ident: str
    item: Item
    becomes: Becomes
    parts: Mapping[str, tuple[str, Value]]
    """The words and the value of each part."""
    scored: tuple[tuple[Item, Value], ...]
    informant: str

    def text(self, *names: str) -> str:
        return next((self.parts[name][0] for name in names if name in self.parts), "")

    def value(self, *names: str) -> Value | None:
        return next((self.parts[name][1] for name in names if name in self.parts), None)

    def day(self, *names: str) -> str:
        """A day, month or year of ISO."""
        return str(self.value(*names) or "")


def entries_of(form: Form, said: Answered, key: bytes) -> list[Resource]:
    """The entries that a form's answers are. `key`: the instance's, which ids are derived with."""
    said = _as_sent(form, said)
    found = [_WRITERS[thing.becomes.what](form, said, thing) for thing in _things(form, said, key)]
    return [_heard(one, said) if said.heard_by or said.confided else one for one in found if one]


def heard_by(response: Response) -> str:
    """Whom somebody of the family has told what a form says; empty for what a professional has written of their own."""
    theirs = not response.author.startswith("PractitionerRole/") or response.confided
    return response.asked_by or response.to if theirs else ""


def _as_sent(form: Form, said: Answered) -> Answered:
    return replace(said, answers=submitted(form, said.answers))


def _heard(entry: Resource, said: Answered) -> Resource:
    """What the family tells stands with whoever it is told, and is as guarded as the form that it is from."""
    others = [one for one in entry["extension"] if not str(one.get("url")).endswith("/said-to")]
    labels = {"meta": {"security": [{"system": SENSITIVITY, "code": "child-private"}]}} if said.confided else {}
    heard = [referring("said-to", said.heard_by)] if said.heard_by else []
    return {**entry, **labels, "extension": [*others, *heard]}


def _things(form: Form, said: Answered, key: bytes) -> Iterator[_Thing]:
    for path, item, section in places(form, said.answers):
        if item.becomes is None or item.becomes.what not in _WRITERS:
            continue
        informant = said.informants.get(section.part, said.by)
        if item.kind is not Kind.GROUP:
            values = [one for one in values_at(said.answers, path) if not isinstance(one, Mapping)]
            if values and path not in said.origins:
                parts = {"what": (in_words(item, values[0]), values[0]), "title": (item.ask, item.ask)}
                yield _Thing(_ident(key, said, path), item, item.becomes, parts, ((item, values[0]),), informant)
            continue
        for number, one in enumerate(values_at(said.answers, path)):
            at = f"{path}.{number}"
            fetched = any(place.startswith(f"{at}.") for place in said.origins)
            if isinstance(one, Mapping) and not fetched:
                parts, scored = _parts(item, item.becomes, one)
                if parts:
                    yield _Thing(_ident(key, said, at), item, item.becomes, parts, scored, informant)


def _ident(key: bytes, said: Answered, path: str) -> str:
    return str(derived_id(key, "form-entry", said.response, path))


def _parts(
    group: Item, becomes: Becomes, one: Answers
) -> tuple[dict[str, tuple[str, Value]], tuple[tuple[Item, Value], ...]]:
    parts: dict[str, tuple[str, Value]] = {}
    scored: list[tuple[Item, Value]] = []
    for item in group.items:
        value = next((value for value in one.get(item.id, ()) if not isinstance(value, Mapping)), None)
        if value is None:
            continue
        parts.setdefault(becomes.parts.get(item.id, item.id), (in_words(item, value), value))
        if score_of(item, value) is not None:
            scored.append((item, value))
    return parts, tuple(scored)


# -- what each becomes -------------------------------------------------------------------------------------------------


def _condition(form: Form, said: Answered, thing: _Thing) -> Resource | None:
    title = thing.text("what", "title")
    if not title:
        return None
    over = thing.day(*ENDS)
    code = "resolved" if over else "active"
    clinical = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": code}]}
    found: Resource = {
        "resourceType": "Condition", "id": thing.ident, "clinicalStatus": clinical, "code": {"text": title},
        "subject": {"reference": said.child}, "recordedDate": iso(said.at),
        "evidence": [{"detail": [{"reference": f"QuestionnaireResponse/{said.response}"}]}],
        "extension": [referring("author", said.by)],
    }  # fmt: skip
    person = {} if said.by.startswith("Organization/") else {"reference": said.by}  # a unit records none (R4)
    return found | _given(
        recorder=person, onsetDateTime=thing.day(*BEGINS), abatementDateTime=over,
        note=_note(thing.text("details", "note", "effect")),
    )  # fmt: skip


def _note(text: str) -> list[Resource]:
    return [{"text": text}] if text else []


def _given(**parts: Any) -> Resource:
    return {name: value for name, value in parts.items() if value}


def _intervention(form: Form, said: Answered, thing: _Thing) -> Resource | None:
    title = thing.text("what", "title")
    if not title:
        return None
    since, until = thing.day(*BEGINS), thing.day(*ENDS)
    course = Course.ENDED if until and _last_day(until) <= said.today else Course.ACTIVE
    until = "" if is_backwards([since], [until]) else until  # nobody sends it so; it stands in the form
    wanted = Intervention(title, what=_who_and_how(thing), course=course, measure=thing.text("measure"))
    found = plan.new_intervention(thing.ident, wanted, child=said.child, by=said.by)
    found |= _given(period=_given(start=since, end=until))  # as it was said: a month stays a month
    effect = _effect(said, thing)
    if effect:
        found["activity"] = plan.changed_intervention(found, wanted, effect, by=said.by)["activity"]
    return {**found, "supportingInfo": [{"reference": f"QuestionnaireResponse/{said.response}"}]}


def _last_day(said: str) -> date:
    """Of a month or a year that an intervention ends in: it is over when that is."""
    return local_day(parse(said, end=True)[0])


def _who_and_how(thing: _Thing) -> str:
    """Who did it is a name in a form, and no reference to anybody here: it stays words."""
    who = thing.text("who", "by", "responsible")
    return "\n".join(one for one in (thing.text("details", "description"), who and f"Hvem: {who}") if one)


_FELT = {"better": Felt.BETTER, "same": Felt.SAME, "worse": Felt.WORSE}


def _effect(said: Answered, thing: _Thing) -> Effect | None:
    felt = _FELT.get(str(thing.value("felt", "effect") or ""))
    words = "" if felt and "felt" not in thing.parts else thing.text("effect")
    return Effect(said.today, felt, words, said.by) if felt or words else None


def _own_goal(form: Form, said: Answered, thing: _Thing) -> Resource | None:
    """The child's words, letter by letter. They are for others only when the child has said so."""
    value = thing.value("words", "what", "goal")
    if not isinstance(value, str):
        return None
    mark = thing.value("mark", "scale")
    told = Said(
        value, said.today, said.shared, mark=mark if isinstance(mark, int) and 0 <= mark <= 10 else None
    )  # fmt: skip
    return plan.said_goal(thing.ident, told, child=said.child, by=said.by)


def _goal(form: Form, said: Answered, thing: _Thing) -> Resource | None:
    """When it is to be reached is when it is looked at again. How that is seen, and who works with it (a name, and no
    reference to anybody here), stay words."""
    words, until = thing.text("words", "what", "goal"), thing.day("until", "to", "follow_up")
    if not words:
        return None
    day = date.fromisoformat(until) if _WHOLE_DAY.fullmatch(until) else None
    told = {
        "Sådan kan det ses": thing.text("sign", "goal-sign"), "Hvem": thing.text("who", "by", "responsible"),
        "Nået": "" if day else thing.text("until", "to", "follow_up"),
    }  # fmt: skip
    note = _note("\n".join(f"{what}: {text}" for what, text in told.items() if text))
    found = plan.new_goal(thing.ident, Goal(False, words, follow_up=day), child=said.child, by=said.by, at=said.at)
    return found | _given(note=note)


def _measure(form: Form, said: Answered, thing: _Thing) -> Resource | None:
    """A number with its instrument, the version of the form, who answered and when. Several numbers of one group are
    its components."""
    numbers = [(item, score) for item, value in thing.scored if (score := score_of(item, value)) is not None]
    if not numbers:
        return None
    instrument = form.licensed.name if form.licensed else form.title
    title = thing.text("title", "scale", "name") if thing.item.kind is Kind.GROUP else thing.item.ask
    day = thing.day("day", "date") or said.today.isoformat()
    found: Resource = {
        "resourceType": "Observation", "id": thing.ident, "status": "final",
        "code": {"text": f"{instrument}: {title}" if title and title != instrument else instrument},
        "subject": {"reference": said.child}, "effectiveDateTime": day, "issued": iso(said.at),
        "performer": [{"reference": said.by}],
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{said.response}"}],
        "extension": [
            referring("author", said.by), referring("informant", thing.informant),
            extension("instrument", "String", instrument),
            extension("instrument-version", "String", f"{form.id} {form.version}"),
        ],
    }  # fmt: skip
    if len(numbers) == 1:
        return found | {"valueQuantity": _quantity(*numbers[0])}
    return found | {"component": [
        {"code": {"text": item.ask}, "valueQuantity": _quantity(item, score)} for item, score in numbers
    ]}  # fmt: skip


def _quantity(item: Item, score: float) -> Resource:
    return {"value": score, **({"unit": item.unit} if item.unit else {})}


def _contact(form: Form, said: Answered, thing: _Thing) -> Resource | None:
    """Somebody who works with the child, by name, task and telephone number. It gives nobody a right."""
    name = thing.text("name", "what")
    wanted = named_contact(thing.ident, name, thing.text("task", "relation"), thing.text("phone"), child=said.child)
    return {**wanted, "extension": [referring("author", said.by)]} if name else None


_WRITERS: Mapping[str, Callable[[Form, Answered, _Thing], Resource | None]] = {
    "condition": _condition, "intervention": _intervention, "own-goal": _own_goal, "goal": _goal, "measure": _measure,
    "contact": _contact,
}  # fmt: skip


_WHO_AND_WHEN = ("meta", "recordedDate", "recorder", "issued", "performer", "author", "expressedBy", "startDate")


def words_of(entry: Resource) -> Resource:
    """What an entry says, without who wrote it down and when."""
    found = {key: value for key, value in entry.items() if key not in _WHO_AND_WHEN}
    return {**found, "extension": without(entry, "author", "changed-by", "said-to", "informant")}


def in_error(resource: Resource) -> Resource:
    """The next version of an entry that a corrected form no longer says."""
    kind = resource["resourceType"]
    if kind == "RelatedPerson":
        return {**resource, "active": False}
    if kind == "Goal":
        return {**resource, "lifecycleStatus": "entered-in-error"}
    if kind == "Condition":
        found = {key: value for key, value in resource.items() if key != "clinicalStatus"}
        system = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
        return {**found, "verificationStatus": {"coding": [{"system": system, "code": "entered-in-error"}]}}
    return {**resource, "status": "entered-in-error"}
