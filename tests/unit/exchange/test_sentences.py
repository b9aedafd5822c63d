"""Everything that other systems are told is there in Danish and in English, and says the same in both."""

import ast
import copy
import pickle
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import barnetsbog
from barnetsbog.exchange.fhir import faults
from barnetsbog.exchange.fhir.languages import wanted
from barnetsbog.fhir import messages
from barnetsbog.kernel.sentences import Sentence, say, sentence_of

SOURCE = Path(barnetsbog.__file__).parent
DANISH = re.compile(r"[æøåÆØÅ»]|\b(af|blev|det|den|der|eller|er|fra|ikke|kan|mangler|med|og|skal|til|ved)\b")
MARKS = tuple(f"<{number}>" for number in range(6))


def calls(name: str, within: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Every call of a function, with where it is."""
    for path in [SOURCE / within] if within else SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if f"{name}(" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_sentence_says_the_same_in_both_languages() -> None:
    found = 0
    for where, call in calls("say"):
        if any(isinstance(one, ast.Starred) for one in call.args):  # of a table, see below
            continue
        danish, english = (ast.literal_eval(one) for one in call.args[:2])
        assert fields(danish) == fields(english) == {str(at) for at in range(len(call.args) - 2)}, where
        assert not DANISH.search(english), where
        assert danish[-1:] == english[-1:] or not danish.endswith("."), where
        found += 1
    assert found > 150


@pytest.mark.parametrize("rules", ["access/writing_rules.py", "subscriptions/rules.py"])
def test_no_rule_of_the_interface_says_why_in_danish_only(rules: str) -> None:
    """A `Decision` gives its reason as any text, so the type checker doesn't see it."""
    found = list(calls("refuse", rules))
    assert found and not [at for at, call in found if isinstance(call.args[0], ast.Constant | ast.JoinedStr)]


@pytest.mark.parametrize("rule", [*sorted(messages.rules()), *sorted(faults._SENTENCES)])
def test_every_sentence_of_a_table_does(rule: str) -> None:
    in_search = rule in faults._SENTENCES
    said = faults.Fault(MARKS[0], rule, MARKS[1:]).text() if in_search else messages.sentence(rule, MARKS)
    assert [one for one in MARKS if one in said] == [one for one in MARKS if one in said.english]
    assert said != said.english and not DANISH.search(said.english)


def test_a_sentence_within_a_sentence_is_said_in_each_language() -> None:
    found = say("{1}: {0} mangler.", "{1}: {0} is missing.", say("navnet", "the name"), "Patient {0}")
    assert (found, found.english) == ("Patient {0}: navnet mangler.", "Patient {0}: the name is missing.")
    for copied in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert isinstance(copied, Sentence) and (copied, copied.english) == (found, found.english)


def test_what_was_said_in_danish_only_is_not_passed_off_as_english() -> None:
    assert sentence_of("Nej.").english == "This is said in Danish only: Nej."
    assert sentence_of(say("Nej.", "No.")).english == "No."


@pytest.mark.parametrize(("accepted", "language"), [
    ("", "da"), ("da", "da"), ("en", "en"), ("EN-gb", "en"), ("da-DK, en;q=0.9", "da"), ("en;q=0.9, da;q=0.8", "en"), ("da;q=0.1, en;q=0.2", "en"),
    ("de", "da"), ("de, en;q=0.5", "en"), ("*", "da"), ("*, en;q=0.5", "da"), ("en, *;q=0.1", "en"), ("en;q=0", "da"), ("en;q=0, da;q=0.1", "da"),
    ("english", "da"), (";;,q=", "da"), ("en;q=2", "da"), ("en," * 5_000, "en"), ("\x00", "da"),
])  # fmt: skip
def test_the_language_that_is_asked_for(accepted: str, language: str) -> None:
    assert wanted(accepted) == language
