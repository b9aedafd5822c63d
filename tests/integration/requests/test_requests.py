"""Somebody asks for what is written about a child: who answers, what is given, what stays, and who knows of it."""

from datetime import date
from uuid import UUID

import orjson
import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.audit.models import Event
from barnetsbog.fhir.own import BASE, EXTENSION
from barnetsbog.kernel.decisions import Conflict, NotFound, Outcome, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY, day_start, local_day
from barnetsbog.letters import operations as letters
from barnetsbog.letters.sending import NO_SENDER
from barnetsbog.letters.standing import CUSTODY_LOST, PROTECTED_FROM
from barnetsbog.plan import operations as plan
from barnetsbog.plan.model import Minutes, Said
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.requests import operations, queries
from barnetsbog.requests.model import Answer, Ground, State, Verdict
from barnetsbog.responsibility import queries as balls
from barnetsbog.responsibility.model import Tab
from tests.builders import patient, role
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import holder
from tests.integration.letters.conftest import numbered

from .conftest import PARTLY, Asking, noted

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


def everything_read_by(asking: Asking, scope: Scope) -> bytes:
    """All that somebody finds in the book, titles and words."""
    with open_book(scope, "timeline", asking.child) as book:
        rows = book.entries(asking.child, Filter(on_timeline=False))
        return b"".join((*(row.title.encode() for row in rows), *book.bodies(rows).values()))


# -- acceptance case 20 ------------------------------------------------------------------------------------------------


def test_case_20_a_holder_asks_for_a_17_year_olds_record_and_a_no_needs_a_reasoned_decision(young: Asking) -> None:
    """Then a case by hand, with its clock; nothing is given by machine; a refusal needs a reasoned decision."""
    assert not Event.objects.filter(action="request-register").exists()
    asked = young.asks("Sara", about="Hele journalen.")
    page = young.reads(asked)
    assert (page.line.request.ground, page.line.request.state) == (Ground.ACCESS, State.OPEN)
    assert {one.advice.outcome for one in page.papers} == {Outcome.REVIEW, Outcome.REFUSED}
    with pytest.raises(Refused, match="skal have en grund"):
        young.decides(asked, Answer.REFUSED, complaint="Skriv til os.", weighed="Han siger nej.")
    with pytest.raises(Refused, match="klages"):
        young.decides(asked, Answer.REFUSED, reason="Han skal kunne tale frit.", weighed="Han siger nej.")
    with pytest.raises(Refused, match="vejet"):
        young.decides(asked, Answer.REFUSED, reason="Han skal kunne tale frit.", complaint="Skriv til os.")
    assert young.reads(asked).line.request.state is State.OPEN
    young.decides(
        asked, Answer.REFUSED, reason="Han skal kunne tale frit.", complaint="Skriv til os.", weighed="Han siger nej."
    )
    decided = young.reads(asked).line.request
    assert decided.state is State.DECIDED and {"FVL15", "FVL22-25"} <= set(decided.rules)
    said = str(young.letter(asked).previews[0].version)
    assert "Han skal kunne tale frit." in said and "Skriv til os." in said and "Forvaltningsloven, § 9" in said
    assert "Han siger nej." not in said  # what was weighed stays with the unit
    draft = young.answers(asked)
    assert young.works() == 1 and young.states(draft) == ["sent"]
    assert young.reads(asked).line.request.state is State.ANSWERED


def test_case_20_health_is_weighed_and_never_comes_by_itself(young: Asking) -> None:
    asked = young.asks("Sara", by="ida", about="Hele journalen.")
    (paper,) = young.reads(asked, "ida").papers
    assert paper.advice.outcome is Outcome.REVIEW and "SL92A" in paper.advice.rules
    with pytest.raises(Refused, match="vejet"):
        young.decides(asked, Answer.GIVEN, by="ida", given=("bup-note",))
    young.decides(asked, Answer.GIVEN, by="ida", given=("bup-note",), weighed="Han har selv sagt ja.")
    draft = young.answers(asked, "ida")
    young.works()
    assert young.enclosures(draft, "ida") == ["bup-note.txt"]


# -- a parent without custody ------------------------------------------------------------------------------------------


