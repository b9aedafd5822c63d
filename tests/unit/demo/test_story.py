"""The format is strict, and says in Danish where it was broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from barnetsbog.demo.model import KINDS, Cast, Meeting, Story, versions
from barnetsbog.demo.story import StoryError, gather, read_cast, read_stories, slug

Write = Callable[..., Path]
EVENT = "01-alma.yaml, hændelse 1 »Første møde på skolen«"


def test_the_small_story_has_every_kind(story: Story) -> None:
    assert {event.kind for event in story.events} == set(KINDS)


def test_a_meeting_is_read_as_written(story: Story) -> None:
    meeting = story.events[0]
    assert isinstance(meeting, Meeting)
    assert meeting.at == datetime(2025, 12, 3, 10)
    assert meeting.with_ == ("child", "mor", "maja", "prove")
    assert (meeting.minutes, meeting.important, meeting.private, meeting.source) == (60, True, False, None)


def test_the_head_is_read_as_written(story: Story) -> None:
    assert story.born == date(2017, 5, 7)
    assert story.people["mor"].custody and not story.people["far"].lives_with_child
    assert story.care[1].to_date == date(2025, 9, 30)
    assert story.actors["vikar"].unit == "prove"


def test_ids_follow_place_and_key_and_not_the_title(raw: dict[str, Any], write: Write, cast: Cast) -> None:
    raw["events"][4]["title"] = "En helt anden overskrift"
    (story,), _ = gather(write(raw), cast)
    assert [story.events[at].id for at in (0, 1, 4)] == ["alma-001-start", "alma-002-observation", "alma-005-ppv"]
    assert story.script[0].id == "alma-next-001-message"


def test_versions_add_up(story: Story) -> None:
    referral = next(event for event in story.events if event.kind == "referral")
    first, second, third = versions(referral)
    assert [getattr(found.event, "state", None) for found in (first, second, third)] == [
        "sendt",
        "modtaget",
        "accepteret",
    ]
    assert (second.event.text, third.event.text) == (first.event.text, "Vi tager imod Alma.")
    assert (first.by, third.by) == ("kim", "visitator")


SPOILED_EVENTS = [
    ("at", "2026-13-03", "»2026-13-03« er ikke en dato (skriv 2026-03-03 eller 2026-03-03T10:00)"),
    ("at", "i går", "»i går« er ikke en dato (skriv 2026-03-03 eller 2026-03-03T10:00)"),
    ("at", None, "mangler"),
    ("by", "ukendt", "»ukendt« er ikke en kendt person"),
    ("by", "ppr_eks", "»ppr_eks« er ikke en kendt person"),
    ("text", 7, "skal være en tekst (sæt den i anførselstegn, hvis den ligner et tal)"),
    ("text", "  ", "skal være en tekst (sæt den i anførselstegn, hvis den ligner et tal)"),
    ("with", ["mor", "onkel"], "»onkel« er ikke en kendt person eller enhed"),
    ("minutes", "en time", "»en time« skal være et helt tal"),
    ("minutes", True, "»True« skal være et helt tal"),
    ("important", "måske", "»måske« skal være ja eller nej"),
    ("private", "ja", "»ja« kendes ikke her (vælg child)"),
    ("source", "fax", "»fax« kendes ikke her (vælg journal, skolesystem, fagsystem, borgerportal)"),
    ("holder", "kim", "kendes ikke"),
    ("varighed", 60, "kendes ikke"),
]


@pytest.mark.parametrize(("field", "value", "words"), SPOILED_EVENTS)
def test_a_spoiled_entry_is_named(
    field: str, value: object, words: str, raw: dict[str, Any], write: Write, cast: Cast
) -> None:
    raw["events"][0][field] = value
    stories, faults = gather(write(raw), cast)
    assert faults == [f"{EVENT}, felt `{field}`: {words}"]
    assert len(stories[0].events) == len(raw["events"]) - 1, "the other entries are still read"


SPOILED_KINDS = [
    ("kind", "samtale", "kendes ikke her (vælg meeting, observation"),
    ("kind", None, "mangler"),
]


@pytest.mark.parametrize(("field", "value", "words"), SPOILED_KINDS)
def test_a_spoiled_kind_is_named(
    field: str, value: object, words: str, raw: dict[str, Any], write: Write, cast: Cast
) -> None:
    raw["events"][0][field] = value
    _, (fault,) = gather(write(raw), cast)
    assert fault.startswith(f"{EVENT}, felt `{field}`") and words in fault


SPOILED_FIELDS = [
    ("measure", "instrument", None, "mangler"),
    ("measure", "value", [1], "»[1]« skal være et tal eller et kort svar"),
    ("referral", "to", "kim", "»kim« er ikke en kendt enhed"),
    ("referral", "to", None, "mangler"),
    ("referral", "state", "væk", "»væk« kendes ikke her (vælg sendt, modtaget"),
    ("task", "holder", "ingen", "»ingen« er ikke en kendt person eller enhed"),
    ("task", "due", "snart", "»snart« er ikke en dato"),
    ("consent", "giver", "kim", "»kim« er ikke en kendt person i `people` eller child"),
    ("consent", "answer", "måske", "»måske« kendes ikke her (vælg ja, nej, intet svar, trukket)"),
    ("consent", "level", "alt", "»alt« kendes ikke her (vælg at, overskrifter, indhold)"),
    ("goal", "scale", "fire", "»fire« skal være et helt tal"),
    ("goal", "share", "nok", "»nok« skal være ja eller nej"),
]


@pytest.mark.parametrize(("kind", "field", "value", "words"), SPOILED_FIELDS)
def test_a_spoiled_field_of_a_kind_is_named(
    kind: str, field: str, value: object, words: str, raw: dict[str, Any], write: Write, cast: Cast
) -> None:
    event = next(event for event in raw["events"] if event["kind"] == kind)
    event[field] = value
    _, found = gather(write(raw), cast)
    (fault,) = found
    assert f"»{event['title']}«, felt `{field}`: {words}" in fault


SPOILED_HEADS = [
    ("cpr", "010203-1234", "01-alma.yaml, felt `cpr`: »010203-1234« skal være af demoserien, som 670517-9902"),
    ("born", "2017-05-07T10:00", "01-alma.yaml, felt `born`: skal være en dag uden klokkeslæt"),
    ("gender", "pige", "01-alma.yaml, felt `gender`: »pige« kendes ikke her (vælg male, female)"),
    ("municipality", "aarhus", "01-alma.yaml, felt `municipality`: »aarhus« er ikke en kendt kommune"),
    ("coordinator", "mor", "01-alma.yaml, felt `coordinator`: »mor« er ikke en kendt fagperson"),
    ("custody", None, "01-alma.yaml, felt `custody`: mangler"),
    ("care", {"unit": "prove"}, "01-alma.yaml, felt `care`: skal være en liste"),
    ("care", [{"unit": "prove", "task": "Skole"}], "01-alma.yaml, care 1, felt `from`: mangler"),
    ("people", [], None),
    ("people", {"mor": "Sara"}, "01-alma.yaml, people mor: skal være felter med navn og værdi"),
    ("name", {"given": "Alma", "family": "Prøvegaard"}, "01-alma.yaml, name, felt `called`: mangler"),
    ("status", {"at": "2026-11-13", "by": "kim", "tekst": "x"}, "01-alma.yaml, status, felt `text`: mangler"),
    (
        "broken_import",
        {"at": "2026-10-02", "from": "bup_vis", "fault": "x"},
        "01-alma.yaml, broken_import, felt `fault`:",
    ),
    ("hobby", "heste", "01-alma.yaml, felt `hobby`: kendes ikke"),
]


@pytest.mark.parametrize(("field", "value", "fault"), SPOILED_HEADS)
def test_a_spoiled_head_is_named_and_the_child_left_out(
    field: str, value: object, fault: str | None, raw: dict[str, Any], write: Write, cast: Cast
) -> None:
    raw[field] = value
    stories, faults = gather(write(raw), cast)
    assert fault is None or any(found.startswith(fault) for found in faults), faults
    assert fault is None or stories == []


def test_a_change_must_change_something(raw: dict[str, Any], write: Write, cast: Cast) -> None:
    raw["events"][0]["changed"] = [{"at": "2026-01-01", "by": "kim"}]
    _, faults = gather(write(raw), cast)
    assert faults == [f"{EVENT}, changed 1: siger ikke, hvad der er ændret"]


def test_parts_are_joined_by_number_in_the_order_of_their_names(raw: dict[str, Any], write: Write, cast: Cast) -> None:
    events = raw["events"]
    write({**raw, "events": events[:2], "script": []})
    for part, event in ((10, events[3]), (2, events[2])):
        folder = write({"number": 1, "events": [event]}, f"01-alma-{part}.yaml")
    (story,), faults = gather(folder, cast)
    assert faults == []
    assert [event.title for event in story.events] == [event["title"] for event in events[:4]]
    assert story.events[3].id == "alma-004-measure"


def test_two_heads_for_one_number_are_refused(raw: dict[str, Any], write: Write, cast: Cast) -> None:
    write(raw)
    stories, faults = gather(write(raw, "01-bo.yaml"), cast)
    assert stories == []
    assert faults == ["01-alma.yaml: nummer 1 skal have netop én fil med barnets navn"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("number: 1\nname: {given: [", "01-x.yaml, linje 3: filen kan ikke læses"),
        ("name: Alma", "01-x.yaml, felt `number`: mangler eller er ikke et tal"),
        ("- en liste", "01-x.yaml, felt `number`: mangler eller er ikke et tal"),
    ],
)
def test_a_file_that_is_no_story(content: str, fault: str, tmp_path: Path, cast: Cast) -> None:
    (tmp_path / "01-x.yaml").write_text(content, encoding="utf-8")
    _, faults = gather(tmp_path, cast)
    assert faults[0].startswith(fault)


def test_all_or_nothing(raw: dict[str, Any], write: Write, cast: Cast) -> None:
    assert len(read_stories(write(raw), cast)) == 1
    raw["hobby"] = "heste"
    with pytest.raises(StoryError, match="hobby") as refused:
        read_stories(write(raw), cast)
    assert refused.value.faults == ["01-alma.yaml, felt `hobby`: kendes ikke"]


def test_the_cast_is_checked_too(tmp_path: Path) -> None:
    cast = {
        "organisations": {"by": {"name": "Byen", "kind": "planet"}},
        "units": {
            "by": {"name": "PPR", "of": "by", "sector": "ppr"},
            "to": {"name": "To", "of": "land", "sector": "ppr"},
        },
        "professionals": {"kim": {"name": "Kim", "title": "psykolog", "role": "psychologist", "unit": "tre"}},
    }
    (tmp_path / "actors.yaml").write_text(yaml.safe_dump(cast), encoding="utf-8")
    with pytest.raises(StoryError) as refused:
        read_cast(tmp_path)
    assert [fault.partition(":")[0] for fault in refused.value.faults] == [
        "actors.yaml, organisations by, felt `kind`",
        "actors.yaml, units to, felt `of`",
        "actors.yaml, professionals kim, felt `unit`",
        "actors.yaml",
    ]


@pytest.mark.parametrize(
    ("words", "slugged"), [("Ærø på Å", "aeroe-paa-aa"), ("ida_t", "ida-t"), ("fælles plan", "faelles-plan")]
)
def test_slug(words: str, slugged: str) -> None:
    assert slug(words) == slugged
