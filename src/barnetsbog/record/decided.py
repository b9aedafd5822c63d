"""What its receiver has answered to a referral stands, also when the system that it comes from sends it again: it knows
nothing of the answer. Pure."""

from typing import Any

from barnetsbog.fhir.own import extension_of, extensions_of, without

Resource = dict[str, Any]

STATE = "referral-state"
SAID_HERE = (
    STATE, "suspicion", "gap", "sent-at", "accepted-by", "ball-of", "tried", "route-override", "move-reason",
    "alternative",
)  # fmt: skip
"""The extensions in which this book says how a referral stands."""
STEP = ("move", "moved-by")
"""Those that say what was done in one version."""
_OVER = frozenset(("revoked", "completed", "entered-in-error"))


def still_decided(sent: Resource, before: Resource) -> Resource | None:
    """A ServiceRequest as its source sends it, with how it stands here and who has it (`before`); None where nobody has
    done anything with it here. That it is over is for its source to say, too."""
    status = sent.get("status")
    over = status == "entered-in-error" or (status in _OVER and before.get("status") not in _OVER)
    if over or extension_of(before, STATE) is None or extension_of(sent, STATE) is not None:
        return None
    kept = {name: before[name] for name in ("status", "performer") if name in before}
    ours = [one for name in SAID_HERE for one in extensions_of(before, name)]
    return sent | kept | {"extension": [*without(sent, *SAID_HERE, *STEP), *ours]}
