"""The bundles: every kind is mapped, everything is valid R4, nothing points at nothing, and two builds are the same."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest

from barnetsbog.demo.build import broken_resource, child_bundles, directory_bundle, next_days_bundle
from barnetsbog.demo.dates import WRITTEN_TODAY
from barnetsbog.demo.mapping.agreements import RESOURCE_OF
from barnetsbog.demo.mapping.terms import BASE, SERVER
from barnetsbog.demo.model import KINDS, Cast, Story
from barnetsbog.demo.story import gather

Json = dict[str, Any]
LATER = date(2027, 3, 1)


@pytest.fixture
def bundles(story: Story, cast: Cast) -> list[Json]:
    return child_bundles(story, cast, WRITTEN_TODAY)


@pytest.fixture
def book(bundles: list[Json]) -> dict[str, Json]:
    """The first versions by id, with the kinds' own place in the story as the key: `alma-001-start`."""
    return {f"{r['resourceType']}/{r['id']}": r for r in resources(bundles[0])}


def resources(bundle: Json) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"]]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def ours(resource: Json, name: str) -> Any:
    found = [e for e in resource.get("extension", []) if e["url"] == f"{BASE}/StructureDefinition/{name}"]
    return next((value for e in found for key, value in e.items() if key != "url"), None)


def of_kind(book: dict[str, Json], number: int) -> Json:
    return next(r for r in book.values() if re.match(rf"alma-{number:03d}-", r["id"]))


def test_every_kind_becomes_its_resource(story: Story, book: dict[str, Json]) -> None:
    assert set(RESOURCE_OF) == set(KINDS)
    for event in story.events:
        assert f"{RESOURCE_OF[event.kind]}/{event.id}" in book


def test_the_frame_of_the_book(book: dict[str, Json]) -> None:
    types = Counter(kind.partition("/")[0] for kind in book)
    assert types["Patient"] == types["CareTeam"] == types["ClinicalImpression"] == 1
    assert (types["RelatedPerson"], types["EpisodeOfCare"], types["PractitionerRole"]) == (3, 4, 1)


def test_bundles_are_collections_with_full_addresses(bundles: list[Json], cast: Cast) -> None:
    for bundle in (directory_bundle(cast, WRITTEN_TODAY), *bundles):
        assert bundle["type"] == "collection"
        addresses = [entry["fullUrl"] for entry in bundle["entry"]]
        assert addresses == [f"{SERVER}/{r['resourceType']}/{r['id']}" for r in resources(bundle)]
        assert len(addresses) == len(set(addresses))


def test_ids_are_allowed_and_readable(bundles: list[Json]) -> None:
    for resource in resources(bundles[0]):
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"])
        assert resource["id"].startswith("alma")


def test_nothing_points_at_nothing(bundles: list[Json], story: Story, cast: Cast) -> None:
    coming = next_days_bundle(story, cast, WRITTEN_TODAY, 30)
    everything = [directory_bundle(cast, WRITTEN_TODAY), *bundles, coming]
    there = {f"{r['resourceType']}/{r['id']}" for bundle in everything if bundle for r in resources(bundle)}
    assert set(references(everything)) <= there


def test_everybody_says_who_wrote(bundles: list[Json]) -> None:
    for bundle in bundles:
        for resource in resources(bundle):
            if re.match(r"alma-(\d|status)", resource["id"]):
                assert ours(resource, "author")["reference"].split("/")[0] in (
                    "PractitionerRole",
                    "RelatedPerson",
                    "Patient",
                )


def test_two_builds_are_the_same(story: Story, cast: Cast) -> None:
    for today in (WRITTEN_TODAY, LATER):
        assert orjson.dumps(child_bundles(story, cast, today)) == orjson.dumps(child_bundles(story, cast, today))


def test_a_moved_today_moves_dates_and_keeps_ids(story: Story, cast: Cast) -> None:
    then, now = (child_bundles(story, cast, today) for today in (WRITTEN_TODAY, LATER))
    assert [[r["id"] for r in resources(bundle)] for bundle in then] == [[r["id"] for r in resources(b)] for b in now]
    task = next(r for r in resources(now[0]) if r["id"] == "alma-018-task")
    assert task["restriction"]["period"]["end"] == "2027-03-07"


def test_nothing_was_registered_after_today(bundles: list[Json]) -> None:
    for bundle in bundles:
        for resource in resources(bundle):
            assert resource["meta"].get("lastUpdated", "")[:10] <= WRITTEN_TODAY.isoformat()


def test_the_child_is_never_under_the_cpr_oid(book: dict[str, Json]) -> None:
    patient = book["Patient/alma"]
    assert patient["identifier"] == [
        {"use": "official", "system": f"{BASE}/identifier/demo-cpr", "value": "6705179902"}
    ]
    assert "1.2.208.176.1.2" not in str(book)
    assert ours(patient, "protected-address") is False
    assert ours(patient, "interpreter") == "ar"


