"""OAuth 2 as Authlib speaks it, over our tables: tokens for systems, codes and tokens for apps, ending and asking.

It knows no HTTP framework: parameters come in as they were sent and an `Answer` goes out, so that the interface and the
pages can both use it. Sources: RFC 6749, 7009, 7523, 7636, 7662, 9700; SMART App Launch 2.2.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Request,
    grants,
)
from authlib.oauth2.rfc6749.models import ClientMixin
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from django.conf import settings
from django.db import transaction

from barnetsbog.audit.in_vain import InVain
from barnetsbog.audit.operations import note
from barnetsbog.intake.writing import patient_of
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.record.instance import now
from barnetsbog.record.scope import Scope

from . import addresses, calling, issuing
from .assertions import METHOD, Assertion
from .clock import wall
from .introspection import Introspection
from .issuing import CODE_LIVES, Kind, new_secret
from .model import Calling, Client, Sort
from .models import Approval, Issued
from .permissions import OFFLINE, Cap, granted, renewable
from .queries import client

Parameters = Iterable[tuple[str, str]]
LONGEST_PARAMETER = 10_000


class Answer(NamedTuple):
    """What goes back: a status, a JSON object, and where a browser is sent."""

    status: int
    body: dict[str, Any]
    location: str = ""


class Asked(OAuth2Request):  # type: ignore[misc]
    """A request: what stood in its address and what in its form. No parameter may be repeated (RFC 6749 §3.1), and none
    has a character that OAuth does not know, which could not be said back."""

    def __init__(self, args: Parameters = (), form: Parameters = (), *, method: str = "POST") -> None:
        super().__init__(method, "https://barnetsbog")  # whether it came encrypted is for the server in front to say
        self._args, self._form = _once(args), _once(form)
        self.payload = BasicOAuth2Payload({**self._args, **self._form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


def _once(parameters: Parameters) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parameters:
        if name in found:
            raise InvalidRequestError("A parameter is repeated.")
        if len(value) > LONGEST_PARAMETER or not (value.isascii() and value.isprintable()):
            raise InvalidRequestError("A parameter is too long, or has characters that are not printable ASCII.")
        found[name] = value
    return found


class Party(ClientMixin):  # type: ignore[misc]
    """A client, as Authlib asks about it. `cap`: what the role can do that it acts in, where that is known."""

    def __init__(self, of: Client, cap: Cap | None) -> None:
        self.client, self.jwks, self._cap = of, of.jwks, cap

    def get_client_id(self) -> str:
        return self.client.id

    def get_default_redirect_uri(self) -> None:
        """An app must say where its user goes back to."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        return granted(scope or "", self.client.scopes, self.client.sort, self._cap) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.client.redirects

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == (METHOD if self.jwks else "none")

    def check_response_type(self, response_type: str) -> bool:
        return self.client.sort is Sort.APP and response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        apps = ("authorization_code", "refresh_token")
        return grant_type in (apps if self.client.sort is Sort.APP else ("client_credentials",))


class Yes(NamedTuple):
    """Somebody lets an app in: who, from which log-in, when that is over at the latest (UTC microseconds by the wall's
    clock), in which child's book."""

    by: Scope
    session: str
    until: int
    own_child_id: UUID | None
    child_id: UUID | None


