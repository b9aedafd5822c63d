"""Appointments in the book: arranging, answering, moving, cancelling, and what the law and the clock stop."""

from datetime import date, time

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event as Line
from barnetsbog.calendar import operations, queries, rules
from barnetsbog.calendar.model import Answer, Doing, Slot, State
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.mapping import Asking, consent_resource
from barnetsbog.consent.operations import Ask, Paper, ask, register_paper, withdraw
from barnetsbog.fhir.own import BASE, extension
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.law.model import Capacity, Consent, Kind, Level, Sharing, Status
from barnetsbog.record.models import Entry, Version
from barnetsbog.responsibility.operations import appoint
from tests.builders import care, honour_conflict, patient, send
from tests.conftest import BOTH_DATABASES

from .conftest import NOON, Calendar, later, parent

pytestmark = BOTH_DATABASES


# -- arranging and answering -------------------------------------------------------------------------------------------


def test_what_is_arranged_is_seen_by_those_who_are_to_come(calendar: Calendar) -> None:
    guests = (calendar.reference("Sara"), calendar.job("maja"), calendar.unit("skole"))
    (ident,) = calendar.arranges(
        "kim", later(1), guests=(calendar.job("kim"), *guests), place="Lokale 4", preparation="Tag skemaet med"
    )
    seen = calendar.reads("Sara", ident)
    assert (seen.title, seen.place, seen.preparation, seen.state) == (
        "Netværksmøde",
        "Lokale 4",
        "Tag skemaet med",
        State.BOOKED,
    )
    assert calendar.coming("maja", ident) == {
        "Alma Prøvegaard": "accepted", "Kim Demosen": "accepted", "Sara": "needs-action", "Maja Demosen": "needs-action",
    }  # fmt: skip
    assert [one.contact.name for one in seen.guests if one.answer is None] == ["Enhed skole"]


def test_one_answers_for_oneself_and_a_professional_writes_down_what_the_family_says(calendar: Calendar) -> None:
    guests = (calendar.job("kim"), calendar.reference("Sara"), calendar.reference("Jonas"), calendar.job("maja"))
    (ident,) = calendar.arranges("kim", later(1), guests=guests)
    calendar.answers("Sara", ident, Answer.YES)
    calendar.answers("maja", ident, Answer.NO)
    calendar.answers("kim", ident, Answer.NO, about=calendar.reference("Jonas"))
    assert calendar.coming("kim", ident) == {
        "Alma Prøvegaard": "accepted", "Kim Demosen": "accepted", "Sara": "accepted", "Jonas": "declined", "Maja Demosen": "declined",
    }  # fmt: skip
    last = Version.objects.filter(entry_id=ident).order_by("-number").first()
    assert last and last.by_id == calendar.ident("kim")  # who registered it stands in the version


def test_nobody_answers_for_a_colleague_or_for_the_other_parent(calendar: Calendar) -> None:
    guests = (calendar.job("kim"), calendar.reference("Sara"), calendar.reference("Jonas"), calendar.job("maja"))
    (ident,) = calendar.arranges("kim", later(1), guests=guests)
    for name in ("kim", "Sara"):
        with pytest.raises(Refused, match="svare for dig selv"):
            calendar.answers(name, ident, Answer.NO, about=calendar.job("maja"))
    for name, about in (("Sara", calendar.reference("Jonas")), ("kim", calendar.job("bo")), ("ulla", "")):
        with pytest.raises(NotFound):  # one parent does not know that the other is asked; Bo is not to come
            calendar.answers(name, ident, Answer.NO, about=about)
    assert calendar.version(ident) == 1


