"""Two books are joined and taken apart while others write in both: nothing is lost, nothing stands in a book that is
none, and everybody's rights are what both say."""

from functools import partial

import pytest

from barnetsbog.access.rebuilding import differing
from barnetsbog.directory.queries import all_children
from barnetsbog.joining import operations
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record.models import Entry
from tests.at_once import COMMITTED, at_once
from tests.builders import bundle, care, observation, send
from tests.conftest import on_postgresql

from .conftest import WHY, Books

WRITERS, ROUNDS = 4, 6


@pytest.mark.postgresql
@COMMITTED
def test_written_in_both_while_they_are_joined_and_taken_apart() -> None:
    def write(index: int) -> int:
        refused = 0
        for turn in range(ROUNDS):
            about, name = ("alma", "ny")[turn % 2], f"{index}-{turn}"
            refused += send(
                bundle(observation(f"o-{name}", about=f"Patient/{about}"), care(f"c-{name}", about=about)), name=name
            ).refused
        return refused

    def join(who: str) -> int:
        done = 0
        for _ in range(ROUNDS):
            try:
                ident = operations.propose(books.kept, books.other, by=books.scope(who), why=WHY)
                operations.decide(ident, by=books.scope("vera" if who == "ib" else "ib"), approved=True)
                operations.part(ident, by=books.scope(who), why="Det var to børn.")
                done += 1
            except (Conflict, NotFound, Refused):
                continue  # the other one was first
        return done

    with on_postgresql():
        books = Books()
        *refused, by_ib, by_vera = at_once(
            *(partial(write, index) for index in range(WRITERS)), partial(join, "ib"), partial(join, "vera")
        )
        assert refused == [0] * WRITERS
        assert by_ib + by_vera > 0
        assert set(Entry.objects.values_list("child_id", flat=True)) == {DIRECTORY, *all_children()}
        assert not any(differing(child) for child in all_children())
        assert set(all_children()) == {books.kept, books.other}
        for turn, child in ((0, books.kept), (1, books.other)):
            assert Entry.objects.filter(child_id=child, source_ref__endswith=f"-{turn}").count() == 2 * WRITERS
