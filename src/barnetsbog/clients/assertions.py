"""How a client proves who it is: a short-lived statement that it has signed itself (RFC 7523, `private_key_jwt`).

Authlib and joserfc read and verify it. What SMART (§4, "Authentication JWT") asks beyond them stands here: two
algorithms and no others, a named key of the client's own, at most five minutes, and once.
"""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from django.db import IntegrityError, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from barnetsbog.kernel.time import SECOND

from .clock import wall
from .issuing import digest
from .keys import ALGORITHMS, key_set
from .models import Seen

METHOD = "private_key_jwt"
LARGEST = 8_192
"""Characters. A signed statement of a client is under two thousand."""
LONGEST = 300
"""Seconds that it may live."""
SKEW = 30
"""Seconds that the other side's clock may be wrong."""
LONGEST_JTI = 200


class Assertion(JWTBearerClientAssertion):  # type: ignore[misc]
    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, audiences: list[str]) -> None:
        super().__init__(leeway=SKEW)
        self._audiences = audiences

    def __call__(self, query_client: Any, request: Any) -> Any:
        client = super().__call__(query_client, request)
        named = request.form.get("client_id")
        if client and named and named != client.get_client_id():
            raise InvalidClientError("client_id is not the client that signed.")
        return client

    def get_audiences(self) -> list[str]:
        return self._audiences

    def extract_assertion(self, assertion: str) -> tuple[dict[str, Any], dict[str, Any]]:
        if len(assertion) > LARGEST:
            raise InvalidClientError("The assertion is too large.")
        try:
            header, claims = super().extract_assertion(assertion)
        except (ValueError, TypeError, RecursionError) as error:
            raise InvalidClientError("Invalid JWT assertion.") from error
        if header.get("alg") not in ALGORITHMS:
            raise InvalidClientError(f"The algorithm must be one of {', '.join(ALGORITHMS)}.")
        if not isinstance(header.get("kid"), str) or not header["kid"]:
            raise InvalidClientError("The header must name the key (kid).")
        return header, claims

    def resolve_client_public_key(self, client: Any) -> KeySet:
        if not client.jwks:
            raise InvalidClientError("The client has no keys.")
        return key_set(client.jwks)

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        try:
            claims = jwt.decode(assertion, resolve_key, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            raise InvalidClientError("The signature is not by the named key of the client.") from error
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        now = wall() // SECOND
        if not isinstance(claims.get("exp"), int) or claims["exp"] > now + LONGEST + SKEW:
            raise InvalidClientError(f"exp must be at most {LONGEST} seconds from now.")
        if not isinstance(claims.get("jti"), str) or not 0 < len(claims["jti"]) <= LONGEST_JTI:
            raise InvalidClientError("jti must be a text that has not been used before.")
        super().verify_claims(claims)

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        """Whether it is new. Two that come at once meet the key of the table, in whichever process."""
        at = wall()
        Seen.objects.filter(ends_at__lt=at).delete()
        try:
            with transaction.atomic():
                Seen.objects.create(
                    digest=digest(f"{claims['sub']}\x1f{jti}"), ends_at=(claims["exp"] + 2 * SKEW) * SECOND
                )
        except IntegrityError:
            return False
        return True
