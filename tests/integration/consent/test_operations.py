"""Asking, answering and taking back, and what somebody can read at once after it."""

from contextlib import nullcontext
from uuid import UUID, uuid4

import orjson
import pytest

from barnetsbog.access.facts import Facts
from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event
from barnetsbog.consent import closing, operations, queries, terms
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.mapping import Asking, consent_resource
from barnetsbog.consent.model import State, Told
from barnetsbog.consent.operations import Paper
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.files import scan_of
from barnetsbog.kernel.time import DAY, day_start, local_day
from barnetsbog.law.givers import Giver
from barnetsbog.law.model import Block, Capacity, Child, Class, Consent, Custody, Kind, Level, Sharing, Status
from barnetsbog.portal import consents as words
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry, Version
from tests.builders import bundle, care, honour_conflict, patient, pdf, send, task
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import ALL, NOON, Clock, Family, Json, holder

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

YES = Yes()


def test_each_giver_gets_a_question_of_their_own(family: Family) -> None:
    asked = family.are_asked()
    assert len(set(asked.values())) == 2
    told = Event.objects.get(action="consent-ask").detail["questions"]
    assert {UUID(one) for one in told} == set(asked.values()), "the log tells it to those who were asked"
    assert family.can_read("ida") == "nothing"


def test_only_when_both_have_said_yes_the_recipient_can_read_and_at_once(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    assert family.can_read("ida") == "nothing"
    family.says("father", YES)
    assert family.can_read("ida") == "contents"


def test_a_yes_taken_back_closes_at_once_and_a_new_yes_opens_again(family: Family, clock: Clock) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.says("father", YES)
    family.takes_it_back("father")
    assert family.can_read("ida") == "nothing"
    clock.at += 1
    family.says("father", YES)
    assert family.can_read("ida") == "contents"


def test_it_ends_by_itself_on_the_day_that_was_said(family: Family, clock: Clock) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.says("father", Yes(until=NOON + 10 * DAY))
    clock.days_later(9)
    assert family.can_read("ida") == "contents"
    clock.days_later(11)
    assert family.can_read("ida") == "nothing"


def test_what_is_shared_is_what_both_have_said_yes_to(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.says("father", Yes(level=Level.HEADINGS))
    assert family.can_read("ida") == "heading"
    family.says("father", Yes(frozenset(("KO",))))
    assert family.can_read("ida") == "nothing"
    family.says("father", YES)
    assert family.can_read("ida") == "contents", "who has said yes to less may say yes to all of what was asked"


def test_nobody_can_say_yes_to_more_than_was_asked(family: Family) -> None:
    family.are_asked(sharing=operations.Sharing(family.asking().sharing.shelves, Level.HEADINGS))
    for name in ("mother", "father"):
        family.says(name, Yes(level=Level.CONTENT, until=NOON + 360 * DAY))
    assert family.can_read("ida") == "heading"
    with open_book(family.professional("kim"), "consent", family.child) as book:
        (question,) = queries.sharings(book, family.child).questions
    assert {reply.valid_to for reply in question.replies} == {NOON + 300 * DAY}


def test_a_question_that_is_over_needs_a_new_question(family: Family, clock: Clock) -> None:
    family.are_asked(until=NOON + 10 * DAY)
    family.says("mother", None)
    clock.days_later(11)
    with pytest.raises(Refused, match="udløbet"):
        family.says("father", YES)
    family.says("father", None)


@pytest.mark.parametrize("yes", [YES, None], ids=["yes", "no"])
def test_somebody_else_s_record_does_not_exist(family: Family, yes: Yes | None) -> None:
    """By whichever way one tries: the other parent, a professional, an id that nobody has."""
    asked = family.are_asked()
    tries = [
        (family.person("father"), asked["mother"]), (family.professional("kim"), asked["mother"]), (family.person("father"), uuid4()),
    ]  # fmt: skip
    for by, ident in tries:
        with pytest.raises(NotFound):
            operations.answer(by=by, child_id=family.child, ident=ident, yes=yes, version=1)
    with pytest.raises(NotFound):
        operations.withdraw(by=family.person("father"), child_id=family.child, ident=asked["mother"], version=1)
    assert Entry.objects.get(id=asked["mother"]).version == 1
    refused = Event.objects.filter(action="consent-answer", allowed=False).count()
    assert refused == len(tries), "each try stands in the log"


def test_the_same_record_twice_at_once_tells_the_second_and_loses_nothing(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    with pytest.raises(Conflict, match="ændret imens"):
        family.says("mother", None, version=1)
    family.says("father", YES)
    assert family.can_read("ida") == "contents"


def test_every_act_stands_in_the_log_by_name(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.says("father", None)
    family.takes_it_back("mother")
    acts = list(Event.objects.filter(action__startswith="consent").order_by("id").values_list("action", flat=True))
    assert acts == ["consent-ask", "consent-answer", "consent-answer", "consent-withdraw"]


def test_a_record_keeps_every_version_and_who_made_it(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.takes_it_back("mother")
    ident = family.record_of("mother")
    told = Version.objects.filter(entry_id=ident).order_by("number")
    assert [orjson.loads(bytes(one.body))["status"] for one in told] == ["proposed", "active", "inactive"]
    assert [one.by_id for one in told][1:] == [family.person("mother").role_id] * 2


# -- who may ask and register ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"), [("maja", "her role may not"), ("leder", "the school neither gives nor gets")]
)
def test_only_a_unit_that_gives_or_gets_may_ask(family: Family, name: str, why: str) -> None:
    with pytest.raises(NotFound):
        operations.ask(by=family.professional(name), child_id=family.child, wanted=family.asking())
    assert not Entry.objects.filter(what="consent"), why


def test_nobody_is_asked_twice(family: Family) -> None:
    family.are_asked()
    with pytest.raises(Refused, match="er spurgt eller har svaret"):
        family.are_asked()


def test_a_question_that_has_run_out_is_put_again_and_can_be_answered(family: Family, clock: Clock) -> None:
    asked = family.are_asked(until=NOON + 10 * DAY)
    family.says("mother", YES)
    clock.days_later(11)
    again = operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    assert len(again) == 2 and asked["father"] in again, "the record that nobody has answered asks again"
    with pytest.raises(Refused, match="er spurgt eller har svaret"):
        family.are_asked()
    for name in ("mother", "father"):
        ident = next(one for one in again if (one == asked["father"]) == (name == "father"))
        version = Entry.objects.get(id=ident).version
        operations.answer(by=family.person(name), child_id=family.child, ident=ident, yes=YES, version=version)
    assert family.can_read("ida") == "contents"


def test_more_can_be_asked_for_and_what_was_said_yes_to_stands_meanwhile(family: Family) -> None:
    everything = family.asking().sharing
    less = Sharing(frozenset(one for one in everything.shelves if one[0] is Block.CONDITION), Level.HEADINGS)
    asked = family.are_asked(sharing=less)
    family.says("mother", YES)
    again = operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    # The father, who has not answered, has one question still, about all of it; the mother's yes stands
    assert len(again) == 2 and asked["father"] in again and asked["mother"] not in again
    family.says("father", YES)
    assert family.can_read("ida") == "heading"
    ident = next(one for one in again if one != asked["father"])
    operations.answer(by=family.person("mother"), child_id=family.child, ident=ident, yes=YES, version=1)
    assert family.can_read("ida") == "contents"


def test_who_has_said_yes_to_less_is_not_asked_the_same_again(family: Family) -> None:
    family.are_asked()
    family.says("mother", Yes(level=Level.HEADINGS))
    family.says("father", Yes(frozenset(("KO",))))
    with pytest.raises(Refused, match="er spurgt eller har svaret"):
        family.are_asked()


def test_after_a_no_nobody_is_asked_again_or_reminded(family: Family) -> None:
    asked = family.are_asked()
    family.says("father", None)
    with pytest.raises(Refused, match="Der rykkes ikke"):
        family.are_asked()
    with pytest.raises(Refused, match="Der rykkes ikke"):
        operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["mother"])


def test_a_question_that_nobody_can_answer_any_more_waits_for_nobody(family: Family, clock: Clock) -> None:
    asked = family.are_asked(until=NOON + 10 * DAY)
    assert _waiting(family, "mother") == 1 and _seen(family).waits
    clock.days_later(11)
    assert _waiting(family, "mother") == 0 and not _seen(family).waits
    assert words.state(_seen(family)) == "Udløbet"
    assert {words.answer(one) for one in _seen(family).replies} == {"Intet svar, og tiden er gået"}
    with pytest.raises(Refused, match="Spørgsmålet er udløbet"):
        operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["mother"])
    family.says("mother", None)  # which needs no new question
    assert [words.answer(one.reply) for one in _told(family, asked["mother"])] == ["Nej", "Intet svar endnu"]


def test_when_the_young_person_answers_no_question_waits_for_a_parent(clock: Clock) -> None:
    family = Family(birthDate="2011-12-05")
    family.are_asked()
    assert _waiting(family, "mother") == 1
    clock.days_later(10)
    assert _waiting(family, "mother") == 0 and not _seen(family).waits


def test_whose_yes_counts_for_nothing_is_asked_again(family: Family, clock: Clock) -> None:
    """The representative of a child without its parents said yes, and is now the one who holds custody for a time."""
    periods = {"representative": {"start": "2026-01-01", "end": "2026-11-30"}, "temporary": {"start": "2026-12-01"}}
    kinds = [
        [{"url": "kind", "valueCode": one}, {"url": "period", "valuePeriod": when}] for one, when in periods.items()
    ]
    held = [{"url": f"{EXTENSION}custody", "extension": parts} for parts in kinds]
    sara, jonas = holder("mor", "Sara") | {"extension": held}, holder("far", "Jonas") | {"active": False}
    send(bundle(patient(), sara, jonas))
    (asked,) = _ask(family)
    family.says("mother", YES)
    assert family.can_read("ida") == "contents"
    with pytest.raises(Refused, match="er spurgt eller har svaret"):
        _ask(family)
    clock.days_later(10)
    assert family.can_read("ida") == "nothing"
    (again,) = _ask(family)
    assert again != asked
    version = Entry.objects.get(id=again).version
    operations.answer(by=family.person("mother"), child_id=family.child, ident=again, yes=YES, version=version)
    assert family.can_read("ida") == "contents"


def _waiting(family: Family, name: str) -> int:
    with open_book(family.person(name), "consent", family.child) as book:
        return queries.own_waiting(book, family.child)


def _ask(family: Family) -> list[UUID]:
    return operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())


def _seen(family: Family) -> queries.Question:
    with open_book(family.professional("kim"), "consent", family.child) as book:
        (found,) = queries.sharings(book, family.child).questions
    return found


def _told(family: Family, ident: UUID) -> list[Told]:
    with open_book(family.professional("kim"), "consent", family.child) as book:
        return queries.history(book, family.child, ident)


def test_a_year_is_the_longest(family: Family) -> None:
    with pytest.raises(Refused, match="højst gælde et år"):
        family.are_asked(until=NOON + 400 * DAY)


def test_a_reminder_reaches_its_receiver_and_not_the_other_parent(family: Family) -> None:
    asked = family.are_asked()
    operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["father"])
    assert _titles(family, "father", "message") == ["Vi mangler dit svar"]
    assert _titles(family, "mother", "message") == []


