"""A licence holder's own file: read strictly, and put into the form of its instrument. All of it here is invented."""

import pytest

from barnetsbog.forms.assembling import assembled
from barnetsbog.forms.checking import form_faults, items_of
from barnetsbog.forms.files import read_all
from barnetsbog.forms.licensed import read_licensed, with_licensed
from barnetsbog.forms.questionnaire import questionnaire_of
from barnetsbog.forms.reading import form_of
from barnetsbog.law.rulefiles import LawFileError

from .small import FAMILY, FORM, written

OWN = """
instrument: mood
version: Prøve 1
licence: Aftale nr. 0.
options: {never: {text: Aldrig, score: 0}, often: {text: Ofte, score: 2}}
items:
  - {id: a, ask: Et opdigtet spørgsmål}
  - {id: b, ask: Et til}
  - {id: c, ask: Et vendt, options: {never: {text: Aldrig, score: 2}, often: {text: Ofte, score: 0}}}
scales:
  - {id: low, items: [a, b]}
  - id: total
    items: [a, b, c]
    cutoffs:
      - {from: 0, to: 3, text: Som de fleste}
      - {from: 4, to: 6, text: Høj}
"""
FORM_OF_IT = FORM + "instrument: mood\n"
FAMILY_OF_IT = FAMILY.replace("items: [strengths, felt, why]", "scales: yes\n    items: [strengths]")


@pytest.fixture
def sources(tmp_path):
    return read_all(written(tmp_path / "catalogue", one=FORM_OF_IT, family=FAMILY_OF_IT, two=FORM_OF_IT.replace(
        "number: 1", "number: 2").replace("id: one", "id: two")))  # fmt: skip


def read_own(sources, folder, text=OWN):
    path = folder / "mood.yaml"
    path.write_text(text, encoding="utf-8")
    return read_licensed(path, sources.instruments)


def test_without_the_file_only_the_results_are_asked_for(sources):
    form = assembled(sources)["one"]

    assert [item.id for item in items_of(form)] == ["child-name", "strengths", "mood-low", "mood-total"]
    assert [item.required for item in items_of(form)][-2:] == [False, True]
    assert form.licensed.scales == ("Nedtrykt", "Samlet")


def test_with_it_the_questions_are_asked_and_the_scales_added_up(sources, tmp_path):
    form = with_licensed(assembled(sources)["one"], read_own(sources, tmp_path))
    items = {item.id: item for item in items_of(form)}

    assert list(items)[1:4] == ["mood-a", "mood-b", "mood-c"]
    assert items["mood-total"].sums == ("mood-a", "mood-b", "mood-c")
    assert form.sections[1].help == "Aftale nr. 0."
    assert not [fault for fault in form_faults(form, {"FSL-PPV"}) if "lægge" in fault]
    assert form_of(questionnaire_of(form)) == form


def test_norms_name_a_number_on_both_sides_of_their_edge(sources, tmp_path):
    scale = read_own(sources, tmp_path).scales["total"]

    assert [scale.called(score) for score in (0, 3, 4, 6, 7)] == ["Som de fleste", "Som de fleste", "Høj", "Høj", ""]


WRONG = {
    "er ikke et af mood": ("instrument: mood", "instrument: other"),
    "mindst to svar, hvert med en score": ("{text: Aldrig, score: 0}", "Aldrig"),
    "d er ikke et spørgsmål i filen": ("items: [a, b]}", "items: [a, d]}"),
    "hvert én gang": ("items: [a, b]}", "items: [a, a]}"),
    "er ikke en skala i mood": ("id: low", "id: high"),
    "kan give 6, og skalaen går til 4": ("items: [a, b]}", "items: [a, b, c]}"),
    "uden at to grænser overlapper": ("{from: 4", "{from: 3"),
    "mangler low": ("  - {id: low, items: [a, b]}\n", ""),
    "feltet kendes ikke her": ("{id: b, ask: Et til}", "{id: b, ask: Et til, weight: 3}"),
    "står to gange i filen": ("{id: b,", "{id: a,"),
    "felt 'licence': mangler": ("licence: Aftale nr. 0.\n", ""),
}


@pytest.mark.parametrize(("says", "change"), WRONG.items())
def test_a_file_that_is_wrong_is_refused_by_name(sources, tmp_path, says, change):
    assert change[0] in OWN
    with pytest.raises(LawFileError) as refused:
        read_own(sources, tmp_path, OWN.replace(*change))

    assert says in str(refused.value)
    assert "mood.yaml" in str(refused.value)


def test_another_form_is_refused(sources, tmp_path):
    licensed = read_own(sources, tmp_path)
    plain = assembled(read_all(written(tmp_path / "other")))["one"]

    with pytest.raises(LawFileError, match="er ikke skemaet til mood"):
        with_licensed(plain, licensed)
    with pytest.raises(LawFileError, match="har spørgsmålene i forvejen"):
        with_licensed(with_licensed(assembled(sources)["one"], licensed), licensed)
