"""Two people write the same: nobody replaces, without having seen it, what somebody else has saved meanwhile."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.portal import (
    ball_forms,
    calendar_forms,
    consent_forms,
    contact_forms,
    fostering_forms,
    honour_forms,
    letter_forms,
    referral_forms,
    request_forms,
    status_forms,
    voice_forms,
)  # fmt: skip
from barnetsbog.portal.demo_login import people
from barnetsbog.portal.upon import UponForm
from barnetsbog.record.models import Entry
from tests.integration.portal.conftest import ALMA, text
from tests.integration.portal.test_letters import FIELDS, receivers, written
from tests.integration.portal.test_requests import AUGUST, asks

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Relative = Callable[[str, str], Client]
Find = Callable[[str], UUID]
Given = dict[str, Any]
LIVA = "7901129906"


class Case(NamedTuple):
    """A form: where it is, what is pressed in vain (an error or a redraw), what is saved, and what the other saves."""

    address: str
    in_vain: list[Given]
    mine: Given
    theirs: Given
    seen: str
    their_address: str = ""


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


def _letter(kim: Client, alma: UUID) -> Case:
    address = written(kim, alma, "Sara Prøvegaard")
    mine = {**FIELDS, receivers(text(kim, address))["Sara Prøvegaard"]: "in-app"}
    return Case(address, [mine | {"plan": "x" * 8001}], mine, mine | {"fandt": "Alma ser dårligt."}, "ser dårligt")


def _request(maja: Client, august: UUID) -> Case:
    mine = {"answer": "given", "told": "August trives.", "complaint": "Skriv til os."}
    return Case(asks(maja, august), [mine | {"answer": "x"}], mine, mine | {"told": "August er glad."}, "er glad")


def _worker(kim: Client, alma: UUID) -> Case:
    me = next(one.role_id for one in people() if one.key == "ppr-psykolog")
    pages = re.findall(rf'href="(/barn/{alma}/kontakter/fagperson/[^"]+)"', text(kim, f"/barn/{alma}/kontakter/"))
    address = next(one for one in pages if "Kim Demosen" in text(kim, one))
    assert me
    mine = {"involvement": "has-task", "task": "Tester Alma", "hours": "", "stand_in": ""}
    return Case(address, [mine | {"involvement": "x"}], mine, mine | {"task": "Taler med Alma"}, "Taler med Alma")


def _visit(kim: Client, alma: UUID) -> str:
    """The address of a new appointment."""
    given = {"title": "Samtale", "how": "aftal", "tid1-day": "15.12.2026", "tid1-start": "9", "tid1-end": "10"}
    assert kim.post(f"/barn/{alma}/kalender/ny/", given).status_code == 302
    return f"/barn/{alma}/kalender/{Entry.objects.get(child_id=alma, title='Samtale').id}/"


def _move(kim: Client, alma: UUID) -> Case:
    mine = {"day": "15.12.2026", "start": "11.00", "end": "12.00", "reason": "Kim er syg."}
    return Case(f"{_visit(kim, alma)}flyt/", [mine | {"reason": ""}], mine, mine | {"start": "8.00"}, "08.00")


def _cancel(kim: Client, alma: UUID) -> Case:
    visit, mine = _visit(kim, alma), {"reason": "Kim er syg."}
    moved = {"day": "15.12.2026", "start": "8.00", "end": "12.00", "reason": "Alma har skolefoto."}
    return Case(f"{visit}aflys/", [{"reason": ""}], mine, moved, "8.00", f"{visit}flyt/")


def _agreement(rikke: Client, liva: UUID) -> Case:
    page = text(rikke, f"/barn/{liva}/pleje/ny/hverdag/")
    call = re.search(r'<option value="((?:PractitionerRole|Organization)/[^"]+)"', page)
    assert call
    mine = {"title": "Lektier", "text": "Liva laver lektier kl. 16.", "call": call[1], "since": "25.11.2026"}
    assert rikke.post(f"/barn/{liva}/pleje/ny/hverdag/", mine | {"version": "0"}).status_code == 302
    made = Entry.objects.get(child_id=liva, title="Lektier")
    theirs = mine | {"text": "Liva laver lektier kl. 17."}
    return Case(f"/barn/{liva}/pleje/aftale/{made.id}/", [mine | {"since": ""}], mine, theirs, "kl. 17.")


def _end(rikke: Client, liva: UUID) -> Case:
    address, _, _, theirs, seen, _ = _agreement(rikke, liva)
    ends = {"reason": "Liva er flyttet.", "slut": "1"}
    return Case(address, [ends | {"reason": ""}], ends, theirs, seen)


def _assessment(rikke: Client, liva: UUID) -> Case:
    address = f"/barn/{liva}/aereskonflikt/"
    assert rikke.post(address, {"mistanke": "1", "seen": "Hun må ikke gå ud mere."}).status_code == 302
    mine = {"found": "Moster kan hente hende.", "stand": "final"}
    theirs = {"found": "Vi taler med politiet.", "stand": "preliminary"}
    return Case(address, [mine | {"found": ""}, mine | {"stand": ""}], mine, theirs, "Vi taler med politiet.")


def _own_goal(alma: Client, child_id: UUID) -> Case:
    said = {"om": "maal", "words": "Jeg vil sove alene.", "mark": "3"}
    assert alma.post("/familie/mine-maal/", said).status_code == 302
    goal = Entry.objects.get(child_id=child_id, title="Jeg vil sove alene.")
    mine = {"mark": "4", "state": "active"}
    theirs = {"mark": "9", "state": "completed"}
    return Case(f"/familie/mine-maal/{goal.id}/", [mine | {"state": "x"}], mine, theirs, "Jeg har nået det</strong>")


CASES: dict[type[UponForm], tuple[str, str, Callable[[Client, UUID], Case]]] = {
    status_forms.StatusForm: ("ppr-psykolog", ALMA, _status),
    referral_forms.ReferralForm: ("ppr-psykolog", ALMA, _referral),
    ball_forms.MoveForm: ("ppr-psykolog", ALMA, _ball),
    contact_forms.PersonForm: ("ppr-psykolog", ALMA, _person),
    contact_forms.WorkerForm: ("ppr-psykolog", ALMA, _worker),
    letter_forms.LetterForm: ("ppr-psykolog", ALMA, _letter),
    request_forms.DecideForm: ("laerer", AUGUST, _request),
    calendar_forms.MoveForm: ("ppr-psykolog", ALMA, _move),
    calendar_forms.CancelForm: ("ppr-psykolog", ALMA, _cancel),
    fostering_forms.AgreementForm: ("raadgiver", LIVA, _agreement),
    fostering_forms.EndForm: ("raadgiver", LIVA, _end),
    honour_forms.AssessForm: ("raadgiver", LIVA, _assessment),
    voice_forms.OwnGoalForm: ("", ALMA, _own_goal),
}
ELSEWHERE: set[type[UponForm]] = {
    referral_forms.AnswerForm, consent_forms.AnswerForm, consent_forms.PaperForm, consent_forms.WithdrawForm,
}  # fmt: skip
"""Answers that are given once: whoever comes second finds the question answered. Their pages have tests of their own."""


def test_every_form_that_is_written_upon_a_version_is_tried_here() -> None:
    def below(kind: type[UponForm]) -> set[type[UponForm]]:
        return {one for sub in kind.__subclasses__() for one in (sub, *below(sub))}

    assert below(UponForm) == CASES.keys() | ELSEWHERE


@pytest.mark.parametrize(("who", "number", "case_of"), CASES.values(), ids=[one.__name__ for one in CASES])
def test_an_error_never_renews_the_version_and_a_conflict_is_told_and_then_settled(
    who: str,
    number: str,
    case_of: Callable[[Client, UUID], Case],
    as_person: SignIn,
    relative: Relative,
    child: Find,
) -> None:
    mine, theirs = ((as_person(who) if who else relative(number, "child")) for _ in range(2))
    case = case_of(mine, child(number))
    begun = _handed_out(text(mine, case.address), case)
    written = theirs.post(case.their_address or case.address, case.theirs | {"version": begun})
    assert written.status_code == 302, re.findall(r"alert-text.*|error-message.*", written.content.decode())
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
