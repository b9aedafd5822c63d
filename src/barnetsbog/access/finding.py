"""Finding a child that one works with: by person number, or by exact name and birth date, with a reason.

There is no free browsing. A child that the asker may not know of and one that does not exist are the same answer, by
the same queries, and both are logged with what was searched for (as a digest: ADR 7).
"""

from datetime import date
from typing import Any
from uuid import UUID

from barnetsbog.audit.model import Sought
from barnetsbog.audit.operations import name_searched, number_searched
from barnetsbog.directory import queries as directory
from barnetsbog.fhir import folded
from barnetsbog.kernel.cpr import normalise
from barnetsbog.record.scope import Scope

from .reading import open_book


def find_by_number(scope: Scope, number: str, reason: str, more: str = "") -> list[UUID]:
    """The child with this person number, if the asker may know of it. At most one. `more`: why, in their words."""
    found = directory.child_by_number(normalise(number))
    return _opened(scope, [found] if found else [], reason, more, number_searched(number))


def find_by_name(scope: Scope, name: str, born: date, reason: str, more: str = "") -> list[UUID]:
    """The children with exactly this name and birth date that the asker may know of."""
    found = directory.children_by_name(folded(name), born)
    return _opened(scope, found, reason, more, name_searched(name, born.isoformat()))


def _opened(scope: Scope, found: list[UUID], reason: str, more: str, sought: Sought) -> list[UUID]:
    shown: list[UUID] = []
    told: dict[str, Any] = {"why": reason} | ({"more": more} if more else {})
    with open_book(scope, "search", **sought._asdict(), **told, found=shown) as book:
        mine = set(book.children())
        shown += [child for child in found if child in mine]
    return shown
