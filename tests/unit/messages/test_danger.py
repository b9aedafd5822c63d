"""What tells of danger, and what does not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.messages.danger import FILE, LOCAL, of_instance, read

OURS = read(FILE.read_text(encoding="utf-8"), FILE.name)
FINE = "numbers: [{name: Alarm, number: '112', when: Nu}]\n"


@pytest.mark.parametrize(
    "text",
    [
        "Jeg vil dø", "jeg VIL bare ikke leve mere", "Far slår mig", "Hendes far har slået hende", "Hun skærer sig", "Mor har slået mig igen", "han gør mig tit ondt",
        "jeg skærer i mig selv om natten", "jeg tænker på selvmordet", "Jeg toer ikke komme hjem",
        "My dad hits me when he is drunk", "I don\u2019t want to live", "he locked me in my room", "Far slog min lillebror",
        "jeg tør\nikke komme hjem", "Jeg tog alle mine piller. Jeg har taget tyve piller", "de låser mig inde",
    ],
)  # fmt: skip
def test_what_tells_of_danger_is_seen(text: str) -> None:
    assert OURS.told_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kan vi flytte mødet til torsdag?", "Han slår rekorder i svømning", "Hvornår får vi svar fra BUP?",
        "Jeg vil gerne døbes", "Vi har købt en ny seng", "", "   ", "Can we move the meeting to Thursday?",
        "Who is coming to my house?",
    ],
)  # fmt: skip
def test_an_ordinary_message_is_not(text: str) -> None:
    assert not OURS.told_in(text)


@given(st.text(max_size=200), st.sampled_from(["vil dø", "slår mig", "selvmord"]), st.text(max_size=200))
def test_whatever_stands_around_it(before: str, phrase: str, after: str) -> None:
    assert OURS.told_in(f"{before}. {phrase.upper()} ! {after}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("phrases: [dø]\n", "felterne phrases og numbers"),
        ("phrases: []\n" + FINE, "den må ikke være tom"),
        ("phrases: [[dø]]\n" + FINE, "liste af ord"),
        ("phrases: [dø]\nnumbers: []\n", "numbers må ikke være tom"),
        ("phrases: [dø]\nnumbers: [{name: Alarm}]\n", "name, number og when"),
        ("- dø\n", "felterne phrases og numbers"),
        ("phrases: [dø]\nphrases: [leve]\n" + FINE, "feltet 'phrases' står to gange"),
        ("phrases: [dø\n" + FINE, "danger.yaml kan ikke læses"),
        ("phrases: ['...']\n" + FINE, "har ingen ord"),
        ("phrases: ['* *']\n" + FINE, "har ingen ord"),
        ("phrases: [dø]\nnumbers: [{name: Alarm, number: [1], when: Nu}]\n", "name, number og when"),
    ],
)
def test_a_file_that_can_t_be_used_says_why(text: str, told: str) -> None:
    with pytest.raises(LawFileError, match=told):
        read(text, "danger.yaml")


def test_an_instance_has_its_own_numbers(tmp_path: Path) -> None:
    assert [one.number for one in of_instance(tmp_path).numbers][:2] == ["112", "116 111"]
    own = tmp_path / "own"
    own.mkdir()
    (own / LOCAL).write_text("phrases: [hjælp mig]\n" + FINE, encoding="utf-8")
    assert read("phrases: [dø]\nnumbers: [{name: Vagt, number: 0112, when: Nu}]", LOCAL).numbers[0].number == "0112"
    assert of_instance(own).told_in("Hjaelp mig") and not of_instance(own).told_in("jeg vil dø")
