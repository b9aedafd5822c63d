"""A referral from the first word to the answer, and what each side sees of it meanwhile."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.consent.answering import Yes
from barnetsbog.deadlines import queries as deadlines
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import DAY, SECOND, local_day
from barnetsbog.law.model import Incomplete, Level
from barnetsbog.publishing.models import RoutingDecision, RoutingDraft
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.shelves import shelf
from barnetsbog.referrals import operations, queries
from barnetsbog.referrals.model import Move, Side, State, Urgency
from barnetsbog.responsibility import operations as handing
from barnetsbog.responsibility import queries as balls
from barnetsbog.responsibility.model import Move as BallMove
from barnetsbog.responsibility.model import Page as BallPage
from barnetsbog.responsibility.model import Tab
from barnetsbog.responsibility.rules import Wish
from barnetsbog.routing.files import written
from barnetsbog.routing.model import Change, Local
from tests.builders import bundle, care, observation, role, send, task
from tests.conftest import BOTH_DATABASES

from .conftest import Referring, part_of

pytestmark = BOTH_DATABASES


def sees(referring: Referring, name: str) -> list[str]:
    """Every title that somebody can read of in Alma's book; nothing when they may not know of her."""
    try:
        with open_book(referring.scope(name), "timeline", referring.child) as book:
            rows = book.entries(referring.child, Filter(on_timeline=False))
    except NotFound:
        return []
    return sorted(row.title for row in rows if row.what not in ("care",))


def with_ball(referring: Referring, name: str) -> list[str]:
    with open_book(referring.scope(name), "work-list") as book:
        found = balls.work_list(book, Tab.MINE)
    return [case.ball.title for case in found.cases]


def ball_is_about(referring: Referring, name: str) -> UUID | None:
    """The referral that somebody is led to from the ball."""
    with open_book(referring.scope(name), "ball", referring.child) as book:
        (ball,) = balls.balls(book, referring.child)
        return balls.page(book, referring.child, ball.id).about


def written_by_the_school(referring: Referring) -> str:
    """An entry that is not PPR's to give, but as far as the parents let the school tell it."""
    told = observation("skolens", code={"text": "Uro i timen"}, performer=[{"reference": "PractitionerRole/maja"}])
    assert not send(bundle(*role("maja", "skole", "teacher"), care("c-skole", unit_id="skole"), told)).refusals
    return f"Observation/{Entry.objects.get(title='Uro i timen').id}"


# -- sending -----------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_referrer_s_unit_s_and_nobody_else_s(referring: Referring) -> None:
    ident = referring.begins()
    assert referring.page("bo", ident).referral.state is State.DRAFT
    for scope in (referring.parent("Sara"), referring.scope("jytte")):
        with pytest.raises(NotFound), open_book(scope, "referral", referring.child) as book:
            book.entry(referring.child, ident)


def test_that_a_draft_is_written_is_told_by_no_log_of_the_family_until_it_is_sent(referring: Referring) -> None:
    def told() -> list[str]:
        with open_book(referring.parent("Sara"), "log-read", referring.child) as book:
            found = own_log(book, referring.child, since=0).rows
        return [row.action for row in found if row.action.startswith("referral-")]

    ident = referring.begins(urgency=Urgency.ACUTE)
    assert told() == []
    referring.sends(ident)
    assert told() == ["referral-move", "referral-write"]


def test_before_both_have_said_yes_it_is_not_sent_and_nothing_is_lost(referring: Referring) -> None:
    ident = referring.begins()
    with pytest.raises(Refused, match="Der mangler svar fra 2 af 2"):
        referring.sends(ident)
    referring.asked_says("Sara", Yes())
    with pytest.raises(Refused, match="Der mangler svar fra 1 af 2"):
        referring.sends(ident)
    lawful = referring.page("kim", ident).lawful
    assert lawful and not lawful.may
    referring.asked_says("Jonas", Yes())
    referring.sends(ident)
    assert referring.page("kim", ident).referral.state is State.SENT


def test_a_no_stops_it(referring: Referring) -> None:
    referring.asked_says("Sara", Yes())
    referring.asked_says("Jonas", None)
    with pytest.raises(Refused, match="sagt nej"):
        referring.sends(referring.begins())


