"""The ball in the book: opening it, handing it on, its history, and those who may not touch it."""

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event as Line
from barnetsbog.contacts.circle import circle
from barnetsbog.directory.nameless import NAMELESS
from barnetsbog.fhir.own import extension
from barnetsbog.intake.writing import write
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY
from barnetsbog.record.models import Entry
from barnetsbog.responsibility import operations, queries
from barnetsbog.responsibility.model import Move, NewBall, State, Tab
from tests.builders import bundle, care, honour_conflict, patient, send, task
from tests.conftest import BOTH_DATABASES
from tests.integration.calendar.conftest import parent

from .conftest import NOON, Team

pytestmark = BOTH_DATABASES


def test_an_offered_ball_stays_with_its_sender_until_it_is_accepted(team: Team) -> None:
    ball = team.opens("kim", team.job("kim"))
    team.does("kim", Move.OFFER, ball, team.job("maja"))
    assert team.titles("kim") == ["Ring til far"]
    assert team.list_of("maja").cases[0].ball.asks_me
    team.does("maja", Move.ACCEPT, ball)
    assert team.titles("kim") == []
    assert team.titles("kim", Tab.WAITING) == ["Ring til far"]
    page = team.page("maja", ball)
    assert (page.state, page.ball.mine, page.ball.holder and page.ball.holder.name) == (
        State.HELD,
        True,
        "Maja Demosen",
    )


def test_a_ball_given_back_is_with_its_sender_and_says_why(team: Team) -> None:
    ball = team.opens("kim", team.job("kim"))
    told = Line.objects.get(action="ball-open").detail["ball"]
    assert told == str(ball), "the log of the family tells it to those who see the ball"
    team.does("kim", Move.OFFER, ball, team.unit("skole"))
    with pytest.raises(Refused, match="Skriv, hvorfor"):
        team.does("maja", Move.RETURN, ball)
    team.does("maja", Move.RETURN, ball, why="Far skal svare først.")
    page = team.page("kim", ball)
    assert (page.state, page.ball.mine) == (State.HELD, True)
    assert page.history[0].reason == "Far skal svare først."
    assert page.history[0].by and page.history[0].by.name == "Maja Demosen"


def test_its_whole_history_is_told_the_newest_first(team: Team) -> None:
    ball = team.opens("kim", team.unit("ppr"))
    team.does("bo", Move.ACCEPT, ball)
    team.does("bo", Move.DUE, ball, why="Far er bortrejst.", due=NOON + 5 * DAY)
    with pytest.raises(Refused, match="Det er fristen allerede"):
        team.does("bo", Move.DUE, ball, why="Far er bortrejst.", due=NOON + 5 * DAY)
    team.does("bo", Move.FINISH, ball)
    team.does("kim", Move.REOPEN, ball, why="Far ringede ikke tilbage.")
    told = team.page("kim", ball).history
    assert [line.move for line in told] == [Move.REOPEN, Move.FINISH, Move.DUE, Move.ACCEPT, Move.OPEN]
    assert [line.holder.name if line.holder else "" for line in told] == ["Kim Demosen", *["Bo Demosen"] * 3, ""]
    assert told[2].due == NOON + 5 * DAY
    assert team.page("kim", ball).ball.due == NOON + 5 * DAY


def test_of_two_who_take_it_at_once_the_first_has_it(team: Team) -> None:
    ball = team.opens("kim")
    team.does("maja", Move.TAKE, ball, version=1)
    with pytest.raises(Conflict, match="imens"):
        team.does("bo", Move.TAKE, ball, version=1)
    holder = team.page("kim", ball).ball.holder
    assert holder and holder.name == "Maja Demosen"


def test_a_ball_of_nobody_shows_to_everybody_around_the_child(team: Team) -> None:
    team.opens("kim")
    for name in ("kim", "maja", "leder"):
        assert team.titles(name, Tab.NOBODY) == ["Ring til far"]
        assert team.list_of(name).counts[Tab.NOBODY] == 1
    assert team.titles("ida", Tab.NOBODY) == []  # PPR's ordinary tasks are none of BUP's, without a consent


