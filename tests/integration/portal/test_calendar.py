"""The calendar's and the contacts' pages: what is typed is kept, what is wrong is said, a warning stops nobody."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from barnetsbog.kernel.lix import lix
from barnetsbog.record.models import Entry
from tests.integration.portal.conftest import ALMA, FREJA, text
from tests.unit.calendar.test_ics import event, file

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
SLOT = {"tid1-day": "04.12.2026", "tid1-start": "9", "tid1-end": "10"}


def visits(child: UUID) -> int:
    return Entry.objects.filter(child_id=child, what="appointment").count()


def test_a_first_visit_without_the_father_s_yes_is_refused_and_waits_in_line(as_person: SignIn, child: Find) -> None:
    """Alma's father has not answered: the waiting list, and no appointment (law-and-access §7, case 1)."""
    client, alma = as_person("bup-psykolog"), child(ALMA)
    page = f"/barn/{alma}/kalender/ny/"
    given = {"title": "Første samtale", "act": "bup-assessment", "how": "aftal", **SLOT}
    answer = client.post(page, given)
    told = answer.content.decode()
    assert answer.status_code == 422 and "Der kan ikke gives en tid endnu." in told
    assert "Barnet kan stå på venteliste imens." in told
    assert 'value="Første samtale"' in told and 'value="04.12.2026"' in told  # what was typed is kept
    before = visits(alma)
    assert client.post(page, given | {"how": "venteliste"}).status_code == 302
    assert visits(alma) == before + 1
    assert "Venteliste" in text(client, f"/barn/{alma}/kalender/")


def test_a_double_booking_is_said_once_and_saved_if_one_insists(as_person: SignIn, child: Find) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    page, before = f"/barn/{alma}/kalender/ny/", visits(alma)
    given = {"title": "Samtale", "how": "aftal", "tid1-day": "14.12.2026", "tid1-start": "14.45", "tid1-end": "15.15"}
    answer = client.post(page, given)
    told = answer.content.decode()
    assert (
        answer.status_code == 200
        and "Barnet har en anden aftale 14.12.2026 14.30-15.30 (Netværksmøde på skolen)." in told
    )
    assert visits(alma) == before and 'name="seen" value="1"' in told
    assert client.post(page, given | {"seen": "1"}).status_code == 302
    assert visits(alma) == before + 1


@pytest.mark.parametrize(
    ("slot", "why"),
    [
        ({}, "Vælg mindst én tid."),
        ({"tid1-day": "28.03.2027", "tid1-start": "2.30", "tid1-end": "4"}, "Kl. 02.30 findes ikke den nat"),
        ({"tid1-day": "31.10.2027", "tid1-start": "2.30", "tid1-end": "4"}, "Vælg, hvilken det er."),
        ({"tid1-day": "i morgen", "tid1-start": "9", "tid1-end": "10"}, "Skriv datoen som"),
        ({"tid1-day": "04.12.2026", "tid1-start": "25", "tid1-end": "10"}, "Skriv klokken som 9.30."),
        ({"tid1-day": "04.12.2026", "tid1-start": "9"}, "Skriv dag, fra og til."),
        ({"tid1-day": "04.11.2026", "tid1-start": "9", "tid1-end": "10"}, "Tiden er gået."),
    ],
)
def test_what_is_wrong_with_a_time_is_said_in_words(
    as_person: SignIn, child: Find, slot: dict[str, str], why: str
) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    before = visits(alma)
    answer = client.post(f"/barn/{alma}/kalender/ny/", {"title": "Samtale", "how": "aftal", **slot})
    assert answer.status_code == 422 and why in answer.content.decode()
    assert visits(alma) == before


def test_of_an_hour_that_is_there_twice_one_can_be_chosen(as_person: SignIn, child: Find) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    given = {"title": "Nattevagt", "how": "aftal", "tid1-day": "31.10.2027", "tid1-start": "2.30", "tid1-end": "2.45"}
    page = f"/barn/{alma}/kalender/ny/"
    assert 'name="tid1-later"' in client.post(page, given).content.decode()
    assert client.post(page, given | {"tid1-later": "ja"}).status_code == 302
    assert Entry.objects.get(child_id=alma, title="Nattevagt").start % 86_400_000_000 == 5400_000_000  # 01.30 UTC


