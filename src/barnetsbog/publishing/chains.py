"""What is published in versions, and the history of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from barnetsbog.audit.model import Action

from .model import Decided, Draft
from .models import DecisionRow, DraftRow


@dataclass(frozen=True, slots=True)
class Chain:
    """`must_hold` raises `LawFileError` when a content may not be used; `on_approved` does what follows when one
    becomes a version (its number, its content, its first day), in the same transaction."""

    draft: type[DraftRow]
    decision: type[DecisionRow]
    action: Action
    must_hold: Callable[[str], object]
    on_approved: Callable[[int, str, date], None] = lambda number, content, day: None


def history(chain: Chain) -> list[Draft]:
    """Every draft there ever was with what became of it, the oldest first. Each holds everything that the instance has
    changed, so what they say is not read: there is a draft for each time that anybody saved."""
    decisions = {
        row.draft: Decided(row.at, row.role_id, row.person_id, row.approved, row.valid_from, row.remark)
        for row in chain.decision._default_manager.all()
    }
    return [
        Draft(
            row.number, row.at, row.role_id, row.person_id, row.submitted, row.valid_from, row.why,
            decisions.get(row.number),
        )
        for row in chain.draft._default_manager.defer("content").order_by("number")
    ]  # fmt: skip


def content_of(chain: Chain, number: int) -> str:
    """What a draft says; nothing is changed in number 0, which is as the program comes."""
    return chain.draft._default_manager.values_list("content", flat=True).get(number=number) if number else ""
