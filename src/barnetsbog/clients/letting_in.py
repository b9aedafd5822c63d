"""An app asks somebody who is logged in to let it act for them: what it asks for, and what they answer."""

from typing import NamedTuple

from authlib.oauth2.rfc6749 import OAuth2Error

from barnetsbog.access.reading import open_book
from barnetsbog.directory.model import ChildName
from barnetsbog.directory.queries import children
from barnetsbog.record.scope import Scope

from .calling import cap_of
from .model import Calling, Client
from .permissions import about_one_child
from .protocol import Answer, Asked, Parameters, Server, Yes


class Wish(NamedTuple):
    """What an app asks for, as far as its user's role and its own registration go."""

    client: Client
    scopes: str
    back: str
    """The address that the browser goes back to."""

    @property
    def one_child(self) -> bool:
        return about_one_child(self.scopes)


def wish(base: str, asked: Parameters, scope: Scope) -> Wish | Answer:
    """What the request in an address asks for. An `Answer` when it can't be so: with a `location` when the app may be
    told itself, without one when nothing tells that it is the app's own address."""
    server = Server(base, cap=cap_of(scope.role))
    try:
        request = Asked(asked, method="GET")
        server.get_consent_grant(request)
    except OAuth2Error as error:
        return _refused(server, error)
    return Wish(request.client.client, request.scope, request.payload.redirect_uri)


def answer(base: str, asked: Parameters, yes: Yes | None, scope: Scope) -> Answer:
    """The answer to what was asked (`None`: no), with the address that the browser goes back to."""
    server = Server(base, cap=cap_of(scope.role))
    try:
        request = Asked(asked, method="GET")
        grant = server.get_consent_grant(request)
    except OAuth2Error as error:
        return _refused(server, error)
    given: Answer = server.create_authorization_response(request, grant_user=yes, grant=grant)
    return given


def _refused(server: Server, error: OAuth2Error) -> Answer:
    told: Answer = server.handle_response(*error())
    return told


def choices(scope: Scope) -> list[ChildName]:
    """The children whose book an app can be let into, by name."""
    with open_book(scope, Calling.APP, step="choose") as book:
        known = children(book.children())
    return sorted(known.values(), key=lambda one: one.full)
