"""What users of other systems have complained of, as tests of letters (lessons-from-peers §3, B, D and F)."""

import io
import re

import pytest
from pypdf import PdfReader

from barnetsbog.access.reading import open_book
from barnetsbog.delivery.model import Channel
from barnetsbog.letters import operations, queries
from barnetsbog.letters.files import catalogue
from barnetsbog.letters.model import Event, Preview, Template
from barnetsbog.letters.typesetting import pdf
from tests.builders import care, unit
from tests.conftest import BOTH_DATABASES

from .conftest import Writing

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]
WRITERS = {"F": "rita", "H": "ida"}
"""Who writes what is social, and what is about health."""
LETTERS = [one for one in catalogue().values() if not one.request]
SECRET = "Jeg sover ikke om natten"


def to_everybody(writing: Writing, letter: Template) -> tuple[Preview, ...]:
    """What the child, both parents and units of several sectors get of a letter that is filled in with its examples."""
    places = {"fam2": "family_dept", "hosp": "hospital"}
    writing.happens(*(unit(name, sector) for name, sector in places.items()))
    writing.happens(*(care(f"c-{name}", unit_id=name) for name in ("bup", *places)))
    by = WRITERS.get(letter.class_, "kim")
    names = [writing.person(name) for name in ("Alma Prøvegaard", "Sara", "Jonas")]
    words = {one.id: SECRET for one in letter.fields if one.class_ == "P"}
    to = (*names, *(writing.unit(name) for name in ("skole", *places)))
    ident = writing.writes(letter.id, *to, by=by, channel=Channel.PRINT, **words)
    return writing.page(ident, by).previews


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.id)
def test_every_template_for_every_receiver_leaves_no_raw_field_and_no_word_that_is_not_theirs(
    writing: Writing, letter: Template
) -> None:
    """org.civicrm.civicase#137, civicrm-core PR 21770: fields stay unresolved for somebody outside."""
    made = [one for one in to_everybody(writing, letter) if one.version]
    assert made and {one.candidate.person.audience for one in made} <= set(letter.to)
    for one in made:
        assert one.version
        reader = PdfReader(io.BytesIO(pdf(one.version)))
        said = " ".join(page.extract_text() for page in reader.pages)
        assert one.candidate.person.name.split()[0] in said
        assert not re.search(r"[{}]|\bNone\b|\?\?", said)
        childs = one.candidate.person.reference.startswith("Patient/")
        assert SECRET not in said or childs
        assert reader.metadata and SECRET not in str(reader.metadata) and "Alma" not in str(reader.metadata)


def test_a_letter_that_asks_says_by_when_and_nothing_of_what_the_other_has_answered(writing: Writing) -> None:
    """open-forms#4354, #4933: deadline and signer are missing. Who has answered is the other parent's own."""
    writing.is_agreed("bup")
    letters = {one.candidate.person.name: str(one.version) for one in to_everybody(writing, catalogue()["L20"])[1:3]}
    for name, said in letters.items():
        assert "30. november 2026" in said and f"Kære {name}" in said
    assert "Jonas" not in letters["Sara"] and "Sara" not in letters["Jonas"]


def test_a_receiver_without_a_system_is_followed_to_the_post_and_no_further(writing: Writing) -> None:
    """community.primero.org t/156: a follow-up outside is not tracked. The sender sees how far it is."""
    ident = writing.sent("L4", writing.person("Jonas"), channel=Channel.PRINT)
    writing.works()
    (sent,) = writing.page(ident).progress
    assert [one.event for one in sent.receipts] == [Event.DELIVERED] and sent.copy
    writing.clock.later(60)
    operations.posted(by=writing.scope("bo"), child_id=writing.child, ident=sent.copy)
    (sent,) = writing.page(ident).progress
    assert [one.event for one in sent.receipts] == [Event.DELIVERED, Event.POSTED]
    with open_book(writing.scope("kim"), "letter-queue") as book:
        assert queries.to_print(book) == []


def test_whoever_takes_over_sees_what_was_sent_and_can_send_on(writing: Writing) -> None:
    """primero R2-3808, R2-3960: what waits is stale, and nobody else can take it back."""
    ident = writing.sent("L4", writing.person("Sara"))
    writing.clock.later(1)
    operations.withdraw(by=writing.scope("bo"), child_id=writing.child, ident=ident, to=writing.person("Sara"))
    assert writing.states(ident) == ["withdrawn"] and writing.works() == 0