def test_two_who_answer_at_once_are_both_kept(calendar: Calendar) -> None:
    guests = (calendar.job("kim"), calendar.reference("Sara"), calendar.reference("Jonas"))
    (ident,) = calendar.arranges("kim", later(1), guests=guests)
    seen = Entry.objects.get(id=ident).start
    calendar.answers("Sara", ident, Answer.YES, seen=seen)
    calendar.answers("Jonas", ident, Answer.NO, seen=seen)
    assert list(calendar.coming("kim", ident).values()) == ["accepted", "accepted", "accepted", "declined"]
    calendar.answers("Jonas", ident, Answer.NO, seen=seen)  # the same again is no version
    assert calendar.version(ident) == 3


def test_whom_nobody_knows_of_is_not_invited(calendar: Calendar) -> None:
    with pytest.raises(Refused, match="om barnet"):
        calendar.arranges("kim", later(1), guests=(calendar.job("ulla"),))
    with pytest.raises(NotFound):
        calendar.arranges("ulla", later(1))
    assert not Entry.objects.filter(what="appointment").exists()


@pytest.mark.parametrize(
    ("slot", "why"),
    [
        (Slot(NOON - DAY, NOON), "gået"),
        (Slot(NOON + DAY, NOON + DAY), "slutte"),
        (Slot(NOON + 999 * DAY, NOON + 999 * DAY + SECOND), "to år"),
    ],
)
def test_no_appointment_in_the_past_or_backwards(calendar: Calendar, slot: Slot, why: str) -> None:
    with pytest.raises(Refused, match=why):
        calendar.arranges("kim", slot)


def test_a_booking_in_the_night_when_the_clock_is_put_back(calendar: Calendar) -> None:
    first, second = (rules.span(date(2027, 10, 31), time(2, 0), time(2, 30), later=later) for later in (False, True))
    assert isinstance(first, Slot) and isinstance(second, Slot)
    (one,), (other,) = calendar.arranges("kim", first), calendar.arranges("kim", second)
    assert calendar.reads("kim", other).start - calendar.reads("kim", one).start == 3600 * SECOND


# -- several times -----------------------------------------------------------------------------------------------------


def test_of_several_proposed_times_one_is_booked_and_the_others_are_cancelled(calendar: Calendar) -> None:
    idents = calendar.arranges(
        "kim", later(1), later(3), later(5), guests=(calendar.job("kim"), calendar.reference("Sara"))
    )
    (alone,) = calendar.arranges("kim", later(7))
    assert {one.state for one in calendar.sees("Sara")} == {State.PROPOSED, State.BOOKED}
    operations.book_time(by=calendar.scope("kim"), child_id=calendar.child, ident=idents[1], version=1)
    states = {ident: calendar.reads("Sara", ident) for ident in idents}
    assert [states[ident].state for ident in idents] == [State.CANCELLED, State.BOOKED, State.CANCELLED]
    assert states[idents[0]].reason == operations.ANOTHER_CHOSEN
    assert calendar.reads("Sara", alone).state is State.BOOKED
    with pytest.raises(Refused, match="forbi eller aflyst"):
        operations.book_time(by=calendar.scope("kim"), child_id=calendar.child, ident=idents[0], version=2)


def test_a_proposal_whose_time_has_gone_is_not_booked(calendar: Calendar) -> None:
    (ident,) = calendar.arranges("kim", later(1), booked=False)
    calendar.clock.at = NOON + 3 * DAY
    with pytest.raises(Refused, match="Tiden er gået"):
        operations.book_time(by=calendar.scope("kim"), child_id=calendar.child, ident=ident, version=1)


# -- moving and cancelling ---------------------------------------------------------------------------------------------


def test_a_moved_appointment_says_why_and_asks_everybody_again(calendar: Calendar) -> None:
    (ident,) = calendar.arranges("kim", later(1), guests=(calendar.job("kim"), calendar.reference("Sara")))
    calendar.answers("Sara", ident, Answer.YES)
    calendar.moves("kim", ident, later(4))
    seen = calendar.reads("Sara", ident)
    assert (seen.start, seen.moved_from, seen.reason) == (later(4).start, later(1).start, "Ida er syg")
    assert calendar.coming("Sara", ident) == {
        "Alma Prøvegaard": "accepted",
        "Kim Demosen": "accepted",
        "Sara": "needs-action",
    }
    with pytest.raises(Conflict, match="Tiden er ændret"):
        calendar.answers("Sara", ident, Answer.YES, seen=later(1).start)  # the time that was on her page
    assert Version.objects.filter(entry_id=ident).count() == 3
    assert Line.objects.filter(action="appointment-move", allowed=True).count() == 1


