"""Order, pages, totals and what comes along, on both databases; and what nobody can make a search do."""

from math import isfinite
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barnetsbog.access.reading import open_book
from barnetsbog.exchange.fhir.asking import parse
from barnetsbog.fhir.definitions import parameters
from barnetsbog.record.scope import Scope
from barnetsbog.record.searching import running
from barnetsbog.record.searching.model import Ids, Level, Search, TooCostly
from tests.builders import Json, begin_with, bundle, care, observation, patient, role, send, unit
from tests.conftest import BOTH_DATABASES
from tests.samples import ALL

from .conftest import BASE, along, here, names, scope, search

pytestmark = [BOTH_DATABASES, pytest.mark.usefixtures("database")]

FAMILIES = ("Zeuthen", "Ærø", "Åkjær", "Alma", "Øst", "Aakjær", "Michaelsen", "Micsen", "Noel", "Noma", "André")


def person(number: int, family: str) -> list[Json]:
    name = [{"given": ["Bo"], "family": family}]
    about = patient(f"p{number}", number=f"07071799{number:02}", name=name, birthDate=f"2017-01-{number + 1:02}")
    return [about, care(f"c{number}", f"p{number}")]


@pytest.fixture(autouse=True)
def world(database: str) -> None:
    people = [one for number, family in enumerate(FAMILIES) for one in person(number, family)]
    notes = [observation(f"o{day}", "Patient/p0", effectiveDateTime=f"2026-11-{day:02}") for day in range(1, 10)]
    begin_with(bundle(unit(), *role(), *people, *notes))


def families(address: str) -> list[str]:
    return [FAMILIES[int(name[1:])] for name in names(search(scope("kim"), address))]


def test_names_are_sorted_in_danish() -> None:
    """æ, ø and å come last, and aa is å; but the a and e of Michael are no æ."""
    sorted_ = ["Alma", "André", "Michaelsen", "Micsen", "Noel", "Noma", "Zeuthen", "Ærø", "Øst"]
    found = families("Patient?_sort=family,-birthdate")
    assert found[:9] == sorted_ and found[9:] == ["Aakjær", "Åkjær"]  # the same name: the younger first
    assert families("Patient?_sort=-family,birthdate")[::-1] == [*sorted_, "Aakjær", "Åkjær"]


def pages(address: str, change: Any = None, kim: Scope | None = None) -> list[str]:
    kim, seen, after = kim or scope("kim"), list[str](), None
    while True:
        page = search(kim, address, after=after)
        seen += names(page)
        if (after := page.next) is None:
            return seen
        if change:
            change(len(seen))


@pytest.mark.parametrize(
    "sort",
    [
        "",
        "&_sort=date",
        "&_sort=-date",
        "&_sort=-_id",
        "&_sort=status,-date",
        "&_sort=value-quantity,-date",
        "&_sort=_lastUpdated",
    ],
)
def test_pages_put_together_are_the_whole(database: str, sort: str) -> None:
    kim = scope("kim")
    for address in (f"Observation?status=final{sort}", f"Observation?patient={here('p0')}{sort}"):
        whole = names(search(kim, address))
        assert len(whole) == 9, address
        for size in (1, 2, 4, 9) if ALL else (1, 9) if database == "sqlite" else (2, 4):
            assert pages(f"{address}&_count={size}", kim=kim) == whole, (address, size)


JUDGED = (
    "code:text=sad", "value-string:exact=Hun%20tegnede%20et%20hus.", "code:text=sad&date=ge2026-11-04",
    "combo-code-value-quantity=http://s|a$gt3,http://s|b$lt3", "subject:Patient.family:exact=Zeuthen", "performer:identifier=p1",
    "code:text=sad&_has:Provenance:target:_id=x", "patient._has:Observation:patient:code:text=sad",
)  # fmt: skip
"""What no search row answers, alone, with what one answers, and on the way through a chain."""


