"""The pages of requests without a browser: nothing typed is lost, and what is not one's own is not there."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.delivery.worker import work_once
from barnetsbog.letters.sending import handlers
from barnetsbog.record.models import Entry
from tests.integration.portal.conftest import text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
AUGUST, MOTHER = "6505189921", "Julie Papirsø"
LOG = "/familie/hvem-har-set/"
OTHERS = ("ppr-psykolog", "bup-psykolog", "raadgiver", "laege", "ppr-leder", "dpo")


def asks(maja: Client, august: UUID, about: str = "Hvordan går det?") -> str:
    """The address of a new request of the father's."""
    address = f"/barn/{august}/anmodninger/ny/"
    page = text(maja, address)
    father = re.search(r'value="(RelatedPerson/[^"]+)"[^>]*>Nikolaj Ark', page)
    me = re.search(r'value="(PractitionerRole/[^"]+)"[^>]*>Mig selv', page)
    assert father and me
    told = {"asker": father[1], "to": me[1], "about": about, "received": "24.11.2026"}
    answer = maja.post(address, told)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"]).partition("?")[0]


def test_what_is_typed_is_kept_until_the_answer_is_whole_and_is_sent_as_it_is(as_person: SignIn, child: Find) -> None:
    maja, august = as_person("laerer"), child(AUGUST)
    address = asks(maja, august, "{{ hvordan }} går det <b>ham</b>?")
    typed = {
        "move": "decide",
        "version": "1",
        "answer": "partly",
        "told": '=HYPERLINK("x") {telefon}',
        "complaint": "Skriv.",
    }
    back = maja.post(address, typed)
    assert back.status_code == 422 and "=HYPERLINK(&quot;x&quot;) {telefon}" in back.content.decode()
    assert maja.post(address, {**typed, "reason": "Resten er andres."}).status_code == 302
    page = text(maja, address)
    assert "{{ hvordan }} går det &lt;b&gt;ham&lt;/b&gt;?" in page
    told = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in ("version", "letter", "approved")}
    assert maja.post(address, {"move": "send", **told}).status_code == 302
    letter = Entry.objects.using("demo").get(what="letter-draft", child_id=august, status="completed")
    waits = text(maja, f"/barn/{august}/breve/{letter.id}/")
    assert "Venter" in waits and "Træk tilbage" not in waits
    assert work_once(handlers()) == 1
    (copy,) = Entry.objects.filter(what="letter-copy", child_id=august)
    pdf = maja.get(f"/barn/{august}/breve/fil/{copy.id}/0")
    assert pdf["Content-Type"] == "application/pdf"


def test_nobody_else_finds_a_request_and_whoever_may_not_answer_has_no_such_page(
    as_person: SignIn, child: Find
) -> None:
    maja, august = as_person("laerer"), child(AUGUST)
    address = asks(maja, august)
    for other in OTHERS:
        client = as_person(other)
        assert client.get(address).status_code == 404, other
        assert (
            client.post(address, {"move": "decide", "version": "1", "answer": "given", "told": "x"}).status_code == 404
        )
    assert as_person("ppr-leder").get(f"/barn/{august}/anmodninger/").status_code == 404
    assert "Nikolaj" not in text(as_person("ppr-psykolog"), f"/barn/{august}/anmodninger/")


def test_a_parent_does_not_learn_from_the_log_that_the_other_has_asked(
    as_person: SignIn, child: Find, relative: Callable[[str, str], Client]
) -> None:
    maja, august = as_person("laerer"), child(AUGUST)
    address, mother = asks(maja, august), relative(AUGUST, MOTHER)
    assert "(2 gange)" in text(mother, LOG), "who has asked is chosen among those around the child"
    assert "Hvordan går det?" in text(maja, address)
    assert "(2 gange)" in text(mother, LOG)


def test_what_is_forged_or_wrong_is_told_and_stores_nothing(as_person: SignIn, child: Find) -> None:
    maja, august = as_person("laerer"), child(AUGUST)
    address, new = asks(maja, august), f"/barn/{august}/anmodninger/ny/"
    assert maja.post(new, {"asker": "RelatedPerson/x", "to": "PractitionerRole/x", "about": "a"}).status_code == 422
    answer = {"move": "decide", "version": "1", "answer": "given", "told": "x", "given": str(august)}
    for wrong in ({**answer}, {**answer, "answer": "måske"}, {**answer, "version": "x"}, {"move": "send"}, {}):
        assert maja.post(address, wrong).status_code == 422, wrong
    assert maja.get(f"/barn/{august}/anmodninger/{august}/").status_code == 404
    assert Entry.objects.get(what="record-request").version == 1


def test_the_letter_of_an_answer_is_not_written_anywhere_else(as_person: SignIn, child: Find) -> None:
    maja, august = as_person("laerer"), child(AUGUST)
    assert maja.get(f"/barn/{august}/breve/nyt/L30/").status_code == 404
    assert "Svar på dit spørgsmål om dit barn" not in text(maja, f"/barn/{august}/breve/nyt/")
    address = asks(maja, august)
    maja.post(address, {"move": "decide", "version": "1", "answer": "given", "told": "Han trives."})
    draft = Entry.objects.get(what="letter-draft", child_id=august).id
    there = maja.get(f"/barn/{august}/breve/{draft}/")
    assert there.status_code == 302 and there["Location"] == address
