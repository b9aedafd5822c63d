"""FHIR R4 4.0.1 as a pure library: the base check and the reading of search values, both compiled from the definitions.

It knows no storage, no web, no clock and no network. `check` says what is wrong with a resource, in plain Danish or
English; `extract` reads out what it can be found by; `references` lists the references in it.
"""

from barnetsbog.fhir.checking import check, check_bundle_envelope
from barnetsbog.fhir.definitions import resource_types
from barnetsbog.fhir.issues import Issue
from barnetsbog.fhir.references import references
from barnetsbog.fhir.searching import SearchRows, extract, folded, narrowed, parameter_code, search_parameters

__all__ = [
    "Issue",
    "SearchRows",
    "check",
    "check_bundle_envelope",
    "extract",
    "folded",
    "narrowed",
    "parameter_code",
    "references",
    "resource_types",
    "search_parameters",
]