def test_a_statute_about_something_else_does_not_make_a_referral_lawful(referring: Referring) -> None:
    """24DNU05. A children's house, a meeting of SSD and a notification of concern are their own occasions."""
    referring.asked_says("Sara", Yes(), sender="astrid")
    referring.asked_says("Jonas", None, sender="astrid")
    ident = referring.begins("astrid", package=(), override="Vi kender hende.")
    lawful = referring.page("astrid", ident).lawful
    assert lawful and not lawful.may and "BL126" not in lawful.rules
    with pytest.raises(Refused, match="sagt nej"):
        referring.sends(ident, "astrid")


@pytest.mark.parametrize(
    ("name", "to"), [("kim", "fam"), ("nanna", "fam"), ("rita", "skole"), ("rita", "laege"), ("rita", "vis")]
)
def test_what_a_unit_tells_another_rests_on_consent_and_on_no_statute_beside_it(
    referring: Referring, name: str, to: str
) -> None:
    for one in ("fam", "ltt"):
        assert not send(care(f"c-{one}", unit_id=one)).refusals
    with open_book(referring.scope(name), "forms", referring.child) as book:
        told = queries.telling(book, referring.child, UUID(referring.unit(to).partition("/")[2]), shelf("TI", "O"))
    assert isinstance(told.answer, Incomplete) and not told.may


def test_a_yes_to_one_place_is_none_to_another(referring: Referring) -> None:
    """Acceptance case 13."""
    referring.both_say_yes()
    with pytest.raises(Refused, match="Der mangler svar"):
        referring.sends(referring.begins(to=referring.unit("andet")))


def test_what_nobody_said_yes_to_is_not_sent_with_it(referring: Referring) -> None:
    referring.both_say_yes()
    social = send({
        "resourceType": "Observation", "id": "soc", "status": "final", "code": {"text": "Uro hjemme"},
        "meta": {"security": [{"code": "social"}]}, "subject": {"reference": "Patient/alma"}, "valueString": "x",
        "effectiveDateTime": "2026-11-01", "performer": [{"reference": "PractitionerRole/kim"}],
    })  # fmt: skip
    assert not social.refusals
    more = Entry.objects.get(title="Uro hjemme").id
    ident = referring.begins(package=(f"Observation/{referring.entry.id}", f"Observation/{more}"))
    with pytest.raises(Refused, match="ikke sagt ja til alt det"):
        referring.sends(ident)


def test_when_it_is_acute_nobody_waits_for_a_yes(referring: Referring) -> None:
    ident = referring.begins(urgency=Urgency.ACUTE, suspicion="self-harm", tried="", override="Der er fare nu.")
    referring.sends(ident)
    (one,) = referring.queue("jytte")
    assert one.summary.urgent


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"reason": " "}, "hvorfor du henviser"),
        ({"tried": ""}, "hvad der er prøvet"),
        ({"to": ""}, "hvem der skal have"),
    ],
)
def test_what_must_be_written_first(referring: Referring, more: dict[str, Any], why: str) -> None:
    referring.both_say_yes()
    with pytest.raises(Refused, match=why):
        referring.sends(referring.begins(**more))


def test_another_door_than_the_rules_is_open_with_a_reason(referring: Referring) -> None:
    """For a suspected ADHD PPR is rather the one to refer; the GP can send all the same, and says why."""
    referring.both_say_yes(sender="astrid")
    ident = referring.begins("astrid", package=())
    with pytest.raises(Refused, match="Du kan gøre det alligevel"):
        referring.sends(ident, "astrid")
    draft = referring.draft(override="PPR har ventetid til april, og vi kender hende.", package=())
    operations.rewrite(
        by=referring.scope("astrid"),
        child_id=referring.child,
        ident=ident,
        version=referring.version(ident),
        draft=draft,
    )
    referring.sends(ident, "astrid")
    assert referring.page("jytte", ident).referral.override == "PPR har ventetid til april, og vi kender hende."


