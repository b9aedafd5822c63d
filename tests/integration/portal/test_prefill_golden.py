"""What the book fills in, form by form and version by version, as it is kept in `golden/`; and who sees which questions.

`BOG_GOLDEN=1` writes the files anew. Look at what has changed before you commit it.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for, scope_for_person
from barnetsbog.contacts.queries import names
from barnetsbog.directory.queries import child_by_number
from barnetsbog.fhir.own import ident_of
from barnetsbog.forms import loading, parties, prefill, queries
from barnetsbog.forms.answers import asks, places
from barnetsbog.forms.model import Answers, Form, Kind, Part, Party
from barnetsbog.forms.response import Response
from barnetsbog.forms.rules import shown
from barnetsbog.kernel.time import local_day
from barnetsbog.portal.demo_login import people
from barnetsbog.portal.form_fields import Sheet, flat
from barnetsbog.record.scope import LoginLevel, Scope
from tests.unit.forms.answering import valid

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

GOLDEN = Path(__file__).parent / "golden"
WHO = {
    "alma-ppr": ("6705179902", "ppr-psykolog"), "alma-teacher": ("6705179902", "laerer"),
    "alma-mother": ("6705179902", "Sara Prøvegaard"), "freja-caseworker": ("8209199904", "raadgiver"),
    "william-himself": ("6309119905", "child"),
}  # fmt: skip
"""Of whom, and by whom: joint custody, a protected address, a young person's own."""


def as_kept(name: str, found: Any) -> Any:
    """What is kept under this name; what was found, when the files are to be written anew."""
    path = GOLDEN / f"{name}.json"
    if os.environ.get("BOG_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        lines = [
            f"{json.dumps(key)}: {json.dumps(one, ensure_ascii=False, sort_keys=True)}" for key, one in found.items()
        ]
        path.write_text("{\n" + ",\n".join(sorted(lines)) + "\n}\n", encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


# -- what the book fills in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", WHO)
def test_every_version_of_every_form_is_filled_as_it_was(who: str) -> None:
    """smart-forms#1258, #648, #1775: prefill stops through an extra item, a default or an upgrade."""
    number, name = WHO[who]
    child = child_by_number(number)
    assert child
    scope = _scope(child, name)
    found = {}
    with open_book(scope, "forms", child) as book:
        asker = queries.me(scope)
        for form in _every_version():
            if parties.may_begin(form, asker):
                known = prefill.known(book, child, [form])
                filled = prefill.fill(form, known, [part.id for part in parties.own_parts(form, asker)])
                units = names(book, child, (ident_of(one.source.unit) for one in filled.origins.values()))
                found[f"{form.id} {form.version}"] = {
                    "answers": filled.answers,
                    "from": {path: _told(origin, units) for path, origin in sorted(filled.origins.items())},
                }
    found = json.loads(json.dumps(found))
    assert len(found) > 3 and any(one["answers"] for one in found.values())
    assert found == as_kept(f"prefill-{who}", found)


def _every_version() -> list[Form]:
    return [
        loading.form(form.id, version)
        for form in loading.program().values() for version in range(1, form.version + 1)
    ]  # fmt: skip


def _scope(child: UUID, name: str) -> Scope:
    job = next((one.role_id for one in people() if one.key == name), None)
    if job:
        found = scope_for(job, level=LoginLevel.SUBSTANTIAL)
    else:
        person = next(one for one in everybody_with_rights() if one.child_id == child and name in (one.name, one.what))
        found = scope_for_person(person.person_id, child, level=LoginLevel.SUBSTANTIAL)
    assert found
    return found


def _told(origin: Any, units: Any) -> str:
    who = ident_of(origin.source.unit)
    return " ".join(filter(None, (units[who].name if who in units else "", str(origin.source.day or ""))))


# -- who sees which questions ------------------------------------------------------------------------------------------


def test_every_variant_shows_each_party_its_own_questions_and_nobody_else_s() -> None:
    """Mavis PR 5439: one variant's questions leaked into another's form. All 54 forms, part by part, as they are
    rendered, with nothing answered and with everything."""
    found = {}
    for form in loading.program().values():
        for part in form.parts:
            found[f"{form.id} {part.id}"] = [*_rendered(form, part, {}), "-", *_rendered(form, part, valid(form, {}))]
    assert len(loading.program()) == 54 and all(len(one) > 2 for one in found.values())
    assert found == as_kept("questions", found)


def test_nobody_is_shown_a_question_of_another_part() -> None:
    """The same without a file: what is rendered for a part is what the form asks in that part, and it is worded for who
    reads it."""
    for form in loading.program().values():
        for part in form.parts:
            asked = {item.id for _, item, section in places(form, {}) if section.part == part.id and asks(item)}
            others = {item.id for _, item, section in places(form, {}) if section.part != part.id}
            answers = valid(form, {})
            seen = {path.rpartition(".")[2] for path in _rendered(form, part, answers)}
            assert seen <= asked and not seen & (others - asked), (form.id, part.id)
            assert seen == {
                path.rpartition(".")[2] for path, item, section in places(form, answers)
                if section.part == part.id and asks(item) and path in shown(form, answers)
            }  # fmt: skip


def _rendered(form: Form, part: Part, answers: Answers) -> list[str]:
    """The places of the questions that a party's pages have, in order, out of the pages themselves."""
    child = part.party is Party.CHILD
    sheet = Sheet(form, Response("r", form.id, form.version, form.title, answers=answers), local_day(0), {}, child)
    found = []
    for section in form.sections:
        for field in sheet.fields(section) if section.part == part.id else ():
            page = render_to_string("bog/forms/field.html", {"f": field, "side": ""})
            for one in flat([field]):
                if asks(one.item):
                    assert f'name="her" value="{one.path}"' in page
                    found.append(one.path)
                if child and one.item.child and one.item.kind is not Kind.SHOWN:
                    assert one.ask == one.item.child
            assert page.count('name="her"') == sum(asks(one.item) for one in flat([field]))
    return found
