"""Who assesses the risk of an honour-related conflict, who reads it, what it must say; and to FHIR and back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.facts import Care, Facts, Referred
from barnetsbog.consent.addressing import addressed_to
from barnetsbog.consent.people import child_in
from barnetsbog.fhir import check
from barnetsbog.honour import mapping, rules
from barnetsbog.honour.model import Stand, Suspicion
from barnetsbog.kernel.time import DAY, SECOND, day_start
from barnetsbog.law.model import Child, Custody
from barnetsbog.record.promotion import promote, stands
from barnetsbog.record.shelves import class_of
from tests.builders import Json, honour_conflict

NOW = day_start(date(2026, 11, 25))
FAM, TEAM, SCHOOL, OLD, OTHER = (f"{n}0000000-0000-7000-8000-000000000002" for n in range(1, 6))
CHILD = "Patient/10000000-0000-7000-8000-000000000001"
JOB, ME = (f"{kind}/20000000-0000-7000-8000-000000000003" for kind in ("PractitionerRole", "Organization"))
FACTS = Facts(
    Child("alma", date(2014, 1, 1)), Custody(()),
    cares=(
        Care("a", TEAM, "family_dept", NOW - 10 * DAY), Care("b", FAM, "family_dept", NOW - 90 * DAY),
        Care("c", SCHOOL, "school", 0), Care("d", OLD, "family_dept", 0, NOW),
    ),
    referred=(
        Referred("r", (OTHER,), True, 0, NOW + DAY, concern=True), Referred("s", (OLD,), True, 0, NOW + DAY),
        Referred("t", (SCHOOL,), True, 0, NOW + DAY, concern=True),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "sector", "may"),
    [
        (FAM, "family_dept", True),
        (OTHER, "family_dept", True),  # it judges a notification of concern
        (OLD, "family_dept", False),  # its task has ended, and a referral is no concern
        (SCHOOL, "school", False),
        ("nobody", "family_dept", False),
    ],
)
def test_the_departments_that_work_with_the_child_or_judge_a_concern_assess(unit: str, sector: str, may: bool) -> None:
    assert rules.may_assess(FACTS, unit, sector, NOW) is may


def test_it_is_read_by_the_departments_and_by_whom_it_is_sent_to() -> None:
    assert rules.readers(FACTS, NOW) == (f"Organization/{FAM}", f"Organization/{TEAM}")
    assert rules.readers(FACTS, NOW, f"Organization/{OTHER}", "")[0] == f"Organization/{OTHER}"


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=80).filter(str.strip)


@given(stand=st.sampled_from(Stand), seen=TEXT, found=TEXT, later=st.integers(0, 400))
def test_what_is_written_is_read_again_letter_by_letter(stand: Stand, seen: str, found: str, later: int) -> None:
    one = Suspicion(stand, seen, NOW, found, NOW + later * SECOND, f"QuestionnaireResponse/{CHILD[-36:]}")
    written = mapping.risk_assessment(CHILD[-36:], one, child=CHILD, by=JOB, to=(ME,))
    assert check(written) == [] and mapping.suspicion_of(written) == one and addressed_to(written) == (ME,)
    assert class_of(stands(promote(written), "family_dept")) == "M" and promote(written).month == 0


def test_the_next_version_keeps_its_author_its_readers_and_what_it_rests_on() -> None:
    first = mapping.risk_assessment("r", Suspicion(Stand.WAITS, "Set", NOW), child=CHILD, by=JOB, to=(ME,))
    after = mapping.suspicion_of(first)._replace(stand=Stand.ASSESSED, found="Ingen fare", at=NOW + DAY)
    body = mapping.assessed(first, after, by="PractitionerRole/ny", to=(f"Organization/{FAM}",))
    assert mapping.suspicion_of(body) == after and promote(body).author == JOB
    assert mapping.readers_of(body) == (ME, f"Organization/{FAM}")
    again = mapping.assessed(body, after._replace(found="Stadig"), by="PractitionerRole/x", to=())
    assert mapping.readers_of(again) == mapping.readers_of(body) and check(again) == []


# -- what it means for what goes out -----------------------------------------------------------------------------------


def risk(status: str, start: str = "", end: str = "") -> Json:
    period = {name: f"2026-11-{day}T12:00:00+01:00" for name, day in (("start", start), ("end", end)) if day}
    return {"resourceType": "RiskAssessment", "status": status, **({"occurrencePeriod": period} if period else {})}


@pytest.mark.parametrize(
    ("register", "risks", "wait"),
    [
        (None, [], False),
        (None, [risk("preliminary", "10")], True),
        (None, [risk("preliminary", "10", "11")], True),  # assessed, and they may not be involved yet
        (None, [risk("final", "10", "11")], False),
        (None, [risk("cancelled", "10", "11")], False),
        (None, [risk("entered-in-error", "10")], False),
        (None, [risk("registered")], True),  # of another system: what is not assessed waits
        (None, [risk("final")], False),
        (None, [risk("final", "10", "11"), risk("preliminary", "12")], True),  # a new suspicion
        (None, [risk("preliminary", "10"), risk("final", "11", "11")], False),  # another municipality's is answered
        (None, [risk("preliminary", "10"), risk("cancelled", "11", "11")], False),
        (None, [risk("preliminary"), risk("final", "11", "11")], True),  # nobody knows that it is older
        (None, [risk("preliminary") | {"occurrenceDateTime": "2026-11-10"}, risk("final", "11", "11")], False),
        ("", [], True),
        ("2026-11-22", [], False),
        ("", [risk("final", "21", "21")], False),  # a register's of 20 November is answered
        ("", [risk("final", "10", "11")], True),
        ("2026-11-22", [risk("preliminary", "23")], True),
    ],
)
def test_parents_wait_until_an_assessment_answers_each_suspicion(
    register: str | None, risks: list[Json], wait: bool
) -> None:
    patient: Json = {"id": "alma", "extension": [] if register is None else [honour_conflict(register)]}
    assert child_in(patient, (), risks).parents_wait is wait
    assert child_in({"id": "alma"}, (patient,), risks).parents_wait is wait  # where the child stands a second time


def test_nonsense_waits() -> None:
    assert child_in({"id": "alma"}, (), [{"status": None, "occurrencePeriod": {"start": "i går"}}]).parents_wait
