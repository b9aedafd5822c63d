"""Two books are joined and taken apart while others write in both: nothing is lost, nothing stands in a book that is
none, and everybody's rights are what both say."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from barnetsbog.access.rebuilding import differing
from barnetsbog.directory.queries import all_children
from barnetsbog.joining import operations
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.record.models import Entry
from tests import settings as test_settings
from tests.builders import bundle, care, observation, send
from tests.conftest import skip

from .conftest import WHY, Books

WRITERS, ROUNDS = 4, 6


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, databases=[n for n in test_settings.DATABASES if n != "demo"])
def test_written_in_both_while_they_are_joined_and_taken_apart() -> None:
    if "postgresql" not in connections.settings:
        skip(test_settings.WHY_NO_POSTGRESQL)
    kept_default = connections["default"]
    connections["default"] = connections["postgresql"]
    books, start = Books(), Barrier(WRITERS + 2)

    def write(index: int) -> int:
        connections["default"] = connections["postgresql"]
        start.wait()
        refused = 0
        try:
            for turn in range(ROUNDS):
                about, name = ("alma", "ny")[turn % 2], f"{index}-{turn}"
                refused += send(
                    bundle(observation(f"o-{name}", about=f"Patient/{about}"), care(f"c-{name}", about=about)),
                    name=name,
                ).refused
        finally:
            connections["postgresql"].close()
        return refused

    def join(who: str) -> int:
        connections["default"] = connections["postgresql"]
        start.wait()
        done = 0
        try:
            for _ in range(ROUNDS):
                try:
                    ident = operations.propose(books.kept, books.other, by=books.scope(who), why=WHY)
                    operations.decide(ident, by=books.scope("vera" if who == "ib" else "ib"), approved=True)
                    operations.part(ident, by=books.scope(who), why="Det var to børn.")
                    done += 1
                except (Conflict, NotFound, Refused):
                    continue  # the other one was first
        finally:
            connections["postgresql"].close()
        return done

    try:
        with ThreadPoolExecutor(WRITERS + 2) as pool:
            written = [pool.submit(write, index) for index in range(WRITERS)]
            joined = [pool.submit(join, who) for who in ("ib", "vera")]
            assert [one.result() for one in written] == [0] * WRITERS
            assert sum(one.result() for one in joined) > 0
        connections["default"] = connections["postgresql"]
        assert set(Entry.objects.values_list("child_id", flat=True)) == {DIRECTORY, *all_children()}
        assert not any(differing(child) for child in all_children())
        assert set(all_children()) == {books.kept, books.other}
        for turn, child in ((0, books.kept), (1, books.other)):
            assert Entry.objects.filter(child_id=child, source_ref__endswith=f"-{turn}").count() == 2 * WRITERS
    finally:
        connections["default"] = kept_default