def test_of_two_who_move_it_at_once_the_second_is_told(calendar: Calendar) -> None:
    (ident,) = calendar.arranges("kim", later(1), guests=(calendar.job("kim"), calendar.job("maja")))
    calendar.moves("kim", ident, later(4), version=1)
    with pytest.raises(Conflict):
        calendar.moves("maja", ident, later(5), version=1)
    assert calendar.reads("kim", ident).start == later(4).start


@pytest.mark.parametrize(
    ("reason", "slot", "why"),
    [(" ", later(4), "Skriv hvorfor"), ("Syg", later(1), "samme tid"), ("Syg", later(-99), "gået")],
)
def test_what_a_move_must_have(calendar: Calendar, reason: str, slot: Slot, why: str) -> None:
    (ident,) = calendar.arranges("kim", later(1))
    with pytest.raises(Refused, match=why):
        calendar.moves("kim", ident, slot, reason)


def test_a_cancelled_one_says_why_and_is_over(calendar: Calendar) -> None:
    (ident,) = calendar.arranges("kim", later(1), guests=(calendar.reference("Sara"),))
    given = {"by": calendar.scope("kim"), "child_id": calendar.child, "ident": ident}
    with pytest.raises(Refused, match="Skriv hvorfor"):
        operations.cancel(version=1, reason="", **given)
    operations.cancel(version=1, reason="Skolen er lukket.", **given)
    seen = calendar.reads("Sara", ident)
    assert (seen.state, seen.reason, seen.over) == (State.CANCELLED, "Skolen er lukket.", True)
    assert not calendar.reads("kim", ident).may
    with pytest.raises(Refused, match="forbi eller aflyst"):
        calendar.answers("Sara", ident, Answer.YES)


def test_a_colleague_and_the_coordinator_may_and_a_bystander_may_not(calendar: Calendar) -> None:
    (ident,) = calendar.arranges("maja", later(1), guests=(calendar.job("maja"),))
    assert Doing.MOVE not in calendar.reads("rita", ident).may
    with pytest.raises(Refused, match="Kun dem, der er med"):
        calendar.moves("rita", ident, later(3))
    appoint(by=calendar.scope("kim"), child_id=calendar.child, to=calendar.job("kim"))
    calendar.moves("kim", ident, later(3))
    assert calendar.reads("maja", ident).start == later(3).start


# -- the law -----------------------------------------------------------------------------------------------------------


def consents(calendar: Calendar, *names: str) -> None:
    """Both parents are asked about the assessment in psychiatry, and these say yes."""
    unit = str(calendar.scope("ida").unit_id)
    wanted = Ask("bup-assessment", frozenset(), unit, Sharing(frozenset(), Level.AT), NOON + 300 * DAY)
    given = ask(by=calendar.scope("ida"), child_id=calendar.child, wanted=wanted)
    for ident in given:
        giver = orjson.loads(Version.objects.get(entry_id=ident, number=1).body)["performer"][0]["reference"]
        if giver in [calendar.reference(name) for name in names]:
            calendar.clock.at += SECOND
            register_paper(
                by=calendar.scope("ida"), child_id=calendar.child, ident=ident, version=1, yes=Yes(),
                paper=Paper(NOON - DAY, None, "Sagt i telefonen"),
            )  # fmt: skip


