"""What the book already knows stands in a form, with where it is from: nothing that is held is asked twice.

`known` reads the book once, for one form or many: what they ask for, as far as the one who fills them in may see it.
`fill` is pure. An answer to the same question in an earlier form counts too, the latest one; but not to what is to be
measured, or answered anew each time: a yes, a danger, a judgement of today.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.consent.people import child_of, custody_of, told_of
from barnetsbog.contacts.mapping import NAMED, is_named, phone_of, relation_of
from barnetsbog.contacts.mapping import parts_of as team_of
from barnetsbog.contacts.model import Contact
from barnetsbog.contacts.queries import professionals
from barnetsbog.fhir.own import (
    codes_of,
    extension_of,
    extensions_of,
    ident_of,
    in_use,
    members,
    number_of,
    reference_of,
    texts_in,
    written,
)  # fmt: skip
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS
from barnetsbog.kernel.numbers import danish
from barnetsbog.kernel.time import DAY, local_day
from barnetsbog.law.custody import contradicts_itself, holding
from barnetsbog.law.model import Holder, HolderKind
from barnetsbog.overview.mapping import status_of
from barnetsbog.plan.mapping import condition_of, goal_of, intervention_of, plan_of, responsible_of, view_of
from barnetsbog.plan.model import GoalState
from barnetsbog.record.book import Book
from barnetsbog.record.entries import EntryRow, Filter
from barnetsbog.record.promotion import coordinator_of
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import BETWEEN, block_of, class_of

from .answers import iso_day, values_at
from .mapping import ANSWERS, named_form
from .model import Answers, Form, Item, Kind, Value, every
from .response import Kept, Origin, Response, Source

Resource = dict[str, Any]
Parts = Mapping[str, Value]

_FROM: Mapping[str, tuple[str, ...]] = {
    "child.name": ("child",), "child.cpr": ("child",), "child.born": ("child",), "child.address": ("child",),
    "child.lives-with": ("person",), "child.placed": ("child",), "child.school": ("child", "care"),
    "child.class": ("child",), "interpreter": ("child",), "language": ("child",),
    "custody": ("child", "person"), "custody.holders": ("child", "person"), "parents.names": ("child", "person"),
    "parents.phones": ("child", "person"), "gp.name": ("care",), "caseworker": ("team",), "coordinator": ("team",),
    "psychologist": ("team",), "contacts": ("care", "person"), "diagnoses": ("condition",),
    "conditions": ("condition",), "interventions": ("intervention",), "earlier-assessments": ("measure",),
    "measures": ("measure",), "own-goals": ("own-goal",), "goals": ("goal",), "childs-view": ("childs-view",),
    "status": ("status",), "school.absence": ("measure",), "plan.follow-up": ("overall-plan",),
}  # fmt: skip
"""The kinds of entries that tell what a form asks for, by the names of `sources.SOURCES`. The child itself says whether
where it is may be told."""

_ANSWERED = "document"
_NO_ANSWERS = ("DocumentReference", "Composition", "DiagnosticReport")
"""Documents that are no answered forms."""

LATELY = 60
"""Of each kind as many as are opened at most, the newest first."""

STALE_MONTHS = 12
HALF_A_YEAR = 183 * DAY
"""How long absence that somebody has counted is absence now."""
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_TEXT = "text"
"""The part of a thing that stands for it in a field of one line."""


class Found(NamedTuple):
    """One thing that is known: its parts by name (`text` is the whole in words), and where it is from."""

    parts: Parts
    source: Source


@dataclass(frozen=True, slots=True)
class Known:
    """What the book knows, by the names of `sources.SOURCES`, the newest first; and the latest answer to each question
    of earlier forms."""

    found: Mapping[str, tuple[Found, ...]] = field(default_factory=dict)
    answered: Mapping[str, tuple[tuple[Value, ...], Source]] = field(default_factory=dict)
    hidden: bool = False
    """Where the child is must not be told, by an earlier answer neither. What somebody of the family has told
    themselves is theirs to tell again."""


class Filled(NamedTuple):
    answers: Answers
    origins: Mapping[str, Origin]

    def said_by(self, origin: Origin, path: str) -> tuple[Value, ...]:
        """What a source says now of what it said in an earlier version; that where it says nothing of it any more."""
        ident = path.rpartition(".")[2]
        return next((
            one.said for at, one in self.origins.items()
            if one.source.entry == origin.source.entry and at.rpartition(".")[2] == ident
        ), origin.said)  # fmt: skip


class About(NamedTuple):
    """What is read besides the entries: who is named in them, who fills the form in, when, and whether where the child
    is must not be told."""

    people: Mapping[UUID, Contact]
    me: Contact | None
    unit: str
    at: int
    hidden: bool


# -- reading -----------------------------------------------------------------------------------------------------------


def known(book: Book, child_id: UUID, forms: Iterable[Form]) -> Known:
    """Everything that these forms of this child can be filled from, as the reader may see it: two queries and those for
    the names, however many forms."""
    what = kinds(forms)
    wanted = Filter(what=tuple(sorted(what)), besides=_NO_ANSWERS, on_timeline=False)
    rows = _worth_opening(_to_tell_on(book.entries(child_id, wanted), book.scope)) if what else []
    bodies = book.bodies(rows)
    read = [(row, orjson.loads(bodies[row.id])) for row in rows if row.id in bodies]
    people = professionals(book.scope, _named(read, book.scope.role_id), veiled=book.veiled(child_id))
    protected = any(extension_of(one, "protected-address") is True for row, one in read if row.what == "child")
    unit = f"Organization/{book.scope.unit_id}" if book.scope.unit_id else ""
    about = About(
        people, people.get(book.scope.role_id), unit, book.scope.at, protected or book.veiled(child_id)
    )  # fmt: skip
    return known_of(read, about)


def kinds(forms: Iterable[Form]) -> set[str]:
    """The kinds of entries that forms are filled from."""
    found: set[str] = set()
    for form in forms:
        for item in every(item for section in form.sections for item in section.items):
            found.update(_FROM.get(item.fill, ()))
            if not form.licensed and _may_be_carried_over(item):
                found.add(_ANSWERED)
    return found


def _to_tell_on(rows: Iterable[EntryRow], by: Scope) -> Iterator[EntryRow]:
    """What may be told on. A form goes to others, so what somebody reads in confidence is no answer of theirs: what is
    between two, what a child has said to them alone, and what a parent has answered, which the other would read."""
    for row in rows:
        family, class_ = by.unit_id is None, class_of(row.shelf)
        a_parents = row.what == _ANSWERED and block_of(row.shelf) == "SA" and not family
        if class_ != BETWEEN and (class_ != "P" or by.own) and not a_parents:
            yield row


def _worth_opening(rows: Iterable[EntryRow]) -> list[EntryRow]:
    """The newest of each kind first; of those of the same moment in the order of their titles, so that a form is filled
    alike whatever ids its sources happen to have."""
    kept: dict[str, list[EntryRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-row.start, row.title)):
        if row.readable and (row.what != "document" or row.kind == "QuestionnaireResponse"):
            kept[row.what].append(row)
    return [row for some in kept.values() for row in some[:LATELY]]


def _named(read: Iterable[tuple[EntryRow, Resource]], me: UUID) -> set[UUID]:
    """Everybody whose name a form may ask for."""
    found: set[UUID | None] = {me}
    for row, one in read:
        if row.what in _BY_A_UNIT:
            found.add(row.unit_id)
        elif row.what == "team":
            found.update(ident_of(reference_of(part.get("member"))) for part in members(one.get("participant")))
        elif row.what == "intervention" and one["resourceType"] == "CarePlan":
            found.update(map(ident_of, responsible_of(one)))
    return {ident for ident in found if ident}


_BY_A_UNIT = ("care", "condition", "measure")
"""Of these a form may ask which unit it is, or who has found it out."""


def known_of(read: Iterable[tuple[EntryRow, Resource]], about: About) -> Known:
    """The same of entries that are read already. Pure."""
    read = list(read)
    found: dict[str, list[Found]] = defaultdict(list)
    for row, one in read:
        reader = _READERS.get(row.what)
        if reader is None:
            continue
        source = source_of(row)
        for name, parts in reader(row, one, about):
            if parts and (not about.hidden or name not in _TELLS_WHERE):
                found[name].append(Found(parts, source))
    for name, thing in (*_family(read, about), *_myself(about)):
        found[name].append(thing)
    told = {name: tuple(some) for name, some in found.items()}
    return Known(told, _answered(read), hidden=about.hidden and bool(about.unit))


_TELLS_WHERE = frozenset(("child.address", "child.school", "child.class"))


_AS_IT_IS_NOW = ("child", "care", "team")
"""What is kept as it is now, so that it grows no older."""


def source_of(row: EntryRow) -> Source:
    unit = f"Organization/{row.unit_id}" if row.unit_id else ""
    told = row.recorded_at if row.what == "person" or not row.start else row.start
    day = None if row.what in _AS_IT_IS_NOW else local_day(told)
    return Source(f"{row.kind}/{row.id}", row.version, unit, day)


def _answered(read: Iterable[tuple[EntryRow, Resource]]) -> dict[str, tuple[tuple[Value, ...], Source]]:
    """The latest answer to each question of earlier forms of the catalogue; not those in repetitions, which are not the
    same question."""
    found: dict[str, tuple[tuple[Value, ...], Source]] = {}
    for row, one in read:
        if row.what == "document" and named_form(one):
            source = source_of(row)._replace(own=True)
            for ident, values in _flat(one.get("item")):
                found.setdefault(ident, (values, source))
    return found


def _flat(items: Any) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """The answers that stand in a section, and in none of its groups."""
    for section in members(items):
        for one in members(section.get("item")):
            values = tuple(value for answer in members(one.get("answer")) if (value := _plain(answer)) is not None)
            if values:
                yield str(one.get("linkId")), values


def _plain(answer: Resource) -> Value | None:
    for key, value in answer.items():
        if key == "valueCoding":
            return str(value.get("code", "")) if str(value.get("system", "")).startswith(ANSWERS) else None
        if key in ("valueString", "valueDate", "valueInteger", "valueDecimal", "valueBoolean"):
            return value  # type: ignore[no-any-return]
    return None


# -- what each kind of entry tells -------------------------------------------------------------------------------------

Told = Iterator[tuple[str, Parts]]


def _parts(text: str, **more: Value | None) -> Parts:
    """A thing in words, with its parts; without what is not known."""
    found = {key: value for key, value in more.items() if value not in ("", None)}
    return {_TEXT: text, **found} if text else {}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


SPOKEN = {
    "da": "dansk", "ar": "arabisk", "prs": "dari", "en": "engelsk", "so": "somali", "tr": "tyrkisk", "uk": "ukrainsk"
}  # fmt: skip
"""Languages in words, by their codes (BCP 47)."""


def _child(row: EntryRow, one: Resource, about: About) -> Told:
    name = next((n for n in members(one.get("name")) if n.get("use") == "official"), next(members(one.get("name")), {}))
    yield "child.name", _parts(written(name))
    yield "child.cpr", _parts(number_of(one, PERSON_NUMBER_SYSTEMS, about.at))
    yield "child.born", _parts(str(one.get("birthDate") or ""))
    home: Resource = next(in_use(one.get("address"), about.at), {})
    street = ", ".join(texts_in(home.get("line")))
    city = f"{home.get('postalCode', '')} {home.get('city', '')}".strip()
    yield "child.address", _parts(
        ", ".join(part for part in (street, city) if part), street=street, postcode=str(home.get("postalCode", "")),
        city=str(home.get("city", "")),
    )  # fmt: skip
    language = str(extension_of(one, "interpreter") or "")
    yield "interpreter", {_TEXT: bool(language)} if extensions_of(one, "interpreter") else {}
    yield "language", _parts(SPOKEN.get(language, language))
    placed = child_of(one).placements
    yield "child.placed", {_TEXT: any(p.valid_from <= about.at < p.valid_to for p in placed)} if placed else {}


def _care(row: EntryRow, one: Resource, about: About) -> Told:
    unit = about.people.get(row.unit_id) if row.unit_id else None
    over = row.end is not None and row.end <= about.at
    if unit is None or over or row.start > about.at:
        return
    if unit.sector == "school" and "SFO" not in unit.name:
        yield "child.school", _parts(unit.name, phone=unit.phone)
    if unit.sector == "gp":
        yield "gp.name", _parts(unit.name, phone=unit.phone)
    yield "contacts", _parts(unit.name, name=unit.name, task=row.title, phone=unit.phone, place=unit.name)


def _team(row: EntryRow, one: Resource, about: About) -> Told:
    who = _person(reference_of(coordinator_of(one).get("member")), about)
    if who:
        yield "coordinator", _parts(who.name, phone=who.phone, unit=who.unit)
    for part in (part for part in team_of(one) if not part.has_left(about.at)):
        who = _person(part.reference, about)
        if who and who.sector in ("family_dept", "ppr") and who.unit:
            yield ("caseworker" if who.sector == "family_dept" else "psychologist"), _parts(who.name, phone=who.phone)


def _person(reference: str, about: About) -> Contact | None:
    ident = ident_of(reference)
    return about.people.get(ident) if ident else None


def _condition(row: EntryRow, one: Resource, about: About) -> Told:
    said = condition_of(one)
    if said.open:
        writer = about.people.get(row.unit_id) if row.unit_id else None
        since, who = _day(said.since), writer.name if writer else ""
        parts = _parts(said.title, what=said.title, since=since, day=since, who=who)
        yield "conditions", parts
        if _is_diagnosis(one):
            yield "diagnoses", parts


def _is_diagnosis(condition: Resource) -> bool:
    """Coded in a classification of diseases: SKS in Denmark, or ICD."""
    systems = [str(c.get("system", "")) for c in members((condition.get("code") or {}).get("coding"))]
    return any(one.startswith(("urn:oid:1.2.208.176.2.4", "http://hl7.org/fhir/sid/icd")) for one in systems)


def _intervention(row: EntryRow, one: Resource, about: About) -> Told:
    if one["resourceType"] != "CarePlan":
        yield "interventions", _parts(row.title, what=row.title, since=_day(local_day(row.start)))
        return
    said = intervention_of(one)
    who = ", ".join(dict.fromkeys(found.name for ref in said.responsible if (found := _person(ref, about))))
    effect = said.effects[-1] if said.effects else None
    yield "interventions", _parts(
        said.title, what=said.title, details=said.what, who=who, since=_day(said.since), until=_day(said.until),
        effect=effect.words if effect else "", felt=effect.felt.value if effect and effect.felt else "",
        measure=said.measure,
    )  # fmt: skip


def _goal(row: EntryRow, one: Resource, about: About) -> Told:
    said = goal_of(one)
    if said.state is GoalState.ACTIVE:
        parts = _parts(
            said.words, words=said.words, what=said.words, day=_day(said.day), follow_up=_day(said.follow_up)
        )
        yield ("own-goals" if said.own else "goals"), parts


def _measure(row: EntryRow, one: Resource, about: About) -> Told:
    quantity = one.get("valueQuantity") or {}
    value = quantity.get("value", one.get("valueInteger"))
    unit, day = str(quantity.get("unit") or ""), local_day(row.start)
    yield "measures", _parts(row.title, what=row.title, value=value, number=value, day=_day(day))
    if isinstance(value, int | float):
        if unit in _PERCENT and "fravær" in row.title.lower() and about.at - row.start < HALF_A_YEAR:
            yield "school.absence", {_TEXT: value}
        if _is_test(one, unit):
            writer = about.people.get(row.unit_id) if row.unit_id else None
            found = f"{danish(value)} {unit}".strip()
            yield "earlier-assessments", _parts(
                row.title, what=row.title, day=_day(day), who=writer.name if writer else "", found=found
            )  # fmt: skip


_PERCENT = ("%", "procent")
_NO_TEST = ("kg", "cm", "slag", "dage", "timer", "minutter", *_PERCENT)
"""How the units of what is weighed, counted and timed begin."""


def _is_test(observation: Resource, unit: str) -> bool:
    """A test or a questionnaire, and not something of the body or of every day."""
    return "survey" in codes_of(observation.get("category"), CATEGORY) and not unit.startswith(_NO_TEST)


def _view(row: EntryRow, one: Resource, about: About) -> Told:
    yield "childs-view", _parts(view_of(one).words)


def _status(row: EntryRow, one: Resource, about: About) -> Told:
    yield "status", _parts(status_of(one))


def _plan(row: EntryRow, one: Resource, about: About) -> Told:
    yield "plan.follow-up", _parts(_day(plan_of(one).follow_up))


_READERS: Mapping[str, Callable[[EntryRow, Resource, About], Told]] = {
    "child": _child, "care": _care, "team": _team, "condition": _condition, "intervention": _intervention,
    "own-goal": _goal, "goal": _goal, "measure": _measure, "childs-view": _view, "status": _status,
    "overall-plan": _plan,
}  # fmt: skip


def _family(read: Iterable[tuple[EntryRow, Resource]], about: About) -> Iterator[tuple[str, Found]]:
    """The child's people. Who holds custody is the law's to say (`law.custody`)."""
    patients = [str(one["id"]) for row, one in read if row.what == "child"]
    persons = [(row, one) for row, one in read if row.what == "person" and one.get("active") is not False]
    people = [one for _, one in persons]
    custody = custody_of(people, told_of(people, patients or [""]))
    holders = [] if contradicts_itself(custody, about.at) else holding(custody, about.at)
    held = {one.person for one in holders}
    of_child = next((source_of(row) for row, _ in read if row.what == "child"), None)
    if of_child and custody.known:
        yield "custody", Found(_parts(_custody_in_a_word(holders)), of_child)
    for row, one in persons:
        at_home, phone = extension_of(one, "lives-with-child") is True, phone_of(one, about.at)
        parts = _parts(
            row.title, name=row.title, phone=phone, relation=relation_of(one), lives_with_child=at_home,
        )  # fmt: skip
        source = source_of(row)
        if is_named(one):
            task = "" if relation_of(one) == NAMED["display"] else relation_of(one)
            told = {"name": row.title, "task": task, "phone": phone, "place": task}
            yield "contacts", Found(_parts(row.title, **told), source)
        elif str(one["id"]) in held:
            yield "custody.holders", Found(parts, source)
            yield "parents.names", Found(_parts(row.title), source)
            if phone:
                yield "parents.phones", Found(_parts(f"{row.title}: {phone}", phone=phone), source)
        if at_home:
            yield "child.lives-with", Found(_parts(row.title), source)


def _custody_in_a_word(holders: Sequence[Holder]) -> str:
    """As forms ask it. Where it is said and nobody counts as a holder, or it contradicts itself, somebody must look."""
    if any(one.kind is not HolderKind.PARENT for one in holders):
        return "other"
    return "joint" if len(holders) > 1 else "sole" if holders else "unclear"


def _myself(about: About) -> Iterator[tuple[str, Found]]:
    """Whoever fills it in: known by the log-in and from no entry, so there is nothing to correct."""
    me = about.me
    if me:
        source = Source("", 0, about.unit, None)
        for name, text in (("name", me.name), ("task", me.title), ("unit", me.unit), ("phone", me.phone)):
            if text:
                yield f"me.{name}", Found(_parts(text), source)


def news(book: Book, child_id: UUID, form: Form, response: Response) -> Mapping[str, Origin]:
    """`changes` of a draft, as its reader may see them now; asks nothing where nothing was fetched."""
    return changes(form, response, fill(form, known(book, child_id, [form]))) if response.origins else {}


# -- filling -----------------------------------------------------------------------------------------------------------


def fill(form: Form, known: Known, parts: Iterable[str] | None = None) -> Filled:
    """The form as the book can fill it, with where each answer is from. `parts`: only these. Pure."""
    wanted = None if parts is None else set(parts)
    answers: dict[str, tuple[Value | Answers, ...]] = {}
    origins: dict[str, Origin] = {}
    for section in form.sections:
        for item in section.items if wanted is None or section.part in wanted else ():
            if item.kind is Kind.GROUP:
                repeated = _repeated(item, known, origins, form)
                if repeated:
                    answers[item.id] = repeated
            elif found := _filled(item, known, scored=bool(form.licensed)):
                answers[item.id] = found[0]
                _note(origins, item.id, *found)
    return Filled(answers, origins)


def _note(origins: dict[str, Origin], path: str, values: tuple[Value, ...], source: Source) -> None:
    if source.entry:
        origins[path] = Origin(source, values, Kept.KEPT)


def _repeated(group: Item, known: Known, origins: dict[str, Origin], form: Form) -> tuple[Answers, ...]:
    things = known.found.get(group.fill, ()) if group.fill else ()
    if group.most:
        things = things[: group.most]
    repeated: list[Answers] = []
    wanted = [(item, _names_of(item, group)) for item in group.items] if things else []
    for number, thing in enumerate(things):
        one: dict[str, tuple[Value, ...]] = {}
        for item, names in wanted:
            name = next(filter(thing.parts.__contains__, names), None)
            fitted = _fits(item, thing.parts[name]) if name else None
            if fitted is not None:
                one[item.id] = said = (fitted,)
                _note(origins, f"{group.id}.{number}.{item.id}", said, thing.source)
        if one:
            repeated.append(one)
    if not things and not group.repeats:
        one = {}
        for item in group.items:
            if item.kind is not Kind.GROUP and (found := _filled(item, known, scored=bool(form.licensed))):
                one[item.id] = found[0]
                _note(origins, f"{group.id}.0.{item.id}", *found)
        repeated += [one] if one else []
    return tuple(repeated)


def _names_of(item: Item, group: Item) -> list[str]:
    """What the part of a thing that an item of its group asks for may be called, the likeliest first: as the form says
    it, or as the item is called."""
    named = group.becomes.parts.get(item.id, "") if group.becomes else ""
    names = (named, item.fill, item.id, item.id.partition("-")[2], item.id.rpartition("-")[2])
    return [part for name in names if name for part in (name.replace("-", "_"), _ALSO.get(name)) if part]


_ALSO = {
    "title": "what", "from": "since", "start": "since", "since": "since", "to": "until", "end": "until", "by": "who",
    "responsible": "who", "words": "what", "goal": "what", "date": "day", "when": "day", "score": "value",
    "where": "who",
    "description": "details", "lives-with": "lives_with_child", "home": "lives_with_child", "role": "task",
}  # fmt: skip
"""What forms call the parts."""


def _filled(item: Item, known: Known, *, scored: bool) -> tuple[tuple[Value, ...], Source] | None:
    things = known.found.get(item.fill, ()) if item.fill else ()
    if things:
        text = things[0].parts.get("phone" if item.kind is Kind.PHONE else _TEXT, things[0].parts[_TEXT])
        if item.kind is Kind.WORDS and len(things) > 1:
            text = "\n".join(str(one.parts[_TEXT]) for one in things)
        fitted = _fits(item, text)
        if fitted is not None:
            return (fitted,), things[0].source
    told_of_where = known.hidden and item.fill in _TELLS_WHERE
    if scored or told_of_where or not _may_be_carried_over(item) or item.id not in known.answered:
        return None
    values, source = known.answered[item.id]
    fitting = tuple(one for value in values if (one := _fits(item, value)) is not None)
    return (fitting, source) if fitting else None


def _may_be_carried_over(item: Item) -> bool:
    """Not what must be answered anew each time: what says so, what is added up, and the child's own words about now."""
    if item.anew or item.sums or item.kind in (Kind.FILE, Kind.SHOWN, Kind.GROUP):
        return False
    own_words = item.becomes is not None and item.becomes.what == "own-goal"
    return not own_words and all(option.score is None for option in item.options)


