"""The same form comes twice: a double tap on a slow phone without JavaScript, or a browser that sends it again. It is
carried out once, and whoever sent it is told so where the first one led (ADR 43)."""

import re
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

import barnetsbog.portal
from barnetsbog.kernel.time import DAY
from barnetsbog.login import sending
from barnetsbog.login.clock import wall
from barnetsbog.login.models import SentForm
from barnetsbog.portal.once import AGAIN, KEY, _mark
from barnetsbog.publishing.models import RoutingDraft
from barnetsbog.record.models import Version
from tests.at_once import COMMITTED, at_once
from tests.integration.portal.conftest import ALMA, text
from tests.integration.portal.test_requests import AUGUST

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Relative = Callable[[str, str], Client]
Find = Callable[[str], UUID]
Given = dict[str, Any]
LIVA = "7901129906"
TEMPLATES = Path(barnetsbog.portal.__file__).parent / "templates/bog"

WITHOUT = {
    # looking, and what is only shown
    "find.html": 1, "oversight.html": 2, "joining/index.html": 1, "family/copies.html": 3, "catalogue/preview.html": 1,
    # logging in and out, the language, what was typed being sent on as it is
    "base.html": 2, "login.html": 3, "login_as.html": 1, "login/as_whom.html": 1, "login/elsewhere.html": 1,
    "login/kept.html": 1, "login/session.html": 1, "lost.html": 1, "apps/let_in.html": 1, "forms/languages.html": 1,
    # here or there, as often as one likes: the last press counts
    "calendar/appointment.html": 1, "family/appointments.html": 1, "family/closing_one.html": 1,
    "apps/clients.html": 2, "apps/apps.html": 1, "notices_stop.html": 1, "calendar/address.html": 1,
    "overview.html": 1, "news.html": 3,
    # the same for a notice that is read; and looking
    "work_list.html": 2,
    # opens what is not open yet, and nothing twice
    "readiness/visit.html": 1,
    # each opening of a book is looked at afterwards, and the browser must have its hour
    "glass.html": 1,
    # many children, each by itself; a mail server that nobody waits for with the database locked
    "team/colleague.html": 1, "letters/batch.html": 1, "letters/batch_look.html": 1, "family/notices.html": 1,
    # answers with what became of each appointment, which it knows again by its number
    "calendar/bring_in.html": 1,
    # saved again and again by itself, each answer in its place
    "forms/topic.html": 1,
    # upon what was seen of the administrators' draft, which may look the same again
    "catalogue/about.html": 1, "catalogue/answers.html": 1, "catalogue/cases.html": 1,
    "catalogue/common.html": 1, "catalogue/form.html": 1, "catalogue/import.html": 1, "catalogue/index.html": 1,
    "catalogue/outcome.html": 1, "catalogue/part_remove.html": 1,
    "catalogue/parts.html": 1, "catalogue/question.html": 1, "catalogue/section.html": 1, "catalogue/source.html": 1,
}  # fmt: skip
"""Every form without a key, and why."""


def test_every_form_has_a_key_or_a_reason_to_have_none() -> None:
    without = {}
    for page in sorted(TEMPLATES.rglob("*.html")):
        forms = re.findall(r'<form method="post".*?</form>', page.read_text(), re.S)
        if lacking := sum("{% once %}" not in one for one in forms):
            without[page.relative_to(TEMPLATES).as_posix()] = lacking
    assert without == WITHOUT


# -- each sort of what is written --------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A form: who sends it, about whom, where it is (`{}`: the child), what is typed, and what else is typed later."""

    who: str
    number: str
    address: str
    given: Given
    other: Given


def _case(who: str, number: str, address: str, given: Given, **other: str) -> Case:
    return Case(who, number, address, given, other)


