"""Two books become one, and two again."""

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from barnetsbog.access.gathering import consenting, facts_of
from barnetsbog.access.models import BreakGlass
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.audit.operations import note
from barnetsbog.audit.queries import about
from barnetsbog.audit.verifying import verify
from barnetsbog.delivery.models import Outbox
from barnetsbog.directory.queries import child_by_number, children
from barnetsbog.directory.queries import children as named
from barnetsbog.fhir import references
from barnetsbog.intake.exporting import export_child, find_child
from barnetsbog.intake.writing import author_of, body_of, patient_of, write
from barnetsbog.joining import operations, queries
from barnetsbog.joining.coordinators import APART, JOINED
from barnetsbog.joining.model import Opening, Sort, State
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.models import Entry, Former, Grant, JoinedBook, MovedEntry, Version
from barnetsbog.record.scope import LoginLevel
from barnetsbog.responsibility.model import NewBall
from barnetsbog.responsibility.operations import open_ball
from barnetsbog.responsibility.queries import balls
from barnetsbog.subscriptions.models import Happening
from tests.builders import CPR, bundle, care, observation, patient, send
from tests.conftest import BOTH_DATABASES

from .conftest import FATHER, MOTHER, SUBSTITUTE, WHY, Books, relative, story, team
from .conftest import folder as folder

pytestmark = BOTH_DATABASES
NUMBERS = frozenset(("version", "recorded_at"))
HIGH = LoginLevel.HIGH


def test_joined_and_taken_apart_everything_stands_as_it_did(books: Books) -> None:
    rows, grants = books.entries(), books.grants()
    exports = [books.exported(child) for child in (books.kept, books.other)]
    ident = books.join()
    assert not Entry.objects.filter(child_id=books.other).exists()
    books.part(ident)
    assert books.grants() == grants
    assert [books.exported(child) for child in (books.kept, books.other)] == exports
    changed = [ident for ident, row in books.entries().items() if row != rows[ident]]
    assert changed == [books.id("alma")]  # it has said that it replaced another, and no longer does
    assert books.entries(besides=NUMBERS).keys() == rows.keys()
    assert all(not differing(child) for child in (books.kept, books.other))


def test_one_book_holds_what_both_did_and_everything_in_it_is_about_one_child(books: Books) -> None:
    said = list(Version.objects.filter(child_id=books.other).values())
    books.join()
    rows = Entry.objects.filter(child_id=books.kept)
    assert rows.filter(what="child").count() == 1
    assert set(rows.filter(what="former").values_list("id", flat=True)) == {books.id("ny"), books.id("mor-ny")}
    assert rows.get(id=books.id("svar")).author_id == books.id("mor")
    subjects = {
        orjson.loads(store.body_of(books.kept.bytes, row.id.bytes)).get("subject", {}).get("reference")
        for row in rows.filter(kind="Observation")
    }
    assert subjects == {f"Patient/{books.id('alma')}"}
    assert list(Version.objects.filter(child_id=books.other).values()) == said
    assert child_by_number("0505179902") == child_by_number("070517TAA1") == books.kept
    assert find_child(str(books.other)) == find_child(str(books.kept)) == books.kept
    assert books.other not in named([books.other])
    assert differing(books.kept) == differing(books.other)


def test_what_the_other_child_is_called_since_it_was_joined_leads_to_it_when_they_are_parted(books: Books) -> None:
    ident = books.join()
    numbers = [{"system": SUBSTITUTE, "value": "070517TAA1"}, {"system": CPR, "value": "0606179903"}]
    assert not send(patient("ny", number=None, identifier=numbers, name=[{"given": ["Asta"], "family": "Ny"}])).refusals
    assert child_by_number("0606179903") == books.kept
    assert not send(patient(active=True)).refusals
    assert child_by_number("0606179903") == books.kept, "it is said of the other Patient in the book"
    books.part(ident)
    assert child_by_number("0606179903") == child_by_number("070517TAA1") == books.other
    assert child_by_number("0505179902") == books.kept
    assert children([books.other])[books.other].full == "Asta Ny"


def test_a_number_that_is_somebody_elses_leads_to_nobody(books: Books) -> None:
    ident = books.join(wrong=True)
    assert child_by_number("070517TAA1") is None
    assert store.people_numbered("070517TAA1", {SUBSTITUTE}) == []
    books.part(ident)
    assert child_by_number("070517TAA1") == books.other


