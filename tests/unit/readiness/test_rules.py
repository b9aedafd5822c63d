"""What a first visit needs, case by case; and that nothing supplied ever makes it less ready."""

from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.consent.terms import CUSTODY_CODE, DANISH_RELATION
from barnetsbog.fhir.own import extension
from barnetsbog.kernel.time import DAY, parse
from barnetsbog.law.model import Answer, Blocked, Capacity, Complete, Incomplete, Missing, NotRequired, Review
from barnetsbog.law.rulebook import load as load_law
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.readiness.files import Requirements, load, read
from barnetsbog.readiness.mapping import Person, address, books_interpreter, parent_phones, patient_of, person_of, said
from barnetsbog.readiness.model import Asked, Fact, Facts, Item, Judged, Override, Paper, Readiness, Said, State, Visit
from barnetsbog.readiness.rules import MONTH, applies, applying, due, lacks_nothing_else, readiness
from barnetsbog.referrals.model import Urgency
from barnetsbog.routing.loading import standard

AT = parse("2026-11-25T12:00:00+01:00")[0]
ACTS, SUSPICIONS = frozenset(load_law().acts), frozenset(standard().suspicions)
ALL = load(acts=ACTS, suspicions=SUSPICIONS)
CONSENT = "bup-assessment"
NAMES = UUID(int=7)


def ident(name: str) -> UUID:
    return uuid5(NAMES, name)


VISIT = Visit(ident("visit"), ident("alma"), str(ident("bup")), "bup", "Første samtale", AT + 8 * DAY, age=9)
YES = Judged(Complete(("SL15",), "Det er sket.", None, AT + DAY, ("c",)))
THERE = tuple((one, Said(True)) for one in Fact)
PAPERS = (
    Paper(ident("ppv"), "document", "ppr", "PPR's vurdering", AT - 90 * DAY),
    Paper(ident("skole"), "observation", "school", "Alma i timen", AT - 9 * DAY),
    Paper(ident("skema"), "document", "family", "Forældreskema", AT - 2 * DAY),
    Paper(ident("medicin"), "observation", "gp", "Ingen medicin", AT - 40 * DAY),
)
WHOLE = Facts(VISIT, PAPERS, THERE, ((CONSENT, YES),))


def stands(facts: Facts, wanted: Requirements = ALL) -> Readiness:
    return readiness(facts, applying(wanted, facts.visit), AT)


def item(facts: Facts, requirement: str) -> Item:
    return next(one for one in stands(facts).items if one.requirement.id == requirement)


def test_everything_there_is_ready() -> None:
    found = stands(WHOLE)
    assert found.ready and found.appointment and found.waiting_list and not found.lacking


LACKS = (Missing("far", Capacity.HOLDER, True),)


@pytest.mark.parametrize(
    ("answer", "state", "waiting_list", "appointment"),
    [
        (Complete((), "", None, AT + 1, ()), State.THERE, True, True),
        (NotRequired(("SL19",), "", "SL19"), State.NOT_NEEDED, True, True),
        (Incomplete((), "", LACKS, duties=("waiting-list-allowed",)), State.WAITS, True, False),
        (Incomplete((), "", (Missing("far", Capacity.HOLDER, False),)), State.MISSING, False, False),
        (Blocked((), "", ("far",), duties=("no-reminders",)), State.REFUSED, False, False),
        (Review((), ""), State.MISSING, False, False),
        (None, State.UNSEEN, False, False),
    ],
)  # fmt: skip
def test_what_the_law_says_decides(answer: Answer | None, state: State, waiting_list: bool, appointment: bool) -> None:
    facts = replace(WHOLE, judged=((CONSENT, Judged(answer, AT - DAY)),))
    found = stands(facts)
    assert item(facts, "RDY-CONSENT-BUP").state is state
    assert (found.waiting_list, found.appointment, found.ready) == (waiting_list, appointment, appointment)


