"""What is kept of the directory in memory is true: it is asked for anew as soon as anything in the directory changes."""

from uuid import UUID

import pytest
from django.db import transaction

from barnetsbog.directory.models import Role, Unit
from barnetsbog.directory.queries import acting, edition, elsewhere
from barnetsbog.kernel.ids import new_id
from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES


@pytest.fixture
def town(database: str) -> UUID:
    return _unit("Eksempelby Kommune", "other")


@pytest.fixture
def role(town: UUID) -> UUID:
    ident = new_id()
    Role.objects.create(
        id=ident, professional_id=None, unit_id=_unit("PPR", "ppr", town), code="ppr-psychologist", title="Psykolog",
        phone="", active=True,
    )  # fmt: skip
    return ident


def _unit(name: str, sector: str, parent: UUID | None = None) -> UUID:
    ident = new_id()
    Unit.objects.create(id=ident, name=name, parent_id=parent, sector=sector, phone="")
    return ident


def test_a_role_that_ends_ends_at_once(role: UUID) -> None:
    before = acting(role)
    assert before and before.role.active
    Role.objects.filter(id=role).update(active=False)
    after = acting(role)
    assert after and not after.role.active


def test_a_role_that_is_gone_is_nobodys(role: UUID) -> None:
    assert acting(role)
    Role.objects.filter(id=role).delete()
    assert acting(role) is None


def test_a_unit_of_another_town_is_elsewhere_as_soon_as_it_is_there(role: UUID) -> None:
    assert acting(role).elsewhere == frozenset()  # type: ignore[union-attr]
    other = _unit("Nabokøbing Kommune", "other")
    ppr = _unit("Nabokøbing PPR", "ppr", other)
    assert acting(role).elsewhere == {other, ppr}  # type: ignore[union-attr]


def test_a_change_that_is_undone_leaves_nothing_behind(role: UUID, town: UUID) -> None:
    first = edition()
    assert acting(role)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        other = _unit("Nabokøbing Kommune", "other")
        ppr = _unit("Nabokøbing PPR", "ppr", other)
        assert elsewhere(town) == {other, ppr}
        1 / 0  # noqa: B018
    assert edition() == first
    assert elsewhere(town) == frozenset()
    # and what comes next is not taken for what was undone
    third = _unit("Fjernby Kommune", "other")
    family = _unit("Familieafdelingen", "family_dept", third)
    assert elsewhere(town) == {third, family}


def test_nothing_changes_by_itself(role: UUID) -> None:
    assert edition() == edition()
    assert acting(role) is acting(role)
