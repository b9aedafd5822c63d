"""What SMART scopes allow: a token narrows what its client and its role may do, and never widens it. Pure.

SMART App Launch 2.2, "Scopes and Launch Context": `system/Observation.rs`. Of version 1 `.read`, `.write` and `.*` are
understood. A scope with a query (`Observation.rs?category=...`) is not: what can't be kept is not promised.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from barnetsbog.record.entries import DIRECTORY_TYPES

from .model import Sort

EVERY = "*"
ACTS = "cruds"
"""create, read, update, delete, search: the acts of a scope, in the order that the standard demands."""
_READS = frozenset("rs")
_V1 = {"read": "rs", "write": "cud", "*": ACTS}
_SCOPE = re.compile(r"(system|user|patient)/(\*|[A-Z][A-Za-z]{1,60})\.(\*|read|write|c?r?u?d?s?)")
_LEVELS = {Sort.SYSTEM: ("system",), Sort.APP: ("user", "patient")}
_OF_APPS = frozenset("crus")
"""Nothing is taken out of use by an app, but its own subscriptions."""

LAUNCH, OFFLINE, ONLINE = SPECIAL = "launch/patient", "offline_access", "online_access"
"""An app asks for one child in particular; to go on when its user has logged out; to go on until then."""

GIVES_RIGHTS = frozenset(("Patient", "RelatedPerson", "EpisodeOfCare", "Consent", "CareTeam"))
"""Who may see a child follows from these."""
LOG = "AuditEvent"
SUBSCRIPTION = "Subscription"
"""To be told is a way to read, and no writing. An app asks for it by its name: `*` says nothing of it to a user."""


class Cap(NamedTuple):
    """What a role can do at all over the interface, whatever its token says."""

    may: frozenset[str]
    """Acts of `roles.yaml`."""
    reads: bool
    """Whether the role opens books."""

    def allows(self, kind: str, act: str) -> bool:
        """The log is for those who oversee it and for the family, and nobody writes it. What gives rights to others,
        and the directory, is written by whoever keeps master data."""
        if kind == LOG:
            return act in _READS and ("audit" in self.may or "own-log" in self.may)
        if kind == SUBSCRIPTION:
            return self.reads
        if act in _READS:
            return self.reads or kind in DIRECTORY_TYPES
        return "write" in self.may and ("master-data" in self.may or kind not in GIVES_RIGHTS | DIRECTORY_TYPES)


class Permission(NamedTuple):
    """One scope about resources: whose (`system`, `user`, `patient`), which type or `*`, which of `cruds`."""

    level: str
    kind: str
    acts: frozenset[str]

    @property
    def text(self) -> str:
        return f"{self.level}/{self.kind}.{''.join(one for one in ACTS if one in self.acts)}"


@lru_cache(maxsize=4096)
def permissions(scopes: str) -> tuple[Permission, ...]:
    """The scopes about resources in a text with spaces. What isn't understood is left out."""
    found = (_SCOPE.fullmatch(one) for one in scopes.split(" "))
    read = (Permission(m[1], m[2], frozenset(_V1.get(m[3], m[3]))) for m in found if m)
    return tuple(one for one in read if one.acts)


@lru_cache(maxsize=4096)
def granted(asked: str, registered: str, sort: Sort, cap: Cap | None = None) -> str:
    """What of the scopes that are asked for a client may have in a role, in the words of version 2; '' when nothing.

    Each is narrowed to what the client was registered with, so `system/*.rs` becomes the types that it may have.
    `cap` is None where the role is not known yet.
    """
    most = [one for one in permissions(registered) if one.level in _LEVELS[sort]]
    both = ((one, met) for one in permissions(asked) for other in most if (met := _both(one, other)))
    found = (met if sort is Sort.SYSTEM else _of_app(one, met) for one, met in both)
    texts = [one.text for one in _merged(_capped(one, cap) for one in found)]
    wished, had = asked.split(" "), registered.split(" ")
    special = [one for one in SPECIAL if sort is Sort.APP and one in wished and one in had]
    return " ".join([*texts, *special]) if texts else ""


def _both(one: Permission, other: Permission) -> Permission | None:
    kinds = {one.kind, other.kind} - {EVERY} or {EVERY}
    same = one.level == other.level and len(kinds) == 1
    return Permission(one.level, kinds.pop(), one.acts & other.acts) if same else None


def _of_app(asked: Permission, met: Permission) -> Permission:
    if met.kind == SUBSCRIPTION:
        return met if asked.kind == SUBSCRIPTION else met._replace(acts=frozenset())
    return met._replace(acts=met.acts & _OF_APPS)


def _capped(one: Permission, cap: Cap | None) -> Permission:
    return one if cap is None else one._replace(acts=frozenset(act for act in one.acts if cap.allows(one.kind, act)))


def _merged(found: Iterable[Permission]) -> list[Permission]:
    acts: dict[tuple[str, str], frozenset[str]] = {}
    for one in found:
        acts[one.level, one.kind] = acts.get((one.level, one.kind), frozenset()) | one.acts
    return [Permission(*key, on) for key, on in acts.items() if on]


def about_one_child(scopes: str) -> bool:
    """Whether a token with these scopes is for one child's book and no other."""
    return LAUNCH in scopes.split(" ") or any(one.level == "patient" for one in permissions(scopes))


def renewable(scopes: str) -> bool:
    """Whether an app gets a refresh token."""
    return not {OFFLINE, ONLINE}.isdisjoint(scopes.split(" "))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which acts on which types a token allows in a role. What its bearer may *see* is for the grants to say."""

    acts: Mapping[str, frozenset[str]]
    """Acts by resource type, `*` for every type."""
    cap: Cap
    named: frozenset[str] = frozenset()
    """Types that `*` does not speak of."""

    def may(self, kind: str, act: str) -> bool:
        """Whether an act (one of `cruds`) on a resource type is allowed."""
        every = () if kind in self.named else self.acts.get(EVERY, ())
        asked = act in self.acts.get(kind, ()) or act in every
        return asked and self.cap.allows(kind, act)


@lru_cache(maxsize=4096)
def allowed(scopes: str, registered: str, sort: Sort, cap: Cap) -> Allowed:
    """What a token allows now: its scopes, within what its client is registered with now, within the role."""
    acts: dict[str, frozenset[str]] = {}
    for one in permissions(granted(scopes, registered, sort)):
        acts[one.kind] = acts.get(one.kind, frozenset()) | one.acts
    return Allowed(acts, cap, frozenset((SUBSCRIPTION,)) if sort is Sort.APP else frozenset())
