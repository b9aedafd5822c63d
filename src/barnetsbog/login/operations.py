"""Logging in, going on, logging out. Every one of them, and every no, is in the log.

`oidc` and `saml` are imported where they are used: the one is slow to load, the other's packages are an extra.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.audit.in_vain import InVain
from barnetsbog.audit.operations import Act, note
from barnetsbog.kernel.decisions import LogDown
from barnetsbog.kernel.ids import new_id
from barnetsbog.kernel.time import DAY, SECOND
from barnetsbog.record.instance import now
from barnetsbog.record.scope import LoginLevel, Scope

from . import addresses, queries, rules
from .clock import wall
from .model import MINUTE, Choice, Limits, LoginRefused, Oidc, Provider, Reason, Said, Session
from .models import KeptInput, LoginAttempt, LoginSession, UsedAssertion
from .sending import forget_old
from .setup import places, setup

DEMO = "demo"
_UNDERWAY = 15 * MINUTE
"""How long somebody may be at the provider, finding their telephone."""
_LARGEST_INPUT = 200_000
_LONGEST_NAME = 200
"""Of what a provider calls somebody, and a session of theirs."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody that a provider has vouched for, and as whom they can be logged in."""

    id: UUID
    provider: str
    who: str
    level: LoginLevel
    choices: tuple[Choice, ...]
    name_id: str
    session_index: str


# -- to the provider and back ------------------------------------------------------------------------------------------


def begin(provider: Provider, *, again: bool = False) -> tuple[str, UUID]:
    """Where to send the browser, and the attempt that it must come back with. `again`: log in anew, to be known more
    surely."""
    _tidy()
    ident = new_id()
    with _refusals_logged(provider):
        address, kept = _question(provider, ident, again=again)
    LoginAttempt.objects.create(id=ident, provider=provider.id, started_at=wall(), secrets=kept)
    if again:
        note("step-up", at=now(), by=None, provider=provider.id)
    return address, ident


def _question(provider: Provider, ident: UUID, *, again: bool) -> tuple[str, dict[str, str]]:
    if isinstance(provider.protocol, Oidc):
        from . import oidc

        return oidc.begin(provider, addresses.callback(setup().address, provider), again=again)
    from . import saml

    return saml.begin(provider, places(provider), str(ident), again=again)


def answered_oidc(provider: Provider, attempt_id: UUID | None, answer: dict[str, str]) -> None:
    """The browser is back from an OpenID provider. `LoginRefused`, and in the log, when nobody comes of it."""
    from . import oidc

    with _refusals_logged(provider):
        attempt = _take(provider, attempt_id)
        said = oidc.answered(provider, addresses.callback(setup().address, provider), answer, attempt.secrets)
        _arrived(attempt, provider, said)


def answered_saml(provider: Provider, relay: str, response: str) -> str:
    """An identity provider has sent its answer. It comes without the browser's cookies, so that nobody is logged in
    yet: that takes the browser that began *and* brought the answer (`arrival`). Whoever began could have had somebody
    else answer, so the browser that brings it is given something to show, and nobody else is."""
    from . import saml

    with _refusals_logged(provider):
        attempt = _take(provider, _uuid(relay))
        said, assertion, until = saml.answered(provider, places(provider), response, attempt.secrets)
        _once(assertion, until)
        brought = secrets.token_urlsafe(32)
        _arrived(attempt, provider, said, brought)
    return brought


def arrival(attempt_id: UUID | None, brought: str = "") -> Arrival | None:
    """Who has come back by this attempt, for a quarter of an hour. `brought`: what the browser that brought the answer
    was given, where it could not show that it was the one that began."""
    row = LoginAttempt.objects.filter(id=attempt_id, started_at__gt=wall() - _UNDERWAY).first() if attempt_id else None
    if row is None or row.arrival is None or not compare_digest(row.arrival["brought"], _brought(brought)):
        return None
    found = row.arrival
    choices = tuple(Choice(UUID(actor), UUID(child) if child else None) for actor, child in found["choices"])
    return Arrival(
        row.id, row.provider, found["who"], LoginLevel(found["level"]), choices, found["name_id"],
        found["session_index"],
    )  # fmt: skip


