"""Writing a letter, who gets which version of it, sending it, and what stops it on its way."""

import base64
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event as Line
from barnetsbog.delivery import rules
from barnetsbog.delivery.model import Channel, Job
from barnetsbog.delivery.model import State as Sending
from barnetsbog.delivery.worker import SET_ASIDE, tried
from barnetsbog.fhir.own import BASE, EXTENSION, ident_of
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.law.model import Block, Class
from barnetsbog.letters import operations, queries, sending
from barnetsbog.letters.composing import GONE
from barnetsbog.letters.model import Event
from barnetsbog.letters.sending import handlers
from barnetsbog.letters.standing import DEAD, NO_CUSTODY, NOT_SET_UP, PROTECTED_FROM, TOO_MUCH
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import shelf
from barnetsbog.responsibility.queries import balls
from tests.builders import care, patient, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import holder

from .conftest import Json, Writing, numbered

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_the_writers_unit_and_by_nobody_else(writing: Writing) -> None:
    ident = writing.writes("L4", writing.person("Sara"))
    assert writing.page(ident, "bo").draft.template == "L4"
    for other in ("maja", "rita"):
        with pytest.raises(NotFound):
            writing.page(ident, other)
    with open_book(writing.parent("Sara"), "timeline", writing.child) as book:
        assert book.entries(writing.child, Filter(what=("letter-draft", "letter"), on_timeline=False)) == []


def test_nothing_is_sent_while_a_field_is_lacking(writing: Writing) -> None:
    ident = writing.writes("L4", writing.person("Sara"), gjort="")
    assert writing.page(ident).missing == ("Hvad har I gjort",)
    with pytest.raises(Refused, match="Hvad har I gjort"):
        writing.sends(ident)
    assert writing.states(ident) == []


def test_two_who_write_at_once_are_both_kept(writing: Writing) -> None:
    ident = writing.writes("L4", writing.person("Sara"))
    draft = writing.draft("L4", writing.person("Jonas"))
    operations.rewrite(by=writing.scope("bo"), child_id=writing.child, ident=ident, version=1, draft=draft)
    with pytest.raises(Conflict):
        operations.rewrite(by=writing.scope("kim"), child_id=writing.child, ident=ident, version=1, draft=draft)


# -- who gets what -----------------------------------------------------------------------------------------------------


def test_each_receiver_reads_their_own_copy_and_no_other(writing: Writing) -> None:
    ident = writing.sent("L1", writing.person("Sara"), writing.person("Jonas"), writing.unit("skole"))
    assert writing.works() == 3
    assert writing.states(ident) == ["sent"] * 3
    for who in (writing.parent("Sara"), writing.parent("Jonas"), writing.scope("maja")):
        (copy,) = writing.received(who)
        assert "Vi vil gerne holde et møde om Alma Prøvegaard" in copy.text
    mothers, fathers = (writing.received(writing.parent(name))[0].id for name in ("Sara", "Jonas"))
    assert mothers != fathers
    for ident_of_other in (fathers, mothers)[:1]:
        with pytest.raises(NotFound), open_book(writing.parent("Sara"), "letter", writing.child) as book:
            queries.copy(book, writing.child, ident_of_other)
    assert "Kære Sara" in writing.received(writing.parent("Sara"))[0].text
    for other in ("rita", "maja"):  # nor does a unit that reads what stands with the consents
        with open_book(writing.scope(other), "letter", writing.child) as book:
            seen = {row.id for row in book.entries(writing.child, Filter(on_timeline=False))}
        assert not {mothers, fathers} & seen


def test_what_a_unit_got_stands_as_guarded_as_the_most_guarded_thing_in_it(writing: Writing) -> None:
    """PPR's letter is ordinary, and what goes with it is not."""
    social = {"meta": {"security": [{"code": "social"}]}}
    writing.happens({**_report("Far er syg"), **social}, care("c6", unit_id="bup"))
    writing.is_agreed("bup", (Block.CONDITION, Class.SOCIAL), (Block.ACTIVITY, Class.SOCIAL))
    ident = _encloses(writing, writing.unit("bup"), writing.unit("skole"))
    previews = {one.candidate.person.name: one.class_ for one in writing.page(ident).previews}
    assert previews == {"Enhed bup": "F", "Enhed skole": "O"}
    writing.sends(ident)
    assert writing.works() == 2
    assert set(Entry.objects.filter(what="letter-copy").values_list("shelf", flat=True)) == {
        shelf("SA", "F"), shelf("SA", "O")
    }  # fmt: skip


