"""Who has seen, why not everything, breaking the glass, its review and its oversight: the pages without a browser."""

import re
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
from barnetsbog.audit.models import Event
from barnetsbog.directory.queries import roles, units
from barnetsbog.kernel.cpr import DEMO_SYSTEM
from barnetsbog.record.models import Entry
from barnetsbog.record.shelves import class_of, shelf
from tests.builders import bundle, care, observation, patient, role, send, unit
from tests.integration.portal.conftest import ALMA, NOAH

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]

EMIL, FREJA = "7104109909", "8209199904"
REASON = "Emil er bevidstløs efter et fald"
LOG = "/familie/hvem-har-set/"


@pytest.fixture
def relative(child: Find) -> Callable[[str, str], Client]:
    def sign_in(number: str, name: str) -> Client:
        client, mine = Client(), child(number)
        person = next(p for p in everybody_with_rights() if p.child_id == mine and name in (p.name, p.what))
        given = {"person": str(person.person_id), "child": str(mine)}
        assert client.post("/log-ind/", given).status_code == 302
        return client

    return sign_in


Relative = Callable[[str, str], Client]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    main: str = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return main


def plain(content: bytes) -> str:
    """Without what differs from page to page for everybody: the form token and the page's own address."""
    return re.sub(r'name="(?:csrfmiddlewaretoken|next)" value="[^"]*"', "", content.decode())


def breaks(client: Client, number: str, reason: str = REASON, **more: str) -> Any:
    return client.post("/nodadgang/", {"number": number, "reason": reason, **more})


# -- who has seen ------------------------------------------------------------------------------------------------------