def test_what_a_unit_writes_down_for_one_parent_is_not_in_the_others_log(family: Family) -> None:
    """That they were reminded tells of their silence, and that a yes was taken back of their no."""
    asked, kim = family.are_asked(), family.professional("kim")
    operations.remind(by=kim, child_id=family.child, ident=asked["mother"])
    operations.register_paper(
        by=kim, child_id=family.child, ident=asked["mother"], yes=YES, paper=Paper(NOON, note="Ringede"), version=1
    )
    operations.withdraw(by=kim, child_id=family.child, ident=asked["mother"], version=2, note="Ringede igen")
    acts = {"consent-remind", "consent-register", "consent-withdraw"}
    assert _told_to(family, "mother") >= acts and not _told_to(family, "father") & acts
    assert "consent-ask" in _told_to(family, "father")


def _told_to(family: Family, name: str) -> set[str]:
    with open_book(family.person(name), "log-read", family.child) as book:
        return {row.action for row in own_log(book, family.child, since=0).rows}


def test_a_matter_stands_where_the_child_reads_of_it_whatever_anybody_says(clock: Clock) -> None:
    family = Family(birthDate="2014-05-07")
    family.are_asked(until=NOON + 10 * DAY)
    for name in ("mother", "father"):
        family.says(name, None)
        assert len(_about(family)) == 1, "a matter that goes away with a no tells of it"
    clock.days_later(11)
    assert _about(family) == ()