_VISIT = {"title": "Samtale", "how": "aftal", "tid1-day": "15.12.2026", "tid1-start": "9", "tid1-end": "10"}
_ROWS = {f"aftale-{row}-who": "" for row in range(3)}
_LETTER = {"gjort": "Vi har talt.", "fandt": "Alma trives.", "plan": "Vi ses.", "enkelt": "Du får ro."}
_REFERRAL = {"title": "Uro i timerne", "suspicion": "adhd", "urgency": "routine", "reason": "Vi ser uro."}
CASES = [
    _case("ppr-psykolog", ALMA, "/barn/{}/opgaver/ny/", {"title": "Ring til skolen"}, title="Ring til far"),
    _case("raadgiver", LIVA, "/barn/{}/opgaver/frist/", {"since": "24.11.2026"}, since="23.11.2026"),
    _case("ppr-psykolog", ALMA, "/barn/{}/kontakter/ny/", {"name": "Rut Papkasse", "relation": "farmor"}, name="Åse"),
    _case("ppr-psykolog", ALMA, "/barn/{}/plan/barnets-maal/", {"words": "Jeg vil lege.", "shared": "ja"}, words="Ro"),
    _case("ppr-psykolog", ALMA, "/barn/{}/plan/barnets-syn/", {"words": "Den er lang.", "shared": "ja"}, words="Ro"),
    _case("ppr-psykolog", ALMA, "/barn/{}/plan/maal/", {"words": "Ro i timen"}, words="Ro i pausen"),
    _case("ppr-psykolog", ALMA, "/barn/{}/plan/indsats/", {"title": "Pauser"}, title="Korte pauser"),
    _case("ppr-psykolog", ALMA, "/barn/{}/plan/moede/", {"minutes": "Vi talte."} | _ROWS),
    _case("ppr-psykolog", ALMA, "/barn/{}/kalender/ny/", _VISIT, **{"tid1-day": "16.12.2026"}),
    _case("ppr-psykolog", ALMA, "/barn/{}/breve/nyt/L4/", _LETTER, plan="Vi ses snart."),
    _case("ppr-psykolog", ALMA, "/barn/{}/henvisninger/ny/?hvad=adhd&haster=routine", _REFERRAL, title="Uro"),
    _case("ppr-psykolog", ALMA, "/barn/{}/beskeder/ny/", {"text": "Vi ses på mandag."}, text="Vi ses på tirsdag."),
    _case("laerer", ALMA, "/barn/{}/skemaer/", {"skema": "ppr-referral-school"}),
    _case("laerer", AUGUST, "/barn/{}/anmodninger/ny/", {"about": "Hvordan går det?"}, about="Hvad står der?"),
    _case("raadgiver", LIVA, "/barn/{}/pleje/ny/hverdag/", {"title": "Sengetid", "text": "Kl. 20."}, title="Lektier"),
    _case("administrator", ALMA, "/administration/henvisningsregler/proever/", {"title": "Vores egen"}),
    _case("Sara Prøvegaard", ALMA, "/familie/beskeder/ny/", {"text": "Hej, vi er syge."}, text="Hej, vi er raske."),
    _case("child", ALMA, "/familie/mine-ord/", {"room": "wish", "words": "Jeg vil lege."}, words="Jeg vil ud."),
    _case("child", ALMA, "/familie/mine-maal/", {"om": "maal", "words": "Jeg vil lege."}, words="Jeg vil ud."),
    _case("child", ALMA, "/familie/mine-maal/", {"om": "syn", "words": "Den er fin."}, words="Den er lang."),
    _case("Else Hjemmeby", LIVA, "/familie/medicin/", {"what": "Panodil"}, what="Ipren"),
    _case("Else Hjemmeby", LIVA, "/familie/status/", {"contact": "Det gik fint."}, contact="Det gik godt."),
]  # fmt: skip


