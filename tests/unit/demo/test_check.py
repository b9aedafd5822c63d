"""What the check refuses in a story that could be read."""

from __future__ import annotations

from typing import Any

import pytest

from barnetsbog.demo.check import check_stories, sentences_of
from barnetsbog.demo.lix import lix, lix_of
from barnetsbog.demo.model import Cast, Story
from barnetsbog.demo.story import gather

FIRST = "01-alma.yaml, hændelse 1 »Første møde på skolen«"
ALWAYS = (
    "Barn nummer",
    "01-alma.yaml: 27 hændelser",
    "01-alma.yaml: skal have mindst to breve",
    "01-alma.yaml: 1 vigtige",
)
"""What the small story is too small for."""


@pytest.fixture
def faults(raw: dict[str, Any], write: Any, cast: Cast) -> Any:
    """The faults of the story as the test has spoiled it."""

    def found() -> list[str]:
        raw["care"] = [{"unit": unit, "from": "2017-05-07", "task": "Støtte"} for unit in cast.units]
        stories, unreadable = gather(write(raw), cast)
        assert unreadable == []
        return [fault for fault in check_stories(stories, cast) if not fault.startswith(ALWAYS)]

    return found


def test_the_small_story_is_clean(faults: Any) -> None:
    assert faults() == []


SPOILED = [
    ("title", "Samtale 3", "titlen siger ikke, hvad der skete"),
    ("title", "Klik", "titlen siger ikke, hvad der skete"),
    ("title", "Møde med referat", "titlen siger ikke, hvad der skete"),
    ("title", "Et " + "meget " * 14 + "langt møde", "titlen er på 97 tegn (højst 70)"),
    ("text", "Vi ses 3. december.", "»december« er en dato i teksten (skriv den som {2026-12-03})"),
    ("text", "Vi ses på mandag.", "»mandag« er en dato i teksten (skriv den som {2026-12-03})"),
    ("text", "Mandag ses vi.", "»Mandag« er en dato i teksten (skriv den som {2026-12-03})"),
    ("text", "Siden 2024 er det gået.", "»2024« er en dato i teksten (skriv den som {2026-12-03})"),
    ("text", "Vi ses 3/12-2026.", "»3/12-2026« er en dato i teksten (skriv den som {2026-12-03})"),
    ("text", "Vi ses {2026-12-3}.", "en dato i krøllede parenteser kan ikke læses"),
    ("text", "Vi ses {2026-02-30}.", "{2026-02-30} findes ikke i kalenderen"),
    ("text", "Nummeret er 010203-1234.", "»010203-1234« ligner et cpr-nummer"),
    ("text", "Ring på 12 34 56 78.", "telefon »12 34 56 78« er ikke i 00-serien"),
    ("text", "Skriv til kim@kommune.dk.", "mailen »kim@kommune.dk« skal slutte på @eksempel.invalid"),
]


@pytest.mark.parametrize(("field", "value", "words"), SPOILED)
def test_spoiled_words(field: str, value: str, words: str, raw: dict[str, Any], faults: Any) -> None:
    raw["events"][0][field] = value
    title = value if field == "title" else "Første møde på skolen"
    assert faults() == [f"01-alma.yaml, hændelse 1 »{title.strip()}«: {words}"]


