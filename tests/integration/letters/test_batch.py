"""One letter to many children: each gets their own or is told why not, and pressing twice sends nothing twice."""

from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.audit.models import Event
from barnetsbog.delivery.models import Outbox
from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.letters import batching
from barnetsbog.letters.batching import MOST, NOBODY, NOT_FOUND
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.filling import examples
from barnetsbog.letters.model import Audience, Batch, Outcome, Row
from barnetsbog.letters.operations import APPROVE_AGAIN
from barnetsbog.letters.standing import PROTECTED_FROM
from barnetsbog.record.models import Entry
from tests.builders import care, patient
from tests.conftest import BOTH_DATABASES
from tests.integration.consent.conftest import holder

from .conftest import Json, Writing, numbered

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]
HOLDERS = frozenset((Audience.HOLDER,))


def family(ident: str, number: str, *parents: Json, **more: object) -> list[Json]:
    """Another child, whose parents and whose task with PPR have come too."""
    name = [{"use": "official", "given": [ident.title()], "family": "Prøvegaard"}]
    theirs = [{**one, "id": f"{ident}-{one['id']}", "patient": {"reference": f"Patient/{ident}"}} for one in parents]
    return [patient(ident, number=number, **{"name": name, **more}), *theirs, care(f"c-{ident}", ident)]


@pytest.fixture
def many(writing: Writing) -> Writing:
    """Alma with two parents, Emil with a mother, Ida with nobody who has custody, Freja whose address is protected from
    her father, and Otto, who is the school's alone."""
    mother, father = numbered(holder("mor", "Mette"), "0102809904"), numbered(holder("far", "Frank"), "0103809905")
    uncle = {key: value for key, value in holder("onkel", "Ole").items() if key != "extension"}
    away = numbered(holder("far", "Finn", at_home=False), "0104809906")
    hidden = [{"url": f"{EXTENSION}protected-address", "valueBoolean": True}]
    writing.happens(*family("emil", "0606189901", mother), *family("ida", "0707189902", uncle))
    writing.happens(*family("freja", "0808189903", father | {"id": "mor"}, away, extension=hidden))
    others = family("otto", "0909189904", mother | {"id": "mor2"})
    writing.happens(*others[:-1], care("c-otto", "otto", unit_id="skole"))
    return writing


def child(name: str) -> UUID:
    return Entry.objects.get(what="child", title=f"{name} Prøvegaard").child_id


def reminder(audiences: frozenset[Audience] = HOLDERS, template: str = "L12", **answers: str) -> Batch:
    return Batch(new_id(), template, {**examples(catalogue()[template]), **answers}, audiences)


def looks(many: Writing, batch: Batch, *names: str, by: str = "kim") -> dict[UUID, Row]:
    many.clock.later(1)
    chosen = [child(name) for name in names]
    return {one.child_id: one for one in batching.looked_through(by=many.scope(by), batch=batch, chosen=chosen)}


def sends(many: Writing, batch: Batch, rows: dict[UUID, Row], by: str = "kim") -> dict[UUID, Outcome]:
    many.clock.later(1)
    approved = {ident: row.digest for ident, row in rows.items()}
    return {one.child_id: one for one in batching.send(by=many.scope(by), batch=batch, approved=approved)}


def to(row: Row) -> list[str]:
    return sorted(one.candidate.person.name for one in row.previews)


def test_those_to_choose_among_are_the_unit_s_own_children_now(many: Writing) -> None:
    many.happens(care("c-emil", "emil", end="2026-11-20"))
    with open_book(many.scope("kim"), "letter-batch") as book:
        assert [one.called for one in batching.own_children(book)] == ["Alma", "Freja", "Ida"]
    with open_book(many.scope("maja"), "letter-batch") as book:
        assert [one.called for one in batching.own_children(book)] == ["Alma", "Otto"]