def test_the_one_who_is_offered_a_ball_can_read_it_and_nobody_else_for_that(team: Team) -> None:
    ball = team.opens("rita", team.job("rita"), text="Han tager telefonen efter fire.")
    with pytest.raises(NotFound):
        team.page("maja", ball)
    team.does("rita", Move.OFFER, ball, team.unit("skole"))
    assert team.page("maja", ball).text == "Han tager telefonen efter fire."
    assert team.titles("maja") == ["Ring til far"]
    team.does("maja", Move.RETURN, ball, why="Det er ikke skolens.")
    with pytest.raises(NotFound):
        team.page("maja", ball)


def test_a_unit_that_one_may_not_know_of_is_not_among_the_receivers(team: Team) -> None:
    """PPR has no consent to know that BUP is there."""
    ball = team.opens("kim", team.job("kim"))
    assert team.unit("bup") not in {one.reference for one in team.page("kim", ball).receivers}
    with pytest.raises(Refused, match="send en henvisning"):
        team.does("kim", Move.OFFER, ball, team.unit("bup"))


def test_a_ball_goes_only_to_those_who_have_to_do_with_the_child(team: Team) -> None:
    with pytest.raises(Refused, match="send en henvisning"):
        team.opens("kim", team.job("ulla"))
    ball = team.opens("kim", team.job("kim"))
    with pytest.raises(Refused, match="send en henvisning"):
        team.does("kim", Move.OFFER, ball, team.unit("andre"))
    receivers = {one.reference for one in team.page("kim", ball).receivers}
    assert team.job("maja") in receivers
    assert not {team.job("ulla"), team.job("kim")} & receivers, "a stranger, and the one who has it"


def test_what_a_unit_alone_may_read_is_offered_to_colleagues_only(team: Team) -> None:
    """Another unit would be asked for something that it can't see, and the answer never come."""
    by, ident = team.scope("kim"), new_id()
    with open_book(by, "ball", team.child) as book:
        wanted = NewBall("Anmodning om aktindsigt", to=team.job("kim"))
        write(by, operations.guarded(operations.new_ball(book, team.child, ident, wanted)))
    assert sorted(one.contact.name for one in team.page("kim", ident).receivers) == [
        "Bo Demosen",
        "Enhed ppr",
        "Leder Demosen",
    ]
    with pytest.raises(Refused, match="Kun jeres enhed"):
        team.does("kim", Move.OFFER, ident, team.unit("skole"))
    team.does("kim", Move.OFFER, ident, team.job("bo"))
    team.does("bo", Move.ACCEPT, ident)


def test_a_closed_unit_is_offered_nothing(team: Team) -> None:
    closed = {"resourceType": "Organization", "id": "gamle", "name": "Enhed gamle", "active": False}
    assert not send(closed).refusals
    with pytest.raises(Refused, match="Enheden er lukket"):
        team.opens("kim", team.unit("gamle"))


def test_the_family_is_asked_and_has_it_at_once(team: Team) -> None:
    mother = Entry.objects.get(what="person").id
    ball = team.opens("kim", f"RelatedPerson/{mother}", title="Udfyld skemaet")
    holder = team.page("kim", ball).ball.holder
    assert holder and holder.name == "Sara"


def test_nobody_asks_one_who_is_dead(team: Team) -> None:
    mother = Entry.objects.get(what="person").id
    died = extension("deceased", "DateTime", "2024-03-02")
    assert not send({**parent("mor", "Sara"), "extension": [*parent("mor", "Sara")["extension"], died]}).refusals
    assert _family(team) == {}
    with pytest.raises(Refused, match="Vælg en fra familien"):
        team.opens("kim", f"RelatedPerson/{mother}")
    with open_book(team.scope("kim"), "contacts", team.child) as book:
        (there,) = circle(book, team.child).family
    assert there.deceased, "the book still tells who she was"