ALLOWED = [
    "August og Maj kom kl. 10 og gik 16.30.",
    "Ring på 00 00 00 11 eller skriv til mor@eksempel.invalid.",
    "Hun er 9 år og vejer 31,5 kilo.",
    "Vi ses {2026-12-03}, som i {2024} og {2025-11}.",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_allowed_words(text: str, raw: dict[str, Any], faults: Any) -> None:
    raw["events"][0]["text"] = text
    assert faults() == []


HEADS = [
    ("cpr", "680517-9902", "cpr 680517-9902 passer ikke med født 2017-05-07 (dagen plus 60)"),
    ("cpr", "670517-9903", "cpr 670517-9903 slutter ikke rigtigt (ulige for drenge, lige for piger)"),
    ("broken_import", None, "skal have netop én ødelagt aflevering (broken_import)"),
]


@pytest.mark.parametrize(("field", "value", "words"), HEADS)
def test_spoiled_heads(field: str, value: object, words: str, raw: dict[str, Any], faults: Any) -> None:
    raw[field] = value
    assert faults() == [f"01-alma.yaml: {words}"]


def test_a_long_status(raw: dict[str, Any], faults: Any) -> None:
    raw["status"]["text"] = "ord " * 61
    assert faults() == ["01-alma.yaml, status: 61 ord (højst 60)"]


DRAFTS = [
    ("parents-histori", {}, ", felt `form`: intet skema hedder `parents-histori`"),
    ("parents-history", {"sleep": "mixed", "history-hope": "Ro."}, None),
    ("parents-history", {"hope": "Ro."}, ": skemaet spørger ikke om `hope`"),
    ("parents-history", {"sleep": "dårligt"}, ", `sleep`: Vælg et af svarene."),
    ("parents-history", {"history-hope": "Ro til maj."}, ": »maj« er en dato i teksten (skriv den som {2026-12-03})"),
]


@pytest.mark.parametrize(("form", "answers", "words"), DRAFTS)
def test_what_is_begun_fits_its_form(
    form: str, answers: dict[str, str], words: str | None, raw: dict[str, Any], faults: Any
) -> None:
    raw["drafts"] = [{"by": "mor", "form": form, "answers": answers}]
    assert faults() == ([f"01-alma.yaml, drafts 1{words}"] if words else [])


def test_a_sentence_stands_once(raw: dict[str, Any], faults: Any) -> None:
    raw["events"][1]["text"] = "Vi begyndte. Hun tegnede en stor hest!"
    raw["events"][4]["text"] = "Kort sagt: ja. Hun tegnede en stor hest."
    (fault,) = faults()
    assert "hændelse 5" in fault and "»hun tegnede en stor hest« står også i 01-alma.yaml, hændelse 2" in fault


def test_a_later_version_may_repeat_the_earlier(raw: dict[str, Any], faults: Any) -> None:
    raw["events"][1]["text"] = "Hun tegnede en stor hest."
    raw["events"][1]["changed"] = [{"at": "2026-01-11", "by": "maja", "text": "Hun tegnede en stor hest. Og en til."}]
    assert faults() == []


TIMES = [
    (6, "at", "2016-01-01", "sker før barnet er født"),
    (0, "at", "2026-12-24", "ligger efter i dag"),
    (10, "until", "2025-01-01", "felt `until`: ligger før hændelsen selv"),
    (17, "due", "2026-01-01", "felt `due`: ligger før hændelsen selv"),
    (17, "changed", [{"at": "2026-11-01", "by": "kim", "holder": "bo"}], "er ændret, før den er skrevet"),
    (17, "changed", [{"at": "2026-12-01", "by": "kim", "holder": "bo"}], "er ændret efter i dag"),
    (16, "changed", [{"at": "2026-11-09", "by": "kim", "state": "modtaget"}, {"at": "2026-11-08", "by": "kim", "state": "mangler"}],
     "ændringerne står ikke i rækkefølge"),
    (17, "waits_for", ["svaret"], "felt `waits_for`: `svaret` findes ikke"),
    (22, "goals", ["ro", "start"], "felt `goals`: intet mål hedder `start`"),
    (15, "at", "2026-05-01", "felt `at`: en aftale skal have et klokkeslæt"),
    (1, "at", "2026-01-10", "felt `at`: der er ikke skole 2026-01-10"),
    (1, "at", "2026-02-11", "felt `at`: der er ikke skole 2026-02-11"),
    (1, "at", "2026-10-14", "felt `at`: der er ikke skole 2026-10-14"),
    (1, "at", "2026-07-08", "felt `at`: der er ikke skole 2026-07-08"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "field", "value", "words"), TIMES)
def test_what_does_not_fit_together(
    number: int, field: str, value: object, words: str, raw: dict[str, Any], faults: Any
) -> None:
    raw["events"][number][field] = value
    found = faults()
    (fault,) = found
    assert fault.startswith(f"01-alma.yaml, hændelse {number + 1} ") and fault.endswith(words)


def test_a_key_is_used_once(raw: dict[str, Any], faults: Any) -> None:
    raw["events"][1]["key"] = "start"
    assert faults() == ["01-alma.yaml: nøglen `start` bruges 2 gange"]


def test_the_script_lies_ahead(raw: dict[str, Any], faults: Any) -> None:
    raw["script"][0]["at"] = "2026-11-25"
    (fault,) = faults()
    assert fault.endswith("står i `script`, men ligger ikke efter i dag")


def test_a_writer_has_a_task_with_the_child(story: Story, cast: Cast) -> None:
    strangers = [fault for fault in check_stories([story], cast) if "har ingen opgave" in fault]
    assert [fault.rpartition("felt")[2] for fault in strangers] == [
        " `by`: visitator (bup_vis) har ingen opgave i `care` på det tidspunkt"
    ]


def test_the_twenty(story: Story, cast: Cast) -> None:
    faults = check_stories([story, story], cast)
    assert "Barn nummer 2 mangler" in faults and "Barn nummer 20 mangler" in faults
    assert "Barn nummer 1 mangler" not in faults
    assert "kaldenavn Alma bruges af flere børn" in faults


def test_sentences_are_compared_as_words() -> None:
    assert sentences_of("Kom kl. 10 i dag, sagde hun. »Ja!« Det var godt.\n\nHUN GIK SÅ HJEM") == [
        "kom kl 10 i dag sagde hun",
        "hun gik så hjem",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Hun gik hjem.", 3),
        ("Hun gik. Han kom.", 2),
        ("Undersøgelsen begynder.", 102),
        ("Vi ses kl. 10.15 i dag.", 5),
    ],
)
def test_lix(text: str, expected: int) -> None:
    assert lix(text) == expected


def test_lix_of_an_entry(story: Story) -> None:
    assert lix_of(story.events[1]) == 29, "four words, one of them long"
