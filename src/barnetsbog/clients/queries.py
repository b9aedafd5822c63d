"""Clients and what has been handed out to them."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from barnetsbog.record.fields import maybe_uuid, uuid_of
from barnetsbog.record.scope import LoginLevel
from barnetsbog.record.sql import fetch_one

from .clock import wall
from .issuing import LONGEST, Kind, digest
from .model import Client, Sort
from .models import Approval, Registered

_COLUMNS = (
    "id", "name", "sort", "role_id", "role", "unit_id", "level", "scopes", "jwks", "redirects", "origins", "per_minute",
    "per_day", "enabled", "ends_at", "notify", "full",
)  # fmt: skip


def client(ident: str) -> Client | None:
    row = Registered.objects.filter(id=ident).values_list(*_COLUMNS).first()
    return _client(row) if row else None


def clients() -> list[Client]:
    """Everybody who is registered, by name."""
    return [_client(row) for row in Registered.objects.order_by("name", "id").values_list(*_COLUMNS)]


def names_of(idents: Collection[str]) -> dict[str, str]:
    """What these clients are called, of those that are registered."""
    found = Registered.objects.filter(id__in=idents) if idents else Registered.objects.none()
    return dict(found.values_list("id", "name"))


def is_allowed_origin(origin: str) -> bool:
    """Whether some client that may call has pages there. Before a browser sends a token it asks without one."""
    return any(origin in one.origins for one in clients() if one.usable(wall()))


@lru_cache(maxsize=1_000)
def _client(row: tuple[Any, ...]) -> Client:
    """Every request asks who its client is, and the row is nearly always the same."""
    ident, name, sort, role_id, role, unit_id, level, scopes, jwks, redirects, origins, minute, day, enabled, *last = (
        row
    )
    end, notify, full = last
    return Client(
        ident, name, Sort(sort), maybe_uuid(role_id), role, maybe_uuid(unit_id), LoginLevel(level), scopes, jwks,
        tuple(orjson.loads(redirects)), tuple(orjson.loads(origins)), minute, day, bool(enabled), end,
        tuple(orjson.loads(notify)), bool(full),
    )  # fmt: skip


class Lent(NamedTuple):
    """As whom an app acts."""

    id: UUID
    person_id: UUID
    own_child_id: UUID | None
    child_id: UUID | None
    level: LoginLevel
    ends_at: int

    @property
    def book(self) -> UUID | None:
        """The one child whose book the app was let into; None: all that its user reads."""
        return self.own_child_id or self.child_id


class Token(NamedTuple):
    """An access token that counts now."""

    client: Client
    scopes: str
    issued_at: int
    ends_at: int
    lent: Lent | None


_TOKEN = f"""SELECT t.scopes, t.issued_at, t.ends_at, a.id, a.person_id, a.own_child_id, a.child_id, a.level, a.ends_at,
  {", ".join(f"c.{name}" for name in _COLUMNS)}
  FROM client_token t JOIN client c ON c.id = t.client_id LEFT JOIN client_approval a ON a.id = t.approval_id
  WHERE t.digest = %s AND t.sort = '{Kind.ACCESS}' AND t.spent_at IS NULL AND t.ends_at > %s
  AND (t.approval_id IS NULL OR (a.ended_at IS NULL AND a.ends_at > %s))"""


def token(secret: str) -> Token | None:
    """What an access token stands for now; None when it does not count (any more). One query, in plain SQL: every
    request asks."""
    at = wall()
    if len(secret) > LONGEST or not secret.isascii():
        return None
    row = fetch_one(_TOKEN, [digest(secret), at, at])
    if row is None:
        return None
    scopes, issued_at, ends_at, approval, person, own, child, level, until, *registered = row
    holder = _client(tuple(registered))
    if not holder.usable(at):
        return None
    if approval is None:
        return Token(holder, scopes, issued_at, ends_at, None)
    lent = Lent(uuid_of(approval), uuid_of(person), maybe_uuid(own), maybe_uuid(child), LoginLevel(level), until)
    return Token(holder, scopes, issued_at, ends_at, lent)


class App(NamedTuple):
    """An app that somebody has let in."""

    approval_id: UUID
    client: Client
    scopes: str
    child_id: UUID | None
    made_at: int
    ends_at: int


def apps_of(person_id: UUID) -> list[App]:
    """The apps that act for somebody now, the newest first."""
    known = {one.id: one for one in clients()}
    found = Approval.objects.filter(person_id=person_id, ended_at=None, ends_at__gt=wall()).order_by("-made_at")
    return [
        App(one.id, known[one.client_id], one.scopes, one.child_id, one.made_at, one.ends_at)
        for one in found
        if one.client_id in known
    ]