def test_a_family_reads_who_opened_the_book_and_that_is_logged(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    for page in ("", "tidslinje/"):
        as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/{page}")
    mother = relative(ALMA, "Sara Prøvegaard")
    shown = text(mother, LOG)
    assert "Kim Demosen, psykolog" in shown and "PPR Eksempelby" in shown and "Så: overblik, tidslinje" in shown
    assert "PPR&#x27;s arbejde med barnet" in shown and "Et system" in shown
    event = Event.objects.order_by("-id").first()
    assert event and (event.action, event.allowed, event.child_id, event.role) == (
        "log-read",
        True,
        child(ALMA),
        "holder",
    )


def test_a_refusal_is_not_told(as_person: SignIn, relative: Relative, child: Find) -> None:
    assert as_person("specialskole").get(f"/barn/{child(ALMA)}/").status_code == 404
    assert "Henrik Tegneby" not in text(relative(ALMA, "Sara Prøvegaard"), LOG)


def test_no_parent_is_told_what_the_other_reads_and_the_child_is_told_of_both(relative: Relative) -> None:
    mother, father = relative(EMIL, "Lone Fiktivsen"), relative(EMIL, "Bjarne Fiktivsen")
    text(mother, "/familie/")
    assert "En, der har forældremyndighed" not in text(father, LOG)
    assert "En, der har forældremyndighed" in text(relative(EMIL, "child"), LOG)
    text(relative(EMIL, "child"), "/familie/")
    assert "Barnet selv" not in text(father, LOG)


def test_of_a_young_persons_health_the_parents_are_told_nothing(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    assert as_person("bup-overlaege").get(f"/barn/{child(EMIL)}/").status_code == 200
    assert "Niels Stuegang" in text(relative(EMIL, "child"), LOG)
    assert "BUP" not in text(relative(EMIL, "Lone Fiktivsen"), LOG)


def test_a_father_who_may_not_know_where_she_is_reads_no_place_and_no_name(
    as_person: SignIn, relative: Relative, child: Find
) -> None:
    for who in ("raadgiver", "laerer", "laege"):
        assert as_person(who).get(f"/barn/{child(FREJA)}/").status_code == 200
    breaks(as_person("vagtlaege"), FREJA, "Faldet ned fra et træ i Eksempelby")
    father = relative(FREJA, "Claus Sprogby")
    for address in (LOG, "/familie/hvorfor/"):
        shown = text(father, address)
        named = [one.name for one in (*units().values(), *roles().values()) if one.name and one.name in shown]
        assert named == [] and "træ" not in shown
    assert {"En kommune", "En skole eller et dagtilbud", "En læge", "Et hospital"} <= set(
        re.findall(r"<strong>([^<]*)", text(father, LOG))
    )
    assert "Prøvebakkeskolen" in text(relative(FREJA, "Katrine Testrup"), LOG)


def test_somebody_at_risk_goes_by_their_title(
    as_person: SignIn, relative: Relative, child: Find, settings: Any
) -> None:
    kim = next(str(one.id) for one in roles().values() if one.name == "Kim Demosen")
    as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/")
    settings.LOG_WITHOUT_NAMES = frozenset((kim,))
    shown = text(relative(ALMA, "Sara Prøvegaard"), LOG)
    assert "Kim Demosen" not in shown and "psykolog" in shown


def test_a_chosen_period_and_nonsense_in_the_address(relative: Relative) -> None:
    mother = relative(ALMA, "Sara Prøvegaard")
    for query in ("periode=30", "periode=x", "side=99", "side=-1", "side=x", "periode=alt&side=2"):
        assert mother.get(f"{LOG}?{query}").status_code == 200


def test_professionals_have_no_such_page(as_person: SignIn) -> None:
    kim = as_person("ppr-psykolog")
    absent = kim.get("/findes-ikke/")
    for address in (LOG, "/familie/hvorfor/"):
        answer = kim.get(address)
        assert answer.status_code == 404 and plain(answer.content) == plain(absent.content)
        assert Client().get(address).status_code == 302


def test_a_foster_carer_has_no_log(child: Find) -> None:
    from barnetsbog.access.scopes import scope_for_person
    from barnetsbog.record.scope import LoginLevel

    found = [
        one for one in everybody_with_rights()
        if (scope := scope_for_person(one.person_id, one.child_id, level=LoginLevel.SUBSTANTIAL)) and scope.role == "foster-carer"
    ]  # fmt: skip
    assert found
    client = Client()
    client.post("/log-ind/", {"person": str(found[0].person_id), "child": str(found[0].child_id)})
    assert client.get("/familie/").status_code == 200
    assert client.get(LOG).status_code == 404
    assert "Hvem har set" not in client.get("/familie/").content.decode()
    refused = Event.objects.filter(action="log-read").order_by("-id").first()
    assert refused and refused.allowed is False


# -- why ---------------------------------------------------------------------------------------------------------------


def test_why_is_the_same_whether_or_not_something_is_hidden(as_person: SignIn, child: Find) -> None:
    client, noah = as_person("ppr-psykolog"), child(NOAH)
    address = f"/barn/{noah}/hvorfor/"
    before = client.get(address)
    hidden = [one.id for one in Entry.objects.filter(child_id=noah) if class_of(one.shelf) in "PFH"]
    assert before.status_code == 200 and hidden
    Entry.objects.filter(child_id=noah, id__in=hidden).delete()
    after = client.get(address)
    assert plain(before.content) == plain(after.content)
    shown = text(client, address)
    assert "folkeskoleloven" in shown and "Du ser kun det, du har adgang til. Der kan være mere." in shown


def test_why_prints_no_paragraph_that_the_rule_has_not(as_person: SignIn, child: Find) -> None:
    shown = text(as_person("laerer"), f"/barn/{child(ALMA)}/hvorfor/")
    assert "<strong>folkeskoleloven</strong>" in shown and "folkeskoleloven §" not in shown


@pytest.mark.parametrize("who", ["specialskole", "dpo", "administrator", "vagtlaege"])
def test_why_of_a_child_one_may_not_know_is_not_found(as_person: SignIn, child: Find, who: str) -> None:
    client = as_person(who)
    hidden, absent = (client.get(f"/barn/{one}/hvorfor/") for one in (child(ALMA), uuid4()))
    assert hidden.status_code == absent.status_code == 404
    assert plain(hidden.content) == plain(absent.content)


# -- breaking the glass ------------------------------------------------------------------------------------------------


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
    absent = client.get("/findes-ikke/")
    before = Event.objects.count()
    for answer in (client.get("/nodadgang/"), breaks(client, EMIL), breaks(client, EMIL, "")):
        assert answer.status_code == 404 and plain(answer.content) == plain(absent.content)
    assert Event.objects.count() == before + 2 and not BreakGlass.objects.exists()


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
        "policyRule": {"text": "spærring"},
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
    assert client.get(f"/barn/{emil}/").status_code == 200
    assert spool.exists() and "overview" in spool.read_text()
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


# -- review ------------------------------------------------------------------------------------------------------------


def test_every_look_up_waits_for_its_manager_who_judges_once(as_person: SignIn, child: Find) -> None:
    doctor, manager = as_person("vagtlaege"), as_person("akut-leder")
    breaks(doctor, EMIL)
    doctor.get(f"/barn/{child(EMIL)}/")
    assert "Nødopslag til gennemsyn (1)" in text(manager, "/arbejdsliste/")
    shown = text(manager, "/nodadgang/gennemsyn/")
    assert REASON in shown and "<dd>EF</dd>" in shown and "1 opslag" in shown and "Fiktivsen" not in shown
    ident = str(BreakGlass.objects.get().id)
    for given in ({"look-up": ident}, {"look-up": ident, "judgement": "unjustified", "remark": " "}):
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


# -- oversight ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["laerer", "ppr-leder", "vagtlaege", "administrator"])
def test_the_log_is_for_its_overseers(as_person: SignIn, who: str) -> None:
    client = as_person(who)
    absent = client.get("/findes-ikke/")
    for answer in (client.get("/tilsyn/"), client.post("/tilsyn/", {"who": "Kim"})):
        assert answer.status_code == 404 and plain(answer.content) == plain(absent.content)


def test_an_overseer_opens_no_book_and_finds_no_child(as_person: SignIn, child: Find) -> None:
    client = as_person("dpo")
    for address in (f"/barn/{child(ALMA)}/", f"/barn/{child(ALMA)}/tidslinje/", "/find/"):
        assert client.get(address).status_code == 404
    assert "Alma" not in text(client, "/arbejdsliste/?fane=alle")


def test_a_childs_log_is_read_in_a_case_with_a_number(as_person: SignIn, child: Find) -> None:
    as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/")
    client = as_person("dpo")
    asked = {"number": "670517-9902"}
    refused = client.post("/tilsyn/", asked)
    assert refused.status_code == 422 and "Skriv sagsnummeret" in refused.content.decode()
    found = client.post("/tilsyn/", asked | {"case": "2026-114"})
    shown = found.content.decode()
    assert found.status_code == 200 and "Kim Demosen" in shown and "Prøvegaard" not in shown
    event = Event.objects.order_by("-id").first()
    assert event and (event.action, event.child_id, event.detail["case"]) == ("log-read", child(ALMA), "2026-114")
    assert "670517" not in str(event.detail)
    nobody = client.post("/tilsyn/", {"number": "670517-9904", "case": "2026-114"})
    assert nobody.status_code == 200 and "Ingen linjer passer" in nobody.content.decode()


def test_the_log_is_searched_by_name_action_outcome_and_page(as_person: SignIn, child: Find) -> None:
    kim, henrik = as_person("ppr-psykolog"), as_person("specialskole")
    for _ in range(30):
        kim.get(f"/barn/{child(ALMA)}/")
    henrik.get(f"/barn/{child(ALMA)}/")
    client = as_person("dpo")

    def search(**given: str) -> str:
        answer = client.post("/tilsyn/", given)
        assert answer.status_code == 200, given
        return answer.content.decode().partition('id="fund"')[2]

    assert "Henrik Tegneby" in search(outcome="no") and "Kim Demosen" not in search(outcome="no")
    first = search(who="kim demosen", action="overview")
    assert first.count("Kim Demosen") == 25 and "Ældre linjer" in first
    after = re.search(r'name="after" value="([^"]*)"', first)
    assert after and search(who="kim demosen", action="overview", after=after[1]).count("Kim Demosen") == 5
    assert "Ingen linjer passer" in search(who="Ingen Hedder")
    assert "Ingen linjer passer" in search(until="01.01.2020") and "Kim Demosen" in search(
        since="25.11.2026", after="x:y"
    )
    assert client.post("/tilsyn/", {"since": "i går"}).status_code == 422


def test_whoever_looked_where_they_had_no_business_is_found(as_person: SignIn, child: Find) -> None:
    snooper = as_person("specialskole")
    for number in (ALMA, NOAH, FREJA):
        assert snooper.get(f"/barn/{child(number)}/").status_code == 404
    as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/")
    shown = text(as_person("dpo"), "/tilsyn/")
    table = shown.partition('id="maerkeligt"')[2]
    assert "Henrik Tegneby" in table and "<strong>6</strong>" in table
    assert "Kim Demosen" not in table  # has written in her book


def test_the_same_surname_weighs_most(as_person: SignIn, child: Find) -> None:
    from barnetsbog.access.overseeing import same_surname, tied

    ida = next(one.id for one in roles().values() if one.name == "Ida Testrup")
    rikke = next(one.id for one in roles().values() if one.name == "Rikke Sagsby")
    pairs = {(ida, child(FREJA)), (rikke, child(FREJA)), (ida, child(ALMA))}
    assert same_surname(pairs) == {(ida, child(FREJA))}
    assert (rikke, child(FREJA)) in tied(pairs) and (ida, child(FREJA)) not in tied(pairs)
    assert tied(set()) == same_surname(set()) == set()


def test_a_family_has_ties_with_its_own_book(relative: Relative, child: Find) -> None:
    from barnetsbog.access.overseeing import tied

    found = [one for one in everybody_with_rights() if one.child_id == child(EMIL)]
    assert tied({(one.person_id, one.child_id) for one in found}) == {(one.person_id, one.child_id) for one in found}


# -- first pages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "first", "entries"),
    [
        ("dpo", "/tilsyn/", ["Tilsyn", "Nødopslag"]), ("administrator", "/administration/", ["Administration"]),
        ("ppr-leder", "/arbejdsliste/", ["Arbejdsliste", "Nødopslag"]), ("laerer", "/arbejdsliste/", ["Arbejdsliste", "Find barn"]),
    ],
)  # fmt: skip
def test_everybody_lands_where_their_work_begins(as_person: SignIn, who: str, first: str, entries: list[str]) -> None:
    client = as_person(who)
    assert client.get("/").headers["Location"] == first
    html = client.get(first).content.decode()
    menu = html.partition('class="bog-nav"')[2].partition("</nav>")[0]
    assert re.findall(r">([^<]+)</a>", menu) == entries


def test_the_roles_are_shown_to_administrators_only(as_person: SignIn) -> None:
    assert "Databeskyttelsesrådgiver" in text(as_person("administrator"), "/administration/")
    assert as_person("dpo").get("/administration/").status_code == 404