def test_whose_answer_is_lacking_and_since_when() -> None:
    facts = replace(WHOLE, judged=((CONSENT, Judged(Incomplete((), "", LACKS), AT - DAY)),))
    assert (item(facts, "RDY-CONSENT-BUP").people, item(facts, "RDY-CONSENT-BUP").asked_at) == (("far",), AT - DAY)


def without(override: str) -> Override:
    return Override(ident(override), override, "Vi spørger på dagen", AT, ident("ida"))


@pytest.mark.parametrize("answer", [None, Blocked((), "", ("far",)), Incomplete((), "", LACKS)])
def test_nobody_does_without_a_consent(answer: Answer | None) -> None:
    facts = replace(WHOLE, judged=((CONSENT, Judged(answer)),), overrides=(without("RDY-CONSENT-BUP"),))
    assert not stands(facts).ready


def test_what_the_law_leaves_to_a_human_being_can_be_settled_with_a_reason() -> None:
    facts = replace(WHOLE, judged=((CONSENT, Judged(Review((), ""))),), overrides=(without("RDY-CONSENT-BUP"),))
    assert stands(facts).ready


def test_a_paper_that_is_asked_for_waits_and_done_without_is_settled() -> None:
    lacking = replace(WHOLE, papers=PAPERS[:2] + PAPERS[3:])
    task = Asked(ident("task"), "Mor udfylder forældreskemaet", AT, ident("ida"), ident("mor"), AT + DAY)
    assert item(lacking, "RDY-PARENT-FORM").state is State.MISSING
    assert item(replace(lacking, asked=(task,)), "RDY-PARENT-FORM").asked == task
    assert item(replace(lacking, asked=(task,)), "RDY-PARENT-FORM").state is State.WAITS
    settled = replace(lacking, overrides=(without("RDY-PARENT-FORM"),))
    assert item(settled, "RDY-PARENT-FORM").state is State.OVERRIDDEN and stands(settled).ready


def test_before_the_answer_only_what_was_sent_with_it_counts() -> None:
    visit = VISIT._replace(decided=False, package=frozenset((ident("skole"),)))
    facts = replace(WHOLE, visit=visit)
    assert item(facts, "RDY-SCHOOL").state is State.THERE
    assert item(facts, "RDY-PPV").state is State.MISSING
    assert item(facts, "RDY-PPV").reason == "Ligger i bogen, men er ikke sendt med: PPR's vurdering"


def test_whoever_held_custody_once_need_not_be_called() -> None:
    mother = _person("mor", telecom=[{"system": "phone", "value": "00 00 00 91"}])
    before = _person("far", name=[{"text": "Far Ex"}], period={"end": "2020-01-01"})
    gone = _person("ven", active=False)
    assert parent_phones([mother, before, gone], AT) == Said(True, "", ident("mor"))
    then = parse("2019-06-01T12:00:00+02:00")[0]
    assert parent_phones([mother, before, gone], then).reason == "Mangler for Far Ex."
    assert parent_phones([before, gone], AT).reason == "Ingen forælder er skrevet op."


def test_who_has_a_number_that_is_used_now_can_be_called() -> None:
    mail = _person("far", name=[{"text": "Far"}], telecom=[{"system": "email", "value": "far@eksempel.invalid"}])
    old = _person("far", name=[{"text": "Far"}], telecom=[
        {"system": "phone", "value": "00 00 00 92", "period": {"end": "2026-10-01"}}, {"system": "phone", "use": "old",
         "value": "00 00 00 93"},
    ])  # fmt: skip
    for one in (mail, old):
        assert parent_phones([one], AT).reason == "Mangler for Far."


def test_where_the_child_lived_once_is_not_where_it_lives() -> None:
    here, before = {"text": "Engvej 1"}, {"text": "Bakken 2", "period": {"end": "2026-08-01"}}
    assert [
        address(patient_of({"resourceType": "Patient", "id": str(ident("alma")), "address": some}), AT).there
        for some in ([before, here], [before], [])
    ] == [True, False, False]


