"""Deriving every right anew: when the rules have changed, and to prove that the rows are what the rules say.

Reads never wait for it. A right is written with its end, so a birthday or a consent that runs out needs no job; only
another rule file (or another way of deriving) makes the rows out of date. The instance therefore keeps a fingerprint of
what its rights were derived with, and whoever opens it with something else derives them anew first.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from barnetsbog.directory.places import Places
from barnetsbog.directory.queries import all_children
from barnetsbog.law.rulebook import HERE
from barnetsbog.record import store
from barnetsbog.record.instance import keep_rules, rules_in_force

from . import deriving, gathering, relations, roles
from .gathering import facts_of
from .law_in_force import choices, law_in_use
from .operations import Changed, log_change, mail_of, rows, sent_rows, write

Progress = Callable[[int, int], None]


class Rebuilt(NamedTuple):
    """What became of every child's rights: how many children there are, and the changes of those that had any."""

    children: int
    changes: dict[UUID, Changed]


def differing(child_id: UUID, places: Places | None = None) -> Changed:
    """What would have to be written for the rows to be what the rules say. Writes nothing."""
    derived = rows(child_id, deriving.rights_of(facts_of(child_id), law_in_use()))
    wanted = [*derived, *sent_rows(mail_of(child_id.bytes, places or Places()))]
    present = store.grants_of(child_id.bytes)
    return Changed(tuple(one for one in wanted if one not in present), tuple(present.difference(wanted)))


def rebuild(child_id: UUID, places: Places | None = None, *, basis: str = "rules") -> Changed:
    """Derives all rights in one child's book, writes the difference and logs it, in one transaction. `basis`: why."""
    with transaction.atomic():
        store.lock_book(child_id.bytes)
        changed = differing(child_id, places)
        if changed:
            write(changed)
            log_change(child_id, changed, facts_of(child_id), basis=basis, reason=_counted(changed))
    return changed


def rebuild_all(*, check: bool = False, progress: Progress | None = None) -> Rebuilt:
    """Every child, each in a transaction of its own, so that it can be stopped and taken up again. `check`: only says
    what differs."""
    children, places, by = all_children(), Places(), fingerprint()
    changes = {}
    for number, child_id in enumerate(children, 1):
        changed = differing(child_id, places) if check else rebuild(child_id, places)
        if changed:
            changes[child_id] = changed
        if progress:
            progress(number, len(children))
    if not check:
        keep_rules(by)
    return Rebuilt(len(children), changes)


def in_step() -> bool:
    """Whether the rights of this instance were derived with the rules and in the way of this program."""
    return rules_in_force() == fingerprint()


def fingerprint() -> str:
    """Of everything that says who may see what: the law, the instance's own choices, relations, roles, and the code
    that reads a child's facts and derives from them."""
    return _digest([_program(), choices()])


@lru_cache(maxsize=1)
def _program() -> bytes:
    """Of what comes with the program, as this process has read it: files that are put in its place while it runs are
    the next process's."""
    files = [HERE / "rules.yaml", HERE / "acts.yaml", relations.FILE, roles.FILE]
    files += [Path(str(module.__file__)).with_suffix(".py") for module in (deriving, gathering)]
    return bytes.fromhex(_digest([path.read_bytes() for path in files]))


def _digest(parts: Iterable[bytes]) -> str:
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def _counted(changed: Changed) -> str:
    return f"reglerne anvendt på ny: {len(changed.given)} givet, {len(changed.ended)} ophørt"