def test_a_parent_without_custody_is_answered_partly_with_reasons_and_gets_no_log_in(asking: Asking) -> None:
    asked = asking.asks("Poul", about="Hvordan går det i skolen?")
    page = asking.reads(asked)
    assert page.line.request.ground is Ground.ORIENTATION and page.rule == "Forældreansvarsloven, § 23"
    assert {one.advice.outcome for one in page.papers} == {Outcome.REVIEW, Outcome.REFUSED}
    asking.decides(asked, Answer.PARTLY, **PARTLY)
    (preview,) = asking.letter(asked).previews
    assert preview.candidate.person.name == "Poul" and "in-app" not in preview.candidate.channels
    said = str(preview.version)
    for words in ("Han trives.", "Resten handler om andre.", "Skriv til os.", "§ 23", "Hvordan går det i skolen?"):
        assert words in said
    draft = asking.answers(asked)
    assert asking.works() == 1 and asking.states(draft) == ["sent"]
    assert len(asking.files("digital-post")) == 1
    father = Entry.objects.get(title="Poul", what="person").id
    assert scope_for_person(father, asking.child, level=LoginLevel.SUBSTANTIAL) is None


@pytest.mark.parametrize("asker", ["Poul", "Jonas"])
def test_nobody_but_the_unit_that_was_asked_finds_a_trace_of_it(asking: Asking, asker: str) -> None:
    """No entry, no heading, no count: neither the other parent nor another unit, before and after the answer."""
    others = [asking.parent("Sara"), asking.scope("kim"), asking.scope("rita"), asking.parent("Alma Prøvegaard")]
    before = [everything_read_by(asking, one) for one in others]
    asked = asking.asks(asker, about="Et usædvanligt spørgsmål")
    asking.decides(asked, Answer.PARTLY, **{**PARTLY, "told": "Et usædvanligt svar"})
    draft = asking.answers(asked)
    asking.works()
    others = [asking.parent("Sara"), asking.scope("kim"), asking.scope("rita"), asking.parent("Alma Prøvegaard")]
    assert [everything_read_by(asking, one) for one in others] == before
    mine = everything_read_by(asking, asking.scope("maja"))
    assert "Et usædvanligt spørgsmål".encode() in mine and "Et usædvanligt svar".encode() in mine
    for other in ("kim", "rita", "ida"):
        assert asking.of_unit(other) == []
        for ident in (asked, draft):
            with pytest.raises(NotFound):
                asking.reads(ident, other)


def test_papers_go_to_him_only_when_the_holder_has_said_yes_and_the_letter_tells_of_no_other(asking: Asking) -> None:
    asked = asking.asks("Poul")
    with pytest.raises(Refused, match="har sagt ja"):
        asking.decides(asked, Answer.PARTLY, given=("iagttagelse",), weighed="Mor har læst det.", **PARTLY)
    asking.decides(asked, Answer.PARTLY, given=("iagttagelse",), weighed="Mor ja.", accepted=True, **PARTLY)
    (preview,) = asking.letter(asked).previews
    assert [one.name for one in preview.files] == ["iagttagelse.txt"]
    assert "Han læser selv." in preview.files[0].content.decode()
    assert "fortroligt" not in str(preview.version) and "om-mor" not in str(preview.version)


# -- papers ------------------------------------------------------------------------------------------------------------


def test_only_what_the_unit_itself_has_written_is_on_the_list_and_who_else_is_named_is_told(asking: Asking) -> None:
    asking.happens(noted("kladde", "Ikke færdig.", "draft"), noted("om-onkel", "Vi ringede til Otto, som drikker."))
    maja, day = asking.scope("maja"), local_day(asking.clock.at)
    plan.hold_meeting(by=maja, child_id=asking.child, minutes=Minutes(day, "", "Sara græd."))
    plan.tell_view(by=maja, child_id=asking.child, said=Said("Jeg vil hjem", day, True))
    papers = {one.title: one for one in asking.reads(asking.asks("Jonas")).papers}
    assert set(papers) == {"iagttagelse", "om-mor", "om-onkel", "fortroligt", "Planmøde", "Barnets syn"}
    assert papers["iagttagelse"].advice.allowed
    assert papers["om-mor"].names == ("Sara",) and papers["om-mor"].advice.outcome is Outcome.REVIEW
    assert papers["om-onkel"].names == ("Otto",)  # whoever is near the child, not its parents alone
    assert papers["Planmøde"].names == ("Sara",)
    assert papers["fortroligt"].advice.outcome is Outcome.REFUSED
    asked = Entry.objects.get(what="record-request").id
    with pytest.raises(Refused, match="aldrig"):
        asking.decides(asked, Answer.GIVEN, given=("fortroligt",), weighed="Alt.")
    with pytest.raises(Refused, match="fra listen"):
        asking.decides(asked, Answer.GIVEN, given=("bup-note",), told="Han trives.")


