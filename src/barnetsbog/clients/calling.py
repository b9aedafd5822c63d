"""From a token to whoever holds it: judged anew at every request, so that what was taken away counts at once."""

from typing import NamedTuple

from barnetsbog.access.roles import role_named
from barnetsbog.access.scopes import scope_for, scope_for_person, scope_for_system, through
from barnetsbog.record.scope import Scope

from .model import Client
from .permissions import Allowed, Cap, allowed
from .queries import Lent, Token, token


class Holder(NamedTuple):
    """Whoever holds a token now: whose rights, which client, and what the token allows."""

    scope: Scope
    client: Client
    allowed: Allowed


def holder(secret: str) -> Holder | None:
    """None when the token does not count, or whoever it was given to has lost their role, their right or their client:
    the same answer."""
    found = token(secret)
    scope = scope_of(found) if found else None
    if found is None or scope is None:
        return None
    client = found.client
    return Holder(scope, client, allowed(found.scopes, client.scopes, client.sort, cap_of(scope.role)))


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


def cap_of(role: str) -> Cap:
    """What a role can do at all over the interface."""
    described = role_named(role)
    return Cap(described.may, bool(described.shelves))
