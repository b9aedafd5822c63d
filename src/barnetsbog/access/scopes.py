"""Making a scope: the one place where somebody's rights begin.

A professional acts in a role in a unit; a person of the family acts for themselves in one child's book. Both are judged
anew at every request, so that a right that has ended counts at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from barnetsbog.directory.queries import Acting, acting, elsewhere
from barnetsbog.kernel.time import SECOND
from barnetsbog.record import store
from barnetsbog.record.instance import now
from barnetsbog.record.models import Grant
from barnetsbog.record.rights import CONTENT
from barnetsbog.record.scope import LoginLevel, Scope, Seal
from barnetsbog.record.shelves import EVERYTHING, WHOLE

from .roles import role_named

_SEAL = Seal()
_LEADER = "manager"
_ENOUGH = (LoginLevel.SUBSTANTIAL, LoginLevel.HIGH)


def scope_for(
    role_id: UUID, *, level: LoginLevel, purpose: str | None = None, break_glass: bool = False, pack: bool = False
) -> Scope | None:
    """The scope of a professional who acts in a role now; None when the role is not (any longer) theirs, has no
    purpose, or they are not known surely enough (NSIS *Betydelig*). What a citizen is to a child, and what a program
    does, is nobody's job, whatever a directory says."""
    found = acting(role_id)
    if found is None or not role_named(found.role.code).professional:
        return None
    scope = _acting(found, level, purpose)
    return replace(scope, break_glass=break_glass, pack=pack) if scope else None


def scope_for_system(role_id: UUID, *, client: str, code: str, unit_id: UUID, level: LoginLevel) -> Scope | None:
    """The scope of a unit's own system, in the role that it was registered with; None when that role is not (any
    longer) a system's, or has become another or another unit's since: the directory may close a system's role, and
    never widen it."""
    found = acting(role_id)
    if found is None or (found.role.code, found.role.unit_id) != (code, unit_id) or not role_named(code).system:
        return None
    return _acting(found, level, None, client)


def through(scope: Scope, client: str, child_id: UUID | None = None) -> Scope:
    """Somebody's scope when an app acts for them. `child_id`: in this child's book and no other."""
    return replace(scope, client=client, child=child_id, break_glass=False, pack=False)


def _acting(found: Acting, level: LoginLevel, purpose: str | None, client: str = "") -> Scope | None:
    role = found.role
    described = role_named(role.code)
    why, at = purpose or described.purpose, now()
    if not role.works(at) or role.unit_id is None or level not in _ENOUGH or not why:
        return None
    return Scope(
        role.id, role.professional_id, role.unit_id, role.code, why, level, at, _SEAL,
        grantees=(role.unit_id, role.id), shelves=described.shelves, reach=described.reach, elsewhere=found.elsewhere,
        client=client,
    )  # fmt: skip


def counting(scope: Scope, unit_id: UUID) -> Scope:
    """What is counted for somebody who may have the numbers of a unit and not its books: what its leader sees. Only
    `access.reading.open_to_count` reads by it, and only numbers come out."""
    leader = role_named(_LEADER)
    return replace(
        scope, unit_id=unit_id, grantees=(unit_id,), shelves=leader.shelves, reach=leader.reach,
        elsewhere=elsewhere(unit_id),
    )  # fmt: skip


def on_behalf_of(role_id: UUID) -> Scope | None:
    """The scope of a professional in which what they have set going is carried out later; None when their role is not
    theirs any more. They were known surely enough when they set it going."""
    return scope_for(role_id, level=LoginLevel.SUBSTANTIAL)


def scope_for_person(person_id: UUID, child_id: UUID, *, level: LoginLevel) -> Scope | None:
    """The scope of somebody of the family in this child's book; None when the law gives them none (any longer).

    Which they are, the child itself, a holder of custody or a foster carer, is read from the rights they have now: a
    log-in says who somebody is and never what they may see.
    """
    at = now()
    rules = store.rules_of(child_id.bytes, person_id.bytes, at)
    code = next((_CITIZENS[rule] for rule in _CITIZENS if rule in rules), "")
    code = "child" if store.is_child(child_id.bytes, person_id.bytes) and rules else code
    if not code or level not in _ENOUGH:
        return None
    described = role_named(code)
    return Scope(
        person_id, person_id, None, code, described.purpose, level, at, _SEAL, grantees=(person_id,),
        shelves=described.shelves, reach=described.reach, own=code == "child", at_home=code in _AT_HOME,
    )  # fmt: skip


_CITIZENS = {"FAL3": "holder", "BL97": "foster-carer", "BL6": "lay-representative", "FVL8": "mandate-holder"}
"""The rule that a person of the family has rights by, and the role that goes with it."""

_AT_HOME = frozenset(("child", "foster-carer"))
"""Whoever else lives with the child is let into what reveals its address by a right (`relations.yaml`)."""

OPERATOR = UUID(int=1)
"""The unit of whoever runs the instance. It has no grants of its own."""


@contextmanager
def operator_scope(child_ids: list[UUID], *, purpose: str) -> Iterator[Scope]:
    """The operator at the command line, who may read these books, whole, for one act.

    The right is a grant like any other and is gone again when the act ends: the operator has no standing access.
    """
    at = now()
    with transaction.atomic():
        for child_id in child_ids:
            Grant.objects.create(
                child_id=child_id, grantee_id=OPERATOR, basis_id=OPERATOR, part=0, shelves=EVERYTHING, level=CONTENT,
                lane="", rule="OWN-OPERATOR", purpose=purpose, valid_from=at, valid_to=at + 600 * SECOND,
            )  # fmt: skip
        yield Scope(
            OPERATOR, None, OPERATOR, "operator", purpose, LoginLevel.HIGH, at, _SEAL, grantees=(OPERATOR,),
            shelves=WHOLE, own=True, complete=True,
        )  # fmt: skip
        for child_id in child_ids:
            Grant.objects.filter(child_id=child_id, grantee_id=OPERATOR, basis_id=OPERATOR).delete()