def test_where_the_address_is_protected_nothing_goes_to_somebody_who_must_not_learn_it(hidden: Asking) -> None:
    asked = hidden.asks("Jonas")
    assert {one.advice.outcome for one in hidden.reads(asked).papers} == {Outcome.REFUSED}
    hidden.decides(asked, Answer.PARTLY, **PARTLY)
    (preview,) = hidden.letter(asked).previews
    assert preview.version is None and preview.candidate.standing.why == PROTECTED_FROM
    with pytest.raises(Refused, match="Jonas"):
        hidden.answers(asked)
    assert hidden.reads(asked).line.request.state is State.DECIDED


def test_what_shows_where_the_child_is_goes_to_the_one_it_lives_with_when_it_was_weighed(hidden: Asking) -> None:
    hidden.happens(noted("adressen", "Storegade 1.", "address"))
    asked = hidden.asks("Sara")
    (paper,) = (one for one in hidden.reads(asked).papers if one.title == "adressen")
    assert paper.advice.outcome is Outcome.REVIEW and "OWN-NO-UNMASK" in paper.advice.rules
    hidden.decides(asked, Answer.GIVEN, given=("adressen",), weighed="Barnet bor hos hende.")
    (preview,) = hidden.letter(asked).previews
    assert [one.name for one in preview.files] == ["adressen.txt"]


# -- clock and ball ----------------------------------------------------------------------------------------------------


def test_whoever_answers_has_the_ball_with_the_laws_deadline_until_the_answer_is_sent(asking: Asking) -> None:
    """Seven working days after Monday the 23rd: Wednesday the 2nd."""
    asked = asking.asks("Sara", days_ago=2)
    with open_book(asking.scope("maja"), "work-list") as book:
        (case,) = balls.work_list(book, Tab.MINE).cases
    assert case.ball.title == "Svar på en anmodning om aktindsigt"
    assert case.ball.due == day_start(date(2026, 12, 3)) - 1
    ball = case.ball.id
    with pytest.raises(NotFound), open_book(asking.scope("rita"), "ball", asking.child) as book:
        balls.page(book, asking.child, ball)
    asking.decides(asked, Answer.GIVEN, told="Han trives.")
    asking.answers(asked)
    assert Entry.objects.get(id=ball).status == "completed"


def test_somebody_outside_the_unit_is_not_asked_to_answer(asking: Asking) -> None:
    with pytest.raises(Refused, match="jeres enhed"):
        asking.asks("Sara", to="kim")
    assert not Entry.objects.filter(what__in=("record-request", "task")).exists()


@pytest.mark.parametrize(("code", "may"), [("STPFTH", False), ("ADOPTF", True)])
def test_a_step_parent_has_no_right_to_hear_and_an_adoptive_one_has(asking: Asking, code: str, may: bool) -> None:
    """Forældreansvarsloven § 23 is for a parent who has no custody."""
    coding = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": code}
    known = {key: value for key, value in holder("ny", "Bent").items() if key != "extension"}
    asking.happens({**known, "relationship": [{"coding": [coding]}]})
    with open_book(asking.scope("maja"), "request", asking.child) as book:
        assert ("Bent" in {one.name for one in queries.askers(book, asking.child)}) is may


def test_only_a_parent_can_be_answered_from_here(asking: Asking) -> None:
    with pytest.raises(Refused, match="Vælg en forælder"):
        asking.asks("Otto")


# -- at the moment of sending ------------------------------------------------------------------------------------------


def test_custody_that_ends_while_the_answer_waits_stops_it_and_nobody_else_hears(asking: Asking) -> None:
    asked = asking.asks("Jonas")
    asking.decides(asked, Answer.GIVEN, given=("iagttagelse",))
    draft = asking.answers(asked)
    ended = holder("far", "Jonas", at_home=False)
    ended["extension"][0]["extension"][1]["valuePeriod"]["end"] = "2026-11-20"
    asking.happens(numbered(ended, "0202809902"))
    asking.works()
    assert asking.states(draft) == ["stopped"]
    assert asking.page(draft, "maja").progress[0].why == CUSTODY_LOST
    assert asking.files("digital-post") == []
    ball = Entry.objects.get(what="task", title="Brevet kunne ikke sendes")
    with pytest.raises(NotFound), open_book(asking.parent("Sara"), "ball", asking.child) as book:
        book.entry(asking.child, ball.id)


