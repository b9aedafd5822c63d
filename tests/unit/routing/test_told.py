"""The table of who may send a child where, the notice to doctors, and that both speak plainly."""

import re

import pytest

from barnetsbog.kernel.lix import lix
from barnetsbog.routing.loading import standard, with_local
from barnetsbog.routing.model import AGES, Home, Question, Urgency, Verdict
from barnetsbog.routing.notice import as_text, notice
from barnetsbog.routing.rules import advise
from barnetsbog.routing.table import doors_of, rules_of, who_may

BOOK = standard()


def _cell(asker: str, door: str) -> frozenset[Verdict]:
    row = next(one for one in who_may(BOOK) if one.asker.id == asker)
    return row.cells[doors_of(BOOK).index(door)]


def test_the_table_has_every_verdict_that_occurs() -> None:
    assert _cell("school", "bup") == {Verdict.NO}
    assert _cell("gp", "bup") == {Verdict.MAY, Verdict.SHOULD}
    assert _cell("health-visitor", "bup") == {Verdict.MAY, Verdict.NO}  # infants, and all others
    assert _cell("school", "bup-acute") == {Verdict.NO} and _cell("gp", "bup-acute") == {Verdict.SHOULD}
    assert _cell("ppr", "ppr") == frozenset()


def test_every_rule_that_is_on_stands_under_somebody() -> None:
    shown = {rule.id for asker in BOOK.askers for rule, _ in rules_of(BOOK, asker)}
    assert shown == {name for name, rule in BOOK.rules.items() if rule.on} - {"ACUTE-112"}


def test_every_profession_says_what_it_answers_for() -> None:
    assert [one.id for one in BOOK.askers.values() if not one.family and not one.answers_for] == []


def test_doctors_are_told_that_ppr_preferably_refers_what_can_wait() -> None:
    text = as_text(notice(BOOK))
    rather, _, directly = text.partition("Her er det rigtigt, at du selv henviser")
    assert "lad helst PPR henvise" in rather and "- ADHD" in rather and "- autisme" in rather
    assert "- ny depression" in directly and "- ADHD" not in directly
    assert text.index("Ring 112") < text.index("PPR")


def test_the_notice_follows_the_rules() -> None:
    book = with_local("rules: [{id: G-PPR, switch: off}, {id: G-SAM, reason: Spørg samrådet hver torsdag.}]")
    text = as_text(notice(book))
    assert "Spørg samrådet hver torsdag." in text
    assert text != as_text(notice(BOOK))
    # Where there is no council nothing is said of doubt: what holds when it is acute is no answer to it
    gone = [name for name, rule in BOOK.rules.items() if rule.doors == {"samraad"} or rule.via == "samraad"]
    book = with_local(f"rules: [{', '.join(f'{{id: {name}, switch: off}}' for name in gone)}]")
    assert "Er du i tvivl?" in text and "Er du i tvivl?" not in as_text(notice(book))
    assert [one.text for one in notice(book).parts[:1]] == [one.text for one in notice(BOOK).parts[:1]]


@pytest.mark.parametrize("age", AGES)
def test_what_the_notice_says_holds_at_every_age(age: int) -> None:
    for suspicion in BOOK.suspicions:
        at_ten, now = (
            advise(Question("gp", years, suspicion, Urgency.PLANNED, Home.HERE), BOOK).about("bup")
            for years in (10, age)
        )
        assert at_ten and now and (now.verdict, now.instead) == (at_ten.verdict, at_ten.instead)


def _answer(asker: str, suspicion: str, urgency: Urgency) -> str:
    """The first two doors as one reads them."""
    advice = advise(Question(asker, 9, suspicion, urgency, Home.HERE), BOOK)
    told = [f"{one.reason} {one.door.call} {one.door.then}" for one in (advice.acute, *advice.open[:2])]
    return " ".join(told)


@pytest.mark.parametrize("asker", list(BOOK.askers))
def test_answers_are_easy_to_read(asker: str) -> None:
    most = 30 if BOOK.askers[asker].family else 33
    for suspicion in BOOK.suspicions:
        for urgency in Urgency:
            text = _answer(asker, suspicion, urgency)
            assert lix(text) <= most, (suspicion, lix(text), text)


def test_the_young_person_s_answers_are_easiest() -> None:
    text = " ".join(_answer("young-person", one, Urgency.PLANNED) for one in BOOK.suspicions)
    assert lix(text) <= 25


@pytest.mark.parametrize("word", ["indstilling", "visitation", "foranstaltning", "ressourcesvag", "nægter"])
def test_no_word_of_the_trade_in_what_is_told(word: str) -> None:
    texts = [rule.reason for rule in BOOK.rules.values()]
    texts += [text for door in BOOK.doors.values() for text in (door.title, door.call, door.then, *door.bring)]
    assert not [text for text in texts if re.search(word, text, re.I)]