@pytest.mark.parametrize(
    ("appointment", "booked"),
    [
        ({"extension": [extension("interpreter", "Code", "prs")]}, True), ({"comment": "Telefontolk er bestilt"}, True),
        ({"description": "Samtale med tolk"}, True), ({"comment": "Fortolkning af testen"}, False),
        ({"comment": "Vi ses på Stolkevej"}, False), ({}, False),
    ],
)  # fmt: skip
def test_an_interpreter_is_booked_where_the_appointment_says_so(appointment: dict[str, object], booked: bool) -> None:
    assert books_interpreter({"resourceType": "Appointment", **appointment}) is booked


def _person(who: str, **more: object) -> Person:
    return person_of({
        "resourceType": "RelatedPerson", "id": str(ident(who)), "patient": {"reference": "Patient/alma"},
        "relationship": [{"coding": [{"system": DANISH_RELATION, "code": CUSTODY_CODE}]}], **more,
    })  # fmt: skip


@pytest.mark.parametrize(("sector", "needed"), [("ltt", False), ("bup", True), ("ppr", True)])
def test_a_family_that_comes_by_itself_has_no_referrer_to_call(sector: str, needed: bool) -> None:
    told = dict(said(VISIT._replace(sector=sector), None, [], None, None, [], {}, custody_known=True, at=AT))
    assert {told[one].needed for one in (Fact.REASON, Fact.REFERRER_PHONE)} == {needed}
    assert {told[one].there for one in (Fact.REASON, Fact.REFERRER_PHONE)} == {not needed}


def test_an_old_paper_and_one_that_is_to_come_are_none() -> None:
    for at in (AT - 37 * MONTH, AT + DAY):
        facts = replace(WHOLE, papers=(PAPERS[0]._replace(at=at), *PAPERS[1:]))
        assert item(facts, "RDY-PPV").state is State.MISSING


@pytest.mark.parametrize(
    ("change", "requirement", "asked_for"),
    [
        ({}, "RDY-PPV", True), ({"age": 5}, "RDY-PPV", False), ({"age": None}, "RDY-PPV", True),
        ({"urgency": Urgency.ACUTE}, "RDY-PPV", False), ({"urgency": Urgency.ACUTE}, "RDY-MEDICINE", True),
        ({}, "RDY-SOMATIC", False), ({"suspicion": "eating"}, "RDY-SOMATIC", True),
        ({"sector": "ppr"}, "RDY-CONSENT-BUP", False), ({"sector": "ppr"}, "RDY-CONSENT-PPR", True),
    ],
)  # fmt: skip
def test_what_is_asked_for_follows_the_visit(change: dict[str, object], requirement: str, asked_for: bool) -> None:
    one = next(one for one in ALL if one.id == requirement)
    assert applies(one, VISIT._replace(**change)) is asked_for  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "expected"), [(8, 7), (1.5, 1), (0.5, 0.5), (None, 14)])
def test_the_deadline_is_before_the_visit(days: float | None, expected: float) -> None:
    visit = VISIT._replace(at=None if days is None else AT + int(days * DAY))
    assert due(visit, AT) == AT + int(expected * DAY)


# -- properties --------------------------------------------------------------------------------------------------------

papers = st.lists(st.sampled_from(PAPERS), unique=True).map(tuple)
overrides = st.lists(st.sampled_from([without(one.id) for one in ALL]), unique=True).map(tuple)
answers = st.sampled_from([None, Blocked((), "", ("far",)), Incomplete((), "", LACKS), Review((), ""), YES.answer])
saids = st.tuples(*(st.builds(lambda there, fact=fact: (fact, Said(there)), st.sampled_from([None, False, True])) for fact in Fact))  # fmt: skip
visits = st.builds(
    lambda decided, suspicion, age: VISIT._replace(decided=decided, suspicion=suspicion, age=age),
    st.booleans(), st.sampled_from(["", "eating", "adhd"]), st.sampled_from([4, 9, 16, None]),
)  # fmt: skip
some = st.builds(
    lambda visit, papers, said, answer, overrides: Facts(visit, papers, said, ((CONSENT, Judged(answer)),), (), overrides),
    visits, papers, saids, answers, overrides,
)  # fmt: skip


