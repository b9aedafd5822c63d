"""A family in the database: Alma, her parents, her units, and a clock that the test holds.

Names are the source's own ids; what the book calls them is looked up (`World.id`).
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.consent.mapping import Asking, consent_resource
from barnetsbog.directory.queries import all_children, roles
from barnetsbog.fhir.own import EXTENSION, complex_extension
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import parse
from barnetsbog.law.model import Consent, Matter
from barnetsbog.record.book import Book
from barnetsbog.record.entries import Filter
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import Json, begin_with, bundle, care, observation, patient, role, unit
from tests.unit.law.family import answer, sharing

UNITS = {
    "ppr": "ppr",
    "skole": "school",
    "bup": "bup",
    "bup-midt": "bup",
    "familie": "family_dept",
    "laege": "gp",
    "laege2": "gp",
}
STAFF = {"kim": ("ppr", "psychologist"), "maja": ("skole", "teacher"), "ida": ("bup", "bup_clinician"), "eva": ("bup", "manager"),
         "mads": ("bup-midt", "bup_clinician"), "rikke": ("familie", "caseworker"), "astrid": ("laege", "gp"), "bent": ("laege2", "gp")}  # fmt: skip
TO_BUP = Matter("ppr-to-bup", frozenset({"ppr"}), "bup", sharing("IN/O", "TI/O", "AK/O"))
ALL = Filter(on_timeline=False)


class World:
    """What a test asks of the book, and the clock it holds."""

    def __init__(self) -> None:
        self.now = at("2026-11-25T12:00:00+01:00")

    @property
    def child(self) -> UUID:
        (found,) = all_children()
        return found

    def id(self, kind: str, name: str) -> UUID:
        found: UUID = Entry.objects.values_list("id", flat=True).get(source_ref=f"{kind}/{name}")
        return found

    def scope(self, name: str, *, broken: bool = False) -> Scope | None:
        """Of a professional, or of somebody of the family, as they stand now."""
        if name in STAFF:
            found = next(one for one in roles().values() if one.name.startswith(name.title()))
            return scope_for(found.id, level=LoginLevel.SUBSTANTIAL, break_glass=broken)
        who = self.id("Patient" if name == "alma" else "RelatedPerson", name)
        return scope_for_person(who, self.child, level=LoginLevel.SUBSTANTIAL)

    def sees(self, name: str, *, broken: bool = False) -> set[str]:
        """The titles of all that somebody finds in the book; nothing when it is no book to them."""
        scope = self.scope(name, broken=broken)
        return {row.title for row in Book(scope).entries(self.child, ALL)} if scope else set()

    def knows(self, name: str) -> bool:
        scope = self.scope(name)
        return scope is not None and Book(scope).sees(self.child)

    def refuses(self, name: str, entry: UUID, *, broken: bool = False) -> bool:
        scope = self.scope(name, broken=broken)
        try:
            return scope is None or not Book(scope).entry(self.child, entry)
        except NotFound:
            return True


def at(text: str) -> int:
    return parse(text)[0]


@pytest.fixture
def world(database: str, monkeypatch: pytest.MonkeyPatch) -> World:
    """Alma, nine, lives with her mother; her father has custody too. PPR, school and her doctor have a task with her."""
    found = World()
    for module in ("access.scopes", "access.operations", "intake.storing"):
        monkeypatch.setattr(f"barnetsbog.{module}.now", lambda: found.now)
    directory = [unit(name, sector) for name, sector in UNITS.items()]
    for name, (place, code) in STAFF.items():
        directory += role(name, place, code)
    cares = [care("c1"), care("c2", unit_id="skole"), care("c3", unit_id="laege")]
    begin_with(bundle(*directory, patient(), parent("mor", resident=True), parent("far"), *cares))
    return found


def parent(
    name: str, *, resident: bool = False, end: str = "", start: str = "2017-05-07", kind: str = "parent", **more: Any
) -> Json:
    """Somebody who holds custody, until the end of a day."""
    period = {"start": start, **({"end": end} if end else {})}
    return {
        "resourceType": "RelatedPerson", "id": name, "patient": {"reference": "Patient/alma"}, "name": [{"text": name.title()}],
        "extension": [
            extension("lives-with-child", "Boolean", resident),
            complex_extension("custody", {"kind": ("Code", kind), "period": ("Period", period)}),
        ], "relationship": [{"text": "forælder"}], **more,
    }  # fmt: skip


def extension(name: str, kind: str, value: Any) -> Json:
    return {"url": EXTENSION + name, f"value{kind}": value}


def written(ident: str, what: str, by: str = "kim", label: str = "", **more: Any) -> Json:
    """Something a professional saw."""
    meta = {"meta": {"security": [{"code": label}]}} if label else {}
    return observation(ident, code={"text": what}, performer=[{"reference": f"PractitionerRole/{by}"}], **meta, **more)


def said(giver: str, matter: Matter = TO_BUP, **more: Any) -> Json:
    """A consent as the book receives it: from September, a year."""
    usual = {"answered_at": at("2026-09-10"), "valid_from": at("2026-09-01"), "valid_to": at("2027-06-01")}
    names = {"mor": "mother", "far": "father", "alma": "alma"}
    consent: Consent = replace(
        answer(matter, names.get(giver, giver), **{**usual, **more}), giver=giver, id=f"{giver}-{matter.act}"
    )
    return consent_resource(consent, Asking("alma", f"{giver} svarer", what=f"{giver} svarer"))
