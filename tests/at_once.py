"""Several things in the same moment, on PostgreSQL: there two can write at once, where on SQLite they stand in a
queue."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections

from tests import settings as test_settings
from tests.conftest import on_postgresql

Told = TypeVar("Told")

COMMITTED = pytest.mark.django_db(transaction=True, databases=[n for n in test_settings.DATABASES if n != "demo"])
"""Others see what is written."""
ON_POSTGRESQL = [pytest.mark.postgresql, COMMITTED]


def at_once(*acts: Callable[[], Told]) -> list[Told]:
    """What came of each, in their order. They begin in the same moment, each with a connection of its own."""
    start = Barrier(len(acts))

    def alone(act: Callable[[], Told]) -> Told:
        with on_postgresql():
            start.wait()
            try:
                return act()
            finally:
                connections["postgresql"].close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [one.result(timeout=60) for one in [pool.submit(alone, act) for act in acts]]