def test_what_was_asked_with_custody_is_answered_by_the_right_that_is_left(asking: Asking) -> None:
    """A parent who has lost custody meanwhile asks how the child is; else no letter could ever be sent."""
    asked = asking.asks("Jonas")
    asking.decides(asked, Answer.GIVEN, given=("iagttagelse",))
    ended = holder("far", "Jonas", at_home=False)
    ended["extension"][0]["extension"][1]["valuePeriod"]["end"] = "2026-11-20"
    asking.happens(numbered(ended, "0202809902"))
    with pytest.raises(Refused, match="Har ikke længere forældremyndighed"):
        asking.answers(asked)
    assert asking.reads(asked).line.request.ground is Ground.ORIENTATION
    with pytest.raises(Refused, match="Uden forældremyndighed gives dokumenter kun"):
        asking.decides(asked, Answer.GIVEN, given=("iagttagelse",), weighed="Alt.")
    asking.decides(asked, Answer.GIVEN, told="Han trives.")
    assert asking.letter(asked).draft.template == "L30"
    asking.answers(asked)


def test_a_young_person_who_comes_of_age_meanwhile_decides_alone(young: Asking) -> None:
    asked = young.asks("Sara")
    young.clock.at += 170 * DAY
    with pytest.raises(Refused, match="Svar nej"):
        young.decides(asked, Answer.GIVEN, told="Han trives.", weighed="Alt.")
    young.decides(asked, Answer.REFUSED, reason="Hun er voksen.", complaint="Skriv til os.", weighed="Alt.")
    young.answers(asked)
    with pytest.raises(Refused, match="fyldt 18"):
        young.asks("Sara")


def test_when_whoever_answered_has_left_the_unit_alone_hears_that_it_was_not_sent(asking: Asking) -> None:
    asked = asking.asks("Sara")
    asking.decides(asked, Answer.GIVEN, told="Han trives.")
    draft = asking.answers(asked)
    asking.happens(role("maja", "skole", "teacher")[1] | {"active": False}, *role("lis", "skole", "teacher"))
    asking.works()
    assert asking.states(draft) == ["stopped"] and asking.page(draft, "lis").progress[0].why == NO_SENDER
    ball = Entry.objects.get(what="task", title="Brevet kunne ikke sendes")
    for who, sees in ((asking.scope("lis"), True), (asking.scope("kim"), False), (asking.parent("Sara"), False)):
        with open_book(who, "ball", asking.child) as book:
            assert (ball.id in [one.id for one in book.entries(asking.child, Filter(what=("task",)))]) is sees


def test_an_address_that_becomes_protected_while_it_waits_stops_it(asking: Asking) -> None:
    asked = asking.asks("Poul")
    asking.decides(asked, Answer.PARTLY, **PARTLY)
    draft = asking.answers(asked)
    asking.happens(patient(extension=[{"url": f"{EXTENSION}protected-address", "valueBoolean": True}]))
    asking.works()
    assert asking.page(draft, "maja").progress[0].why == PROTECTED_FROM


def test_a_letter_of_that_sort_is_sent_on_a_decision_and_by_no_other_way(asking: Asking) -> None:
    with pytest.raises(Refused, match="anmodning"):
        asking.writes("L30", asking.person("Poul"), by="maja")
    asked = asking.asks("Poul")
    asking.decides(asked, Answer.PARTLY, **PARTLY)
    draft = asking.letter(asked)
    approved = {one.candidate.person.reference: one.digest for one in draft.previews}
    by = asking.scope("maja")
    with pytest.raises(Refused, match="Åbn anmodningen"):
        letters.send(by=by, child_id=asking.child, ident=draft.id, version=draft.version, approved=approved)
    with pytest.raises(Refused, match="Åbn anmodningen"):
        letters.drop(by=by, child_id=asking.child, ident=draft.id, version=draft.version)
    with pytest.raises(Refused, match="Åbn anmodningen"):
        letters.rewrite(by=by, child_id=asking.child, ident=draft.id, version=draft.version, draft=draft.draft)
    assert asking.states(draft.id) == []


