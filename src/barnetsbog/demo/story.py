"""Reading the cast and the children's stories from their files.

1. `read_cast` reads `actors.yaml`: authorities, units, professionals.
2. `gather` reads every file in `citizens/`, joins the parts of a split story by their number, and gives the stories it
   could read together with every fault it found, in Danish, with file, entry and field.
3. `read_stories` is the same for a caller that wants all or nothing.

An entry's id is made here, from its place in the story and its key, so that it stays the same when a title is improved
or the demonstration's today is moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from barnetsbog.consent.acts import ACTS
from barnetsbog.demo import grammar
from barnetsbog.demo.grammar import Names
from barnetsbog.demo.model import (
    KINDS,
    Address,
    BrokenImport,
    CapacityRecord,
    Care,
    Cast,
    Change,
    Custody,
    Draft,
    Event,
    HonourConflict,
    Mandate,
    Name,
    Organisation,
    Person,
    Placement,
    Professional,
    Status,
    Story,
    Unit,
)
from barnetsbog.demo.values import (
    Fields,
    Unreadable,
    answers,
    cpr,
    day,
    listed,
    moment,
    one_of,
    phone,
    prose,
    text,
    whole,
    yes_no,
)
from barnetsbog.law.rulefiles import SAFE_LOADER
from barnetsbog.mandates.model import BLOCKS

FOLDER = Path(__file__).parent
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "ü": "u", "ö": "o"})


class StoryError(ValueError):
    """The files can't be used; `faults` says why, one Danish line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def slug(words: str) -> str:
    """Words as a piece of a FHIR id."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower().translate(_LETTERS)).strip("-")


# --- the cast -------------------------------------------------------------------------------------------------------


def read_cast(folder: Path = FOLDER) -> Cast:
    faults: list[str] = []
    top = Fields(_load(folder / "actors.yaml", faults), "actors.yaml", faults)
    organisations = {key: _organisation(key, entry) for key, entry in _entries(top, "organisations", faults)}
    units = {key: _unit(key, entry, set(organisations)) for key, entry in _entries(top, "units", faults)}
    professionals = _professionals(top, "professionals", set(units), faults)
    top.done()
    faults += [f"actors.yaml: {key} er både organisation og enhed" for key in organisations.keys() & units.keys()]
    if faults:
        raise StoryError(faults)
    return Cast(organisations, units, professionals)


def _entries(top: Fields, key: str, faults: list[str]) -> list[tuple[str, Fields]]:
    raw = top.raw(key) or {}
    if not isinstance(raw, Mapping):
        top.fault("skal være navngivne linjer", key)
        return []
    return [(str(name), Fields(entry, f"{top.where}, {key} {name}", faults)) for name, entry in raw.items()]


def _organisation(key: str, entry: Fields) -> Organisation:
    found = Organisation(key, entry.take("name", text), entry.take("kind", one_of(grammar.ORGANISATION_KINDS)))
    entry.done()
    return found


def _unit(key: str, entry: Fields, organisations: set[str]) -> Unit:
    found = Unit(
        key=key,
        name=entry.take("name", text),
        of=entry.take("of", one_of(sorted(organisations))),
        sector=entry.take("sector", one_of(grammar.SECTORS)),
        phone=entry.maybe("phone", phone),
    )
    entry.done()
    return found


def _professionals(top: Fields, key: str, units: set[str], faults: list[str]) -> dict[str, Professional]:
    return {name: _professional(name, entry, units) for name, entry in _entries(top, key, faults)}


def _professional(key: str, entry: Fields, units: set[str]) -> Professional:
    found = Professional(
        key=key,
        name=entry.take("name", text),
        title=entry.take("title", text),
        role=entry.take("role", one_of(grammar.ROLES)),
        unit=entry.take("unit", _in(units, "enhed")),
    )
    entry.done()
    return found


def _in(known: set[str], what: str) -> Any:
    def parse(value: Any) -> str:
        if value not in known:
            raise Unreadable(f"»{value}« er ikke en kendt {what}")
        return str(value)

    return parse


# --- the files ------------------------------------------------------------------------------------------------------


def read_stories(folder: Path = FOLDER / "citizens", cast: Cast | None = None) -> list[Story]:
    stories, faults = gather(folder, cast or read_cast())
    if faults:
        raise StoryError(faults)
    return stories


def gather(folder: Path, cast: Cast) -> tuple[list[Story], list[str]]:
    """Every story that could be read, in the order of their numbers, and all that is wrong in the files."""
    faults: list[str] = []
    parts: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}
    for path in sorted(folder.glob("*.yaml"), key=_part_order):
        raw = _load(path, faults)
        if isinstance(raw, Mapping) and isinstance(raw.get("number"), int):
            parts.setdefault(raw["number"], []).append((path.name, raw))
        elif raw is not None:
            faults.append(f"{path.name}, felt `number`: mangler eller er ikke et tal")
    stories = [_story(parts[number], cast, faults) for number in sorted(parts)]
    # A later version of an event is read against the event's own fields too: one fault is told once.
    return [story for story in stories if story is not None], list(dict.fromkeys(faults))


def _part_order(path: Path) -> tuple[str, int]:
    """`12-ida.yaml` comes before `12-ida-2.yaml`, and part 10 after part 9."""
    base, _, tail = path.stem.rpartition("-")
    return (base, int(tail)) if tail.isdigit() and base.count("-") else (path.stem, 1)


def _load(path: Path, faults: list[str]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE_LOADER)  # noqa: S506
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", linje {mark.line + 1}" if mark else ""
        faults.append(f"{path.name}{line}: filen kan ikke læses ({getattr(fault, 'problem', fault)})")
        return None


# --- one story ------------------------------------------------------------------------------------------------------


def _story(parts: list[tuple[str, Mapping[str, Any]]], cast: Cast, faults: list[str]) -> Story | None:
    """One child; None when its head can't be used. An entry that can't be used is left out."""
    before = len(faults)
    parts = sorted(parts, key=lambda part: "name" not in part[1])
    if sum("name" in raw for _, raw in parts) != 1:
        faults.append(f"{parts[0][0]}: nummer {parts[0][1]['number']} skal have netop én fil med barnets navn")
        return None
    file, raw = parts[0]
    head = Fields(raw, file, faults)
    people = {key: _person(key, entry, faults) for key, entry in _entries(head, "people", faults)}
    actors = _professionals(head, "actors", set(cast.units), faults)
    names = Names(frozenset(people), frozenset(cast.professionals) | set(actors), frozenset(cast.units))
    values = _head(head, names, set(cast.organisations), faults)
    for key in ("events", "script"):
        head.raw(key)
    head.done()
    usable = len(faults) == before
    called = slug(values["name"].called) if values["name"] else str(values["number"])
    events = _all_events(parts, "events", called, names, faults)
    script = _all_events(parts, "script", f"{called}-next", names, faults)
    return Story(file=file, people=people, actors=actors, events=events, script=script, **values) if usable else None


def _head(head: Fields, names: Names, organisations: set[str], faults: list[str]) -> dict[str, Any]:
    """The story's own fields, ready for `Story`."""
    return {
        "number": head.take("number", whole),
        "name": head.take("name", lambda raw: _name(Fields(raw, f"{head.where}, name", faults))),
        "cpr": head.take("cpr", cpr),
        "born": head.take("born", day),
        "gender": head.take("gender", one_of(grammar.GENDERS)),
        "municipality": head.take("municipality", _in(organisations, "kommune")),
        "address": head.take("address", lambda raw: _address(Fields(raw, f"{head.where}, address", faults))),
        "protected_address": head.maybe("protected_address", yes_no, False),
        "language": head.maybe("language", text, "da"),
        "interpreter": head.maybe("interpreter", text),
        "custody": head.take("custody", text),
        "care": tuple(_care(entry, names) for entry in _rows(head, "care", faults)),
        "placements": tuple(_placement(entry) for entry in _rows(head, "placements", faults)),
        "capacity": tuple(_capacity(entry) for entry in _rows(head, "capacity", faults)),
        "honour_conflict": head.maybe(
            "honour_conflict", lambda raw: _honour(Fields(raw, f"{head.where}, honour_conflict", faults))
        ),
        "coordinator": head.maybe("coordinator", names.professional),
        "substitute": head.maybe("substitute", names.professional),
        "status": head.take("status", lambda raw: _status(Fields(raw, f"{head.where}, status", faults), names)),
        "drafts": tuple(_draft(entry, names) for entry in _rows(head, "drafts", faults)),
        "broken_import": head.maybe(
            "broken_import", lambda raw: _broken(Fields(raw, f"{head.where}, broken_import", faults), names)
        ),
    }


