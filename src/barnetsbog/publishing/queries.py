"""The rules in use, and the history of how they came to be."""

import logging
from functools import lru_cache

from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.record.instance import today
from barnetsbog.routing.loading import standard, with_local
from barnetsbog.routing.rulebook import Rulebook

from .model import Decided, Draft
from .models import RoutingDecision, RoutingDraft

log = logging.getLogger(__name__)


def drafts() -> list[Draft]:
    """Every draft there ever was with what became of it, the oldest first."""
    decisions = {
        row.draft: Decided(row.at, row.role_id, row.person_id, row.approved, row.valid_from, row.remark)
        for row in RoutingDecision.objects.all()
    }
    return [
        Draft(
            row.number, row.at, row.role_id, row.person_id, row.content, row.submitted, row.valid_from, row.why,
            decisions.get(row.number),
        )
        for row in RoutingDraft.objects.order_by("number")
    ]  # fmt: skip


def rules_in_use() -> Rulebook:
    """The rules that are in force today. A version that no longer fits the program's own rules, after an update, is not
    used: the program's rules are, and the administrator's page says so."""
    begun = RoutingDecision.objects.filter(approved=True, valid_from__lte=today())
    number = begun.order_by("-draft").values_list("draft", flat=True).first()
    if number is None:
        return standard()
    try:
        return _book(number, RoutingDraft.objects.values_list("content", flat=True).get(number=number))
    except LawFileError:
        log.exception("version %s of the routing rules can't be used", number)
        return standard()


@lru_cache(maxsize=4)
def _book(number: int, content: str) -> Rulebook:
    return with_local(content)
