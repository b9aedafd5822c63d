"""A form is filled of a child who does not exist as each of those around it would find it."""

from datetime import date

import pytest

from barnetsbog.forms import loading, prefill, pretending
from barnetsbog.forms.model import Party
from barnetsbog.forms.pretending import CHILD, CHILDREN, HOLDER, PLACES, Seen
from barnetsbog.kernel.cpr import is_demo_number
from barnetsbog.kernel.time import parse

TODAY = date(2026, 11, 25)
NOON = parse("2026-11-25T12:00:00+01:00")[0]
FORMS = loading.program()


def seen(child: str, role: str) -> Seen:
    return pretending.seen_by(CHILDREN[child], role, at=NOON, today=TODAY)


def said(child: str, role: str, name: str) -> list[object]:
    return [one.parts["text"] for one in seen(child, role).known.found.get(name, ())]


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.id)
def test_every_part_of_every_form_can_be_looked_at_by_everybody_who_answers_it(form: object) -> None:
    for part in form.parts:  # type: ignore[attr-defined]
        roles = pretending.roles_of(part.party)
        assert roles
        for role in roles:
            for child in CHILDREN:
                prefill.fill(form, seen(child, role).known, {part.id})  # type: ignore[arg-type]


def test_each_finds_what_the_law_lets_them_read() -> None:
    everything = ["Har svært ved at holde opmærksomheden", "Uro i hjemmet efter skilsmissen"]
    assert said("alma", "family_dept", "conditions") == everything[::-1]
    assert said("alma", "ppr", "conditions") == everything[:1]  # what is social is not PPR's without a consent
    assert said("alma", "school", "conditions") == [] and said("alma", "school", "interventions") == []
    assert said("alma", "school", "school.absence") == [14] and said("alma", "gp", "school.absence") == []
    assert said("alma", HOLDER, "conditions") == everything[::-1]
    assert said("sofus", "bup", "diagnoses") == ["ADHD"] and said("sofus", "family_dept", "diagnoses") == []
    assert said("sofus", HOLDER, "diagnoses") == [] and said("sofus", CHILD, "diagnoses") == ["ADHD"]  # from 15


@pytest.mark.parametrize("role", [*PLACES, HOLDER, CHILD])
def test_where_a_child_is_whose_address_is_protected_is_filled_in_for_nobody(role: str) -> None:
    assert said("liv", role, "child.address") == said("liv", role, "child.school") == []
    named = {one.name for one in seen("liv", role).people.values()} - {"En skole eller et dagtilbud"}
    if role in ("ltt", "other"):  # who must not learn where it is
        assert "Prøvebakkeskolen" not in named and PLACES[role].name in named
    else:
        assert "Prøvebakkeskolen" in named


def test_their_numbers_are_of_the_series_that_nobody_has() -> None:
    for child in CHILDREN:
        (number,) = said(child, "ppr", "child.cpr")
        assert is_demo_number(str(number))


def test_a_part_for_any_professional_can_be_looked_at_as_each_of_them() -> None:
    assert pretending.roles_of(Party.ANYBODY) == list(PLACES)
    assert (pretending.roles_of(Party.PARENT), pretending.roles_of(Party.CHILD)) == ([HOLDER], [CHILD])