def test_no_time_for_a_first_visit_before_the_law_says_so(calendar: Calendar) -> None:
    act = {"title": "Første samtale", "act": "bup-assessment"}
    consents(calendar, "Sara")
    for booked in (True, False):
        with pytest.raises(Refused, match=r"Der kan ikke gives en tid endnu.*venteliste") as why:
            calendar.arranges("ida", later(1), booked=booked, **act)
        assert rules.CONSENT in why.value.rules and len(why.value.rules) > 1
    (waiting,) = calendar.arranges("ida", **act)
    assert [(one.id, one.state) for one in calendar.sees("ida")] == [(waiting, State.WAITLIST)]
    consents_of_jonas = Entry.objects.filter(what="consent", open=True).get().id
    register_paper(
        by=calendar.scope("ida"), child_id=calendar.child, ident=consents_of_jonas, version=1, yes=Yes(),
        paper=Paper(NOON - DAY, None, "Sagt i telefonen"),
    )  # fmt: skip
    (ident,) = calendar.arranges("ida", later(1), **act)
    assert calendar.reads("ida", ident).act == "bup-assessment"
    assert (calendar.reads("ida", waiting).state, calendar.reads("ida", waiting).reason) == (
        State.CANCELLED, operations.GOT_A_TIME,
    )  # fmt: skip


def test_what_another_system_proposes_or_cancels_without_a_time_is_at_none(calendar: Calendar) -> None:
    """It stood on the day on which it was made, for an hour, and was in the way of others there."""
    there = {"resourceType": "Appointment", "created": "2026-11-25T14:00:00+01:00", "participant": [
        {"actor": {"reference": "Patient/alma"}, "status": "accepted"},
        {"actor": {"reference": "PractitionerRole/kim"}, "status": "needs-action"},
    ]}  # fmt: skip
    told = (there | {"id": one, "status": one, "description": one} for one in ("proposed", "cancelled"))
    assert not send(*told).refusals
    assert [(one.title, one.waits) for one in calendar.sees("kim")] == [("proposed", True)]
    with open_book(calendar.who("kim"), "calendar") as book:
        assert queries.across(book, NOON - DAY, NOON + DAY) == []
    gone = calendar.reads("kim", Entry.objects.get(title="cancelled").id)
    assert (gone.waits, gone.over) == (True, True)


def test_a_time_proposed_before_a_no_is_not_booked_after_it(calendar: Calendar) -> None:
    consents(calendar, "Sara", "Jonas")
    (ident,) = calendar.arranges("ida", later(1), title="Første samtale", act="bup-assessment", booked=False)
    mine = Entry.objects.filter(what="consent")[0]
    withdraw(by=calendar.scope("ida"), child_id=calendar.child, ident=mine.id, version=mine.version, note="Far ringede")
    with pytest.raises(Refused, match="Der kan ikke gives en tid endnu"):
        operations.book_time(by=calendar.scope("ida"), child_id=calendar.child, ident=ident, version=1)


def test_a_first_visit_that_is_booked_is_moved_while_the_yes_stands_and_not_after_a_no(calendar: Calendar) -> None:
    consents(calendar, "Sara", "Jonas")
    (ident,) = calendar.arranges("ida", later(1), title="Første samtale", act="bup-assessment")
    calendar.moves("ida", ident, later(3))
    mine = Entry.objects.filter(what="consent")[0]
    withdraw(by=calendar.scope("ida"), child_id=calendar.child, ident=mine.id, version=mine.version, note="Far ringede")
    with pytest.raises(Refused, match="Der kan ikke gives en tid endnu"):
        calendar.moves("ida", ident, later(5))
    assert calendar.reads("ida", ident).start == later(3).start


