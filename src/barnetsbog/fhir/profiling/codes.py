"""Codes in a resource: whether they come from the value set that a profile binds to, and whether they exist."""

from collections.abc import Iterator
from typing import Any

from barnetsbog.fhir.issues import Chain
from barnetsbog.fhir.packages.library import Loaded, is_behind, is_meant
from barnetsbog.fhir.packages.model import Json
from barnetsbog.fhir.primitives import shown
from barnetsbog.fhir.profiling.run import Check, Item, Run
from barnetsbog.fhir.terminology.model import Missing
from barnetsbog.fhir.terminology.service import Terminology
from barnetsbog.fhir.threefold import either

_QUANTITIES = ("Quantity", "Age", "Count", "Distance", "Duration", "MoneyQuantity", "SimpleQuantity")
_BOUND = frozenset(("code", "Coding", "CodeableConcept", "string", "uri", "url", "canonical", *_QUANTITIES))
"""The types that a binding says anything of (ElementDefinition, eld-11): of a choice, only these must keep to it."""


def codings(value: Any) -> Iterator[tuple[str | None, str]]:
    """The system and code of everything in a value that is a code. A plain text has no system."""
    if type(value) is str:
        yield None, value
    elif type(value) is dict:
        if type(value.get("code")) is str:
            yield str(value.get("system", "")), value["code"]
        inner = value.get("coding")
        for one in inner if type(inner) is list else ():
            if type(one) is dict and type(one.get("code")) is str:
                yield str(one.get("system", "")), one["code"]


def in_value_set(
    terms: Terminology, canonical: str, within: Loaded | None, value: Any, missing: Missing
) -> bool | None:
    """Whether any code of a value is in a value set; None when it can't be told."""
    return either(terms.contains(canonical, system, code, within, missing) for system, code in codings(value))


def binding_check(terms: Terminology, profile: str, canonical: str, within: Loaded, *, required: bool) -> Check:
    """A required binding that isn't kept is an error, an extensible one a warning: another code may be right there."""

    def check(item: Item, run: Run) -> None:
        value = item.value
        if value is None or (item.kind and item.kind not in _BOUND):
            return
        if type(value) is dict and not required and not any(codings(value)):
            return
        missing = Missing()
        inside = in_value_set(terms, canonical, within, value, missing)
        if inside is None and required:
            for url in missing.urls:
                not_loaded(run, item.chain, "terminology-not-loaded", url)
        elif inside is False:
            told = ", ".join(shown(code) for _, code in codings(value)) or "-"
            if required:
                run.error("profile-binding", item.chain, profile, canonical, told)
            else:
                run.report.warning("profile-binding-extensible", item.chain, profile, canonical, told)

    return check


def not_loaded(run: Run, chain: Chain, rule: str, url: str, *more: str) -> None:
    """Told once a resource."""
    if (url, *more) not in run.unknown:
        run.unknown.add((url, *more))
        run.report.warning(rule, chain, url, *more)


def coding_check(terms: Terminology, coding: Json, chain: Chain, run: Run, within: Loaded | None) -> None:
    """Whether a code of a system that is loaded as a whole is one of its codes, and is called by one of its names.
    Names change from version to version, so one of another version than was meant is a warning."""
    system, code, display = coding["system"], coding["code"], coding.get("display")
    version = str(coding.get("version", ""))
    known = terms.code_system(system, version, within)
    if known is None or type(code) is not str:
        return
    other = not known.is_version(version)
    meant = not other and is_meant(known.package, within)
    if not meant:
        not_loaded(run, chain, "codes-other-version", f"{system}|{version}" if other else system)
    concept = known.find(code)
    if concept is None:
        if known.complete and not other and not is_behind(known.package, within):
            run.error("code-unknown", chain, shown(code), system)
    elif type(display) is str and concept.display and not concept.is_called(display):
        tell = run.error if meant else run.report.warning
        tell("display-wrong", chain, shown(display), shown(code), concept.display)