def test_there_is_one_coordinator_and_each_ball_has_one_holder(books: Books) -> None:
    before = {row.id: row.holder_id for row in Entry.objects.filter(what="task")}
    books.join()
    assert store.holders(books.kept.bytes, "team") == [books.scope("kim").role_id]
    tasks = Entry.objects.filter(what="task").exclude(id__in=books.told())
    assert {row.id: row.holder_id for row in tasks} == before


def test_what_only_those_around_the_other_child_can_have_written_goes_with_it(books: Books) -> None:
    """Lone has to do with the other child alone, Kim with the one whose book is kept, and Ulla has had to do with both.
    What Lone asks Kim to do, or Kim has written in or refers to, stays."""
    send(care("c8", unit_id="by-ppr", end="2026-06-01"), care("c9", about="ny", unit_id="by-ppr"))
    ident = books.join()

    def written(name: str, **more: Any) -> UUID:
        scope, made = books.scope(name), new_id()
        said = {**observation(str(made), f"Patient/{books.id('alma')}"), "performer": [{"reference": author_of(scope)}]}
        write(scope, {**said, **more})
        return made

    lones, kims, ullas, both = (written(name) for name in ("lone", "kim", "ulla", "lone"))
    write(books.scope("kim"), body_of(books.kept, both) | {"valueString": "Kim har rettet det."})
    asked = NewBall("Ring til mor", to=f"PractitionerRole/{books.scope('kim').role_id}")
    ball = open_ball(by=books.scope("lone"), child_id=books.kept, wanted=asked)
    own = open_ball(by=books.scope("lone"), child_id=books.kept, wanted=NewBall("Ring til far"))
    seen = written("lone")
    written("kim", derivedFrom=[{"reference": f"Observation/{seen}"}])
    assert queries.written_since(books.scope("ib"), ident) == (6, 2)
    books.part(ident)
    where = dict(Entry.objects.filter(id__in=[lones, kims, ullas, both, ball, own, seen]).values_list("id", "child_id"))
    assert where == dict.fromkeys((lones, own), books.other) | dict.fromkeys(
        (kims, ullas, both, ball, seen), books.kept
    )
    assert body_of(books.other, lones)["subject"] == {"reference": f"Patient/{books.id('ny')}"}
    assert {books.id("ppr"), books.id("kim")}.isdisjoint(row[1] for row in books.grants() if row[0] == books.other)
    assert not differing(books.kept) and not differing(books.other)


def test_whoever_was_coordinator_is_told_by_a_ball_and_so_when_they_are_again(books: Books) -> None:
    """Lone is it in the book that is put into Kim's; of two books whose coordinator is one person, nobody is told."""

    def mine(name: str, child: UUID) -> list[str]:
        with open_book(books.scope(name), "ball", child) as book:
            return [one.title for one in balls(book, child) if one.mine and one.due and one.id in books.told()]

    ident = books.join()
    assert mine("lone", books.kept) == [JOINED.title] and mine("kim", books.kept) == []
    assert queries.written_since(books.scope("ib"), ident) == (0, 0)
    books.part(ident)
    assert mine("lone", books.other) == [APART.title] and mine("kim", books.kept) == []
    assert {row.status for row in Entry.objects.filter(title=JOINED.title)} == {"cancelled"}
    send(team("team-ny", "ny", "kim"))
    count = len(books.told())
    books.part(books.join())
    assert len(books.told()) == count


def test_what_waits_to_be_sent_or_told_and_who_broke_the_glass_follow(books: Books) -> None:
    letter, mother = books.id("o-ny"), books.id("mor-ny")
    Outbox.objects.create(
        child_id=books.other, id=new_id(), kind="letter", subject_id=letter, to=f"RelatedPerson/{mother}", channel="book",
        digest="", by_id=mother, unit_id=mother, at=1, state="waiting", next_at=1,
    )  # fmt: skip
    Happening.objects.create(
        child_id=books.other, entry_id=letter, version=1, kind="Observation", what="observation", at=1
    )
    BreakGlass.objects.create(
        id=new_id(), child_id=books.other, role_id=mother, unit_id=mother, at=1, until=2, reason="", address_reason="",
        remark="",
    )  # fmt: skip
    ident = books.join()
    tables = (Outbox, Happening, BreakGlass)
    assert [one.objects.get().child_id for one in tables] == [books.kept] * 3
    assert Outbox.objects.get().to == f"RelatedPerson/{books.id('mor')}"
    books.part(ident)
    assert [one.objects.get().child_id for one in tables] == [books.other] * 3
    assert Outbox.objects.get().to == f"RelatedPerson/{mother}"


