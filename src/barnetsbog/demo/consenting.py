"""What a consent in a story means, where the writer left it to be understood.

A writer says who was asked, from where to where and about what. The act follows from the sectors of the units and a
word in `what`; the blocks from how much is shared; the classes from who shares; the capacity from who holds custody
that day. Anything can be written out instead, and `faults` says where it must be.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from barnetsbog.consent.acts import ACTS, MOVES
from barnetsbog.demo.dates import day_of
from barnetsbog.demo.model import CHILD, Cast, Consent, Moment, Story, versions
from barnetsbog.kernel.time import age_on

OWN_CONSENT = 15
_LONGEST = timedelta(days=366)
_ASSESSMENT = re.compile(r"vurdering|undersøgelse|udredning|undersøg", re.IGNORECASE)
_MEDICINE = re.compile(r"medicin", re.IGNORECASE)
_PARENTS = ("mother", "father", "parent")

_ROUTES: Mapping[tuple[str, str], str] = {
    ("school", "ppr"): "school-to-ppr",
    ("ppr", "bup"): "ppr-to-bup",
    ("ppr", "school"): "ppr-to-school",
    ("ppr", "ppr"): "transfer-between-municipalities",
    ("bup", "school"): "bup-to-school",
    ("bup", "ppr"): "bup-to-ppr",
    ("bup", "gp"): "bup-to-gp",
    ("bup", "adult"): "bup-to-adult-psychiatry",
    ("gp", "bup"): "gp-to-bup",
    ("gp", "ppr"): "gp-to-ppr",
    ("gp", "family_dept"): "municipality-retrieves-health",
    ("hospital", "school"): "hospital-to-school",
}
_SENDERS: Mapping[str, str] = {
    "school": "school-to-others",
    "bup": "bup-to-municipality",
    "ltt": "ltt-to-others",
    "family_dept": "family-department-to-others",
    "other": "family-department-to-others",
}
"""Where the receiver makes no difference. A residence is the municipality's, and so is what it tells."""

_CLASSES: Mapping[str, tuple[str, ...]] = {
    "school": ("O",), "ppr": ("O",), "family_dept": ("F", "O"), "other": ("F", "O"), "bup": ("H", "O"),
    "gp": ("H", "O"), "ltt": ("H", "O"), "hospital": ("H", "O"), "health_visitor": ("H", "O"), "adult": ("H", "O"),
}  # fmt: skip
"""What a sector has to share: social matters are the municipality's, health is the health service's."""

_BLOCKS: Mapping[str | None, tuple[str, ...]] = {
    None: ("AK", "KO"),
    "at": ("AK", "KO"),
    "overskrifter": ("AK", "IN", "KO"),
    "indhold": ("AK", "IN", "KO", "TI"),
}
"""That somebody is in treatment doesn't tell for what: conditions are shared only with their contents."""

_PURPOSES: Mapping[str, str] = {
    "ppr-consultation": "assessment", "ppr-assessment": "assessment", "school-to-ppr": "assessment",
    "ppr-to-bup": "assessment", "gp-to-bup": "assessment", "gp-to-ppr": "assessment", "bup-assessment": "assessment",
    "ppr-to-school": "schooling", "bup-to-school": "schooling", "hospital-to-school": "schooling",
    "bup-treatment": "treatment", "medication": "treatment", "bup-to-gp": "treatment", "ltt-course": "treatment",
    "bup-to-adult-psychiatry": "transfer", "transfer-between-municipalities": "transfer",
    "coordination": "coordination",
}  # fmt: skip


def act_of(event: Consent, cast: Cast) -> str | None:
    """The act, said or understood; None when it has to be said."""
    if event.act or not event.from_unit:
        return event.act or _own_act(event, cast)
    senders = {cast.units[unit].sector for unit in event.from_unit}
    sender, receiver = senders.pop(), cast.units[event.to_unit].sector if event.to_unit else ""
    if senders or not receiver:
        return None
    if (sender, receiver) == ("school", "ppr") and _ASSESSMENT.search(event.what):
        return "ppr-assessment"
    return _ROUTES.get((sender, receiver)) or _SENDERS.get(sender)


