"""A form with a licence holder's questions: filled in, added up, sent and extracted. The instrument is invented."""

from pathlib import Path

import pytest

from barnetsbog.forms import licences
from barnetsbog.forms.assembling import assembled
from barnetsbog.forms.files import read_all
from barnetsbog.forms.model import Form
from barnetsbog.kernel.decisions import Refused
from barnetsbog.record.models import Entry
from tests.conftest import BOTH_DATABASES
from tests.unit.forms.small import FAMILY, FORM, written
from tests.unit.forms.test_licensed import OWN

from .conftest import Catalogue, School

pytestmark = BOTH_DATABASES


@pytest.fixture
def mood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> Form:
    """The form of the instrument, in the catalogue; and the folder of the instance, empty."""
    family = FAMILY.replace("items: [strengths, felt, why]", "scales: yes\n    items: [strengths]")
    form = FORM + "instrument: mood\n"
    two = form.replace("number: 1", "number: 2").replace("id: one", "id: two")
    there = written(tmp_path / "catalogue", one=form, family=family, two=two)
    monkeypatch.setattr(licences, "CATALOGUE", there)
    found = assembled(read_all(there))["one"]
    catalogue.publishes(found)
    (tmp_path / "licensed").mkdir()
    return found


def has_a_licence(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str = OWN) -> None:
    (folder / "licensed" / "mood.yaml").write_text(text)
    found = licences.read(folder / "licensed")
    assert not found.faults
    monkeypatch.setattr(licences, "licences_in_use", lambda: found)


def test_it_is_filled_in_added_up_and_extracted_and_read_so_when_the_licence_is_another(
    school: School, mood: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_a_licence(tmp_path, monkeypatch)
    school.may_tell_ppr()
    ident = school.begins("maja", "one")
    school.writes("maja", ident, {"mood-a": "often", "mood-b": "often", "mood-c": "never", "strengths": "Tegner"})
    school.sends("maja", ident)
    scores = {row.title: row for row in Entry.objects.filter(what="measure")}
    assert sorted(scores) == ["Prøveskema om humør: Nedtrykt", "Prøveskema om humør: Samlet"]
    opened = school.reads("maja", ident)
    assert opened.response.answers["mood-total"] == (6.0,) and opened.response.answers["mood-low"] == (4.0,)
    has_a_licence(tmp_path, monkeypatch, OWN.replace("Et opdigtet spørgsmål", "Et andet"))
    again = school.reads("maja", ident)
    assert again.form == opened.form and again.response.answers == opened.response.answers
    assert again.newest != again.form


def test_what_was_begun_without_a_licence_stays_a_form_of_results(
    school: School, mood: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = school.begins("maja", "one")
    has_a_licence(tmp_path, monkeypatch)
    assert school.reads("maja", ident).form == mood
    school.may_tell_ppr()
    school.writes("maja", ident, {"mood-total": 5.0})
    school.sends("maja", ident)
    assert school.reads("maja", ident).response.answers["mood-total"] == (5.0,)


def test_a_question_that_is_not_answered_is_asked_for(
    school: School, mood: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_a_licence(tmp_path, monkeypatch)
    school.may_tell_ppr()
    ident = school.begins("maja", "one")
    school.writes("maja", ident, {"mood-a": "often"})
    with pytest.raises(Refused):
        school.sends("maja", ident)
