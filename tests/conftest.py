"""Shared by all tests: which databases there are, where the corpus is, and what may be skipped."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from tests import settings as test_settings

ROOT = Path(__file__).parents[1]
CORPUS = Path(os.environ.get("BOG_CORPUS", ROOT.parent / "shared" / "fhir-corpus"))
CI = os.environ.get("CI") == "true"


def skip(reason: str) -> None:
    """Skips a test, and fails it instead where nothing may be skipped."""
    if CI:
        pytest.fail(f"may not be skipped under CI: {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _forget_instance() -> Iterator[None]:
    """What the process remembers of an instance must not go from one test to the next."""
    from barnetsbog.record import instance

    instance.forget()
    yield
    instance.forget()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The same test on both databases."""
    if request.param == "sqlite":
        request.getfixturevalue("db")
        yield "sqlite"
        return
    if "postgresql" not in connections.settings:
        skip(test_settings.WHY_NO_POSTGRESQL)
    request.getfixturevalue("_postgresql")
    kept = connections["default"]
    connections["default"] = connections["postgresql"]
    try:
        yield "postgresql"
    finally:
        connections["default"] = kept


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        skip(f"the third-party FHIR corpus is not at {CORPUS}")
    return CORPUS


@pytest.fixture
def _postgresql(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[None]:
    """A transaction on the PostgreSQL test database, rolled back afterwards."""
    from django.test import TestCase, TransactionTestCase  # noqa: F401

    blocker = request.getfixturevalue("django_db_blocker")
    with blocker.unblock():
        from django.db import transaction

        atomic = transaction.atomic(using="postgresql")
        atomic.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True, using="postgresql")
            atomic.__exit__(None, None, None)
