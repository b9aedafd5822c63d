"""A consent of a story as the law's own record, and from there to FHIR: one person's answer about one act.

Silence is an answer too: it permits nothing. A withdrawal, like a late answer, is a new version of the same record.
"""

from __future__ import annotations

from datetime import datetime

from barnetsbog.consent.acts import ACTS
from barnetsbog.consent.mapping import Asking, consent_resource
from barnetsbog.demo.consenting import answered_at, completed
from barnetsbog.demo.dates import day_of
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.frame import Frame, Json, clean, extension, meta
from barnetsbog.demo.model import CHILD, Consent, Moment, Version
from barnetsbog.demo.story import slug
from barnetsbog.fhir import references
from barnetsbog.kernel.time import FOREVER, day_end, day_start, instant
from barnetsbog.law import model as law


def consent(frame: Frame, version: Version, event: Consent) -> Json:
    answered = answered_at(event, version.at)
    full = completed(event, frame.story, frame.cast, answered)
    asking = Asking(
        child=frame.child_id,
        title=event.title,
        what=event.what,
        text=event.text,
        author=frame.refer(event.by)["reference"],
        custody=_seen(frame, event, answered),
    )
    written = consent_resource(agreed(frame, full, version.at, answered), asking)
    later = [extension("changed-by", "Reference", frame.refer(version.by))] if version.by != event.by else []
    found = {**written, "meta": meta(frame, version, "consent"), "extension": [*written["extension"], *later]}
    return _named(frame, clean(found), event)


def agreed(frame: Frame, event: Consent, changed: Moment | None, answered: Moment) -> law.Consent:
    """The record as the law knows it; `event` has everything written out."""
    status = terms.ANSWERS[event.answer]
    act = str(event.act)
    return law.Consent(
        id=_identity(frame, event),
        giver=frame.child_id if event.giver == CHILD else frame.person_id(event.giver),
        capacity=law.Capacity(str(event.capacity)),
        act=act,
        kind=ACTS[act],
        sharing=_sharing(event),
        status=status,
        answered_at=None if status is law.Status.ASKED else at(answered),
        valid_from=at(event.from_ or answered),
        valid_to=day_end(day_of(event.until)) if event.until else FOREVER,
        disclosers=frozenset(slug(unit) for unit in event.from_unit),
        recipient=slug(event.to_unit) if event.to_unit else "",
        withdrawn_at=at(changed or event.at) if status is law.Status.WITHDRAWN else None,
        purpose=event.purpose or "",
        form=terms.FORMS[event.form] if event.form else "",
        language=event.language or "da",
        text_version=event.text_version or "",
    )


def _identity(frame: Frame, event: Consent) -> str:
    """An answer to a question that is in the book already is that question's next version."""
    asked = frame.entry(event.answers) if event.answers else None
    return asked.id if asked else event.id


def _sharing(event: Consent) -> law.Sharing:
    shelves = {(law.Block(block), law.Class(kind)) for block in event.blocks for kind in event.classes}
    return law.Sharing(frozenset(shelves), terms.LEVELS[event.level] if event.level else law.Level.AT)


def at(moment: Moment) -> int:
    """A bare day is the whole of it, from its Danish midnight."""
    return instant(moment) if isinstance(moment, datetime) else day_start(moment)


def _seen(frame: Frame, event: Consent, answered: Moment) -> tuple[str, int] | None:
    """Custody is looked up when somebody answers as a holder."""
    person = frame.story.people.get(event.giver)
    held = person.held_custody(day_of(answered)) if person else None
    return (held.evidence, at(day_of(answered))) if held else None


def _named(frame: Frame, written: Json, event: Consent) -> Json:
    """References with the names that a page shows."""
    keys = (event.by, event.giver, *event.from_unit, *([event.to_unit] if event.to_unit else []))
    names = {found["reference"]: found["display"] for found in map(frame.refer, keys)}
    for reference in references(written):
        if name := names.get(reference["reference"]):
            reference["display"] = name
    return written
