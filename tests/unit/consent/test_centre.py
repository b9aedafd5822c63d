"""The pure parts of the consent centre: matters, papers, previews, and words that people can read."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from barnetsbog.access import relations
from barnetsbog.access.deriving import Law
from barnetsbog.access.facts import Facts
from barnetsbog.consent import papers
from barnetsbog.consent.effects import taken_back, what_if
from barnetsbog.consent.mapping import Problem, asking_of, consent_of, consent_resource
from barnetsbog.consent.matters import asked_about, covers, key_of, widest
from barnetsbog.consent.model import Standing, State
from barnetsbog.fhir import check
from barnetsbog.kernel.files import PDF, Scan
from barnetsbog.kernel.lix import lix
from barnetsbog.kernel.time import DAY, day_start, parse
from barnetsbog.law import duties
from barnetsbog.law.model import (
    Block,
    Capacity,
    Child,
    Class,
    Consent,
    Custody,
    Holder,
    Kind,
    Level,
    Sharing,
    Shelf,
    Status,
)
from barnetsbog.law.rulebook import standard
from barnetsbog.portal import duty_words as words

NOW = day_start(date(2026, 11, 25))
PPR, BUP = "10000000-0000-7000-8000-000000000001", "10000000-0000-7000-8000-000000000002"
MOTHER, FATHER = "10000000-0000-7000-8000-000000000003", "10000000-0000-7000-8000-000000000004"
SHELF: Shelf = (Block.ACTIVITY, Class.ORDINARY)
RULES = Law(standard(), relations.read(relations.FILE.read_text(encoding="utf-8"), standard()))


def yes(ident: str, giver: str) -> Consent:
    return Consent(
        id=ident, giver=giver, capacity=Capacity.HOLDER, act="ppr-to-bup", kind=Kind.DISCLOSURE, sharing=Sharing(frozenset((SHELF,)), Level.CONTENT),
        status=Status.GIVEN, answered_at=NOW - 5 * DAY, valid_from=NOW - 5 * DAY, valid_to=NOW + 100 * DAY, disclosers=frozenset((PPR,)), recipient=BUP,
    )  # fmt: skip


def facts(*consents: Consent) -> Facts:
    custody = Custody((Holder(MOTHER, resident=True), Holder(FATHER)))
    return Facts(Child("10000000-0000-7000-8000-000000000009", date(2017, 5, 7)), custody, consents=consents)


# -- matters -----------------------------------------------------------------------------------------------------------


def test_answers_about_the_same_thing_are_one_matter_and_mistakes_are_none() -> None:
    mother, father = yes("1", MOTHER), yes("2", FATHER)
    mistake = replace(yes("3", FATHER), status=Status.ENTERED_IN_ERROR)
    other = replace(yes("4", FATHER), recipient=PPR)
    found = asked_about([father, mistake, other, mother])
    assert [[one.id for one in asked.consents] for asked in found.values()] == [["4"], ["1", "2"]] or len(found) == 2
    assert [one.id for one in found[key_of(mother)].consents] == ["1", "2"]


def test_wanted_is_the_most_that_anybody_was_asked_for() -> None:
    more = Sharing(frozenset((SHELF, (Block.CONTACTS, Class.ORDINARY))), Level.HEADINGS)
    found = widest([Sharing(frozenset((SHELF,)), Level.CONTENT), more])
    assert found == Sharing(more.shelves, Level.CONTENT)
    assert widest([Sharing(frozenset(), Level.AT)]) is None


def test_less_is_part_of_more_and_not_the_other_way() -> None:
    less, nothing = Sharing(frozenset((SHELF,)), Level.HEADINGS), Sharing(frozenset(), Level.CONTENT)
    more = Sharing(frozenset((SHELF, (Block.CONTACTS, Class.ORDINARY))), Level.CONTENT)
    assert covers(more, less) and covers(less, less) and covers(nothing, nothing)
    assert not covers(less, more) and not covers(less, replace(less, level=Level.CONTENT))


# -- previews ----------------------------------------------------------------------------------------------------------


def test_taking_back_a_yes_that_counts_loses_what_it_opened() -> None:
    mother, father = yes("10000000-0000-7000-8000-00000000000a", MOTHER), yes("10000000-0000-7000-8000-00000000000b", FATHER)  # fmt: skip
    found = what_if(facts(mother, father), taken_back(father, NOW), RULES, NOW)
    assert [(one.unit, one.source, one.blocks, one.level) for one in found.lost] == [(BUP, PPR, ("AK",), 3)]
    assert found.gained == ()


def test_taking_back_a_yes_that_is_not_enough_loses_nothing() -> None:
    mother = yes("10000000-0000-7000-8000-00000000000a", MOTHER)
    found = what_if(facts(mother), taken_back(mother, NOW), RULES, NOW)
    assert found.lost == found.gained == ()


# -- papers ------------------------------------------------------------------------------------------------------------


def test_papers_are_valid_fhir_and_a_blocking_is_never_read_as_a_yes() -> None:
    ident, child, entry = "10000000-0000-7000-8000-00000000000c", "10000000-0000-7000-8000-000000000009", f"Observation/{BUP}"  # fmt: skip
    scan = Scan(b"%PDF-1.4", PDF)
    author = f"PractitionerRole/{PPR}"
    blocking = papers.blocking(ident, child=child, entry=entry, at=NOW, on=True)
    made = [
        papers.document(ident, child=child, author=author, at=NOW, scan=scan, title="Far skrev under"),
        papers.reminder(ident, child=child, author=author, to=f"RelatedPerson/{FATHER}", at=NOW, title="t", text="x"),
        papers.notice(ident, child=child, to=BUP, at=NOW, read_at=NOW + DAY), blocking,
    ]  # fmt: skip
    assert {parse(one.get("sent") or one["date"])[0] for one in made[:3]} == {NOW}, "midnight in Denmark"
    assert [[issue.text() for issue in check(one) if issue.severity == "error"] for one in made] == [[], [], [], []]
    assert isinstance(consent_of(blocking), Problem)
    assert papers.blocked_by(blocking) == BUP
    assert papers.blocked_by({**blocking, "status": "inactive"}) == ""


def test_what_a_record_says_besides_the_consent_survives_its_next_version() -> None:
    from barnetsbog.consent.mapping import Asking

    asking = Asking(
        "10000000-0000-7000-8000-000000000009", "Titel", "hvad", "ord", f"RelatedPerson/{MOTHER}", ("cpr", NOW)
    )
    assert asking_of(consent_resource(yes("1", MOTHER), asking)) == asking


# -- words -------------------------------------------------------------------------------------------------------------

PORTAL = Path(__file__).parents[3] / "src" / "barnetsbog" / "portal"
_TEXT = re.compile(r"{%\s*(?:translate \"([^\"]+)\"|blocktranslate[^%]*%}(.*?){%\s*endblocktranslate)")


@pytest.mark.parametrize("page", sorted(PORTAL.glob("templates/bog/family/*.html")), ids=lambda page: page.stem)
def test_what_families_read_is_easy(page: Path) -> None:
    """LIX of a page's sentences taken together: 30 at most."""
    found = [a or b for a, b in _TEXT.findall(page.read_text(encoding="utf-8"))]
    sentences = " ".join(text for text in found if text.rstrip().endswith((".", "?")))
    assert lix(sentences) <= 30, sentences


