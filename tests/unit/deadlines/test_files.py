"""The file of deadlines: what is wrong in it is named, and an instance can shorten and switch but not lengthen."""

from pathlib import Path

import pytest

from barnetsbog.deadlines.files import FILE, load
from barnetsbog.deadlines.model import Length, Span
from barnetsbog.directory.model import SECTORS
from barnetsbog.law.rulebook import standard
from barnetsbog.law.rulefiles import LawFileError

RULES = standard().rules
GOOD = FILE.read_text(encoding="utf-8")


def test_every_deadline_that_the_law_and_we_know_is_there() -> None:
    found = load(RULES, SECTORS).deadlines
    assert len(found) == 26
    assert all(one.text and one.ends for one in found.values())


@pytest.mark.parametrize(
    ("wrong", "instead", "told"),
    [
        ("rules: [BL136]", "rules: [BL999]", "reglen BL999 findes ikke"),
        ("rules: [BL136]", "rules: []", "hviler på mindst én regel"),
        ("length: {hours: 24}", "length: {hour: 24}", "felt 'length'"),
        ("length: {hours: 24}", "length: {hours: 0}", "helt tal fra 1"),
        ("length: {hours: 24}", "length: {hours: 24, days: 1}", "felt 'length'"),
        ("length: {hours: 24}", "lenght: {hours: 24}", "feltet kendes ikke"),
        ("starts: concern", "starts: worry", "'worry' er ikke en af"),
        ("    age: 10\n", "", "hører sammen med »starts: age«"),
        ('rounds: ["05.01", "01.05", "01.10"]', 'rounds: ["31.02"]', "skal være dage som »05.01«"),
        ("closed: []", 'closed: ["29.02"]', "skal være dage som »24.12«"),
        ("closed: []", "closed: [24.10]", "skal være dage som »24.12«"),  # a number: YAML reads 24.1, that is January
        ("closed: []", 'closed: "24.12"', "skal være dage som »24.12«"),
        ("{to: leader, after: 3}", "{to: boss, after: 3}", "'boss' er ikke en af"),
        ("{to: leader, after: 3}", "{to: leader, after: 30}", "et højere trin kan ikke komme før"),
        ("{to: leader, after: 3}", "{to: coordinator, after: 3}", "hvert trin én gang"),
        ("waits: nobody", "waits: somebody", "'somebody' er ikke en af"),
        ("id: concern-receipt", "id: concern-assessed", "står to gange"),
        ("sectors: [family_dept]", "sectors: [familie]", "felt 'sectors': 'familie' kendes ikke"),
        ("unless: [plan]", "unless: [plans]", "felt 'unless': 'plans' kendes ikke"),
        ("unless: [change]", "unless: [plan]", "felt 'unless': 'plan' kendes ikke"),
        ("starts: hand", "starts: hand\n    from_age: 10", "felt 'from_age': hører til en frist, der åbner"),
        ("starts: referral", "starts: referral\n    grace: {days: 7}", "felt 'grace': hører til en frist, der åbner"),
    ],
)
def test_what_is_wrong_is_named(wrong: str, instead: str, told: str, tmp_path: Path) -> None:
    assert wrong in GOOD
    path = tmp_path / "deadlines.yaml"
    path.write_text(GOOD.replace(wrong, instead, 1), encoding="utf-8")
    with pytest.raises(LawFileError, match=told):
        load(RULES, SECTORS, path=path)


def with_local(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "deadlines-local.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_municipality_can_be_quicker_than_the_law(tmp_path: Path) -> None:
    local = with_local(
        tmp_path,
        'deadlines: [{id: concern-receipt, length: {working_days: 3}}, {id: adult-services, lead: {months: 18}}]\nclosed: ["24.12"]\n',
    )
    found = load(RULES, SECTORS, local)
    assert found.deadlines["concern-receipt"].length == Length(3, Span.WORKING_DAYS)
    assert found.deadlines["adult-services"].lead == Length(18, Span.MONTHS)
    assert found.deadlines["concern-assessed"] == load(RULES, SECTORS).deadlines["concern-assessed"]
    assert found.days.closed == {(12, 24)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("deadlines: [{id: concern-receipt, length: {working_days: 7}}]", "kan kun være kortere end 6"),
        ("deadlines: [{id: concern-assessed, length: {days: 1}}]", "kan kun være kortere end 24"),
        ("deadlines: [{id: nothing, switch: off}]", "findes ikke i deadlines.yaml"),
        ("deadlines: [{id: turns-10, title: Fest}]", "feltet kendes ikke"),
        ("ladder: []", "øverst må kun stå"),
    ],
)
def test_and_no_slower(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match=told):
        load(RULES, SECTORS, with_local(tmp_path, text))


def test_an_instance_without_a_file_of_its_own_has_the_standard(tmp_path: Path) -> None:
    assert load(RULES, SECTORS, tmp_path / "deadlines-local.yaml") == load(RULES, SECTORS)
