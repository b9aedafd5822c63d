"""Oversight of the log, and where everybody begins: the pages without a browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from barnetsbog.access.people import everybody_with_rights
from barnetsbog.audit import checkpoints, checks
from barnetsbog.audit.diagnosis import Damage, Kind
from barnetsbog.audit.models import Event
from barnetsbog.audit.operations import note
from barnetsbog.audit.sealing import seal
from barnetsbog.audit.verifying import verify
from barnetsbog.directory.queries import roles
from barnetsbog.intake.exporting import export_child
from barnetsbog.kernel.alphabet import alphabetical
from barnetsbog.login.model import Reason
from barnetsbog.record.instance import keep_log_check, log_check, now
from tests.integration.portal.conftest import ALMA, EMIL, FREJA, NOAH, text
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
Find = Callable[[str], UUID]
Relative = Callable[[str, str], Client]


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


def test_a_reason_is_told_in_words_and_what_was_written_with_it(as_person: SignIn) -> None:
    kim, client = as_person("ppr-psykolog"), as_person("dpo")
    for more in ("", "mor ringede"):
        kim.post("/find/", {"number": ALMA, "reason": "contact", "more": more})
    as_person("specialskole").post("/log-ind/", {"role": "ingen"})

    def search(**given: str) -> str:
        return client.post("/tilsyn/", given).content.decode().partition('id="fund"')[2]

    found = search(action="search")
    assert found.count("grund: Familien eller en fagperson har henvendt sig") == 2
    assert "har henvendt sig: mor ringede" in found and "grund: contact" not in found
    assert "ingen rolle" in search(action="login", outcome="no")
    client.post("/sprog/", {"language": "en", "next": "/"})
    assert "The family or a professional has been in touch: mor ringede" in search(action="search")
    assert "ingen rolle" not in search(action="login", outcome="no")


def test_the_code_of_a_log_in_that_failed_is_no_reason(as_person: SignIn) -> None:
    note("login", at=now(), by=None, allowed=False, reason=Reason.LEVEL, provider="mitid", why="low")
    found = as_person("dpo").post("/tilsyn/", {"action": "login", "outcome": "no"}).content.decode()
    assert "sikkerhedsniveauet er for lavt" in found and "fejlkode: low" in found and "grund: low" not in found


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


def test_whoever_runs_the_instance_is_nobodys_family(as_person: SignIn, child: Find) -> None:
    export_child(child(ALMA), account="drift")
    shown = text(as_person("dpo"), "/tilsyn/")
    assert "Driften af Barnets Bog" in shown and "En fra en familie" not in shown


def test_a_family_has_ties_with_its_own_book(relative: Relative, child: Find) -> None:
    from barnetsbog.access.overseeing import tied

    found = [one for one in everybody_with_rights() if one.child_id == child(EMIL)]
    assert tied({(one.person_id, one.child_id) for one in found}) == {(one.person_id, one.child_id) for one in found}


@pytest.mark.parametrize(
    ("who", "first", "entries"),
    [
        ("dpo", "/tilsyn/", ["Tilsyn", "Nødopslag"]), ("administrator", "/administration/", ["Administration"]), ("analytiker", "/tal/", ["Tal"]),
        ("ppr-leder", "/arbejdsliste/", ["Arbejdsliste", "Kalender", "Mødepakker", "Enheden", "Nødopslag"]), ("laerer", "/arbejdsliste/", ["Arbejdsliste", "Find barn", "Kalender", "Henvisninger", "Første besøg", "Print", "Mødepakker", "Fravær"]),
    ],
)  # fmt: skip
def test_everybody_lands_where_their_work_begins(as_person: SignIn, who: str, first: str, entries: list[str]) -> None:
    client = as_person(who)
    assert client.get("/").headers["Location"] == first
    html = client.get(first).content.decode()
    menu = html.partition('bog-nav"')[2].partition("</nav>")[0]
    assert re.findall(r">([^<]+)</a>", menu) == entries


def test_the_roles_are_shown_to_administrators_only(as_person: SignIn) -> None:
    said = text(as_person("administrator"), "/administration/")
    assert said.index("Ser højst") < said.index("PPR-psykolog") < said.index("Ser ingen bøger")
    assert "Databeskyttelsesrådgiver" in said.partition("Ser ingen bøger")[2] and said.count("Ser ingen bøger") == 1
    assert as_person("dpo").get("/administration/").status_code == 404


# -- what the log can prove --------------------------------------------------------------------------------------------


def test_the_overseer_is_told_whether_the_log_is_whole(as_person: SignIn) -> None:
    client = as_person("dpo")
    keep_log_check("")
    assert "Hele loggen er ikke efterprøvet endnu." in text(client, "/tilsyn/")
    seal(checkpoint=True)
    sound = verify(jobs=1)
    checks.keep(sound)
    shown = text(client, "/tilsyn/")
    assert "Alle linjer er, som de blev skrevet." in shown and "Loggen er måske ændret" not in shown
    checks.keep(replace(sound, damage=Damage(Kind.MISSING, 12)))
    shown = text(client, "/tilsyn/")
    assert 'role="alert"' in shown and "En linje er slettet. Den første forkerte er nummer 12." in shown
    keep_log_check(log_check().replace("missing", "changed"))
    assert "Resultatet af kontrollen er ændret, efter at det blev gemt." in text(client, "/tilsyn/")


def test_proofs_are_files_that_hold_what_they_say(as_person: SignIn, child: Find) -> None:
    as_person("ppr-psykolog").get(f"/barn/{child(ALMA)}/")
    seal(checkpoint=True)
    client = as_person("dpo")
    shown = text(client, "/tilsyn/kontrolpunkter/")
    size = re.search(r'/tilsyn/kontrolpunkter/(\d+)"', shown)
    assert size
    mark = client.get(f"/tilsyn/kontrolpunkter/{size[1]}")
    assert mark["Content-Disposition"] == f'attachment; filename="kontrolpunkt-{size[1]}.json"'
    assert mark.json()["format"] == "barnetsbog-audit-checkpoint/1" and mark.json()["size"] == int(size[1])
    grown = client.get(f"/tilsyn/kontrolpunkter/{size[1]}/bevis").json()
    assert grown["continues"]["root"] == mark.json()["root"]
    found = client.post("/tilsyn/", {"who": "Kim Demosen", "action": "overview"}).content.decode()
    line = re.search(r"/tilsyn/bevis/[0-9a-f-]{36}", found)
    assert line and client.get(line[0]).json()["format"] == "barnetsbog-audit-proof/1"
    told = [one.detail.get("what") for one in Event.objects.filter(action="log-read").order_by("-id")[:4]]
    assert told == ["proof", "search", "checkpoint-proof", "checkpoint"]


def test_proofs_are_for_overseers_and_only_of_what_there_is(as_person: SignIn) -> None:
    seal(checkpoint=True)
    mark = checkpoints.newest()
    event = Event.objects.order_by("id").first()
    assert mark and event
    there = [
        f"/tilsyn/kontrolpunkter/{mark[0].size}",
        f"/tilsyn/kontrolpunkter/{mark[0].size}/bevis",
        f"/tilsyn/bevis/{event.id}",
    ]
    teacher = as_person("laerer")
    absent = plain(teacher.get("/findes-ikke/").content)
    for address in ("/tilsyn/kontrolpunkter/", *there):
        answer = teacher.get(address)
        assert answer.status_code == 404 and plain(answer.content) == absent
    dpo = as_person("dpo")
    for address in ("/tilsyn/kontrolpunkter/1", "/tilsyn/kontrolpunkter/1/bevis", f"/tilsyn/bevis/{UUID(int=7)}"):
        assert dpo.get(address).status_code == 404
    assert dpo.get("/tilsyn/kontrolpunkter/?foer=vrøvl").status_code == 200
    assert "Ældre" not in text(dpo, "/tilsyn/kontrolpunkter/?foer=1")


def test_a_long_list_of_actions_is_in_the_order_of_the_alphabet(as_person: SignIn) -> None:
    page = text(as_person("dpo"), "/tilsyn/").partition('name="action"')[2].partition("</select>")[0]
    first, *named = re.findall(r">([^<>\n]+)</option>", page)
    assert first == "Alle handlinger" and len(named) > 100
    assert named == sorted(named, key=alphabetical)


def test_a_name_that_half_of_all_have_is_not_searched_for(as_person: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("barnetsbog.portal.professional.oversight.MOST_CALLED", 3)
    client = as_person("dpo")
    before = Event.objects.filter(action="log-read", detail__contains='"what":"search"').count()
    answer = client.post("/tilsyn/", {"who": "e"})
    assert answer.status_code == 422 and "Skriv mere af navnet." in answer.content.decode()
    assert Event.objects.filter(action="log-read", detail__contains='"what":"search"').count() == before


def test_what_the_administration_did_is_told_step_by_step(as_person: SignIn) -> None:
    for action, detail in (
        ("form-catalogue", {"step": "approve", "number": 5}), ("form-catalogue", {"step": "export", "form": "status-school"}),
        ("client", {"step": "disable", "of": "ppr-system"}),
    ):  # fmt: skip
        note(action, at=now(), by=None, **detail)
    client = as_person("dpo")
    found = client.post("/tilsyn/", {"action": "form-catalogue"}).content.decode()
    assert "godkendt nr. 5" in found and "hentet som fil status-school" in found
    assert "lukket ppr-system" in client.post("/tilsyn/", {"action": "client"}).content.decode()
