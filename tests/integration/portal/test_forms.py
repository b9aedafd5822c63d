"""The pages of forms: filling, what comes back, the family's own side."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template.loader import get_template
from django.test import Client

import barnetsbog.portal
from barnetsbog.access.scopes import scope_for
from barnetsbog.forms import languages
from barnetsbog.forms.acting import GroundNeeded
from barnetsbog.intake.writing import body_of, write
from barnetsbog.portal import filling
from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel
from tests.builders import pdf
from tests.integration.portal.crawling import plain

from .conftest import ALMA, IDA, NOAH

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

TEMPLATES = Path(barnetsbog.portal.__file__).parent / "templates"
SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Relative = Callable[[str, str], Client]


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return unescape(response.content.decode())


def begins(client: Client, where: str, form: str) -> str:
    """The address of a new draft."""
    return client.post(where, {"skema": form}).headers["Location"]


def as_shown(page: str) -> dict[str, Any]:
    """What a browser would send of a page if nobody typed anything."""
    found: dict[str, Any] = {"her": re.findall(r'name="her" value="([^"]+)"', page)}
    for tag in re.findall(r"<input[^>]*>", page):
        said = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if said.get("type") in ("text", "tel", "email") or (
            said.get("name") == "version" or said.get("name", "").startswith("kilde.")
        ):
            found[said["name"]] = said["value"]
        elif said.get("type") in ("radio", "checkbox") and " checked" in tag:
            found.setdefault(said["name"], []).append(said.get("value", "on"))
    return found | dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.S))


def sections(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="([^"]+/emne/[^"]+/)"', page)))


def test_a_teacher_begins_a_form_that_knows_alma_already(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    page = text(maja, draft)
    assert "Mangler" in page and "Kan ikke startes endnu" in page and "Kun jeres enhed kan se den" in page
    first = text(maja, sections(page)[0])
    assert 'value="Alma Prøvegaard"' in first and "Hentet fra" in first
    for what in ("behold", "ret", "brug-ikke"):
        assert re.search(rf'name="valg.child-name" id="[^"]+" value="{what}"', first)


def test_the_demonstration_has_forms_that_can_be_gone_on_with(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    """Each is filled with what the book knows and half answered, and is nobody else's."""
    ida, kim = f"/barn/{child(IDA)}/skemaer/", as_person("ppr-psykolog")
    henrik, sara = as_person("specialskole"), relative(ALMA, "Sara Prøvegaard")
    for client, index, title, known, said in (
        (henrik, ida, "Visitation: skolens del", "Ida Øvebjerg", "31 gange i år"),
        (sara, "/familie/skemaer/", "Jeres barn", "Alma Prøvegaard", "der er noget galt med"),
    ):
        (draft,) = re.findall(rf'href="({index}[^"]+/)"><span lang="da">{title}', text(client, index))
        pages = " ".join(text(client, address) for address in sections(text(client, draft)))
        assert known in pages and said in pages and "Hentet fra" in pages
    assert "Kladder" not in text(kim, ida)


