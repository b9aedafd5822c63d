"""Whether somebody's words can be kept exactly as they are: they are never cut and never altered. Pure."""

from enum import StrEnum
from typing import NamedTuple

from .primitives import fault

ODD_SIGN = "Der er et tegn i teksten, som ikke kan gemmes. Skriv det igen."


class Fault(StrEnum):
    EMPTY = "empty"
    LONG = "long"
    SIGNS = "signs"


class Unfit(NamedTuple):
    """What is wrong with a text, and what is said of it."""

    fault: Fault
    reason: str


def unfit(text: str, longest: int, missing: str = "") -> Unfit | None:
    """What is wrong with a text; None when it can be kept. It says something (else `missing` is said), has no more than
    `longest` characters, and FHIR has a place for each sign (R4 §2.24)."""
    if not text.strip():
        return Unfit(Fault.EMPTY, missing)
    if len(text) > longest:
        return Unfit(Fault.LONG, f"Det er for langt. Der er plads til {longest} tegn, og der står {len(text)}.")
    if fault("string", text):
        return Unfit(Fault.SIGNS, ODD_SIGN)
    return None
