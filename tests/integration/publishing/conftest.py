"""Two administrators, one of them in two roles, and a teacher; and the day, which a test may move."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from barnetsbog.access.scopes import scope_for
from barnetsbog.directory.models import Professional, Role, Unit
from barnetsbog.record.scope import LoginLevel, Scope

TODAY = date(2026, 11, 25)
People = Callable[[str], Scope]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """It is the day of the stories until a test says how many days later it is."""

    def later(days: int) -> None:
        for module in ("operations", "routing", "forms"):
            monkeypatch.setattr(f"barnetsbog.publishing.{module}.today", lambda: TODAY + timedelta(days))

    later(0)
    return later


@pytest.fixture
def person(today: object) -> People:
    unit = UUID(int=100)
    Unit.objects.create(id=unit, name="Databeskyttelse", parent_id=None, sector="other", phone="")
    roles = {
        "ib": (1, "administrator"),
        "ib again": (1, "administrator"),
        "vera": (2, "administrator"),
        "maja": (3, "teacher"),
    }
    made = {}
    for number, (name, (person_id, code)) in enumerate(roles.items(), 10):
        Professional.objects.get_or_create(id=UUID(int=person_id), defaults={"name": name})
        made[name] = Role.objects.create(
            id=UUID(int=number), professional_id=UUID(int=person_id), unit_id=unit, code=code, title="", phone="",
            active=True,
        ).id  # fmt: skip

    def scope(name: str) -> Scope:
        found = scope_for(made[name], level=LoginLevel.SUBSTANTIAL)
        assert found
        return found

    return scope
