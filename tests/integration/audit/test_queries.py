"""Reading the log, and what does not stand in it."""

import re
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from barnetsbog.access.finding import find_by_name, find_by_number
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for
from barnetsbog.audit import queries
from barnetsbog.audit.model import Action, Criteria
from barnetsbog.audit.models import Event
from barnetsbog.audit.operations import name_searched, note, number_searched, rights_changed
from barnetsbog.directory.queries import all_children, roles
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, care, patient, role, send, unit
from tests.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES

NUMBER = re.compile(r"(?<![0-9a-f])\d{6}[ -]?\d{4}(?![0-9a-f])")


@pytest.fixture
def child(database: str, folder: Path) -> UUID:
    send(bundle(unit("ppr"), unit("bup"), *role("kim", "ppr"), *role("ida", "bup"), patient(), care("c1")))
    (found,) = all_children()
    return found


def scope(name: str) -> Scope:
    made = scope_for(next(r.id for r in roles().values() if r.name.startswith(name)), level=LoginLevel.SUBSTANTIAL)
    assert made
    return made


def _read(who: Scope, child: UUID, action: str = "overview", **more: bool) -> None:
    try:
        with open_book(who, action, child, **more):  # type: ignore[arg-type]
            pass
    except NotFound:
        pass


def test_pages_of_the_log_hold_every_row_once(child: UUID) -> None:
    kim = scope("Kim")
    for _ in range(25):
        _read(kim, child)
    found, before = [], None
    while True:
        page = queries.about(child, limit=7, before=before)
        found += page.rows
        before = page.next
        if before is None:
            break
    assert len(found) == len({row.id for row in found}) == Event.objects.filter(child_id=child).count()
    assert [(row.at, row.id) for row in found] == sorted(((row.at, row.id) for row in found), reverse=True)


def test_criteria(child: UUID) -> None:
    kim, ida = scope("Kim"), scope("Ida")
    _read(kim, child)
    _read(kim, child, "timeline", acute=True)
    _read(ida, child)
    note(Action.BREAK_GLASS, at=kim.at, by=ida, child_id=child, reason='"acute":true')

    def asked(**given: object) -> set[tuple[str, bool]]:
        return {(row.action, row.allowed) for row in queries.search(Criteria(**given)).rows}  # type: ignore[arg-type]

    assert asked(person_id=kim.role_id) == {("overview", True), ("timeline", True)}
    assert asked(unit_id=ida.unit_id, allowed=False) == {("overview", False)}
    assert asked(action="timeline") == {("timeline", True)}
    assert asked(break_glass=True) == {("timeline", True), ("break-glass", True)}
    assert asked(child_id=uuid4()) == set()
    assert asked(person_id=kim.role_id, until=kim.at) == set()
    assert asked(person_id=kim.role_id, since=kim.at, until=kim.at + 10**9) == {("overview", True), ("timeline", True)}
    assert queries.by_person(ida.role_id).rows[0].person_id == ida.role_id


def test_a_reason_that_looks_like_the_mark_of_an_acute_read_is_none(child: UUID) -> None:
    note("overview", at=1, by=None, why='"acute":true')
    assert queries.search(Criteria(break_glass=True)).rows == []


def test_rights(child: UUID) -> None:
    rights_changed(child, at=1, by=scope("Kim"), basis="samtykke", given=[{"unit": str(uuid4()), "to": 5}])
    (row,) = queries.search(Criteria(action=Action.RIGHTS)).rows
    assert row.child_id == child and row.detail["given"][0]["to"] == 5 and row.detail["ended"] == []


def test_a_search_can_be_found_by_whom_it_was_for_and_not_read_back(child: UUID) -> None:
    kim = scope("Kim")
    find_by_name(kim, "Signe Ukendtsen", date(2014, 3, 2), "nysgerrig")
    find_by_number(kim, "020314-9876", "nysgerrig")
    text = str(list(Event.objects.filter(action="search").values_list("detail", flat=True)))
    assert "Ukendtsen" not in text and "Signe" not in text and "S. U., 2014" in text and "0203" not in text
    assert len(queries.searches_for(name_searched(" signe  UKENDTSEN", "2014-03-02").digest).rows) == 1
    assert len(queries.searches_for(number_searched("0203149876").digest).rows) == 1
    assert queries.searches_for(number_searched("0203149877").digest).rows == []


def test_a_full_person_number_stands_nowhere_in_the_log(child: UUID) -> None:
    kim = scope("Kim")
    find_by_number(kim, "050517-9902", "contact", "mor til 0505179902 ringer")
    find_by_name(kim, "0505179902", date(2017, 5, 7), "050517 9902")
    with open_book(kim, "timeline", child, view="q=0505179902&x=050517-9902"):
        pass
    note("login", at=1, by=None, allowed=False, reason="050517-9902 findes ikke", tried=["0505179902"])
    send(bundle(patient("x", number="0505179902", gender="050517-9902")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, role, purpose, reason, detail FROM audit_event")
        rows = cursor.fetchall()
    assert len(rows) >= 6
    assert [row for row in rows if NUMBER.search(" ".join(row))] == []
    assert "050517-xxxx" in str(rows)


def test_snooping(child: UUID) -> None:
    kim, ida = scope("Kim"), scope("Ida")
    for _ in range(3):
        _read(ida, child)
        find_by_name(ida, "Alma Prøvegaard", date(2017, 5, 7), "?")
    _read(kim, child, "plan")  # whatever page it is
    _read(kim, child, "fhir-read")
    nobody = lambda pairs: set()  # noqa: E731
    found = {one.person_id: one for one in queries.snooping(0, tied=lambda pairs: pairs, same_surname=nobody)}
    assert found.keys() == {ida.role_id}
    assert (found[ida.role_id].refused, found[ida.role_id].searches_without_result) == (3, 3)
    both = queries.snooping(0, tied=nobody, same_surname=lambda pairs: pairs)
    kims = next(one for one in both if one.person_id == kim.role_id)
    assert (kims.children_without_ties, kims.same_surname, kims.children) == (1, 1, 1)
    assert kim.role_id not in {
        one.person_id for one in queries.snooping(0, tied=nobody, same_surname=nobody, systems=[kim.role])
    }
    assert queries.snooping(kim.at + 10**9, tied=nobody, same_surname=nobody) == []
