"""Providers of log-in, what they say about somebody, and what comes of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from barnetsbog.kernel.time import SECOND
from barnetsbog.record.scope import LoginLevel

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


class Audience(StrEnum):
    """Whom a provider logs in. The other side has no pages for them."""

    CITIZENS = "citizens"
    PROFESSIONALS = "professionals"


class Reason(StrEnum):
    """Why nobody was logged in, as it stands in the log."""

    INVALID = "svaret fra log-in kunne ikke bruges"
    CANCELLED = "afbrudt"
    STALE = "for længe siden, eller brugt før"
    UNREACHABLE = "log-in svarer ikke"
    LEVEL = "sikkerhedsniveauet er for lavt"
    NOBODY = "ingen adgang"


class LoginRefused(Exception):
    """Nobody was logged in. `detail` is for the log: a code, never what the provider said about somebody."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """What a provider calls what it says: claims of an ID token, or attributes of an assertion."""

    number: str
    number_id: str
    professional: str
    privileges: str
    level: str


@dataclass(frozen=True, slots=True)
class Oidc:
    """OpenID Connect Core 1.0, code flow. `metadata` is the issuer's own file; None: fetched from the issuer."""

    issuer: str
    client_id: str
    secret: str
    metadata: Path | None
    scopes: tuple[str, ...]
    levels: tuple[str, ...]  # acr_values that are asked for
    userinfo: bool


@dataclass(frozen=True, slots=True)
class Saml:
    """OIOSAML 3: the identity provider's metadata, and this service's own key and certificate (PEM)."""

    metadata: Path
    entity_id: str
    key: Path
    certificate: Path
    encrypted: bool
    levels: tuple[str, ...]  # RequestedAuthnContext


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who says who people are. `id` stands in addresses, `name` on the page of log-in."""

    id: str
    name: str
    name_en: str
    audience: Audience
    claims: ClaimNames
    protocol: Oidc | Saml
    needs_privileges: bool = True
    """A professional acts only in what a privilege names; else in all of their own jobs in the directory."""
    organisations: frozenset[str] = frozenset()
    """CVR numbers that it may speak for; empty: all."""
    constraints_left: frozenset[str] = frozenset()
    """Names of constraints of privileges that the municipality has decided not to use here."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without anything being done, and at most. UTC microseconds."""

    idle: int = 30 * MINUTE
    longest: int = 8 * HOUR
    warning: int = 5 * MINUTE


@dataclass(frozen=True, slots=True)
class Setup:
    """All of `login.toml`. `address` is where people reach this instance (`https://bog.example.dk`)."""

    address: str = ""
    providers: tuple[Provider, ...] = ()
    limits: Limits = Limits()

    def provider(self, ident: str) -> Provider | None:
        return next((one for one in self.providers if one.id == ident), None)


@dataclass(frozen=True, slots=True)
class PrivilegeGroup:
    """Privileges within one scope, of OIO Basic Privilege Profile 1.2: `scope` as it was written, and the constraints
    that narrow it (name, values)."""

    scope: str
    privileges: frozenset[str]
    constraints: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider said, checked to be from it, to us and new: its own name of the person, and the rest by name."""

    subject: str
    values: dict[str, str]
    session_index: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, by one provider: `number`, `number_id` and `professional` as far as it told, else ''."""

    provider: str
    subject: str
    level: LoginLevel
    number: str = ""
    number_id: str = ""
    professional: str = ""
    privileges: tuple[PrivilegeGroup, ...] = ()
    session_index: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a professional, as far as privileges ask: its role's code, and every name of its unit and of what the
    unit is part of (CVR numbers, and ids of KOMBIT's organisation)."""

    role_id: UUID
    code: str
    cvrs: frozenset[str]
    organisation_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody that a person can be logged in as: in a job, or in one child's book."""

    actor_id: UUID
    child_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in that holds. `who` is the same for every session of one person by one provider, and tells nothing else.
    Instants of the wall's clock."""

    id: UUID
    provider: str
    who: str
    actor_id: UUID
    child_id: UUID | None
    level: LoginLevel
    started_at: int
    seen_at: int
    ended_at: int | None
    name_id: str = ""
    session_index: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody had typed when their session was over: where it was on its way to, and the fields."""

    id: UUID
    path: str
    fields: tuple[tuple[str, str], ...]
