"""What is wrong with a file is said precisely: file, record, field. And what may not be published is refused."""

import shutil
from pathlib import Path

import pytest

from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.routing.files import HERE, RoutingError, read_local, written
from barnetsbog.routing.loading import contents_of, load, standard, with_local
from barnetsbog.routing.model import Home, Question, Urgency
from barnetsbog.routing.rules import advise

GP_ADHD = Question("gp", 9, "adhd", Urgency.PLANNED, Home.HERE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rules.yaml", "cases.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def _replaced(folder: Path, old: str, new: str, name: str = "rules.yaml") -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    level: 4", "    leevl: 4", "regel ACUTE-112, felt 'leevl': feltet kendes ikke her"),
        ("    level: 4", "    level: 10", "regel ACUTE-112, felt 'level': skal være et helt tal fra 0 til 9"),
        ("    rank: 1\n", "    rank: yes\n", "regel ACUTE-112, felt 'rank': skal være et helt tal fra 1 til 99"),
        ("to: [emergency]", "to: [emergencies]", "regel ACUTE-112, felt 'to': 'emergencies' findes ikke i filen"),
        ("from: [all]", "from: []", "regel ACUTE-112, felt 'from': mangler"),
        ("verdict: should", "verdict: must", "felt 'verdict': 'must' er ikke en af should, may, no"),
        ("verdict: should", 'verdict: "no"', "regel ACUTE-112, felt 'way': skal stå på 'should' og 'may'"),
        ("    rather: [gp]\n", "", "regel ACUTE-SCHOOL, felt 'rather': en 'no' skal sige"),
        ("    via: gp\n", "", "regel ACUTE-THROUGH, felt 'via': skal være en dør"),
        ("    fixed: yes\n", "    fixed: yes\n    below: 0\n", "felt 'below': aldrene slutter, før de begynder"),
        ("suspicion: [ppr-first]", "suspicion: [ppr-frist]", "'ppr-frist' findes ikke i filen"),
        ("- id: ACUTE-DOCTOR", "- id: ACUTE-112", "regel ACUTE-112, felt 'id': står to gange i filen"),
        ("ppr-first: [adhd,", "ppr-first: [adhf,", "felt 'ppr-first': 'adhf' findes ikke i filen"),
        ("    certain: yes\n    reason: Er barnet", "    reason: Er barnet", "felt 'certain': skal være yes/no"),
        ("groups:", "gruops:", "rules.yaml: øverst må kun stå askers, doors, groups, rules, suspicions"),
        ("- id: emergency", "- id: nodsituation", "felt 'to': 'emergency' findes ikke i filen"),
    ],
)
def test_what_is_wrong_with_the_rules_is_said(folder: Path, old: str, new: str, told: str) -> None:
    _replaced(folder, old, new)
    with pytest.raises(LawFileError) as error:
        load(folder)
    assert told in str(error.value)


def test_rules_without_the_acute_door_are_refused(folder: Path) -> None:
    text = (folder / "rules.yaml").read_text(encoding="utf-8")
    head, _, rest = text.partition("  - id: ACUTE-112")
    (folder / "rules.yaml").write_text(head + "  - id: ACUTE-DOCTOR" + rest.partition("  - id: ACUTE-DOCTOR")[2])
    with pytest.raises(RoutingError, match=r"Uden akut dør: Forælder, 0 år, Jeg ved ikke, hvad det er, haster nu"):
        load(folder)


def test_two_rules_that_contradict_each_other_are_named(folder: Path) -> None:
    _replaced(folder, "- id: G-BUP-FIRST\n    from: [gp]\n    to: [bup]\n    suspicion: [doctor-first]", "- id: G-BUP-FIRST\n    from: [gp]\n    to: [bup]\n    suspicion: [misuse]")  # fmt: skip
    with pytest.raises(RoutingError, match="reglerne G-BUP-OTHERS og G-BUP-FIRST siger begge"):
        load(folder)


def test_a_case_that_no_longer_holds_is_named(folder: Path) -> None:
    _replaced(folder, "urgency: planned, first: ppr, open: [school, gp], closed: [bup]", "urgency: planned, first: gp, open: [school, samraad], closed: [gp]", "cases.yaml")  # fmt: skip
    with pytest.raises(RoutingError) as error:
        load(folder)
    told = str(error.value)
    assert "Prøven mother-adhd-9 (En mor er bekymret for sit barn på 9 med uro): første dør er PPR" in told
    assert "Samråd skal være åben." in told and "Egen læge skal være lukket med en grund." in told


def test_ways_that_lead_round_in_a_ring_are_refused(folder: Path) -> None:
    _replaced(folder, "way: call\n    level: 1\n    rank: 12", "way: through\n    via: ppr\n    level: 1\n    rank: 12")
    with pytest.raises(RoutingError, match="fører gennem PPR, som selv fører videre"):
        load(folder)


