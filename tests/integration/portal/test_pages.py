"""The pages without a browser: what they answer, to whom, and what stays in the log."""

import re
from collections.abc import Callable
from html import escape
from uuid import UUID, uuid4

import pytest
from django.test import Client

from barnetsbog.audit.models import Event
from barnetsbog.directory.models import Child
from barnetsbog.portal.demo_login import people
from barnetsbog.record.models import Entry, Grant
from barnetsbog.record.shelves import class_of
from tests.integration.portal.conftest import ALMA, FREJA, IDA, NOAH, text
from tests.integration.portal.crawling import plain
from tests.integration.portal.test_sent_twice import TEMPLATES

OLIVER = "9006169907"

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]

PAGES = (
    "/barn/{child}/",
    "/barn/{child}/tidslinje/",
    "/barn/{child}/tidslinje/?vis=uge",
    "/barn/{child}/tidslinje/?alle=1",
    "/barn/{child}/{entry}/",
)


def addresses(child: UUID) -> list[str]:
    entry = Entry.objects.filter(child_id=child, what="meeting", lane="school").values_list("id", flat=True).first()
    return [page.format(child=child, entry=entry) for page in PAGES]


@pytest.mark.parametrize("who", ["ppr-psykolog", "laerer", "bup-psykolog", "laege"])
def test_those_with_a_task_get_every_page(as_person: SignIn, child: Find, who: str) -> None:
    client, alma = as_person(who), child(ALMA)
    overview, listed = (client.get(f"/barn/{alma}/{page}") for page in ("", "tidslinje/?alle=1"))
    assert overview.status_code == listed.status_code == 200
    entries = set(re.findall(rf"/barn/{alma}/[0-9a-f-]{{36}}/", listed.content.decode()))
    assert entries
    for address in sorted(entries)[:10]:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["specialskole", "raadgiver", "sundhedsplejerske"])
def test_all_others_get_the_answer_of_what_does_not_exist(as_person: SignIn, child: Find, who: str) -> None:
    client = as_person(who)
    absent = client.get(f"/barn/{uuid4()}/")
    for address in addresses(child(ALMA)):
        hidden = client.get(address)
        assert hidden.status_code == absent.status_code == 404
        assert plain(hidden.content) == plain(absent.content)
        assert hidden.headers.keys() == absent.headers.keys()


def test_an_entry_of_one_child_is_not_found_under_another(as_person: SignIn, child: Find) -> None:
    client = as_person("raadgiver")
    entry = Entry.objects.filter(child_id=child(NOAH), what="letter").values_list("id", flat=True).first()
    assert client.get(f"/barn/{child(NOAH)}/{entry}/").status_code == 200
    client = as_person("ppr-psykolog")
    assert client.get(f"/barn/{child(ALMA)}/{entry}/").status_code == 404


def test_the_childs_confidential_talk_is_for_those_it_was_told_to(as_person: SignIn, child: Find) -> None:
    noah = child(NOAH)
    private = [entry for entry in Entry.objects.filter(child_id=noah) if class_of(entry.shelf) == "P"]
    told_to_caseworker = [entry for entry in private if "bibliotek" in entry.title]
    assert told_to_caseworker
    for entry in told_to_caseworker:
        assert as_person("raadgiver").get(f"/barn/{noah}/{entry.id}/").status_code == 200
        assert as_person("ppr-psykolog").get(f"/barn/{noah}/{entry.id}/").status_code == 404
    page = as_person("ppr-psykolog").get(f"/barn/{noah}/tidslinje/?alle=1").content.decode()
    assert not [entry.title for entry in private if entry.title in page]


def test_every_read_and_every_refusal_leaves_one_line(as_person: SignIn, child: Find) -> None:
    kim, henrik = as_person("ppr-psykolog"), as_person("specialskole")
    for client, allowed in ((kim, True), (henrik, False)):
        before = Event.objects.count()
        client.get(f"/barn/{child(ALMA)}/")
        assert Event.objects.count() == before + 1
        event = Event.objects.order_by("-id").first()
        assert event and (event.action, event.allowed, event.child_id) == ("overview", allowed, child(ALMA))


def test_logging_in_and_off_is_logged(as_person: SignIn) -> None:
    client = as_person("laege")
    client.post("/log-af/")
    assert list(Event.objects.filter(action__in=("login", "logout")).order_by("id").values_list("action", flat=True))[
        -2:
    ] == ["login", "logout"]
    assert client.get("/arbejdsliste/").status_code == 302


