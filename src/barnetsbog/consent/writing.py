"""The one way in which a family or a unit writes into a child's book: logged, locked, and through the intake."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson

from barnetsbog.access.reading import open_book
from barnetsbog.intake.model import OWN_SOURCE, Unit
from barnetsbog.intake.operations import receive
from barnetsbog.intake.storing import Registrar
from barnetsbog.kernel.decisions import Conflict
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

CHANGED = "Svaret er ændret imens. Se, hvad der står nu, og svar igen. Intet af det, du skrev, er gået tabt."


@contextmanager
def writing(by: Scope, act: str, child_id: UUID, **detail: Any) -> Iterator[Book]:
    """A transaction with its line in the log, in which nobody else changes what rights follow from."""
    with open_book(by, act, child_id, **detail) as book:
        store.lock_book(child_id.bytes)
        yield book


def author_of(by: Scope) -> str:
    if by.unit_id is not None:
        return f"PractitionerRole/{by.role_id}"
    return f"{'Patient' if by.own else 'RelatedPerson'}/{by.role_id}"


def store_own(by: Scope, *resources: dict[str, Any]) -> None:
    """Through the intake, as everything else comes in."""
    units = [Unit(f"{one['resourceType']}/{one['id']}", orjson.dumps(one), OWN_SOURCE, own=True) for one in resources]
    on_behalf = by.unit_id.bytes if by.unit_id else None
    report = receive(units, by=Registrar(by.role_id.bytes, on_behalf), jobs=1)
    if report.refusals:
        raise RuntimeError(f"{report.refusals[0].resource}: {report.refusals[0].reason}")
    if report.stored != len(units):  # the very same answer twice: the second must not believe that it was kept
        raise Conflict(CHANGED)