def test_the_letter_stands_in_the_book_and_names_no_receiver(writing: Writing) -> None:
    writing.sent("L1", writing.person("Sara"))
    with open_book(writing.scope("maja"), "timeline", writing.child) as book:
        (row,) = book.entries(writing.child, Filter(what=("letter",)))
        body = book.bodies([row])[row.id]
    assert row.title == "Indkaldelse til netværksmøde"
    assert b"Sara" not in body and b"recipient" not in body


def test_the_childs_own_words_go_to_the_child_alone(writing: Writing) -> None:
    secret = "Jeg vil helst bo hos mormor"
    ident = writing.writes(
        "L2", writing.person("Alma Prøvegaard"), writing.person("Sara"), writing.unit("skole"), ord=secret
    )
    told = {one.candidate.person.name: one for one in writing.page(ident).previews}
    texts = {name: str(one.version) for name, one in told.items()}
    assert secret in texts["Alma Prøvegaard"]
    assert secret not in texts["Sara"] + texts["Enhed skole"]
    writing.sends(ident)
    writing.works()
    assert secret in writing.received(writing.parent("Alma Prøvegaard"))[0].text
    for reader in (writing.scope("maja"), writing.scope("rita"), writing.parent("Sara")):
        with open_book(reader, "timeline", writing.child) as book:
            rows = book.entries(writing.child, Filter(on_timeline=False))
            bodies = book.bodies(rows)
        assert not [one for one in bodies.values() if secret.encode() in one]


