"""Writing in a child's book: how every capability stores what somebody does here.

A write is a FHIR resource that goes the one way through the intake, so that versions, provenance, everybody's rights
and the log follow in the same transaction. What was written here is the book's own: its ids are those of the book.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from barnetsbog.access.gathering import patients_of
from barnetsbog.access.reading import open_book
from barnetsbog.directory.places import FewPlaces, Places
from barnetsbog.fhir.texts import ODD_SIGN, Fault, unfit
from barnetsbog.kernel import exact
from barnetsbog.kernel.decisions import Conflict, Refused
from barnetsbog.kernel.ids import new_id
from barnetsbog.record import store
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from .model import OWN_SOURCE, Report, Unit
from .operations import receive
from .storing import DIRECTORY_KINDS, Registrar

CHANGED = "Nogen har ændret det samme imens. Se, hvad der står nu, og prøv igen. Intet af det, du skrev, er gået tabt."

SAME = "Det samme står der allerede, så der er ikke gemt noget nyt."
"""What is saved says what stands already: there is no new version."""


@contextmanager
def writing(by: Scope, act: str, child_id: UUID, **detail: Any) -> Iterator[Book]:
    """A transaction with its line in the log, in which nobody else writes in the child's book: two who act in the same
    second come one after the other, and the second sees what the first has done."""
    with open_book(by, act, child_id, **detail) as book:
        store.lock_book(child_id.bytes)
        yield book


def write(by: Scope | None, *resources: dict[str, Any]) -> None:
    """Stores resources of ours as `by` writes them (None: the instance itself), in the caller's transaction.

    `Conflict` when something was stored already: whoever comes second must not believe that theirs was kept. `Refused`
    when somebody has typed, or pasted out of another program, a sign that can't be kept.
    """
    units = [_unit(one) for one in resources]
    report = receive(units, by=_registrar(by), jobs=1)
    if report.refusals:
        if any(map(_has_odd_sign, resources)):
            raise Refused(ODD_SIGN)
        raise RuntimeError(f"{report.refusals[0].resource}: {report.refusals[0].reason}")
    if report.stored != len(units):
        raise Conflict(CHANGED)


def _has_odd_sign(value: Any) -> bool:
    if isinstance(value, str):
        found = unfit(value, len(value))
        return found is not None and found.fault is Fault.SIGNS
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_has_odd_sign, inner))


def hold(children: Iterable[UUID]) -> None:
    """Until the end of the transaction nobody else changes these children's books (`store.lock_book`)."""
    for child_id in sorted(children):
        store.lock_book(child_id.bytes)


def hold_kinds(kinds: Iterable[str]) -> None:
    """The same for what is in no child's book: nobody else looks whether it is missing (`store.lock_kind`)."""
    for kind in sorted(set(kinds)):
        store.lock_kind(kind)


def submit(book: Book, resources: Sequence[dict[str, Any]]) -> Report:
    """Stores resources that somebody has sent, with ids and references that are the book's own, all or none, in the
    caller's transaction: one unit of work. What is refused is told, with its place in the unit (`entry[3].resource`).
    The unit is never taken for one that has been received before: who writes the same again means it again. Its line in
    the log is written with that of the open `book`, and the chain is extended once."""
    entries = [{"resource": one, "request": {"method": "PUT", "url": ref}} for one, ref in _named(resources)]
    bundle = {"resourceType": "Bundle", "id": str(new_id()), "type": "transaction", "entry": entries}
    name = entries[0]["request"]["url"] if len(entries) == 1 else f"Bundle/{bundle['id']}"
    places = Places() if any(one["resourceType"] in DIRECTORY_KINDS for one in resources) else FewPlaces()
    unit = Unit(name, exact.dumps(bundle), OWN_SOURCE, own=True)
    return receive([unit], by=_registrar(book.scope), jobs=1, places=places, keep=book.trail.lines.extend)


def _named(resources: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    return ((one, f"{one['resourceType']}/{one['id']}") for one in resources)


def numbers(idents: Iterable[UUID]) -> dict[UUID, int]:
    """The present version of each of these entries, for those that exist: to see that nobody else was first."""
    found = store.present([ident.bytes for ident in idents])
    return {UUID(bytes=ident): one.version for ident, one in found.items()}


def stored(child_id: UUID, ident: UUID) -> bytes:
    """What an entry says, as it stands in the book: what its writer didn't read stays when they change it."""
    return store.body_of(child_id.bytes, ident.bytes)


def is_once(child_id: UUID) -> bool:
    """Whether the book says once who the child is, as it should."""
    return len(store.bodies_of(child_id.bytes, ["child"])) == 1


def registered_for(child_id: UUID, ident: UUID) -> UUID | None:
    """The unit that an entry's present version was registered for; None when it came from a connector."""
    return store.registered_for(child_id.bytes, ident.bytes)


def _registrar(by: Scope | None) -> Registrar:
    return Registrar(by.role_id.bytes, by.unit_id.bytes if by.unit_id else None) if by else Registrar()


def _unit(resource: dict[str, Any]) -> Unit:
    """A version written here is registered now, whatever its source said of the one before."""
    meta = {key: value for key, value in resource.get("meta", {}).items() if key not in ("lastUpdated", "versionId")}
    body = {**{key: value for key, value in resource.items() if key != "meta"}, **({"meta": meta} if meta else {})}
    return Unit(f"{body['resourceType']}/{body['id']}", exact.dumps(body), OWN_SOURCE, own=True)


def patient_of(child_id: UUID) -> str:
    """The id of the resource that a child is; where several systems tell of it, of the one that counts."""
    return patients_of([child_id])[child_id]


def body_of(child_id: UUID, ident: UUID) -> dict[str, Any]:
    """What an entry says now, to write its next version from."""
    found: dict[str, Any] = exact.loads(stored(child_id, ident))
    return found


def author_of(by: Scope) -> str:
    """The reference of whoever writes: a job, a relative, or the child."""
    if by.unit_id is not None:
        return f"PractitionerRole/{by.role_id}"
    return f"{'Patient' if by.own else 'RelatedPerson'}/{by.role_id}"