def test_custody_is_a_danish_relation(book: dict[str, Json]) -> None:
    def codes(key: str) -> list[str]:
        return [coding["code"] for coding in book[f"RelatedPerson/alma-{key}"]["relationship"][0]["coding"]]

    assert [codes(key) for key in ("mor", "far", "mormor")] == [["MTH", "PARAUTH"], ["FTH", "PARAUTH"], ["GRPRN"]]


def test_care_relations_have_their_state(book: dict[str, Json]) -> None:
    states = [book[f"EpisodeOfCare/alma-care-{number}"]["status"] for number in (1, 2, 3, 4)]
    assert states == ["active", "finished", "active", "planned"]


def test_the_team(book: dict[str, Json]) -> None:
    members = [
        (p["role"][0]["coding"][0]["code"], p["member"]["reference"]) for p in book["CareTeam/alma-team"]["participant"]
    ]
    assert members == [
        ("coordinator", "PractitionerRole/kim"),
        ("substitute", "PractitionerRole/bo"),
        ("member", "PractitionerRole/alma-vikar"),
        ("member", "PractitionerRole/maja"),
        ("custody-holder", "RelatedPerson/alma-mor"),
        ("custody-holder", "RelatedPerson/alma-far"),
    ]


def test_a_meeting(book: dict[str, Json]) -> None:
    meeting = of_kind(book, 1)
    assert meeting["class"]["code"] == "AMB"
    assert [p["individual"]["reference"] for p in meeting["participant"]] == [
        "PractitionerRole/kim",
        "RelatedPerson/alma-mor",
        "PractitionerRole/maja",
    ]
    assert meeting["period"] == {"start": "2025-12-03T10:00:00+01:00", "end": "2025-12-03T11:00:00+01:00"}
    assert ours(meeting, "took-part")["reference"] == "Organization/prove"
    assert ours(meeting, "text") == "Vi aftalte at ses igen 3. december 2026."
    assert [tag["code"] for tag in meeting["meta"]["tag"]] == ["important"]


def test_measures_are_numbers_or_words(book: dict[str, Json]) -> None:
    assert of_kind(book, 3)["valueQuantity"] == {"value": 96, "unit": "indeks"}
    assert of_kind(book, 4)["valueCodeableConcept"] == {"text": "udtalt niveau"}
    assert of_kind(book, 3)["method"]["text"] == "WISC-V"


def test_a_document_keeps_its_letters(book: dict[str, Json]) -> None:
    attachment = book["DocumentReference/alma-005-ppv"]["content"][0]["attachment"]
    assert base64.b64decode(attachment["data"]).decode() == "Ærlig tekst."


@pytest.mark.parametrize(
    ("number", "kind", "priority", "receivers"),
    [(6, "letter", None, 3), (7, "message", None, 1), (8, "concern", "urgent", 1)],
)
def test_what_was_sent(number: int, kind: str, priority: str | None, receivers: int, book: dict[str, Json]) -> None:
    sent = of_kind(book, number)
    assert sent["category"][0]["coding"][0]["code"] == kind
    assert sent.get("priority") == priority
    assert len(sent["recipient"]) == receivers


def test_conditions_know_doubt_and_end(book: dict[str, Json]) -> None:
    def states(number: int) -> tuple[str, str, str | None]:
        found = of_kind(book, number)
        clinical, verified = found["clinicalStatus"], found["verificationStatus"]
        return clinical["coding"][0]["code"], verified["coding"][0]["code"], found.get("abatementDateTime")

    assert states(9) == ("active", "confirmed", None)
    assert states(10) == ("resolved", "unconfirmed", "2025-09-30")


def test_interventions_follow_time(book: dict[str, Json]) -> None:
    over, ahead = of_kind(book, 11), of_kind(book, 12)
    assert (over["status"], over["activity"][0]["detail"]["status"], over["note"]) == (
        "completed",
        "completed",
        [{"text": "Hun sov bedre"}],
    )
    assert (ahead["status"], ahead["activity"][0]["detail"]["status"]) == ("draft", "not-started")
    assert ahead["meta"]["lastUpdated"].startswith("2026-11-24")


def test_the_childs_own_goal_is_in_the_childs_words(book: dict[str, Json]) -> None:
    own, theirs = of_kind(book, 13), of_kind(book, 14)
    assert own["description"]["text"] == "Jeg vil gerne sige noget"
    assert own["expressedBy"]["reference"] == "Patient/alma"
    assert [c["category"][0]["coding"][0]["code"] for c in (own, theirs)] == ["own-goal", "goal"]
    assert (ours(own, "may-be-shared"), ours(own, "scale"), ours(own, "entry-title")) == (True, 4, "At række hånden op")
    assert own["meta"]["security"][0]["code"] == "child-private"