def _rows(head: Fields, key: str, faults: list[str]) -> list[Fields]:
    raw = head.raw(key) or []
    if not isinstance(raw, list):
        head.fault("skal være en liste", key)
        return []
    return [Fields(entry, f"{head.where}, {key} {at}", faults) for at, entry in enumerate(raw, 1)]


def _person(key: str, entry: Fields, faults: list[str]) -> Person:
    found = Person(
        key=key,
        name=entry.take("name", text),
        relation=entry.take("relation", one_of(grammar.RELATIONS)),
        custody=entry.maybe("custody", lambda raw: _custodies(raw, entry.where, faults), ()),
        lives_with_child=entry.maybe("lives_with_child", yes_no, False),
        phone=entry.maybe("phone", phone),
        cpr=entry.maybe("cpr", cpr),
        deceased=entry.maybe("deceased", day),
        born=entry.maybe("born", day),
        mandate=entry.maybe("mandate", lambda raw: _mandate(Fields(raw, f"{entry.where}, mandate", faults))),
    )
    if found.mandate and not found.born:
        entry.fault("mangler, når nogen er valgt til at hjælpe", "born")
    entry.done()
    return found


def _mandate(entry: Fields) -> Mandate | None:
    found = Mandate(
        kind=entry.take("kind", one_of(grammar.MANDATES)),
        by=entry.take("by", text),
        blocks=entry.take("blocks", listed(one_of(BLOCKS))),
        from_date=entry.take("from", day),
        to_date=entry.take("to", day),
    )
    return found if entry.done() else None


