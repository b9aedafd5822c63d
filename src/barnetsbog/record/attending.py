"""Who comes to an appointment, and who does not. Who has said so here has said so, also when the system that it comes
from sends it again: it knows nothing of the answer, and asks as before. Another time is another question. Pure."""

from typing import Any

from barnetsbog.fhir.own import members, reference_of

Resource = dict[str, Any]

NEVER_HELD = frozenset(("cancelled", "noshow", "entered-in-error"))
"""The statuses of an appointment to which nobody came."""
NOT_AGREED = frozenset(("proposed", "pending"))
"""And of one that is not agreed on (yet)."""
WAITLIST = "waitlist"
"""And of one that has no time."""

_ASKED = "needs-action"  # participationstatus


def still_coming(sent: Resource, before: Resource) -> Resource | None:
    """An Appointment as its source sends it, with the answers that stood in what it said `before`; None where there are
    none to keep."""
    if any(sent.get(name) != before.get(name) for name in ("start", "end")):
        return None
    given = {reference_of(one.get("actor")): one.get("status", _ASKED) for one in members(before.get("participant"))}
    given.pop("", None)  # whoever is named in words alone has not answered for another who is
    people = [_answered(one, given) for one in members(sent.get("participant"))]
    return {**sent, "participant": people} if people != sent.get("participant") else None


def _answered(one: Resource, given: dict[str, Any]) -> Resource:
    answer = given.get(reference_of(one.get("actor")), _ASKED)
    return {**one, "status": answer} if one.get("status", _ASKED) == _ASKED != answer else one
