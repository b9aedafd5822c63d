"""Profiles: whether a resource keeps to the StructureDefinitions of loaded packages. Pure; compiled at first use."""

from barnetsbog.fhir.profiling.checking import Found, Profiles

__all__ = ["Found", "Profiles"]
