"""Writing the log.

`note` is the only way in. It writes in the caller's transaction: undone with the act, and if it can't be written the
act does not happen (`LogDown`). An `Act` is a transaction that ends with its line in the log.
"""

from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.db import DatabaseError, transaction

from barnetsbog.fhir import folded
from barnetsbog.kernel.cpr import normalise
from barnetsbog.kernel.decisions import LogDown
from barnetsbog.kernel.ids import new_id
from barnetsbog.record.inserting import insert
from barnetsbog.record.scope import Scope

from . import keys, links, spool
from .encoding import Line, detail_text, leaf_of, without_numbers
from .model import Action, Sought
from .models import Event, Unsealed
from .rules import initials

DOWN = "Opslaget kan ikke logges lige nu, og derfor kan det ikke vises."


def note(
    action: str,
    *,
    at: int,
    by: Scope | None,
    allowed: bool = True,
    child_id: UUID | None = None,
    reason: str = "",
    **detail: Any,
) -> None:
    """One line of the log. `by` is None for the instance's own connectors and for log-in attempts.

    `detail` says what was read or searched: kinds, numbers and ids, never the words of an entry. Person numbers that
    somebody wrote into a reason are masked.
    """
    write([line(action, at=at, by=by, allowed=allowed, child_id=child_id, reason=reason, **detail)])


def line(
    action: str,
    *,
    at: int,
    by: Scope | None,
    allowed: bool = True,
    child_id: UUID | None = None,
    reason: str = "",
    **detail: Any,
) -> Line:
    """A line that is not written yet: for whoever writes several at once (`write`), in the transaction of the acts."""
    person, unit, role, purpose = (by.role_id, by.unit_id, by.role, by.purpose) if by else (None, None, "", "")
    child, who, where = (ident.bytes if ident else None for ident in (child_id, person, unit))
    text = without_numbers(reason)[:300]
    detail |= {"client": by.client} if by and by.client else {}
    return Line(new_id().bytes, at, action, allowed, child, who, where, role, purpose, text, detail_text(detail))


def write(lines: list[Line]) -> None:
    """Lines in the caller's transaction, in the chain at once where there is one writer (ADR 7). When it fails the
    caller's transaction can only be undone, whether or not he catches it."""
    leaves = [(line.id, leaf_of(line)) for line in lines]
    try:
        with transaction.atomic(savepoint=False):
            insert(Event, lines)
            if links.own_chain():
                end = links.lock_end()
                assert end
                links.extend(end, leaves)
            else:
                chain = keys.chain()
                insert(Unsealed, [(ident, chain.unsealed(leaf)) for ident, leaf in leaves])
    except DatabaseError as error:
        raise LogDown(DOWN) from error


class Act:
    """A transaction with its lines in the log. `acute`: when the log can't be written, they are kept in the spool and
    the act goes on; for reads that a child's safety hangs on, and for reads only, since nothing else is stored."""

    def __init__(self, *, acute: bool = False) -> None:
        self._acute = acute
        self._atomic: Any = transaction.atomic()
        self._lines: list[Line] = []

    def __enter__(self) -> Self:
        try:
            self._atomic.__enter__()
        except DatabaseError as error:
            if not self._acute:
                raise LogDown(DOWN) from error
            self._atomic = None  # nothing can be written: read without a transaction
        return self

    def note(self, action: str, *, at: int, by: Scope | None, **said: Any) -> None:
        """A line (see `line`), as the last thing in the act."""
        self.keep([line(action, at=at, by=by, **said)])

    def keep(self, lines: list[Line]) -> None:
        """The same of several."""
        try:
            if self._atomic is None:
                raise LogDown(DOWN)
            write(lines)
            self._lines += lines
        except LogDown:
            if not self._acute:
                raise
            spool.append(*lines)
            if self._atomic is not None:
                transaction.set_rollback(True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._atomic is None:
            return
        try:
            self._atomic.__exit__(kind, error, trace)
        except DatabaseError as failed:  # the commit
            if not self._lines or error is not None:
                raise
            if not self._acute:
                raise LogDown(DOWN) from failed
            spool.append(*self._lines)


# -- what needs care to be logged --------------------------------------------------------------------------------------


def rights_changed(
    child_id: UUID,
    *,
    at: int,
    by: Scope | None,
    basis: str,
    given: list[dict[str, Any]] | None = None,
    ended: list[dict[str, Any]] | None = None,
    reason: str = "",
) -> None:
    """Who may see the child has changed. `given` and `ended` say which unit or person, from when and until when."""
    note(
        Action.RIGHTS, at=at, by=by, child_id=child_id, reason=reason, basis=basis, given=given or [], ended=ended or []
    )


def number_searched(number: str) -> Sought:
    """A person number as a criterion: the year to read, the keyed digest to try a number against."""
    plain = normalise(number)
    return Sought("number", f"xxxx{plain[4:6]}-xxxx", keys.chain().searched(f"number:{plain}"))


def name_searched(name: str, born: str) -> Sought:
    """A name and birth date as a criterion: initials and year to read, the keyed digest to try a name against."""
    return Sought("name", f"{initials(name)}, {born[:4]}", keys.chain().searched(f"name:{folded(name)}:{born}"))
