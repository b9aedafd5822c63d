"""What searches may ask of codes: of the packages that are loaded in this instance."""

from collections.abc import Collection

from barnetsbog.fhir.terminology import NotLoaded, Terminology
from barnetsbog.intake.profiled import definitions_in_use


def terminology() -> Terminology:
    return definitions_in_use().profiles.terms


class LoadedTerms:
    """Value sets and code systems of loaded packages (`conditions.Terms`). `terms`: others than those in use."""

    def __init__(self, terms: Terminology | None = None) -> None:
        self._given = terms

    @property
    def _terms(self) -> Terminology:
        """Opened when the first search asks of codes; most don't."""
        return self._given or terminology()

    def members(self, value_set: str) -> Collection[tuple[str, str]] | None:
        """The (system, code) of a value set. One that builds on what is not loaded is not known: with half of it `:in`
        would find too little and `:not-in` too much."""
        try:
            found = self._terms.expand(value_set)
        except NotLoaded:
            return None
        return None if found.missing else [(one.system, one.code) for one in found.concepts]

    def related(self, system: str, code: str, *, above: bool) -> Collection[str] | None:
        """The code itself and everything above it, or under it."""
        known = self._terms.code_system(system)
        if known is None:
            return None
        return [code, *(known.ancestors(code) if above else known.descendants(code))]


IN_USE = LoadedTerms()
