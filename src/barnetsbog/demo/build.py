"""From stories to FHIR R4 bundles, ready for the same import as everybody else's data.

1. `directory_bundle`: authorities, units, professionals.
2. `child_bundles`: the whole book in its first versions, then one bundle for each day on which entries were changed, so
   that an import that keeps versions ends with the true history.
3. `next_days_bundle`: what a story's `script` lets happen after today, for a live demonstration.
4. `broken_resource`: the one delivery per child that the import must refuse.

Two builds of the same files for the same day give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, timedelta
from typing import Any

from barnetsbog.demo import dates
from barnetsbog.demo.mapping import agreements, consents, fostering, notes, terms, work
from barnetsbog.demo.mapping.child import everybody
from barnetsbog.demo.mapping.directory import directory
from barnetsbog.demo.mapping.frame import Frame, Json, as_json
from barnetsbog.demo.model import BrokenImport, Cast, Story, Version, versions
from barnetsbog.demo.story import slug

_MAPPERS: dict[str, Callable[[Frame, Version, Any], Json]] = {
    "meeting": notes.meeting,
    "observation": notes.observation,
    "measure": notes.measure,
    "document": notes.document,
    "letter": notes.sent,
    "message": notes.sent,
    "concern": notes.sent,
    "condition": work.condition,
    "intervention": work.intervention,
    "goal": work.goal,
    "plan": work.plan,
    "appointment": agreements.appointment,
    "referral": agreements.referral,
    "task": agreements.task,
    "consent": consents.consent,
    "carer-status": fostering.carer_status,
    "contact-plan": fostering.contact_plan,
    "care-agreement": fostering.care_agreement,
}


def directory_bundle(cast: Cast, today: date = dates.WRITTEN_TODAY) -> Json:
    return _bundle("demo-directory", today, directory(cast))


def child_bundles(story: Story, cast: Cast, today: date = dates.WRITTEN_TODAY) -> list[Json]:
    frame = Frame(cast, dates.move(story, today), today)
    chains = [versions(event) for event in frame.story.events]
    first = [mapped(frame, chain[0]) for chain in chains]
    book = _bundle(f"{frame.child_id}-book", today, [*everybody(frame), *first])
    later = sorted((found for chain in chains for found in chain[1:]), key=_changed_at)
    return [book, *_later_bundles(frame, later)]


def _changed_at(version: Version) -> str:
    assert version.at is not None
    return dates.at_noon(version.at).astimezone(UTC).isoformat()


def _later_bundles(frame: Frame, later: Iterable[Version]) -> list[Json]:
    """One bundle a day; an entry changed twice on one day needs two, as a bundle holds one version of a thing."""
    days: list[tuple[date, list[Version]]] = []
    for version in later:
        assert version.at is not None
        day = dates.day_of(version.at)
        fresh = not days or days[-1][0] != day or any(version.event.id == seen.event.id for seen in days[-1][1])
        days += [(day, [])] if fresh else []
        days[-1][1].append(version)
    return [
        _bundle(f"{frame.child_id}-change-{number}", day, [mapped(frame, version) for version in group])
        for number, (day, group) in enumerate(days, 1)
    ]


def mapped(frame: Frame, version: Version) -> Json:
    return _MAPPERS[version.event.kind](frame, version, version.event)


def next_days_bundle(story: Story, cast: Cast, today: date, days: int) -> Json | None:
    """The scripted entries of the coming days; None when nothing is scripted for them."""
    moved = dates.move(story, today)
    until = today + timedelta(days=days)
    coming = [event for event in moved.script if today < dates.day_of(event.at) <= until]
    if not coming:
        return None
    frame = Frame(cast, moved, until)
    return _bundle(f"{frame.child_id}-next-{days}", until, [mapped(frame, versions(event)[0]) for event in coming])


def broken_resource(story: Story, today: date = dates.WRITTEN_TODAY) -> Json | None:
    """A delivery with exactly one fault that base R4 refuses; None when the story has none."""
    moved = dates.move(story, today)
    if moved.broken_import is None:
        return None
    return _FAULTS[moved.broken_import.fault](_delivery(moved, moved.broken_import))


def _delivery(story: Story, broken: BrokenImport) -> Json:
    child = slug(story.name.called)
    return as_json(
        "Observation",
        f"{child}-delivery",
        meta={"lastUpdated": dates.instant(broken.at), "source": "urn:barnetsbog:source:journal"},
        status="final",
        code={"text": "Svar modtaget fra anden myndighed"},
        subject={"reference": f"Patient/{child}"},
        performer=[{"reference": f"Organization/{slug(broken.from_unit)}"}],
        effectiveDateTime=dates.fhir_datetime(broken.at),
        valueString="Se vedlagte svar.",
    )


_FAULTS: dict[str, Callable[[Json], Json]] = {
    "bad-date": lambda good: {**good, "effectiveDateTime": f"{good['effectiveDateTime'][:4]}-13-45"},
    "unknown-code": lambda good: {**good, "status": "færdig"},
    "missing-status": lambda good: {key: value for key, value in good.items() if key != "status"},
}


def _bundle(identity: str, day: date, resources: list[Json]) -> Json:
    return {
        "resourceType": "Bundle",
        "id": identity,
        "type": "collection",
        "timestamp": dates.instant(day),
        "entry": [
            {"fullUrl": f"{terms.SERVER}/{found['resourceType']}/{found['id']}", "resource": found}
            for found in resources
        ],
    }
