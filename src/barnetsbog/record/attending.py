"""Who comes to an appointment, and who does not. Who has said so here has said so, also when the system that it comes
from sends it again: it knows nothing of the answer, and asks as before. Another time is another question. Pure."""

from typing import Any

from barnetsbog.fhir.own import extension_of, extensions_of, members, reference_of, without
from barnetsbog.kernel.time import parse

Resource = dict[str, Any]

NEVER_HELD = frozenset(("cancelled", "noshow", "entered-in-error"))
"""The statuses of an appointment to which nobody came."""
NOT_AGREED = frozenset(("proposed", "pending"))
"""And of one that is not agreed on (yet)."""
WAITLIST = "waitlist"
"""And of one that has no time."""

_TIME = ("start", "end")
_ASKED = "needs-action"  # participationstatus


def still_coming(sent: Resource, before: Resource) -> Resource | None:
    """An Appointment as its source sends it, with the answers that stood in what it said `before`, and with the time it
    was moved to here where its source still has the one that it was moved from; None where there is nothing to keep."""
    told = {**sent, **_moved(sent, before)}
    if any(told.get(name) != before.get(name) for name in _TIME):
        return None
    given = {reference_of(one.get("actor")): one.get("status", _ASKED) for one in members(before.get("participant"))}
    given.pop("", None)  # whoever is named in words alone has not answered for another who is
    told["participant"] = [_answered(one, given) for one in members(sent.get("participant"))]
    return told if told != sent else None


def _moved(sent: Resource, before: Resource) -> Resource:
    """The time that it was moved to here, and what was said of that."""
    was = extension_of(before, "moved-from")
    start = sent.get("start")
    if not was or not start or parse(str(was))[0] != parse(str(start))[0]:
        return {}
    said = [one for name in ("change-reason", "moved-from") for one in extensions_of(before, name)]
    times = {name: before[name] for name in _TIME if name in before}
    return {**times, "extension": [*without(sent, "change-reason", "moved-from"), *said]}


def _answered(one: Resource, given: dict[str, Any]) -> Resource:
    answer = given.get(reference_of(one.get("actor")), _ASKED)
    return {**one, "status": answer} if one.get("status", _ASKED) == _ASKED != answer else one
