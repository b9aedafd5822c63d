"""Base and overlay: what they become, and each way in which they don't fit, told by file and by name."""

import pytest

from barnetsbog.forms import model
from barnetsbog.forms.assembling import assembled
from barnetsbog.forms.checking import drift, faults, form_faults, items_of, voices
from barnetsbog.forms.files import read_all
from barnetsbog.forms.model import Op, Party
from barnetsbog.law.rulefiles import LawFileError

from .small import FAMILY, FORM, ONE, SECTIONS, TWO, written

LAW = {"FSL-PPV"}


def forms_of(folder, **changes):
    return assembled(read_all(written(folder, **changes)))


def faults_of(folder, **changes):
    return list(form_faults(forms_of(folder, **changes)["one"], LAW))


def overlay(*steps):
    return FORM + "overlay:\n" + "".join(f"  - {step}\n" for step in steps)


def ids(form):
    return [item.id for item in items_of(form)]


# -- what they become --------------------------------------------------------------------------------------------------


def test_a_variant_is_its_family_with_its_overlay(tmp_path):
    forms = forms_of(tmp_path)

    assert ids(forms["two"]) == ["child-name", "strengths", "felt", "why"]
    assert ids(forms["one"]) == ["child-name", "strengths", "felt", "absence", "why"]
    assert forms["one"].title == "Fra skolen"
    assert forms["one"].parts[0].party is Party.SCHOOL
    assert [item.marked for item in items_of(forms["one"])] == ["", "", "", "Kun skole", ""]
    assert next(item for item in items_of(forms["one"]) if item.id == "why").when.tests == (
        model.Test("felt", Op.IS, "worse"),
    )


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["{drop: strengths}"], ["child-name", "felt", "why"]),
        (["{drop: the-child}"], ["strengths", "felt", "why"]),
        (["{add: absence, before: felt}"], ["child-name", "strengths", "absence", "felt", "why"]),
        (["{add: absence, after: everyday}"], ["child-name", "strengths", "felt", "why", "absence"]),
        (["{add: absence, before: everyday}"], ["child-name", "absence", "strengths", "felt", "why"]),
        (
            ["{add: {id: new, title: Nyt, items: [absence]}, before: everyday}"],
            ["child-name", "absence", "strengths", "felt", "why"],
        ),
        (
            ["{add: {id: own, kind: line, ask: Eget}, after: strengths}", "{drop: why}"],
            ["child-name", "strengths", "own", "felt"],
        ),
    ],
)
def test_what_an_overlay_can_do(tmp_path, steps, expected):
    assert ids(forms_of(tmp_path, one=overlay(*steps))["one"]) == expected


def test_a_change_is_in_the_wording_alone(tmp_path):
    form = forms_of(tmp_path, one=overlay("{change: strengths, ask: Hvad kan barnet, required: yes, badge: Kun her}"))[
        "one"
    ]
    changed = next(item for item in items_of(form) if item.id == "strengths")

    assert (changed.ask, changed.required, changed.marked) == ("Hvad kan barnet", True, "Kun her")


# -- each way in which they don't fit ----------------------------------------------------------------------------------

