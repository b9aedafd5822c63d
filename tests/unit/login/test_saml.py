"""OIOSAML 3: what is believed, and every known way of being lied to."""

import base64
import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from barnetsbog.login import saml
from barnetsbog.login.model import LoginRefused, Reason, Said
from tests.identity_provider import BEARER, EID, LOA, NS, SHA1, IdentityProvider, pair

REQUEST = "_question"
PROFESSIONAL = f"{EID}/professional/uuid/persistent"


@pytest.fixture
def idp(tmp_path: Path) -> IdentityProvider:
    return IdentityProvider(tmp_path)


def believed(idp: IdentityProvider, response: str, request: str = REQUEST) -> Said:
    return saml.answered(idp.provider(), places(idp), response, {"request": request})[0]


def places(idp: IdentityProvider) -> saml.Places:
    return saml.Places(idp.consumer, idp.logout)


def refused(idp: IdentityProvider, response: str, request: str = REQUEST) -> str:
    """Why it was not believed; the test fails when it was."""
    with pytest.raises(LoginRefused) as caught:
        believed(idp, response, request)
    assert caught.value.reason is Reason.INVALID
    return caught.value.detail


def edit(path: str, change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda root: change(root.xpath(path, namespaces=NS)[0])


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_good_assertion_is_believed(tmp_path: Path, encrypted: bool) -> None:
    idp = IdentityProvider(tmp_path, encrypted=encrypted)
    said = believed(idp, idp.response(REQUEST))
    assert said.subject.startswith("urn:uuid:6a5e0d3c") and said.session_index == "_s1"
    assert (said.values[LOA], said.values[PROFESSIONAL]) == ("Substantial", said.subject)


def test_the_question_is_signed_and_asks_for_the_level(idp: IdentityProvider) -> None:
    address, secrets = saml.begin(idp.provider(), places(idp), "relay", again=True)
    assert address.startswith("https://idp.eksempel.invalid/sso?SAMLRequest=")
    assert "&Signature=" in address and "rsa-sha256" in address and "RelayState=relay" in address
    question = etree.fromstring(saml_request(address))
    assert question.get("ID") == secrets["request"] and question.get("ForceAuthn") == "true"
    assert f"{LOA}/Substantial" in "".join(question.itertext())


def saml_request(address: str) -> bytes:
    from urllib.parse import parse_qs, urlsplit
    from zlib import decompress

    return decompress(base64.b64decode(parse_qs(urlsplit(address).query)["SAMLRequest"][0]), -15)


def test_our_metadata_is_signed_and_names_our_places(idp: IdentityProvider) -> None:
    text = saml.metadata(idp.provider(), places(idp)).decode()
    assert idp.consumer in text and idp.logout in text and "SignatureValue" in text
    assert 'WantAssertionsSigned="true"' in text and pair("bog").base64[:60] in text


# -- attacks -----------------------------------------------------------------------------------------------------------


def test_an_unsigned_assertion(idp: IdentityProvider) -> None:
    assert "not signed" in refused(idp, idp.response(REQUEST, sign=False))


def test_an_assertion_where_only_the_response_is_signed(idp: IdentityProvider) -> None:
    response = idp.response(REQUEST, sign=False, after=lambda root: idp.sign(root, idp.keys))
    assert "not signed" in refused(idp, response)


def test_an_unencrypted_assertion_where_it_must_be_encrypted(idp: IdentityProvider) -> None:
    plain = idp.response(REQUEST)
    idp.encrypted = True
    assert "not encrypted" in refused(idp, plain)


def test_an_assertion_signed_by_somebody_else(idp: IdentityProvider) -> None:
    refused(idp, idp.response(REQUEST, signed_by=pair("attacker")))


def test_an_assertion_that_was_altered_after_it_was_signed(idp: IdentityProvider) -> None:
    def promoted(value: Any) -> None:
        value.text = "High"

    refused(idp, idp.response(REQUEST, after=edit(f"//saml:Attribute[@Name='{LOA}']/saml:AttributeValue", promoted)))


@pytest.mark.parametrize("path", ["//saml:Audience", "//saml:AudienceRestriction"], ids=["another", "nobody"])
def test_an_assertion_for_another_service_or_for_nobody(idp: IdentityProvider, path: str) -> None:
    def another(found: Any) -> None:
        if found.tag.endswith("Audience"):
            found.text = "https://another.example"
        else:
            found.getparent().remove(found)

    refused(idp, idp.response(REQUEST, changed=edit(path, another)))


@pytest.mark.parametrize("recipient", ["https://another.example/acs", None, "/evil", "longer"])
def test_an_assertion_for_another_recipient(idp: IdentityProvider, recipient: str | None) -> None:
    """python3-saml takes an address that ours is a part of, and none at all."""

    def sent_elsewhere(data: Any) -> None:
        del data.attrib["Recipient"]
        if recipient:
            data.set("Recipient", f"{idp.consumer}{recipient}" if recipient == "longer" else recipient)

    refused(idp, idp.response(REQUEST, changed=edit("//saml:SubjectConfirmationData", sent_elsewhere)))


@pytest.mark.parametrize("destination", ["https://another.example", "", None, "longer"])
def test_a_response_for_another_destination(idp: IdentityProvider, destination: str | None) -> None:
    def sent_elsewhere(response: Any) -> None:
        del response.attrib["Destination"]
        if destination is not None:
            response.set("Destination", f"{idp.consumer}-evil" if destination == "longer" else destination)

    refused(idp, idp.response(REQUEST, changed=edit("/samlp:Response", sent_elsewhere)))


def test_an_answer_to_another_question(idp: IdentityProvider) -> None:
    refused(idp, idp.response("_of_another_browser"))


@pytest.mark.parametrize("path", ["/samlp:Response", "//saml:SubjectConfirmationData"])
def test_an_answer_that_nobody_asked_for(idp: IdentityProvider, path: str) -> None:
    """IdP-initiated: anybody could be logged in as somebody else with it."""
    refused(idp, idp.response(REQUEST, changed=edit(path, lambda found: found.attrib.pop("InResponseTo"))))


@pytest.mark.parametrize(
    "moved", [timedelta(hours=-1), timedelta(minutes=-16), timedelta(minutes=16), timedelta(days=365)], ids=str
)
def test_an_assertion_of_another_time(idp: IdentityProvider, moved: timedelta) -> None:
    refused(idp, idp.response(REQUEST, at=datetime.now(UTC) + moved))


@pytest.mark.parametrize("moved", [timedelta(minutes=-2), timedelta(minutes=2)], ids=str)
def test_a_clock_that_is_a_little_wrong(idp: IdentityProvider, moved: timedelta) -> None:
    assert believed(idp, idp.response(REQUEST, at=datetime.now(UTC) + moved)).subject


def test_an_assertion_issued_long_ago_that_says_it_holds_for_ever(idp: IdentityProvider) -> None:
    def for_ever(root: Any) -> None:
        for one in root.iter():
            for name in ("NotOnOrAfter", "SessionNotOnOrAfter"):
                if name in one.attrib:
                    one.set(name, "2099-01-01T00:00:00Z")

    assert refused(idp, idp.response(REQUEST, changed=for_ever, at=datetime.now(UTC) - timedelta(hours=2))) == "time"


def test_an_assertion_that_never_ends(idp: IdentityProvider) -> None:
    def endless(data: Any) -> None:
        del data.attrib["NotOnOrAfter"]

    assert refused(idp, idp.response(REQUEST, changed=edit("//saml:SubjectConfirmationData", endless))) == "time"


def test_a_certificate_that_has_run_out(tmp_path: Path) -> None:
    idp = IdentityProvider(tmp_path, keys=pair("old", days=-1))
    assert "run out" in refused(idp, idp.response(REQUEST))
    # Ours is what it needs to give us a new one
    assert idp.consumer in saml.metadata(idp.provider(), places(idp)).decode()
    with pytest.raises(LoginRefused, match="run out"):
        saml.check(idp.provider(), places(idp))


def test_a_downgraded_algorithm(idp: IdentityProvider) -> None:
    refused(idp, idp.response(REQUEST, method=SHA1))


def test_a_downgraded_digest(idp: IdentityProvider) -> None:
    refused(idp, idp.response(REQUEST, digest=SHA1))


def test_a_signature_with_a_shared_secret_made_of_the_public_certificate(idp: IdentityProvider) -> None:
    def shared(method: Any) -> None:
        method.set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")

    refused(idp, idp.response(REQUEST, after=edit("//ds:SignatureMethod", shared)))


def _evil(root: Any) -> Any:
    """A copy of the assertion without its signature, of another person and a higher level."""
    evil = copy.deepcopy(root.find("saml:Assertion", NS))
    evil.remove(evil.find("ds:Signature", NS))
    evil.set("ID", "_evil")
    for found in evil.iter(f"{{{NS['saml']}}}NameID", f"{{{NS['saml']}}}AttributeValue"):
        found.text = "urn:uuid:00000000-0000-4000-8000-00000000dead"
    return evil


def _before(root: Any) -> None:
    root.insert(2, _evil(root))


def _after(root: Any) -> None:
    root.append(_evil(root))


def _around(root: Any) -> None:
    evil, good = _evil(root), root.find("saml:Assertion", NS)
    root.replace(good, evil)
    evil.append(good)


def _in_extensions(root: Any) -> None:
    evil, good = _evil(root), root.find("saml:Assertion", NS)
    root.replace(good, evil)
    extensions = etree.Element(f"{{{NS['samlp']}}}Extensions")
    root.insert(1, extensions)
    extensions.append(good)


def _in_the_signature(root: Any) -> None:
    evil, good = _evil(root), root.find("saml:Assertion", NS)
    root.replace(good, evil)
    signature = good.find("ds:Signature", NS)
    evil.insert(1, copy.deepcopy(signature))
    holder = etree.SubElement(evil.find("ds:Signature", NS), f"{{{NS['ds']}}}Object")
    holder.append(good)


def _same_id(root: Any) -> None:
    evil = _evil(root)
    evil.set("ID", root.find("saml:Assertion", NS).get("ID"))
    root.insert(2, evil)


def _signature_of_a_sibling(root: Any) -> None:
    evil, good = _evil(root), root.find("saml:Assertion", NS)
    evil.insert(1, copy.deepcopy(good.find("ds:Signature", NS)))
    root.insert(2, evil)


def _response_in_response(root: Any) -> None:
    good = copy.deepcopy(root)
    root.replace(root.find("saml:Assertion", NS), _evil(root))
    root.append(good)


@pytest.mark.parametrize(
    "wrapped",
    [
        _before,
        _after,
        _around,
        _in_extensions,
        _in_the_signature,
        _same_id,
        _signature_of_a_sibling,
        _response_in_response,
    ],
)
def test_signature_wrapping(idp: IdentityProvider, wrapped: Callable[[Any], None]) -> None:
    """XSW1 to XSW8 (Somorovsky and others, 2012): a signed assertion somewhere, and another one that is read."""
    refused(idp, idp.response(REQUEST, after=wrapped))


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("hidden", [True, False])
def test_another_assertion_beside_the_encrypted_one(tmp_path: Path, first: bool, hidden: bool) -> None:
    """Whoever has our certificate can encrypt to us what they like."""
    idp, ours = IdentityProvider(tmp_path, encrypted=True), IdentityProvider(tmp_path, encrypted=hidden)
    name = "EncryptedAssertion" if hidden else "Assertion"
    evil = etree.fromstring(base64.b64decode(ours.response(REQUEST, sign=False))).find(f"saml:{name}", NS)
    refused(idp, idp.response(REQUEST, after=lambda root: root.insert(2 if first else len(root), evil)))


def test_a_comment_in_the_middle_of_a_name(idp: IdentityProvider) -> None:
    """CVE-2017-11427 and its kin: a comment is not under the signature, and cuts a name short where it is read."""
    whole = "urn:uuid:6a5e0d3c-6f0e-4b11-9a55-3c9f00000001.evil"

    def commented(root: Any) -> None:
        for found in root.xpath("//saml:NameID | //saml:AttributeValue", namespaces=NS):
            if found.text == whole:
                found.text = whole.removesuffix(".evil")
                comment = etree.Comment("x")
                comment.tail = ".evil"
                found.append(comment)

    said = believed(idp, idp.response(REQUEST, name=whole, after=commented))
    assert said.subject == whole and said.values[PROFESSIONAL] == whole


def test_a_document_type(idp: IdentityProvider) -> None:
    """Entities grow, and read files."""
    xml = base64.b64decode(idp.response(REQUEST))
    for declared in (b'<!ENTITY a "b">', b'<!ENTITY a SYSTEM "file:///etc/passwd">'):
        refused(idp, base64.b64encode(b"<!DOCTYPE x [" + declared + b"]>" + xml).decode())


@pytest.mark.parametrize("response", ["", "x", base64.b64encode(b"<a/>").decode(), "A" * 600_000])
def test_what_is_no_response(idp: IdentityProvider, response: str) -> None:
    refused(idp, response)


def test_another_issuer(idp: IdentityProvider) -> None:
    def another(issuer: Any) -> None:
        issuer.text = "https://another.example"

    refused(idp, idp.response(REQUEST, changed=edit("//saml:Assertion/saml:Issuer", another)))


def test_holder_of_key_is_not_bearer(idp: IdentityProvider) -> None:
    def holder(found: Any) -> None:
        found.set("Method", BEARER.replace("bearer", "holder-of-key"))

    refused(idp, idp.response(REQUEST, changed=edit("//saml:SubjectConfirmation", holder)))


def test_somebody_who_stopped_is_told_so(idp: IdentityProvider) -> None:
    def failed(code: Any) -> None:
        code.set("Value", "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed")

    with pytest.raises(LoginRefused) as caught:
        believed(idp, idp.response(REQUEST, changed=edit("//samlp:StatusCode", failed)))
    assert caught.value.reason is Reason.CANCELLED


# -- log-out -----------------------------------------------------------------------------------------------------------

NAME = "urn:uuid:6a5e0d3c-6f0e-4b11-9a55-3c9f00000001"


def logged_out(idp: IdentityProvider, raw: str) -> saml.LogoutAsked | None:
    from django.http import QueryDict

    return saml.logout_asked(idp.provider(), places(idp), QueryDict(raw).dict(), raw)  # type: ignore[arg-type]


def test_a_signed_log_out_is_believed_and_answered(idp: IdentityProvider) -> None:
    found = logged_out(idp, idp.logout_query(NAME))
    assert found and (found.name_id, found.session_indexes) == (NAME, ("_s1",))
    assert found.back.startswith("https://idp.eksempel.invalid/slo?SAMLResponse=") and "&Signature=" in found.back


@pytest.mark.parametrize(
    "way", ["unsigned", "another key", "sha1", "old", "elsewhere", "cut off", "twice", "disguised"]
)
def test_a_log_out_that_is_not_to_be_believed(idp: IdentityProvider, way: str) -> None:
    """Somebody else's session must not be ended by whoever likes to."""
    good = idp.logout_query(NAME)
    evil = idp.logout_query("urn:uuid:somebody-else", sign=False).partition("&")[0]
    raw = {
        "unsigned": lambda: idp.logout_query(NAME, sign=False),
        "another key": lambda: idp.logout_query(NAME, signed_by=pair("attacker")),
        "sha1": lambda: idp.logout_query(NAME, algorithm=SHA1),
        "old": lambda: idp.logout_query(NAME, at=datetime.now(UTC) - timedelta(hours=1)),
        "elsewhere": lambda: idp.logout_query(NAME, destination="https://another.example"),
        "cut off": lambda: good.rpartition("&Signature")[0],
        "twice": lambda: f"{good}&{evil}",
        "disguised": lambda: f"{good}&{evil.replace('SAMLRequest', '%53AMLRequest')}",
    }[way]()
    with pytest.raises(LoginRefused):
        logged_out(idp, raw)
