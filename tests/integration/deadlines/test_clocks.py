"""Clocks that run by themselves: on the work list of those they concern, in one child's book, and nowhere else."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnetsbog.access.breakglass import LookUp
from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event as Line
from barnetsbog.deadlines.model import State
from barnetsbog.deadlines.queries import Lines, first_to_review, lines, of_child, red, rounds
from barnetsbog.fhir.own import BASE, extension
from barnetsbog.kernel.time import DAY, FOREVER, local_day, parse
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.promotion import SENSITIVITY
from barnetsbog.responsibility.model import Move
from barnetsbog.responsibility.queries import waiting
from tests.builders import Json, bundle, care, patient, role, send, task, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.responsibility.conftest import NOON, Team

from .conftest import concern, kind, plan

pytestmark = BOTH_DATABASES

VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def on_list(team: Team, who: str, *, everything: bool = True) -> Lines:
    with open_book(team.scope(who), "work-list") as book:
        found = waiting(book)
        shown = lines(book, found, everything=everything)
        assert red(book, found) == shown.red  # what every tab tells, and the list itself
        return shown


def told(team: Team, who: str, *, everything: bool = True) -> list[tuple[str, State]]:
    return [(one.clock.title, one.clock.state) for one in on_list(team, who, everything=everything).lines]


def in_book(team: Team, who: str) -> list[str]:
    with open_book(team.scope(who), "ball", team.child) as book:
        return [one.title for one in of_child(book, team.child)]


def follow_up(day: str, **more: object) -> Json:
    return plan(extension=[{"url": f"{BASE}/StructureDefinition/follow-up", "valueDate": day}], **more)  # type: ignore[arg-type]


def consent(
    ident: str = "s1", until: str = "2026-12-10", title: str = "PPR's vurdering til BUP", **more: object
) -> Json:
    """An answer of Alma's mother, registered by another system."""
    return {
        "resourceType": "Consent", "id": ident, "status": "active", "patient": {"reference": "Patient/alma"},
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [{"text": title}], "dateTime": "2026-01-10", "performer": [{"reference": "RelatedPerson/mor"}],
        "policyRule": {"text": "samtykke"}, "provision": {"type": "permit", "period": {"end": until}}, **more,
    }  # fmt: skip


# -- what comes by itself ----------------------------------------------------------------------------------------------


def test_a_follow_up_is_on_the_list_of_the_unit_that_wrote_the_plan(team: Team) -> None:
    send(follow_up("2026-11-20"))
    assert told(team, "rita") == [("Planen skal følges op", State.OVER)]
    assert on_list(team, "rita").red == 1
    assert told(team, "kim") == []


def test_a_new_version_or_a_newer_plan_is_the_follow_up(team: Team) -> None:
    send(follow_up("2026-11-20"))
    send(follow_up("2026-11-20", title="Barnets plan, fulgt op"))
    assert told(team, "rita") == []
    send(follow_up("2026-11-27", id="p2", period={"start": "2026-11-10"}))
    assert told(team, "rita") == [("Planen skal følges op", State.SOON)]


def test_a_day_of_follow_up_that_is_moved_nearer_is_not_met_by_the_move(team: Team) -> None:
    send(follow_up("2027-03-01"))
    assert told(team, "rita") == []
    team.clock.at += DAY
    send(follow_up("2026-12-01"))
    assert told(team, "rita") == [("Planen skal følges op", State.SOON)]
    assert in_book(team, "rita") == ["Planen skal følges op"]
    team.clock.at += DAY
    send(follow_up("2026-12-01", title="Barnets plan, fulgt op"))
    assert (told(team, "rita"), in_book(team, "rita")) == ([], [])
    team.clock.at += DAY
    send(follow_up("2026-12-04", title="Barnets plan, fulgt op"))
    assert told(team, "rita") == [("Planen skal følges op", State.SOON)]