def test_a_task_with_somebody_of_the_family_who_does_not_read_the_book_is_told_of_as_such(team: Team) -> None:
    """Nobody waits for a parent without custody to see it: whoever asked says it themselves."""
    mother = Entry.objects.get(what="person").id
    ball = team.opens("kim", f"RelatedPerson/{mother}")
    assert team.page("kim", ball).unread and not team.page("kim", team.opens("kim", team.job("kim"))).unread
    assert _family(team) == {"Sara": False}
    assert not send(parent("mor", "Sara")).refusals
    assert not team.page("kim", ball).unread and _family(team) == {"Sara": True}
    assert not send({**parent("mor", "Sara"), "relationship": [{"text": "mor"}]}).refusals
    assert team.page("kim", ball).unread
    team.does("kim", Move.CANCEL, ball, why="Sagt i telefonen.")
    assert not team.page("kim", ball).unread


def _family(team: Team) -> dict[str, bool]:
    with open_book(team.scope("kim"), "ball", team.child) as book:
        return {one.name: reads for one, reads in queries.family(book, team.child)}


@pytest.mark.parametrize(
    ("more", "why"),
    [({"title": " "}, "Skriv, hvad der skal gøres"), ({"due": NOON - DAY}, "Fristen er gået")],
)
def test_what_can_t_be_is_said_and_nothing_is_kept(team: Team, more: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        team.opens("kim", team.job("kim"), **more)
    assert not Entry.objects.filter(what="task").exists()


def test_who_has_nothing_to_do_with_the_child_finds_no_ball(team: Team) -> None:
    ball = team.opens("kim", team.job("kim"))
    for act in (
        lambda: team.page("ulla", ball),
        lambda: team.does("ulla", Move.TAKE, ball),
        lambda: team.opens("ulla"),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_log_says_who_did_what(team: Team) -> None:
    ball = team.opens("kim")
    team.does("maja", Move.TAKE, ball)
    acts = [
        (line.action, line.detail.get("move"))
        for line in Line.objects.filter(action__startswith="ball").order_by("at", "id")
    ]
    assert acts == [("ball-open", None), ("ball-move", "take")]


def test_a_ball_that_another_system_sent_can_be_handed_on(team: Team) -> None:
    assert not send(task()).refusals
    ball = Entry.objects.get(what="task").id
    team.does("kim", Move.OFFER, ball, team.job("bo"))
    team.does("bo", Move.ACCEPT, ball)
    assert [line.move for line in team.page("bo", ball).history] == [Move.ACCEPT, Move.OFFER, None]
    # Its source sends it again and knows nothing of that
    send(task(note=[{"text": "Efter kl. 15"}], lastModified="2026-11-20"))
    found = team.page("bo", ball)
    assert (found.ball.holder and found.ball.holder.name, found.text) == ("Bo Demosen", "Efter kl. 15")
    team.does("bo", Move.FINISH, ball)
    send(task(note=[{"text": "Efter kl. 16"}]))
    assert team.page("bo", ball).state is State.DONE
    # but what it has done with it since counts
    send(task(lastModified="2026-11-26"))
    assert team.page("kim", ball).state is State.HELD
    team.does("kim", Move.OFFER, ball, team.job("bo"), "Han kender far.")
    send(task(status="cancelled"))
    assert team.page("kim", ball).state is State.CANCELLED


@pytest.mark.parametrize("owner", ["PractitionerRole/nobody", "Practitioner/kim", "Organization/nowhere", "CareTeam/x"])
def test_a_ball_whose_holder_nobody_here_knows_can_be_taken_by_whoever_finds_it(team: Team, owner: str) -> None:
    assert not send(task(holder=None, owner={"reference": owner})).refusals
    ball = Entry.objects.get(what="task").id
    assert team.page("maja", ball).moves == {Move.TAKE_OVER}
    team.does("maja", Move.TAKE_OVER, ball)
    assert team.page("maja", ball).ball.mine and team.page("bo", ball).moves == set()


def test_several_at_once_each_for_itself(team: Team) -> None:
    mine, theirs, done = (
        team.opens("bo", team.job("bo")),
        team.opens("maja", team.job("maja")),
        team.opens("bo", team.job("bo")),
    )
    team.does("bo", Move.FINISH, done)
    chosen = [(team.child, one, Entry.objects.get(id=one).version) for one in (mine, theirs, done)]
    found = operations.offer_many(by=team.scope("leder"), chosen=chosen, to=team.job("kim"))
    assert [one.why_not for one in found] == [
        "", "Kun den, der har bolden, kan give den videre.", "Opgaven er færdig. Åbn den igen, hvis den ikke er det.",
    ]  # fmt: skip
    assert team.page("kim", mine).ball.asks_me


# -- being away --------------------------------------------------------------------------------------------------------


def test_a_substitute_has_the_balls_of_one_who_is_away_and_only_so_long(team: Team) -> None:
    ball = team.opens("kim", team.job("kim"))
    assert team.titles("bo") == []
    operations.be_away(
        by=team.scope("kim"), role_id=team.ident("kim"), start=NOON, end=NOON + 7 * DAY, substitute=team.ident("bo")
    )
    assert team.titles("bo") == ["Ring til far"]
    away = team.list_of("maja", Tab.WAITING).cases[0].ball.away
    assert away and away.substitute_id == team.ident("bo")
    team.clock.at = NOON + 7 * DAY
    assert team.titles("bo") == []
    assert ball == team.list_of("kim").cases[0].ball.id


def test_what_is_taken_over_is_the_taker_s(team: Team) -> None:
    ball = team.opens("kim", team.job("kim"))
    with pytest.raises(Refused, match="er på arbejde"):
        team.does("bo", Move.TAKE_OVER, ball)
    operations.be_away(by=team.scope("leder"), role_id=team.ident("kim"), start=NOON, end=NOON + DAY, substitute=None)
    team.does("bo", Move.TAKE_OVER, ball)
    team.clock.at = NOON + 2 * DAY
    holder = team.page("kim", ball).ball.holder
    assert holder and holder.name == "Bo Demosen"


def test_one_who_has_stopped_leaves_no_ball_behind(team: Team) -> None:
    ball, offered = team.opens("kim", team.job("kim")), team.opens("maja", team.job("maja"))
    team.does("maja", Move.OFFER, offered, team.job("kim"))
    operations.has_stopped(by=team.scope("leder"), role_id=team.ident("kim"))
    assert team.list_of("bo").counts[Tab.MINE] == 1
    away = team.page("bo", ball).ball.away
    assert away and away.why == "stopped"
    assert Move.TAKE_OVER in team.page("bo", ball).moves
    team.does("bo", Move.ACCEPT, offered)
    with pytest.raises(AssertionError):
        team.scope("kim")


def test_a_unit_that_took_over_has_its_balls(team: Team) -> None:
    ball = team.opens("gerda", team.job("gerda"))
    successor = {
        "url": "https://barnetsbog.example/fhir/StructureDefinition/successor",
        "valueReference": {"reference": "Organization/ppr"},
    }
    closed = {
        "resourceType": "Organization",
        "id": "gamle",
        "name": "Enhed gamle",
        "active": False,
        "extension": [successor],
    }
    assert not send(closed).refusals
    assert team.titles("kim") == ["Ring til far"]
    team.does("kim", Move.TAKE_OVER, ball)
    assert team.page("kim", ball).ball.mine


def test_what_a_unit_left_that_nobody_took_over_is_taken_by_who_finds_it(team: Team) -> None:
    ball = team.opens("gerda", team.job("gerda"))
    assert not team.page("kim", ball).moves & {Move.TAKE_OVER}
    assert not send({"resourceType": "Organization", "id": "gamle", "name": "Enhed gamle", "active": False}).refusals
    team.does("kim", Move.TAKE_OVER, ball)
    assert team.page("kim", ball).ball.mine


def test_nobody_but_oneself_and_one_s_leader_says_that_one_is_away(team: Team) -> None:
    for name in ("bo", "maja", "ida"):
        with pytest.raises(NotFound):
            operations.be_away(
                by=team.scope(name), role_id=team.ident("kim"), start=NOON, end=NOON + DAY, substitute=None
            )
        with pytest.raises(NotFound):
            operations.has_stopped(by=team.scope(name), role_id=team.ident("kim"))
    with pytest.raises(Refused, match="kollega"):
        operations.be_away(
            by=team.scope("kim"), role_id=team.ident("kim"), start=NOON, end=NOON + DAY, substitute=team.ident("maja")
        )


def test_an_absence_is_ended_or_written_anew(team: Team) -> None:
    kim = team.ident("kim")
    operations.be_away(by=team.scope("kim"), role_id=kim, start=NOON, end=NOON + 7 * DAY, substitute=None)
    operations.be_away(
        by=team.scope("kim"), role_id=kim, start=NOON + DAY, end=NOON + 2 * DAY, substitute=team.ident("bo")
    )
    from barnetsbog.directory.queries import absences

    first, second = absences([kim], team.clock.at)
    assert (first.start, first.end, second.start, second.end) == (NOON, NOON + DAY, NOON + DAY, NOON + 2 * DAY)
    operations.be_back(by=team.scope("kim"), role_id=kim, absence=second.id)
    assert [one.id for one in absences([kim], team.clock.at)] == [first.id]


# -- the coordinator ---------------------------------------------------------------------------------------------------


def test_a_child_gets_a_coordinator_and_the_part_is_handed_on_like_a_ball(team: Team) -> None:
    part = operations.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("maja"))
    assert team.list_of("maja").cases[0].ball.coordination
    team.does("maja", Move.ACCEPT, part)
    team.does("maja", Move.OFFER, part, team.job("kim"))
    coordinator = _coordinator(team)
    assert coordinator.holder and coordinator.holder.name == "Maja Demosen"
    team.does("kim", Move.ACCEPT, part)
    coordinator = _coordinator(team)
    assert coordinator.holder and coordinator.holder.name == "Kim Demosen"
    with pytest.raises(Refused, match="har en tovholder"):
        operations.appoint(by=team.scope("maja"), child_id=team.child, to=team.job("maja"))
    with pytest.raises(Refused):
        team.does("kim", Move.FINISH, part)


def _coordinator(team: Team) -> queries.Ball:
    with open_book(team.scope("kim"), "ball", team.child) as book:
        found = queries.coordination(book, team.child)
    assert found
    return found


def test_where_the_coordinator_has_stopped_somebody_else_around_the_child_is_asked(team: Team) -> None:
    """The contacts say that there is none. Who has gone stands there until another one has said yes."""
    part = operations.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("kim"))
    with pytest.raises(Refused, match="Barnet har en tovholder"):
        operations.appoint(by=team.scope("maja"), child_id=team.child, to=team.job("maja"))
    operations.has_stopped(by=team.scope("leder"), role_id=team.ident("kim"))
    operations.appoint(by=team.scope("gerda"), child_id=team.child, to=team.job("maja"))
    with open_book(team.scope("bo"), "ball", team.child) as book:
        (found,) = [queries.coordination(book, team.child)]
    assert found and found.holder and found.offered_to
    assert (found.holder.name, found.offered_to.name) == ("Kim Demosen", "Maja Demosen")
    team.does("maja", Move.ACCEPT, part)
    assert (now := team.page("bo", part).ball.holder) and now.name == "Maja Demosen"


