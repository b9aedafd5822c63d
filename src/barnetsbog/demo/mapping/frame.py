"""What every mapper needs: who is who in this story, and the outer frame that all resources share.

`Frame` answers questions about the story and its cast; `resource` puts id, meta and the uniform author around a
mapper's own elements and leaves out what is empty, since FHIR allows no empty element.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from barnetsbog.demo.dates import day_of, instant
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.model import CHILD, Cast, Event, Moment, Professional, Story, Version
from barnetsbog.demo.story import slug

Json = dict[str, Any]

_JOURNAL_SECTORS = {"bup", "hospital", "gp", "ltt"}
_ANNOUNCED = timedelta(days=14)


@dataclass(frozen=True)
class Frame:
    """A story, already moved to `today`, with the cast it plays in."""

    cast: Cast
    story: Story
    today: date

    @property
    def child_id(self) -> str:
        return slug(self.story.name.called)

    @property
    def child(self) -> Json:
        return {"reference": f"Patient/{self.child_id}"}

    def professional(self, key: str) -> Professional | None:
        return self.story.professional(key, self.cast)

    def unit(self, key: str) -> Json:
        return {"reference": f"Organization/{slug(key)}", "display": self.cast.units[key].name}

    def unit_of(self, key: str) -> Json | None:
        """The unit somebody writes from; the family has none."""
        found = self.professional(key)
        return self.unit(found.unit) if found else None

    def refer(self, key: str) -> Json:
        """Whoever or whatever is meant: the child, one of the family, a professional in their role, or a unit."""
        if key == CHILD:
            return {**self.child, "display": self.story.name.called}
        if key in self.story.people:
            return {"reference": f"RelatedPerson/{self.person_id(key)}", "display": self.story.people[key].name}
        if found := self.professional(key):
            return {"reference": f"PractitionerRole/{self.role_id(key)}", "display": f"{found.name}, {found.title}"}
        return self.unit(key)

    def person_id(self, key: str) -> str:
        return f"{self.child_id}-{slug(key)}"

    def role_id(self, key: str) -> str:
        """Professionals of one story alone carry the child's name, so that two stories never share one by accident."""
        return self.person_id(key) if key in self.story.actors else slug(key)

    def is_unit(self, key: str) -> bool:
        return key in self.cast.units

    def entry(self, key: str) -> Event | None:
        """The entry that a story calls by this key."""
        return next((event for event in (*self.story.events, *self.story.script) if event.key == key), None)

    def source(self, event: Event) -> str:
        """The system that sent it: named by the writer, or the one usual where the author works."""
        if event.source:
            return event.source
        found = self.professional(event.by)
        if found is None:
            return "borgerportal"
        unit = self.cast.units[found.unit]
        if unit.sector == "school":
            return "skolesystem"
        regional = self.cast.organisations[unit.of].kind in ("region", "practice")
        return "journal" if unit.sector in _JOURNAL_SECTORS or regional else "fagsystem"

    def registered(self, event: Event) -> Moment:
        """When the source wrote it down. What lies ahead was announced two weeks before, or else yesterday."""
        if day_of(event.at) <= self.today:
            return event.at
        return min(day_of(event.at) - _ANNOUNCED, self.today - timedelta(days=1))


def clean(value: Any) -> Any:
    """Without what is empty, all the way down."""
    if isinstance(value, Mapping):
        return {key: kept for key, part in value.items() if (kept := clean(part)) not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [kept for part in value if (kept := clean(part)) not in (None, "", [], {})]
    return value


def extension(name: str, kind: str, value: Any) -> Json | None:
    """One of our own extensions, or nothing when there is nothing to say."""
    return None if value is None else {"url": terms.extension_url(name), f"value{kind}": value}


def coding(system: str, code: str, display: str | None = None) -> Json:
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, text: str | None = None) -> Json:
    return {"coding": [coding(system, code)], "text": text}


def entry_kind(code: str, text: str | None = None) -> list[Json]:
    return [concept(terms.ENTRY_KIND, code, text)]


def note(text: str | None) -> list[Json]:
    return [{"text": text}] if text else []


def meta(frame: Frame, version: Version, profile: str | None = None) -> Json:
    event = version.event
    tags = [name for name, on in (("important", event.important), ("imported", event.imported)) if on]
    return {
        "lastUpdated": instant(version.at or frame.registered(event)),
        "source": f"urn:barnetsbog:source:{frame.source(event)}",
        "profile": [terms.extension_url(profile)] if profile else [],
        "security": [coding(terms.SENSITIVITY, label) for label in _labels(event)],
        "tag": [coding(terms.ENTRY_TAG, name) for name in tags],
    }


def _labels(event: Event) -> list[str]:
    return [label for label, on in (("child-private", event.private), ("between", event.between)) if on]


def resource(
    kind: str,
    frame: Frame,
    version: Version,
    extensions: Iterable[Json | None] = (),
    profile: str | None = None,
    **elements: Any,
) -> Json:
    """An entry as a resource. Whoever first wrote an entry stays its author; a later writer is named beside."""
    later = version.by if version.by != version.event.by else None
    uniform = [
        extension("author", "Reference", frame.refer(version.event.by)),
        extension("changed-by", "Reference", frame.refer(later) if later else None),
    ]
    return as_json(
        kind,
        version.event.id,
        meta=meta(frame, version, profile),
        extension=[*uniform, *extensions],
        **elements,
    )


def as_json(kind: str, identity: str, **elements: Any) -> Json:
    """A resource of any kind, without its empty elements. Names that Python keeps for itself end in `_`."""
    named = {name.rstrip("_"): value for name, value in elements.items()}
    found: Json = clean({"resourceType": kind, "id": identity, **named})
    return found