def _about(family: Family) -> tuple[queries.Question, ...]:
    with open_book(family.person("alma"), "consent", family.child) as book:
        return queries.matters_about(book, family.child)


def _titles(family: Family, name: str, what: str) -> list[str]:
    with open_book(family.person(name), "timeline", family.child) as book:
        return [row.title for row in book.entries(family.child, Filter(what=(what,)))]


def _father_refuses_more(family: Family) -> None:
    """In a record of another system's that is about PPR and the school: one that PPR and BUP may read."""
    no = Consent(
        id="nej", giver="far", capacity=Capacity.HOLDER, act="ppr-to-bup", kind=Kind.DISCLOSURE,
        sharing=family.asking().sharing, status=Status.REFUSED, answered_at=NOON, valid_from=NOON,
        valid_to=NOON + 300 * DAY, disclosers=frozenset(("ppr", "skole")), recipient="bup",
    )  # fmt: skip
    assert not send(consent_resource(no, Asking("alma", "Far sagde nej", "PPR og skolen"))).refusals


def test_a_no_to_more_than_this_stops_it_for_everybody_who_is_told_how_it_stands(family: Family) -> None:
    """What the centre says is what the rights say."""
    family.are_asked()
    family.says("mother", YES)
    silent = _narrow(family, "mother")
    family.says("father", YES)
    _father_refuses_more(family)
    assert family.can_read("ida") == "nothing"
    assert _narrow(family, "kim").standing.state is State.BLOCKED
    # The mother is told what she was told while he was silent; he, that it is not shared, and nothing of her
    told, own = _narrow(family, "mother"), _narrow(family, "father")
    assert (told.standing, told.people) == (silent.standing, silent.people) and words.missing(told)
    assert own.standing.state is State.BLOCKED and own.standing.reason == words.missing(own) == ""


def test_after_a_no_to_more_nobody_is_reminded_or_asked_again(family: Family) -> None:
    asked = family.are_asked()
    _father_refuses_more(family)
    with pytest.raises(Refused, match="Der rykkes ikke"):
        operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["mother"])
    with pytest.raises(Refused, match="Der rykkes ikke"):
        family.are_asked()