def test_the_door_is_that_of_the_municipality_s_own_rules(referring: Referring) -> None:
    """What two administrators published on the page of the routing rules counts here as on the page without log-in."""
    referring.both_say_yes(sender="astrid")
    ident = referring.begins("astrid", package=())
    own = written(Local({"G-BUP": Change("G-BUP", reason="Her ringer I til PPR først.")}, {}))
    decided = {"at": 1, "role_id": UUID(int=1), "valid_from": date(2026, 11, 1)}
    RoutingDraft.objects.create(number=1, content=own, submitted=True, why="Ny praksis", **decided)
    RoutingDecision.objects.create(draft=1, approved=True, remark="", **decided)
    with pytest.raises(Refused, match="Her ringer I til PPR først"):
        referring.sends(ident, "astrid")


def test_the_doors_are_no_more_for_who_has_come_of_age(referring: Referring) -> None:
    by, today = referring.scope("kim"), local_day(referring.clock.at)
    ages = [today.replace(year=today.year - 18) + timedelta(days=more) for more in (1, 0)]
    found = [queries.advice(by, born, "adhd", Urgency.PLANNED) for born in ages]
    assert [one is not None for one in found] == [True, False]


def test_to_a_closed_unit_nothing_is_sent(referring: Referring) -> None:
    ident = referring.begins()
    referring.both_say_yes()
    successor = {
        "url": "https://barnetsbog.example/fhir/StructureDefinition/successor",
        "valueReference": {"reference": "Organization/team"},
    }
    assert not send(
        {"resourceType": "Organization", "id": "vis", "name": "Enhed vis", "active": False, "extension": [successor]}
    ).refusals
    with pytest.raises(Refused, match=r"Enhed vis er lukket.* Enhed team har overtaget"):
        referring.sends(ident)
    assert referring.page("kim", ident).referral.state is State.DRAFT


def test_a_unit_that_closes_before_it_has_answered_is_told_of_as_such(referring: Referring) -> None:
    """Nobody there answers, and those who took over have not been sent it: the referrer must see that."""
    ident = referring.has_sent()
    assert not referring.page("kim", ident).closed
    assert not send({
        "resourceType": "Organization", "id": "vis", "name": "Enhed vis", "active": False, "extension": [
            {"url": f"{EXTENSION}successor", "valueReference": {"reference": "Organization/team"}},
        ],
    }).refusals  # fmt: skip
    page = referring.page("kim", ident)
    assert (page.closed, page.successor) == (True, "Enhed team")
    with open_book(referring.scope("kim"), "ball", referring.child) as book:
        (ball,) = balls.balls(book, referring.child)
    assert ball.no_answer and ball.no_answer.why == "closed"
    referring.does("kim", Move.WITHDRAW, ident, cause="De er lukket.")
    assert not referring.page("kim", ident).closed


def test_the_child_s_confidential_talk_is_never_enclosed(referring: Referring) -> None:
    secret = Entry.objects.get(title="Hemmeligt").id
    ident = referring.begins(package=(f"Observation/{secret}", f"Observation/{referring.entry.id}"))
    assert referring.page("kim", ident).referral.package == (f"Observation/{referring.entry.id}",)


def test_nobody_encloses_what_they_read_the_heading_of_only(referring: Referring) -> None:
    theirs = written_by_the_school(referring)
    for level, package in ((Level.HEADINGS, ()), (Level.CONTENT, (theirs,))):
        referring.school_may_tell(level)
        ident = referring.begins(package=(theirs,))
        page = referring.page("kim", ident)
        assert page.referral.package == package
        assert (theirs in [one.reference for one in page.enclosures]) is bool(package)


def test_what_reveals_an_address_is_never_enclosed(referring: Referring) -> None:
    here = observation("adr", meta={"security": [{"code": "address"}]}, code={"text": "Bor på Engvej"},
                       performer=[{"reference": "PractitionerRole/kim"}])  # fmt: skip
    assert not send(here).refusals
    secret = f"Observation/{Entry.objects.get(title='Bor på Engvej').id}"
    ident = referring.begins(package=(secret,))
    page = referring.page("kim", ident)
    assert not page.referral.package and secret not in [one.reference for one in page.enclosures]


