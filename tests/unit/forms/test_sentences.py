"""What the rules of forms say is wrong, in other languages: every sentence of theirs is known there."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest
from django.utils import translation

from barnetsbog import consent, forms, kernel, mandates, notifications, portal
from barnetsbog.consent.operations import CHANGED
from barnetsbog.forms.rules import Fault
from barnetsbog.fostering.model import Given, Report, Topic
from barnetsbog.fostering.rules import can_be_kept, can_be_reported
from barnetsbog.kernel.time import DAY
from barnetsbog.mandates.operations import INVENTED, NOT_THEIRS, TOO_YOUNG
from barnetsbog.messages.rules import can_be_sent
from barnetsbog.notifications.rules import NO_MAIL, NO_NUMBER
from barnetsbog.portal.form_reading import IN_DANISH, Language
from barnetsbog.portal.sentences import REASONS, SENTENCES, is_known, said
from barnetsbog.portal.templatetags.bog_forms import told_in

ROOM, CONSENT, PORTAL, KERNEL, NOTIFICATIONS, MANDATES = (
    Path(one.__file__).parent for one in (forms, consent, portal, kernel, notifications, mandates)
)
ARABIC = Language("ar", "العربية", rtl=True, texts={"Barnets navn": "اسم الطفل"})


def _spoken(node: ast.expr) -> list[str]:
    """The sentences that an expression can be: what is put into one is told as 7."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr():
            return ["".join(one.value if isinstance(one, ast.Constant) else "7" for one in node.values)]
        case ast.IfExp():
            return _spoken(node.body) + _spoken(node.orelse)
    return []


def _told(name: str, maker: str, place: int) -> list[str]:
    return _told_in(ROOM / name, (maker,), place)


def _told_in(path: Path, makers: tuple[str, ...], place: int = 0) -> list[str]:
    source = path.read_text(encoding="utf-8")
    if not any(f"{maker}(" in source for maker in makers):  # to take a module apart is dear
        return []
    tree = ast.parse(source)
    calls = (one for one in ast.walk(tree) if isinstance(one, ast.Call) and getattr(one.func, "id", "") in makers)
    return [text for one in calls if len(one.args) > place for text in _spoken(one.args[place]) if text]


def _constants(path: Path = ROOM / "acting.py") -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = (one.value for one in tree.body if isinstance(one, ast.Assign))
    return [text for one in kept for text in _spoken(one) if " " in text]


def test_every_sentence_of_the_rules_is_known() -> None:
    faults = _told("rules.py", "Fault", 1)
    refused = [text for name in ("operations.py", "sending.py") for text in _told(name, "Refused", 0)]
    assert len(faults) > 12 and len(refused) > 3 and len(_constants()) >= 3
    assert [text for text in (*faults, *refused, *_constants()) if not is_known(text)] == []


def test_every_sentence_about_a_file_is_known() -> None:
    wrong = ("NoScan", "Unreadable")
    told = {one: _told_in(one, wrong) for place in (ROOM, KERNEL, PORTAL) for one in place.rglob("*.py")}
    told = {path: texts for path, texts in told.items() if texts}
    where = {"files.py", "paper_forms.py", "operations.py", "filling.py"}
    assert {path.name for path in told} == where and sum(map(len, told.values())) >= 11
    named = _constants(KERNEL / "files.py")
    assert len(named) == 4 and [text for text in (*chain(*told.values()), *named) if not is_known(text)] == []


def test_every_sentence_about_an_answer_in_yes_and_no_is_known() -> None:
    answering = CONSENT / "answering.py"
    told = [*_told_in(answering, ("Refused",)), *_constants(answering), CHANGED]
    assert len(told) >= 6 and [text for text in told if not is_known(text)] == []


def test_what_is_refused_to_somebody_of_the_family_is_known() -> None:
    codes, helpers = NOTIFICATIONS / "operations.py", MANDATES / "operations.py"
    by_carers = (
        can_be_kept(Given("", "", 0, ""), 0), can_be_kept(Given("x" * 300, "", 0, ""), 0),
        can_be_kept(Given("x", "", 0, ""), 99 * DAY), can_be_reported(Report({}), child_agrees=True),
        can_be_reported(Report({Topic.HOME: "x"}, "y"), child_agrees=False),
        can_be_reported(Report({Topic.HOME: "x" * 9999}), child_agrees=False),
    )  # fmt: skip
    words = (can_be_sent(text) for text in ("", "x" * 9999, "\0"))
    told = [*_constants(codes), NO_MAIL, NO_NUMBER, *_told_in(helpers, ("Refused",)), TOO_YOUNG, NOT_THEIRS, INVENTED]
    told += [one.reason for one in (*by_carers, *words)]
    told.remove("Skriv, hvorfor kommunen har besluttet det. Barnet kan læse det.")  # to a professional
    assert len(told) >= 18 and [text for text in told if not is_known(text)] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_is_said_in_another_language_with_what_changes_in_it(language: str) -> None:
    with translation.override(language):
        for sentence in (*SENTENCES, *(REASONS if language == "en" else ())):
            danish = re.sub(r"%\(\w+\)s", "7", sentence)
            told, translated = said(danish, {"7": "seven"})
            assert translated and told != danish and "%(" not in told
            assert ("seven" in told) is ("%(ask)s" in sentence) and ("7" in told) >= ("%(n)s" in sentence)


def test_what_is_wrong_stands_with_its_language_and_the_question_in_it() -> None:
    with translation.override("ar"):
        shown = told_in(Fault("a", "Du mangler at svare: Barnets navn", missing=True), ARABIC)
        assert shown == '<span lang="ar" dir="rtl">لم تجب بعد عن: اسم الطفل</span>'
        strange = told_in(Fault("a", "Noget helt andet <b>", ask="Barnets navn"), ARABIC)
        assert (
            strange == '<span lang="ar" dir="rtl">اسم الطفل</span>: <span lang="da">Noget helt andet &lt;b&gt;</span>'
        )
        phone = said("Skriv telefonnummeret med otte cifre, for eksempel 12 34 56 78.", {})[0]
        assert "\u206612 34 56 78\u2069" in phone  # else it would begin with 78
    assert told_in(Fault("a", "Vælg et af svarene."), IN_DANISH) == '<span lang="da">Vælg et af svarene.</span>'