def test_nobody_is_called_the_other_party() -> None:
    for path in [*PORTAL.rglob("*.html"), *PORTAL.rglob("*.py")]:
        text = path.read_text(encoding="utf-8").casefold()
        assert not re.search(r"den anden part\b|ressourcesvag|nægter", text), path


@pytest.mark.parametrize("told", ["shutting", "opening"])
def test_what_a_young_person_reads_before_closing_something_is_easy(told: str) -> None:
    from barnetsbog.portal.family import closing as page

    found = SimpleNamespace(
        readers=("Skolen", "BUP"), glancers=("PPR",), family=True, helper=True, unit="BUP", in_emergency=True
    )
    assert lix(" ".join(getattr(page, told)(found))) <= 30
    nobody = SimpleNamespace(readers=(), glancers=(), family=False, helper=False, unit="", in_emergency=False)
    told_of_nobody = " ".join(getattr(page, told)(nobody))
    assert "Ingen andre kan læse det lige nu." in told_of_nobody and "læge" not in told_of_nobody


def test_every_duty_of_the_law_is_told_in_words_or_known_to_be_done_elsewhere() -> None:
    codes = {value for name, value in vars(duties).items() if name.isupper() and isinstance(value, str)}
    decides = {duties.WAITING_LIST, duties.APPOINTMENT, duties.NO_REMINDERS, duties.ACUTE_NO_BASIS}
    assert codes == set(words.DUTIES) | decides


def test_the_duties_of_a_matter_are_told_once_each_and_the_most_urgent_first() -> None:
    codes = (duties.CHILD_VIEW_MISSING, f"{duties.INFORM}mor", f"{duties.INFORM}far", duties.HOLD_PARENT_NOTICE)
    told = words.besides(Standing(State.COMPLETE, "", (), duties=codes))
    assert told == [words.DUTIES[one] for one in (duties.HOLD_PARENT_NOTICE, duties.INFORM, duties.CHILD_VIEW_MISSING)]
