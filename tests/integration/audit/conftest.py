"""A log of its own for each test: its key, its spool and its files lie in the test's folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from barnetsbog.access.scopes import scope_for
from barnetsbog.audit import keys
from barnetsbog.audit.operations import note
from barnetsbog.directory.queries import roles
from barnetsbog.record.scope import LoginLevel, Scope
from tests.integration.audit import guards


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.DATA = tmp_path
    keys.forget()
    yield tmp_path
    keys.forget()


@pytest.fixture
def kim(child: UUID) -> Scope:
    """The only professional there is, who reads the child's book."""
    (one,) = roles().values()
    made = scope_for(one.id, level=LoginLevel.SUBSTANTIAL)
    assert made
    return made


@pytest.fixture
def log(database: str, folder: Path) -> str:
    """Forty events in the chain, whose guards somebody has taken down."""
    from barnetsbog.audit.sealing import seal

    for number in range(40):
        note("overview", at=1_764_000_000_000_000 + number, by=None, reason=f"nummer {number}", entries=number)
        if number % 10 == 9:
            seal(checkpoint=True)
    guards.take_down(connection)
    return database
