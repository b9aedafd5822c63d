"""The pages of the plan without a browser: what they show, to whom, and that nothing typed is lost."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.plan import queries
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel
from tests.integration.portal.conftest import ALMA, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
STORM = "7208209923"


def version_on(client: Client, address: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text(client, address))
    assert found
    return found[1]


def test_the_plan_is_the_coordinator_s_to_lead_and_the_teacher_s_to_read(as_person: SignIn, child: Find) -> None:
    alma = child(ALMA)
    kims, majas = (text(as_person(who), f"/barn/{alma}/plan/") for who in ("ppr-psykolog", "laerer"))
    assert "Jeg vil gerne kunne være med i frikvarteret" in kims and "Fælles plan for Alma" in kims
    assert f"/barn/{alma}/plan/ret/" in kims and f"/barn/{alma}/plan/ret/" not in majas
    assert as_person("laerer").get(f"/barn/{alma}/plan/ret/").status_code == 404
    assert "Fælles plan for Alma" in majas


def test_nobody_has_asked_storm_lately_and_the_plan_says_so_and_is_not_ready(as_person: SignIn, child: Find) -> None:
    storm = child(STORM)
    page = text(as_person("raadgiver"), f"/barn/{storm}/plan/")
    assert "Barnet er ikke spurgt siden 17.06.2025" in page
    assert "Planen er ikke klar" in page and "(BL5)" in page
    answer = as_person("raadgiver").post(f"/barn/{storm}/plan/klar", {"version": "1"})
    assert answer.status_code == 404  # there is no overall plan to be ready


def test_a_child_s_words_go_from_the_form_to_the_page_as_they_were_typed(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    address = f"/barn/{alma}/plan/barnets-maal/"
    me = re.search(r'<option value="([^"]+)" selected', text(kim, address))
    assert me
    typed = "\n  Jeg vil\n\n ha'  <b>ro</b> 🦊 "
    given = {"words": typed.replace("\n", "\r\n"), "to": me[1], "day": "25.11.2026", "shared": "ja", "mark": "3"}
    back = kim.post(address, {**given, "shared": ""})
    assert back.status_code == 422 and "Vælg ja eller nej" in back.content.decode()
    assert ">\n\n  Jeg vil\n\n ha&#x27;  &lt;b&gt;ro&lt;/b&gt; 🦊 </textarea>" in back.content.decode().replace(
        "\r\n", "\n"
    )
    assert kim.post(address, given).status_code == 302
    assert "»\n  Jeg vil\n\n ha&#x27;  &lt;b&gt;ro&lt;/b&gt; 🦊 «" in text(kim, f"/barn/{alma}/plan/")


def test_two_who_change_a_goal_at_once_and_nothing_typed_is_lost(as_person: SignIn, child: Find) -> None:
    alma, kim, maja = child(ALMA), as_person("ppr-psykolog"), as_person("laerer")
    goal = Entry.objects.get(child_id=alma, title="Alma vil være med i frikvarteret")
    address = f"/barn/{alma}/plan/maal/{goal.id}/"
    given = {"note": "Kim øver en rolle.", "state": "active", "shared": "ja", "version": version_on(kim, address)}
    assert kim.post(address, given).status_code == 302
    late = maja.post(address, {**given, "note": "Maja aftaler leg.", "mark": "6", "mark_day": "25.11.2026"})
    page = late.content.decode()
    assert late.status_code == 422 and "Nogen har ændret det samme imens" in page
    assert "Kim Demosen" in page and re.search(r"<ins>.*?Kim øver en rolle\.", page, re.S)
    assert "Maja aftaler leg.</textarea>" in page and '<option value="6" selected>' in page
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    again = {**given, "note": "Maja aftaler leg.", "mark": "6", "mark_day": "25.11.2026", "version": found[1]}
    assert maja.post(address, again).status_code == 302
    told = text(maja, address)
    assert "Kim øver en rolle." in told and "Maja aftaler leg." in told and "<strong>6</strong>" in told


def test_a_number_without_its_day_is_asked_about_and_not_dropped(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    goal = Entry.objects.get(child_id=alma, title="Alma vil være med i frikvarteret")
    address = f"/barn/{alma}/plan/maal/{goal.id}/"
    given = {"note": "Kim øver.", "state": "active", "shared": "ja", "version": version_on(kim, address), "mark": "7"}
    back = kim.post(address, {**given, "mark_day": ""})
    assert back.status_code == 422 and "Skriv, hvilken dag det var." in back.content.decode()
    assert "Kim øver.</textarea>" in back.content.decode()
    assert kim.post(address, {**given, "mark_day": "25.11.26"}).status_code == 302
    assert "<strong>7</strong>" in text(kim, address)


def meeting(client: Client, alma: UUID, **more: Any) -> dict[str, Any]:
    page = text(client, f"/barn/{alma}/plan/moede/")
    me = re.search(r'name="people"[^>]*value="([^"]+)" checked', page)
    assert me
    return {
        "title": "Planmøde om Alma", "day": "25.11.2026", "people": [me[1]], "family": ["barnet"],
        "minutes": "Vi talte om frikvarter.", "raekker": "3", "aftale-0-what": "Ring til far", "aftale-0-who": me[1],
        "aftale-0-due": "01.12.2026", **more,
    }  # fmt: skip


def test_an_error_in_one_row_brings_all_rows_back_with_the_reason_at_its_place(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    bad = meeting(
        kim,
        alma,
        **{"aftale-1-what": "Mød op", "aftale-1-who": "", "aftale-1-due": "i morgen", "aftale-2-due": "1.1.2026"},
    )
    back = kim.post(f"/barn/{alma}/plan/moede/", bad)
    page = back.content.decode()
    assert back.status_code == 422
    for at in ("aftale-1-who", "aftale-1-due", "aftale-2-what"):
        assert f'href="#id_{at}"' in page and f'id="id_{at}_error"' in page
    assert 'value="Ring til far"' in page and 'value="Mød op"' in page and 'value="i morgen"' in page
    assert "Vi talte om frikvarter.</textarea>" in page
    assert not Entry.objects.filter(child_id=alma, title="Ring til far").exists()


def test_more_rows_keep_what_is_typed_and_complain_of_nothing(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    given = meeting(kim, alma, minutes="", flere="1")
    page = kim.post(f"/barn/{alma}/plan/moede/", given).content.decode()
    assert 'name="aftale-5-what"' in page and 'value="Ring til far"' in page
    assert "form-error" not in page and "Det er ikke gemt endnu" not in page


def test_the_next_follow_up_is_the_coordinator_s_to_set(as_person: SignIn, child: Find) -> None:
    alma = child(ALMA)
    assert 'name="follow_up"' in text(as_person("ppr-psykolog"), f"/barn/{alma}/plan/moede/")
    assert 'name="follow_up"' not in text(as_person("laerer"), f"/barn/{alma}/plan/moede/")


def test_an_authority_s_plan_has_no_page_to_change_it(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    school = Entry.objects.get(child_id=alma, what="plan")
    assert f"/barn/{alma}/{school.id}/" in text(kim, f"/barn/{alma}/plan/")
    for kind in ("maal", "indsats"):
        assert kim.get(f"/barn/{alma}/plan/{kind}/{school.id}/").status_code == 404


def test_the_family_has_no_page_to_write_in_the_plan(relative: Callable[[str, str], Client], child: Find) -> None:
    alma = child(ALMA)
    assert relative(ALMA, "child").get(f"/barn/{alma}/plan/").status_code == 404


def test_a_mother_s_log_does_not_tell_that_her_child_said_something_in_confidence(
    as_person: SignIn, relative: Callable[[str, str], Client], child: Find
) -> None:
    alma, maja = child(ALMA), as_person("laerer")
    address = f"/barn/{alma}/plan/barnets-maal/"
    me = re.search(r'<option value="([^"]+)" selected', text(maja, address))
    assert me
    said = {"words": "Jeg vil helst bo hos far", "to": me[1], "day": "25.11.2026", "shared": "nej"}
    assert maja.post(address, said).status_code == 302
    mother, alma_herself = relative(ALMA, "Sara Prøvegaard"), relative(ALMA, "child")
    assert "Skrev om et mål." not in text(mother, "/familie/hvem-har-set/")
    assert "Skrev om et mål." in text(alma_herself, "/familie/hvem-har-set/")
    assert maja.post(address, {**said, "words": "Jeg vil spille bold", "shared": "ja"}).status_code == 302
    assert "Skrev om et mål." in text(mother, "/familie/hvem-har-set/")


def test_the_family_s_reading_is_the_same_query_and_nobody_s_to_write(child: Find) -> None:
    alma = child(ALMA)
    mother = next(one for one in everybody_with_rights() if one.child_id == alma and one.name == "Sara Prøvegaard")
    scope = scope_for_person(mother.person_id, alma, level=LoginLevel.SUBSTANTIAL)
    assert scope
    with open_book(scope, "plan", alma) as book:
        page = queries.page(book, alma)
    assert next(one.said.words for one in page.parts.own_goals if one.said).startswith("Jeg vil")
    assert page.parts.overall and not page.may_write and page.readiness is None


def test_a_longer_plan_takes_no_more_queries(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    address = f"/barn/{alma}/plan/"

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            text(kim, address)
        return len(found)

    before = asked()
    for number in range(4):
        given = {"title": f"Forsøg {number}", "since": "25.11.2026", "course": "active"}
        assert kim.post(f"{address}indsats/", given).status_code == 302
        assert kim.post(f"{address}maal/", {"words": f"Mål {number}"}).status_code == 302
    assert asked() == before