class Server(AuthorizationServer):  # type: ignore[misc]
    """`base`: the address of this instance. `cap`: of whoever is asked whether an app may come in."""

    def __init__(self, base: str, *, cap: Cap | None = None) -> None:
        super().__init__()
        self.base, self._cap = base, cap
        lives = int(settings.TOKEN_SECONDS)
        self.register_token_generator("default", BearerTokenGenerator(new_secret, new_secret, lambda *_: lives))
        self.register_client_auth_method(METHOD, Assertion([addresses.token(base)]))
        self.register_grant(_ForSystems)
        self.register_grant(_ForApps, [_Smart()])
        self.register_grant(_Again)
        self.register_endpoint(_Revocation)
        self.register_endpoint(Introspection)

    def query_client(self, client_id: str) -> Party | None:
        found = client(client_id)
        if found is None or not found.usable(wall()):
            return None
        return Party(found, calling.cap_of(found.role) if found.sort is Sort.SYSTEM else self._cap)

    def generate_token(self, *given: Any, include_refresh_token: bool = True, **more: Any) -> dict[str, Any]:
        again = include_refresh_token and renewable(more["scope"] or "")
        found: dict[str, Any] = super().generate_token(*given, include_refresh_token=again, **more)
        return found

    def save_token(self, token: dict[str, Any], request: Asked) -> None:
        of: Client = request.client.client
        approval: Approval | None = request.user
        scope = calling.lent(of.id, calling.lent_by(approval)) if approval else calling.own(of)
        if scope is None:
            raise InvalidClientError("Whoever the client acts for may not act now.")
        issuing.keep(
            token["access_token"], Kind.ACCESS, of.id, token["scope"], lives=token["expires_in"] * SECOND,
            approval=approval,
        )  # fmt: skip
        if approval and "refresh_token" in token:
            reaches = request.refresh_token.get_scope() if request.refresh_token else token["scope"]
            issuing.keep(token["refresh_token"], Kind.REFRESH, of.id, reaches, approval=approval)
        if approval and approval.child_id:
            token["patient"] = patient_of(approval.child_id)
        note(Calling.TOKEN, at=now(), by=scope, of=of.id, scopes=token["scope"])

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def handle_response(self, status: int, body: Any, headers: Iterable[tuple[str, str]]) -> Answer:
        return Answer(status, body if isinstance(body, dict) else {}, dict(headers).get("Location", ""))

    def send_signal(self, name: str, *args: Any, **more: Any) -> None:
        """Nobody listens."""