@pytest.mark.parametrize("sort", ["", "&_sort=-date", "&_sort=value-quantity,-date"])
@pytest.mark.parametrize("query", JUDGED)
def test_what_is_judged_on_resources_is_exact_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch, query: str, sort: str
) -> None:
    codes = ({"coding": [{"system": "http://s", "code": code}], "text": "Sad her"} for code in "ababab")
    amounts = (
        observation(f"q{at}", "Patient/p1", code=code, valueString=None, valueQuantity={"value": at})
        for at, code in enumerate(codes)
    )
    send(*({name: said for name, said in one.items() if said is not None} for one in amounts))
    kim, address = scope("kim"), f"Observation?{query}{sort}"
    whole = search(kim, address)
    expected = names(whole)
    assert whole.total == len(expected) and bool(expected) is ("_id=x" not in query and "p1" not in query)
    monkeypatch.setattr(running, "READ_AT_ONCE", 2)
    assert names(search(kim, address)) == expected
    for size in (1, 3):
        assert pages(f"{address}&_count={size}", kim=kim) == expected
        assert search(kim, f"{address}&_count={size}&_total=accurate").total == len(expected)
    assert search(kim, f"{address}&_count=0").total == len(expected)


def test_more_ids_than_a_statement_has_room_for(database: str) -> None:
    """A chain that ends in what must be judged becomes the ids of those that meet it. SQLite takes 250,000 parameters
    as Debian builds it, PostgreSQL 65,535."""
    asker, many = scope("kim"), 300_000 if database == "sqlite" else 70_000
    level = Level("Observation", (Ids(tuple(UUID(int=number) for number in range(many))),))
    with open_book(asker, "search") as book:
        assert book.search(Search(level)).total == 0


def test_what_is_written_meanwhile_repeats_and_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """New ones come before, between and after; one that has been shown changes, and one that has not."""
    expected = names(search(scope("kim"), "Observation?_sort=date"))
    monkeypatch.setattr("barnetsbog.intake.storing.now", lambda: scope("kim").at + 1)

    def write(shown: int) -> None:
        new = [
            observation(f"new{shown}-{day}", "Patient/p0", effectiveDateTime=f"2026-11-{day:02}") for day in (1, 5, 9)
        ]
        changed = [
            observation(f"o{day}", "Patient/p0", effectiveDateTime=f"2026-11-{day:02}", valueString=f"{shown}")
            for day in (1, 9)
        ]
        assert send(bundle(patient("p0"), *new, *changed)).stored >= 5

    assert pages("Observation?_sort=date&_count=2", write) == expected


@pytest.mark.parametrize("sort", ["onset-age", "-onset-age"])
def test_a_range_without_values_says_nothing_and_no_page_is_lost_after_it(sort: str) -> None:
    """As a page is told to another system: JSON knows no infinity."""
    about = {"subject": {"reference": "Patient/p0"}, "recorder": {"reference": "PractitionerRole/kim"}}
    unknown = {"low": {"unit": "år"}}
    ranges = {"a": {}, "b": {"onsetRange": unknown}, "c": {"onsetRange": unknown}, "d": {}, "e": {"onsetRange": {"high": {"value": 4}}}}  # fmt: skip
    report = send(bundle(*({"resourceType": "Condition", "id": one, **about, **more} for one, more in ranges.items())))
    assert report.stored == 5, report.refusals
    kim, seen, after = scope("kim"), list[str](), None
    while True:
        page = search(kim, f"Condition?_sort={sort}&_count=1", after=after)
        seen += names(page)
        if page.next is None:
            break
        assert all(isfinite(one) for one in page.next.values if isinstance(one, float)), page.next
        after = page.next
    assert seen[0] == "e" and sorted(seen) == list("abcde")


def test_totals() -> None:
    kim = scope("kim")
    for asked, total in (("", None), ("&_total=accurate", 9), ("&_total=estimate", 9), ("&_total=none", None)):
        page = search(kim, f"Observation?_count=4{asked}")
        assert page.total == total and page.next
        assert search(kim, f"Observation?_count=4{asked}", after=page.next).total == total
    assert search(kim, "Observation").total == 9
    counted = search(kim, "Observation?_count=0&date=ge2026-11-05")
    assert counted.total == 5 and not counted.hits and counted.next is None


def test_no_more_comes_along_than_a_page_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    kim, address = (
        scope("kim"),
        "Patient?_id=" + here("p0") + "&_revinclude=Observation:subject&_revinclude:iterate=Provenance:*",
    )
    assert len(along(search(kim, address))) == 9 and not search(kim, address).cut
    monkeypatch.setattr(running, "ALONG_AT_MOST", 4)
    assert len(along(search(kim, address))) == 4 and search(kim, address).cut