def test_appointments(book: dict[str, Json]) -> None:
    coming, missed = of_kind(book, 15), of_kind(book, 16)
    assert (coming["status"], missed["status"]) == ("booked", "noshow")
    assert [p["actor"]["reference"] for p in coming["participant"]] == [
        "Patient/alma",
        "RelatedPerson/alma-mor",
        "PractitionerRole/ida-t",
    ]
    assert (coming["start"], coming["end"]) == ("2026-12-03T09:30:00+01:00", "2026-12-03T11:00:00+01:00")
    assert missed["end"] == "2026-05-01T09:00:00+02:00", "an hour when nothing else is said"
    assert coming["meta"]["lastUpdated"].startswith("2026-11-19"), "announced two weeks before"


def test_the_ball_has_a_holder_or_nobody(book: dict[str, Json]) -> None:
    held, offered, done = (of_kind(book, number) for number in (18, 19, 20))
    assert (held["status"], held["owner"]["reference"]) == ("in-progress", "PractitionerRole/kim")
    assert (offered["status"], offered.get("owner")) == ("requested", None)
    assert ours(offered, "offered-to")["reference"] == "PractitionerRole/modtager"
    assert (done["status"], done["owner"]["reference"]) == ("completed", "RelatedPerson/alma-mor")
    waits = [e["valueReference"]["reference"] for e in held["extension"] if e["url"].endswith("/waits-for")]
    assert waits == ["RelatedPerson/alma-far", "Appointment/alma-015-besoeg"]


def test_silence_permits_nothing(book: dict[str, Json]) -> None:
    yes, silent = of_kind(book, 21), of_kind(book, 22)
    assert (yes["status"], yes["provision"]["type"]) == ("active", "permit")
    assert yes["provision"]["actor"][0]["reference"]["reference"] == "Organization/bup-vis"
    assert (ours(yes, "sharing-level"), ours(yes, "consent-form")) == ("content", "mitid")
    assert (silent["status"], silent["provision"]["type"]) == ("proposed", "deny")


def test_a_plan_points_at_its_goals(book: dict[str, Json]) -> None:
    plan = of_kind(book, 23)
    assert [goal["reference"] for goal in plan["goal"]] == ["Goal/alma-013-haand", "Goal/alma-014-ro"]
    assert ours(plan, "follow-up") == "2027-02-01"


def test_later_versions_come_in_order_and_one_at_a_time(bundles: list[Json]) -> None:
    later = [
        (r["id"], r["meta"]["lastUpdated"][:10], ours(r, "referral-state")) for b in bundles[1:] for r in resources(b)
    ]
    assert later == [
        ("alma-017-referral", "2026-11-05", "received"),
        ("alma-017-referral", "2026-11-05", "accepted"),
        ("alma-018-task", "2026-11-20", None),
    ]
    assert len(bundles) == 4, "two changes of one entry on one day need a bundle each"


def test_a_later_writer_stands_beside_the_author(bundles: list[Json]) -> None:
    (received,) = resources(bundles[1])
    assert ours(received, "author")["reference"] == "PractitionerRole/kim"
    assert ours(received, "changed-by")["reference"] == "PractitionerRole/visitator"


@pytest.mark.parametrize(("days", "found"), [(1, 0), (2, 1), (14, 2)])
def test_the_next_days(days: int, found: int, story: Story, cast: Cast) -> None:
    bundle = next_days_bundle(story, cast, WRITTEN_TODAY, days)
    assert len(resources(bundle) if bundle else []) == found


@pytest.mark.parametrize(
    ("fault", "status", "effective"),
    [
        ("bad-date", "final", "2026-13-45"),
        ("unknown-code", "færdig", "2026-10-02"),
        ("missing-status", None, "2026-10-02"),
    ],
)
def test_a_broken_delivery_has_one_fault(
    fault: str, status: str | None, effective: str, raw: dict[str, Any], write: Any, cast: Cast
) -> None:
    raw["broken_import"]["fault"] = fault
    broken = broken_resource(gather(write(raw), cast)[0][0])
    assert broken is not None
    assert (broken.get("status"), broken["effectiveDateTime"]) == (status, effective)


def test_a_story_without_a_broken_delivery(raw: dict[str, Any], write: Any, cast: Cast) -> None:
    del raw["broken_import"]
    assert broken_resource(gather(write(raw), cast)[0][0]) is None


@pytest.mark.parametrize(
    ("by", "source", "expected"),
    [
        ("kim", None, "fagsystem"),
        ("maja", None, "skolesystem"),
        ("ida_t", None, "journal"),
        ("laege_a", None, "journal"),
        ("ltt_psyk", None, "journal"),
        ("voksenpsyk_l", None, "journal"),
        ("voksen", None, "fagsystem"),
        ("mor", None, "borgerportal"),
        ("child", None, "borgerportal"),
        ("maja", "fagsystem", "fagsystem"),
    ],
)
def test_the_sending_system(
    by: str, source: str | None, expected: str, raw: dict[str, Any], write: Any, cast: Cast
) -> None:
    raw["events"][1] |= {"by": by, "source": source}
    (bundle, *_) = child_bundles(gather(write(raw), cast)[0][0], cast)
    entry = next(r for r in resources(bundle) if r["id"] == "alma-002-observation")
    assert entry["meta"]["source"] == f"urn:barnetsbog:source:{expected}"
