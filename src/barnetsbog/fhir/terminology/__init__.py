"""Terminology out of loaded packages: value sets, code systems, concept maps. Pure, typed, and without a network."""

from barnetsbog.fhir.terminology.aliases import normalised_system
from barnetsbog.fhir.terminology.model import (
    Concept,
    Designation,
    Expansion,
    NotFound,
    NotLoaded,
    Translation,
    Verdict,
    no_such_code,
)
from barnetsbog.fhir.terminology.service import Terminology

__all__ = [
    "Concept",
    "Designation",
    "Expansion",
    "NotFound",
    "NotLoaded",
    "Terminology",
    "Translation",
    "Verdict",
    "no_such_code",
    "normalised_system",
]