def test_the_mother_stands_once_and_has_custody_of_the_whole(books: Books) -> None:
    mothers = store.people_numbered(MOTHER, {CPR})
    assert len([one for child, one in mothers if scope_for_person(one, child, level=HIGH)]) == 2
    books.join()
    (mother,) = [one for child, one in store.people_numbered(MOTHER, {CPR}) if scope_for_person(one, child, level=HIGH)]
    assert mother == books.id("mor")
    assert [one.person for one in facts_of(books.kept).custody.holders] == [str(mother)]


def test_another_system_that_tells_who_the_child_is_takes_nobodys_rights_away(books: Books) -> None:
    """The doctor's system knows no relatives; what it says restricts all the same, and whoever tells of the child next,
    it is the same child."""
    before, rights = facts_of(books.kept), books.grants()
    patient_id = patient_of(books.kept)
    for source in ("laege", "sygehus"):
        assert not send(patient("hos-os", gender="female"), source=source).refusals
        assert facts_of(books.kept) == before and books.grants() == rights
        assert patient_of(books.kept) == patient_id and not differing(books.kept)
    assert consenting([books.kept], ["share"])[books.kept].facts.custody == before.custody
    assert not send(patient("hos-os", deceasedBoolean=True), source="laege").refusals
    assert not send(patient(gender="female")).refusals
    assert facts_of(books.kept).child.died_at is not None


def test_custody_that_the_two_contradict_is_nobodys_until_somebody_has_looked(books: Books) -> None:
    send(bundle(relative("far-ny", "ny", "Bo Prøvegaard", FATHER)))
    ident = operations.propose(books.kept, books.other, by=books.scope("ib"), why=WHY)
    assert queries.effects(books.scope("ib"), ident).unclear
    operations.decide(ident, by=books.scope("vera"), approved=True)
    assert not facts_of(books.kept).custody.known
    people = store.people_numbered(MOTHER, {CPR}) + store.people_numbered(FATHER, {CPR})
    assert not [one for child, one in people if scope_for_person(one, child, level=HIGH)]
    send(bundle(relative("far", "alma", "Bo Prøvegaard", FATHER)))  # the other register says so too
    send(bundle(relative("far-ny", "ny", "Bo Prøvegaard", FATHER, active=False)))
    assert facts_of(books.kept).custody.known is False  # but it is not the same person's entry that they name


def test_what_is_restricted_in_either_is_restricted(books: Books) -> None:
    protected = [{"url": "https://barnetsbog.example/fhir/StructureDefinition/protected-address", "valueBoolean": True}]
    send(bundle(patient("ny", number=None, identifier=[{"system": SUBSTITUTE, "value": "070517TAA1"}],
                        extension=protected, deceasedBoolean=True)))  # fmt: skip
    ident = books.join()
    facts = facts_of(books.kept)
    assert facts.protected and facts.child.died_at is not None
    books.part(ident)
    assert not facts_of(books.kept).protected and facts_of(books.other).protected


def test_what_comes_later_of_the_other_goes_to_the_book_that_was_kept_and_back_with_it(books: Books) -> None:
    ident = books.join()
    assert send(story()).stored == 0  # received before
    later = observation("senere", about="Patient/ny", performer=[{"reference": "RelatedPerson/mor-ny"}])
    changed = patient("ny", number=None, identifier=[{"system": SUBSTITUTE, "value": "070517TAA1"}], gender="female")
    assert not send(bundle(later, changed, observation("ny-til-alma"))).refusals
    assert Entry.objects.get(id=books.id("senere")).child_id == books.kept
    assert Entry.objects.get(id=books.id("senere")).author_id == books.id("mor")
    former = orjson.loads(store.body_of(books.kept.bytes, books.id("ny").bytes))
    assert former["active"] is False and former["gender"] == "female"
    assert named([books.kept])[books.kept].gender == ""
    assert not send(bundle(patient(gender="female"))).refusals
    kept = orjson.loads(store.body_of(books.kept.bytes, books.id("alma").bytes))
    assert kept["link"] == [{"other": {"reference": f"Patient/{books.id('ny')}"}, "type": "replaces"}]
    books.part(ident)
    assert Entry.objects.get(id=books.id("senere")).child_id == books.other
    assert Entry.objects.get(id=books.id("ny-til-alma")).child_id == books.kept
    apart = [orjson.loads(store.body_of(*one)) for one in ((books.kept.bytes, books.id("alma").bytes),
                                                       (books.other.bytes, books.id("ny").bytes))]  # fmt: skip
    assert [one.get("link") for one in apart] == [None, None]
    assert [one["gender"] for one in apart] == ["female", "female"] and "active" not in apart[1]
    assert orjson.loads(store.body_of(books.other.bytes, books.id("senere").bytes))["performer"] == [
        {"reference": f"RelatedPerson/{books.id('mor-ny')}"}
    ]


