"""Danish personal identification numbers (CPR).

Numbers that fail modulus 11 have been issued since 2007 and are valid (cpr.dk, "Personnumre uden kontrolciffer"), so
the check digit yields a warning and never a refusal. The demonstration has a series of its own that no real person
can have: day + 60 and a running number 99xx. Such a number must never reach a live system, and a real number must
never be stored in a demonstration.
"""

import re
from datetime import date

CPR_SYSTEM = "urn:oid:1.2.208.176.1.2"
DEMO_SYSTEM = "https://barnetsbog.example/fhir/identifier/demo-cpr"
REPLACEMENT_SYSTEMS = (
    "urn:oid:1.2.208.176.1.6.1.1",
    "urn:oid:1.2.208.176.1.6.1.3",
    *(f"urn:oid:1.2.208.176.1.6.1.3.{region}" for region in (177, 179, 181, 183, 187)),
)
"""X-eCPR and D-eCPR (national and regional): temporary numbers for people without a CPR number."""

PERSON_NUMBER_SYSTEMS = frozenset((CPR_SYSTEM, DEMO_SYSTEM, *REPLACEMENT_SYSTEMS))

_SHAPE = re.compile(r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d\d[0-9A-Z]{4}", re.ASCII)
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DEMO = re.compile(r"(?:6[1-9]|[78]\d|9[01])(?:0[1-9]|1[0-2])\d\d99\d\d")


def normalise(text: str) -> str:
    """Ten digits without dash or space; letters (replacement numbers) in upper case."""
    return re.sub(r"[\s-]", "", text).upper()


def looks_like_one(text: str) -> bool:
    """Whether something could be a person number, a replacement number or one of the demonstration's."""
    return bool(_SHAPE.fullmatch(normalise(text)))


def passes_modulus_11(number: str) -> bool:
    """Whether the check digit fits. False says nothing about whether the number is real."""
    return (
        number.isdecimal()
        and len(number) == 10
        and sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=True)) % 11 == 0
    )


def is_demo_number(number: str) -> bool:
    """Whether the number is of the fictitious series (day 61-91, running number 99xx)."""
    return bool(_DEMO.fullmatch(normalise(number)))


def demo_birth_date(number: str) -> date:
    """The birth date a fictitious number speaks of; children only, so always this century."""
    digits = normalise(number)
    return date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]) - 60)


def masked(number: str) -> str:
    """A number as it may stand in messages and logs: birth date only."""
    return f"{normalise(number)[:6]}-xxxx"