def _narrow(family: Family, name: str) -> queries.Question:
    """What somebody is told of what was asked first: about PPR alone."""
    scope = family.person(name) if name in ("mother", "father") else family.professional(name)
    with open_book(scope, "consent", family.child) as book:
        return next(one for one in queries.sharings(book, family.child).questions if len(one.sources) == 1)


# -- on paper ----------------------------------------------------------------------------------------------------------

PDF = pdf("underskrevet")


def _register(family: Family, name: str, paper: Paper, by: str = "kim") -> None:
    ident = family.record_of(name)
    version = Entry.objects.get(id=ident).version
    operations.register_paper(
        by=family.professional(by), child_id=family.child, ident=ident, yes=YES, paper=paper, version=version
    )


def test_an_answer_on_paper_counts_and_its_scan_is_kept_for_professionals(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    _register(family, "father", Paper(NOON - 2 * DAY, scan_of(PDF)))
    assert family.can_read("ida") == "contents"
    with open_book(family.professional("kim"), "consent", family.child) as book:
        (question,) = queries.sharings(book, family.child).questions
        (scan,) = book.entries(family.child, Filter(what=("document",)))
    father = next(reply for reply in question.replies if reply.form == "paper")
    assert father.evidence == f"DocumentReference/{scan.id}"
    for parent in ("mother", "father"):
        assert _titles(family, parent, "document") == []


def test_an_answer_aloud_needs_a_note_and_a_day_that_has_been(family: Family) -> None:
    family.are_asked()
    with pytest.raises(Refused, match="Vedlæg en scanning"):
        _register(family, "father", Paper(NOON))
    with pytest.raises(Refused, match="kan ikke ligge efter i dag"):
        _register(family, "father", Paper(NOON + 2 * DAY, note="Sagt i telefonen til Kim."))
    _register(family, "father", Paper(NOON, note="Sagt i telefonen til Kim."))


@pytest.mark.parametrize(("said", "word"), [(None, "Nej"), ("back", "Ja trukket tilbage"), (YES, "Ja")])
def test_an_older_answer_on_paper_never_takes_the_place_of_a_newer_one(
    family: Family, clock: Clock, said: Yes | str | None, word: str
) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.says("father", YES if said == "back" else said)  # type: ignore[arg-type]
    if said == "back":
        family.takes_it_back("father")
    before, versions = family.can_read("ida"), Version.objects.count()
    with pytest.raises(Refused, match=f"nyere svar: »{word}« fra 25.11.2026.* er fra 24.11.2026.*Intet er gemt"):
        _register(family, "father", Paper(day_start(local_day(NOON - DAY)), scan_of(PDF)))
    assert (family.can_read("ida"), Version.objects.count()) == (before, versions)
    clock.days_later(1)
    _register(family, "father", Paper(clock.at, note="Sagt i telefonen til Kim."))
    assert family.can_read("ida") == "contents"


def test_a_unit_that_neither_gives_nor_gets_registers_nothing(family: Family) -> None:
    family.are_asked()
    with pytest.raises(NotFound):
        _register(family, "father", Paper(NOON, note="Sagt i telefonen."), by="leder")


# -- what would happen if ----------------------------------------------------------------------------------------------


def test_the_preview_says_what_then_happens(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    ident = family.record_of("father")
    with open_book(family.person("father"), "consent-preview", family.child) as book:
        found = queries.preview(book, family.child, ident, YES)
    assert [(one.unit.name, one.blocks) for one in found.gained] == [("Enhed bup", ("TI", "AK", "KO"))]
    assert found.lost == () and family.can_read("ida") == "nothing", "a preview changes nothing"
    family.says("father", YES)
    with open_book(family.person("mother"), "consent-preview", family.child) as book:
        back = queries.preview_withdrawal(book, family.child, family.record_of("mother"))
    assert back.lost == found.gained
    assert (back.before.state, back.after.state) == (State.COMPLETE, State.BLOCKED)


# -- what the family is told -------------------------------------------------------------------------------------------


def _question(family: Family, name: str) -> queries.Question:
    with open_book(family.person(name), "consent", family.child) as book:
        (question,) = queries.sharings(book, family.child).questions
    return question


def test_silence_and_a_no_of_the_other_parent_read_the_same(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    silent = _question(family, "mother")
    family.says("father", None)
    refused = _question(family, "mother")
    assert silent.standing == refused.standing and silent.replies == refused.replies
    assert [one.name for one in refused.people] in ([], [""])


def test_to_a_parent_who_must_not_know_where_the_child_is_no_unit_has_a_name(clock: Clock) -> None:
    protected = {"url": "https://barnetsbog.example/fhir/StructureDefinition/protected-address", "valueBoolean": True}
    family = Family(extension=[protected])
    family.are_asked(text="Hun går på Prøvebakkeskolen")
    father, mother = _question(family, "father"), _question(family, "mother")
    assert [one.name for one in (*father.sources, father.recipient) if one] == ["", ""]
    assert father.subject == "" and "Prøvebakkeskolen" in mother.subject
    assert [one.name for one in (*mother.sources, mother.recipient) if one] == ["Enhed ppr", "Enhed bup"]


# -- the child ---------------------------------------------------------------------------------------------------------


def test_from_15_the_young_person_answers_alone(clock: Clock) -> None:
    family = Family(birthDate="2011-09-03")
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    family.says("alma", YES)
    assert family.can_read("ida") == "contents"
    family.takes_it_back("alma")
    assert family.can_read("ida") == "nothing"


def test_a_young_person_closes_an_entry_for_others_and_opens_it_again(clock: Clock) -> None:
    family = Family(birthDate="2011-09-03")
    alma = family.person("alma")
    assert family.can_read("kim") == "contents"
    operations.block_entry(by=alma, child_id=family.child, entry_id=family.entry)
    assert family.can_read("kim") == "nothing"
    with open_book(alma, "timeline", family.child) as book:
        assert book.entry(family.child, family.entry).readable
    with open_book(family.professional("kim"), "consent", family.child) as book:
        assert book.entries(family.child, Filter(what=("consent",))) == [], "that something is closed leaves no trace"
    operations.unblock_entry(by=alma, child_id=family.child, entry_id=family.entry)
    assert family.can_read("kim") == "contents"


def test_a_younger_child_and_a_parent_close_nothing(family: Family) -> None:
    for name in ("alma", "mother"):
        with pytest.raises(NotFound):
            operations.block_entry(by=family.person(name), child_id=family.child, entry_id=family.entry)


def test_what_cant_be_closed_is_not_found_and_stays_open(clock: Clock) -> None:
    """A task, a notification of concern, a consent, and what frames the book: those who help must see them."""
    family = Family(birthDate="2011-09-03")
    concern = {
        "resourceType": "Communication", "id": "u", "status": "completed", "sent": "2026-11-20",
        "subject": {"reference": "Patient/alma"}, "topic": {"text": "Underretning"},
        "category": [{"coding": [{"system": terms.ENTRY_KIND, "code": "concern"}]}],
        "sender": {"reference": "PractitionerRole/kim"}, "payload": [{"contentString": "Bekymret"}],
    }  # fmt: skip
    send(bundle(task(), concern))
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    alma, kept = family.person("alma"), Entry.objects.filter(child_id=family.child).exclude(what="observation")
    assert {"task", "concern", "consent", "child", "care"} <= {row.what for row in kept}
    for row in kept:
        with pytest.raises(NotFound):
            operations.block_entry(by=alma, child_id=family.child, entry_id=row.id)


def test_who_would_lose_it_is_told_first_and_is_those_who_can_open_it(clock: Clock) -> None:
    family = Family(birthDate="2011-09-03")
    alma = family.person("alma")

    def preview() -> closing.Closing:
        with open_book(alma, "consent-preview", family.child) as book:
            return closing.one(book, family.child, family.entry)

    assert (preview().readers, preview().glancers, preview().family) == (("Enhed ppr",), (), True)
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    family.says("alma", Yes(level=Level.HEADINGS))
    assert (preview().readers, preview().glancers) == (("Enhed ppr",), ("Enhed bup",))
    operations.block_entry(by=alma, child_id=family.child, entry_id=family.entry)
    assert preview().closed and preview().since == NOON
    assert preview().readers == ("Enhed ppr",), "who will read it again when it is opened"
    with pytest.raises(Refused, match="lukket allerede"):
        operations.block_entry(by=alma, child_id=family.child, entry_id=family.entry)
    operations.unblock_entry(by=alma, child_id=family.child, entry_id=family.entry)
    with pytest.raises(Refused, match="ikke lukket"):
        operations.unblock_entry(by=alma, child_id=family.child, entry_id=family.entry)
    assert not preview().closed and preview().since == NOON


def test_the_list_of_what_can_be_closed_is_the_young_person_s_alone(clock: Clock) -> None:
    family = Family(birthDate="2011-09-03")
    with open_book(family.person("alma"), "consent", family.child) as book:
        assert [one.row.id for one in closing.page(book, family.child, limit=20, offset=0)] == [family.entry]
        assert closing.count(book, family.child) == 1 and closing.closed(book, family.child) == []
    for name in ("mother", "father"):
        with pytest.raises(NotFound), open_book(family.person(name), "consent", family.child) as book:
            closing.page(book, family.child, limit=20, offset=0)
    with pytest.raises(NotFound), open_book(family.professional("kim"), "consent", family.child) as book:
        closing.one(book, family.child, family.entry)


def test_the_day_before_the_fifteenth_birthday_there_is_nothing_to_close(clock: Clock) -> None:
    family = Family(birthDate="2011-11-26")
    with pytest.raises(NotFound), open_book(family.person("alma"), "consent", family.child) as book:
        closing.one(book, family.child, family.entry)
    clock.days_later(1)
    with open_book(family.person("alma"), "consent", family.child) as book:
        assert not closing.one(book, family.child, family.entry).closed


def test_a_question_to_nobody_is_no_question(family: Family) -> None:
    with pytest.raises(Refused):
        operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking(act="findes-ikke"))
    with pytest.raises(NotFound):
        operations.ask(by=family.professional("kim"), child_id=UUID(int=7), wanted=family.asking())


# -- other bases than consent, and what can't be read ------------------------------------------------------------------


def _received(**more: object) -> dict[str, object]:
    """A mother's yes as another system sends it, about something that needs no consent."""
    given = Consent(
        id="samtykke", giver="mor", capacity=Capacity.HOLDER, act="concern-notification", kind=Kind.DISCLOSURE, sharing=operations.Sharing(
        frozenset(((Block.ACTIVITY, Class.ORDINARY),)), Level.CONTENT), status=Status.GIVEN, answered_at=NOON - DAY, valid_from=NOON - DAY,
        valid_to=NOON + 30 * DAY, disclosers=frozenset(("ppr",)), recipient="bup",
    )  # fmt: skip
    return {**consent_resource(given, Asking("alma", "Mor sagde ja", "Underretning")), **more}


def test_where_the_law_needs_no_consent_the_statute_is_named(family: Family) -> None:
    send(_received())
    with open_book(family.professional("kim"), "consent", family.child) as book:
        (question,) = queries.sharings(book, family.child).questions
    assert question.standing.state is State.NOT_REQUIRED
    assert question.standing.basis and question.standing.basis.id
    with pytest.raises(Refused, match="kræver ikke samtykke"):
        operations.ask(
            by=family.professional("kim"), child_id=family.child, wanted=family.asking(act="concern-notification")
        )


def test_a_consent_that_can_t_be_read_is_shown_as_such_and_opens_nothing(family: Family) -> None:
    send(_received(status="inactive"))
    with open_book(family.professional("kim"), "consent", family.child) as book:
        found = queries.sharings(book, family.child)
    assert found.questions == () and [one.title for one in found.unread] == ["Mor sagde ja"]
    assert family.can_read("ida") == "nothing"


def test_a_no_that_can_t_be_read_precisely_stops_it_all_the_same(family: Family) -> None:
    family.are_asked()
    family.says("mother", YES)
    family.says("father", YES)
    assert family.can_read("ida") == "contents"
    act = {"action": [{"coding": [{"system": terms.ACT, "code": "ppr-to-bup"}]}], "dataPeriod": {"start": "2026-01-01"}}
    no = {"status": "rejected", "dateTime": "2026-11-25T12:00:00+01:00"}
    provision = {**_received()["provision"], **act, "type": "deny"}  # type: ignore[dict-item]
    send({**_received(**no), "provision": provision})
    assert family.can_read("ida") == "nothing"
    with open_book(family.professional("kim"), "consent", family.child) as book:
        found = queries.sharings(book, family.child)
    assert [one.title for one in found.unread] == ["Mor sagde ja"], "somebody is still to look at it"
    assert [one.standing.state for one in found.questions] == [State.BLOCKED]


def test_a_yes_by_somebody_who_may_not_give_it_stands_as_a_fact_and_counts_for_nothing(clock: Clock) -> None:
    family = Family(birthDate="2011-09-03")
    send(
        {
            **_received(),
            "provision": {
                **_received()["provision"],
                "action": [{"coding": [{"system": terms.ACT, "code": "ppr-to-bup"}]}],
            },
        }
    )  # type: ignore[dict-item]
    with open_book(family.professional("kim"), "consent", family.child) as book:
        (question,) = queries.sharings(book, family.child).questions
    assert [reply.fault for reply in question.replies] == ["Den unge svarer selv; forældrenes svar tæller ikke."]
    assert family.can_read("ida") == "nothing"


# -- what the law asks for besides an answer ---------------------------------------------------------------------------


def balls() -> list[tuple[str, str | None]]:
    """The tasks there are: title, and the unit that is asked."""
    found = Entry.objects.filter(what="task").order_by("title")
    names = {one.id: one.name.removeprefix("Enhed ") for one in directory.units().values()}
    return [(one.title, names.get(one.offered_id)) for one in found]


def young(clock: Clock, **more: object) -> Family:
    """Alma is 15 and is asked whether BUP may read what PPR has written."""
    family = Family(birthDate="2011-11-25", **more)
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    return family


def test_when_a_young_person_decides_each_holder_is_somebody_s_task(clock: Clock) -> None:
    """Case 4 of law-and-access § 7: COMPLETE, and one INFO task for each holder."""
    family = young(clock)
    assert balls() == []
    family.says("alma", YES)
    assert family.can_read("ida") == "contents"
    expected = [("Giv besked om den unges svar: Jonas", "ppr"), ("Giv besked om den unges svar: Sara", "ppr")]
    assert balls() == expected
    assert {local_day(one.due).isoformat() for one in Entry.objects.filter(what="task")} == {"2026-12-02"}
    clock.at += 1
    family.takes_it_back("alma")  # a no is a decision too
    assert balls() == sorted(2 * expected)


def test_only_the_unit_that_acts_knows_of_the_task(clock: Clock) -> None:
    family = young(clock)
    family.says("alma", YES)
    for name, count in (("kim", 2), ("ida", 0)):
        with open_book(family.professional(name), "timeline", family.child) as book:
            assert len(book.entries(family.child, Filter(what=("task",)))) == count
    for name in ("mother", "father", "alma"):
        with open_book(family.person(name), "timeline", family.child) as book:
            assert book.entries(family.child, Filter(what=("task",))) == []


def test_it_is_the_task_of_a_unit_that_can_read_of_it(clock: Clock) -> None:
    """BUP has no task with the child yet, and could not open its book."""
    family = Family(birthDate="2011-11-25")
    assert not send(_yes_to_assessment(organization=[{"reference": "Organization/ppr"}])).refusals
    assert balls() == [("Giv besked om den unges svar: Jonas", "ppr"), ("Giv besked om den unges svar: Sara", "ppr")]
    assert not send(care("e2", unit_id="bup")).refusals
    assert not send(_yes_to_assessment(id="ja2")).refusals
    assert sorted(unit for _, unit in balls() if unit) == ["bup", "bup", "ppr", "ppr"]
    with open_book(family.professional("ida"), "timeline", family.child) as book:
        assert len(book.entries(family.child, Filter(what=("task",)))) == 2


def _yes_to_assessment(**more: object) -> dict[str, object]:
    yes = Consent(
        id="ja", giver="alma", capacity=Capacity.CHILD, act="bup-assessment", kind=Kind.TREATMENT, sharing=Sharing(
        frozenset(), Level.AT), status=Status.GIVEN, answered_at=NOON, valid_from=NOON, valid_to=NOON + 300 * DAY,
        recipient="bup",
    )  # fmt: skip
    return {**consent_resource(yes, Asking("alma", "Alma sagde ja", "Udredning")), **more}


def test_nobody_is_told_before_the_risk_of_an_honour_conflict_is_assessed(clock: Clock) -> None:
    """Case 17: the parents are not somebody's task then; the risk is."""
    family = young(clock, extension=[honour_conflict()])
    family.says("alma", YES)
    assert balls() == [("Vurder risikoen, før forældrene får besked", "ppr")]


def test_who_is_under_15_or_of_age_makes_no_such_task(clock: Clock) -> None:
    family = Family()
    family.are_asked()
    family.says("mother", YES)
    family.says("father", YES)
    assert balls() == []


@pytest.mark.parametrize("start", ["9999-12-31T23:30:00Z", "0001-01-01T00:00:00Z"])
def test_a_record_from_the_ends_of_the_calendar_is_taken_in(clock: Clock, start: str) -> None:
    Family(birthDate="2011-11-25")
    asked = _yes_to_assessment(id="fjern", status="proposed", dateTime=start)
    asked["provision"] = {**asked["provision"], "type": "deny", "period": {"start": start}}  # type: ignore[dict-item]
    assert not send(asked).refusals
    assert balls() == []


def test_what_is_old_when_it_comes_is_nobody_s_task(clock: Clock) -> None:
    family = young(clock)
    record = Entry.objects.get(what="consent")
    operations.register_paper(
        by=family.professional("kim"), child_id=family.child, ident=record.id, yes=YES, version=record.version,
        paper=Paper(NOON - 60 * DAY, note="Sagt i telefonen."),
    )  # fmt: skip
    assert balls() == []


def test_a_child_who_is_a_party_is_heard_once_for_what_both_parents_are_asked(clock: Clock) -> None:
    family = Family(birthDate="2016-11-25")  # ten today
    nothing = Sharing(frozenset(), Level.CONTENT)
    wanted = family.asking(
        act="support-section-32", disclosers=frozenset(), recipient=family.units["ppr"], sharing=nothing
    )
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=wanted)
    assert balls() == [("Hør barnet. Det er part", "ppr")]


@pytest.mark.parametrize(("born", "count"), [("2016-11-26", 0), ("2016-11-25", 1)])
def test_a_child_who_is_a_party_is_told_of_what_the_municipality_decides(clock: Clock, born: str, count: int) -> None:
    """Case 10 of law-and-access § 7: NOT_REQUIRED(BL97-2), and a party notice from ten."""
    covers: list[Json] = [{"url": "covers", "valueCode": "bup-assessment"}]
    placed = [{"url": "period", "valuePeriod": {"start": "2026-01-01"}}, *covers]
    Family(birthDate=born, extension=[{"url": f"{EXTENSION}placement", "extension": placed}])
    yes = Consent(
        id="afgjort", giver="ppr", capacity=Capacity.AUTHORITY, act="bup-assessment", kind=Kind.TREATMENT, sharing=
        Sharing(frozenset(), Level.AT), status=Status.GIVEN, answered_at=NOON, valid_from=NOON, valid_to=NOON + 300 *
        DAY, recipient="bup",
    )  # fmt: skip
    assert not send(consent_resource(yes, Asking("alma", "Afgjort", "Udredning"))).refusals
    assert balls() == count * [("Hør barnet. Det er part", "ppr")]


def test_a_child_who_is_not_a_party_yet_is_no_task(clock: Clock) -> None:
    family = Family(birthDate="2016-11-26")
    nothing = Sharing(frozenset(), Level.CONTENT)
    wanted = family.asking(
        act="support-section-32", disclosers=frozenset(), recipient=family.units["ppr"], sharing=nothing
    )
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=wanted)
    assert balls() == []


