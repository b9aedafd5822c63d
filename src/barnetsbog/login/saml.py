"""OIOSAML 3: Web Browser SSO and Single Logout, through python3-saml.

python3-saml checks signatures, structure and times. What it lets through stands here: an assertion must be for us (an
audience must be there), sent here (recipient and destination to the letter, not as the beginning of an address), an
answer to our own question, and signed with a certificate that has not run out and an algorithm of today. OIOSAML 3.0.3
§§ 3 and 7; SAML Core § 2.4.1.2 and Profiles § 4.1.4.
"""

import warnings
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from .model import LoginRefused, Provider, Reason, Said, Saml

ALGORITHMS = frozenset(f"http://www.w3.org/2001/04/xmldsig-more#rsa-sha{size}" for size in (256, 384, 512))
NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}  # fmt: skip
OLDEST = timedelta(minutes=10)
"""How long after it was issued an assertion may come."""
SKEW = timedelta(minutes=3)
_LARGEST = 500_000
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


@dataclass(frozen=True, slots=True)
class Places:
    """Where this service is reached by the provider."""

    consumer: str
    logout: str


@dataclass(frozen=True, slots=True)
class LogoutAsked:
    """The identity provider says that somebody has logged out: of these sessions, or of all when none is named."""

    name_id: str
    session_indexes: tuple[str, ...]
    back: str