def _custodies(raw: Any, where: str, faults: list[str]) -> tuple[Custody, ...]:
    """`true`, `false`, or the period and footing written out: one, or a list of them."""
    if isinstance(raw, str | bool):
        return (Custody(),) if yes_no(raw) else ()
    rows = raw if isinstance(raw, list) else [raw]
    found = [_custody(Fields(row, f"{where}, custody", faults)) for row in rows]
    return tuple(one for one in found if one)


def _custody(entry: Fields) -> Custody | None:
    found = Custody(
        from_date=entry.maybe("from", day),
        to_date=entry.maybe("to", day),
        kind=entry.maybe("kind", one_of(grammar.HOLDERS), "parent"),
        evidence=entry.maybe("evidence", one_of(grammar.EVIDENCE), "cpr"),
    )
    return found if entry.done() else None


def _placement(entry: Fields) -> Placement:
    covers = entry.maybe("covers", listed(one_of(ACTS)), ())
    found = Placement(entry.take("from", day), entry.maybe("to", day), covers)
    entry.done()
    return found


def _capacity(entry: Fields) -> CapacityRecord:
    found = CapacityRecord(entry.take("from", day), entry.take("reason", text), entry.maybe("to", day))
    entry.done()
    return found


def _honour(entry: Fields) -> HonourConflict | None:
    found = HonourConflict(entry.take("suspected", day), entry.maybe("assessed", day))
    return found if entry.done() else None