def test_a_child_s_no_is_somebody_s_task(clock: Clock) -> None:
    family = Family()
    family.are_asked()
    no = Consent(
        id="nej", giver="alma", capacity=Capacity.CHILD, act="ppr-to-bup", kind=Kind.DISCLOSURE, sharing=Sharing(ALL,
        Level.CONTENT), status=Status.REFUSED, answered_at=NOON, valid_from=NOON, valid_to=NOON + 300 * DAY,
        disclosers=frozenset(("ppr",)), recipient="bup",
    )  # fmt: skip
    assert not send(consent_resource(no, Asking("alma", "Alma sagde nej", "PPR og psykiatrien"))).refusals
    assert balls() == [("Tal med barnet. Det har sagt nej", "ppr")]


def test_no_parent_is_asked_or_reminded_before_the_risk_of_an_honour_conflict_is_assessed(family: Family) -> None:
    """Case 17: a question to a parent is a notice to them."""
    asked = family.are_asked()
    send(patient(extension=[honour_conflict()]))
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["mother"])
    other = family.asking(act="ppr-to-school", recipient=family.units["skole"])
    for act in (operations.whom, operations.ask):
        with pytest.raises(Refused, match="Risikoen skal vurderes"):
            act(by=family.professional("kim"), child_id=family.child, wanted=other)
    send(patient(extension=[honour_conflict("2026-11-24")]))
    operations.remind(by=family.professional("kim"), child_id=family.child, ident=asked["mother"])
    assert len(operations.ask(by=family.professional("kim"), child_id=family.child, wanted=other)) == 2


