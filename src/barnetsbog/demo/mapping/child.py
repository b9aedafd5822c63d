"""The child, those around the child, who may open the book, who coordinates, and the short status."""

from __future__ import annotations

from datetime import date, timedelta

from barnetsbog.demo.dates import day_of, fhir_date, fhir_datetime, instant
from barnetsbog.demo.mapping import terms
from barnetsbog.demo.mapping.directory import human_name, phone, professional
from barnetsbog.demo.mapping.frame import Frame, Json, as_json, coding, entry_kind, extension
from barnetsbog.demo.model import Care, Custody, Mandate, Person, Story
from barnetsbog.demo.story import slug
from barnetsbog.fhir.own import complex_extension

_ACTIVE_LATELY = timedelta(days=365)


def everybody(frame: Frame) -> list[Json]:
    """What must stand in the book before its entries, in an order where nothing points ahead."""
    story = frame.story
    own_actors = [professional(found, frame.cast, frame.role_id(key)) for key, found in story.actors.items()]
    return [
        *(part for pair in own_actors for part in pair),
        patient(frame),
        *(related(frame, person) for person in story.people.values()),
        *(episode(frame, number, care) for number, care in enumerate(story.care, 1)),
        team(frame),
        status(frame),
    ]


def _meta(frame: Frame, source: str = "fagsystem") -> Json:
    """Master data is as old as the first thing known about the child."""
    first = min((day_of(event.at) for event in frame.story.events), default=frame.today)
    return {"lastUpdated": instant(min(first, frame.today)), "source": f"urn:barnetsbog:source:{source}"}


def patient(frame: Frame) -> Json:
    story = frame.story
    home = story.address
    full = f"{story.name.given} {story.name.family}"
    return as_json(
        "Patient",
        frame.child_id,
        meta=_meta(frame),
        extension=[
            extension("custody-line", "String", story.custody),
            extension("protected-address", "Boolean", story.protected_address),
            extension("interpreter", "Code", story.interpreter),
            *_law_facts(story),
        ],
        identifier=_number(story.cpr),
        active=True,
        name=[
            {"use": "official", "text": full, "family": story.name.family, "given": story.name.given.split()},
            {"use": "usual", "text": story.name.called, "given": [story.name.called]},
        ],
        gender=story.gender,
        birthDate=fhir_date(story.born),
        address=[
            {"use": "home", "line": [home.street], "postalCode": home.postcode, "city": home.city, "country": "DK"}
        ],
        communication=[{"language": {"coding": [coding(terms.LANGUAGES, story.language)]}, "preferred": True}],
        managingOrganization={
            "reference": f"Organization/{slug(story.municipality)}",
            "display": frame.cast.organisations[story.municipality].name,
        },
    )


def _law_facts(story: Story) -> list[Json]:
    """What the law asks about a child besides its age: placement, own capacity, danger from the family."""
    placed = [
        {"period": ("Period", _days(one.from_date, one.to_date)), "covers": ("Code", one.covers)}
        for one in story.placements
    ]
    decided = [
        {"period": ("Period", _days(one.from_date, one.to_date)), "reason": ("String", one.reason)}
        for one in story.capacity
    ]
    conflict = story.honour_conflict
    honour = conflict and {
        "suspected": ("Date", _day(conflict.suspected)),
        "assessed": ("Date", _day(conflict.assessed)),
    }
    return [
        *(complex_extension("placement", parts) for parts in placed),
        *(complex_extension("capacity-decision", parts) for parts in decided),
        *([complex_extension("honour-conflict", honour)] if honour else []),
    ]


def _day(day: date | None) -> str | None:
    return fhir_date(day) if day else None


def _days(start: date | None, end: date | None) -> Json:
    return {"start": _day(start), "end": _day(end)}


def _custody(frame: Frame, held: Custody) -> Json:
    """Custody of a parent begins with the child, when nothing else is said."""
    start = held.from_date or (frame.story.born if held.kind == "parent" else None)
    parts = {
        "kind": ("Code", held.kind), "period": ("Period", _days(start, held.to_date)),
        "evidence": ("Code", held.evidence), "checked-at": ("DateTime", _day(_checked(frame))),
    }  # fmt: skip
    return complex_extension("custody", parts)


def _checked(frame: Frame) -> date:
    """Custody is looked up each time somebody is asked for a consent."""
    asked = [day_of(event.at) for event in frame.story.events if event.kind == "consent"]
    return max((day for day in asked if day <= frame.today), default=frame.today)