class _Forms(HTMLParser):
    """The forms of a page, each with what a browser would send if nobody typed anything; of a list the first choice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._select = self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name, value = found.get("name", ""), found.get("value", "")
        if tag == "form":
            self.forms.append({})
        elif tag == "select":
            self._select = name
            self.forms[-1][name] = ""
        elif tag == "option" and ("selected" in found or not self.forms[-1][self._select]):
            self.forms[-1][self._select] = value
        elif tag == "textarea":
            self.forms[-1][name], self._area = "", name
        elif tag == "input" and name and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.forms[-1][name] = [*self.forms[-1].get(name, []), value] if found.get("type") == "checkbox" else value
        elif tag == "input" and name:
            self.forms[-1].setdefault(name, [] if found.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data


def filled(client: Client, address: str, given: Given) -> Given:
    """What a browser would send of the form on a page that has all these fields, when they are typed."""
    page = client.get(address)
    assert page.status_code == 200
    forms = [one for one in _Forms(page.content.decode()).forms if given.keys() <= one.keys()]
    same = [one for one in forms if all(one[name] == given[name] for name in ("om", "room") if name in given)]
    return same[0] | given


def written() -> int:
    """Versions in the books, and what administrators have saved."""
    return Version.objects.count() + RoutingDraft.objects.count()


@pytest.mark.parametrize("case", CASES, ids=[f"{one.address} {one.given.get('om', '')}" for one in CASES])
def test_what_comes_twice_is_written_once_and_other_words_are_written_too(
    case: Case, as_person: SignIn, relative: Relative, child: Find
) -> None:
    family = case.address.startswith("/familie/")
    client = relative(case.number, case.who) if family else as_person(case.who)
    address = case.address.format(child(case.number))
    sent = filled(client, address, case.given)
    before = written()
    first = client.post(address, sent)
    assert first.status_code == 302, re.findall(r"alert-text.*|error-message.*", first.content.decode())
    after = written()
    again = client.post(address, sent)
    assert after > before and written() == after
    assert again.status_code == 302 and again["Location"].startswith(first["Location"])
    told = text(client, again["Location"])
    assert "tæller kun én gang" in told and "tæller kun én gang" not in text(client, first["Location"])
    if case.other:  # went back and wrote something else: it was meant
        meant = client.post(address, sent | case.other)
        assert meant.status_code == 302, re.findall(r"alert-text.*|error-message.*", meant.content.decode())
        assert AGAIN not in meant["Location"]
        assert written() > after
    assert client.post(address, filled(client, address, case.given)).status_code != 500  # a new page is new


# -- what a key is worth -----------------------------------------------------------------------------------------------


def _says(client: Client, address: str, said: str = "Vi ses på mandag.") -> Given:
    return filled(client, address, {"text": said})


def test_what_was_refused_can_be_sent_again_as_it_is(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/beskeder/ny/"
    sent = _says(kim, address, "")
    assert kim.post(address, sent).status_code == kim.post(address, sent).status_code == 422
    assert not SentForm.objects.exists()


def test_nobody_else_is_led_by_somebody_s_key(as_person: SignIn, child: Find) -> None:
    kim, maja, address = as_person("ppr-psykolog"), as_person("laerer"), f"/barn/{child(ALMA)}/beskeder/ny/"
    sent = _says(kim, address)
    hers = _says(maja, address) | {KEY: sent[KEY]}
    places = {one.post(address, form)["Location"] for one, form in ((kim, sent), (maja, hers))}
    assert len(places) == 2 and SentForm.objects.count() == 2


def test_it_is_known_again_after_a_new_log_in_and_forgotten_after_some_days(as_person: SignIn, child: Find) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/beskeder/ny/"
    sent = _says(kim, address)
    first = kim.post(address, sent)["Location"]
    assert as_person("ppr-psykolog").post(address, sent)["Location"] == f"{first}&{AGAIN}=1"
    SentForm.objects.update(sent_at=wall() - 2 * DAY)
    sending.forget_old()
    assert SentForm.objects.exists()
    SentForm.objects.update(sent_at=wall() - 4 * DAY)
    sending.forget_old()
    assert not SentForm.objects.exists()


def test_another_file_is_another_form(as_person: SignIn) -> None:
    scope, marks = as_person("laerer").get("/arbejdsliste/").wsgi_request.scope, set()
    for content in (b"%PDF-1.4 en", b"%PDF-1.4 to", b"%PDF-1.4 en"):
        given = {KEY: "k", "scan": SimpleUploadedFile("svar.pdf", content)}
        request = RequestFactory().post("/familie/skemaer/", given)
        request.scope = scope
        marks.add(_mark(request))
        assert request.FILES["scan"].read() == content  # the page reads it after us
    assert len(marks) == 2


def test_nothing_is_left_of_what_broke_half_way(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/beskeder/ny/"
    sent, before = _says(kim, address), Version.objects.count()

    def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError

    kim.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("barnetsbog.portal.dialogue.Talk._to", breaks)
        assert kim.post(address, sent).status_code == 500
    assert Version.objects.count() == before and not SentForm.objects.exists()
    assert kim.post(address, sent).status_code == 302 and Version.objects.count() > before


@pytest.mark.postgresql
@COMMITTED
def test_of_two_in_the_same_moment_one_is_carried_out() -> None:
    def comes(index: int) -> str:
        with sending.sending("m" * 64) as sent:
            if sent.led_to:
                return "led"
            sent.led_to = f"/{index}/"
            return "first"

    found = at_once(*(partial(comes, index) for index in range(4)))
    assert sorted(found) == ["first", "led", "led", "led"]
