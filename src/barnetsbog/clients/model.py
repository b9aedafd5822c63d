"""What a client is: a system that acts as its unit, or an app that acts as the person who has let it in."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from barnetsbog.record.scope import LoginLevel


class Sort(StrEnum):
    SYSTEM = "system"
    """A unit's own system, in a role of its own (SMART backend services)."""
    APP = "app"
    """Acts as somebody who is logged in and has said yes (SMART App Launch)."""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered client. `role_id`, `role` and `unit_id` are a system's; an app has none of its own."""

    id: str
    name: str
    sort: Sort
    role_id: UUID | None
    role: str
    unit_id: UUID | None
    level: LoginLevel
    """How surely a system is known to be itself: person data requires *Betydelig*."""
    scopes: str
    """The SMART scopes that it may ask for, with spaces between."""
    jwks: str
    """Its public keys (RFC 7517), as JSON; '' for an app that has none."""
    redirects: tuple[str, ...]
    origins: tuple[str, ...]
    """Where pages that call from a browser come from (CORS)."""
    per_minute: int
    per_day: int
    enabled: bool
    ends_at: int | None
    """UTC microseconds by the wall's clock; None: until somebody ends it."""
    notify: tuple[str, ...] = ()
    """Where it may be told of what happens (origins, or `broker`)."""
    full: bool = False
    """Whether resources may be sent to it, and not only their ids."""

    def usable(self, at: int) -> bool:
        """Whether it may call at a moment (UTC microseconds by the wall's clock)."""
        return self.enabled and (self.ends_at is None or at < self.ends_at)


class Calling(StrEnum):
    """What this room writes in the log (docs/audit.md)."""

    CLIENT = "client"
    """A client is registered, changed or closed: `step`, `of`, and what of it."""
    TOKEN = "token"  # noqa: S105
    """A token was asked for: `of`; when allowed `scopes`, else why not."""
    APP = "app"
    """Somebody lets an app in, or stops it: `step`, `of`, `scopes`."""