def test_whoever_has_no_custody_gets_none_and_the_reason_is_told(writing: Writing) -> None:
    extension = [{"url": f"{EXTENSION}lives-with-child", "valueBoolean": False}]
    father = {**holder("papa", "Poul"), "extension": extension}
    parent = {"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "FTH"}
    writing.happens({**father, "relationship": [{"coding": [parent]}]})
    ident = writing.writes("L4", writing.person("Poul"))
    (preview,) = writing.page(ident).previews
    assert preview.candidate.standing.why == NO_CUSTODY
    with pytest.raises(Refused, match="Poul"):
        writing.sends(ident)


def test_somebody_outside_the_circle_can_not_be_chosen(writing: Writing) -> None:
    ident = writing.writes("L1", writing.person("Otto"))
    assert writing.page(ident).previews[0].candidate.standing.why == GONE


def test_a_unit_that_may_not_read_it_may_not_be_sent_it(writing: Writing) -> None:
    """What the family department writes is social, and the school reads nothing social."""
    ident = writing.writes("L23", writing.unit("skole"), by="rita")
    assert writing.page(ident, "rita").previews[0].candidate.standing.why == TOO_MUCH


def test_whoever_has_notified_is_answered_and_nobody_else_reads_of_it(writing: Writing) -> None:
    """Barnets lov § 136: a professional gets an answer, also one who reads nothing social. The family may not know."""
    writing.sent("L6", writing.unit("skole"), by="rita", gjort="Vi har talt med barnet.")
    assert writing.works() == 1
    (copy,) = writing.received(writing.scope("maja"))
    assert "Tak for jeres underretning" in copy.text
    for who in (writing.scope("kim"), writing.parent("Sara"), writing.parent("Alma Prøvegaard")):
        with open_book(who, "timeline", writing.child) as book:
            rows = book.entries(writing.child, Filter(on_timeline=False))
            assert not [one for one in book.bodies(rows).values() if b"underretning" in one]
            assert "Svar på underretning" not in {row.title for row in rows}
    with open_book(writing.scope("rita"), "timeline", writing.child) as book:
        assert [row.title for row in book.entries(writing.child, Filter(what=("letter",)))] == ["Svar på underretning"]


def test_a_family_s_log_tells_of_a_letter_to_those_who_may_know_that_there_is_one(writing: Writing) -> None:
    def told(name: str) -> set[str]:
        reader = writing.parent(name)
        with open_book(reader, "log-read", writing.child) as book:
            rows = own_log(book, writing.child, since=0).rows
        return {row.action for row in rows if row.action.startswith("letter-")}

    writing.sent("L6", writing.unit("skole"), by="rita", gjort="Vi har talt med barnet.")
    assert writing.works() == 1
    (copy,) = writing.received(writing.scope("maja"))
    operations.opened(by=writing.scope("maja"), child_id=writing.child, ident=copy.id)
    assert Line.objects.filter(action="letter-send").exists() and Line.objects.filter(action="letter-opened").exists()
    assert told("Sara") == told("Alma Prøvegaard") == set()
    writing.sent("L4", writing.person("Sara"))
    assert writing.works() == 1
    assert told("Sara") >= {"letter-send", "letter-deliver"}


def test_a_unit_whose_task_the_writer_may_not_see_is_as_one_that_is_not_there(writing: Writing) -> None:
    """What LTT does is health, which PPR does not see."""
    hidden, nowhere = writing.writes("L23", writing.unit("ltt")), writing.writes("L23", writing.unit("bup"))
    assert writing.page(hidden).previews[0].candidate.standing == writing.page(nowhere).previews[0].candidate.standing


def test_where_the_address_is_protected_nobody_learns_where(protected: Writing) -> None:
    place = "Store Mødelokale"
    ident = protected.writes("L1", protected.person("Jonas"), protected.person("Sara"), protected.unit("skole"))
    told = {one.candidate.person.name: one for one in protected.page(ident).previews}
    assert told["Jonas"].candidate.standing.why == PROTECTED_FROM
    assert place in str(told["Sara"].version)
    assert place in str(told["Enhed skole"].version)


def test_an_uncleared_unit_gets_a_version_without_places_and_names(protected: Writing) -> None:
    placed = {"url": f"{EXTENSION}placement", "extension": [{"url": "period", "valuePeriod": {"start": "2026-01-01"}}]}
    secret = {"url": f"{EXTENSION}protected-address", "valueBoolean": True}
    task = {"system": f"{BASE}/CodeSystem/care-task", "code": "placement"}
    home = {**care("c5", unit_id="hjem"), "type": [{"coding": [task], "text": "Døgnophold"}]}
    protected.happens(unit("hjem", "other"), patient(extension=[placed, secret]), home)
    ident = protected.writes("L1", protected.unit("hjem"), by="rita", punkter="Enhed skole ringer\nKim Demosen er med")
    (preview,) = protected.page(ident, "rita").previews
    said = str(preview.version)
    assert "En skole eller et dagtilbud ringer" in said and "En fagperson er med" in said
    assert not [
        name for name in ("Enhed skole", "Kim Demosen", "Enhed fam", "Rita", "Store Mødelokale") if name in said
    ]
    assert preview.left_out


def test_an_instance_that_sends_no_digital_post_prints_and_says_why(writing: Writing, settings: Any) -> None:
    settings.DIGITAL_POST = None
    ident = writing.sent("L4", writing.person("Sara"), channel=Channel.PRINT)
    (preview,) = writing.page(ident).previews
    assert Channel.DIGITAL_POST not in preview.candidate.channels and preview.candidate.hint == NOT_SET_UP
    with pytest.raises(Refused, match="ikke sat op"):
        writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST)


# -- sending -----------------------------------------------------------------------------------------------------------


def test_what_is_seen_as_a_pdf_before_it_is_sent_is_what_is_sent_byte_for_byte(writing: Writing) -> None:
    mother = writing.person("Sara")
    ident = writing.writes("L4", mother, writing.person("Alma Prøvegaard"), channel=Channel.PRINT)
    with open_book(writing.scope("kim"), "letter-preview", writing.child) as book:
        seen = queries.preview_file(book, writing.child, ident, ident_of(mother) or ident)
    assert not list(writing.folder.rglob("*.pdf"))
    writing.sends(ident)
    writing.works()
    assert [one for one in writing.files("udskrift") if one.read_bytes() == seen.content]


def test_there_is_no_pdf_for_whoever_gets_no_letter_and_none_for_others_to_see(writing: Writing) -> None:
    ident = writing.writes("L4", writing.person("Sara"), writing.person("Otto"))
    for who, to in (("kim", "Otto"), ("kim", "Jonas"), ("maja", "Sara"), ("rita", "Sara")):
        with pytest.raises(NotFound), open_book(writing.scope(who), "letter-preview", writing.child) as book:
            queries.preview_file(book, writing.child, ident, ident_of(writing.person(to)) or ident)
    writing.clock.later(1)
    operations.drop(by=writing.scope("kim"), child_id=writing.child, ident=ident, version=1)
    with pytest.raises(NotFound), open_book(writing.scope("kim"), "letter-preview", writing.child) as book:
        queries.preview_file(book, writing.child, ident, ident_of(writing.person("Sara")) or ident)