def test_what_would_have_to_read_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "READ_AT_MOST", 5)
    with pytest.raises(TooCostly) as refused:
        search(scope("kim"), "Observation?code:text=sad")
    assert refused.value.param == "code"
    assert search(scope("kim"), "Observation?code:text=sad&date=ge2026-11-05").total == 5


def test_a_search_is_one_query_however_many_children(django_assert_max_num_queries: Any) -> None:
    """One for the page, one for each step of what comes along, and what the book asks of the asker's rights."""
    found = parse(
        "Observation",
        [("patient.birthdate", "2017"), ("_include", "Observation:subject"), ("_sort", "-date")],
        base=BASE,
    )
    assert found.search
    with open_book(scope("kim"), "search") as book, django_assert_max_num_queries(4):
        assert len(book.search(found.search).hits) == 9


def test_long_texts_codes_and_addresses_are_kept_and_found(database: str) -> None:
    """An index of PostgreSQL holds no row of 2,700 bytes: a long note must not stop a delivery."""
    long = "æøå " * 3_000
    coding = {"system": "http://s/" + "s" * 3_000, "code": "k" * 3_000}
    by = [{"reference": "PractitionerRole/kim"}, {"reference": "https://x/" + "y" * 3_000}]
    report = send(
        bundle(
            patient("p0"), observation("long", "Patient/p0", valueString=long, code={"coding": [coding]}, performer=by)
        )
    )
    assert not report.refusals, report.refusals
    kim = scope("kim")
    for address in (
        "Observation?value-string=" + "æøå " * 1_000, "Observation?value-string:exact=" + long.replace(" ", "%20"), f"Observation?code={coding['code']}",
        f"Observation?code={coding['system']}|{coding['code']}", "Observation?performer=https://x/" + "y" * 3_000,
    ):  # fmt: skip
        assert names(search(kim, address)) == ["long"], address[:60]


_VALUES = st.text(alphabet="abcæøå%_'\"\\;()*?|$,.:/<>= -0123456789\U0001f600\u0301", min_size=1, max_size=25)


def test_no_value_breaks_the_database() -> None:
    asked = [
        (kind, one.name) for kind in ("Observation", "Patient", "Task", "Organization") for one in parameters(kind)
    ]

    @given(
        st.sampled_from(asked),
        st.sampled_from(["", ":not", ":exact", ":contains", ":text", ":below", ":above", ":identifier"]),
        _VALUES,
        st.sampled_from(["", "_id", "-family", "date"]),
    )
    @settings(max_examples=75, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(where: tuple[str, str], modifier: str, value: str, sort: str) -> None:
        kind, name = where
        found = parse(kind, [(name + modifier, value), *([("_sort", sort)] if sort else [])], base=BASE, strict=False)
        if found.search:
            with transaction.atomic(), open_book(scope("kim"), "search") as book:
                book.search(found.search)

    holds()


def test_as_much_as_may_be_asked_can_be_answered() -> None:
    """Five hundred values of each sort, chained and turned around: as deep as the expressions of a database may be."""
    kim = scope("kim")
    for name, value in (
        ("value-string", "ab{0}"), ("patient.name", "ab{0}"), ("date", "ge{0:04}"), ("value-quantity", "{0}||kg"), ("code", "s|{0}"), ("patient", "{0}"),
        ("_has:Provenance:target:recorded", "ge{0:04}"), ("patient.link:RelatedPerson.address", "ab{0}"), ("value-string:exact", "ab{0}"),
    ):  # fmt: skip
        some = ",".join(value.format(number) for number in range(1000, 1500))
        search(kim, f"Observation?{name}={some}")
        search(kim, f"Patient?_has:Observation:patient:{name}={some}")


def test_as_deep_as_may_be_asked_can_be_answered() -> None:
    kim = scope("kim")
    for address in (
        "Observation?has-member.has-member.has-member.has-member.patient.name=bo&patient.name=bo", "Task?part-of.part-of.part-of.part-of.owner:Organization.name=x,y,z",
        "Patient?" + "_has:Observation:patient:" + "_has:Observation:has-member:" * 3 + "_has:Provenance:target:recorded=ge2020,le2030",
        "Observation?" + "has-member._has:Observation:has-member:" * 2 + "value-string:exact=x", "Organization?partof.partof.partof.partof.partof.name:contains=x",
    ):  # fmt: skip
        assert search(kim, address).total == 0
        assert search(kim, address + "&_sort=-_lastUpdated,_id&_total=accurate").total == 0