def begin(provider: Provider, places: Places, relay: str, *, again: bool) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and the id of the question. `relay` comes back with the answer."""
    auth = _auth(provider, places, places.consumer)
    address = auth.login(return_to=relay, force_authn=again)
    return str(address), {"request": str(auth.get_last_request_id())}


def answered(provider: Provider, places: Places, response: str, secrets: dict[str, str]) -> tuple[Said, str, int]:
    """What a response (base64) says, the id of its assertion, and until when it could come again (seconds since 1970).
    `LoginRefused` when it is not to be believed."""
    if len(response) > _LARGEST:
        raise LoginRefused(Reason.INVALID, "too large")
    now = datetime.now(UTC)
    auth = _auth(provider, places, places.consumer, post={"SAMLResponse": response})
    try:
        auth.process_response(request_id=secrets["request"])
    except Exception as error:  # the library raises what its parsers do
        raise LoginRefused(Reason.INVALID, type(error).__name__) from None
    if auth.get_errors():
        why = str(auth.get_last_error_reason())
        cancelled = any(f"was {code}" in why for code in ("AuthnFailed", "RequestDenied"))
        raise LoginRefused(Reason.CANCELLED if cancelled else Reason.INVALID, why.partition(":")[0][:120])
    assertion = _assertion(auth)
    _for_us(provider, places, assertion, auth, secrets["request"], now)
    values = {name: str(found[0]) for name, found in auth.get_attributes().items() if found}
    said = Said(str(auth.get_nameid() or ""), values, str(auth.get_session_index() or ""))
    until = now + OLDEST + 2 * SKEW
    return said, str(auth.get_last_assertion_id()), int(until.timestamp())


def metadata(provider: Provider, places: Places) -> bytes:
    """This service's own metadata, for the identity provider. Signed. They are there also when the provider's own can't
    be used (any more): it may be on its way to give us new ones."""
    found = OneLogin_Saml2_Settings({**_ours(provider, places), "idp": {}}, sp_validation_only=True)
    text: Any = found.get_sp_metadata()
    return text if isinstance(text, bytes) else str(text).encode()


def check(provider: Provider, places: Places) -> None:
    """Whether all that it takes can be read and used. Raises what the library does, or `LoginRefused`."""
    metadata(provider, places)
    _settings(provider, places)


def logout_address(provider: Provider, places: Places, *, name_id: str, session_index: str, back: str) -> str | None:
    """Where to log out at the identity provider too, with a signed request; None when it has no such place."""
    auth = _auth(provider, places, places.logout)
    if not auth.get_slo_url():
        return None
    return str(
        auth.logout(return_to=back, name_id=name_id, session_index=session_index or None, name_id_format=_PERSISTENT)
    )


def logout_asked(provider: Provider, places: Places, query: dict[str, str], raw: str) -> LogoutAsked | None:
    """A request of the identity provider's, signed, and where to send the answer; None when it is the answer to a
    request of ours. `raw` is the query string as it came: what is signed is its bytes. `LoginRefused` when it is not
    to be believed."""
    _as_it_was_signed(raw)
    if query.get("SigAlg") not in ALGORITHMS:
        raise LoginRefused(Reason.INVALID, "logout: algorithm")
    auth = _auth(provider, places, places.logout, query=query, raw=raw)
    try:
        back = auth.process_slo(keep_local_session=True)
    except Exception as error:  # the library raises what its parsers do
        raise LoginRefused(Reason.INVALID, f"logout: {type(error).__name__}") from None
    if auth.get_errors():
        raise LoginRefused(Reason.INVALID, f"logout: {auth.get_errors()[0]}"[:120])
    if "SAMLRequest" not in query:
        return None
    request = etree.fromstring(str(auth.get_last_request_xml()).encode(), _parser())
    issued = _time(request.get("IssueInstant"))
    if request.get("Destination") != places.logout or issued is None or abs(datetime.now(UTC) - issued) > OLDEST:
        raise LoginRefused(Reason.INVALID, "logout: destination or time")
    asked = OneLogin_Saml2_Logout_Request
    return LogoutAsked(str(asked.get_nameid(request)), tuple(map(str, asked.get_session_indexes(request))), str(back))


# -- for us, here, now, once ------------------------------------------------------------------------------------------


def _assertion(auth: OneLogin_Saml2_Auth) -> Any:
    """The one that was signed, decrypted. The library has seen that there is one and that its signature is over it."""
    document: Any = auth.get_last_response_xml()
    root = etree.fromstring(document.encode() if isinstance(document, str) else document, _parser())
    found = root.xpath("/samlp:Response/saml:Assertion", namespaces=NAMES)
    if len(found) != 1 or found[0].get("ID") != auth.get_last_assertion_id():
        raise LoginRefused(Reason.INVALID, "assertion")
    return found[0]


def _for_us(
    provider: Provider, places: Places, assertion: Any, auth: OneLogin_Saml2_Auth, request: str, now: datetime
) -> None:
    methods = set(assertion.xpath("/samlp:Response//ds:SignatureMethod/@Algorithm", namespaces=NAMES))
    signed = assertion.xpath("./ds:Signature/ds:SignedInfo/ds:Reference/@URI", namespaces=NAMES)
    data = assertion.xpath("./saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData", namespaces=NAMES)
    audiences = assertion.xpath("./saml:Conditions/saml:AudienceRestriction/saml:Audience/text()", namespaces=NAMES)
    response = assertion.getparent()
    issued = _time(assertion.get("IssueInstant"))
    ends = [_time(one.get("NotOnOrAfter")) for one in data]
    wrong = {
        "algorithm": not methods <= ALGORITHMS,
        "signature of something else": signed != [f"#{assertion.get('ID')}"],
        "audience": [one.strip() for one in audiences] != [_saml(provider).entity_id],
        "destination": response.get("Destination") != places.consumer,
        "recipient": [one.get("Recipient") for one in data] != [places.consumer],
        "in response to": {response.get("InResponseTo"), *(one.get("InResponseTo") for one in data)} != {request},
        "time": issued is None
        or not now - OLDEST <= issued <= now + SKEW
        or any(end is None or end + SKEW <= now for end in ends),
        "name": not auth.get_nameid(),
    }
    for what, is_so in wrong.items():
        if is_so:
            raise LoginRefused(Reason.INVALID, what)


def _time(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _as_it_was_signed(raw: str) -> None:
    """There is a signature, and it is over the parameters as they were written. One that is there twice, or is written
    in another way (`%53AMLRequest`), would be read and not be under it; without `Signature` the library believes
    anything."""
    names = [part.partition("=")[0] for part in raw.split("&")]
    known = {"SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature"}
    if len({*names}) != len(names) or not {"SigAlg", "Signature"} <= {*names} <= known:
        raise LoginRefused(Reason.INVALID, "logout: parameters or signature")


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


# -- the library's settings -------------------------------------------------------------------------------------------


def _saml(provider: Provider) -> Saml:
    assert isinstance(provider.protocol, Saml)
    return provider.protocol


def _auth(
    provider: Provider, places: Places, at: str, *, post: dict[str, str] | None = None,
    query: dict[str, str] | None = None, raw: str = "",
) -> OneLogin_Saml2_Auth:  # fmt: skip
    """Where we are comes from the setup and never from the request: a forged Host must not choose it."""
    here = urlsplit(at)
    request = {
        "https": "on" if here.scheme == "https" else "off", "http_host": here.netloc, "script_name": here.path,
        "get_data": query or {}, "post_data": post or {}, "query_string": raw, "validate_signature_from_qs": True,
    }  # fmt: skip
    return OneLogin_Saml2_Auth(request, _settings(provider, places))


def _settings(provider: Provider, places: Places) -> OneLogin_Saml2_Settings:
    return OneLogin_Saml2_Settings({**_ours(provider, places), "idp": _identity_provider(_saml(provider))})


def _ours(provider: Provider, places: Places) -> dict[str, Any]:
    settings = _saml(provider)
    return {
        "strict": True, "debug": False,
        "sp": {
            "entityId": settings.entity_id,
            "assertionConsumerService": {"url": places.consumer, "binding": _POST},
            "singleLogoutService": {"url": places.logout, "binding": _REDIRECT},
            "NameIDFormat": _PERSISTENT,
            "x509cert": settings.certificate.read_text(encoding="utf-8"),
            "privateKey": settings.key.read_text(encoding="utf-8"),
        },
        "security": {
            "authnRequestsSigned": True, "logoutRequestSigned": True, "logoutResponseSigned": True,
            "signMetadata": True, "wantAssertionsSigned": True, "wantMessagesSigned": False,
            "wantAssertionsEncrypted": settings.encrypted,
            "wantNameId": True, "wantAttributeStatement": True, "rejectDeprecatedAlgorithm": True,
            "signatureAlgorithm": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            "digestAlgorithm": "http://www.w3.org/2001/04/xmlenc#sha256",
            "requestedAuthnContext": list(settings.levels) or False, "requestedAuthnContextComparison": "minimum",
            "failOnAuthnContextMismatch": False, "metadataValidUntil": "", "metadataCacheDuration": "",
        },
    }  # fmt: skip


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> dict[str, Any]:
    found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(path.read_bytes())["idp"]
    return found


def _identity_provider(settings: Saml) -> dict[str, Any]:
    """Out of its metadata, which is read again when the file is another. The library believes a certificate for ever,
    so one that has run out is left out."""
    try:
        found = dict(_read(settings.metadata, settings.metadata.stat().st_mtime_ns))
    except Exception as error:  # the library raises what its parsers do; the file may be changed while we run
        raise LoginRefused(Reason.UNREACHABLE, f"metadata: {type(error).__name__}") from None
    signing = found.pop("x509certMulti", {}).get("signing") or [found.pop("x509cert", "")]
    found.pop("x509cert", None)
    valid = [one for one in signing if one and _is_in_date(one, datetime.now(UTC))]
    if not valid:
        raise LoginRefused(Reason.INVALID, "the provider's certificate has run out")
    return {**found, "x509certMulti": {"signing": valid}}


def _is_in_date(certificate: str, now: datetime) -> bool:
    found = x509.load_der_x509_certificate(b64decode("".join(certificate.split())))
    return found.not_valid_before_utc - SKEW <= now <= found.not_valid_after_utc


warnings.filterwarnings("ignore", category=DeprecationWarning, module="onelogin")
