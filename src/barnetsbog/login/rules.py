"""What is made of what a provider says, and how long it is believed. Pure.

NSIS 2.0.1: the level of assurance is Low, Substantial (*Betydelig*) or High; person data takes *Betydelig*. OIOSAML
3.0.3 § 6.2 carries it, and the CPR number or its UUID; OIO Basic Privilege Profile 1.2 what a professional may do.
"""

import re
from collections.abc import Iterable, Mapping

from barnetsbog.kernel.cpr import is_demo_number, normalise
from barnetsbog.record.scope import LoginLevel

from . import privileges
from .model import (
    Audience,
    Choice,
    Identity,
    Job,
    Limits,
    LoginRefused,
    PrivilegeGroup,
    Provider,
    Reason,
    Said,
    Session,
)

_LEVELS = {
    "low": LoginLevel.LOW, "substantial": LoginLevel.SUBSTANTIAL, "high": LoginLevel.HIGH,
    "lav": LoginLevel.LOW, "betydelig": LoginLevel.SUBSTANTIAL, "høj": LoginLevel.HIGH,
}  # fmt: skip
_NSIS = re.compile(r"https://data\.gov\.dk/concept/core/nsis/(?:loa/)?(\w+)", re.I)
_ENOUGH = (LoginLevel.SUBSTANTIAL, LoginLevel.HIGH)
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.I)
_NUMBER = re.compile(r"[0-9A-Z]{10}")
_CVR_SCOPE = "urn:dk:gov:saml:cvrNumberIdentifier:"
_UNIT_CONSTRAINTS = frozenset((
    "urn:dk:kombit:orgUnit", "http://sts.kombit.dk/constraints/orgenhed/1", "http://kombit.dk/constraints/orgenhed/1",
))  # fmt: skip
"""Constraints that name units of KOMBIT's organisation. All others narrow by what is not known here."""


def level_of(text: str) -> LoginLevel:
    """An NSIS level as a word or as its address. What is not one is low: it proves nothing."""
    found = _NSIS.fullmatch(text.strip())
    return _LEVELS.get((found[1] if found else text.strip()).lower(), LoginLevel.LOW)


def is_enough(level: LoginLevel) -> bool:
    return level in _ENOUGH


def identity(provider: Provider, said: Said) -> Identity:
    """Who the provider says that somebody is. `LoginRefused` when it does not say enough, or says it oddly."""
    names, values = provider.claims, said.values
    if not said.subject:
        raise LoginRefused(Reason.INVALID, "no subject")
    level = level_of(values.get(names.level, ""))
    citizen = provider.audience is Audience.CITIZENS
    found = Identity(
        provider.id, said.subject, level,
        number=_number(values.get(names.number, "")) if citizen else "",
        number_id=_uuid(values.get(names.number_id, "")) if citizen else "",
        professional="" if citizen else _uuid(values.get(names.professional, "")),
        privileges=() if citizen else privileges.read(values.get(names.privileges, "")),
        session_index=said.session_index,
    )  # fmt: skip
    if not (found.number or found.number_id or found.professional):
        raise LoginRefused(Reason.INVALID, "nobody named")
    return found


def _number(text: str) -> str:
    number = normalise(text)
    if number and not _NUMBER.fullmatch(number):
        raise LoginRefused(Reason.INVALID, "number")
    return number


def _uuid(text: str) -> str:
    found = _UUID.fullmatch(text.strip())
    if text.strip() and not found:
        raise LoginRefused(Reason.INVALID, "uuid")
    return found[1].lower() if found else ""


def may_be_here(number: str, *, demo: bool) -> bool:
    """A real number is nobody in a demonstration, and an invented one nobody outside it."""
    return not number or is_demo_number(number) is demo


def jobs(
    identity: Identity, provider: Provider, own: Iterable[Job], privilege_of: Mapping[str, str]
) -> tuple[Choice, ...]:
    """In which of their own jobs of the directory somebody may act. `privilege_of`: a role's code to the name of its
    privilege. A privilege that is not one of these, or whose unit is none of theirs, gives nothing; a job that the
    directory does not know is not made (ADR 29)."""
    return tuple(
        Choice(job.role_id)
        for job in own
        if (not provider.organisations or provider.organisations & job.cvrs)
        and (
            not provider.needs_privileges
            or any(_covers(group, job, privilege_of, provider.constraints_left) for group in identity.privileges)
        )
    )


def _covers(group: PrivilegeGroup, job: Job, privilege_of: Mapping[str, str], left: frozenset[str]) -> bool:
    return (
        privilege_of.get(job.code) in group.privileges
        and _within(group.scope, job)
        and all(name in left or _narrowed(name, values, job) for name, values in group.constraints)
    )


def _within(scope: str, job: Job) -> bool:
    """A scope is an organisation's CVR number, or a unit of KOMBIT's organisation; another one is nobody's."""
    if scope.startswith(_CVR_SCOPE):
        return scope.removeprefix(_CVR_SCOPE) in job.cvrs
    unit = _UUID.fullmatch(scope)
    return unit is not None and unit[1].lower() in job.organisation_ids


def _narrowed(name: str, values: frozenset[str], job: Job) -> bool:
    if name not in _UNIT_CONSTRAINTS:
        return False
    named = {found[1].lower() for value in values if (found := _UUID.fullmatch(value))}
    return bool(named & job.organisation_ids)


# -- how long ----------------------------------------------------------------------------------------------------------


def ends_at(session: Session, limits: Limits) -> int:
    """When a session is over, if nothing more is done in it."""
    return min(session.seen_at + limits.idle, over_at(session, limits))


def over_at(session: Session, limits: Limits) -> int:
    """When a session is over, whatever is done in it."""
    return session.started_at + limits.longest


def holds(session: Session, limits: Limits, at: int) -> bool:
    """A clock that was put back is no way to go on for longer."""
    return session.ended_at is None and session.started_at - limits.warning <= at < ends_at(session, limits)