@pytest.mark.parametrize(
    ("capacity", "waits"),
    [(one, one not in (Capacity.CHILD, Capacity.AUTHORITY, Capacity.FOSTER_CARER)) for one in Capacity],
)
def test_the_child_an_authority_and_those_with_daily_care_are_asked_all_the_same(
    capacity: Capacity, waits: bool
) -> None:
    facts = Facts(Child("alma", None, suspected_honour_conflict=True), Custody(()))
    with pytest.raises(Refused) if waits else nullcontext():
        operations._must_not_wait((Giver("somebody", capacity),), facts)


def test_a_parent_is_not_told_what_a_young_person_of_fifteen_has_said(clock: Clock) -> None:
    """From 15 it is theirs alone, and so is whether it is shared."""
    family = Family(birthDate="2011-12-01")
    family.are_asked()
    for name in ("mother", "father"):
        family.says(name, YES)
    clock.days_later(10)
    operations.ask(by=family.professional("kim"), child_id=family.child, wanted=family.asking())
    seen = []
    for answer in (None, YES, Yes(until=clock.at + 30 * DAY)):
        clock.at += 1
        family.says("alma", answer)
        with open_book(family.person("mother"), "consent", family.child) as book:
            (question,) = queries.sharings(book, family.child).questions
        seen.append((question, words.on_yes(question, me=True), words.missing(question)))
    assert seen[0] == seen[1] == seen[2]


