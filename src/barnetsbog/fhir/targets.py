"""Where a reference leads: the type that its address names, and whether it may lead there."""

import re
from typing import Any

from barnetsbog.fhir.definitions import resource_types
from barnetsbog.fhir.issues import Chain, Report

_ADDRESS = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?$")


def target_type(reference: str) -> str | None:
    """The resource type in an address; None when it does not say (a urn, a search, an unknown form)."""
    kind, slash, rest = reference.partition("/")
    if slash and "/" not in rest and kind in resource_types():
        return kind
    found = _ADDRESS.search(reference)
    return found[1] if found and found[1] in resource_types() else None


def reference_issue(value: dict[str, Any], report: Report, chain: Chain, targets: frozenset[str]) -> None:
    """Whether a Reference leads to a type that this place allows."""
    reference = value["reference"]
    if type(reference) is not str:
        return
    allowed = frozenset() if "Resource" in targets else targets
    if reference.startswith("#"):
        report.local.append((reference, chain, allowed))
        return
    kind = target_type(reference)
    if kind and allowed and kind not in allowed:
        report.error("reference-target", chain, kind, ", ".join(sorted(allowed)))
    stated = value.get("type")
    if kind and type(stated) is str and stated in resource_types() and stated != kind:
        report.error("reference-type", chain, stated, kind)
