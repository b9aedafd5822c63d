"""Where a page goes on from: a token that says nothing to anybody else, counts for whoever was given it, and for the
same question only (FHIR R4 §3.1.1.5.5). It is sealed: what the pages are sorted by may be a name or a person number,
and the token stands in an address (ASVS 14.2.1)."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from barnetsbog.kernel.sealing import key_for
from barnetsbog.kernel.sentences import say

from .asking import Pair
from .model import Ask
from .outcomes import fault, not_a_number

_T = TypeVar("_T")
CURSOR = "_cursor"
UNKNOWN = say(
    "Siden kendes ikke. Begynd forfra, og følg linkene i svaret.",
    "The page is not known. Begin again, and follow the links in the answer.",
)


def sealed(ask: Ask, place: dict[str, Any]) -> str:
    """A place in the answer to a question, as a token."""
    told = orjson.dumps({"q": _question(ask), "at": place})
    return urlsafe_b64encode(_box().encrypt(told, None)).decode().rstrip("=")


def opened(ask: Ask) -> dict[str, Any] | None:
    """The place that the asker has come to; None on the first page."""
    token = ask.asked(CURSOR)
    if not token:
        return None
    try:
        found = read(token)
    except (InvalidTag, ValueError):
        raise unknown() from None
    if found["q"] != _question(ask):
        raise unknown()
    place: dict[str, Any] = found["at"]
    return place


def read(token: str) -> Any:
    """What a token says. Raises `InvalidTag` or `ValueError` for one that is not of ours."""
    return orjson.loads(_box().decrypt(urlsafe_b64decode(token + "=" * (-len(token) % 4)), None))


def _box() -> AESSIV:
    """The same place in the answer to the same question has the same token (RFC 5297): what is hidden changes no byte
    of an answer."""
    return AESSIV(key_for(b"bog.fhir.page", settings.SECRET_KEY, 64))


def unknown() -> Exception:
    return fault(400, "invalid", UNKNOWN, f"http.{CURSOR}")


def _question(ask: Ask) -> str:
    """Who asks what: a page that somebody else was given, or of another question, is not to be had by its token."""
    scope = ask.who.scope
    told = ["/".join(ask.path), str(scope.role_id), str(scope.child or ""), scope.client, address("", ask.query)]
    return hashlib.blake2b("\x00".join(told).encode(), digest_size=12).hexdigest()


def address(url: str, pairs: Iterable[Pair]) -> str:
    """An address with its parameters, but for the token of a page."""
    kept = urlencode([pair for pair in pairs if pair[0] != CURSOR], quote_via=quote, safe=":,|/$")
    return f"{url}?{kept}" if kept else url


def onwards(url: str, pairs: Iterable[Pair], token: str) -> str:
    return address(url, [*pairs]) + ("&" if "?" in address("", pairs) else "?") + urlencode({CURSOR: token})


def page_links(ask: Ask, token: str, used: Iterable[Pair] | None = None) -> bytes:
    """The links of a page of a search: itself, by what was `used` of the question, and the next, if there is a `token`
    for it. A question asked in a form is not repeated in an address, for it may name a person (ASVS 14.2.1): the next
    page is asked for with the same form."""
    url = "/".join((ask.base, *ask.path))
    here = url if ask.method == "POST" else address(url, ask.query if used is None else used)
    return links(self=here, next=onwards(url, ask.addressed, token) if token else "")


def links(**found: str) -> bytes:
    """The links of a Bundle, by relation; those without an address are left out."""
    told = [{"relation": relation, "url": url} for relation, url in found.items() if url]
    return orjson.dumps(told)


def page_of(ask: Ask, found: Sequence[_T], usual: int, most: int) -> tuple[Sequence[_T], str]:
    """A page of what is looked up anew each time, and the token of the next; nothing where only the number is asked
    for."""
    size = 0 if ask.asked("_summary") == "count" else page_size(ask, usual, most)
    place = opened(ask)
    begin = place["at"] if place else 0
    page, end = found[begin : begin + size], begin + size
    return page, sealed(ask, {"at": end}) if page and end < len(found) else ""


def page_size(ask: Ask, usual: int, most: int) -> int:
    """How many somebody wants on a page, never more than there may be."""
    given = ask.asked("_count")
    if not given:
        return usual
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise not_a_number("_count")
    return min(int(given), most)
