"""What a child writes for itself: nobody else has a trace of it before the child shows it to somebody by name."""

import pytest

from barnetsbog.access.own_log import own_log
from barnetsbog.access.reading import open_book
from barnetsbog.access.rebuilding import differing
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.record.models import Entry
from barnetsbog.record.shelves import class_of
from barnetsbog.voice import operations, queries
from barnetsbog.voice.model import Room, Told
from tests.conftest import BOTH_DATABASES
from tests.integration.messages.conftest import FAMILY, Talking

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

ALMA, PARENTS = "Alma Prøvegaard", ("Sara", "Jonas")
EVERYBODY_ELSE = (*PARENTS, "kim", "bo", "hanne", "maja", "rita")


def writes(
    talk: Talking, words: str = "Jeg er bange for den nye klasse.", room: Room = Room.WORRY, **more: str
) -> Told:
    talk.clock.later(1)
    ident = operations.keep(by=talk.who(ALMA), child_id=talk.child, room=room, words=words, **more)
    return next(one for one in notes(talk) if one.note.id == ident)


def notes(talk: Talking, name: str = ALMA) -> list[Told]:
    with open_book(talk.who(name), "voice", talk.child) as book:
        return queries.notes(book, talk.child)


def rows_seen(talk: Talking, name: str) -> set[str]:
    """Every entry that somebody sees a row of, by what it is."""
    with open_book(talk.who(name), "timeline", talk.child) as book:
        return {row.what for row in book.entries(talk.child, queries.Filter(on_timeline=False))}


def test_the_words_are_kept_letter_by_letter_with_who_wrote_them_down(talk: Talking) -> None:
    words = "  »Mor« sir\n\tat jeg   ikk skal: æøå \U0001f600 {{ x }} <b>  "
    found = writes(talk, words, Room.WISH, writer="Mormor Lis")
    assert (found.note.words, found.note.room, found.note.writer) == (words, Room.WISH, "Mormor Lis")
    assert class_of(Entry.objects.get(what="own-word").shelf) == "P"


@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_nobody_else_has_a_trace(talk: Talking, name: str) -> None:
    before = rows_seen(talk, name)
    note = writes(talk).note
    assert rows_seen(talk, name) == before and "own-word" not in before
    with pytest.raises(NotFound):
        notes(talk, name)
    with pytest.raises(NotFound), open_book(talk.who(name), "entry", talk.child) as book:
        book.entry(talk.child, note.id)


def test_only_the_child_writes_in_its_house(talk: Talking) -> None:
    for name in ("Sara", "kim"):
        with pytest.raises(NotFound):
            operations.keep(by=talk.who(name), child_id=talk.child, room=Room.NOTE, words="Hej")
    assert not Entry.objects.filter(what="own-word").exists()


def test_no_parent_is_told_of_it_by_the_log(talk: Talking) -> None:
    note = writes(talk).note
    operations.show(by=talk.who(ALMA), child_id=talk.child, ident=note.id, to=talk.job("kim"))
    told = {}
    for name in FAMILY:
        with open_book(talk.who(name), "log-read", talk.child) as book:
            told[name] = {row.action for row in own_log(book, talk.child, since=0).rows}
    assert {"voice-write", "message-write"} <= told[ALMA]
    assert not {one for name in PARENTS for one in told[name] if one.startswith(("voice", "message"))}


def test_what_is_shown_is_read_by_the_one_the_child_chose_and_by_nobody_else(talk: Talking) -> None:
    note = writes(talk, "Jeg vil gerne sidde ved døren.", Room.WISH).note
    sent = operations.show(by=talk.who(ALMA), child_id=talk.child, ident=note.id, to=talk.job("kim"))
    assert sent.text == note.words and sent.answer_by is not None and not sent.danger
    assert talk.texts("kim") == [note.words]
    assert not any(talk.texts(name) for name in ("Sara", "Jonas", "maja", "rita"))
    (shown,) = notes(talk)
    assert [thread.other.name[:3] for thread in shown.threads if thread.other] == ["Kim"]
    with pytest.raises(NotFound):
        notes(talk, "kim")


def test_the_parents_read_along_when_the_child_says_so(talk: Talking) -> None:
    note = writes(talk, "Jeg vil gerne have en hund.", Room.WISH).note
    operations.show(by=talk.who(ALMA), child_id=talk.child, ident=note.id, to=talk.job("kim"), holders=True)
    assert talk.texts("Sara") == talk.texts("Jonas") == [note.words]


def test_shown_danger_is_the_units_most_important_task(talk: Talking) -> None:
    note = writes(talk, "Der er en, der slår mig.").note
    assert not talk.balls("kim")
    sent = operations.show(by=talk.who(ALMA), child_id=talk.child, ident=note.id, to=talk.job("kim"))
    assert sent.danger and talk.balls("kim") == [("Læs beskeden nu. Nogen kan være i fare", True)]


def test_showing_to_somebody_who_is_not_there_shows_nothing(talk: Talking) -> None:
    note = writes(talk).note
    with pytest.raises(Refused, match="Vælg, hvem"):
        operations.show(by=talk.who(ALMA), child_id=talk.child, ident=note.id, to="PractitionerRole/x")
    assert not notes(talk)[0].note.shared and not Entry.objects.filter(what="dialogue").exists()


def test_what_is_taken_away_is_gone_and_what_was_shown_stays(talk: Talking) -> None:
    found = writes(talk)
    operations.show(by=talk.who(ALMA), child_id=talk.child, ident=found.note.id, to=talk.job("kim"))
    with pytest.raises(Conflict):
        operations.take_away(by=talk.who(ALMA), child_id=talk.child, ident=found.note.id, version=found.version)
    operations.take_away(by=talk.who(ALMA), child_id=talk.child, ident=found.note.id, version=found.version + 1)
    assert not notes(talk) and talk.texts("kim") == [found.note.words]


@pytest.mark.parametrize(("words", "why"), [("  \n", "Skriv noget"), ("\x00", "tegn"), ("a" * 100_000, "for langt")])
def test_what_can_t_be_kept_is_refused_with_a_reason(talk: Talking, words: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        writes(talk, words)


def test_rights_derived_anew_are_the_same(talk: Talking) -> None:
    note = writes(talk).note
    operations.show(by=talk.who(ALMA), child_id=talk.child, ident=note.id, to=talk.job("kim"))
    found = differing(talk.child)
    assert not found.given and not found.ended