def test_a_yes_that_names_no_receiver_gives_no_time_anywhere(calendar: Calendar) -> None:
    """Case 13 of law-and-access § 7: a yes to one place is none to another, and one to no place is to none."""
    for ident, giver in (("ja1", "mor"), ("ja2", "far")):
        yes = Consent(
            id=ident, giver=giver, capacity=Capacity.HOLDER, act="bup-assessment", kind=Kind.TREATMENT, sharing=Sharing(
            frozenset(), Level.AT), status=Status.GIVEN, answered_at=NOON, valid_from=NOON, valid_to=NOON + 300 * DAY,
        )  # fmt: skip
        assert not send(consent_resource(yes, Asking("alma", "Ja"))).refusals
    with pytest.raises(Refused, match="Der kan ikke gives en tid endnu"):
        calendar.arranges("ida", later(1), act="bup-assessment")


def test_a_first_visit_is_given_by_the_place_that_holds_it(calendar: Calendar) -> None:
    with pytest.raises(Refused, match="det sted, der skal holde det"):
        calendar.arranges("kim", later(1), act="bup-assessment")
    assert [ident for ident, _ in queries.first_visits(calendar.scope("ida"))] == ["bup-assessment"]
    assert queries.first_visits(calendar.scope("kim")) == []


def test_only_a_first_visit_waits_without_a_time(calendar: Calendar) -> None:
    with pytest.raises(Refused, match="Vælg mindst én tid"):
        calendar.arranges("kim")


# -- warnings ----------------------------------------------------------------------------------------------------------


def clashes(calendar: Calendar, name: str, slot: Slot, *guests: str) -> list[tuple[tuple[str, ...], str]]:
    with open_book(calendar.scope(name), "calendar", calendar.child) as book:
        found = queries.clashes(book, calendar.child, [slot], (calendar.job(name), *guests))
    return [(one.who, one.title) for one in found]


def test_a_double_booking_is_told_as_far_as_the_reader_may_see_and_stops_nobody(calendar: Calendar) -> None:
    calendar.arranges("kim", later(1), guests=(calendar.job("kim"),), child=calendar.noah, title="Noahs møde")
    calendar.arranges("ida", later(1), title="Samtale i BUP")  # hidden from Kim
    assert clashes(calendar, "kim", later(1.5)) == [(("Kim Demosen",), "")]  # another child's title is not told
    assert clashes(calendar, "kim", later(2)) == []
    assert clashes(calendar, "maja", later(1.5), calendar.job("kim")) == []  # Maja does not know Noah
    calendar.arranges("maja", later(1), title="Skolemøde")
    assert sorted(clashes(calendar, "kim", later(1.5))) == [((), "Skolemøde"), (("Kim Demosen",), "")]
    calendar.arranges("kim", later(1.5), guests=(calendar.job("kim"),))


# -- reading -----------------------------------------------------------------------------------------------------------


def test_all_my_children_s_appointments_are_one_query_whatever_their_number(calendar: Calendar) -> None:
    def queries_for(name: str) -> tuple[int, int]:
        with open_book(calendar.scope(name), "calendar") as book, CaptureQueriesContext(connection) as asked:
            found = queries.across(book, NOON, NOON + 30 * DAY)
        return len(asked.captured_queries), len(found)

    calendar.arranges("kim", later(1), guests=(calendar.job("kim"),))
    few = queries_for("kim")
    for number in range(3, 8):
        ident = f"barn{number}"
        send(patient(ident, number=f"010214{number}111"), care(f"x{number}", about=ident))
        child = Entry.objects.get(source_ref=f"Patient/{ident}").child_id
        calendar.arranges("kim", later(number), guests=(calendar.job("kim"),), child=child)
    assert queries_for("kim") == (few[0], 6)


def test_what_is_hidden_is_no_part_of_the_calendar(calendar: Calendar) -> None:
    """Psychiatry's appointment: Kim and Maja see the same pages as without it."""
    (shown,) = calendar.arranges("kim", later(5))
    before = {name: calendar.sees(name) for name in ("kim", "maja")}
    (hidden,) = calendar.arranges("ida", later(1))
    assert {name: calendar.sees(name) for name in before} == before
    with pytest.raises(NotFound):
        calendar.reads("maja", hidden)
    assert [one.id for one in calendar.sees("ida")] == [hidden] and shown