def nobody_arrived() -> None:
    """Somebody came to be logged in whom nobody has vouched for (any more), or in another browser: it is in the log."""
    _note_refusal(Reason.STALE, why="arrival")


def _take(provider: Provider, attempt_id: UUID | None) -> LoginAttempt:
    """The attempt, once: a second answer to the same question finds it used, in whatever process it comes."""
    ident = attempt_id or UUID(int=0)
    begun = LoginAttempt.objects.filter(id=ident, provider=provider.id, used_at=None, started_at__gt=wall() - _UNDERWAY)
    if begun.update(used_at=wall()) != 1:
        raise LoginRefused(Reason.STALE, "attempt")
    return LoginAttempt.objects.get(id=ident)


def _once(assertion: str, until: int) -> None:
    """Remembered until it is too old to be believed. Shared by all processes."""
    try:
        with transaction.atomic():
            digest = hashlib.sha256(assertion.encode()).hexdigest()
            UsedAssertion.objects.create(digest=digest, until=until * SECOND)
    except IntegrityError:
        raise LoginRefused(Reason.STALE, "assertion") from None


def _brought(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def _arrived(attempt: LoginAttempt, provider: Provider, said: Said, brought: str = "") -> None:
    identity = rules.identity(provider, said)
    if not rules.is_enough(identity.level):
        raise LoginRefused(Reason.LEVEL, identity.level.value)
    found = queries.choices(identity, provider)
    who = _digest(identity.number or identity.number_id or identity.professional)
    _end_besides(provider, who, found)
    if not found:
        raise LoginRefused(Reason.NOBODY)
    attempt.arrival = {
        "who": who, "level": identity.level.value, "name_id": identity.subject[:_LONGEST_NAME],
        "session_index": identity.session_index[:_LONGEST_NAME], "brought": _brought(brought),
        "choices": [[str(one.actor_id), str(one.child_id or "")] for one in found],
    }  # fmt: skip
    attempt.secrets = {}
    attempt.save()


def _end_besides(provider: Provider, who: str, choices: Sequence[Choice]) -> None:
    """What a provider says now counts for every log-in of the person by it: one in a job that they may not act in any
    more is over, and so is what they have lent in it for longer than a log-in."""
    mine = LoginSession.objects.filter(provider=provider.id, who=who)
    mine = mine.exclude(actor_id__in=[one.actor_id for one in choices])
    if mine.filter(ended_at=None).exists():
        _end(mine.filter(ended_at=None), None, reason="ingen adgang længere", provider=provider.id)
    for told in _when_barred:
        told(sorted(set(mine.values_list("actor_id", flat=True))))


@contextmanager
def _refusals_logged(provider: Provider) -> Iterator[None]:
    """A refusal leaves its line in the log, and goes on to the page that tells the person."""
    try:
        yield
    except LoginRefused as error:
        _note_refusal(error.reason, provider=provider.id, why=error.detail)
        raise


_in_vain = InVain()
_VOUCHED = frozenset((Reason.LEVEL, Reason.NOBODY))
"""What is refused to somebody whom a provider knows. Anything else anybody can try."""


def forget() -> None:
    """For tests: nobody has tried anything yet."""
    _in_vain.forget()


def _note_refusal(reason: Reason, **detail: Any) -> None:
    at = now()
    times = 1 if reason in _VOUCHED else _in_vain.times(at, reason)
    if times:
        told = detail | ({"times": times} if times > 1 else {})
        note("login", at=at, by=None, allowed=False, reason=reason, **told)


def _digest(text: str) -> str:
    return salted_hmac("barnetsbog.login.who", text, algorithm="sha256").hexdigest()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _tidy() -> None:
    """What is too old to be used. Log-ins are kept for a month, so that somebody can look at them."""
    at = wall()
    LoginAttempt.objects.filter(started_at__lt=at - DAY).delete()
    UsedAssertion.objects.filter(until__lt=at).delete()
    KeptInput.objects.filter(kept_at__lt=at - DAY).delete()
    LoginSession.objects.filter(started_at__lt=at - 30 * DAY).delete()
    forget_old()


# -- sessions ----------------------------------------------------------------------------------------------------------


def start_demo(choice: Choice) -> tuple[Session, Scope] | None:
    """A log-in of a demonstration, by a press of a name."""
    return _start(choice, DEMO, "", LoginLevel.SUBSTANTIAL, "", "")


def start(arrival: Arrival, choice: Choice) -> tuple[Session, Scope] | None:
    """Begins a session of somebody that a provider has vouched for. None when they can't be who they chose any more."""
    used = LoginAttempt.objects.filter(id=arrival.id).exclude(arrival=None)
    if choice not in arrival.choices or used.update(arrival=None) != 1:
        return None
    return _start(choice, arrival.provider, arrival.who, arrival.level, arrival.name_id, arrival.session_index)


def _start(
    choice: Choice, provider: str, who: str, level: LoginLevel, name_id: str, session_index: str
) -> tuple[Session, Scope] | None:
    scope = scope_of(choice, level)
    if scope is None:
        reason = "ingen adgang" if choice.child_id else "rollen må ikke handle"
        note("login", at=now(), by=None, allowed=False, reason=reason, attempted=str(choice.actor_id))
        return None
    at, ident = wall(), new_id()
    mine = who or _digest(str(scope.person_id or scope.role_id))
    with transaction.atomic():
        note("login", at=now(), by=scope, child_id=choice.child_id, provider=provider)
        LoginSession.objects.create(
            id=ident, provider=provider, who=mine, actor_id=choice.actor_id, child_id=choice.child_id,
            level=level.value, started_at=at, seen_at=at, name_id=name_id, session_index=session_index,
        )  # fmt: skip
    begun = queries.session(ident)
    assert begun
    return begun, scope


def scope_of(choice: Choice, level: LoginLevel, *, break_glass: bool = False, pack: bool = False) -> Scope | None:
    """What somebody may do now, judged anew."""
    if choice.child_id:
        return scope_for_person(choice.actor_id, choice.child_id, level=level)
    return scope_for(choice.actor_id, level=level, break_glass=break_glass, pack=pack)


def seen(session: Session, limits: Limits) -> int:
    """Somebody does something; until when the session holds now. Written once a minute: each page would otherwise wait
    for the disk."""
    at = wall()
    if at - session.seen_at < MINUTE:
        return rules.ends_at(session, limits)
    LoginSession.objects.filter(id=session.id, ended_at=None).update(seen_at=at)
    return min(at + limits.idle, rules.over_at(session, limits))


_when_over: list[Callable[[list[UUID]], None]] = []


_when_barred: list[Callable[[list[UUID]], None]] = []


def when_barred(told: Callable[[list[UUID]], None]) -> None:
    """`told` hears as whom somebody may not act any more, of those that they have been logged in as."""
    _when_barred.append(told)


def when_over(told: Callable[[list[UUID]], None]) -> None:
    """`told` hears of every log-in that is over, in the same transaction: what was lent as long as it lasted ends."""
    _when_over.append(told)


def _end(sessions: QuerySet[LoginSession], by: Scope | None, **said: Any) -> int:
    """Those of these that last are over now, and it is in the log; how many. Nobody is kept in by a log that can't be
    written: its line waits in the spool then (`audit.spool`)."""
    ids = list(sessions.filter(ended_at=None).values_list("id", flat=True))
    said = {"at": now(), "by": by, "sessions": len(ids), **said}
    try:
        with transaction.atomic():
            _over(ids)
            note("logout", **said)
    except LogDown:
        with transaction.atomic():
            _over(ids)
        with Act(acute=True) as act:
            act.note("logout", **said)
    return len(ids)


def _over(ids: list[UUID]) -> None:
    LoginSession.objects.filter(id__in=ids, ended_at=None).update(ended_at=wall())
    for told in _when_over:
        told(ids)


def end(session: Session, scope: Scope | None, *, reason: str = "") -> None:
    """The session is over, for whoever still has its cookie too."""
    mine = LoginSession.objects.filter(id=session.id, ended_at=None)
    if mine.exists():
        _end(mine, scope, child_id=session.child_id, reason=reason, attempted=str(session.actor_id))


def end_others(session: Session, scope: Scope) -> int:
    """Ends every other session of the same person, whatever machine it is on; how many."""
    others = LoginSession.objects.filter(who=session.who).exclude(id=session.id)
    return _end(others, scope, child_id=session.child_id, reason="alle andre steder")


def logged_out_at_provider(provider: Provider, query: dict[str, str], raw: str) -> str | None:
    """Single log-out. Where to send the browser with the answer; None when it was the answer to our own request."""
    from . import saml

    with _refusals_logged(provider):
        asked = saml.logout_asked(provider, places(provider), query, raw)
    if asked is None:
        return None
    with transaction.atomic():
        _ended_at_provider(provider, asked.name_id, asked.session_indexes)
    return asked.back


def logged_out_behind(provider: Provider, token: str) -> None:
    """An OpenID provider says so itself, past the browser (Back-Channel Logout 1.0). `LoginRefused`, and in the log,
    when it is not to be believed."""
    from . import oidc

    with _refusals_logged(provider):
        asked = oidc.logout_asked(provider, token)
        with transaction.atomic():
            _once(f"{provider.id} {asked.token}", asked.until)
            _ended_at_provider(provider, asked.subject, (asked.session,) if asked.session else ())


def _ended_at_provider(provider: Provider, name_id: str, indexes: Sequence[str]) -> None:
    """Their sessions are over, those with these indexes alone where there are any; and whoever has come back, and has
    not chosen yet, is nobody. One of theirs whose index was never told may be the one that is meant, so it is over
    too."""
    mine: dict[str, Any] = {"name_id": name_id[:_LONGEST_NAME]} if name_id or not indexes else {}
    untold = [""] if name_id else []
    mine |= {"session_index__in": [*(one[:_LONGEST_NAME] for one in indexes), *untold]} if indexes else {}
    arrived = {f"arrival__{name}": value for name, value in mine.items()}
    underway = LoginAttempt.objects.filter(provider=provider.id, started_at__gt=wall() - _UNDERWAY)
    underway.filter(**arrived).update(arrival=None)
    sessions = LoginSession.objects.filter(provider=provider.id, **mine)
    _end(sessions, None, reason="logget af hos udbyderen", provider=provider.id)


def logout_address(session: Session) -> str | None:
    """Where to log out at the provider too; None when there is no such place, or it does not answer: here the session
    is over anyway."""
    provider = setup().provider(session.provider)
    if provider is None:
        return None
    back = addresses.logged_out(setup().address)
    try:
        if isinstance(provider.protocol, Oidc):
            from . import oidc

            return oidc.logout_address(provider, back)
        from . import saml

        return saml.logout_address(
            provider, places(provider), name_id=session.name_id, session_index=session.session_index, back=back
        )
    except LoginRefused:
        return None


def metadata(provider: Provider) -> bytes:
    """Our own metadata, for an identity provider."""
    from . import saml

    return saml.metadata(provider, places(provider))


# -- what was typed ----------------------------------------------------------------------------------------------------


def keep(session: Session, path: str, fields: list[tuple[str, str]]) -> bool:
    """Keeps what somebody had typed when their session was over, for the same person as the same. Whether there was
    room for it."""
    if sum(len(name) + len(value) for name, value in fields) > _LARGEST_INPUT or len(path) > 300:
        return False
    drop_kept(session)
    KeptInput.objects.create(
        id=new_id(), who=session.who, actor_id=session.actor_id, child_id=session.child_id, path=path, fields=fields,
        kept_at=wall(),
    )  # fmt: skip
    return True


def drop_kept(session: Session) -> None:
    KeptInput.objects.filter(who=session.who, actor_id=session.actor_id, child_id=session.child_id).delete()
