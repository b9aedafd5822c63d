"""Whoever works with a child tells that it may have two books, and learns nothing of any other by it."""

import re
from datetime import date

import pytest
from django.test import Client as Browser

from barnetsbog.audit.queries import for_the_family
from barnetsbog.joining import queries, telling
from barnetsbog.joining.rules import NOBODY, SEEN, WAITS
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.record.instance import make_demo
from tests.builders import bundle, care, patient, send
from tests.conftest import BOTH_DATABASES

from .conftest import Books

pytestmark = BOTH_DATABASES
LETTER = "I et brev er hun kaldt Alma Prøve. 050517-9902"


def test_administrators_of_the_own_organisation_are_told_beside_the_books_that_are_alike(books: Books) -> None:
    ident = telling.tell(books.kept, by=books.scope("kim"), seen=LETTER)
    (told,) = queries.sightings(books.scope("ib"))
    assert (told.id, told.child_id, told.unit) == (ident, books.kept, "Enhed ppr")
    assert told.seen == "I et brev er hun kaldt Alma Prøve. 050517-xxxx"
    assert queries.sightings(books.scope("ulla")) == []
    for act in (queries.sightings, lambda by: telling.answer(ident, by=by)):
        with pytest.raises(NotFound):
            act(books.scope("kim"))
    with pytest.raises(NotFound):
        telling.answer(ident, by=books.scope("ulla"))
    assert "book-tell" not in {row.action for row in for_the_family(books.kept, since=0, limit=100)}


def test_who_may_not_know_of_a_child_tells_nothing_and_nothing_is_told_in_vain(books: Books) -> None:
    for who, child in (("kim", books.other), ("ib", books.kept)):
        with pytest.raises(NotFound):
            telling.tell(child, by=books.scope(who), seen=LETTER)
    for who, child, seen, why in (
        ("kim", books.kept, "Navnet", SEEN), ("lone", books.other, LETTER, NOBODY),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            telling.tell(child, by=books.scope(who), seen=seen)
        assert refused.value.reason == why
    telling.tell(books.kept, by=books.scope("kim"), seen=LETTER)
    with pytest.raises(Refused) as refused:
        telling.tell(books.kept, by=books.scope("kim"), seen=LETTER)
    assert refused.value.reason == WAITS


def test_the_page_says_the_same_whether_there_is_another_book(books: Books) -> None:
    """Of a child who has two books that are joined by it, and of one who has one."""
    send(bundle(patient("eva", number="1402149903", name=[{"given": ["Eva"], "family": "Test"}]), care("c7", "eva")))
    make_demo(date(2026, 11, 25))
    kim = Browser()
    assert kim.post("/log-ind/", {"role": str(books.scope("kim").role_id)}).status_code == 302
    children = (books.kept, books.child("eva"))

    def pages(text: str) -> bool:
        """What both pages say, alike: whether something can be asked."""
        said = [kim.get(f"/barn/{child}/to-boeger/").content.decode().partition("<h2>")[2] for child in children]
        one, other = (
            re.sub(f"{child}|value=.[^>]*|<time datetime=.PT.*?</time>", "", page)
            for child, page in zip(children, said, strict=True)
        )
        assert one == other
        assert text in one
        return "Hvad har du set?" in one

    assert pages("Er der to bøger om barnet?")
    for child in children:
        assert kim.post(f"/barn/{child}/to-boeger/", {"seen": "Kort"}).status_code == 422
        assert kim.post(f"/barn/{child}/to-boeger/", {"seen": LETTER})["Location"] == f"/barn/{child}/to-boeger/?sendt"
    assert pages("Administratoren har ikke set på det endnu.") is False
    books.join()  # whoever joins has looked into it
    (eva,) = queries.sightings(books.scope("ib"))
    telling.answer(eva.id, by=books.scope("ib"))
    assert pages("Administratoren har set på det")


def test_where_a_child_must_not_be_found_no_place_is_named_to_administrators(books: Books) -> None:
    protected = [{"url": "https://barnetsbog.example/fhir/StructureDefinition/protected-address", "valueBoolean": True}]
    send(bundle(patient(extension=protected)))
    telling.tell(books.kept, by=books.scope("kim"), seen="Det siger de hos Enhed ppr.")
    (told,) = queries.sightings(books.scope("ib"))
    assert "Enhed ppr" not in f"{told.unit} {told.seen}"
