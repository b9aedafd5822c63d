"""The threads of the server share a core while several are served at once, and are free when they are not."""

import os
import threading

import pytest

from barnetsbog.commands.one_core import Core, on_one_core

FREE = {0, 1}


@pytest.fixture
def placed() -> dict[int, set[int]]:
    return {}


@pytest.fixture
def core(placed: dict[int, set[int]]) -> Core:
    return Core(FREE, placed.__setitem__, lambda thread: 1)


def test_who_is_served_alone_runs_wherever_there_is_room(core: Core, placed: dict[int, set[int]]) -> None:
    for thread in (7, 8, 7):
        core.begin(thread)
        core.end(thread)
    assert placed == {}


def test_the_second_comes_to_the_core_of_the_first(core: Core, placed: dict[int, set[int]]) -> None:
    core.begin(7)
    core.begin(8)
    assert placed == {7: {1}, 8: {1}}


def test_they_are_free_again_when_nobody_is_served(core: Core, placed: dict[int, set[int]]) -> None:
    core.begin(7)
    core.begin(8)
    core.end(7)
    core.begin(9)
    assert placed == {7: {1}, 8: {1}, 9: {1}}  # one is served all the time
    core.end(8)
    core.end(9)
    assert placed == {7: FREE, 8: FREE, 9: FREE}
    core.begin(7)
    assert placed[7] == FREE


def test_a_thread_that_has_ended_leaves_the_others_where_they_are(placed: dict[int, set[int]]) -> None:
    core = Core(FREE, placed.__setitem__, lambda thread: None)
    core.begin(7)
    core.begin(8)
    assert placed == {}


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="threads can't be put on a core here")
@pytest.mark.parametrize(("path", "shared"), [("/fhir/Task", True), ("/arbejdsliste/", False)])
def test_two_that_are_served_at_once_are_really_on_one_core_but_not_with_pages(path: str, shared: bool) -> None:
    may, both, found = os.sched_getaffinity(0), threading.Barrier(2), []

    def served(environ: dict[str, object], start: object) -> list[bytes]:
        both.wait(5)
        found.append(frozenset(os.sched_getaffinity(threading.get_native_id())))
        both.wait(5)
        return []

    application = on_one_core(served, lambda path: path == "/fhir/Task")
    threads = [threading.Thread(target=application, args=({"PATH_INFO": path}, lambda *_: None)) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(10)
    assert len(found) == 2
    assert len(set(found)) == 1
    assert len(found[0]) == (1 if shared else len(may))
    assert os.sched_getaffinity(0) == may
