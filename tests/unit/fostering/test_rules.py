"""Who reads a status and an agreement, what can be written, and both to FHIR and back, letter by letter."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.facts import Care, Facts, Fostering
from barnetsbog.consent.addressing import addressed_to
from barnetsbog.deadlines.model import Start
from barnetsbog.deadlines.opening import Event, _start
from barnetsbog.fhir import check
from barnetsbog.fostering import mapping, rules
from barnetsbog.fostering.model import Agreement, Report, Sort, Support, Topic
from barnetsbog.kernel.time import DAY, day_start
from barnetsbog.law.model import Child, Custody, Holder, Placement
from barnetsbog.record.promotion import promote

NOW, LATER = day_start(date(2026, 11, 25)), day_start(date(2027, 11, 25))
CHILD, MOTHER, FATHER, AUNT, ELSE, KARL = (f"{n}0000000-0000-7000-8000-000000000001" for n in range(1, 7))
FAM, TEAM, SCHOOL, GP = (f"{n}0000000-0000-7000-8000-000000000002" for n in range(1, 5))
PLACED = Facts(
    Child(CHILD, date(2014, 1, 1), placements=(Placement(NOW - 900 * DAY, LATER),)),
    Custody((Holder(MOTHER), Holder(FATHER))),
    cares=(
        Care("a", TEAM, "family_dept", NOW - 10 * DAY, LATER), Care("b", FAM, "family_dept", NOW - 90 * DAY, LATER),
        Care("c", SCHOOL, "school", 0, LATER), Care("d", GP, "gp", 0, LATER), Care("e", AUNT, "family_dept", 0, NOW),
    ),
    fostering=(Fostering(ELSE), Fostering(KARL), Fostering(AUNT, 0, NOW)),
)  # fmt: skip
PLAN = Agreement(
    Sort.CONTACT, date(2026, 11, 25), title="Samvær med Tanja", who=f"RelatedPerson/{MOTHER}", often="Hver lørdag",
    place="Huset", support=Support.SUPPORTED, text="Hun ringer først.", call="PractitionerRole/kim",
)  # fmt: skip
DAILY = Agreement(Sort.DAILY, date(2026, 11, 25), title="Sengetid", text="Kl. 21.")


def ids(references: tuple[str, ...]) -> list[str]:
    return [one.partition("/")[2] for one in references]


def test_a_status_is_read_by_the_family_department_and_who_else_has_daily_care() -> None:
    assert ids(rules.status_readers(PLACED, ELSE, NOW)) == [FAM, TEAM, KARL]


def test_each_parent_reads_what_is_agreed_of_themselves_and_nobody_else_of_them() -> None:
    assert ids(rules.agreement_readers(PLACED, PLAN, NOW)) == [FAM, TEAM, ELSE, KARL, MOTHER, CHILD]
    fathers = replace(PLAN, who=f"RelatedPerson/{FATHER}")
    assert MOTHER not in ids(rules.agreement_readers(PLACED, fathers, NOW))
    assert ids(rules.agreement_readers(PLACED, DAILY, NOW)) == [FAM, TEAM, ELSE, KARL]


@pytest.mark.parametrize(
    "custody",
    [Custody((Holder(FATHER),)), Custody((Holder(MOTHER, valid_to=NOW), Holder(FATHER))),
     Custody((Holder(MOTHER),), known=False)],
)  # fmt: skip
def test_a_parent_without_custody_reads_nothing(custody: Custody) -> None:
    assert MOTHER not in ids(rules.agreement_readers(PLACED._replace(custody=custody), PLAN, NOW))


def test_the_child_reads_whom_it_sees_from_ten() -> None:
    for born, reads in ((date(2016, 11, 25), True), (date(2016, 11, 26), False), (None, False)):
        facts = PLACED._replace(child=replace(PLACED.child, born=born))
        assert (CHILD in ids(rules.agreement_readers(facts, PLAN, NOW))) is reads


def test_only_the_family_department_agrees_and_only_while_the_child_is_placed() -> None:
    assert [rules.may_agree(PLACED, unit, NOW) for unit in (FAM, TEAM, SCHOOL, GP, AUNT)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    at_home = PLACED._replace(child=replace(PLACED.child, placements=()))
    assert not rules.may_agree(at_home, FAM, NOW) and not rules.may_agree(PLACED, FAM, LATER)


@pytest.mark.parametrize(
    ("report", "agrees", "why"),
    [
        (Report({}), True, "Skriv mindst én ting"), (Report({}, "Hej"), True, "Skriv mindst én ting"),
        (Report({Topic.HOME: "x" * 2001}), True, "for langt"), (Report({Topic.HOME: "Godt"}, "Hej"), False, "Spørg barnet"),
        (Report({Topic.HOME: "Godt"}), False, ""), (Report({Topic.HELP: "Ro"}, "Hej"), True, ""),
    ],
)  # fmt: skip
def test_what_can_be_reported(report: Report, agrees: bool, why: str) -> None:
    decision = rules.can_be_reported(report, child_agrees=agrees)
    assert decision.allowed is (why == "") and why in decision.reason


@pytest.mark.parametrize(
    ("agreed", "why"),
    [
        (PLAN, ""), (DAILY, ""), (replace(PLAN, until=date(2026, 11, 25)), ""),
        (replace(PLAN, who=""), "hvem barnet skal se"), (replace(PLAN, often=" "), "hvor tit"),
        (replace(PLAN, support=None), "en voksen med"), (replace(PLAN, until=date(2026, 11, 24)), "slutdag"),
        (replace(PLAN, until=date(2027, 11, 27)), "slutdag"), (replace(PLAN, since=None), "første dag"),
        (replace(DAILY, title=""), "handler om"), (replace(DAILY, text=""), "aftalt"),
        (replace(PLAN, place="\x07"), "tegn"),
    ],
)  # fmt: skip
def test_what_can_be_agreed(agreed: Agreement, why: str) -> None:
    decision = rules.can_be_agreed(agreed)
    assert decision.allowed is (why == "") and why in decision.reason


WORDS = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and not rules.unfit(text, 40))


@given(st.dictionaries(st.sampled_from(Topic), WORDS, min_size=1), WORDS | st.just(""))
def test_a_status_comes_back_letter_by_letter(told: dict[Topic, str], words: str) -> None:
    report = Report(told, words)
    body = mapping.status(
        "1", report, child=f"Patient/{CHILD}", by=f"RelatedPerson/{ELSE}", to=["Organization/x"], at=NOW
    )
    assert check(body) == []
    assert mapping.report_of(body) == report and list(mapping.report_of(body).told) == [
        one for one in Topic if one in told
    ]
    read = promote(body)
    assert (read.what, read.block, read.sensitivity, read.own_words) == ("carer-status", "AK", "M", True)


@pytest.mark.parametrize(
    ("report", "danger", "start"),
    [
        (Report({Topic.HOME: "Godt"}, "Hjælp"), False, None), (Report({Topic.HELP: "En afløser"}), False, Start.HELP),
        (Report({Topic.HOME: "Han slår"}), True, Start.DANGER), (Report({Topic.HELP: "Han slår"}), True, Start.DANGER),
    ],
)  # fmt: skip
def test_a_status_opens_a_ball_only_when_help_is_asked_for(report: Report, danger: bool, start: Start | None) -> None:
    body = mapping.status("1", report, child="Patient/c", by="RelatedPerson/e", to=[], at=NOW, danger=danger)
    assert _start(Event(body, promote(body), "M", None, ())) is start


@pytest.mark.parametrize("agreed", [PLAN, DAILY, replace(PLAN, until=date(2027, 6, 1), place="", text="", call="")])
def test_an_agreement_comes_back_as_it_was_and_names_its_readers(agreed: Agreement) -> None:
    to = [f"Organization/{FAM}", f"RelatedPerson/{MOTHER}", f"Patient/{CHILD}"]
    body = mapping.care_plan("1", agreed, child=f"Patient/{CHILD}", by="PractitionerRole/rikke", to=to)
    assert check(body) == []
    assert mapping.agreement_of(body) == agreed and mapping.readers_of(body) == addressed_to(body) == tuple(to)
    read = promote(body)
    assert (read.what, read.block, read.sensitivity) == (agreed.sort.value, "AK", "M")
    after = mapping.ended(body, on=date(2026, 12, 1), reason=" Hun flytter ", by="PractitionerRole/bo")
    assert check(after) == [] and mapping.is_ended(after) and mapping.why_ended(after) == "Hun flytter"
    assert mapping.readers_of(after) == tuple(to) and after["author"] == body["author"]


def test_what_lacks_everything_is_read_all_the_same() -> None:
    body = mapping.care_plan("1", DAILY, child="Patient/c", by="PractitionerRole/x", to=[])
    bare = {name: body[name] for name in ("resourceType", "category", "status")}
    assert mapping.agreement_of(bare) == Agreement(Sort.DAILY, None)
    assert mapping.ended(bare, on=date(2026, 12, 1), reason="x", by="PractitionerRole/x")["period"] == {
        "end": "2026-12-01"
    }
