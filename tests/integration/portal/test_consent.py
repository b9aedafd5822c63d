"""The pages of the consent centre without a browser: what they answer, and to whom."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from barnetsbog.access.gathering import facts_of
from barnetsbog.access.people import everybody_with_rights
from barnetsbog.access.scopes import scope_for
from barnetsbog.consent import queries
from barnetsbog.consent.operations import Ask, ask
from barnetsbog.kernel.time import DAY
from barnetsbog.law.model import Block, Class, Level, Sharing
from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel
from tests.builders import pdf
from tests.integration.portal.conftest import ALMA, NOAH
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]


def family(name: str, child: UUID) -> Client:
    found = next(one for one in everybody_with_rights() if one.child_id == child and one.name.startswith(name))
    client = Client()
    assert client.post("/log-ind/", {"person": str(found.person_id), "child": str(child)}).status_code == 302
    return client


def questions(client: Client) -> list[str]:
    page = client.get("/familie/ja-og-nej/").content.decode()
    return list(dict.fromkeys(re.findall(r"/familie/ja-og-nej/[0-9a-f-]{36}/", page)))


def version_on(client: Client, address: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', client.get(address).content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["", "tilbage/", "kvittering/"])
def test_another_parent_s_answer_and_none_at_all_are_one_page(child: Find, page: str) -> None:
    alma = child(ALMA)
    mother, father = family("Sara", alma), family("Jonas", alma)
    hidden = father.get(f"{questions(mother)[0]}{page}")
    absent = father.get(f"/familie/ja-og-nej/{uuid4()}/{page}")
    assert hidden.status_code == absent.status_code == 404
    assert plain(hidden.content) == plain(absent.content)


def test_another_parent_s_answer_is_not_given_by_post_either(child: Find) -> None:
    alma = child(ALMA)
    mother, father = family("Sara", alma), family("Jonas", alma)
    hers = questions(mother)[0]
    before = Entry.objects.get(id=UUID(hers.split("/")[-2])).version
    for address in (hers, f"{hers}tilbage/"):
        assert father.post(address, {"answer": "nej", "version": "1"}).status_code == 404
    assert Entry.objects.get(id=UUID(hers.split("/")[-2])).version == before


def test_whoever_is_asked_about_more_can_answer_that_and_take_back_what_they_said_yes_to(child: Find) -> None:
    alma, kim = child(ALMA), next(one for one in people() if one.key == "ppr-psykolog").role_id
    mother, by = family("Sara", alma), scope_for(kim, level=LoginLevel.SUBSTANTIAL)
    assert by
    (first, *_) = (one for one in facts_of(alma).consents if one.act == "ppr-to-bup" and str(one.giver) == _sara(alma))
    hers = f"/familie/ja-og-nej/{first.id}/"
    said = {"answer": "delvist", "blocks": ["KO"], "level": "at", "until": ""}
    assert mother.post(hers, {**said, "version": version_on(mother, hers)}).status_code == 302
    # Given that PPR asks anew, about more than she has said yes to
    blocks = frozenset((block, Class.ORDINARY) for block in Block)
    until = by.at + 300 * DAY
    wanted = Ask("ppr-to-bup", first.disclosers, first.recipient, Sharing(blocks, Level.CONTENT), until)
    asked = [f"/familie/ja-og-nej/{one}/" for one in ask(by=by, child_id=alma, wanted=wanted)]
    page = mother.get("/familie/ja-og-nej/").content.decode()
    waiting, answered = page.split("Det har du svaret")
    (new,) = (one for one in asked if one in waiting)
    assert f"{hers}tilbage/" in answered, "a yes can be taken back at any time"
    # When she takes it back, the new question is still the one that waits
    withdrawn = mother.post(f"{hers}tilbage/", {"version": version_on(mother, f"{hers}tilbage/")})
    assert withdrawn.status_code == 302
    waiting, answered = mother.get("/familie/ja-og-nej/").content.decode().split("Det har du svaret")
    assert new in waiting and hers not in waiting and hers in answered
    assert mother.post(new, {"answer": "nej", "version": version_on(mother, new)}).status_code == 302
    assert new not in mother.get("/familie/ja-og-nej/").content.decode().split("Det har du svaret")[0]


def _sara(child_id: UUID) -> str:
    found = (one for one in everybody_with_rights() if one.child_id == child_id and one.name.startswith("Sara"))
    return str(next(found).person_id)


def test_a_reminder_stands_until_it_is_answered(child: Find, as_person: SignIn) -> None:
    alma, ida, reminder = child(ALMA), as_person("bup-psykolog"), "Vi mangler dit svar"
    father = family("Jonas", alma)
    asking = [f"/barn/{alma}/samtykke/{one.split('/')[-2]}/mind/" for one in questions(father)]
    assert 302 in [ida.post(one, {"do": "mind"}).status_code for one in asking if ida.get(one).status_code == 200]
    assert reminder in father.get("/familie/ja-og-nej/").content.decode()
    for address in questions(father):
        if "Send dit svar" in father.get(address).content.decode():
            father.post(address, {"answer": "nej", "version": version_on(father, address)})
    assert reminder not in father.get("/familie/ja-og-nej/").content.decode()


def test_a_foster_carer_is_not_told_to_answer_for_the_child(child: Find) -> None:
    shown = family("Else", child("7901129906")).get("/familie/ja-og-nej/").content.decode()
    assert "Det gør en plejefamilie ikke." in shown and "dit barn" not in shown


def test_professionals_have_no_pages_of_families_and_the_other_way_round(as_person: SignIn, child: Find) -> None:
    alma = child(ALMA)
    assert as_person("ppr-psykolog").get("/familie/ja-og-nej/").status_code == 404
    assert family("Sara", alma).get(f"/barn/{alma}/samtykke/").status_code == 404


@pytest.mark.parametrize("page", ["svar/", "tilbage/", "mind/"])
def test_a_teacher_registers_nothing(as_person: SignIn, child: Find, page: str) -> None:
    alma = child(ALMA)
    listed = as_person("ppr-psykolog").get(f"/barn/{alma}/samtykke/").content.decode()
    for ident in re.findall(rf"/barn/{alma}/samtykke/([0-9a-f-]{{36}})/", listed):
        assert as_person("laerer").get(f"/barn/{alma}/samtykke/{ident}/{page}").status_code == 404
    assert as_person("laerer").get(f"/barn/{alma}/samtykke/spoerg/").status_code == 404


def test_an_answer_that_was_changed_meanwhile_loses_nothing(child: Find) -> None:
    father = family("Henrik", child(NOAH))
    address = next(one for one in questions(father) if "delvist" in father.get(one).content.decode())
    version = version_on(father, address)
    said: dict[str, Any] = {"answer": "delvist", "blocks": ["KO"], "level": "at", "until": "31.01.2027"}
    assert father.post(address, {**said, "version": version}).status_code == 302
    again = father.post(address, {**said, "version": version})
    page = again.content.decode()
    assert again.status_code == 422 and "Svaret er ændret imens" in page
    assert 'value="31.01.2027"' in page and 'id="del-KO" value="KO" checked' in page
    assert 'id="del-AK" value="AK" checked' not in page
    assert father.post(address, {**said, "version": version_on(father, address)}).status_code == 302


def test_a_signed_paper_is_handed_out_as_a_file_and_to_its_readers_only(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    listed = kim.get(f"/barn/{alma}/samtykke/").content.decode()
    for ident in dict.fromkeys(re.findall(rf"/barn/{alma}/samtykke/([0-9a-f-]{{36}})/", listed)):
        address = f"/barn/{alma}/samtykke/{ident}/"
        if kim.get(f"{address}svar/").status_code == 200:
            break
    from django.core.files.uploadedfile import SimpleUploadedFile

    said = {"answer": "ja", "day": "24.11.2026", "note": "", "version": version_on(kim, f"{address}svar/")}
    paper = pdf("underskrevet")
    refused = kim.post(f"{address}svar/", {**said, "scan": SimpleUploadedFile("x.exe", paper)})
    assert refused.status_code == 422 and "noget andet, end dens navn siger" in refused.content.decode()
    scan = SimpleUploadedFile("Svar.PDF", paper)
    assert kim.post(f"{address}svar/", {**said, "scan": scan}).status_code == 302
    page = kim.get(address).content.decode()
    found = re.search(rf"/barn/{alma}/samtykke/[0-9a-f-]{{36}}/papir", page)
    assert found
    answer = kim.get(found[0])
    assert answer.content == paper and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_person("specialskole").get(found[0]).status_code == 404


def test_a_reminder_is_a_message_that_can_be_read(as_person: SignIn, child: Find) -> None:
    noah, kim, father = child(NOAH), as_person("ppr-psykolog"), family("Henrik", child(NOAH))
    assert "Du er blevet spurgt om noget." not in father.get("/familie/").content.decode()
    listed = kim.get(f"/barn/{noah}/samtykke/").content.decode()
    address = re.search(rf"/barn/{noah}/samtykke/[0-9a-f-]{{36}}/mind/", listed)
    assert address and kim.post(address[0]).status_code == 302
    for page in ("/familie/", "/familie/ja-og-nej/"):
        assert "Du er blevet spurgt om noget." in father.get(page).content.decode()
        assert "Du er blevet spurgt om noget." not in family("Maria", noah).get(page).content.decode()


def test_in_english_there_is_no_danish_around_the_answers(child: Find) -> None:
    mother = family("Sara", child(ALMA))
    mother.post("/sprog/", {"language": "en", "next": "/"})
    page = mother.get("/familie/ja-og-nej/").content.decode()
    assert "Yes and no" in page and "You have answered" in page and "Du har svaret" not in page


def test_what_is_wrong_with_an_answer_is_told_in_the_language_of_the_page(child: Find) -> None:
    father = family("Henrik", child(NOAH))
    address = next(one for one in questions(father) if "delvist" in father.get(one).content.decode())
    father.cookies["sprog-ja-og-nej"] = "ar"
    said: dict[str, Any] = {"answer": "delvist", "blocks": ["KO"], "level": "at", "until": "01.01.2026"}
    page = father.post(address, {**said, "version": version_on(father, address)}).content.decode()
    assert '<li><span lang="ar">يجب أن يكون اليوم الأخير بعد اليوم.</span></li>' in page
    assert (
        '<span lang="ar">تغيّر الجواب في هذه الأثناء.' in father.post(address, {**said, "version": 99}).content.decode()
    )


def test_an_answer_keeps_the_language_that_its_question_was_read_in(as_person: SignIn, child: Find) -> None:
    alma = child(ALMA)
    father = family("Jonas", alma)
    father.cookies["sprog-ja-og-nej"] = "ar"
    address = questions(father)[0]
    assert father.post(address, {"answer": "nej", "version": version_on(father, address)}).status_code == 302
    ident = address.strip("/").rpartition("/")[2]
    page = as_person("ppr-psykolog").get(f"/barn/{alma}/samtykke/{ident}/").content.decode()
    assert "Spørgsmålet er læst på arabisk" in " ".join(page.split())


def test_the_last_day_that_a_question_names_is_the_one_that_a_yes_gets(child: Find) -> None:
    """Also where whoever asked named none: then it is a year from the answer, and not from the question."""
    father = family("Jonas", child(ALMA))
    address = questions(father)[0]
    promised = re.search(r"Det gælder til og med ([^<]+)\.", father.get(address).content.decode())
    answered = father.post(address, {"answer": "ja", "version": version_on(father, address)})
    receipt = father.get(answered["Location"]).content.decode()
    assert promised and f"Gælder til og med</dt><dd>{promised[1]}</dd>" in receipt
    assert "Du kan sige nej igen" in receipt


def test_what_nobody_has_answered_is_not_said_to_be_answered(child: Find, as_person: SignIn) -> None:
    kim, book = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/"
    entry = re.search(r'href="([^"]+)">Far har ikke svaret', kim.get(book).content.decode())
    assert entry
    shown = kim.get(entry[1]).content.decode()
    assert "Hvem skal svare" in shown and "Hvem har svaret" not in shown and "Skrevet af" not in shown
    assert f'href="{book}samtykke/"' in shown and "mind om dem" in shown


ASK_THE_CHILD = "Spørg barnet, hvad det synes"
WORDS = "Jeg vil godt, men ikke at far  hører det."


def hears(client: Client, address: str, shared: str) -> Any:
    page = client.get(f"{address}barnets-syn/").content.decode()
    me = re.search(r'<option value="(PractitionerRole/[^"]+)" selected', page)
    assert me
    return client.post(
        f"{address}barnets-syn/", {"words": WORDS, "to": me[1], "day": "24.11.2026", "shared": shared, "otherwise": ""}
    )


@pytest.mark.parametrize(("shared", "told"), [("ja", True), ("nej", False)])
def test_the_child_is_asked_what_it_thinks_of_a_matter_and_what_it_says_in_confidence_stays_where_it_was_said(
    as_person: SignIn, child: Find, shared: str, told: bool
) -> None:
    """Barnets lov § 5: whoever was told knows that the child is heard; others know it only where they read the words."""
    noah, kim = child(NOAH), as_person("ppr-psykolog")
    listed = kim.get(f"/barn/{noah}/samtykke/").content.decode()
    addresses = [one + "/" for one in dict.fromkeys(re.findall(rf"/barn/{noah}/samtykke/[0-9a-f-]{{36}}", listed))]
    address = next(one for one in addresses if "/barnets-syn/" in kim.get(one).content.decode())
    assert ASK_THE_CHILD in kim.get(address).content.decode()
    others = [as_person(one) for one in ("laerer", "raadgiver", "specialskole", "bup-psykolog")]
    others = [one for one in others if ASK_THE_CHILD in one.get(address).content.decode()]
    assert others
    assert kim.post(f"{address}barnets-syn/", {"words": WORDS, "day": "24.11.2026"}).status_code == 422
    stored = hears(kim, address, shared)
    assert stored.status_code == 302, re.findall(r"error-message.*", stored.content.decode())
    page = kim.get(stored["Location"]).content.decode()
    assert WORDS in page and "Barnets ord er gemt" in page and ASK_THE_CHILD not in page
    for other in others:
        page = other.get(address).content.decode()
        assert (WORDS in page) is told and (ASK_THE_CHILD not in page) is told


def test_a_unit_that_a_matter_is_not_between_writes_nothing_on_it(as_person: SignIn, child: Find) -> None:
    noah = child(NOAH)
    listed = as_person("ppr-psykolog").get(f"/barn/{noah}/samtykke/").content.decode()
    ident = re.findall(rf"/barn/{noah}/samtykke/([0-9a-f-]{{36}})/", listed)[0]
    for who in ("laerer", "bup-visitator"):
        answer = as_person(who).get(f"/barn/{noah}/samtykke/{ident}/barnets-syn/")
        assert answer.status_code == 404


@pytest.mark.parametrize("shared", [True, False])
def test_a_child_of_12_writes_itself_what_it_thinks_of_what_the_grown_ups_are_asked(
    as_person: SignIn, child: Find, shared: bool
) -> None:
    noah, own, kim = child(NOAH), family("Noah", child(NOAH)), as_person("ppr-psykolog")
    (address, *_) = re.findall(
        r"/familie/ja-og-nej/[0-9a-f-]{36}/synes/", own.get("/familie/ja-og-nej/").content.decode()
    )
    assert own.post(address, {"words": " "}).status_code == 422
    assert own.post(address, {"words": WORDS} | ({"shared": "on"} if shared else {})).status_code == 302
    assert WORDS in own.get("/familie/ja-og-nej/").content.decode() and WORDS in own.get(address).content.decode()
    assert WORDS not in own.get("/familie/mine-maal/").content.decode()  # it is not about the plan
    read = [kim.get(f"/barn/{noah}/samtykke/{one}/").content.decode() for one in _matters(kim, noah)]
    assert any(WORDS in one for one in read) is shared
    assert all(WORDS not in one or ASK_THE_CHILD not in one for one in read)
    for parent in ("Maria", "Henrik"):
        assert family(parent, noah).get(address).status_code == 404


def _matters(client: Client, child_id: UUID) -> list[str]:
    page = client.get(f"/barn/{child_id}/samtykke/").content.decode()
    return list(dict.fromkeys(re.findall(rf"/barn/{child_id}/samtykke/([0-9a-f-]{{36}})/", page)))


def test_a_question_whose_time_is_over_is_told_of_and_can_still_be_said_no_to(
    child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    father = family("Jonas", child(ALMA))
    waiting = father.get("/familie/ja-og-nej/").content.decode()
    address = questions(father)[0]
    assert "Tiden til at svare er gået" not in waiting
    monkeypatch.setattr(queries, "latest", lambda at: at)
    over = father.get("/familie/ja-og-nej/").content.decode()
    assert "Det venter ikke på dit svar mere" in over and "Tiden til at svare er gået." in over and address in over
    assert "Du kan ikke sige ja mere, men du kan sige nej." in father.get(address).content.decode()
    assert father.post(address, {"answer": "nej", "version": version_on(father, address)}).status_code == 302
