"""Reading a request and shaping an answer: formats, sizes, `Prefer`, `_pretty`, `_elements`, `_summary` (R4 §3.1.0).

JSON is the only format. A body is taken plain, with its length told beforehand: compressed or chunked ones, and shapes
that a proxy and a server could read in two ways (RFC 9112 §11.2), are refused before anything of them is read.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import orjson
from django.http import HttpRequest

from barnetsbog.fhir import selecting
from barnetsbog.intake.preparing import parsed
from barnetsbog.kernel import exact
from barnetsbog.kernel.cpr import PERSON_NUMBER_SYSTEMS, looks_like_one
from barnetsbog.kernel.sentences import say, sentence_of

from .asking import Pair
from .model import Answer, Ask, Resource
from .outcomes import Fault, fault, told, well

JSON, JSON_PATCH, FORM = "application/fhir+json", "application/json-patch+json", "application/x-www-form-urlencoded"
NDJSON = "application/fhir+ndjson"
_AS_JSON = frozenset((JSON, "application/json", "text/json", "json"))
_READ_AS_JSON = frozenset((JSON, "application/json", "text/json"))
AS_LINES = frozenset((NDJSON, "application/ndjson", "application/x-ndjson", "ndjson"))
_ANY = frozenset(("*/*", "application/*", "text/*"))

LARGEST = 16 * 1024 * 1024
"""Bytes of one body."""
MOST_PARAMETERS = 200
"""Parameters in one address or form."""
LONGEST_ADDRESS = 16 * 1024
LONGEST_FORM = 256 * 1024
"""Characters as they are sent: room for every search that is answered (`asking.LONGEST`), whatever its letters are."""
NUMBER_IN_ADDRESS = say(
    "Et CPR-nummer må ikke stå i en adresse: adresser bliver skrevet ned undervejs. Søg med POST _search, eller send "
    "forespørgslen i en Bundle.",
    "A person number must not stand in an address: addresses are written down on the way. Search by POST _search, or "
    "send the request in a Bundle.",
)
NOT_UTF_8 = say("Parametrene er ikke UTF-8.", "The parameters are not UTF-8.")
SAVED = say("Gemt.", "Stored.")

Shape = Callable[[Resource], Resource]


# -- what is asked -----------------------------------------------------------------------------------------------------


def steps(path: str) -> tuple[str, ...]:
    """The steps of an address. A stroke at its end changes nothing: criteria were once written behind one."""
    plain = path.removesuffix("/")
    return tuple(plain.split("/")) if plain else ()


def pairs_of(sent: str) -> list[Pair]:
    """The parameters of what is sent in a body: a form, or an address or criteria in a Bundle."""
    if len(sent) > LONGEST_FORM:
        text = say(
            "Søgningen er længere end {0} tegn. Del den op.",
            "The search is longer than {0} characters. Divide it.",
            LONGEST_FORM,
        )
        raise fault(413, "too-long", text)
    try:
        return parse_qsl(sent, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except UnicodeDecodeError:
        raise fault(400, "invalid", NOT_UTF_8) from None
    except ValueError:
        text = say("Der er flere end {0} parametre.", "There are more than {0} parameters.", MOST_PARAMETERS)
        raise fault(400, "too-long", text) from None


def of_form(body: bytes) -> list[Pair]:
    """The parameters of a form. Letters may stand as they are, or as % and two digits."""
    try:
        return pairs_of(body.decode())
    except UnicodeDecodeError:
        raise fault(400, "invalid", NOT_UTF_8) from None


def of_address(request: HttpRequest) -> list[Pair]:
    """The parameters of the address of a request, in which no person number may stand (ASVS 14.2.1). What is no ASCII
    in it comes byte by byte (WSGI, PEP 3333)."""
    sent = request.META.get("QUERY_STRING", "")
    if len(sent) > LONGEST_ADDRESS:
        text = say(
            "Adressen er længere end {0} tegn. Brug POST _search.",
            "The address is longer than {0} characters. Use POST _search.",
            LONGEST_ADDRESS,
        )
        raise fault(414, "too-long", text)
    pairs = of_form(sent.encode("latin-1"))
    for name, value in pairs:
        if any(_is_person_number(name, one) for one in value.split(",")):
            raise fault(400, "not-supported", NUMBER_IN_ADDRESS, f"http.{name}")
    return pairs


def _is_person_number(name: str, value: str) -> bool:
    """By its system; or by its looks, where it is asked for by a number of no system."""
    system, _, number = value.rpartition("|")
    bare = "identifier" in name and (not system or name.endswith(":of-type"))
    return bool(number) and (system in PERSON_NUMBER_SYSTEMS or (bare and looks_like_one(number)))


def wants_json(accept: str, wanted: str) -> bool:
    """Whether JSON is among what is asked for. `_format` goes before `Accept`."""
    if wanted:
        return _plain(wanted) in _AS_JSON and is_r4(wanted)
    ranges = [one.partition(";") for one in accept.split(",") if one.strip()]
    kept = [name.strip().lower() for name, _, more in ranges if "q=0" not in _parameters(more) and is_r4(more)]
    return not ranges or any(name in _READ_AS_JSON or name in _ANY for name in kept)


def _parameters(more: str) -> list[str]:
    """What stands behind a content type."""
    return more.replace(" ", "").replace('"', "").lower().split(";")


def is_r4(more: str) -> bool:
    """Whether a content type speaks of this version of FHIR, or of none (R4 §2.21.0.1, fhirVersion)."""
    said = [one.partition("=")[2] for one in _parameters(more) if one.startswith("fhirversion=")]
    return all(one in ("4.0", "4.0.1") for one in said)


def require_json(accept: str, wanted: str) -> None:
    if not wants_json(accept, wanted):
        text = say("Svar gives kun som {0}.", "Answers are given as {0} only.", JSON)
        raise fault(406, "not-supported", text, "http._format" if wanted else "http.accept")


def wants_lines(ask: Ask) -> bool:
    """Whether resources are asked for line by line. `_outputFormat` and `_format` go before `Accept`. In a Bundle
    everything is JSON."""
    if ask.place:
        return False
    wanted = ask.asked("_outputFormat") or ask.asked("_format")
    if wanted:
        return _plain(wanted) in AS_LINES
    return any(_plain(one) in AS_LINES for one in ask.header("accept").split(","))


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower().replace(" ", "+")


def received(request: HttpRequest) -> tuple[bytes, str]:
    """The body of a request and its content type."""
    _require_plain(request)
    given = request.META.get("CONTENT_TYPE", "")
    if not is_r4(given):
        text = say("Her tales FHIR 4.0 (fhirVersion=4.0).", "FHIR 4.0 is spoken here (fhirVersion=4.0).")
        raise fault(415, "not-supported", text, "http.content-type")
    kind = _plain(given)
    length = request.META.get("CONTENT_LENGTH", "") or "0"
    if not length.isascii() or not length.isdigit():
        text = say("Content-Length er ikke et tal.", "Content-Length is not a number.")
        raise fault(400, "structure", text, "http.content-length")
    if len(length) > 12 or int(length) > LARGEST:
        text = say(
            "En forespørgsel må højst fylde {0} MB. Del den i flere.",
            "A request may be {0} MB at most. Divide it.",
            LARGEST // 1024 // 1024,
        )
        raise fault(413, "too-long", text)
    body = request.read(int(length)) if int(length) else b""
    if len(body) != int(length):
        text = say("Der kom mindre end det, Content-Length lovede.", "Less came than Content-Length promised.")
        raise fault(400, "incomplete", text, "http.content-length")
    return body, kind


def _require_plain(request: HttpRequest) -> None:
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        if request.headers.get("Content-Length"):
            text = say(
                "Content-Length og Transfer-Encoding kan ikke bruges sammen.",
                "Content-Length and Transfer-Encoding cannot be used together.",
            )
            raise fault(400, "structure", text)
        text = say("Sig med Content-Length, hvor meget der kommer.", "Say by Content-Length how much will come.")
        raise fault(411, "not-supported", text, "http.transfer-encoding")
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("identity", ""):
        text = say(
            "Send indholdet, som det er, uden Content-Encoding.", "Send the content as it is, without Content-Encoding."
        )
        raise fault(415, "not-supported", text, "http.content-encoding")


def content_of(body: bytes, kind: str, *, also: str = "", wanted: str = "") -> Any:
    """What a body says. FHIR's XML and other formats are refused, not guessed at. `also`: another content type that is
    JSON here; `wanted`: the one to name instead, where nothing else is of use."""
    if kind not in _READ_AS_JSON and kind != (also or JSON):
        either = say("{0} eller {1}", "{0} or {1}", also, JSON) if also else JSON
        text = say("Send indholdet som {0}.", "Send the content as {0}.", wanted or either)
        raise fault(415, "not-supported", text, "http.content-type")
    if not body:
        raise fault(400, "required", say("Der er intet indhold i forespørgslen.", "The request has no content."))
    try:
        return parsed(body)
    except (ValueError, RecursionError) as error:
        raise unreadable(error) from None


def unreadable(error: Exception) -> Fault:
    """What is no JSON, and why."""
    why = sentence_of(error.args[0])
    return fault(400, "structure", say("Det er ikke gyldig JSON: {0}", "It is not valid JSON: {0}", why))


# -- what the asker prefers --------------------------------------------------------------------------------------------


def preference(ask: Ask, name: str) -> str:
    """What `Prefer` says of something: `return`, `handling`."""
    for one in ask.header("prefer").replace(";", ",").split(","):
        key, _, value = one.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return ""


def strict(ask: Ask) -> bool:
    """Whether what is not understood is refused. It is unless the asker wants it lenient: a search with half of its
    conditions shows more than was asked for."""
    return preference(ask, "handling") != "lenient"


# -- what is answered --------------------------------------------------------------------------------------------------


def preferred(ask: Ask, answer: Answer) -> Answer:
    """As the asker prefers it: the resource, nothing, or a word that it went well."""
    wanted = preference(ask, "return")
    if wanted == "OperationOutcome":
        return told(ask.language, answer.status, [well(SAVED)], answer.headers)
    return replace(answer, body=None) if wanted == "minimal" else answer


def shape_of(ask: Ask, kind: str) -> Shape | None:
    """What is to be left out of each resource of a type; None when nothing is."""
    summary, names = ask.asked("_summary"), [one.strip() for one in ask.asked("_elements").split(",") if one.strip()]
    if summary and names:
        text = say("_summary og _elements kan ikke bruges sammen.", "_summary and _elements cannot be used together.")
        raise fault(400, "invalid", text, "http._elements")
    if names:
        return _only(kind, names, ask)
    if summary not in _SUMMARIES:
        text = say("_summary kan være {0}.", "_summary may be {0}.", ", ".join(filter(None, _SUMMARIES)))
        raise fault(400, "invalid", text, "http._summary")
    return _SUMMARIES[summary]


_SUMMARIES: dict[str, Shape | None] = {
    "": None, "false": None, "count": None, "true": selecting.summary_of, "text": selecting.text_of,
    "data": selecting.without_text,
}  # fmt: skip


def _only(kind: str, names: list[str], ask: Ask) -> Shape:
    plain = [name.removeprefix(f"{kind}.") for name in names]
    for name in plain:
        if kind and strict(ask) and not selecting.is_element(kind, name):
            text = say("{0} har intet element, der hedder {1}.", "{0} has no element called {1}.", kind, name)
            raise fault(400, "invalid", text, "http._elements")
    return lambda resource: selecting.only(resource, plain)


def shaped(body: bytes, shape: Shape | None) -> bytes:
    return body if shape is None else exact.dumps(shape(exact.loads(body)))


def pretty(answer: Answer, ask_pretty: str) -> Answer:
    if answer.body is None or answer.lines or ask_pretty != "true":
        return answer
    indented = exact.dumps(exact.loads(answer.body), orjson.OPT_INDENT_2)
    return Answer(answer.status, indented, answer.headers)
