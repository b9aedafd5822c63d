"""What each role can use at most, as read from `roles.yaml`. A role never widens what its unit or person may see."""

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from barnetsbog.law.rulefiles import LawFileError, loaded
from barnetsbog.record.rights import CONTENT, HEADINGS
from barnetsbog.record.scope import Scope
from barnetsbog.record.shelves import BLOCKS, CLASSES, mask

FILE = Path(__file__).with_name("roles.yaml")
ACTS = frozenset((
    "find", "consent", "ball", "lead", "refer", "letter", "pack", "approve-pack", "break-glass", "review", "audit",
    "administer", "answer", "choose", "own-log", "read-book", "write", "master-data", "bulk", "count",
    "join",
))  # fmt: skip
SIDES = "professional", "citizen", "system"
_FIELDS = frozenset(("purpose", "blocks", "classes", "level", "may"))
PRIVILEGE = "https://barnetsbog.example/roles/usersystemrole/{code}/1"
"""The role's name in the OIO Basic Privilege Profile 1.2; a municipality's or region's own roles are mapped to it."""


class Role(NamedTuple):
    code: str
    citizen: bool
    purpose: str
    shelves: int
    reach: int
    may: frozenset[str]
    system: bool = False
    """Only a program acts in it."""

    @property
    def professional(self) -> bool:
        """Somebody works in it. Nobody does in a role that is not described."""
        return bool(self.code) and not self.citizen and not self.system

    @property
    def privilege(self) -> str:
        return PRIVILEGE.format(code=self.code)


NOBODY = Role("", False, "", 0, 0, frozenset())
"""A role that nobody has described: it can do nothing."""


class RolesError(ValueError):
    """The file contradicts itself. Nobody can do anything by it."""


def read(text: str) -> dict[str, Role]:
    try:
        content = loaded(text, FILE.name)
    except LawFileError as fault:
        raise RolesError(str(fault)) from fault
    if not isinstance(content, dict) or {*content} != {*SIDES}:
        raise RolesError(f"{FILE.name}: filen skal have delene {', '.join(SIDES)} og ikke andre")
    found = [_role(str(code), said, side) for side in SIDES for code, said in (content[side] or {}).items()]
    for role in found:
        if sum(one.code == role.code for one in found) > 1:
            raise RolesError(f"{FILE.name}: {role.code}: står to steder")
    return {role.code: role for role in found}


def _role(code: str, content: Any, side: str) -> Role:
    if not isinstance(content, dict) or {*content} != _FIELDS:
        odd = sorted(_FIELDS.symmetric_difference(content if isinstance(content, dict) else ()))
        raise RolesError(f"{FILE.name}: {code}: felterne skal være {', '.join(sorted(_FIELDS))} (se på {odd[0]})")
    blocks, classes = _all(content["blocks"], BLOCKS, code), _all(content["classes"], CLASSES, code)
    may = frozenset(_listed(content["may"], ACTS, code))
    if content["level"] not in ("headings", "content"):
        raise RolesError(f"{FILE.name}: {code}: level »{content['level']}« kendes ikke")
    if not isinstance(content["purpose"], str) or not content["purpose"]:
        raise RolesError(f"{FILE.name}: {code}: purpose mangler")
    reach = {"headings": HEADINGS, "content": CONTENT}[content["level"]]
    shelves = mask(blocks, classes)
    return Role(code, side == "citizen", content["purpose"], shelves, reach, may, side == "system")


def _all(given: Any, known: tuple[str, ...], code: str) -> tuple[str, ...]:
    return known if given == "all" else _listed(given, known, code)


def _listed(given: Any, known: Collection[str], code: str) -> tuple[str, ...]:
    if not isinstance(given, list):
        raise RolesError(f"{FILE.name}: {code}: »{given}« skal være en liste")
    for one in given:
        if one not in known:
            raise RolesError(f"{FILE.name}: {code}: {one} kendes ikke")
    return tuple(given)


@cache
def roles() -> dict[str, Role]:
    return read(FILE.read_text(encoding="utf-8"))


def role_named(code: str) -> Role:
    return roles().get(code, NOBODY)


def works(scope: Scope) -> bool:
    """Whether somebody works with children: a professional who may have a ball."""
    return scope.unit_id is not None and "ball" in role_named(scope.role).may
