"""How it goes where a placed child lives, and what is agreed: the book's own resources, with the frame of the story."""

from __future__ import annotations

from barnetsbog.demo.dates import at_noon, day_of
from barnetsbog.demo.mapping.frame import Frame, Json, resource
from barnetsbog.demo.model import Agreement, CareAgreement, CarerStatus, ContactPlan, Version
from barnetsbog.fostering import mapping
from barnetsbog.fostering.model import Agreement as Agreed
from barnetsbog.fostering.model import Report, Sort, Support, Topic
from barnetsbog.kernel.time import instant


def carer_status(frame: Frame, version: Version, event: CarerStatus) -> Json:
    topics = {Topic.HOME: event.text} | {
        topic: getattr(event, topic.value) for topic in Topic if topic is not Topic.HOME
    }
    told = {topic: text for topic, text in topics.items() if text}
    child, by, to = _around(frame, event)
    made = mapping.status(
        event.id, Report(told, event.quote or ""), child=child, by=by, to=to, at=instant(at_noon(event.at))
    )
    return _framed(frame, version, made)


def contact_plan(frame: Frame, version: Version, event: ContactPlan) -> Json:
    who = frame.refer(event.about)
    agreed = Agreed(
        Sort.CONTACT, day_of(event.at), text=event.text, who=_to(who), often=event.often, place=event.place or "",
        support=Support(event.support), **_more(frame, event),
    )  # fmt: skip
    return _agreed(frame, version, event, agreed.seeing(who["display"]))


def care_agreement(frame: Frame, version: Version, event: CareAgreement) -> Json:
    return _agreed(frame, version, event, Agreed(
        Sort.DAILY, day_of(event.at), title=event.title, text=event.text, **_more(frame, event)
    ))  # fmt: skip


def _more(frame: Frame, event: Agreement) -> Json:
    call = _to(frame.refer(event.call)) if event.call else ""
    return {"call": call, "until": day_of(event.until) if event.until else None}


def _agreed(frame: Frame, version: Version, event: Agreement, agreed: Agreed) -> Json:
    child, by, to = _around(frame, event)
    return _framed(frame, version, mapping.care_plan(event.id, agreed, child=child, by=by, to=to))


def _around(frame: Frame, event: CarerStatus | Agreement) -> tuple[str, str, list[str]]:
    return frame.child["reference"], _to(frame.refer(event.by)), [_to(frame.refer(key)) for key in event.to]


def _to(reference: Json) -> str:
    return str(reference["reference"])


def _framed(frame: Frame, version: Version, made: Json) -> Json:
    """With the frame that all of a story's resources share."""
    own = [one for one in made["extension"] if not one["url"].endswith("/author")]
    rest = {name: value for name, value in made.items() if name not in ("resourceType", "id", "meta", "extension")}
    return resource(made["resourceType"], frame, version, own, **rest)
