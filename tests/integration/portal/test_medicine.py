"""A foster carer's week and notes of medicine: for those with daily care, who placed the child and who treats it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.record.models import Entry
from barnetsbog.record.shelves import class_of
from tests.integration.portal.conftest import text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

Relative = Callable[[str, str], Client]
LIVA, PAGE = "7901129906", "/familie/medicin/"
NOTE = {"what": "Høfebertablet", "dose": "1 tablet", "day": "24.11.2026", "clock": "7.30", "by": ""}


def test_a_note_is_read_by_both_carers_by_who_placed_and_who_treats_and_by_nobody_else(
    relative: Relative, as_person: Callable[[str], Client], child: Callable[[str], UUID]
) -> None:
    assert relative(LIVA, "Else Hjemmeby").post(PAGE, NOTE).status_code == 302
    note = Entry.objects.using("demo").get(what="medicine-note")
    assert class_of(note.shelf) == "M"
    for name in ("Else Hjemmeby", "Karl Hjemmeby"):
        for page in (PAGE, "/familie/"):
            assert "Høfebertablet, 1 tablet" in text(relative(LIVA, name), page)
    for name in ("Tanja Skabelund", "Brian Skabelund", "child"):
        assert relative(LIVA, name).get(PAGE).status_code == 404
    entry = f"/barn/{child(LIVA)}/{note.id}/"
    for key in ("raadgiver", "bup-psykolog"):
        assert "Høfebertablet" in text(as_person(key), entry) and "1 tablet" in text(as_person(key), entry)
    for key in ("laerer", "ppr-psykolog", "familiebehandler", "bup-visitator"):
        assert as_person(key).get(entry).status_code == 404


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"what": " "}, "Skriv, hvad barnet fik."), ({"day": "i går"}, "Skriv datoen"), ({"clock": "99"}, "Skriv klokken"),
        ({"day": "24.12.2026"}, "Skriv en tid, der er gået"), ({"day": "24.01.2026"}, "højst en måned siden"),
    ],
)  # fmt: skip
def test_what_can_t_be_kept_comes_back_as_it_was_typed(relative: Relative, change: dict[str, str], why: str) -> None:
    answer = relative(LIVA, "Else Hjemmeby").post(PAGE, NOTE | change)
    shown = answer.content.decode()
    assert answer.status_code == 422 and why in shown and 'value="1 tablet"' in shown


def test_the_week_is_a_foster_carer_s_first_page_with_whom_to_call_at_night(relative: Relative) -> None:
    shown = text(relative(LIVA, "Else Hjemmeby"), "/familie/")
    for words in ("<h1>Denne uge</h1>", "Opfølgningsmøde med Liva først", "Rikke Sagsby", "00 00 00 99", "Samvær"):
        assert words in shown
    assert "<h1>Denne uge</h1>" not in text(relative(LIVA, "Tanja Skabelund"), "/familie/")


@pytest.mark.parametrize(
    ("language", "told"), [("da", "Din status er ikke sendt"), ("en", "Your status has not been sent")]
)
def test_a_status_that_nobody_would_read_comes_back_with_whom_to_call(
    relative: Relative, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    monkeypatch.setattr("barnetsbog.fostering.rules.status_readers", lambda *_: ())
    carer = relative(LIVA, "Else Hjemmeby")
    carer.cookies["sprog"] = language
    answer = carer.post("/familie/status/?gjort=fare", {"contact": "Hendes far har slået hende."})
    shown = answer.content.decode()
    assert answer.status_code == 422 and told in shown and "Kommunens døgnvagt: 00 00 00 99" in shown
    assert "Hendes far har slået hende." in shown and "kommunen får besked" not in shown