def test_what_the_other_is_called_and_numbered_by_since_goes_back_with_it(books: Books) -> None:
    """A number that leads to a third child by now is that child's."""
    ident = books.join(wrong=True)
    born, new = ({"system": SUBSTITUTE, "value": value} for value in ("070517TAA1", "070517TAB2"))
    named_anew = [{"given": ["Alva"], "family": "Prøvegaard"}]
    assert not send(patient("ny", number=None, identifier=[new], name=named_anew)).refusals
    assert not send(patient("rette", number=None, identifier=[born])).refusals
    third = books.child("rette")
    books.part(ident)
    assert named([books.other])[books.other].given == "Alva"
    assert child_by_number("070517TAA1") == third
    said = orjson.loads(store.body_of(books.other.bytes, books.id("ny").bytes))
    assert said["name"] == named_anew and said["identifier"] == [born]
    ident = books.join()
    numbered = [{"system": CPR, "value": "0505179944"}, new]
    assert not send(patient("ny", number=None, identifier=numbered, name=named_anew)).refusals
    assert child_by_number("0505179944") == books.kept
    books.part(ident)
    assert child_by_number("0505179944") == child_by_number("070517TAB2") == books.other
    assert child_by_number("0505179902") == books.kept
    kept = orjson.loads(store.body_of(books.kept.bytes, books.id("alma").bytes))
    assert kept["identifier"] == patient()["identifier"]  # and nothing of what the other had at first


def test_the_export_of_a_joined_book_leads_nowhere_that_is_not_in_it(books: Books) -> None:
    books.join()
    entries = export_child(books.kept, account="test")["entry"]
    there = {one["fullUrl"].removeprefix("https://x.example/fhir/") for one in entries}
    led = {address for one in entries for address in _addresses(one["resource"])}
    assert {one.removeprefix("https://x.example/fhir/") for one in led} <= there
    (former,) = [
        one["resource"] for one in entries if one["resource"].get("active") is False and "link" in one["resource"]
    ]
    assert former["id"] == "ny" and former["link"][0]["other"] == {"reference": "https://x.example/fhir/Patient/alma"}
    assert not send(
        bundle(*(one["resource"] for one in entries if one["resource"]["resourceType"] != "Task")), source="kopi"
    ).refusals


def _addresses(resource: dict[str, Any]) -> set[str]:
    return {str(holder["reference"]) for holder in references(resource)}


def test_joined_again_and_again_nothing_is_written_over(books: Books) -> None:
    exports = [books.exported(child) for child in (books.kept, books.other)]
    for _ in range(3):
        books.part(books.join())
        assert [books.exported(child) for child in (books.kept, books.other)] == exports
    assert not any(model.objects.exists() for model in (Former, JoinedBook, MovedEntry))
    ident = operations.propose(books.other, books.kept, by=books.scope("ib"), why=WHY)  # and the other way round
    operations.decide(ident, by=books.scope("vera"), approved=True)
    assert Entry.objects.get(id=books.id("o1")).child_id == books.other
    books.part(ident)
    assert [books.exported(child) for child in (books.kept, books.other)] == exports


