"""The contacts in the book: whom the child has chosen, who does what, and that somebody has stopped."""

import orjson
import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event as Line
from barnetsbog.consent.terms import CUSTODY_CODE, DANISH_RELATION
from barnetsbog.contacts import operations, queries
from barnetsbog.contacts.mapping import parts_of
from barnetsbog.contacts.model import Choice, Description, Involvement, NetworkPerson, Picture
from barnetsbog.directory.model import Gone
from barnetsbog.fhir.own import complex_extension
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import SECOND
from barnetsbog.overview import queries as overview
from barnetsbog.plan import queries as plan
from barnetsbog.record.models import Entry, Grant, Version
from barnetsbog.record.promotion import TEAM_ROLE
from barnetsbog.record.store import body_of
from barnetsbog.responsibility.model import Move, State
from barnetsbog.responsibility.queries import coordination
from tests.builders import Json, role, send, unit
from tests.conftest import BOTH_DATABASES

from .conftest import Around

pytestmark = BOTH_DATABASES

RUT = NetworkPerson("Rut Papkasse", "nabo", "00 00 00 94", Choice(Picture.STAR, 1))


# -- the child's own people --------------------------------------------------------------------------------------------


def test_the_child_points_at_somebody_and_everybody_around_it_sees_it(around: Around) -> None:
    rights = Grant.objects.count()
    around.writes("kim", RUT)
    seen = around.own("maja", "Rut Papkasse")
    assert seen and seen.network
    assert (seen.contact.title, seen.contact.phone, seen.choice) == ("nabo", "00 00 00 94", RUT.choice)
    assert Grant.objects.count() == rights  # a neighbour gets no right by it
    assert Line.objects.filter(action="contact-person", allowed=True).count() == 1


def test_what_is_changed_is_a_version_and_the_second_is_told(around: Around) -> None:
    ident = around.writes("kim", RUT)
    wanted = RUT._replace(phone="00 00 00 95")
    by, given = around.scope("maja"), {"child_id": around.child, "ident": ident}
    operations.change_person(by=by, version=1, wanted=wanted, **given)
    with pytest.raises(Conflict):
        operations.change_person(by=around.scope("kim"), version=1, wanted=RUT, **given)
    assert Version.objects.filter(entry_id=ident).count() == 2
    seen = around.own("kim", "Rut Papkasse")
    assert seen and seen.contact.phone == "00 00 00 95"


def test_who_is_not_to_stand_there_any_more_is_gone_from_the_page_and_not_from_the_book(around: Around) -> None:
    ident = around.writes("kim", RUT)
    operations.end_person(by=around.scope("kim"), child_id=around.child, ident=ident, version=1)
    assert around.own("kim", "Rut Papkasse") is None
    assert Version.objects.filter(entry_id=ident).count() == 2


def test_a_mother_keeps_her_name_and_gets_the_child_s_picture(around: Around) -> None:
    mother = around.own("kim", "Sara")
    assert mother and not mother.network
    given = {"by": around.scope("kim"), "child_id": around.child, "ident": mother.contact.id}
    with pytest.raises(Refused, match="kommer fra kilden"):
        operations.change_person(version=1, wanted=RUT, **given)
    with pytest.raises(Refused, match="kommer fra kilden"):
        operations.end_person(version=1, **given)
    operations.choose(version=1, choice=Choice(Picture.SUN, 1), **given)
    seen = around.own("kim", "Sara")
    assert seen and seen.choice == Choice(Picture.SUN, 1)


def test_a_stranger_and_somebody_without_the_work_write_nothing(around: Around) -> None:
    before = Entry.objects.count()
    with pytest.raises(NotFound):
        around.writes("ulla", RUT)
    with pytest.raises(Refused, match="Skriv et navn"):
        around.writes("kim", NetworkPerson("", ""))
    assert Entry.objects.count() == before


def test_a_version_written_here_is_registered_now(around: Around) -> None:
    """Whatever its source said of the version before."""
    told = {"resourceType": "RelatedPerson", "id": "moster", "patient": {"reference": "Patient/alma"}}
    send({**told, "name": [{"text": "Moster"}], "meta": {"lastUpdated": "2020-01-01T00:00:00Z"}})
    moster = around.own("kim", "Moster")
    assert moster
    choice = Choice(order=2)
    operations.choose(by=around.scope("kim"), child_id=around.child, ident=moster.contact.id, version=1, choice=choice)
    assert Entry.objects.get(id=moster.contact.id).recorded_at == around.clock.at


# -- professionals -----------------------------------------------------------------------------------------------------


def test_one_says_what_one_does_when_to_call_and_who_answers_otherwise(around: Around) -> None:
    said = Description(Involvement.HAS_TASK, "Samtaler om søvn", "mandag kl. 8-10", around.job("kim"))
    given = {"child_id": around.child, "job": around.ident("bo"), "version": around.team_version, "said": said}
    operations.describe(by=around.scope("bo"), **given)
    seen = around.worker("maja", "bo")
    assert seen and (seen.task, seen.hours, seen.involvement) == ("Samtaler om søvn", "mandag kl. 8-10", "has-task")
    assert seen.stand_in and seen.stand_in.name == "Kim Demosen"
    lead = around.worker("maja", "kim")
    assert lead and lead.role == "coordinator"  # still
    with pytest.raises(Conflict):
        operations.describe(by=around.scope("kim"), **given)