def test_a_yes_that_was_taken_back_here_stays_so_when_its_source_sends_it_again(family: Family, clock: Clock) -> None:
    def sent(who: str, at: int, **more: object) -> Json:
        consent = Consent(
            f"ja-{who}", who, Capacity.HOLDER, "ppr-to-bup", Kind.DISCLOSURE, Sharing(ALL, Level.CONTENT), Status.GIVEN,
            at, at, NOON + 200 * DAY, frozenset(("ppr",)), "bup",
        )  # fmt: skip
        return {**consent_resource(consent, Asking("alma", "BUP må læse")), **more}

    send(bundle(sent("mor", NOON - DAY), sent("far", NOON - DAY)))
    assert family.can_read("ida") == "contents"
    family.takes_it_back("mother")
    before = Entry.objects.get(id=family.record_of("mother")).version
    found = send(bundle(sent("mor", NOON - DAY, policy=[{"uri": "https://x.example/policy"}])))
    assert (found.stored, found.unchanged) == (0, 1) and "nyere svar" in found.warnings[0]
    assert (family.can_read("ida"), Entry.objects.get(id=family.record_of("mother")).version) == ("nothing", before)
    clock.days_later(1)
    send(bundle(sent("mor", NOON + DAY // 2)))  # and a new yes counts, wherever it was given
    assert family.can_read("ida") == "contents"
