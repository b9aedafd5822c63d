"""Somebody's own calendar address: a secret, neutral, as much as their rights are now, and gone without a trace."""

import logging
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from icalendar import Calendar as Read

from barnetsbog.access.reading import open_book
from barnetsbog.audit.in_vain import InVain
from barnetsbog.audit.models import Event as Line
from barnetsbog.calendar import feeds, operations, queries, rules
from barnetsbog.calendar.model import Answer, Slot
from barnetsbog.calendar.models import Feed
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.kernel.time import DAY
from barnetsbog.portal.server_log import WithoutSecrets
from barnetsbog.record.scope import Scope
from tests.builders import Json, care, patient, role, send
from tests.conftest import BOTH_DATABASES

from .conftest import HOUR, Calendar, later, parent

pytestmark = BOTH_DATABASES

PROTECTED = {"url": "https://barnetsbog.example/fhir/StructureDefinition/protected-address", "valueBoolean": True}


@pytest.fixture(autouse=True)
def _same_clock(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "now", lambda: calendar.clock.at)
    monkeypatch.setattr(feeds, "_missed", InVain())


def made(calendar: Calendar, scope: Scope, *, place: bool = False) -> str:
    child = calendar.child if scope.unit_id is None else None
    return feeds.make(by=scope, child_id=child, with_place=place)


def events(secret: str) -> list[Any]:
    return sorted(Read.from_ical(feeds.fetch(secret)).walk("VEVENT"), key=lambda one: one["DTSTART"].dt)


def protect(calendar: Calendar, **more: Json) -> None:
    assert not send(patient() | {"extension": [PROTECTED]}).refusals


def arranged(calendar: Calendar) -> None:
    calendar.arranges(
        "kim", later(1), title="KANARIE1", place="KANARIESTED", preparation="KANARIE2", text="KANARIE3",
        guests=(calendar.job("kim"), calendar.reference("Sara"), calendar.job("maja")),
    )  # fmt: skip
    calendar.arranges(
        "kim", later(9), child=calendar.noah, title="KANARIE4", place="NOAHSSTED", guests=(calendar.job("kim"),)
    )
    calendar.arranges("maja", later(3), title="KANARIE5", guests=(calendar.job("maja"),))
    calendar.arranges("ida", later(5), title="KANARIE6", guests=(calendar.job("ida"),))


def test_a_feed_tells_when_one_is_to_come_and_neither_with_whom_nor_why(calendar: Calendar) -> None:
    arranged(calendar)
    secret = made(calendar, calendar.scope("kim"))
    content = feeds.fetch(secret)
    assert b"KANARIE" not in content and b"STED" not in content
    for name in (b"Alma", b"Kim", b"Sara", b"Maja", b"ppr", str(calendar.child).encode()):
        assert name not in content, name
    assert [str(one["SUMMARY"]) for one in events(secret)] == ["Aftale", "Aftale"]  # those Kim is to come to
    assert [str(one["CLASS"]) for one in events(secret)] == ["PRIVATE", "PRIVATE"]


def test_who_has_said_no_is_not_to_come(calendar: Calendar) -> None:
    (one,) = calendar.arranges("maja", later(1), guests=(calendar.job("kim"), calendar.job("maja")))
    secret = made(calendar, calendar.scope("kim"))
    assert len(events(secret)) == 1
    calendar.answers("kim", one, Answer.NO)
    assert events(secret) == []


def test_the_farthest_that_can_be_agreed_is_in_the_feed_and_in_the_lists(calendar: Calendar) -> None:
    start = calendar.clock.at + rules.FARTHEST
    (one,) = calendar.arranges("kim", Slot(start, start + HOUR), guests=(calendar.job("kim"),))
    assert len(events(made(calendar, calendar.scope("kim")))) == 1
    with open_book(calendar.scope("kim"), "calendar", calendar.child) as book:
        at = calendar.clock.at
        assert [found.id for found in queries.of_child(book, calendar.child, at, at + queries.AHEAD)] == [one]


def test_a_place_comes_by_choice_and_never_where_an_address_is_protected(calendar: Calendar) -> None:
    arranged(calendar)
    secrets = {name: made(calendar, calendar.who(name), place=True) for name in ("kim", "Sara")}
    assert [str(one.get("LOCATION", "")) for one in events(secrets["kim"])] == ["KANARIESTED", "NOAHSSTED"]
    assert str(events(secrets["Sara"])[0]["LOCATION"]) == "KANARIESTED"
    protect(calendar)
    assert [str(one.get("LOCATION", "")) for one in events(secrets["kim"])] == ["", "NOAHSSTED"]
    assert b"KANARIE" not in feeds.fetch(secrets["Sara"])
    assert not send(patient()).refusals  # the register forgets it, and nobody has looked (CPR28)
    assert b"KANARIESTED" not in feeds.fetch(secrets["kim"])


def test_what_is_hidden_changes_not_a_byte(calendar: Calendar) -> None:
    calendar.arranges("kim", later(1), guests=(calendar.job("kim"), calendar.job("maja")))
    secrets = {name: made(calendar, calendar.who(name)) for name in ("kim", "maja", "Sara")}
    before = {name: feeds.fetch(secret) for name, secret in secrets.items()}
    at = calendar.clock.at
    calendar.arranges("ida", later(3), title="KANARIE", place="KANARIE", guests=(calendar.job("ida"),))
    calendar.clock.at = at
    after = {name: feeds.fetch(secret) for name, secret in secrets.items()}
    assert {name: after[name] == before[name] for name in ("kim", "maja")} == {"kim": True, "maja": True}
    assert after["Sara"] != before["Sara"]  # a mother may see psychiatry's appointments


