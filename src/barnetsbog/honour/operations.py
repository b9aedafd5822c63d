"""Writing that an honour-related conflict is suspected, and what the assessment of its risk says.

Both change at once what may go out to parents and network. Nobody of the family is told, neither by the log.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from barnetsbog.access.facts import Facts
from barnetsbog.access.gathering import facts_of
from barnetsbog.intake.writing import CHANGED, author_of, body_of, write, writing
from barnetsbog.kernel.decisions import Conflict, require
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.instance import id_key
from barnetsbog.record.scope import Scope
from barnetsbog.responsibility.operations import done_with

from . import mapping, rules
from .model import Honour, Stand, Suspicion, Told
from .queries import may_assess, pages

Resource = dict[str, Any]


def suspect(*, by: Scope, child_id: UUID, seen: str) -> None:
    """From now on nothing goes to parents and network. `Refused` when it says nothing, or a suspicion stands."""
    with writing(by, Honour.SUSPECT, child_id, between=[]) as book:
        facts = facts_of(child_id)
        require(rules.can_be_suspected(seen, hold=pages(book, child_id, facts).hold))
        write(by, _new(by, facts, str(new_id()), Suspicion(Stand.WAITS, seen, by.at)))


def assess(*, by: Scope, child_id: UUID, stand: Stand, found: str, version: int) -> None:
    """What the assessment says: in the next version of each suspicion that waits, or on its own where the writer can't
    read the one that does (another municipality's, a register's). The unit's tasks are done with it, unless parents and
    network still wait. `version`: of the pages that were read; `Conflict` when somebody else was first, `Refused` when
    it says nothing."""
    with writing(by, Honour.ASSESS, child_id, between=[]) as book:
        facts = facts_of(child_id)
        read = pages(book, child_id, facts)
        if not read.hold or read.version != version:
            raise Conflict(CHANGED)
        require(rules.can_be_assessed([one.suspicion for one in read.waiting], stand, found))
        if read.elsewhere:
            own = Suspicion(stand, "", by.at, found, by.at)
            write(by, _new(by, facts, str(new_id()), own))
        else:
            write(by, *_assessed(book, facts, child_id, read.waiting, stand, found))


def told_by_form(book: Book, child_id: UUID, one: Suspicion, *, to: str) -> list[Resource]:
    """What a form says of it, to be stored in the same transaction. `one.basis`: the form; `to`: whom it is sent to.

    A form raises a suspicion and never takes one away: one that is corrected leaves what it told of to the department.
    The department's own, with an assessment, answers what stands."""
    facts = facts_of(child_id)
    waiting = pages(book, child_id, facts).waiting if may_assess(book.scope, facts) else ()
    if waiting:
        return [] if one.stand is Stand.WAITS else _assessed(book, facts, child_id, waiting, one.stand, one.found)
    ident = mapping.of_form(one.basis, id_key())
    return [] if store.present([UUID(ident).bytes]) else [_new(book.scope, facts, ident, one, to=to)]


def _assessed(
    book: Book, facts: Facts, child_id: UUID, waiting: Iterable[Told], stand: Stand, found: str
) -> list[Resource]:
    by, written = book.scope, []
    to = rules.readers(facts, by.at, f"Organization/{by.unit_id}")
    for told in waiting:
        after = told.suspicion._replace(stand=stand, found=found, at=by.at)
        written.append(mapping.assessed(body_of(child_id, told.id), after, by=author_of(by), to=to))
    if stand is not Stand.WAITS:
        written += done_with(book, child_id, {f"RiskAssessment/{told.id}" for told in waiting})
    return written


def _new(by: Scope, facts: Facts, ident: str, one: Suspicion, *, to: str = "") -> Resource:
    """It is the department's that assesses it: whoever else has told of it does not read what becomes of it."""
    own = may_assess(by, facts)
    to = f"Organization/{by.unit_id}" if own else to
    author, readers = author_of(by) if own else to, rules.readers(facts, by.at, to)
    return mapping.risk_assessment(ident, one, child=f"Patient/{facts.child.id}", by=author, to=readers)