def test_an_appointment_over_night_is_written_with_its_last_day_and_keeps_it_when_it_is_moved(
    as_person: SignIn, child: Find
) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    given = {"title": "Aflastning", "how": "aftal", "tid1-day": "11.12.2026", "tid1-start": "16", "tid1-end": "10"}
    page = f"/barn/{alma}/kalender/ny/"
    assert 'name="tid1-last"' not in text(client, page)
    told = client.post(page, given)
    assert told.status_code == 422 and 'name="tid1-last"' in told.content.decode()
    assert "Slutter den en anden dag, så skriv også den dag." in told.content.decode()
    assert client.post(page, given | {"tid1-last": "13.12.2026"}).status_code == 302
    found = Entry.objects.get(child_id=alma, title="Aflastning")
    assert found.start and found.end and found.end - found.start == 42 * 3600 * 1_000_000
    move = f"/barn/{alma}/kalender/{found.id}/flyt/"
    assert 'name="last" value="13.12.2026"' in text(client, move)
    late = {"day": "12.12.2026", "start": "16", "end": "10", "last": "13.12.2026", "reason": "Bil.", "version": "1"}
    assert client.post(move, late).status_code == 302
    found.refresh_from_db()
    assert found.start and found.end and found.end - found.start == 18 * 3600 * 1_000_000


def test_a_file_is_told_line_by_line(as_person: SignIn, child: Find) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    page = f"/barn/{alma}/kalender/fil/"
    good = SimpleUploadedFile(
        "a.ics", file(event("SUMMARY:<b>Tandlæge</b>"), event("SUMMARY:Uden tid", uid="x", start=""))
    )
    told = client.post(page, {"file": good}).content.decode()
    assert "Nye: 1" in told and "Uden tid" in told and "Den har ingen tid." in told
    assert "&lt;b&gt;Tandlæge" in text(client, f"/barn/{alma}/kalender/")
    for content in (b"MZ\x00", b"x" * 600_000):
        answer = client.post(page, {"file": SimpleUploadedFile("b.ics", content)})
        assert answer.status_code == 422 and "Filen er " in answer.content.decode()


def test_the_week_is_a_grid_of_seven_days_and_nonsense_is_this_week(as_person: SignIn, child: Find) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    for asked in ("2026-12-14", "2026-12-17"):
        told = text(client, f"/barn/{alma}/kalender/?vis=uge&uge={asked}")
        assert told.count("<h3>") == 7 and "Netværksmøde på skolen" in told
    assert "23.11." in text(client, f"/barn/{alma}/kalender/?vis=uge&uge=9999999")


def test_my_calendar_is_a_fixed_number_of_queries(as_person: SignIn) -> None:
    client = as_person("ppr-psykolog")
    with CaptureQueriesContext(connection) as asked:
        told = text(client, "/kalender/")
    assert len(set(re.findall(r'href="(/barn/[^/]+/)"', told))) > 3  # several children
    assert len(asked.captured_queries) < 30
    assert "Vis alle mine børns aftaler" in text(client, "/kalender/?mine=1")


def test_the_family_s_page_is_plain_and_hides_what_must_be_hidden(relative: Callable[[str, str], Client]) -> None:
    for number, name in ((ALMA, "Sara Prøvegaard"), (FREJA, "Katrine Testrup")):
        for page in ("/familie/aftaler/", "/familie/aftaler/adresse/"):
            shown = "<main" + text(relative(number, name), page)
            words = re.sub(r"<[^>]+>", " ", re.sub(r"</(p|h1|h2|h3|li|label|button)>", ". ", shown))
            assert lix(words) <= 30, (page, words)
    told = text(relative(FREJA, "Claus Sprogby"), "/familie/aftaler/")
    assert "Der er ingen aftaler lige nu." in told