# -- an instance's own -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rules: [{id: NONE, switch: off}]", "egne regler, regel NONE, felt 'id': reglen findes ikke"),
        ("rules: [{id: G-BUP, verdict: should}]", "regel G-BUP, felt 'verdict': feltet kendes ikke her"),
        ("rules: [{id: G-BUP, rank: 100}]", "regel G-BUP, felt 'rank': skal være et helt tal fra 1 til 99"),
        ("rules: [{id: G-BUP, reason: ''}]", "regel G-BUP, felt 'reason': mangler eller er ikke en tekst"),
        ("rules: [{id: ACUTE-112, switch: off}]", "regel ACUTE-112, felt 'switch': reglen kan ikke slukkes"),
        ("rules: [{id: G-BUP}, {id: G-BUP}]", "regel G-BUP, felt 'id': står to gange"),
        ("rules: [", "egne regler kan ikke læses: while parsing"),
        ("- rules", "egne regler: øverst må kun stå cases, rules"),
        ("cases: [{id: a, title: b, asker: gp}]", "prøve a, felt 'age': skal være et helt tal fra 0 til 17"),
        ("cases: [{id: a, title: b, age: 3, asker: x}]", "prøve a, felt 'asker': 'x' findes ikke i rules.yaml"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_instance_s_own_rules_is_said(text: str, told: str) -> None:
    with pytest.raises(LawFileError) as error:
        with_local(text)
    assert told in str(error.value)


def test_nothing_changed_is_nothing_changed() -> None:
    assert with_local("").rules == standard().rules == with_local("rules: []").rules


def test_switch_rank_and_reason_are_an_instance_s_to_change() -> None:
    book = with_local("rules: [{id: G-PPR, switch: off}, {id: G-LTT, rank: 3, reason: Ring først.}]")
    advice = advise(GP_ADHD, book)
    assert advice.first.rules == ("G-PPR-SCHOOL",)
    assert next(one for one in advice.open if one.verdict == "may").reason == "Ring først."


def test_a_rule_that_waits_can_be_switched_on() -> None:
    mother = Question("parent", 9, "adhd", Urgency.PLANNED, Home.HERE)
    assert advise(mother, with_local("rules: [{id: P-PPR-SELF, switch: on}]")).first.way == "self"


def test_a_child_left_without_a_door_is_named() -> None:
    off = ", ".join(f"{{id: {name}, switch: off}}" for name in ("O-FAM", "O-SCHOOL", "O-LTT"))
    with pytest.raises(RoutingError, match="Uden dør: En anden, der er bekymret, 0 år, Jeg ved ikke, hvad det er"):
        with_local(f"rules: [{off}]")


def test_one_fault_is_told_once_for_each_who_asks() -> None:
    with pytest.raises(RoutingError) as error:
        with_local("rules: [{id: R-PPR, switch: off}, {id: R-GP, switch: off}]")
    (told,) = str(error.value).splitlines()
    assert told.startswith("Blindgyde: Samråd for børn og unge, 0 år, Jeg ved ikke, hvad det er, haster lidt")
    assert "Reglen R-BUP siger nej til BUP" in told and told.endswith("slags spørgsmål.")


def test_a_way_through_a_door_that_was_shut_is_named() -> None:
    with pytest.raises(RoutingError, match="Reglen G-PPR fører gennem Samråd, som ikke er åben"):
        with_local("rules: [{id: G-SAM, switch: off}]")


def test_a_municipality_without_a_council_can_say_so() -> None:
    off = [name for name, rule in standard().rules.items() if rule.doors == {"samraad"} or rule.via == "samraad"]
    book = with_local("rules: [" + ", ".join(f"{{id: {name}, switch: off}}" for name in off) + "]")
    advice = advise(GP_ADHD, book)
    assert advice.first.door.id == "ppr" and advice.first.via and advice.first.via.id == "school"
    assert advice.about("samraad") is None


def test_the_program_s_own_cases_must_hold_too() -> None:
    with pytest.raises(RoutingError, match="Prøven gp-adhd-9"):
        with_local("rules: [{id: G-PPR, switch: off}, {id: G-PPR-SCHOOL, switch: off}, {id: G-BUP, rank: 1}]")


OWN_CASE = "{id: own, title: Vores egen, asker: gp, age: 9, suspicion: adhd, urgency: planned, first: %s}"


def test_an_instance_s_own_case_must_hold() -> None:
    assert "own" in with_local(f"cases: [{OWN_CASE % 'ppr'}]").cases
    with pytest.raises(RoutingError, match="Prøven own"):
        with_local(f"cases: [{OWN_CASE % 'ltt'}]")


def test_an_instance_s_own_case_takes_no_other_s_place() -> None:
    with pytest.raises(RoutingError, match="findes i forvejen"):
        with_local(f"cases: [{(OWN_CASE % 'ppr').replace('own', 'gp-adhd-9')}]")


def test_what_is_written_is_what_is_read() -> None:
    text = f"rules: [{{id: G-LTT, rank: 3, reason: 'Ring: først.'}}, {{id: G-PPR, switch: off}}]\ncases: [{OWN_CASE % 'ppr'}]"
    local = read_local(text, contents_of(standard()))
    assert read_local(written(local), contents_of(standard())) == local
