"""Who may call: registering a client, closing it, giving it new keys; and people stopping the apps they let in.

A system gets a role of its own in the directory, a PractitionerRole without a practitioner, so that what it reads and
writes bears a name as everybody else's does.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from barnetsbog.access.roles import role_named
from barnetsbog.audit.operations import note
from barnetsbog.directory import queries as directory
from barnetsbog.fhir.own import BASE
from barnetsbog.intake.model import OWN_SOURCE, Unit
from barnetsbog.intake.operations import receive
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY
from barnetsbog.record.instance import is_demo, now
from barnetsbog.record.scope import LoginLevel, Scope
from barnetsbog.subscriptions.rules import BROKER, is_origin

from . import keys
from .clock import wall
from .issuing import end, end_all_of
from .model import Calling, Client, Sort
from .models import Approval, Registered
from .permissions import LAUNCH, OFFLINE, ONLINE, SPECIAL, granted, permissions
from .queries import client

PER_MINUTE, PER_DAY = 600, 100_000
_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,58}[a-z0-9]")
_LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class New:
    """A client to be registered. A system has a role, a unit and keys; an app has addresses to go back to."""

    id: str
    name: str
    scopes: str
    role: str = ""
    unit_id: UUID | None = None
    jwks: str = ""
    redirects: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    level: LoginLevel = LoginLevel.SUBSTANTIAL
    per_minute: int = PER_MINUTE
    per_day: int = PER_DAY
    days: int | None = None
    """It may call for so many days; None: until somebody closes it."""
    notify: tuple[str, ...] = ()
    full: bool = False

    @property
    def sort(self) -> Sort:
        return Sort.SYSTEM if self.role else Sort.APP


def register(new: New, *, by: Scope | None = None) -> Client:
    """Lets a client call. `by` is None for the command line. `Refused` says what is wrong; then nothing is stored."""
    new = replace(new, scopes=" ".join(new.scopes.split()))
    _require(new)
    jwks = _keys(new.jwks) if new.jwks else ""
    with transaction.atomic():
        role_id = _role_of(new) if new.sort is Sort.SYSTEM else None
        try:
            Registered.objects.create(
                id=new.id, name=new.name, sort=new.sort, role_id=role_id, role=new.role, unit_id=new.unit_id,
                level=new.level, scopes=new.scopes, jwks=jwks, redirects=json.dumps(new.redirects),
                origins=json.dumps(new.origins), per_minute=new.per_minute, per_day=new.per_day,
                ends_at=None if new.days is None else wall() + new.days * DAY, notify=json.dumps(new.notify),
                full=new.full,
            )  # fmt: skip
        except IntegrityError:
            raise Refused(f"Der er en klient, der hedder »{new.id}«.") from None
        _log("add", new.id, by, role=new.role, unit=str(new.unit_id or ""), scopes=new.scopes,
             notify=" ".join(new.notify), full=new.full)  # fmt: skip
    return known(new.id)


def known(ident: str) -> Client:
    found = client(ident)
    if found is None:
        raise NotFound
    return found


def close(ident: str, *, by: Scope | None = None) -> None:
    """The client may not call any more, from now on. What was handed out to it is over for good, and so is what people
    have said yes to: whoever had a copy has nothing when the client is opened again."""
    with transaction.atomic():
        _change(ident, "disable", by, enabled=False)
        end_all_of(ident)


def open_again(ident: str, *, by: Scope | None = None) -> None:
    _change(ident, "enable", by, enabled=True)


def change_keys(ident: str, jwks: str, *, by: Scope | None = None) -> None:
    """New keys in place of the old. During a change the set holds both."""
    _change(ident, "keys", by, jwks=_keys(jwks))


def change_notify(ident: str, notify: Sequence[str], *, full: bool = False, by: Scope | None = None) -> None:
    """Other places where the client may have itself told of what happens; none, when there is none. What waits for one
    that it may not be told at any more is not sent there."""
    _refuse_first(_place_faults(known(ident).sort, notify, full=full))
    _change(ident, "notify", by, notify=json.dumps(list(notify)), full=full)


def _change(ident: str, step: str, by: Scope | None, **values: Any) -> None:
    with transaction.atomic():
        if not Registered.objects.filter(id=ident).update(**values):
            raise NotFound
        _log(step, ident, by)


def _log(step: str, ident: str, by: Scope | None, **detail: Any) -> None:
    note(Calling.CLIENT, at=now(), by=by, step=step, of=ident, **{key: one for key, one in detail.items() if one})


def _role_of(new: New) -> UUID:
    """The role that the system acts in, put into the directory."""
    ident = new_id()
    body = {
        "resourceType": "PractitionerRole", "id": str(ident), "active": True,
        "organization": {"reference": f"Organization/{new.unit_id}"},
        "code": [{"coding": [{"system": f"{BASE}/CodeSystem/role", "code": new.role}], "text": new.name}],
    }  # fmt: skip
    report = receive([Unit(f"PractitionerRole/{ident}", orjson.dumps(body), OWN_SOURCE, own=True)], jobs=1)
    if report.refusals:
        raise Refused(report.refusals[0].reason)
    return ident


def _keys(text: str) -> str:
    try:
        return keys.checked(text)
    except keys.BadKeys as error:
        raise Refused(str(error)) from None


# -- what must be so ---------------------------------------------------------------------------------------------------


def _require(new: New) -> None:
    system = new.sort is Sort.SYSTEM
    faults = (
        (not _ID.fullmatch(new.id), "Id skal være små bogstaver, tal og bindestreger, mindst tre tegn."),
        (not _is_name(new.name), "Navnet mangler, er for langt, eller har tegn, der ikke kan ses."),
        (new.per_minute < 1 or new.per_day < 1, "Grænserne skal være mindst 1."),
        (system and not role_named(new.role).system, f"»{new.role}« er ikke en rolle for et program."),
        (system and not _is_unit(new.unit_id), "Enheden kendes ikke."),
        (system and new.level is LoginLevel.LOW, "Et system skal være kendt på mindst NSIS Betydelig (substantial)."),
        (system and not new.jwks, "Et system skal have en offentlig nøgle (JWK Set)."),
        (system and bool(new.redirects), "Et system har ingen adresser at sende brugere tilbage til."),
        (not system and not new.redirects, "En app skal have mindst én adresse at sende brugeren tilbage til."),
        (not all(_is_address(one) for one in new.redirects), "En adresse skal være https (eller 127.0.0.1) uden #."),
        (not all(_is_origin(one) for one in new.origins), "Et origin er kun skema, vært og port: https://app.example."),
    )  # fmt: skip
    _refuse_first((*faults, *_place_faults(new.sort, new.notify, full=new.full), *_scope_faults(new)))


def _refuse_first(faults: Iterable[tuple[bool, str]]) -> None:
    for wrong, why in faults:
        if wrong:
            raise Refused(why)


def _place_faults(sort: Sort, notify: Sequence[str], *, full: bool) -> Sequence[tuple[bool, str]]:
    return (
        (full and sort is not Sort.SYSTEM, "Hele ressourcer sendes kun til systemer. En app henter dem selv."),
        (not all(one == BROKER or is_origin(one, demo=is_demo()) for one in notify),
         "Et sted for beskeder er kun https, navn og eventuelt port: https://system.example. Eller broker."),
    )  # fmt: skip


def _scope_faults(new: New) -> Sequence[tuple[bool, str]]:
    asked = new.scopes.split()
    about = [one for one in asked if one not in SPECIAL]
    odd = next((one for one in about if not permissions(one) or not granted(one, one, new.sort)), "")
    wrong_special = new.sort is Sort.SYSTEM and len(about) < len(asked)
    return (
        (bool(odd), f"Scope »{odd}« kendes ikke, eller det er ikke for denne slags klient."),
        (not about, "Der skal være mindst ét scope om ressourcer, for eksempel system/Observation.rs."),
        (wrong_special, f"{LAUNCH}, {ONLINE} og {OFFLINE} er for apps."),
    )


def _is_name(text: str) -> bool:
    """What people see in the log, and say yes to."""
    return bool(text.strip()) and len(text) <= 120 and text.isprintable()


def _is_unit(ident: UUID | None) -> bool:
    return ident is not None and bool(directory.units([ident]))


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _port = parts.port
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    return secure and bool(parts.hostname) and "#" not in text and text.isascii() and text.isprintable()


def _is_origin(text: str) -> bool:
    if not _is_address(text):
        return False
    parts = urlsplit(text)
    return text == f"{parts.scheme}://{parts.netloc}"


# -- somebody's own apps -----------------------------------------------------------------------------------------------


def stop(approval_id: UUID, *, by: Scope) -> None:
    """Somebody stops an app that they let in: nothing that it was handed counts any more."""
    with transaction.atomic():
        found = Approval.objects.filter(id=approval_id, person_id=by.role_id, ended_at=None).first()
        if found is None:
            raise NotFound
        end(approval_id)
        note(Calling.APP, at=by.at, by=by, child_id=found.child_id, step="stop", of=found.client_id)


def barred(people: Sequence[UUID]) -> None:
    """Somebody may not act as these any more; nor may an app for them."""
    if people:
        Approval.objects.filter(person_id__in=people, ended_at=None).update(ended_at=wall())


def logged_out(sessions: Iterable[UUID]) -> None:
    """Log-ins have ended, and with them what apps were lent for as long as they lasted."""
    ended = [str(one) for one in sessions]
    Approval.objects.filter(session__in=ended, ended_at=None).update(ended_at=wall())
