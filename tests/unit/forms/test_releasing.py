"""Versions: a changed form is a new one, and an old one is what it was, byte for byte."""

from dataclasses import replace

import orjson
import pytest

from barnetsbog.forms.assembling import assembled
from barnetsbog.forms.differences import beside
from barnetsbog.forms.files import read_all
from barnetsbog.forms.loading import read_lock, released, released_file
from barnetsbog.forms.reading import form_of
from barnetsbog.forms.releasing import lock_faults, release
from barnetsbog.law.rulefiles import LawFileError

from .small import ONE, written


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path)


@pytest.fixture
def forms(folder):
    return list(assembled(read_all(folder)).values())


def changed(forms, version):
    return [replace(forms[0], title="Ny titel", version=version), *forms[1:]]


def test_a_first_release_writes_every_form_and_a_second_nothing(folder, forms):
    assert [form.id for form in release(forms, folder)] == ["one", "two"]
    assert release(forms, folder) == []
    assert list(lock_faults(forms, folder)) == []


def test_a_changed_form_with_its_old_version_is_refused_and_nothing_written(folder, forms):
    release(forms, folder)
    before = released_file(folder, "one", 1).read_bytes()

    assert list(lock_faults(changed(forms, 1), folder)) == ["01-one: er ændret; hæv version til 2, og udgiv den"]
    with pytest.raises(LawFileError, match="Hæv version til 2"):
        release(changed(forms, 1), folder)
    assert released_file(folder, "one", 1).read_bytes() == before


def test_a_shared_text_that_changes_is_noticed_in_the_forms_that_use_it(folder, forms):
    release(forms, folder)
    path = folder / "sections.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Hvordan går det", "Går det godt"), encoding="utf-8")

    found = list(lock_faults(assembled(read_all(folder)).values(), folder))

    assert [fault.partition(":")[0] for fault in found] == ["01-one", "02-two"]


def test_the_old_version_stays_what_it_was(folder, forms):
    release(forms, folder)
    before = released("one", 1, folder)

    release(changed(forms, 2), folder)

    assert released_file(folder, "one", 1).read_bytes() == before
    assert form_of(orjson.loads(before)) == forms[0]
    assert sorted(read_lock(folder)["one"]) == [1, 2]
    assert list(lock_faults(changed(forms, 2), folder)) == []


def test_a_version_below_the_released_and_a_form_that_is_gone_are_faults(folder, forms):
    release(changed(forms, 2), folder)

    assert list(lock_faults(forms, folder)) == ["01-one: version 1 er ældre end den udgivne, 2"]
    assert list(lock_faults(changed(forms, 2)[:1], folder)) == ["two: er udgivet, men findes ikke længere i kilderne"]


def test_a_released_file_that_somebody_edits_is_not_used(folder, forms):
    release(forms, folder)
    path = released_file(folder, "two", 1)
    path.write_bytes(path.read_bytes().replace(b"Fra skolen", b"Fra andre!"))

    assert list(lock_faults(forms, folder)) == ["two.v1.json: mangler eller er ændret, siden den blev udgivet"]
    with pytest.raises(LawFileError, match="er ændret, siden version 1 blev udgivet"):
        released("two", 1, folder)


def test_a_version_that_is_not_released_is_a_fault(folder, forms):
    assert list(lock_faults(forms, folder)) == [
        "01-one: version 1 er ikke udgivet",
        "02-two: version 1 er ikke udgivet",
    ]


# -- side by side ------------------------------------------------------------------------------------------------------


def test_two_forms_stand_beside_each_other(forms):
    one, two = forms

    lines = beside(two, one)

    assert [line for line in lines if not line.same] == [("", "  Fravær", "Kun skole")]
    assert [line.left for line in beside(one, one)] == [line.right for line in beside(one, one)]
    assert ("  Hvorfor [felt is worse]", "  Hvorfor [felt is worse]", "") in lines


def test_a_condition_stands_as_it_is_written(tmp_path):
    said = ["felt is worse", "felt is-not worse", "absence over 9", "strengths unanswered", "strengths answered"]
    steps = [f"{{add: {{id: n{n}, kind: line, ask: Nyt, when: {one}}}, after: why}}" for n, one in enumerate(said)]
    one = ONE + "".join(f"  - {step}\n" for step in steps)
    form = assembled(read_all(written(tmp_path, one=one)))["one"]

    shown = {line.right.strip() for line in beside(form, form)}
    assert {f"Nyt [{one}]" for one in said} <= shown


def test_other_words_stand_on_the_same_line(tmp_path):
    one = ONE.replace("{add: absence, after: felt, badge: Kun skole}", "{change: felt, ask: Hvordan, badge: Kun her}")
    forms = assembled(read_all(written(tmp_path, one=one)))

    assert ("  Hvordan går det", "  Hvordan", "Kun her") in beside(forms["two"], forms["one"])
