"""The pages of the child and of the foster carer are plain: LIX at most 20 and 30, page by page; and the word list."""

import re
from pathlib import Path

import pytest
from django.utils import translation

import barnetsbog.portal
from barnetsbog.kernel.lix import lix
from barnetsbog.portal import voices
from barnetsbog.portal.wordlist import pieces, word_list
from barnetsbog.voice.rules import RIGHTS

PAGES = Path(barnetsbog.portal.__file__).parent / "templates" / "bog" / "family"
CHILD = (
    "child_front",
    "own",
    "own_note",
    "goals",
    "goal",
    "own_goal",
    "may_be_shared",
    "rights",
    "words",
    "paper",
    "company",
)
CITIZEN = ("week", "medicine", "medicine_note")
_SAID = re.compile(r'{%\s*translate "([^"]+)"|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate', re.DOTALL)


def said(page: str) -> str:
    """What a page says, each text as a sentence. What stands in it when it is shown is somebody's name or a time."""
    source = (PAGES / f"{page}.html").read_text(encoding="utf-8")
    texts = (re.sub(r"{[{%].*?[%}]}", "Kim", "".join(found)) for found in _SAID.findall(source))
    return " ".join(text if text[-1] in ".?!" else f"{text}." for text in texts)


@pytest.mark.parametrize("page", CHILD)
def test_a_child_can_read_the_page(page: str) -> None:
    assert 0 < lix(said(page)) <= 20, said(page)


@pytest.mark.parametrize("page", CITIZEN)
def test_a_foster_carer_can_read_the_page(page: str) -> None:
    assert 0 < lix(said(page)) <= 30, said(page)


def test_every_right_and_every_room_is_told_in_words_that_a_child_can_read() -> None:
    assert {*voices.RIGHTS} == {one.key for one in RIGHTS} and {*voices.ENDS} <= {*voices.RIGHTS}
    for told in (voices.RIGHTS, voices.ENDS):
        assert lix(" ".join(map(str, told.values()))) <= 20
    assert lix(" ".join(f"{one.name}. {one.question}" for one in voices.ROOMS.values())) <= 20


@pytest.mark.parametrize("one", word_list(), ids=lambda one: one.word)
def test_a_word_is_explained_in_easier_words_and_in_english(one: voices.Word) -> None:
    assert lix(one.means) <= 20, lix(one.means)
    assert one.en and one.en_means.endswith(".") and one.means.endswith(".")


def test_the_words_are_in_order_and_each_is_there_once() -> None:
    words = [one.word for one in word_list()]
    assert len(words) >= 40 and words == sorted(
        words, key=lambda one: one.casefold().translate({230: "{", 248: "|", 229: "}"})
    )
    forms = [form.casefold() for one in word_list() for form in (one.word, *one.also)]
    assert len({*forms}) == len(forms) and len({one.anchor for one in word_list()}) == len(words)


@pytest.mark.parametrize(
    "text", ["", "Henvisningen til BUP er sendt, og BUP svarer.", "Planer om en plan <b>", "æ" * 50]
)
def test_cutting_a_text_at_its_words_loses_nothing(text: str) -> None:
    assert "".join(one.text for one in pieces(text)) == text


def test_a_word_is_found_in_its_forms_and_not_within_another_word() -> None:
    found = [(one.text, one.word.word) for one in pieces("Henvisningen fra skolens planlægning til BUP") if one.word]
    assert found == [("Henvisningen", "henvisning"), ("BUP", "BUP")]


def test_the_words_of_rights_are_english_too() -> None:
    with translation.override("en"):
        english = [str(one) for one in (*voices.RIGHTS.values(), *voices.ENDS.values())]
    with translation.override("da"):
        assert not {*english} & {str(one) for one in (*voices.RIGHTS.values(), *voices.ENDS.values())}
