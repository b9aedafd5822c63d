"""Two people write the same: nobody replaces, without having seen it, what somebody else has saved meanwhile."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Given = dict[str, Any]


class Case(NamedTuple):
    """A form: where it is, what is pressed in vain (an error or a redraw), what is saved, and what the other saves."""

    address: str
    in_vain: list[Given]
    mine: Given
    theirs: Given
    seen: str


def _status(kim: Client, alma: UUID) -> Case:
    mine = {"text": "Alma går i skole hver dag."}
    wrong = [mine | {"taelt": "1"}, {"text": "ord " * 400}]
    return Case(f"/barn/{alma}/status/", wrong, mine, {"text": "Alma holder fri i denne uge."}, "holder fri")


def _referral(kim: Client, alma: UUID) -> Case:
    draft = {"title": "Uro i timerne", "suspicion": "adhd", "urgency": "routine", "reason": "Vi ser uro."}
    begun = kim.post(f"/barn/{alma}/henvisninger/ny/", draft | {"version": "0"})
    assert begun.status_code == 302, begun.content.decode()
    theirs = draft | {"reason": "Vi ser en, der er ked af det."}
    return Case(
        begun["Location"].partition("?")[0],
        [draft | {"title": ""}],
        draft | {"tried": "Ro i en krog."},
        theirs,
        "der er ked af det",
    )


def _ball(kim: Client, alma: UUID) -> Case:
    page = text(kim, f"/barn/{alma}/opgaver/ny/")
    me = re.search(r'<option value="(PractitionerRole/[^"]+)"[^>]*>Mig selv', page)
    assert me
    opened = kim.post(f"/barn/{alma}/opgaver/ny/", {"title": "Ring til skolen", "to": me[1], "due": "01.12.2026"})
    assert opened.status_code == 302, opened.content.decode()
    mine = {"move": "due", "due": "10.12.2026", "reason": "Skolen har travlt."}
    theirs = mine | {"due": "08.12.2026", "reason": "Skolen holder lukket."}
    return Case(opened["Location"].partition("?")[0], [mine | {"reason": ""}], mine, theirs, "holder lukket")


def _person(kim: Client, alma: UUID) -> Case:
    mine = {"name": "Rut Papkasse", "relation": "farmor"}
    assert kim.post(f"/barn/{alma}/kontakter/ny/", mine | {"relation": "nabo"}).status_code == 302
    rut = Entry.objects.get(child_id=alma, title="Rut Papkasse")
    return Case(
        f"/barn/{alma}/kontakter/person/{rut.id}/", [mine | {"name": ""}], mine, mine | {"relation": "moster"}, "moster"
    )


@pytest.mark.parametrize("case_of", [_status, _referral, _ball, _person])
def test_an_error_never_renews_the_version_and_a_conflict_is_told_and_then_settled(
    case_of: Callable[[Client, UUID], Case], as_person: SignIn, child: Find
) -> None:
    mine, theirs = as_person("ppr-psykolog"), as_person("ppr-psykolog")
    case = case_of(mine, child(ALMA))
    begun = _handed_out(text(mine, case.address), case)
    assert theirs.post(case.address, case.theirs | {"version": begun}).status_code == 302
    version = begun
    for wrong in case.in_vain:
        version = _handed_out(mine.post(case.address, wrong | {"version": version}).content.decode(), case)
        assert version == begun
    told = mine.post(case.address, case.mine | {"version": version})
    page = told.content.decode()
    assert told.status_code == 422 and case.seen in page and "er gemt her" not in page
    again = mine.post(case.address, case.mine | {"version": _handed_out(page, case)})
    assert again.status_code == 302, re.findall(r"alert-text.*|error-message.*", again.content.decode())


def _handed_out(page: str, case: Case) -> str:
    """The version in the form that is filled in here."""
    names = [f'name="{name}"' for name in case.mine]
    forms = [one for one in re.findall(r"<form.*?</form>", page, re.S) if all(name in one for name in names)]
    if "move" in case.mine:
        forms = [one for one in forms if f'name="move" value="{case.mine["move"]}"' in one]
    found = re.search(r'name="version" value="(\d+)"', forms[0])
    assert found
    return found[1]


def test_of_several_tasks_one_that_has_moved_keeps_none_of_the_others(as_person: SignIn) -> None:
    hanne = as_person("ppr-leder")
    kim = next(one.role_id for one in people() if one.key == "ppr-psykolog")
    page = text(hanne, f"/enheden/{kim}/")
    keys = re.findall(r'name="balls" value="([0-9a-f:-]+)"', page)
    to = re.search(r'<option value="(PractitionerRole/[^"]+)"', page)
    assert len(keys) > 1 and to
    moved, _, version = keys[0].rpartition(":")
    given = {"giv": "1", "to": to[1], "balls": [f"{moved}:{int(version) + 1}", keys[1], "x:y:1"]}
    assert hanne.post(f"/enheden/{kim}/", given).status_code == 422
    told = hanne.post(f"/enheden/{kim}/", given | {"balls": [f"{moved}:{int(version) + 1}", keys[1]]})
    after = told.content.decode().partition("<main")[2]
    assert told.status_code == 422 and "Ikke alle kunne gives videre. Resten er tilbudt." in after
    assert keys[1] not in after and keys[1].rpartition(":")[0] in after
    assert f"{moved}:" in after and "er ikke en af de tilgængelige valgmuligheder" not in after
    offered = Entry.objects.get(id=keys[1].split(":")[1])
    assert offered.offered_id == UUID(to[1].partition("/")[2])