def related(frame: Frame, person: Person) -> Json:
    code, word = terms.RELATIONS[person.relation]
    holds = person.held_custody(frame.today)
    custody = [coding(terms.DANISH_RELATION, "PARAUTH", "Parental authority")] if holds else []
    return as_json(
        "RelatedPerson",
        frame.person_id(person.key),
        meta=_meta(frame),
        extension=[
            extension("lives-with-child", "Boolean", person.lives_with_child),
            *(_custody(frame, held) for held in person.custody),
            extension("deceased", "DateTime", _day(person.deceased)),
            *([_mandate(frame, person.mandate)] if person.mandate else []),
        ],
        identifier=_number(person.cpr),
        active=True,
        patient=frame.child,
        relationship=[{"coding": [coding(terms.ROLE_CODE, code), *custody], "text": word}],
        name=[human_name(person.name)],
        telecom=phone(person.phone, "mobile"),
        birthDate=_day(person.born),
    )


def _number(cpr: str | None) -> list[Json]:
    return [{"use": "official", "system": terms.DEMO_CPR, "value": cpr.replace("-", "")}] if cpr else []


def _mandate(frame: Frame, said: Mandate) -> Json:
    parts = {
        "kind": ("Code", terms.MANDATES[said.kind]), "given-by": ("Reference", frame.refer(said.by)),
        "period": ("Period", _days(said.from_date, said.to_date)), "block": ("Code", said.blocks),
    }  # fmt: skip
    return complex_extension("mandate", parts)


def episode(frame: Frame, number: int, care: Care) -> Json:
    return as_json(
        "EpisodeOfCare",
        f"{frame.child_id}-care-{number}",
        meta={**_meta(frame), "lastUpdated": instant(min(care.from_date, frame.today))},
        status=_episode_status(care, frame.today),
        type=[{"coding": [coding(terms.CARE_TASK, care.kind)] if care.kind else [], "text": care.task}],
        patient=frame.child,
        managingOrganization=frame.unit(care.unit),
        period={"start": fhir_date(care.from_date), "end": fhir_date(care.to_date) if care.to_date else None},
    )


def _episode_status(care: Care, today: date) -> str:
    if care.from_date > today:
        return "planned"
    return "finished" if care.to_date and care.to_date < today else "active"


def team(frame: Frame) -> Json:
    """Who works together now. `onBehalfOf` may stand only beside a Practitioner, so the role itself names the unit."""
    story = frame.story
    leads = [("coordinator", story.coordinator), ("substitute", story.substitute)]
    named = [(role, key) for role, key in leads if key]
    taken = {key for _, key in named}
    members = [("member", key) for key in _working(frame) if key not in taken]
    custody = [("custody-holder", key) for key, person in story.people.items() if person.held_custody(frame.today)]
    return as_json(
        "CareTeam",
        f"{frame.child_id}-team",
        meta={**_meta(frame), "lastUpdated": instant(story.status.at)},
        status="active",
        name=f"Teamet om {story.name.called}",
        subject=frame.child,
        participant=[
            {"role": [{"coding": [coding(terms.TEAM_ROLE, role)]}], "member": frame.refer(key)}
            for role, key in (*named, *members, *custody)
        ],
        managingOrganization=[frame.unit_of(story.coordinator)] if story.coordinator else [],
    )


def _working(frame: Frame) -> list[str]:
    """Professionals of a unit with an open task who have written in the last year, in the order they came."""
    open_units = {care.unit for care in frame.story.care if _episode_status(care, frame.today) == "active"}
    since = frame.today - _ACTIVE_LATELY
    lately = dict.fromkeys(event.by for event in frame.story.events if since <= day_of(event.at) <= frame.today)
    return [key for key in lately if (found := frame.professional(key)) and found.unit in open_units]


def status(frame: Frame) -> Json:
    found = frame.story.status
    by_professional = frame.professional(found.by) is not None
    return as_json(
        "ClinicalImpression",
        f"{frame.child_id}-status",
        meta={**_meta(frame), "lastUpdated": instant(found.at)},
        extension=[extension("author", "Reference", frame.refer(found.by))],
        status="completed",
        code=entry_kind("status", "Kort status")[0],
        subject=frame.child,
        date=fhir_datetime(found.at),
        assessor=frame.refer(found.by) if by_professional else None,
        summary=found.text,
    )