def test_a_consent_that_is_about_to_end_is_told_until_it_is_renewed(team: Team) -> None:
    send(consent())
    assert told(team, "rita") == [("Et samtykke udløber", State.RUNNING)]
    assert on_list(team, "rita").lines[0].clock.about == "PPR's vurdering til BUP"
    team.clock.at += 10 * DAY
    assert told(team, "rita") == [("Et samtykke udløber", State.SOON)]
    send(consent("s2", until="2027-11-01"))
    assert told(team, "rita") == []


def test_a_consent_that_says_that_it_lasts_longer_ends_when_the_law_ends_it(team: Team) -> None:
    """Twelve months after it was given. Nor does it take the place of a later one, though it says that it lasts longer."""
    send(consent(until="2029-12-10", dateTime="2025-12-20"))
    assert told(team, "rita") == [("Et samtykke udløber", State.RUNNING)]
    (line,) = on_list(team, "rita").lines
    assert (local_day(line.clock.due), in_book(team, "rita")) == (date(2026, 12, 20), ["Et samtykke udløber"])
    send(consent("s2", until="2027-11-01", dateTime="2026-11-01"))
    assert (told(team, "rita"), in_book(team, "rita")) == ([], [])


def test_a_consent_that_was_taken_back_is_not_about_to_end(team: Team) -> None:
    send(consent(status="inactive"), consent("s3", provision={"type": "deny", "period": {"end": "2026-12-10"}}))
    assert told(team, "rita") == []


@pytest.mark.parametrize(
    ("born", "told_to_rita", "told_to_maja"),
    [
        ("2016-12-10", ["Fylder 10 år"], []),
        ("2011-12-10", ["Fylder 15 år"], ["Fylder 15 år"]),
        ("2010-10-10", ["Tag stilling til en ungeplan"], []),
        ("2009-03-01", ["Fylder 18 år, og overgangen skal være klar", "Tag stilling til en ungeplan"], ["Fylder 18 år, og overgangen skal være klar"]),
        ("2013-03-01", [], []),
    ],
)  # fmt: skip
def test_birthdays_are_told_to_those_they_concern(
    team: Team, born: str, told_to_rita: list[str], told_to_maja: list[str]
) -> None:
    send(patient(birthDate=born))
    assert sorted(title for title, _ in told(team, "rita")) == told_to_rita
    assert sorted(in_book(team, "rita")) == told_to_rita
    assert sorted(title for title, _ in told(team, "maja")) == told_to_maja
    assert sorted(in_book(team, "maja")) == told_to_maja