def test_a_copy_is_read_with_its_headings_and_lists_as_it_was_looked_through(writing: Writing) -> None:
    ident = writing.writes("L2", writing.person("Sara"))
    (preview,) = writing.page(ident).previews
    writing.sends(ident)
    writing.works()
    (copy,) = writing.received(writing.parent("Sara"))
    assert preview.version
    assert [(one.kind, one.lines, one.head, one.rows) for one in copy.blocks] == [
        (one.kind, one.lines, one.head, one.rows) for one in preview.version.blocks
    ]
    assert {"heading", "table"} <= {one.kind.value for one in copy.blocks}


def test_the_pdf_of_a_copy_says_what_the_letter_says(writing: Writing) -> None:
    writing.sent("L4", writing.person("Sara"))
    writing.works()
    mother = writing.parent("Sara")
    (copy,) = writing.received(mother)
    with open_book(mother, "letter-pdf", writing.child) as book:
        file = queries.file(book, writing.child, copy.id, 0)
    told = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    for line in copy.text.splitlines():
        assert " ".join(line.lstrip("- ").split()) in " ".join(told.split()).replace("• ", "")


def _report(words: str) -> Json:
    """PPR's report about Alma: it stands with the conditions, and is no activity."""
    attachment = {"contentType": "text/plain", "data": base64.b64encode(words.encode()).decode()}
    return {
        "resourceType": "DocumentReference", "id": "vurdering", "status": "current", "type": {"text": "Vurdering"},
        "subject": {"reference": "Patient/alma"}, "date": "2026-11-20T10:00:00+01:00",
        "author": [{"reference": "PractitionerRole/kim"}], "description": "PPR's vurdering",
        "content": [{"attachment": attachment}],
    }  # fmt: skip


def _encloses(writing: Writing, *to: str) -> UUID:
    """A letter with the report, which is in the book already."""
    writing.clock.later(1)
    draft = writing.draft("L1", *to)
    enclosed = (Entry.objects.get(kind="DocumentReference").id,)
    return operations.write_draft(
        by=writing.scope("kim"), child_id=writing.child, draft=replace(draft, enclosures=enclosed)
    )


def test_what_goes_with_a_letter_goes_to_those_who_may_read_it_where_it_stands(writing: Writing) -> None:
    """Both parents have let BUP know of PPR's activities, and not of what is hard for her."""
    writing.happens(_report("Alma har en angst"), care("c6", unit_id="bup"))
    writing.is_agreed("bup")
    ident = _encloses(writing, writing.unit("bup"), writing.unit("skole"), writing.person("Sara"))
    got = {one.candidate.person.name: (bool(one.files), one.left_out) for one in writing.page(ident).previews}
    assert got == {"Enhed bup": (False, True), "Enhed skole": (False, True), "Sara": (True, False)}


def test_an_enclosure_that_is_another_than_was_approved_is_not_sent(writing: Writing) -> None:
    writing.happens(_report("Første udgave"))
    ident = _encloses(writing, writing.person("Sara"))
    writing.sends(ident)
    writing.clock.later(1)
    writing.happens(_report("Anden udgave, som ingen har set"))
    assert writing.works() == 1 and writing.states(ident) == ["stopped"] and len(writing.balls()) == 1
    assert writing.received(writing.parent("Sara")) == []


def test_a_letter_goes_to_where_somebody_lives_now_and_by_the_number_they_have_now(writing: Writing) -> None:
    mother = next(one for one in writing.parents if one["id"] == "mor")
    old = {"use": "old", "line": ["Hos ham 1"], "postalCode": "8000", "city": "Aarhus C"}
    ended = {"line": ["Krisecentret"], "period": {"end": "2026-06-01"}}
    now = {"use": "home", "line": ["Nygade 2"], "postalCode": "9000", "city": "Aalborg"}
    number, before = mother["identifier"][0], {**mother["identifier"][0], "use": "old", "value": "0909909999"}
    writing.happens({**mother, "address": [old, ended, now], "identifier": [before, number]})
    (preview,) = writing.page(writing.writes("L4", writing.person("Sara"), channel=Channel.PRINT)).previews
    assert preview.version and preview.version.to == ("Sara", "Nygade 2", "9000 Aalborg")
    assert preview.candidate.person.number == number["value"]


