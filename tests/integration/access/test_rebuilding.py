"""Deriving all rights anew: the same rows, a line in the log where they were not, and nobody who has to wait for it."""

from pathlib import Path
from typing import Any

import pytest

from barnetsbog.access import law_in_force, rebuilding
from barnetsbog.access.rebuilding import differing, fingerprint, in_step, rebuild, rebuild_all
from barnetsbog.audit.models import Event
from barnetsbog.record.instance import keep_rules, rules_in_force
from barnetsbog.record.models import Grant
from tests.builders import send
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import World, said, written

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def rows() -> set[Any]:
    return set(
        Grant.objects.values_list(
            "child_id",
            "grantee_id",
            "basis_id",
            "part",
            "shelves",
            "level",
            "source_id",
            "lane",
            "entry_id",
            "rule",
            "purpose",
            "valid_from",
            "valid_to",
        )
    )


@pytest.fixture
def letters(world: World) -> World:
    """Somebody has written to a unit and to a father."""
    to = [
        {"reference": "PractitionerRole/ida"},
        {"reference": "Organization/skole"},
        {"reference": "RelatedPerson/far"},
    ]
    send(written("o1", "Ord"), said("mor"), said("far"), {
        "resourceType": "Communication", "id": "b1", "status": "completed", "sent": "2026-11-20", "topic": {"text": "Brev"},
        "subject": {"reference": "Patient/alma"}, "sender": {"reference": "PractitionerRole/kim"}, "recipient": to,
    })  # fmt: skip
    return world


def test_what_is_there_is_what_the_rules_say(letters: World) -> None:
    assert not differing(letters.child) and not rebuild(letters.child)
    assert not Event.objects.filter(action="rights", detail__contains='"basis":"rules"').exists()
    assert Grant.objects.filter(rule="OWN-ADDRESSED").count() == 3


def test_from_nothing_the_same_rows(letters: World) -> None:
    before = rows()
    Grant.objects.all().delete()
    assert not letters.knows("kim")
    changed = differing(letters.child)
    assert len(changed.given) == len(before) and not changed.ended and rows() == set()
    assert rebuild(letters.child) == changed and rows() == before
    event = Event.objects.get(action="rights", detail__contains='"basis":"rules"')
    assert (event.child_id, event.detail["basis"]) == (letters.child, "rules")
    assert event.reason == f"reglerne anvendt på ny: {len(before)} givet, 0 ophørt"
    for right in event.detail["given"]:
        assert set(right) in ({"to", "rule", "from", "until", ground} for ground in ("for", "asked"))


def test_a_right_that_no_rule_gives_is_taken_away(letters: World) -> None:
    before = rows()
    one = Grant.objects.filter(rule="FSL-PPV").first()
    assert one
    Grant.objects.filter(pk=one.pk).update(shelves=2**40)
    Grant.objects.create(
        child_id=letters.child, grantee_id=letters.id("RelatedPerson", "far"), basis_id=letters.child, part=0, shelves=5,
        level=3, source_id=None, lane="", entry_id=None, rule="FAL3", purpose="x", valid_from=0, valid_to=2**50,
    )  # fmt: skip
    changed = rebuild_all().changes[letters.child]
    assert (len(changed.given), len(changed.ended)) == (1, 2) and rows() == before


def test_only_looking_writes_nothing(letters: World) -> None:
    Grant.objects.filter(rule="FSL-PPV").delete()
    told: list[tuple[int, int]] = []
    done = rebuild_all(check=True, progress=lambda number, of: told.append((number, of)))
    assert done.children == 1 and list(done.changes) == [letters.child] and told == [(1, 1)]
    assert not Grant.objects.filter(rule="FSL-PPV").exists() and rules_in_force() == ""
    assert rebuild_all().changes and in_step() and not rebuild_all(check=True).changes


def test_reads_do_not_depend_on_it(letters: World) -> None:
    """Nothing is rebuilt, and a consent and a birthday are over all the same."""
    before = rows()
    for day, knows_bup, knows_father in (
        ("2026-11-25", True, True),
        ("2027-06-01", False, True),
        ("2035-05-07", False, False),
    ):
        from tests.integration.access.conftest import at

        letters.now = at(day)
        assert (letters.knows("ida"), letters.knows("far")) == (knows_bup, knows_father)
    assert rows() == before


@pytest.mark.parametrize("name", ["law-local.yaml", "relations", "roles", "deriving"])
def test_the_fingerprint_is_of_everything_that_says_who_may_see_what(
    world: World, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DATA = tmp_path
    _another_process()
    before = fingerprint()
    keep_rules(before)
    assert in_step() and fingerprint() == before
    other = tmp_path / "law-local.yaml"
    other.write_text("rules:\n  - {id: FSL-PPV, switch: off}\n")
    if name == "law-local.yaml":
        law_in_force.forget()
    if name == "deriving":
        code = tmp_path / "deriving.py"
        code.write_text("# another way\n")
        monkeypatch.setattr(rebuilding.deriving, "__file__", str(code))
    elif name != "law-local.yaml":
        monkeypatch.setattr(getattr(rebuilding, name), "FILE", other)
    rebuilding._program.cache_clear()
    assert not in_step()
    monkeypatch.undo()
    _another_process()


def _another_process() -> None:
    rebuilding._program.cache_clear()
    law_in_force.forget()


def test_a_change_of_rights_is_logged_with_what_changed_them(world: World) -> None:
    send(said("mor"), said("far"))
    event = Event.objects.filter(action="rights", detail__contains='"basis":"facts"').order_by("-id").first()
    assert event and event.child_id == world.child and event.detail["given"]
