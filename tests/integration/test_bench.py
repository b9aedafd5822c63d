"""What `./bog bench` measures of the pages can be measured, on both databases."""

import gc

import pytest
from bench import deciding, filling, pages, visits

from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES


def test_every_part_about_pages_finds_something(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LENGTHS", (60, 61, 62))
    monkeypatch.setattr(filling, "ENTRIES", 62)
    monkeypatch.setattr(gc, "freeze", lambda: None)
    measured = pages.prepare(4)
    found = [
        pages.timeline(measured, 1), pages.work_list(measured, 1), pages.overview(measured, 1),
        filling.measure(measured, 1), deciding.measure(measured, 1, with_peer=False), visits.readiness(measured, 1),
    ]  # fmt: skip
    assert all(one.figures for one in found)
    assert found[1].figures[0].name == "arbejdsliste, 7 sager"
    assert found[5].figures[0].name == "første besøg, 7 børn"