def _name(entry: Fields) -> Name | None:
    found = Name(entry.take("given", text), entry.take("family", text), entry.take("called", text))
    return found if entry.done() else None


def _address(entry: Fields) -> Address | None:
    found = Address(entry.take("street", text), entry.take("postcode", text), entry.take("city", text))
    return found if entry.done() else None


def _care(entry: Fields, names: Names) -> Care:
    found = Care(
        entry.take("unit", names.unit),
        entry.take("from", day),
        entry.maybe("to", day),
        entry.take("task", text),
        entry.maybe("kind", one_of(grammar.CARE_KINDS)),
    )
    entry.done()
    return found


def _status(entry: Fields, names: Names) -> Status | None:
    found = Status(entry.take("at", moment), entry.take("by", names.person), entry.take("text", prose))
    return found if entry.done() else None


def _draft(entry: Fields, names: Names) -> Draft:
    found = Draft(entry.where, entry.take("by", names.person), entry.take("form", text), entry.take("answers", answers))
    entry.done()
    return found


def _broken(entry: Fields, names: Names) -> BrokenImport | None:
    found = BrokenImport(
        entry.take("at", moment), entry.take("from", names.unit), entry.take("fault", one_of(grammar.BREAKAGES))
    )
    return found if entry.done() else None


# --- entries --------------------------------------------------------------------------------------------------------


def _all_events(
    parts: list[tuple[str, Mapping[str, Any]]], key: str, prefix: str, names: Names, faults: list[str]
) -> tuple[Event, ...]:
    """The entries of all parts, numbered through the whole story in the order they are written."""
    raws = [(file, place, raw) for file, part in parts for place, raw in enumerate(part.get(key) or [], 1)]
    events: list[Event] = []
    for number, (file, place, raw) in enumerate(raws, 1):
        title = raw.get("title") if isinstance(raw, Mapping) else None
        entry = Fields(raw, f"{file}, hændelse {place} »{title or 'uden titel'}«", faults)
        event = _event(entry, f"{prefix}-{number:03d}", names, faults)
        events += [event] if event else []
    return tuple(events)


def _event(entry: Fields, start: str, names: Names, faults: list[str]) -> Event | None:
    kind = entry.take("kind", one_of(KINDS))
    if kind is None:
        return None
    own = grammar.fields_of(kind, names)
    values = {field: entry.take(field, own[field]) for field in grammar.REQUIRED.get(kind, ())} | entry.given(own)
    common = _common(entry, names)
    rows = [_change(row, own, names) for row in _rows(entry, "changed", faults)]
    changed = tuple(row for row in rows if row)
    if not entry.done() or len(changed) < len(rows):
        return None
    identity = f"{start}-{slug(common['key'] or str(values.get('type') or kind))}"[:64].rstrip("-")
    return KINDS[kind](id=identity, where=entry.where, changed=changed, **common, **_attributes(values))


def _common(entry: Fields, names: Names) -> dict[str, Any]:
    return {
        "at": entry.take("at", moment),
        "by": entry.take("by", names.person),
        "title": entry.take("title", text),
        "text": entry.take("text", prose),
        "important": entry.maybe("important", yes_no, False),
        "key": entry.maybe("key", text),
        "source": entry.maybe("source", one_of(grammar.SOURCES)),
        "private": entry.maybe("private", one_of(["child"])) == "child",
        "imported": entry.maybe("imported", yes_no, False),
    }


def _change(row: Fields, own: dict[str, Any], names: Names) -> Change | None:
    at, by = row.take("at", moment), row.take("by", names.person)
    values = row.given({"title": text, "text": prose, "important": yes_no, **own})
    if not values:
        row.fault("siger ikke, hvad der er ændret")
    return Change(at, by, _attributes(values)) if row.done() else None


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {grammar.ATTRIBUTES.get(field, field): value for field, value in values.items()}
