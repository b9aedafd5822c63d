"""The team and the child's people in FHIR: what is written is what is read, and nothing else is touched."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.access.gathering import _fostering
from barnetsbog.consent.people import custody_of
from barnetsbog.contacts import mapping
from barnetsbog.contacts.model import Choice, Description, Involvement, NetworkPerson, Picture
from barnetsbog.fhir import check
from barnetsbog.kernel.time import DAY
from barnetsbog.record.promotion import TEAM_ROLE, coordinator_of
from barnetsbog.responsibility.mapping import baton_of, with_move
from barnetsbog.responsibility.model import Baton, Event, Move

Json = dict[str, Any]
JOBS = [f"PractitionerRole/{name}" for name in ("kim", "bo", "ida", "maja")]
AT = 20_000 * DAY

words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
described = st.builds(
    Description, st.none() | st.sampled_from(Involvement), st.just("") | words, st.just("") | words,
    st.sampled_from(["", *JOBS]),
)  # fmt: skip


def member(job: str, role: str = "member") -> Json:
    return {"role": [{"coding": [{"system": TEAM_ROLE, "code": role}]}], "member": {"reference": job}}


@st.composite
def teams(draw: st.DrawFn) -> Json:
    jobs = draw(st.permutations(JOBS).flatmap(lambda all_: st.integers(1, 4).map(lambda n: all_[:n])))
    lead = draw(st.booleans())
    listed = [member(job, "coordinator" if lead and not at else "member") for at, job in enumerate(jobs)]
    return {
        "resourceType": "CareTeam",
        "status": "active",
        "subject": {"reference": "Patient/a"},
        "participant": listed,
    }


@given(teams(), st.sampled_from(JOBS), described)
def test_what_is_said_of_somebody_is_read_and_nobody_else_changes(team: Json, job: str, said: Description) -> None:
    after = mapping.with_description(team, job, said)
    parts = {one.reference: one for one in mapping.parts_of(after)}
    assert parts[job].said == said
    before = {one.reference: one for one in mapping.parts_of(team)}
    assert {**before, job: parts[job]} == parts
    assert coordinator_of(after).get("member") == coordinator_of(team).get("member")
    assert not [issue for issue in check(after) if issue.severity == "error"]


@given(teams(), st.lists(st.tuples(st.sampled_from(JOBS), described), max_size=4), st.lists(st.sampled_from(JOBS)))
def test_the_coordinator_s_part_moves_without_taking_what_is_said_along(
    team: Json, told: list[tuple[str, Description]], holders: list[str]
) -> None:
    """Whoever writes the team, responsibility or contacts, leaves what is the other's."""
    for job, said in told:
        team = mapping.with_description(team, job, said)
    before = {one.reference: one.said for one in mapping.parts_of(team)}
    for holder in holders:
        team = with_move(team, Event(Move.ACCEPT, AT, holder, Baton(holder=holder)))
        assert baton_of(team).holder == holder
        parts = {one.reference: one for one in mapping.parts_of(team)}
        assert {ref: parts[ref].said for ref in before} == before
        assert [one.reference for one in parts.values() if "coordinator" in one.roles] == [holder]
    assert not [issue for issue in check(team) if issue.severity == "error"]


def test_who_leaves_stands_as_having_left_until_somebody_calls_them_back() -> None:
    team = {
        "resourceType": "CareTeam",
        "status": "active",
        "participant": [member(JOBS[0], "coordinator"), member(JOBS[1])],
    }
    left = mapping.with_leaver(team, JOBS[0], at=AT, successor=JOBS[1])
    assert left
    (kim, bo) = mapping.parts_of(left)
    assert (kim.left_at, kim.said.stand_in, bo.left_at) == (AT, JOBS[1], None)
    after = with_move(left, Event(Move.ACCEPT, AT, JOBS[1], Baton(holder=JOBS[1])))
    assert [(one.reference, one.left_at) for one in mapping.parts_of(after)] == [(JOBS[1], None), (JOBS[0], AT)]
    assert mapping.parts_of(mapping.with_description(left, JOBS[0], Description()))[0].left_at is None
    again = with_move(after, Event(Move.ACCEPT, AT, JOBS[0], Baton(holder=JOBS[0])))
    assert mapping.parts_of(again)[0].left_at is None


def test_nobody_leaves_a_team_they_are_not_of() -> None:
    assert mapping.with_leaver({"participant": [member(JOBS[0])]}, JOBS[1], at=AT, successor="") is None


@given(
    st.builds(
        NetworkPerson,
        words,
        words,
        st.just("") | words,
        st.builds(Choice, st.none() | st.sampled_from(Picture), st.none() | st.integers(1, 99)),
    )
)
def test_a_network_person_is_what_was_written_and_gets_no_right_by_it(wanted: NetworkPerson) -> None:
    body = mapping.network_person("x", child="alma", wanted=wanted)
    assert mapping.is_network(body)
    assert (mapping.relation_of(body), mapping.phone_of(body, AT)) == (wanted.relation, wanted.phone)
    assert mapping.choice_of(body) == wanted.choice
    assert not custody_of([body], "alma").known and not list(_fostering(body))
    assert not [issue for issue in check(body) if issue.severity == "error"]


def test_a_parent_is_no_network_person() -> None:
    kinds = ([{"code": "MTH"}], [{"code": "FRND"}, {"code": "PARAUTH"}], [{"code": "PRNFOST"}], [])
    for codings in kinds:
        assert not mapping.is_network({"relationship": [{"coding": codings, "text": "nær"}]})


def test_the_child_s_choice_changes_nothing_else_of_a_parent() -> None:
    mother = {
        "resourceType": "RelatedPerson",
        "name": [{"text": "Sara"}],
        "extension": [{"url": "x", "valueString": "y"}],
    }
    after = mapping.with_choice(mother, Choice(Picture.SUN, 1))
    assert mapping.choice_of(after) == Choice(Picture.SUN, 1)
    assert mapping.with_choice(after, Choice()) == mother


def test_a_picture_nobody_knows_is_none() -> None:
    url = "https://barnetsbog.example/fhir/StructureDefinition/chosen-"
    told = [{"url": f"{url}picture", "valueCode": "dragon"}, {"url": f"{url}order", "valuePositiveInt": 0}]
    assert mapping.choice_of({"extension": told}) == Choice()


def test_a_number_that_somebody_had_before_is_not_called() -> None:
    numbers = [
        {"system": "phone", "value": "1", "use": "old"}, {"system": "phone", "value": "2", "period": {"end": "2020"}},
        {"system": "email", "value": "x@eksempel.dk"}, {"system": "phone", "value": "3", "period": {"end": "2030-01"}},
    ]  # fmt: skip
    assert mapping.phone_of({"telecom": numbers}, AT) == "3"
