"""The pages of letters without a browser: nothing typed is lost, and what is not one's own is not there."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.audit.models import Event
from barnetsbog.delivery.worker import work_once
from barnetsbog.letters.sending import handlers
from barnetsbog.record.models import Entry
from tests.integration.portal.conftest import ALMA, FREJA, IDA, NOAH, text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Relative = Callable[[str, str], Client]
FIELDS = {
    "gjort": "Vi har talt {{ med }} jer.", "fandt": '=HYPERLINK("x") #read("/etc/passwd")', "plan": "Et\nTo",
    "enkelt": "Du får ro.",
}  # fmt: skip


def receivers(page: str) -> dict[str, str]:
    """The fields of those who can be chosen, by name."""
    found = re.findall(r'<label class="form-label" for="id_(til-[0-9a-f-]+)">([^<]+)</label>', page)
    return {name: field for field, name in found}


def written(kim: Client, alma: UUID, *names: str, way: str = "in-app", **more: str) -> str:
    """The address of a new draft."""
    address = f"/barn/{alma}/breve/nyt/L4/"
    known = receivers(text(kim, address))
    answer = kim.post(address, {**FIELDS, **more, **{known[name]: way for name in names}})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).partition("?")[0]


def sends(kim: Client, address: str) -> Any:
    page = text(kim, address)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    approved = re.findall(r'name="approved" value="([^"]+)"', page)
    return kim.post(address, {"move": "send", "version": version[1], "approved": approved})


def test_a_sign_that_no_text_can_keep_is_said_of_its_field(as_person: SignIn, child: Find) -> None:
    """A soft line break of an office program, as it is pasted. It was found out when the letter was sent."""
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/breve/nyt/L4/"
    answer = kim.post(address, {**FIELDS, "plan": "Et\x0bTo"})
    wrong = answer.content.decode().partition('id="id_plan"')[0].rpartition("form-group")[2]
    assert answer.status_code == 422 and "Der er et tegn i teksten, som ikke kan gemmes" in wrong


def test_why_somebody_gets_no_letter_and_what_deadlines_are_called_stands_in_the_reader_s_language(
    as_person: SignIn, child: Find
) -> None:
    kim, rikke, noah = as_person("ppr-psykolog"), as_person("raadgiver"), child(NOAH)
    danish, english = "Børn under 15 år har ikke Digital Post.", "Children under 15 have no Digital Post."
    for language, here, other in (("da", danish, english), ("en", english, danish)):
        kim.cookies["sprog"] = rikke.cookies["sprog"] = language
        page = text(kim, f"/barn/{child(ALMA)}/breve/nyt/L4/")
        assert here in page and other not in page
        start = text(rikke, f"/barn/{noah}/opgaver/frist/")
        assert ("Gør den børnefaglige undersøgelse færdig" in start) is (language == "da")
        assert ("Finish the child protection assessment" in start) is (language == "en")


def test_the_letters_that_others_usually_send_come_last(as_person: SignIn, child: Find) -> None:
    page = text(as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/breve/nyt/")
    mine, _, others = page.partition("Breve, som andre plejer at sende")
    assert "Tilbagemelding fra PPR" in mine and "Indkaldelse til netværksmøde" in mine and "Epikrise" not in mine
    assert "Epikrise" in others and "Tilbagemelding fra PPR" not in others


def test_what_is_typed_is_shown_as_it_is_and_sent_as_it_is(as_person: SignIn, child: Find, relative: Relative) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    address = written(kim, alma, "Sara Prøvegaard")
    page = text(kim, address)
    assert "Vi har talt {{ med }} jer." in page and "=HYPERLINK(&quot;x&quot;) #read(&quot;/etc/passwd&quot;)" in page
    assert sends(kim, address).status_code == 302
    work_once(handlers())
    sara = relative(ALMA, "Sara Prøvegaard")
    (letter,) = re.findall(r'href="(/familie/breve/[0-9a-f-]+/)"', text(sara, "/familie/breve/"))
    assert "=HYPERLINK(&quot;x&quot;)" in text(sara, letter)
    pdf = sara.get(f"{letter}0")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Disposition"] == 'attachment; filename="brev.pdf"'
    assert sara.get(f"{letter}1").status_code == 404
    assert "læst" in text(kim, address)


def test_a_draft_that_nobody_is_to_get_says_what_is_lacking_to_see_it(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    told = "Vælg, hvem der skal have det. Så kan I se, hvad de hver især får."
    assert told in text(kim, written(kim, alma))
    assert told not in text(kim, written(kim, alma, "Sara Prøvegaard"))


def test_a_draft_is_seen_as_a_pdf_is_kept_by_nobody_and_each_look_is_in_the_log(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    address = written(kim, alma, "Sara Prøvegaard")
    (link,) = re.findall(r'href="([^"]+/pdf/[0-9a-f-]+)"', text(kim, address))
    pdf = kim.get(link)
    assert pdf.content.startswith(b"%PDF-") and pdf["Content-Disposition"] == 'attachment; filename="brev.pdf"'
    assert pdf["Cache-Control"] == "no-store"
    assert Event.objects.filter(action="letter-preview", allowed=True, child_id=alma).count() == 1
    for other in ("laerer", "raadgiver", "ppr-leder"):
        assert as_person(other).get(link).status_code == 404


def test_nobody_else_finds_a_draft_a_copy_or_its_file(as_person: SignIn, child: Find, relative: Relative) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    draft = written(kim, alma, "Sara Prøvegaard")
    assert sends(kim, draft).status_code == 302
    work_once(handlers())
    copy = Entry.objects.get(what="letter-copy").id
    for other in ("laerer", "raadgiver", "bup-psykolog", "ppr-leder"):
        client = as_person(other)
        for address in (f"/barn/{alma}/breve/til-os/{copy}/", f"/barn/{alma}/breve/fil/{copy}/0"):
            assert client.get(address).status_code == 404, (other, address)
    assert as_person("laerer").get(draft).status_code == 404
    jonas = relative(ALMA, "Jonas Demodal")
    for address in (f"/familie/breve/{copy}/", f"/familie/breve/{copy}/0"):
        assert jonas.get(address).status_code == 404
    assert str(copy) not in text(jonas, "/familie/breve/")


def test_a_letter_that_came_from_elsewhere_is_among_its_receiver_s_letters(relative: Relative) -> None:
    """With whoever sent it; for nobody that it was not to."""
    title = "BUP bekræftede, at henvisningen er modtaget"
    for name in ("Sara Prøvegaard", "Jonas Demodal"):
        client = relative(ALMA, name)
        page = text(client, "/familie/breve/")
        assert title in page and "af Jytte Kølin, BUP Nord Visitation" in page and "Du har ingen breve." not in page
        (address,) = re.findall(rf'href="(/familie/bog/[^"]+)"[^>]*>{title}', page)
        assert "Henvisningen er hel." in text(client, address)
    assert "Du har ingen breve." in text(relative(ALMA, "child"), "/familie/breve/")


def test_the_family_reads_who_wrote_what_and_never_who_notified(relative: Relative) -> None:
    client = relative(NOAH, "Maria Eksempelsen")
    pages = [text(client, f"/familie/bog/?side={one}") for one in (1, 2, 3)]
    wrote = dict(re.findall(r'<h2 class="h5">([^<]+)</h2><p class="bog-quiet">([^<]+)</p>', "".join(pages)))
    assert wrote["Statusmøde med mor før jul"] == "Aftale · 08.12.2026 kl. 13.00 · Rikke Sagsby"
    notified = [line for line in wrote.values() if line.startswith("Underretning")]
    assert notified and not any(line.count("·") > 1 for line in notified)


def test_two_who_change_it_at_once_and_one_who_sends_what_was_changed(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    address = written(kim, alma, "Sara Prøvegaard")
    sara = receivers(text(kim, address))["Sara Prøvegaard"]
    old = {**FIELDS, "version": "1", sara: "in-app"}
    assert kim.post(address, {**old, "fandt": "Noget nyt."}).status_code == 302
    back = kim.post(address, {**old, "fandt": "Noget andet."})
    assert back.status_code == 422 and "Noget andet." in back.content.decode()
    wrong = kim.post(address, {"move": "send", "version": "2", "approved": ["RelatedPerson/x=0"]})
    assert wrong.status_code == 422 and "Se det igennem igen" in wrong.content.decode()
    assert not Entry.objects.filter(what="letter", title="Tilbagemelding fra PPR").exists()


def test_an_open_letter_is_given_up_and_is_not_sent(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    address = written(kim, alma, "Sara Prøvegaard")
    assert kim.post(address, {"move": "drop", "version": "1"}).status_code == 302
    assert "Opgivet" in text(kim, address)
    assert kim.post(address, {"move": "send", "version": "2", "approved": []}).status_code == 422


def test_what_is_no_letter_is_not_there(as_person: SignIn, child: Find) -> None:
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    for address in ("nyt/L99/", "nyt/..%2F/", f"{alma}/", f"til-os/{alma}/", f"fil/{alma}/0"):
        assert kim.get(f"/barn/{alma}/breve/{address}").status_code == 404, address
    assert kim.post(f"/barn/{alma}/breve/postet/{alma}").status_code == 404
    assert as_person("ppr-leder").get("/print/").status_code == 404


def test_freja_s_father_is_named_with_why_he_gets_none_and_no_place_is_told(as_person: SignIn, child: Find) -> None:
    page = text(as_person("raadgiver"), f"/barn/{child(FREJA)}/breve/nyt/L7/")
    assert "Barnets adresse er beskyttet, og barnet bor ikke hos modtageren." in page
    assert len(receivers(page)) >= 1


def test_a_letter_that_came_from_the_unit_s_own_system_stands_there_with_its_writer(
    as_person: SignIn, child: Find
) -> None:
    page = text(as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/breve/")
    assert "om det halve år med frøen" in page and "Tove Stavelse" in page
    assert "I har ikke skrevet breve om barnet her." in page


def test_many_letters_are_read_page_by_page(relative: Relative, monkeypatch: pytest.MonkeyPatch) -> None:
    sara = relative(ALMA, "Sara Prøvegaard")
    every = re.findall(r'class="bog-tall" href="([^"]+)"', text(sara, "/familie/breve/"))
    monkeypatch.setattr("barnetsbog.portal.family.letters.A_PAGE", 1)
    read = [
        re.findall(r'class="bog-tall" href="([^"]+)"', text(sara, f"/familie/breve/?side={number}"))
        for number in range(1, len(every) + 1)
    ]
    assert read == [[one] for one in every] and len(every) > 1
    assert text(sara, "/familie/breve/?side=99").count('class="bog-tall"') == 1


def test_many_letters_of_a_child_are_read_page_by_page(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(IDA)}/breve/"

    def read(page: str) -> list[str]:
        return re.findall(r'<li><a href="(/barn/[^/]+/[0-9a-f-]{36}/)"', page)

    every = read(text(kim, address))
    assert len(every) > 1 and "?side=" not in text(kim, address)
    monkeypatch.setattr("barnetsbog.portal.professional.letters.A_PAGE", 1)
    pages = [text(kim, f"{address}?side={number}") for number in range(1, len(every) + 1)]
    assert [read(page) for page in pages] == [[one] for one in every]
    assert all("I har ikke skrevet breve" in page for page in pages)
