"""Keeping the grants in step with what they follow from."""

from uuid import UUID

from django.db import connection

from barnetsbog.record.fields import for_database
from barnetsbog.record.models import Grant

from . import rules


def care_changed(
    *, child_id: UUID, unit_id: UUID | None, basis_id: UUID, status: str | None, start: str | None, end: str | None
) -> None:
    """Recomputes the grant that follows from one care relation, in the caller's transaction."""
    ids = [for_database(child_id, connection), for_database(basis_id, connection)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_grant WHERE child_id = %s AND basis_id = %s", ids)
    period = rules.opened_by_care(status, start, end)
    if period and unit_id:
        Grant.objects.create(
            child_id=child_id,
            unit_id=unit_id,
            basis_id=basis_id,
            basis=rules.CARE,
            valid_from=period.start,
            valid_to=period.end,
        )