def test_what_the_sender_may_no_longer_read_does_not_go_with_the_draft(referring: Referring) -> None:
    theirs, own = written_by_the_school(referring), f"Observation/{referring.entry.id}"
    referring.both_say_yes()
    referring.school_may_tell(Level.CONTENT)
    ident = referring.begins(package=(theirs, own))
    referring.school_may_tell(Level.HEADINGS)
    # What is seen still is told of, and stays on the draft until somebody takes it off
    with pytest.raises(Refused, match=r"give videre: Uro i timen\. Intet er sendt"):
        referring.sends(ident)
    chosen = {one.title: one.may for one in referring.page("kim", ident).enclosures if one.chosen}
    assert chosen == {"Uro i timen": False, "Sad ved vinduet": True}
    # What is not seen any more is left out
    referring.school_may_tell(None)
    referring.sends(ident)
    assert referring.page("kim", ident).referral.package == (own,)
    assert "Uro i timen" not in sees(referring, "jytte")


# -- what the receiver sees --------------------------------------------------------------------------------------------


def test_the_receiver_sees_whom_it_is_about_and_what_was_sent_and_nothing_else(referring: Referring) -> None:
    assert sees(referring, "jytte") == []
    ident = referring.has_sent_in_haste()
    assert not send(task()).refusals
    assert sees(referring, "jytte") == [
        "Alma Prøvegaard", "Jonas", "Sad ved vinduet", "Sara", "Udredning for ADHD", "Udredning for ADHD",
    ]  # fmt: skip
    assert [one.summary.id for one in referring.queue("jytte")] == [ident]
    assert sees(referring, "ida") == [] and referring.queue("ida") == []


def test_the_ball_is_the_referrer_s_until_the_receiver_says_yes(referring: Referring) -> None:
    ident = referring.has_sent()
    assert with_ball(referring, "kim") == ["Udredning for ADHD"] == with_ball(referring, "jytte")
    referring.does("jytte", Move.RECEIVE, ident)
    assert with_ball(referring, "kim") == ["Udredning for ADHD"]
    referring.does("jytte", Move.ACCEPT, ident)
    assert with_ball(referring, "kim") == []
    assert with_ball(referring, "jytte") == ["Udredning for ADHD"]
    assert referring.queue("jytte") == []


def test_once_it_is_answered_its_ball_is_handed_on_like_any_other(referring: Referring) -> None:
    """The referrer keeps it until somebody takes it in the unit that was said yes for."""

    def page(name: str) -> BallPage:
        with open_book(referring.scope(name), "ball", referring.child) as book:
            (ball,) = balls.balls(book, referring.child)
            return balls.page(book, referring.child, ball.id)

    def moves(name: str, move: BallMove) -> None:
        referring.clock.at += SECOND
        ball, by = page(name).ball, referring.scope(name)
        handing.move(by=by, child_id=referring.child, ident=ball.id, version=ball.version, wish=Wish(move))

    ident = referring.has_sent()
    assert page("jytte").elsewhere and not page("jytte").moves
    with pytest.raises(Refused, match="Bolden følger henvisningen"):
        moves("jytte", BallMove.ACCEPT)
    referring.does("jytte", Move.ACCEPT, ident, unit=referring.unit("team"))
    assert [with_ball(referring, name) for name in ("kim", "jytte", "ida")] == [
        ball := ["Udredning for ADHD"],
        [],
        ball,
    ]
    assert not page("ida").elsewhere and page("ida").ball.asks_me
    moves("ida", BallMove.ACCEPT)
    assert [with_ball(referring, name) for name in ("kim", "ida")] == [[], ball]


def test_the_unit_that_says_yes_has_a_task_with_the_child(referring: Referring) -> None:
    ident = referring.has_sent()
    referring.does("jytte", Move.ACCEPT, ident, unit=referring.unit("team"))
    assert "Sad ved vinduet" in sees(referring, "ida")
    assert Entry.objects.filter(what="care", unit_id=UUID(referring.unit("team").partition("/")[2])).count() == 1
    with pytest.raises(Refused, match="Det kan ikke gøres nu"):
        referring.does("ida", Move.REJECT, ident, cause="Nej")


def test_only_a_unit_of_its_own_organisation_can_take_it_on_for_it(referring: Referring) -> None:
    ident = referring.has_sent()
    other = {"resourceType": "Organization", "id": "region2", "name": "Region Nord"}
    for alike in ([], [other, part_of("andet", "bup", "region2")]):  # an organisation is not known by its name
        assert not alike or not send(bundle(*alike)).refusals
        with pytest.raises(Refused, match="egen organisation"):
            referring.does("jytte", Move.ACCEPT, ident, unit=referring.unit("andet"))


