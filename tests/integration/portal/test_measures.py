"""The page of a unit's numbers and its file: for the leader, and for nobody else."""

import csv
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from barnetsbog.audit.models import Event
from barnetsbog.measures.definitions import DEFINITIONS
from barnetsbog.measures.model import Cell, Mark, Measured, Row
from barnetsbog.portal.measure_words import sheet
from tests.integration.portal.conftest import ALMA, text
from tests.integration.portal.crawling import plain

pytestmark = pytest.mark.django_db(databases=["default", "demo"])

SignIn = Callable[[str], Client]
PAGE, FILE = "/enheden/tal/", "/enheden/tal/fil"


def rows(client: Client) -> list[list[str]]:
    answer = client.get(FILE)
    assert answer.status_code == 200
    content = answer.content.decode()
    assert content.startswith("\ufeff"), "without it a Danish spreadsheet does not know that it is UTF-8"
    return list(csv.reader(content.removeprefix("\ufeff").splitlines(), delimiter=";"))


def test_each_measure_says_what_it_counts(as_person: SignIn) -> None:
    told = text(as_person("ppr-leder"), PAGE)
    for one in DEFINITIONS:
        for words in (one.title, one.text, one.numerator, one.denominator, one.unit, one.caveat):
            assert words.replace("'", "&#x27;") in told, one.id
    assert told.count("<table") == len(DEFINITIONS) == 6
    assert told.count('<th scope="row">November 2026') == 6, "a row of each"


def test_nobody_is_named_and_no_child(as_person: SignIn) -> None:
    told = text(as_person("ppr-leder"), PAGE) + as_person("ppr-leder").get(FILE).content.decode()
    for name in ("Kim", "Bo Eksempelsen", "Alma", "Luna"):
        assert name not in told


def test_the_file_has_the_numbers_of_the_page_and_the_ids_of_the_definitions(as_person: SignIn) -> None:
    head, *months, total = rows(as_person("ppr-leder"))
    assert head == ["month", *(f"{one.id}.{column.id}" for one in DEFINITIONS for column in one.columns)]
    assert [one[0] for one in months] == [f"2026-{month:02}" for month in range(11, 0, -1)] + ["2025-12"]
    assert total[0] == "2025"
    told = text(as_person("ppr-leder"), PAGE)
    newest = dict(zip(head, months[0], strict=True))
    assert newest["load.cases"] == "10"
    assert newest["ball-less.matters"] == "færre end 5"
    assert newest["ball-less.days"] == "skjult"
    assert f"<td>{newest['load.cases']}</td>" in told
    assert f"<td>{newest['contacts.child-years']}</td>" in told


def test_few_are_few_in_english_too(as_person: SignIn) -> None:
    client = as_person("ppr-leder")
    client.post("/sprog/", {"language": "en", "next": PAGE})
    assert "fewer than 5" in text(client, PAGE)
    assert any("fewer than 5" in row for row in rows(client))


def test_the_file_has_a_neutral_name_and_is_logged_as_an_export(as_person: SignIn) -> None:
    before = set(Event.objects.filter(action="export").values_list("id", flat=True))
    answer = as_person("ppr-leder").get(FILE)
    assert answer["Content-Disposition"] == 'attachment; filename="tal.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    (line,) = Event.objects.filter(action="export").exclude(id__in=before)
    assert (line.allowed, line.child_id, line.detail["what"]) == (True, None, "measures")
    assert "children" not in line.detail, "numbers are about nobody"


@pytest.mark.parametrize("key", ["ppr-psykolog", "laege", "dpo", "administrator"])
@pytest.mark.parametrize("address", [PAGE, FILE])
def test_for_others_there_is_no_such_page(as_person: SignIn, key: str, address: str) -> None:
    client = as_person(key)
    found, nowhere = client.get(address), client.get("/enheden/findes-ikke/")
    assert (found.status_code, plain(found.content)) == (404, plain(nowhere.content))
    assert client.post(address).status_code in (404, 405)


def test_nor_for_the_family(relative: Callable[[str, str], Client]) -> None:
    client = relative(ALMA, "child")
    found, nowhere = client.get(PAGE), client.get("/enheden/findes-ikke/")
    assert (found.status_code, plain(found.content)) == (404, plain(nowhere.content))


def test_a_spreadsheet_takes_nothing_for_a_formula() -> None:
    hostile = replace(DEFINITIONS[0], id="=1+1", columns=DEFINITIONS[0].columns[:1])
    lines = sheet([Measured(hostile, (Row(202611, (Cell(Mark.SHOWN, -3),)),))]).removeprefix("\ufeff").splitlines()
    assert lines == ["month;'=1+1.balls", "2026-11;'-3"]


# -- across units ------------------------------------------------------------------------------------------------------

ACROSS = "/tal/"


def test_an_analyst_sees_each_unit_and_goes_on_to_its_months(as_person: SignIn) -> None:
    client = as_person("analytiker")
    assert client.get("/").headers["Location"] == ACROSS
    told = text(client, ACROSS)
    assert told.count("<table") == len(DEFINITIONS) and "I alt" not in told
    address = re.search(r'href="(/tal/[0-9a-f-]+/)#m-load">PPR', told)
    assert address, "PPR has numbers"
    assert text(client, address[1]).count("<table") == len(DEFINITIONS)


def test_an_analyst_reads_no_name_and_opens_no_book(as_person: SignIn) -> None:
    client = as_person("analytiker")
    told = text(client, ACROSS) + client.get(f"{ACROSS}fil").content.decode()
    for name in ("Kim", "Bo Eksempelsen", "Alma", "Luna", "BUP"):
        assert name not in told
    for page in (f"/barn/{ALMA}/", PAGE, FILE, f"{ACROSS}{ALMA}/"):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("who", ["ppr-psykolog", "ppr-leder", "dpo", "administrator"])
def test_the_numbers_across_units_are_nobody_else_s(as_person: SignIn, who: str) -> None:
    client = as_person(who)
    assert client.get(ACROSS).status_code == client.get(f"{ACROSS}fil").status_code == 404
    assert ACROSS not in text(client, "/om/")