def test_a_right_that_ends_in_the_middle_of_a_session_ends_at_once(as_person: SignIn, child: Find) -> None:
    client = as_person("ppr-psykolog")
    address = f"/barn/{child(ALMA)}/"
    assert client.get(address).status_code == 200
    Grant.objects.filter(child_id=child(ALMA)).delete()
    assert client.get(address).status_code == 404
    assert b"Alma" not in client.get("/arbejdsliste/?fane=alle").content


def test_nobody_gets_anything_without_logging_in(client: Client, child: Find) -> None:
    for address in (*addresses(child(ALMA)), "/arbejdsliste/", "/find/"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/log-ind/")


def test_demonstration_log_ins_exist_in_a_demonstration_only(
    client: Client, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/log-ind/ppr-psykolog").status_code == 200
    monkeypatch.setattr("barnetsbog.portal.public.is_demo", lambda: False)
    assert client.get("/log-ind/ppr-psykolog").status_code == 404
    answer = client.post("/log-ind/", {"role": str(uuid4())})
    assert answer.status_code == 200 and "role" not in client.session


@pytest.mark.parametrize("role", ["", "x", "00000000-0000-7000-8000-000000000000"])
def test_a_log_in_as_nobody(client: Client, child: Find, role: str) -> None:
    assert client.post("/log-ind/", {"role": role}).status_code == 404


def test_person_pages_are_never_kept_and_run_no_foreign_script(as_person: SignIn, child: Find) -> None:
    answer = as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    html = answer.content.decode()
    assert " style=" not in html and "<script>" not in html and " onclick" not in html


def test_no_number_and_no_name_in_any_address(as_person: SignIn, child: Find) -> None:
    html = as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/").content.decode()
    html += as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/tidslinje/").content.decode()
    addresses = re.findall(r'(?:href|action)="([^"]*)"', html)
    assert addresses and not [one for one in addresses if "alma" in one.lower() or ALMA in one or "670517" in one]


@pytest.mark.parametrize(
    "query",
    [
        "vis=x",
        "til=x",
        "periode=2026-Q9",
        "spor=x",
        "slags=x",
        "af=x",
        "side=-1",
        "side=99999",
        "side=x",
        "til=9999",
        "periode=0001",
    ],
)
def test_nonsense_in_the_address_is_no_error(as_person: SignIn, child: Find, query: str) -> None:
    assert as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/tidslinje/?{query}").status_code == 200


def test_hostile_titles_are_text(as_person: SignIn, child: Find) -> None:
    Entry.objects.filter(child_id=child(ALMA), what="intervention").update(title="<script>alert(1)</script>{{ 7 }}")
    html = as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/tidslinje/").content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 }}" in html


def test_pages_are_light(as_person: SignIn, child: Find) -> None:
    import gzip
    from pathlib import Path

    from barnetsbog import portal

    static = Path(portal.__file__).parent / "static"
    parts = [static / "dkfds/css/dkfds.min.css", static / "bog/bog.css", static / "bog/bog.js"]
    assert sum(len(gzip.compress(part.read_bytes())) for part in parts) <= 51_000
    client = as_person("specialskole")
    for address in ("/arbejdsliste/", f"/barn/{child(IDA)}/", f"/barn/{child(IDA)}/tidslinje/"):
        assert len(gzip.compress(client.get(address).content)) <= 25_000, address


def test_the_catalogues_are_complete_and_compiled() -> None:
    import importlib.util

    from tests.conftest import ROOT

    spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
    assert spec and spec.loader
    messages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(messages)
    assert messages.texts("en") >= {"eller", "Se kilden"}  # inside an f-string; what a template's tag is given
    for language in ("en", "ar"):
        assert messages.missing(language) == []
        compiled = messages.compiled(messages.catalogue(language))
        same = messages.po(language).with_suffix(".mo").read_bytes() == compiled
        assert same, f"{language}: run tools/messages.py"  # to show how they differ takes minutes


def test_an_error_has_a_number_and_tells_no_secret(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person("ppr-psykolog")
    client.raise_request_exception = False

    def broken(*_: object) -> None:
        raise RuntimeError("Alma 670517-9902")

    monkeypatch.setattr("barnetsbog.overview.queries.overview", broken)
    answer = client.get(f"/barn/{child(ALMA)}/")
    assert answer.status_code == 500
    assert re.search(r"<strong>[0-9a-f]{8}</strong>", answer.content.decode())
    assert b"670517" not in answer.content


def test_what_is_for_one_of_a_family_only_goes_to_nobody_whom_the_page_has_chosen(
    as_person: SignIn, child: Find
) -> None:
    """The first of a list is not who was meant: a message that the other parent may not read, an answer to a request."""
    kim, alma = as_person("ppr-psykolog"), child(ALMA)
    for address, name, rest in (
        (f"/barn/{alma}/beskeder/ny/", "to", {"text": "Kun til dig."}),
        (f"/barn/{alma}/anmodninger/ny/", "asker", {"about": "Hele bogen", "received": "24.11.2026"}),
    ):
        page = text(kim, address)
        assert re.search(rf'<select[^>]* name="{name}"[^>]*><option value="" selected>Vælg</option>', page)
        before = Entry.objects.count()
        back = kim.post(address, {name: "", **rest})
        assert back.status_code == 422 and "Vælg, hvem der" in back.content.decode()
        assert all(value in back.content.decode() for value in rest.values())
        assert Entry.objects.count() == before


def test_a_new_task_is_its_writer_s_and_nobody_s_only_when_that_is_chosen(as_person: SignIn, child: Find) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/opgaver/ny/"
    (chosen,) = re.findall(r'<option value="([^"]*)" selected>([^<]*)', text(kim, address))
    assert chosen[0].startswith("PractitionerRole/") and chosen[1] == "Mig selv"
    back = kim.post(address, {"title": "", "to": ""}).content.decode()
    assert re.search(r'<option value="" selected>Ingen endnu', back)


def test_a_referral_is_offered_to_no_unit_where_nobody_helps_a_child(as_person: SignIn, child: Find) -> None:
    kim, address = as_person("ppr-psykolog"), f"/barn/{child(ALMA)}/henvisninger/ny/?hvad=adhd&haster=routine"
    page = text(kim, address)
    assert "Krisecentret Læ" in page and "Databeskyttelse" not in page
    kim.cookies["sprog"] = "en"  # and the rules speak English, as they do on their own page
    advice = text(kim, address).partition("Which door?")[2].partition("</section>")[0]
    assert "The right door" in advice and 'lang="da"' not in advice


def test_a_name_is_sought_in_the_work_list_and_stands_in_no_address(as_person: SignIn) -> None:
    kim = as_person("ppr-psykolog")
    for sought, there in (("alm prø", True), ("Prøvegaard Alma", True), ("<b>Emil", False)):
        answer = kim.post("/arbejdsliste/", {"navn": sought})
        page = answer.content.decode()
        assert answer.status_code == 200 and f'value="{escape(sought)}"' in page
        assert (">Alma Prøvegaard</a>" in page and "1 barn hedder det." in page) is there
        assert ("Ingen på listen hedder det." in page) is not there


def test_a_coordinator_sees_that_nobody_is_to_do_anything_for_a_child(as_person: SignIn, child: Find) -> None:
    Entry.objects.filter(child_id=child(ALMA), what="task").update(open=False)
    kim = as_person("ppr-psykolog")
    for tab, there in (("uden", True), ("alle", True), ("mine", False), ("venter", False), ("frister", False)):
        page = text(kim, f"/arbejdsliste/?fane={tab}")
        assert ("Ingen åben opgave (1)" in page and f"/barn/{child(ALMA)}/opgaver/" in page) is there, tab
        assert ">(2)</span>" in page  # Luna, whose ball nobody has, and Alma
    sought = kim.post("/arbejdsliste/", {"navn": "alma"}).content.decode()
    assert "1 barn hedder det." in sought and f"/barn/{child(ALMA)}/" in sought
    assert "Ingen åben opgave" not in text(as_person("laerer"), "/arbejdsliste/?fane=uden")


def test_a_child_whose_name_nobody_knows_has_pages_that_can_be_found(
    as_person: SignIn, child: Find, relative: Callable[[str, str], Client]
) -> None:
    alma = child(ALMA)
    Child.objects.filter(id=alma).update(given="", family="", called="", search_name="", born=None)
    kim = as_person("ppr-psykolog")
    assert ">Barn uden navn</a>" in text(kim, "/arbejdsliste/?fane=alle")
    for page in ("", "tidslinje/", "plan/", "kontakter/", "kalender/", "breve/", "skemaer/"):
        shown = text(kim, f"/barn/{alma}/{page}")
        heading = (
            '<bdi class="d-print-none">Barn uden navn</bdi><span class="bog-paper-only">Barn uden navn</span></h1>'
        )
        assert "<h1" not in shown or heading in " ".join(shown.split()), page
        assert "Kaldes" not in shown
    sara = relative(ALMA, "Sara Prøvegaard")
    assert "Barn uden navns bog" in text(sara, "/familie/")
    sara.cookies["sprog"] = kim.cookies["sprog"] = "en"
    assert "Unnamed child&#x27;s book" in text(sara, "/familie/")
    for client, page in (
        *((kim, f"/barn/{alma}/{page}") for page in ("", "plan/", "plan/moede/", "tidslinje/", "kontakter/")),
        *((kim, page) for page in ("/arbejdsliste/?fane=alle", "/arbejdsliste/?fane=frister", "/kalender/")),
        *((sara, f"/familie/{page}") for page in ("", "plan/", "hvem-har-set/", "hvem-hjaelper/", "kopi/", "bog/")),
    ):
        shown = text(client, page)
        assert "Unnamed child" in shown and "Barn uden navn" not in shown, page


def test_an_empty_list_says_what_will_come_there(
    as_person: SignIn, child: Find, relative: Callable[[str, str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("barnetsbog.letters.queries.written_to", lambda *_: [])
    doctor, claus = as_person("vagtlaege"), relative(FREJA, "Claus Sprogby")
    for client, page, said in (
        (doctor, "/enheden/afsluttede/", "Når en opgave med et barn er afsluttet, står den her"),
        (claus, "/familie/aftaler/", "Når et møde eller et besøg er aftalt, står det her."),
        (claus, "/familie/breve/", "Når nogen skriver et brev til dig, ligger det her."),
        (claus, "/familie/beskeder/", "Det, du skriver, og svarene på det kommer her."),
        (as_person("laerer"), f"/barn/{child(OLIVER)}/skemaer/", "Når et skema er begyndt"),
    ):
        assert said in text(client, page), page


_LINKED = re.compile(r'<li><a href="#([^"]+)">')
_CAN_BE_WENT_TO = r'<(?:input|select|textarea)[^>]* id="{0}"|id="{0}"[^>]* tabindex="-1"'


@pytest.mark.parametrize(
    ("who", "number", "address"),
    [
        ("ppr-psykolog", ALMA, address)
        for address in ("/find/", "/enheden/{role}/", "/barn/{child}/opgaver/ny/", "/barn/{child}/status/",
                        "/barn/{child}/flytning/", "/barn/{child}/samtykke/spoerg/", "/print/flere/L1/")
    ] + [("raadgiver", NOAH, "/barn/{child}/moedepakke/"), ("raadgiver", NOAH, "/barn/{child}/opgaver/frist/")],
)  # fmt: skip
def test_whoever_sends_a_form_empty_is_led_to_each_field_that_is_wrong(
    as_person: SignIn, child: Find, who: str, number: str, address: str
) -> None:
    client = as_person(who)
    role = next(one.role_id for one in people() if one.key == who)
    hidden = {"giv": "1", "move": "offer", "version": "1", "batch": str(uuid4())}
    answer = client.post(address.format(child=child(number), role=role), hidden)
    page = answer.content.decode()
    assert answer.status_code == 422 and "<title>Fejl: " in page.replace("\n", "")
    summary = page.partition('role="alert" tabindex="-1"')[2].partition("</ul>")[0]
    assert _LINKED.findall(summary)
    for field in _LINKED.findall(summary):
        assert re.search(_CAN_BE_WENT_TO.format(re.escape(field)), page), field


def test_every_error_is_told_with_its_field() -> None:
    """In the forms of the catalogue the span around it has the id."""
    for page in TEMPLATES.rglob("*.html"):
        if page.parent.name != "forms":
            text, name = page.read_text(), page.relative_to(TEMPLATES)
            assert '<span class="form-error-message">' not in text, name
            for start in re.findall(r'<fieldset class="form-group\{% if [^>]*>', text):
                assert "aria-describedby" in start, name