def test_nobody_describes_a_stranger_s_work(around: Around) -> None:
    given = {"child_id": around.child, "version": around.team_version, "said": Description(Involvement.KNOWS)}
    with pytest.raises(Refused, match="Kun personen selv"):
        operations.describe(by=around.scope("maja"), job=around.ident("bo"), **given)
    with pytest.raises(NotFound):
        operations.describe(by=around.scope("ulla"), job=around.ident("ulla"), **given)
    operations.describe(by=around.scope("kim"), job=around.ident("maja"), **given)  # the coordinator may
    seen = around.worker("kim", "maja")
    assert seen and seen.involvement is Involvement.KNOWS


def test_a_stand_in_from_elsewhere_is_refused(around: Around) -> None:
    said = Description(stand_in=around.job("maja"))
    with pytest.raises(Refused, match="kollega"):
        operations.describe(
            by=around.scope("kim"), child_id=around.child, job=around.ident("kim"), version=1, said=said
        )


def test_who_has_stopped_in_the_job_is_grey_and_the_child_has_no_coordinator(around: Around) -> None:
    assert not around.circle("maja").vacant
    assert not send(role("kim")[1] | {"active": False}).refusals
    seen = around.worker("maja", "kim")
    assert seen and seen.away and seen.away.why is Gone.STOPPED and seen.gone
    assert around.circle("maja").vacant


def test_saving_without_a_change_is_no_conflict(around: Around) -> None:
    operations.describe(
        by=around.scope("kim"), child_id=around.child, job=around.ident("kim"), version=1, said=Description()
    )
    assert around.team_version == 1


def test_a_closed_unit_is_grey_and_names_its_successor_only_to_those_who_know_it(around: Around) -> None:
    url = "https://barnetsbog.example/fhir/StructureDefinition/successor"
    closed = unit("gamle") | {
        "active": False,
        "extension": [{"url": url, "valueReference": {"reference": "Organization/familie"}}],
    }
    assert not send(closed).refusals
    found = next(one for one in around.circle("rita").workers if one.contact.name == "Enhed gamle")
    assert found.away and found.away.why is Gone.CLOSED
    assert found.stand_in and found.stand_in.name == "Enhed familie"
    hidden = next(one for one in around.circle("maja").workers if one.contact.name == "Enhed gamle")
    assert hidden.stand_in is None  # a school is not told of the family department


def test_a_name_in_the_team_does_not_tell_of_a_hidden_service(around: Around) -> None:
    """Ida is in the team; Maja may not know that psychiatry has a task with the child."""
    operations.describe(
        by=around.scope("kim"), child_id=around.child, job=around.ident("ida"), version=1, said=Description()
    )
    before = around.circle("maja")
    assert around.worker("maja", "ida") is None
    assert [one.contact.name for one in before.workers if one.contact.sector == "bup"] == []


TEAM = {
    "resourceType": "CareTeam", "id": "hold", "status": "active", "subject": {"reference": "Patient/alma"},
    "period": {"start": "2026-02-01"},
}  # fmt: skip


def _member(code: str, name: str) -> Json:
    role = {"coding": [{"system": TEAM_ROLE, "code": code}]}
    return {"role": [role], "member": {"reference": f"PractitionerRole/{name}"}}


def _lead(around: Around, name: str = "maja") -> tuple[str, str, list[str]]:
    """The coordinator, the substitute, and those who are named of the units, as the overview and the plan tell it."""
    with open_book(around.scope(name), "plan", around.child) as book:
        both = [one.name if one else "" for one in queries.coordinator(book, around.child)]
        people = sorted(one.name for unit in queries.involved(book, around.child) for one in unit.people)
    return both[0], both[1], people


def test_of_several_teams_the_one_that_counts_says_who_leads_to_everybody(around: Around) -> None:
    """Two came from elsewhere; the newest counts, and the oldest is not asked."""
    older = {**TEAM, "id": "foer", "period": {"start": "2020-01-01"}}
    assert not send(
        {**older, "participant": [_member("coordinator", "bo"), _member("substitute", "ida")]},
        {**TEAM, "participant": [_member("coordinator", "kim")]},
    ).refusals
    with open_book(around.scope("maja"), "plan", around.child) as book:
        lead = coordination(book, around.child)
    assert lead and lead.holder and lead.holder.name == "Kim Demosen"
    assert _lead(around) == ("Kim Demosen", "", ["Kim Demosen"])


def test_a_substitute_who_has_left_leads_nothing_any_more(around: Around) -> None:
    both = [_member("coordinator", "kim"), _member("substitute", "bo")]
    assert not send({**TEAM, "period": {"start": "2026-11-25"}, "participant": both}).refusals

    def leads() -> tuple[bool, bool]:
        with open_book(around.scope("bo"), "plan", around.child) as book:
            return plan.leads(book, around.child), overview.may_write(book, around.child)

    assert _lead(around) == ("Kim Demosen", "Bo Demosen", ["Bo Demosen", "Kim Demosen"]) and leads() == (True, True)
    around.clock.at += SECOND
    operations.leave(by=around.scope("bo"), child_id=around.child, to="")
    assert _lead(around) == ("Kim Demosen", "", ["Kim Demosen"]) and leads() == (False, False)


