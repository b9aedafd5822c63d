"""Searches by value sets and hierarchies, of what is loaded."""

from barnetsbog.exchange.fhir.terms import LoadedTerms
from barnetsbog.fhir.packages import Library
from barnetsbog.fhir.terminology import Terminology
from tests.packages import COLOURS, HERE, colours, package, value_set


def test_what_is_loaded_is_known_and_half_of_it_is_not() -> None:
    half = value_set("half", {"system": COLOURS}, {"system": "http://not-loaded"})
    terms = LoadedTerms(Terminology(Library.of(package(*colours(), half))))
    members = terms.members(f"{HERE}/ValueSet/colours")
    assert members and (COLOURS, "crimson") in members
    assert terms.members(f"{HERE}/ValueSet/half") is None and terms.members(f"{HERE}/ValueSet/none") is None
    assert set(terms.related(COLOURS, "crimson", above=True) or ()) == {"crimson", "red"}
    assert {"red", "crimson"} <= set(terms.related(COLOURS, "red", above=False) or ())
    assert terms.related("http://not-loaded", "a", above=True) is None