class _Smart(CodeChallenge):  # type: ignore[misc]
    """PKCE is demanded of every app, and `plain` is not known. So are `state`, and `aud`: the server that the app
    believes to be talking to (SMART App Launch 2.2, "Obtain authorization code")."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("code_challenge with code_challenge_method=S256 is required.")
        if not grant.request.payload.state:
            raise InvalidRequestError("state is required.")
        if grant.request.payload.data.get("aud", "").rstrip("/") != addresses.fhir(grant.server.base):
            raise InvalidRequestError("aud must be the address of this FHIR server.")

    def get_authorization_code_challenge(self, authorization_code: Issued) -> str:
        return authorization_code.challenge

    def get_authorization_code_challenge_method(self, authorization_code: Issued) -> str:
        return "S256"


class _ForSystems(grants.ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = [METHOD]


class _ForApps(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = [METHOD, "none"]

    @staticmethod
    def validate_authorization_redirect_uri(request: Asked, client: Party) -> str:
        if not client.check_redirect_uri(request.payload.redirect_uri or ""):
            raise InvalidRequestError("redirect_uri is none of the client's.")
        return str(request.payload.redirect_uri)

    def generate_authorization_code(self) -> str:
        return new_secret()

    def save_authorization_code(self, code: str, request: Asked) -> None:
        approval = _approved(request.client.client, request.scope, request.user)
        issuing.keep(
            code, Kind.CODE, approval.client_id, approval.scopes, lives=CODE_LIVES, approval=approval,
            redirect=request.payload.redirect_uri, challenge=request.payload.data["code_challenge"],
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Party) -> "_Code | None":
        found = issuing.spend(code, Kind.CODE)
        return _Code(found) if found and found.client_id == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code: "_Code") -> None:
        """It was spent when it was asked for, so that of two at once only one gets a token."""

    def authenticate_user(self, authorization_code: "_Code") -> Approval | None:
        return issuing.standing(authorization_code.approval_id)


class _Code:
    """A code, as Authlib asks about it."""

    def __init__(self, of: Issued) -> None:
        self.approval_id, self.challenge, self._of = of.approval_id, of.challenge, of

    def get_redirect_uri(self) -> str:
        return self._of.redirect

    def get_scope(self) -> str:
        return self._of.scopes


class _Refresh(_Code):
    """A refresh token, likewise."""

    def check_client(self, client: Party) -> bool:
        return self._of.client_id == client.get_client_id()


class _Again(grants.RefreshTokenGrant):  # type: ignore[misc]
    """Each refresh token counts once and brings the next (RFC 9700 §4.14.2), which reaches as far: only the access
    token may be narrower (RFC 6749 §6)."""

    TOKEN_ENDPOINT_AUTH_METHODS = [METHOD, "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _Refresh | None:
        """What is asked too widely spends nothing."""
        asked, held = set((self.request.payload.scope or "").split()), issuing.unspent(refresh_token, Kind.REFRESH)
        if held and not asked <= set(held.scopes.split()):
            raise InvalidScopeError()
        found = issuing.spend(refresh_token, Kind.REFRESH)
        return _Refresh(found) if found and issuing.standing(found.approval_id) else None

    def authenticate_user(self, refresh_token: _Refresh) -> Approval | None:
        return issuing.standing(refresh_token.approval_id)

    def issue_token(self, user: Approval, refresh_token: _Refresh) -> dict[str, Any]:
        return {**super().issue_token(user, refresh_token), "refresh_token": new_secret()}

    def revoke_old_credential(self, refresh_token: _Refresh) -> None:
        """It was spent when it was asked for."""


class _Revocation(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = [METHOD, "none"]

    def query_token(self, token_string: str, token_type_hint: str | None) -> Any:
        found = Issued.objects.filter(digest=issuing.digest(token_string)).exclude(sort=Kind.CODE).first()
        return _Refresh(found) if found else None

    def revoke_token(self, token: _Refresh, request: Asked) -> None:
        issuing.revoke(token._of)


def _approved(of: Client, scopes: str, yes: Yes) -> Approval:
    """What somebody has said yes to, kept and logged."""
    stays = OFFLINE in scopes.split(" ")
    at = wall()
    ends = at + settings.APP_DAYS * DAY if stays else yes.until
    found = Approval.objects.create(
        id=new_id(), client_id=of.id, person_id=yes.by.role_id, own_child_id=yes.own_child_id, child_id=yes.child_id,
        session="" if stays else yes.session, scopes=scopes, level=yes.by.level, made_at=at, ends_at=ends,
    )  # fmt: skip
    note(Calling.APP, at=yes.by.at, by=yes.by, child_id=yes.child_id, step="let-in", of=of.id, scopes=scopes)
    return found


_refused = InVain()


def _note_refusal(answer: Answer, of: str) -> None:
    """Of each client by itself, and together of those that there are none of: whoever asks may be anybody."""
    at = now()
    if times := _refused.times(at, of if client(of) else ""):
        note(
            Calling.TOKEN, at=at, by=None, allowed=False, reason=str(answer.body.get("error_description", "")),
            error=answer.body.get("error", ""), of=of, times=times,
        )  # fmt: skip


# -- what is asked from outside ----------------------------------------------------------------------------------------


def token_for(base: str, form: Parameters) -> Answer:
    """Answers the token endpoint. What was used once stays used when the rest is refused."""
    return _answered(base, form, lambda server, asked: server.create_token_response(asked))


def revoked(base: str, form: Parameters) -> Answer:
    return _answered(base, form, lambda server, asked: server.create_endpoint_response("revocation", asked))


def introspected(base: str, form: Parameters) -> Answer:
    return _answered(base, form, lambda server, asked: server.create_endpoint_response("introspection", asked))


def _answered(base: str, form: Parameters, ask: Any) -> Answer:
    given = list(form)
    with transaction.atomic():
        try:
            answer: Answer = ask(Server(base), Asked(form=given))
        except OAuth2Error as error:
            answer = Answer(error.status_code, dict(error.get_body()))
        if answer.status != 200:
            _note_refusal(answer, dict(given).get("client_id", "")[:60])
    return answer
