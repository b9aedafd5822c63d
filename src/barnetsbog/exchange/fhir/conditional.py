"""What a write is made conditional by (FHIR R4 §3.1.0.5.2, §3.1.0.7.1): versions, and criteria that choose."""

import re
from uuid import UUID

from barnetsbog.kernel.sentences import say

from .model import Ask
from .outcomes import Fault, Problem, fault
from .serving import etag

_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
"""An entity tag (RFC 9110 §8.8.3)."""
STALE = say(
    "Nogen har ændret den imens. Hent den, som den er nu, og prøv igen. Intet er gemt.",
    "Somebody has changed it meanwhile. Fetch it as it is now, and try again. Nothing is stored.",
)
BEATEN = say(
    "Andre blev ved med at ændre det samme imens. Intet er gemt. Prøv igen.",
    "Others kept changing the same meanwhile. Nothing is stored. Try again.",
)
MANY = say(
    "Betingelsen passer på flere. Sig mere, så der kun er én.",
    "The criteria fit several. Say more, so that there is one only.",
)


NOT_THERE = say(
    "Der er ingen, som betingelsen og If-Match passer på. Intet er gemt.",
    "There is none that the criteria and If-Match fit. Nothing is stored.",
)
THERE = say(
    "Den er der allerede (If-None-Match). Intet er gemt.", "It is there already (If-None-Match). Nothing is stored."
)
ONLY_ANY = say(
    "Når der skrives, kan If-None-Match kun være *. Brug If-Match.",
    "In a write If-None-Match can be * only. Use If-Match.",
)


def expected(ask: Ask) -> str | None:
    """The version of `If-Match`; None when nothing is said."""
    given = ask.header("if-match").strip()
    if not given or given == "*":
        return None
    found = _TAG.fullmatch(given)
    if not found:
        text = say(
            'If-Match skal være en version, som den står i svarets ETag: W/"...".',
            'If-Match must be a version as the answer\'s ETag says it: W/"...".',
        )
        raise fault(400, "invalid", text, "http.if-match")
    return found[1]


def names_version(given: str, version: str) -> bool:
    """Whether a version is among those of `If-None-Match`. They are compared weakly (RFC 9110 §13.1.2): some send the
    tag without its W/."""
    return given.strip() == "*" or version in _TAG.findall(given)


def if_missing(ask: Ask, kind: str) -> str:
    """The criteria of `If-None-Exist`. Many send the address before them, and so does an example of HL7's own."""
    given = ask.header("if-none-exist")
    address, mark, criteria = given.partition("?")
    return criteria if mark and address.removeprefix(f"{ask.base}/") in ("", kind) else given


def require_met(ask: Ask, *, there: bool) -> None:
    """What a write that replaces one, or creates it, is allowed by (RFC 9110 §13.1.1, §13.1.2): with `If-Match`
    something must be there, with `If-None-Match: *` nothing may be."""
    if ask.header("if-match").strip() and not there:
        raise fault(412, "conflict", NOT_THERE, "http.if-match")
    given = ask.header("if-none-match").strip()
    if given and given != "*":
        raise fault(400, "not-supported", ONLY_ANY, "http.if-none-match")
    if given and there:
        raise fault(412, "conflict", THERE, "http.if-none-match")


class Overtaken(Fault):
    """What criteria chose is not what is there any more: it is chosen anew, or tried again."""


def overtaken() -> Overtaken:
    return Overtaken(409, (Problem("conflict", BEATEN),))


def stale(version: str) -> Fault:
    return fault(412, "conflict", STALE, "http.if-match", ETag=etag(version))


def many() -> Fault:
    return fault(412, "multiple-matches", MANY)


def one(ids: list[UUID]) -> UUID | None:
    """The one that criteria choose; None when there is none. Several are one too many."""
    if len(ids) > 1:
        raise many()
    return ids[0] if ids else None
