"""Several deliveries in the same moment: one child is one child (lessons-from-peers E: parallel "create if missing")."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from barnetsbog.directory.queries import all_children
from barnetsbog.record.models import Entry
from tests import settings as test_settings
from tests.builders import patient, send
from tests.conftest import skip

SENDERS = 8


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True, databases=[n for n in test_settings.DATABASES if n != "demo"])
@pytest.mark.parametrize("number", ["0505179902", None], ids=["with a person number", "without"])
def test_a_new_child_in_eight_deliveries_at_once_is_one_child(number: str | None) -> None:
    if "postgresql" not in connections.settings:
        skip(test_settings.WHY_NO_POSTGRESQL)
    start = Barrier(SENDERS)

    def deliver(index: int) -> int:
        connections["default"] = connections["postgresql"]
        start.wait()
        try:
            name = f"p{index}" if number else "p"  # without a number, it is one source that says it eight times
            return send(patient(name, number=number, gender="female" if index % 2 else "male")).refused
        finally:
            connections["postgresql"].close()

    kept = connections["default"]
    with ThreadPoolExecutor(SENDERS) as pool:
        refused = list(pool.map(deliver, range(SENDERS)))
    connections["default"] = connections["postgresql"]
    try:
        assert refused == [0] * SENDERS
        assert len(all_children()) == 1
        assert {entry.child_id for entry in Entry.objects.filter(kind="Patient")} == set(all_children())
    finally:
        connections["default"] = kept