NEW = "{add: {id: new, kind: line, ask: Nyt, when: %s}, before: strengths}"
STEPS = {
    "der er intet felt eller afsnit, der hedder nowhere": ["{drop: nowhere}"],
    "felt nowhere: findes ikke i sections.yaml": ["{add: nowhere, after: felt}"],
    "felt strengths: ændringen ændrer intet": ["{change: strengths, ask: Hvad er barnet godt til}"],
    "afsnit everyday: ændringen ændrer intet": ["{change: everyday, title: Hverdag}"],
    "felt strengths: står i sections.yaml; brug navnet alene": [
        "{add: {id: strengths, kind: line, ask: Andet}, after: felt}"
    ],
    "der spørges ikke om nowhere": [NEW % "nowhere is x"],
    "der spørges ikke om felt, før det her": [NEW % "felt is worse"],
    "'best' er ikke et svar, som felt kan have": ["{change: why, when: felt is best}"],
    "felt er ikke et tal": ["{change: why, when: felt over 3}"],
    "'9.5' er ikke et svar, som absence kan have": [
        "{add: absence, before: felt}",
        "{change: why, when: absence under 9.5}",
    ],
    "brug enten 'and' eller 'or'": ["{change: why, when: felt is worse or felt is better and strengths answered}"],
    "'felt was worse' skal være som": ["{change: why, when: felt was worse}"],
    "et trin skal sige enten before eller after": ["{add: absence}"],
    "felt 'kind': feltet kendes ikke her": ["{change: felt, kind: line}"],
    "et felt har ingen title": ["{change: felt, title: Andet}"],
    "et felt har ingen part": ["{change: felt, part: sender}"],
    "kun title, help, when og part kan ændres, ikke ask": ["{change: everyday, ask: Andet}"],
    "afsnittet new skal stå ved et afsnit": ["{add: {id: new, title: Nyt, items: [absence]}, after: felt}"],
    "feltet 'ask' står to gange": ["{change: felt, ask: A, ask: B}"],
    "svarlisten nolist findes ikke": ["{add: {id: new, kind: choice, ask: Nyt, options: nolist}, after: felt}"],
    'skriv "yes" og "no" i anførselstegn': [
        "{add: {id: new, kind: choice, ask: Nyt, options: {yes: Ja, no: Nej}}, after: felt}"
    ],
}


@pytest.mark.parametrize(("says", "steps"), STEPS.items())
def test_a_step_that_does_not_fit_is_refused_by_name(tmp_path, says, steps):
    with pytest.raises(LawFileError) as refused:
        forms_of(tmp_path, one=overlay(*steps))

    assert says in str(refused.value)
    assert "01-one.yaml" in str(refused.value)


FORMS = {
    "familien V9 findes ikke": FORM.replace("family: V1", "family: V9"),
    "ordet place mangler": FORM.replace("words: {place: skolen}\n", ""),
    "person bruges ikke": FORM.replace("{place: skolen}", "{place: skolen, person: læreren}"),
    "felt 'sender': 'nobody' er ikke en af": FORM.replace("[school]", "[nobody]"),
    "felt 'receiver': 'police' er ikke en af": FORM.replace("[ppr]", "[police]"),
    "felt 'blocks': mangler": FORM.replace("[TI]", "[]"),
    "felt 'version': skal være et helt tal fra 1": FORM.replace("version: 1", "version: 0"),
    "filen skal hedde som sit nummer": FORM.replace("number: 1", "number: 7"),
    "er de samme som familiens": FORM + 'parts: [{id: sender, party: sender, title: "{place}"}]\n',
    "har ingen sections; brug overlay": FORM + "sections: [{use: the-child}]\n",
    "har title, parts og sections": FORM.replace("family: V1\n", ""),
    "redskabet none findes ikke": FORM + "instrument: none\n",
    "øverst må kun stå": FORM + "colour: red\n",
}


@pytest.mark.parametrize(("says", "one"), FORMS.items())
def test_a_form_that_does_not_fit_is_refused_by_name(tmp_path, says, one):
    with pytest.raises(LawFileError) as refused:
        forms_of(tmp_path, one=one)

    assert says in str(refused.value)
    assert "01-one.yaml" in str(refused.value)


TWO_PARTS = FAMILY.replace("sections:", "  - {id: parents, party: parent, title: Forældre}\nsections:", 1)
TO_PARENTS = "{change: everyday, part: parents}"
AFTER_IT = "{add: {id: new, title: Nyt, items: [absence]}, after: everyday}"


@pytest.mark.parametrize(
    ("steps", "whose"),
    [
        ([TO_PARENTS, AFTER_IT], {"the-child": "", "everyday": "parents", "new": "parents"}),
        ([AFTER_IT, TO_PARENTS], {"the-child": "", "everyday": "parents", "new": ""}),
    ],
)
def test_an_overlay_says_whose_a_section_is_and_a_new_one_belongs_to_who_has_the_one_beside(tmp_path, steps, whose):
    form = forms_of(tmp_path, family=TWO_PARTS, one=overlay(*steps))["one"]

    assert {section.id: section.part for section in form.sections} == whose