# -- it comes back -----------------------------------------------------------------------------------------------------


def test_what_is_lacking_becomes_tasks_and_the_answer_goes_on(referring: Referring) -> None:
    ident = referring.has_sent()
    referring.does("jytte", Move.ASK, ident, cause="Vi mangler noget.", gaps=("Skolens beskrivelse", "Fars telefon"))
    page = referring.page("kim", ident)
    assert (page.referral.state, page.summary.waits_for) == (State.INCOMPLETE, Side.REFERRER)
    assert page.referral.gaps == ("Skolens beskrivelse", "Fars telefon")
    with open_book(referring.scope("kim"), "ball", referring.child) as book:
        mine = sorted(ball.title for ball in balls.balls(book, referring.child) if ball.mine)
    assert mine == ["Fars telefon", "Skolens beskrivelse", "Udredning for ADHD"]
    referring.sends(ident)
    assert referring.page("jytte", ident).referral.state is State.RECEIVED


def test_what_its_receiver_is_to_have_besides_is_read_there_at_once_so_the_law_is_asked_first(
    referring: Referring,
) -> None:
    """What lacks something has been sent: keeping more in it tells its receiver, whether or not it is sent again."""
    ident = referring.has_sent()
    referring.does("jytte", Move.ASK, ident, gaps=("Hjemmet",))
    assert not send(observation(
        "soc", code={"text": "Uro hjemme"}, meta={"security": [{"code": "social"}]},
        performer=[{"reference": "PractitionerRole/kim"}],
    )).refusals  # fmt: skip
    more = f"Observation/{Entry.objects.get(title='Uro hjemme').id}"

    def keeps(ground: str = "", **said: Any) -> None:
        referring.clock.at += SECOND
        operations.rewrite(
            by=referring.scope("kim"), child_id=referring.child, ident=ident, version=referring.version(ident),
            draft=referring.draft(**said), ground=ground,
        )  # fmt: skip

    own = f"Observation/{referring.entry.id}"
    with pytest.raises(Refused, match="ikke sagt ja til alt det"):
        keeps(package=(own, more), ground="Det er vigtigt.")
    assert "Uro hjemme" not in sees(referring, "jytte")
    keeps(reason="Uro i alle fag, og far bekræfter det.")
    assert referring.page("jytte", ident).referral.reason == "Uro i alle fag, og far bekræfter det."
    referring.takes_back("Sara")
    with pytest.raises(Refused, match=r"trukket|sagt nej|mangler"):
        keeps(reason="Uro i alle fag, og mor er syg.")


def test_what_was_sent_a_year_ago_is_not_sent_again_to_who_sees_it_no_more(referring: Referring) -> None:
    ident = referring.has_sent(urgency=Urgency.ACUTE)
    referring.does("jytte", Move.ASK, ident, gaps=("Hjemmet",))
    referring.clock.at += 366 * DAY
    assert referring.queue("jytte") == []
    with pytest.raises(Refused, match="over et år siden"):
        referring.sends(ident)
    referring.does("kim", Move.WITHDRAW, ident, cause="Vi sender en ny.")


def test_what_is_lacking_is_answered_on_the_ball_too(referring: Referring) -> None:
    """Taken on all the same, the receiver has it; given back or taken back, it says why."""
    ident = referring.has_sent()
    referring.does("jytte", Move.ASK, ident, gaps=("Fars telefon",))
    referring.does("jytte", Move.ACCEPT, ident)
    assert with_ball(referring, "kim") == ["Fars telefon"] and with_ball(referring, "jytte") == ["Udredning for ADHD"]
    for name, move, cause in (("jytte", Move.RETURN, "Vi ringer selv."), ("kim", Move.WITHDRAW, "De er flyttet.")):
        ident = referring.begins(title=move.value)
        referring.sends(ident)
        referring.does("jytte", Move.ASK, ident, gaps=("Medicin",))
        referring.does(name, move, ident, cause=cause)
        with open_book(referring.scope("kim"), "ball", referring.child) as book:
            ball = next(one for one in balls.balls(book, referring.child) if one.title == move.value)
            assert balls.page(book, referring.child, ball.id).history[0].reason == cause
        assert ball.mine


