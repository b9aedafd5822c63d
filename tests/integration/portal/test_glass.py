"""Opening without consent and the review of it: the pages without a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from barnetsbog.access.models import BreakGlass
from barnetsbog.access.people import everybody_with_rights
from barnetsbog.audit import queries as log
from barnetsbog.audit.model import Criteria
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import roles
from barnetsbog.kernel.cpr import DEMO_SYSTEM
from barnetsbog.record.models import Entry
from barnetsbog.record.shelves import class_of, shelf
from tests.builders import bundle, care, observation, patient, role, send, unit
from tests.integration.portal.conftest import ALMA, EMIL, FREJA, REASON, breaks, text
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Relative = Callable[[str, str], Client]
LOG = "/familie/hvem-har-set/"


def test_the_first_legitimate_use_needs_no_relation_at_all(as_person: SignIn, child: Find) -> None:
    client, emil = as_person("vagtlaege"), child(EMIL)
    assert client.get(f"/barn/{emil}/").status_code == 404
    answer = breaks(client, "710410-9909")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/barn/{emil}/")
    page = client.get(f"/barn/{emil}/")
    assert page.status_code == 200 and "Nødadgang til kl." in page.content.decode()
    for address in ("tidslinje/", "hvorfor/"):
        assert "Nødadgang til kl." in text(client, f"/barn/{emil}/{address}")
    assert "Nødadgang" not in text(client, "/arbejdsliste/") and "Emil" not in text(client, "/arbejdsliste/?fane=alle")
    assert client.get(f"/barn/{child(ALMA)}/").status_code == 404


def test_after_the_hour_everything_is_as_before(
    as_person: SignIn, child: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    from barnetsbog.record.instance import now

    client, emil = as_person("vagtlaege"), child(EMIL)
    breaks(client, EMIL)
    later = now() + 61 * 60 * 1_000_000
    for module in ("barnetsbog.access.scopes", "barnetsbog.portal.session"):
        monkeypatch.setattr(f"{module}.now", lambda: later)
    after, absent = client.get(f"/barn/{emil}/"), client.get(f"/barn/{uuid4()}/")
    assert after.status_code == 404 and plain(after.content) == plain(absent.content)


def test_another_role_in_the_same_unit_gets_nothing(as_person: SignIn, child: Find) -> None:
    breaks(as_person("vagtlaege"), EMIL)
    assert as_person("akut-leder").get(f"/barn/{child(EMIL)}/").status_code == 404
    assert as_person("vagtlaege").get(f"/barn/{child(EMIL)}/").status_code == 404  # in another session neither


@pytest.mark.parametrize("reason", ["", "Akut", "   kort    "])
def test_without_a_reason_nothing_opens_and_nothing_is_lost(as_person: SignIn, reason: str) -> None:
    client = as_person("vagtlaege")
    answer = breaks(client, "710410-9909", reason)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "710410-9909" in shown and "Der mangler noget" in shown
    assert not BreakGlass.objects.exists()


def test_a_wrong_number_is_not_found_and_logged_and_keeps_the_reason(as_person: SignIn) -> None:
    answer = breaks(as_person("vagtlaege"), "710410-9907")
    shown = answer.content.decode()
    assert answer.status_code == 404 and "Ikke fundet" in shown and REASON in shown
    event = Event.objects.order_by("-id").first()
    assert event and (event.action, event.allowed) == ("break-glass", False) and "9907" not in str(event.detail)


@pytest.mark.parametrize(
    "who", ["laerer", "ppr-psykolog", "raadgiver", "akut-leder", "dpo", "administrator", "bup-visitator"]
)
def test_a_role_that_may_not_gets_the_answer_of_what_does_not_exist(as_person: SignIn, who: str) -> None:
    client = as_person(who)
    nothing, before = "/findes-ikke/", Event.objects.count()
    absent = client.get(nothing), client.post(nothing, {"reason": REASON}), client.post(nothing)
    there = client.get("/nodadgang/"), breaks(client, EMIL), breaks(client, EMIL, "")
    for answer, other in zip(there, absent, strict=True):
        assert answer.status_code == 404 and plain(answer.content) == plain(other.content)
    assert Event.objects.count() == before + 2 and not BreakGlass.objects.exists()


def test_a_character_that_no_database_keeps_hides_no_attempt(as_person: SignIn) -> None:
    """PostgreSQL keeps no NUL: a try with one in it was an error and no line of the log."""
    assert breaks(as_person("laerer"), "710410\0-9909", "Bar\0e akut.").status_code == 404
    last = Event.objects.filter(action="break-glass").latest("at")
    assert (last.allowed, last.reason) == (False, "Bare akut.")


def test_an_address_stays_closed_unless_it_has_a_reason_of_its_own(as_person: SignIn, child: Find) -> None:
    freja = child(FREJA)
    places = list(
        Entry.objects.filter(child_id=freja, lane="family_dept", month__gt=0).values_list("id", flat=True)[:2]
    )
    Entry.objects.filter(child_id=freja, id__in=places).update(shelf=shelf("AK", "X"))
    talks = [one.id for one in Entry.objects.filter(child_id=freja, month__gt=0) if class_of(one.shelf) == "P"]
    assert places
    client = as_person("vagtlaege")
    refused = breaks(client, FREJA, address="1", address_reason="kort")
    assert refused.status_code == 422 and "mindst ti tegn" in refused.content.decode()
    breaks(client, FREJA)
    assert {client.get(f"/barn/{freja}/{one}/").status_code for one in places} == {404}
    breaks(client, FREJA, address="1", address_reason="Hun skal hentes i ambulance nu")
    assert {client.get(f"/barn/{freja}/{one}/").status_code for one in places} == {200}
    assert not [one for one in talks if client.get(f"/barn/{freja}/{one}/").status_code != 404]


def test_what_a_young_person_has_closed_opens_and_stands_in_their_own_log(as_person: SignIn) -> None:
    number = {"system": DEMO_SYSTEM, "value": "6101109906"}
    young = patient("noa", number=None, identifier=[number], birthDate="2010-01-01")
    block = {
        "resourceType": "Consent", "id": "block", "status": "active", "dateTime": "2026-01-02",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}], "patient": {"reference": "Patient/noa"},
        "policyRule": {"text": "spærring"}, "performer": [{"reference": "Patient/noa"}],
        "provision": {"type": "deny", "data": [{"meaning": "instance", "reference": {"reference": "Observation/o1"}}]},
    }  # fmt: skip
    report = send(bundle(
        young, unit("bup", "bup"), *role("Kaj", "bup", "bup_clinician"), care("c", "noa", "bup"),
        observation("o1", "Patient/noa", performer=[{"reference": "PractitionerRole/Kaj"}]), block,
    ))  # fmt: skip
    assert not report.refusals, report.refusals
    entry = Entry.objects.get(title__contains="Sad ved vinduet", kind="Observation", source="test")
    kaj = next(str(one.id) for one in roles().values() if one.name == "Kaj Demosen")
    client = Client()
    client.post("/log-ind/", {"role": kaj})
    address = f"/barn/{entry.child_id}/{entry.id}/"
    assert client.get(f"/barn/{entry.child_id}/").status_code == 200
    assert client.get(address).status_code == 404
    breaks(client, "610110-9906", "Noa har taget piller og kan ikke svare")
    assert client.get(address).status_code == 200
    person = next(p for p in everybody_with_rights() if p.child_id == entry.child_id)
    noa = Client()
    noa.post("/log-ind/", {"person": str(person.person_id), "child": str(person.child_id)})
    shown = text(noa, LOG)
    assert "Kaj Demosen" in shown and "Uden samtykke" in shown and "Noa har taget piller" in shown


@pytest.fixture
def spool() -> Iterator[Path]:
    path = Path(settings.DATA) / "audit-spool.jsonl"
    yield path
    path.unlink(missing_ok=True)


def test_when_the_log_is_down_an_emergency_reads_and_the_line_is_kept(
    as_person: SignIn, child: Find, spool: Path
) -> None:
    client, emil = as_person("vagtlaege"), child(EMIL)
    breaks(client, EMIL)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TRIGGER full_disk BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END")
    for page, action in (("", "overview"), ("kontakter/", "contacts"), ("plan/", "plan"), ("kalender/", "calendar")):
        assert client.get(f"/barn/{emil}/{page}").status_code == 200
        assert f'"{action}"' in spool.read_text()
    assert client.get("/arbejdsliste/").status_code == 503
    assert breaks(client, EMIL).status_code == 503


def test_the_family_is_told_at_once_or_when_it_was_reviewed(
    as_person: SignIn, relative: Relative, child: Find, settings: Any
) -> None:
    settings.BREAK_GLASS_NOTICE = "after-review"
    doctor, emil = as_person("vagtlaege"), child(EMIL)
    breaks(doctor, EMIL)
    for page in ("", "hvorfor/"):
        doctor.get(f"/barn/{emil}/{page}")
    assert "Vagn" not in text(relative(EMIL, "child"), LOG)
    look_up = BreakGlass.objects.get(child_id=emil)
    reviewed = {"look-up": str(look_up.id), "judgement": "justified"}
    assert as_person("akut-leder").post("/nodadgang/gennemsyn/", reviewed).status_code == 302
    shown = text(relative(EMIL, "child"), LOG)
    assert "Vagn Hastesen" in shown and "Vi har tjekket opslaget." in shown and "Grethe" not in shown


def test_every_look_up_waits_for_its_manager_who_judges_once(as_person: SignIn, child: Find) -> None:
    doctor, manager = as_person("vagtlaege"), as_person("akut-leder")
    breaks(doctor, EMIL)
    for page in ("", "plan/", "kontakter/", "skemaer/"):
        doctor.get(f"/barn/{child(EMIL)}/{page}")
    seen = {one.action for one in log.search(Criteria(break_glass=True), limit=25).rows}
    assert seen == {"break-glass", "overview", "plan", "contacts", "forms"}, "whoever oversees the log finds all of it"
    assert "Nødopslag til gennemsyn (1)" in text(manager, "/arbejdsliste/")
    shown = text(manager, "/nodadgang/gennemsyn/")
    assert REASON in shown and "<dd>EF</dd>" in shown and "4 opslag" in shown and "Fiktivsen" not in shown
    ident = str(BreakGlass.objects.get().id)
    wrong = {"look-up": ident, "judgement": "unjustified"}
    for given in ({"look-up": ident}, wrong | {"remark": " "}, wrong | {"remark": f"{'x ' * 250}slut"}):
        assert manager.post("/nodadgang/gennemsyn/", given).status_code == 422
    given = {"look-up": ident, "judgement": "unjustified", "remark": "Han var ikke syg"}
    assert manager.post("/nodadgang/gennemsyn/", given).status_code == 302
    assert BreakGlass.objects.get().justified is False
    assert manager.post("/nodadgang/gennemsyn/", given).status_code == 404
    assert "Nødopslag" not in text(manager, "/arbejdsliste/")


def test_a_manager_of_another_unit_and_those_who_review_nothing(as_person: SignIn) -> None:
    breaks(as_person("vagtlaege"), EMIL)
    given = {"look-up": str(BreakGlass.objects.get().id), "judgement": "justified"}
    other = as_person("ppr-leder")
    assert REASON not in text(other, "/nodadgang/gennemsyn/")
    assert other.post("/nodadgang/gennemsyn/", given).status_code == 404
    assert other.post("/nodadgang/gennemsyn/", given | {"look-up": "x"}).status_code == 404
    for who in ("vagtlaege", "laerer", "administrator"):
        client = as_person(who)
        assert (
            client.get("/nodadgang/gennemsyn/").status_code
            == client.post("/nodadgang/gennemsyn/", given).status_code
            == 404
        )
    assert REASON in text(as_person("dpo"), "/nodadgang/gennemsyn/")


def test_nobody_judges_their_own_look_up_in_any_role(as_person: SignIn) -> None:
    from barnetsbog.directory.models import Role

    breaks(as_person("vagtlaege"), EMIL)
    people = {one.name: one for one in roles().values()}
    doctor, manager = people["Vagn Hastesen"], people["Grethe Vagtplan"]
    Role.objects.filter(id=manager.id).update(professional_id=doctor.professional_id)
    client = Client()
    assert client.post("/log-ind/", {"role": str(manager.id)}).status_code == 302
    assert REASON not in text(client, "/nodadgang/gennemsyn/")


def test_a_person_number_in_a_reason_is_masked(as_person: SignIn) -> None:
    breaks(as_person("vagtlaege"), EMIL, "Hans bror 670517-9902 er også syg")
    assert "670517-9902" not in BreakGlass.objects.get().reason
