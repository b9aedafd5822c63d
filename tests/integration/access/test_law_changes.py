"""The instance's own choices change while a server runs: noticed, rights derived anew once, and a fault changes nothing."""

import logging
import multiprocessing
import os
from pathlib import Path

import pytest

from barnetsbog.access import law_in_force, watching
from barnetsbog.access.rebuilding import differing, fingerprint, in_step, rebuild_all
from barnetsbog.audit.models import Event
from barnetsbog.record.models import Grant
from tests.conftest import BOTH_DATABASES
from tests.integration.access.conftest import World

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

OFF = "rules:\n  - {id: FSL-PPV, switch: off}\n"


@pytest.fixture
def choices(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a running instance, of which every look is a look. There is none yet."""
    monkeypatch.setattr(law_in_force, "local_file", lambda: tmp_path / "law-local.yaml")
    monkeypatch.setattr(law_in_force, "EVERY", 0.0)
    law_in_force.forget()
    rebuild_all()
    assert in_step() and world.knows("kim")
    return tmp_path / "law-local.yaml"


def test_a_changed_law_is_noticed_and_rights_follow(world: World, choices: Path) -> None:
    assert not watching.once(settled=0)
    choices.write_text(OFF)
    assert law_in_force.law_in_use().book.rule("FSL-PPV").on is False and not in_step()
    assert watching.once(settled=0) and in_step()
    assert not Grant.objects.filter(rule="FSL-PPV").exists() and not differing(world.child)
    assert Event.objects.filter(action="rights", detail__contains='"basis":"rules"').count() == 1
    choices.unlink()
    assert watching.once(settled=0) and in_step() and Grant.objects.filter(rule="FSL-PPV").exists()


def test_it_is_done_once(choices: Path) -> None:
    """While another process has the work, this one leaves it; when that one is done, there is nothing left to do."""
    choices.write_text(OFF)
    law_in_force.law_in_use()
    with watching._alone() as mine, watching._alone() as another:
        assert (mine, another) == (True, False)
        assert not watching.once(settled=0) and not in_step()
    assert watching.once(settled=0) and not watching.once(settled=0)


def _dies(folder: str) -> None:
    with watching._alone() as mine:
        assert mine
        os._exit(0)


def test_who_dies_at_it_leaves_it_to_another(choices: Path) -> None:
    choices.write_text(OFF)
    other = multiprocessing.get_context("fork").Process(target=_dies, args=(str(choices.parent),))
    other.start()
    other.join(10)
    assert watching.once(settled=0)


@pytest.mark.parametrize("wrong", ["rules:\n  - {id: NO-SUCH, switch: off}\n", "rules: [\n", "rules: 7\n", "\x00"])
def test_a_fault_leaves_the_law_as_it_was(
    world: World, choices: Path, wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    choices.write_text(OFF)
    assert watching.once(settled=0)
    before = fingerprint()
    choices.write_text(wrong)
    with caplog.at_level(logging.ERROR):
        assert law_in_force.law_in_use().book.rule("FSL-PPV").on is False
        assert law_in_force.fault() and law_in_force.fault() == law_in_force.fault()
    assert ["law-local.yaml is not used" in one.message for one in caplog.records if one.levelno == logging.ERROR] == [
        True
    ]
    assert not watching.once(settled=0) and in_step() and fingerprint() == before
    choices.write_text("rules: []\n")
    assert watching.once(settled=0) and not law_in_force.fault() and world.knows("kim")
    assert Grant.objects.filter(rule="FSL-PPV").exists()


def test_the_file_is_looked_at_seldom(choices: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    law_in_force.law_in_use()
    monkeypatch.setattr(law_in_force, "EVERY", 60.0)
    choices.write_text(OFF)
    assert law_in_force.law_in_use().book.rule("FSL-PPV").on and law_in_force.changes() == 0
