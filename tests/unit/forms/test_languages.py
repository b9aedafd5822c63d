"""Forms in other languages: what is translated, what is offered, what the check refuses, and there and back as FHIR."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from barnetsbog.fhir.checking import check
from barnetsbog.forms.assembling import assembled
from barnetsbog.forms.files import read_all
from barnetsbog.forms.languages import asked, faults, in_languages, offered, worded
from barnetsbog.forms.model import Kind, Option, Part, Party, Section, Wording
from barnetsbog.forms.questionnaire import questionnaire_of
from barnetsbog.forms.reading import read
from barnetsbog.forms.translations import PAGE, Translation
from barnetsbog.forms.translations import read_all as read_translations
from barnetsbog.law.rulefiles import LawFileError
from tests.unit.forms.inventing import form, group, line
from tests.unit.forms.test_reading import forms

SOURCES = read_all()
CATALOGUE = assembled(SOURCES)
SLEEP = line(
    "soevn", kind=Kind.CHOICE, ask="Hvordan sover barnet?", options=(Option("a", "Godt"), Option("b", "Skidt"))
)
ASKED = form(
    title="Før mødet",
    law_text="Prøveloven.",
    parts=(Part("skole", Party.SCHOOL, "Skolen"), Part("hjem", Party.PARENT, "Forældrene"), Part("barn", Party.CHILD, "Dig")),
    sections=(
        Section("s", "Skolen", "skole", (line("klasse", ask="Hvordan går timerne?"),)),
        Section("h", "Hjemme", "hjem", (SLEEP, group("mad", line("ret", ask="Hvilken ret?"))), "Spring over."),
        Section("b", "Om dig", "barn", (line("ven", ask="Barnets venner", child="Hvem leger du med?"),)),
    ),
)  # fmt: skip
WORDS = {
    "Før mødet": "Before the meeting", "Forældrene": "The parents", "Dig": "You", "Hjemme": "At home", "Spring over.": "Skip.",
    "Hvordan sover barnet?": "How does the child sleep?", "Godt": "Well", "Skidt": "Badly", "Mad": "Food",
    "Hvilken ret?": "Which dish?", "Om dig": "About you", "Hvem leger du med?": "With whom do you play?",
}  # fmt: skip


def translation(words: dict[str, str] = WORDS, *forms: str, language: str = "en") -> Translation:
    return Translation(f"{language}.yaml", language, "English", False, False, forms or (ASKED.id,), {}, words)


def test_what_the_family_reads_is_worded_and_everything_else_is_as_it_was() -> None:
    found = worded(in_languages(ASKED, [translation()]), "en")
    assert [text for _, text in asked(found)] == [WORDS[text] for _, text in asked(ASKED)]
    school, home, _child = found.sections
    assert school == ASKED.sections[0] and found.parts[0] == ASKED.parts[0]  # the school reads Danish
    assert [item.id for item in home.items] == ["soevn", "mad"] and [one.code for one in home.items[0].options] == [
        "a",
        "b",
    ]


@pytest.mark.parametrize("lacking", WORDS)
def test_a_language_in_which_anything_is_lacking_is_not_offered(lacking: str) -> None:
    some = {danish: text for danish, text in WORDS.items() if danish != lacking}
    found = in_languages(ASKED, [translation(some)])
    assert offered(found) == {} and worded(found, "en") == found
    (told,) = faults([found], [translation(some)])
    assert f"»{lacking}« er ikke oversat" in told and told.startswith("en.yaml, ")


def test_a_translation_of_what_is_not_there_is_refused() -> None:
    told = list(faults([ASKED], [translation(WORDS | {"Hvordan går timerne?": "How are lessons?"}, ASKED.id, "intet")]))
    assert told == [
        "en.yaml: skemaet intet findes ikke",
        "en.yaml: »Hvordan går timerne?« står ikke i nogen af skemaerne",
    ]


def test_a_danish_text_that_is_worded_anew_takes_the_language_away_until_it_is_translated() -> None:
    anew = replace(ASKED, title="Inden mødet")
    assert offered(in_languages(ASKED, [translation()])) and not offered(in_languages(anew, [translation()]))


# -- the catalogue's own -----------------------------------------------------------------------------------------------


def test_nothing_is_lacking_in_the_catalogue_s_translations() -> None:
    assert list(faults(CATALOGUE.values(), SOURCES.translations)) == []
    assert {one.language for one in SOURCES.translations} == {"en", "ar"}


@pytest.mark.parametrize("one", SOURCES.translations, ids=lambda one: one.language)
def test_a_translation_is_in_its_own_language(one: Translation) -> None:
    told = [*one.texts.values(), *one.page.values()]
    if one.language == "ar":
        assert [text for text in told if not re.search(r"[\u0600-\u06ff]", text)] == [] and one.rtl
    assert [text for text in told if re.search("[æøåÆØÅ]", text)] == []
    assert one.page.keys() == PAGE


# -- files -------------------------------------------------------------------------------------------------------------

FILE = """
language: en
name: English
forms: [one]
page: {answer_yes: "Yes", answer_no: "No", no_answer: None, optional: optional, go_on: Next, keep: Keep, unchecked: Ask}
texts: {Barnet: The child}
"""


def test_a_file_is_read_as_it_stands(tmp_path) -> None:
    (tmp_path / "en.yaml").write_text(FILE)
    (found,) = read_translations(tmp_path)
    assert found.texts == {"Barnet": "The child"} and found.forms == ("one",) and not found.checked and not found.rtl


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("language: en", "language: de", "skal være en"),
        ("name: English", "navn: English", "må kun stå"),
        ("keep: Keep, ", "", "skal være answer_no"),
        ("Barnet: The child", "Barnet: [The child]", "dansk tekst: oversættelse"),
        ("Barnet: The child", 'Barnet: " "', "dansk tekst: oversættelse"),
    ],
)
def test_a_file_that_says_something_else_is_refused(tmp_path, right: str, wrong: str, told: str) -> None:
    assert right in FILE
    (tmp_path / "en.yaml").write_text(FILE.replace(right, wrong))
    with pytest.raises(LawFileError, match=told):
        read_translations(tmp_path)


# -- FHIR --------------------------------------------------------------------------------------------------------------


@given(forms(), st.data())
@settings(max_examples=60, deadline=None)
def test_any_form_in_any_languages_comes_back_the_same(made, data) -> None:
    texts = sorted({text for _, text in asked(made)} | {made.title})
    some = st.dictionaries(st.sampled_from(texts), st.text(st.characters(categories=("L",)), min_size=1), min_size=1)
    made = replace(
        made,
        languages=tuple(Wording(code, data.draw(some), data.draw(st.booleans())) for code in data.draw(_LANGUAGES)),
    )

    questionnaire = questionnaire_of(made)

    assert [issue for issue in check(questionnaire) if issue.severity == "error"] == []
    assert read(json.loads(json.dumps(questionnaire))) == (made, ())


_LANGUAGES = st.sets(st.sampled_from(["ar", "en", "so"])).map(sorted)


def test_the_standard_s_own_extension_stands_at_the_text() -> None:
    made = questionnaire_of(in_languages(ASKED, [translation()]))
    assert made["language"] == "da" and made["title"] == "Før mødet"
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": "Before the meeting"}]
    assert made["_title"] == {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}]
    }


def test_what_others_have_translated_in_two_ways_is_told() -> None:
    made = questionnaire_of(in_languages(ASKED, [translation()]))
    home = made["item"][1]
    home["item"][1]["text"] = "Hjemme"
    home["item"][1]["_text"]["extension"][0]["extension"][1]["valueString"] = "Home"
    found = read(made)
    assert found.form and found.form.languages[0].words["Hjemme"] == "At home"
    assert any("oversat på to måder til en" in one for one in found.unsupported)