def test_a_task_stays_with_whom_it_was_given_when_the_coordinator_changes(team: Team) -> None:
    """civicrm-core PR 16559: a task went to a person from another case."""
    part = operations.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("kim"))
    ball = team.opens("maja", team.job("kim"))
    team.does("kim", Move.ACCEPT, ball)
    team.does("kim", Move.OFFER, part, team.job("bo"))
    team.does("bo", Move.ACCEPT, part)
    assert team.page("kim", ball).ball.mine and not team.page("bo", ball).ball.mine
    other = bundle(patient("noah", number="0202149903"), care("c8", "noah", "andre"), care("c9", "noah", "ppr"))
    assert not send(other).refusals
    assert team.job("ulla") not in {one.reference for one in team.page("kim", ball).receivers}


def test_a_coordinator_s_child_whose_last_ball_has_ended_is_on_the_coordinator_s_list_and_no_other_s(
    team: Team,
) -> None:
    operations.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("kim"))
    ball = team.opens("kim", team.job("kim"))
    assert not team.list_of("kim", Tab.ALL).idle
    team.does("kim", Move.FINISH, ball)
    idle = {tab: [one.given for one in team.list_of("kim", tab).idle] for tab in Tab}
    assert idle == {Tab.MINE: [], Tab.WAITING: [], Tab.NOBODY: ["Alma"], Tab.ALL: ["Alma"]}
    assert team.list_of("kim").counts == {Tab.MINE: 0, Tab.WAITING: 0, Tab.NOBODY: 1, Tab.ALL: 1}
    assert team.list_of("maja", Tab.ALL).counts[Tab.ALL] == 0
    with open_book(team.scope("kim"), "work-list") as book:
        found = {called: len(queries.work_list(book, Tab.ALL, called=called).idle) for called in ("alma", "noah")}
    assert found == {"alma": 1, "noah": 0}


