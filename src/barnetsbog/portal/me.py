"""Who a page is for, as its menu and its head need to know."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Me:
    name: str
    unit: str
    organisation: str
    family: bool
    is_child: bool
    may: frozenset[str]
    works_with_children: bool = False
    """Has a use for a work list: an overseer and an administrator do not."""
    young: bool = False
    """A child who reads with a grown-up: large pages with pictures."""
    carer: bool = False
    """A foster carer."""
    adult: bool = False
    """Whose book it is, and grown up: no parent answers, or is told."""