@pytest.mark.parametrize(("move", "state"), [(Move.REJECT, State.REJECTED), (Move.RETURN, State.RETURNED)])
def test_a_rejected_child_is_not_nobody_s_and_the_receiver_knows_it_no_more(
    referring: Referring, move: Move, state: State
) -> None:
    ident = referring.has_sent_in_haste()
    with pytest.raises(Refused, match="Skriv, hvorfor"):
        referring.does("jytte", move, ident)
    referring.does("jytte", move, ident, cause="Prøv det lettilgængelige tilbud først.", elsewhere="LTT")
    page = referring.page("kim", ident)
    assert (page.referral.state, page.alternative) == (state, "LTT")
    assert page.history[0].cause == "Prøv det lettilgængelige tilbud først."
    assert with_ball(referring, "kim") == ["Udredning for ADHD"]
    assert sees(referring, "jytte") == []
    with pytest.raises(NotFound):
        referring.page("jytte", ident)


def test_the_gp_follows_whose_turn_it_is_and_reads_nothing_of_the_referral(referring: Referring) -> None:
    """The loop is closed for the child's doctor by the ball (ADR 37): sent, come back, from whom, and why. What the
    referral says of the child is the referrer's, and goes to the doctor by consent."""

    def told() -> tuple[str, str, str]:
        with open_book(referring.scope("astrid"), "ball", referring.child) as book:
            (ball,) = balls.balls(book, referring.child)
            page = balls.page(book, referring.child, ball.id)
        offered = ball.offered_to.name if ball.offered_to else ""
        return ball.holder.name if ball.holder else "", offered, max(one.reason for one in page.history)

    ident = referring.has_sent()
    assert told() == ("Kim Demosen", "Enhed vis", "")
    assert ball_is_about(referring, "astrid") is None and ball_is_about(referring, "kim") == ident
    referring.does("jytte", Move.REJECT, ident, cause="Prøv PPR først")
    assert told() == ("Kim Demosen", "", "Prøv PPR først")
    with open_book(referring.scope("astrid"), "referral", referring.child) as book:
        assert [row.what for row in book.entries(referring.child, Filter(what=("referral",), on_timeline=False))] == []
        with pytest.raises(NotFound):
            queries.page(book, referring.child, ident)


def test_it_goes_on_to_another_place_only_where_the_law_lets_it(referring: Referring) -> None:
    ident, other = referring.has_sent(), referring.unit("andet")
    with pytest.raises(Refused, match="Giv den tilbage, og skriv stedet som forslag"):
        referring.does("jytte", Move.REDIRECT, ident, cause="Det er jeres område.", unit=other)
    referring.both_say_yes("andet")
    referring.does("jytte", Move.REDIRECT, ident, cause="Det er jeres område.", unit=other)
    told = referring.page("kim", ident)
    assert (told.referral.state, told.alternative) == (State.REDIRECTED, "Enhed andet")
    (one,) = referring.queue("anders")
    onward = referring.page("anders", one.summary.id).referral
    assert (onward.state, onward.replaces) == (State.SENT, f"ServiceRequest/{ident}")
    assert with_ball(referring, "kim") == ["Udredning for ADHD"] == with_ball(referring, "anders")
    assert referring.queue("jytte") == []
    # The ball is about what it waits for now, which both may see
    assert {name: ball_is_about(referring, name) for name in ("kim", "anders")} == {
        "kim": one.summary.id, "anders": one.summary.id,
    }  # fmt: skip


def test_the_referrer_takes_it_back(referring: Referring) -> None:
    """primero R2-3808: what waited for an answer does not go on waiting."""
    ident = referring.has_sent_in_haste()
    referring.does("bo", Move.WITHDRAW, ident, cause="Mor har fået tid et andet sted.")
    assert referring.queue("jytte") == [] and sees(referring, "jytte") == []
    assert with_ball(referring, "kim") == ["Udredning for ADHD"]


# -- two at once, and others -------------------------------------------------------------------------------------------


