"""Messages between the family and a unit: who reads them, what they set off, and that nobody else has a trace."""

import pytest

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.intake.model import Report
from barnetsbog.intake.writing import body_of
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.messages import operations
from barnetsbog.portal.content import lines
from barnetsbog.record.models import Entry
from barnetsbog.record.objections import objections_of
from barnetsbog.responsibility.model import Move, NewBall
from barnetsbog.responsibility.operations import move, open_ball
from barnetsbog.responsibility.rules import Wish
from tests.builders import bundle, honour_conflict, observation, patient, role, send
from tests.conftest import BOTH_DATABASES
from tests.integration.messages.conftest import FAMILY, Talking

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

READ, NOW = "Læs en besked fra familien", "Læs beskeden nu. Nogen kan være i fare"


def test_a_mother_writes_to_kim_and_only_the_two_of_them_have_a_trace(talk: Talking) -> None:
    talk.writes("Sara", "Jonas kommer ikke til mødet.")
    assert talk.texts("Sara") == talk.texts("kim") == talk.texts("bo") == ["Jonas kommer ikke til mødet."]
    for other in ("Jonas", "Alma Prøvegaard", "maja", "rita"):
        assert not talk.threads(other) and (READ, False) not in talk.balls(other)


def test_who_leads_sees_that_there_is_one_and_not_what_it_says(talk: Talking) -> None:
    talk.writes("Sara")
    assert talk.threads("hanne") == [] and (READ, False) in talk.balls("hanne")


def test_it_is_a_ball_of_the_unit_until_somebody_answers(talk: Talking) -> None:
    sent = talk.writes("Sara")
    assert talk.balls("kim") == [(READ, False)]
    talk.writes("bo", "Ja, vi flytter det til torsdag.", thread=sent.thread)
    assert talk.balls("kim") == [] and talk.texts("Sara") == ["Kan vi flytte mødet?", "Ja, vi flytter det til torsdag."]
    (thread,) = talk.threads("Sara")
    assert thread.waits and thread.other and thread.other.name.startswith("Bo")


def test_what_needs_no_answer_is_ended_by_saying_that_it_is_read(talk: Talking) -> None:
    sent = talk.writes("Sara")
    operations.read_only(by=talk.who("kim"), child_id=talk.child, thread=sent.thread)
    assert talk.balls("kim") == [] and len(talk.texts("Sara")) == 1


def test_it_is_read_once_and_by_its_receiver(talk: Talking) -> None:
    sent = talk.writes("Sara")
    talk.reads("Sara", sent.thread)
    assert talk.threads("Sara")[0].messages[0].sent.seen_at is None
    talk.reads("kim", sent.thread)
    first = talk.threads("Sara")[0].messages[0]
    talk.reads("bo", sent.thread)
    assert first.seen_by and first.seen_by.name.startswith("Kim") and first == talk.threads("Sara")[0].messages[0]


def test_a_message_that_tells_of_danger_is_the_most_important_thing_and_reaches_the_leader(talk: Talking) -> None:
    sent = talk.writes("Alma Prøvegaard", "Far slår mig")
    assert sent.danger and talk.balls("kim") == [(NOW, True)] and talk.balls("hanne") == [(NOW, True)]
    assert Entry.objects.get(what="task", title=NOW).due == sent.at + 3600 * 1_000_000


def test_a_child_chooses_whether_those_who_hold_custody_read_along(talk: Talking) -> None:
    talk.writes("Alma Prøvegaard", "Det her er kun til Kim.")
    talk.writes("Alma Prøvegaard", "Det her må mor og far også læse.", holders=True)
    for parent in ("Sara", "Jonas"):
        assert talk.texts(parent) == ["Det her må mor og far også læse."]
    assert len(talk.texts("Alma Prøvegaard")) == 2 == len(talk.texts("kim"))


def test_only_those_it_lives_with_read_along_where_its_address_is_protected(talk: Talking) -> None:
    """What a child writes can tell where it is, and it does not know what is protected from whom."""
    talk.happens(patient(extension=[{"url": f"{EXTENSION}protected-address", "valueBoolean": True}]))
    talk.writes("Alma Prøvegaard", "Jeg er glad for min nye skole.", holders=True)
    assert talk.texts("Sara") == ["Jeg er glad for min nye skole."] and talk.texts("Jonas") == []


