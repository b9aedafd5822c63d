"""Decisions: what a rule answers.

A rule never raises and never returns a bare yes or no. It returns what it decided, why, and the ids of the rules it
used; page, interface and enforcement all use that same answer.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Outcome
    reason: str
    rules: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.ALLOWED


class Refused(ValueError):
    """It can't be done: why, in Danish, and the rules that say so. Nothing was stored."""

    def __init__(self, reason: str, rules: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason, self.rules = reason, rules


def allow(reason: str, *rules: str) -> Decision:
    return Decision(Outcome.ALLOWED, reason, rules)


def refuse(reason: str, *rules: str) -> Decision:
    return Decision(Outcome.REFUSED, reason, rules)


def require(decision: Decision) -> None:
    """Raises `Refused` with the decision's reason, unless it allows."""
    if not decision.allowed:
        raise Refused(decision.reason, decision.rules)


class NotFound(LookupError):
    """There is no such thing, or the asker may not know of it. The two are the same answer."""


class Conflict(RuntimeError):
    """Somebody else changed it first. Nothing was stored; both versions can be shown."""


class LogDown(RuntimeError):
    """The log can't be written, so what should have stood in it does not happen: no line, no read."""
