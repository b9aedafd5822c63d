"""The routing rules in use (ADR 10)."""

import logging
from functools import lru_cache

from barnetsbog.audit.model import Action
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.record.instance import today
from barnetsbog.routing.loading import standard, with_local
from barnetsbog.routing.rulebook import Rulebook

from .chains import Chain
from .models import RoutingDecision, RoutingDraft

log = logging.getLogger(__name__)

ROUTING = Chain(RoutingDraft, RoutingDecision, Action.ROUTING_RULES, must_hold=with_local)


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
