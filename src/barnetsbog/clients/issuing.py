"""Codes and tokens: handed out once, known by their SHA-256, spent, ended, forgotten.

A token is 256 random bits and says nothing by itself, so that what is taken away counts at once; what it stands for is
looked up by a digest, and no comparison of ours takes longer for a better guess.
"""

import secrets
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from barnetsbog.kernel.time import FOREVER, SECOND

from .clock import wall
from .models import Approval, Issued

LONGEST = 200
"""Characters of the longest thing that could be a token."""


class Kind(StrEnum):
    CODE = "code"
    ACCESS = "access"
    REFRESH = "refresh"


CODE_LIVES = 60 * SECOND
KEPT = 3600 * SECOND
"""How long what has ended is kept, so that a code that is used again is recognised."""


def new_secret(**_: Any) -> str:
    """Something that can't be guessed."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def keep(secret: str, kind: Kind, client: str, scopes: str, *, lives: int = FOREVER, approval: Approval | None = None,
         redirect: str = "", challenge: str = "") -> None:  # fmt: skip
    """Stores what was handed out. `lives` is in microseconds, and nothing outlives the approval it follows from."""
    at = wall()
    ends = min(at + lives, approval.ends_at if approval else FOREVER)
    Issued.objects.filter(ends_at__lt=at - KEPT).delete()
    Issued.objects.create(
        digest=digest(secret), sort=kind, client_id=client, approval_id=approval.id if approval else None,
        scopes=scopes, issued_at=at, ends_at=ends, redirect=redirect, challenge=challenge,
    )  # fmt: skip


def unspent(secret: str, kind: Kind) -> Issued | None:
    """What counts once and has not been used yet."""
    return Issued.objects.filter(digest=digest(secret), sort=kind, spent_at=None).first()


def spend(secret: str, kind: Kind) -> Issued | None:
    """What counts once, used now. When it has been used before, somebody has a copy: everything that was handed out
    with it ends (RFC 9700 §4.14.2). None when it does not count (any more)."""
    at = wall()
    found = Issued.objects.filter(digest=digest(secret), sort=kind).first()
    if found is None:
        return None
    if not Issued.objects.filter(digest=found.digest, spent_at=None).update(spent_at=at):
        end(found.approval_id)
        return None
    return found if at < found.ends_at else None


def standing(approval_id: UUID | None) -> Approval | None:
    """An approval that has not ended."""
    return Approval.objects.filter(id=approval_id or UUID(int=0), ended_at=None, ends_at__gt=wall()).first()


def revoke(found: Issued) -> None:
    """A token works no more; with a refresh token the whole approval ends (RFC 7009 §2.1)."""
    Issued.objects.filter(digest=found.digest, spent_at=None).update(spent_at=wall())
    if found.sort == Kind.REFRESH:
        end(found.approval_id)


def end_all_of(client: str) -> None:
    """Nothing that was handed out to a client counts, and nothing more comes of it."""
    at = wall()
    Issued.objects.filter(client_id=client, spent_at=None).update(spent_at=at)
    Approval.objects.filter(client_id=client, ended_at=None).update(ended_at=at)


def end(approval_id: UUID | None) -> None:
    """An approval ends, and with it everything that was handed out by it."""
    if approval_id is not None:
        Approval.objects.filter(id=approval_id, ended_at=None).update(ended_at=wall())
