"""Two parents who answer in the same second: both are kept, and the rights follow from both."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from barnetsbog.consent import operations
from barnetsbog.consent.answering import Yes
from tests import settings as test_settings
from tests.conftest import skip
from tests.integration.consent.conftest import Clock, Family


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, databases=[n for n in test_settings.DATABASES if n != "demo"])
def test_two_parents_in_the_same_second_are_both_kept(clock: Clock) -> None:
    if "postgresql" not in connections.settings:
        skip(test_settings.WHY_NO_POSTGRESQL)
    kept = connections["default"]
    connections["default"] = connections["postgresql"]
    try:
        family = Family()
        asked = family.are_asked()
        scopes = {name: family.person(name) for name in asked}
        start = Barrier(len(asked))

        def answers(name: str) -> None:
            connections["default"] = connections["postgresql"]
            start.wait()
            try:
                operations.answer(by=scopes[name], child_id=family.child, ident=asked[name], yes=Yes(), version=1)
            finally:
                connections["postgresql"].close()

        with ThreadPoolExecutor(len(asked)) as pool:
            list(pool.map(answers, asked))
        assert family.can_read("ida") == "contents"
    finally:
        connections["default"] = kept