def test_everybody_gets_their_own_letter_and_whoever_gets_none_is_told_with_why(many: Writing) -> None:
    batch = reminder()
    rows = looks(many, batch, "Alma", "Emil", "Ida", "Freja", "Otto")
    assert {one: to(row) for one, row in rows.items()} == {
        child("Alma"): ["Jonas", "Sara"], child("Emil"): ["Mette"], child("Ida"): [], child("Freja"): ["Frank"],
        child("Otto"): [],
    }  # fmt: skip
    assert [one.standing.why for one in rows[child("Freja")].left_out] == [PROTECTED_FROM]
    assert (rows[child("Ida")].why, rows[child("Otto")].why) == (NOBODY, NOT_FOUND)
    assert not Outbox.objects.exists()
    done = sends(many, batch, rows)
    assert {one: (each.receivers, each.why) for one, each in done.items()} == {
        child("Alma"): (2, ""), child("Emil"): (1, ""), child("Ida"): (0, NOBODY), child("Freja"): (1, ""),
        child("Otto"): (0, NOT_FOUND),
    }  # fmt: skip
    assert many.works() == 4
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    for name, known in (("Emil", "Mette"), ("Freja", "Frank")):
        (row,) = rows[child(name)].previews
        assert row.version and f"Kære {known}" in str(row.version) and f"{name} Prøvegaard" in str(row.version)
        assert "Alma" not in str(row.version)


def test_pressing_twice_sends_nothing_twice(many: Writing) -> None:
    batch = reminder()
    rows = looks(many, batch, "Alma", "Emil")
    first, second = sends(many, batch, rows), sends(many, batch, rows)
    assert [one.before for one in first.values()] == [False, False]
    assert [one.before for one in second.values()] == [True, True] and not any(one.why for one in second.values())
    assert Outbox.objects.count() == 3
    assert Entry.objects.filter(what="letter-draft").count() == 2
    many.works()
    assert [one.before for one in sends(many, batch, rows).values()] == [True, True]


def test_a_child_of_whom_something_has_changed_is_not_sent_and_keeps_no_other_back(many: Writing) -> None:
    batch = reminder()
    rows = looks(many, batch, "Alma", "Emil")
    ended = holder("far", "Jonas", at_home=False)
    ended["extension"][0]["extension"][1]["valuePeriod"]["end"] = "2026-11-20"
    many.happens(numbered(ended, "0202809902"))
    done = sends(many, batch, rows)
    assert (done[child("Alma")].why, done[child("Emil")].receivers) == (APPROVE_AGAIN, 1)
    assert not Outbox.objects.filter(child_id=child("Alma")).exists()
    assert not Entry.objects.filter(child_id=child("Alma"), what__in=("letter", "letter-draft")).exists()


def test_what_is_lacking_too_many_or_of_another_sort_is_refused_before_anything_is_sent(many: Writing) -> None:
    with pytest.raises(Refused, match="Udfyld"):
        looks(many, reminder(hvad=""), "Alma")
    with pytest.raises(Refused, match="mindst ét barn"):
        looks(many, reminder())
    with pytest.raises(Refused, match=str(MOST)):
        batching.looked_through(by=many.scope("kim"), batch=reminder(), chosen=[new_id() for _ in range(MOST + 1)])
    for template in ("L2", "L29", "L30"):  # with the child's own words, and answers to requests
        with pytest.raises(NotFound):
            looks(many, reminder(template=template), "Alma")
    with pytest.raises(NotFound):
        batching.looked_through(by=many.parent("Sara"), batch=reminder(), chosen=[many.child])


def test_each_child_gets_a_letter_in_its_own_words(many: Writing) -> None:
    batch = reminder(frozenset((Audience.CHILD,)), "L16")
    rows = looks(many, batch, "Alma", "Emil")
    assert [to(row) for row in rows.values()] == [["Alma Prøvegaard"], ["Emil Prøvegaard"]]
    for row, name in zip(rows.values(), ("Alma", "Emil"), strict=True):
        assert f"Hej {name}" in str(row.previews[0].version)


def test_each_book_that_was_opened_has_its_line_in_the_log(many: Writing) -> None:
    batch = reminder()
    sends(many, batch, looks(many, batch, "Alma", "Emil"))
    for name in ("Alma", "Emil"):
        for action in ("letter", "letter-send"):
            assert Event.objects.filter(child_id=child(name), action=action, allowed=True).count() == 1
