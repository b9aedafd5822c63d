"""Who may ask for what, what may be told of it, and when an answer is whole."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.law_in_force import standard
from barnetsbog.deadlines.in_use import deadlines_in_use
from barnetsbog.kernel.decisions import Outcome
from barnetsbog.requests import rules
from barnetsbog.requests.mapping import answered, decided, registered, request_of
from barnetsbog.requests.model import Answer, Asker, Case, Ground, Paper, Request, State, Verdict

MOTHER = Asker("RelatedPerson/mor", "Julie", "mor", custody=True, cleared=True)
FATHER = MOTHER._replace(reference="RelatedPerson/far", name="Nikolaj", custody=False)
TODAY = date(2026, 11, 25)
CHILD = Case(Ground.ACCESS, "school", 8, cleared=True)
YOUNG = replace(CHILD, age=17)
WITHOUT = replace(CHILD, ground=Ground.ORIENTATION)
CASES = st.builds(
    Case, st.sampled_from(Ground), st.sampled_from(("school", "bup", "family_dept")),
    st.none() | st.integers(0, 17), st.booleans(),
)  # fmt: skip


def paper(case: Case, class_: str = "O", *names: str) -> Paper:
    return Paper(uuid4(), "Samtale", "meeting", 0, class_, names, rules.advise(class_, names, case))


def said(case: Case, verdict: Verdict, *papers: Paper) -> str:
    found = rules.may_decide(case, papers, verdict)
    return "" if found.allowed else found.reason


def refusing(**more: object) -> Verdict:
    told = {"reason": "Det handler om andre.", "complaint": "Skriv til os.", **more}
    return Verdict(Answer.REFUSED, **told)  # type: ignore[arg-type]


# -- asking ------------------------------------------------------------------------------------------------------------


def test_the_right_follows_from_custody_and_nobody_chooses_it() -> None:
    assert (rules.ground(MOTHER), rules.ground(FATHER)) == (Ground.ACCESS, Ground.ORIENTATION)


@pytest.mark.parametrize(
    ("who", "about", "day", "why"),
    [
        (None, "Alt", TODAY, "Vælg en forælder"), (MOTHER, " ", TODAY, "Skriv"),
        (MOTHER, "Alt", date(2026, 11, 26), "frem i tiden"), (MOTHER, "Alt", TODAY, ""), (FATHER, "Alt", TODAY, ""),
    ],
)  # fmt: skip
def test_a_request_says_who_what_and_when(who: Asker | None, about: str, day: date, why: str) -> None:
    found = rules.may_register(who, about, day, TODAY, 17)
    assert found.allowed is not bool(why) and why in found.reason
    assert "fyldt 18" in rules.may_register(who, about, day, TODAY, 18).reason
    assert rules.may_register(who, about, day, TODAY, None).allowed is found.allowed


@pytest.mark.parametrize(
    ("said", "somebody", "found"),
    [
        ("Vi talte med Mette, som var træt.", "Mette Prøvegaard", True), ("Mettes arbejde", "Mette Prøvegaard", True),
        ("Jonas' bil", "Jonas", True), ("(Anne-Marie)", "Anne-Marie Holm", True), ("Mettelise", "Mette", False),
        ("per uge", "Per", False), ("Noget", "", False),
    ],
)  # fmt: skip
def test_who_else_a_paper_tells_of(said: str, somebody: str, found: bool) -> None:
    assert rules.tells_of(somebody, said) is found


# -- each paper --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("class_", "names", "case", "outcome", "rule"),
    [
        ("O", (), CHILD, Outcome.ALLOWED, "FVL9"), ("H", (), replace(CHILD, sector="bup"), Outcome.ALLOWED, "SL37"),
        ("O", ("Jonas",), CHILD, Outcome.REVIEW, "FVL15"), ("X", (), CHILD, Outcome.REVIEW, "OWN-NO-UNMASK"),
        ("O", (), YOUNG, Outcome.REVIEW, "FVL15"), ("H", (), YOUNG, Outcome.REVIEW, "SL92A"),
        ("O", (), replace(CHILD, age=None), Outcome.REVIEW, "FVL15"), ("O", (), WITHOUT, Outcome.REVIEW, "FAL23"),
        ("P", (), CHILD, Outcome.REFUSED, "BL5-TALK"), ("P", (), WITHOUT, Outcome.REFUSED, "BL5-TALK"),
        ("O", (), replace(CHILD, cleared=False), Outcome.REFUSED, "OWN-NO-UNMASK"),
        ("M", (), CHILD, Outcome.REFUSED, "BL18"),
    ],
)  # fmt: skip
def test_what_the_law_says_of_a_paper(
    class_: str, names: tuple[str, ...], case: Case, outcome: Outcome, rule: str
) -> None:
    found = rules.advise(class_, names, case)
    assert found.outcome is outcome and rule in found.rules and found.reason


@given(CASES, st.sampled_from("OFHPXM"), st.lists(st.sampled_from(("Jonas", "Otto")), unique=True))
def test_more_doubt_never_opens_a_paper(case: Case, class_: str, names: list[str]) -> None:
    order = [Outcome.ALLOWED, Outcome.REVIEW, Outcome.REFUSED]
    before = order.index(rules.advise(class_, names, case).outcome)
    for other in (
        rules.advise(class_, [*names, "Sara"], case), rules.advise(class_, names, replace(case, cleared=False)),
        rules.advise(class_, names, replace(case, age=None)),
        rules.advise(class_, names, replace(case, ground=Ground.ORIENTATION)), rules.advise("P", names, case),
    ):  # fmt: skip
        assert order.index(other.outcome) >= before


def test_every_rule_that_is_named_is_the_rulebooks_and_every_clock_is_there() -> None:
    named = {
        rules.HOLDER, rules.PARTY, rules.WEIGHING, rules.JOURNAL, rules.WITHOUT, rules.REASONED, rules.TALK,
        rules.RISK, rules.ADDRESS, rules.OWN_HEALTH,
    }  # fmt: skip
    assert named <= set(standard().rules)
    clocks = [deadlines_in_use().deadlines[one] for one in rules.CLOCKS.values()]
    assert [one.certain for one in clocks] == [False, False]


# -- the answer --------------------------------------------------------------------------------------------------------


def test_a_no_has_a_reason_and_says_how_to_complain() -> None:
    assert said(CHILD, refusing()) == ""
    assert "skal have en grund" in said(CHILD, refusing(reason=" "))
    assert "klages" in said(CHILD, refusing(complaint=""))
    assert rules.REASONED in rules.may_decide(CHILD, (), refusing()).rules


def test_partly_is_a_no_too_and_gives_something() -> None:
    partly = Verdict(Answer.PARTLY, told="Han trives.", reason="Resten handler om mor.", complaint="Skriv til os.")
    assert said(WITHOUT, partly) == ""
    assert "skal have en grund" in said(WITHOUT, replace(partly, reason=""))
    assert "fortæller" in said(WITHOUT, replace(partly, told=""))


def test_a_no_gives_nothing_and_a_yes_gives_something() -> None:
    one = paper(CHILD)
    assert "giver intet" in said(CHILD, refusing(given=(one.id,)), one)
    assert "giver intet" in said(CHILD, refusing(told="Han trives."))
    assert said(CHILD, Verdict(Answer.GIVEN, given=(one.id,)), one) == ""
    assert "fortæller" in said(CHILD, Verdict(Answer.GIVEN))


def test_what_must_be_weighed_has_been_weighed() -> None:
    one = paper(YOUNG)
    verdict = Verdict(Answer.GIVEN, given=(one.id,))
    assert "vejet" in said(YOUNG, verdict, one)
    assert said(YOUNG, replace(verdict, weighed="Han siger selv ja."), one) == ""
    assert "vejet" in said(YOUNG, refusing())


def test_a_parent_without_custody_gets_papers_only_when_the_holder_agrees() -> None:
    one = paper(WITHOUT)
    verdict = Verdict(Answer.GIVEN, given=(one.id,), weighed="Mor har læst det.")
    assert "har sagt ja" in said(WITHOUT, verdict, one)
    assert said(WITHOUT, replace(verdict, accepted=True), one) == ""


def test_of_who_has_come_of_age_a_parent_is_told_nothing() -> None:
    for case in (replace(CHILD, age=18), replace(WITHOUT, age=18)):
        assert paper(case).advice.outcome is Outcome.REFUSED
        assert "fyldt 18" in said(case, Verdict(Answer.GIVEN, told="Han trives.", weighed="Alt."))
        assert not said(case, refusing(weighed="Han er voksen."))


def test_confidential_words_are_given_to_nobody_whatever_is_weighed() -> None:
    one = paper(CHILD, "P")
    verdict = Verdict(Answer.GIVEN, given=(one.id,), weighed="Alt er vejet.", accepted=True)
    assert "aldrig" in said(CHILD, verdict, one)
    assert "fra listen" in said(CHILD, replace(verdict, given=(uuid4(),), told="Han trives."), paper(CHILD))


@given(
    CASES, st.sampled_from(Answer), st.sampled_from("OFHPX"), st.booleans(), st.text(max_size=3), st.text(max_size=3)
)
def test_whatever_is_decided_what_is_kept_back_has_a_reason_and_what_is_never_given_stays(
    case: Case, answer: Answer, class_: str, gives: bool, reason: str, weighed: str
) -> None:
    one = paper(case, class_)
    verdict = Verdict(answer, "", reason, "Skriv.", weighed, accepted=True, given=(one.id,) if gives else ())
    if rules.may_decide(case, [one], verdict).allowed:
        assert answer is Answer.GIVEN or reason.strip()
        assert not gives or one.advice.outcome is not Outcome.REFUSED
        assert not gives or one.advice.allowed or weighed.strip()


# -- FHIR --------------------------------------------------------------------------------------------------------------


def test_a_request_says_in_fhir_what_it_says_here() -> None:
    asked = Request(uuid4(), Ground.ORIENTATION, "RelatedPerson/far", "Hvordan går det?", TODAY, uuid4(), State.OPEN)
    resource = registered(asked, child="alma", author="PractitionerRole/maja")
    assert request_of(resource) == asked
    letter, verdict = uuid4(), Verdict(Answer.PARTLY, "Godt.", "Mor.", "Skriv.", "Alt.", True, (uuid4(), uuid4()))
    kept = {"ground": Ground.ORIENTATION, "letter": letter, "by": "PractitionerRole/maja"}
    decision = decided(resource, verdict, rules=("FAL23", "FVL22-25"), **kept)  # type: ignore[arg-type]
    told = request_of(decision)
    assert told == replace(
        asked, state=State.DECIDED, verdict=verdict, rules=("FAL23", "FVL22-25"), letter=letter
    )  # fmt: skip
    kept |= {"ground": Ground.ACCESS}
    again = decided(decision, replace(verdict, told="Fint."), rules=("FAL23",), **kept)  # type: ignore[arg-type]
    assert request_of(again).verdict == replace(verdict, told="Fint.")
    assert (request_of(again).ground, again["topic"]["text"]) == (Ground.ACCESS, "Anmodning om aktindsigt")
    assert request_of(answered(again)).state is State.ANSWERED
    assert UUID(str(again["id"])) == asked.id
