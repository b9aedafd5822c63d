"""From a token to whoever holds it: judged anew at every request, so that what was taken away counts at once."""

from typing import NamedTuple
from uuid import UUID

from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import scope_for, scope_for_person, scope_for_system, through
from barnetsbog.record.scope import LoginLevel, Scope

from .clock import wall
from .issuing import standing
from .model import Client
from .models import Approval
from .permissions import Allowed, Cap, allowed
from .queries import Lent, Token, client, token


class Holder(NamedTuple):
    """Whoever calls now: whose rights, which client, and what it is allowed; as whom, when it is an app."""

    scope: Scope
    client: Client
    allowed: Allowed
    lent: Lent | None = None


def holder(secret: str) -> Holder | None:
    """None when the token does not count, or whoever it was given to has lost their role, their right or their client:
    the same answer."""
    found = token(secret)
    return _held(found.client, found.scopes, found.lent) if found else None


def without_token(ident: str, approval_id: UUID | None) -> Holder | None:
    """A client as it is told of something, when nobody calls: a system in its own role, or an app as the one who let it
    in, for as long as that approval stands. None as above."""
    found = client(ident)
    if found is None or not found.usable(wall()):
        return None
    if approval_id is None:
        return _held(found, found.scopes, None)
    approval = standing(approval_id)
    return _held(found, approval.scopes, lent_by(approval)) if approval else None


def _held(of: Client, scopes: str, by: Lent | None) -> Holder | None:
    scope = lent(of.id, by) if by else own(of)
    if scope is None:
        return None
    return Holder(scope, of, allowed(scopes, of.scopes, of.sort, cap_of(scope.role)), by)


def scope_of(found: Token) -> Scope | None:
    return lent(found.client.id, found.lent) if found.lent else own(found.client)


def own(client: Client) -> Scope | None:
    """The scope of a system."""
    if client.role_id is None or client.unit_id is None:
        return None
    return scope_for_system(
        client.role_id, client=client.id, code=client.role, unit_id=client.unit_id, level=client.level
    )


def lent(client: str, of: Lent) -> Scope | None:
    """The scope of somebody, as an app acts for them."""
    if of.own_child_id is not None:
        scope = scope_for_person(of.person_id, of.own_child_id, level=of.level)
        return through(scope, client, of.own_child_id) if scope else None
    scope = scope_for(of.person_id, level=of.level)
    return through(scope, client, of.child_id) if scope else None


def lent_by(of: Approval) -> Lent:
    return Lent(of.id, of.person_id, of.own_child_id, of.child_id, LoginLevel(of.level), of.ends_at)


def cap_of(role: str) -> Cap:
    """What a role can do at all over the interface."""
    described = role_named(role)
    return Cap(described.may, bool(described.shelves))
