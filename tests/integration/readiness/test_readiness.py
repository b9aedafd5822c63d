"""What a first visit lacks, as each side sees it; tasks for it, and doing without, on both databases."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from barnetsbog.access.reading import open_book
from barnetsbog.calendar.queries import permission
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.mapping import Asking, consent_resource
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.time import DAY, iso, local_day
from barnetsbog.law.model import Capacity, Consent, Kind, Level, Sharing, Status
from barnetsbog.readiness import operations, queries
from barnetsbog.readiness.model import Page, Readiness, State
from barnetsbog.readiness.rules import NOT_THEN
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.referrals.model import Move
from tests.builders import bundle, care, observation, patient, send
from tests.conftest import BOTH_DATABASES

from .conftest import NOON, VISIT, Visiting

pytestmark = BOTH_DATABASES
CONSENT = "RDY-CONSENT-BUP"


def test_the_receiver_sees_what_was_sent_and_nothing_of_what_was_not(visiting: Visiting) -> None:
    visiting.has_sent_in_haste()
    before = visiting.of_unit("jytte")
    (found,) = before
    assert not found.readiness.visit.decided and found.readiness.visit.sector == "bup"
    with open_book(visiting.scope("jytte"), "referral-queue") as book:
        (queued,) = queries.by_referral(book, [visiting.child]).items()
        assert queued == (found.readiness.visit.referral, found.readiness) and queries.by_referral(book, []) == {}
    # What lies in the book of school and GP leaves no trace
    more = [observation(f"h{n}", code={"text": title}) for n, title in enumerate(("Skema", "Medicin", "Vægt"))]
    assert not send(bundle(*more)).refusals
    assert visiting.of_unit("jytte") == before


def test_nobody_without_a_task_with_the_child_is_told_of_it(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visiting.gets_a_time()
    assert visiting.of_unit("anders") == []
    with pytest.raises(NotFound):
        visiting.of_child("anders")


@pytest.mark.parametrize(
    ("asked", "page", "here"), [(1, 1, (0, 50)), (3, 3, (100, 103)), (9, 3, (100, 103)), (0, 1, (0, 50))]
)
def test_a_page_that_is_not_there_is_the_nearest(asked: int, page: int, here: tuple[int, int]) -> None:
    assert queries.window(103, asked) == (page, 3, slice(*here))


def test_each_page_stands_as_the_whole_list_and_counts_all_that_are_ready(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = tuple(one for one in queries.requirements() if one.id in (CONSENT, "RDY-REASON"))
    monkeypatch.setattr(queries, "requirements", lambda: wanted)
    monkeypatch.setattr(queries, "PAGE", 1)
    visiting.is_taken_on()
    visiting.gets_a_time()
    visiting.are_asked_about_the_assessment()
    visiting.answers_the_assessment("Sara", Yes())
    two_more_have_a_time()

    def listed() -> tuple[list[Page], list[Readiness]]:
        with open_book(visiting.scope("ida"), "readiness-list") as book:
            return [queries.page_of_unit(book, page) for page in (1, 2, 3)], queries.of_unit(book)

    pages, whole = listed()
    assert [one.ready for one in pages] == [0, 0, 0]
    visiting.answers_the_assessment("Jonas", Yes())
    pages, whole = listed()
    assert [shown.readiness for one in pages for shown in one.shown] == whole
    assert [(one.ready, one.total, one.pages) for one in pages] == [(1, 3, 3)] * 3


def test_a_unit_without_visits_has_one_empty_page(visiting: Visiting) -> None:
    with open_book(visiting.scope("anders"), "readiness-list") as book:
        assert queries.page_of_unit(book, 4) == Page((), 0, 0, 1, 1)


def test_the_family_is_told_nothing_of_it(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visiting.gets_a_time()
    with open_book(visiting.parent("Sara"), "readiness", visiting.child) as book:
        assert queries.of_child(book, visiting.child) == [] and queries.of_unit(book) == []


def test_a_silent_father_a_yes_and_a_no(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visiting.gets_a_time()
    assert visiting.item("ida", CONSENT).state is State.MISSING
    visiting.are_asked_about_the_assessment()
    visiting.answers_the_assessment("Sara", Yes())
    (found,) = visiting.of_unit("ida")
    silent = visiting.item("ida", CONSENT)
    assert silent.state is State.WAITS and [found.people[one].name for one in silent.people] == ["Jonas"]
    assert found.readiness.waiting_list and not found.readiness.appointment
    visiting.answers_the_assessment("Jonas", Yes())
    (found,) = visiting.of_unit("ida")
    assert found.readiness.appointment and visiting.item("ida", CONSENT).state is State.THERE


def test_a_yes_that_is_not_enough_on_the_day_of_the_visit_is_not_there(visiting: Visiting) -> None:
    """It ends before, or the child has come of age by then and answers itself. No reason to give no time."""

    def stands() -> tuple[State, list[str], bool]:
        (found,) = visiting.of_unit("ida")
        item = visiting.item("ida", CONSENT)
        names = sorted(found.people[one].name for one in item.people)
        return item.state, names, found.readiness.appointment

    visiting.is_taken_on()
    visiting.gets_a_time()
    visiting.are_asked_about_the_assessment()
    for name in ("Sara", "Jonas"):
        visiting.answers_the_assessment(name, Yes())
    assert stands() == (State.THERE, [], True)
    visiting.gets_a_time(NOON + 301 * DAY)
    assert stands() == (State.MISSING, ["Jonas", "Sara"], True)
    assert visiting.item("ida", CONSENT).reason.startswith(NOT_THEN)
    visiting.gets_a_time()
    send(patient(birthDate=f"{local_day(NOON + 5 * DAY).replace(year=2011)}"))
    assert stands() == (State.MISSING, ["Alma Prøvegaard"], True)


def test_a_no_without_a_receiver_stops_the_first_visit_too(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visiting.gets_a_time()
    visiting.are_asked_about_the_assessment()
    for name in ("Sara", "Jonas"):
        visiting.answers_the_assessment(name, Yes())
    team = UUID(visiting.unit("team").partition("/")[2])

    def appointment() -> tuple[bool, bool]:
        (found,) = visiting.of_unit("ida")
        return (
            permission(visiting.child, "bup-assessment", team, visiting.clock.at).appointment,
            found.readiness.appointment,
        )

    assert appointment() == (True, True)
    no = Consent(
        id="nej", giver="far", capacity=Capacity.HOLDER, act="bup-assessment", kind=Kind.TREATMENT,
        sharing=Sharing(frozenset(), Level.CONTENT), status=Status.REFUSED, answered_at=visiting.clock.at,
        valid_from=NOON, valid_to=NOON + 300 * DAY,
    )  # fmt: skip
    assert not send(consent_resource(no, Asking("alma", "Far sagde nej", "Udredning"))).refusals
    assert appointment() == (False, False)
    assert visiting.item("ida", CONSENT).state is State.REFUSED


def test_after_a_no_nobody_asks_again(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visit = visiting.gets_a_time()
    visiting.are_asked_about_the_assessment()
    visiting.answers_the_assessment("Jonas", None)
    assert visiting.item("ida", CONSENT).state is State.REFUSED
    with pytest.raises(Refused, match="Der rykkes ikke"):
        operations.ask(
            by=visiting.scope("ida"), child_id=visiting.child, visit=visit, requirements=frozenset((CONSENT,))
        )
    operations.ask(by=visiting.scope("ida"), child_id=visiting.child, visit=visit)
    assert not Entry.objects.filter(what="task", title="Ja til udredning i BUP").exists()


def test_whoever_referred_is_told_of_a_consent_only_when_they_may_see_a_record_of_it(visiting: Visiting) -> None:
    """Asked or not, answered or not: the GP who referred is told the same."""
    visiting.both_say_yes(sender="astrid")
    ident = visiting.begins("astrid", package=(), override="Vi kender hende.")
    visiting.sends(ident, "astrid")
    visiting.does("jytte", Move.ACCEPT, ident, unit=visiting.unit("team"))
    visiting.gets_a_time()

    def consents() -> list[UUID]:
        with open_book(visiting.scope("astrid"), "readiness", visiting.child) as book:
            return [one.id for one in book.entries(visiting.child, Filter(what=("consent",), on_timeline=False))]

    before, seen = visiting.of_child("astrid"), consents()
    assert [one.readiness.items[0].state for one in before] == [State.UNSEEN]
    visiting.are_asked_about_the_assessment()
    visiting.answers_the_assessment("Jonas", None)
    assert consents() == seen and visiting.of_child("astrid") == before


def test_pressing_twice_opens_nothing_twice(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visit = visiting.gets_a_time()
    by = visiting.scope("ida")
    lacking = [one for one in visiting.of_unit("ida")[0].readiness.lacking if one.may_ask]
    assert operations.ask(by=by, child_id=visiting.child, visit=visit) == len(lacking) > 1
    assert operations.ask(by=visiting.scope("ida"), child_id=visiting.child, visit=visit) == 0
    tasks = Entry.objects.filter(what="task", title__in=[one.requirement.title for one in lacking])
    assert tasks.count() == len(lacking)
    assert {one.due for one in tasks} == {VISIT - DAY} and {one.holder_id for one in tasks} == {by.role_id}
    waits = visiting.item("ida", "RDY-MEDICINE")
    assert waits.state is State.WAITS and waits.asked and waits.asked.holder == by.role_id


def test_done_without_for_a_reason_and_taken_back(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visit = visiting.gets_a_time()

    def does(reason: str, requirement: str = "RDY-MEDICINE") -> None:
        operations.do_without(
            by=visiting.scope("ida"), child_id=visiting.child, visit=visit, requirement=requirement, reason=reason
        )

    with pytest.raises(Refused, match="hvorfor"):
        does(" ")
    with pytest.raises(Refused, match="loven"):
        does("Vi tror, de siger ja", CONSENT)
    does("Vi spørger mor på dagen")
    settled = visiting.item("ida", "RDY-MEDICINE")
    assert settled.state is State.OVERRIDDEN and settled.reason == "Vi spørger mor på dagen"
    assert settled.override and settled.override.by == visiting.ident("ida")
    operations.take_back(
        by=visiting.scope("ida"), child_id=visiting.child, visit=visit, ident=settled.override.id,
        version=settled.override.version,
    )  # fmt: skip
    assert visiting.item("ida", "RDY-MEDICINE").state is State.MISSING


def test_only_the_first_visit_counts_and_only_until_it_is_held(visiting: Visiting) -> None:
    visiting.is_taken_on()
    first = visiting.gets_a_time()
    visiting.gets_a_time(VISIT + 14 * DAY, "tid2")
    assert [one.readiness.visit.id for one in visiting.of_unit("ida")] == [first]
    visiting.clock.at = VISIT + DAY
    assert visiting.of_unit("ida") == []


def test_a_time_that_came_to_nothing_is_no_visit(visiting: Visiting) -> None:
    """Called off, never agreed on, or no more than a place on a waiting list: the child has still not been there."""
    visiting.is_taken_on()
    for number, status in enumerate(("cancelled", "noshow", "entered-in-error", "proposed")):
        visiting.gets_a_time(NOON + number * DAY, f"foer{number}", status=status)
    assert not send({
        "resourceType": "Appointment", "id": "venter", "status": "waitlist", "created": iso(NOON),
        "description": "Første samtale", "extension": [{
            "url": "https://barnetsbog.example/fhir/StructureDefinition/author",
            "valueReference": {"reference": "PractitionerRole/ida"},
        }], "participant": [{"actor": {"reference": "Patient/alma"}, "status": "accepted"}],
    }).refusals  # fmt: skip
    visiting.clock.at = NOON + 7 * DAY
    first = visiting.gets_a_time()
    assert [one.readiness.visit.id for one in visiting.of_unit("ida")] == [first]


def test_a_time_at_the_child_s_own_doctor_is_no_first_visit(visiting: Visiting) -> None:
    visiting.gets_a_time(unit="astrid")
    assert visiting.of_unit("astrid") == visiting.of_child("astrid") == []


def test_after_a_year_it_is_the_receiver_alone_who_says_that_the_child_has_not_been_there(visiting: Visiting) -> None:
    """Others may not see that it has."""
    visiting.is_taken_on()
    visiting.clock.at += 364 * DAY
    assert len(visiting.of_child("kim")) == len(visiting.of_unit("ida")) == 1
    visiting.clock.at += DAY
    assert visiting.of_child("kim") == [] and len(visiting.of_unit("ida")) == 1


def test_of_a_time_only_those_who_see_the_referral_and_its_own_unit_say_that_it_is_the_first(
    visiting: Visiting,
) -> None:
    """To others what goes with the referral would seem to be lacking, and they could ask for it again."""
    ident, _visit = visiting.is_taken_on(), visiting.gets_a_time()
    referral = {
        name: [one.readiness.visit.referral for one in visiting.of_child(name)] for name in ("ida", "kim", "astrid")
    }
    assert referral == {"ida": [ident], "kim": [ident], "astrid": []}
    with open_book(visiting.scope("astrid"), "readiness", visiting.child) as book:
        assert book.entries(visiting.child, Filter(what=("appointment",))), "the GP sees the appointment"


def test_a_referral_that_has_a_time_is_one_visit_and_not_two(visiting: Visiting) -> None:
    ident = visiting.is_taken_on()
    assert [one.readiness.visit.id for one in visiting.of_unit("ida")] == [ident]
    visit = visiting.gets_a_time()
    (found,) = visiting.of_unit("ida")
    assert (found.readiness.visit.id, found.readiness.visit.referral) == (visit, ident)


def test_a_child_is_as_old_as_on_the_day_of_the_visit(visiting: Visiting) -> None:
    """What a child of six must bring it brings, though it is five today."""
    visiting.is_taken_on()
    send(patient(birthDate=f"{local_day(VISIT).replace(year=2020)}"))

    def asks_for_a_test() -> bool:
        (found,) = visiting.of_unit("ida")
        return "RDY-PPV" in {one.requirement.id for one in found.readiness.items}

    assert not asks_for_a_test()
    visiting.gets_a_time()
    assert asks_for_a_test()


def test_a_child_that_has_died_comes_to_no_visit(visiting: Visiting) -> None:
    """Nobody asks its parents for a form."""
    visiting.is_taken_on()
    visiting.gets_a_time()
    assert len(visiting.of_unit("ida")) == len(visiting.of_child("ida")) == 1
    send(patient(deceasedDateTime="2026-11-20"))
    assert visiting.of_unit("ida") == visiting.of_child("ida") == []


@pytest.mark.parametrize("move", [Move.RETURN, Move.REJECT])
def test_what_came_back_is_no_coming_visit(visiting: Visiting, move: Move) -> None:
    visiting.does("jytte", move, visiting.has_sent(), cause="Prøv PPR først")
    assert visiting.of_unit("jytte") == [] and visiting.of_child("kim") == []


def test_as_many_queries_for_three_children_as_for_one(visiting: Visiting) -> None:
    visiting.is_taken_on()
    visiting.gets_a_time()

    def queries_made() -> int:
        scope = visiting.scope("ida")
        with CaptureQueriesContext(connection) as made, open_book(scope, "readiness-list") as book:
            found.append(len(queries.of_unit(book)))
        return len(made)

    found: list[int] = []
    one = queries_made()
    two_more_have_a_time()
    assert queries_made() == one and found == [1, 3]


def two_more_have_a_time() -> None:
    for name in ("bo", "cleo"):
        child = {"resourceType": "Patient", "id": name, "name": [{"given": [name]}], "birthDate": "2016-01-01"}
        child["identifier"] = [{"system": "urn:oid:1.2.208.176.1.2", "value": f"010116990{len(name)}"}]
        time = {
            "resourceType": "Appointment", "id": f"t-{name}", "status": "booked", "start": "2026-12-04T10:00:00Z",
            "end": "2026-12-04T11:00:00Z", "participant": [{"actor": {"reference": f"Patient/{name}"}, "status": "accepted"}],
            "extension": [{"url": "https://barnetsbog.example/fhir/StructureDefinition/author",
                           "valueReference": {"reference": "PractitionerRole/ida"}}],
        }  # fmt: skip
        assert not send(bundle(child, care(f"c-{name}", name, "team"), time)).refusals