def test_who_loses_the_right_gets_an_empty_calendar_at_once(calendar: Calendar) -> None:
    arranged(calendar)
    secrets = {name: made(calendar, calendar.who(name)) for name in ("kim", "maja", "Sara")}
    assert all(events(secret) for secret in secrets.values())
    calendar.clock.at += DAY // 24
    ended = [care("c2", unit_id="skole", end="2026-11-24"), role("kim")[1] | {"active": False}]
    mother = parent("mor", "Sara") | {"active": False}
    assert not send(*ended, mother).refusals
    assert [events(secret) for secret in secrets.values()] == [[], [], []]
    refused = Line.objects.filter(action="calendar-feed", allowed=False)
    assert {line.detail["feed"] for line in refused if "feed" in line.detail} <= {
        str(one.id) for one in Feed.objects.all()
    }
    assert refused.count() >= 2  # Kim's job is over, and Sara is nobody to the child any more


def test_a_renewed_and_a_closed_address_answer_as_one_that_never_was(calendar: Calendar) -> None:
    kim = calendar.scope("kim")
    first = made(calendar, kim)
    second = made(calendar, kim)
    assert first != second and len(second) >= 43  # 256 bits
    assert feeds.fetch(second)
    feeds.end(by=kim)
    assert feeds.own_feed(kim) is None
    for secret in (first, second, "x" * 43):
        with pytest.raises(NotFound):
            feeds.fetch(secret)
    told = [Client().get(f"/ical/{secret}.ics") for secret in (first, second, "x" * 43)]
    assert {(answer.status_code, answer.content, str(answer.headers)) for answer in told} == {
        (404, b"", str(told[0].headers))
    }


def test_whoever_guesses_is_in_the_log_and_cannot_fill_it(calendar: Calendar) -> None:
    for number in range(70):
        assert Client().get(f"/ical/{number}.ics").status_code == 404
    lines = Line.objects.filter(action="calendar-feed", allowed=False).order_by("id")
    assert [line.detail["times"] for line in lines] == [*range(1, 11), 16, 32, 64]
    calendar.clock.at += feeds.HOUR
    assert Client().get("/ical/x.ics").status_code == 404
    assert lines.all().count() == 14


def test_the_secret_stands_nowhere(calendar: Calendar) -> None:
    secret = made(calendar, calendar.scope("kim"))
    (row,) = Feed.objects.all()
    assert secret not in str(vars(row))
    assert not [line for line in Line.objects.all() if secret in str(vars(line))]
    assert len(row.digest) == 64


def test_nor_does_it_stand_in_the_log_of_the_server(calendar: Calendar) -> None:
    told = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "%s: %s", ("Not Found", "/ical/hemmelig.ics"), None
    )
    assert WithoutSecrets().filter(told)
    assert told.getMessage() == "Not Found: /ical/…"
    console = settings.LOGGING["handlers"]["console"]
    assert console["filters"] == ["secrets"]


def test_nor_does_a_person_number_or_what_a_database_could_not_take() -> None:
    """Whoever writes a number into an address, and a fault that shows the row, tell the server's log neither."""
    told = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s: /fhir/Patient/670517-9902", ("Nej",), None)
    number, row = "6705179902", "DETAIL:  Failing row contains (Alma\n\nPrøvegaard, null)."
    try:
        try:
            raise IntegrityError(f"null value in column\n{row}")
        except IntegrityError as fault:
            raise ValueError(number) from fault
    except ValueError:
        told.exc_info = sys.exc_info()
    WithoutSecrets().filter(told)
    written = logging.Formatter().format(told)
    for kept in ("Nej: /fhir/Patient/670517-xxxx", "null value in column\n…\n\nThe above", "ValueError: 670517-xxxx"):
        assert kept in written
    assert "Prøvegaard" not in written and "9902" not in written


def test_every_fetch_is_in_the_log(calendar: Calendar) -> None:
    secret = made(calendar, calendar.family("Sara"))
    feeds.fetch(secret)
    with pytest.raises(NotFound):
        feeds.fetch("x" * 43)
    lines = Line.objects.filter(action="calendar-feed").order_by("allowed")
    assert [(line.allowed, line.child_id) for line in lines] == [(False, None), (True, calendar.child)]
    assert Line.objects.filter(action="calendar-feed-made").count() == 1


def test_an_address_asked_too_often_rests_for_the_hour(calendar: Calendar) -> None:
    secret = made(calendar, calendar.scope("kim"))
    for _ in range(feeds.AN_HOUR):
        feeds.fetch(secret)
    with pytest.raises(feeds.TooMany):
        feeds.fetch(secret)
    answer = Client().get(f"/ical/{secret}.ics")
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (429, "3600", b"")
    calendar.clock.at += feeds.HOUR
    assert feeds.fetch(secret)


def test_what_a_calendar_program_gets(calendar: Calendar) -> None:
    arranged(calendar)
    secret = made(calendar, calendar.scope("kim"))
    answer = Client().get(f"/ical/{secret}.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not {"ETag", "Last-Modified", "Set-Cookie"} & {*answer.headers} and not answer.cookies
    assert Client().post(f"/ical/{secret}.ics").status_code == 405


def test_a_cancelled_appointment_says_so_and_a_proposed_one_is_not_sure(calendar: Calendar) -> None:
    guests = (calendar.job("kim"),)
    (one,) = calendar.arranges("kim", later(1), guests=guests)
    calendar.arranges("kim", later(3), guests=guests, booked=False)
    operations.cancel(by=calendar.scope("kim"), child_id=calendar.child, ident=one, version=1, reason="KANARIE")
    secret = made(calendar, calendar.scope("kim"))
    assert [str(found["STATUS"]) for found in events(secret)] == ["CANCELLED", "TENTATIVE"]
    assert b"KANARIE" not in feeds.fetch(secret)