def test_a_version_that_is_not_the_one_approved_is_not_sent(writing: Writing) -> None:
    ident = writing.writes("L4", writing.person("Sara"))
    with pytest.raises(Conflict):
        operations.send(
            by=writing.scope("kim"), child_id=writing.child, ident=ident, version=1, approved={writing.person("Sara"): "0" * 64},
        )  # fmt: skip
    assert writing.states(ident) == []


def test_custody_that_ends_while_it_waits_stops_it(writing: Writing) -> None:
    ident = writing.sent("L4", writing.person("Jonas"), writing.person("Sara"))
    ended = holder("far", "Jonas", at_home=False)
    ended["extension"][0]["extension"][1]["valuePeriod"]["end"] = "2026-11-20"
    writing.happens(numbered(ended, "0202809902"))
    writing.works()
    assert sorted(writing.states(ident)) == ["sent", "stopped"]
    assert [one.why for one in writing.page(ident).progress if one.state == "stopped"] == [NO_CUSTODY]
    assert writing.balls() == ["Brevet kunne ikke sendes"]


def test_of_letters_that_are_sent_together_one_that_may_not_go_keeps_no_other_back(writing: Writing) -> None:
    stopped = writing.sent("L4", writing.person("Jonas"), channel=Channel.DIGITAL_POST)
    others = [writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST) for _ in range(3)]
    ended = holder("far", "Jonas", at_home=False)
    ended["extension"][0]["extension"][1]["valuePeriod"]["end"] = "2026-11-20"
    writing.happens(numbered(ended, "0202809902"))
    assert writing.works() == 4
    assert writing.states(stopped) == ["stopped"] and [writing.states(one) for one in others] == [["sent"]] * 3
    assert len(writing.files("digital-post")) == 3
    assert Entry.objects.filter(what="letter-copy").count() == 3


def test_letters_that_are_sent_together_are_in_the_log_each_and_a_folder_that_is_away_loses_none(
    writing: Writing,
) -> None:
    sent = [writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST) for _ in range(2)]
    (writing.folder / "digital-post").write_text("no folder")
    writing.works()
    assert [writing.states(one) for one in sent] == [["waiting"]] * 2
    assert not Line.objects.filter(action="letter-deliver").exists()
    (writing.folder / "digital-post").unlink()
    writing.clock.later(3600)
    writing.works()
    assert [writing.states(one) for one in sent] == [["sent"]] * 2
    assert Line.objects.filter(action="letter-deliver", allowed=True).count() == 2


def test_whoever_dies_while_it_waits_gets_no_letter_and_nobody_is_said_to_have_got_one(writing: Writing) -> None:
    ident = writing.sent("L4", writing.person("Sara"))
    dead = holder("mor", "Sara")
    dead["extension"].append({"url": f"{EXTENSION}deceased", "valueDateTime": "2026-11-24"})
    writing.happens(numbered(dead, "0101809901"))
    writing.works()
    assert writing.page(ident).progress[0].why == DEAD
    assert Entry.objects.get(what="letter").title == "Ikke sendt: Tilbagemelding fra PPR"
    assert not Entry.objects.filter(what="letter-copy").exists()


def test_an_address_that_becomes_protected_while_it_waits_stops_it(writing: Writing) -> None:
    ident = writing.sent("L4", writing.person("Jonas"))
    secret = {"url": f"{EXTENSION}protected-address", "valueBoolean": True}
    writing.happens(patient(extension=[secret]))
    writing.works()
    assert writing.page(ident).progress[0].why == PROTECTED_FROM


def test_a_unit_whose_task_ends_while_it_waits_gets_none(writing: Writing) -> None:
    ident = writing.sent("L1", writing.unit("skole"))
    writing.happens(care("c2", unit_id="skole", end="2026-11-20"))
    writing.works()
    assert writing.states(ident) == ["stopped"]


def test_a_consent_that_is_withdrawn_while_it_waits_stops_it_and_what_was_received_stays(writing: Writing) -> None:
    """Acceptance case 8."""
    bup = writing.unit("bup")
    records = writing.is_agreed("bup")
    first = writing.sent("L1", bup)
    writing.works()
    assert writing.states(first) == ["sent"]
    second = writing.sent("L28", bup)
    writing.takes_back("Jonas", records)
    writing.works()
    assert writing.states(second) == ["stopped"]
    assert writing.page(second).progress[0].why == TOO_MUCH
    assert Entry.objects.filter(what="letter-copy").count() == 1
    assert writing.page(first).progress[0].copy is not None