FAULTS = {
    "lovreglen BL999 findes ikke": {"one": ONE.replace("FSL-PPV", "BL999")},
    "strengths står 2 gange": {"one": overlay("{add: strengths, after: felt}")},
    "afsnit everyday: skemaet har flere dele, så sig, hvem der svarer på »Hverdag«": {"family": TWO_PARTS},
    "del parents: »Forældre« har ingen afsnit": {"family": TWO_PARTS},
    "afsnit everyday: delen nobody findes ikke": {"one": overlay("{change: everyday, part: nobody}")},
    "afsnit everyday: er tomt": {"one": overlay("{drop: strengths}", "{drop: why}", "{drop: felt}")},
    "mindst to svar hører til choice": {
        "sections": SECTIONS.replace("{better: Bedre, worse: Værre}", "{worse: Værre}")
    },
    "fill: child.shoe findes ikke": {"sections": SECTIONS.replace("child.name}", "child.shoe}")},
    "low skal være mindre end high": {"sections": SECTIONS.replace("high: 100", "high: 0")},
    "kun tekst har limit": {"one": overlay("{change: felt, limit: 3}")},
    "teksten har 221 tegn og må have 220": {"one": overlay(f"{{change: felt, ask: {'a' * 221}}}")},
    "kun en gruppe kan gentages": {"one": overlay("{add: {id: n, kind: line, ask: Nyt, most: 0}, after: felt}")},
    "becomes: shoe er ikke en af": {
        "one": overlay("{add: {id: n, kind: line, ask: Nyt, becomes: {what: shoe}}, after: felt}")
    },
    "becomes: feltet felt er ikke i n": {
        "one": overlay("{add: {id: n, kind: line, ask: Nyt, becomes: {what: goal, parts: {felt: what}}}, after: felt}")
    },
    "kan ikke lægge felt sammen": {"one": overlay("{add: {id: n, kind: number, ask: Nyt, sums: [felt]}, after: felt}")},
    "en tekst at læse kan ikke": {"one": overlay("{add: {id: n, kind: shown, ask: Læs, help: Mere}, after: felt}")},
    "del sender: LIX er": {
        "one": overlay("{change: felt, ask: Pædagogisk-psykologiske undersøgelsesproblematikker foranstaltes}")
    },
}


@pytest.mark.parametrize(("says", "changes"), FAULTS.items())
def test_a_fault_of_a_form_is_told(tmp_path, says, changes):
    assert any(says in fault for fault in faults_of(tmp_path, **changes))


def test_the_small_catalogue_has_no_fault(tmp_path):
    assert faults_of(tmp_path) == []


# -- drift -------------------------------------------------------------------------------------------------------------

OWN = "{add: {id: own, kind: %s, ask: Eget}, after: felt}"


@pytest.mark.parametrize(
    "other",
    [
        "kind: words, ask: Eget", "kind: number, ask: Eget, unit: dage", "kind: line, ask: Eget, fill: child.name",
        "kind: line, ask: Eget, anew: yes", "kind: line, ask: Eget, becomes: {what: goal}",
    ],
)  # fmt: skip
def test_the_same_id_with_another_meaning_is_drift(tmp_path, other):
    two = TWO + f"overlay:\n  - {{add: {{id: own, {other}}}, after: felt}}\n"

    found = list(drift(forms_of(tmp_path, one=overlay(OWN % "line"), two=two).values()))

    assert found == ["felt own betyder ikke det samme i one og i two"]


def test_other_words_for_the_same_question_are_no_drift(tmp_path):
    two = TWO + "overlay:\n  - {add: {id: own, kind: line, ask: Sagt anderledes, required: yes}, after: felt}\n"

    assert list(drift(forms_of(tmp_path, one=overlay(OWN % "line"), two=two).values())) == []


def test_a_child_and_an_adult_never_answer_the_same_question(tmp_path):
    two = TWO.replace("[school]", "[child]")

    found = list(voices(forms_of(tmp_path, two=two).values()))

    assert "felt strengths svarer barnet på i two og en voksen i one; giv barnet sit eget felt" in found
    assert not any("child-name" in one for one in found)  # what the book knows is nobody's words


def test_two_variants_that_ask_the_same_are_one_form(tmp_path):
    forms = forms_of(tmp_path, one=FORM)

    assert any("one og two spørger om det samme" in fault for fault in faults(forms.values(), LAW))