def test_who_must_not_know_where_the_child_is_is_told_when_and_nothing_else(calendar: Calendar) -> None:
    (ident,) = calendar.arranges(
        "kim", later(1), title="Møde på Skjulteskolen", place="Skjulteskolen", guests=(calendar.job("maja"), calendar.reference("Jonas")),
        preparation="Tag bus 7",
    )  # fmt: skip
    url = "https://barnetsbog.example/fhir/StructureDefinition/protected-address"
    assert not send(patient() | {"extension": [{"url": url, "valueBoolean": True}]}).refusals
    seen = calendar.reads("Jonas", ident)
    assert (seen.title, seen.place, seen.preparation, [one.contact.name for one in seen.guests]) == (
        "Aftale",
        "",
        "",
        ["Jonas"],
    )
    calendar.answers("Jonas", ident, Answer.NO)
    assert calendar.reads("Sara", ident).place == "Skjulteskolen"


def test_one_who_manages_sees_headings_and_changes_nothing(calendar: Calendar) -> None:
    (ident,) = calendar.arranges("kim", later(1), place="Lokale 4", guests=(calendar.job("kim"),))
    seen = calendar.reads("leder", ident)
    assert (seen.title, seen.place, seen.guests, seen.readable, seen.may) == (
        "Netværksmøde",
        "",
        (),
        False,
        frozenset(),
    )
    with pytest.raises(NotFound):
        calendar.moves("leder", ident, later(4))


def test_no_parent_is_invited_before_the_risk_of_an_honour_conflict_is_assessed(calendar: Calendar) -> None:
    send(patient(extension=[honour_conflict()]))
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        calendar.arranges("kim", later(1), guests=(calendar.reference("Sara"),))
    calendar.arranges("kim", later(1), guests=(calendar.job("maja"),))
    send(patient(extension=[honour_conflict("2026-11-24")]))
    calendar.arranges("kim", later(3), guests=(calendar.reference("Sara"),))


def test_whoever_is_not_around_the_child_any_more_can_not_be_invited(calendar: Calendar) -> None:
    who, father = calendar.reference("Jonas"), parent("far", "Jonas", resident=False)
    dead = father | {"extension": [*father["extension"], extension("deceased", "DateTime", "2026-10-02")]}
    for gone in (dead, father | {"active": False}):
        send(gone)
        with open_book(calendar.scope("kim"), "calendar", calendar.child) as book:
            assert who not in dict(queries.invited(book, calendar.child))
        with pytest.raises(Refused, match="om barnet"):
            calendar.arranges("kim", later(1), guests=(who,))
    carer = {
        "resourceType": "RelatedPerson", "id": "pleje", "patient": {"reference": "Patient/alma"}, "name": [{"text": "Ane"}],
        "period": {"start": "2020-01-01", "end": "2026-01-01"},
    }  # fmt: skip
    assert not send(carer).refusals
    with open_book(calendar.scope("kim"), "calendar", calendar.child) as book:
        assert calendar.reference("Ane") not in dict(queries.invited(book, calendar.child))


def test_a_long_stay_is_in_the_calendar_until_it_is_over(calendar: Calendar) -> None:
    """Other systems' appointments may last for weeks."""
    stay = {
        "resourceType": "Appointment", "id": "ophold", "status": "booked", "description": "Ophold",
        "start": "2026-11-01T10:00:00+01:00", "end": "2026-11-27T10:00:00+01:00",
        "participant": [{"actor": {"reference": "Patient/alma"}, "status": "accepted"}],
        "extension": [{"url": f"{BASE}/StructureDefinition/author", "valueReference": {"reference": "PractitionerRole/kim"}}],
    }  # fmt: skip
    assert not send(stay).refusals
    assert [one.title for one in calendar.sees("kim")] == ["Ophold"]
    calendar.clock.at += 3 * DAY
    assert calendar.sees("kim") == []
