"""What a client may ask about its own tokens: whether they count, what they allow and until when (RFC 7662)."""

from typing import Any

from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from barnetsbog.intake.writing import patient_of
from barnetsbog.kernel.time import SECOND

from . import calling, queries
from .assertions import METHOD
from .queries import Token


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    """For clients that can prove who they are. A refresh token is nobody's to ask about: it is used, and that tells."""

    CLIENT_AUTH_METHODS = [METHOD]

    def query_token(self, token_string: str, token_type_hint: str | None) -> "_Asked | None":
        found = queries.token(token_string)
        return _Asked(found) if found and calling.scope_of(found) else None

    def check_permission(self, token: "_Asked", client: Any, request: Any) -> bool:
        return bool(token.of.client.id == client.get_client_id())

    def introspect_token(self, token: "_Asked") -> dict[str, Any]:
        of = token.of
        lent = of.lent
        who = lent.person_id if lent else of.client.role_id
        one_child = {"patient": patient_of(lent.child_id)} if lent and lent.child_id else {}
        return {
            "active": True, "scope": of.scopes, "client_id": of.client.id, "token_type": "Bearer", "sub": str(who),
            "iat": of.issued_at // SECOND, "exp": of.ends_at // SECOND, **one_child,
        }  # fmt: skip


class _Asked:
    """A token that counts, as Authlib asks about it."""

    def __init__(self, of: Token) -> None:
        self.of = of

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return False