def _fits(item: Item, value: Value) -> Value | None:
    """The value as the item takes it; None when it does not: then it is asked as if nothing were known."""
    if item.kind in (Kind.CHOICE, Kind.CHOICES):
        said = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        words = said.lower()
        return next((one.code for one in item.options if one.code == said or one.text.lower() == words), None)
    if item.kind is Kind.YES_NO:
        return value if isinstance(value, bool) else None
    if item.kind in (Kind.NUMBER, Kind.DECIMAL):
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(value, bool) or item.kind in (Kind.FILE, Kind.SHOWN, Kind.GROUP):
        return None
    if item.kind is Kind.DATE:
        return iso_day(str(value)) or None
    text = str(value)
    return text if not item.limit or len(text) <= item.limit else None


def changes(form: Form, response: Response, now: Filled) -> Mapping[str, Origin]:
    """Where the source of an answer says something else now than when the draft was filled, by the place in the draft,
    as the book would fill it now (`now`). A row is known by its entry and not by its number, which changes when another
    row goes. What somebody has seen and declined, or has written themselves, is no news; nor is a source that says
    nothing any more, for it may only be hidden; nor one of which nobody knows what it said then. Pure."""
    of_entry = {(one.source.entry, path.rpartition(".")[2]): one for path, one in now.origins.items()}
    repeats = tuple(f"{item.id}." for section in form.sections for item in section.items if item.repeats)
    found = {}
    for path, origin in response.origins.items():
        new = of_entry.get((origin.source.entry, path.rpartition(".")[2]))
        new = new or (None if path.startswith(repeats) else now.origins.get(path))
        if new and origin.said and new.said not in (
            origin.said, origin.declined, tuple(values_at(response.answers, path))
        ):  # fmt: skip
            found[path] = new
    return found


def is_stale(source: Source, today: date) -> bool:
    """Whether a source is more than twelve months old."""
    if source.day is None:
        return False
    year = today.year - STALE_MONTHS // 12
    before = date(year, today.month, min(today.day, 28) if today.month == 2 else today.day)
    return source.day < before
