"""What an instance has a licence for: read each for itself, and kept for what was answered. All of it is invented."""

from pathlib import Path

import pytest

from barnetsbog.cli import main
from barnetsbog.forms import licences
from barnetsbog.forms.assembling import assembled
from barnetsbog.forms.checking import items_of
from barnetsbog.forms.files import read_all
from barnetsbog.forms.licensed import edition_of
from barnetsbog.forms.model import Form

from .small import FAMILY, FORM, written
from .test_licensed import OWN

FORM_OF_IT = FORM + "instrument: mood\n"
FAMILY_OF_IT = FAMILY.replace("items: [strengths, felt, why]", "scales: yes\n    items: [strengths]")
OTHER = OWN.replace("Et opdigtet spørgsmål", "Et andet opdigtet spørgsmål")
PLAIN = ["child-name", "strengths", "mood-low", "mood-total"]
ASKED = ["child-name", "mood-a", "mood-b", "mood-c", *PLAIN[1:]]


@pytest.fixture
def form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Form:
    """The form of an instrument in a catalogue of its own."""
    two = FORM_OF_IT.replace("number: 1", "number: 2").replace("id: one", "id: two")
    there = written(tmp_path / "catalogue", one=FORM_OF_IT, family=FAMILY_OF_IT, two=two)
    monkeypatch.setattr(licences, "CATALOGUE", there)
    return assembled(read_all(there))["one"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "licensed"
    found.mkdir()
    return found


def reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> licences.Licences:
    """The instance is started."""
    found = licences.read(folder)
    monkeypatch.setattr(licences, "licences_in_use", lambda: found)
    return found


def ids(form: Form) -> list[str]:
    return [item.id for item in items_of(form)]


def test_without_a_folder_there_is_nothing_to_read_and_nothing_to_complain_of(tmp_path: Path, form: Form) -> None:
    assert licences.read(tmp_path / "licensed") == licences.Licences({})


def test_a_form_is_begun_with_the_questions_that_there_is_a_licence_for(
    form: Form, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ids(form) == PLAIN
    (folder / "mood.yaml").write_text(OWN)
    reads(folder, monkeypatch)
    assert ids(licences.begun(form)) == ASKED


def test_a_broken_file_stops_nothing_and_says_which_and_why(
    form: Form, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in (
        ("a.yaml", OWN.replace("items: [a, b]", "items: [a, x]")),
        ("b.yaml", "{"),
        ("c.yaml", "\xff\x00"),
    ):
        (folder / name).write_bytes(text.encode("latin-1", "replace"))
    found = reads(folder, monkeypatch)
    assert len(found.faults) == 3 and all(name in " ".join(found.faults) for name in ("a.yaml", "b.yaml", "c.yaml"))
    assert ids(licences.begun(form)) == PLAIN
    (folder / "d.yaml").write_text(OWN)
    (folder / "e.yaml").write_text(OTHER)
    found = reads(folder, monkeypatch)
    assert ids(licences.begun(form)) == ASKED and "e.yaml" in found.faults[-1]


def test_what_was_answered_is_read_with_the_questions_that_were_asked(
    form: Form, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "mood.yaml"
    path.write_text(OWN)
    reads(folder, monkeypatch)
    first = licences.begun(form)
    path.write_text(OTHER)
    reads(folder, monkeypatch)
    now = licences.begun(form)
    assert edition_of(now) != edition_of(first) and edition_of(form) == ""
    assert licences.answered(form, edition_of(first)) == first
    assert licences.answered(form, edition_of(now)) == now
    assert licences.answered(form, "") == form
    path.unlink()
    reads(folder, monkeypatch)
    assert licences.begun(form) == form
    assert licences.answered(form, edition_of(first)) == first


def test_how_it_is_added_up_is_part_of_the_edition(form: Form, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editions = set()
    for text in (OWN, OWN.replace("items: [a, b]", "items: [a]"), OWN.replace("Aftale nr. 0.", "Aftale nr. 1.")):
        (folder / "mood.yaml").write_text(text)
        reads(folder, monkeypatch)
        editions.add(edition_of(licences.begun(form)))
    assert len(editions) == 3


def test_a_folder_that_can_not_be_written_in_is_used_all_the_same(
    form: Form, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mood.yaml").write_text(OWN)
    (folder / "brugt").write_text("no folder")
    found = reads(folder, monkeypatch)
    assert set(found.used) == {"mood"} and not found.faults


# -- on the command line -----------------------------------------------------------------------------------------------

REAL = OWN.replace("instrument: mood", "instrument: sdq-parent-4-10")
"""Invented questions under the name of an instrument of the catalogue, whose scales they do not fit."""


def test_the_check_tells_what_is_wrong_with_an_instance_s_licences(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "check", "--data", str(tmp_path)]) == 0
    assert "0 egne licenser er i orden: ingen." in capsys.readouterr().out
    (tmp_path / "licensed").mkdir()
    (tmp_path / "licensed" / "sdq.yaml").write_text(REAL)
    assert main(["forms", "check", "--data", str(tmp_path)]) == 1
    assert "licensed/sdq.yaml" in capsys.readouterr().out