def test_keep_correct_and_leave_out(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    address = sections(text(maja, draft))[0]
    given = as_shown(maja.get(address).content.decode())
    given = {key: unescape(one) if isinstance(one, str) else one for key, one in given.items()}
    given |= {"child-name": "Alma P. Prøvegaard", "valg.child-cpr": "brug-ikke", "kladde": ""}
    assert maja.post(address, given).status_code == 302
    page = text(maja, address)
    assert "Du har rettet det" in page and "Der stod: »" in re.sub(r"<[^>]*>", "", page)
    assert "Det bliver ikke brugt." in page and 'value="Alma P. Prøvegaard"' in page
    # Chosen to be kept again, what was fetched is back, corrected or left out
    given = as_shown(maja.get(address).content.decode())
    given |= {"valg.child-cpr": "behold", "valg.child-name": "behold"}
    maja.post(address, {**given, "kladde": ""})
    page = text(maja, address)
    assert "Det bliver ikke brugt." not in page and 'value="Alma Prøvegaard"' in page


def test_what_is_typed_is_never_lost_to_a_choice_that_stood_there_already(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    address = sections(text(maja, draft))[0]
    left_out = {**as_shown(maja.get(address).content.decode()), "valg.child-name": "brug-ikke", "kladde": ""}
    maja.post(address, left_out)
    given = as_shown(maja.get(address).content.decode())
    assert given["valg.child-name"] == ["brug-ikke"] and given["child-name"] == ""
    maja.post(address, {**given, "child-name": "Alma P.", "kladde": ""})
    page = text(maja, address)
    assert 'value="Alma P."' in page and "Du har rettet det" in page


def test_a_whole_row_can_be_left_out_and_put_back(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    draft = begins(kim, f"/barn/{alma}/skemaer/", "bup-referral-ppr")
    address = next(
        one for one in sections(text(kim, draft)) if 'name="valg.interventions-tried.0"' in text(kim, one)
    )  # fmt: skip
    given = as_shown(kim.get(address).content.decode())
    kim.post(address, {**given, "valg.interventions-tried.0": "brug-ikke", "kladde": ""})
    after = as_shown(kim.get(address).content.decode())
    assert given["interventions-tried.0.tried-what"] and after["interventions-tried.0.tried-what"] == ""
    kim.post(address, {**after, "valg.interventions-tried.0": "behold", "kladde": ""})
    back = as_shown(kim.get(address).content.decode())
    assert back["interventions-tried.0.tried-what"] == given["interventions-tried.0.tried-what"]


def test_errors_are_told_with_links_and_everything_typed_is_there(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    why = next(one for one in sections(text(maja, draft)) if one.endswith("/why/"))
    given = as_shown(maja.get(why).content.decode())
    page = unescape(maja.post(why, {**given, "worry-example": "  Hun gemmer sig 😅\n", "videre": ""}).content.decode())
    assert 'href="#id_reason"' in page and "Du mangler at svare" in page and "Det, du har skrevet, er gemt." in page
    assert "  Hun gemmer sig 😅\n</textarea>" in page and "<title>Fejl:" in page
    check = text(maja, f"{draft}tjek/")
    assert re.search(r'href="[^"]+/emne/why/#id_reason"', check)


def test_rows_are_added_and_removed_without_script(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    why = next(one for one in sections(text(maja, draft)) if one.endswith("/why/"))
    before = text(maja, why).count('name="fjern"')
    given = as_shown(maja.get(why).content.decode())
    back = maja.post(why, {**given, "reason": "Hun er træt", "flere": "hard-now"})
    assert back.status_code == 302 and back.headers["Location"].endswith("#id_hard-now")
    page = text(maja, why)
    assert page.count('name="fjern"') == before + 1 and "Hun er træt</textarea>" in page
    given = as_shown(maja.get(why).content.decode())
    maja.post(why, {**given, "fjern": f"hard-now.{before}"})
    assert text(maja, why).count('name="fjern"') == before


def test_two_who_fill_in_at_once_see_both(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    why = next(one for one in sections(text(maja, draft)) if one.endswith("/why/"))
    given = as_shown(maja.get(why).content.decode())
    first = {**given, "reason": "Den første", "worry-example": "Den førstes eksempel", "kladde": ""}
    assert maja.post(why, first).status_code == 302
    late = maja.post(why, {**given, "reason": "Den anden", "kladde": ""})
    page = unescape(late.content.decode())
    assert late.status_code == 422 and "Nogen har ændret det samme imens" in page
    assert "Den anden</textarea>" in page and "Den første</span>" in page
    # What the second has not touched is the first's, and is not undone by pressing again
    assert "Den førstes eksempel</textarea>" in page
    again = as_shown(late.content.decode())
    assert maja.post(why, {**again, "kladde": ""}).status_code == 302
    page = text(maja, why)
    assert "Den anden</textarea>" in page and "Den førstes eksempel</textarea>" in page


def test_a_parent_answers_a_form_of_their_own_and_a_stranger_finds_nothing(
    relative: Relative, as_person: SignIn, child: Find
) -> None:
    alma = child(ALMA)
    sara = relative(ALMA, "Sara Prøvegaard")
    assert "Skemaer" in text(sara, "/familie/")
    draft = begins(sara, "/familie/skemaer/", "sdq-parent-4-10")
    ident = draft.rstrip("/").rpartition("/")[2]
    assert "Ingen andre kan se den" in text(sara, draft)
    for who in ("laerer", "ppr-psykolog"):
        text(as_person(who), f"/barn/{alma}/skemaer/{ident}/", 404)
        assert ident not in text(as_person(who), f"/barn/{alma}/skemaer/")
    text(relative(ALMA, "child"), f"/familie/skemaer/{ident}/", 404)


def test_a_draft_leaves_no_trace_anywhere_else(as_person: SignIn, child: Find) -> None:
    alma, kim = child(ALMA), as_person("ppr-psykolog")
    pages = ("", "tidslinje/", "opgaver/", "skemaer/", "nyt/")
    forms = Entry.objects.filter(child_id=alma, what="form")
    there, before = forms.count(), [plain(kim.get(f"/barn/{alma}/{one}").content) for one in pages]
    begins(as_person("laerer"), f"/barn/{alma}/skemaer/", "ppr-referral-school")
    after = [plain(kim.get(f"/barn/{alma}/{one}").content) for one in pages]
    until = re.compile(r'name="til" value="[^"]+"')  # the moment of the page
    assert [until.sub("", one) for one in before] == [until.sub("", one) for one in after]
    assert forms.count() == there + 1


def test_what_does_not_exist_and_what_is_not_one_s_own_are_the_same(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    nothing = "0190aaaa-0000-7000-8000-000000000000"
    for address in (f"{nothing}/", f"{nothing}/tjek/", f"{nothing}/emne/why/", f"bilag/{nothing}"):
        text(maja, f"/barn/{alma}/skemaer/{address}", 404)
    assert maja.post(f"/barn/{alma}/skemaer/", {"skema": "findes-ikke"}).status_code == 404


def test_a_page_that_saves_by_itself_saves_as_the_button_does(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    barnet = sections(text(maja, draft))[0]
    given = as_shown(maja.get(barnet).content.decode()) | {"child-name": "Alma P.", "valg.child-cpr": "brug-ikke"}
    said = maja.post(barnet, given, headers={"X-Autosave": "1"}).json()
    assert said["told"].startswith("Kladden er gemt kl. ") and said["version"] == int(given["version"]) + 1
    assert said["fields"]["valg.child-name"] == ["ret"] and said["fields"]["child-name"] == ["Alma P."]
    assert said["fields"]["child-cpr"] == [""] and said["fields"]["valg.child-cpr"] == ["brug-ikke"]
    # The same again makes no new version, and the button afterwards finds itself no stranger
    same = {**given, **{name: one[0] for name, one in said["fields"].items()}}
    assert maja.post(barnet, same, headers={"X-Autosave": "1"}).json()["version"] == said["version"]
    assert maja.post(barnet, {**same, "kladde": ""}).status_code == 302


def test_two_tabs_keep_both_and_write_over_nothing(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    why = next(one for one in sections(text(maja, draft)) if one.endswith("/why/"))
    given = as_shown(maja.get(why).content.decode())
    first = maja.post(why, {**given, "reason": "Den første"}, headers={"X-Autosave": "1"})
    # The other tab began before, and has written elsewhere on the page: what it has not touched it does not undo
    other = maja.post(why, {**given, "worry-example": "Et eksempel"}, headers={"X-Autosave": "1"})
    assert first.status_code == other.status_code == 200
    page = text(maja, why)
    assert "Den første</textarea>" in page and "Et eksempel</textarea>" in page
    # Where both have written, nothing is kept and both are shown when somebody presses
    late = maja.post(why, {**given, "reason": "Den anden"}, headers={"X-Autosave": "1"})
    assert late.status_code == 409 and "står her endnu" in late.json()["told"]
    assert "Den første</textarea>" in text(maja, why)


def test_what_was_typed_when_the_session_was_lost_is_given_back(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    why = next(one for one in sections(text(maja, draft)) if one.endswith("/why/"))
    given = {**as_shown(maja.get(why).content.decode()), "reason": '<b>"Hun gemmer sig"</b>', "kladde": ""}
    lost = Client().post(why, given)
    page = lost.content.decode()
    assert lost.status_code == 401 and "Du er logget af" in page and "<b>" not in page
    assert lost.headers["Cache-Control"] == "no-store"
    back = {unescape(name): unescape(one) for name, one in re.findall(r'name="([^"]+)" value="([^"]*)"', page)}
    assert back["reason"] == given["reason"] and "csrfmiddlewaretoken" in back
    assert f'action="{why}"' in page and maja.post(why, {**given, **back, "her": given["her"]}).status_code == 302
    assert "Hun gemmer sig" in text(maja, why)
    # What another site made a browser send is not repeated
    assert Client(enforce_csrf_checks=True).post(why, given).status_code == 302


def test_a_page_shows_what_a_source_says_now_and_takes_it_when_somebody_says_so(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    draft = begins(kim, f"/barn/{alma}/skemaer/", "bup-referral-ppr")
    assert "Noget er ændret" not in text(kim, draft)
    address = next(one for one in sections(text(kim, draft)) if 'name="valg.parents-phone"' in text(kim, one))
    _new_number(alma, "Sara Prøvegaard", "00 00 00 41")
    assert "Noget er ændret" in text(kim, draft) and "Noget er ændret" in text(kim, f"{draft}tjek/")
    told = re.sub(r"<[^>]*>", "", text(kim, address))
    assert "Før: »00 00 00 11«" in told and "Nu: »00 00 00 41«" in told and "Behold det gamle" in told
    # Nothing is chosen for anybody; who presses without choosing is asked again
    shown = as_shown(kim.get(address).content.decode())
    at = next(n for n in (0, 1) if shown[f"custody-holders.{n}.holder-name"] == "Sara Prøvegaard")
    row, where = f"valg.custody-holders.{at}", f"custody-holders.{at}.holder-phone"
    assert row not in shown and f"valg.custody-holders.{1 - at}" in shown and shown[where] == "00 00 00 11"
    kim.post(address, {**shown, "kladde": ""})
    assert as_shown(kim.get(address).content.decode()) == {**shown, "version": shown["version"]}
    kim.post(address, {**shown, row: "nyt", "valg.parents-phone": "behold", "kladde": ""})
    after = as_shown(kim.get(address).content.decode())
    assert after[where] == "00 00 00 41" and after[row] == ["behold"]
    assert after["parents-phone"] == shown["parents-phone"] and "Brug det nye" not in text(kim, address)
    assert "Noget er ændret" not in text(kim, draft)


def _new_number(child_id: UUID, name: str, number: str) -> None:
    """Somebody in the book gets another telephone number."""
    row = Entry.objects.get(child_id=child_id, what="person", title=name)
    body = body_of(child_id, row.id)
    body["telecom"] = [{"system": "phone", "value": number}]
    role = next(one for one in people() if one.key == "ppr-psykolog").role_id
    by = scope_for(role, level=LoginLevel.SUBSTANTIAL)
    assert by
    with transaction.atomic():
        write(by, body)


def test_a_part_is_had_as_a_pdf_and_read_in_again(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    assert f'href="{draft}papir/sender/"' in text(maja, draft)
    had = maja.get(f"{draft}papir/sender/")
    assert had["Content-Type"] == "application/pdf" and had["Content-Disposition"].startswith("attachment")
    given = {"do": "indlaes", "del": "sender", "version": "1"}
    back = maja.post(draft, {**given, "pdf": SimpleUploadedFile("a.pdf", had.content)})
    assert back.status_code == 302 and back.headers["Location"] == f"{draft}tjek/"
    # Something else is refused, and says why
    page = maja.post(draft, {**given, "version": "1", "pdf": SimpleUploadedFile("a.pdf", b"%PDF-1.4 nej")})
    assert page.status_code == 422 and "PDF'en kan ikke læses" in unescape(page.content.decode())
    text(as_person("ppr-psykolog"), f"{draft}papir/sender/", 404)
    text(maja, f"{draft}papir/findes-ikke/", 404)


def test_a_file_that_was_the_wrong_one_can_be_taken_out_again(as_person: SignIn, child: Find) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    address = next(one for one in sections(text(maja, draft)) if 'type="file"' in text(maja, one))
    path = re.findall(r'type="file" id="[^"]+" name="([^"]+)"', text(maja, address))[0]
    assert 'name="uden"' not in text(maja, address)
    given = as_shown(maja.get(address).content.decode())
    maja.post(address, {**given, path: SimpleUploadedFile("a.pdf", pdf("x")), "kladde": ""})
    assert f'name="uden" value="{path}"' in text(maja, address)
    given = as_shown(maja.get(address).content.decode())
    back = maja.post(address, {**given, "uden": path})
    assert back.status_code == 302 and back.headers["Location"].startswith(address)
    assert 'name="uden"' not in text(maja, address) and "Hent filen" not in text(maja, address)


def test_the_same_form_in_danish_in_english_and_written_in_arabic(as_person: SignIn, child: Find) -> None:
    """open-forms#6320, structor#412: missing translations, and the wish for many languages. The frame is in the reader's
    language, the questions are in Danish alone and say so to a screen reader, and whatever somebody writes is kept
    letter by letter and reads in its own direction."""
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "ppr-referral-school")
    address = next(one for one in sections(text(maja, draft)) if "/why/" in one)
    danish = text(maja, address)
    said = "أمي تتكلم العربية في البيت"
    field = re.findall(r'<textarea[^>]*name="([^"]+)"', danish)[0]
    maja.post(address, as_shown(danish) | {field: said, "kladde": ""})
    maja.cookies["sprog"] = "en"
    english = text(maja, address)
    asked = re.findall(r'<label class="form-label" for="[^"]+" lang="da">([^<(]+)', english)
    assert asked and asked == re.findall(r'<label class="form-label" for="[^"]+" lang="da">([^<(]+)', danish)
    assert '<html lang="en"' in english and "Save draft" in english and "Gem kladde" not in english
    assert re.search(rf'<textarea [^>]*dir="auto"[^>]*name="{field}"[^>]*>\n{said}</textarea>', english)
    assert re.search(rf'dir="auto">{said}<', text(maja, f"{draft}tjek/"))


def test_a_family_is_told_when_a_form_is_not_in_its_language(
    relative: Relative, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a form is one that an instance has worded anew."""
    sara = relative(ALMA, "Sara Prøvegaard")
    draft = begins(sara, "/familie/skemaer/", "placement-parents")
    assert ">العربية</button>" in text(sara, draft) and "ikke oversat" not in text(sara, draft)
    monkeypatch.setattr(languages, "offered", lambda _form: {})
    page = text(sara, draft)
    assert "Skemaet er ikke oversat til" in page and 'lang="ar" dir="rtl">العربية</span>' in page
    assert "Bed om en tolk" in page and ">العربية</button>" not in page


def test_a_child_is_asked_who_may_read_its_own_form_and_told_what_an_adult_must_do(relative: Relative) -> None:
    noah = relative(NOAH, "child")
    draft = begins(noah, "/familie/skemaer/", "placement-child")
    page = text(noah, f"{draft}tjek/")
    assert "Hvem må læse det, du har skrevet?" in page and "Mine forældre kan ikke læse det her." in page
    assert "skal den voksne hjælpe dig" in page and "Dine forældre kan også læse det." not in page
    # Nothing is chosen for him, and without a choice nothing is sent
    assert "checked" not in page.partition('name="maa-laeses"')[2].partition("</fieldset>")[0]
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    back = noah.post(f"{draft}tjek/", {"version": version, "do": "send", "til": ""})
    assert back.status_code == 422 and "Vælg, hvem der må læse det, du har skrevet." in unescape(back.content.decode())


def test_whoever_writes_a_child_s_own_form_down_asks_it_who_may_read_it(as_person: SignIn, child: Find) -> None:
    """Form 16 is also for a child that can't log in yet (under eight), or would rather tell it."""
    kim = as_person("ppr-psykolog")
    draft = begins(kim, f"/barn/{child(ALMA)}/skemaer/", "placement-child")
    page = text(kim, f"{draft}tjek/")
    assert "Hvem må læse det, barnet har sagt? Spørg barnet." in page and "Hvad vil barnet ændre?" in page


def test_a_reason_is_asked_for_when_the_law_is_not_certain_and_not_before(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(**_: object) -> None:
        raise GroundNeeded("Loven er uklar her.")

    kim = as_person("ppr-psykolog")
    draft = begins(kim, f"/barn/{child(ALMA)}/skemaer/", "bup-referral-ppr")
    assert 'name="grund"' not in text(kim, f"{draft}tjek/")
    monkeypatch.setattr(filling.sending, "send", send)
    back = kim.post(f"{draft}tjek/", {"version": "1", "do": "send", "til": "", "grund": ""})
    page = unescape(back.content.decode())
    assert back.status_code == 422 and 'name="grund"' in page and "Skriv grunden, og send igen." in page


def test_whoever_notifies_of_what_the_family_may_not_know_yet_reads_that_before_it_is_sent(
    as_person: SignIn, child: Find
) -> None:
    maja, alma = as_person("laerer"), child(ALMA)
    draft = begins(maja, f"/barn/{alma}/skemaer/", "concern-professional")
    page = next(one for one in sections(text(maja, draft)) if 'name="concern-kinds"' in text(maja, one))
    for kind, held in (("care", False), ("honour", True)):
        given = as_shown(maja.get(page).content.decode()) | {"concern-kinds": [kind], "kladde": ""}
        assert maja.post(page, given).status_code in (302, 422)
        assert ("Familien kan ikke læse det, du har skrevet." in text(maja, f"{draft}tjek/")) is held


def test_nothing_is_begun_before_a_form_is_chosen(as_person: SignIn, child: Find) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/skemaer/"
    before = text(kim, address).count("bog-answer")
    page = kim.post(address, {"skema": ""})
    assert page.status_code == 422 and "Vælg et skema." in page.content.decode()
    assert text(kim, address).count("bog-answer") == before


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.stem)
def test_every_template_can_be_read(path: Path) -> None:
    """Also those that are shown to few and seldom."""
    assert get_template(str(path.relative_to(TEMPLATES)))


def test_a_worry_is_three_presses_away_for_those_who_are_to_notify(as_person: SignIn, child: Find) -> None:
    """The book, the link, and the button of the form that stands chosen."""
    for who, form in (("ppr-psykolog", "concern-professional"), ("laege", "concern-gp")):
        client, book = as_person(who), f"/barn/{child(ALMA)}/"
        link = f"{book}skemaer/?skema={form}"
        assert f'href="{link}#begynd"' in text(client, book), who
        assert re.search(rf'<option value="{form}"[^>]* selected>', text(client, link)), who
    assert "skemaer/?skema=" not in text(as_person("ppr-leder"), f"/barn/{child(ALMA)}/")  # writes nothing