def test_a_letter_is_taken_back_while_it_waits_and_not_later(writing: Writing) -> None:
    ident = writing.sent("L4", writing.person("Sara"), writing.person("Jonas"))
    kim, mother, father = writing.scope("kim"), writing.person("Sara"), writing.person("Jonas")
    operations.withdraw(by=kim, child_id=writing.child, ident=ident, to=mother)
    writing.works()
    assert sorted(writing.states(ident)) == ["sent", "withdrawn"]
    assert writing.received(writing.parent("Sara")) == []
    with pytest.raises(Refused, match="er sendt"):
        operations.withdraw(by=kim, child_id=writing.child, ident=ident, to=father)


def test_nothing_is_sent_twice_however_often_the_worker_looks(writing: Writing) -> None:
    ident = writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST)
    writing.works()
    before = writing.files("digital-post")[0].stat().st_mtime_ns
    job = sending.queue.of_subject(writing.child, ident)[0]
    sending.carry_out([replace_job(job)])
    assert writing.works() == 0
    assert [one.stat().st_mtime_ns for one in writing.files("digital-post")] == [before]
    assert Entry.objects.filter(what="letter-copy").count() == 1


def replace_job(job: sending.Job) -> sending.Job:
    """The job as a worker has it that was slow and does not know that another was faster."""
    return job._replace(state=sending.State.WAITING, attempts=1)


# -- what becomes of it ------------------------------------------------------------------------------------------------


def test_a_receipt_is_kept_once(writing: Writing) -> None:
    ident = writing.sent("L4", writing.person("Sara"))
    writing.works()
    mother = writing.parent("Sara")
    (copy,) = writing.received(mother)
    for _ in range(2):
        writing.clock.later(60)
        operations.opened(by=writing.parent("Sara"), child_id=writing.child, ident=copy.id)
    (progress,) = writing.page(ident).progress
    assert [one.event for one in progress.receipts] == [Event.DELIVERED, Event.READ]
    with pytest.raises(NotFound):
        operations.opened(by=writing.scope("kim"), child_id=writing.child, ident=copy.id)


def test_a_printed_letter_waits_until_somebody_of_the_unit_has_posted_it(writing: Writing) -> None:
    writing.sent("L4", writing.person("Sara"), channel=Channel.PRINT)
    writing.works()
    assert len(writing.files("udskrift")) == 1
    for name, many in (("bo", 1), ("maja", 0), ("rita", 0)):
        with open_book(writing.scope(name), "letter-queue") as book:
            assert len(queries.to_print(book)) == many, name
    with open_book(writing.scope("bo"), "letter-queue") as book:
        (copy,) = queries.to_print(book)
    assert (copy.to, copy.child) == ("Sara", "Alma Prøvegaard")
    with pytest.raises(NotFound):
        operations.posted(by=writing.scope("rita"), child_id=writing.child, ident=copy.id)
    operations.posted(by=writing.scope("bo"), child_id=writing.child, ident=copy.id)
    with open_book(writing.scope("bo"), "letter-queue") as book:
        assert queries.to_print(book) == []


def test_a_folder_that_can_not_be_written_is_tried_again_and_then_the_leader_has_the_ball(writing: Writing) -> None:
    (writing.folder / "digital-post").write_text("in the way")
    ident = writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST)
    for attempt in range(8):
        assert writing.states(ident) == ["waiting"], attempt
        assert writing.works() == 1
        writing.clock.later(6 * 3600)
    assert writing.states(ident) == ["dead"]
    assert writing.balls() == ["Brevet kunne ikke sendes"]
    assert Entry.objects.get(title="Brevet kunne ikke sendes").holder_id in (None, writing.scope("bo").role_id)
    (writing.folder / "digital-post").unlink()
    assert writing.works() == 0


def test_what_was_taken_back_while_it_was_tried_is_told_to_nobody(writing: Writing) -> None:
    ident = writing.sent("L1", writing.person("Sara"), channel=Channel.PRINT)
    (job,) = sending.queue.of_subject(writing.child, ident)
    operations.withdraw(by=writing.scope("kim"), child_id=writing.child, ident=ident, to=job.to)
    tried(handlers()["letter"], job._replace(attempts=8), "fuld")
    assert writing.states(ident) == ["withdrawn"] and not writing.balls()