def test_nobody_reads_along_with_somebody_grown_up(talk: Talking) -> None:
    talk.happens(patient(birthDate="2008-11-01"))
    assert talk.writes("Alma Prøvegaard", holders=True).also == ()


def test_reading_along_is_not_being_asked(talk: Talking) -> None:
    sent = talk.writes("Alma Prøvegaard", holders=True)
    assert not talk.threads("Sara")[0].waits
    talk.reads("Sara", sent.thread)
    assert talk.threads("kim")[0].messages[0].sent.seen_at is None


def test_what_a_parent_writes_who_reads_along_is_a_conversation_of_their_own(talk: Talking) -> None:
    # Given that a child lets its parents read along, and its mother writes there
    child = talk.writes("Alma Prøvegaard", holders=True)
    (along,) = talk.threads("Sara")
    hers = talk.writes("Sara", "Hun er ked af det.", thread=child.thread)
    assert along.along and hers.thread == hers.id
    # Then what Kim answers her is hers, and the child is still to be answered
    talk.writes("kim", "Tak.", thread=hers.thread)
    assert talk.balls("kim") == [(READ, False)] and talk.texts("Alma Prøvegaard") == ["Kan vi flytte mødet?"]
    # And what Kim answers the child is the child's
    talk.writes("kim", "Kom bare.", thread=child.thread)
    assert talk.texts("Alma Prøvegaard") == ["Kan vi flytte mødet?", "Kom bare."]
    assert "Kom bare." not in talk.texts("Sara") and talk.balls("kim") == []


def test_a_professional_writes_to_the_child_and_no_parent_has_a_trace(talk: Talking) -> None:
    talk.writes("kim", "Hej Alma. Skal vi ses?", to=talk.person("Alma Prøvegaard"))
    assert talk.texts("Alma Prøvegaard") == ["Hej Alma. Skal vi ses?"] and not talk.texts("Sara") + talk.texts("maja")


def test_the_log_of_each_tells_of_their_own_messages_alone(talk: Talking) -> None:
    sent = talk.writes("Sara")
    talk.reads("kim", sent.thread)
    told = {name: _told(talk, name) for name in FAMILY}
    assert {"message-write", "message-seen"} <= set(told["Sara"])
    assert not [one for name in ("Jonas", "Alma Prøvegaard") for one in told[name] if one.startswith("message")]


def test_that_somebody_takes_what_a_child_has_written_is_told_to_no_parent(talk: Talking) -> None:
    before = {name: _told(talk, name) for name in FAMILY}
    talk.writes("Alma Prøvegaard", "Far slår mig")
    ball = Entry.objects.get(what="task", title=NOW)
    wish = Wish(Move.ACCEPT)
    move(by=talk.who("kim"), child_id=talk.child, ident=ball.id, version=ball.version, wish=wish)
    assert _told(talk, "Sara").count("ball-move") == before["Sara"].count("ball-move")
    assert _told(talk, "Jonas").count("ball-move") == before["Jonas"].count("ball-move")


def test_that_somebody_takes_what_the_reader_sees_is_told(talk: Talking) -> None:
    wanted = NewBall("Ring til skolen", to=talk.job("bo"))
    ball = Entry.objects.get(id=open_ball(by=talk.who("bo"), child_id=talk.child, wanted=wanted))
    move(by=talk.who("bo"), child_id=talk.child, ident=ball.id, version=ball.version, wish=Wish(Move.FINISH))
    assert "ball-move" in _told(talk, "Sara")


def _told(talk: Talking, name: str) -> list[str]:
    with open_book(talk.who(name), "log-read", talk.child) as book:
        return [row.action for row in own_log(book, talk.child, since=0).rows]


@pytest.mark.parametrize("to", ["", "PractitionerRole/nobody", "RelatedPerson/x"])
def test_a_reader_who_is_not_there_is_refused_and_nothing_is_stored(talk: Talking, to: str) -> None:
    with pytest.raises(Refused, match="Vælg, hvem"):
        operations.send(by=talk.who("Sara"), child_id=talk.child, wanted=operations.Wanted("Hej", to))
    assert not Entry.objects.filter(what="dialogue").exists()


def test_somebody_else_s_conversation_can_t_be_continued(talk: Talking) -> None:
    sent = talk.writes("Sara")
    for other in ("Jonas", "maja", "ida"):
        with pytest.raises(NotFound):
            talk.writes(other, thread=sent.thread)