def test_an_answer_that_waits_is_not_taken_back_for_the_request_is_answered(asking: Asking) -> None:
    asked = asking.asks("Sara")
    asking.decides(asked, Answer.GIVEN, told="Han trives.")
    draft, by = asking.answers(asked), asking.scope("maja")
    with pytest.raises(Refused, match="kan ikke trækkes tilbage"):
        letters.withdraw(by=by, child_id=asking.child, ident=draft, to=asking.person("Sara"))
    asking.works()
    assert asking.states(draft) == ["sent"]


# -- two at once, and again --------------------------------------------------------------------------------------------


def test_a_decision_can_be_made_again_until_it_is_sent_and_the_older_letter_makes_way(asking: Asking) -> None:
    asked = asking.asks("Sara")
    asking.decides(asked, Answer.GIVEN, told="Første svar")
    older = asking.letter(asked).id
    asking.decides(asked, Answer.GIVEN, told="Andet svar")
    assert asking.letter(asked).id != older and asking.page(older, "maja").state.value == "dropped"
    asking.answers(asked)
    with pytest.raises(Refused, match="er svaret"):
        asking.decides(asked, Answer.GIVEN, told="Tredje svar")


def test_the_second_of_two_who_decide_at_once_is_told(asking: Asking) -> None:
    asked = asking.asks("Sara")
    asking.decides(asked, Answer.GIVEN, told="Han trives.")
    verdict = asking.reads(asked).line.request.verdict
    assert verdict
    with pytest.raises(Conflict):
        operations.decide(by=asking.scope("maja"), child_id=asking.child, ident=asked, version=1, verdict=verdict)


def test_the_answer_that_was_looked_through_is_the_one_that_is_sent(asking: Asking) -> None:
    asked = asking.asks("Sara")
    asking.decides(asked, Answer.GIVEN, told="Han trives.")
    page, letter = asking.reads(asked), asking.letter(asked)
    with pytest.raises(Conflict):
        operations.answer(
            by=asking.scope("maja"), child_id=asking.child, ident=asked, version=page.version, letter=letter.version,
            approved={asking.person("Sara"): "0" * 64},
        )  # fmt: skip
    assert asking.reads(asked).line.request.state is State.DECIDED


# -- who knows ---------------------------------------------------------------------------------------------------------


def test_each_step_is_in_the_log_and_no_line_names_who_asked(asking: Asking) -> None:
    asked = asking.asks("Poul")
    asking.decides(asked, Answer.PARTLY, **PARTLY)
    asking.answers(asked)
    lines = Event.objects.filter(action__in=("request-register", "request-decide", "request-answer")).order_by("at")
    assert [one.action for one in lines] == ["request-register", "request-decide", "request-answer"]
    father = asking.person("Poul").rpartition("/")[2]
    for one in lines:
        assert father not in orjson.dumps(one.detail).decode() and "Poul" not in str(one.detail)


def test_the_family_decides_on_nothing_also_on_what_it_has_asked_for(asking: Asking) -> None:
    asked = asking.asks("Sara")
    verdict = Verdict(Answer.GIVEN, told="Han trives.")
    for who in (asking.parent("Sara"), asking.parent("Alma Prøvegaard")):
        with pytest.raises(NotFound):
            operations.decide(by=who, child_id=asking.child, ident=asked, version=1, verdict=verdict)


def test_what_is_no_request_is_not_there(asking: Asking) -> None:
    for ident in (new_id(), Entry.objects.get(title="iagttagelse").id, UUID(int=7)):
        with pytest.raises(NotFound):
            asking.reads(ident)


def test_one_from_elsewhere_that_says_nothing_of_what_a_request_does_stops_no_list(asking: Asking) -> None:
    asked = asking.asks("Sara")
    kind = {"coding": [{"system": f"{BASE}/CodeSystem/entry-kind", "code": "record-request"}]}
    asking.happens({
        "resourceType": "Communication", "id": "fremmed", "status": "in-progress", "category": [kind],
        "subject": {"reference": "Patient/alma"}, "sender": {"reference": "PractitionerRole/maja"},
    })  # fmt: skip
    other = Entry.objects.get(source_ref="Communication/fremmed").id
    with open_book(asking.scope("maja"), "request", asking.child) as book:
        assert [one.request.id for one in queries.of_child(book, asking.child)] == [asked]
        with pytest.raises(NotFound):
            queries.row_of(book, asking.child, other)