def test_of_two_who_answer_at_once_the_first_counts(referring: Referring) -> None:
    ident = referring.has_sent()
    version = referring.version(ident)
    referring.does("jytte", Move.ACCEPT, ident, version=version)
    with pytest.raises(Conflict):
        referring.does("jytte", Move.REJECT, ident, cause="Nej", version=version)
    assert referring.page("jytte", ident).referral.state is State.ACCEPTED


@pytest.mark.parametrize("name", ["ida", "anders", "nanna"])
def test_a_stranger_s_hand_changes_nothing(referring: Referring, name: str) -> None:
    """primero R2-3957."""
    ident = referring.has_sent()
    for act in (
        lambda: referring.does(name, Move.ACCEPT, ident),
        lambda: referring.page(name, ident),
        lambda: referring.begins(name),
    ):
        with pytest.raises(NotFound):
            act()
    assert referring.page("kim", ident).referral.state is State.SENT


def test_the_family_sees_that_it_was_sent_and_how_it_stands(referring: Referring) -> None:
    referring.has_sent()
    with open_book(referring.parent("Sara"), "referral", referring.child) as book:
        (one,) = queries.referrals(book, referring.child)
    assert (one.title, one.state, one.waits_for) == ("Udredning for ADHD", State.SENT, Side.RECEIVER)


def test_the_rights_it_gives_are_what_a_rebuilding_finds(referring: Referring) -> None:
    ident = referring.has_sent()
    assert not differing(referring.child)
    referring.does("jytte", Move.ACCEPT, ident, unit=referring.unit("team"))
    assert not differing(referring.child)


def test_another_system_s_referral_comes_back_to_somebody_too(referring: Referring) -> None:
    referring.both_say_yes()
    theirs = {
        "resourceType": "ServiceRequest", "id": "r1", "status": "active", "intent": "order", "code": {"text": "Brev"},
        "subject": {"reference": "Patient/alma"}, "requester": {"reference": "PractitionerRole/kim"},
        "performer": [{"reference": "Organization/fam"}], "authoredOn": "2026-11-20",
    }  # fmt: skip
    assert not send(theirs, {
        "resourceType": "EpisodeOfCare", "id": "c9", "status": "active", "patient": {"reference": "Patient/alma"},
        "managingOrganization": {"reference": "Organization/fam"}, "period": {"start": "2026-01-01"},
    }).refusals  # fmt: skip
    ident = Entry.objects.get(title="Brev").id
    referring.does("rita", Move.RETURN, ident, cause="Det er ikke vores.")
    assert with_ball(referring, "kim") == ["Brev"]
    # Its source knows nothing of the answer, and sends it again
    send({**theirs, "patientInstruction": "Tag skoene af."})
    found = referring.page("kim", ident).referral
    assert (found.state, found.cause) == (State.RETURNED, "Det er ikke vores.")
    assert Entry.objects.get(id=ident).version == 3
    # but that it is no more is for its source to say
    send({**theirs, "status": "entered-in-error"})
    assert referring.page("kim", ident).referral.state is State.WITHDRAWN


def test_the_receiver_s_days_run_from_when_it_was_sent(referring: Referring) -> None:
    """And not from when somebody began to write on it."""
    referring.both_say_yes()
    ident = referring.begins()
    referring.clock.at += 20 * DAY
    referring.sends(ident)
    sent = referring.clock.at
    assert [one.summary.at for one in referring.queue("jytte")] == [sent]
    with open_book(referring.scope("jytte"), "ball", referring.child) as book:
        (clock,) = deadlines.of_child(book, referring.child)
    days = local_day(clock.due) - local_day(sent)
    assert (clock.deadline, days) == ("bup-assessment", timedelta(days=30))


def test_the_unit_that_takes_it_on_has_its_days(referring: Referring) -> None:
    ident = referring.has_sent()
    referring.does("jytte", Move.ACCEPT, ident, unit=referring.unit("team"))
    told = {}
    for name in ("ida", "jytte"):
        with open_book(referring.scope(name), "work-list") as book:
            told[name] = [
                one.clock.deadline for one in deadlines.lines(book, balls.waiting(book), everything=True).lines
            ]
    assert told == {"ida": ["bup-assessment"], "jytte": []}
