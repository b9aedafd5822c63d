"""What the terminology operations share (FHIR R4 §4.7): codes as they are given, and what is said of what isn't
loaded."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from barnetsbog.fhir.own import members
from barnetsbog.fhir.terminology import Verdict
from barnetsbog.kernel.sentences import say

from .. import defined
from ..judging import require_scope
from ..model import Answer, Ask
from ..outcomes import fault
from .inputs import Inputs, part, told


class Coding(NamedTuple):
    system: str
    code: str
    display: str = ""
    version: str = ""


def asked_of(ask: Ask, kind: str, ident: str, given: Inputs, name: str) -> str:
    """The address of the definition that is asked about: the one in the path, or the one that is named."""
    require_scope(ask.who, kind, "r")
    if not ident:
        return given.text(name)
    return defined.one(kind, ident).canonical


def codings(given: Inputs, system: str = "") -> list[Coding]:
    """What is asked about, as `code` (of `system`), `coding` or `codeableConcept`: one of them."""
    coding, concept = given.object("coding"), given.object("codeableConcept")
    code = given.text("code")
    if sum(1 for one in (code, coding, concept) if one) != 1:
        text = say(
            "Giv én af parametrene code, coding og codeableConcept.",
            "Give one of the parameters code, coding and codeableConcept.",
        )
        raise fault(400, "required", text, "http.code")
    if code:
        url, _, version = (given.text("system") or system).partition("|")
        return [Coding(url, code, given.text("display"), version)]
    some = [coding] if coding else list(members((concept or {}).get("coding")))
    found = [Coding(*(str(one.get(name, "")) for name in Coding._fields)) for one in some]
    if not found or not all(one.code for one in found):
        text = say("Der mangler en kode.", "A code is missing.")
        raise fault(400, "required", text, "http.coding" if coding else "http.codeableConcept")
    return found


def with_system(found: Iterable[Coding]) -> list[Coding]:
    """Those codes, each of which must say of which system it is."""
    some = list(found)
    if not all(one.system for one in some):
        text = say("Skriv, hvilket kodesystem koden er fra.", "Say which code system the code is of.")
        raise fault(400, "required", text, "http.system")
    return some


def not_loaded(urls: Sequence[object], kind: str) -> Exception:
    """What is asked about isn't here: it may exist all the same."""
    text = say(
        "Er ikke indlæst her: {0}. Se {1} for dem, der er.",
        "Not loaded here: {0}. See {1} for those that are.",
        ", ".join(map(str, urls)),
        kind,
    )
    return fault(404, "not-found", text)


def half(urls: Sequence[str]) -> Exception:
    text = say(
        "Det kan ikke siges, for det bygger på noget, som ikke er indlæst: {0}.",
        "That cannot be told, for it is built on something that is not loaded: {0}.",
        ", ".join(urls),
    )
    return fault(422, "not-supported", text)


def verdict(ask: Ask, found: Verdict) -> Answer:
    """Whether a code is right, as Parameters. What can't be told is an error, and no no."""
    if found.result is None:
        raise half(found.missing)
    some = [part("result", "Boolean", found.result)]
    some += [part("message", "String", found.message.spoken(ask.language))] if found.message else []
    some += [part("display", "String", found.display)] if found.display else []
    return told(*some)


def first_right(verdicts: Sequence[Verdict]) -> Verdict:
    """Of several codings of one concept it is enough that one is right."""
    return next((one for one in verdicts if one.result), next((v for v in verdicts if v.result is None), verdicts[0]))