def test_an_answer_to_nothing_is_said_and_one_about_another_child_is_not_there(
    relative: Callable[[str, str], Client], child: Find
) -> None:
    mother = relative(ALMA, "Sara Prøvegaard")
    visit = Entry.objects.filter(child_id=child(ALMA), what="appointment", open=True).order_by("start")[0]
    strange = Entry.objects.filter(child_id=child(FREJA), what="appointment")[0]
    wrong = mother.post(f"/familie/aftaler/{visit.id}/svar", {"svar": "måske"})
    assert wrong.status_code == 422 and 'name="next" value="/familie/aftaler/"' in wrong.content.decode()
    stale = mother.post(f"/familie/aftaler/{visit.id}/svar", {"svar": "declined", "set": "1"})
    assert stale.status_code == 422 and "Tiden er ændret imens" in stale.content.decode()
    assert mother.post(f"/familie/aftaler/{strange.id}/svar", {"svar": "declined", "set": "1"}).status_code == 404


def test_many_appointments_of_a_family_are_read_page_by_page_and_an_answer_comes_back_to_its_page(
    relative: Callable[[str, str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    mother, address = relative(ALMA, "Sara Prøvegaard"), "/familie/aftaler/"
    every = re.findall(r"<h3>([^<]*)", text(mother, address))
    assert len(every) > 1 and "?side=" not in text(mother, address)
    monkeypatch.setattr("barnetsbog.portal.family.appointments.A_PAGE", 1)
    pages = [text(mother, f"{address}?side={number}") for number in range(1, len(every) + 1)]
    assert [re.findall(r"<h3>([^<]*)", page) for page in pages] == [[one] for one in every]
    last = next(number for number, page in enumerate(pages, 1) if number > 1 and 'name="svar"' in page)
    (to,) = re.findall(r'action="([^"]+/svar[^"]*)"', pages[last - 1])
    (seen,) = re.findall(r'name="set" value="(\d+)"', pages[last - 1])
    assert to.endswith(f"/svar?side={last}")
    assert every[last - 1] in mother.post(to, {"svar": "måske", "set": seen}).content.decode()
    answered = mother.post(to, {"svar": "declined", "set": seen})
    assert answered["Location"] == f"{address}?gjort=svar&side={last}"
    assert "Du har sagt, at du ikke kommer." in text(mother, answered["Location"])


def test_contacts_are_written_and_a_change_that_came_first_is_told(as_person: SignIn, child: Find) -> None:
    client, alma = as_person("ppr-psykolog"), child(ALMA)
    page = f"/barn/{alma}/kontakter/"
    wrong = client.post(f"{page}ny/", {"name": "Rut", "relation": ""})
    assert wrong.status_code == 422 and 'value="Rut"' in wrong.content.decode()
    assert (
        client.post(
            f"{page}ny/", {"name": "Rut Papkasse", "relation": "nabo", "picture": "star", "order": "1"}
        ).status_code
        == 302
    )
    told = text(client, page)
    assert "Rut Papkasse" in told and "Barnet har selv valgt" in told
    rut = Entry.objects.get(child_id=alma, title="Rut Papkasse").id
    given = {"name": "Rut P.", "relation": "nabo", "version": "1"}
    assert client.post(f"{page}person/{rut}/", given).status_code == 302
    late = client.post(f"{page}person/{rut}/", given | {"name": "Rut Q."})
    assert late.status_code == 422 and "Nogen har ændret det imens" in late.content.decode()
    assert "Rut Q." in late.content.decode()  # what was typed is kept


def test_the_map_of_rings_says_nothing_that_the_table_does_not(as_person: SignIn, child: Find) -> None:
    """A teacher is not told of psychiatry, neither in the table nor on the map."""
    for key, sees in (("ppr-psykolog", True), ("laerer", False)):
        told = text(as_person(key), f"/barn/{child(ALMA)}/kontakter/?vis=ringe")
        names = re.findall(r"<text[^>]*>([^<]+)</text>", told)
        table = re.sub(r"<svg.*?</svg>", "", told, flags=re.S).lower()
        assert ("Ida Testrup" in names) is ("ida testrup" in table) is sees
        assert all(name.removesuffix("…").lower() in table for name in names if name != "Alma")