def test_a_chain_is_taken_apart_from_its_end(books: Books) -> None:
    send(bundle(patient("tredje", number=None, identifier=[{"system": SUBSTITUTE, "value": "070517TAA2"}]),
                care("c3", about="tredje", unit_id="ppr"),
                observation("o-tredje", about="Patient/tredje")))  # fmt: skip
    third = books.child("tredje")
    before = {child: books.exported(child) for child in (books.kept, books.other, third)}
    inner = operations.propose(books.other, third, by=books.scope("ib"), why=WHY)
    with pytest.raises(NotFound):
        operations.propose(books.other, third, by=books.scope("ulla"), why=WHY)
    operations.decide(inner, by=books.scope("vera"), approved=True)
    outer = books.join()
    send(bundle(observation("o-sen", about="Patient/tredje")))
    assert {child_by_number(one) for one in ("0505179902", "070517TAA1", "070517TAA2")} == {books.kept}
    assert Entry.objects.get(id=books.id("o-sen")).child_id == books.kept
    assert find_child(str(third)) == books.kept
    with pytest.raises(Refused, match="selv samlet"):
        books.part(inner)
    books.part(outer)
    assert Entry.objects.get(id=books.id("o-sen")).child_id == books.other
    assert books.exported(books.kept) == before[books.kept]
    books.part(inner)
    assert Entry.objects.get(id=books.id("o-sen")).child_id == third
    assert books.exported(books.other) == before[books.other]


def test_two_persons_decide_and_nobody_else_may_know(books: Books) -> None:
    ib, vera = books.scope("ib"), books.scope("vera")
    for who in ("ulla", "kim", "lone"):
        for act in (
            lambda by: operations.propose(books.kept, books.other, by=by, why=WHY),
            lambda by: queries.compared(by, books.kept, books.other),
            lambda by: queries.by_numbers(by, "0505179902", "070517TAA1"),
        ):
            with pytest.raises(NotFound):
                act(books.scope(who))
    assert queries.likely(books.scope("ulla")) == queries.proposals(books.scope("ulla")) == []
    (pair,) = queries.likely(ib)
    assert pair.likeness.sort is Sort.SAME
    assert {pair.one.child_id, pair.other.child_id} == {books.kept, books.other}
    with pytest.raises(Refused, match="grunden"):
        operations.propose(books.kept, books.other, by=ib, why="Ens")
    ident = operations.propose(books.kept, books.other, by=ib, why=WHY)
    with pytest.raises(Conflict):
        operations.propose(books.other, books.kept, by=vera, why=WHY)
    with pytest.raises(Refused, match="ikke selv"):
        operations.decide(ident, by=ib, approved=True)
    with pytest.raises(NotFound):
        operations.decide(ident, by=books.scope("ulla"), approved=True)
    assert queries.effects(vera, ident).units == (("Enhed ppr", Opening(True, False, True)),)
    assert queries.proposal(vera, ident).state is State.OPEN and Entry.objects.filter(child_id=books.other).exists()
    operations.decide(ident, by=vera, approved=True)
    with pytest.raises(Conflict):
        operations.decide(ident, by=vera, approved=True)
    assert queries.proposal(vera, ident).state is State.JOINED
    with pytest.raises(NotFound):
        operations.propose(books.kept, books.other, by=ib, why=WHY)


def test_two_with_a_number_each_take_more(books: Books) -> None:
    send(bundle(patient("tvilling", number="0505179910", name=[{"given": ["Anna"], "family": "Prøvegaard"}]),
                care("c9", about="tvilling")))  # fmt: skip
    twin = books.child("tvilling")
    assert twin not in {face.child_id for pair in queries.likely(books.scope("ib")) for face in (pair.one, pair.other)}
    with pytest.raises(Refused, match="tvillinger"):
        operations.propose(books.kept, twin, by=books.scope("ib"), why=WHY)
    assert operations.propose(books.kept, twin, by=books.scope("ib"), why=WHY, certain=True)
    with pytest.raises(Refused, match="samme bog"):
        operations.propose(books.kept, books.kept, by=books.scope("ib"), why=WHY, certain=True)


def test_the_log_tells_of_both_and_is_whole(database: str, folder: Path) -> None:
    books = Books(send)  # in a log of its own
    note("overview", at=1, by=None, child_id=books.other)
    ident = books.join()
    lines = {row.action: row.child_id for row in about(books.kept).rows}
    assert lines["overview"] == books.other and "book-join" in lines
    assert "book-join" in {row.action for row in about(books.other).rows}
    books.part(ident)
    assert "overview" not in {row.action for row in about(books.kept).rows}
    assert verify().damage is None


def test_a_unit_that_knew_one_of_them_reads_of_the_other_what_the_rules_open_and_no_more(books: Books) -> None:
    books.join()
    known = Grant.objects.filter(child_id=books.kept, entry_id=None).values_list("grantee_id", flat=True)
    grants = set(known)
    assert {books.id("ppr"), books.id("gp"), books.id("mor")} <= grants
    assert not {books.id("by-ppr"), books.id("raadhus"), books.id("mor-ny")} & grants