def test_a_letter_is_not_given_up_before_somebody_is_told(writing: Writing) -> None:
    """The worker is killed, or can't tell, just when it was tried for the last time."""

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    ident = writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST)
    (job,) = sending.queue.of_subject(writing.child, ident)
    with pytest.raises(KeyboardInterrupt):
        tried(handlers()["letter"]._replace(buried=killed), job._replace(attempts=8), "fuld")
    assert writing.states(ident) == ["waiting"] and not writing.balls()
    tried(handlers()["letter"], job._replace(attempts=9), "fuld")
    assert writing.states(ident) == ["dead"] and writing.balls()


@pytest.mark.parametrize("dead", [False, True])  # stopped when it was to be sent, or given up after the last try
def test_when_whoever_sent_it_has_left_the_unit_has_the_ball_and_nobody_is_said_to_have_got_it(
    writing: Writing, dead: bool
) -> None:
    ident = writing.sent("L4", writing.person("Sara"), channel=Channel.DIGITAL_POST)
    (job,) = sending.queue.of_subject(writing.child, ident)
    if dead:
        assert sending.queue.failed(job._replace(attempts=8), writing.clock.at, "fuld") is Sending.DEAD
    _leaves(writing, "kim")
    sending.buried(job) if dead else writing.works()
    assert writing.states(ident) == (["dead"] if dead else ["stopped"])
    with open_book(writing.scope("bo"), "ball", writing.child) as book:
        (ball,) = [one for one in balls(book, writing.child) if one.title == sending.BALL]
    assert ball.offered_to and ball.offered_to.name == "Enhed ppr" and ball.mine is False
    letter = Entry.objects.get(what="letter")
    assert letter.title.startswith("Ikke sendt: ") and letter.status == "stopped"
    page = writing.page(ident, "bo")
    assert page.progress[0].state == writing.states(ident)[0]


def test_a_unit_without_a_task_any_more_is_given_no_ball_and_the_letter_is_told_as_it_is(writing: Writing) -> None:
    writing.sent("L4", writing.person("Sara"))
    writing.happens(care(end="2026-11-25"))
    _leaves(writing, "kim")
    writing.clock.days_later(1)
    writing.works()
    assert writing.balls() == [] and Entry.objects.get(what="letter").title.startswith("Ikke sendt: ")


def _leaves(writing: Writing, name: str) -> None:
    assert not send(role(name)[1] | {"active": False}).refusals


def test_two_workers_at_once_send_it_once(writing: Writing) -> None:
    """The claim is one's, so the other finds nothing."""
    writing.sent("L4", writing.person("Sara"))
    first = sending.queue.claim([operations.KIND], writing.clock.at)
    assert len(first) == 1
    assert sending.queue.claim([operations.KIND], writing.clock.at) == []
    writing.clock.later(301)  # nothing was heard of it: another's, by itself
    assert sending.queue.claim([operations.KIND], writing.clock.at) == []
    assert [one.begun for one in sending.queue.claim_ended([operations.KIND], writing.clock.at)] == [2]
    assert sending.queue.claim_ended([operations.KIND], writing.clock.at) == []


def test_a_letter_that_ends_its_worker_keeps_no_others_back_and_is_set_aside(
    writing: Writing, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed each time, without a word: after some of them nobody begins it any more, and somebody is told."""
    bad, *good = [writing.sent("L4", writing.person(name)) for name in ("Sara", "Jonas", "Sara")]
    ready = sending._ready

    def kills(jobs: Sequence[Job], by: Scope) -> Any:
        if bad in {one.subject for one in jobs}:
            raise KeyboardInterrupt
        return ready(jobs, by)

    monkeypatch.setattr(sending, "_ready", kills)
    ends = 0
    for _ in range(8):
        writing.clock.later(301)
        try:
            while writing.works():
                pass
        except KeyboardInterrupt:
            ends += 1
    assert ends == rules.ENDED
    assert [writing.states(one) for one in (bad, *good)] == [["dead"], ["sent"], ["sent"]]
    assert len(writing.balls()) == 1 and "is set aside" in caplog.text
    (aside,) = sending.queue.ended(0)
    assert (aside.subject, aside.why) == (bad, SET_ASIDE)
