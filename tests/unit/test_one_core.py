"""The threads of the server share a core, and leave it to others that need it more."""

import os
import threading

import pytest

from barnetsbog.commands.one_core import Core, Used, better, others


def test_they_stay_where_they_are_while_nobody_else_needs_it() -> None:
    assert better(0, {0: 0.2, 1: 0.0}) == 0
    assert better(1, {0: 0.0, 1: 0.0}) == 1


def test_they_go_where_others_do_the_least() -> None:
    assert better(0, {0: 0.9, 1: 0.5, 2: 0.1}) == 2


def test_what_they_do_themselves_is_no_reason_to_move() -> None:
    before = Used({0: 1000, 1: 1000}, {0: 500, 1: 500}, 300)
    after = Used({0: 1500, 1: 1500}, {0: 990, 1: 600}, 770)
    load = others(0, before, after)
    assert load == pytest.approx({0: 0.04, 1: 0.2})
    assert better(0, load) == 0


def test_a_core_of_which_nothing_was_counted_is_free() -> None:
    nothing = Used({0: 10}, {0: 5}, 5)
    assert others(0, nothing, nothing) == {0: 0.0}


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="threads can't be put on a core here")
def test_a_thread_that_joins_is_on_that_core_alone() -> None:
    found: list[set[int]] = []
    core = Core(os.sched_getaffinity(0))

    def serves() -> None:
        core.join(threading.get_native_id())
        found.append(os.sched_getaffinity(threading.get_native_id()))

    thread = threading.Thread(target=serves)
    thread.start()
    thread.join()
    core.join(2**31 - 1)  # one that has ended
    assert len(found) == len(found[0]) == 1
    assert found[0] <= os.sched_getaffinity(0)
