"""What each role can use at most, as read from `roles.yaml`. A role never widens what its unit or person may see."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from barnetsbog.record.rights import CONTENT, HEADINGS
from barnetsbog.record.shelves import BLOCKS, CLASSES, mask

FILE = Path(__file__).with_name("roles.yaml")
ACTS = frozenset(("find", "consent", "break-glass", "review", "audit", "administer", "answer", "own-log"))
PRIVILEGE = "https://barnetsbog.example/roles/usersystemrole/{code}/1"
"""The role's name in the OIO Basic Privilege Profile 1.2; a municipality's or region's own roles are mapped to it."""


class Role(NamedTuple):
    code: str
    citizen: bool
    purpose: str
    shelves: int
    reach: int
    may: frozenset[str]

    @property
    def privilege(self) -> str:
        return PRIVILEGE.format(code=self.code)


NOBODY = Role("", False, "", 0, 0, frozenset())
"""A role that nobody has described: it can do nothing."""


def read(text: str) -> dict[str, Role]:
    content = yaml.safe_load(text)
    sides = ((content["professional"], False), (content["citizen"], True))
    return {code: _role(code, found, citizen) for side, citizen in sides for code, found in side.items()}


def _role(code: str, content: dict[str, Any], citizen: bool) -> Role:
    blocks, classes = _all(content["blocks"], BLOCKS, code), _all(content["classes"], CLASSES, code)
    may = frozenset(content["may"])
    if unknown := may - ACTS:
        raise ValueError(f"{FILE.name}: {code}: {sorted(unknown)[0]} kendes ikke")
    reach = {"headings": HEADINGS, "content": CONTENT}[content["level"]]
    return Role(code, citizen, str(content["purpose"]), mask(blocks, classes), reach, may)


def _all(given: Any, known: tuple[str, ...], code: str) -> tuple[str, ...]:
    if given == "all":
        return known
    if unknown := set(given) - set(known):
        raise ValueError(f"{FILE.name}: {code}: {sorted(unknown)[0]} kendes ikke")
    return tuple(given)


@cache
def roles() -> dict[str, Role]:
    return read(FILE.read_text(encoding="utf-8"))


def role_named(code: str) -> Role:
    return roles().get(code, NOBODY)