def test_who_holds_custody_and_who_is_around_the_child_is_asked_of_the_law_and_of_now(around: Around) -> None:
    parent = {"coding": [{"system": DANISH_RELATION, "code": CUSTODY_CODE}], "text": "forælder"}
    person = {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/alma"}}
    appointed = complex_extension(
        "custody", {"kind": ("Code", "appointed"), "period": ("Period", {"start": "2026-01-01"})}
    )
    ended = complex_extension("custody", {"kind": ("Code", "parent"), "period": ("Period", {"end": "2020-01-01"})})
    for one in (
        {"id": "ex", "name": [{"text": "Far Ex"}], "relationship": [parent], "period": {"end": "2020-01-01"}},
        {"id": "far", "name": [{"text": "Far"}], "extension": [ended], "relationship": [parent]},
        {"id": "moster", "name": [{"text": "Moster"}], "extension": [appointed]},
        {"id": "nabo", "name": [{"text": "Nabo"}], "active": False},
    ):
        assert not send({**person, **one}).refusals
    with open_book(around.scope("rita"), "plan", around.child) as book:
        told = {one.name: custody for one, custody in queries.relatives(book, around.child)}
    assert told == {"Sara": False, "Far Ex": False, "Far": False, "Moster": True}
    seen = around.circle("rita").family
    assert {one.contact.name: one.holds_custody for one in seen} == told
    gone = Entry.objects.get(title="Nabo").id
    with pytest.raises(Refused, match="Vælg en fra familien"):
        around.opens("kim", f"RelatedPerson/{gone}")


# -- leaving -----------------------------------------------------------------------------------------------------------


def test_who_stops_hands_on_everything_and_keeps_it_until_it_is_accepted(around: Around) -> None:
    ball, other = (
        around.opens("kim", around.job("kim")),
        around.opens("kim", around.job("kim"), title="Ring til skolen"),
    )
    around.does("kim", Move.OFFER, other, around.job("maja"))
    around.clock.at += SECOND
    handed = operations.leave(by=around.scope("kim"), child_id=around.child, to=around.job("bo"))
    assert sorted((one.title, one.coordination) for one in handed) == [
        ("Ring til far", False),
        ("Teamet om barnet", True),
    ]
    page = around.page("kim", ball)
    assert page.state is State.OFFERED and page.ball.mine
    assert page.ball.offered_to and page.ball.offered_to.name == "Bo Demosen"
    assert page.history[0].reason == operations.LEFT
    asked = around.page("kim", other).ball.offered_to
    assert asked and asked.name == "Maja Demosen"  # was asked before, and still is
    seen = around.worker("bo", "kim")
    assert seen and seen.left_at == around.clock.at and seen.stand_in and seen.stand_in.name == "Bo Demosen"
    assert around.circle("bo").vacant  # until Bo says yes


def test_the_new_coordinator_says_yes_and_there_is_no_vacancy(around: Around) -> None:
    around.clock.at += SECOND
    (lead,) = operations.leave(by=around.scope("kim"), child_id=around.child, to=around.job("bo"))
    around.does("bo", Move.ACCEPT, lead.id)
    found = around.circle("maja")
    assert not found.vacant
    assert [(one.contact.name, one.left_at is None) for one in found.workers if one.contact.unit == "Enhed ppr"] == [
        ("Bo Demosen", True), ("Kim Demosen", False),
    ]  # fmt: skip


def test_balls_are_never_left_lying(around: Around) -> None:
    around.opens("kim", around.job("kim"))
    around.clock.at += SECOND
    with pytest.raises(Refused, match="Vælg, hvem"):
        operations.leave(by=around.scope("kim"), child_id=around.child, to="")
    with pytest.raises(Refused, match="opgave med barnet"):
        operations.leave(by=around.scope("kim"), child_id=around.child, to=around.job("ulla"))
    seen = around.worker("kim", "kim")
    assert seen and seen.left_at is None and around.team_version == 1  # all or nothing


def test_somebody_with_nothing_in_hand_just_leaves(around: Around) -> None:
    operations.describe(
        by=around.scope("kim"), child_id=around.child, job=around.ident("ida"), version=1, said=Description()
    )
    around.clock.at += SECOND
    assert operations.leave(by=around.scope("ida"), child_id=around.child, to="") == ()
    assert around.worker("kim", "ida") is None  # psychiatry was hidden from Kim, and is
    (team,) = Entry.objects.filter(what="team")
    parts = parts_of(orjson.loads(body_of(team.child_id.bytes, team.id.bytes)))
    assert [one.left_at for one in parts if one.reference == around.job("ida")] == [around.clock.at]
    with pytest.raises(NotFound):
        operations.leave(by=around.scope("ulla"), child_id=around.child, to="")
