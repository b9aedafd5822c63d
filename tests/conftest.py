"""Shared by all tests: which databases there are, where the corpus is, and what may be skipped."""

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest import runner
from django.db import connections
from hypothesis import settings

from tests import settings as test_settings
from tests.instances import ROOT
from tests.samples import ALL, EXAMPLES

# How long one example takes depends on what else the machine is doing; speed is measured by `./bog bench`.
settings.register_profile("bog", deadline=None, max_examples=EXAMPLES)
settings.load_profile("bog")

CORPUS = Path(os.environ.get("BOG_CORPUS", ROOT.parent / "shared" / "fhir-corpus"))
CI = os.environ.get("CI") == "true"


def pytest_collection(session: pytest.Session) -> None:
    """Two processes read all the tests there are, and in a new clone compile each, with what an assertion tells when it
    fails: nine seconds of the processor. The second begins at the end. Nothing of what is read can go yet, so nobody
    looks for it: a third of the time."""
    gc.disable()
    second = getattr(session.config, "workerinput", {}).get("workerid") == "gw1"
    if second and session.config.args_source is pytest.Config.ArgsSource.TESTPATHS and not sys.dont_write_bytecode:
        for path in sorted((ROOT / "tests").rglob("test_*.py"), reverse=True):
            if not list(path.parent.glob(f"__pycache__/{path.stem}.*-pytest-*")):
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Thousands of tests and modules stay to the end: the garbage collector need not look through them each time."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _with_room(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    return runner.pytest_runtest_protocol(item, nextitem)


# What Python calls lies in pieces of 16 kB, and each is asked of the machine when a call goes over the edge of the one
# before, and given back when it returns: pages are made by deep calls, and go to and fro over an edge ten thousand
# times a second. A call that claims half a megabyte lies in a piece of a whole one, with what it calls in the rest.
_with_room.__code__ = _with_room.__code__.replace(co_stacksize=66_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest does it, for the tests of the pages a tenth to a fifth cheaper."""
    return _with_room(item, nextitem)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """At the end, for a quiet run has no head."""
    if not ALL:
        terminalreporter.write_line("Of what is much and alike a sample was looked at; all of it: ./bog test --all")


def skip(reason: str) -> None:
    """Skips a test, and fails it instead where nothing may be skipped."""
    if CI:
        pytest.fail(f"may not be skipped under CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _forget_instance() -> Iterator[None]:
    """What the process remembers of an instance must not go from one test to the next."""
    from barnetsbog.access import law_in_force
    from barnetsbog.login import operations as login
    from barnetsbog.record import instance

    instance.forget()
    law_in_force.forget()
    login.forget()
    yield
    instance.forget()
    law_in_force.forget()


BOTH_DATABASES = pytest.mark.django_db(databases=[name for name in test_settings.DATABASES if name != "demo"])
"""For tests that use the fixture `database`: each runs in a transaction of its own on both."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    """The same test on both databases."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    with on_postgresql():
        yield "postgresql"


@contextmanager
def on_postgresql() -> Iterator[None]:
    """PostgreSQL takes the place of the default database, in this thread."""
    if "postgresql" not in connections.settings:
        skip(test_settings.WHY_NO_POSTGRESQL)
    kept = connections["default"]
    connections["default"] = connections["postgresql"]
    try:
        yield
    finally:
        connections["default"] = kept


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        skip(f"the third-party FHIR corpus is not at {CORPUS}")
    return CORPUS
