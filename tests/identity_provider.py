"""A tiny identity provider of the tests' own: keys, metadata, and assertions in the manner of OIOSAML 3, good and bad."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import compressobj

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from barnetsbog.login.files import read
from barnetsbog.login.model import Provider

NS = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}  # fmt: skip
ENTITY = "https://idp.eksempel.invalid"
EID = "https://data.gov.dk/model/core/eid"
LOA = "https://data.gov.dk/concept/core/nsis/loa"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


@dataclass(frozen=True)
class Pair:
    """A key and its certificate, PEM."""

    key: bytes
    certificate: bytes

    @property
    def base64(self) -> str:
        return "".join(self.certificate.decode().split("-----")[2].split())


@cache
def pair(name: str, *, days: int = 30) -> Pair:
    """`days`: how long the certificate still holds; one that has run out when it is negative."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days)).sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return Pair(pem, certificate.public_bytes(serialization.Encoding.PEM))


@dataclass
class IdentityProvider:
    """In a folder with this service's own key and certificate, and the `login.toml` that names them."""

    folder: Path
    address: str = "http://127.0.0.1:8000"
    keys: Pair = field(default_factory=lambda: pair("idp"))
    encrypted: bool = False

    @property
    def entity_id(self) -> str:
        return f"{self.address}/saml"

    @property
    def consumer(self) -> str:
        return f"{self.address}/log-ind/kombit/modtag"

    @property
    def logout(self) -> str:
        return f"{self.address}/log-ind/kombit/log-af"

    def write(self) -> str:
        """Our part of the setup; the text of `login.toml`."""
        us = pair("bog")
        (self.folder / "sp.key").write_bytes(us.key)
        (self.folder / "sp.crt").write_bytes(us.certificate)
        (self.folder / "idp.xml").write_text(self.metadata())
        return f"""
address = "{self.address}"
[[provider]]
id = "kombit"
name = "din arbejdsplads"
for = "professionals"
protocol = "saml"
metadata = "idp.xml"
entity-id = "{self.entity_id}"
key = "sp.key"
certificate = "sp.crt"
encrypted = {str(self.encrypted).lower()}
"""

    def provider(self) -> Provider:
        return read(self.write(), self.folder, {}).providers[0]

    def metadata(self) -> str:
        key = f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{self.keys.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        redirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="{NS["ds"]}" entityID="{ENTITY}">
<md:IDPSSODescriptor protocolSupportEnumeration="{NS["samlp"]}"><md:KeyDescriptor use="signing">{key}</md:KeyDescriptor>
<md:SingleLogoutService Binding="{redirect}" Location="{ENTITY}/slo"/>
<md:SingleSignOnService Binding="{redirect}" Location="{ENTITY}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>"""

    # -- assertions --------------------------------------------------------------------------------------------------

    def response(
        self, request: str, *, changed: Callable[[Any], None] = lambda _: None, signed_by: Pair | None = None,
        method: str = SHA256, digest: str = "", sign: bool = True, after: Callable[[Any], None] = lambda _: None, **more: Any,
    ) -> str:  # fmt: skip
        """A response in base64. `changed` alters the document before its assertion is signed, `after` afterwards."""
        root = etree.fromstring(self._xml(request, **more))
        changed(root)
        if sign:
            self.sign(root.find("saml:Assertion", NS), signed_by or self.keys, method, digest or method)
        if self.encrypted:
            _encrypt(root, pair("bog").certificate)
        after(root)
        return base64.b64encode(etree.tostring(root)).decode()

    def _xml(
        self, request: str, *, name: str = "urn:uuid:6a5e0d3c-6f0e-4b11-9a55-3c9f00000001", values: dict[str, str] | None = None,
        session: str = "_s1", at: datetime | None = None,
    ) -> bytes:  # fmt: skip
        now = at or datetime.now(UTC)
        said = {LOA: "Substantial", f"{EID}/professional/uuid/persistent": name, **(values or {})}
        told = "".join(
            f'<saml:Attribute Name="{key}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">'
            f"<saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
            for key, value in said.items()
        )
        soon = _at(now + timedelta(minutes=5))
        return f"""<samlp:Response xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="_{uuid.uuid4().hex}" Version="2.0"
 IssueInstant="{_at(now)}" Destination="{self.consumer}" InResponseTo="{request}"><saml:Issuer>{ENTITY}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<saml:Assertion ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{_at(now)}"><saml:Issuer>{ENTITY}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{name}</saml:NameID>
<saml:SubjectConfirmation Method="{BEARER}"><saml:SubjectConfirmationData NotOnOrAfter="{soon}" Recipient="{self.consumer}"
 InResponseTo="{request}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{_at(now)}" NotOnOrAfter="{soon}"><saml:AudienceRestriction><saml:Audience>{self.entity_id}</saml:Audience>
</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{_at(now)}" SessionIndex="{session}">
<saml:AuthnContext><saml:AuthnContextClassRef>{LOA}/Substantial</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{told}</saml:AttributeStatement></saml:Assertion></samlp:Response>""".encode()

    def sign(self, element: Any, keys: Pair, method: str = SHA256, digested: str = SHA256) -> None:
        """An enveloped signature over an element, after its issuer."""
        transforms = {
            SHA256: (xmlsec.Transform.RSA_SHA256, xmlsec.Transform.SHA256),
            SHA1: (xmlsec.Transform.RSA_SHA1, xmlsec.Transform.SHA1),
        }
        signature, digest = transforms[method][0], transforms[digested][1]
        node = xmlsec.template.create(element, xmlsec.Transform.EXCL_C14N, signature, ns="ds")
        element.insert(1, node)
        reference = xmlsec.template.add_reference(node, digest, uri=f"#{element.get('ID')}")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        info = xmlsec.template.ensure_key_info(node)
        xmlsec.template.add_x509_data(info)
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(keys.key, xmlsec.KeyFormat.PEM)
        context.key.load_cert_from_memory(keys.certificate, xmlsec.KeyFormat.PEM)
        xmlsec.tree.add_ids(element.getroottree().getroot(), ["ID"])
        context.sign(node)

    # -- log-out -----------------------------------------------------------------------------------------------------

    def logout_query(
        self, name: str, *, session: str = "_s1", signed_by: Pair | None = None, sign: bool = True,
        algorithm: str = SHA256, at: datetime | None = None, destination: str = "",
    ) -> str:  # fmt: skip
        """The query string of a LogoutRequest by HTTP-Redirect."""
        xml = f"""<samlp:LogoutRequest xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="_{uuid.uuid4().hex}" Version="2.0"
 IssueInstant="{_at(at or datetime.now(UTC))}" Destination="{destination or self.logout}"><saml:Issuer>{ENTITY}</saml:Issuer><saml:NameID>{name}</saml:NameID>
<samlp:SessionIndex>{session}</samlp:SessionIndex></samlp:LogoutRequest>"""
        query = f"SAMLRequest={_deflated(xml)}&RelayState=r"
        return self.signed(query, signed_by or self.keys, algorithm) if sign else query

    def signed(self, query: str, keys: Pair, algorithm: str = SHA256) -> str:
        query = f"{query}&SigAlg={quote(algorithm, safe='')}"
        key: Any = serialization.load_pem_private_key(keys.key, None)
        digest = hashes.SHA1() if algorithm == SHA1 else hashes.SHA256()
        signature = key.sign(query.encode(), padding.PKCS1v15(), digest)
        return f"{query}&Signature={quote(base64.b64encode(signature).decode(), safe='')}"


def _deflated(xml: str) -> str:
    packing = compressobj(9, wbits=-15)
    return quote(base64.b64encode(packing.compress(xml.encode()) + packing.flush()).decode(), safe="")


def _encrypt(root: Any, certificate: bytes) -> None:
    """AES-256-GCM with the key in RSA-OAEP, as OIOSAML 3 asks."""
    assertion = root.find("saml:Assertion", NS)
    holder = etree.SubElement(root, f"{{{NS['saml']}}}EncryptedAssertion")
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate, xmlsec.KeyFormat.CERT_PEM))
    data = xmlsec.template.encrypted_data_create(
        root, xmlsec.Transform.AES256_GCM, type=xmlsec.EncryptionType.ELEMENT, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    key = xmlsec.template.add_encrypted_key(info, xmlsec.Transform.RSA_OAEP)
    xmlsec.template.encrypted_data_ensure_cipher_value(key)
    context = xmlsec.EncryptionContext(manager)
    context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, 256, xmlsec.KeyDataType.SESSION)
    root.remove(assertion)
    holder.append(assertion)
    context.encrypt_xml(data, assertion)


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