def test_the_words_are_kept_letter_by_letter(talk: Talking) -> None:
    words = "  »Jeg« vil\n\n\tgerne   spørge: æøå \U0001f600 {{ x }} <b>  "
    talk.writes("Alma Prøvegaard", words)
    assert talk.texts("kim") == [words]


def test_rights_derived_anew_are_the_same(talk: Talking) -> None:
    talk.writes("Sara")
    talk.writes("Alma Prøvegaard", holders=True)
    talk.writes("kim", "Hej", to=talk.person("Alma Prøvegaard"))
    found = differing(talk.child)
    assert not found.given and not found.ended


# -- something is wrong ------------------------------------------------------------------------------------------------


def test_a_mother_says_what_is_wrong_and_those_who_wrote_it_hear_of_it(talk: Talking) -> None:
    entry = Entry.objects.get(what="observation")
    sent = talk.writes("Sara", "Det var ikke mandag.", about=entry.id)
    assert sent.to == talk.unit("ppr") and talk.balls("kim") == [(READ, False)]
    assert talk.threads("kim")[0].about == f"Observation/{entry.id}"
    assert Entry.objects.get(id=entry.id).version == 1


def test_an_objection_stands_beside_what_it_is_about_in_the_familys_own_words(talk: Talking) -> None:
    entry = Entry.objects.get(what="observation")
    sent = talk.writes("Sara", "Det var ikke mandag. »Det« var onsdag.", about=entry.id)
    with pytest.raises(NotFound):  # another unit, also of one that reads the entry
        operations.note_objection(by=talk.who("rita"), child_id=talk.child, thread=sent.thread)
    for _ in range(2):  # pressed twice, written once
        talk.clock.later(1)
        operations.note_objection(by=talk.who("kim"), child_id=talk.child, thread=sent.thread)
    assert objections_of(body_of(talk.child, entry.id)) == ("Det var ikke mandag. »Det« var onsdag.",)
    assert Entry.objects.get(id=entry.id).version == 2


def test_what_one_of_the_family_objects_to_does_not_take_the_words_of_another_away(talk: Talking) -> None:
    entry = Entry.objects.get(what="observation")
    for name, words in (("Sara", "Det var onsdag."), ("Jonas", "Det var torsdag.")):
        sent = talk.writes(name, words, about=entry.id)
        talk.clock.later(1)
        operations.note_objection(by=talk.who("kim"), child_id=talk.child, thread=sent.thread)
    body = body_of(talk.child, entry.id)
    assert objections_of(body) == ("Det var onsdag.", "Det var torsdag.")
    assert [one.text for one in lines(body, {}) if one.quote][-2:] == ["Det var onsdag.", "Det var torsdag."]


def test_a_source_that_sends_its_entry_again_takes_no_objection_away(talk: Talking) -> None:
    entry = Entry.objects.get(what="observation")
    sent = talk.writes("Sara", "Det var onsdag.", about=entry.id)
    operations.note_objection(by=talk.who("kim"), child_id=talk.child, thread=sent.thread)

    def sends(**more: object) -> Report:
        talk.clock.later(1)
        return send(bundle(patient(), *role("kim"), observation(**more)))

    assert not sends().stored
    assert sends(note=[{"text": "Set igen."}]).stored == 1
    body = body_of(talk.child, entry.id)
    assert (objections_of(body), body["note"]) == (("Det var onsdag.",), [{"text": "Set igen."}])
    assert not sends(note=[{"text": "Set igen."}]).stored


def test_what_somebody_may_not_read_they_can_t_say_is_wrong(talk: Talking) -> None:
    hidden = Entry.objects.get(what="person", title="Jonas")
    with pytest.raises(NotFound):
        talk.writes("Sara", about=hidden.id)


def test_no_unit_writes_to_a_parent_before_the_risk_of_an_honour_conflict_is_assessed(talk: Talking) -> None:
    thread = talk.writes("Sara").thread
    send(patient(extension=[honour_conflict()]))
    with pytest.raises(Refused, match="Risikoen skal vurderes"):
        talk.writes("kim", "Ja, det kan vi.", thread=thread)
    talk.writes("Sara", "Hører jeg fra jer?", thread=thread)
    send(patient(extension=[honour_conflict("2026-11-24")]))
    talk.writes("kim", "Ja, det kan vi.", thread=thread)
