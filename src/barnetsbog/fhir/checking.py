"""The check as others call it: any JSON value in, issues out, never an exception."""

from typing import Any

from barnetsbog.fhir.issues import Issue, Report
from barnetsbog.fhir.structure import check_resource


def check(resource: Any) -> list[Issue]:
    """Everything in which a resource breaks base R4 (structure, types, codes, references, invariants)."""
    return _checked(resource, Report())


def check_bundle_envelope(bundle: Any) -> list[Issue]:
    """A Bundle by itself; the resources in its entries are left to be checked one by one."""
    return _checked(bundle, Report(envelope=True))


def _checked(resource: Any, report: Report) -> list[Issue]:
    if type(resource) is not dict:
        report.error("not-a-resource", None)
        return report
    try:
        check_resource(resource, report, (None, _name(resource), None))
    except RecursionError:
        report.clear()
        report.error("too-deep", (None, _name(resource), None))
    return report


def _name(resource: dict[str, Any]) -> str:
    kind = resource.get("resourceType")
    return kind if type(kind) is str and kind.isidentifier() else "Resource"