def _own_act(event: Consent, cast: Cast) -> str | None:
    """What a unit does itself: nothing is sent to it."""
    sector = cast.units[event.to_unit].sector if event.to_unit else "bup" if "BUP" in event.what else ""
    assessed = bool(_ASSESSMENT.search(event.what))
    if sector == "bup" and _MEDICINE.search(event.what):
        return "medication"
    return {
        "bup": "bup-assessment" if assessed else "bup-treatment",
        "ppr": "ppr-assessment" if assessed else "ppr-consultation",
        "ltt": "ltt-course",
        "family_dept": "support-section-32",
    }.get(sector)


def completed(event: Consent, story: Story, cast: Cast, answered: Moment) -> Consent:
    """The consent with everything that was understood written out."""
    act = act_of(event, cast)
    if act is None:
        raise ValueError(f"{event.where}: feltet `act` mangler")
    year = day_of(answered) + timedelta(days=364)
    return replace(
        event,
        act=act,
        blocks=event.blocks or _blocks(act, event),
        classes=event.classes or _classes(event, cast),
        purpose=event.purpose or _PURPOSES.get(act, "support"),
        capacity=event.capacity or capacity_of(event, story, day_of(answered)),
        language=event.language or "da",
        text_version=event.text_version or _hash(act, event),
        from_=event.from_ or answered,
        until=event.until or (year if event.answer == "ja" else None),
    )


def _blocks(act: str, event: Consent) -> tuple[str, ...]:
    """An act that nobody sends anything for shares nothing."""
    if not event.from_unit:
        return ()
    return ("AK", "IN", "KO", "SA") if act == "coordination" else _BLOCKS[event.level]


def _classes(event: Consent, cast: Cast) -> tuple[str, ...]:
    return tuple(sorted({found for unit in event.from_unit for found in _CLASSES[cast.units[unit].sector]}))


def capacity_of(event: Consent, story: Story, day: date) -> str:
    if event.giver == CHILD:
        return "child"
    person = story.people[event.giver]
    if held := person.held_custody(day):
        return "representative" if held.kind == "representative" else "holder"
    known = {"foster_carer": "foster-carer", **dict.fromkeys(_PARENTS, "parent")}
    return known.get(person.relation, "other")


def _hash(act: str, event: Consent) -> str:
    """The words that were shown are the question; they stay the same whatever is answered."""
    shown = "\n".join((act, event.what, *event.from_unit, event.to_unit or "", event.level or ""))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def answered_at(event: Consent, until: Moment | None) -> Moment:
    """When the answer of a version was given. Taking it back, or a new title, leaves the answer's own date."""
    given = [
        change.at
        for change in event.changed
        if until is not None and _comparable(change.at) <= _comparable(until) and _answers(change.values)
    ]
    return given[-1] if given else event.at


def _answers(values: Mapping[str, object]) -> bool:
    return values.get("answer", "ja" if {"until", "from_"} & values.keys() else "trukket") != "trukket"


def _comparable(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day, 12)  # noqa: DTZ001


# -- what a writer must be told ----------------------------------------------------------------------------------------


def faults(story: Story, cast: Cast) -> Iterator[str]:
    """Consents that don't say what they need to say, or that could not have been given."""
    keys = {event.key for event in story.events if isinstance(event, Consent) and event.key}
    for event in (*story.events, *story.script):
        if not isinstance(event, Consent):
            continue
        yield from _shape(event, cast, keys)
        for version in versions(event):
            if isinstance(version.event, Consent):
                yield from _answer(version.event, story, answered_at(event, version.at))


def _shape(event: Consent, cast: Cast, keys: set[str]) -> Iterator[str]:
    act = act_of(event, cast)
    if act is None:
        yield f"{event.where}, felt `act`: kan ikke udledes af enheder og `what`"
    elif ACTS[act] in MOVES and not (event.from_unit and event.to_unit):
        yield f"{event.where}: {act} skal have både `from_unit` og `to_unit`"
    if event.answer == "trukket":
        yield f"{event.where}: en tilbagetrækning er en ændring (`changed`) af det samtykke, der blev givet"
    if event.answers and event.answers not in keys:
        yield f"{event.where}, felt `answers`: intet samtykke hedder `{event.answers}`"


def _answer(event: Consent, story: Story, answered: Moment) -> Iterator[str]:
    day = day_of(answered)
    if event.answer == "ja" and event.until and day_of(event.until) - day > _LONGEST:
        yield f"{event.where}, felt `until`: et samtykke gælder højst et år"
    if event.giver == CHILD and event.answer == "ja" and age_on(story.born, day) < OWN_CONSENT:
        yield f"{event.where}: barnet er under 15 og kan ikke give samtykket alene"