def test_who_sees_no_ball_of_a_child_finds_it_in_the_list_all_the_same(team: Team) -> None:
    """A teacher's pupil, of whom others have all the tasks. The child's coordinator reads it as an alarm, others not."""
    assert {name: _others(team, name) for name in ("maja", "kim", "ulla")} == {
        "maja": ["Alma"],
        "kim": ["Alma"],
        "ulla": [],
    }
    operations.appoint(by=team.scope("kim"), child_id=team.child, to=team.job("kim"))
    assert (_others(team, "kim"), _others(team, "maja")) == ([], ["Alma"])
    assert team.list_of("maja", Tab.NOBODY).others == team.list_of("maja", Tab.MINE).others == ()
    with open_book(team.scope("maja"), "work-list") as book:
        found = {called: len(queries.work_list(book, Tab.ALL, called=called).others) for called in ("alma", "noah")}
    assert found == {"alma": 1, "noah": 0}
    assert str(team.child) in str(Line.objects.filter(action="work-list").latest("at").detail), "it is in the log"
    team.opens("maja", team.job("maja"))
    assert _others(team, "maja") == []


def test_on_other_pages_nobody_else_is_named_nor_said_to_have_been(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, ident in enumerate(("ny", "nyere")):
        asked = {"for": {"reference": f"Patient/{ident}"}, "owner": {"reference": "PractitionerRole/kim"}}
        child = patient(ident, number=None)
        assert not send(bundle(child, care(f"c{ident}", ident), task(f"t{number}", **asked))).refusals
    monkeypatch.setattr(queries, "PAGE", 1)
    told = {}
    for page in (1, 2):
        before = [*Line.objects.values_list("id", flat=True)]
        with open_book(team.scope("kim"), "work-list") as book:
            others = [one.id for one in queries.work_list(book, Tab.ALL, page).others]
        line = Line.objects.exclude(id__in=before).get(action="work-list")
        told[page] = (others, str(team.child) in str(line.detail))
    assert told == {1: ([team.child], True), 2: ([], False)}


def _others(team: Team, name: str) -> list[str]:
    return [one.given for one in team.list_of(name, Tab.ALL).others]


def test_no_parent_is_given_a_task_before_the_risk_of_an_honour_conflict_is_assessed(team: Team) -> None:
    send(patient(extension=[honour_conflict()]))
    mother = f"RelatedPerson/{Entry.objects.get(what='person', title='Sara').id}"
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        operations.open_ball(by=team.scope("kim"), child_id=team.child, wanted=NewBall("Ring til os", to=mother))


def test_a_child_is_sought_by_name_among_ones_own_and_one_without_a_name_is_there_too(team: Team) -> None:
    team.opens("kim", team.job("kim"))
    newborn = {key: said for key, said in patient("ny", number=None).items() if key != "name"}
    asked = {"for": {"reference": "Patient/ny"}, "owner": {"reference": "PractitionerRole/kim"}}
    assert not send(bundle(newborn, care("c8", "ny"), task("t8", **asked))).refusals
    with open_book(team.scope("kim"), "work-list") as book:
        found = {
            called: [one.child.full for one in queries.work_list(book, Tab.ALL, page=9, called=called).cases]
            for called in ("alm prø", "ALMA", "uden navn", "Noah")
        }
    assert found == {"alm prø": ["Alma Prøvegaard"], "ALMA": ["Alma Prøvegaard"], "uden navn": [NAMELESS], "Noah": []}
    assert [one.child.called for one in team.list_of("kim").cases] == ["Alma", NAMELESS]
    assert not team.list_of("ulla", Tab.ALL).cases