@pytest.mark.parametrize("dead", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-11-20"}])
def test_on_a_child_that_has_died_no_clock_runs(team: Team, dead: Json) -> None:
    send(patient(birthDate="2011-12-10", **dead))
    assert (told(team, "rita"), in_book(team, "rita")) == ([], [])
    send(follow_up("2026-11-20"), consent(), referral("Organization/bup"))
    assert [(told(team, who), in_book(team, who)) for who in ("rita", "ida")] == [([], [])] * 2
    send(patient(birthDate="2011-12-10", deceasedBoolean=False), follow_up("2027-11-20"), consent(status="inactive"))
    assert [title for title, _ in told(team, "rita")] == in_book(team, "rita") == ["Fylder 15 år"]


def test_a_plan_from_the_family_department_answers_for_the_youth_plan(team: Team) -> None:
    send(patient(birthDate="2010-10-10"))
    send(plan("skolens", by="maja", start="2026-11-01"))
    assert [title for title, _ in told(team, "rita")] == ["Tag stilling til en ungeplan"]
    send(plan(start="2026-11-01"))
    assert told(team, "rita") == []
    assert in_book(team, "rita") == []


def test_a_plan_that_the_family_s_old_municipality_has_sent_does_not_answer_here(team: Team) -> None:
    """It is read there, and nothing more (BL132): the youth plan is the new municipality's own to decide on."""
    old, new = ({**unit(name, "family_dept"), "partOf": {"reference": f"Organization/{whole}"}}
                for name, whole in (("gammel", "kommune1"), ("familie", "kommune2")))  # fmt: skip
    towns = [unit("kommune1", "other"), unit("kommune2", "other")]
    send(bundle(*towns, old, new, *role("lotte", "gammel", "caseworker"), patient(birthDate="2010-10-10")))
    package = {
        **referral("Organization/familie"), "id": "flyttet", "requester": {"reference": "PractitionerRole/lotte"},
        "category": kind("transfer"), "supportingInfo": [{"reference": "CarePlan/p1"}],
        "extension": [extension("referral-state", "Code", "accepted"), extension("sent-at", "DateTime", "2026-11-01T12:00:00+01:00")],
    }  # fmt: skip
    assert not send(plan(by="lotte"), package).refusals
    with open_book(team.scope("rita"), "timeline", team.child) as book:
        assert [one.title for one in book.entries(team.child, Filter(what=("plan",)))] == ["Barnets plan"]
    assert (told(team, "rita"), in_book(team, "rita")) == (
        [("Tag stilling til en ungeplan", State.RUNNING)], ["Tag stilling til en ungeplan"],
    )  # fmt: skip


def referral(to: str, status: str = "active") -> Json:
    return {
        "resourceType": "ServiceRequest", "id": "h1", "status": status, "intent": "order", "code": {"text": "Udredning"},
        "subject": {"reference": "Patient/alma"}, "authoredOn": "2026-11-01", "requester": {"reference": "PractitionerRole/kim"},
        "performer": [{"reference": to}],
    }  # fmt: skip


def test_a_referral_has_thirty_days_in_the_unit_it_is_for(team: Team) -> None:
    send(referral("Organization/bup"))
    assert told(team, "ida") == [("Udred inden 30 dage", State.SOON)]
    assert told(team, "kim") == []
    send(referral("Organization/bup", "completed"))
    assert told(team, "ida") == []


def diagnosis(**more: object) -> Json:
    return {
        "resourceType": "Condition", "id": "d1", "code": {"text": "ADHD"}, "subject": {"reference": "Patient/alma"},
        "recorder": {"reference": "PractitionerRole/ida"}, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told_of_it", "met"),
    [
        ({"recordedDate": "2026-11-20"}, True),
        ({"onsetDateTime": "2019", "recordedDate": "2026-11-20"}, True),
        ({"recordedDate": "2024-03-01"}, False),
        ({"onsetDateTime": "2026-11-15", "recordedDate": "2026-11-20", "recorder": {"reference": "PractitionerRole/kim"}}, False),
        *(
            ({"recordedDate": "2026-11-20", "verificationStatus": {"coding": [{"system": VERIFIED, "code": code}]}}, met)
            for code, met in (("confirmed", True), ("refuted", False), ("entered-in-error", False))
        ),
    ],
)  # fmt: skip
def test_an_assessment_is_met_by_a_diagnosis_when_it_is_written(team: Team, told_of_it: Json, met: bool) -> None:
    """And not from when the illness began; nor by one that was written long before, or that is none."""
    send(referral("Organization/bup"))
    assert not send(diagnosis(**told_of_it)).refusals
    left = [] if met else ["Udred inden 30 dage"]
    assert [title for title, _ in told(team, "ida")] == left
    assert in_book(team, "ida") == left


# -- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_red_first_and_leaves_out_what_has_time(team: Team) -> None:
    send(concern(sent="2026-11-24T14:00:00+01:00"), follow_up("2026-11-20"), consent())
    assert told(team, "rita", everything=False) == [
        ("Planen skal følges op", State.OVER), ("Vurder underretningen", State.TODAY),
        ("Kvittér for underretningen", State.RUNNING),
    ]  # fmt: skip
    found = on_list(team, "rita")
    assert (found.red, found.total) == (2, 4)
    assert [one.clock.due for one in found.lines] == sorted(one.clock.due for one in found.lines)


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-01T00:00:00Z", "9999-12-31"])
def test_a_day_that_no_childhood_has_is_no_deadline(team: Team, day: str) -> None:
    """Other systems write it where they know none."""
    send(task(holder="rita", due=day), follow_up(day[:10]), consent(until=day))
    assert on_list(team, "rita").total == 0 and in_book(team, "rita") == []
    Entry.objects.exclude(due=FOREVER).filter(what__in=("task", "plan")).update(due=parse("0001-01-01")[0])
    assert {state for _, state in told(team, "rita")} == {State.OVER}  # one that stands there from before


def test_a_ball_of_a_colleague_is_not_one_s_own_clock(team: Team) -> None:
    team.opens("kim", team.job("kim"))
    assert [title for title, _ in told(team, "kim")] == ["Ring til far"]
    assert told(team, "bo") == []


def test_a_school_and_ppr_know_of_the_next_round(team: Team) -> None:
    with open_book(team.scope("kim"), "work-list") as book:
        assert [one.title for one in rounds(book)] == ["Visitation til specialtilbud"]
    with open_book(team.scope("rita"), "work-list") as book:
        assert rounds(book) == []


def test_a_look_up_is_to_be_reviewed_within_three_working_days(team: Team) -> None:
    old, new = (
        LookUp(team.child, team.child, team.child, NOON - days * DAY, NOON, "x", "", None, None, "", None)
        for days in (7, 1)
    )
    found = first_to_review([new, old], NOON)
    assert found and found.state is State.OVER
    assert first_to_review([], NOON) is None


# -- what is hidden ----------------------------------------------------------------------------------------------------


def test_a_clock_about_a_hidden_entry_leaves_no_trace(team: Team) -> None:
    """What another unit wrote of the child's health: neither the day of such a plan is told, nor that it is the newest."""
    hidden = {"meta": {"security": [{"system": SENSITIVITY, "code": "health"}]}}
    send(bundle(unit("anden", "family_dept"), *role("lotte", "anden", "caseworker")), follow_up("2026-11-20"))
    before = on_list(team, "rita"), in_book(team, "rita")
    newer = follow_up("2026-11-27", id="p9", by="lotte", period={"start": "2026-11-15"})
    send({**newer, **hidden})
    assert (on_list(team, "rita"), in_book(team, "rita")) == before
    send(newer)  # were it not hidden, it would take the place of the other
    assert (on_list(team, "rita"), in_book(team, "rita")) != before


def test_who_has_no_task_with_the_child_has_no_clock(team: Team) -> None:
    send(follow_up("2026-11-20"), patient(birthDate="2011-12-10"), consent())
    assert told(team, "ulla") == []


def test_what_a_clock_tells_is_in_the_log(team: Team) -> None:
    send(patient(birthDate="2011-12-10"), patient("bo", number="0101119905", birthDate="2011-12-11"))
    send(care("c9", about="bo", unit_id="familie"))
    on_list(team, "rita")
    line = Line.objects.filter(action="work-list").latest("at")
    assert len(line.detail["children"]) == 2


def test_the_list_takes_the_same_queries_for_two_children_and_for_twenty(team: Team) -> None:
    def taken() -> int:
        on_list(team, "rita")  # what is kept of the directory is read
        with CaptureQueriesContext(connection) as seen:
            on_list(team, "rita")
        return len(seen)

    def one_more(number: int) -> None:
        name = f"b{number}"
        child = patient(name, number=f"01011099{number:02}", birthDate="2010-09-10")
        of_plan = {**follow_up("2026-11-20", id=f"p-{name}"), "subject": {"reference": f"Patient/{name}"}}
        ball = task(f"t-{name}", about=name, holder="rita")
        send(bundle(child, care(f"c-{name}", about=name, unit_id="familie"), of_plan, ball))

    send(follow_up("2026-11-20"), patient(birthDate="2010-09-10"), consent(), concern(), task(holder="rita"))
    one_more(0)
    few = taken()
    for number in range(1, 20):
        one_more(number)
    assert len(on_list(team, "rita").lines) == 25
    assert taken() == few


# -- the ladder --------------------------------------------------------------------------------------------------------


def leader(team: Team, name: str = "lone", place: str = "familie") -> None:
    send(bundle(*role(name, place, "manager"), unit(place, "family_dept")))


def climbs(team: Team, who: str) -> dict[str, int]:
    with open_book(team.scope(who), "work-list") as book:
        found = waiting(book)
        return {book.tasks([row])[0].title: found.climbs[row.id].days for row in found.rows if row.id in found.climbs}


def test_a_ball_that_nobody_takes_comes_to_the_leader_of_the_unit_that_is_asked(team: Team) -> None:
    ball = team.opens("kim", team.unit("ppr"), due=NOON + 30 * DAY)
    assert climbs(team, "leder") == {}
    team.clock.at = NOON + 2 * DAY  # Friday
    assert climbs(team, "leder") == {}
    team.clock.at = NOON + 5 * DAY  # Monday: three working days
    assert climbs(team, "leder") == {"Ring til far": 3}
    assert climbs(team, "maja") == {}
    team.does("bo", Move.ACCEPT, ball)
    assert climbs(team, "leder") == {}


def test_a_late_ball_comes_to_the_leader_of_its_holder_and_is_on_the_leader_s_own_list(team: Team) -> None:
    team.opens("kim", team.job("kim"), due=NOON + 2 * DAY)  # Friday
    team.clock.at = NOON + 6 * DAY  # Tuesday
    assert (climbs(team, "leder"), team.titles("leder")) == ({}, [])
    team.clock.at = NOON + 7 * DAY
    assert climbs(team, "leder") == {"Ring til far": 3}
    assert team.titles("leder") == ["Ring til far"]
    assert [case.climb and case.climb.days for case in team.list_of("leder").cases] == [3]
    assert team.titles("kim") == ["Ring til far"]


def test_a_concern_that_nobody_takes_is_at_the_leader_s_at_once(team: Team) -> None:
    leader(team)
    send(concern())
    team.clock.at += DAY // 24
    assert climbs(team, "lone") == {"Vurder underretningen": 0}


def test_the_coordinator_is_told_before_the_leader(team: Team) -> None:
    from barnetsbog.responsibility import operations

    operations.appoint(by=team.scope("bo"), child_id=team.child, to=team.job("bo"))
    team.opens("maja", team.unit("skole"), due=NOON + 30 * DAY)
    assert climbs(team, "bo") == {}
    team.clock.at = NOON + DAY
    assert climbs(team, "bo") == {"Ring til far": 1}
    assert climbs(team, "kim") == {}


def test_the_leader_above_is_the_last(team: Team) -> None:
    above = unit("kommunen", "family_dept")
    below = {**unit("familie", "family_dept"), "partOf": {"reference": "Organization/kommunen"}}
    send(bundle(above, below, *role("hans", "kommunen", "manager"), *role("lone", "familie", "manager")))
    send(care("c8", unit_id="kommunen"))
    team.opens("rita", team.unit("familie"), due=NOON + 30 * DAY)
    team.clock.at = NOON + 5 * DAY
    assert (climbs(team, "lone"), climbs(team, "hans")) == ({"Ring til far": 3}, {})
    team.clock.at = NOON + 7 * DAY
    assert climbs(team, "hans") == {"Ring til far": 5}


def test_a_leader_is_not_told_of_what_may_not_be_seen(team: Team) -> None:
    """The ladder shows a ball to nobody who could not see it before."""
    leader(team, "olga", "gamle")
    send(concern())
    team.clock.at += 20 * DAY
    assert climbs(team, "leder") == {}