def supplied(facts: Facts, what: object) -> Facts:
    """The same with one more thing there."""
    if isinstance(what, Paper):
        visit = facts.visit._replace(package=facts.visit.package | {what.id})
        return replace(facts, visit=visit, papers=tuple(dict.fromkeys((*facts.papers, what))))
    if isinstance(what, Override):
        return replace(facts, overrides=(*facts.overrides, what))
    if isinstance(what, Fact):
        return replace(facts, said=tuple((fact, Said(True) if fact is what else said) for fact, said in facts.said))
    return replace(facts, judged=((CONSENT, YES),))


@given(some, st.sampled_from([*PAPERS, *Fact, *(without(one.id) for one in ALL), YES]))
def test_what_is_supplied_never_makes_it_less_ready(facts: Facts, what: object) -> None:
    before, after = stands(facts), stands(supplied(facts, what))
    settled = {one.requirement.id for one in before.items if one.settled}
    assert settled <= {one.requirement.id for one in after.items if one.settled}
    assert after.settled >= before.settled and after.ready >= before.ready
    assert after.appointment >= before.appointment and after.waiting_list >= before.waiting_list


@given(some)
def test_ready_is_everything_settled_and_lawful(facts: Facts) -> None:
    found = stands(facts)
    assert found.ready == (all(one.settled for one in found.items) and found.appointment)
    assert found.waiting_list or not found.appointment
    assert all(one.rules for one in found.items if one.state is not State.UNSEEN and not one.requirement.act)


@given(some)
def test_what_lacks_more_than_the_laws_answer_is_never_ready(facts: Facts) -> None:
    """A list asks the law only about the others."""
    unasked = supplied(replace(facts, judged=()), Fact.CUSTODY)
    assert lacks_nothing_else(unasked, applying(ALL, facts.visit), AT) or not stands(facts).ready


def test_what_lacks_only_the_laws_answer_may_be_ready() -> None:
    unasked, wanted = replace(WHOLE, judged=()), applying(ALL, VISIT)
    assert lacks_nothing_else(unasked, wanted, AT)
    assert not lacks_nothing_else(replace(unasked, papers=PAPERS[1:]), wanted, AT)


# -- the file ----------------------------------------------------------------------------------------------------------


def test_an_instance_switches_one_off() -> None:
    local = "requirements:\n  - {id: RDY-PPV, switch: off}\n"
    found = load(local, acts=ACTS, suspicions=SUSPICIONS)
    facts = replace(WHOLE, papers=PAPERS[1:])
    assert not stands(facts).ready and stands(facts, found).ready


GOOD = "{id: A, title: B, supplier: gp, source: C, switch: on, fact: reason}"


@pytest.mark.parametrize(
    ("text", "local", "says"),
    [
        (GOOD.replace("fact: reason", "fact: wish"), "", "felt 'fact'"),
        (GOOD.replace("fact: reason", "act: nothing"), "", "'nothing' kendes ikke"),
        (GOOD.replace("fact: reason", "what: [document]"), "", "lanes"),
        (GOOD.replace("}", ", what: [document], words: [x]}"), "", "enten act, fact eller what"),
        (GOOD.replace("}", ", suspicions: [adhdd]}"), "", "'adhdd' kendes ikke"),
        (GOOD.replace("}", ", sectors: [BUP]}"), "", "'BUP' kendes ikke"),
        (GOOD.replace("}", ", months: 3}"), "", "hører til what"),
        (GOOD.replace("title", "titel"), "", "feltet kendes ikke"),
        (GOOD, "{id: X, switch: off}", "kravet X findes ikke"),
        (GOOD, "{id: A, switch: off, title: Y}", "feltet kendes ikke"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_its_fault(text: str, local: str, says: str) -> None:
    texts = [f"requirements:\n  - {one}\n" if one else "" for one in (text, local)]
    with pytest.raises(LawFileError, match=says):
        read(texts[0], texts[1], acts=ACTS, suspicions=SUSPICIONS)
