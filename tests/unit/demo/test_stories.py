"""The twenty stories themselves: nothing wrong with them, and everything they become is valid R4."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.stories import CAST, STORIES

from barnetsbog.demo.build import broken_resource, child_bundles, directory_bundle, next_days_bundle
from barnetsbog.demo.check import check_files
from barnetsbog.demo.dates import WRITTEN_TODAY
from barnetsbog.demo.model import Cast, Story
from barnetsbog.fhir import check

TODAYS = (WRITTEN_TODAY, date(2027, 2, 28))


def names(story: Story) -> str:
    return story.file


def faults_of(resource: dict[str, Any]) -> list[Any]:
    """What the project's own checker has against a resource."""
    return [issue for issue in check(resource) if issue.severity == "error"]


def test_nothing_is_wrong_with_the_stories() -> None:
    assert check_files() == []


def test_the_directory_is_valid(cast: Cast) -> None:
    for entry in directory_bundle(cast)["entry"]:
        assert faults_of(entry["resource"]) == []


def test_a_story_with_every_kind_is_valid(story: Story, cast: Cast) -> None:
    for bundle in child_bundles(story, cast):
        assert faults_of(bundle) == []


@pytest.mark.parametrize("today", TODAYS)
@pytest.mark.parametrize("story", STORIES, ids=names)
def test_every_book_is_valid(story: Story, today: date) -> None:
    scripted = next_days_bundle(story, CAST, today, 60)
    for bundle in [*child_bundles(story, CAST, today), *([scripted] if scripted else [])]:
        for entry in bundle["entry"]:
            assert faults_of(entry["resource"]) == []


@pytest.mark.parametrize("story", STORIES, ids=names)
def test_every_broken_delivery_is_refused(story: Story) -> None:
    broken = broken_resource(story)
    assert broken is not None
    assert faults_of(broken) != []
