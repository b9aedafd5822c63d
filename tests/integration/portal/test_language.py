"""On a page that is not in Danish, what stands in the book is marked as the Danish that it is: otherwise it is read aloud
with English sounds (WCAG 2.2, 3.1.2)."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext_lazy

from barnetsbog.directory.queries import units
from barnetsbog.kernel.sentences import say
from barnetsbog.portal.language import COOKIE
from barnetsbog.portal.templatetags.bog import spoken
from barnetsbog.record.models import Entry, Version
from tests.integration.portal.conftest import ALMA, NOAH
from tests.integration.portal.crawling import crawl
from tests.integration.portal.test_sent_twice import LIVA
from tests.samples import some

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SAID = ("text", "title", "description", "valueString", "contentString", "comment", "note", "patientInstruction")
NAMES = ("Patient", "RelatedPerson", "Practitioner", "PractitionerRole", "Organization", "Location", "CareTeam")
"""What is called by a name, which is the same in every language."""
_AROUND = " \n»«:.,–()"


class Spoken(HTMLParser):
    """The texts of a page that are read aloud, each with the language that it is marked with. What stands in a field is
    the reader's own to change, and a choice in a list can't be marked."""

    SILENT, VOID = {"script", "style", "title", "textarea", "option", "pre"}, {"input", "br", "hr", "meta", "link"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str, bool]] = [("", "", False)]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        _around, language, silent = self._open[-1]
        silent = silent or tag in self.SILENT or found.get("aria-hidden") == "true"
        if tag not in self.VOID:
            self._open.append((tag, found.get("lang") or language, silent))

    def handle_endtag(self, tag: str) -> None:
        while len(self._open) > 1 and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        _tag, language, silent = self._open[-1]
        if not silent and data.strip():
            self.texts.append((data.strip(_AROUND), language))


def _said(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            if name in SAID and isinstance(value, str):
                yield from value.split("\n")
            elif name not in ("name", "contained"):
                yield from _said(value)
    elif isinstance(body, list):
        for one in body:
            yield from _said(one)


def in_the_books() -> set[str]:
    """Every sentence and title of the demonstration, of three words or more."""
    named = Entry.objects.filter(kind__in=NAMES).values("id")
    names = {one.name for one in units().values()}
    found = [*Entry.objects.exclude(kind__in=NAMES).values_list("title", flat=True)]
    for body in Version.objects.exclude(entry_id__in=named).values_list("body", flat=True):
        found += _said(orjson.loads(bytes(body)))
    texts = {one.strip(_AROUND) for one in found}
    return {one for one in texts - names if one.count(" ") > 1 and not one[-1].isdecimal()}


VIEWERS: list[str | tuple[str, str]] = [
    "ppr-psykolog", (ALMA, "Sara Prøvegaard"), "raadgiver", (NOAH, "child"), "bup-visitator", "ppr-leder", "laerer",
    (ALMA, "child"), (LIVA, "Else Hjemmeby"),
]  # fmt: skip


@pytest.mark.parametrize("who", some(VIEWERS, 5), ids=str)
def test_what_stands_in_the_book_is_told_to_be_danish(
    who: str | tuple[str, str], as_person: Callable[[str], Client], relative: Callable[[str, str], Client]
) -> None:
    client = as_person(who) if isinstance(who, str) else relative(*who)
    client.cookies[COOKIE] = "en"
    texts, wrong, found = in_the_books(), dict[str, str](), 0
    for page in crawl(client, ("/",), most=60, alike=1):
        if page.text.startswith("<!doctype html>"):
            for said, language in Spoken(page.text).texts:
                if said in texts:
                    found += 1
                    if language != "da":
                        wrong.setdefault(said, page.address)
    assert found
    assert not wrong, "\n".join(f"{where}: {said[:70]}" for said, where in wrong.items())


def test_what_is_refused_to_somebody_of_the_family_is_said_in_their_language(
    relative: Callable[[str, str], Client],
) -> None:
    mother, carer = relative(ALMA, "Sara Prøvegaard"), relative(LIVA, "Else Hjemmeby")
    for client, page, typed, why in (
        (mother, "/familie/beskeder-om-nyt/", {"way": "mail", "address": "x", "since": "20", "until": "8"}, "Write a mail"),
        (relative(ALMA, "child"), "/familie/mine-ord/", {"words": " ", "room": "note"}, "Write something first."),
        (carer, "/familie/status/", {"home": " "}, "Write at least one thing"),
    ):  # fmt: skip
        client.cookies[COOKIE] = "en"
        answer = client.post(page, typed)
        assert answer.status_code == 422 and f'<span lang="en">{why}' in answer.content.decode(), page


def test_danish_in_a_page_from_right_to_left_runs_as_danish_does() -> None:
    said = "Vi ses kl. 9."
    for language, shown in (
        ("da", said),
        ("en", f'<span lang="da">{said}</span>'),
        ("ar", f'<span lang="da" dir="ltr">{said}</span>'),
    ):
        with translation.override(language):
            assert (
                spoken(said) == shown
                and spoken("") == ""
                and spoken(say("Ro", "Calm")) == ("Calm" if language == "en" else "Ro")
            )
            assert spoken(gettext_lazy("Fejl")) == gettext_lazy("Fejl")


def test_what_could_not_be_done_is_told_in_the_page_s_language_or_marked_as_danish(
    as_person: Callable[[str], Client], child: Callable[[str], Any]
) -> None:
    kim = as_person("ppr-psykolog")
    kim.cookies[COOKIE] = "en"
    ball = Entry.objects.filter(child_id=child(ALMA), what="task", open=True, offered_id=None)[0]
    answer = kim.post(f"/barn/{ball.child_id}/opgaver/{ball.id}/", {"move": "accept", "version": ball.version})
    assert '<span lang="da">Bolden er ikke tilbudt nogen lige nu.</span>' in answer.content.decode()
